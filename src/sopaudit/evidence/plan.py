"""A mapping held against tables and handbook: every name in it resolved, or told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.judging import every_word
from sopaudit.evidence.answers import BASIC_WORDS, Words, facts_asked, fold, label_cell
from sopaudit.evidence.habits import habits, key
from sopaudit.evidence.labelling import (
    answers_meant,
    label_values,
    na_as_number,
    unknown_labels,
    values_meant,
)
from sopaudit.evidence.mapping import LONG, Always, MappingFile, Source, TableMapping
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc


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
        known_words = tuple(word for scheme in schemes for word in every_word(scheme))
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
