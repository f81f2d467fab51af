"""What the ticket section of a report shows, ready to be laid out."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final


@dataclass(frozen=True)
class Legend:
    """A part of a bar: how many, of what, and how it looks."""

    label: str
    count: int
    share: str
    fill: str
    line: str


@dataclass(frozen=True)
class FirstRow:
    """Something to do first."""

    id: str
    """A rule or a workflow."""

    text: str
    owner: str
    """In words; `post` is the bare title."""

    post: str
    tickets: int
    severity: str
    severity_title: str
    sure: str
    """The rate, and how far it may be trusted."""


@dataclass(frozen=True)
class QualityRow:
    """One question to the data."""

    title: str
    meaning: str
    count: str
    share: str
    limit: str
    state: str
    """The code: `ok`, `told`, `stops`."""

    verdict: str
    examples: str


@dataclass(frozen=True)
class SpotRow:
    """A place where a workflow is left."""

    step: str
    text: str
    type: str
    tickets: int
    owner: str


@dataclass(frozen=True)
class FlowRow:
    """A workflow, how often it is left by type, and where most."""

    id: str
    title: str
    types: str
    """Such as `skipped 12, extra 3`; our words for none."""

    chart: str
    """Where its chart stands; empty where no ticket passed it."""

    spots: tuple[SpotRow, ...]
    jumps: tuple[str, ...]
    """Moves outside the flow, the most frequent first."""


@dataclass(frozen=True)
class RuleRow:
    """A rule and what it came to."""

    id: str
    title: str
    severity: str
    severity_title: str
    cases: str
    """Such as `12 / 240`."""

    rate: str
    share: Fraction | None
    """The same for a bar."""

    range: str
    unknown: str
    note: str
    tone: str
    """`missed`, `met`, or `out` where nothing can be said."""

    failed: int
    decided: int
    lacking: int


@dataclass(frozen=True)
class SliceRow:
    """One group of a dimension."""

    label: str
    cases: int
    bad: int
    rate: str
    share: Fraction
    lift: str
    mark: str
    """`▲` or `▼` where it is more than chance may bring, else empty."""

    tone: str
    """`worse`, `better`, `few`, `total`, or empty."""


_HEADING: Final = 2
"""A heading and the room below a table are as high as so many rows."""


@dataclass(frozen=True)
class DimensionTable:
    """The cases by one dimension."""

    id: str
    title: str
    rows: tuple[SliceRow, ...]


@dataclass(frozen=True)
class SaidRow:
    """A deviation of a ticket in plain words."""

    ticket: str
    rule: str
    severity_title: str
    text: str
    who: str
    when: str
    rows: str


@dataclass(frozen=True)
class TicketRow:
    """A ticket and what went wrong."""

    ticket: str
    deviations: tuple[SaidRow, ...]
    more: str


@dataclass(frozen=True)
class VariantRow:
    """A way tickets went."""

    tickets: int
    share: str
    part: Fraction
    text: str
    cost: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class ChartSheet:
    """A page of a workflow's chart."""

    flow: str
    title: str
    """On its first page; else empty."""

    svg: str
    landscape: bool


@dataclass(frozen=True)
class TicketSection:
    """The ticket section, whole."""

    as_of: str
    sentence: str
    spoken: str
    """The same with every state, for those who do not see the bar."""

    touched: str
    """How many tickets have any deviation, by workflows and rules together."""

    basis: str
    bar: tuple[Legend, ...]
    parts: tuple[tuple[int, str, str], ...]
    """The same for the drawing: how many, fill and outline."""

    first: tuple[FirstRow, ...]
    first_note: str
    quality_sound: bool
    quality_note: str
    quality: tuple[QualityRow, ...]
    """What was found, the gravest first; what was looked for and is not there stands in
    `quality_silent`."""

    quality_more: str
    """How much of it is left to the workbook."""

    all_quality: tuple[QualityRow, ...]
    """All questions, for the workbook."""

    quality_silent: str
    flows: tuple[FlowRow, ...]
    rules: tuple[RuleRow, ...]
    """Those that are broken, the worst first."""

    rules_note: str
    rules_rest: tuple[str, ...]
    """Sentences on all others."""

    elsewhere: str
    """Where the other rules are told; empty where all are told here."""

    let_be: tuple[str, ...]
    """Sentences on suppressions: which cases they let be, and which count again."""

    all_rules: tuple[RuleRow, ...]
    """Every rule in handbook order, for the workbook."""

    dimensions: tuple[DimensionTable, ...]
    where_note: str
    worst: tuple[TicketRow, ...]
    worst_note: str
    variants: tuple[VariantRow, ...]
    variants_note: str
    charts: tuple[ChartSheet, ...]
    deviations: tuple[SaidRow, ...]
    """All of them, for the workbook."""

    @property
    def dimension_stacks(self) -> tuple[tuple[DimensionTable, ...], ...]:
        """The dimensions in two stacks as even as can be, which a page lays side by side."""
        high = [len(table.rows) + _HEADING for table in self.dimensions]
        cuts = range(len(high) + 1)
        cut = min(cuts, key=lambda n: (max(sum(high[:n]), sum(high[n:])), -n))
        stacks = (self.dimensions[:cut], self.dimensions[cut:])
        return tuple(stack for stack in stacks if stack)
