"""Tables of figures that fit a terminal of 80 columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from textwrap import fill
from typing import Final

_WIDTH: Final = 80
_FIGURE: Final = 9


@dataclass(frozen=True)
class Table:
    """Figures of several sides, one row each; the first row is what the ratios refer to."""

    title: str
    did: str
    """What every side did, how often, and what the figures count."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, Sequence[float | None]]]
    target: str
    notes: Sequence[str] = ()

    def text(self) -> str:
        """Lay the table out."""
        label = _WIDTH - _FIGURE * len(self.columns)
        lines = [self.title, fill(self.did, _WIDTH), ""]
        lines.append(" " * label + "".join(name.rjust(_FIGURE) for name in self.columns))
        for name, figures in self.rows:
            lines.append(name.ljust(label) + "".join(map(_figure, figures)))
        lines += ["", fill(f"Target: {self.target}", _WIDTH)]
        lines += [fill(note, _WIDTH) for note in self.notes]
        return "\n".join(lines) + "\n"


def _figure(value: float | None) -> str:
    """Write a number with three digits that count."""
    if value is None:
        return "".rjust(_FIGURE)
    decimals = 2 - floor(log10(value)) if value > 0 else 0
    return f"{value:.{max(decimals, 0)}f}".rjust(_FIGURE)
