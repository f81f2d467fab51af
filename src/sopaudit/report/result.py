"""One score and its grade, written for a page, with every limit that holds it down."""

from collections.abc import Iterator
from fractions import Fraction

from sopaudit.criteria.scheme import Scheme
from sopaudit.findings.score import Bite, Score
from sopaudit.findings.uncertainty import Uncertainty
from sopaudit.press.charts import Edge
from sopaudit.report.derivation import Teller, shown
from sopaudit.report.fact import Fact
from sopaudit.report.model import LimitNote, Result
from sopaudit.report.sampled import SampleTeller
from sopaudit.report.seen import Speaker


class ResultWriter:
    """Writes scores of one audit."""

    def __init__(self, speaker: Speaker, teller: Teller) -> None:
        self.speaker = speaker
        self.teller = teller
        self.handbook = speaker.seen.handbook
        self.words = speaker.words
        self.sampled = SampleTeller(speaker)

    def result(self, score: Score, weight: str = "") -> Result:
        """Write one score."""
        scheme = self.handbook.schemes[score.scheme]
        title, fill = self.teller.title(score.checklist), self.speaker.fill
        share = Fraction(score.percent) / 100 if score.percent is not None else None
        possible = Fraction(score.possible) if score.possible else None
        if share is None:
            spoken = fill("note", "bar_empty", title=title)
        else:
            spoken = fill("note", "bar", title=title, share=f"{percent_text(share)}\u00a0%")
        out_of = fill("summary", "out_of", possible=shown(possible)) if possible else ""
        band = score.band if score.band != score.grade else None
        # What the scope says of it stands in words of its own.
        declared = bool(score.outside) and score.state == "limited scope"
        doubt = self.speaker.seen.doubt(score.checklist)
        reach = self.sampled.reach(doubt, scheme)
        rolled = score.checklist not in self.handbook.checklists
        waiting = score.pending_grade if score.pending_grade != score.grade else None
        return Result(
            id=score.checklist,
            title=title,
            score=self.words["summary"]["no_score"] if score.score is None else score.score,
            scored=score.score is not None,
            out_of=out_of,
            grade=score.grade or "",
            # A grade of what was answered so far: what it would mean of the whole is not said.
            grade_title=""
            if score.state == "incomplete"
            else self._grade_title(scheme, score.grade),
            band=fill("summary", "band", grade=band) if band else "",
            pending=fill("summary", "pending", grade=waiting) if waiting else "",
            state=self.words["state"][score.state] if score.score is not None else "",
            sound=score.state == "scored",
            state_note="" if declared else self.words["state_note"][score.state],
            scope=tuple(self._scope(score)),
            limits=tuple(self._limit(bite, score, title) for bite in score.bites),
            share=share,
            edges=_edges(scheme, possible),
            weight=weight,
            spoken=spoken,
            reach=reach,
            error=fill("sample", "error", reach=reach) if reach else "",
            # What a roll-up says once, its parts need not.
            reach_note="" if weight else self.sampled.reach_note(doubt),
            picked_note=self.sampled.picked_note(self._picked(doubt), rolled=rolled),
        )

    def _picked(self, doubt: Uncertainty) -> list[str]:
        """Name the items whose cases were picked; of a roll-up, the posts of its parts."""
        known = self.handbook.checklists
        return [self.teller.post(name) if name in known else name for name in doubt.picked]

    def _scope(self, score: Score) -> Iterator[Fact]:
        """Say which posts a roll-up speaks for, and which it does not; nothing if for all."""
        words = self.words["scope"]
        if score.outside:
            for label, names in (("within", score.within), ("outside", score.outside)):
                posts = [self.teller.post(name) for name in names]
                yield self.speaker.fact(words[label], self.speaker.listed(posts))

    def _grade_title(self, scheme: Scheme, grade: str | None) -> str:
        """Give the title of a grade; nothing where it only repeats the grade."""
        title = next((self.speaker.say(b.title) for b in scheme.grades if b.grade == grade), "")
        return "" if title == grade else title

    def _limit(self, bite: Bite, score: Score, checklist: str) -> LimitNote:
        fill = self.speaker.fill
        if bite.grade is not None:
            effect = fill("limit", "grade", grade=bite.grade)
        else:
            effect = fill("limit", "score", score=shown(bite.score_at_most or Fraction(0)))
        how = "pending" if bite.pending else "changed" if bite.changed else "held"
        items = self.speaker.listed(self.teller.causes(bite, score))
        return LimitNote(
            title=self.teller.limits(score.scheme).get(bite.limit, bite.limit),
            effect=fill("limit", how, effect=effect),
            items=fill("limit", "from_items", items=items) if items else "",
            checklist=checklist,
            pending=bite.pending,
            changed=bite.changed,
        )


def percent_text(share: Fraction) -> str:
    """Write a share as a percentage with at most one decimal."""
    return shown(share * 100, 1)


def _edges(scheme: Scheme, possible: Fraction | None) -> tuple[Edge, ...]:
    """Say where grades begin along a bar of `possible`; none where there is no maximum."""
    if not possible:
        return ()
    begins = ((band.grade, band.at_least, band.above) for band in scheme.grades)
    starts = ((grade, above if at is None else at) for grade, at, above in begins)
    return tuple(
        Edge(at / possible, grade) for grade, at in starts if at is not None and 0 < at < possible
    )
