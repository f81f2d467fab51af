"""From the words of a command line to evidence: audit folders, or audits that stand in tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from sopaudit import __version__
from sopaudit.cli.progress import watched
from sopaudit.cli.scale import Way, in_parts
from sopaudit.cli.session import found, opened, tell, tell_habits, tell_unsaved
from sopaudit.cli.stop import PROBLEMS, Stop, unknown, usage
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.audit import AUDIT, AuditFolder, read_audit
from sopaudit.evidence.mapping import MappingFile, read_mapping
from sopaudit.evidence.tables import AnswerTables, read_tables
from sopaudit.findings.big_tables import BigTables
from sopaudit.findings.conclusion import (
    Conclusion,
    conclude,
    conclude_folder,
    score_table,
    scores_of,
)
from sopaudit.findings.from_records import answered_from_records
from sopaudit.findings.frozen import drifted
from sopaudit.problems import Problem

PINS: Final = frozenset(("A013", "A014", "A016", "A017", "A131", "A132", "A133", "A150"))
"""Problems of an audit whose checklist, scheme, frozen handbook or result is not what it was."""


@dataclass(frozen=True)
class Asked:
    """What the words and options of a command say about evidence."""

    audits: Sequence[str]
    tables: Sequence[str]
    mapping: Path | None
    handbook: Path | None
    lang: str | None


@dataclass(frozen=True)
class Examined:
    """One audit, read and concluded."""

    handbook: Handbook
    folder: AuditFolder | None
    """None for an audit that stands in tables."""

    frames: tuple[AnswerFrame, ...]
    conclusion: Conclusion
    problems: tuple[Problem, ...]
    copies: Mapping[Path, bytes] | None = None
    """What files of the audit say on its circulating copy; None for the report that is filed."""

    @property
    def foreign(self) -> bool:
        """Whether it was answered with another edition, so that its scores here say nothing."""
        return any(problem.code in PINS for problem in self.problems)

    @property
    def circulating(self) -> bool:
        """Whether this is the audit as it circulates."""
        return self.copies is not None


@dataclass(frozen=True)
class Scored:
    """Scores, and what the tables they come from said besides."""

    frames: Iterable[pd.DataFrame]
    """One after the other; a large table does not fit into one."""

    problems: Sequence[Problem]
    tables: AnswerTables | BigTables | None = None


class Evidence:
    """The handbook and the evidence a command asked for."""

    def __init__(self, asked: Asked) -> None:
        """Open the handbook; ends the command where it has problems or nothing was named."""
        if not asked.audits and not asked.tables:
            raise usage(
                "请给出检查文件夹，或用 --table 和 --mapping 给出表格。",
                "Name audit folders, or tables with --table and --mapping.",
            )
        self.asked = asked
        start = None if asked.tables else _folder_of(asked.audits[0])
        self.handbook, self.lang = opened(found(asked.handbook, start), asked.lang)

    @contextmanager
    def scored(self, way: Way) -> Iterator[Scored]:
        """Score everything asked for, one row for each audit and checklist."""
        if not self.asked.tables:
            seen = list(self._examined_in_folders())
            told = [s for one in seen if not one.foreign for s in one.conclusion.all]
            yield Scored([scores_of(told)], [p for one in seen for p in one.problems])
            return
        files = _files(self.asked.tables)
        mapping, problems = self._mapping()
        if mapping is None:
            yield Scored([score_table(self.handbook, [])], problems)
        elif way.parts(files):
            tables = BigTables(mapping, way.reached(files), self.handbook, version=__version__)
            with in_parts(tables, way, self.lang):
                tell_habits(tables.cells_read, self.lang)
                yield Scored(self._wanted(tables.frames()), tables.problems, tables)
        else:
            answers = read_tables(mapping, files, self.handbook)
            scores = score_table(self.handbook, watched(answers, _told, len))
            tell_habits(len(answers.readings), self.lang)
            yield Scored(self._wanted([scores]), answers.problems, answers)

    def _wanted(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Keep the audits that were named, all where none was; ends the command at a wrong name."""
        wanted, known = set(self.asked.audits), list[str]()
        for scores in frames:
            known += scores["audit"].tolist() if wanted else ()
            yield scores[scores["audit"].isin(wanted)] if wanted else scores
        _known(self.asked.audits, known)

    def examined(self) -> Iterator[Examined]:
        """Read and conclude the audits asked for, one after the other.

        Ends the command at one that was answered with another edition than it is held against.
        """
        if self.asked.tables:
            yield from self._examined_in_tables()
            return
        for one in self._examined_in_folders():
            if one.foreign:
                raise self._nothing(one.problems)
            yield one

    def _examined_in_folders(self) -> Iterator[Examined]:
        for word in self.asked.audits:
            read, problems = read_audit(self.folder(word), self.handbook)
            if read is None:
                raise self._nothing(problems)
            tell_unsaved(read, self.lang)
            read, wrong = answered_from_records(read)
            problems += wrong
            frames = tuple(read.frames.values())
            if not frames:
                raise self._nothing(problems)
            told = conclude_folder(read)
            problems += drifted(read, told.all)
            yield Examined(read.handbook, read, frames, told, tuple(problems))

    def _examined_in_tables(self) -> Iterator[Examined]:
        answers, problems = self._tables()
        if answers is None:
            raise self._nothing(problems)
        frames = tuple(answers)
        tell_habits(len(answers.readings), self.lang)
        _known(self.asked.audits, [audit for frame in frames for audit in frame.audits])
        for audit in self.asked.audits:
            conclusion = conclude(self.handbook, frames, audit)
            yield Examined(self.handbook, None, frames, conclusion, tuple(answers.problems))

    def folder(self, word: str) -> Path:
        """Find the folder of an audit, named by its path or by its id."""
        folder = _folder_of(word)
        if folder is not None:
            return folder
        shelf = self.handbook.folder / "audits"
        if (shelf / word / AUDIT).exists():
            return shelf / word
        known = sorted(path.parent.name for path in shelf.glob(f"*/{AUDIT}"))
        zh, en = f"没有“{word}”这次检查。", f"There is no audit “{word}”."
        raise unknown(zh, en, word, known)

    def _nothing(self, problems: Sequence[Problem]) -> Stop:
        """Tell why nothing can be made of the evidence; the caller ends the command."""
        tell(problems, self.lang)
        zh, en = "证据读不出来，没有结果。", "Nothing could be made of the evidence; no result."
        return Stop(PROBLEMS, zh if self.lang == "zh" else en)

    def _tables(self) -> tuple[AnswerTables | None, list[Problem]]:
        """Open the tables through their mapping."""
        mapping, problems = self._mapping()
        if mapping is None:
            return None, problems
        return read_tables(mapping, _files(self.asked.tables), self.handbook), []

    def _mapping(self) -> tuple[MappingFile | None, list[Problem]]:
        """Read the mapping (default: `mapping.yaml` of the handbook); None if it has problems."""
        place = self.asked.mapping or self.handbook.folder / "mapping.yaml"
        mapping, problems = read_mapping(place, place.as_posix())
        return (None if problems else mapping), problems


def _folder_of(word: str) -> Path | None:
    folder = Path(word)
    return folder if (folder / AUDIT).exists() else None


def _files(tables: Sequence[str]) -> dict[str, Path]:
    """Read `NAME=FILE` words."""
    files: dict[str, Path] = {}
    for word in tables:
        name, equals, file = word.partition("=")
        if not (name and equals and file):
            raise usage(
                f"--table 要写成 名称=文件，这里是“{word}”。",
                f"--table is written NAME=FILE, but this is “{word}”.",
            )
        if name in files:
            raise usage(f"表格“{name}”给了两次。", f"Table “{name}” is given twice.")
        files[name] = Path(file)
    return files


def _known(audits: Sequence[str], known: Sequence[str]) -> None:
    for audit in audits:
        if audit not in known:
            zh, en = f"表格里没有“{audit}”这次检查。", f"The tables hold no audit “{audit}”."
            raise unknown(zh, en, audit, known)


def _told(answers: int, seconds: float) -> str:
    return f"{answers:,} answers, {answers / seconds / 1e6:.1f} M/s"
