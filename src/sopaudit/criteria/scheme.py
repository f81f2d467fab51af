"""Schemes: how answers become points, points a score, and a score a grade.

A scheme is data from one small vocabulary and never names items. The words and their fixed order
(answers, items, sections, coverage, total, adjust, round, grade, limits) are told in
`docs/schemes.md`, exactly.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag
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
from sopaudit.criteria.section import Empty, RollUp, Round, SectionRule
from sopaudit.criteria.worked import WorkedSheet


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


SHARES: Final = frozenset({"percent", "mean", "all"})
"""Roll-ups whose value is a share of one."""

Label = Word
"""What items or answers carry: id, section, severity, scoring, or a declared label."""


def _one_or_several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Labels = Annotated[
    tuple[Label, ...],
    BeforeValidator(_one_or_several, json_schema_input_type=Label | tuple[Label, ...]),
]
"""One label, or a list of them."""


def _points_kind(value: Any) -> str:  # noqa: ANN401 -- whatever stood in the file
    return "table" if isinstance(value, Mapping) else "points"


class PointsBy(Entry):
    """Points an item or an answer has by a label it carries, such as its risk."""

    label: Labels = Field(min_length=1, max_length=2)
    """One label, or two: then the table of the first holds tables of the second."""

    table: dict[
        Word,
        Annotated[
            Annotated[Points, Tag("points")] | Annotated[dict[Word, Points], Tag("table")],
            Discriminator(_points_kind),
        ],
    ]

    def points(self, labels: Mapping[str, str]) -> Fraction | None:
        """Look up the points of what carries `labels`; None where the table has none for them."""
        found: object = self.table
        for label in self.label:
            found = found.get(labels.get(label, "")) if isinstance(found, Mapping) else None
        return found if isinstance(found, Fraction) else None


Persons = Literal["mean", "worst", "pooled"]
"""How the answers of several persons become one: the mean of what each earned; what the worst of
them earned; their cases or occurrences counted together."""


class Coverage(Entry):
    """How much of the checklist must count for the score to speak for all of it."""

    at_least: Points
    """The share of the items that carry points."""

    of: Labels = ()
    """Labels by which every group must reach that share too, and not only the whole."""

    else_: Literal["incomplete", "limited scope"] = Field(alias="else")


class Bounds(Entry):
    """Numbers between bounds; without any, every number."""

    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None

    @property
    def bounds(self) -> tuple[Fraction, ...]:
        """The bounds there are."""
        several = (self.at_least, self.at_most, self.above, self.below)
        return tuple(bound for bound in several if bound is not None)

    def holds(self, number: Fraction) -> bool:
        """Say whether `number` lies between the bounds."""
        return (
            (self.at_least is None or number >= self.at_least)
            and (self.at_most is None or number <= self.at_most)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )


class CountBounds(Bounds):
    """How many answers of a kind there may be."""

    count: dict[Word, Word] = Field(min_length=1)
    """Labels the answers carry, and `answer`, the word that was recorded; without that word,
    answers that fall short."""


class Band(Bounds):
    """A grade and the scores it holds for; the first that holds is given."""

    grade: Word
    title: Text | None = None
    when: tuple[CountBounds, ...] = ()
    """Counts that must hold too."""


class Adjust(Entry):
    """Points added or taken away for every answer of a kind."""

    count: dict[Word, Word] = Field(min_length=1)
    """Which answers, as in the grades."""

    points: Number
    """Points of the score, below zero to take away."""

    each: Literal["section", "total"] = "total"
    """Whether the section in which it was found pays, or the whole."""

    at_most: Whole | None = None
    """How many answers count at most; in every section, where sections pay."""


PASS_MARK: Final = "pass-mark-"  # noqa: S105 -- a mark to pass, no password
"""How the limit begins that the pass mark of a section makes; the section's id follows."""


class Limit(Bounds):
    """A condition that lowers the result; it never raises it, and the report names it."""

    id: Word | None = None
    title: Text | None = None
    any: Word
    """What is looked at: `item`, the points an item earned in all; `answer`, each answer it was
    given; or a label, by whose values items or answers are put together and scored."""

    where: dict[Word, Word] = Field(default_factory=dict)
    """Labels the items must carry: id, section, severity, scoring, or a declared one."""

    is_: Word | None = Field(default=None, alias="is")
    """The answer that triggers it; `at_least`, `above` … compare points instead."""

    times: Whole = 1
    """How many items, or groups, must meet the condition."""

    round: Round | None = None
    """How the number is rounded before it is compared."""

    grade: Word | None = None
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
    points_by: PointsBy | None = None
    several: Literal["sum", "once", "mean", "worst"] = "sum"
    several_round: Round | None = None
    persons: Persons | None = None
    """Where this is given, each answer to an item is one person's."""

    sections: tuple[SectionRule, ...] = ()
    roll_up: RollUp = "sum"
    empty: Empty = "drop"
    scale: Literal["1", "100"] | None = None
    start: Number | None = None
    take: Literal["away"] | None = None
    floor: Number | None = None
    ceiling: Number | None = None
    no_rows: Literal["zero"] | None = None
    coverage: Coverage | None = None
    adjust: tuple[Adjust, ...] = ()
    round: Round | None = None
    grades: tuple[Band, ...] = ()
    limits: tuple[Limit, ...] = ()
    worked: tuple[WorkedSheet, ...] = ()
    """What it comes to on sheets that were worked out by hand: proof, and no rule."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy it with other words, without what was worked out of the words before."""
        copy = super().model_copy(update=update, deep=deep)
        for name in ("sets", "every_limit", "named"):
            copy.__dict__.pop(name, None)
        return copy

    @cached_property
    def sets(self) -> dict[str, "AnswerSet"]:
        """The answer sets by name; a scheme with a single one calls it by the empty name."""
        if isinstance(self.answers, str) or not self.named:
            return {"": self.answers}  # type: ignore[dict-item]
        return dict(self.answers)  # type: ignore[arg-type]

    @property
    def facts(self) -> dict[str, tuple[str, ...]]:
        """What its surcharges ask of an audit, and what they know as an answer."""
        asked: dict[str, tuple[str, ...]] = {}
        for rule in self.sections:
            if rule.surcharge is not None:
                known = asked.get(rule.surcharge.fact, ())
                asked[rule.surcharge.fact] = tuple(dict.fromkeys([*known, *rule.surcharge.rates]))
        return asked

    @property
    def best(self) -> Fraction:
        """The score of everything in full, where shares and not points make it."""
        return self.best_of(self.roll_up)

    def most(self, inside: Fraction) -> Fraction:
        """Give the highest score where all points together are `inside`; shares come to `best`."""
        most = self.best if self.roll_up in SHARES else inside
        if self.start is not None:
            most = self.start if self.take == "away" else most + self.start
        return most if self.ceiling is None else min(most, self.ceiling)

    @cached_property
    def every_limit(self) -> tuple[Limit, ...]:
        """The limits it lists, and one for each pass mark of a section."""
        return (*self.limits, *self.pass_marks)

    @property
    def pass_marks(self) -> tuple[Limit, ...]:
        """The limits that pass marks make; they look at what a section reaches of its most."""
        return tuple(self._pass_marks())

    def _pass_marks(self) -> Iterator[Limit]:
        for rule in self.sections:
            if rule.pass_mark is not None and self.grades:
                yield Limit.model_construct(
                    id=f"{PASS_MARK}{rule.id}",
                    any="section",
                    where={"section": rule.id},
                    below=rule.pass_mark * self.best_of(rule.roll_up),
                    grade=self.grades[-1].grade,
                )

    def best_of(self, roll_up: RollUp) -> Fraction:
        """Give the score of a group in full that is rolled up so, where it is a share."""
        usual = "100" if roll_up == "percent" else "1"
        return Fraction(self.scale or usual)

    @cached_property
    def named(self) -> bool:
        """Whether items pick their answer set by their `scoring`."""
        return _answers_kind(self.answers) == "sets"
