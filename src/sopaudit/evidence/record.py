"""What people write into an audit folder: `audit.yaml`, and one answers record a checklist.

Every channel writes the answers record `sopaudit.answers/1` (JSON), and scoring reads nothing else.
It names people by staff number only and has no place for a customer's name, phone or address.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from sopaudit.criteria.field import Day, Entry, Flag, Id, Number, Text, Whole, Word


def _moment(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    try:
        moment = datetime.fromisoformat(value.strip() if isinstance(value, str) else "")
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 -- stands for none; it has no offset either
    if moment.tzinfo is None:
        raise PydanticCustomError("A003", "a moment with its offset expected")
    return moment


Moment = Annotated[datetime, PlainValidator(_moment, json_schema_input_type=str)]
"""A day and time with its offset, written 2026-10-20T09:30:00+08:00."""

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def _hash(value: object) -> str:
    if not (isinstance(value, str) and _SHA256.fullmatch(value)):
        raise PydanticCustomError("A004", "a sha256 expected")
    return value


Hash = Annotated[str, PlainValidator(_hash, json_schema_input_type=str)]
"""A sha256, as 64 hexadecimal digits in lower case."""


class EvidenceFile(Entry):
    """A photo or paper that shows what was seen."""

    file: Word
    """Its path inside the audit folder."""

    sha256: Hash
    taken: Moment | None = None
    unproven: Flag = False
    """Nothing but a name or a chat program says when it was taken."""


Result = Literal["yes", "partial", "no", "na", "unchecked"]
"""What a case, or a part of one, may be answered."""


def of_parts(parts: Collection[Result]) -> Result | None:
    """Judge a case by its parts: it conforms where every part that applies does.

    It is partial where only some of them conform, which counts as failed. A part nobody looked at
    leaves it open, unless another part failed.
    """
    applicable = [part for part in parts if part != "na"]
    if not applicable:
        return "na" if parts else None
    if {"no", "partial"} & {*applicable}:
        return "partial" if {"yes", "partial"} & {*applicable} else "no"
    return "unchecked" if "unchecked" in applicable else "yes"


class Case(Entry):
    """One case of a sample: a ticket, a call, a part."""

    id: Word
    result: Result | None = None
    """May be left out where its parts say it."""

    parts: dict[Word, Result] = Field(default_factory=dict)
    """By part of the item, such as the greeting of a call."""

    person: Word | None = None
    """Whom it is about."""

    note: str = ""
    evidence: tuple[EvidenceFile, ...] = ()

    @property
    def judged(self) -> Result | None:
        """What it was answered, or else what its parts come to."""
        return self.result or of_parts([*self.parts.values()])

    @property
    def failed(self) -> bool:
        """Whether it does not conform; partly is not."""
        return self.judged in ("partial", "no")


Selection = Literal["random", "judgement", "all"]
"""How cases came to be looked at: drawn at random, picked, or all there were."""


class Sample(Entry):
    """The cases an item was looked at in."""

    drawn: Whole | None = None
    """How many were drawn."""

    seed: Whole | None = None
    """The start number of the draw, with which it can be repeated."""

    population: Whole | None = None
    """How many cases there were to draw from."""

    selection: Selection | None = None
    """How they were chosen; what follows from the rest where nothing is said."""

    failed: Whole | None = None
    """Nonconforming cases, where no cases are listed."""

    checked: Whole | None = None
    """Cases that were conforming or nonconforming, where none are listed."""

    cases: tuple[Case, ...] = ()

    @property
    def drawing_told(self) -> bool:
        """Whether anything says how they were chosen; else cases show what was found, and where."""
        told = (self.drawn, self.seed, self.population, self.selection)
        return any(value is not None for value in told)

    @property
    def size(self) -> int:
        """How many cases it has, also those that did not apply."""
        return len(self.cases) or self.drawn or self.checked or 0

    @property
    def chosen(self) -> Selection:
        """How they were chosen: at random where a seed says so, picked where nothing does.

        Where there was no other case to look at nothing was chosen, and all were seen; but not if
        one of them was left unchecked.
        """
        everything = self.selection == "all" or self.size == self.population
        if everything and all(case.judged not in (None, "unchecked") for case in self.cases):
            return "all"
        if self.selection in ("random", "judgement"):
            return self.selection
        return "judgement" if self.seed is None else "random"

    @property
    def counts(self) -> tuple[int | None, int | None]:
        """Failed and checked: counted from the cases where there are any.

        Partly conforming is nonconforming; not applicable and unchecked cases are not counted.
        """
        if not self.cases:
            return self.failed, self.checked
        failed = sum(case.failed for case in self.cases)
        return failed, failed + sum(case.judged == "yes" for case in self.cases)


class Confirmation(Entry):
    """A second person has seen it too, as a veto needs."""

    by: Word
    at: Moment | None = None


class Override(Entry):
    """A person has put this answer in place of another."""

    by: Word
    why: Word


class Offence(Entry):
    """A case that does not conform to a rule, as the table of deviations has it."""

    id: Word
    """Of the deviation, the same on every run."""

    case: str
    """The ticket, or what else the case is called."""

    rule: Word
    type: Word
    rows: str = ""
    """Source rows, with their record where that is not the log: `12 calls:7`."""

    expected: str = ""
    found: str = ""
    who: str = ""
    at: str = ""
    late: str = ""
    post: str = ""


class RuleTold(Entry):
    """What one rule found."""

    rule: Word
    failed: Whole
    checked: Whole
    unknown: Whole = 0
    tolerated: Flag = False
    """So few failed that its tolerance covers them."""

    let_be: Whole = 0
    """Cases a suppression lets be; they are in no other number."""


Why = Literal["unknown", "missing", "suspected", "none", "let be", "no word"]
"""Why records answer nothing: too much is unknown, a record is missing, a person has to confirm it,
there was no case, none but those let be, or the item takes no answer they could give."""


class FromRecords(Entry):
    """What the records say of one item."""

    rules: tuple[RuleTold, ...] = ()
    """Those that were heard."""

    failed: Whole = 0
    checked: Whole = 0
    """Cases that conform or do not, to all its rules together."""

    unknown: Whole = 0
    """Cases of which data is missing; they are not among those checked."""

    tolerated: Whole = 0
    """Cases that fail only rules whose tolerance covers them; they count as conforming."""

    excused: Whole = 0
    """Cases that conform only by an approval, an explanation or a grace."""

    let_be: Whole = 0
    """Cases that do not conform, or of which data is missing, and that a suppression lets be."""

    result: Result | None = None
    """The word they answer with; none where the number of cases is the answer."""

    why: Why | None = None
    """Where the word is `unchecked` or `na`."""

    missing: tuple[Word, ...] = ()
    """Records nobody handed in."""

    unheard: tuple[Word, ...] = ()
    """Rules of the item that no code decides."""

    beside: tuple[RuleTold, ...] = ()
    """What else its standards name and was heard: told beside the item, and counted nowhere."""

    as_of: Day
    digest: Word
    """Of the records it rests on, all together."""

    offences: tuple[Offence, ...] = ()

    @property
    def says(self) -> bool:
        """Whether it answers the item at all."""
        return self.result != "unchecked"


class Belied(Entry):
    """A contradiction between records, as `contradictions` of the rules look for it."""

    rule: Word
    failed: Whole
    checked: Whole
    unknown: Whole = 0
    offences: tuple[Offence, ...] = ()


class RecordFile(Entry):
    """A file of records that was heard."""

    file: Word
    digest: Word


Channel = Literal[
    "excel", "html", "odk", "kobo", "paper", "terminal", "photos", "table", "records", "several"
]
"""How a record came about; `several` where its answers came through more than one channel."""


class Source(Entry):
    """A filled sheet that answers came from."""

    id: Word
    """Names it inside the record: the beginning of its digest."""

    channel: Channel
    file: Word
    """Its name, without folders."""

    digest: Word
    at: Moment | None = None
    """When it was filled or sent; None where it does not say so."""

    by: Word | None = None
    """Who filled it."""


class OtherAnswer(Entry):
    """What another source says of an item, or what was answered before: kept, and not counted."""

    source: Word | None = None
    """None where it was answered before sources were told."""

    result: Word | None = None
    value: Number | None = None
    note: str = ""
    at: Moment | None = None
    person: Word | None = None
    evidence: tuple[EvidenceFile, ...] = ()
    confirmed: Confirmation | None = None
    override: Override | None = None
    sample: Sample | None = None


class RecordedAnswer(Entry):
    """What was answered to one item."""

    item: Word
    result: Word | None = None
    """One of the words the item's scoring knows; none while nothing is answered."""

    value: Number | None = None
    """A number of points, or of occurrences; exact, so best written in quotes."""

    note: str = ""
    at: Moment | None = None
    person: Word | None = None
    """Whom it is about."""

    labels: dict[Word, Word] = Field(default_factory=dict)
    """Labels its checklist declares, such as the step it was found in; they go before those of the
    item, and answers to one item that differ in them stand beside one another."""

    evidence: tuple[EvidenceFile, ...] = ()
    sample: Sample | None = None
    confirmed: Confirmation | None = None
    override: Override | None = None
    from_records: FromRecords | None = None
    """What the records say of it; both are kept, and `evidence.said` tells which counts."""

    source: Word | None = None
    """The filled sheet it came from, by its id among the record's `sources`."""

    others: tuple[OtherAnswer, ...] = ()
    """What other sources say of it, the latest first; the answer itself is the latest of all."""

    @property
    def counts(self) -> tuple[int | None, int | None]:
        """Failed and checked cases; None where there is no sample."""
        return (None, None) if self.sample is None else self.sample.counts

    @property
    def whole(self) -> bool:
        """Whether it was counted from all records there are, and from no sample."""
        told, sample = self.from_records, self.sample
        if told is None or sample is None or sample.cases:
            return False
        return sample.selection == "all" and sample.population == told.checked

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases that are listed."""
        return () if self.sample is None else self.sample.cases

    @property
    def files(self) -> tuple[EvidenceFile, ...]:
        """The photos and papers of the answer, then those of its cases."""
        return (*self.evidence, *(file for case in self.cases for file in case.evidence))

    @property
    def result_seen(self) -> str | None:
        """The result; `unchecked` where cases were drawn and nobody looked at any."""
        nobody = bool(self.cases) and all(case.judged == "unchecked" for case in self.cases)
        return "unchecked" if nobody and self.result is None else self.result

    @property
    def persons(self) -> tuple[str, ...]:
        """Everybody it is about, itself or in one of its cases."""
        named = [self.person, *(case.person for case in self.cases)]
        return tuple(dict.fromkeys(person for person in named if person is not None))

    @property
    def by_person(self) -> tuple["RecordedAnswer", ...]:
        """The answer parted by the persons of its cases; whole where one word or number is all."""
        groups = dict.fromkeys(case.person for case in self.cases)
        told = self.person is not None or self.value is not None
        if told or self.result in ("na", "unchecked") or len(groups) < 2:  # noqa: PLR2004 -- several
            return (self,)
        return tuple(
            self.model_copy(
                update={
                    "person": person,
                    "result": None,
                    "sample": Sample(cases=tuple(c for c in self.cases if c.person == person)),
                }
            )
            for person in groups
        )

    @property
    def labelled(self) -> tuple[tuple[str, str], ...]:
        """Its labels by name."""
        return tuple(sorted(self.labels.items()))

    @property
    def silent(self) -> bool:
        """Whether nothing is answered."""
        return self.result is None and self.value is None and self.counts == (None, None)


class Signature(Entry):
    """Who put their name to the record."""

    role: Literal["auditor", "auditee", "head", "escort"]
    person: Word
    at: Moment | None = None
    drawn: EvidenceFile | None = None
    """The signature itself, where it was written on a screen."""


class Used(Entry):
    """A file of the handbook, exactly as it was then."""

    id: Word
    edition: Word
    digest: Word


class ChecklistUsed(Used):
    """The checklist that was answered."""

    scheme: Used | None = None
    """How it was to be scored; records of earlier versions do not say."""


class Record(Entry):
    """The whole of `answers/<checklist>.json`."""

    schema_: Literal["sopaudit.answers/1"] = Field(alias="schema")
    audit: Word
    checklist: ChecklistUsed
    channel: Channel
    answers: tuple[RecordedAnswer, ...]
    signatures: tuple[Signature, ...] = ()
    sources: tuple[Source, ...] = ()
    """The filled sheets its answers came from, the earliest first."""


Kind = Literal["self", "station", "region", "hq", "unannounced", "mystery", "recheck"]
"""Who looks, and how: 自查 站内 大区 总部 飞行检查 暗访 复查. Kinds are never ranked together."""


class Period(Entry):
    """The days an audit covers, both included."""

    from_: Day = Field(alias="from")
    to: Day


class Scope(Entry):
    """What of the office an audit covers."""

    posts: tuple[Word, ...] = Field(min_length=1)
    """The posts whose work is examined."""


class TeamMember(Entry):
    """Who looked, or showed the way."""

    person: Word
    role: Literal["leader", "member", "escort"]
    """An escort (陪同) belongs to the office and does not examine."""


class Remark(Entry):
    """Something worth saying, of an item or of the office as a whole."""

    text: Text
    item: Word | None = None


class Audit(Entry):
    """The whole of `audit.yaml`: one examination of one office over stated dates."""

    id: Id
    office: Word
    period: Period
    scope: Scope | None = None
    """Every post the office has, where nothing is said."""

    date: Day
    """The day of the visit, by which points and roster are chosen."""

    as_of: Day | None = None
    """The last day its records speak of; the day of the visit where nothing is said."""

    kind: Kind
    team: tuple[TeamMember, ...] = Field(min_length=1)
    auditees: tuple[Word, ...] = ()
    """Whose work was examined."""

    follows: Id | None = None
    """The audit this one follows up."""

    state: Literal["draft", "provisional", "final"] = "draft"
    appeal_until: Day | None = None
    """The last day on which a provisional result may be contested."""

    facts: dict[Word, Word] = Field(default_factory=dict)
    """What the surcharges of schemes ask: a fact, and what it says of this audit."""

    purpose: Text | None = None
    """Why it was done; what follows from its kind where nothing is said."""

    basis: Text | None = None
    """What it was held against; the editions used where nothing is said."""

    sampling: Text | None = None
    """How cases were chosen; what the records say of their draw where nothing is said."""

    remarks: Text | None = None
    good_practice: tuple[Remark, ...] = ()
    observations: tuple[Remark, ...] = ()

    @property
    def auditors(self) -> tuple[str, ...]:
        """Those of the team who examine."""
        return tuple(member.person for member in self.team if member.role != "escort")
