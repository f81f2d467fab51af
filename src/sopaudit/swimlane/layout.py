"""A workflow laid out as a chart: order, places, ways of lines, tracks, and then measures.

Only this last step knows of sizes. Everything before it works on a grid, across the lanes and along
the time; a chart from left to right is the same grid with the two exchanged.
"""

from itertools import pairwise
from typing import Final

from sopaudit.criteria.workflow import Node, Workflow
from sopaudit.swimlane.caption import settled
from sopaudit.swimlane.chart import EDGE, WIDEST, Chart
from sopaudit.swimlane.drawing import Box, Drawing, Lane, Line, Paper, Point, Shown
from sopaudit.swimlane.face import (
    FOOT_LINE,
    FOOT_PAD,
    PAPER_FROM,
    SIDE_PAD,
    TITLE,
    Names,
    feet,
    said,
)
from sopaudit.swimlane.measure import longest
from sopaudit.swimlane.overlay import Overlay
from sopaudit.swimlane.routing import DOWN, LEFT, RIGHT, UP
from sopaudit.swimlane.tracks import UPRIGHT, Bundle
from sopaudit.swimlane.wiring import drawn, wired
from sopaudit.swimlane.word import words

_PAGE: Final = 860.0
"""About as wide as a page takes without making words too small to read."""

_NARROWEST: Final = 86.0
_NARROW_ENOUGH: Final = 108.0
"""A word that needs a wider box than that is cut."""

_BESIDE_NUMBER: Final = 104.0
"""So wide a box has room for its number beside its id."""

_PADS: Final = 2 * SIDE_PAD + 1
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
    room = min(max(_PAGE / columns - 28, least), WIDEST) if upright else WIDEST
    while True:
        chart = Chart(workflow, lang, names, wiring, room, upright, overlay)
        over = chart.across.high - _PAGE
        if not upright or over <= 0 or room <= least:
            break
        # Boxes a little narrower than needed, because words at the exits do not shrink with them.
        room = max(room - over / columns - 1, least)
    return _drawing(chart)


def _narrowest(workflow: Workflow, lang: str) -> float:
    """Say how narrow boxes may become before a word of their titles must be cut."""
    words_ = (longest(said(node.title, lang), TITLE) for node in workflow.nodes)
    return min(max(_NARROWEST, *(word + _PADS for word in words_)), _NARROW_ENOUGH)


def _drawing(chart: Chart) -> Drawing:
    width_, height = chart.page(chart.across.high + EDGE, chart.along.high + EDGE)
    boxes = tuple(_shown(chart, n, node) for n, node in enumerate(chart.workflow.nodes))
    lines = [_line(chart, n) for n in range(len(chart.wiring.wires))]
    body = _box(chart, (chart.across.low, chart.along.low), (chart.across.high, chart.along.high))
    return Drawing(
        workflow=chart.workflow.id,
        title=said(chart.workflow.title, chart.lang),
        lang=chart.lang,
        width=_round(width_),
        height=_round(height),
        lanes=tuple(_lanes(chart)),
        boxes=boxes,
        lines=settled(lines, boxes, body, chart.gap),
        upright=chart.upright,
        counted=chart.overlay is not None,
        note=chart.overlay.note if chart.overlay else "",
    )


def _lanes(chart: Chart) -> list[Lane]:
    found = []
    for n, lane in enumerate(chart.workflow.lanes):
        low, high = chart.borders[n], chart.borders[n + 1]
        top, end = chart.along.low - chart.head, chart.along.high
        box = _box(chart, (low, top), (high, end))
        head = _box(chart, (low, top), (high, chart.along.low))
        found.append(Lane(lane.id, chart.heads[n], box, head))
    return found


def _box(chart: Chart, low: Point, high: Point) -> Box:
    (x, y), (right, bottom) = chart.page(*low), chart.page(*high)
    return Box(_round(x), _round(y), _round(right - x), _round(bottom - y))


def _shown(chart: Chart, n: int, node: Node) -> Shown:
    own = chart.faces[n]
    wide, high = own.width, own.height
    x, y = chart.middle(n)
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
        _words(chart, node),
        chart.overlay.nodes.get(node.id) if chart.overlay else None,
    )


def _words(chart: Chart, node: Node) -> str:
    say = words(chart.lang)
    forms = say["comma"].join(chart.names.forms.get(form, form) for form in node.forms)
    parts = [
        f"{node.id} {said(node.title, chart.lang)}".strip(),
        *feet(node, chart.workflow, chart.names, chart.lang),
        say["forms"].format(forms=forms) if forms else "",
    ]
    return say["and"].join(part for part in parts if part)


def _line(chart: Chart, n: int) -> Line:
    wire = chart.wiring.wires[n]
    bundles = chart.wiring.tracks.lines[n]
    corners = [_corner(chart, a, b) for a, b in pairwise(bundles)]
    points = [
        _touch(chart, chart.numbers[wire.source], bundles[0], chart.leaves(n)),
        *corners,
        _touch(chart, chart.numbers[wire.target], bundles[-1], chart.enters(n)),
    ]
    return Line(
        wire.source,
        wire.target,
        tuple((_round(x), _round(y)) for x, y in points),
        chart.labels[n],
        _label_box(chart, n, points[0]),
        wire.back,
        wire.extra,
        wire.count,
    )


def _corner(chart: Chart, one: Bundle, other: Bundle) -> Point:
    first, second = (one, other) if one.axis == UPRIGHT else (other, one)
    return chart.page(chart.where(first), chart.where(second))


def _touch(chart: Chart, box: int, bundle: Bundle, side: int) -> Point:
    """Find where a line touches a box."""
    x, y = chart.middle(box)
    upright_on_page = side in (UP, DOWN)
    at = chart.where(bundle)
    offset = at - (x if upright_on_page else y)
    out = chart.faces[box].rim(side, offset)
    across, along = _OUT[side]
    return (at, y + along * out) if upright_on_page else (x + across * out, at)


def _label_box(chart: Chart, n: int, start: Point) -> Box | None:
    if not chart.labels[n]:
        return None
    side, box = chart.leaves(n), chart.numbers[chart.wiring.wires[n].source]
    one = next(one for one in chart.exits[box, side] if one.line == n)
    before = chart.before(box, side, one.slot)
    (x, y), gap = start, chart.gap
    if side in (UP, DOWN):
        left = x - gap - one.width if before else x + gap
        top = y + 2 if side == DOWN else y - 2 - one.height
        if over := chart.over_number(box, side):
            # A line leaves a diamond below its point, where the number may stand.
            rim = chart.middle(box)[1] - chart.faces[box].height / 2
            top = rim - 2 - one.height - over
    else:
        left = x + 3 + chart.numbered(box) if side == RIGHT else x - 3 - one.width
        top = y + 2 - gap - one.height if before else y - 2 + gap
    return Box(_round(left), _round(top), _round(one.width), one.height)


def _round(number: float) -> float:
    return round(number, 2)
