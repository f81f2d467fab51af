"""Sections of a scheme: what each weighs, how it adds up inside, and what it must reach."""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from sopaudit.criteria.field import Entry, Id, Number, Points, Word

RollUp = Literal["sum", "mean", "percent", "count", "all"]
"""How children become their parent: points added up; the weighted mean of shares; points earned
over points applicable; shares added up, whatever points and weights say; all or nothing."""

Empty = Literal["drop", "zero", "full"]
"""What a section counts as in which nothing was counted."""


class Round(Entry):
    """Where a number is rounded, and which way."""

    to: Points
    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"


class Surcharge(Entry):
    """A part of a section's points added to it, as a fact about the audit says."""

    fact: Word
    """A fact of the audit, such as how often it was found wanting before."""

    rates: dict[Word, Number] = Field(min_length=1)
    """What the fact may say, and the part of the points each adds; any other adds nothing."""

    round: Round | None = None
    """How what is added is rounded."""


class SectionRule(Entry):
    """The weight of a checklist's section, and the section it stands in."""

    id: Id
    in_: Word | None = Field(default=None, alias="in")
    weight: Points = Fraction(1)
    roll_up: RollUp = "percent"
    empty: Empty | None = None
    pass_mark: Points | None = None
    """The share the section must reach; below it the grade is the last."""

    surcharge: Surcharge | None = None
