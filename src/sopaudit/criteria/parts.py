"""The rules on spare parts: their life cycle, how they are booked, and what must hold."""

from pydantic import Field

from sopaudit.criteria.field import Day, Entry, Id, Text, Word
from sopaudit.criteria.rule import Rule


class Stage(Entry):
    """A stage in the life of a part."""

    id: Id
    title: Text
    explanation: Text | None = None
    next: tuple[Word, ...] = ()
    """The stages that may follow."""

    statuses: tuple[Word, ...] = ()
    """What status a part may have in it."""

    provenance: Word | None = None


class MoveType(Entry):
    """A kind of movement: from which place and status to which."""

    id: Id
    title: Text
    from_: tuple[Word, ...] = Field(default=(), alias="from")
    """The statuses a part may have before; none where it comes from outside."""

    to: tuple[Word, ...] = ()
    """The statuses it may have after; none where it leaves the office."""

    stage: Word | None = None
    papers: tuple[Word, ...] = ()
    """The forms that belong to it."""

    note: Text | None = None
    provenance: Word | None = None


class Equation(Entry):
    """A relation or a measure of the ledger, in words."""

    id: Id
    title: Text
    formula: Text
    explanation: Text | None = None
    provenance: Word | None = None


class PartsRules(Entry):
    """`sops/parts.yaml` (备件运作管理规定)."""

    id: Id
    edition: Word
    effective_from: Day | None = None
    effective_until: Day | None = None
    title: Text
    purpose: Text | None = None
    source: Word | None = None
    provenance: Word | None = None
    ledger: tuple[Word, ...] = ()
    """The records it is kept in."""

    status_codes: Word | None = None
    """The list of codes that `statuses`, `from` and `to` take their words from."""

    move_codes: Word | None = None
    """The list of codes that the ids of `moves` come from."""

    stages: tuple[Stage, ...] = Field(min_length=1)
    moves: tuple[MoveType, ...] = ()
    equations: tuple[Equation, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)
