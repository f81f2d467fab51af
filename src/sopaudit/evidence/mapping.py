"""A mapping: how tables that are not ours say what our answers say (`mapping.yaml`).

The file is read first, by itself; then `plan` holds it against the headers of the tables that were
given and against the handbook, and what comes out has no open question left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

from pydantic import Discriminator, Field, Tag

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.field import Entry, Word
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import (
    BASIC_WORDS,
    Words,
    facts_asked,
    fold,
    label_cell,
    scheme_words,
)
from sopaudit.evidence.habits import habits, key
from sopaudit.evidence.labelling import (
    answers_meant,
    label_values,
    na_as_number,
    unknown_labels,
    values_meant,
)
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc
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


@dataclass(frozen=True)
class Column:
    """Where a text comes from."""

    table: str
    name: str | None
    """None for a text that is always the same."""

    always: str = ""


@dataclass(frozen=True)
class Plan:
    """A mapping with every name in it resolved."""

    tables: tuple[str, ...]
    answers: str
    """The table the answers are in."""

    audit: Mapping[str, str]
    """Per table, its column of audit ids."""

    checklists: tuple[Checklist, ...]
    """The checklists whose items may occur."""

    words: Words
    blank: frozenset[str]
    """Words that say nothing, folded."""

    checklist: Column | None
    """None where the items alone say it."""

    values: Mapping[str, str] = field(default_factory=dict)
    """The words, folded, that mean a value of a label or a fact."""

    parts: Mapping[str, Column] = field(default_factory=dict)
    """Of `LONG`, what is there; and the labels of answers, by `label_cell`."""

    labels: tuple[str, ...] = ()
    """The labels among them."""

    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the facts may say that surcharges ask of an audit."""

    wide: Mapping[str, str] = field(default_factory=dict)
    """Column to item."""

    known: Mapping[str, Column] = field(default_factory=dict)
    """What is known of an audit: facts by name, and `DATE`."""

    @property
    def repeated(self) -> bool:
        """Whether a wide table may have several rows of one audit."""
        return "person" in self.parts or bool(self.labels)

    def said(self, text: str) -> str:
        """Give a text without blanks around it; empty if it is one of those that say nothing."""
        return "" if fold(text) in self.blank else text.strip()

    def value(self, text: str) -> str:
        """Give the value of a label or a fact that a text means, as the mapping's words say."""
        return self.values.get(fold(text), text)

    @property
    def constant(self) -> bool:
        """Whether every audit has the one checklist."""
        return self.checklist is not None and self.checklist.name is None

    @property
    def joined(self) -> bool:
        """Whether the audits are listed in a table of their own."""
        return self.tables[0] != self.answers

    def columns(self, table: str) -> tuple[str, ...]:
        """List the columns that are needed from `table`."""
        used = [*self.parts.values(), *self.known.values()]
        used += [] if self.checklist is None else [self.checklist]
        names = [c.name for c in used if c.table == table and c.name is not None]
        wide = self.wide if table == self.answers else ()
        return tuple(dict.fromkeys([self.audit[table], *wide, *names]))


DATE: Final = ""
"""The name of the audit's day among the facts; no fact of a mapping can have it."""


def plan(
    file: MappingFile, headers: Mapping[str, Sequence[str]], handbook: Handbook
) -> tuple[Plan | None, list[Problem]]:
    """Resolve tables, columns, checklists, items and words; the problems are the mapping's.

    `headers` holds the column names of each table that was given and could be opened; the plan is
    None if there is any problem.
    """
    planner = _Planner(file.mapping, file.document, headers, handbook)
    made = planner.plan()
    return (None if planner.problems else made), planner.problems


class _Planner:
    def __init__(
        self,
        mapping: TableMapping,
        document: Document,
        headers: Mapping[str, Sequence[str]],
        handbook: Handbook,
    ) -> None:
        self.mapping = mapping
        self.document = document
        self.headers = headers
        self.handbook = handbook
        self.problems: list[Problem] = []
        self.answers = mapping.answers.from_ or mapping.tables[0]

    def _problem(self, code: str, loc: Loc, *, key: bool = False, **values: str) -> None:
        self.problems.append(self.document.problem(code, loc, key=key, **values))

    def plan(self) -> Plan:
        mapping = self.mapping
        audit = {name: self._audit(name) for name in mapping.tables}
        parts = {key: found for key in LONG if (found := self._part(key)) is not None}
        for column in mapping.answers.columns:
            self._column(self.answers, column, ("answers", "columns", column), key=True)
        known = {name: self._known(source, ("facts", name)) for name, source in self._sources()}
        checklist, checklists = self._checklists()
        self._items(checklists)
        labels = self._labels(label_values(checklists))
        schemes = tuple(
            self.handbook.schemes[name]
            for name in dict.fromkeys(checklist.scheme for checklist in checklists)
        )
        values, facts = label_values(checklists), facts_asked(schemes)
        self._facts(facts)
        beside = values_meant(mapping.words, values.values(), facts.values())
        known_words = tuple(word for scheme in schemes for word in scheme_words(scheme))
        self._words(known_words, tuple(beside.values()))
        self.problems += na_as_number(
            mapping.words, checklists, self.handbook.schemes, self.document
        )
        return Plan(
            tables=mapping.tables,
            answers=self.answers,
            audit=audit,
            checklists=checklists,
            words=Words(answers_meant(mapping.words, schemes), schemes),
            values=beside,
            blank=frozenset({"", *(fold(word) for word in mapping.blank)}),
            checklist=checklist,
            parts=parts | labels,
            labels=tuple(mapping.labels),
            facts={name: facts[name] for name in mapping.facts if name in facts},
            wide=mapping.answers.columns,
            known=known,
        )

    def _sources(self) -> list[tuple[str, Source]]:
        date = [] if self.mapping.date is None else [(DATE, self.mapping.date)]
        return [*date, *self.mapping.facts.items()]

    def _column(self, table: str, name: str, loc: Loc, *, key: bool = False) -> None:
        header = self.headers.get(table)
        if header is not None and name not in header:
            near = choices(name, [column for column in header if column])
            self._problem("M008", loc, key=key, column=name, table=table, choices=near)
        elif header is not None and list(header).count(name) > 1:
            self._problem("M009", loc, key=key, column=name, table=table)

    def _audit(self, table: str) -> str:
        audit = self.mapping.audit
        if isinstance(audit, str):
            self._column(table, audit, ("audit",))
            return audit
        name = audit.get(table, "")
        if name:
            self._column(table, name, ("audit", table))
        return name

    def _part(self, key: str) -> Column | None:
        source = getattr(self.mapping.answers, key)
        if source is None:
            return None
        if isinstance(source, Always):
            return Column(self.answers, None, source.always)
        self._column(self.answers, source, ("answers", key))
        return Column(self.answers, source)

    def _labels(self, known: Mapping[str, tuple[str, ...]]) -> dict[str, Column]:
        """Find the columns of labels, which say something of answers and stand beside them."""
        found: dict[str, Column] = {}
        always: dict[str, str | None] = {}
        for label, source in self.mapping.labels.items():
            cell = label_cell(label)
            if isinstance(source, Always):
                found[cell] = Column(self.answers, None, source.always)
                always[label] = source.always
            else:
                self._column(self.answers, source, ("labels", label))
                found[cell] = Column(self.answers, source)
                always[label] = None
        self.problems += unknown_labels(always, known, self.document)
        return found

    def _facts(self, asked: Mapping[str, tuple[str, ...]]) -> None:
        """Look for facts that always say what no surcharge knows."""
        for fact, source in self.mapping.facts.items():
            if isinstance(source, Always) and source.always not in asked.get(fact, source.always):
                near = choices(source.always, asked[fact])
                where = ("facts", fact, "always")
                self._problem("M016", where, label=fact, word=source.always, choices=near)

    def _known(self, source: Source, loc: Loc) -> Column:
        """Find what is known of an audit: in the first table that has it, the answers' table last.

        The table of answers may repeat it on many rows, the others say it once.
        """
        loc = ("date",) if loc == ("facts", DATE) else loc
        if isinstance(source, Always):
            return Column(self.mapping.tables[0], None, source.always)
        order = sorted(self.mapping.tables, key=lambda table: table == self.answers)
        home = next((table for table in order if source in self.headers.get(table, ())), None)
        if home is None and all(table in self.headers for table in order):
            columns = [name for table in order for name in self.headers[table] if name]
            tables = ", ".join(order)
            near = choices(source, columns)
            self._problem("M008", loc, column=source, table=tables, choices=near)
        elif home is not None:
            self._column(home, source, loc)
        return Column(home or order[0], source)

    def _checklists(self) -> tuple[Column | None, tuple[Checklist, ...]]:
        source, known = self.mapping.checklist, self.handbook.checklists
        everything = tuple(known.values())
        if isinstance(source, Always):
            if source.always in known:
                column = Column(self.mapping.tables[0], None, source.always)
                return column, (known[source.always],)
            near = choices(source.always, list(known))
            self._problem("M010", ("checklist", "always"), word=source.always, choices=near)
            return None, everything
        if source is None:
            only = everything[0].id if len(everything) == 1 else None
            return (Column(self.mapping.tables[0], None, only) if only else None), everything
        return self._known(source, ("checklist",)), everything

    def _items(self, checklists: tuple[Checklist, ...]) -> None:
        known = [item.id for checklist in checklists for item in checklist.items]
        named: list[tuple[Loc, str]] = [
            (("answers", "columns", column), item)
            for column, item in self.mapping.answers.columns.items()
        ]
        if isinstance(self.mapping.answers.item, Always):
            named.append((("answers", "item", "always"), self.mapping.answers.item.always))
        for loc, item in named:
            if item not in known:
                self._problem("M013", loc, word=item, choices=choices(item, known))

    def _words(self, spoken: tuple[str, ...], beside: tuple[str, ...]) -> None:
        known = list(dict.fromkeys([*spoken, *BASIC_WORDS]))
        named: list[tuple[Loc, str]] = [
            (("words", word), meaning) for word, meaning in self.mapping.words.items()
        ]
        result = self.mapping.answers.result
        heard = {fold(word) for word in [*known, *self.mapping.words]}
        by_habit = isinstance(result, Always) and key(result.always) in habits().words
        if isinstance(result, Always) and not by_habit and fold(result.always) not in heard:
            spot: Loc = ("answers", "result", "always")
            self._problem("M014", spot, word=result.always, choices=choices(result.always, known))
        for loc, meaning in named:
            if meaning not in known and meaning not in beside:
                self._problem("M014", loc, word=meaning, choices=choices(meaning, known))
