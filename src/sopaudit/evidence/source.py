"""Tables as coded columns: whatever the file, each column is distinct texts and an index per row.

Everything is text, as it was typed: an id `NA` is an id and `0500` keeps its zero. A file is never
held whole; `chunks` hands out so many rows at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.unreadable import Spot, Unreadable

Places = npt.NDArray[np.intp]
"""Indexes of rows."""


@dataclass(frozen=True, eq=False)
class Coded:
    """A column: per row, the code of its text."""

    codes: Ints
    size: int
    """Codes lie below it; not every one of them need occur."""

    texts: Callable[[Sequence[int]], list[str]]
    """Gives the texts of codes, which must come in ascending order."""

    def first(self) -> Places:
        """Find the first row of each code; of a code that does not occur, the number of rows."""
        first = np.full(self.size, len(self.codes), np.intp)
        # Of several values for one place the last one stays, so rows are gone through backwards.
        first[self.codes[::-1]] = np.arange(len(self.codes), dtype=np.intp)[::-1]
        return first

    def distinct(self) -> dict[int, str]:
        """Give the text of each code that occurs, blanks around it removed, in order of codes."""
        used = np.flatnonzero(np.bincount(self.codes, minlength=self.size)).tolist()
        return dict(zip(used, map(str.strip, self.texts(used)), strict=True))

    def table(self, values: Mapping[int, int], default: int = -1) -> Ints:
        """Make an array that turns codes into `values`."""
        table = np.full(self.size, default, np.int32)
        table[list(values)] = list(values.values())
        return table

    def spelled(self) -> list[str]:
        """Give the text of each row."""
        texts = self.distinct()
        return [texts[code] for code in self.codes.tolist()]

    def rows(self, places: Places) -> "Coded":
        """Give the same column for some rows only."""
        return Coded(self.codes[places], self.size, self.texts)

    def where(self, wanted: Iterable[int]) -> Places:
        """Find the rows that have one of the `wanted` codes."""
        wanted = list(wanted)
        if not wanted:
            return np.empty(0, np.intp)
        chosen = np.zeros(self.size, np.bool_)
        chosen[wanted] = True
        return np.flatnonzero(chosen[self.codes])


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some rows of a table."""

    rows: Ints
    """Where each stood, counted from 1 with the header."""

    columns: dict[str, Coded]


class Table(Protocol):
    """A table that has been opened: its header is known, its rows are not read yet."""

    header: tuple[str, ...]
    spot: Spot

    def chunks(self, columns: Sequence[str], rows: int, unreadable: Unreadable) -> Iterator[Chunk]:
        """Read `columns`, so many rows at a time; rows that cannot be read are noted."""


def at(table: Table, column: str) -> Spot:
    """Point at a column of a table."""
    return Spot(table.spot.file, table.spot.sheet, column, table.header.index(column) + 1)


class NoTableError(Exception):
    """A file does not hold a table we can read."""

    def __init__(self, code: str, line: int = 1, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.values = values


def from_rows(rows: Sequence[Sequence[str]], numbers: Ints, places: Mapping[str, int]) -> Chunk:
    """Code rows of text; `places` gives where in a row each column stands."""
    return Chunk(
        numbers, {name: coded([row[place] for row in rows]) for name, place in places.items()}
    )


def coded(texts: Sequence[str]) -> Coded:
    """Code a column of texts."""
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    return from_distinct(codes, distinct.tolist())


def from_distinct(codes: npt.NDArray[np.integer], distinct: list[str]) -> Coded:
    """Make a column of codes and what they stand for."""
    return Coded(
        codes.astype(np.int32, copy=False),
        len(distinct),
        lambda used: [distinct[code] for code in used],
    )


def constant(text: str, rows: int) -> Coded:
    """Make a column that says the same in every row."""
    return from_distinct(np.zeros(rows, np.int32), [text])
