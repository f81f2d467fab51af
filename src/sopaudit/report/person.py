"""The page of one inspected person: what was looked at, what did not conform, what to look up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.evidence.record import Case, RecordedAnswer
from sopaudit.findings.conclusion import Conclusion
from sopaudit.findings.finding import conformity
from sopaudit.findings.score import ItemScore
from sopaudit.report.answer import one_answer
from sopaudit.report.fact import Fact
from sopaudit.report.model import PersonItem, PersonPage, PersonRemark, StepRow
from sopaudit.report.overview import people
from sopaudit.report.seen import Seen, Speaker


def inspected(seen: Seen) -> tuple[str, ...]:
    """List whose work was looked at: the auditees, then whom the records name besides them."""
    named = list(seen.audit.auditees) if seen.audit else []
    for checklist, item in seen.given:
        for answer in seen.seen(checklist, item):
            people = (answer.person, *(case.person for case in answer.cases))
            named += [person for person in people if person]
    return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class _Look:
    """An item, and what it says of one person."""

    checklist: Checklist
    item: Item
    told: ItemScore
    answers: tuple[RecordedAnswer, ...]
    """Those that are about the person as a whole."""

    cases: tuple[Case, ...]
    sampled: bool
    """The cases are a sample; beside a number of occurrences they only show where those were."""

    @property
    def failed(self) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.failed)


class PersonWriter:
    """Writes the page of one person."""

    def __init__(self, speaker: Speaker, conclusion: Conclusion, staff: str) -> None:
        self.speaker = speaker
        self.words = speaker.words
        self.handbook = speaker.seen.handbook
        self.staff = staff
        self.looks = [
            look
            for score in conclusion.scores
            for look in self._looks(score.checklist, {told.item: told for told in score.items})
        ]

    def page(self) -> PersonPage:
        """Write it."""
        sampled = [look for look in self.looks if look.sampled]
        cases = [case for look in sampled for case in look.cases]
        failed = sum(len(look.failed) for look in sampled)
        passed = sum(case.judged == "yes" for case in cases)
        person = self.handbook.person(self.staff)
        posts = [self.handbook.posts[p] for p in (person.posts if person else ())]
        return PersonPage(
            name=self.speaker.name(self.staff),
            staff=self.staff,
            posts=self.speaker.listed([self.speaker.say(post.title) for post in posts]),
            facts=tuple(self._facts()),
            checked=failed + passed,
            conforming=passed,
            nonconforming=failed,
            items=tuple(self._item(look) for look in self.looks),
            steps=tuple(self._steps()),
        )

    def _looks(self, checklist: str, scores: dict[str, ItemScore]) -> Iterator[_Look]:
        known = self.handbook.checklists[checklist]
        for item in known.items:
            given = self.speaker.seen.seen(checklist, item.id)
            own = tuple(answer for answer in given if answer.person == self.staff)
            cases = tuple(
                case for answer in given for case in answer.cases if case.person == self.staff
            )
            if own or cases:
                sampled = bool(cases) and all(answer.value is None for answer in given)
                yield _Look(known, item, scores[item.id], own, cases, sampled)

    def _facts(self) -> Iterator[Fact]:
        audit, words = self.speaker.seen.audit, self.words["fact"]
        yield Fact(words["audit"], self.speaker.seen.id)
        if audit is None:
            return
        first, last = audit.period.from_.isoformat(), audit.period.to.isoformat()
        yield Fact(words["period"], f"{first} – {last}")
        yield Fact(words["date"], audit.date.isoformat())
        yield people(self.speaker, words["team"], audit.auditors)

    def _missed(self, look: _Look) -> bool:
        """Say whether this person's part of an item did not conform."""
        if look.cases:
            return bool(look.failed)
        scheme = self.handbook.schemes[look.checklist.scheme]
        return conformity(look.told, scheme) == "nonconforming"

    def _item(self, look: _Look) -> PersonItem:
        none = self.words["answer"]["none"]
        missed = self._missed(look)
        passed = sum(case.judged == "yes" for case in look.cases)
        conforming, failed = f"{passed} / {passed + len(look.failed)}", str(len(look.failed))
        if not look.sampled:
            word = self._word(look)
            conforming, failed = (none, word) if missed else (word, none)
        return PersonItem(
            item=look.item.id,
            question=self.speaker.say(look.item.question),
            conforming=conforming,
            nonconforming=failed,
            tone="missed" if missed else "met",
            remarks=tuple(self._remarks(look)),
        )

    def _word(self, look: _Look) -> str:
        """Tell what was answered about this person, or else how often their cases show it."""
        scheme = self.handbook.schemes[look.checklist.scheme]
        told = [one_answer(self.speaker, scheme, look.item, a) for a in look.answers]
        shown = self.speaker.fill("answer", "occurrences", n=len(look.failed))
        return self.speaker.listed(told) if told else shown

    def _remarks(self, look: _Look) -> Iterator[PersonRemark]:
        for answer in look.answers:
            if answer.note:
                yield PersonRemark("", "", answer.note)
        for case in look.cases:
            # What is said of a case that conforms is for the file, and the page is one page.
            if case.failed:
                told = self.words["answer"][case.judged or "none"]
                yield PersonRemark(case.id, told, case.note)

    def _steps(self) -> Iterator[StepRow]:
        """Give the steps by post, because a post's sheet is looked up by step."""
        missed = {name for k in self.looks if self._missed(k) for name in k.item.standards}
        for post in self.handbook.posts.values():
            for step in post.steps:
                named = [standard.id for standard in step.standards if standard.id in missed]
                if named:
                    title = self.speaker.say(step.step)
                    yield StepRow(step.id, title, self.speaker.listed(named))


def person_pages(
    speaker: Speaker, conclusion: Conclusion, persons: Sequence[str]
) -> tuple[PersonPage, ...]:
    """Write the pages of `persons`, by staff number."""
    return tuple(PersonWriter(speaker, conclusion, staff).page() for staff in persons)
