"""One record of an office as whole columns: coded texts, and what they say as times and numbers.

A record is what a system keeps of one thing: tickets, events, calls. Each distinct text is read
once; the lines hold its code, so a million lines cost what their few thousand texts cost.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar, cast

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.column import Coded, constant
from sopaudit.evidence.habits import habits, narrow
from sopaudit.evidence.moment import Form, moments

Times = npt.NDArray[np.datetime64]
"""Moments of the office's own wall clock, `datetime64[us]`; NaT where none is known."""

Flags = npt.NDArray[np.bool_]
"""One yes or no a line."""

Column = TypeVar("Column")

NEVER: Final = np.datetime64("NaT", "us")


@dataclass(frozen=True, eq=False)
class Numbers:
    """Exact numbers: `units` of a power of ten each, so that sums and comparisons are exact."""

    units: npt.NDArray[np.int64]
    """0 where none is known; ask `known`."""

    decimals: int
    """A unit is 10 to the power of minus this."""

    known: Flags

    def at(self, decimals: int) -> npt.NDArray[np.int64]:
        """Give them in finer units; `decimals` is not below ours."""
        return self.units * np.int64(10 ** (decimals - self.decimals))


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of one record, in the order of their file."""

    record: str
    """Its id in the handbook, such as `tickets`."""

    columns: Mapping[str, Coded]
    """By field; a field whose column the file lacks is not here."""

    row: npt.NDArray[np.int64]
    """Per line: where it stood in its file, counted from 1 with the header."""

    file: str = ""
    """The file, as people know it."""

    zone: str = ""
    """For times that name one: the zone of the office, such as `Asia/Shanghai`; else as written."""

    form: Form = "auto"
    """How its dates are written, where their texts alone do not say."""

    _typed: dict[tuple[str, str], object] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.row)

    def has(self, name: str) -> bool:
        """Say whether the file has a column for a field."""
        return name in self.columns

    def coded(self, name: str) -> Coded:
        """Give a column; one the file lacks is empty in every line."""
        found = self.columns.get(name)
        return constant("", len(self)) if found is None else found

    def texts(self, name: str) -> list[str]:
        """Spell a column out, blanks around each text removed."""
        return self.coded(name).spelled()

    def blank(self, name: str) -> Flags:
        """Say of each line whether a field says nothing; `-`, `/`, `NA` and 无 say nothing."""
        return self._cached("blank", name, lambda: self._matching(name, _blank))

    def is_any(self, name: str, words: frozenset[str]) -> Flags:
        """Say of each line whether a field says one of `words`; case does not matter."""
        folded = frozenset(word.casefold() for word in words)
        return self._matching(name, lambda text: text.casefold() in folded)

    def times(self, name: str) -> Times:
        """Give a field as moments; NaT where it is blank or no moment."""
        return self._cached("times", name, lambda: self._times(name))

    def numbers(self, name: str) -> Numbers:
        """Give a field as exact numbers; unknown where it is blank or no number."""
        return self._cached("numbers", name, lambda: self._numbers(name))

    def misread(self, name: str, sort: str) -> Flags:
        """Say of each line whether a field says something that is no `times` or `numbers`."""
        known = ~np.isnat(self.times(name)) if sort == "times" else self.numbers(name).known
        return ~known & ~self.blank(name)

    def timed(self, name: str, at: Times) -> "Lines":
        """Give the same lines with one more field, of moments that were never texts."""
        columns = {**self.columns, name: constant("", len(self))}
        made = Lines(self.record, columns, self.row, self.file, self.zone, self.form)
        made._typed.update(self._typed)
        made._typed["times", name], made._typed["blank", name] = at, np.isnat(at)
        return made

    def take(self, places: npt.NDArray[np.intp]) -> "Lines":
        """Give some of the lines."""
        columns = {name: cells.rows(places) for name, cells in self.columns.items()}
        found = Lines(self.record, columns, self.row[places], self.file, self.zone, self.form)
        # What was never a text cannot be read again.
        for (sort, name), array in self._typed.items():
            if isinstance(array, np.ndarray):
                found._typed[sort, name] = array[places]
        return found

    def _cached(self, sort: str, name: str, make: Callable[[], Column]) -> Column:
        if (sort, name) not in self._typed:
            self._typed[sort, name] = make()
        return cast("Column", self._typed[sort, name])

    def _matching(self, name: str, says: Callable[[str], bool]) -> Flags:
        cells = self.coded(name)
        wanted = {code: int(says(text)) for code, text in cells.distinct().items()}
        return cells.table(wanted, 0)[cells.codes].astype(np.bool_)

    def _times(self, name: str) -> Times:
        cells = self.coded(name)
        said = cells.distinct()
        table = np.full(max(cells.size, 1), NEVER)
        table[list(said)] = moments(list(said.values()), self.form, self.zone)
        return table[cells.codes]

    def _numbers(self, name: str) -> Numbers:
        cells = self.coded(name)
        read = {code: exact(text) for code, text in cells.distinct().items()}
        known = {code: found for code, found in read.items() if found is not None}
        decimals = max((_decimals(found) for found in known.values()), default=0)
        table = np.zeros(max(cells.size, 1), np.int64)
        there = np.zeros(max(cells.size, 1), np.bool_)
        for code, found in known.items():
            units = int(found.scaleb(decimals))
            if abs(units) < _MOST:
                table[code], there[code] = units, True
        return Numbers(table[cells.codes], decimals, there[cells.codes])


_NOTHING: Final = frozenset(("na", "n/a", "#n/a", "nan", "null"))
"""How programs write that a cell is empty; on a sheet of answers some of them are answers."""


def _blank(text: str) -> bool:
    return not text or habits().blank(text) or text.casefold() in _NOTHING


def moment(text: str, zone: str = "") -> np.datetime64:
    """Read a moment as the office's clock showed it; NaT where the text is none.

    A moment that names its offset is put on the clock of `zone`, where one is given.
    """
    return np.datetime64(moments([text], zone=zone)[0], "us")


def exact(text: str) -> Decimal | None:
    """Read a number as it was typed, exactly: `1,250.00`, `¥80`; None where the text is none."""
    plain = narrow(text).strip().lstrip("¥￥").replace("−", "-").strip()
    if "," in plain or not plain.isascii() or plain[-1:].isalpha():
        plain = _spelled(plain)
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    # Python reads 1_000 as well, which nobody types.
    fits = found.is_finite() and "_" not in plain and _decimals(found) <= _FINEST
    return found if fits and abs(found) < _LARGEST else None


_MOST: Final = 1 << 62
_FINEST: Final = 9
_LARGEST: Final = 10**15
"""A number beyond is the number of something, or no number anybody counted."""

_GROUPED: Final = re.compile(r"([+-]?\d{1,3}(?:,\d{3})+)(?![\d,])(.*)", re.DOTALL)


def _spelled(text: str) -> str:
    """Take the thousands signs out, and the word for what is counted: `1,250 件`.

    A comma anywhere else may be a decimal one, so it stays, and the text is no number.
    """
    for unit in habits().units:
        if text.casefold().endswith(unit):
            text = text[: -len(unit)].strip()
            break
    found = _GROUPED.fullmatch(text)
    return found[1].replace(",", "") + found[2] if found else text


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
