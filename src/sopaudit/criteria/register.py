"""The small registers of a handbook: events, codes, the glossary, suppressions."""

from pydantic import Field

from sopaudit.criteria.field import Day, Entry, Id, Text, Word


class Event(Entry):
    """Something the records show to have happened to a ticket."""

    id: Id
    title: Text
    group: Word | None = None
    """The kind of service it belongs to."""

    note: Text | None = None
    provenance: Word | None = None


class Group(Entry):
    """A heading in a register."""

    id: Id
    title: Text


class EventRegister(Entry):
    """`sops/events.yaml`."""

    edition: Word
    source: Word | None = None
    groups: tuple[Group, ...] = ()
    events: tuple[Event, ...] = Field(min_length=1)


class Code(Entry):
    """One code of a list."""

    id: Id
    title: Text
    note: Text | None = None
    provenance: Word | None = None


class CodeList(Entry):
    """The codes one field may hold."""

    id: Id
    title: Text
    note: Text | None = None
    codes: tuple[Code, ...] = Field(min_length=1)
    provenance: Word | None = None


class CodeRegister(Entry):
    """`sops/codes.yaml`."""

    edition: Word
    source: Word | None = None
    lists: tuple[CodeList, ...] = Field(min_length=1)


class Term(Entry):
    """One word of the trade and what it means here."""

    id: Id
    term: Text
    group: Word | None = None
    note: Text | None = None
    """What it means; None where the word in the other language says it all."""

    provenance: Word | None = None


class Glossary(Entry):
    """`sops/glossary.yaml`."""

    edition: Word
    source: Word | None = None
    groups: tuple[Group, ...] = ()
    terms: tuple[Term, ...] = Field(min_length=1)


class Suppression(Entry):
    """Cases of one rule that leave the count until a day, and are listed by themselves."""

    rule: Word
    tickets: tuple[Word, ...] = ()
    """Which tickets; all of the office where none is named."""

    office: Word | None = None
    """Whose cases."""

    reason: Text
    by: Word
    """The staff number (工号) of who decided it."""

    from_: Day = Field(alias="from")
    until: Day
    """The last day it holds; from the next day on the cases count again."""


class SuppressionRegister(Entry):
    """`sops/suppressions.yaml`."""

    edition: Word
    source: Word | None = None
    suppressions: tuple[Suppression, ...] = Field(min_length=1)
