"""A chart laid out: where each lane, box and line stands.

One unit is a CSS pixel at 96 to the inch; `x` runs right and `y` down. Every line is a chain of
level and upright pieces, from the rim of its first box to the rim of its last.
"""

from dataclasses import dataclass
from typing import Literal

Shape = Literal["start", "end", "step", "decision", "fork", "join", "subflow"]

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle; what is drawn in it touches its four sides."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height


@dataclass(frozen=True)
class Lane:
    """A lane with its head."""

    id: str
    title: tuple[str, ...]
    """In lines."""

    box: Box
    head: Box


@dataclass(frozen=True)
class Paper:
    """A form, drawn as a document at the box that uses it."""

    form: str
    title: tuple[str, ...]
    box: Box


@dataclass(frozen=True)
class Shown:
    """A box of the workflow as it is drawn."""

    id: str
    shape: Shape
    box: Box
    title: tuple[str, ...]
    """In lines, already broken to fit."""

    limit: tuple[str, ...] = ()
    limit_box: Box | None = None
    """Where the limit is written, beside the box."""

    papers: tuple[Paper, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Line:
    """A move as it is drawn."""

    source: str
    target: str
    points: tuple[Point, ...]
    label: str = ""
    label_box: Box | None = None
    back: bool = False
    """A loop back to an earlier box, drawn dashed."""

    extra: bool = False
    """A move that happened but is not in the workflow; only an overlay has these."""


@dataclass(frozen=True)
class Drawing:
    """A whole chart."""

    workflow: str
    title: str
    lang: str
    width: float
    height: float
    lanes: tuple[Lane, ...]
    boxes: tuple[Shown, ...]
    """In the order of the workflow."""

    lines: tuple[Line, ...]
    """In the order of the workflow's edges, then extra ones."""

    upright: bool = True
    """Lanes are columns and time runs down; otherwise lanes are rows and time runs right."""
