"""Whether a frozen audit still comes to what it came to on the day it was frozen."""

from collections.abc import Iterable
from typing import Final

from sopaudit import __version__
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.frozen import FROZEN, LIST, Frozen
from sopaudit.evidence.records import DATA
from sopaudit.findings.score import Score
from sopaudit.problems import Place, Problem

SCHEMA: Final = "sopaudit.frozen/1"

Told = tuple[str | None, str | None, str | None, str]


def result_of(score: Score) -> Told:
    """Give what must come out again: the exact number, the one shown, grade and state."""
    exact = None if score.exact is None else str(score.exact)
    return exact, score.score, score.grade, score.state


def drifted(folder: AuditFolder, scores: Iterable[Score]) -> list[Problem]:
    """Name each score that is not what it was, though the answers are the same."""
    kept = folder.kept
    if kept is None or dict(kept.answers) != dict(folder.digests):
        return []
    if (kept.records or kept.from_records) and kept.records != folder.held:
        # Other records are another question, and only a final audit must not ask one.
        return [_reheard(folder)] if folder.audit.state == "final" else []
    then = {one.checklist: one.told for one in kept.scores}
    now = {score.checklist: result_of(score) for score in scores}
    return [
        _drift(folder, kept, checklist, then.get(checklist), now.get(checklist))
        for checklist in dict.fromkeys([*then, *now])
        if then.get(checklist) != now.get(checklist)
    ]


def _reheard(folder: AuditFolder) -> Problem:
    return Problem(Place(f"{folder.folder.as_posix()}/{DATA}"), "A150")


def _drift(
    folder: AuditFolder, kept: Frozen, checklist: str, then: Told | None, now: Told | None
) -> Problem:
    before, after = _said(then), _said(now)
    if before == after:
        before, after = _said(then, exact=True), _said(now, exact=True)
    told = {
        "checklist": checklist,
        "before": before,
        "now": after,
        "engine": kept.engine.version,
        "version": __version__,
    }
    return Problem(Place(f"{folder.folder.as_posix()}/{FROZEN}/{LIST}"), "A132", told)


def _said(told: Told | None, *, exact: bool = False) -> str:
    if told is None:
        return "–"
    fraction, score, grade, state = told
    number = fraction if exact else score or fraction
    return " ".join(filter(None, [number, grade, "" if state == "scored" else state]))
