"""Lines of a coarse grid get room beside each other.

Pieces of lines of one net that meet in the same column, gutter, row or channel are one bundle and
stay together. In a gutter or channel each bundle gets a track. In a column or row, where boxes
stand, it gets an offset from the middle, 0 if that is free. Two bundles that only touch (one comes
down into a channel where the other goes down from) may share their offset if the first leaves the
channel on a track above the second's; where such wishes would run in a circle one of them steps
aside.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from sopaudit.swimlane.routing import DOWN, LEFT, RIGHT, UP, Place

LEVEL, UPRIGHT = range(2)


@dataclass(eq=False)
class Bundle:
    """Pieces of lines that lie on each other."""

    axis: int
    corridor: int
    low: int
    high: int
    net: int
    ends: list[tuple[int, int]] = field(default_factory=list)
    """Where a piece begins or ends: its place along the corridor, and whether the line goes on to
    lower (-1) or higher (1) places across it, or stops at a box (0)."""

    boxes: list[tuple[int, int]] = field(default_factory=list)
    """Boxes it is tied to, each with the side."""

    slot: int = 0
    """Its track, or its offset from the middle."""


@dataclass(frozen=True)
class Tracks:
    """Where every piece of every line runs."""

    lines: tuple[tuple[Bundle, ...], ...]
    """For each line its pieces, level and upright in turn."""

    bundles: tuple[Bundle, ...]
    counts: Mapping[tuple[int, int], int]
    """For each gutter and channel how many tracks it has; by axis and corridor."""


def tracks(
    ways: Sequence[Sequence[Place]],
    nets: Sequence[int],
    boxes: Mapping[Place, int],
    shy: Collection[tuple[int, int]] = (),
) -> Tracks:
    """Give each line its tracks; a side in `shy` has no room beyond its middle."""
    pieces = [_corners(way) for way in ways]
    found = _bundles(pieces, nets, boxes)
    lines = tuple(
        tuple(_of(found, a, b, net) for a, b in pairwise(corners))
        for corners, net in zip(pieces, nets, strict=True)
    )
    bundles = tuple(b for group in found.values() for b in group)
    ahead: dict[int, set[int]] = defaultdict(set)
    crossing = {(b.axis, b.corridor): [] for b in bundles}  # type: dict[tuple[int, int], list[Bundle]]
    for bundle in bundles:
        crossing[bundle.axis, bundle.corridor].append(bundle)
    for (_, corridor), group in crossing.items():
        if corridor % 2:
            _offsets(group, crossing, boxes, shy, ahead)
    counts = {key: _spread(group, ahead) for key, group in crossing.items() if not key[1] % 2}
    return Tracks(lines, bundles, counts)


def _corners(way: Sequence[Place]) -> list[Place]:
    """Leave out the places a line passes straight."""
    inner = [
        b
        for a, b, c in zip(way, way[1:], way[2:], strict=False)
        if (a[0] == b[0]) != (b[0] == c[0])
    ]
    return [way[0], *inner, way[-1]]


_Key = tuple[int, int, int]


def _bundles(
    pieces: Sequence[Sequence[Place]], nets: Sequence[int], boxes: Mapping[Place, int]
) -> dict[_Key, list[Bundle]]:
    raw: dict[_Key, list[Bundle]] = defaultdict(list)
    for corners, net in zip(pieces, nets, strict=True):
        for n, (a, b) in enumerate(pairwise(corners)):
            axis = UPRIGHT if a[0] == b[0] else LEVEL
            at, along = (a[0], 1) if axis == UPRIGHT else (a[1], 0)
            low, high = sorted((a[along], b[along]))
            bundle = Bundle(axis, at, low, high, net)
            last = n == len(corners) - 2
            bundle.ends = [
                (a[along], 0 if n == 0 else _sign(corners[n - 1][1 - along] - at)),
                (b[along], 0 if last else _sign(corners[n + 2][1 - along] - at)),
            ]
            down = b[along] > a[along]
            if n == 0:
                bundle.boxes.append((boxes[a], _side(axis, forward=down)))
            if last:
                bundle.boxes.append((boxes[b], _side(axis, forward=not down)))
            raw[axis, at, net].append(bundle)
    return {key: _merged(group) for key, group in raw.items()}


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _side(axis: int, *, forward: bool) -> int:
    if axis == LEVEL:
        return RIGHT if forward else LEFT
    return DOWN if forward else UP


def _merged(group: list[Bundle]) -> list[Bundle]:
    merged: list[Bundle] = []
    for bundle in sorted(group, key=lambda b: (b.low, b.high)):
        if merged and bundle.low <= merged[-1].high:
            last = merged[-1]
            last.high = max(last.high, bundle.high)
            last.ends += [end for end in bundle.ends if end not in last.ends]
            last.boxes += [box for box in bundle.boxes if box not in last.boxes]
        else:
            merged.append(bundle)
    return merged


def _of(found: Mapping[_Key, Sequence[Bundle]], a: Place, b: Place, net: int) -> Bundle:
    axis = UPRIGHT if a[0] == b[0] else LEVEL
    at, along = (a[0], 1) if axis == UPRIGHT else (a[1], 0)
    return next(bundle for bundle in found[axis, at, net] if bundle.low <= a[along] <= bundle.high)


# --- columns and rows -----------------------------------------------------------------------------

_FARTHEST: Final = 40


def _offsets(
    group: Sequence[Bundle],
    crossing: Mapping[tuple[int, int], Sequence[Bundle]],
    boxes: Mapping[Place, int],
    shy: Collection[tuple[int, int]],
    ahead: dict[int, set[int]],
) -> None:
    """Give the bundles of one column or row their offsets."""
    placed: list[Bundle] = []
    for bundle in sorted(group, key=_urgency):
        rivals = [o for o in placed if o.low <= bundle.high and bundle.low <= o.high]
        timid = any(box in shy for box in bundle.boxes)
        for slot in _wishes(bundle, timid=timid):
            order = _orders(bundle, [o for o in rivals if o.slot == slot], crossing, boxes)
            if order is None or any(_leads(b, a, ahead) for a, b in order):
                continue
            for a, b in order:
                ahead[id(a)].add(id(b))
            if any(_leads(a, a, ahead) for a, _ in order):
                for a, b in order:
                    ahead[id(a)].discard(id(b))
                continue
            bundle.slot = slot
            break
        placed.append(bundle)


def _urgency(bundle: Bundle) -> tuple[int, int, int]:
    """Straight lines between boxes come first, then those tied to a box, then long ones."""
    return (-len(bundle.boxes), bundle.low - bundle.high, bundle.low)


def _wishes(bundle: Bundle, *, timid: bool) -> list[int]:
    lean = sum(way for _, way in bundle.ends)
    first = -1 if lean < 0 or timid else 1
    beyond = range(1, _FARTHEST)
    if timid:
        return [0, *(-n for n in beyond)]
    return [0, *(sign * n for n in beyond for sign in (first, -first))]


def _orders(
    bundle: Bundle,
    rivals: Sequence[Bundle],
    crossing: Mapping[tuple[int, int], Sequence[Bundle]],
    boxes: Mapping[Place, int],
) -> list[tuple[Bundle, Bundle]] | None:
    """Say which tracks must lie before which if `bundle` is to share its offset with `rivals`.

    None where it cannot.
    """
    found = []
    for rival in rivals:
        first, second = sorted((bundle, rival), key=lambda b: (b.low, b.high))
        if first.high > second.low or first.low == second.low:
            return None
        touch = first.high
        place = (bundle.corridor, touch) if bundle.axis == UPRIGHT else (touch, bundle.corridor)
        if place in boxes:
            continue
        if touch % 2:
            return None
        tracks_there = crossing.get((1 - bundle.axis, touch), ())
        one = _through(tracks_there, first.net, bundle.corridor)
        two = _through(tracks_there, second.net, bundle.corridor)
        if one is None or two is None:
            return None
        found.append((one, two))
    return found


def _through(group: Sequence[Bundle], net: int, at: int) -> Bundle | None:
    return next((b for b in group if b.net == net and b.low <= at <= b.high), None)


def _leads(one: Bundle, other: Bundle, ahead: Mapping[int, set[int]]) -> bool:
    """Say whether `other` must lie beyond `one` already."""
    open_, seen = [id(one)], set[int]()
    while open_:
        for following in ahead.get(open_.pop(), ()):
            if following == id(other):
                return True
            if following not in seen:
                seen.add(following)
                open_.append(following)
    return False


# --- gutters and channels -------------------------------------------------------------------------


def _spread(group: Sequence[Bundle], ahead: Mapping[int, set[int]]) -> int:
    """Give the bundles of one gutter or channel their tracks; return how many there are."""
    order: list[Bundle] = []
    for bundle in sorted(group, key=lambda b: (b.low, b.high, b.net)):
        order.insert(_fitting(bundle, order, ahead), bundle)
    used = 0
    for n, bundle in enumerate(order):
        before = [o.slot for o in order[:n] if o.low <= bundle.high and bundle.low <= o.high]
        before += [o.slot for o in order[:n] if id(bundle) in ahead.get(id(o), ())]
        bundle.slot = max(before, default=-1) + 1
        used = max(used, bundle.slot + 1)
    return used


def _fitting(bundle: Bundle, order: Sequence[Bundle], ahead: Mapping[int, set[int]]) -> int:
    """Find where among the others a bundle crosses least, and comes in its turn."""
    low = max((n + 1 for n, o in enumerate(order) if _leads(o, bundle, ahead)), default=0)
    high = min((n for n, o in enumerate(order) if _leads(bundle, o, ahead)), default=len(order))
    costs = [(_crossed(o, bundle), _crossed(bundle, o)) for o in order]
    total = sum(cost for _, cost in costs[low:])
    best, where = total, low
    for n in range(low, high):
        total += costs[n][0] - costs[n][1]
        if total < best:
            best, where = total, n + 1
    return where


def _crossed(first: Bundle, second: Bundle) -> int:
    """Count crossings where `first` lies before `second`."""
    if first.low > second.high or second.low > first.high:
        return 0
    crossings = sum(way > 0 and second.low < at < second.high for at, way in first.ends)
    return crossings + sum(way < 0 and first.low < at < first.high for at, way in second.ends)
