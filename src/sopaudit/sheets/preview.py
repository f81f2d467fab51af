"""How a sheet may foretell a score while it is filled in: never trusted, and only where it is sure.

A sheet has no room for every word a scheme may use, so a preview is given for the plain ones alone:
points earned over points that apply, or their sum, graded from the top down. Of any other scheme a
sheet tells nothing, and says that the score comes out once it is imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sopaudit.criteria.judging import set_shares
from sopaudit.criteria.label import decisive
from sopaudit.criteria.scheme import Each, Scheme
from sopaudit.sheets.blank import Ask, Leaf


@dataclass(frozen=True)
class Meter:
    """What an item can earn."""

    points: Fraction
    """In full, with its weight; 0 for one that carries none."""

    shares: Mapping[str, Fraction]
    """By answer word, the share of the points; a word that is not here leaves the base."""

    each: Fraction | None = None
    """Points, with the weight, that each occurrence takes away."""

    rate: bool = False
    """It earns the share of its cases that conform."""

    given: bool = False
    """The answer itself is the points, to be multiplied by `weight`."""

    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Veto:
    """An answer that decides the grade by itself."""

    item: str
    answer: str
    grade: str
    title: str
    """In the language of the sheet."""

    waits: bool = False
    """It decides nothing until a second person has confirmed the answer."""


@dataclass(frozen=True)
class Preview:
    """What a sheet needs to foretell a score."""

    meters: Mapping[str, Meter]
    percent: bool
    """The score is points earned over points that apply, times 100; else their sum."""

    to: Fraction
    """The unit it is rounded to, half up."""

    grades: tuple[tuple[str, Fraction | None], ...]
    """Grades and the score each begins at, the best first; the last one takes the rest (None)."""

    vetoes: tuple[Veto, ...]


def preview(leaf: Leaf, lang: str) -> Preview | None:
    """Say how the score of a checklist may be foretold; None where its scheme is no plain one."""
    scheme = leaf.scheme
    if not _plain(scheme):
        return None
    meters = {ask.item.id: _meter(ask) for ask in leaf.asks}
    known = {name: meter for name, meter in meters.items() if meter is not None}
    if len(known) < len(meters):
        return None
    to = scheme.round.to if scheme.round else Fraction(1, 10)
    grades = tuple((band.grade, band.at_least) for band in scheme.grades)
    return Preview(known, scheme.roll_up == "percent", to, grades, vetoes(leaf, lang))


def _plain(scheme: Scheme) -> bool:
    """Say whether a scheme uses none of the words a preview does not know."""
    strange = (
        scheme.sections,
        scheme.adjust,
        scheme.points_by,
        scheme.take,
        scheme.start,
        scheme.no_rows,
        scheme.pick != "one",
        scheme.unanswered != "skip",
        scheme.roll_up not in ("percent", "sum"),
        scheme.ceiling,
        scheme.floor,
        scheme.round and scheme.round.mode != "half_up",
        scheme.roll_up == "percent" and scheme.scale == "1",
    )
    last = len(scheme.grades) - 1
    simple = all(
        not band.when
        and band.at_most is None
        and band.below is None
        and band.above is None
        and (band.at_least is not None or n == last)
        for n, band in enumerate(scheme.grades)
    )
    return simple and not any(strange)


def _meter(ask: Ask) -> Meter | None:
    """Say what an item can earn; None where its answers do more than earn or leave the base."""
    weight = ask.item.weight
    if ask.answers == "number":
        return Meter((ask.points or Fraction(0)) * weight, {}, given=True, weight=weight)
    # Where nothing says what an item is worth, its answers share one point, as they do in a score.
    points = (Fraction(1) if ask.points is None else ask.points) * weight
    if ask.answers == "rate":
        return Meter(points, {"yes": Fraction(1), "no": Fraction(0)}, rate=True)
    if isinstance(ask.answers, Each):
        return Meter(points, {"yes": Fraction(1)}, each=ask.answers.each * weight)
    blocked = any(share == "block" for share in ask.answers.values())
    return None if blocked else Meter(points, set_shares(ask.answers))


def vetoes(leaf: Leaf, lang: str) -> tuple[Veto, ...]:
    """List the answers that decide the grade by themselves, whatever the rest of the scheme is."""
    return tuple(
        Veto(
            ask.item.id,
            limit.is_,
            limit.grade,
            limit.title.to(lang) if limit.title else limit.id or "",
            limit.confirm,
        )
        for ask in leaf.asks
        for limit in decisive(leaf.scheme, ask.item)
        if limit.is_ is not None and limit.grade is not None and limit.times == 1
    )
