"""What people wrote for an item, made the answer of a record: one way of reading for every channel.

A channel hands over texts as they were typed or tapped, and where a text cannot be meant it is told
which of them; the channel knows the place. Two channels in which the same was said give the same
answer, whatever detours the typing took.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Final, cast

import numpy as np

from sopaudit.criteria.answer import RESULTS, Result
from sopaudit.criteria.field import number, plain
from sopaudit.criteria.organisation import Person
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.answers import Given, Mistake, Words, read_answer
from sopaudit.evidence.examination import CODES
from sopaudit.evidence.habits import habits, key, narrow
from sopaudit.evidence.lines import moment
from sopaudit.evidence.record import Case, Confirmation, RecordedAnswer, Sample
from sopaudit.problems import LANGUAGES, choices
from sopaudit.sheets.blank import Ask, Blank, Leaf
from sopaudit.sheets.wording import MEANT, TICKS, answer_title

LONGEST: Final = 4000
"""Signs of a remark; nobody writes more by hand."""

DIGITS: Final = 15
"""A start number of more digits is no number a record keeps."""


@dataclass(frozen=True)
class WrittenCase:
    """One line of a list of cases, about one item."""

    id: str
    result: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    """By part of the item."""

    person: str = ""
    note: str = ""

    @property
    def silent(self) -> bool:
        """Whether nobody looked at it."""
        return not self.result and not self.parts


@dataclass(frozen=True)
class Written:
    """What stands on a sheet beside one item; empty texts where nothing does."""

    result: str = ""
    value: str = ""
    """Occurrences or points, as the item is answered."""

    failed: str = ""
    checked: str = ""
    note: str = ""
    person: str = ""
    at: datetime | str = ""
    cases: Sequence[WrittenCase] = ()
    confirmed: str = ""
    """The second person who has seen it too, written as `person` is."""


@dataclass(frozen=True)
class Slip:
    """Something written that cannot be used, or not as it stands."""

    cell: str
    """Which text: a field of `Written`; of a case its field, or `parts:<id>`."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    case: int | None = None
    """Which case, counted from 0; None where it is about the item as a whole."""


@dataclass
class Answering:
    """Reads what is written on one checklist of a blank."""

    blank: Blank
    leaf: Leaf
    zone: tzinfo
    """Where the clock of whoever wrote without an offset stands."""

    slips: list[Slip] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._words = _words(self.leaf.scheme)
        self._drawn = {key(ticket): ticket for ticket in self.blank.tickets}

    @cached_property
    def _people(self) -> "People":
        return People([*self.leaf.people, *self.blank.handbook.roster])

    def answer(self, ask: Ask, written: Written) -> tuple[RecordedAnswer | None, list[Slip]]:
        """Read what is written for one item; None where nothing is, or it cannot be meant.

        The slips are those of this item.
        """
        self.slips = []
        cases = self._cases(ask, written.cases)
        if any(slip.case is not None for slip in self.slips):
            return None, self.slips
        texts = [narrow(text).strip() for text in self._texts(written)]
        result, value, failed, checked = ("" if habits().blank(t) else t for t in texts)
        note = self._note(written.note, "note", None)
        person = self._person(written.person, "person", None)
        witness = self._person(written.confirmed, "confirmed", None)
        if not (result or value or failed or checked or cases):
            if note or witness:
                self._slip("note" if note else "confirmed", "F003", item=ask.item.id)
            return None, self.slips
        if cases:
            self._totals(ask, cases, failed, checked)
            failed = checked = ""
        given = None if self.slips else self._given(ask, (result, value, failed, checked), cases)
        if given is None or self.slips:
            return None, self.slips
        update = {
            "note": note,
            "person": person or None,
            "at": self._at(written.at),
            "confirmed": Confirmation(by=witness) if witness else None,
        }
        answer = given.model_copy(update=update)
        return (None if self.slips else answer), self.slips

    def _texts(self, written: Written) -> tuple[str, str, str, str]:
        return written.result, written.value, written.failed, written.checked

    def _slip(self, cell: str, code: str, at: int | None = None, /, **values: str) -> None:
        self.slips.append(Slip(cell, code, values, at))

    def _given(
        self, ask: Ask, texts: tuple[str, str, str, str], cases: Sequence[Case]
    ) -> RecordedAnswer | None:
        """Read word and numbers; where a number says it all the word beside it says it again."""
        result, value, failed, checked = texts
        sample = self._sample(ask, cases)
        if sample is not None:
            counts = sample.counts
            failed, checked = (str(n) for n in counts)
        if ask.way == "occurrences" and result and not value and number(narrow(result)) is not None:
            result, value = "", result
        read = read_answer(
            Given(result, value, failed, checked), ask.item, ask.answers, self._words
        )
        if isinstance(read, Mistake):
            numbers = {"value": value, "failed": failed, "checked": checked}
            told = {"text": numbers.get(read.cell) or value or failed, **read.values}
            # People know the word they wrote; what it is called in a record says nothing to them.
            told["word"] = result or told.get("word", "")
            if read.why == "unknown word":
                self._slip(
                    "result", "F001", item=ask.item.id, word=result, choices=self._choices(ask)
                )
            elif read.why == "no number":
                self._slip(read.cell, "F002", item=ask.item.id, text={**_named(texts)}[read.cell])
            else:
                self._slip(read.cell, CODES[read.why], None, **told)
            return None
        if read is None:
            return None
        if read.result is not None and read.result not in ask.words:
            self._slip("result", "F001", item=ask.item.id, word=result, choices=self._choices(ask))
            return None
        if sample is None and read.checked is not None:
            sample = Sample(failed=read.failed, checked=read.checked)
        if read.result in ("na", "unchecked") and ask.way != "points" and not cases:
            # Another number beside these is refused; noughts say once more what the word does.
            return RecordedAnswer(item=ask.item.id, result=read.result)
        counted = read.value is not None or sample is not None
        spoken = read.result if read.result in ("na", "unchecked") or not counted else None
        return RecordedAnswer(item=ask.item.id, result=spoken, value=read.value, sample=sample)

    def _choices(self, ask: Ask) -> str:
        return _spoken(ask.words)

    # --- cases ---------------------------------------------------------------------------------

    def _cases(self, ask: Ask, written: Iterable[WrittenCase]) -> list[Case]:
        found: list[Case] = []
        for n, one in enumerate(written):
            case = self._case(ask, one, n)
            if case is not None:
                found.append(case)
        return found

    def _case(self, ask: Ask, written: WrittenCase, n: int) -> Case | None:
        """Read a line of the list; None where nobody looked at this item in it."""
        result = self._case_word(ask, written.result, "result", n)
        known = {part.id for part in ask.item.parts}
        parts = {
            name: word
            for name, text in written.parts.items()
            if name in known and (word := self._case_word(ask, text, f"parts:{name}", n))
        }
        note = self._note(written.note, "note", n)
        if result is None and not parts:
            return None
        named = narrow(written.id).strip()
        if not named:
            self._slip("id", "F004", n, item=ask.item.id)
            return None
        person = self._person(written.person, "person", n)
        told = {part.id: parts[part.id] for part in ask.item.parts if part.id in parts}
        case = Case(
            id=self._drawn.get(key(named), named),
            result=None if told else result,
            parts=told,
            person=person or None,
            note=note,
        )
        if {_fails(result), _fails(case.judged)} == {True, False}:
            self._slip("result", "F023", n, item=ask.item.id, case=named)
        return case

    def _case_word(self, ask: Ask, text: str, cell: str, n: int) -> Result | None:
        said = narrow(text).strip()
        if not said or habits().blank(said):
            return None
        taken = _words_of_cases().taken(MEANT.get(said, said), dict.fromkeys(RESULTS, Fraction(0)))
        if taken is None or taken.text not in RESULTS:
            known = _spoken(RESULTS, TICKS)
            self._slip(cell, "F001", n, item=ask.item.id, word=said, choices=known)
            return None
        return taken.text

    def _sample(self, ask: Ask, cases: Sequence[Case]) -> Sample | None:
        """Say how the cases came about: as drawn where every drawn ticket is among them."""
        if not cases:
            return None
        drawn = self.blank.drawn
        seen = {case.id for case in cases}
        whole = bool(drawn) and ask.drawn and set(drawn) <= seen
        start = self.blank.start
        if whole and len(cases) == len(drawn) and start.isdecimal() and len(start) <= DIGITS:
            return Sample(
                drawn=len(cases),
                seed=int(start),
                population=self.blank.population,
                cases=tuple(cases),
            )
        return Sample(cases=tuple(cases))

    def _totals(self, ask: Ask, cases: Sequence[Case], failed: str, checked: str) -> None:
        """Hold numbers written beside a list of cases against the list: both must agree."""
        counts = Sample(cases=tuple(cases)).counts
        for cell, text, counted in zip(
            ("failed", "checked"), (failed, checked), counts, strict=True
        ):
            if text and number(text) != counted:
                told = {"item": ask.item.id, "text": text, "counted": str(counted)}
                self._slip(cell, "F005", None, **told)

    # --- people, remarks, times ----------------------------------------------------------------

    def _person(self, text: str, cell: str, n: int | None) -> str:
        said = narrow(text).strip()
        if not said or habits().blank(said):
            return ""
        found = self._people.meant(said)
        if found is None:
            leaf = self.leaf
            known = self.blank.seconds(leaf) if cell == "confirmed" else leaf.people
            near = choices(said, [person.id for person in known])
            self._slip(cell, "F006", n, text=said, choices=near)
            return ""
        return found.id

    def _note(self, text: str, cell: str, n: int | None) -> str:
        note = remark(text)
        if len(note) > LONGEST:
            self._slip(cell, "F007", n, length=str(len(note)), most=str(LONGEST))
        return note

    def _at(self, at: datetime | str) -> datetime | None:
        return when(at, self.zone)


def remark(text: str) -> str:
    """Take a remark as it was written, without signs that cannot be seen or that steer a screen."""
    lines = (
        "".join(sign for sign in line if sign.isprintable()).strip()
        for line in text.replace("\t", " ").splitlines()
    )
    kept = "\n".join(lines).strip()
    return "" if habits().blank(kept) else kept


def when(at: datetime | str, zone: tzinfo) -> datetime | None:
    """Read a moment; one without an offset is on the clock of `zone`. None where it is none."""
    read = at if isinstance(at, datetime) else _read_moment(at.strip())
    return read if read is None or read.tzinfo else read.replace(tzinfo=zone)


def _read_moment(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        found = moment(said) if said else np.datetime64("NaT")
        return None if np.isnat(found) else cast("datetime", found.astype("datetime64[s]").item())


class People:
    """People as they are written on a sheet: by staff number, name, or both."""

    def __init__(self, people: Iterable[Person]) -> None:
        people = [*people]
        found: dict[str, dict[str, Person]] = {}
        for person in people:
            for written in _written(person):
                found.setdefault(key(written), {})[person.id] = person
        self._by_key = found
        self._bare: dict[str, dict[str, Person]] = {}
        for person in people:
            if person.id.isdecimal():
                self._bare.setdefault(key(_bare(person.id)), {})[person.id] = person

    def meant(self, said: str) -> Person | None:
        """Find who is meant; None where that is not certain.

        A spreadsheet makes 12 of 0012: where no number or name fits as it stands, the one that fits
        without the zeros in front of it is meant.
        """
        written = key(said)
        found = self._by_key.get(written) or self._bare.get(written, {})
        return next(iter(found.values())) if len(found) == 1 else None


def _bare(number: str) -> str:
    return number.lstrip("0") or "0"


def _written(person: Person) -> Iterator[str]:
    yield person.id
    for name in _names(person):
        yield from (name, f"{person.id}{name}", f"{name}{person.id}", f"{name}({person.id})")


def _names(person: Person) -> list[str]:
    return [name for _, name in person.name.wordings]


def _named(texts: tuple[str, str, str, str]) -> dict[str, str]:
    return dict(zip(("result", "value", "failed", "checked"), texts, strict=True))


def _fails(result: Result | None) -> bool | None:
    """Say whether a result finds a fault; None where it says neither."""
    return {"yes": False, "no": True, "partial": True}.get(result or "")


def _words(scheme: Scheme) -> Words:
    return Words({}, (scheme,))


def _spoken(known: Iterable[str], signs: Mapping[str, str] = MappingProxyType({})) -> str:
    """List words as sheets show them, in both languages: whoever filled one in reads either.

    A sign that says the same is told first, since it is what people tick a case with.
    """
    return ", ".join(
        f"{signs.get(word, '')} ".lstrip()
        + "/".join(dict.fromkeys(answer_title(word, lang) for lang in LANGUAGES))
        for word in known
    )


def _words_of_cases() -> Words:
    return Words({}, ())


def shown_value(given: RecordedAnswer) -> str:
    """Write the number of an answer as people type it; empty without one."""
    return "" if given.value is None else plain(given.value)
