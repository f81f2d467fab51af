"""Where an event log comes from, whatever the file: named columns of codes, and of moments.

Columns of times never become codes of the whole log: ten million different moments pass in blocks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.column import Coded, from_distinct
from sopaudit.evidence.lines import Flags, Times
from sopaudit.evidence.moment import Form, Moments, moments, on_clock
from sopaudit.evidence.parquet import Parquet
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.source import Chunk, NoTableError, Table, data
from sopaudit.evidence.tables import open_table
from sopaudit.evidence.xes import Xes, read_xes
from sopaudit.problems import Place, Problem

ROWS: Final = 1 << 18

XES: Final = (".xes", ".xes.gz")
"""How the names of files end that hold XES."""


@dataclass(frozen=True, eq=False)
class Moved:
    """A column of times: what they are, and what could not be read."""

    at: Times
    unreadable: Sequence[tuple[int, str]]
    """Line (from 0) and what stood there."""


class Source(Protocol):
    """A log that has been opened."""

    header: tuple[str, ...]

    def read(
        self, columns: Sequence[str], times: Sequence[str], how: "How"
    ) -> tuple["Columns", list[Problem]]:
        """Read some of its columns."""


@dataclass(frozen=True)
class How:
    """How times are to be read, and which words say nothing."""

    form: Form
    zone: str
    blank: Callable[[str], bool]


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of a log, one entry a line."""

    rows: npt.NDArray[np.int64]
    coded: Mapping[str, Coded]
    times: Mapping[str, Moved]


def open_source(path: Path, wanted: Sequence[str], shown: str) -> Source | Problem:
    """Open a log; `wanted` are names by which the header of a table is found."""
    try:
        if path.name.lower().endswith(XES):
            return XesSource(read_xes(path))
    except NoTableError as no:
        return Problem(Place(shown, no.line), no.code, no.values)
    except OSError as error:
        return Problem(Place(shown), "T001", {"reason": error.strerror or type(error).__name__})
    table = open_table(path, path.stem, wanted)
    if isinstance(table, Problem):
        return Problem(Place(shown, table.place.line), table.code, table.values)
    return TableSource(table)


class XesSource:
    """A log in XES."""

    def __init__(self, log: Xes) -> None:
        self.log = log
        self.header = tuple(log.columns)

    def read(
        self, columns: Sequence[str], times: Sequence[str], how: How
    ) -> tuple[Columns, list[Problem]]:
        """See `Source`; its lines are its events, counted from 1."""
        found = self.log.columns
        read = {name: moved([found[name]], how) for name in times}
        rows = np.arange(1, self.log.events + 1, dtype=np.int64)
        return Columns(rows, {name: found[name] for name in columns}, read), []


class TableSource:
    """A log in a table: CSV, a workbook, Parquet."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.header = table.header

    def read(
        self, columns: Sequence[str], times: Sequence[str], how: How
    ) -> tuple[Columns, list[Problem]]:
        """See `Source`; its lines are counted as the table counts its rows."""
        notes, given = Notes(), stored(self.table, times, how)
        wanted = [name for name in dict.fromkeys((*columns, *times)) if name not in given]
        joined = {name: _Joined() for name in columns if name not in given}
        passing: dict[str, list[Coded]] = {name: [] for name in times if name not in given}
        rows = [np.empty(0, np.int64)]
        for chunk in data(self.table, wanted, ROWS, notes):
            rows.append(chunk.rows.astype(np.int64))
            self._take(chunk, joined, passing)
        found = np.concatenate(rows)
        read = {name: moved(parts, how) for name, parts in passing.items()}
        read |= {name: Moved(at[found - 1], ()) for name, at in given.items()}
        coded = {name: column.coded() for name, column in joined.items()}
        return Columns(found, coded, read), notes.unreadable.problems()

    def _take(
        self, chunk: Chunk, joined: Mapping[str, "_Joined"], passing: Mapping[str, list[Coded]]
    ) -> None:
        for name, column in joined.items():
            column.add(chunk.columns[name])
        for name, parts in passing.items():
            parts.append(chunk.columns[name])


def stored(table: Table, times: Sequence[str], how: How) -> dict[str, Times]:
    """Give the columns of a table that hold moments and no texts, one entry a row of it."""
    if not isinstance(table, Parquet):
        return {}
    read = {name: table.moments(name) for name in times}
    return {
        name: on_clock(found[0], how.zone or found[1]) if found[1] else found[0]
        for name, found in read.items()
        if found is not None
    }


class _Joined:
    """A column whose parts have codes of their own."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.codes = [np.empty(0, np.int32)]

    def add(self, cells: Coded) -> None:
        known = self.known
        places = {c: known.setdefault(t, len(known)) for c, t in cells.distinct().items()}
        self.codes.append(cells.table(places, 0)[cells.codes] if cells.size else cells.codes)

    def coded(self) -> Coded:
        return from_distinct(np.concatenate(self.codes), list(self.known))


def joined(parts: Iterable[Coded]) -> Coded:
    """Put the parts of a column together, which have codes of their own."""
    column = _Joined()
    for cells in parts:
        column.add(cells)
    return column.coded()


def moved(parts: Sequence[Coded], how: How) -> Moved:
    """Read a column of times that comes in parts."""
    found: list[Moments] = [np.empty(0, "datetime64[us]")]
    odd: list[tuple[int, str]] = []
    line = 0
    for cells in parts:
        used = np.flatnonzero(np.bincount(cells.codes, minlength=cells.size))
        texts = cells.texts(used.tolist())
        table = np.full(max(cells.size, 1), np.datetime64("NaT", "us"))
        table[used] = read = moments(texts, how.form, how.zone)
        lost = {int(used[n]): texts[n].strip() for n in np.flatnonzero(np.isnat(read)).tolist()}
        lost = {code: text for code, text in lost.items() if text and not how.blank(text)}
        codes = cells.codes
        odd += [(line + int(n), lost[int(codes[n])]) for n in _where(codes, cells.size, lost)]
        found.append(table[codes])
        line += len(codes)
    return Moved(np.concatenate(found), odd)


def _where(
    codes: npt.NDArray[np.integer], size: int, wanted: Mapping[int, str]
) -> npt.NDArray[np.intp]:
    if not wanted:
        return np.empty(0, np.intp)
    flags: Flags = np.zeros(size, np.bool_)
    flags[list(wanted)] = True
    return np.flatnonzero(flags[codes])
