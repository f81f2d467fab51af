"""What a report shows, ready to be laid out: strings, numbers and rows.

This is the wall between knowing and showing. Whoever fills these values has looked everything up,
worked everything out and put it into one language; whoever lays them out computes nothing. A block
that has nothing to say is empty here and vanishes from the page.
"""

from dataclasses import dataclass
from fractions import Fraction

from sopaudit.press.charts import Edge
from sopaudit.report.before.model import Before, Previous
from sopaudit.report.fact import Fact
from sopaudit.report.parts.model import PartsSection
from sopaudit.report.photos.model import Album, Exhibit
from sopaudit.report.several.model import SourceAnswer
from sopaudit.report.tickets.model import TicketSection


@dataclass(frozen=True)
class Letterhead:
    """How the handbook wants its reports to look; what it does not say is empty or usual."""

    logo: str
    """The picture itself, as a data address; empty without one."""

    logo_words: str
    """What the picture says to those who do not see it."""

    accent: str
    signal: str
    header: str
    """Above every page but the first."""

    footer: str
    number: str
    """The document number; empty without a pattern for one."""

    confidentiality: str
    """Stands on every page."""


@dataclass(frozen=True)
class Chapter:
    """A chapter or annex that has something to say, in the order of the report."""

    id: str
    """Names its template, and the place links lead to."""

    number: str
    """Such as `3` or `Annex A`; numbers close up where a chapter is missing."""

    title: str
    annex: bool


@dataclass(frozen=True)
class Gap:
    """What is missing from a result: a checklist, and why its score does not speak for all."""

    title: str
    text: str


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
    scope: tuple[Fact, ...]
    """Which posts a roll-up speaks for, and which were not looked at; empty where it is for all."""

    limits: tuple[LimitNote, ...]
    share: Fraction | None
    """Of the maximum, for a bar; None without a maximum or a score."""

    edges: tuple[Edge, ...]
    """Where grades begin, along that bar."""

    weight: str
    """In the roll-up; empty without one."""

    spoken: str
    """The bar in words."""

    reach: str
    """Between which scores the true one lies, as far as samples say; empty where none do."""

    error: str
    """The same with its name."""

    reach_note: str
    """What that rests on."""

    picked_note: str
    """What is not in it, because cases were picked; empty where none were."""


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
    staff: str
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
    post: str
    """Whose work it is about; the checklist where it names no post."""

    section: str
    repeated: str
    """Our words for a nonconformity the previous audit had too; else empty."""

    standards: tuple[StandardRow, ...]
    note: str
    cases: tuple[CaseRow, ...]
    evidence: str
    """What was looked at and how."""

    long: bool
    """What was seen fills a good part of a page."""

    verdict: tuple[str, ...]
    """Conformity, severity, points lost."""

    why: tuple[str, ...]
    """How the points were worked out, and what else it brings about."""

    lost: str
    """In short, for the margin; empty for an item without points."""

    brief: str
    """One line for the summary."""

    more_cases: str = ""
    """How many cases of the records the page does not name, in words."""

    photos: tuple[Exhibit, ...] = ()
    before: Before | None = None
    """What the previous audit found there."""


@dataclass(frozen=True)
class FindingGroup:
    """The nonconformities of one severity, of all checklists."""

    severity: str
    number: str
    """Of the heading, such as `5.1`."""

    title: str
    """Empty where the checklists rank nothing."""

    findings: tuple[FindingCard, ...]


@dataclass(frozen=True)
class RemarkRow:
    """An observation or good practice."""

    item: str
    post: str
    """As on a nonconformity; empty for the office as a whole."""

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

    long: bool
    """The remark fills a good part of a page."""

    sampled: str
    """What its sample says of the rest, in a few words; empty for an item without one."""

    before: Before | None = None
    """As of `FindingCard`."""


@dataclass(frozen=True)
class LeftOut:
    """An item that does not count, and why."""

    id: str
    question: str
    reason: str
    note: str


@dataclass(frozen=True)
class Sheet:
    """A checklist: its result, its sections, and all its items for the annex."""

    result: Result
    number: str
    """Of its heading among the scores, such as `2.1`."""

    facts: tuple[Fact, ...]
    sections: tuple[SectionRow, ...]
    points_label: str
    rows: tuple[ItemRow, ...]
    """All items."""

    page_rows: tuple[ItemRow, ...]
    """Those a page shows, without what is told in `unasked`; empty where it shows all."""

    unasked: str
    """Which items nobody answered, where nobody answered any; empty else."""

    noted: bool
    """Any of them has a note."""

    rows_note: str
    left_out: tuple[LeftOut, ...]
    derivation: tuple[str, ...]


@dataclass(frozen=True)
class ActionRow:
    """A line of the table the office fills in."""

    id: str
    """Of the nonconformity it answers."""

    item: str
    post: str
    severity: str
    severity_title: str
    repeated: str
    statement: str
    due: str
    """The last day, ISO; empty where the handbook names no term."""


@dataclass(frozen=True)
class PersonRow:
    """Someone who took part, and whether they have signed the record."""

    role: str
    name: str
    staff: str
    signed: str
    picture: str = ""
    """The signature drawn on a screen, as a data address."""

    signature: str = ""
    """That signature in words; empty where none was drawn."""


@dataclass(frozen=True)
class SampleRow:
    """A sample as it was drawn, so that the draw can be repeated."""

    item: str
    drawn: str
    start: str
    cases: str
    told: str
    """What it says of the cases that were not drawn, in a few words."""

    population: str = ""
    """How many cases there were to draw from; empty where nobody says so."""


@dataclass(frozen=True)
class PersonRemark:
    """What was written down about a person's work."""

    case: str
    """Empty for the item as a whole."""

    answer: str
    note: str


@dataclass(frozen=True)
class PersonItem:
    """An item a person's work was looked at in."""

    item: str
    question: str
    conforming: str
    """Such as `9 / 10`: so many of the cases looked at."""

    nonconforming: str
    tone: str
    """As of `ItemRow`."""

    remarks: tuple[PersonRemark, ...]


@dataclass(frozen=True)
class StepRow:
    """A step of a post to look up again."""

    id: str
    title: str
    standards: str
    """Which of its standards, by id."""


@dataclass(frozen=True)
class PersonPage:
    """One inspected person: what was looked at, and what to look up again."""

    name: str
    staff: str
    posts: str
    facts: tuple[Fact, ...]
    checked: int
    """Cases, altogether."""

    conforming: int
    nonconforming: int
    items: tuple[PersonItem, ...]
    steps: tuple[StepRow, ...]
    """Those with standards of the items that did not conform."""


@dataclass(frozen=True)
class ProofRow:
    """One number of a score, and how it came about."""

    label: str
    how: tuple[str, ...]
    figure: str
    """The number; empty where the last sentence ends with it."""

    words: tuple[str, ...]
    """The words of the scheme that acted, each with its file and line."""

    tone: str
    """How the row is to look: `section` `item` `folded` `step`; of a limit `bit` `held` `near`
    `clear`."""


@dataclass(frozen=True)
class ProofSheet:
    """How one score came about, from the answers to the grade."""

    title: str
    scheme: str
    """Which scheme, in which file."""

    rows: tuple[ProofRow, ...]


@dataclass(frozen=True)
class RecordRow:
    """An item the records were asked of."""

    item: str
    rules: tuple[str, ...]
    """What each rule found."""

    found: str
    own: str
    """What the auditor answered."""

    standing: str
    """Which of the two counts."""


@dataclass(frozen=True)
class OffenceRow:
    """A case in the records that does not conform."""

    item: str
    """Or the rule, where two records contradict one another."""

    rule: str
    case: str
    type: str
    rows: str
    found: str
    expected: str
    person: str
    staff: str
    at: str
    late: str


@dataclass(frozen=True)
class ContradictionRow:
    """Two statements of which one is wrong."""

    id: str
    name: str
    """The item, or the rule that found it."""

    title: str
    said: str
    found: str
    cases: tuple[CaseRow, ...]
    more: str


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

    named: bool
    """People stand with their names; on a circulating copy with their staff numbers alone."""

    organisation: str
    subject: str
    audit: str
    created: str
    """The day of the audit, ISO; empty where none is known. Never the day of printing, because the
    same audit must give the same report."""

    authors: tuple[str, ...]
    letterhead: Letterhead
    watermark: str
    notice: str
    """What to bear in mind before anything else; empty for a final report."""

    standing: str
    """The same in a word, for the foot of every page."""

    facts: tuple[Fact, ...]
    headline: Result | None
    """The one result of the whole: the roll-up, or the only checklist."""

    state_note: str
    """What to bear in mind about it, where no gap says it better."""

    results: tuple[Result, ...]
    """One for each checklist, where there are several."""

    limits: tuple[LimitNote, ...]
    gaps: tuple[Gap, ...]
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
    """How many the summary does not name, in words."""

    close: bool
    """The summary has much to say and is set closer."""

    packed: bool
    """Even closer, since it would not be one page else."""

    praised: tuple[RemarkRow, ...]
    """Good practice in short; its chapter has all of it."""

    chapters: tuple[Chapter, ...]
    contents_first: bool
    """The list of them fits under a short summary."""

    overview: tuple[Fact, ...]
    sheets: tuple[Sheet, ...]
    overall: tuple[str, ...]
    """How the roll-up came about."""

    overall_number: str
    """Of its heading, such as `2.3`."""

    previous: Previous | None
    good: tuple[RemarkRow, ...]
    groups: tuple[FindingGroup, ...]
    observations: tuple[RemarkRow, ...]
    actions: tuple[ActionRow, ...]
    due: tuple[Fact, ...]
    """The term of each severity."""

    proofs: tuple[ProofSheet, ...]
    people: tuple[PersonRow, ...]
    samples: tuple[SampleRow, ...]
    samples_note: str
    """What their few words mean; empty where nothing was drawn at random."""

    editions: tuple[EditionRow, ...]
    persons: tuple[PersonPage, ...]
    """Those asked for."""

    contradictions: tuple[ContradictionRow, ...] = ()
    contradicted: str = ""
    """How many there are, for the summary."""

    records: tuple[RecordRow, ...] = ()
    """The items the records of the office were asked of; these blocks are empty without any."""

    records_facts: tuple[Fact, ...] = ()
    offences: tuple[OffenceRow, ...] = ()
    """All cases in them that do not conform; the page names a few beside each nonconformity."""
    tickets: TicketSection | None = None
    """Where the audit has records of tickets."""

    parts: PartsSection | None = None
    """Where it has records of parts."""

    album: Album | None = None
    """Where it has photos or papers."""

    several: tuple[SourceAnswer, ...] = ()
    """Answers to items that more than one source answered."""

    firsts: bool = True
    """The summary has room for what to do first about tickets."""
