"""What an XCCDF file says, before it is written: a tree of groups and rules, and its results.

The names are those of the standard (NIST IR 7275 revision 4): a checklist is a benchmark, a section
a group, an item a rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Final, Literal, get_args

Wording = tuple[tuple[str, str], ...]
"""Pairs of language and words."""

Result = Literal[
    "pass",
    "fixed",
    "fail",
    "error",
    "unknown",
    "notapplicable",
    "notchecked",
    "notselected",
    "informational",
]
"""What a rule may come to; the last four are left out of every score."""

RESULTS: Final[tuple[Result, ...]] = get_args(Result)

Importance = Literal["unknown", "info", "low", "medium", "high"]
"""The severities of the standard."""


@dataclass(frozen=True)
class Message:
    """What is said about a result."""

    text: str
    severity: Literal["info", "warning"] = "info"


@dataclass(frozen=True)
class Source:
    """Where in the audit folder an answer stands."""

    file: str
    name: str


@dataclass(frozen=True)
class Rule:
    """An item, and what it came to."""

    id: str
    """As the checklist has it; the file writes it out to the form of the standard."""

    title: Wording
    result: Result
    weight: Fraction = Fraction(1)
    scored: bool = True
    """Whether it is part of the scores (`role="full"`) or only told (`role="unscored"`)."""

    severity: Importance = "unknown"
    description: Wording = ()
    standards: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    at: datetime | None = None
    source: Source | None = None


@dataclass(frozen=True)
class Group:
    """A section, or a whole checklist among several."""

    id: str
    title: Wording
    parts: "tuple[Group | Rule, ...]"
    weight: Fraction = Fraction(1)

    @property
    def rules(self) -> Iterator[Rule]:
        """Go through the rules in it and below, in order."""
        return rules(self.parts)


Parts = tuple[Group | Rule, ...]


def rules(parts: Parts) -> Iterator[Rule]:
    """Go through all rules of a tree, in order."""
    for part in parts:
        if isinstance(part, Group):
            yield from part.rules
        else:
            yield part


@dataclass(frozen=True)
class Used:
    """A file of the handbook and its content as it was used."""

    kind: Literal["handbook", "checklist", "scheme", "branch"]
    id: str
    edition: str
    digest: str


@dataclass(frozen=True)
class OwnScore:
    """What the handbook's own scheme makes of a checklist; the standard has no place for grades."""

    values: tuple[tuple[str, str], ...]
    """Names and values, those of the result JSON."""

    limits: tuple[str, ...]


@dataclass(frozen=True)
class Benchmark:
    """Everything in the file."""

    space: str
    """The name, back to front as in `com.example`, of whoever answers for the content."""

    id: str
    title: Wording
    description: Wording
    edition: str
    since: date | None
    publisher: Wording
    parts: Parts
    used: tuple[Used, ...]
    test: "Test"


@dataclass(frozen=True)
class Test:
    """One audit."""

    id: str
    title: Wording
    remarks: tuple[Wording, ...]
    organisation: tuple[str, ...]
    """From the widest to the narrowest."""

    auditor: str | None
    """A staff number; names do not leave the house."""

    target: str
    facts: tuple[tuple[str, str], ...]
    begin: str | None
    end: str
    """Moments as the standard writes them."""

    own: tuple[OwnScore, ...]
