"""Tickets grouped by what happened to them, exactly: events in order, from the last to the first.

All tickets are read at once from their last event backwards. Those that have ended alike so far
share a node; what a node is followed by are few numbers, so nothing is hashed or compared. The tree
that comes of it is what the alignment is worked out on.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

_TABLE: Final = 1 << 22
"""Up to so many pairs of node and event are marked in a table; more are sorted."""


@dataclass(frozen=True, eq=False)
class Tree:
    """The ends of all sequences of events; node 0 is the empty one."""

    parent: Ints
    """Per node: the node without its first event; -1 for node 0."""

    event: Ints
    """Per node: its first event; -1 for node 0."""

    levels: Longs
    """First node of each length, from 0, and one more entry: the number of nodes."""

    def __len__(self) -> int:
        return len(self.parent)

    @property
    def length(self) -> Ints:
        """Per node: how many events it has."""
        return np.repeat(np.arange(len(self.levels) - 1, dtype=np.int32), np.diff(self.levels))

    def sequence(self, node: int) -> list[int]:
        """Give the events of a node, first one first."""
        found = []
        while node > 0:
            found.append(int(self.event[node]))
            node = int(self.parent[node])
        return found


def tree(events: Ints, ends: Longs, lengths: Longs, width: int) -> tuple[Tree, Ints]:
    """Build the tree of tickets, and say of each ticket which node it is.

    `events` are numbers below `width`; a ticket has the `lengths` of them before its `ends`.
    """
    order = np.argsort(-lengths, kind="stable")
    longest = int(lengths.max(initial=0))
    left = np.searchsorted(-lengths[order], -np.arange(longest + 1), side="right")
    ends = ends[order]
    node = np.zeros(len(order), np.int32)
    parents, firsts = [np.array([-1], np.int32)], [np.array([-1], np.int32)]
    levels = [0, 1]
    for length in range(1, longest + 1):
        count = int(left[length])
        low = levels[-2]
        key = (node[:count] - low).astype(np.int64) * width + events[ends[:count] - length]
        distinct, place = _distinct(key, (levels[-1] - low) * width)
        parent, first = np.divmod(distinct, width)
        parents.append((parent + low).astype(np.int32))
        firsts.append(first.astype(np.int32))
        node[:count] = place + levels[-1]
        levels.append(levels[-1] + len(distinct))
    of_ticket = np.empty_like(node)
    of_ticket[order] = node
    made = Tree(np.concatenate(parents), np.concatenate(firsts), np.array(levels, np.int64))
    return made, of_ticket


def _distinct(key: Longs, size: int) -> tuple[Longs, Ints]:
    """Give the distinct keys in rising order, and per key its place among them."""
    if size > max(_TABLE, 2 * len(key)):
        distinct, place = np.unique(key, return_inverse=True)
        return distinct, place.astype(np.int32)
    there = np.zeros(size, np.bool_)
    there[key] = True
    distinct = np.flatnonzero(there)
    number = np.empty(size, np.int32)
    number[distinct] = np.arange(len(distinct), dtype=np.int32)
    return distinct, number[key]


def preorder(of: Tree) -> Ints:
    """Put the nodes in an order in which each is followed by all that end as it does."""
    size = np.ones(len(of), np.int64)
    spans = list(zip(of.levels[:-1].tolist(), of.levels[1:].tolist(), strict=True))[1:]
    for low, high in reversed(spans):
        lowest = int(of.parent[low])
        within = np.bincount(of.parent[low:high] - lowest, weights=size[low:high])
        size[lowest : lowest + len(within)] += within.astype(np.int64)
    at = np.zeros(len(of), np.int64)
    for low, high in spans:
        parent = of.parent[low:high]
        before = np.cumsum(size[low:high]) - size[low:high]
        first = np.searchsorted(parent, parent)
        at[low:high] = at[parent] + 1 + before - before[first]
    return at.astype(np.int32)


def cut(of: Tree, wanted: npt.NDArray[np.bool_], nodes: int) -> list[Ints]:
    """Cut the `wanted` nodes into parts that need at most about so many nodes each.

    A part is nodes that end alike, in the order of `preorder`, so that parts share little.
    """
    needed = _needed(of, wanted)
    if np.count_nonzero(needed) <= nodes:
        return [np.flatnonzero(wanted).astype(np.int32)]
    at = preorder(of)
    inside = np.argsort(at)
    used = np.cumsum(needed[inside])
    chosen = inside[wanted[inside]]
    part = used[at[chosen]] // max(nodes, 1)
    borders = np.flatnonzero(np.diff(part)) + 1
    return [np.sort(piece).astype(np.int32) for piece in np.split(chosen, borders)]


def _needed(of: Tree, wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark the nodes on the way from node 0 to the wanted ones."""
    needed = wanted.copy()
    needed[0] = True
    spans = list(zip(of.levels[:-1].tolist(), of.levels[1:].tolist(), strict=True))[1:]
    for low, high in reversed(spans):
        needed[of.parent[low:high][needed[low:high]]] = True
    return needed


def part(of: Tree, wanted: Ints) -> tuple[Tree, Ints]:
    """Give the tree of some nodes, and which nodes of it they are."""
    chosen = np.zeros(len(of), np.bool_)
    chosen[wanted] = True
    kept = np.flatnonzero(_needed(of, chosen))
    number = np.full(len(of), -1, np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    levels = np.searchsorted(kept, of.levels)
    used = int(np.searchsorted(levels, len(kept))) + 1
    parent = of.parent[kept]
    parent[1:] = number[parent[1:]]
    return Tree(parent, of.event[kept], levels[:used].astype(np.int64)), number[wanted]
