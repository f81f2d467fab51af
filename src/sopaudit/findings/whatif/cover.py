"""The smallest sets of things that meet every need: an exact search, by branch and bound.

It knows nothing of scores. Things bring gains; a need is a sum that must be reached; several ways
may lead to the goal, each with needs of its own. Needs only save time: what they let through is
tried, and only what was tried and held is given back.

Of a set of given size the best possible gain is known before it is built: every need takes at least
so many things out of those that serve it, and the best of the rest fill up. So the sets come in
order of their gain, and the first that holds is the best of its size. Once
those of its size are done, the rest falls into parts that each lack one of its things, and the best
of all parts is the next (Lawler).
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush
from itertools import accumulate, combinations, count
from typing import Final

Set = frozenset[int]
"""Indexes of things."""

Try = Callable[[Sequence[Set]], Sequence[bool]]
"""Says of many sets at once which of them reach the goal."""

NODES: Final = 300_000
"""Steps after which a search gives up."""

EVERY: Final = 14
"""So many things, and every set of them can simply be tried."""

_BATCH: Final = 64
"""Sets tried at a time."""


@dataclass(frozen=True)
class Need:
    """A sum the things in a set must reach together."""

    brings: tuple[int, ...]
    """What each thing brings to it, never below zero."""

    least: int

    def sorted(self, order: Sequence[int]) -> "Need":
        """Give the same need of things in another order."""
        return Need(tuple(self.brings[n] for n in order), self.least)


@dataclass(frozen=True)
class Search:
    """Things of which some must be chosen, the best first."""

    gains: tuple[int, ...]
    """What each thing brings, in falling order; sets of one size come by their sum."""

    ways: tuple[tuple[Need, ...], ...]
    """Whatever reaches the goal meets all needs of one of these."""

    monotone: bool
    """Whether a set that reaches the goal still does with more things in it."""

    holds: Try = field(compare=False)
    nodes: int = NODES


@dataclass(frozen=True)
class Found:
    """The smallest sets, smallest and then best first; none holds all of another."""

    sets: tuple[tuple[int, ...], ...]
    proven: bool
    """Whether no smaller or better one can be missing."""


_Key = tuple[int, int, tuple[int, ...]]
"""What sets are ordered by: size, gain (negative) and things."""


class _GaveUp(Exception):  # noqa: N818 -- it ends a search, and is no error
    """The search took too many steps."""


def smallest(search: Search, number: int) -> Found:
    """Find the `number` smallest sets that reach the goal.

    Of equal size the one of greatest gain comes first, then the one with the earlier things. Where
    the search takes too many steps, what was found so far is given, or else one set from which
    nothing can be left out, and neither is proven.
    """
    return _Hunt(search).found(number)


class _Hunt:
    """One search on its way."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.everything = frozenset(range(len(search.gains)))
        self.known: dict[Set, bool] = {}
        self.left = search.nodes

    def found(self, number: int) -> Found:
        taken: list[tuple[int, ...]] = []
        try:
            if not self.search.monotone and len(self.everything) <= EVERY:
                sets = self._by_trying_all()
            else:
                sets = self._in_parts(taken)
            for one in sets:
                if not any(set(other) <= set(one) for other in taken):
                    taken.append(one)
                if len(taken) == number:
                    break
        except _GaveUp:
            if not taken and self.tried([self.everything])[0]:
                taken.append(self._thinned())
            return Found(tuple(taken), proven=False)
        return Found(tuple(taken), proven=True)

    def _by_trying_all(self) -> Iterator[tuple[int, ...]]:
        every = [
            one
            for size in range(len(self.everything) + 1)
            for one in combinations(range(len(self.everything)), size)
        ]
        held = zip(every, self.tried([frozenset(one) for one in every]), strict=True)
        yield from sorted((one for one, holds in held if holds), key=self.key)

    def key(self, one: tuple[int, ...]) -> "_Key":
        """Give what sets are ordered by."""
        return len(one), -sum(self.search.gains[n] for n in one), one

    def _in_parts(self, taken: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
        """Give sets in order; those that hold all of one that was `taken` are only passed on."""
        heap: list[tuple[_Key, int, _Part]] = []
        number = count()

        def look(part: _Part) -> None:
            best = part.next()
            if best is not None:
                heappush(heap, (self.key(best), next(number), part))

        look(_Part(self, frozenset(), frozenset()))
        while heap:
            (size, _, best), _, part = heappop(heap)
            yield best
            held = [one for one in taken if set(one) <= set(best)]
            following = part.next() if all(len(one) == size for one in held) else None
            if following is not None and len(following) == size:
                # Sets of one size do not hold one another, so the part may go on.
                heappush(heap, (self.key(following), next(number), part))
                continue
            # All that is left of the part must lack one thing of what was found.
            before = part.inside
            for thing in sorted(set(held[0]) - before):
                look(_Part(self, before, part.outside | {thing}))
                before |= {thing}

    def step(self) -> None:
        """Count a step; gives up after too many."""
        self.left -= 1
        if self.left < 0:
            raise _GaveUp

    def tried(self, sets: Sequence[Set]) -> list[bool]:
        """Try sets, each once."""
        new = [one for one in dict.fromkeys(sets) if one not in self.known]
        if new:
            self.known.update(zip(new, self.search.holds(new), strict=True))
        return [self.known[one] for one in sets]

    def _thinned(self) -> tuple[int, ...]:
        """Take everything, then leave out what is not needed, what brings least first."""
        kept = self.everything
        for thing in sorted(self.everything, reverse=True):
            if self.tried([kept - {thing}])[0]:
                kept -= {thing}
        return tuple(sorted(kept))


class _Part:
    """The sets that hold some things and lack some others."""

    def __init__(self, hunt: _Hunt, inside: Set, outside: Set) -> None:
        self.hunt = hunt
        self.search = hunt.search
        self.inside = inside
        self.outside = outside
        self.free = sorted(hunt.everything - inside - outside)
        self.gains = [self.search.gains[n] for n in self.free]

    @cached_property
    def ways(self) -> list["_Way"]:
        """The ways that are still open with all that is free."""
        size = len(self.free)
        ways = (_Way(self, needs) for needs in self.search.ways)
        return [way for way in ways if way.bound(0, (0,) * len(way.needs), size) is not None]

    def next(self) -> tuple[int, ...] | None:
        """Give the next set in order; None after the last."""
        return next(self._sets, None)

    @cached_property
    def _sets(self) -> Iterator[tuple[int, ...]]:
        return self._in_order()

    def _in_order(self) -> Iterator[tuple[int, ...]]:
        widest = self.inside | set(self.free)
        if self.search.monotone and not self.hunt.tried([widest])[0]:
            return
        for more in range(len(self.free) + 1):
            yield from self._of_size(more)

    def _of_size(self, more: int) -> Iterator[tuple[int, ...]]:
        """Give the sets with so many free things in them, the best first."""
        heap: list[tuple[int, tuple[int, ...], int, tuple[tuple[int, ...], ...]]] = []

        def push(chosen: tuple[int, ...], start: int, sums: tuple[tuple[int, ...], ...]) -> None:
            self.hunt.step()
            left = more - len(chosen)
            bounds = (way.bound(start, met, left) for way, met in zip(self.ways, sums, strict=True))
            known = [bound for bound in bounds if bound is not None]
            if known:
                gain = sum(self.gains[n] for n in chosen) + max(known)
                first = (*chosen, *range(start, start + left))
                heappush(heap, (-gain, first, start, sums))

        push((), 0, tuple((0,) * len(way.needs) for way in self.ways))
        waiting: list[tuple[int, ...]] = []
        room = 1
        while heap:
            _, first, start, sums = heappop(heap)
            left = len(first) - sum(n < start for n in first)
            if left == 0:
                waiting.append(first)
                if len(waiting) == room:
                    # Few fail once needs are met, so that the first is tried alone.
                    held = list(self._held(waiting))
                    yield from held
                    waiting, room = [], 1 if held else min(2 * room, _BATCH)
                continue
            chosen = first[: len(first) - left]
            with_it = tuple(way.more(met, start) for way, met in zip(self.ways, sums, strict=True))
            push((*chosen, start), start + 1, with_it)
            if len(self.free) - start - 1 >= left:
                push(chosen, start + 1, sums)
        yield from self._held(waiting)

    def _held(self, waiting: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
        """Try sets that wait, and give those that reach the goal."""
        sets = [self.inside | {self.free[n] for n in one} for one in waiting]
        for one, holds in zip(sets, self.hunt.tried(sets), strict=True):
            if holds:
                yield tuple(sorted(one))


class _Way:
    """One way to the goal, as seen from a part: what its needs still ask for."""

    def __init__(self, part: _Part, needs: tuple[Need, ...]) -> None:
        self.part = part
        left = (need.least - sum(need.brings[n] for n in part.inside) for need in needs)
        kept = [(need, least) for need, least in zip(needs, left, strict=True) if least > 0]
        self.needs = [need for need, _ in kept]
        self.least = [least for _, least in kept]
        self.brings = [[need.brings[n] for n in part.free] for need in self.needs]
        self.tops = [_tops(brings) for brings in self.brings]
        self.apart = self._apart()
        self.priced = [n for n, brings in enumerate(self.brings) if _alike(brings, part.gains)]
        """Needs that ask for gain itself, if in another unit."""

        wide = [n for n in range(len(self.brings)) if n not in {*self.apart, *self.priced}]
        self.wide = max(wide, key=lambda n: sum(map(bool, self.brings[n])), default=None)
        """The need of most things that is looked at together with those apart."""

        brings = [] if self.wide is None else self.brings[self.wide]
        self.order = sorted(range(len(brings)), key=lambda n: -brings[n])
        self.sums = [sum(brings) for brings in self.brings]
        self.worth = sum(part.gains)

    def _apart(self) -> list[int]:
        """Pick needs no thing serves two of, those first that take most things."""
        counts = [self._count(n, 0, least) for n, least in enumerate(self.least)]
        picked: list[int] = []
        serving = [{m for m, much in enumerate(brings) if much} for brings in self.brings]
        for n in sorted(range(len(counts)), key=lambda n: -counts[n]):
            if not any(serving[n] & serving[other] for other in picked):
                picked.append(n)
        return picked

    def _count(self, need: int, start: int, least: int) -> int:
        """Count how many of the things from `start` on a need takes at least."""
        return bisect_left(self.tops[need][start], least)

    def more(self, met: tuple[int, ...], thing: int) -> tuple[int, ...]:
        """Add what a thing brings to what was met of each need."""
        pairs = zip(met, self.brings, strict=True)
        return tuple(much + brings[thing] for much, brings in pairs)

    def bound(self, start: int, met: tuple[int, ...], size: int) -> int | None:
        """Give the most that `size` things from `start` on can gain; None where needs stay unmet.

        Each need alone takes its least number of things; where needs share no things, these add up.
        """
        counts = {}
        for need, (least, much) in enumerate(zip(self.least, met, strict=True)):
            counts[need] = self._count(need, start, least - much)
            if counts[need] > size:
                return None
        wanted = [need for need in self.apart if counts[need]]
        spare = size - sum(counts[need] for need in wanted)
        if spare < 0:
            return None
        due = {need: counts[need] for need in wanted}
        if due and self.wide is not None:
            rest = [thing for thing in self.order if thing >= start]
            most = self._most(self.brings[self.wide], rest, spare, dict(due))
            if most < self.least[self.wide] - met[self.wide]:
                return None
        gains = self.part.gains
        things = range(start, len(gains))
        gain = self._most(gains, things, spare, due) if due else sum(gains[start : start + size])
        short = any(
            (self.least[need] - met[need]) * self.worth > gain * self.sums[need]
            for need in self.priced
        )
        return None if short else gain

    def _most(
        self, values: Sequence[int], things: Iterable[int], spare: int, due: dict[int, int]
    ) -> int:
        """Add up the first of `things` that are `due` to needs, and the first `spare` others.

        Where `things` come in falling order of their values, no others of that number have more.
        """
        total = 0
        for thing in things:
            serves = next((n for n in due if due[n] and self.brings[n][thing]), None)
            if serves is not None:
                due[serves] -= 1
                total += values[thing]
            elif spare:
                spare -= 1
                total += values[thing]
        return total


def _alike(brings: Sequence[int], gains: Sequence[int]) -> bool:
    """Say whether what things bring is their gain in another unit."""
    one, other = sum(brings), sum(gains)
    return all(b * other == gain * one for b, gain in zip(brings, gains, strict=True))


def _tops(brings: Sequence[int]) -> list[list[int]]:
    """By start: the most that 0, 1, 2 … of the things from there on bring together."""
    tops: list[list[int]] = [[0]]
    largest: list[int] = []
    for much in reversed(brings):
        insort(largest, -much)
        tops.append([0, *accumulate(-value for value in largest)])
    return tops[::-1]
