"""A chart on paper: on one page if its words stay readable, else cut between its boxes.

It is cut where few lines cross, never along a line, through a box or through words; the heads of
the lanes stand on every page, and lines that go over carry a letter on both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sopaudit.swimlane.drawing import Drawing, Window
from sopaudit.swimlane.face import TITLE
from sopaudit.swimlane.shape import Link
from sopaudit.swimlane.svg import MM, crossing, shift, svg, tall

LEAST: Final = 7.0
"""Points; the words in the boxes of a chart that is cut are never printed smaller, unless it is
wider than a page lying on its side."""

WHOLE: Final = 6.6
"""Points; so small they may be where that spares a chart being cut."""

_POINT: Final = 96 / 72
_SMALLEST: Final = LEAST * _POINT / TITLE
_SMALLEST_WHOLE: Final = WHOLE * _POINT / TITLE
_CLEAR: Final = 4.0
"""A cut keeps so far from everything."""

_LINE: Final = 40.0
"""What each line costs that a cut crosses, in units of height that a page stays short."""


@dataclass(frozen=True)
class Spot:
    """A box of a chart on its page, in millimetres from the upper left corner of the drawing."""

    node: str
    x: float
    y: float
    width: float
    height: float
    address: str


@dataclass(frozen=True)
class Sheet:
    """What stands on one page."""

    svg: str
    width: float
    """In millimetres, as all of them."""

    height: float
    spots: tuple[Spot, ...]
    """Boxes with a link, for renderers that do not make links inside a drawing."""


@dataclass(frozen=True)
class Pages:
    """A chart on as many pages as it takes."""

    sheets: tuple[Sheet, ...]
    scale: float
    landscape: bool
    """The pages are to lie on their side: the chart is too wide for upright ones."""


def pages(
    drawing: Drawing,
    width: float,
    height: float,
    *,
    link: Link | None = None,
    landscape: bool | None = None,
) -> Pages:
    """Fit a chart on pages whose body is `width` by `height` mm, upright unless it is too wide.

    With `landscape` the caller decides how they lie.
    """
    if landscape is None:
        landscape = width / MM / drawing.width < _SMALLEST
    if landscape:
        width, height = height, width
    windows, scale = _cut(drawing, width, height)
    sheets = []
    for window in windows:
        high = tall(drawing, window) * scale * MM
        sheets.append(
            Sheet(
                svg(drawing, scale=scale, link=link, window=window),
                round(drawing.width * scale * MM, 2),
                round(high, 2),
                tuple(_spots(drawing, window, scale, link)),
            )
        )
    return Pages(tuple(sheets), scale, landscape)


def _fitting(drawing: Drawing, width: float, height: float) -> float:
    """Give the scale at which all of it stands on one page; never more than 1."""
    return min(width / MM / drawing.width, height / MM / tall(drawing), 1)


def _cut(drawing: Drawing, width: float, height: float) -> tuple[Sequence[Window | None], float]:
    whole = _fitting(drawing, width, height)
    if whole >= _SMALLEST_WHOLE or not drawing.upright:
        return [None], whole
    scale = min(width / MM / drawing.width, 1)
    cuts = _cuts(drawing, height / MM / scale)
    if not cuts:
        return [None], whole
    edges = [0, *cuts, drawing.height]
    of = len(edges) - 1
    windows, letters = [], 0
    for n, (low, high) in enumerate(pairwise(edges), 1):
        windows.append(Window(low, high, n, of, letters))
        letters += len(crossing(drawing, high))
    return windows, scale


def _cuts(drawing: Drawing, room: float) -> list[float]:
    """Find where to cut, so that pages of `room` are few, evenly full, and few lines cross."""
    start = drawing.lanes[0].head.bottom
    places = [start, *_clear(drawing), drawing.height]
    # Heads and marks above, and below marks or, on the last page, the key of the numbers.
    extra = max(tall(drawing, Window(start, start, 2, of)) for of in (2, 3))
    best: dict[int, tuple[int, float, int]] = {0: (0, 0.0, 0)}
    for n in range(1, len(places)):
        last = n == len(places) - 1
        found = []
        for m in range(n):
            if m in best and places[n] - places[m] + (extra if m else start + 20) <= room:
                count, cost, _ = best[m]
                short = (room - (places[n] - places[m])) ** 2 / room
                lines = 0 if last else _LINE * len(crossing(drawing, places[n]))
                found.append((count + 1, cost + (0 if last else short) + lines, m))
        if found:
            best[n] = min(found)
    n = len(places) - 1
    if n not in best:
        return []
    cuts = []
    while best[n][2]:
        n = best[n][2]
        cuts.append(places[n])
    return cuts[::-1]


def _clear(drawing: Drawing) -> list[float]:
    """List heights at which a cut meets nothing but lines that cross it upright."""
    closed = [(box.box.y - 12, box.box.bottom) for box in drawing.boxes]
    closed += [(p.box.y, p.box.bottom) for box in drawing.boxes for p in box.papers]
    closed += [(b.y, b.bottom) for line in drawing.lines if (b := line.label_box)]
    closed += [
        (y, y) for line in drawing.lines for (_, y), (_, to_y) in pairwise(line.points) if y == to_y
    ]
    # An arrowhead stays with its box.
    closed += [(y - 12, y + 12) for line in drawing.lines for _, y in line.points[-1:]]
    found = []
    free = drawing.lanes[0].head.bottom
    for low, high in sorted(closed):
        if low - free >= 2 * _CLEAR:
            found.append(round((free + low) / 2, 2))
        free = max(free, high)
    return found[1:]


def _spots(drawing: Drawing, window: Window | None, scale: float, link: Link | None) -> list[Spot]:
    moved = shift(drawing, window) if window else 0.0
    found = []
    for shown in drawing.boxes:
        address = link(shown) if link else None
        if address and (window is None or window.holds(shown.box)):
            box = shown.box
            size = [round(e * scale * MM, 2) for e in (box.x, box.y + moved, box.width, box.height)]
            found.append(Spot(shown.id, size[0], size[1], size[2], size[3], address))
    return found
