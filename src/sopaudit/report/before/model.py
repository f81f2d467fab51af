"""What a report shows of the audit before it."""

from dataclasses import dataclass

from sopaudit.report.fact import Fact


@dataclass(frozen=True)
class Before:
    """What the previous audit found at an item, beside what this one finds."""

    answer: str
    points: str
    change: str
    """The code: `better`, `worse`, `same`, `other` (neither can be told)."""

    title: str
    """The same in words."""


@dataclass(frozen=True)
class ChangeRow:
    """An item that is not answered as it was."""

    item: str
    question: str
    before: Before
    answer: str
    points: str


@dataclass(frozen=True)
class ComparedRow:
    """A score beside the previous one; empty where there is none."""

    title: str
    before: str
    before_grade: str
    now: str
    now_grade: str
    difference: str
    note: str
    """Why the two are not quite alike."""


@dataclass(frozen=True)
class FollowUpRow:
    """What became of a nonconformity of the previous audit."""

    item: str
    post: str
    severity: str
    severity_title: str
    statement: str
    """What was seen then."""

    outcome: str
    """The code: `corrected`, `repeated`, `not checked`."""

    outcome_title: str
    now: str
    """What is seen now."""

    id: str
    """Of the nonconformity of this audit, where it is repeated; else empty."""


@dataclass(frozen=True)
class Previous:
    """The audit this one follows, beside it."""

    audit: str
    facts: tuple[Fact, ...]
    counts: tuple[Fact, ...]
    """How many of its nonconformities were corrected, repeated, not checked."""

    summary: str
    """The same in one line."""

    scores: tuple[ComparedRow, ...]
    findings: tuple[FollowUpRow, ...]
    notes: tuple[str, ...]
    """What to bear in mind when comparing."""

    item_counts: tuple[Fact, ...] = ()
    """How many items are better, worse, the same."""

    items_note: str = ""
    """How many were asked both times, and how they are compared."""

    item_changes: tuple[ChangeRow, ...] = ()
    """Those that are not the same, in the order of the sheets."""
