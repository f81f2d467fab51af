"""The way of each line through a coarse grid.

Columns and rows of boxes are the odd places of the grid, the gutters and channels between them the
even ones; a box closes its own place and nothing else. Each line takes the cheapest way: short, few
bends, few crossings. A line to a box that others lead to already may end where it meets one of
them; from there they run together.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

RIGHT, DOWN, LEFT, UP = range(4)
"""Directions, and the sides of a box."""

Place = tuple[int, int]
"""Across and along in the grid."""

_BEND: Final = 3.0
_CROSSING: Final = 3.0
_BESIDE: Final = 1.2
"""For each step beside another line."""

_JOINED: Final = 0.3
"""For each step that is left where a line joins another."""

_LEAVE: Final = (0.6, 0.0, 0.6, 9.0)
_ENTER: Final = (1.0, 7.0, 1.0, 0.0)
"""What it costs to leave or enter at the right, lower, left and upper side."""

_SHARED: Final = 8.0
"""For each other line at the same side of a box."""

_WAY_OUT: Final = 14.0
"""For each labelled line that leaves there, which needs the side for itself."""

_ASIDE: Final = 4.0
"""For entering a decision at its right or left."""

_NEVER: Final = 1e6


@dataclass(frozen=True)
class Move:
    """A line to be drawn."""

    source: int
    target: int
    net: int
    """Lines of one net may run together; they lead to the same box."""

    labelled: bool = False
    back: bool = False


@dataclass
class Grid:
    """The grid while lines are being drawn into it."""

    width: int
    height: int
    boxes: dict[Place, int]
    """Which box stands where."""

    bars: Collection[int]
    """Forks and joins; lines leave and enter them above and below only."""

    diamonds: Collection[int]
    """Decisions, which need their right and left for the ways out."""

    taken: list[list[int]] = field(init=False)
    """For level and upright, how many lines pass each place."""

    at: dict[int, Place] = field(init=False)
    sides: dict[tuple[int, int], float] = field(default_factory=lambda: defaultdict(float))
    """What it costs to use a side of a box once more."""

    trunks: dict[int, dict[Place, tuple[Place, ...]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """For each net the places its lines pass, and the way from there to the box they lead to."""

    def __post_init__(self) -> None:
        size = self.width * self.height
        self.taken = [[0] * size, [0] * size]
        self.at = {box: place for place, box in self.boxes.items()}

    def draw(self, move: Move) -> tuple[Place, ...]:
        """Find the way of a line, from box to box, and remember it."""
        trunk = self.trunks[move.net]
        own, joined = _cheapest(self, move, trunk)
        way = (*own, *trunk[own[-1]][1:]) if joined else own
        self._remember(move, own, way, joined=joined)
        return way

    def _remember(
        self, move: Move, own: Sequence[Place], way: tuple[Place, ...], *, joined: bool
    ) -> None:
        level, upright = self.taken
        for n, (x, y) in enumerate(own[1:-1], 1):
            before, after = own[n - 1], own[n + 1]
            place = y * self.width + x
            if before[1] == y or after[1] == y:
                level[place] += 1
            if before[0] == x or after[0] == x:
                upright[place] += 1
        if joined:
            (x, y), before = own[-1], own[-2]
            self.taken[before[1] != y][y * self.width + x] += 1
        for n, spot in enumerate(own[1:-1], 1):
            self.trunks[move.net].setdefault(spot, way[n:])
        cost = _SHARED + (_WAY_OUT if move.labelled else 0)
        self.sides[move.source, _direction(way[0], way[1])] += cost
        if not joined:
            self.sides[move.target, (_direction(way[-2], way[-1]) + 2) % 4] += _SHARED


def _direction(one: Place, other: Place) -> int:
    if one[1] == other[1]:
        return RIGHT if other[0] > one[0] else LEFT
    return DOWN if other[1] > one[1] else UP


def _cheapest(  # noqa: C901, PLR0912, PLR0915 -- the one hot loop, kept in one piece
    grid: Grid, move: Move, trunk: dict[Place, tuple[Place, ...]]
) -> tuple[tuple[Place, ...], bool]:
    """Search for the cheapest way; say whether it ends where it meets a line of its net."""
    width, height = grid.width, grid.height
    taken = grid.taken
    closed = {y * width + x for x, y in grid.boxes}
    goal_x, goal_y = grid.at[move.target]
    goal = goal_y * width + goal_x
    start_x, start_y = grid.at[move.source]
    start = start_y * width + start_x
    joins = {y * width + x: way for (x, y), way in trunk.items()}
    near = _JOINED if joins else 1.0
    steps = (1, width, -1, -width)
    enter = [_ENTER[s] + grid.sides[move.target, s] for s in range(4)]
    if move.target in grid.bars:
        enter[RIGHT] = enter[LEFT] = _NEVER
    if move.target in grid.diamonds:
        enter[RIGHT] += _ASIDE
        enter[LEFT] += _ASIDE
    best: dict[int, float] = {}
    came: dict[int, int] = {}
    queue: list[tuple[float, int, float]] = []
    # The box it leaves is a place of its own, because a line may come back to where it began.
    begin = width * height
    for side in range(4):
        cost = _LEAVE[side] + grid.sides[move.source, side]
        if move.source in grid.bars and side in (RIGHT, LEFT):
            cost = _NEVER
        if move.labelled:
            cost += grid.sides[move.source, side]
        state = begin * 4 + side
        best[state] = cost
        heappush(queue, (cost, state, cost))
    while queue:
        _, state, cost = heappop(queue)
        if cost > best[state]:
            continue
        place, facing = divmod(state, 4)
        leaving = place == begin
        if place == goal:
            return (grid.at[move.source], *_way(came, state, width)), False
        if place in joins and (came[state] // 4 != begin or not move.labelled):
            return (grid.at[move.source], *_way(came, state, width)), True
        if leaving:
            place = start
        x, y = place % width, place // width
        for turn in range(4):
            if turn != facing and (leaving or (turn + 2) % 4 == facing):
                continue
            if (
                (turn == RIGHT and x == width - 1)
                or (turn == LEFT and x == 0)
                or (turn == DOWN and y == height - 1)
                or (turn == UP and y == 0)
            ):
                continue
            other = place + steps[turn]
            price = cost + 1
            if not leaving:
                along, across = turn % 2, 1 - turn % 2
                if turn == facing:
                    price += _CROSSING * taken[across][place]
                else:
                    price += _BEND + _BESIDE * taken[across][place]
                price += _BESIDE * taken[along][place]
            if other == goal:
                price += enter[(turn + 2) % 4]
            elif other in closed:
                continue
            if other in joins and other != goal:
                flow = joins[other]
                if (_direction(flow[0], flow[1]) + 2) % 4 == turn:
                    continue
                price += _JOINED * len(flow)
            following = other * 4 + turn
            if price < best.get(following, 1e18):
                best[following] = price
                came[following] = state
                rest = (
                    0
                    if other in joins
                    else near * (abs(other % width - goal_x) + abs(other // width - goal_y))
                )
                heappush(queue, (price + rest, following, price))
    raise RuntimeError("the outermost gutters are free, so there is always a way")


def _way(came: dict[int, int], state: int, width: int) -> tuple[Place, ...]:
    found = []
    while state in came:
        found.append(state // 4)
        state = came[state]
    return tuple((place % width, place // width) for place in reversed(found))
