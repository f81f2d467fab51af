"""What scoring gives back: a score, where it came from, and what held it down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from sopaudit.criteria.answer import Answer
from sopaudit.findings.proof import Proof

Outcome = Literal[
    "counted", "na", "unchecked", "unanswered", "no_points", "blocked", "out_of_scope"
]
"""What became of an item: it counts; it was not applicable; nobody looked; no answer was given;
its answers carry no points; its answer (or the lack of one) stops scoring; as a part of a roll-up
it was not in the scope of the audit."""

State = Literal["scored", "incomplete", "limited scope", "pending veto", "not scored"]
"""What a score is worth; where several hold, the later in `STATES` is shown."""

STATES: Final[tuple[State, ...]] = (
    "scored",
    "limited scope",
    "pending veto",
    "incomplete",
    "not scored",
)
"""From sound to none."""


@dataclass(frozen=True)
class Line:
    """One line of a derivation: which rule was applied, and the numbers in it."""

    key: str
    """One of `LINE_KEYS`; the words stand with the report's."""

    values: Mapping[str, str] = field(default_factory=dict, hash=False)


LINE_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "item.table": ("points", "weight", "answer", "share", "earned", "possible"),
    "item.each": ("points", "weight", "each", "occurrences", "earned", "possible"),
    "item.rate": ("points", "weight", "failed", "checked", "earned", "possible"),
    "item.rate_all": ("points", "weight", "failed", "checked", "earned", "possible"),
    "item.number": ("weight", "value", "earned"),
    "item.several": ("number", "rule", "earned"),
    "item.several_round": ("exact", "to", "earned"),
    "item.persons": ("number", "rule", "earned"),
    "item.fail": ("possible",),
    "section.sum": ("section", "earned", "possible"),
    "section.percent": ("section", "earned", "possible", "share"),
    "section.mean": ("section", "earned", "possible", "share"),
    "section.count": ("section", "earned", "possible"),
    "section.all": ("section", "share"),
    "section.surcharge": ("section", "rate", "value"),
    "section.adjust": ("section", "number", "points", "value"),
    "section.empty": ("section", "rule"),
    "total.scope": ("items",),
    "total.sum": ("earned",),
    "total.percent": ("earned", "possible", "scale", "score"),
    "total.mean": ("parts", "weights", "scale", "score"),
    "total.count": ("earned", "possible"),
    "total.all": ("score",),
    "total.start": ("start", "value", "score"),
    "total.away": ("start", "value", "score"),
    "total.adjust": ("number", "points", "score"),
    "total.floor": ("score",),
    "total.ceiling": ("score",),
    "total.nothing": (),
    "total.zero": (),
    "coverage": ("counted", "of", "at_least", "state"),
    "coverage.group": ("label", "group", "counted", "of", "at_least", "state"),
    "round": ("exact", "to", "mode", "score"),
    "grade": ("score", "grade"),
    "limit.grade": ("limit", "items", "grade"),
    "limit.score": ("limit", "items", "score"),
    "limit.pending": ("limit", "items", "grade"),
}
"""Every line a derivation may have, and the values its words may use."""


@dataclass(frozen=True)
class PersonScore:
    """What an item comes to for one of several persons."""

    person: str
    """The staff number; empty where the answer names nobody."""

    answer: Answer
    outcome: Outcome
    earned: Fraction | None
    """As in the item: points times weight, None where it does not count."""

    possible: Fraction | None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class ItemScore:
    """One item's part in the score."""

    item: str
    answer: Answer | None
    """Of several answers the one that cost most, or what all persons come to together."""

    outcome: Outcome
    earned: Fraction | None
    """Points times weight; None where the item does not count."""

    possible: Fraction | None
    """None where the item does not count or has no maximum."""

    lines: tuple[Line, ...] = ()
    persons: tuple[PersonScore, ...] = ()
    """Each person's own figure, by staff number, where a scheme lets several make up the item."""


@dataclass(frozen=True)
class SectionScore:
    """One section's part in the score."""

    id: str
    earned: Fraction
    """What its items add up to."""

    possible: Fraction | None
    """None where its items have no maximum."""

    share: Fraction | None
    """What the section comes to as the scheme rolls it up; None where nothing counted."""

    counted: int
    total: int
    weight: Fraction
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Bite:
    """A limit whose condition holds."""

    limit: str
    items: tuple[str, ...]
    """The items that brought it about."""

    grade: str | None
    score_at_most: Fraction | None
    pending: bool
    """It waits for a second person's confirmation and has no effect yet."""

    bit: bool
    """The score alone would not come out lower: the limit decides, or agrees with it."""

    changed: bool
    """The result would be better without it."""

    groups: tuple[str, ...] = ()
    """The groups that brought it about, where it looks at groups, by the value of the label."""

    @property
    def causes(self) -> tuple[str, ...]:
        """What brought it about: groups or items."""
        return self.groups or self.items


@dataclass(frozen=True)
class Score:
    """The score of one audit by one checklist (or of a branch), with its whole derivation."""

    audit: str
    checklist: str
    scheme: str
    exact: Fraction | None
    """Before rounding, after limits that cap it; a parent takes this number."""

    score: str | None
    """The number that is shown and banded, as decimal text."""

    possible: str | None
    percent: str | None
    band: str | None
    """The grade of the score, before limits."""

    grade: str | None
    """The grade after every limit in force."""

    pending_grade: str | None
    """The grade if the pending limits were confirmed; None without any."""

    state: State
    bites: tuple[Bite, ...]
    """Every limit whose condition holds, also one that changes nothing."""

    items: tuple[ItemScore, ...]
    sections: tuple[SectionScore, ...]
    lines: tuple[Line, ...]
    maximum: Fraction | None = None
    """The most it could be, exactly; None where the scheme has no maximum."""

    proof: Proof | None = field(default=None, compare=False, repr=False)
    """The tree from the answers to the number shown."""

    @property
    def within(self) -> tuple[str, ...]:
        """The parts it speaks for: what exists and was to be looked at."""
        return tuple(i.item for i in self.items if i.outcome not in ("na", "out_of_scope"))

    @property
    def outside(self) -> tuple[str, ...]:
        """The parts of a roll-up that exist and were not in the scope of the audit."""
        return tuple(i.item for i in self.items if i.outcome == "out_of_scope")
