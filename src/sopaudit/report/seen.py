"""What is known of one audit when its report is written, whichever way its answers came."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.drawn import Drawn
from sopaudit.evidence.record import Record, RecordedAnswer
from sopaudit.evidence.recording import recorded
from sopaudit.evidence.standing import CHANNEL, Said
from sopaudit.evidence.testimony import Belied, RecordFile
from sopaudit.findings.uncertainty import Sampled, Uncertainty
from sopaudit.press.words import Words, words
from sopaudit.report.fact import Fact

Given = Mapping[tuple[str, str], tuple[RecordedAnswer, ...]]
"""What was answered, by checklist and item; an item may be answered several times."""


@dataclass(frozen=True)
class Seen:
    """One audit: the criteria, who and when, and what was answered."""

    handbook: Handbook
    id: str
    audit: Audit | None
    """None where the answers came from a table, which knows no people."""

    day: date | None
    given: Given
    records: Mapping[str, Record] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    """What a table says of the audit besides its answers."""

    uncertainty: Mapping[str, Uncertainty] = field(default_factory=dict)
    """What samples leave open, by checklist or roll-up."""

    said: Mapping[tuple[str, str], Said] = field(default_factory=dict)
    """What the records of the office said, by checklist and item."""

    belied: Sequence[Belied] = ()
    held: Sequence[RecordFile] = ()
    """The files they said it in."""
    drawn: Drawn | None = None
    """The tickets that were drawn for it."""

    circulating: bool = False
    """It is masked, and says so."""

    def answers(self, checklist: str, item: str) -> tuple[RecordedAnswer, ...]:
        """Give what was answered to one item."""
        return self.given.get((checklist, item), ())

    def seen(self, checklist: str, item: str) -> tuple[RecordedAnswer, ...]:
        """Give what auditors answered, also where the records count in its place."""
        said = self.said.get((checklist, item))
        return said.own if said is not None and said.own else self.answers(checklist, item)

    def unseen(self, checklist: str) -> bool:
        """Say whether nobody answered a checklist, so that it is known from records alone."""
        record = self.records.get(checklist)
        return record is not None and record.channel == CHANNEL

    def doubt(self, checklist: str) -> Uncertainty:
        """Give what samples leave open of a score."""
        return self.uncertainty.get(checklist, Uncertainty())

    def sampled(self, checklist: str, item: str) -> Sampled | None:
        """Give the cases of one item; None where it has none."""
        return self.doubt(checklist).samples.get(item)


def seen_in_folder(folder: AuditFolder) -> Seen:
    """Look at an audit folder."""
    given: dict[tuple[str, str], tuple[RecordedAnswer, ...]] = {}
    for checklist, record in folder.records.items():
        for answer in record.answers:
            key = checklist, answer.item
            given[key] = (*given.get(key, ()), answer)
    audit = folder.audit
    return Seen(
        folder.handbook,
        audit.id,
        audit,
        audit.date,
        given,
        folder.records,
        said=folder.said,
        belied=folder.belied,
        held=folder.held,
        drawn=folder.drawn,
    )


def seen_in_tables(handbook: Handbook, frames: Iterable[AnswerFrame], audit: str) -> Seen:
    """Look at one audit of a table."""
    given: dict[tuple[str, str], tuple[RecordedAnswer, ...]] = {}
    facts: dict[str, str] = {}
    day: date | None = None
    for frame in frames:
        if audit not in frame.audits:
            continue
        index = frame.audits.index(audit)
        if not np.isnat(frame.dates[index]):
            day = frame.dates[index].item()
        facts |= {name: told[index] for name, told in frame.facts.items() if told[index]}
        for answer in recorded(frame, audit):
            key = frame.checklist, answer.item
            given[key] = (*given.get(key, ()), answer)
    return Seen(handbook, audit, None, day, given, facts=facts)


LENGTH: Final = re.compile(
    r"(?<![\w.-])(-?\d+(?:\.\d+)?) (working (?:hours?|days?|min|d)|hours|months|days?|min|h|d|s)\b"
)
"""A number and a unit of time."""

_BEYOND: Final = re.compile(r"(?<=个工作日) (?=\d)")
"""The blank between days of work and what is beyond them, of which the clock is another."""

_BETWEEN: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d)")
"""The blank between two of them, which Chinese does without."""


class Speaker:
    """Puts an audit's names and texts into one language."""

    def __init__(self, seen: Seen, lang: str) -> None:
        self.seen = seen
        self.lang = lang
        self.words: Words = words(lang)

    def say(self, text: Text | None) -> str:
        """Give the words of a text; nothing for none."""
        return "" if text is None else self.seen.handbook.say(text, self.lang)

    def fill(self, section: str, key: str, **values: object) -> str:
        """Fill a sentence of ours."""
        return self.words[section][key].format_map(values)

    def name(self, staff_number: str) -> str:
        """Name a person; an unknown staff number stands for itself."""
        person = self.seen.handbook.person(staff_number)
        return self.say(person.name) if person else staff_number

    def named(self, staff_number: str) -> str:
        """Name a person with the staff number."""
        name = self.name(staff_number)
        if name == staff_number:
            return name
        return f"{name}（{staff_number}）" if self.lang == "zh" else f"{name} ({staff_number})"

    def listed(self, texts: Sequence[str]) -> str:
        """Join texts as the language does."""
        return ("、" if self.lang == "zh" else ", ").join(texts)

    def length(self, text: str) -> str:
        """Say a length of time in the language of the page, such as `working 2 h 1 min`."""
        said, chinese = self.words["length"], self.lang == "zh"
        whole, space = text.removeprefix("working "), "" if chinese else " "
        told = LENGTH.sub(lambda m: f"{m[1]}{space}{said[m[2]]}", whole)
        told = _BETWEEN.sub("", _BEYOND.sub("又", told)) if chinese else told
        return self.fill("length", "working", rest=told) if whole != text else told

    def fact(self, label: str, names: str) -> Fact:
        """Put listed names beside a label; Chinese lines end between them."""
        pieces = re.split(r"(?<=、)", names) if self.lang == "zh" else ()
        return Fact(label, names, tuple(pieces))

    def joined(self, sentences: Iterable[str]) -> str:
        """Put sentences after one another."""
        return ("" if self.lang == "zh" else " ").join(s for s in sentences if s)
