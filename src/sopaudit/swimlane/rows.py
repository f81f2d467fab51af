"""Where boxes stand: each lane has one column or a few, time runs from row to row.

A box stands one row below what it follows in its own column. What it follows in another column it
stands level with, so that the hand-off is one straight line, if nothing stands between and no other
hand-off leaves or arrives on that side; else it stands below that too.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sopaudit.swimlane.order import Order

ROOM: Final = 6
"""Columns that fit a page; a chart of fewer lanes may give some a second one."""


@dataclass(frozen=True)
class Places:
    """A column and a row for each box."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    lane_of: tuple[int, ...]
    """For each column its lane."""

    height: int
    """How many rows there are."""


def places(
    order: Order, lanes: int, bars: Collection[int], crowded: Collection[int] = ()
) -> Places:
    """Give each box its place.

    `bars` are forks and joins, which neither hand on level nor are handed to; `crowded` boxes need
    all their sides for ways out, so they are only not handed to.
    """
    aside, late = _aside(order, lanes)
    wide = [1] * lanes
    for one, lane in enumerate(order.lanes):
        wide[lane] = max(wide[lane], aside[one] + 1)
    first = [sum(wide[:lane]) for lane in range(lanes)]
    columns = [first[lane] + aside[one] for one, lane in enumerate(order.lanes)]
    # An end may stand in any further column of its lane, wherever it comes soonest.
    choices = [
        range(column, column + 1 if order.after[one] else first[lane] + wide[lane])
        for one, (lane, column) in enumerate(zip(order.lanes, columns, strict=True))
    ]
    turns = [-1.0 if not order.after[n] else float(n) for n in range(len(columns))]
    for one, main in late.items():
        turns[one] = max(one, main + 0.5)
    walk = _Walk(order, bars, crowded)
    for one in order.sorted(turns):
        walk.place(one, choices[one])
    rows = walk.rows
    used = {row: n for n, row in enumerate(sorted(set(rows.values())))}
    return Places(
        tuple(walk.columns[one] for one in range(len(columns))),
        tuple(used[rows[one]] for one in range(len(columns))),
        tuple(lane for lane in range(lanes) for _ in range(wide[lane])),
        len(used) or 1,
    )


def _aside(order: Order, lanes: int) -> tuple[list[int], dict[int, int]]:
    """Say how many columns each box stands beside the main way of its lane.

    Where the page has no room for that it stands in the way of another box, which comes first: the
    second value says which.
    """
    room = [2] * lanes
    while True:
        found, late = _stepped(order, room)
        counts = Counter((order.lanes[n], step) for n, step in enumerate(found) if step)
        if lanes + len(counts) <= max(ROOM, lanes) or not counts:
            return found, late
        last = {lane: max(step for own, step in counts if own == lane) for lane, _ in counts}
        least = min(last, key=lambda lane: (counts[lane, last[lane]], lane))
        room[least] = last[least] - 1


def _stepped(order: Order, room: Sequence[int]) -> tuple[list[int], dict[int, int]]:
    found = [0] * len(order.lanes)
    late: dict[int, int] = {}
    # For each box and lane, in which column the way to it has last been there.
    last: list[dict[int, int]] = [{} for _ in order.lanes]
    for one in order.sequence:
        lane, here = order.lanes[one], last[one]
        steps = []
        for other in order.before[one]:
            own = order.lanes[other] == lane
            aside = order.aside[other, one] if own else 0
            wish = last[other].get(lane, 0) + aside
            steps.append(min(wish, room[lane]))
            if aside and wish > room[lane]:
                late[one] = next(o for o in order.after[other] if order.aside.get((other, o)) == 0)
            for known, step in last[other].items():
                here[known] = min(step, here.get(known, step))
        found[one] = here[lane] = min(steps, default=0)
    for lane in range(len(room)):
        mine = [n for n, own in enumerate(order.lanes) if own == lane]
        close = {step: n for n, step in enumerate(sorted({found[n] for n in mine} | {0}))}
        for n in mine:
            found[n] = close[found[n]]
    return found, late


@dataclass
class _Walk:
    """Boxes being placed, one after another."""

    order: Order
    bars: Collection[int]
    crowded: Collection[int]
    columns: dict[int, int] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    taken: set[tuple[int, int]] = field(default_factory=set)
    """Places closed by a box, or by a hand-off that passes."""

    sides: set[tuple[int, bool]] = field(default_factory=set)
    """Sides of boxes where a hand-off leaves or arrives; whether it is the right one."""

    def place(self, one: int, columns: Iterable[int]) -> None:
        """Place a box in the first row it can have."""
        row, column, crossed = min(
            (self._soonest(one, column) for column in columns), key=lambda spot: spot[:2]
        )
        self.columns[one], self.rows[one] = column, row
        self.taken |= {(column, row), *((passed, row) for passed in crossed)}
        for other in self.order.before[one]:
            if self.rows[other] == row:
                right = column > self.columns[other]
                self.sides |= {(other, right), (one, not right)}

    def _soonest(self, one: int, column: int) -> tuple[int, int, set[int]]:
        before = self.order.before[one]
        row = max((self.rows[o] + (self.columns[o] == column) for o in before), default=0)
        while True:
            level = [other for other in before if self.rows[other] == row]
            crossed = self._level(one, level, column, row)
            if crossed is not None:
                return row, column, crossed
            row += 1

    def _level(self, one: int, level: Sequence[int], column: int, row: int) -> set[int] | None:
        """Give the columns a box would close if it stood there; None where it cannot."""
        if (column, row) in self.taken:
            return None
        crossed: set[int] = set()
        arriving: set[bool] = set()
        for other in level:
            right = column > self.columns[other]
            low, high = sorted((column, self.columns[other]))
            between = range(low + 1, high)
            if (
                other in self.bars
                or one in self.bars
                or one in self.crowded
                or right in arriving
                or (other, right) in self.sides
                or any((passed, row) in self.taken for passed in between)
            ):
                return None
            arriving.add(right)
            crossed.update(between)
        return crossed
