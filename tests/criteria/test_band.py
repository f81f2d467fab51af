"""Bands close: no score without a grade, none with two, none that is never given."""

from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.criteria.band import Case, gaps, missed, overlaps, shared, unreachable
from sopaudit.criteria.field import number
from sopaudit.criteria.scheme import Band

Bounds = dict[str, str]
ONE = Fraction(1)
TENTH = Fraction(1, 10)


def bands(*bounds: Bounds) -> tuple[Band, ...]:
    return tuple(Band.model_validate({"grade": str(n), **b}) for n, b in enumerate(bounds))


def test_74_and_a_half_has_no_grade_between_75_to_100_and_0_to_74() -> None:
    found = bands({"at_least": "75", "at_most": "100"}, {"at_least": "0", "at_most": "74"})
    assert list(gaps(found, None)) == [(1, 0, Fraction("74.5"))]
    assert list(gaps(found, TENTH)) == [(1, 0, Fraction("74.1"))]
    assert list(gaps(found, ONE)) == []  # whole numbers leave none out


def test_90_belongs_to_both_90_to_100_and_80_to_90() -> None:
    found = bands(
        {"at_least": "90", "at_most": "100"}, {"at_least": "80", "at_most": "90"}, {"below": "80"}
    )
    assert list(overlaps(found, None)) == [(0, 1, Fraction(90))]
    assert list(gaps(found, None)) == []


def test_bands_that_share_nothing_but_a_bound_one_of_them_leaves_out_are_fine() -> None:
    found = bands({"at_least": "90", "at_most": "100"}, {"at_least": "80", "below": "90"}, {})
    assert list(overlaps(found, None)) == []
    assert list(gaps(found, None)) == []
    assert list(unreachable(found, None)) == []


def test_lower_bounds_from_the_best_grade_down_are_fine() -> None:
    found = bands({"at_least": "95"}, {"at_least": "90"}, {})
    assert list(gaps(found, TENTH)) == list(overlaps(found, TENTH)) == []


def test_upper_bounds_from_the_best_grade_up_are_fine() -> None:
    found = bands({"at_most": "15"}, {"at_most": "20"}, {})
    assert list(gaps(found, None)) == list(overlaps(found, None)) == []


def test_a_score_below_all_bands_has_no_grade() -> None:
    assert list(gaps(bands({"at_least": "90"}, {"at_least": "60"}), None)) == [(1, 1, Fraction(0))]


def test_a_score_no_band_is_near_has_no_grade() -> None:
    assert list(gaps(bands({"above": "100"}), None)) == [(0, 0, Fraction(0))]


def test_the_highest_bound_may_be_the_highest_score() -> None:
    assert list(gaps(bands({"at_least": "60", "at_most": "100"}, {"below": "60"}), None)) == []


def test_negative_scores_may_have_bands() -> None:
    found = bands({"at_least": "0"}, {"at_least": "-10", "at_most": "-1"})
    assert list(gaps(found, None)) == [(1, 0, Fraction(-1, 2))]


def test_a_grade_after_one_that_takes_its_scores_is_never_given() -> None:
    assert list(unreachable(bands({"at_least": "60"}, {"at_least": "90"}, {}), None)) == [1]
    assert list(unreachable(bands({}, {"at_least": "90"}), None)) == [1]


def test_a_grade_between_two_scores_that_can_occur_is_never_given() -> None:
    found = bands({"at_least": "90"}, {"above": "89.91", "below": "89.99"}, {})
    assert list(unreachable(found, None)) == []
    assert list(unreachable(found, TENTH)) == [1]


def test_no_grades_leave_nothing_to_say() -> None:
    assert list(gaps((), None)) == list(overlaps((), None)) == []
    assert list(unreachable((), None)) == []


GRIDS = st.sampled_from([None, ONE, TENTH, Fraction(1, 100)])
SORTED = st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=6, unique=True).map(sorted)


@given(cuts=SORTED, grid=GRIDS)
def test_half_open_bands_leave_no_gap_and_no_overlap(cuts: list[object], grid: Fraction) -> None:
    inner = [{"at_least": str(low), "below": str(high)} for low, high in pairwise(cuts)]
    found = bands({"at_least": str(cuts[-1])}, *reversed(inner), {"below": str(cuts[0])})
    assert list(gaps(found, grid)) == []
    assert list(overlaps(found, grid)) == []


@given(cuts=SORTED)
def test_half_open_bands_are_all_given(cuts: list[object]) -> None:
    inner = [{"at_least": str(low), "below": str(high)} for low, high in pairwise(cuts)]
    found = bands({"at_least": str(cuts[-1])}, *reversed(inner), {"below": str(cuts[0])})
    never = {len(found) - 1} if number(str(cuts[0])) == 0 else set()  # nothing is below zero
    assert set(unreachable(found, None)) == never


BOUND = st.sampled_from(["at_least", "at_most", "above", "below"])
ANY = st.lists(
    st.dictionaries(BOUND, st.integers(0, 20).map(str), max_size=3), min_size=1, max_size=4
)


@given(bounds=ANY, tenths=st.integers(0, 200))
def test_a_score_without_a_grade_lies_in_a_gap_that_was_told(
    bounds: list[Bounds], tenths: int
) -> None:
    found = bands(*bounds)
    score = Fraction(tenths, 10)
    top = max((Fraction(b) for bound in bounds for b in bound.values()), default=Fraction(0))
    if score <= top and not any(band.holds(score) for band in found):
        assert list(gaps(found, TENTH))
        assert list(gaps(found, None))


@pytest.mark.parametrize(
    ("bound", "inside", "outside"),
    [
        ({"at_least": "80"}, "80", "79.999"),
        ({"above": "80"}, "80.001", "80"),
        ({"at_most": "80"}, "80", "80.001"),
        ({"below": "80"}, "79.999", "80"),
        ({"at_least": "2/3"}, "2/3", "0.6666666"),
    ],
)
def test_a_bound_is_exact(bound: Bounds, inside: str, outside: str) -> None:
    (band,) = bands(bound)
    held, left = number(inside), number(outside)
    assert held is not None
    assert left is not None
    assert band.holds(held)
    assert not band.holds(left)


MAJOR, MINOR = (("severity", "major"),), (("severity", "minor"),)
LIMITED = st.dictionaries(BOUND, st.integers(0, 4).map(str), min_size=1, max_size=2)
COUNTED = st.lists(
    st.tuples(LIMITED, st.none() | LIMITED, st.none() | LIMITED), min_size=1, max_size=4
)


def counting(*grades: tuple[Bounds, Bounds | None, Bounds | None]) -> tuple[Band, ...]:
    made = []
    for n, (score, majors, minors) in enumerate(grades):
        pairs = (("major", majors), ("minor", minors))
        when = [{"count": {"severity": name}, **bounds} for name, bounds in pairs if bounds]
        made.append(Band.model_validate({"grade": str(n), **score, "when": when}))
    return tuple(made)


def given_grade(found: tuple[Band, ...], case: Case) -> int | None:
    """Read the table the slow way; what a case does not count is not there."""
    known = dict(zip(case.counted, case.counts, strict=True))
    for n, band in enumerate(found):
        counts = [b.holds(Fraction(known.get(tuple(b.count.items()), 0))) for b in band.when]
        if band.holds(case.score) and all(counts):
            return n
    return None


@settings(max_examples=60)
@given(grades=COUNTED)
def test_counts_are_looked_at_in_every_combination(
    grades: list[tuple[Bounds, Bounds | None, Bounds | None]],
) -> None:
    found = counting(*grades)
    halves = [Fraction(n, 2) for n in range(13)]
    everything = [
        Case(score, (major, minor), (MAJOR, MINOR))
        for score, major, minor in product(halves, range(7), range(7))
    ]
    told = {n: given_grade(found, case) for n, case in enumerate(everything)}
    assert set(unreachable(found, Fraction(1, 2))) == {*range(len(found))} - {*told.values()}
    top = max((b for band in found for b in band.bounds), default=Fraction(0))
    lost = [n for n, grade in told.items() if grade is None and everything[n].score <= top]
    missing = missed(found, Fraction(1, 2))
    assert (missing is not None) == bool(lost)
    if missing is not None:
        assert given_grade(found, missing) is None
    for one, two, case in shared(found, None):
        alone = [given_grade((band,), case) for band in (found[one], found[two])]
        assert alone == [0, 0]
