"""How many cases to draw, and what a sample of that size may miss.

Everything is decided in whole numbers and fractions, so no size depends on a machine's floats.
"""

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import ceil, comb
from typing import Final

from sopaudit.criteria.drawing import Level
from sopaudit.findings.intervals import COUNTED, at_most_in_large_lot, at_most_in_lot

MISSED: Final = Fraction(1, 10)
"""The share of failing cases at which we say how easily a sample misses all of them."""


def sample_size(tolerable: Fraction, risk: Fraction, expected: Fraction = Fraction(0)) -> int:
    """Give the smallest n with P(X ≤ ⌈n × expected⌉ | tolerable) ≤ risk, X being binomial.

    So many cases must be drawn for a test of attributes: with no more failures than expected, a
    share above `tolerable` is out of the question at that risk.

    Source: AICPA Audit Guide, Audit Sampling, appendix A.
    """
    if not 0 <= expected < tolerable < 1:
        raise ValueError("the expected share must lie below the tolerable one")
    return next(n for n in count(1) if _passes(n, ceil(n * expected), tolerable, risk))


def _passes(n: int, allowed: int, share: Fraction, risk: Fraction) -> bool:
    """Compare the binomial tail with the risk, over the common denominator of all its terms."""
    hit, whole = share.numerator, share.denominator
    tail = sum(comb(n, k) * hit**k * (whole - hit) ** (n - k) for k in range(allowed + 1))
    return bool(tail * risk.denominator <= risk.numerator * whole**n)


def lot_sample_size(lot: int, tolerable: Fraction, risk: Fraction) -> int:
    """Give the smallest sample of a finite lot that shows one bad case at least, but for the risk.

    The lot is taken to hold ⌈lot × tolerable⌉ bad ones; none may be found (hypergeometric).

    Source: ISO 2859-2; the same question as in W. G. Cochran, Sampling Techniques, 3.6.
    """
    bad = ceil(lot * tolerable)
    if bad < 1:
        raise ValueError("a lot without a tolerable share of bad cases has no sample size")
    # A larger sample never misses more, so the first that will do is found by halving.
    sizes = range(1, lot + 1)
    return sizes[bisect_left(sizes, x=True, key=lambda n: at_most_in_lot(0, n, bad, lot) <= risk)]


def chance_to_miss(drawn: int, share: Fraction = MISSED, population: int | None = None) -> Fraction:
    """Give the chance that a sample shows no failure although that share of all cases fails.

    (1 - share) ** drawn; of a finite population without the cases already drawn, which makes it
    smaller, with ⌈population × share⌉ failing ones.
    """
    if population is None:
        return (1 - share) ** drawn
    bad = ceil(population * share)
    if population <= COUNTED or drawn > population - bad:
        return at_most_in_lot(0, drawn, bad, population)
    return Fraction(at_most_in_large_lot(0, drawn, bad, population))


@dataclass(frozen=True)
class Plan:
    """A single sampling plan."""

    letter: str
    """The sample size code letter of the plan that is used, after its arrows."""

    size: int
    accept: int
    """The lot passes with so many nonconforming cases at most."""

    @property
    def reject(self) -> int:
        """It fails from so many on."""
        return self.accept + 1


_LOTS: Final = (
    8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000,
)  # fmt: skip
"""The largest lot of each row of the table of code letters; the last row has no end."""

_LETTERS: Final[dict[Level, str]] = {
    "S-1": "AAAABBBBCCCCDDD",
    "S-2": "AAABBBCCCDDDEEE",
    "S-3": "AABBCCDDEEFFGGH",
    "S-4": "AABCCDEEFGGHJJK",
    "I": "AABCCDEFGHJKLMN",
    "II": "ABCDEFGHJKLMNPQ",
    "III": "BCDEFGHJKLMNPQR",
}

_SIZES: Final = {
    "A": 2, "B": 3, "C": 5, "D": 8, "E": 13, "F": 20, "G": 32, "H": 50, "J": 80, "K": 125,
    "L": 200, "M": 315, "N": 500, "P": 800, "Q": 1250, "R": 2000,
}  # fmt: skip

AQLS: Final = tuple(
    Fraction(text) / 100
    for text in (
        "0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65",
        "1.0", "1.5", "2.5", "4.0", "6.5", "10",
    )
)  # fmt: skip
"""The acceptable quality limits of the table, as shares of nonconforming cases."""

_ACCEPT: Final = (0, None, None, 1, 2, 3, 5, 7, 10, 14, 21)
"""Along a diagonal of the table: where none is accepted, an arrow up, an arrow down, and so on."""

_ZERO: Final = 14
"""The diagonal (place of the letter plus place of the AQL) on which the first number stands."""


def single_plan(lot: int, aql: Fraction, level: Level = "II") -> Plan:
    """Look up the single sampling plan for normal inspection of a lot, following its arrows.

    The numbers of the table lie on diagonals, because each letter and each AQL is larger than the
    one before by the same ratio; so it is computed and not typed in. A sample as large as the lot
    is the lot.

    Source: ISO 2859-1, tables 1 and 2-A; the same numbers as MIL-STD-105E, tables I and II-A, which
    is in the public domain.
    """
    if aql not in AQLS:
        raise ValueError(f"{float(aql):.5f} is none of the table's AQLs")
    if lot < 2:  # noqa: PLR2004 -- where the table begins
        raise ValueError("a lot has two cases at least")
    letters = [*_SIZES]
    row = letters.index(_LETTERS[level][bisect_left(_LOTS, lot)])
    step = _arrow(row, len(letters) - 1, AQLS.index(aql))
    while _number(row, AQLS.index(aql)) is None:
        row += step
    letter, accept = letters[row], _number(row, AQLS.index(aql))
    return Plan(letter, min(_SIZES[letter], lot), accept or 0)


def _number(row: int, column: int) -> int | None:
    """Give the acceptance number of a place in the table; None where an arrow stands."""
    along = row + column - _ZERO
    return _ACCEPT[along] if 0 <= along < len(_ACCEPT) else None


def _arrow(row: int, last: int, column: int) -> int:
    """Say which way the arrow of a place points: 1 down the table, -1 up."""
    along = row + column - _ZERO
    up = along == 1 or along >= len(_ACCEPT)
    # Where no plan stands beyond, the arrow points the other way.
    way = range(row, -1, -1) if up else range(row, last + 1)
    found = any(_number(place, column) is not None for place in way)
    return -1 if up == found else 1
