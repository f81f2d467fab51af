"""The one rounding of a score, exact, and its decimal text."""

from fractions import Fraction
from math import ceil, floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sopaudit.criteria.section import Round
from sopaudit.findings.grid import Ints, whole_numbers

_PLACES: Final = 6
"""The most decimals a number is printed with."""

SHOWN: Final = Round(to=Fraction(1, 10**_PLACES))
"""How a score is printed whose scheme does not round."""

PERCENT: Final = Round(to=Fraction(1, 100))
"""How a percentage is printed that stands beside a score in points."""

NEAR: Final = 1e-9
"""How close to a rounding point a float may lie, relative to its size, before fractions decide.

A few hundred additions and divisions leave an error below 1e-13 of the value.
"""

_LARGE: Final = 2.0**62
"""Beyond this a whole number may not fit an int64."""


def steps(value: Fraction, rule: Round) -> int:
    """Round `value` to a whole number of `rule.to`.

    half_up rounds halves away from zero (四舍五入), half_even to the even neighbour; down and up
    mean towards and away from zero.
    """
    size = abs(value) / rule.to
    if rule.mode == "down":
        whole = floor(size)
    elif rule.mode == "up":
        whole = ceil(size)
    elif rule.mode == "half_even":
        whole = round(size)
    else:
        whole = floor(size + Fraction(1, 2))
    return whole if value >= 0 else -whole


def rounded(value: Fraction, rule: Round) -> Fraction:
    """Round `value` exactly."""
    return steps(value, rule) * rule.to


def near_steps(
    values: NDArray[np.float64], rule: Round, magnitude: float = 0.0
) -> tuple[Ints, NDArray[np.bool_]]:
    """Round many floats, and say which lie so near a rounding point that fractions must decide.

    They are as inexact as numbers of that `magnitude` are, where larger ones cancelled on the way.
    """
    sizes = np.abs(values) / float(rule.to)
    whole = np.floor(sizes)
    rest = sizes - whole
    reach = NEAR * np.maximum(max(1.0, magnitude / float(rule.to)), sizes)
    if rule.mode in ("down", "up"):
        near = (rest < reach) | (rest > 1 - reach)
        whole = whole if rule.mode == "down" else np.ceil(sizes)
    else:
        near = np.abs(rest - 0.5) < reach
        whole = np.floor(sizes + 0.5)
    whole = np.copysign(whole, values)
    if sizes.max(initial=0.0) < _LARGE:
        return whole.astype(np.int64), near
    return whole_numbers(int(value) for value in whole), near


def decimal_text(value: Fraction, unit: Fraction | None) -> str:
    """Write a number with the decimals of its `unit` (`80.0` on 0.1); without one, up to six."""
    places = next((n for n in range(_PLACES + 1) if unit and 10**n % unit.denominator == 0), None)
    if places is None:
        return _written(steps(value, SHOWN), _PLACES).rstrip("0").rstrip(".")
    return _written(steps(value, Round(to=Fraction(1, 10**places))), places)


def _written(whole: int, places: int) -> str:
    """Set the decimal point into a whole number; a Decimal would keep 28 digits only."""
    digits = str(abs(whole)).rjust(places + 1, "0")
    before, after = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{'-' if whole < 0 else ''}{before}{'.' if after else ''}{after}"
