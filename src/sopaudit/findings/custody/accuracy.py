"""How many lines of a stock count are right; which are, a rule of the handbook decides."""

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
