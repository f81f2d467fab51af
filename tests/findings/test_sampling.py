"""Sample sizes and plans, held to scipy, and to what a plan must do."""

from fractions import Fraction
from typing import Final

import pytest
from scipy import stats

from sopaudit.criteria.drawing import Level
from sopaudit.findings.sampling import (
    AQLS,
    chance_to_miss,
    lot_sample_size,
    sample_size,
    single_plan,
)

RISK: Final = Fraction(5, 100)
LEVELS: Final[tuple[Level, ...]] = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_a_sample_size_is_the_first_that_scipy_lets_pass(expected: int) -> None:
    for tolerable in (4, 6, 9, 15):
        n = sample_size(Fraction(tolerable, 100), RISK, Fraction(expected, 100))
        tail = [
            stats.binom.cdf(-(-size * expected // 100), size, tolerable / 100)
            for size in range(1, n + 1)
        ]
        assert [value <= 0.05 for value in tail] == [False] * (n - 1) + [True]


def test_the_sample_of_a_lot_is_the_first_that_scipy_lets_pass() -> None:
    for lot in (7, 20, 21, 60, 400):
        n, bad = lot_sample_size(lot, RISK, RISK), -(-lot * 5 // 100)
        assert stats.hypergeom.pmf(0, lot, bad, n) <= 0.05
        assert stats.hypergeom.pmf(0, lot, bad, n - 1) > 0.05


def test_the_chance_to_miss_is_that_of_scipy() -> None:
    for drawn in (1, 5, 30):
        ours = float(chance_to_miss(drawn))
        assert ours == pytest.approx(stats.binom.pmf(0, drawn, 0.1))
        of_lot = float(chance_to_miss(drawn, population=72))
        assert of_lot == pytest.approx(stats.hypergeom.pmf(0, 72, 8, drawn))
        assert of_lot < ours


@pytest.mark.parametrize("level", LEVELS)
def test_a_lot_at_its_aql_nearly_always_passes(level: Level) -> None:
    for lot in (2, 9, 40, 150, 151, 281, 3201, 600_000):
        for aql in AQLS:
            plan = single_plan(lot, aql, level)
            passes = stats.binom.cdf(plan.accept, plan.size, float(aql))
            assert passes > 0.86, (lot, aql, plan)
            assert plan.reject == plan.accept + 1
            assert plan.size <= lot


LOTS: Final = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000)
COLUMNS: Final = {
    "0.65": "20/0 20/0 20/0 20/0 20/0 20/0 20/0 80/1 80/1 125/2 200/3 315/5 500/7 800/10 1250/14",
    "2.5": "5/0 5/0 5/0 5/0 20/1 20/1 32/2 50/3 80/5 125/7 200/10 315/14 500/21 500/21 500/21",
    "4.0": "3/0 3/0 3/0 13/1 13/1 20/2 32/3 50/5 80/7 125/10 200/14 315/21 315/21 315/21 315/21",
}
"""Level II as the table prints it, for lots up to each of `LOTS` and beyond the last."""


@pytest.mark.parametrize("aql", COLUMNS)
def test_columns_of_the_table_are_as_printed(aql: str) -> None:
    beyond = (*LOTS, LOTS[-1] + 1)
    for lot, printed in zip(beyond, COLUMNS[aql].split(), strict=True):
        size, accept = map(int, printed.split("/"))
        plan = single_plan(lot, Fraction(aql) / 100)
        assert (plan.size, plan.accept) == (min(size, lot), accept), lot


def test_what_no_plan_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="none of the table's AQLs"):
        single_plan(100, Fraction(2, 100))
    with pytest.raises(ValueError, match="two cases"):
        single_plan(1, AQLS[0])
    with pytest.raises(ValueError, match="below the tolerable"):
        sample_size(Fraction(1, 100), RISK, Fraction(1, 100))
    with pytest.raises(ValueError, match="no sample size"):
        lot_sample_size(50, Fraction(0), RISK)
