"""The answer an item was given, whichever channel it came through."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, get_args

Result = Literal["yes", "partial", "no", "na", "unchecked"]
"""What a case, or a part of one, may be answered."""

RESULTS: Final[tuple[Result, ...]] = get_args(Result)
"""The words of our own answers records; foreign tables map theirs onto a scheme's words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one row of evidence says of one item; rows that say the same share one `Answer`."""

    result: str | None = None
    """A word of the scheme, such as `yes` or `cited`; None where only numbers were given."""

    value: Fraction | None = None
    """Points of a numeric scheme, or the number of occurrences of a deducting one."""

    failed: int | None = None
    """Nonconforming cases, of those `checked`."""

    checked: int | None = None
    """Cases that were conforming or nonconforming; not applicable ones are not among them."""

    confirmed: bool = False
    """A second person has confirmed it, with evidence."""

    labels: tuple[tuple[str, str], ...] = ()
    """Labels recorded with it, which go before those of its item, by name."""

    @property
    def occurrences(self) -> Fraction:
        """How often it happened; a bare no is once."""
        count = Fraction(self.failed or 0) if self.value is None else self.value
        return Fraction(1) if count == 0 and self.result == "no" else count
