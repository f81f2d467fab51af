"""What a sample says of the cases nobody looked at, and of the score, in words."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from sopaudit.criteria.answer import Result
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.record import Case, Sample
from sopaudit.findings.conclusion import Conclusion
from sopaudit.findings.intervals import Interval
from sopaudit.findings.rounding import decimal_text
from sopaudit.findings.uncertainty import Sampled, Uncertainty
from sopaudit.report.derivation import shown
from sopaudit.report.heard import RecordsTeller, percent
from sopaudit.report.model import SampleRow
from sopaudit.report.seen import Speaker

NAMED: Final = 6
"""Items that are named where their cases were picked; more of them are counted."""

MARKS: Final[Mapping[Result | None, str]] = {"yes": "√", "partial": "×", "no": "×"}
"""How a case of a sample is ticked off on paper."""


class SampleTeller:
    """Tells samples and what they do to scores."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self.records = RecordsTeller(speaker)

    def counted(self, checklist: str, item: str) -> str:
        """Say how many cases of an item there were, and how many conformed."""
        seen = self.speaker.seen.sampled(checklist, item)
        if seen is None:
            return ""
        counts = {"checked": seen.checked, "failed": seen.failed}
        return self.speaker.fill("finding", "sample", passed=seen.checked - seen.failed, **counts)

    def item(self, checklist: str, item: str) -> Iterator[str]:
        """Tell the sample of an item in sentences; nothing where it has none."""
        said = self.records.said(checklist, item)
        if said is not None:
            yield from self.records.sentences(said)
            if said.counts:
                return
        seen, fill = self.speaker.seen.sampled(checklist, item), self.speaker.fill
        if seen is None:
            return
        if seen.population is not None and seen.chosen == "random":
            yield fill("sample", "population", population=seen.population)
        if seen.ceiling is not None:
            yield fill("sample", "none_found", most=percent(seen.ceiling))
        elif seen.interval is not None:
            ends = {"low": percent(seen.interval.low), "high": percent(seen.interval.high)}
            yield fill("sample", "rate", rate=percent(seen.rate), **ends)
        if seen.miss is not None:
            yield fill("sample", "miss", miss=chance(seen.miss))
        else:
            yield fill("sample", self._how(seen), checked=seen.checked)

    def brief(self, checklist: str, item: str) -> str:
        """Tell the same in a few words, which `key` explains."""
        said = self.records.said(checklist, item)
        if said is not None and (said.counts or not said.own):
            return self.records.brief(said)
        seen, fill = self.speaker.seen.sampled(checklist, item), self.speaker.fill
        if seen is None:
            return ""
        if seen.miss is None:
            return fill("sample", f"brief_{self._how(seen)}", checked=seen.checked)
        miss = chance(seen.miss)
        if seen.ceiling is not None:
            return fill("sample", "brief_none_found", most=percent(seen.ceiling), miss=miss)
        interval = seen.interval or Interval(0, 1)
        ends = {"low": shown(Fraction(interval.low) * 100, 1), "high": percent(interval.high)}
        return fill("sample", "brief_rate", rate=percent(seen.rate), miss=miss, **ends)

    def key(self, checklist: str) -> str:
        """Explain the few words; nothing where no item of the checklist was drawn at random."""
        samples = self.speaker.seen.doubt(checklist).samples.values()
        drawn = any(seen.chosen == "random" for seen in samples)
        return self.speaker.fill("sample", "key") if drawn else ""

    def reach(self, doubt: Uncertainty, scheme: Scheme) -> str:
        """Write between which scores the true one lies, as the scheme rounds; nothing if none."""
        if doubt.interval is None:
            return ""
        unit = scheme.round.to if scheme.round else Fraction(1, 100)
        low, high = (decimal_text(Fraction(end), unit) for end in _ends(doubt.interval))
        return self.speaker.fill("sample", "reach", low=low, high=high)

    def reach_note(self, doubt: Uncertainty) -> str:
        """Say what the reach of a score rests on, or why it has none although cases were drawn."""
        if doubt.drawn and not doubt.additive:
            return self.speaker.fill("sample", "not_additive")
        return self.speaker.fill("sample", "reach_note") if doubt.interval else ""

    def picked_note(self, names: Sequence[str], *, rolled: bool) -> str:
        """Say what is not in it: `names` of items (of what was `rolled` up: posts)."""
        if not names:
            return ""
        named = self.speaker.listed(names[:NAMED])
        key = "picked_named" if len(names) <= NAMED else "picked_counted"
        return self.speaker.fill(
            "sample", "picked_branch" if rolled else key, n=len(names), items=named
        )

    def rows(self, conclusion: Conclusion) -> Iterator[SampleRow]:
        """Give every sample as it was drawn, with what was found in each of its cases."""
        yield from self.tickets()
        for score in conclusion.scores:
            for item in self.speaker.seen.handbook.checklists[score.checklist].items:
                said = self.brief(score.checklist, item.id)
                for answer in self.speaker.seen.seen(score.checklist, item.id):
                    sample = answer.sample
                    if sample is not None and sample.cases and sample.drawing_told:
                        yield self._row(item.id, sample, said)
                        # Said once of all its samples together.
                        said = ""

    def _row(self, item: str, sample: Sample, told: str) -> SampleRow:
        listed = self.speaker.listed([self.marked(case) for case in sample.cases])
        drawn = sample.drawn if sample.drawn is not None else len(sample.cases)
        start = "" if sample.seed is None else str(sample.seed)
        population = "" if sample.population is None else str(sample.population)
        return SampleRow(item, str(drawn), start, listed, told, population)

    def marked(self, case: Case) -> str:
        """Write a case with its verdict: √ × and – for what does not apply or nobody looked at."""
        return f"{case.id}\u00a0{MARKS.get(case.judged, '–')}"

    def tickets(self) -> Iterator[SampleRow]:
        """Give the tickets that were drawn for the audit, and those looked at in any case."""
        drawn, fill = self.speaker.seen.drawn, self.speaker.fill
        if drawn is None:
            return
        told = fill("sample", "tickets", population=drawn.population)
        listed = self.speaker.listed(drawn.drawn)
        title, number = fill("sample", "tickets_drawn"), str(drawn.population)
        yield SampleRow(title, str(len(drawn.drawn)), drawn.start, listed, told, number)
        if drawn.certain:
            certain = self.speaker.listed([one.ticket for one in drawn.certain])
            title, told = fill("sample", "tickets_always"), fill("sample", "always")
            yield SampleRow(title, str(len(drawn.certain)), "", certain, told)

    def _how(self, seen: Sampled) -> str:
        """Say how cases were chosen that were not drawn; `untold` where no record says so."""
        return seen.chosen if seen.told else "untold"


def chance(share: Fraction) -> str:
    """Write a chance in whole percent; one that would be none, or certain, is not rounded away."""
    whole = Fraction(shown(share * 100, 0))
    if whole == 0 < share:
        return "<\u00a01\u00a0%"
    return f"{whole}\u00a0%" if whole < 100 or share == 1 else ">\u00a099\u00a0%"  # noqa: PLR2004


def _ends(interval: Interval) -> tuple[float, float]:
    return interval.low, interval.high
