"""What the printed handbook shows: words, numbers and rows, ready to be set.

This is the wall for the handbook, as `report.model` is for inspections: templates compute nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from sopaudit.report.model import Letterhead

Said = tuple[str, ...]
"""The same words in each language of the book, in its order; empty where nothing is said."""


@dataclass(frozen=True)
class Fact:
    """A label and what it says."""

    label: Said
    value: Said


@dataclass(frozen=True)
class Mark:
    """A sign of the book and what it stands for."""

    sign: str
    words: Said


@dataclass(frozen=True)
class RevisionRow:
    """A line of the record of revisions."""

    edition: str
    date: str
    what: Said
    by: Said


@dataclass(frozen=True)
class Control:
    """What a controlled document says of itself."""

    number: str
    edition: str
    facts: tuple[Fact, ...]
    status: Said
    """Whether copies are controlled."""

    approvals: tuple[Fact, ...]
    """Who prepared, reviewed and approved it: a label, and name with staff number."""

    revisions: tuple[RevisionRow, ...]


@dataclass(frozen=True)
class Way:
    """A way on from a box."""

    label: Said
    to: str
    title: Said


@dataclass(frozen=True)
class NodeRow:
    """A box of a chart, in the table beside it."""

    id: str
    lane: Said
    kind: str
    kind_words: Said
    title: Said
    note: Said
    ways: tuple[Way, ...]
    forms: tuple["Named", ...]
    events: tuple[str, ...]
    limit: Said
    standards: tuple[str, ...]
    mark: str


@dataclass(frozen=True)
class Named:
    """An id and what it is called."""

    id: str
    title: Said


@dataclass(frozen=True)
class ChartSpot:
    """Where a box stands in its chart, and the id of what it is about.

    Places and sizes are shares of the drawing, ready for a style.
    """

    subject: str
    words: str
    left: str
    top: str
    width: str
    height: str


@dataclass(frozen=True)
class ChartPage:
    """A chart, or the part of one that fits a page."""

    svg: Markup
    """Without links in it: they lie on the drawing, because PDF renderers make none inside."""

    lang: str
    landscape: bool
    title: str
    number: str
    """Which part of how many, such as `2/3`; empty for a chart that is whole."""

    width: float
    """In millimetres, as the height."""

    height: float
    spots: tuple[ChartSpot, ...]
    across: bool = False
    """Time runs right, and it is whole: for screens, which are wide and have no pages."""


@dataclass(frozen=True)
class FlowSheet:
    """A workflow: its charts and the table of its boxes."""

    id: str
    title: Said
    purpose: Said
    facts: tuple[Fact, ...]
    charts: tuple[ChartPage, ...]
    rows: tuple[NodeRow, ...]


@dataclass(frozen=True)
class StandardRow:
    """A standard of a step."""

    id: str
    number: str
    standard: Said
    limit: Said
    evidence: str
    checks: tuple[str, ...]
    items: tuple[str, ...]
    """The checklist items that verify it."""

    mark: str


@dataclass(frozen=True)
class StepBlock:
    """A step with its standards."""

    id: str
    number: str
    title: Said
    explanation: Said
    mark: str
    standards: tuple[StandardRow, ...]


@dataclass(frozen=True)
class ToolRow:
    """A tool of a post."""

    title: Said
    mark: str


@dataclass(frozen=True)
class ForbiddenRow:
    """What a post must not say or do."""

    id: str
    phrase: Said
    instead: Said
    mark: str


@dataclass(frozen=True)
class PostSheet:
    """The operating standard of a post."""

    id: str
    title: Said
    purpose: Said
    facts: tuple[Fact, ...]
    tools: tuple[ToolRow, ...]
    steps: tuple[StepBlock, ...]
    forbidden: tuple[ForbiddenRow, ...]
    size: str
    """How closely it is set: `roomy`, `usual`, `close` or `tight`."""


@dataclass(frozen=True)
class ItemRow:
    """An item of a checklist."""

    id: str
    question: Said
    sample: Said
    needs: Said
    """Evidence that is asked for, and when it applies."""

    points: str
    severity: str
    severity_words: Said
    method: str
    scoring: str
    veto: bool
    standards: tuple[str, ...]
    answered_by: tuple[str, ...]
    parts: tuple[Said, ...]
    mark: str


@dataclass(frozen=True)
class SectionBlock:
    """A section of a checklist with its items."""

    id: str
    title: Said
    points: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True)
class ChecklistSheet:
    """A checklist as it is used."""

    id: str
    title: Said
    facts: tuple[Fact, ...]
    scoring: tuple[Mark, ...]
    sections: tuple[SectionBlock, ...]
    size: str
    """How closely it is set, as a post's sheet."""


@dataclass(frozen=True)
class SchemeSheet:
    """How scores and grades are made."""

    id: str
    title: Said
    explanation: Said
    grades: tuple[Fact, ...]
    limits: tuple[Said, ...]


@dataclass(frozen=True)
class WeightRow:
    """A post's share in the branch."""

    checklist: str
    title: Said
    weight: str


@dataclass(frozen=True)
class BranchSheet:
    """How posts add up."""

    id: str
    title: Said
    weights: tuple[WeightRow, ...]
    schemes: tuple[SchemeSheet, ...]


@dataclass(frozen=True)
class RuleRow:
    """An automatic check, a rule on parts or a key figure."""

    id: str
    title: Said
    passes: Said
    limit: Said
    severity: str
    severity_words: Said
    note: Said
    refers: tuple[str, ...]
    """Standards, items or rules that belong to it."""

    mark: str


@dataclass(frozen=True)
class RuleGroup:
    """Rules under a heading; the heading may be empty."""

    title: Said
    rows: tuple[RuleRow, ...]


@dataclass(frozen=True)
class RuleSheet:
    """A register of rules."""

    id: str
    title: Said
    intro: Said
    groups: tuple[RuleGroup, ...]


@dataclass(frozen=True)
class StageRow:
    """A stage in the life of a part."""

    id: str
    title: Said
    explanation: Said
    next: tuple[Said, ...]


@dataclass(frozen=True)
class MoveRow:
    """A kind of movement of parts."""

    id: str
    title: Said
    before: Said
    after: Said
    papers: tuple[Named, ...]


@dataclass(frozen=True)
class EquationRow:
    """A relation of the ledger."""

    title: Said
    formula: Said
    explanation: Said
    mark: str


@dataclass(frozen=True)
class Grid:
    """A reference table or a list of codes."""

    id: str
    title: Said
    note: Said
    facts: tuple[Fact, ...]
    head: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]
    right: tuple[bool, ...] = ()
    """Which columns hold numbers."""

    paired: bool = False
    """Its rows are so short that two stand side by side."""


@dataclass(frozen=True)
class PartsSheet:
    """The rules on spare parts."""

    id: str
    title: Said
    purpose: Said
    facts: tuple[Fact, ...]
    stages: tuple[StageRow, ...]
    places: Grid | None
    moves: tuple[MoveRow, ...]
    equations: tuple[EquationRow, ...]
    losses: Grid | None
    counting: tuple[Fact, ...]
    groups: tuple[RuleGroup, ...]


@dataclass(frozen=True)
class MoneySheet:
    """Where the money of customers can be, and what moves it."""

    id: str
    title: Said
    purpose: Said
    facts: tuple[Fact, ...]
    places: Grid
    moves: Grid


@dataclass(frozen=True)
class FieldRow:
    """A field of a form."""

    title: Said
    id: str
    required: bool
    note: Said


@dataclass(frozen=True)
class FieldGroup:
    """A part of a form; its heading may be empty."""

    title: Said
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True)
class FormBlock:
    """A form or a record."""

    id: str
    title: Said
    purpose: Said
    posts: tuple[Named, ...]
    used_in: tuple[str, ...]
    """The boxes of charts that use it."""

    groups: tuple[FieldGroup, ...]
    mark: str


@dataclass(frozen=True)
class FormSheet:
    """All forms, or all records."""

    id: str
    title: Said
    intro: Said
    forms: tuple[FormBlock, ...]


@dataclass(frozen=True)
class CalendarMonth:
    """A month with its days: what is off and what is worked."""

    title: Said
    weeks: tuple[tuple[tuple[str, str], ...], ...]
    """Per week seven pairs: the day (empty outside the month), and `work`, `off`, `rest` or
    `makeup`."""


@dataclass(frozen=True)
class CalendarSheet:
    """The working calendar."""

    id: str
    title: Said
    note: Said
    facts: tuple[Fact, ...]
    weekdays: tuple[Said, ...]
    months: tuple[CalendarMonth, ...]
    days_off: tuple[Fact, ...]
    make_up: tuple[Fact, ...]


@dataclass(frozen=True)
class GridSheet:
    """Reference tables, or lists of codes."""

    id: str
    title: Said
    intro: Said
    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class TermRow:
    """A term and what it means."""

    id: str
    term: Said
    note: Said
    mark: str


@dataclass(frozen=True)
class TermGroup:
    """Terms under a heading."""

    title: Said
    terms: tuple[TermRow, ...]


@dataclass(frozen=True)
class GlossarySheet:
    """The glossary."""

    id: str
    title: Said
    groups: tuple[TermGroup, ...]


@dataclass(frozen=True)
class IndexGroup:
    """All ids of one kind, in the order people look them up."""

    title: Said
    entries: tuple[Named, ...]


@dataclass(frozen=True)
class IndexSheet:
    """All ids of the book."""

    id: str
    title: Said
    groups: tuple[IndexGroup, ...]


@dataclass(frozen=True)
class GuideSheet:
    """How to read the book."""

    id: str
    title: Said
    paragraphs: tuple[Said, ...]
    shapes: tuple[Mark, ...]
    methods: tuple[Mark, ...]
    provenance: tuple[Mark, ...]
    severities: tuple[Mark, ...]


Sheet = (
    GuideSheet
    | FlowSheet
    | PostSheet
    | ChecklistSheet
    | BranchSheet
    | PartsSheet
    | MoneySheet
    | RuleSheet
    | FormSheet
    | CalendarSheet
    | GridSheet
    | GlossarySheet
    | IndexSheet
)


@dataclass(frozen=True)
class Leaf:
    """A part of the book that stands by itself: a page of the site, an entry of the contents."""

    anchor: str
    number: str
    title: Said
    kind: str
    """Names the template that sets it."""

    sheet: Sheet

    @property
    def named(self) -> bool:
        """Its anchor is an id people use, and stands beside its title."""
        return self.kind in {"flow", "post", "checklist", "branch"}

    @property
    def page(self) -> str:
        """The kind of page it begins on: `upright` or `lying` for a chart, else the usual one."""
        charts = self.sheet.charts if isinstance(self.sheet, FlowSheet) else ()
        return "" if not charts else "lying" if charts[0].landscape else "upright"


@dataclass(frozen=True)
class Chapter:
    """A chapter: one leaf, or several under a heading."""

    anchor: str
    number: str
    title: Said
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class Book:
    """The whole handbook."""

    languages: tuple[str, ...]
    """One, or two that stand side by side."""

    title: Said
    organisation: Said
    edition: str
    letterhead: Letterhead
    control: Control | None
    chapters: tuple[Chapter, ...]
    anchors: Mapping[str, str]
    """Every id that can be pointed at, and the leaf it stands in."""

    created: str
    """The day it was issued or took effect; never the day of printing, which would change it."""

    authors: tuple[str, ...]

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves, in order."""
        return tuple(leaf for chapter in self.chapters for leaf in chapter.leaves)
