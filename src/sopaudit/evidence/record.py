"""The answers record, one a checklist: what was answered to its items, by whom and upon what.

Every channel writes the answers record `sopaudit.answers/1` (JSON), and scoring reads nothing else.
It names people by staff number only and has no place for a customer's name, phone or address.
"""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from sopaudit.criteria.answer import Result
from sopaudit.criteria.field import Entry, Flag, Number, Whole, Word
from sopaudit.evidence.testimony import FromRecords


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
