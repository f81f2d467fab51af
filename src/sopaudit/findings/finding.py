"""Findings: where an office does not fulfil a requirement, with what was seen and what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import SEVERITIES, Checklist, Item
from sopaudit.criteria.scheme import Scheme
from sopaudit.findings.score import ItemScore, Score

Conformity = Literal["conforming", "nonconforming", "not applicable", "not observed", "unknown"]
"""Whether a requirement is fulfilled (符合性判定)."""


REMARKS: Final = ("observation", "improvement")
"""Severities that are no nonconformity and ask for no action; a report has them among remarks."""


@dataclass(frozen=True)
class Finding:
    """A requirement held against what was seen."""

    id: str
    """Audit and item, such as `2026-10-cd/CK-HTL-B2`; the same on every run."""

    audit: str
    checklist: str
    item: Item
    conformity: Conformity
    severity: str | None
    """None where the checklist does not rank its items."""

    answer: Answer | None
    lost: Fraction | None
    """Points lost, weight included; None where the item carries none."""

    score: ItemScore


def conformity(item: ItemScore, scheme: Scheme) -> Conformity:
    """Judge an item by its answer (design §4) and, where that is a number, by its points.

    yes is conforming, partial and no are nonconforming, na is not applicable, unchecked and blank
    are not observed. A foreign word or a number conforms if it earns all there is; where there is
    no maximum, points are demerits and zero conforms.
    """
    answer = item.answer
    if item.outcome == "na" or (answer is None and scheme.no_rows == "zero"):
        return "not applicable"
    if answer is None or item.outcome in ("unchecked", "unanswered"):
        return "not observed"
    if answer.checked is not None:
        return "nonconforming" if answer.failed else "conforming"
    if answer.result in ("yes", "partial", "no"):
        return "conforming" if answer.result == "yes" else "nonconforming"
    if item.earned is None:
        return "unknown"
    lost = item.earned if item.possible is None else item.possible - item.earned
    return "nonconforming" if lost > 0 else "conforming"


def findings(checklist: Checklist, scheme: Scheme, score: Score) -> list[Finding]:
    """List the nonconformities of one score, the most serious and costly first."""
    return sorted(_findings(checklist, scheme, score), key=_rank)


def _findings(checklist: Checklist, scheme: Scheme, score: Score) -> Iterator[Finding]:
    for told in score.items:
        item = checklist.by_id[told.item]
        judged = conformity(told, scheme)
        if judged != "nonconforming":
            continue
        lost = None
        if told.earned is not None:
            lost = told.earned if told.possible is None else told.possible - told.earned
        yield Finding(
            id=f"{score.audit}/{item.id}",
            audit=score.audit,
            checklist=checklist.id,
            item=item,
            conformity=judged,
            severity=item.severity,
            answer=told.answer,
            lost=lost,
            score=told,
        )


_RANKS: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def rank(severity: str | None) -> int:
    """Say how far down a severity stands; none, or one we do not know, stands last."""
    return _RANKS.get(severity or "", len(_RANKS))


def _rank(finding: Finding) -> tuple[int, Fraction, str]:
    return rank(finding.severity), -(finding.lost or Fraction(0)), finding.item.id
