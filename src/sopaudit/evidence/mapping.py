"""A mapping: how tables that are not ours say what our answers say (`mapping.yaml`).

It is read by itself; `evidence.plan` then holds it against the headers of the tables that were
given and against the handbook, and what comes out has no open question left.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Discriminator, Field, Tag

from sopaudit.criteria.field import Entry, Word
from sopaudit.evidence.answers import (
    fold,
)
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document
from sopaudit.reading.events import read
from sopaudit.reading.shape import validated


class Always(Entry):
    """The same text for every row, where a table has no column for it."""

    always: Word


def _kind(value: object) -> str:
    return "always" if isinstance(value, Mapping | Always) else "column"


Source = Annotated[
    Annotated[Word, Tag("column")] | Annotated[Always, Tag("always")], Discriminator(_kind)
]
"""The name of a column, or `{always: …}`."""


def _audit_kind(value: object) -> str:
    return "each" if isinstance(value, Mapping) else "same"


AuditColumn = Annotated[
    Annotated[Word, Tag("same")] | Annotated[dict[Word, Word], Tag("each")],
    Discriminator(_audit_kind),
]
"""The column of audit ids: one name for all tables, or one for each."""


class AnswerColumns(Entry):
    """Where answers stand: long, one row each (`item` and its like), or wide (`columns`)."""

    from_: Word | None = Field(default=None, alias="from")
    """The table they are in; the first where none is named."""

    item: Source | None = None
    result: Source | None = None
    value: Source | None = None
    failed: Source | None = None
    checked: Source | None = None
    note: Source | None = None
    person: Source | None = None
    columns: dict[Word, Word] = Field(default_factory=dict)
    """Column to item; the cell is the answer."""


class TableMapping(Entry):
    """The whole of `mapping.yaml`."""

    tables: tuple[Word, ...] = Field(min_length=1)
    """Names of tables; the first lists the audits."""

    audit: AuditColumn
    answers: AnswerColumns
    date: Source | None = None
    checklist: Source | None = None
    """May be left out where the items alone say it."""

    words: dict[str, Word] = Field(default_factory=dict)
    """A word of the tables to an answer, or to a value of a label or of a fact."""

    blank: tuple[str, ...] = ()
    """Words that say nothing; the empty cell always does."""

    labels: dict[Word, Source] = Field(default_factory=dict)
    """A label of the checklist, and the column of the answers' table that says it of an answer."""

    facts: dict[Word, Source] = Field(default_factory=dict)
    """What else is to be known of each audit: the name it is shown under, and its column."""


def column_names(mapping: TableMapping, table: str) -> tuple[str, ...]:
    """List every name a column of `table` may have, by which its header is found."""
    answers = mapping.answers
    here = mapping.tables[0] if answers.from_ is None else answers.from_
    sources: list[Source | None] = [mapping.date, mapping.checklist, *mapping.facts.values()]
    if table == here:
        sources += [getattr(answers, key) for key in LONG]
        sources += mapping.labels.values()
        sources += answers.columns
    audit = mapping.audit if isinstance(mapping.audit, str) else mapping.audit.get(table, "")
    return tuple(dict.fromkeys(name for name in (audit, *sources) if isinstance(name, str)))


@dataclass(frozen=True)
class MappingFile:
    """A mapping and the file it stands in."""

    mapping: TableMapping
    document: Document


def read_mapping(path: Path, shown: str | None = None) -> tuple[MappingFile | None, list[Problem]]:
    """Read a mapping by itself; what it names in tables and handbook is looked up by `plan`."""
    document = read(path, shown)
    mapping, problems = validated(document, TableMapping)
    if mapping is None:
        return None, problems
    return MappingFile(mapping, document), [*problems, *_shape(mapping, document)]


def _shape(mapping: TableMapping, document: Document) -> Iterator[Problem]:
    answers = mapping.answers
    long = [key for key in LONG if getattr(answers, key) is not None]
    if answers.columns:
        mixed = [key for key in long if key != "person"]
        yield from (document.problem("M007", ("answers", key), key=True, key_=key) for key in mixed)
    elif answers.item is None or not {"result", "value", "failed"} & set(long):
        yield document.problem("M006", ("answers",), key=True)
    for n, name in enumerate(mapping.tables):
        if name in mapping.tables[:n]:
            yield document.problem("M004", ("tables", n), table=name)
    if answers.from_ is not None and answers.from_ not in mapping.tables:
        near = choices(answers.from_, mapping.tables)
        yield document.problem("M003", ("answers", "from"), table=answers.from_, choices=near)
    if isinstance(mapping.audit, dict):
        for name in mapping.audit:
            if name not in mapping.tables:
                near = choices(name, mapping.tables)
                yield document.problem("M003", ("audit", name), key=True, table=name, choices=near)
        missing = [name for name in mapping.tables if name not in mapping.audit]
        yield from (document.problem("M005", ("audit",), key=True, table=name) for name in missing)
    yield from _spoken_twice(mapping, document)


def _spoken_twice(mapping: TableMapping, document: Document) -> Iterator[Problem]:
    first: dict[str, tuple[str, str]] = {}
    for word, meaning in mapping.words.items():
        other, before = first.setdefault(fold(word), (word, meaning))
        if meaning != before:
            loc = ("words", word)
            yield document.problem("M011", loc, key=True, word=word, first=other, meaning=before)
    for n, word in enumerate(mapping.blank):
        if fold(word) in first:
            yield document.problem("M012", ("blank", n), word=word)


LONG: Final = ("item", "result", "value", "failed", "checked", "note", "person")
"""The keys of `answers` that long tables use."""
