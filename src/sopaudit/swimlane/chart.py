"""A chart while it is measured: how far boxes and words reach, and how wide all of it becomes.

Sides are those of the page unless `grid` stands in a name.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from sopaudit.criteria.workflow import Workflow
from sopaudit.swimlane.drawing import Point
from sopaudit.swimlane.face import (
    LABEL,
    LABEL_LINE,
    PAPER_FROM,
    Face,
    Names,
    badge,
    face,
    lane_title,
)
from sopaudit.swimlane.measure import broken, longest, width
from sopaudit.swimlane.overlay import Overlay
from sopaudit.swimlane.routing import DOWN, LEFT, RIGHT, UP
from sopaudit.swimlane.tracks import UPRIGHT, Bundle
from sopaudit.swimlane.wiring import Wiring

HEAD: Final = 13.0
HEAD_LINE: Final = 17.0
_HEAD_PAD: Final = 9.0
_HEAD_ACROSS: Final = 92.0
"""How long the heads of lanes are that run from left to right."""

WIDEST: Final = 150.0
_TRACK: Final = 9.0
_PORT: Final = 9.0
_GUTTER: Final = (11.0, 11.0)
_CHANNEL: Final = (7.0, 15.0)
"""Before the first track and beyond the last; where lines arrive there is room for an arrow."""

_OPEN: Final = (20.0, 22.0)
"""A gutter and a channel without tracks."""

_INTO_GUTTER: Final = 6.0
"""How far forms may stand out into the white beside a column."""

_LABEL_ROOM: Final = 50.0
_LABEL_MOST: Final = 84.0
_LABEL_GAP: Final = 4.0
EDGE: Final = 8.0
"""White around the chart, so that no border is cut."""

_ABOVE: Final = 11.0
"""How far the number of a box stands out above it."""

_ACROSS_SIDES: Final = {RIGHT: DOWN, DOWN: RIGHT, LEFT: UP, UP: LEFT}


def _label(text: str) -> tuple[str, ...]:
    room = max(_LABEL_ROOM, min(longest(text, LABEL, bold=True), _LABEL_MOST))
    return broken(text, LABEL, room, bold=True)


@dataclass(frozen=True)
class _Exit:
    """A labelled way out of a box."""

    line: int
    slot: int
    label: tuple[str, ...]

    @property
    def width(self) -> float:
        return max(width(text, LABEL, bold=True) for text in self.label)

    @property
    def height(self) -> float:
        return LABEL_LINE * len(self.label)


@dataclass(frozen=True)
class Scale:
    """Measures along one direction of the grid."""

    low: float
    high: float
    starts: tuple[float, ...]
    """The first track of each gutter or channel."""

    ends: tuple[float, ...]
    middles: tuple[float, ...]
    """Of each column or row."""


@dataclass(frozen=True)
class Chart:
    """A workflow on its grid, with boxes that are `room` wide."""

    workflow: Workflow
    lang: str
    names: Names
    wiring: Wiring
    room: float
    """How wide a box is."""

    upright: bool
    overlay: Overlay | None

    @cached_property
    def faces(self) -> Sequence[Face]:
        """What each box looks like."""
        return [
            face(node, self.workflow, self.names, self.lang, self.room, upright=self.upright)
            for node in self.workflow.nodes
        ]

    # --- words at the exits -----------------------------------------------------------------------

    @cached_property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        """The words of each line, in lines; its number is the last of them."""
        return tuple(
            (
                *(_label(wire.label) if wire.label else ()),
                *([wire.count.words] if wire.count and (wire.count.n or wire.extra) else []),
            )
            for wire in self.wiring.wires
        )

    @cached_property
    def exits(self) -> Mapping[tuple[int, int], Sequence[_Exit]]:
        """For each box and side the labelled ways out, from left to right or top to bottom."""
        found: dict[tuple[int, int], list[_Exit]] = defaultdict(list)
        for n, label in enumerate(self.labels):
            if label:
                first = self.wiring.tracks.lines[n][0]
                box = self.numbers[self.wiring.wires[n].source]
                found[box, self.leaves(n)].append(_Exit(n, first.slot, label))
        return {key: sorted(group, key=lambda e: (e.slot, e.line)) for key, group in found.items()}

    @property
    def gap(self) -> float:
        """Keep words off their line, which is thick where it carries a number."""
        return _LABEL_GAP + (2 if self.overlay else 0)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The place of each box in the order of the workflow."""
        return {node.id: n for n, node in enumerate(self.workflow.nodes)}

    def leaves(self, line: int) -> int:
        """Give the side of the page at which a line leaves its box."""
        ways = self.wiring.ways[line]
        (x, y), (to_x, to_y) = ways[0], ways[1]
        side = (RIGHT if to_x > x else LEFT) if y == to_y else (DOWN if to_y > y else UP)
        return side if self.upright else _ACROSS_SIDES[side]

    @cached_property
    def touching(self) -> Mapping[tuple[int, int], Sequence[int]]:
        """For each box and side the slots of all lines there, those that arrive included."""
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        for n, wire in enumerate(self.wiring.wires):
            first, *_, last = (*self.wiring.tracks.lines[n], self.wiring.tracks.lines[n][-1])
            found[self.numbers[wire.source], self.leaves(n)].append(first.slot)
            found[self.numbers[wire.target], self.enters(n)].append(last.slot)
        return found

    def before(self, box: int, side: int, slot: int) -> bool:
        """Say whether words stand left of or above their line, and not right of or below it.

        They keep away from the other lines on their side, and from the forms of the box.
        """
        if side == DOWN and self.faces[box].papers:
            return True
        others = self.touching[box, side]
        if min(others) < slot or max(others) > slot:
            return min(others) >= slot
        return side in (LEFT, RIGHT)

    def numbered(self, box: int) -> float:
        """Say how far the number of a box stands out to the right of it; 0 where it has none."""
        count = self.overlay.nodes.get(self.workflow.nodes[box].id) if self.overlay else None
        return badge(count, self.faces[box].width)[1] if count else 0.0

    def over_number(self, box: int, side: int) -> float:
        """Say how much higher words above a box stand for the sake of its number."""
        return _ABOVE if side == UP and self.numbered(box) else 0.0

    # --- how far each box reaches -----------------------------------------------------------------

    @cached_property
    def extents(self) -> Sequence[dict[int, float]]:
        """How far each box reaches from its middle, with all that belongs to it; by side."""
        found = []
        for n, own in enumerate(self.faces):
            wide, high = own.width / 2, own.height / 2
            reach = {RIGHT: wide, LEFT: wide, UP: high, DOWN: high + own.hanging}
            if own.papers:
                reach[RIGHT] = max(reach[RIGHT], PAPER_FROM + own.paper_width - _INTO_GUTTER)
            if out := self.numbered(n):
                reach[RIGHT] += out
                reach[UP] += _ABOVE
            for side in range(4):
                self._reach_of_words(n, side, reach)
            found.append(reach)
        return found

    def _reach_of_words(self, box: int, side: int, reach: dict[int, float]) -> None:
        for one in self.exits.get((box, side), ()):
            first = self.wiring.tracks.lines[one.line][0]
            aside = abs(one.slot) * self.spacing[first.axis, first.corridor] + self.gap
            before = self.before(box, side, one.slot)
            own = self.faces[box].width / 2 if side in (LEFT, RIGHT) else self.faces[box].height / 2
            if side in (UP, DOWN):
                along, across, over = one.height + 6, one.width + aside, LEFT if before else RIGHT
            else:
                along, across, over = one.width + 2, one.height + aside, UP if before else DOWN
                along += self.numbered(box) if side == RIGHT else 0
            along += self.over_number(box, side)
            reach[side] = max(reach[side], own + along)
            reach[over] = max(reach[over], across)

    def grid_extent(self, box: int, side: int) -> float:
        """Give the extent of a box on a side of the grid."""
        return self.extents[box][side if self.upright else _ACROSS_SIDES[side]]

    # --- measures of the grid ---------------------------------------------------------------------

    @cached_property
    def spacing(self) -> Mapping[tuple[int, int], float]:
        """For each column and row, how far lines beside each other are apart; words fit between."""
        found: dict[tuple[int, int], float] = defaultdict(lambda: _PORT)
        for (box, side), group in self.exits.items():
            slots = self.touching[box, side]
            inner = [one for one in group if min(slots) < one.slot < max(slots)]
            for one in inner if side in (UP, DOWN) else ():
                first = self.wiring.tracks.lines[one.line][0]
                key = first.axis, first.corridor
                found[key] = max(found[key], one.width + 2 * self.gap)
        for bundle in self.wiring.tracks.bundles:
            if bundle.corridor % 2 and bundle.slot:
                for box, side in bundle.boxes:
                    page = side if self.upright else _ACROSS_SIDES[side]
                    fits = self.faces[box].reach(page) / abs(bundle.slot)
                    key = bundle.axis, bundle.corridor
                    found[key] = min(found[key], fits)
        return found

    def _reaches(self, axis: int) -> tuple[list[float], list[float]]:
        """Measure columns (or rows) from their middle lines to either side."""
        spots = self.wiring.places
        upright = axis == UPRIGHT
        count = len(spots.lane_of) if upright else spots.height
        at = spots.columns if upright else spots.rows
        least = self._least(upright=upright)
        low = [least.get(place, 0.0) / 2 for place in range(count)]
        high = low.copy()
        for box, place in enumerate(at):
            one, other = (LEFT, RIGHT) if upright else (UP, DOWN)
            low[place] = max(low[place], self.grid_extent(box, one))
            high[place] = max(high[place], self.grid_extent(box, other))
        for bundle in self.wiring.tracks.bundles:
            if bundle.axis == axis and bundle.corridor % 2:
                place = bundle.corridor // 2
                aside = bundle.slot * self.spacing[axis, bundle.corridor]
                low[place] = max(low[place], 6 - aside)
                high[place] = max(high[place], 6 + aside)
        return low, high

    def _least(self, *, upright: bool) -> dict[int, float]:
        """Say how wide the last column of each lane is at least, for the words in its head."""
        if not upright:
            return {}
        found = {}
        for column, lane in enumerate(self.wiring.places.lane_of):
            if not self.upright:
                found[column] = HEAD_LINE
                continue
            title = lane_title(self.workflow, self.workflow.lanes[lane].id, self.names, self.lang)
            found[column] = min(longest(title, HEAD, bold=True), WIDEST)
        return found

    def _scale(self, axis: int, start: float) -> Scale:
        """Measure all gutters and columns, or all channels and rows, one after another."""
        low, high = self._reaches(axis)
        flat = (axis == UPRIGHT) == self.upright
        (first, last), open_ = (_GUTTER, _OPEN[0]) if flat else (_CHANNEL, _OPEN[1])
        if axis == UPRIGHT and not flat:
            first, last = _CHANNEL[1], _CHANNEL[1]
        if axis != UPRIGHT and not self.upright:
            first, last, open_ = _GUTTER[0], _CHANNEL[1], _OPEN[1]
        starts, ends, middles = [], [], []
        at = start
        for n in range(len(low) + 1):
            count = self.wiring.tracks.counts.get((axis, 2 * n), 0)
            starts.append(at + first)
            at += max(first + last + (count - 1) * _TRACK, open_) if count else open_
            ends.append(at)
            if n < len(low):
                middles.append(at + low[n])
                at += low[n] + high[n]
        return Scale(start, at, tuple(starts), tuple(ends), tuple(middles))

    @cached_property
    def heads(self) -> Sequence[tuple[str, ...]]:
        """The titles of the lanes, in lines."""
        found = []
        for n, lane in enumerate(self.workflow.lanes):
            title = lane_title(self.workflow, lane.id, self.names, self.lang)
            low, high = self.borders[n], self.borders[n + 1]
            room = (high - low if self.upright else _HEAD_ACROSS) - 12
            found.append(broken(title, HEAD, room, bold=True))
        return found

    @cached_property
    def across(self) -> Scale:
        """Measures across the lanes."""
        return self._scale(UPRIGHT, EDGE)

    @cached_property
    def along(self) -> Scale:
        """Measures along the time."""
        return self._scale(1 - UPRIGHT, EDGE + self.head)

    @cached_property
    def head(self) -> float:
        """How long the heads of lanes are, along the time."""
        if not self.upright:
            return _HEAD_ACROSS
        return 2 * _HEAD_PAD + HEAD_LINE * max(len(title) for title in self.heads)

    @cached_property
    def borders(self) -> Sequence[float]:
        """Where each lane begins, and the last one ends."""
        lanes = self.wiring.places.lane_of
        found = [self.across.low]
        for n, (one, other) in enumerate(pairwise(lanes), 1):
            if one != other:
                count = self.wiring.tracks.counts.get((UPRIGHT, 2 * n), 0)
                if count:
                    found.append(self.across.starts[n] + (count // 2 - 0.5) * _TRACK)
                else:
                    found.append(self.across.ends[n] - _OPEN[0] / 2)
        return [*found, self.across.high]

    # --- places on the page -----------------------------------------------------------------------

    def where(self, bundle: Bundle) -> float:
        """Say where on the page a bundle runs, across its own direction."""
        scale = self.across if bundle.axis == UPRIGHT else self.along
        place = bundle.corridor // 2
        if bundle.corridor % 2:
            return scale.middles[place] + bundle.slot * self.spacing[bundle.axis, bundle.corridor]
        return scale.starts[place] + bundle.slot * _TRACK

    def page(self, across: float, along: float) -> Point:
        """Turn a point of the grid into one of the page."""
        return (across, along) if self.upright else (along, across)

    def middle(self, box: int) -> Point:
        """Give the middle of a box on the page."""
        spots = self.wiring.places
        return self.page(
            self.across.middles[spots.columns[box]], self.along.middles[spots.rows[box]]
        )

    def enters(self, line: int) -> int:
        """Give the side of the page at which a line reaches its box."""
        ways = self.wiring.ways[line]
        (x, y), (to_x, to_y) = ways[-1], ways[-2]
        side = (RIGHT if to_x > x else LEFT) if y == to_y else (DOWN if to_y > y else UP)
        return side if self.upright else _ACROSS_SIDES[side]
