"""Intervals, held to scipy and statsmodels, and to what must hold of any interval."""

from fractions import Fraction
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from sopaudit.findings.intervals import (
    at_most,
    at_most_in_large_lot,
    at_most_in_lot,
    clopper_pearson,
    upper_limit,
    wilson,
)
from sopaudit.findings.sampling import chance_to_miss

SEEN: Final = [(k, n) for n in (1, 2, 5, 12, 30, 200, 5000) for k in {0, 1, n // 3, n - 1, n}]
CONFIDENCES: Final = (Fraction(8, 10), Fraction(95, 100), Fraction(999, 1000))

samples = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("confidence", CONFIDENCES, ids=str)
def test_intervals_are_those_of_scipy_and_statsmodels(confidence: Fraction) -> None:
    risk = float(1 - confidence)
    for k, n in SEEN:
        binomial = stats.binomtest(k, n)
        for ours, scipys, theirs in (
            (wilson(k, n, confidence), "wilson", "wilson"),
            (clopper_pearson(k, n, confidence), "exact", "beta"),
        ):
            told = binomial.proportion_ci(float(confidence), scipys)
            both = (ours.low, ours.high)
            assert both == pytest.approx(tuple(told), abs=1e-9), (k, n)
            assert both == pytest.approx(proportion_confint(k, n, risk, theirs), abs=1e-9), (k, n)
        one_sided = stats.binomtest(k, n, alternative="less").proportion_ci(float(confidence))
        assert upper_limit(k, n, confidence) == pytest.approx(one_sided.high, abs=1e-9), (k, n)


def test_the_binomial_tail_is_that_of_scipy() -> None:
    for k, n in SEEN:
        for share in (0.0, 0.003, k / n, 0.5, 0.97, 1.0):
            assert at_most(k, n, share) == pytest.approx(stats.binom.cdf(k, n, share), abs=1e-9)


def test_the_tail_of_a_lot_is_that_of_scipy() -> None:
    for lot, bad, drawn in ((10, 3, 4), (50, 3, 31), (1000, 50, 57), (400, 40, 390)):
        for k in range(4):
            ours = float(at_most_in_lot(k, drawn, bad, lot))
            assert ours == pytest.approx(stats.hypergeom.cdf(k, lot, bad, drawn), abs=1e-9)


@given(samples)
def test_an_interval_holds_what_was_seen_and_turns_with_it(seen: tuple[int, int]) -> None:
    k, n = seen
    for interval, turned in ((wilson(k, n), wilson(n - k, n)),
                             (clopper_pearson(k, n), clopper_pearson(n - k, n))):  # fmt: skip
        assert 0 <= interval.low <= k / n <= interval.high <= 1
        ends = (1 - turned.high, 1 - turned.low)
        assert (interval.low, interval.high) == pytest.approx(ends, abs=1e-12)


@given(samples)
def test_the_exact_interval_is_exact(seen: tuple[int, int]) -> None:
    k, n = seen
    interval = clopper_pearson(k, n)
    if k < n:
        assert at_most(k, n, interval.high) == pytest.approx(0.025, abs=1e-9)
    if k:
        assert 1 - at_most(k - 1, n, interval.low) == pytest.approx(0.025, abs=1e-9)


@given(samples)
def test_a_smaller_population_leaves_less_to_guess(seen: tuple[int, int]) -> None:
    """But for the one case by which its ends are moved to whole numbers."""
    k, n = seen
    populations = [*range(n, n + 40, 7), 10**6, None]
    found = [wilson(k, n, population=size) for size in populations]
    for size, (a, b) in zip(populations, pairwise(found), strict=False):
        one = 1 / (size or 1)
        assert a.low > b.low - one
        assert a.high < b.high + one
    assert (found[0].low, found[0].high) == pytest.approx((k / n, k / n))
    assert (found[-2].low, found[-2].high) == pytest.approx(
        (found[-1].low, found[-1].high), abs=1e-4
    )


def test_the_interval_of_a_lot_solves_the_equation_it_comes_from() -> None:
    for k, n, lot in ((5, 20, 100), (30, 60, 90), (3, 12, 40)):
        interval = wilson(k, n, population=lot)
        for end, inward in ((interval.low, 1 / lot), (interval.high, -1 / lot)):
            assert end * lot == pytest.approx(round(end * lot)), "a whole number of cases"
            assert beyond(end, k, n, lot)
            assert not beyond(end + inward, k, n, lot)


def beyond(share: float, k: int, n: int, lot: int) -> bool:
    variance = share * (1 - share) / n * (lot - n) / (lot - 1)
    return (k / n - share) ** 2 >= 1.959964**2 * variance


def test_a_share_no_lot_of_that_size_can_have_is_no_end() -> None:
    """Nine bad ones of nine leave nine or ten of ten; 95.5 % of ten is no share at all."""
    assert wilson(9, 9, population=10).low == 0.9


@given(samples, st.integers(0, 60))
def test_one_bad_case_more_than_the_limit_of_a_lot_would_have_shown(
    seen: tuple[int, int], unseen: int
) -> None:
    k, n = seen
    lot = n + unseen
    bad = round(upper_limit(k, n, population=lot) * lot)
    if k == n:
        assert bad == lot
        return
    risk = Fraction(5, 100)
    assert bad == k or at_most_in_lot(k, n, bad, lot) > risk
    assert bad == lot - (n - k) or at_most_in_lot(k, n, bad + 1, lot) <= risk


@pytest.mark.parametrize(("hits", "of", "bad"), [(0, 300, 30), (9, 300, 60), (40, 300, 90)])
def test_chances_of_large_lots_are_those_that_whole_numbers_give(
    hits: int, of: int, bad: int
) -> None:
    exact = float(at_most_in_lot(hits, of, bad, 2500))
    assert at_most_in_large_lot(hits, of, bad, 2500) == pytest.approx(exact, rel=1e-7)


def test_a_population_of_millions_takes_no_time() -> None:
    """Of ten millions the limits are those without a population, but for a trifle."""
    lot, free = (clopper_pearson(5, 100_000, population=n) for n in (10**7, None))
    assert (lot.low, lot.high) == pytest.approx((free.low, free.high), rel=0.02)
    assert chance_to_miss(100, population=10**7) == pytest.approx(0.9**100, rel=1e-3)


def test_what_cannot_be_counted_is_refused() -> None:
    for hits, of, population in ((3, 2, None), (-1, 2, None), (0, 0, None), (1, 5, 4)):
        with pytest.raises(ValueError, match="cannot be counted"):
            wilson(hits, of, population=population)
        with pytest.raises(ValueError, match="cannot be counted"):
            upper_limit(hits, of, population=population)
