"""An answers record held against its checklist: what is wrong, and its answers as a frame."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.judging import answer_set
from sopaudit.criteria.scheme import Each, Scheme
from sopaudit.evidence.answers import AnswerFrame, Why, wrong
from sopaudit.evidence.auditfile import Audit
from sopaudit.evidence.cases import misfits
from sopaudit.evidence.grounds import Grounds
from sopaudit.evidence.people import People
from sopaudit.evidence.pinned import UNKNOWN, pins_of, revision
from sopaudit.evidence.record import Case, Confirmation, EvidenceFile, Record, RecordedAnswer, Used
from sopaudit.evidence.signing import Signing
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc

CODES: Final[Mapping[Why, str]] = {
    "word not allowed": "A102",
    "na not allowed": "A103",
    "number not allowed": "A105",
    "occurrences missing": "A106",
    "not whole": "A107",
    "cases missing": "A108",
    "more failed than checked": "A109",
    "contradiction": "A110",
    "left out and counted": "A035",
    "above the points": "A032",
    "no word": "A111",
}
"""What a mistaken answer is called in an answers record."""

_SOUND: Final = ("yes", "na", "unchecked")
"""Results that find no fault."""

_CELLS: Final = {"failed": ("sample",), "checked": ("sample",)}
"""Where in a recorded answer a mistaken part stands, if not under its own name."""


@dataclass(frozen=True)
class _Said:
    """A usable answer about one person, or about nobody in particular."""

    place: int
    """Of the record's answer it is, or is a part of."""

    given: RecordedAnswer
    answer: Answer


@dataclass
class Examination:
    """One record on the table."""

    folder: Path
    audit: Audit
    handbook: Handbook
    document: Document
    record: Record
    people: People
    carried: bool = False
    """Its answers are held against another edition on purpose, which is then no mistake."""

    beside: Sequence[Record] = ()
    """The other records of the audit, which is frozen as a whole."""

    problems: list[Problem] = field(default_factory=list)
    examined: dict[str, Loc] = field(default_factory=dict)
    """Whom the record is about, and where it first says so."""

    def frame(self) -> AnswerFrame | None:
        """Check everything the record says; give its usable answers, None without a checklist."""
        checklist = self.handbook.checklists.get(self.record.checklist.id)
        if not self.carried:
            self.problems.extend(self._head(checklist))
        signing = Signing(self.audit, self.people, self.record, self.document)
        self.problems.extend(signing.problems())
        self.problems.extend(self._files(signing.drawn()))
        if checklist is None:
            return None
        scheme, items = self.handbook.schemes[checklist.scheme], checklist.by_id
        answers = list(self._answers(checklist, scheme))
        grounds = Grounds(self.handbook.records, self.audit.date, self.document)
        for n, given in enumerate(self.record.answers):
            loc: Loc = ("answers", n)
            self.problems.extend(self._persons(given, checklist.post, loc))
            self.problems.extend(self._evidence(given, loc))
            self.problems.extend(self._kept(given, loc))
            if given.item in items:
                item = items[given.item]
                judged = answer_set(scheme, item)
                self.problems.extend(misfits(given, item, judged, self.document, loc))
                self.problems.extend(grounds.lacking(given, item, judged, loc))
        self.problems.extend(self._unlisted())
        return self._frame(checklist, answers)

    def _problem(self, code: str, loc: Loc, **values: str) -> Problem:
        return self.document.problem(code, loc, key=False, **values)

    def _head(self, checklist: Checklist | None) -> Iterator[Problem]:
        record, used = self.record, self.record.checklist
        if record.audit != self.audit.id:
            yield self._problem("A010", ("audit",), word=record.audit, audit=self.audit.id)
        if Path(self.document.path).stem != used.id:
            yield self._problem("A011", ("checklist", "id"), word=used.id)
        if checklist is None:
            near = choices(used.id, list(self.handbook.checklists))
            yield self._problem("A012", ("checklist", "id"), word=used.id, choices=near)
            return
        scope = self.audit.scope
        if scope and checklist.post and checklist.post not in scope.posts:
            told = {"post": checklist.post, "scope": ", ".join(scope.posts)}
            yield self._problem("A101", ("checklist", "id"), checklist=used.id, **told)
        loc = ("checklist", "edition")
        if used.edition != checklist.edition:
            told = {"word": used.edition, "edition": checklist.edition}
            yield self._problem("A013", loc, checklist=used.id, **told, **self._way_out)
        elif used.digest != (digest := self.handbook.digests.get(used.id, "")):
            loc = ("checklist", "digest")
            told = {"checklist": used.id, "digest": digest}
            yield self._problem("A014", loc, **told, **self._way_out)
        if used.scheme is not None:
            scheme = self.handbook.schemes[checklist.scheme]
            yield from self._scheme(used.scheme, scheme)

    def _scheme(self, used: Used, scheme: Scheme) -> Iterator[Problem]:
        """Check that the checklist is still scored as it was to be."""
        loc: Loc = ("checklist", "scheme")
        if (used.id, used.edition) != (scheme.id, scheme.edition):
            told = {"word": used.id, "edition": used.edition}
            told |= {"now": scheme.id, "present": scheme.edition, **self._way_out}
            yield self._problem("A016", (*loc, "id"), **told)
        elif used.digest != (digest := self.handbook.digests.get(scheme.id, "")):
            told = {"scheme": scheme.id, "digest": digest, **self._way_out}
            yield self._problem("A017", (*loc, "digest"), **told)

    @cached_property
    def _way_out(self) -> dict[str, str]:
        """Name the folder of the audit, and the revision that had what the record was made with."""
        folder = Path(self.document.path).parent.parent.as_posix()
        known = revision(self.handbook, pins_of([self.record, *self.beside]))
        return {"audit": folder, "revision": known or UNKNOWN}

    def _answers(self, checklist: Checklist, scheme: Scheme) -> Iterator[_Said]:
        """Yield the meaning of each usable answer; others become problems."""
        first: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}
        for n, given in enumerate(self.record.answers):
            loc: Loc = ("answers", n)
            item = checklist.by_id.get(given.item)
            if item is None:
                self.problems.append(self._no_item(given.item, checklist, (*loc, "item")))
                continue
            if not item.in_force(self.audit.date) and not given.silent:
                told = {"item": item.id, "span": item.span}
                self.problems.append(self._problem("A130", (*loc, "item"), **told))
                continue
            before = first.setdefault((given.item, given.labelled), [])
            unusable = [
                *self._labels(given, checklist, loc),
                *self._again(given, before, scheme, loc),
            ]
            self.problems.extend(unusable)
            if unusable:
                continue
            before.append(n)
            if given.silent:
                continue
            answers = answer_set(scheme, item)
            confirmed = self._confirmed(given, loc)
            meant = _answer(given, confirmed=confirmed)
            mistake = wrong(meant, item, answers, day=self.audit.date)
            if mistake is None:
                counting = answers == "rate" or isinstance(answers, Each)
                parted = given.by_person if scheme.persons and counting else (given,)
                for said in parted:
                    yield _Said(n, said, _answer(said, confirmed=confirmed))
            else:
                at = (*loc, *_CELLS.get(mistake.cell, (mistake.cell,)))
                text = "" if given.value is None else plain(given.value)
                told = {"text": text, **mistake.values}
                self.problems.append(self._problem(CODES[mistake.why], at, **told))

    def _labels(self, given: RecordedAnswer, checklist: Checklist, loc: Loc) -> Iterator[Problem]:
        """Say which labels of an answer its checklist does not know, or not with this value."""
        for label, value in given.labels.items():
            at = (*loc, "labels", label)
            values = checklist.labels.get(label)
            if values is None:
                near = choices(label, list(checklist.labels))
                told = {"word": label, "checklist": checklist.id, "choices": near}
                yield self.document.problem("A140", at, key=True, **told)
            elif value not in values:
                near = choices(value, values)
                yield self._problem("A141", at, label=label, word=value, choices=near)

    def _again(
        self, given: RecordedAnswer, before: Sequence[int], scheme: Scheme, loc: Loc
    ) -> Iterator[Problem]:
        """Say why an item cannot be answered once more: it is no other person's answer."""
        for n in before[:1] if scheme.persons is None else before:
            other = self.record.answers[n]
            line = str(self.document.place(("answers", n)).line)
            if scheme.persons is None:
                yield self._problem("A022", (*loc, "item"), item=given.item, first=line)
            elif given.person is None or other.person is None:
                yield self._problem("A018", loc, item=given.item, first=line)
                return
            elif given.person == other.person:
                at = (*loc, "person")
                yield self._problem("A019", at, item=given.item, person=given.person, first=line)

    def _no_item(self, name: str, checklist: Checklist, loc: Loc) -> Problem:
        others = (other for other in self.handbook.checklists.values() if name in other.by_id)
        home = next(others, None)
        if home is not None:
            told = {"item": name, "home": home.id, "checklist": checklist.id}
            return self._problem("A021", loc, **told)
        near = choices(name, list(checklist.by_id))
        return self._problem("A020", loc, item=name, checklist=checklist.id, choices=near)

    def _persons(self, given: RecordedAnswer, post: str | None, loc: Loc) -> Iterator[Problem]:
        """Check whom an answer is about, and who stands behind it."""
        named: list[tuple[Loc, str | None]] = [((*loc, "person"), given.person)]
        for m, case in enumerate(given.cases):
            named.append(((*loc, "sample", "cases", m, "person"), case.person))
        for at, person in named:
            if person is not None:
                wrong = list(self.people.inspected(self.document, at, person, post))
                yield from wrong
                if not wrong:
                    self.examined.setdefault(person, at)
        if given.override is not None:
            at, by = (*loc, "override", "by"), given.override.by
            yield from self.people.known(self.document, at, by)
            if by in given.persons and self.audit.kind != "self":
                yield self._problem("A057", at, person=by, item=given.item)
        if given.confirmed is not None:
            doubts = self._confirmation(given, given.confirmed, (*loc, "confirmed"))
            # There is nothing to see of an answer that finds no fault.
            sound = given.result_seen in _SOUND
            yield from (doubt for doubt in doubts if not (sound and doubt.code == "A056"))

    def _unlisted(self) -> Iterator[Problem]:
        """Name those whose work was examined and whom `audit.yaml` does not list."""
        for person, at in self.examined.items() if self.audit.auditees else ():
            if person not in self.audit.auditees:
                yield self._problem("A059", at, person=person)

    def _confirmed(self, given: RecordedAnswer, loc: Loc) -> bool:
        """Say whether a second person stands for it, with evidence, and nothing is wrong there."""
        if given.confirmed is None:
            return False
        doubts = (*self._confirmation(given, given.confirmed, loc), *self._evidence(given, loc))
        return not doubts

    def _confirmation(self, given: RecordedAnswer, by: Confirmation, loc: Loc) -> Iterator[Problem]:
        """Check that a second person confirmed, and that there is something to see."""
        yield from self.people.known(self.document, (*loc, "by"), by.by)
        if not self.people.second(by.by, self.record, given):
            yield self._problem("A055", (*loc, "by"), person=by.by, item=given.item)
        if not given.files:
            yield self._problem("A056", loc, item=given.item)

    def _evidence(self, given: RecordedAnswer, loc: Loc) -> Iterator[Problem]:
        """Check that the files an answer and its cases name are there, unchanged."""
        yield from self._files(_named(given.evidence, given.cases, loc))

    def _kept(self, given: RecordedAnswer, loc: Loc) -> Iterator[Problem]:
        """Check the same of what other sources said, which is kept beside it."""
        for n, other in enumerate(given.others):
            cases = () if other.sample is None else other.sample.cases
            yield from self._files(_named(other.evidence, cases, (*loc, "others", n)))

    def _files(self, named: Iterable[tuple[Loc, EvidenceFile]]) -> Iterator[Problem]:
        for at, evidence in named:
            path = inside(self.folder, evidence.file)
            if path is None:
                yield self._problem("A042", (*at, "file"), file=evidence.file)
            elif not path.is_file():
                yield self._problem("A040", (*at, "file"), file=evidence.file)
            elif hashlib.sha256(path.read_bytes()).hexdigest() != evidence.sha256:
                yield self._problem("A041", (*at, "sha256"), file=evidence.file)

    def _frame(self, checklist: Checklist, answers: Sequence[_Said]) -> AnswerFrame:
        order = {item: n for n, item in enumerate(checklist.by_id)}
        kinds = {answer: n for n, answer in enumerate(dict.fromkeys(s.answer for s in answers))}
        named = dict.fromkeys(s.given.person for s in answers if s.given.person is not None)
        names = {name: n for n, name in enumerate(named)}
        lines = [self.document.place(("answers", said.place)).line for said in answers]
        asked = dict.fromkeys(self.handbook.schemes[checklist.scheme].facts, "")
        return AnswerFrame(
            checklist=checklist.id,
            audits=(self.audit.id,),
            dates=np.array([self.audit.date], dtype="datetime64[D]"),
            audit=np.zeros(len(answers), np.int32),
            items=tuple(order),
            item=np.array([order[said.given.item] for said in answers], np.int32),
            kinds=tuple(kinds),
            answer=np.array([kinds[said.answer] for said in answers], np.int32),
            row=np.array(lines, np.int32),
            facts={name: (told,) for name, told in (asked | self.audit.facts).items()},
            notes={n: said.given.note for n, said in enumerate(answers) if said.given.note},
            persons=tuple(names),
            person=np.array([names.get(s.given.person or "", -1) for s in answers], np.int32),
        )


def _answer(given: RecordedAnswer, *, confirmed: bool) -> Answer:
    said = given.result_seen, given.value, *given.counts
    return Answer(*said, confirmed=confirmed, labels=given.labelled)


def _named(
    evidence: Iterable[EvidenceFile], cases: Iterable[Case], loc: Loc
) -> Iterator[tuple[Loc, EvidenceFile]]:
    """Give the files of an answer, then those of its cases, and where the record names them."""
    for n, file in enumerate(evidence):
        yield (*loc, "evidence", n), file
    for m, case in enumerate(cases):
        for n, file in enumerate(case.evidence):
            yield (*loc, "sample", "cases", m, "evidence", n), file


def inside(folder: Path, name: str) -> Path | None:
    """Give the path of a file of the folder; None where its name leads out of it."""
    path = folder / name
    if Path(name).is_absolute() or {"\\", ":", "\0"} & {*name}:
        return None
    # Unlike `Path.resolve`, this takes links that lead round in a circle for what they are.
    real = Path(os.path.realpath(path))
    return path if real.is_relative_to(os.path.realpath(folder)) else None
