"""What the chapter on parts and money shows, ready to be laid out."""

from dataclasses import dataclass
from fractions import Fraction

from sopaudit.report.tickets.model import RuleRow


@dataclass(frozen=True)
class FirstPart:
    """Something to do first."""

    sort: str
    text: str
    who: str
    rules: str
    severity: str
    severity_title: str
    since: str


@dataclass(frozen=True)
class PlaceRow:
    """What is in one place."""

    id: str
    label: str
    units: str
    value: str
    oldest: str
    share: Fraction | None
    """Of the value in custody; None where that says nothing."""

    spoken: str
    tone: str
    """`ours`, `outside`, `sum` or `total`."""


@dataclass(frozen=True)
class HolderRow:
    """What one person holds and owes."""

    person: str
    owed: str
    unused: str
    overdue: str
    days: str
    value: str
    tickets: str
    tone: str
    """`late`, or empty."""


@dataclass(frozen=True)
class CashRow:
    """Cash one person is short of."""

    person: str
    amount: str
    since: str
    tickets: str
    rows: str


@dataclass(frozen=True)
class FigureRow:
    """A key figure."""

    id: str
    title: str
    value: str
    over: str
    """Numerator and denominator, or of how many cases it is."""

    target: str
    state: str
    """Of `findings.figures.figure`."""

    state_title: str
    note: str
    """What stands beside it: its further figures, and what to know of it."""


@dataclass(frozen=True)
class Band:
    """An age in the legend."""

    label: str
    fill: str


@dataclass(frozen=True)
class AgeRow:
    """What lies in store of one sort."""

    label: str
    units: str
    value: str
    bands: tuple[str, ...]
    """Pieces by band."""

    values: tuple[str, ...]
    parts: tuple[tuple[Fraction, str], ...]
    """For the drawing: shares of the longest bar, and colours."""

    spoken: str


@dataclass(frozen=True)
class CountSum:
    """Lines of the count together."""

    label: str
    lines: str
    right: str
    accuracy: str
    plus: str
    plus_value: str
    minus: str
    minus_value: str


@dataclass(frozen=True)
class CountRow:
    """A line of the count."""

    part: str
    serial: str
    sort: str
    book: str
    counted: str
    difference: str
    tolerance: str
    value: str
    verdict: str
    tone: str
    """`missed`, `within`, or `out` where data is missing."""

    rows: str


@dataclass(frozen=True)
class SortRow:
    """Findings of one sort."""

    id: str
    title: str
    rules: str
    severity: str
    severity_title: str
    number: str
    value: str
    oldest: str


@dataclass(frozen=True)
class LossRow:
    """One finding."""

    sort: str
    rule: str
    severity: str
    severity_title: str
    text: str
    part: str
    serial: str
    ticket: str
    person: str
    value: str
    since: str
    rows: str


@dataclass(frozen=True)
class ChainRow:
    """One finding, and how it came about."""

    loss: LossRow
    details: tuple[str, ...]
    """Part, person, value: what is known of them."""

    picture: str
    """Drawn; empty where no movement led to it."""

    proof: tuple[str, ...]
    """Since when, which rule, and the source rows."""


@dataclass(frozen=True)
class PartsSection:
    """The chapter, whole."""

    sentence: str
    basis: str
    first: tuple[FirstPart, ...]
    first_note: str
    places: tuple[PlaceRow, ...]
    places_notes: tuple[str, ...]
    holders: tuple[HolderRow, ...]
    holders_note: str
    cash: tuple[CashRow, ...]
    cash_note: str
    figures: tuple[FigureRow, ...]
    bands: tuple[Band, ...]
    ageing: tuple[AgeRow, ...]
    ageing_note: str
    count_sums: tuple[CountSum, ...]
    count: tuple[CountRow, ...]
    """Lines that differ, the dearest first."""

    count_note: str
    count_more: str
    all_count: tuple[CountRow, ...]
    """Every line, for the workbook."""

    sorts: tuple[SortRow, ...]
    sorts_notes: tuple[str, ...]
    worst: tuple[ChainRow, ...]
    worst_note: str
    rules: tuple[RuleRow, ...]
    rules_note: str
    rules_rest: tuple[str, ...]
    all_rules: tuple[RuleRow, ...]
    findings: tuple[LossRow, ...]
    """All of them, for the workbook."""
