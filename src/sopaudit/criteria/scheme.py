"""Schemes: how answers become points, points a score, and a score a grade.

A scheme is data from one small vocabulary and never names items. The words and their fixed order
(answers, items, sections, coverage, total, round, grade, limits) are those of `docs/formats.md`.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from sopaudit.criteria.field import (
    NUMBER_PATTERN,
    Day,
    Entry,
    Flag,
    Id,
    Number,
    Points,
    Text,
    Whole,
    Word,
    number,
    seen,
)


def _share(value: object) -> Fraction | str:
    if value in ("skip", "block"):
        return str(value)
    found = number(value)
    if found is None:
        raise PydanticCustomError("S016", "a share, skip or block expected")
    return found


Share = Annotated[
    Fraction | str,
    seen(
        "share", "number", "string", pattern=rf"^(skip|block|\s*{NUMBER_PATTERN}\s*)$", read=_share
    ),
]
"""The part of an item's points an answer earns; `skip` leaves the base, `block` stops scoring."""

Table = dict[Word, Share]
"""Answers and the share each earns."""


class Each(Entry):
    """Deduct points per occurrence, down to zero and never below."""

    each: Points


def _set_kind(value: Any) -> str:  # noqa: ANN401 -- whatever stood in the file
    if isinstance(value, str):
        return "word"
    if isinstance(value, Each) or (isinstance(value, Mapping) and "each" in value):
        return "each"
    return "table"


AnswerSet = Annotated[
    Annotated[Literal["rate", "number"], Tag("word")]
    | Annotated[Each, Tag("each")]
    | Annotated[Table, Tag("table")],
    Discriminator(_set_kind),
]
"""How one kind of item is judged: a table, points per occurrence, the pass rate of its cases
(`rate`), or the number that was answered (`number`)."""


def _answers_kind(value: Any) -> str:  # noqa: ANN401 -- whatever stood in the file
    if isinstance(value, str):
        return "word"
    if not isinstance(value, Mapping):
        return "table"
    # One wrong value does not turn a table into named sets, nor the other way round.
    sets = [isinstance(v, Mapping | Each) or v in ("rate", "number") for v in value.values()]
    shares = [v in ("skip", "block") or number(v) is not None for v in value.values()]
    return "sets" if sum(sets) > sum(shares) else "table"


Answers = Annotated[
    Annotated[Literal["number"], Tag("word")]
    | Annotated[dict[Word, AnswerSet], Tag("sets")]
    | Annotated[Table, Tag("table")],
    Discriminator(_answers_kind),
]
"""One answer set for every item, or named sets an item's `scoring` picks from."""


RollUp = Literal["sum", "mean", "percent"]
"""How children become their parent: points added up; the weighted mean of shares; points earned
over points applicable."""

Persons = Literal["mean", "worst", "pooled"]
"""How the answers of several persons become one: the mean of what each earned; what the worst of
them earned; their cases or occurrences counted together."""

Empty = Literal["drop", "zero", "full"]
"""What a section counts as in which nothing was counted."""


class SectionRule(Entry):
    """The weight of a checklist's section, and the section it stands in."""

    id: Id
    in_: Word | None = Field(default=None, alias="in")
    weight: Points = Fraction(1)
    roll_up: RollUp = "percent"
    empty: Empty | None = None


class Coverage(Entry):
    """How much of the checklist must count for the score to speak for all of it."""

    at_least: Points
    """The share of the items that carry points."""

    else_: Literal["incomplete", "limited scope"] = Field(alias="else")


class Round(Entry):
    """The one rounding, of the number that is shown and banded."""

    to: Points
    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"


class Band(Entry):
    """A grade and the scores it holds for; the first that holds is given."""

    grade: Word
    title: Text | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None

    def holds(self, score: Fraction) -> bool:
        """Say whether `score` lies in this band."""
        return (
            (self.at_least is None or score >= self.at_least)
            and (self.at_most is None or score <= self.at_most)
            and (self.above is None or score > self.above)
            and (self.below is None or score < self.below)
        )


class Limit(Band):
    """A condition that lowers the result; it never raises it, and the report names it."""

    id: Word | None = None
    any: Literal["item", "answer"]
    """What is looked at: the points an item earned in all, or each answer it was given."""

    where: dict[Word, Word] = Field(default_factory=dict)
    """Labels the items must carry: id, section, severity, scoring, or a declared one."""

    is_: Word | None = Field(default=None, alias="is")
    """The answer that triggers it; `at_least`, `above` … compare points instead."""

    times: Whole = 1
    """How many items must meet the condition."""

    grade: Word | None = None  # type: ignore[assignment]  # a limit may cap the score instead
    score_at_most: Number | None = None
    confirm: Flag = False
    """It takes effect when a second person has confirmed it with evidence; until then the score is
    pending and both grades are shown. A further word: only so can a veto wait for its witness."""


class Scheme(Entry):
    """A scoring rule, complete."""

    id: Id
    edition: Word
    title: Text
    explanation: Text | None = None
    source: Word | None = None
    effective_from: Day | None = None
    effective_until: Day | None = None

    answers: Answers
    pick: Literal["one", "many"] = "one"
    unanswered: Literal["skip", "fail", "block"] = "skip"
    several: Literal["sum", "once", "mean", "worst"] = "sum"
    persons: Persons | None = None
    """Where this is given, each answer to an item is one person's."""

    sections: tuple[SectionRule, ...] = ()
    roll_up: RollUp = "sum"
    empty: Empty = "drop"
    scale: Literal["1", "100"] | None = None
    no_rows: Literal["zero"] | None = None
    coverage: Coverage | None = None
    round: Round | None = None
    grades: tuple[Band, ...] = ()
    limits: tuple[Limit, ...] = ()

    @cached_property
    def sets(self) -> dict[str, "AnswerSet"]:
        """The answer sets by name; a scheme with a single one calls it by the empty name."""
        if isinstance(self.answers, str) or not self.named:
            return {"": self.answers}  # type: ignore[dict-item]
        return dict(self.answers)  # type: ignore[arg-type]

    @property
    def best(self) -> Fraction:
        """The score of everything in full, where shares and not points make it."""
        usual = "100" if self.roll_up == "percent" else "1"
        return Fraction(self.scale or usual)

    @cached_property
    def named(self) -> bool:
        """Whether items pick their answer set by their `scoring`."""
        return _answers_kind(self.answers) == "sets"
