"""The answers of many audits as a matrix: a row an audit, a column an item, a cell a small code.

A cell of one byte names one of the distinct answers; adding up is then one lookup and one sum a
cell. Points are fractions over a common denominator, so the sums are whole numbers and exact; as
many of them as fit are packed side by side into one 62-bit word.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sopaudit.criteria.answer import Answer
from sopaudit.evidence.answers import AnswerFrame

Ints = NDArray[Any]

_WORD_BITS: Final = 62
"""An int64 keeps its sign and one bit of room."""

_ROWS: Final = 1 << 15
"""Audits added up at a time, so that the lookups stay in the processor's cache."""


class Grid:
    """Collects answer frames; audits may come in any order and be split over frames."""

    def __init__(self, items: Sequence[str]) -> None:
        self.width = len(items)
        self.kinds: list[tuple[Answer, ...]] = [()]
        """What each cell code stands for; code 0 is an item without an answer."""

        self.audits: dict[str, int] = {}
        self._columns = {item: n for n, item in enumerate(items)}
        self._codes: dict[tuple[Answer, ...], int] = {(): 0}
        self._days: list[NDArray[np.datetime64]] = []
        self._cells: Ints = np.zeros((0, self.width), np.uint8)

    def add(self, frame: AnswerFrame) -> None:
        """Enter the answers of `frame`; raises KeyError for an item the checklist does not have."""
        known = len(self.audits)
        for audit in frame.audits:
            self.audits.setdefault(audit, len(self.audits))
        rows = np.fromiter((self.audits[a] for a in frame.audits), np.int64, len(frame.audits))
        self._grow(len(self.audits), len(self.kinds) + len(frame.kinds))
        self._days.append(frame.dates[rows >= known])
        if not len(frame.audit):
            return
        columns = np.array([self._columns[item] for item in frame.items], np.int64)
        codes = np.array([self._code((kind,)) for kind in frame.kinds], np.int64)
        small = np.int32 if self._cells.size < 2**31 else np.int64
        cells = (rows * self.width).astype(small)[frame.audit] + columns.astype(small)[frame.item]
        self._enter(cells, codes.astype(self._cells.dtype)[frame.answer], rows)

    @property
    def cells(self) -> Ints:
        """Codes, of shape (audits, items)."""
        return self._cells[: len(self.audits)]

    @property
    def days(self) -> NDArray[np.datetime64]:
        """The day of each audit, NaT where it has none."""
        return np.concatenate(self._days) if self._days else np.zeros(0, "datetime64[D]")

    def _code(self, kind: tuple[Answer, ...]) -> int:
        code = self._codes.setdefault(kind, len(self.kinds))
        if code == len(self.kinds):
            self.kinds.append(kind)
        return code

    def _grow(self, audits: int, kinds: int) -> None:
        dtype = np.min_scalar_type(max(kinds, 1))
        if np.iinfo(dtype).bits > np.iinfo(self._cells.dtype).bits:
            self._cells = self._cells.astype(dtype)
        if audits > len(self._cells):
            # Calloc'ed pages cost nothing until they are touched, so doubling is cheap.
            larger = np.zeros((max(audits, 2 * len(self._cells)), self.width), self._cells.dtype)
            larger[: len(self._cells)] = self._cells
            self._cells = larger

    def _enter(self, cells: Ints, codes: Ints, rows: Ints) -> None:
        flat = self._cells.reshape(-1)
        region = flat[rows.min() * self.width : (rows.max() + 1) * self.width]
        before = region.copy()
        flat[cells] = codes
        if np.count_nonzero(region) - np.count_nonzero(before) != len(cells):
            region[:] = before
            self._enter_several(cells, codes)

    def _enter_several(self, cells: Ints, codes: Ints) -> None:
        """Enter answers of which some meet in one cell; their order does not matter."""
        order = np.argsort(cells, kind="stable")
        cells, codes = cells[order], codes[order]
        starts = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
        sizes = np.diff(np.r_[starts, len(cells)])
        flat = self._cells.reshape(-1)
        alone = (sizes == 1) & (flat[cells[starts]] == 0)
        flat[cells[starts[alone]]] = codes[starts[alone]]
        for start, size in zip(starts[~alone], sizes[~alone], strict=True):
            cell = cells[start]
            met = [*self.kinds[int(flat[cell])]]
            met += [a for code in codes[start : start + size] for a in self.kinds[int(code)]]
            code = self._code(tuple(sorted(met, key=repr)))
            self._grow(len(self.audits), len(self.kinds))
            flat = self._cells.reshape(-1)
            flat[cell] = code


@dataclass(frozen=True)
class Sums:
    """One column of sums, a row an audit: exact fractions over a common denominator."""

    numerators: Ints
    denominator: int

    def floats(self) -> NDArray[np.float64]:
        """Give the sums as floating point numbers."""
        return self.numerators.astype(np.float64) / self.denominator

    def fractions(self) -> NDArray[np.object_]:
        """Give the sums as exact fractions."""
        exact = [Fraction(int(n), self.denominator) for n in self.numerators]
        return np.array([*exact, None], object)[:-1]


Field = Callable[[int, int], Fraction]
"""What a cell adds to a sum, given its item and its code."""


def add_up(
    cells: Ints, used: Sequence[Sequence[int]], fields: Mapping[str, Field]
) -> dict[str, Sums]:
    """Sum each field over the items of every audit.

    `cells` has shape (audits, items); `used` lists the codes that occur for each item.
    """
    codes = max((max(codes, default=0) for codes in used), default=0) + 1
    tables = {name: _table(used, codes, field) for name, field in fields.items()}
    sums: dict[str, Sums] = {}
    offsets = np.arange(cells.shape[1], dtype=np.int64) * codes
    for word in _words(tables):
        packed = word.packed(tables)
        totals = np.empty(len(cells), packed.dtype)
        for start in range(0, len(cells), _ROWS):
            block = cells[start : start + _ROWS] + offsets
            totals[start : start + _ROWS] = packed.take(block).sum(axis=1)
        for name, column in word.unpacked(totals):
            sums[name] = Sums(column, tables[name].denominator)
    return sums


@dataclass(frozen=True)
class _Table:
    """What each (item, code) adds to one field, as whole numbers."""

    numerators: list[list[int]]
    denominator: int

    @property
    def most(self) -> int:
        return sum(max(row, default=0) for row in self.numerators)

    @property
    def least(self) -> int:
        return min((min(row, default=0) for row in self.numerators), default=0)


def _table(used: Sequence[Sequence[int]], codes: int, field: Field) -> _Table:
    exact = [{code: field(n, code) for code in present} for n, present in enumerate(used)]
    denominator = lcm(*(value.denominator for row in exact for value in row.values()))
    rows = [
        [int(row[code] * denominator) if code in row else 0 for code in range(codes)]
        for row in exact
    ]
    return _Table(rows, denominator)


@dataclass(frozen=True)
class _Word:
    """Fields that share one integer, each with its place in it."""

    names: tuple[str, ...]
    shifts: tuple[int, ...]
    bits: tuple[int, ...]
    plain: bool
    """A single field that may be negative or too large: Python's own integers."""

    def packed(self, tables: Mapping[str, _Table]) -> Ints:
        if self.plain:
            return np.array(tables[self.names[0]].numerators, object).reshape(-1)
        shifted = (
            np.array(tables[name].numerators, np.int64) << shift
            for name, shift in zip(self.names, self.shifts, strict=True)
        )
        return np.asarray(sum(shifted)).reshape(-1)

    def unpacked(self, totals: Ints) -> Iterator[tuple[str, Ints]]:
        if self.plain:
            yield self.names[0], totals
            return
        for name, shift, bits in zip(self.names, self.shifts, self.bits, strict=True):
            yield name, (totals >> shift) & ((1 << bits) - 1)


def _words(tables: Mapping[str, _Table]) -> Iterator[_Word]:
    names: list[str] = []
    shifts: list[int] = []
    widths: list[int] = []
    filled = 0
    for name, table in tables.items():
        bits = max(table.most.bit_length(), 1)
        if table.least < 0 or bits > _WORD_BITS:
            yield _Word((name,), (0,), (bits,), plain=True)
            continue
        if filled + bits > _WORD_BITS:
            yield _Word(tuple(names), tuple(shifts), tuple(widths), plain=False)
            names, shifts, widths, filled = [], [], [], 0
        names.append(name)
        shifts.append(filled)
        widths.append(bits)
        filled += bits
    if names:
        yield _Word(tuple(names), tuple(shifts), tuple(widths), plain=False)
