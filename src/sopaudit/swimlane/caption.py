"""Words of a line that lie on something else move along their line, to where there is room.

Nearly all words stand at the exit of their box, where room is kept for them. Where more lines leave
on one side than words fit beside, some stand farther on, yet only where no other line runs with
theirs, so that nobody takes them for those of another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from sopaudit.swimlane.drawing import Box, Line, Point, Shown

_FIRST: Final = 8.0
_STEP: Final = 6.0
_KEEP: Final = 1.0
"""So much of the rim of words may be touched; it is white."""

_APART: Final = 2.0
"""Moved words keep so far from all but their own line."""

Piece = tuple[Point, Point]


def settled(
    lines: Sequence[Line], boxes: Sequence[Shown], room: Box, gap: float
) -> tuple[Line, ...]:
    """Give the lines with their words, all of which stay in `room`, clear if that can be."""
    pieces = [list(pairwise(line.points)) for line in lines]
    solid = [own for box in boxes for own in (box.box, *(paper.box for paper in box.papers))]
    inner = [own for box in boxes for own in (_body(box), *(paper.box for paper in box.papers))]
    words = [line.label_box for line in lines]
    for n, box in enumerate(words):
        if box is None:
            continue
        others = [one for k, one in enumerate(words) if one is not None and k != n]
        if not _met(_grown(box, -_KEEP), [*inner, *others], [p for own in pieces for p in own]):
            continue
        foreign = [p for k, own in enumerate(pieces) if k != n for p in own]
        for spot in _along(pieces[n], foreign, box, gap):
            wide = _grown(spot, _APART)
            free = not any(_crossed(_grown(spot, -_KEEP), piece) for piece in pieces[n])
            if free and room.holds(spot) and not _met(wide, [*solid, *others], foreign):
                words[n] = spot
                break
    return tuple(replace(line, label_box=box) for line, box in zip(lines, words, strict=True))


def _body(shown: Shown) -> Box:
    """Give what of a box words must keep off; the corners around a diamond are empty."""
    box = shown.box
    if shown.shape != "decision":
        return box
    return Box(box.x + box.width / 4, box.y + box.height / 4, box.width / 2, box.height / 2)


def _grown(box: Box, by: float) -> Box:
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)


def _met(box: Box, solid: Sequence[Box], pieces: Sequence[Piece]) -> bool:
    return any(box.meets(one) for one in solid) or any(_crossed(box, one) for one in pieces)


def _crossed(box: Box, piece: Piece) -> bool:
    (x, y), (to_x, to_y) = piece
    return (
        min(x, to_x) < box.right
        and max(x, to_x) > box.x
        and min(y, to_y) < box.bottom
        and max(y, to_y) > box.y
    )


def _along(own: Sequence[Piece], foreign: Sequence[Piece], box: Box, gap: float) -> Iterator[Box]:
    """List places for words beside their line, those near its beginning first."""
    for (x, y), (to_x, to_y) in own:
        far = abs(to_x - x) + abs(to_y - y)
        for step in range(int((far - _FIRST) // _STEP) + 1):
            share = (_FIRST + step * _STEP) / far
            at_x, at_y = x + (to_x - x) * share, y + (to_y - y) * share
            if any(_crossed(_grown(Box(at_x, at_y, 0, 0), _KEEP), piece) for piece in foreign):
                continue
            wide, high = box.width, box.height
            if abs(to_x - x) < abs(to_y - y):
                yield Box(round(at_x + gap, 2), round(at_y - high / 2, 2), wide, high)
                yield Box(round(at_x - gap - wide, 2), round(at_y - high / 2, 2), wide, high)
            else:
                yield Box(round(at_x - wide / 2, 2), round(at_y + 2 - gap - high, 2), wide, high)
                yield Box(round(at_x - wide / 2, 2), round(at_y - 2 + gap, 2), wide, high)
