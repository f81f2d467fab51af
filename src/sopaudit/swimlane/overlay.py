"""What the records say of a chart: how often each box and move happened, and how often wrongly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

Move = tuple[str, str]
"""From one box to another."""

BAD: Final = 0.1
"""From this share on a number is shown as bad."""


@dataclass(frozen=True)
class Count:
    """How often something happened."""

    n: int
    rate: Fraction | float | None = None
    """The share that broke a rule, 0 to 1; None where nothing was held against a rule."""

    @property
    def words(self) -> str:
        """The number, and the share if there is one."""
        if self.rate is None:
            return f"{self.n:,}"
        percent = float(self.rate) * 100
        digits = 1 if 0 < percent < 10 and percent != round(percent) else 0  # noqa: PLR2004 -- one digit counts below
        return f"{self.n:,} ({percent:.{digits}f}%)"

    @property
    def bad(self) -> bool:
        """Whether so many broke a rule that it is to be seen at once."""
        return self.rate is not None and self.rate >= BAD

    @property
    def marked(self) -> str:
        """The words, with a mark where it is bad: in grey print its colour is like the others."""
        return f"! {self.words}" if self.bad else self.words


@dataclass(frozen=True)
class Overlay:
    """Numbers to be drawn into a chart."""

    nodes: Mapping[str, Count] = field(default_factory=dict)
    edges: Mapping[Move, Count] = field(default_factory=dict)
    """Where two moves join the same boxes, the number is that of both."""

    extra: tuple[tuple[str, str, Count], ...] = ()
    """Moves that happened but are not in the workflow."""

    note: str = ""
    """What else to know, such as moves that are not drawn; it stands below the chart."""
