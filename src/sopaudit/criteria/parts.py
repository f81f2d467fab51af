"""The rules on spare parts: their life cycle, how they are booked, and what must hold."""

from typing import Final, Literal

from pydantic import Field

from sopaudit.criteria.field import Day, Entry, Flag, Id, Number, Text, Whole, Word
from sopaudit.criteria.rule import Rule

PlaceKind = Literal["outside", "store", "transit", "holder", "owed", "gone"]
"""What sort of place a part may be in: not ours; on our shelves; on the way to a site; with a
person; taken out of a machine and owed to us by a person; written off."""

Keyed = Literal["site", "holder", "ticket"]
"""What accounts of one place are kept apart by."""

Wrong = Literal[
    "late", "too early", "never done", "missing", "wrong value", "repeated", "wrong order",
    "wrong person", "amount differs", "too many", "too few", "outside hours", "no counterpart",
    "suspicious",
]  # fmt: skip
"""In what way a case does not conform; a kind of rule says which."""

NO_STATUS: Final = "none"
"""How `places` of a move calls the status a part does not have yet, or no longer has."""


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


class PartPlace(Entry):
    """Where a part can be; each status lies in one place."""

    id: Id
    title: Text
    kind: PlaceKind
    statuses: tuple[Word, ...] = ()
    """The statuses of the parts that lie there."""

    by: tuple[Keyed, ...] = ("site",)
    """What its accounts are kept apart by: those of a person by `holder` and `ticket`."""

    sites: tuple[Word, ...] = ()
    """What moves call it as a site, where it is no office: `PC` for a parts centre."""

    serials: Flag = True
    """Whether serial numbers are told apart there; where they are not, pieces are counted."""

    note: Text | None = None
    provenance: Word | None = None

    @property
    def ours(self) -> bool:
        """Whether what lies there is in our custody, so that its balance is never below zero."""
        return self.kind not in ("outside", "gone")


class Owed(Entry):
    """What a move takes out of a machine besides what it moves, and who owes it then."""

    when: Word
    """The field of the move that says whether: `return_required`."""

    from_: Word = Field(alias="from")
    """The place it is taken from."""

    place: Word
    """The place it is owed in until it comes back."""


class Loss(Entry):
    """A sort of finding about parts: what it is called, and the rules that find it."""

    id: Id
    title: Text
    explanation: Text | None = None
    rules: tuple[Word, ...] = Field(min_length=1)
    """`PR-18`, or `PR-18/2` for the second part of a rule."""

    types: dict[Word, tuple[Wrong, ...]] = Field(default_factory=dict)
    """By one of `rules`, as it is written there: which of its cases are of this sort."""


class Counting(Entry):
    """How a stock count is drawn, and who may make it."""

    rule: Word
    """The rule that decides whether a line is right; what is counted and by what columns stands in
    its part of the kind `count_tolerance`."""

    shares: dict[Word, Number] = Field(default_factory=dict)
    """By class: which share of its lines is drawn at a count."""

    at_least: Whole = 0
    """So many lines at least, of all classes together."""

    rate: Number | None = None
    """This share of all lines at least."""

    always_from: Number | None = None
    """Lines of which one piece costs so much or more are always counted, apart from the draw."""

    keepers: tuple[Word, ...] = ()
    """Posts that keep the store."""

    keepers_may: Literal["count", "check", "neither"] = "count"
    """What whoever keeps the store may be at a count."""


class Worth(Entry):
    """The table that says what a part is worth where the ledger does not."""

    table: Word
    key: Word
    """Its column of part numbers."""

    column: Word
    """Its column of prices; the edition in force on the day of the check counts."""


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

    places: dict[Word, Word] = Field(default_factory=dict)
    """Status to place, where this move means another place than the status usually lies in; `none`
    is the status of a part that comes from outside or leaves."""

    owes: Owed | None = None

    note: Text | None = None
    provenance: Word | None = None


class Equation(Entry):
    """A relation or a measure of the ledger, in words."""

    id: Id
    title: Text
    formula: Text
    explanation: Text | None = None
    kpis: tuple[Word, ...] = ()
    """The key figures of `sops/kpis.yaml` that count it; told where parts are."""

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

    holder: tuple[Word, ...] = ()
    """Fields that name who holds a part, the first that says something: `moves.holder`, else a
    field of its ticket, `tickets.engineer`; of findings on lines of other records, theirs."""

    worth: Worth | None = None

    ageing: tuple[Whole, ...] = (30, 90, 180)
    """The days from which stock is of the next age: up to 30, to 90, to 180, and older."""

    stages: tuple[Stage, ...] = Field(min_length=1)
    places: tuple[PartPlace, ...] = ()
    moves: tuple[MoveType, ...] = ()
    equations: tuple[Equation, ...] = ()
    losses: tuple[Loss, ...] = ()
    """The findings of `sopaudit parts check`, by sort."""

    counting: Counting | None = None
    """How a stock count is drawn (`sopaudit parts count`)."""

    rules: tuple[Rule, ...] = Field(min_length=1)
