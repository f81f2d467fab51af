"""All that is known of how the scores of one audit came about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.branch import as_checklist
from sopaudit.findings.conclusion import Conclusion, conclude
from sopaudit.findings.nearness import Nearness, in_full, nearness
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import Scorer
from sopaudit.report.seen import Seen


@dataclass(frozen=True)
class Explained:
    """One audit: its scores with their proofs, and what lay around them."""

    seen: Seen
    scores: tuple[Score, ...]
    """Of its checklists, then of the roll-ups above them."""

    near: Mapping[str, Nearness]
    """By checklist or roll-up; of a roll-up, what a point of a post's score would do."""

    frames: tuple[AnswerFrame, ...] = ()

    def in_full(self, checklist: str, item: str) -> Iterator[tuple[Score, Score]]:
        """Give each roll-up above a checklist as it is, and as if one item of it were full."""
        changed = in_full(_scorer(self.seen, checklist), self.own(checklist), self.audit, item)
        if not changed:
            return
        others = [frame for frame in self.frames if frame.checklist != checklist]
        full = conclude(self.seen.handbook, [*others, *changed], self.audit, self.seen.audit)
        before = {score.checklist: score for score in self.scores}
        for branch in full.branches:
            if checklist in branch.within:
                yield before[branch.checklist], branch

    def asked(self, name: str | None) -> list[Score]:
        """Give the scores of a checklist, or those that have an item; all of them for None."""
        named = [score for score in self.scores if name in (None, score.checklist)]
        return named or [s for s in self.scores if any(item.item == name for item in s.items)]

    @property
    def audit(self) -> str:
        """The id of the audit."""
        return self.scores[0].audit if self.scores else ""

    def own(self, checklist: str) -> list[AnswerFrame]:
        """Give the answers to one checklist."""
        return [frame for frame in self.frames if frame.checklist == checklist]


def explained(seen: Seen, conclusion: Conclusion, frames: Sequence[AnswerFrame]) -> Explained:
    """Look at what lies one step from each score of an audit."""
    handbook = seen.handbook
    seen = replace(seen, uncertainty=conclusion.uncertainty)
    told = Explained(seen, conclusion.all, {}, tuple(frames))
    near = {
        score.checklist: nearness(
            _scorer(seen, score.checklist), told.own(score.checklist), conclusion.audit
        )
        for score in conclusion.scores
    }
    for score in conclusion.branches:
        scorer, frame = as_checklist(handbook, score, conclusion.scores)
        near[score.checklist] = nearness(scorer, [frame], conclusion.audit)
    return replace(told, near=near)


def _scorer(seen: Seen, name: str) -> Scorer:
    checklist = seen.handbook.checklists[name]
    return Scorer(checklist, seen.handbook.schemes[checklist.scheme])
