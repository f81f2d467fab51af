"""What must hold of every drawing: each law a function from a drawing to what breaks it."""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, pairwise
from typing import Final

from sopaudit.swimlane.chart import HEAD
from sopaudit.swimlane.drawing import Box, Drawing, Line, Point, Shown
from sopaudit.swimlane.face import FOOT, FOOT_LINE, FORM, TITLE, TITLE_LINE, TOP_PAD
from sopaudit.swimlane.measure import width
from sopaudit.swimlane.shape import pill

Piece = tuple[Point, Point]
Law = Callable[[Drawing], Iterator[str]]

_TOUCH: Final = 0.05
"""Coordinates are rounded to a hundredth."""

_BESIDE: Final = 1.5
"""So near to a border a line cannot be told from it."""


def pieces(line: Line) -> list[Piece]:
    return [(a, b) for a, b in pairwise(line.points) if a != b]


def _name(line: Line) -> str:
    return f"{line.source} → {line.target}"


def no_diagonal(drawing: Drawing) -> Iterator[str]:
    for line in drawing.lines:
        for (x, y), (to_x, to_y) in pieces(line):
            if abs(x - to_x) > _TOUCH and abs(y - to_y) > _TOUCH:
                yield f"{_name(line)} runs aslant"


def _crosses(piece: Piece, box: Box) -> bool:
    (x, y), (to_x, to_y) = piece
    return (
        min(x, to_x) < box.right - _TOUCH
        and max(x, to_x) > box.x + _TOUCH
        and min(y, to_y) < box.bottom - _TOUCH
        and max(y, to_y) > box.y + _TOUCH
    )


def no_line_through_a_box(drawing: Drawing) -> Iterator[str]:
    for line in drawing.lines:
        near = [box for box in drawing.boxes if _around(line).meets(box.box)]
        last = len(pieces(line)) - 1
        for n, piece in enumerate(pieces(line)):
            for box in near:
                own = (n == 0 and box.id == line.source) or (n == last and box.id == line.target)
                # A line ends on the slope of a diamond, which is inside the rectangle around it.
                if not own and _crosses(piece, box.box):
                    yield f"{_name(line)} runs through {box.id}"
                if own and _crosses(piece, _core(box.box)):
                    yield f"{_name(line)} runs into {box.id}"


def _around(line: Line) -> Box:
    across, along = zip(*line.points, strict=True)
    return Box(
        min(across) - 1,
        min(along) - 1,
        max(across) - min(across) + 2,
        max(along) - min(along) + 2,
    )


def _core(box: Box) -> Box:
    """Give the middle of a box, which no line of its own reaches."""
    return Box(box.x + box.width * 0.4, box.y + box.height * 0.4, box.width * 0.2, box.height * 0.2)


def no_line_through_a_paper(drawing: Drawing) -> Iterator[str]:
    papers = [paper.box for box in drawing.boxes for paper in box.papers]
    for line in drawing.lines:
        if any(_crosses(piece, paper) for piece in pieces(line) for paper in papers):
            yield f"{_name(line)} runs through a form"


def no_boxes_overlap(drawing: Drawing) -> Iterator[str]:
    for one, other in combinations(drawing.boxes, 2):
        if one.box.meets(other.box):
            yield f"{one.id} lies on {other.id}"
        for mine in (one.box, *(p.box for p in one.papers)):
            for yours in (other.box, *(p.box for p in other.papers)):
                if mine.meets(yours):
                    yield f"{one.id} with its forms lies on {other.id}"


def no_unrelated_lines_lie_on_each_other(drawing: Drawing) -> Iterator[str]:
    """Lines to one box may run together; all others keep apart, and do not even meet end to end."""
    spans: list[tuple[int, float, float, float, Line]] = []
    for line in drawing.lines:
        for start, end in pieces(line):
            axis = 0 if abs(start[0] - end[0]) <= _TOUCH else 1
            low, high = sorted((start[1 - axis], end[1 - axis]))
            spans.append((axis, start[axis], low, high, line))
    spans.sort(key=lambda span: span[:3])
    for n, (axis, at, low, high, line) in enumerate(spans):
        for other_axis, other_at, other_low, other_high, other in spans[n + 1 :]:
            if other_axis != axis or other_at - at > _TOUCH:
                break
            meet = other_low <= high + _TOUCH and other_high >= low - _TOUCH
            if meet and line is not other and not _related(line, other):
                yield f"{_name(line)} lies on {_name(other)}"


def _related(one: Line, other: Line) -> bool:
    same = one.target == other.target and one.source != other.source
    return same and not (one.extra or other.extra)


def all_inside(drawing: Drawing) -> Iterator[str]:
    page = Box(0, 0, drawing.width, drawing.height)
    lanes = {lane.id: lane for lane in drawing.lanes}
    for box in drawing.boxes:
        lane = lanes[box.lane]
        for own in (box.box, *(paper.box for paper in box.papers)):
            if not lane.box.holds(own) or lane.head.meets(own):
                yield f"{box.id} stands outside its lane"
    for line in drawing.lines:
        for x, y in line.points:
            if not page.holds(Box(x, y, 0, 0)):
                yield f"{_name(line)} leaves the page"
        if line.label_box and not page.holds(line.label_box):
            yield f"the words of {_name(line)} leave the page"


def lines_touch_their_boxes(drawing: Drawing) -> Iterator[str]:
    boxes = {box.id: box.box for box in drawing.boxes}
    for line in drawing.lines:
        for (x, y), box in (
            (line.points[0], boxes[line.source]),
            (line.points[-1], boxes[line.target]),
        ):
            near = Box(x - _TOUCH, y - _TOUCH, 2 * _TOUCH, 2 * _TOUCH)
            if not near.meets(box):
                yield f"{_name(line)} does not touch its box"


def no_words_on_words_or_boxes(drawing: Drawing) -> Iterator[str]:
    labels = [(line, line.label_box) for line in drawing.lines if line.label_box]
    for (one, mine), (other, yours) in combinations(labels, 2):
        if mine.meets(yours, -0.5):
            yield f"the words of {_name(one)} lie on those of {_name(other)}"
    for line, label in labels:
        for box in drawing.boxes:
            # The corners of the rectangle around a diamond are empty.
            body = _body(box.box) if box.shape == "decision" else box.box
            if any(label.meets(b, -0.5) for b in (body, *(p.box for p in box.papers))):
                yield f"the words of {_name(line)} lie on {box.id}"


def _body(box: Box) -> Box:
    return Box(box.x + box.width / 4, box.y + box.height / 4, box.width / 2, box.height / 2)


def no_line_through_words(drawing: Drawing) -> Iterator[str]:
    """Look below words, whose plate hides all lines and arrows, their own included."""
    for line in drawing.lines:
        for other in drawing.lines:
            if other.label_box and any(
                _crosses(piece, _inner(other.label_box)) for piece in pieces(line)
            ):
                yield f"{_name(line)} runs through the words of {_name(other)}"


def _inner(box: Box) -> Box:
    return Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2)


def heads_stay_free(drawing: Drawing) -> Iterator[str]:
    for lane in drawing.lanes:
        for line in drawing.lines:
            if any(_crosses(piece, lane.head) for piece in pieces(line)):
                yield f"{_name(line)} runs through the head of {lane.id}"
            if line.label_box and line.label_box.meets(lane.head, -0.5):
                yield f"the words of {_name(line)} lie on the head of {lane.id}"


def no_line_along_a_side(drawing: Drawing) -> Iterator[str]:
    """Look for lines on the border of a box, which look like a part of it."""
    for line in drawing.lines:
        for box in drawing.boxes:
            for one in (box.box, *(paper.box for paper in box.papers)):
                if any(_hugs(piece, one) for piece in pieces(line)):
                    yield f"{_name(line)} runs along a side of {box.id}"


def _hugs(piece: Piece, box: Box) -> bool:
    (x, y), (to_x, to_y) = piece
    if abs(x - to_x) <= _TOUCH:
        near = min(abs(x - box.x), abs(x - box.right)) < _BESIDE
        return near and min(y, to_y) < box.bottom - 1 and max(y, to_y) > box.y + 1
    near = min(abs(y - box.y), abs(y - box.bottom)) < _BESIDE
    return near and min(x, to_x) < box.right - 1 and max(x, to_x) > box.x + 1


def words_fit_their_boxes(drawing: Drawing) -> Iterator[str]:
    for box in drawing.boxes:
        told = [width(text, TITLE) for text in box.title] + [width(t, FOOT) for t in box.limit]
        high = TITLE_LINE * len(box.title) + FOOT_LINE * len(box.limit)
        if max(told, default=0) > box.box.width or high > max(box.box.height, 10):
            yield f"the words of {box.id} are larger than it"
        for paper in box.papers:
            if any(width(text, FORM) > paper.box.width for text in paper.title):
                yield f"the words of a form of {box.id} are wider than it"
    for lane in drawing.lanes:
        if any(width(text, HEAD, bold=True) > lane.head.width for text in lane.title):
            yield f"the words of {lane.id} are wider than its head"


def numbers_keep_off_words(drawing: Drawing) -> Iterator[str]:
    """Look at the numbers of boxes: on no words, no other number, and no other box."""
    pills = [(box, own) for box in drawing.boxes if (own := pill(box))]
    for box, own in pills:
        for other in drawing.boxes:
            if other is not box and own.meets(other.box, -0.5):
                yield f"the number of {box.id} lies on {other.id}"
            if own.meets(_words(other), -0.5):
                yield f"the number of {box.id} lies on the words of {other.id}"
        for other, theirs in pills:
            if other is not box and own.meets(theirs, -0.5):
                yield f"the number of {box.id} lies on that of {other.id}"
        for line in drawing.lines:
            if line.label_box and own.meets(line.label_box, -0.5):
                yield f"the number of {box.id} lies on the words of {line.source} → {line.target}"


def _words(box: Shown) -> Box:
    """Give where the title of a box stands, without the white around its letters."""
    wide = max((width(text, TITLE) for text in box.title), default=0)
    high = TITLE_LINE * len(box.title)
    hollow = box.shape in ("decision", "start", "end")
    foot = FOOT_LINE * len(box.limit)
    top = box.box.middle[1] - (high + foot) / 2 if hollow else box.box.y + TOP_PAD
    return Box(box.box.middle[0] - wide / 2, top + 2, wide, high - 4)


LAWS: Final[Mapping[str, Law]] = {
    law.__name__: law
    for law in (
        no_diagonal,
        no_line_through_a_box,
        no_line_through_a_paper,
        no_boxes_overlap,
        no_unrelated_lines_lie_on_each_other,
        all_inside,
        lines_touch_their_boxes,
        no_words_on_words_or_boxes,
        no_line_through_words,
        no_line_along_a_side,
        heads_stay_free,
        words_fit_their_boxes,
        numbers_keep_off_words,
    )
}


def crossings(drawing: Drawing) -> int:
    """Count where two unrelated lines cross."""
    found = 0
    for one, other in combinations(drawing.lines, 2):
        if one.target != other.target:
            found += sum(_cross(a, b) for a in pieces(one) for b in pieces(other))
    return found


def _cross(one: Piece, other: Piece) -> bool:
    level, upright = (one, other) if one[0][1] == one[1][1] else (other, one)
    if level[0][1] != level[1][1] or upright[0][0] != upright[1][0]:
        return False
    x, y = upright[0][0], level[0][1]
    return min(level[0][0], level[1][0]) < x < max(level[0][0], level[1][0]) and (
        min(upright[0][1], upright[1][1]) < y < max(upright[0][1], upright[1][1])
    )
