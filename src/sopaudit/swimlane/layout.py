"""A workflow laid out as a chart: order, places, ways of lines, tracks, and then measures.

Only this last step knows of sizes. Everything before it works on a grid, across the lanes and along
the time; a chart from left to right is the same grid with the two exchanged.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from sopaudit.criteria.workflow import Node, Workflow
from sopaudit.swimlane.caption import settled
from sopaudit.swimlane.drawing import Box, Drawing, Lane, Line, Paper, Point, Shown
from sopaudit.swimlane.face import (
    FOOT_LINE,
    FOOT_PAD,
    LABEL,
    LABEL_LINE,
    PAPER_FROM,
    SIDE_PAD,
    TITLE,
    Face,
    Names,
    badge,
    face,
    feet,
    lane_title,
    said,
)
from sopaudit.swimlane.measure import broken, longest, width
from sopaudit.swimlane.overlay import Overlay
from sopaudit.swimlane.routing import DOWN, LEFT, RIGHT, UP
from sopaudit.swimlane.tracks import UPRIGHT, Bundle
from sopaudit.swimlane.wiring import Wiring, drawn, wired
from sopaudit.swimlane.word import words

HEAD: Final = 13.0
HEAD_LINE: Final = 17.0
_HEAD_PAD: Final = 9.0
_HEAD_ACROSS: Final = 92.0
"""How long the heads of lanes are that run from left to right."""

_PAGE: Final = 860.0
"""About as wide as a page takes without making words too small to read."""

_NARROWEST: Final = 86.0
_NARROW_ENOUGH: Final = 108.0
"""A word that needs a wider box than that is cut."""

_BESIDE_NUMBER: Final = 104.0
"""So wide a box has room for its number beside its id."""

_PADS: Final = 2 * SIDE_PAD + 1
_WIDEST: Final = 150.0
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
_EDGE: Final = 8.0
"""White around the chart, so that no border is cut."""

_ABOVE: Final = 11.0
"""How far the number of a box stands out above it."""

_ACROSS_SIDES: Final = {RIGHT: DOWN, DOWN: RIGHT, LEFT: UP, UP: LEFT}
_OUT: Final = {RIGHT: (1, 0), DOWN: (0, 1), LEFT: (-1, 0), UP: (0, -1)}


def lay_out(
    workflow: Workflow,
    *,
    lang: str,
    names: Names | None = None,
    upright: bool = True,
    overlay: Overlay | None = None,
) -> Drawing:
    """Lay out a workflow; moves to or from boxes there are not are left out."""
    names = names or Names()
    wires = drawn(workflow, lang, overlay, names)
    wiring = wired(workflow, wires, upright=upright)
    columns = len(wiring.places.lane_of)
    least = max(_narrowest(workflow, lang), _BESIDE_NUMBER if overlay else 0)
    room = min(max(_PAGE / columns - 28, least), _WIDEST) if upright else _WIDEST
    while True:
        chart = _Chart(workflow, lang, names, wiring, room, upright, overlay)
        over = chart.across.high - _PAGE
        if not upright or over <= 0 or room <= least:
            break
        # Boxes a little narrower than needed, because words at the exits do not shrink with them.
        room = max(room - over / columns - 1, least)
    return chart.drawing()


def _narrowest(workflow: Workflow, lang: str) -> float:
    """Say how narrow boxes may become before a word of their titles must be cut."""
    words_ = (longest(said(node.title, lang), TITLE) for node in workflow.nodes)
    return min(max(_NARROWEST, *(word + _PADS for word in words_)), _NARROW_ENOUGH)


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
class _Chart:
    """A chart while it is measured; sides are those of the page unless `grid` stands in a name."""

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
            found[self.numbers[wire.target], self._enters(n)].append(last.slot)
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

    def _over_number(self, box: int, side: int) -> float:
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
            along += self._over_number(box, side)
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
            found[column] = min(longest(title, HEAD, bold=True), _WIDEST)
        return found

    def _scale(self, axis: int, start: float) -> "_Scale":
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
        return _Scale(start, at, tuple(starts), tuple(ends), tuple(middles))

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
    def across(self) -> "_Scale":
        return self._scale(UPRIGHT, _EDGE)

    @cached_property
    def along(self) -> "_Scale":
        return self._scale(1 - UPRIGHT, _EDGE + self.head)

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

    # --- the drawing ------------------------------------------------------------------------------

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
        spots = self.wiring.places
        return self.page(
            self.across.middles[spots.columns[box]], self.along.middles[spots.rows[box]]
        )

    def drawing(self) -> Drawing:
        width_, height = self.page(self.across.high + _EDGE, self.along.high + _EDGE)
        boxes = tuple(self._shown(n, node) for n, node in enumerate(self.workflow.nodes))
        lines = [self._line(n) for n in range(len(self.wiring.wires))]
        body = self._box((self.across.low, self.along.low), (self.across.high, self.along.high))
        return Drawing(
            workflow=self.workflow.id,
            title=said(self.workflow.title, self.lang),
            lang=self.lang,
            width=_round(width_),
            height=_round(height),
            lanes=tuple(self._lanes()),
            boxes=boxes,
            lines=settled(lines, boxes, body, self.gap),
            upright=self.upright,
            counted=self.overlay is not None,
            note=self.overlay.note if self.overlay else "",
        )

    def _lanes(self) -> list[Lane]:
        found = []
        for n, lane in enumerate(self.workflow.lanes):
            low, high = self.borders[n], self.borders[n + 1]
            top, end = self.along.low - self.head, self.along.high
            box = self._box((low, top), (high, end))
            head = self._box((low, top), (high, self.along.low))
            found.append(Lane(lane.id, self.heads[n], box, head))
        return found

    def _box(self, low: Point, high: Point) -> Box:
        (x, y), (right, bottom) = self.page(*low), self.page(*high)
        return Box(_round(x), _round(y), _round(right - x), _round(bottom - y))

    def _shown(self, n: int, node: Node) -> Shown:
        own = self.faces[n]
        wide, high = own.width, own.height
        x, y = self.middle(n)
        box = Box(_round(x - wide / 2), _round(y - high / 2), _round(wide), _round(high))
        papers, top = [], y + high / 2
        for sheet in own.papers:
            hung = Box(_round(x + PAPER_FROM), _round(top), own.paper_width, sheet.height)
            papers.append(Paper(sheet.form, sheet.title, hung))
            top += sheet.height
        foot = None
        if own.foot and own.shape != "decision":
            tall = FOOT_LINE * len(own.foot)
            foot = Box(box.x, _round(box.bottom - tall - FOOT_PAD / 2), box.width, tall)
        return Shown(
            node.id,
            node.kind,
            node.lane,
            box,
            own.title,
            own.foot,
            foot,
            tuple(papers),
            node.optional,
            node.flow,
            node.standards,
            self._words(node),
            self.overlay.nodes.get(node.id) if self.overlay else None,
        )

    def _words(self, node: Node) -> str:
        say = words(self.lang)
        forms = say["comma"].join(self.names.forms.get(form, form) for form in node.forms)
        parts = [
            f"{node.id} {said(node.title, self.lang)}".strip(),
            *feet(node, self.workflow, self.names, self.lang),
            say["forms"].format(forms=forms) if forms else "",
        ]
        return say["and"].join(part for part in parts if part)

    def _line(self, n: int) -> Line:
        wire = self.wiring.wires[n]
        bundles = self.wiring.tracks.lines[n]
        corners = [self._corner(a, b) for a, b in pairwise(bundles)]
        points = [
            self._touch(self.numbers[wire.source], bundles[0], self.leaves(n)),
            *corners,
            self._touch(self.numbers[wire.target], bundles[-1], self._enters(n)),
        ]
        return Line(
            wire.source,
            wire.target,
            tuple((_round(x), _round(y)) for x, y in points),
            self.labels[n],
            self._label_box(n, points[0]),
            wire.back,
            wire.extra,
            wire.count,
        )

    def _enters(self, line: int) -> int:
        ways = self.wiring.ways[line]
        (x, y), (to_x, to_y) = ways[-1], ways[-2]
        side = (RIGHT if to_x > x else LEFT) if y == to_y else (DOWN if to_y > y else UP)
        return side if self.upright else _ACROSS_SIDES[side]

    def _corner(self, one: Bundle, other: Bundle) -> Point:
        first, second = (one, other) if one.axis == UPRIGHT else (other, one)
        return self.page(self.where(first), self.where(second))

    def _touch(self, box: int, bundle: Bundle, side: int) -> Point:
        """Find where a line touches a box."""
        x, y = self.middle(box)
        upright_on_page = side in (UP, DOWN)
        at = self.where(bundle)
        offset = at - (x if upright_on_page else y)
        out = self.faces[box].rim(side, offset)
        across, along = _OUT[side]
        return (at, y + along * out) if upright_on_page else (x + across * out, at)

    def _label_box(self, n: int, start: Point) -> Box | None:
        if not self.labels[n]:
            return None
        side, box = self.leaves(n), self.numbers[self.wiring.wires[n].source]
        one = next(one for one in self.exits[box, side] if one.line == n)
        before = self.before(box, side, one.slot)
        (x, y), gap = start, self.gap
        if side in (UP, DOWN):
            left = x - gap - one.width if before else x + gap
            top = y + 2 if side == DOWN else y - 2 - one.height
            if over := self._over_number(box, side):
                # A line leaves a diamond below its point, where the number may stand.
                rim = self.middle(box)[1] - self.faces[box].height / 2
                top = rim - 2 - one.height - over
        else:
            left = x + 3 + self.numbered(box) if side == RIGHT else x - 3 - one.width
            top = y + 2 - gap - one.height if before else y - 2 + gap
        return Box(_round(left), _round(top), _round(one.width), one.height)


@dataclass(frozen=True)
class _Scale:
    """Measures along one direction of the grid."""

    low: float
    high: float
    starts: tuple[float, ...]
    """The first track of each gutter or channel."""

    ends: tuple[float, ...]
    middles: tuple[float, ...]
    """Of each column or row."""


def _round(number: float) -> float:
    return round(number, 2)
