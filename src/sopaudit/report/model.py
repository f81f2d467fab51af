"""What a report shows, ready to be laid out: strings, numbers and rows.

This is the wall between knowing and showing. Whoever fills these values has looked everything up,
worked everything out and put it into one language; whoever lays them out computes nothing. A block
that has nothing to say is empty here and vanishes from the page.
"""

from dataclasses import dataclass
from fractions import Fraction

from sopaudit.press.charts import Edge


@dataclass(frozen=True)
class Fact:
    """A label and what stands beside it."""

    label: str
    value: str


@dataclass(frozen=True)
class LimitNote:
    """A limit that bit, or waits to."""

    title: str
    effect: str
    items: str
    """The items that brought it about; empty where its title says it all."""

    checklist: str
    pending: bool
    changed: bool
    """The result would be better without it."""


@dataclass(frozen=True)
class Result:
    """One score and its grade, which stay apart."""

    id: str
    title: str
    score: str
    """As shown; our words for “not scored” where there is none."""

    scored: bool
    out_of: str
    """Such as `of 100`; empty where the scheme has no maximum."""

    grade: str
    grade_title: str
    band: str
    """What the score alone would have given, where a limit changed that; else empty."""

    pending: str
    """The grade if pending limits were confirmed; else empty."""

    state: str
    sound: bool
    """The state needs no remark."""

    state_note: str
    limits: tuple[LimitNote, ...]
    share: Fraction | None
    """Of the maximum, for a bar; None without a maximum or a score."""

    edges: tuple[Edge, ...]
    """Where grades begin, along that bar."""

    weight: str
    """In the roll-up; empty without one."""

    spoken: str
    """The bar in words."""


@dataclass(frozen=True)
class SectionRow:
    """A section of a checklist and what it earned."""

    id: str
    title: str
    points: str
    percent: str
    counted: str
    weight: str
    share: Fraction | None
    spoken: str


@dataclass(frozen=True)
class StandardRow:
    """A requirement a finding is held against."""

    id: str
    text: str
    limit: str
    source: str


@dataclass(frozen=True)
class CaseRow:
    """A nonconforming case of a sample."""

    id: str
    person: str
    answer: str
    note: str


@dataclass(frozen=True)
class FindingCard:
    """A nonconformity with its whole story: criterion, evidence, judgement."""

    id: str
    """Audit and item, the same on every run."""

    item: str
    question: str
    severity: str
    """The code, such as `major`; empty where the checklist ranks nothing."""

    severity_title: str
    section: str
    standards: tuple[StandardRow, ...]
    note: str
    cases: tuple[CaseRow, ...]
    evidence: str
    """What was looked at and how."""

    verdict: tuple[str, ...]
    """Conformity, severity, points lost."""

    why: tuple[str, ...]
    """How the points were worked out, and what else it brings about."""

    lost: str
    """In short, for the margin; empty for an item without points."""

    brief: str
    """One line for the summary."""


@dataclass(frozen=True)
class FindingGroup:
    """The nonconformities of one severity."""

    severity: str
    title: str
    findings: tuple[FindingCard, ...]


@dataclass(frozen=True)
class RemarkRow:
    """An observation or good practice."""

    item: str
    text: str


@dataclass(frozen=True)
class ItemRow:
    """One item of the sheet, as it was answered."""

    id: str
    section: str
    """The title of its section, on the first row of each; else empty."""

    question: str
    answer: str
    points: str
    note: str
    tone: str
    """How the row is to look: `met`, `missed`, `out` (not counted)."""


@dataclass(frozen=True)
class LeftOut:
    """An item that does not count, and why."""

    id: str
    question: str
    reason: str
    note: str


@dataclass(frozen=True)
class Sheet:
    """A checklist's chapter."""

    result: Result
    facts: tuple[Fact, ...]
    sections: tuple[SectionRow, ...]
    groups: tuple[FindingGroup, ...]
    observations: tuple[RemarkRow, ...]
    good: tuple[RemarkRow, ...]
    points_label: str
    rows: tuple[ItemRow, ...]
    """All items."""

    noted: bool
    """Any of them has a note."""

    rows_note: str
    left_out: tuple[LeftOut, ...]
    derivation: tuple[str, ...]


@dataclass(frozen=True)
class ActionRow:
    """A line of the table the office fills in."""

    item: str
    severity: str
    statement: str


@dataclass(frozen=True)
class PersonRow:
    """Someone who took part, and whether they have signed the record."""

    role: str
    name: str
    staff: str
    signed: str


@dataclass(frozen=True)
class SampleRow:
    """A sample as it was drawn, so that the draw can be repeated."""

    item: str
    drawn: str
    start: str
    cases: str


@dataclass(frozen=True)
class EditionRow:
    """A document the result rests on."""

    kind: str
    id: str
    title: str
    edition: str
    digest: str


@dataclass(frozen=True)
class InspectionReport:
    """The inspection report, whole."""

    lang: str
    title: str
    """For the file: what, where and which audit."""

    heading: str
    """The name of what was audited."""

    organisation: str
    subject: str
    audit: str
    created: str
    """The day of the audit, ISO; empty where none is known. Never the day of printing, because the
    same audit must give the same report."""

    authors: tuple[str, ...]
    watermark: str
    notice: str
    facts: tuple[Fact, ...]
    remarks: str
    headline: Result | None
    """The one result of the whole: the roll-up, or the only checklist."""

    results: tuple[Result, ...]
    """One for each checklist, where there are several."""

    limits: tuple[LimitNote, ...]
    judged: bool
    """Anything has a score; else no nonconformity means nothing."""

    number: int
    """Of nonconformities, altogether."""

    counts: str
    """How many of each severity."""

    ranked: bool
    """Those of the summary have a severity."""

    key: tuple[FindingCard, ...]
    more: str
    observations: tuple[RemarkRow, ...]
    """Those of the office as a whole."""

    good: tuple[RemarkRow, ...]
    """In short, for the summary; the chapters have all."""

    sheets: tuple[Sheet, ...]
    overall: tuple[str, ...]
    """How the roll-up came about."""

    actions: tuple[ActionRow, ...]
    people: tuple[PersonRow, ...]
    samples: tuple[SampleRow, ...]
    editions: tuple[EditionRow, ...]
