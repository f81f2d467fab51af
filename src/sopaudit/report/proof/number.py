"""Exact numbers for people: short, and beside it the fraction wherever short is not exact."""

from fractions import Fraction
from typing import Final

from sopaudit.report.derivation import nearly, shown

LONG: Final = 16
"""Digits of a fraction beyond which nobody reads it; the data has it whole."""


EQUALS: Final = "\u00a0=\u00a0"
"""Between the two; no line ends there."""


def exact(value: Fraction) -> str:
    """Write a number as `9.5`, or as `20.9333… = 314/15` where no short decimal is exact."""
    short = nearly(value)
    fraction = f"{value.numerator}/{value.denominator}".replace("-", "−")
    if not short.endswith("…") or len(fraction) > LONG:
        return short
    return f"{short}{EQUALS}{fraction}"


def bracketed(value: Fraction) -> str:
    """Write the same with the fraction in brackets, where more follows."""
    short, equals, fraction = exact(value).partition(EQUALS)
    return f"{short} (= {fraction})" if equals else short


def brief(value: Fraction) -> str:
    """Write a number without its fraction."""
    return nearly(value)


def distance(value: Fraction) -> str:
    """Write how far apart two numbers are."""
    return shown(value, 4)
