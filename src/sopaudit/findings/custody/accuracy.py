"""What a stock count says of the books."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Accuracy:
    """How many lines of a count are right."""

    right: int
    counted: int

    @property
    def share(self) -> Fraction | None:
        """Lines right over lines counted; None where nothing was counted."""
        return Fraction(self.right, self.counted) if self.counted else None


def accuracy(book: Mapping[str, int], counted: Mapping[str, int]) -> Accuracy:
    """Hold a count against the books, line by line and never net.

    A part too many does not make up for one that is missing: 95 and 105 counted where the book says
    100 and 100 are two wrong lines, although the totals agree. Only lines that were counted count;
    one the book does not know has nothing in it.
    """
    right = sum(book.get(line, 0) == number for line, number in counted.items())
    return Accuracy(right, len(counted))
