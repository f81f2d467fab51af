"""An answers record held against its checklist: what is wrong, and its answers as a frame."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame, Why, answer_set, wrong
from sopaudit.evidence.people import People
from sopaudit.evidence.record import Audit, Confirmation, Record, RecordedAnswer
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
    "no word": "A111",
}
"""What a mistaken answer is called in an answers record."""

_CELLS: Final = {"failed": ("sample",), "checked": ("sample",)}
"""Where in a recorded answer a mistaken part stands, if not under its own name."""


@dataclass
class Examination:
    """One record on the table."""

    folder: Path
    audit: Audit
    handbook: Handbook
    document: Document
    record: Record
    people: People
    problems: list[Problem] = field(default_factory=list)

    def frame(self) -> AnswerFrame | None:
        """Check everything the record says; give its usable answers, None without a checklist."""
        self.problems.extend(self._head())
        self.problems.extend(self._signatures())
        checklist = self.handbook.checklists.get(self.record.checklist.id)
        if checklist is None:
            return None
        answers = dict(self._answers(checklist))
        for n, given in enumerate(self.record.answers):
            self.problems.extend(self._persons(given, ("answers", n)))
            self.problems.extend(self._evidence(given, ("answers", n)))
            self.problems.extend(self._sample(given, ("answers", n)))
        return self._frame(checklist, answers)

    def _problem(self, code: str, loc: Loc, **values: str) -> Problem:
        return Problem(self.document.place(loc), code, values)

    def _head(self) -> Iterator[Problem]:
        record, used = self.record, self.record.checklist
        if record.audit != self.audit.id:
            yield self._problem("A010", ("audit",), word=record.audit, audit=self.audit.id)
        if Path(self.document.path).stem != used.id:
            yield self._problem("A011", ("checklist", "id"), word=used.id)
        checklist = self.handbook.checklists.get(used.id)
        if checklist is None:
            near = choices(used.id, list(self.handbook.checklists))
            yield self._problem("A012", ("checklist", "id"), word=used.id, choices=near)
            return
        loc = ("checklist", "edition")
        if used.edition != checklist.edition:
            told = {"word": used.edition, "edition": checklist.edition}
            yield self._problem("A013", loc, checklist=used.id, **told)
        elif used.digest != (digest := self.handbook.digests.get(used.id, "")):
            loc = ("checklist", "digest")
            yield self._problem("A014", loc, checklist=used.id, digest=digest)

    def _signatures(self) -> Iterator[Problem]:
        for n, signature in enumerate(self.record.signatures):
            loc: Loc = ("signatures", n, "person")
            yield from self.people.known(self.document, loc, signature.person)
            if signature.role == "auditor" and signature.person not in self.audit.auditors:
                yield self._problem("A054", loc, person=signature.person)

    def _answers(self, checklist: Checklist) -> Iterator[tuple[int, Answer]]:
        """Yield the position and meaning of each usable answer; others become problems."""
        scheme, items = self.handbook.schemes[checklist.scheme], checklist.by_id
        first: dict[str, int] = {}
        for n, given in enumerate(self.record.answers):
            loc: Loc = ("answers", n)
            item = items.get(given.item)
            if item is None:
                self.problems.append(self._no_item(given.item, checklist, (*loc, "item")))
                continue
            if given.item in first:
                line = str(self.document.place(("answers", first[given.item])).line)
                told = {"item": given.item, "first": line}
                self.problems.append(self._problem("A022", (*loc, "item"), **told))
                continue
            first[given.item] = n
            if given.silent:
                continue
            confirmed = self._confirmed(given, loc)
            answer = Answer(given.result_seen, given.value, *given.counts, confirmed=confirmed)
            mistake = wrong(answer, item, answer_set(scheme, item))
            if mistake is None:
                yield n, answer
            else:
                at = (*loc, *_CELLS.get(mistake.cell, (mistake.cell,)))
                text = "" if given.value is None else plain(given.value)
                told = {"text": text, **mistake.values}
                self.problems.append(self._problem(CODES[mistake.why], at, **told))

    def _no_item(self, name: str, checklist: Checklist, loc: Loc) -> Problem:
        others = (other for other in self.handbook.checklists.values() if name in other.by_id)
        home = next(others, None)
        if home is not None:
            told = {"item": name, "home": home.id, "checklist": checklist.id}
            return self._problem("A021", loc, **told)
        near = choices(name, list(checklist.by_id))
        return self._problem("A020", loc, item=name, checklist=checklist.id, choices=near)

    def _persons(self, given: RecordedAnswer, loc: Loc) -> Iterator[Problem]:
        if given.person is not None:
            yield from self.people.inspected(self.document, (*loc, "person"), given.person)
        for m, case in enumerate(given.sample.cases if given.sample else ()):
            if case.person is not None:
                at = (*loc, "sample", "cases", m, "person")
                yield from self.people.inspected(self.document, at, case.person)
        if given.override is not None:
            at = (*loc, "override", "by")
            yield from self.people.known(self.document, at, given.override.by)
        if given.confirmed is not None:
            yield from self._confirmation(given, given.confirmed, (*loc, "confirmed"))

    def _confirmed(self, given: RecordedAnswer, loc: Loc) -> bool:
        """Say whether a second person stands for it, with evidence, and nothing is wrong there."""
        if given.confirmed is None:
            return False
        doubts = (*self._confirmation(given, given.confirmed, loc), *self._evidence(given, loc))
        return not doubts

    def _confirmation(self, given: RecordedAnswer, by: Confirmation, loc: Loc) -> Iterator[Problem]:
        """Check that a second person confirmed, and that there is something to see."""
        yield from self.people.known(self.document, (*loc, "by"), by.by)
        signed = {s.person for s in self.record.signatures if s.role == "auditor"}
        first = signed or {m.person for m in self.audit.team if m.role == "leader"}
        examined = {given.person, *self.audit.auditees} - {*self.audit.auditors}
        if first == {by.by} or by.by in examined or by.by == given.person:
            yield self._problem("A055", (*loc, "by"), person=by.by, item=given.item)
        if not given.evidence:
            yield self._problem("A056", loc, item=given.item)

    def _evidence(self, given: RecordedAnswer, loc: Loc) -> Iterator[Problem]:
        for n, evidence in enumerate(given.evidence):
            at: Loc = (*loc, "evidence", n, "file")
            path = inside(self.folder, evidence.file)
            if path is None:
                yield self._problem("A042", at, file=evidence.file)
            elif not path.is_file():
                yield self._problem("A040", at, file=evidence.file)
            elif hashlib.sha256(path.read_bytes()).hexdigest() != evidence.sha256:
                at = (*loc, "evidence", n, "sha256")
                yield self._problem("A041", at, file=evidence.file)

    def _sample(self, given: RecordedAnswer, loc: Loc) -> Iterator[Problem]:
        sample = given.sample
        if sample is None or not sample.cases:
            return
        drawn, stand = sample.drawn, len(sample.cases)
        if drawn is not None and drawn != stand:
            at = (*loc, "sample", "drawn")
            yield self._problem("A025", at, drawn=str(drawn), cases=str(stand), item=given.item)
        for key, told, counted in zip(
            ("failed", "checked"), (sample.failed, sample.checked), sample.counts, strict=True
        ):
            if told is not None and told != counted:
                at = (*loc, "sample", key)
                yield self._problem("A023", at, told=str(told), counted=str(counted))
        seen: dict[tuple[str, str | None], int] = {}
        for m, case in enumerate(sample.cases):
            if seen.setdefault((case.id, case.person), m) != m:
                at = (*loc, "sample", "cases", m, "id")
                yield self._problem("A024", at, case=case.id, item=given.item)

    def _frame(self, checklist: Checklist, answers: dict[int, Answer]) -> AnswerFrame:
        order = {item: n for n, item in enumerate(checklist.by_id)}
        kinds = {answer: n for n, answer in enumerate(dict.fromkeys(answers.values()))}
        given = [self.record.answers[n] for n in answers]
        persons = {name: n for n, name in enumerate(dict.fromkeys(g.person or "" for g in given))}
        persons.pop("", None)
        names = {name: n for n, name in enumerate(persons)}
        lines = [self.document.place(("answers", n)).line for n in answers]
        return AnswerFrame(
            checklist=checklist.id,
            audits=(self.audit.id,),
            dates=np.array([self.audit.date], dtype="datetime64[D]"),
            audit=np.zeros(len(given), np.int32),
            items=tuple(order),
            item=np.array([order[g.item] for g in given], np.int32),
            kinds=tuple(kinds),
            answer=np.array([kinds[answer] for answer in answers.values()], np.int32),
            row=np.array(lines, np.int32),
            notes={n: g.note for n, g in enumerate(given) if g.note},
            persons=tuple(names),
            person=np.array([names.get(g.person or "", -1) for g in given], np.int32),
        )


def inside(folder: Path, name: str) -> Path | None:
    """Give the path of a file of the folder; None where its name leads out of it."""
    path = folder / name
    if Path(name).is_absolute() or "\\" in name or ":" in name:
        return None
    return path if path.resolve().is_relative_to(folder.resolve()) else None
