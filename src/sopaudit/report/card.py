"""A nonconformity with its whole story: criterion, evidence, judgement."""

from collections.abc import Container, Iterator, Sequence
from typing import Final

from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.label import decisive
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.findings.finding import Finding
from sopaudit.findings.score import Score
from sopaudit.report.before.items import ItemsBefore
from sopaudit.report.derivation import Teller, shown
from sopaudit.report.model import CaseRow, FindingCard, StandardRow
from sopaudit.report.photos.album import AlbumWriter
from sopaudit.report.sampled import SampleTeller
from sopaudit.report.seen import Speaker
from sopaudit.terminal import fitting, width

BRIEF: Final = 96
"""Columns of a nonconformity in the summary: about a line and a half."""

LONG: Final = 2000
"""Columns of evidence from which on it fills a third of a page."""

LINE: Final = 60
"""Columns that the line of a case leaves blank, more or less."""


class CardWriter:
    """Writes the nonconformities of one score."""

    def __init__(  # noqa: PLR0913, PLR0917 -- all that a card may tell
        self,
        speaker: Speaker,
        teller: Teller,
        score: Score,
        repeated: Container[str] = (),
        photos: AlbumWriter | None = None,
        before: ItemsBefore | None = None,
    ) -> None:
        """Begin; `repeated` are the ids of nonconformities the previous audit had too.

        `photos` are those of the audit, and `before` knows what the previous one found.
        """
        self.speaker = speaker
        self.teller = teller
        self.score = score
        self.repeated = repeated
        self.photos = photos
        self.before = before
        self.words = speaker.words
        self.handbook = speaker.seen.handbook
        self.checklist: Checklist = self.handbook.checklists[score.checklist]
        self.scheme: Scheme = self.handbook.schemes[score.scheme]

    def card(self, finding: Finding) -> FindingCard:
        """Write one."""
        item, fill = finding.item, self.speaker.fill
        answers = self.speaker.seen.answers(self.checklist.id, item.id)
        note = "\n".join(a.note for a in answers if a.note)
        told = SampleTeller(self.speaker).records
        said = told.said(self.checklist.id, item.id)
        offences = said.records.offences if said is not None and said.counts else ()
        lost = ""
        if finding.lost is not None:
            key = "points_added" if finding.score.possible is None else "points_lost"
            lost = fill("summary", key, points=shown(finding.lost))
        cases = (*self._cases(answers), *told.cases(offences))
        notes = dict.fromkeys(case.note for case in self._cases(answers) if case.note)
        failed = self.words["note"]["between"].join(notes)
        no_note = told.brief(said) if said and said.counts else self.words["finding"]["no_note"]
        question = self.speaker.say(item.question)
        section = self.teller.sections(self.checklist.id).get(item.section or "", "")
        seen = note + "".join(case.id + case.note for case in cases)
        return FindingCard(
            id=finding.id,
            item=item.id,
            question=question,
            severity=finding.severity or "",
            severity_title=self.words["severity"][finding.severity] if finding.severity else "",
            post=self.teller.post(self.checklist.id),
            section=section,
            repeated=self.words["finding"]["repeated"] if finding.id in self.repeated else "",
            standards=tuple(standards(self.speaker, item.standards)),
            note=note or ("" if self.speaker.seen.audit is None else no_note),
            cases=cases,
            evidence=self.speaker.joined(self._evidence(item, answers)),
            long=width(seen) + LINE * len(cases) > LONG,
            verdict=tuple(self._verdict(finding)),
            why=tuple(self._why(finding)),
            lost=lost,
            brief=brief(self._brief(item, no_note) if offences else failed or note or question),
            more_cases=told.more(offences),
            photos=self.photos.at(self.checklist.id, item.id) if self.photos else (),
            before=self.before.of(self.checklist.id, item.id) if self.before else None,
        )

    def _brief(self, item: Item, records: str) -> str:
        """Say what was asked, and what the records told where they did."""
        return self.speaker.joined((self.speaker.say(item.question), records))

    def statement(self, item: Item) -> str:
        """Say what was seen, or else what was asked."""
        notes = [a.note for a in self.speaker.seen.answers(self.checklist.id, item.id) if a.note]
        return self.speaker.joined(notes) or self.speaker.say(item.question)

    def _cases(self, answers: Sequence[RecordedAnswer]) -> Iterator[CaseRow]:
        for case in (case for answer in answers for case in answer.cases):
            if case.failed:
                person = self.speaker.name(case.person) if case.person else ""
                said = self.words["answer"][case.judged or "no"]
                yield CaseRow(case.id, person, case.person or "", said, case.note)

    def _evidence(self, item: Item, answers: Sequence[RecordedAnswer]) -> Iterator[str]:
        fill = self.speaker.fill
        for answer in answers:
            failed, checked = answer.counts
            counted = checked is not None and failed is not None and answer.value is None
            if counted and answer.from_records is None:
                passed = (checked or 0) - (failed or 0)
                yield fill("finding", "sample", checked=checked, failed=failed, passed=passed)
            if answer.sample and answer.sample.seed is not None:
                drawn = answer.sample.drawn or len(answer.sample.cases)
                yield fill("finding", "drawn", drawn=drawn, seed=answer.sample.seed)
        yield from SampleTeller(self.speaker).item(self.checklist.id, item.id)
        parts = list(self._parts(item, answers))
        if parts:
            yield fill("finding", "parts", parts=self.speaker.listed(parts))
        methods = [self.speaker.say(self.handbook.methods.get(m)) or m for m in item.method]
        if methods:
            yield fill("finding", "method", methods=self.speaker.listed(methods))
        people = dict.fromkeys(a.person for a in answers if a.person)
        if people:
            told = self.speaker.listed([self.speaker.named(p) for p in people])
            yield fill("finding", "person", people=told)
        yield from self._files(answers)
        for answer in answers:
            if answer.override:
                by = self.speaker.named(answer.override.by)
                yield fill("finding", "override", person=by, why=answer.override.why)

    def _files(self, answers: Sequence[RecordedAnswer]) -> Iterator[str]:
        """Name the files that are not shown as pictures."""
        fill = self.speaker.fill
        files = [file for a in answers for file in a.files]
        if self.photos is not None:
            files = self.photos.papers(answers)
        if files:
            told = self.speaker.listed([f"{f.file} (sha256 {f.sha256[:12]}…)" for f in files])
            yield fill("finding", "files", files=told)
        withheld = self.photos.withheld(answers) if self.photos else 0
        if withheld:
            yield fill("photos", "withheld", n=withheld)

    def _parts(self, item: Item, answers: Sequence[RecordedAnswer]) -> Iterator[str]:
        """Say of each part how often it failed."""
        cases = [case for answer in answers for case in answer.cases]
        for part in item.parts:
            n = sum(case.parts.get(part.id) in ("no", "partial") for case in cases)
            if n:
                yield self.speaker.fill("finding", "times", title=self.speaker.say(part.title), n=n)

    def _verdict(self, finding: Finding) -> Iterator[str]:
        fill, told = self.speaker.fill, finding.score
        yield self.words["finding"]["nonconforming"]
        if finding.severity:
            yield self.words["severity"][finding.severity]
        if finding.lost is None:
            yield self.words["finding"]["no_points"]
        elif told.possible is None or told.earned is None:
            yield fill("finding", "demerit", lost=shown(finding.lost))
        else:
            earned, possible = shown(told.earned), shown(told.possible)
            lost = shown(finding.lost)
            yield fill("finding", "lost", possible=possible, earned=earned, lost=lost)

    def _why(self, finding: Finding) -> Iterator[str]:
        fill, records = self.speaker.fill, SampleTeller(self.speaker).records
        yield from self.teller.persons(finding.score, self.score, self.speaker.named)
        for line in finding.score.lines:
            told = records.line(line, self.checklist.id, finding.item.id)
            yield self.teller.line(told, self.score)
        titles = self.teller.limits(self.score.scheme)
        confirming = {limit.id for limit in self.scheme.limits if limit.confirm}
        for bite in self.score.bites:
            if finding.item.id in bite.items:
                by = fill("finding", "limit_by", limit=titles.get(bite.limit, bite.limit))
                seen = self._confirmation(finding.item) if bite.limit in confirming else ""
                yield self.speaker.joined((by, seen))
        for limit in self._beside(finding.item):
            yield fill("finding", "beside", limit=titles.get(limit, limit))

    def _beside(self, item: Item) -> Iterator[str]:
        """List limits in force by other items, which this one would bring about once confirmed."""
        answers = self.speaker.seen.answers(self.checklist.id, item.id)
        said = {answer.result_seen for answer in answers}
        met = {
            limit.id for limit in decisive(self.scheme, item) if limit.confirm and limit.is_ in said
        }
        for bite in self.score.bites:
            if bite.limit in met and not bite.pending and item.id not in bite.items:
                yield bite.limit

    def _confirmation(self, item: Item) -> str:
        for answer in self.speaker.seen.answers(self.checklist.id, item.id):
            if answer.confirmed:
                person = self.speaker.named(answer.confirmed.by)
                return self.speaker.fill("finding", "confirmed", person=person)
        return self.words["finding"]["unconfirmed"]


def standards(speaker: Speaker, names: Sequence[str]) -> Iterator[StandardRow]:
    """Write out the standards of that name; one no post has is left out."""
    for name in names:
        for post in speaker.seen.handbook.posts.values():
            if name in post.standards:
                standard = post.standards[name]
                limit, source = speaker.say(standard.limit), post.source
                yield StandardRow(
                    id=name,
                    text=speaker.say(standard.standard),
                    limit=speaker.fill("finding", "limit", limit=limit) if limit else "",
                    source=speaker.fill("finding", "source", source=source) if source else "",
                )


def brief(text: str, columns: int = BRIEF) -> str:
    """Shorten a text to `columns`, if it can to whole sentences; a Chinese character takes two.

    What was cut ends in `…`.
    """
    text = " ".join(text.split())
    if width(text) <= columns:
        return text
    kept = fitting(text, columns - 1)
    # Only where a sentence ends may it stop, because half of one can say the opposite; and a cut is
    # always marked.
    whole = max(kept.rfind(stop) for stop in ("。", "! ", ". "))
    if 2 * whole > len(kept):
        return kept[: whole + 1].rstrip() + "…"
    if " " in kept and text[len(kept)].isascii() and text[len(kept)] != " ":
        kept = kept[: kept.rfind(" ")]
    return kept.rstrip("，、：,: ") + "…"
