"""Tables of answers that are not ours, read through a mapping: CSV, workbooks, Parquet.

Answers come as a stream of frames, so that a table may be larger than memory; what cannot be read
is gathered while they pass, and nothing is dropped without being named.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.delimited import Delimited
from sopaudit.evidence.frames import Reader
from sopaudit.evidence.mapping import MappingFile, Plan, plan
from sopaudit.evidence.parquet import Parquet
from sopaudit.evidence.source import NoTableError, Table
from sopaudit.evidence.unreadable import Unreadable
from sopaudit.evidence.workbook import SUFFIXES, Workbook
from sopaudit.problems import Place, Problem, choices, in_file_order

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
        self._unreadable = Unreadable()

    def __iter__(self) -> Iterator[AnswerFrame]:
        self._unreadable = Unreadable()
        if self._plan is not None:
            reader = Reader(self._plan, self._tables, self._handbook, self._unreadable)
            yield from reader.frames(self._rows)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with mapping and tables, in file order; complete after the last frame.

        Of each code in each file the first twenty cells are told, and one more counts the others.
        """
        return in_file_order([*self._problems, *self._unreadable.problems()])

    def unreadable(self, lang: str) -> pd.DataFrame:
        """List what could not be read: `file, sheet, row, column, text, code, reason`."""
        return self._unreadable.table(lang)


def read_tables(
    mapping: MappingFile,
    files: Mapping[str, Path],
    handbook: Handbook,
    *,
    chunk_rows: int = CHUNK,
) -> AnswerTables:
    """Open the tables of a mapping; `files` says where each of them is.

    Where a table is missing or the mapping does not fit, there are problems and no frames.
    """
    problems, tables = _opened(mapping, files)
    headers = {name: table.header for name, table in tables.items()}
    made, wrong = plan(mapping, headers, handbook)
    problems += wrong
    return AnswerTables(None if problems else made, tables, handbook, problems, chunk_rows)


def _opened(
    mapping: MappingFile, files: Mapping[str, Path]
) -> tuple[list[Problem], dict[str, Table]]:
    problems, tables = [], {}
    names = mapping.mapping.tables
    for n, name in enumerate(names):
        if name not in files:
            near = choices(name, list(files))
            problems.append(mapping.document.problem("M001", ("tables", n), table=name, given=near))
            continue
        table = open_table(files[name], name)
        if isinstance(table, Problem):
            problems.append(table)
        else:
            tables[name] = table
    for name in files:
        if name not in names:
            near = choices(name, names)
            problems.append(mapping.document.problem("M002", ("tables",), table=name, choices=near))
    return problems, tables


_OPENERS: Final[Mapping[str, Callable[[Path, str], Table]]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), lambda path, _: Delimited(path)),
    **dict.fromkeys(SUFFIXES, Workbook),
    ".parquet": lambda path, _: Parquet(path),
}


def open_table(path: Path, name: str) -> Table | Problem:
    """Open the table in `path`; `name` picks a sheet of a workbook, if one is called so."""
    opener = _OPENERS.get(path.suffix.lower())
    if opener is None:
        values = {"suffix": path.suffix or "–", "known": ", ".join(_OPENERS)}
        return Problem(Place(path.as_posix()), "T003", values)
    try:
        return opener(path, name)
    except NoTableError as no:
        return Problem(Place(path.as_posix(), no.line), no.code, no.values)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Problem(Place(path.as_posix()), "T001", {"reason": reason})
