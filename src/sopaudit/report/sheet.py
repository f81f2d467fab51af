"""A checklist in the report: its result, its sections, and all its items."""

from collections.abc import Iterator, Sequence
from typing import Final

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.findings.finding import conformity
from sopaudit.findings.score import ItemScore, Score, SectionScore
from sopaudit.report.answer import answered, points_told
from sopaudit.report.before.items import ItemsBefore
from sopaudit.report.card import brief
from sopaudit.report.derivation import shown
from sopaudit.report.fact import Fact
from sopaudit.report.model import ItemRow, LeftOut, SectionRow, Sheet
from sopaudit.report.result import ResultWriter, percent_text
from sopaudit.terminal import width

LONG: Final = 600
"""Columns of a remark from which on its narrow column fills a third of a page."""


class SheetWriter:
    """Writes one checklist."""

    def __init__(
        self,
        results: ResultWriter,
        score: Score,
        weight: str,
        before: ItemsBefore | None = None,
    ) -> None:
        """Begin; `before` knows what the previous audit found."""
        self.results = results
        self.speaker = results.speaker
        self.teller = results.teller
        self.words = results.words
        self.handbook = results.handbook
        self.score = score
        self.weight = weight
        self.before = before
        self.checklist: Checklist = self.handbook.checklists[score.checklist]
        self.scheme: Scheme = self.handbook.schemes[score.scheme]
        self.titles = self.teller.sections(score.checklist)
        self.scores = {told.item: told for told in score.items}

    def sheet(self, number: str) -> Sheet:
        """Write it under a heading of that number."""
        has_maximum = any(told.possible is not None for told in self.score.items)
        table = self.words["table"]
        quiet = self.scheme.no_rows == "zero"
        rows, sampled = tuple(self._items()), self.results.sampled
        unasked = self._unasked()
        return Sheet(
            result=self.results.result(self.score, self.weight),
            number=number,
            facts=tuple(self._facts()),
            sections=tuple(self._section(s) for s in self.score.sections if s.total),
            points_label=table["points"] if has_maximum else table["demerits"],
            rows=rows,
            page_rows=tuple(self._items(without=unasked)) if unasked else (),
            unasked=self._told_unasked(unasked),
            noted=any(row.note for row in rows),
            rows_note=self.speaker.joined(
                (self.words["note"]["in_order"] if quiet else "", sampled.key(self.checklist.id))
            ),
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

    def _unasked(self) -> tuple[str, ...]:
        """List the items without an answer of a checklist only the records have answered."""
        if not self.speaker.seen.unseen(self.checklist.id):
            return ()
        return tuple(told.item for told in self.score.items if told.outcome == "unanswered")

    def _told_unasked(self, items: Sequence[str]) -> str:
        listed = self.speaker.listed([*items])
        return self.speaker.fill("note", "unasked", n=len(items), items=listed) if items else ""

    def _items(self, without: Sequence[str] = ()) -> Iterator[ItemRow]:
        shown_section = None
        for item in self.checklist.items:
            if item.id not in self.scores or item.id in without:
                continue
            told = self.scores[item.id]
            section = "" if item.section == shown_section else self.titles.get(item.section or "")
            shown_section = item.section
            answers = self.speaker.seen.answers(self.checklist.id, item.id)
            note = self._note(answers, told)
            yield ItemRow(
                id=item.id,
                section=section or "",
                question=self.speaker.say(item.question),
                answer=answered(self.speaker, self.scheme, item, answers),
                points=points_told(self.speaker, told),
                note=note,
                tone=self._tone(told),
                long=width(note) > LONG,
                sampled=self.results.sampled.brief(self.checklist.id, item.id),
                before=self.before.of(self.checklist.id, item.id) if self.before else None,
            )

    def _note(self, answers: Sequence[RecordedAnswer], told: ItemScore) -> str:
        """Give the remarks; of a nonconformity in short, because its card says all of it."""
        notes = "\n".join(a.note for a in answers if a.note)
        return brief(notes) if self._tone(told) == "missed" else notes

    def _tone(self, told: ItemScore) -> str:
        judged = conformity(told, self.scheme)
        return {"conforming": "met", "nonconforming": "missed"}.get(judged, "out")

    def _left_out(self) -> Iterator[LeftOut]:
        """Name the items that were to count and do not."""
        for item in self.checklist.items:
            told = self.scores.get(item.id)
            if told is None or told.outcome in ("counted", "no_points"):
                continue
            # Where nobody answered, what nobody answered is said once and stands among all items.
            if told.outcome == "unanswered" and self.speaker.seen.unseen(self.checklist.id):
                continue
            answers = self.speaker.seen.answers(self.checklist.id, item.id)
            yield LeftOut(
                id=item.id,
                question=self.speaker.say(item.question),
                reason=self.words["outcome"][told.outcome],
                note=self.speaker.joined([*(a.note for a in answers), self._opened(item.id)]),
            )

    def _opened(self, item: str) -> str:
        """Say why the records do not answer an item nobody else answered."""
        told = self.results.sampled.records
        said = told.said(self.checklist.id, item)
        if said is None or said.own or said.records.result not in ("na", "unchecked"):
            return ""
        return told.why(said.records)
