"""The audit before this one, beside it: scores, and what became of every nonconformity."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from sopaudit.criteria.checklist import Branch, Checklist
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.audit import AuditFolder
from sopaudit.findings.conclusion import Conclusion, conclude_folder
from sopaudit.findings.finding import rank
from sopaudit.findings.follow_up import FollowUp, follow_ups
from sopaudit.findings.score import Score
from sopaudit.report.answer import answered
from sopaudit.report.before.items import ItemsBefore
from sopaudit.report.before.model import ComparedRow, FollowUpRow, Previous
from sopaudit.report.card import CardWriter, brief
from sopaudit.report.derivation import Teller
from sopaudit.report.fact import Fact
from sopaudit.report.overview import people
from sopaudit.report.seen import Speaker, seen_in_folder


class PreviousWriter:
    """Holds one audit beside the one it follows."""

    def __init__(self, speaker: Speaker, present: Conclusion, folder: AuditFolder) -> None:
        self.speaker = speaker
        self.words = speaker.words
        self.handbook = speaker.seen.handbook
        self.present = present
        self.teller = Teller(self.handbook, speaker.lang)
        self.folder = folder
        self.previous = conclude_folder(folder)
        self.then = Speaker(seen_in_folder(folder), speaker.lang)
        self.items = ItemsBefore(speaker, present, self.then, self.previous)

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        """What became of each of its nonconformities, the most serious first."""
        told = follow_ups(self.handbook, self.previous, self.present)
        return sorted(told, key=lambda follow_up: rank(follow_up.finding.severity))

    @cached_property
    def repeated(self) -> frozenset[str]:
        """The ids of present nonconformities that it had too."""
        again = {f.finding.item.id for f in self.follow_ups if f.outcome == "repeated"}
        return frozenset(f.id for f in self.present.findings if f.item.id in again)

    def write(self) -> Previous:
        """Write the comparison."""
        counts = self.speaker.listed([f"{count.label} {count.value}" for count in self._counts()])
        return Previous(
            audit=self.folder.audit.id,
            facts=tuple(self._facts()),
            counts=tuple(self._counts()),
            summary=self.speaker.fill("summary", "follow_up", summary=counts),
            scores=tuple(self._scores()),
            findings=tuple(self._findings()),
            notes=tuple(self._notes()),
            item_counts=tuple(self.items.counts()) if self.items.all else (),
            items_note=self.speaker.fill("previous", "items_note", n=len(self.items.all)),
            item_changes=tuple(self.items.changes()),
        )

    def _facts(self) -> Iterator[Fact]:
        audit, words = self.folder.audit, self.words["fact"]
        yield Fact(words["audit"], audit.id)
        yield Fact(words["date"], audit.date.isoformat())
        yield Fact(words["kind"], self.words["kind"][audit.kind])
        yield people(self.then, words["team"], audit.auditors)

    def _counts(self) -> Iterator[Fact]:
        for outcome, title in self.words["follow_up"].items():
            number = sum(told.outcome == outcome for told in self.follow_ups)
            yield Fact(title, str(number))

    def _scores(self) -> Iterator[ComparedRow]:
        before = {score.checklist: score for score in self.previous.all}
        now = {score.checklist: score for score in self.present.all}
        for name in dict.fromkeys((*now, *before)):
            yield self._compared(name, before.get(name), now.get(name))

    def _compared(self, name: str, before: Score | None, now: Score | None) -> ComparedRow:
        titles = self.teller if now else Teller(self.folder.handbook, self.speaker.lang)
        difference, note = "", ""
        if before is None or now is None:
            note = self.words["previous"]["only_now" if before is None else "only_before"]
        elif before.scheme != now.scheme:
            note = self.words["previous"]["scheme"]
        elif before.score is not None and now.score is not None:
            difference = _difference(before.score, now.score)
            other = name in self.handbook.branches and _counted(before) != _counted(now)
            posts = self.words["previous"]["posts"] if other else ""
            note = self.speaker.joined((posts, self._editions(name, now.scheme)))
        return ComparedRow(
            title=titles.title(name),
            before=self._score(before),
            before_grade=(before.grade or "") if before else "",
            now=self._score(now),
            now_grade=(now.grade or "") if now else "",
            difference=difference,
            note=note,
        )

    def _score(self, score: Score | None) -> str:
        if score is None:
            return self.words["answer"]["none"]
        return score.score or self.words["summary"]["no_score"]

    def _editions(self, checklist: str, scheme: str) -> str:
        """Say where checklist or scheme were another edition then."""
        pairs = (
            (_editions(self.folder.handbook, name), _editions(self.handbook, name))
            for name in (checklist, scheme)
        )
        told = [
            self.speaker.fill("previous", "edition", before=before, now=now)
            for before, now in pairs
            if before != now
        ]
        return self.speaker.joined(dict.fromkeys(told))

    def _notes(self) -> Iterator[str]:
        then, now = self.folder.audit.kind, self.speaker.seen.audit
        if now is not None and then != now.kind:
            kinds = self.words["kind"]
            yield self.speaker.fill("previous", "kind", before=kinds[then], now=kinds[now.kind])

    def _findings(self) -> Iterator[FollowUpRow]:
        scores = {score.checklist: score for score in self.previous.scores}
        teller = Teller(self.folder.handbook, self.speaker.lang)
        for told in self.follow_ups:
            finding = told.finding
            writer = CardWriter(self.then, teller, scores[finding.checklist])
            yield FollowUpRow(
                item=finding.item.id,
                post=teller.post(finding.checklist),
                severity=finding.severity or "",
                severity_title=self.words["severity"].get(finding.severity or "", ""),
                statement=writer.card(finding).brief,
                outcome=told.outcome,
                outcome_title=self.words["follow_up"][told.outcome],
                now=self._now(told),
                id=f"{self.present.audit}/{finding.item.id}" if told.outcome == "repeated" else "",
            )

    def _now(self, told: FollowUp) -> str:
        """Say what is seen in its place this time."""
        finding = told.finding
        if told.now is None:
            return self.words["previous"]["not_asked"]
        if told.outcome == "repeated":
            score = next(s for s in self.present.scores if s.checklist == finding.checklist)
            again = next(f for f in self.present.findings if f.item.id == finding.item.id)
            return CardWriter(self.speaker, self.teller, score).card(again).brief
        checklist = self.handbook.checklists[finding.checklist]
        answers = self.speaker.seen.answers(checklist.id, finding.item.id)
        scheme, item = self.handbook.schemes[checklist.scheme], checklist.by_id[finding.item.id]
        word = answered(self.speaker, scheme, item, answers)
        notes = self.speaker.joined(answer.note for answer in answers)
        return self.words["note"]["between"].join(t for t in (word, brief(notes)) if t)


def _editions(handbook: Handbook, name: str) -> str:
    known: Checklist | Branch | None = handbook.checklists.get(name) or handbook.branches.get(name)
    return known.edition if known else handbook.schemes[name].edition


def _counted(score: Score) -> set[str]:
    """Give the parts a roll-up is made of."""
    return {part.item for part in score.items if part.outcome == "counted"}


def _difference(before: str, now: str) -> str:
    """Take one shown score from another, so that whoever checks it with a pencil agrees."""
    value = Decimal(now) - Decimal(before)
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{abs(value)}"
