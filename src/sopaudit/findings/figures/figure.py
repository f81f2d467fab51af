"""What a key figure came to: exact numbers, and what stands behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from sopaudit.criteria.kpi import Figure, Kpi, Target

Sort = Literal["share", "mean", "percentile", "count"]
"""What a value is: one number over another, a mean, a length of time, or how many."""

State = Literal["met", "missed", "not judged", "too few", "not available"]
"""`not judged`: it has no target; `too few`: fewer cases than a rate needs to say anything."""


@dataclass(frozen=True)
class Counted:
    """What the records say, before anybody judges it."""

    sort: Sort
    value: Fraction | None
    """A share is no percentage: 19 of 20 are 19/20. None where there is no case."""

    of: Fraction | None = None
    """The numerator of a share, or the sum of a mean."""

    over: int = 0
    """The cases it was counted over: the denominator."""

    unknown: int = 0
    """Cases left out because data is missing."""

    pending: int = 0
    """Cases left out because they may still go either way."""

    others: tuple[tuple[str, Fraction | None], ...] = ()
    """Further values of the same cases: percentiles by their share, or the age of the `oldest`."""

    absent: tuple[str, ...] = ()
    """Records it could be counted without, which were not handed in."""


@dataclass(frozen=True)
class FigureResult:
    """A key figure, or one shown beside it, with its judgement."""

    counted: Counted | None
    """None where it is not available."""

    state: State
    missing: tuple[str, ...] = ()
    """Records it needs that were not handed in."""

    unheard: tuple[str, ...] = ()
    """Rules it counts that nothing can hear yet."""


@dataclass(frozen=True)
class KpiResult:
    """A key figure of one office and period."""

    kpi: Kpi
    figure: FigureResult
    also: tuple[tuple[Figure, FigureResult], ...] = ()
    settled: np.datetime64 | None = None
    """The last moment of its lag; None where it has none, or the period is not known."""

    provisional: bool = False
    """That moment has not passed, so cases may still change it."""

    undated: bool = False
    """It has a lag, but nobody said what period the records are of."""


def share(part: int, whole: int, *, unknown: int = 0, pending: int = 0) -> Counted:
    """Give one number over another."""
    value = Fraction(part, whole) if whole else None
    return Counted("share", value, Fraction(part), whole, unknown, pending)


def met(value: Fraction, target: Target) -> bool:
    """Say whether a value reaches a target."""
    holds = (
        target.at_least is None or value >= target.at_least,
        target.at_most is None or value <= target.at_most,
        target.above is None or value > target.above,
        target.below is None or value < target.below,
    )
    return all(holds)


def judged(counted: Counted, target: Target | None, smallest: Fraction | None) -> State:
    """Judge a figure; how many there are is judged however few, everything else is not."""
    few = counted.sort != "count" and counted.over < (smallest or 0)
    if few or counted.value is None:
        return "too few"
    if target is None:
        return "not judged"
    return "met" if met(counted.value, target) else "missed"


def nearest_rank(ordered: Sequence[int], at: Fraction) -> int:
    """Give the smallest value that at least this share of all values do not exceed.

    That is the ⌈n × share⌉-th of n in ascending order, and the first for a share of 0; nothing is
    made up between two values. Source: the inverse of the empirical distribution function, type 1
    of R. J. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages (1996).
    """
    place = -(-len(ordered) * at.numerator // at.denominator)
    return ordered[max(place, 1) - 1]
