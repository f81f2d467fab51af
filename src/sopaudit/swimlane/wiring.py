"""A workflow on the grid: the place of each box, and the track of every piece of a line."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sopaudit.criteria.workflow import Workflow
from sopaudit.swimlane.face import Names
from sopaudit.swimlane.order import Order
from sopaudit.swimlane.overlay import Count, Overlay
from sopaudit.swimlane.routing import DOWN, RIGHT, Grid, Move, Place
from sopaudit.swimlane.rows import Places, places
from sopaudit.swimlane.tracks import Tracks, tracks


@dataclass(frozen=True)
class Wire:
    """A line to be drawn, with what is known of it before it has a way."""

    source: str
    target: str
    label: str = ""
    back: bool = False
    extra: bool = False
    count: Count | None = None


@dataclass(frozen=True)
class Wiring:
    """Boxes and lines on the grid."""

    places: Places
    wires: tuple[Wire, ...]
    ways: tuple[tuple[Place, ...], ...]
    tracks: Tracks
    """The lines in the order of `wires`; so are `ways`."""


_CROWD: Final = 3
"""A decision with so many ways out is entered from above."""


def wired(workflow: Workflow, wires: Sequence[Wire], *, upright: bool) -> Wiring:
    """Place the boxes, then find each line its way and its tracks."""
    index = {node.id: n for n, node in enumerate(workflow.nodes)}
    lanes = {lane.id: n for n, lane in enumerate(workflow.lanes)}
    moves = tuple((index[w.source], index[w.target]) for w in wires)
    own = tuple(move for move, wire in zip(moves, wires, strict=True) if not wire.extra)
    order = Order(tuple(lanes[node.lane] for node in workflow.nodes), own)
    bars = {n for n, node in enumerate(workflow.nodes) if node.kind in ("fork", "join")}
    diamonds = {n for n, node in enumerate(workflow.nodes) if node.kind == "decision"}
    ways_out = Counter(source for source, _ in own)
    crowded = {n for n in diamonds if ways_out[n] >= _CROWD}
    spots = places(order, len(lanes), bars, crowded)
    back = iter(order.back)
    wires = tuple(wire if wire.extra else _turned(wire, back=next(back)) for wire in wires)
    at = {
        (2 * column + 1, 2 * row + 1): n
        for n, (column, row) in enumerate(zip(spots.columns, spots.rows, strict=True))
    }
    grid = Grid(2 * len(spots.lane_of) + 1, 2 * spots.height + 1, at, bars, diamonds)
    nets = _nets(moves, wires)
    ways = {
        n: grid.draw(Move(*moves[n], nets[n], bool(wires[n].label), wires[n].back))
        for n in sorted(range(len(moves)), key=lambda n: _turn(n, moves, wires, spots))
    }
    foot = DOWN if upright else RIGHT
    shy = {(n, foot) for n, node in enumerate(workflow.nodes) if node.forms}
    listed = tuple(ways[n] for n in range(len(moves)))
    return Wiring(spots, wires, listed, tracks(listed, nets, at, shy))


def drawn(workflow: Workflow, lang: str, overlay: Overlay | None, names: Names) -> list[Wire]:
    """List the lines of a workflow in its order, then those only the records know."""
    boxes = workflow.by_id
    counts: Mapping[tuple[str, str], Count] = overlay.edges if overlay else {}
    found = []
    for edge in workflow.edges:
        if edge.source in boxes and edge.target in boxes:
            flow = boxes[edge.source].flow
            label = edge.label.to(lang) if edge.label else ""
            if boxes[edge.source].kind == "subflow" and edge.exit:
                label = names.exits.get((flow or "", edge.exit), label)
            count = counts.get((edge.source, edge.target), Count(0)) if overlay else None
            marked = _marked(label, edge.answer)
            found.append(Wire(edge.source, edge.target, marked, count=count))
    for source, target, count in overlay.extra if overlay else ():
        if source in boxes and target in boxes:
            found.append(Wire(source, target, extra=True, count=count))
    return found


_PLAIN: Final = frozenset({"", "yes", "no", "y", "n", "是", "否"})


def _marked(text: str, answer: str | None) -> str:
    """Mark a yes or no as charts do; what more it says stands behind the mark."""
    if answer is None:
        return text
    mark = "Y" if answer == "yes" else "N"
    return mark if text.casefold() in _PLAIN else f"{mark} {text}"


def _turned(wire: Wire, *, back: bool) -> Wire:
    return Wire(wire.source, wire.target, wire.label, back, wire.extra, wire.count)


def _nets(moves: Sequence[tuple[int, int]], wires: Sequence[Wire]) -> list[int]:
    """Give each line its net: all lines to one box are one, but a second from the same box is not.

    Lines that only the records know are each their own.
    """
    seen: Counter[tuple[int, int]] = Counter()
    known: dict[object, int] = defaultdict(lambda: len(known))
    nets = []
    for n, (move, wire) in enumerate(zip(moves, wires, strict=True)):
        nets.append(known["extra", n] if wire.extra else known[move[1], seen[move]])
        seen[move] += not wire.extra
    return nets


def _turn(
    n: int, moves: Sequence[tuple[int, int]], wires: Sequence[Wire], spots: Places
) -> tuple[bool, bool, bool, int, int]:
    """Say when a line is drawn: straight and short ones first, loops and extra ones last."""
    one, other = moves[n]
    across = abs(spots.columns[one] - spots.columns[other])
    along = abs(spots.rows[one] - spots.rows[other])
    return (wires[n].extra, wires[n].back, bool(across and along), across + along, n)
