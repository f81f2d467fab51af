"""Where BPMN shapes stand: the places of a drawing, in the sizes BPMN tools give their shapes.

Events and gateways are small there and carry their words beside them, so lines are cut anew at
their rims, and each word is put where it covers least.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import Final

from sopaudit.swimlane.drawing import Box, Drawing, Point, Shown
from sopaudit.swimlane.measure import broken, width

EVENT: Final = 36.0
GATEWAY: Final = 50.0
PARALLEL: Final = 40.0
"""A little smaller than usual, because the drawing has bars in their place."""

STRIP: Final = 30.0
"""How wide the head of a pool or lane is."""

FONT: Final = 11.0
"""In which BPMN tools write beside a shape."""

LINE: Final = 14.0
_LABEL_ROOM: Final = 96.0
_GAP: Final = 3.0
_LINE_ROOM: Final = 3.0
_WORDS_ROOM: Final = 64.0
_SPARE: Final = 3.0
"""Room around words, because another program's letters may be wider."""

_FOLD: Final = 5.0
_SHEET: Final = (74.0, 24.0)

_MARK: Final = 9.0

_NEAR: Final = {"start": 14.0, "end": 14.0} | dict.fromkeys(("decision", "fork", "join"), 13.0)
"""How far from the middle of a shape a corner of its words may come."""

_SIZES: Final = {"start": EVENT, "end": EVENT, "decision": GATEWAY} | dict.fromkeys(
    ("fork", "join"), PARALLEL
)


def standing(shown: Shown) -> Box:
    """Give the box of a shape as BPMN tools draw it, about the same middle."""
    size = _SIZES.get(shown.shape)
    if shown.shape == "subflow":
        # The mark of a called flow stands at its foot, where the drawing has none.
        box = shown.box
        return Box(box.x, box.y - _MARK, box.width, box.height + _MARK)
    if size is None:
        return shown.box
    x, y = shown.box.middle
    return Box(x - size / 2, y - size / 2, size, size)


def rerouted(points: Sequence[Point], source: Shown, target: Shown) -> tuple[Point, ...]:
    """Cut a line, drawn from rim to rim, at the rims BPMN's shapes have."""
    there = [*points, *_inwards(points[-2], points[-1], target.box.middle)]
    whole = [*reversed(_inwards(points[1], points[0], source.box.middle)), *there]
    first = _cut(list(reversed(_cut(whole, target))), source)
    return _straight(reversed(first))


def _inwards(before: Point, end: Point, middle: Point) -> list[Point]:
    """Lead a line on from its end to the middle of its box, level and upright."""
    (x, y), (to_x, to_y) = end, middle
    corner = (to_x, y) if before[1] == y else (x, to_y)
    return [point for point in (corner, middle) if point != end]


def _cut(points: list[Point], shown: Shown) -> list[Point]:
    """Follow a line until it meets the rim of the box it ends in."""
    for n, (one, other) in enumerate(pairwise(points)):
        if not _inside(one, shown) and _inside(other, shown):
            return [*points[: n + 1], _rim(one, other, shown)]
    return points


_STEPS: Final = 16


def _rim(outer: Point, inner: Point, shown: Shown) -> Point:
    """Find by halving where a piece of a line enters a shape."""
    for _ in range(_STEPS):
        half = ((outer[0] + inner[0]) / 2, (outer[1] + inner[1]) / 2)
        outer, inner = (outer, half) if _inside(half, shown) else (half, inner)
    return inner


def _inside(point: Point, shown: Shown) -> bool:
    box = standing(shown)
    x, y = abs(point[0] - box.middle[0]), abs(point[1] - box.middle[1])
    if shown.shape in ("start", "end"):
        return hypot(x, y) <= EVENT / 2
    if shown.shape in ("decision", "fork", "join"):
        return x + y <= box.width / 2
    return x <= box.width / 2 and y <= box.height / 2


def _straight(points: Iterable[Point]) -> tuple[Point, ...]:
    """Round to whole pixels, and leave out points at which a line does not turn."""
    kept: list[Point] = []
    for x, y in points:
        point = (float(round(x)), float(round(y)))
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def beside(words: str, shown: Shown, obstacles: Sequence[Box], frame: Box) -> Box:
    """Find a place for the words of a small shape: near it, and where they cover least."""
    best = min(
        enumerate(_places(words, shown)), key=lambda one: (_cost(one[1], obstacles, frame), one[0])
    )
    return best[1]


def _places(words: str, shown: Shown) -> Iterator[Box]:
    box = standing(shown)
    (x, y), half = box.middle, box.width / 2
    for room in (_LABEL_ROOM, _LABEL_ROOM * 0.7, _LABEL_ROOM * 1.4):
        lines = broken(words, FONT, room)
        wide = max(width(line, FONT) for line in lines) + 6
        high = LINE * len(lines)
        above, below = y - half - _GAP - high, y + half + _GAP
        yield Box(x - wide / 2, above, wide, high)
        yield Box(x - wide / 2, below, wide, high)
        near = _NEAR[shown.shape]
        for left in (x - near - wide, x + near):
            yield Box(left, y - near - high, wide, high)
            yield Box(left, y + near, wide, high)


def _cost(box: Box, obstacles: Sequence[Box], frame: Box) -> float:
    """Measure what a label would cover, or how far it would stand out of the frame."""
    outside = box.width * box.height - shared(box, frame)
    return round(outside * 4 + sum(shared(box, other) for other in obstacles), 3)


def shared(one: Box, other: Box) -> float:
    """Measure the area two boxes have in common."""
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(across, 0.0) * max(down, 0.0)


def covers(points: Sequence[Point]) -> list[Box]:
    """Give the pieces of a line as boxes that words should keep away from."""
    return [
        Box(
            min(a, c) - _LINE_ROOM,
            min(b, d) - _LINE_ROOM,
            abs(a - c) + 2 * _LINE_ROOM,
            abs(b - d) + 2 * _LINE_ROOM,
        )
        for (a, b), (c, d) in pairwise(points)
    ]


def lanes_of(drawing: Drawing) -> tuple[Box, list[Box]]:
    """Give the pool and its lanes, with heads as narrow as BPMN's."""
    lanes = [
        Box(
            lane.head.right - STRIP,
            lane.box.y,
            lane.box.right - lane.head.right + STRIP,
            lane.box.height,
        )
        for lane in drawing.lanes
    ]
    first, last = lanes[0], lanes[-1]
    pool = Box(first.x - STRIP, first.y, first.width + STRIP, last.bottom - first.y)
    return pool, lanes


def tie(shown: Shown, paper: Box) -> tuple[Point, Point]:
    """Draw the line from a box to a form that hangs from it, along the left side of the form."""
    x = round(paper.x)
    top = _rim((x, paper.bottom), (x, shown.box.middle[1]), shown)
    return (x, round(top[1])), (x, round(paper.middle[1]))


def hanging(shown: Shown, n: int) -> Box:
    """Give the place of a box's n-th form; what has none in the drawing hangs below the shape."""
    if n < len(shown.papers):
        return shown.papers[n].box
    box = standing(shown)
    return Box(box.middle[0] + _GAP, box.bottom + n * _SHEET[1], *_SHEET)


def written_on(paper: Box) -> Box:
    """Say where on a form its name stands: below the fold of its corner."""
    return Box(paper.x - _SPARE, paper.y + _FOLD, paper.width + 2 * _SPARE, paper.height - _FOLD)


def along(words: str, label: Box, start: Point, source: Shown) -> Box:
    """Give the words of a line a box of their own, on the side where they are drawn.

    They keep away from the line, because BPMN marks a default or conditional flow at its start.
    """
    longest = max(width(word, FONT) for word in (*words.split(), ""))
    lines = broken(words, FONT, max(label.width * 1.1, min(longest, _WORDS_ROOM)))
    wide = max(width(line, FONT) for line in lines) + 2 * _SPARE
    high = LINE * len(lines)
    left = label.middle[0] < start[0]
    x = label.right - wide - _SPARE / 2 if left else label.x + _SPARE / 2
    above = label.middle[1] < start[1]
    y = label.bottom - high - _SPARE if above else label.y
    if label.bottom <= source.box.y:
        y = min(y, standing(source).y - high)
    return Box(x, y, wide, high)


def grown(label: Box) -> Box:
    """Widen a box by what other words should keep away from it."""
    return Box(label.x - 4, label.y - 4, label.width + 8, label.height + 8)
