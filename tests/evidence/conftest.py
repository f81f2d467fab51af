"""A small handbook, and tables and audits written the way a user writes them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.mapping import read_mapping
from sopaudit.evidence.tables import CHUNK, AnswerTables, read_tables
from sopaudit.problems import Problem

KITCHEN: Final = Path(__file__).parent / "kitchen"
"""A handbook with every kind of item, a table and an audit, all of them right."""


def lines(text: str) -> str:
    """Take the common indentation out of a text, and the blank lines around it."""
    return dedent(text.strip("\n")).rstrip()


@pytest.fixture(scope="session")
def handbook() -> Handbook:
    handbook, problems = load_handbook(KITCHEN)
    assert handbook is not None, [problem.text("en") for problem in problems]
    return handbook


def spelled(frames: Iterable[AnswerFrame]) -> str:
    """Write frames as a user would say them: one line an answer, and audits that have none."""
    said: list[str] = []
    for frame in frames:
        table = frame.tidy().astype("str")
        cases = table["failed"] + "/" + table["checked"]
        table["cases"] = cases.where(cases != "/", "")
        rows = table[["row", "audit", "item", "result", "value", "cases"]].to_numpy().tolist()
        said += [" ".join(filter(None, row)) for row in rows]
        said += [f"- {audit}" for audit in frame.audits if audit not in set(table["audit"])]
    return "\n".join(said)


def told(problems: Iterable[Problem], folder: Path) -> str:
    """Write problems as `file:line:column code`, and see that both languages can say them."""
    assert all(problem.text("zh") != problem.text("en") for problem in problems)
    return "\n".join(f"{p.place} {p.code}".removeprefix(f"{folder.as_posix()}/") for p in problems)


class Desk:
    """Writes a mapping and tables into a folder, and reads them."""

    def __init__(self, folder: Path, handbook: Handbook) -> None:
        self.folder = folder
        self.handbook = handbook

    def read(self, mapping: str, *, rows: int = CHUNK, **tables: str | Path) -> AnswerTables:
        """Read tables, given as text or as a path, through a mapping."""
        path = self.folder / "mapping.yaml"
        path.write_text(lines(mapping), encoding="utf-8")
        file, problems = read_mapping(path)
        assert file is not None, [problem.text("en") for problem in problems]
        files = {name: self._file(name, table) for name, table in tables.items()}
        return read_tables(file, files, self.handbook, chunk_rows=rows)

    def _file(self, name: str, table: str | Path) -> Path:
        if isinstance(table, Path):
            return table
        path = self.folder / f"{name}.csv"
        path.write_bytes(lines(table).encode())
        return path

    def answers(self, mapping: str, **tables: str | Path) -> str:
        """Read what must be without a problem."""
        read = self.read(mapping, rows=CHUNK, **tables)
        said = spelled(read)
        assert not read.problems, [problem.text("en") for problem in read.problems]
        return said

    def problems(self, mapping: str, **tables: str | Path) -> str:
        """Read through, and tell the problems."""
        read = self.read(mapping, rows=CHUNK, **tables)
        list(read)
        return told(read.problems, self.folder)


@pytest.fixture
def desk(tmp_path: Path, handbook: Handbook) -> Desk:
    return Desk(tmp_path, handbook)


Lines = Callable[[str], str]
Spelled = Callable[[Iterable[AnswerFrame]], str]
Told = Callable[[Iterable[Problem], Path], str]


@pytest.fixture(name="spelled")
def _spelled() -> Spelled:
    return spelled


@pytest.fixture(name="told")
def _told() -> Told:
    return told


@pytest.fixture(name="lines")
def _lines() -> Lines:
    return lines
