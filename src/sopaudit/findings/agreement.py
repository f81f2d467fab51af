"""How far two people who judged the same cases agree: percent, Cohen's kappa, Gwet's AC1.

All three are shown, because kappa falls to nothing where nearly all cases are alike (ninety times
yes of both, and ten differences, give -0.053), while AC1 stays near what one sees.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Agreement:
    """Two judges, yes or no, over the same cases, exactly."""

    percent: Fraction
    """The share of cases judged alike."""

    kappa: Fraction | None
    """Above what chance would bring; None where each judge only ever gave one answer."""

    ac1: Fraction


def agreement(both_yes: int, first_only: int, second_only: int, both_no: int) -> Agreement:
    """Work out agreement from the four counts; `first_only` are cases only the first called yes.

    Source: J. Cohen, Educational and Psychological Measurement 20 (1960), 37; K. L. Gwet, British
    Journal of Mathematical and Statistical Psychology 61 (2008), 29.
    """
    cases = both_yes + first_only + second_only + both_no
    if min(both_yes, first_only, second_only, both_no) < 0 or cases == 0:
        raise ValueError("agreement needs cases")
    seen = Fraction(both_yes + both_no, cases)
    first, second = Fraction(both_yes + first_only, cases), Fraction(both_yes + second_only, cases)
    by_chance = first * second + (1 - first) * (1 - second)
    yes = (first + second) / 2
    uneven = 2 * yes * (1 - yes)
    return Agreement(
        percent=seen,
        kappa=None if by_chance == 1 else (seen - by_chance) / (1 - by_chance),
        ac1=(seen - uneven) / (1 - uneven),
    )
