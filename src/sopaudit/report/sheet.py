"""A checklist's chapter of the report: result, sections, nonconformities, all items."""

from collections.abc import Iterator, Sequence
from typing import Final

from sopaudit.criteria.checklist import SEVERITIES, Checklist, Item
from sopaudit.criteria.scheme import Each, Scheme
from sopaudit.evidence.answers import answer_set
from sopaudit.evidence.record import RecordedAnswer, Remark
from sopaudit.findings.finding import Finding, conformity
from sopaudit.findings.score import ItemScore, Score, SectionScore
from sopaudit.report.card import CardWriter, brief
from sopaudit.report.derivation import shown
from sopaudit.report.model import (
    Fact,
    FindingGroup,
    ItemRow,
    LeftOut,
    RemarkRow,
    SectionRow,
    Sheet,
)
from sopaudit.report.result import ResultWriter, percent_text

REMARKS: Final = ("observation", "improvement")
"""Severities that are no nonconformity and stand among the observations."""


class SheetWriter:
    """Writes the chapter of one checklist."""

    def __init__(
        self, results: ResultWriter, score: Score, findings: Sequence[Finding], weight: str
    ) -> None:
        self.results = results
        self.speaker = results.speaker
        self.teller = results.teller
        self.words = results.words
        self.handbook = results.handbook
        self.score = score
        self.weight = weight
        self.checklist: Checklist = self.handbook.checklists[score.checklist]
        self.scheme: Scheme = self.handbook.schemes[score.scheme]
        self.titles = self.teller.sections(score.checklist)
        self.scores = {told.item: told for told in score.items}
        own = [f for f in findings if f.checklist == score.checklist]
        self.findings = [f for f in own if f.severity not in REMARKS]
        self.cards = CardWriter(self.speaker, self.teller, score)
        self.lesser = [f for f in own if f.severity in REMARKS]

    def sheet(self) -> Sheet:
        """Write it."""
        has_maximum = any(told.possible is not None for told in self.score.items)
        audit = self.speaker.seen.audit
        table = self.words["table"]
        quiet = self.scheme.no_rows == "zero"
        rows = tuple(self._items())
        return Sheet(
            result=self.results.result(self.score, self.weight),
            facts=tuple(self._facts()),
            sections=tuple(self._section(s) for s in self.score.sections if s.total),
            groups=tuple(self._groups()),
            observations=(
                *self._remarks(audit.observations if audit else ()),
                *(RemarkRow(f.item.id, self.cards.statement(f.item)) for f in self.lesser),
            ),
            good=tuple(self._remarks(audit.good_practice if audit else ())),
            points_label=table["points"] if has_maximum else table["demerits"],
            rows=rows,
            noted=any(row.note for row in rows),
            rows_note=self.words["note"]["in_order"] if quiet else "",
            left_out=tuple(self._left_out()),
            derivation=self.teller.lines(self.score),
        )

    def _facts(self) -> Iterator[Fact]:
        words = self.words
        yield Fact(words["document"]["checklist"], self.checklist.id)
        yield Fact(words["table"]["edition"], self.checklist.edition)
        if self.checklist.post in self.handbook.posts:
            post = self.handbook.posts[self.checklist.post or ""]
            yield Fact(words["document"]["post"], self.speaker.say(post.title))
        if self.scheme.no_rows != "zero":
            # Items that cannot carry points, such as vetoes, are no part of the base.
            counted = sum(section.counted for section in self.score.sections)
            total = sum(section.total for section in self.score.sections)
            if total:
                yield Fact(words["table"]["counted"], f"{counted} / {total}")

    def _section(self, section: SectionScore) -> SectionRow:
        title = self.titles.get(section.id, section.id)
        share = section.share
        spoken = self.speaker.fill("note", "bar_empty", title=title)
        if share is not None:
            told = f"{percent_text(share)}\u00a0%"
            spoken = self.speaker.fill("note", "bar", title=title, share=told)
        points = shown(section.earned)
        if section.possible is not None:
            points = f"{points} / {shown(section.possible)}"
        return SectionRow(
            id=section.id,
            title=title,
            points=points if section.counted else self.words["answer"]["none"],
            percent="" if share is None else f"{percent_text(share)}\u00a0%",
            counted=f"{section.counted} / {section.total}",
            weight=shown(section.weight) if self.scheme.sections else "",
            share=share,
            spoken=spoken,
        )

    def _groups(self) -> Iterator[FindingGroup]:
        cards = [self.cards.card(finding) for finding in self.findings]
        for severity in (*SEVERITIES, ""):
            own = tuple(card for card in cards if card.severity == severity)
            if own:
                title = self.words["severity"][severity or "unranked"]
                ranked = any(item.severity for item in self.checklist.items)
                yield FindingGroup(severity, title if ranked else "", own)

    def _remarks(self, remarks: Sequence[Remark]) -> Iterator[RemarkRow]:
        for remark in remarks:
            if remark.item in self.scores:
                yield RemarkRow(remark.item or "", self.speaker.say(remark.text))

    def _items(self) -> Iterator[ItemRow]:
        shown_section = None
        for item in self.checklist.items:
            told = self.scores[item.id]
            section = "" if item.section == shown_section else self.titles.get(item.section or "")
            shown_section = item.section
            answers = self.speaker.seen.answers(self.checklist.id, item.id)
            yield ItemRow(
                id=item.id,
                section=section or "",
                question=self.speaker.say(item.question),
                answer=self._answer(item, answers),
                points=self._points(told),
                note=self._note(answers, told),
                tone=self._tone(told),
            )

    def _note(self, answers: Sequence[RecordedAnswer], told: ItemScore) -> str:
        """Give the remarks; of a nonconformity in short, because its card says all of it."""
        notes = "\n".join(a.note for a in answers if a.note)
        return brief(notes) if self._tone(told) == "missed" else notes

    def _answer(self, item: Item, answers: Sequence[RecordedAnswer]) -> str:
        told = dict.fromkeys(self._one_answer(item, answer) for answer in answers)
        return self.speaker.listed(list(told)) or self.words["answer"]["none"]

    def _one_answer(self, item: Item, answer: RecordedAnswer) -> str:
        words, fill = self.words["answer"], self.speaker.fill
        failed, checked = answer.counts
        # Beside a number of occurrences, cases only show where they were found.
        if checked and failed is not None and answer.value is None:
            return fill("answer", "cases", passed=checked - failed, checked=checked)
        if answer.result is not None:
            return words.get(answer.result, answer.result)
        if answer.value is None:
            return words["none"]
        each = isinstance(answer_set(self.scheme, item), Each)
        return fill("answer", "occurrences" if each else "points", n=shown(answer.value))

    def _points(self, told: ItemScore) -> str:
        if told.earned is None:
            return self.words["answer"]["none"]
        if told.possible is None:
            return shown(told.earned)
        return f"{shown(told.earned)} / {shown(told.possible)}"

    def _tone(self, told: ItemScore) -> str:
        judged = conformity(told, self.scheme)
        return {"conforming": "met", "nonconforming": "missed"}.get(judged, "out")

    def _left_out(self) -> Iterator[LeftOut]:
        """Name the items that were to count and do not."""
        for item in self.checklist.items:
            told = self.scores[item.id]
            if told.outcome in ("counted", "no_points"):
                continue
            answers = self.speaker.seen.answers(self.checklist.id, item.id)
            yield LeftOut(
                id=item.id,
                question=self.speaker.say(item.question),
                reason=self.words["outcome"][told.outcome],
                note=self.speaker.joined([a.note for a in answers]),
            )
