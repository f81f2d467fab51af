"""How far a share seen in a sample may lie from the share of all: Wilson, Clopper and Pearson.

Small and without scipy, which weighs 80 MB; the tests hold every function to scipy and statsmodels.
Shares are those of nonconforming cases, or of conforming ones: the formulas do not care.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, exp, floor, hypot, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = Fraction(95, 100)
"""Of a hundred samples, so many have the true share within their interval."""

_FLOAT_DUST: Final = 1e-9
"""So far above a whole number of cases an end may lie by the error of floats alone."""

COUNTED: Final = 2_000
"""Cases of a lot up to which its chances are counted in whole numbers."""

_NOTHING_MORE: Final = 1e-18
"""A term this small beside the sum of those before it changes nothing."""


@dataclass(frozen=True)
class Interval:
    """Two ends, both included."""

    low: float
    high: float


def wilson(
    hits: int, of: int, confidence: Fraction = CONFIDENCE, population: int | None = None
) -> Interval:
    """Give the score interval of a share, with its end at 0 or 1 where none or all are hits.

    Source: E. B. Wilson, JASA 22 (1927), 209. Of a finite population drawn without replacement the
    variance is smaller by (N - n) / (N - 1); solving the same equation with it only makes z²
    smaller, so a sample of everything leaves a single point. Its share is a whole number of cases,
    so the ends are moved outward to the next one; and what was seen is part of it, so they do not
    go beyond what that leaves possible.
    """
    _countable(hits, of, population)
    z2 = NormalDist().inv_cdf(float((1 + confidence) / 2)) ** 2
    if population is not None:
        z2 *= (population - of) / max(1, population - 1)
    middle = (hits + z2 / 2) / (of + z2)
    reach = sqrt(z2 * (hits * (of - hits) / of + z2 / 4)) / (of + z2)
    low = middle - reach if hits else 0.0
    high = middle + reach if hits < of else 1.0
    if population is None:
        return Interval(low, high)
    fewest = max(hits, floor(low * population + _FLOAT_DUST))
    most = min(population - of + hits, ceil(high * population - _FLOAT_DUST))
    return Interval(fewest / population, most / population)


def clopper_pearson(
    hits: int, of: int, confidence: Fraction = CONFIDENCE, population: int | None = None
) -> Interval:
    """Give the exact interval: each end as likely to be wrong as the other, at most.

    Source: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), 404.
    """
    one_sided = (1 + confidence) / 2
    low = 1 - upper_limit(of - hits, of, one_sided, population)
    return Interval(low, upper_limit(hits, of, one_sided, population))


def upper_limit(
    hits: int, of: int, confidence: Fraction = CONFIDENCE, population: int | None = None
) -> float:
    """Give the one-sided exact limit: the largest share that would still show so few hits.

    Where none is found it is 1 - (1 - confidence) ** (1 / of). Of a finite population it is a count
    over that population (hypergeometric), and what was seen itself where that was all of it.

    Source: Clopper and Pearson as above; for lots, W. G. Cochran, Sampling Techniques, 3.6.
    """
    _countable(hits, of, population)
    risk = 1 - confidence
    if hits == of:
        return 1.0
    if population is not None:
        return _most_bad(hits, of, population, risk) / population
    if hits == 0:
        return 1 - exp(log(risk) / of)
    return _crossing(lambda share: at_most(hits, of, share) > risk, hits / of, 1.0)


def at_most(hits: int, of: int, share: float) -> float:
    """Give the chance of at most `hits` in `of` draws: the binomial distribution.

    The terms are added from the last one down, where they soon come to nothing as long as the share
    is above `hits` / `of`.
    """
    if share <= 0 or share >= 1:
        return float(share <= 0 or hits >= of)
    last = lgamma(of + 1) - lgamma(hits + 1) - lgamma(of - hits + 1)
    last += hits * log(share) + (of - hits) * log1p(-share)
    total = term = 1.0
    for k in range(hits, 0, -1):
        term *= k * (1 - share) / ((of - k + 1) * share)
        total += term
        if term < _NOTHING_MORE * total:
            break
    return min(1.0, exp(last) * total)


def at_most_in_lot(hits: int, of: int, bad: int, lot: int) -> Fraction:
    """Give the chance of at most `hits` of `bad` cases among `of` drawn from `lot`, exactly.

    The hypergeometric distribution.
    """
    ways = sum(comb(bad, k) * comb(lot - bad, of - k) for k in range(min(hits, of) + 1))
    return Fraction(ways, comb(lot, of))


def at_most_in_large_lot(hits: int, of: int, bad: int, lot: int) -> float:
    """Give the same chance in floats, to some 1e-7: the whole numbers of large lots take minutes.

    `hits` must not be more than `bad`, nor the others more than the good ones.
    """

    def ways(from_: int, taken: int) -> float:
        return lgamma(from_ + 1) - lgamma(taken + 1) - lgamma(from_ - taken + 1)

    last = ways(bad, hits) + ways(lot - bad, of - hits) - ways(lot, of)
    total = term = 1.0
    for k in range(hits, 0, -1):
        term *= k * (lot - bad - of + k) / ((bad - k + 1) * (of - k + 1))
        total += term
        if term < _NOTHING_MORE * total:
            break
    return min(1.0, exp(last) * total)


@dataclass(frozen=True)
class Term:
    """A part of a weighted sum: a share that was estimated, what it weighs, and its interval."""

    weight: float
    value: float
    interval: Interval
    cases: frozenset[str] = frozenset()
    """What it was counted from, where single cases are known."""


def reach_of_sum(terms: Iterable[Term]) -> Interval:
    """Say how far below and above its estimate a weighted sum of shares may lie.

    The reaches of the single intervals are added like variances, each side by itself, so the sum
    keeps the lopsidedness of its parts, and never leaves what they can make. It is the method of
    variance estimates recovery (MOVER).

    Shares counted from the same cases are not independent: a bad ticket fails in several items at
    once. Each reach is therefore spread over its n cases, 1/√n to each, and what a case carries of
    several terms is added before it is squared. So two terms of the same cases add up in full, as
    if a case failed in both or in neither, which is the worst; two of different cases as variances.

    Source: G. Y. Zou, W. Huang, X. Zhang, Computational Statistics & Data Analysis 53 (2009), 1080;
    R. G. Newcombe, Statistics in Medicine 17 (1998), 873, for the difference of two.
    """
    down: dict[str, float] = {}
    up: dict[str, float] = {}
    for n, term in enumerate(terms):
        below = abs(term.weight) * (term.value - term.interval.low)
        above = abs(term.weight) * (term.interval.high - term.value)
        if term.weight < 0:
            below, above = above, below
        cases = sorted(term.cases) or [f"\0{n}"]
        for case in cases:
            down[case] = down.get(case, 0.0) + below / sqrt(len(cases))
            up[case] = up.get(case, 0.0) + above / sqrt(len(cases))
    return Interval(hypot(*down.values()), hypot(*up.values()))


def _most_bad(hits: int, of: int, lot: int, risk: Fraction) -> int:
    """Find the most bad cases a lot may hold that would still show so few, by halving."""
    chance = at_most_in_lot if lot <= COUNTED else at_most_in_large_lot
    low, high = hits, lot - (of - hits)
    while low < high:
        middle = (low + high + 1) // 2
        if chance(hits, of, middle, lot) > risk:
            low = middle
        else:
            high = middle - 1
    return low


def _crossing(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Find where `holds` turns from true to false, by halving until floats end."""
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if holds(middle) else (low, middle)
    return high


def _countable(hits: int, of: int, population: int | None) -> None:
    if not 0 <= hits <= of or of < 1 or (population is not None and population < of):
        raise ValueError(f"{hits} of {of}, drawn from {population}, cannot be counted")
