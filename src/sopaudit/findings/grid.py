"""The answers of many audits as a matrix: a row an audit, a column an item, a cell a small code.

A cell of one byte names one of the distinct answers; adding up is then one lookup and one sum a
cell. Points are fractions over a common denominator, so the sums are whole numbers and exact; as
many of them as fit are packed side by side into one 62-bit word.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sopaudit.criteria.answer import Answer
from sopaudit.evidence.answers import AnswerFrame

Ints = NDArray[Any]
"""Whole numbers: of a NumPy type, or Python's own where they are too large for one."""

_WORD_BITS: Final = 62
"""An int64 keeps its sign and one bit of room."""

_FLOAT_BITS: Final = 1000
"""A denominator beyond this is more than a floating point number can hold."""

_ROWS: Final = 1 << 15
"""Audits added up at a time, so that the lookups stay in the processor's cache."""


def whole_numbers(values: Iterable[int]) -> Ints:
    """Make an array of whole numbers of any size."""
    listed = list(values)
    large = any(value.bit_length() > _WORD_BITS for value in listed)
    return np.array(listed, object if large else np.int64)


class Grid:
    """Collects answer frames; audits may come in any order and be split over frames."""

    def __init__(self, items: Sequence[str], facts: Sequence[str] = ()) -> None:
        self.width = len(items)
        self.facts: dict[str, dict[int, str]] = {fact: {} for fact in facts}
        """What is known of audits: by fact asked for, and by row."""

        self.kinds: list[tuple[Answer, ...]] = [()]
        """What each cell code stands for; code 0 is an item without an answer."""

        self.audits: dict[str, int] = {}
        """The row of each audit."""

        self._columns = {item: n for n, item in enumerate(items)}
        self._codes: dict[tuple[Answer, ...], int] = {(): 0}
        self._met: dict[tuple[int, ...], int] = {}
        self._cells: Ints = np.zeros((0, self.width), np.uint8)
        self._days: NDArray[np.datetime64] = np.zeros(0, "datetime64[D]")

    def add(self, frame: AnswerFrame) -> None:
        """Enter the answers of `frame`; raises KeyError for an item the checklist does not have."""
        for audit in frame.audits:
            self.audits.setdefault(audit, len(self.audits))
        rows = np.array([self.audits[audit] for audit in frame.audits], np.int64)
        columns = np.array([self._columns[item] for item in frame.items], np.int64)
        codes = np.array([self._code((kind,)) for kind in frame.kinds], np.int64)
        self._grow()
        unknown = np.isnat(self._days[rows])
        self._days[rows[unknown]] = frame.dates[unknown]
        for fact, known in self.facts.items():
            told = zip(rows.tolist(), frame.facts.get(fact, ()), strict=False)
            known |= {row: word for row, word in told if word}
        if not len(frame.audit):
            return
        small: Any = np.int32 if self._cells.size < 2**31 else np.int64
        cells = (rows * self.width).astype(small)[frame.audit] + columns.astype(small)[frame.item]
        self._enter(cells, codes.astype(self._cells.dtype)[frame.answer], rows)

    @property
    def cells(self) -> Ints:
        """Codes, of shape (audits, items)."""
        return self._cells[: len(self.audits)]

    @property
    def days(self) -> NDArray[np.datetime64]:
        """The day of each audit: the first that any frame knows, NaT where none does."""
        return self._days[: len(self.audits)]

    def _code(self, kind: tuple[Answer, ...]) -> int:
        code = self._codes.setdefault(kind, len(self.kinds))
        if code == len(self.kinds):
            self.kinds.append(kind)
        return code

    def _grow(self) -> None:
        """Make room for every audit and every code there is by now."""
        dtype = np.min_scalar_type(len(self.kinds))
        if dtype.itemsize > self._cells.dtype.itemsize:
            self._cells = self._cells.astype(dtype)
        if len(self.audits) > len(self._cells):
            # Calloc'ed pages cost nothing until they are touched, so doubling is cheap.
            rows = max(len(self.audits), 2 * len(self._cells))
            larger = np.zeros((rows, self.width), self._cells.dtype)
            larger[: len(self._cells)] = self._cells
            self._cells = larger
            days = np.full(rows, "NaT", "datetime64[D]")
            days[: len(self._days)] = self._days
            self._days = days

    def _enter(self, cells: Ints, codes: Ints, rows: Ints) -> None:
        flat = self._cells.reshape(-1)
        region = flat[rows.min() * self.width : (rows.max() + 1) * self.width]
        before = region.copy()
        flat[cells] = codes
        # Every code is above zero, so a cell that was taken, or was entered twice, is missing here.
        if np.count_nonzero(region) - np.count_nonzero(before) != len(cells):
            region[:] = before
            self._enter_several(cells, codes)

    def _enter_several(self, cells: Ints, codes: Ints) -> None:
        """Enter answers of which some meet in one cell; their order does not matter."""
        order = np.lexsort((codes, cells))
        cells, codes = cells[order], codes[order]
        starts = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
        sizes = np.diff(np.r_[starts, len(cells)])
        flat = self._cells.reshape(-1)
        alone = (sizes == 1) & (flat[cells[starts]] == 0)
        flat[cells[starts[alone]]] = codes[starts[alone]]
        for size in np.unique(sizes[~alone]):
            first = starts[~alone & (sizes == size)]
            here = cells[first]
            held = self._cells.reshape(-1)[here]
            met = np.column_stack([held, codes[first[:, None] + np.arange(size)]])
            together = [self._together(row) for row in map(tuple, met.tolist())]
            self._grow()
            self._cells.reshape(-1)[here] = together

    def _together(self, codes: tuple[int, ...]) -> int:
        """Give the code of all the answers that `codes` stand for."""
        if codes not in self._met:
            answers = [answer for code in codes for answer in self.kinds[code]]
            self._met[codes] = self._code(tuple(sorted(answers, key=repr)))
        return self._met[codes]


@dataclass(frozen=True)
class Sums:
    """One column of sums, a row an audit: exact fractions over a common denominator."""

    numerators: Ints
    denominator: int

    def floats(self) -> NDArray[np.float64]:
        """Give the sums as floating point numbers."""
        if self.numerators.dtype == object or self.denominator.bit_length() > _FLOAT_BITS:
            # Python divides whole numbers of any size and rounds once.
            exact = [int(n) / self.denominator for n in self.numerators]
            return np.array(exact, np.float64)
        return self.numerators.astype(np.float64) / self.denominator

    def fractions(self) -> NDArray[np.object_]:
        """Give the sums as exact fractions."""
        exact = [Fraction(int(n), self.denominator) for n in self.numerators]
        return np.array([*exact, None], object)[:-1]


Field = Mapping[tuple[int, int], Fraction]
"""What a cell adds to a sum, by its item and its code; nothing where they are not named."""


def add_up(cells: Ints, fields: Mapping[str, Field]) -> dict[str, Sums]:
    """Sum each field over the items of every audit; `cells` has shape (audits, items)."""
    width, codes = cells.shape[1], int(cells.max(initial=0)) + 1
    tables = {name: _Table(field, width) for name, field in fields.items()}
    sums: dict[str, Sums] = {}
    offsets = np.arange(width, dtype=np.int64) * codes
    for word in _words(tables):
        packed = word.packed(codes)
        totals = np.empty(len(cells), packed.dtype)
        for start in range(0, len(cells), _ROWS):
            block = cells[start : start + _ROWS] + offsets
            totals[start : start + _ROWS] = packed.take(block).sum(axis=1)
        for name, column in word.unpacked(totals):
            sums[name] = Sums(column, tables[name].denominator)
    return sums


class _Table:
    """What each cell adds to one field, as whole numbers above the least its item can add.

    Counted from there, no number is negative, whatever the scheme takes away.
    """

    def __init__(self, field: Field, width: int) -> None:
        self.denominator = lcm(*(value.denominator for value in field.values()))
        self._whole = {
            cell: value.numerator * (self.denominator // value.denominator)
            for cell, value in field.items()
        }
        self._least = [0] * width
        most = [0] * width
        for (n, _), value in self._whole.items():
            self._least[n] = min(self._least[n], value)
            most[n] = max(most[n], value)
        self.base = sum(self._least)
        self.bits = max((sum(most) - self.base).bit_length(), 1)

    def array(self, codes: int) -> Ints:
        """Give the whole numbers by item and code, flat."""
        table = np.empty((len(self._least), codes), np.int64 if self.bits <= _WORD_BITS else object)
        for n, least in enumerate(self._least):
            table[n, :] = -least
        for (n, code), value in self._whole.items():
            table[n, code] = value - self._least[n]
        return table.reshape(-1)


@dataclass(frozen=True)
class _Word:
    """Fields that share one integer, each above the others; one too large stands alone."""

    tables: tuple[tuple[str, _Table], ...]

    def packed(self, codes: int) -> Ints:
        shift = 0
        packed: Ints = np.zeros(1, np.int64)
        for _, table in self.tables:
            packed = packed + (table.array(codes) << shift)
            shift += table.bits
        return packed

    def unpacked(self, totals: Ints) -> Iterator[tuple[str, Ints]]:
        shift = 0
        for name, table in self.tables:
            yield name, ((totals >> shift) & ((1 << table.bits) - 1)) + table.base
            shift += table.bits


def _words(tables: Mapping[str, _Table]) -> Iterator[_Word]:
    """Fill words in turn; a field of more bits than a word has gets Python's integers."""
    filled: list[tuple[str, _Table]] = []
    free = _WORD_BITS
    for name, table in tables.items():
        if table.bits > _WORD_BITS:
            yield _Word(((name, table),))
            continue
        if table.bits > free:
            yield _Word(tuple(filled))
            filled, free = [], _WORD_BITS
        filled.append((name, table))
        free -= table.bits
    if filled:
        yield _Word(tuple(filled))
