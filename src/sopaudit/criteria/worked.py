"""Worked cases: what a scheme comes to on sheets that were worked out by hand.

They stand in the scheme's own file, as proof and as examples. They are no rule: nothing is scored
by them, and the digest of a scheme leaves them out, so a further case makes no further edition.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from sopaudit.criteria.checklist import PointsSince, Severity
from sopaudit.criteria.field import Day, Entry, Flag, Id, Number, Points, Text, Whole, Word
from sopaudit.criteria.section import SectionRule


class WorkedItem(Entry):
    """An item of a worked sheet; keys beyond these are labels the sheet declares."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: Id
    section: Word | None = None
    points: Points | None = None
    points_since: tuple[PointsSince, ...] = ()
    weight: Points = Fraction(1)
    severity: Severity | None = None
    scoring: Word | None = None

    @property
    def labels(self) -> dict[str, str]:
        """The keys its sheet declares, such as `star: yes`."""
        return {key: str(value) for key, value in (self.model_extra or {}).items()}


class WorkedAnswer(Entry):
    """An answer that takes more than a word: cases, a second person, labels, or how often."""

    answer: Word | None = None
    failed: Whole | None = None
    """Cases that failed, of those `checked`."""

    checked: Whole | None = None
    confirmed: Flag = False
    times: Whole = 1
    """How often this very answer was given."""

    labels: dict[Word, Word] = Field(default_factory=dict)
    """Labels recorded with it."""


def _kind(value: Any) -> str:  # noqa: ANN401 -- whatever stood in the file
    if isinstance(value, Mapping | WorkedAnswer):
        return "one"
    return "several" if isinstance(value, list | tuple) else "word"


_One = Annotated[
    Annotated[Word, Tag("word")] | Annotated[WorkedAnswer, Tag("one")], Discriminator(_kind)
]

Given = Annotated[
    Annotated[Word, Tag("word")]
    | Annotated[WorkedAnswer, Tag("one")]
    | Annotated[tuple[_One, ...], Tag("several")],
    Discriminator(_kind),
]
"""What was answered to an item: a word or number, one told in full, or several of these."""


class Expected(Entry):
    """What a worked case comes to; what is not named is not looked at, but for state and limits."""

    score: Number | None = None
    """As it is shown, after rounding."""

    exact: Number | None = None
    """Before rounding."""

    possible: Number | None = None
    percent: Number | None = None
    band: Word | None = None
    """The grade of the score alone, before limits."""

    grade: Word | None = None
    pending_grade: Word | None = None
    state: Literal["scored", "incomplete", "limited scope", "pending veto", "not scored"] = "scored"
    limits: tuple[Word, ...] = ()
    """Those that bit, in the order of the scheme."""

    earned: dict[Word, Number] = Field(default_factory=dict)
    """Points of items, with weight."""


class WorkedCase(Entry):
    """One filled sheet, and what it comes to."""

    id: Id
    title: Text | None = None
    date: Day | None = None
    facts: dict[Word, Word] = Field(default_factory=dict)
    """What else is known of the audit, such as how often it was found wanting before."""

    answers: dict[Word, Given] = Field(default_factory=dict)
    """By item; one that is not named was left blank."""

    expect: Expected


class WorkedSheet(Entry):
    """A small checklist, and cases worked out on it by hand."""

    title: Text
    source: Word | None = None
    labels: dict[Word, tuple[Word, ...]] = Field(default_factory=dict)
    sections: tuple[SectionRule, ...] = ()
    """Sections of the sheet and what they weigh; the scheme's own stand back for them."""

    items: tuple[WorkedItem, ...] = Field(min_length=1)
    cases: tuple[WorkedCase, ...] = Field(min_length=1)
