"""A score and how it came about, as text for a terminal of 80 columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.score import ItemScore, Score
from sopaudit.findings.uncertainty import Uncertainty
from sopaudit.report.derivation import Teller, shown
from sopaudit.report.model import Result
from sopaudit.report.result import ResultWriter
from sopaudit.report.seen import Seen, Speaker
from sopaudit.terminal import COLUMNS, padded, width, wrapped

_BAR: Final = 20
_NUMBERS: Final = 30
"""Columns of what stands beside title and bar."""


def story(
    handbook: Handbook,
    scores: Sequence[Score],
    lang: str,
    *,
    item: str | None = None,
    uncertainty: Mapping[str, Uncertainty] | None = None,
) -> str:
    """Tell how the scores of one audit came about, or of one checklist, or of one item.

    With the `uncertainty` of each, what samples leave open is told too. An id no checklist has
    gives the empty text. Lines end without blanks.
    """
    audit = scores[0].audit if scores else ""
    seen = Seen(handbook, audit, None, None, {}, uncertainty=uncertainty or {})
    teller = _Story(Speaker(seen, lang), Teller(handbook, lang))
    chosen = [score for score in scores if item in (None, score.checklist)]
    parts = [teller.whole(score) for score in chosen]
    if item is not None and not chosen:
        parts = [teller.item(score, item) for score in scores]
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))


class _Story:
    def __init__(self, speaker: Speaker, teller: Teller) -> None:
        self.speaker = speaker
        self.teller = teller
        self.words = speaker.words
        self.results = ResultWriter(speaker, teller)

    def whole(self, score: Score) -> Iterator[str]:
        """Tell everything of one score."""
        result = self.results.result(score)
        yield f"{result.title}  {score.checklist}  {score.audit}"
        yield "─" * COLUMNS
        yield from wrapped("   ".join(self._figures(result)), "")
        reach = self.speaker.joined((result.reach_note, result.picked_note))
        if reach:
            yield from wrapped(reach, "  ")
        for fact in result.scope:
            yield from wrapped(f"{fact.label}  {fact.value}", "  ")
        for limit in result.limits:
            yield from wrapped(f"{limit.title}  {limit.effect} {limit.items}", "  ")
        titles = self.teller.sections(score.checklist)
        room = max((width(title) for title in titles.values()), default=0)
        bar = max(4, min(_BAR, COLUMNS - _NUMBERS - room))
        for section in score.sections:
            if section.share is None:
                continue
            full = int(section.share * bar)
            drawn = "█" * full + "░" * (bar - full)
            title = padded(titles.get(section.id, section.id), room)
            points = f"{shown(section.earned)} / {shown(section.possible or section.earned)}"
            percent = f"{shown(section.share * 100, 1)} %"
            yield f"  {title}  {drawn}  {percent:>7}  {points}"
        key = (
            "derivation" if score.checklist in self.speaker.seen.handbook.checklists else "overall"
        )
        yield ""
        yield self.words["chapter"][key]
        for line in self.teller.lines(score):
            yield from wrapped(line, "  ")
        yield ""
        yield self.words["chapter"]["all_items"]
        for told in score.items:
            # Where a table lists only what was cited, the rest would be fifty lines of nothing.
            if told.answer is not None or told.outcome != "no_points":
                yield from self._item(told, score)

    def item(self, score: Score, name: str | None) -> Iterator[str]:
        """Tell what one item of a score earned, and why."""
        checklist = self.speaker.seen.handbook.checklists.get(score.checklist)
        if checklist is None or name not in checklist.by_id:
            return
        asked = checklist.by_id[name]
        yield from wrapped(self.speaker.say(asked.question), "")
        for told in score.items:
            if told.item == name:
                yield from self._item(told, score)

    def _figures(self, result: Result) -> Iterator[str]:
        summary = self.words["summary"]
        yield f"{summary['score']} {result.score}" + (f" {result.out_of}" if result.out_of else "")
        if result.error:
            yield result.error
        if result.grade:
            told = " ".join(t for t in (result.grade, result.grade_title) if t)
            yield f"{summary['grade']} {told}"
        yield from (text for text in (result.band, result.pending, result.state) if text)

    def _item(self, told: ItemScore, score: Score) -> Iterator[str]:
        if told.earned is None:
            points = self._uncounted(told)
        elif told.possible is None:
            points = shown(told.earned)
        else:
            points = f"{shown(told.earned)} / {shown(told.possible)}"
        yield from wrapped(f"{told.item}  {points}", "  ")
        persons = self.teller.persons(told, score, self.speaker.named)
        for line in (*persons, *(self.teller.line(line, score) for line in told.lines)):
            yield from wrapped(line, "      ")
        yield from wrapped(self._sampled(told, score), "      ")

    def _sampled(self, told: ItemScore, score: Score) -> str:
        """Say what the sample of an item says of the rest, and its counts where no line did."""
        teller = self.results.sampled
        rated = any(line.key == "item.rate" for line in told.lines)
        counts = "" if rated else teller.counted(score.checklist, told.item)
        said = teller.item(score.checklist, told.item)
        return self.speaker.joined((counts, *said))

    def _uncounted(self, told: ItemScore) -> str:
        """Say why an item is no part of the score; an answer without points is told too."""
        outcome = self.words["outcome"].get(told.outcome, told.outcome)
        if told.outcome != "no_points":
            return outcome
        if told.answer is None:
            return self.words["outcome"]["not_cited"]
        said = self.words["answer"].get(told.answer.result or "", told.answer.result or "")
        return f"{said}  {outcome}"
