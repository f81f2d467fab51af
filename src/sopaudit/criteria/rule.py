"""Automatic checks over the records: which kind each is, and the numbers it is given."""

from typing import Annotated

from pydantic import Field
from pydantic_core import PydanticCustomError

from sopaudit.criteria.checklist import Severity
from sopaudit.criteria.field import Entry, Id, Number, Text, Word, seen

Given = str | tuple[str, ...]
"""What a rule gives its kind: a word, a number, a length of time, or a list of these, as typed."""


def _given(value: object) -> Given:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, list | tuple) and value and all(isinstance(v, str) for v in value):
        return tuple(value)
    raise PydanticCustomError("S028", "a word or a list of words expected")


Setting = Annotated[
    Given,
    seen("setting", "string", "number", "boolean", "array", pattern=r"\S", read=_given),
]
"""A value whose meaning its kind decides; see `kind`."""


class Rule(Entry):
    """One automatic check over the records."""

    id: Id
    title: Text
    passes: Text
    """When a case conforms, in plain words."""

    limit: Text | None = None
    """The numbers of it in short, for tables."""

    kind: Word | None = None
    """Which function decides it; None where only a person can."""

    given: dict[Word, Setting] = Field(default_factory=dict, alias="with")
    """What it gives that kind, such as `at_most: 2 working days`."""

    uses: tuple[Word, ...] = ()
    """The reference tables it looks things up in."""

    data: tuple[Word, ...] = ()
    """The records it reads."""

    tolerance: Number | None = None
    """The share of cases that may fail before an item answered by it is affected."""

    severity: Severity | None = None
    stage: Word | None = None
    """The stage of the life of a part it belongs to."""

    evidence: tuple[Word, ...] = ()
    """Methods that are needed besides the records, such as a photo."""

    provenance: Word | None = None


class RuleRegister(Entry):
    """`sops/rules.yaml`."""

    edition: Word
    source: Word | None = None
    rules: tuple[Rule, ...] = Field(min_length=1)
