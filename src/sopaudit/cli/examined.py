"""From the words of a command line to evidence: audit folders, or rows of tables."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sopaudit.cli.session import found, language, opened, tell, usage, write
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.mapping import read_mapping
from sopaudit.evidence.tables import AnswerTables, read_tables
from sopaudit.findings.examination import score_table
from sopaudit.problems import Problem


def table_files(tables: Sequence[str]) -> dict[str, Path]:
    """Read `NAME=FILE` words."""
    files: dict[str, Path] = {}
    for word in tables:
        name, equals, file = word.partition("=")
        if not (name and equals and file):
            usage(
                f"--table 要写成 名称=文件，这里是“{word}”。",
                f"--table is written NAME=FILE, but this is “{word}”.",
            )
        if name in files:
            usage(f"表格“{name}”给了两次。", f"Table “{name}” is given twice.")
        files[name] = Path(file)
    return files


def opened_tables(
    tables: Sequence[str], mapping: Path | None, handbook: Handbook
) -> tuple[AnswerTables | None, list[Problem]]:
    """Open tables through their mapping (default: `mapping.yaml` of the handbook)."""
    place = mapping or handbook.folder / "mapping.yaml"
    read, problems = read_mapping(place, place.as_posix())
    if read is None or problems:
        return None, problems
    return read_tables(read, table_files(tables), handbook), []


def scored_tables(
    tables: Sequence[str],
    mapping: Path | None,
    handbook: Handbook,
    lang: str,
    unreadable: Path | None,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Score everything in the tables; what could not be read is told and written."""
    answers, problems = opened_tables(tables, mapping, handbook)
    if answers is None:
        return score_table(handbook, []), problems
    scores = score_table(handbook, answers)
    if unreadable is not None:
        write(unreadable, answers.unreadable(lang).to_csv(index=False).encode())
    return scores, answers.problems


def scored(
    audits: Sequence[str],
    tables: Sequence[str],
    mapping: Path | None,
    folder: Path | None,
    lang: str | None,
    unreadable: Path | None,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Score folders or tables; problems are told on the error stream."""
    handbook, told = opened(found(folder), lang)
    rows, problems = scored_tables(tables, mapping, handbook, told, unreadable)
    tell(problems, language(lang, handbook))
    return rows, problems
