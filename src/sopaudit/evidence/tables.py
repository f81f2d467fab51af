"""Tables of answers that are not ours, read through a mapping: CSV, workbooks, Parquet.

Answers come as a stream of frames, so that a table may be larger than memory; what cannot be read
is gathered while they pass, and nothing is dropped without being named.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.content import Kind, kind_of, locked
from sopaudit.evidence.delimited import Delimited
from sopaudit.evidence.fileset import FileSet, is_set, members
from sopaudit.evidence.frames import Reader
from sopaudit.evidence.mapping import MappingFile, column_names
from sopaudit.evidence.markup import spreadsheet_xml, web_page
from sopaudit.evidence.parquet import Parquet
from sopaudit.evidence.plan import Plan, plan
from sopaudit.evidence.readings import Notes, Readings
from sopaudit.evidence.source import NoTableError, Table
from sopaudit.evidence.unreadable import Spot, row_in_file
from sopaudit.evidence.workbook import workbook
from sopaudit.problems import Place, Problem, choices, in_file_order
from sopaudit.reading.folder import OddFileError, refused

CHUNK: Final = 1 << 18
"""Rows read at a time: enough that whole columns pay, little enough to stay small."""


class AnswerTables:
    """Answers that stand in tables; go through it for the frames, then look at the problems.

    One audit may be in several frames: its rows need not stand together. Going through it again
    reads the files again.
    """

    def __init__(
        self,
        made: Plan | None,
        tables: Mapping[str, Table],
        handbook: Handbook,
        problems: list[Problem],
        rows: int,
    ) -> None:
        self._plan = made
        self._tables = tables
        self._handbook = handbook
        self._problems = problems
        self._rows = rows
        self._origins = {
            table.origins.name: table.origins
            for table in tables.values()
            if isinstance(table, FileSet)
        }
        self._notes = Notes()

    def __iter__(self) -> Iterator[AnswerFrame]:
        self._notes = Notes()
        if self._plan is not None:
            for table in self._tables.values():
                for file in table.tables if isinstance(table, FileSet) else (table,):
                    note_content(file, self._notes)
            reader = Reader(self._plan, self._tables, self._handbook, self._notes)
            for frame in reader.frames(self._rows):
                yield replace(frame, row=row_in_file(frame.row)) if self._origins else frame

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with mapping and tables, in file order; complete after the last frame.

        Of each code in each file the first twenty cells are told, and one more counts the others.
        """
        return in_file_order([*self._problems, *self._located.unreadable.problems()])

    def unreadable(self, lang: str) -> pd.DataFrame:
        """List what could not be read: `file, sheet, row, column, text, code, reason`."""
        return self._located.unreadable.table(lang)

    @property
    def readings(self) -> Readings:
        """What was not taken literally; complete after the last frame."""
        return self._located.readings

    @property
    def _located(self) -> Notes:
        return self._notes.located(self._origins) if self._origins else self._notes


def read_tables(
    mapping: MappingFile,
    files: Mapping[str, Path],
    handbook: Handbook,
    *,
    chunk_rows: int = CHUNK,
) -> AnswerTables:
    """Open the tables of a mapping; `files` says where each of them is.

    A folder or a pattern stands for all its files, one after the other, as one table. Where a table
    is missing or the mapping does not fit, there are problems and no frames.
    """
    opened, problems = open_tables(mapping, files)
    tables = {name: _as_one(name, parts) for name, parts in opened.items()}
    headers = {name: table.header for name, table in tables.items()}
    made, wrong = plan(mapping, headers, handbook)
    problems += wrong
    return AnswerTables(None if problems else made, tables, handbook, problems, chunk_rows)


def _as_one(name: str, tables: Sequence[Table]) -> Table:
    return tables[0] if len(tables) == 1 else FileSet(name, tables)


def open_tables(
    mapping: MappingFile, files: Mapping[str, Path]
) -> tuple[dict[str, list[Table]], list[Problem]]:
    """Open the files of each table of a mapping; what cannot be opened is a problem."""
    problems, tables = [], {}
    names = mapping.mapping.tables
    for n, name in enumerate(names):
        if name not in files:
            near = choices(name, list(files))
            problems.append(mapping.document.problem("M001", ("tables", n), table=name, given=near))
            continue
        opened, wrong = _parts(files[name], name, column_names(mapping.mapping, name))
        problems += wrong
        if opened and not wrong:
            tables[name] = opened
    for name in files:
        if name not in names:
            near = choices(name, names)
            problems.append(mapping.document.problem("M002", ("tables",), table=name, choices=near))
    return tables, problems


def table_files(path: Path) -> list[Path]:
    """List the files a path stands for: itself, or those of a folder or a pattern."""
    return members(path, tuple(_USUAL)) if is_set(path) else [path]


def _parts(path: Path, name: str, wanted: Sequence[str]) -> tuple[list[Table], list[Problem]]:
    """Open a file, or all that a folder or a pattern stands for; they must be of one kind."""
    files = table_files(path)
    if not files:
        known = ", ".join(_USUAL)
        return [], [Problem(Place(path.as_posix()), "T112", {"known": known})]
    opened = [open_table(file, name, wanted) for file in files]
    problems = [table for table in opened if isinstance(table, Problem)]
    tables = [table for table in opened if not isinstance(table, Problem)]
    for table in tables[1:]:
        problems += _unlike(tables[0], table, wanted)
    return tables, problems


def _unlike(first: Table, other: Table, wanted: Sequence[str]) -> Iterator[Problem]:
    """Tell why a file cannot go on where the first one of its table ends."""
    place, told = Place(other.spot.path), {"first": first.spot.file}
    needed = [column for column in wanted if first.header.count(column) == 1]
    missing = [column for column in needed if other.header.count(column) != 1]
    if missing:
        yield Problem(place, "T113", {**told, "columns": ", ".join(missing)})
    if (first.floats, first.epoch) != (other.floats, other.epoch):
        yield Problem(place, "T114", told)


_USUAL: Final[Mapping[str, Kind]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), "text"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".ods"), "zip"),
    ".xls": "ole",
    ".parquet": "parquet",
}
"""What a file should hold, by its name."""

_OPENERS: Final[Mapping[Kind, Callable[[Path, str, Sequence[str]], Table]]] = {
    "text": lambda path, _, wanted: Delimited(path, wanted),
    "zip": workbook,
    "ole": workbook,
    "html": web_page,
    "xml": spreadsheet_xml,
    "parquet": lambda path, *_: Parquet(path),
}
_REFUSED: Final[Mapping[Kind, str]] = {"wrapped": "T028", "unknown": "T028", "archive": "T029"}

_CALLED: Final[Mapping[Kind, str]] = {
    "text": "CSV",
    "zip": ".xlsx",
    "ole": ".xls",
    "html": "HTML",
    "xml": "XML",
    "parquet": "Parquet",
}
_QUOTED: Final = 40


def note_content(table: Table, notes: Notes) -> None:
    """Note a file that is not what its name says."""
    path = Path(table.spot.file)
    kind, suffix = kind_of(path), path.suffix.lower()
    if kind != _USUAL.get(suffix, kind):
        notes.readings.add("content", Spot(table.spot.file), [(1, suffix, _CALLED[kind])])


def open_table(path: Path, name: str, wanted: Sequence[str] = ()) -> Table | Problem:
    """Open the table in `path`; `name` picks a sheet of a workbook, if one is called so.

    `wanted` are names of columns, by which the header is found.
    """
    suffix, shown = path.suffix.lower(), Place(path.as_posix())
    if (owner := locked(path.name)) is not None:
        return Problem(shown, "T026", {"name": path.name, "owner": owner})
    if suffix not in _USUAL:
        values = {"suffix": path.suffix or "–", "known": ", ".join(_USUAL)}
        return Problem(shown, "T003", values)
    try:
        return _opened_by_content(path, name, wanted)
    except NoTableError as no:
        return Problem(Place(path.as_posix(), no.line), no.code, no.values)
    except OddFileError as error:
        return refused(error, shown.path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Problem(shown, "T001", {"reason": reason})


def _opened_by_content(path: Path, name: str, wanted: Sequence[str]) -> Table:
    """Open a file as what it is; text that calls itself a workbook must at least fit."""
    kind = kind_of(path)
    if kind in _REFUSED:
        raise NoTableError(_REFUSED[kind])
    if kind == "text" != _USUAL[path.suffix.lower()]:
        return _unexpected_text(path, wanted)
    return _OPENERS[kind](path, name, wanted)


def _unexpected_text(path: Path, wanted: Sequence[str]) -> Table:
    """Open text that calls itself a workbook; where it is no table, it is hardly text either."""
    try:
        table = Delimited(path, wanted)
    except NoTableError as no:
        raise NoTableError("T028") if no.code == "T002" else no from None
    if not table.found.fits:
        start = " ".join(filter(None, table.header))[:_QUOTED]
        raise NoTableError("T006", reason=f"“{start}”")
    return table
