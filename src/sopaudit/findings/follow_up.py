"""What became of the nonconformities of the audit before this one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.conclusion import Conclusion
from sopaudit.findings.finding import REMARKS, Conformity, Finding, conformity
from sopaudit.findings.score import ItemScore

Outcome = Literal["corrected", "repeated", "not checked"]

_OUTCOMES: Final[dict[Conformity, Outcome]] = {
    "conforming": "corrected",
    "nonconforming": "repeated",
}
"""Whatever is neither was not looked at this time, and nobody can say that it was corrected."""


@dataclass(frozen=True)
class FollowUp:
    """A nonconformity of the previous audit, and what this one found in its place."""

    finding: Finding
    """As it was then."""

    outcome: Outcome
    now: ItemScore | None
    """The same item this time; None where it was not asked."""


def follow_ups(handbook: Handbook, previous: Conclusion, present: Conclusion) -> Iterator[FollowUp]:
    """Follow every nonconformity of `previous`; `handbook` is what `present` was held against.

    An item is the same where its id and that of its checklist are.
    """
    asked = {
        (score.checklist, told.item): (told, handbook.schemes[score.scheme])
        for score in present.scores
        for told in score.items
    }
    for finding in previous.findings:
        if finding.severity in REMARKS:
            continue
        found = asked.get((finding.checklist, finding.item.id))
        if found is None:
            yield FollowUp(finding, "not checked", None)
        else:
            outcome = _OUTCOMES.get(conformity(*found), "not checked")
            yield FollowUp(finding, outcome, found[0])
