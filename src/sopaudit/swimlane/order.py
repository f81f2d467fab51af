"""The order of a chart: which moves lead back, what comes after what, which way is the main one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import Final

Pair = tuple[int, int]
"""A move between two boxes, by their places in the file."""

_DETOUR: Final = 2
"""A way round of so many boxes stands aside; a longer one is the main way."""


@dataclass(frozen=True)
class Order:
    """Boxes by their places in the file, with the lane of each, and the moves between them."""

    lanes: tuple[int, ...]
    moves: tuple[Pair, ...]

    @cached_property
    def back(self) -> tuple[bool, ...]:
        """Say of each move whether it leads back: up the file, in a circle.

        Authors write boxes in the order of time, so in a circle the move up the file is the one
        that goes back. Every circle has one, so without them there is none.
        """
        ahead: dict[int, list[int]] = defaultdict(list)
        for source, target in self.moves:
            ahead[source].append(target)
        reached: dict[int, set[int]] = {}
        found = []
        for source, target in self.moves:
            if target <= source and target not in reached:
                reached[target] = _reached(target, ahead)
            found.append(target <= source and source in reached[target])
        return tuple(found)

    @cached_property
    def after(self) -> list[list[int]]:
        """For each box those that follow, loops left out, none twice."""
        return self._joined(backwards=False)

    @cached_property
    def before(self) -> list[list[int]]:
        """For each box those it follows."""
        return self._joined(backwards=True)

    def _joined(self, *, backwards: bool) -> list[list[int]]:
        found: list[dict[int, None]] = [{} for _ in self.lanes]
        for (source, target), back in zip(self.moves, self.back, strict=True):
            if not back:
                one, other = (target, source) if backwards else (source, target)
                found[one][other] = None
        return [list(one) for one in found]

    @cached_property
    def sequence(self) -> list[int]:
        """All boxes so that none comes before what it follows; else in the order of the file."""
        return self.sorted([float(n) for n in range(len(self.lanes))])

    def sorted(self, turns: Sequence[float]) -> list[int]:
        """Give all boxes so that none comes before what it follows; else the lowest turn first."""
        waiting = [len(before) for before in self.before]
        ready = [(turns[n], n) for n, count in enumerate(waiting) if not count]
        heapify(ready)
        done = []
        while ready:
            _, one = heappop(ready)
            done.append(one)
            for other in self.after[one]:
                waiting[other] -= 1
                if not waiting[other]:
                    heappush(ready, (turns[other], other))
        return done

    @cached_property
    def later(self) -> list[int]:
        """For each box the set of those that come later by any way, as the bits of a number."""
        found = [0] * len(self.lanes)
        for one in reversed(self.sequence):
            for other in self.after[one]:
                found[one] |= found[other] | 1 << other
        return found

    @cached_property
    def aside(self) -> dict[Pair, int]:
        """How far each move to a box of its own lane steps aside: 0 for the main way on."""
        found: dict[Pair, int] = {}
        for one, following in enumerate(self.after):
            own = [other for other in following if self.lanes[other] == self.lanes[one]]
            main = max(own, key=lambda other: self._weight(other, own), default=None)
            others = [other for other in own if other != main]
            found |= {(one, other): n for n, other in enumerate(others, 1)}
            if main is not None:
                found[one, main] = 0
        return found

    def _weight(self, one: int, rivals: Sequence[int]) -> tuple[int, int, int]:
        """Weigh a way on: others come round to it by a short way, it leads far, it is first."""
        short = sum(
            (self.later[other] >> one & 1) and self._round(other, one) <= _DETOUR
            for other in rivals
            if other != one
        )
        return (short, self.later[one].bit_count(), -one)

    def _round(self, start: int, end: int) -> int:
        """Count the boxes of the lane on the ways from `start` to `end`."""
        between = (self.later[start] | 1 << start) & ~self.later[end] & ~(1 << end)
        lane = self.lanes[start]
        return sum(between >> n & 1 and own == lane for n, own in enumerate(self.lanes))


def _reached(start: int, ahead: dict[int, list[int]]) -> set[int]:
    found, open_ = {start}, [start]
    while open_:
        for other in ahead[open_.pop()]:
            if other not in found:
                found.add(other)
                open_.append(other)
    return found
