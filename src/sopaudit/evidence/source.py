"""Tables as coded columns: whatever the file, each column is distinct texts and an index per row.

Everything is text, as it was typed: an id `NA` is an id and `0500` keeps its zero. A file is never
held whole; `chunks` hands out so many rows at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded, Places, coded
from sopaudit.evidence.habits import key
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.unreadable import Spot


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some rows of a table."""

    rows: npt.NDArray[np.integer]
    """Where each stood, counted from 1 with the header."""

    columns: dict[str, Coded]
    times: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    """Columns that are no texts: moments of a log."""

    def take(self, places: Places) -> "Chunk":
        """Give some of the rows."""
        columns = {name: cells.rows(places) for name, cells in self.columns.items()}
        values = {name: array[places] for name, array in self.times.items()}
        return Chunk(self.rows[places], columns, values)


class Table(Protocol):
    """A table that has been opened: its header is known, its rows are not read yet."""

    header: tuple[str, ...]
    spot: Spot

    floats: bool
    """Whether its numbers were binary floats before they became text."""

    epoch: date
    """Day 0, where a date is a number of days."""

    def opening(self, notes: Notes) -> None:
        """Note what was not taken literally before the first row."""

    def chunks(self, columns: Sequence[str], rows: int, notes: Notes) -> Iterator[Chunk]:
        """Read `columns`, so many rows at a time; rows that cannot be read are noted."""


def at(table: Table, column: str) -> Spot:
    """Point at a column of a table."""
    return Spot(table.spot.file, table.spot.sheet, column, table.header.index(column) + 1)


def data(table: Table, columns: Sequence[str], rows: int, notes: Notes) -> Iterator[Chunk]:
    """Read `columns` without the rows that repeat the header, as printed pages do."""
    for chunk in table.chunks(columns, rows, notes):
        again = _headers(chunk)
        if again.any():
            text = " ".join(columns)
            told = [(row, text, "") for row in chunk.rows[again].tolist()]
            notes.readings.add("repeated", table.spot, told)
            yield chunk.take(np.flatnonzero(~again))
        else:
            yield chunk


def _headers(chunk: Chunk) -> npt.NDArray[np.bool_]:
    """Say of each row whether every column says its own name; one column alone says nothing."""
    again = np.full(len(chunk.rows), len(chunk.columns) > 1)
    # Columns with few texts go first: nearly always there is nothing left to ask the others.
    for name, cells in sorted(chunk.columns.items(), key=lambda pair: pair[1].size):
        if not again.any():
            break
        own = [code for code, text in cells.distinct().items() if key(text) == key(name)]
        again &= np.isin(cells.codes, own)
    return again


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
