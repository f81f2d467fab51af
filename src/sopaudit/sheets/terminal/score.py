"""The score so far, where the scheme is plain enough to foretell it: a help, never the result."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from sopaudit.evidence.record import RecordedAnswer
from sopaudit.sheets.preview import Meter, Preview


@dataclass(frozen=True)
class Foretold:
    """What a checklist comes to so far."""

    score: Fraction | None
    """None while nothing that carries points was answered."""

    grade: str
    """Empty without a score or grades, unless a veto gives one."""


def foretold(
    preview: Preview, answers: Iterable[RecordedAnswer], pending: Collection[str] = ()
) -> Foretold:
    """Add up what was answered; what is open, not applicable or unchecked counts on neither side.

    A veto on an item that is `pending` has no effect.
    Items answered for several persons have no plain score, and the last of them stands for all.
    """
    given = {answer.item: answer for answer in answers}
    earned = possible = Fraction(0)
    for item, answer in given.items():
        meter = preview.meters.get(item)
        part = None if meter is None else _earned(meter, answer)
        if meter is not None and part is not None:
            earned += part
            possible += meter.points
    score = None
    if preview.percent and possible:
        score = _rounded(earned / possible * 100, preview.to)
    elif not preview.percent and any(given):
        score = _rounded(earned, preview.to)
    seen = {item: answer for item, answer in given.items() if item not in pending}
    return Foretold(score, _grade(preview, score, seen))


def _earned(meter: Meter, answer: RecordedAnswer) -> Fraction | None:
    """Give what an answer earns; None where it is left out."""
    failed, checked = answer.counts
    if answer.result_seen in ("na", "unchecked"):
        return None
    if meter.rate:
        return meter.points * (checked - (failed or 0)) / checked if checked else None
    if answer.value is not None:
        if meter.given:
            return answer.value * meter.weight
        return max(Fraction(0), meter.points - (meter.each or 0) * answer.value)
    share = meter.shares.get(answer.result or "")
    return None if share is None else meter.points * share


def _rounded(score: Fraction, to: Fraction) -> Fraction:
    """Round half up to a multiple of `to`."""
    return (score / to + Fraction(1, 2)).__floor__() * to


def _grade(preview: Preview, score: Fraction | None, given: dict[str, RecordedAnswer]) -> str:
    """Grade from the top down; a veto that was answered lowers it, and never lifts it."""
    order = [grade for grade, _ in preview.grades]
    found = [
        veto.grade
        for veto in preview.vetoes
        if veto.item in given and given[veto.item].result == veto.answer
    ]
    if score is not None:
        fits = (grade for grade, least in preview.grades if least is None or score >= least)
        found += [grade for grade in (next(fits, ""),) if grade]
    return max(found, key=lambda grade: order.index(grade) if grade in order else -1, default="")
