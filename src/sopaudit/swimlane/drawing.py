"""A chart laid out: where each lane, box and line stands.

One unit is a CSS pixel at 96 to the inch; `x` runs right and `y` down. Every line is a chain of
level and upright pieces, from the rim of its first box to the rim of its last.
"""

from dataclasses import dataclass
from typing import Literal

from sopaudit.swimlane.overlay import Count

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

    @property
    def middle(self) -> Point:
        """Its centre."""
        return (self.x + self.width / 2, self.y + self.height / 2)

    def meets(self, other: "Box", gap: float = 0) -> bool:
        """Say whether two boxes overlap, or come nearer than `gap`."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )

    def holds(self, other: "Box") -> bool:
        """Say whether the other lies inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True)
class Lane:
    """A lane with its head."""

    id: str
    title: tuple[str, ...]
    """In lines."""

    box: Box
    """All of it, the head included."""

    head: Box


@dataclass(frozen=True)
class Paper:
    """A form, drawn as a document that hangs from the box that uses it."""

    form: str
    title: tuple[str, ...]
    box: Box


@dataclass(frozen=True)
class Shown:
    """A box of the workflow as it is drawn."""

    id: str
    shape: Shape
    lane: str
    box: Box
    title: tuple[str, ...]
    """In lines, already broken to fit; empty for the bars of a fork and a join."""

    limit: tuple[str, ...] = ()
    """In lines; first that it may be left out, then how fast it is done, then where it goes on."""

    limit_box: Box | None = None
    """Where they are written: the foot of the box."""

    papers: tuple[Paper, ...] = ()
    optional: bool = False
    flow: str | None = None
    """The workflow behind a sub-flow, or the one that takes over at an end."""

    standards: tuple[str, ...] = ()
    words: str = ""
    """All of it in one sentence, for those who listen."""

    count: Count | None = None


@dataclass(frozen=True)
class Line:
    """A move as it is drawn."""

    source: str
    target: str
    points: tuple[Point, ...]
    label: tuple[str, ...] = ()
    """In lines."""

    label_box: Box | None = None
    back: bool = False
    """A loop back to an earlier box, drawn dashed."""

    extra: bool = False
    """A move that happened but is not in the workflow; only an overlay has these."""

    count: Count | None = None


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

    counted: bool = False
    """It carries the numbers of an overlay."""

    note: str = ""
    """What stands below the key of the numbers."""


@dataclass(frozen=True)
class Window:
    """A part of a chart that is cut over several pages."""

    low: float
    high: float
    number: int
    of: int
    letters: int = 0
    """How many letters the parts before it have used up."""

    def holds(self, box: Box) -> bool:
        """Say whether a box stands in it."""
        return self.low <= box.middle[1] < self.high
