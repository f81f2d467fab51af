"""The lines of a chart as SVG: their ways, thickness, arrowheads and words."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot, sqrt
from typing import Final

from sopaudit.swimlane.drawing import Box, Drawing, Line, Point, Window
from sopaudit.swimlane.face import LABEL, LABEL_LINE
from sopaudit.swimlane.ink import (
    ACCENT,
    BACK,
    LANES,
    NEVER,
    PAPER,
    QUIET,
    SIGNAL,
    STROKE,
    lettering,
    num,
    placed,
)

_ROUND: Final = 5.0
_ARROW: Final = (9.0, 3.6)

_JUMP: Final = 1.5
"""How thick a move outside the flow is at least."""


def looks_of(drawing: Drawing) -> dict[int, tuple[float, str]]:
    """Say how thick each line is, and its colour."""
    counted = drawing.counted
    most = max((line.count.n for line in drawing.lines if line.count), default=0)
    return {
        id(line): (_thick(line, most, counted=counted), _colour(line, counted=counted))
        for line in drawing.lines
    }


def strokes(
    drawing: Drawing, window: Window | None, looks: dict[int, tuple[float, str]]
) -> Iterator[str]:
    """Draw the lines, or what of them is in a window, with their arrowheads."""
    order = sorted(drawing.lines, key=lambda line: (line.extra, not line.back))
    parts = [(line, clipped) for line in order for clipped in _clipped(line.points, window)]
    for line, points in parts:
        yield _path(line, points, *looks[id(line)])
    for line, points in parts:
        if points[-1] == line.points[-1]:
            yield _arrow(points, *looks[id(line)])


def _clipped(points: Sequence[Point], window: Window | None) -> Iterator[list[Point]]:
    """Cut a line to a window; it may leave and come back."""
    if window is None:
        yield list(points)
        return
    part: list[Point] = []
    for (x, y), (to_x, to_y) in pairwise(points):
        low, high = max(min(y, to_y), window.low), min(max(y, to_y), window.high)
        if high < low or (high == low and y != to_y):
            if part:
                yield part
            part = []
            continue
        start, end = (low, high) if y <= to_y else (high, low)
        if part and part[-1] != (x, start):
            yield part
            part = []
        part = part or [(x, start)]
        part.append((to_x, end))
    if part:
        yield part


def _colour(line: Line, *, counted: bool) -> str:
    if line.extra or (line.count and line.count.rate):
        return SIGNAL
    if counted and (line.count is None or not line.count.n):
        return NEVER
    return BACK if line.back else STROKE


def _thick(line: Line, most: int, *, counted: bool) -> float:
    """Make a line as thick as the root of its number, so that ten times as many shows."""
    if not counted:
        return 1.3
    least = _JUMP if line.extra else 1
    return least + 4 * sqrt(line.count.n / most if line.count and most else 0)


def _path(line: Line, points: Sequence[Point], thick: float, colour: str) -> str:
    dash = "2.5 3" if line.extra else "6 3.5" if line.back else ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = list(points)
    if points[-1] == line.points[-1]:
        # It stops within its arrowhead, or a thick one would stand out beside the point.
        ends[-1] = _short(points[-2], points[-1], _ARROW[0] - 1)
    return (
        f'<path d="{_rounded(ends)}" fill="none" stroke="{colour}" '
        f'stroke-width="{num(thick)}"{dashed}/>'
    )


def _short(start: Point, end: Point, by: float) -> Point:
    far = hypot(end[0] - start[0], end[1] - start[1]) or 1
    share = max(far - by, 0) / far
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def _rounded(points: Sequence[Point]) -> str:
    told = [f"M{num(points[0][0])} {num(points[0][1])}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        near = min(_ROUND, _far(before, at) / 2, _far(at, after) / 2)
        one = _short(before, at, near)
        other = _short(after, at, near)
        told.append(f"L{num(one[0])} {num(one[1])}")
        told.append(f"Q{num(at[0])} {num(at[1])} {num(other[0])} {num(other[1])}")
    told.append(f"L{num(points[-1][0])} {num(points[-1][1])}")
    return "".join(told)


def _far(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _arrow(points: Sequence[Point], thick: float, colour: str) -> str:
    (x, y), far = points[-1], _far(points[-2], points[-1]) or 1
    dx, dy = (x - points[-2][0]) / far, (y - points[-2][1]) / far
    long, half = _ARROW[0], max(_ARROW[1], thick / 2 + 2.6)
    corners = (
        (x, y),
        (x - dx * long - dy * half, y - dy * long + dx * half),
        (x - dx * long + dy * half, y - dy * long - dx * half),
    )
    told = " ".join(f"{num(a)},{num(b)}" for a, b in corners)
    return f'<polygon points="{told}" fill="{colour}"/>'


def under(drawing: Drawing, box: Box) -> str:
    """Give the colour of the lane a thing stands in."""
    x, y = box.middle
    spot = Box(x, y, 0, 0)
    return next(
        (LANES[n % 2] for n, lane in enumerate(drawing.lanes) if lane.box.holds(spot)), PAPER
    )


def label(line: Line, box: Box, colour: str, under: str) -> Iterator[str]:
    """Write the words of a line on a plate, so that other lines do not strike them through."""
    plate = Box(box.x - 1.5, box.y, box.width + 3, box.height)
    yield f'<rect {placed(plate)} fill="{under}"/>'
    colour = colour if colour == SIGNAL else QUIET if colour == NEVER else ACCENT
    right = box.x >= line.points[0][0]
    x, anchor = (box.x, "start") if right else (box.right, "end")
    for n, text in enumerate(line.label):
        y = box.y + LABEL_LINE * (n + 0.5)
        yield lettering(x, y, text, LABEL, colour, anchor=anchor, bold=True)
