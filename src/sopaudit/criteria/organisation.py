"""Who is audited: the organisation, its regions, offices and people (`sopaudit.yaml`)."""

from datetime import date, tzinfo
from typing import Final, Literal

from pydantic import Field

from sopaudit.criteria.checklist import Severity
from sopaudit.criteria.field import Day, Entry, Flag, Id, Text, Whole, Word
from sopaudit.criteria.zone import Zone, zone_of


class Organisation(Entry):
    """The company the handbook belongs to."""

    id: Id
    name: Text
    zone: Zone | None = None
    """The clock times without an offset are on; that of the machine where nothing is said."""

    @property
    def clock(self) -> tzinfo | None:
        """Give the zone times without an offset are on; None where nothing is said."""
        return zone_of(self.zone) if self.zone else None


class Units(Entry):
    """What this company calls an audited unit and the person who heads it."""

    office: Text
    head: Text

    @classmethod
    def usual(cls) -> "Units":
        """Give the words used where a handbook has none of its own."""
        return cls(
            office=Text((("zh", "受审核单位"), ("en", "office"))),
            head=Text((("zh", "负责人"), ("en", "manager"))),
        )


class Region(Entry):
    """A group of offices under one manager."""

    id: Id
    title: Text


class Office(Entry):
    """An audited unit."""

    id: Id
    title: Text
    region: Word | None = None


class Person(Entry):
    """Someone on the roster; one person may hold several posts."""

    id: Id
    """The staff number (工号)."""

    name: Text
    posts: tuple[Word, ...] = ()
    office: Word | None = None
    """None for people of no office, such as headquarters' auditors."""

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None

    def works_on(self, day: date) -> bool:
        """Say whether this entry of the roster holds on `day`."""
        return (self.from_ or day) <= day <= (self.to or day)


class Asked(Entry):
    """What an answers record must hold besides its answers; a company may ask for less."""

    note: tuple[Literal["fail", "na"], ...] = ("fail", "na")
    """Which answers need a remark: what was found, or why it does not apply."""

    evidence: tuple[Severity, ...] = ("critical", "major")
    """Severities at which a failure needs a photo, a paper or the cases that failed."""

    place: Flag = False
    """Whether the index of photos keeps where they were taken, to three decimals of a degree."""


class Colours(Entry):
    """The two colours of a report, written `#00566b`; everything else is ink and grey."""

    accent: Word | None = None
    """Headings, bars, grades."""

    signal: Word | None = None
    """What needs attention: critical, a veto, a draft."""


class DueDays(Entry):
    """Calendar days from the visit until a nonconformity must be corrected, by severity."""

    critical: Whole | None = None
    major: Whole | None = None
    minor: Whole | None = None


class ReportSettings(Entry):
    """How reports look, and what they carry."""

    logo: Word | None = None
    """A PNG, JPEG or SVG file of the handbook."""

    colours: Colours | None = None
    header: Text | None = None
    """Above every page but the first; the audited unit where nothing is said."""

    footer: Text | None = None
    number: Word | None = None
    """Pattern of the document number, with `NUMBER_VARIABLES` between double braces."""

    confidentiality: Text | None = None
    due_days: DueDays | None = None


NUMBER_VARIABLES: Final = ("audit.id", "office.id", "org.id")
"""What may stand between double braces in the document number."""


class Revision(Entry):
    """One line of the record of revisions (修订记录)."""

    edition: Word
    date: Day
    what: Text
    """What was changed."""

    by: Word | None = None


class DocumentControl(Entry):
    """What controlled books carry: number, revision, who made and approved it, and when."""

    number: Word
    """The document number (文件编号)."""

    revision: Whole = 0
    """How often this edition was revised (修订次)."""

    prepared_by: Word | None = None
    reviewed_by: Word | None = None
    approved_by: Word | None = None
    issued_on: Day | None = None
    effective_on: Day | None = None
    controlled: Flag = True
    """Whether copies that are handed out are listed and replaced (受控)."""

    keeper: Text | None = None
    """Which department keeps it."""

    revisions: tuple[Revision, ...] = ()


class Settings(Entry):
    """The whole of `sopaudit.yaml`."""

    edition: Word
    title: Text
    languages: tuple[Word, ...] = Field(min_length=1)
    """The first is the language of reports unless another is asked for."""

    organisation: Organisation
    units: Units | None = None
    methods: dict[Word, Text] = Field(default_factory=dict)
    """How evidence is gathered: a short mark and what it means."""

    provenance: dict[Word, Text] = Field(default_factory=dict)
    """Where a rule comes from: a mark, which source numbers may follow, and what it means."""

    regions: tuple[Region, ...] = ()
    offices: tuple[Office, ...] = ()
    roster: tuple[Person, ...] = ()
    records: Asked = Field(default_factory=Asked)
    """What answers records must hold."""
    report: ReportSettings | None = None
    document: DocumentControl | None = None
    """What the printed handbook says of itself."""
