"""The checklist of the bench, which every side scores: 60 items in 5 weighted sections."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

SECTIONS: Final = {"A": 30, "B": 25, "C": 20, "D": 15, "E": 10}
"""Each section's weight in the total."""

SHARES: Final = {"yes": Fraction(1), "partial": Fraction(1, 2), "no": Fraction(0)}
"""What an answer earns of an item's points; `na` leaves the base."""

GRADES: Final = {"A": 95, "B": 90, "C": 80, "D": 70, "E": 0}
"""Grades and the score each begins at; a critical item answered no makes it E."""

CAP: Final = 79
"""The most an audit can score in which `TIMES` major items earned nothing; it is graded again."""

TIMES: Final = 3


@dataclass(frozen=True)
class Item:
    """A question."""

    id: str
    section: str
    points: int
    weight: int
    critical: bool
    major: bool


ITEMS: Final = tuple(
    Item(
        id=f"BENCH-{n + 1:02d}",
        section=list(SECTIONS)[n // 12],
        points=n % 5 + 1,
        weight=2 if n % 3 == 0 else 1,
        critical=n % 20 == 0,
        major=n % 4 == 1,
    )
    for n in range(60)
)
