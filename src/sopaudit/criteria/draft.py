"""A handbook while it is read: its files, whatever state they are in, and what they name.

A file with a mistake still lends its ids to the others, so that one wrong key does not bring forty
"unknown standard" with it. Where ids cannot be made out, what refers to them is not judged at all.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel

from sopaudit.criteria.calendar import Calendar
from sopaudit.criteria.checklist import Branch, Checklist
from sopaudit.criteria.contents import Contents, contents
from sopaudit.criteria.field import ID_PATTERN
from sopaudit.criteria.form import FormRegister, RecordRegister
from sopaudit.criteria.kpi import KpiRegister
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.money import MoneyRules
from sopaudit.criteria.organisation import Settings
from sopaudit.criteria.parts import PartsRules
from sopaudit.criteria.register import CodeRegister, EventRegister, Glossary, SuppressionRegister
from sopaudit.criteria.rule import RuleRegister
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.sop import Sop
from sopaudit.criteria.table import Table
from sopaudit.criteria.workflow import Workflow
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc

Model_co = TypeVar("Model_co", bound=BaseModel, covariant=True)


@dataclass(frozen=True)
class Loaded(Generic[Model_co]):
    """A file of the handbook: what it holds, and where."""

    name: str
    """Its path inside the handbook."""

    document: Document
    value: Model_co | None
    """With stand-ins for what could not be read; None where too much is wrong."""

    whole: bool
    """No value in it is wrong by itself: its numbers and dates are what its author meant."""

    @cached_property
    def contents(self) -> Contents:
        """All values in it, for checks that look everywhere."""
        return contents(self.value)

    @property
    def id(self) -> str:
        """Its id, also where the rest could not be shaped; empty if it has none."""
        if self.document.data is None:
            seen = _TOP_ID.search(self.document.text)
            return seen[1] if seen else ""
        return _id(self.document.data)


def _id(entry: object) -> str:
    found = entry.get("id") if isinstance(entry, Mapping) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


_ID: Final = re.compile(ID_PATTERN)

# How ids look in a file that cannot be read any further.
_ANY_ID: Final = re.compile(r"""\bid:\s*["']?""" + f"({ID_PATTERN})")
_TOP_ID: Final = re.compile("^" + _ANY_ID.pattern, re.MULTILINE)


def any_ids(text: str) -> list[str]:
    """List what looks like an id in the text of a file, without reading it any further."""
    return _ANY_ID.findall(text)


@dataclass
class Draft:
    """A handbook while it is read."""

    folder: Path
    """Where pictures and the like are looked for."""

    problems: list[Problem] = field(default_factory=list)
    settings: list[Loaded[Settings]] = field(default_factory=list)
    posts: list[Loaded[Sop]] = field(default_factory=list)
    workflows: list[Loaded[Workflow]] = field(default_factory=list)
    parts: list[Loaded[PartsRules]] = field(default_factory=list)
    money: list[Loaded[MoneyRules]] = field(default_factory=list)
    kpis: list[Loaded[KpiRegister]] = field(default_factory=list)
    forms: list[Loaded[FormRegister]] = field(default_factory=list)
    records: list[Loaded[RecordRegister]] = field(default_factory=list)
    events: list[Loaded[EventRegister]] = field(default_factory=list)
    codes: list[Loaded[CodeRegister]] = field(default_factory=list)
    calendars: list[Loaded[Calendar]] = field(default_factory=list)
    glossaries: list[Loaded[Glossary]] = field(default_factory=list)
    suppressions: list[Loaded[SuppressionRegister]] = field(default_factory=list)
    tables: list[Loaded[Table]] = field(default_factory=list)
    rules: list[Loaded[RuleRegister]] = field(default_factory=list)
    checklists: list[Loaded[Checklist]] = field(default_factory=list)
    branches: list[Loaded[Branch]] = field(default_factory=list)
    schemes: list[Loaded[Scheme]] = field(default_factory=list)

    @property
    def files(self) -> list[Loaded[BaseModel]]:
        """Every file, in the order they were read."""
        return [
            *self.settings,
            *self.posts,
            *self.workflows,
            *self.rules,
            *self.parts,
            *self.money,
            *self.kpis,
            *self.forms,
            *self.records,
            *self.events,
            *self.codes,
            *self.calendars,
            *self.glossaries,
            *self.suppressions,
            *self.tables,
            *self.checklists,
            *self.branches,
            *self.schemes,
        ]


def shaped(
    files: Iterable[Loaded[Model_co]], *, whole: bool = False
) -> Iterator[tuple[Model_co, Document]]:
    """Go through the files that could be shaped; with `whole`, those with nothing wrong."""
    return (
        (file.value, file.document)
        for file in files
        if file.value is not None and (file.whole or not whole)
    )


class Anything(list[str]):
    """Ids of which some could not be read, so that any word may be one of them."""

    def __contains__(self, _: object) -> bool:
        return True


def ids(files: Iterable[Loaded[BaseModel]]) -> Collection[str]:
    """List the ids of `files`, in their order and quick to look up."""
    found = [file.id for file in files]
    return dict.fromkeys(found) if all(found) else Anything(found)


def ids_inside(files: Iterable[Loaded[BaseModel]], *path: str) -> Collection[str]:
    """List the ids of the entries at `path` of `files`: `steps`, `standards` finds standards."""
    found: list[str] = []
    whole = True
    for file in files:
        if file.document.data is None:
            seen = any_ids(file.document.text)
            found += seen
            whole &= bool(seen)
            continue
        # With a dash forgotten, an entry went into the one above it, and its id with it.
        repeated = (p.values["name"] for p in file.document.problems if p.code == "Y013")
        whole &= "id" not in repeated
        entries: list[Any] = [file.document.data]
        for key in path:
            inner = [e.get(key) if isinstance(e, Mapping) else None for e in entries]
            whole &= all(isinstance(value, list) for value in inner)
            entries = [e for value in inner if isinstance(value, list) for e in value]
        names = [_id(entry) for entry in entries]
        whole &= all(names)
        found += filter(None, names)
    return dict.fromkeys(found) if whole else Anything(found)


def opened(found: Iterable[str]) -> Collection[str]:
    """Take any word for one of `found` if one of those could not be read."""
    names = list(found)
    return Anything(names) if STAND_IN in names else names


def unknown(
    document: Document, code: str, loc: Loc, word: str | None, known: Collection[str]
) -> Iterator[Problem]:
    """Yield a problem if `word` is given and not among `known`."""
    if word is not None and word != STAND_IN and word not in known:
        near = choices(word, [name for name in known if name != STAND_IN])
        yield document.problem(code, loc, word=word, choices=near)
