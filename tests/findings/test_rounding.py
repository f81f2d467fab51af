"""A score is rounded once, by its decimals, and floats only decide where they can."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.criteria.section import Round
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.rounding import SHOWN, decimal_text, near_steps, rounded, steps
from sopaudit.findings.scoring import Scorer


def rule(to: str, mode: str = "half_up") -> Round:
    return Round.model_validate({"to": to, "mode": mode})


@pytest.mark.parametrize(
    ("mode", "to", "exact", "shown"),
    [
        ("half_up", "1", "78.5", "79"),
        ("half_up", "0.01", "2.675", "2.68"),
        ("half_up", "1", "-0.5", "-1"),
        ("half_up", "5", "82.5", "85"),
        ("half_even", "1", "78.5", "78"),
        ("half_even", "1", "79.5", "80"),
        ("half_even", "1", "78.500001", "79"),
        ("down", "0.1", "94.99", "94.9"),
        ("down", "1", "-1.5", "-1"),
        ("up", "0.1", "94.91", "95.0"),
        ("up", "1", "-1.5", "-2"),
        ("up", "1", "3", "3"),
    ],
)
def test_each_mode_rounds_its_own_way(mode: str, to: str, exact: str, shown: str) -> None:
    how = rule(to, mode)
    assert decimal_text(rounded(Fraction(exact), how), how.to) == shown


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("80", "0.1", "80.0"),
        ("80", None, "80"),
        ("226/3", None, "75.333333"),
        ("1/2", None, "0.5"),
        ("0", None, "0"),
        ("0", "0.01", "0.00"),
        ("-7.25", "0.01", "-7.25"),
        ("80", "1/3", "80"),
        ("0.0000001", None, "0"),
        (
            "1234567890123456789012345678901234567890.5",
            None,
            "1234567890123456789012345678901234567890.5",
        ),
    ],
)
def test_a_number_shows_the_decimals_of_its_unit(value: str, unit: str | None, text: str) -> None:
    assert decimal_text(Fraction(value), Fraction(unit) if unit else None) == text


@settings(derandomize=True, database=None, deadline=None)
@given(
    numerator=st.integers(-(10**7), 10**7),
    denominator=st.integers(1, 2000),
    to=st.sampled_from(["1", "0.1", "0.01", "0.5", "1/3"]),
    mode=st.sampled_from(["half_up", "half_even", "down", "up"]),
)
def test_a_float_rounds_like_its_fraction_or_says_that_it_is_near(
    numerator: int, denominator: int, to: str, mode: str
) -> None:
    exact = Fraction(numerator, denominator)
    shown, near = near_steps(np.array([float(exact)]), rule(to, mode))
    assert near[0] or shown[0] == steps(exact, rule(to, mode))


def test_a_number_beyond_an_int64_is_always_near_and_keeps_its_size() -> None:
    shown, near = near_steps(np.array([1e39, 0.0, -2e30]), SHOWN)
    assert near.tolist() == [True, False, True]
    assert shown.tolist() == [int(1e39 / 1e-6), 0, int(-2e30 / 1e-6)]


def test_every_score_halfway_between_two_tenths_is_rounded_up(
    build: Callable[..., Scorer],
    rows: Callable[..., list[object]],
    frame: Callable[..., AnswerFrame],
) -> None:
    """Of 2,000 cases every one moves the score by half a tenth."""
    scorer = build(
        """
        scheme:
          answers: {R: rate}
          roll_up: percent
          round: {to: 0.1}
          grades: [{grade: A, at_least: 95}, {grade: B}]
        items:
          - {id: calls, scoring: R, points: 7}
        """
    )
    sheets = {f"{failed}": {"calls": f"{failed} of 2000"} for failed in range(2001)}
    table = scorer.table([frame(scorer, sheets, rows(scorer, sheets))])
    for failed, text, grade in zip(table["audit"], table["score"], table["grade"], strict=True):
        twentieths = 2000 - int(failed)
        tenths = (twentieths + 1) // 2
        assert text == f"{tenths // 10}.{tenths % 10}"
        assert grade == ("A" if tenths >= 950 else "B")
