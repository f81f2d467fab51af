"""Checklists: what an auditor looks at, item by item, and how posts add up to a branch."""

from bisect import bisect_right
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, Self, get_args

from pydantic import ConfigDict, Field

from sopaudit.criteria.field import Day, Entry, Flag, Id, Number, Points, Text, Word

Severity = Literal["critical", "major", "minor", "observation", "improvement"]
"""How much a nonconformity matters; set on the criterion."""

SEVERITIES: tuple[str, ...] = get_args(Severity)
"""Most serious first."""


class PointsSince(Entry):
    """Points an item carries from a day on."""

    date: Day
    points: Points


def _after(day: date) -> date:
    return day if day == date.max else day + timedelta(1)


class ItemPart(Entry):
    """A part of what an item looks at, such as the greeting of a call."""

    id: Id
    title: Text


class Item(Entry):
    """One thing an auditor looks at; keys beyond these are labels its checklist declares."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: Id
    """Such as `CK-HTL-B1`; never carries the severity."""

    question: Text
    section: Word | None = None
    points: Points | None = None
    """What it is worth; None where the answer itself is a number of points."""

    points_since: tuple[PointsSince, ...] = ()
    """Instead of `points`, where an authority changed them: oldest first."""

    weight: Points = Fraction(1)
    severity: Severity | None = None
    method: tuple[Word, ...] = ()
    scoring: Word | None = None
    """Which named answer set of the scheme judges it."""

    sample: Text | None = None
    parts: tuple[ItemPart, ...] = ()
    """What is looked at in each case; a case conforms where every part that applies does."""

    standards: tuple[Word, ...] = ()
    """The standards it verifies."""

    answer_from: tuple[Word, ...] = ()
    """The automatic checks that answer it."""

    na_allowed: Flag = True
    evidence_required: Text | None = None
    applies_if: Text | None = None
    effective_from: Day | None = None
    """The first day it is asked; it always was where nothing is said."""

    effective_until: Day | None = None
    """The last day it is asked; retired, it stays in the file, so that old audits still score."""

    values: tuple[Number, ...] = ()
    """The numbers an answer may take; any number where none are listed."""

    provenance: Word | None = None

    @property
    def labels(self) -> dict[str, str]:
        """The keys its checklist declares, such as `color: red`."""
        return {key: str(value) for key, value in (self.model_extra or {}).items()}

    def in_force(self, day: date | None) -> bool:
        """Say whether it is asked on `day`; without a day, whether it is not retired."""
        if day is None:
            return self.effective_until is None
        since = self.effective_from is None or self.effective_from <= day
        return since and (self.effective_until is None or day <= self.effective_until)

    @property
    def span(self) -> str:
        """The days it is asked, such as `2026-01-01 … 2026-12-31`; one end may be open."""
        return f"{self.effective_from or ''} … {self.effective_until or ''}".strip()

    @property
    def turns(self) -> tuple[date, ...]:
        """The days on which it begins or is no longer asked, and its points change."""
        since = () if self.effective_from is None else (self.effective_from,)
        gone = () if self.effective_until is None else (_after(self.effective_until),)
        return (*since, *(one.date for one in self.points_since), *gone)

    def points_on(self, day: date | None) -> Fraction | None:
        """Give the points in force on `day`; before the first date the oldest hold."""
        if not self.points_since:
            return self.points
        if day is None:
            return self.points_since[-1].points
        later = bisect_right([since.date for since in self.points_since], day)
        return self.points_since[max(later - 1, 0)].points


class Section(Entry):
    """A part of a checklist."""

    id: Id
    title: Text


class Checklist(Entry):
    """What an auditor looks at in one post, and the scheme that scores it."""

    id: Id
    edition: Word
    effective_from: Day | None = None
    effective_until: Day | None = None
    title: Text
    scheme: Word
    post: Word | None = None
    source: Word | None = None
    provenance: Word | None = None
    points: Points | None = None
    """What the items' points must add up to, where the handbook says so."""

    reviewed: dict[Word, Word] = Field(default_factory=dict)
    """The editions its items were last held against: of a post's sheet, of the `rules`."""

    labels: dict[Word, tuple[Word, ...]] = Field(default_factory=dict)
    """Further keys items may carry, each with the values it may take."""

    sections: tuple[Section, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)

    @property
    def by_id(self) -> dict[str, Item]:
        """The items by id, in the order of the sheet."""
        return {item.id: item for item in self.items}

    @property
    def turns(self) -> list[date]:
        """The days from which on other items or other points are in force, the earliest first."""
        return sorted({day for item in self.items for day in item.turns})

    def on(self, day: date | None) -> Self:
        """Give it as it is asked on `day`: only with the items in force, and those for good."""
        if not any(item.effective_from or item.effective_until for item in self.items):
            return self
        always = {"effective_from": None, "effective_until": None}
        asked = (item for item in self.items if item.in_force(day))
        return self.model_copy(update={"items": tuple(i.model_copy(update=always) for i in asked)})


class BranchPart(Entry):
    """A checklist's share in the branch score."""

    checklist: Word
    weight: Points


class Branch(Entry):
    """How the scores of posts become the score of a branch."""

    id: Id
    edition: Word
    title: Text
    scheme: Word
    source: Word | None = None
    provenance: Word | None = None
    of: tuple[BranchPart, ...] = Field(min_length=1)
