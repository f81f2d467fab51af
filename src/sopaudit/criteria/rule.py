"""Automatic checks over the records: which kind each is, and the numbers it is given."""

from typing import Annotated

from pydantic import Field
from pydantic_core import PydanticCustomError

from sopaudit.criteria.checklist import Severity
from sopaudit.criteria.drawing import Heading, Sampling
from sopaudit.criteria.duration import Length
from sopaudit.criteria.field import FLAGS, Entry, Flag, Id, Number, Text, Word, plain, seen
from sopaudit.criteria.kind import RULE_KINDS

Given = str | bool | tuple[str, ...]
"""What a rule gives its kind: a word, a number, a length of time, or a list of these, as typed; and
yes or no."""


def _given(value: object) -> Given:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip():
        return FLAGS.get(value.strip().lower(), value.strip())
    if isinstance(value, list | tuple) and value and all(isinstance(v, str) for v in value):
        return tuple(value)
    raise PydanticCustomError("S028", "a word or a list of words expected")


Setting = Annotated[
    Given,
    seen("setting", "string", "number", "boolean", "array", pattern=r"\S", read=_given),
]
"""A value whose meaning its kind decides; see `kind`."""


def listed(given: Given) -> tuple[str, ...]:
    """Take a single value as a list of one."""
    if isinstance(given, bool):
        return ("yes" if given else "no",)
    return (given,) if isinstance(given, str) else given


class Clause(Entry):
    """One thing a condition asks of a case."""

    field: Word | None = None
    """A field, as `tickets.zone`."""

    is_: tuple[Word, ...] = Field(default=(), alias="is")
    """Its value is one of these."""

    at_least: Number | None = None
    at_most: Number | None = None
    filled: Flag | None = None
    """It holds something, or with `no` nothing."""

    event: Word | None = None
    happened: Flag | None = None
    """The event happened to the case, or with `no` never did."""

    condition: Word | None = None
    """Another condition, which holds."""

    def __str__(self) -> str:
        """Give it in short, in the words of the YAML."""
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        said = [f"{sign} {plain(bound)}" for sign, bound in bounds if bound is not None]
        if self.is_:
            said.append(f"= {' | '.join(self.is_)}")
        for word, flag in (("filled", self.filled), ("happened", self.happened)):
            if flag is not None:
                said.append(word if flag else f"not {word}")
        return " ".join((self.field or self.event or self.condition or "", *said))


class Condition(Entry):
    """A name for cases of some sort, for `when` and `unless`."""

    id: Id
    title: Text
    note: Text | None = None
    all_of: tuple[Clause, ...] = ()
    """All of these hold."""

    any_of: tuple[Clause, ...] = ()
    """At least one of these holds."""

    provenance: Word | None = None


class RulePart(Entry):
    """One part of a rule that takes several kinds to decide."""

    title: Text | None = None
    kind: Word
    given: dict[Word, Setting] = Field(default_factory=dict, alias="with")


class Rule(Entry):
    """One automatic check over the records."""

    id: Id
    title: Text
    passes: Text
    """When a case conforms, in plain words."""

    limit: Text | None = None
    """The numbers of it in short, for tables."""

    kind: Word | None = None
    """Which function decides it; None where only a person can, or several kinds do."""

    given: dict[Word, Setting] = Field(default_factory=dict, alias="with")
    """What it gives that kind, such as `at_most: 2 working days`."""

    all_of: tuple[RulePart, ...] = ()
    """What decides it where one kind is not enough; each part has cases of its own."""

    uses: tuple[Word, ...] = ()
    """The reference tables it looks things up in."""

    data: tuple[Word, ...] = ()
    """The records it reads."""

    tolerance: Number | None = None
    """The share of cases that may fail before an item answered by it is affected."""

    grace: Length | None = None
    """By so much a limit of time may be passed and still hold; what needed it is told."""

    suspicion: Flag = False
    """What it finds is to be confirmed by a person before it counts."""

    severity: Severity | None = None
    stage: Word | None = None
    """The stage of the life of a part it belongs to."""

    evidence: tuple[Word, ...] = ()
    """Methods that are needed besides the records, such as a photo."""

    note: Text | None = None
    """What else to know, such as limits other networks set."""

    provenance: Word | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that decide it; none where only a person can."""
        return tuple(part.kind for part in self.all_of) if self.kind is None else (self.kind,)

    @property
    def named(self) -> frozenset[str]:
        """The conditions it names."""
        settings = (self.given, *(part.given for part in self.all_of))
        keys = [
            p.name for kind in RULE_KINDS.values() for p in kind.parameters if p.sort == "condition"
        ]
        return frozenset(
            w for given in settings for k in keys if k in given for w in listed(given[k])
        )


class RuleRegister(Entry):
    """`sops/rules.yaml`."""

    edition: Word
    source: Word | None = None
    conditions: tuple[Condition, ...] = ()
    """Sorts of cases that rules and key figures apply to, or do not."""

    rules: tuple[Rule, ...] = Field(min_length=1)
    contradictions: tuple[Rule, ...] = ()
    """What records that contradict one another look like, each written like a rule; a case that
    does not conform is a contradiction, and answers no item."""

    sampling: Sampling | None = None
    """How tickets are drawn for an audit."""

    today: tuple[Heading, ...] = ()
    """What the list of the day shows, heading by heading."""
