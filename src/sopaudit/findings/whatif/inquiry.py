"""Questions asked of one audit: what would bring its scores to a grade, how far they may still go.

It knows which scores there are: of each checklist that was answered, and of the branches above.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from sopaudit.criteria.checklist import Branch
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.auditfile import Audit
from sopaudit.findings.branch import branch_score
from sopaudit.findings.conclusion import scorers, standing
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import Scorer
from sopaudit.findings.whatif.outlook import Outlook, View, branch_outlook
from sopaudit.findings.whatif.prospect import Prospect, prospect
from sopaudit.findings.whatif.subject import Post, Roll, Subject, Whole
from sopaudit.findings.whatif.trial import Trial


class Inquiry:
    """One audit, held against a handbook; how it is `described` says which posts there are."""

    def __init__(
        self,
        handbook: Handbook,
        frames: Sequence[AnswerFrame],
        audit: str,
        described: Audit | None = None,
    ) -> None:
        self.handbook = handbook
        self.audit = audit
        self.described = described
        self.scorers: dict[str, Scorer] = scorers(handbook)
        held = {
            name: [f for f in frames if f.checklist == name and audit in f.audits]
            for name in self.scorers
        }
        self.frames = {name: found for name, found in held.items() if found}

    @property
    def names(self) -> tuple[str, ...]:
        """The checklists that were answered, and the branches that roll them up."""
        return (*self.frames, *(branch.id for branch in self._branches()))

    @cached_property
    def posts(self) -> dict[str, Post]:
        """What may be put right, by checklist."""
        return {
            name: Post(self.scorers[name], frames, self.audit)
            for name, frames in self.frames.items()
        }

    def grades(self, name: str) -> tuple[str, ...]:
        """List the grades a checklist or a branch may have, the best first."""
        known = self.handbook.checklists.get(name) or self.handbook.branches[name]
        return tuple(band.grade for band in self.handbook.schemes[known.scheme].grades)

    def prospect(self, name: str, goal: str) -> Prospect:
        """Say how a checklist or a branch could come to a grade."""
        subject: Subject
        if name in self.posts:
            subject = self.posts[name]
        else:
            branch = self.handbook.branches[name]
            scheme = self.handbook.schemes[branch.scheme]
            subject = Whole([*self.posts.values()], scheme, self._roll(branch))
        return prospect(subject, goal)

    def outlook(self, name: str) -> Outlook:
        """Say how far the score of a checklist or a branch may still go."""
        if name in self.frames:
            return self._view(name).outlook()
        branch = self.handbook.branches[name]
        exist, outside = standing(self.handbook, branch, self.frames, self.described)
        parts = [part.checklist for part in branch.of if part.checklist not in outside]
        views = [self._view(part) for part in parts if part in exist]
        scheme = self.handbook.schemes[branch.scheme]
        return branch_outlook(views, scheme, self._roll(branch))

    def _view(self, name: str) -> View:
        """See a checklist while items are open; all are where nobody looked at any."""
        return View(Trial(self.scorers[name], self.frames.get(name, ()), self.audit))

    def _branches(self) -> Iterator[Branch]:
        for branch in self.handbook.branches.values():
            _, outside = standing(self.handbook, branch, self.frames, self.described)
            if any(p.checklist in self.frames and p.checklist not in outside for p in branch.of):
                yield branch

    def _roll(self, branch: Branch) -> Roll:
        exist, outside = standing(self.handbook, branch, self.frames, self.described)

        def roll(scores: Sequence[Score]) -> Score:
            return branch_score(self.handbook, branch, scores, exist, outside)

        return roll
