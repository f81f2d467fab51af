"""Optimal alignments of all sequences of events at once: what fits, what is missing, what is extra.

Of each end of a sequence the least cost of finishing it from each state is worked out, from the
shorter ends to the longer ones; then all sequences are walked forwards together, and at each point
the first of these is taken that keeps the cost least: an event that fits, an event that is passed
over, a step that is skipped, an event that is extra. So the rule of ties can be told in a sentence,
and knows nothing of other tickets.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.findings.conformance.automaton import FAR, Automaton, Costs
from sopaudit.findings.conformance.variants import Ints, Tree, cut, part

FITS: Final = 0
PASSED: Final = 1
SKIPPED: Final = 2
EXTRA: Final = 3
"""What one move of an alignment is; the last two cost 1."""

_CELLS: Final = 1 << 25
"""So many costs are held at once: 64 MB of them."""

_DENSE: Final = 8
"""Distances between all states are used where that is not so many times the work of sweeping."""


@dataclass(frozen=True, eq=False)
class Moves:
    """The moves of many alignments, those of one sequence together and in order."""

    sequence: Ints
    """Index into the sequences that were asked for."""

    kind: npt.NDArray[np.int8]
    edge: Ints
    """What fits or is skipped: an edge of the automaton; else -1."""

    position: Ints
    """The event, counted from 0; of a skipped step the event before which it should stand."""


@dataclass(frozen=True, eq=False)
class Aligned:
    """Optimal alignments of sequences."""

    cost: Ints
    moves: Moves
    last: Ints
    """The state each alignment stops in."""


def align(of: Tree, nodes: Ints, model: Automaton, *, whole: bool) -> Aligned:
    """Align sequences with the automaton; with `whole` each must come to an end."""
    cost = np.zeros(len(nodes), np.int32)
    last = np.zeros(len(nodes), np.int32)
    made: list[Moves] = []
    for places, own, inside in _parts(of, nodes, model):
        costs = _costs(own, model, whole=whole)
        cost[places] = costs[model.initial, inside]
        moves, last[places] = _walked(own, inside, model, costs)
        made.append(Moves(places[moves.sequence], moves.kind, moves.edge, moves.position))
    joined = _joined(made)
    return Aligned(cost, joined, last)


def _parts(of: Tree, nodes: Ints, model: Automaton) -> list[tuple[Ints, Tree, Ints]]:
    """Cut sequences into parts whose costs are held at once: their places, the tree, the nodes."""
    if not len(nodes):
        return []
    wanted = np.zeros(len(of), np.bool_)
    wanted[nodes] = True
    place = np.full(len(of), -1, np.int32)
    place[nodes] = np.arange(len(nodes), dtype=np.int32)
    pieces = cut(of, wanted, _CELLS // model.states)
    return [(place[piece], *part(of, piece)) for piece in pieces]


# --- least costs ----------------------------------------------------------------------------------


def _costs(of: Tree, model: Automaton, *, whole: bool) -> Costs:
    """Per state and node: the least cost of what is left of a sequence from there."""
    deepest = len(of.levels) - 2
    wide = deepest + model.states + FAR > np.iinfo(np.int16).max
    costs = np.zeros((model.states, len(of)), np.int32 if wide else np.int16)
    if whole:
        costs[:, 0] = model.to_end
    moving = _Moving(model)
    for low, high in zip(of.levels[1:-1].tolist(), of.levels[2:].tolist(), strict=True):
        order = np.argsort(of.event[low:high], kind="stable")
        event = of.event[low:high][order]
        before = costs.take(
            of.parent[low:high][order], axis=1
        )  # an index would lay it out by columns
        borders = [0, *(np.flatnonzero(np.diff(event)) + 1).tolist(), high - low]
        groups = [(int(event[a]), a, b) for a, b in pairwise(borders) if a < b]
        costs[:, low + order] = moving.back(before, groups)
    return costs


class _Moving:
    """The step from the costs after an event to those before it."""

    def __init__(self, model: Automaton) -> None:
        self.model = model
        width = len(model.events)
        order = np.argsort(model.label, kind="stable")
        borders = np.searchsorted(model.label[order], np.arange(width + 1))
        self.edges = [order[a:b] for a, b in pairwise(borders.tolist())]
        targets = [len(np.unique(model.target[edges])) for edges in self.edges]
        work = sum(targets) / max(width, 1) * model.states
        self.dense = work <= _DENSE * max(len(model.pairs[0]), 1)
        self.passes = {codes(model)[e]: where for e, where in model.passes.items()}
        self._reach: dict[int, list[tuple[int, Costs]]] = {}
        self._slots: dict[int, list[tuple[Ints, Ints]]] = {}

    def back(self, after: Costs, groups: list[tuple[int, int, int]]) -> Costs:
        """Give the costs before; a group is an event and the columns that begin with it."""
        made: Costs = after + after.dtype.type(1)
        swept: list[tuple[int, int]] = []
        for event, low, high in groups:
            here, there = made[:, low:high], after[:, low:high]
            passes = self.passes.get(event)
            if passes is not None:
                made[passes, low:high] = there[passes]
            if event < len(self.edges) and self.dense and passes is None:
                for target, far in self.reach(event, after.dtype):
                    np.minimum(here, there[target] + far, out=here)
            elif passes is not None or event < len(self.edges):
                for sources, targets in self.slots(event):
                    here[sources] = np.minimum(here[sources], there[targets])
                swept.append((low, high))
        for low, high in _adjoining(swept):
            self.model.close(made[:, low:high])
        return made

    def reach(self, event: int, dtype: np.dtype[np.signedinteger]) -> list[tuple[int, Costs]]:
        """Per state an event leads to: from each state, how many steps before it are skipped."""
        if event not in self._reach:
            edges = self.edges[event]
            source, target = self.model.source[edges], self.model.target[edges]
            self._reach[event] = [
                (int(t), self.model.distance[:, source[target == t]].min(axis=1)[:, None])
                for t in np.unique(target)
            ]
        return [(target, far.astype(dtype, copy=False)) for target, far in self._reach[event]]

    def slots(self, event: int) -> list[tuple[Ints, Ints]]:
        """Give the edges of an event, so that no state occurs twice in one piece."""
        if event not in self._slots:
            edges = self.edges[event] if event < len(self.edges) else np.empty(0, np.intp)
            source = self.model.source[edges]
            nth = np.arange(len(edges)) - np.searchsorted(source, source)
            self._slots[event] = [
                (source[nth == k], self.model.target[edges][nth == k])
                for k in range(int(nth.max(initial=-1)) + 1)
            ]
        return self._slots[event]


def codes(model: Automaton) -> dict[str, int]:
    """Give the events that lead on their numbers, then those that are only passed over.

    Events nobody knows have the numbers from there on.
    """
    rest = [event for event in model.passes if event not in model.code]
    return {event: n for n, event in enumerate((*model.events, *rest))}


def _adjoining(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that follow each other without a gap."""
    joined: list[tuple[int, int]] = []
    for low, high in spans:
        if joined and joined[-1][1] == low:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return joined


# --- the way ----------------------------------------------------------------------------------


def _walked(of: Tree, nodes: Ints, model: Automaton, costs: Costs) -> tuple[Moves, Ints]:
    """Walk all sequences forwards together along least costs."""
    state = np.full(len(nodes), model.initial, np.int32)
    node, position = nodes.copy(), np.zeros(len(nodes), np.int32)
    going = np.arange(len(nodes), dtype=np.int32)
    choosing = _Choosing(of, model, costs)
    made: list[tuple[Ints, npt.NDArray[np.int8], Ints, Ints]] = []
    while True:
        going = going[(node[going] > 0) | (costs[state[going], node[going]] > 0)]
        if not len(going):
            break
        kind, edge = choosing.next(state[going], node[going])
        made.append((going, kind, edge, position[going]))
        moved = edge >= 0
        state[going[moved]] = model.target[edge[moved]]
        read = going[kind != SKIPPED]
        node[read] = of.parent[node[read]]
        position[read] += 1
    empty = (np.empty(0, np.int32), np.empty(0, np.int8), *(np.empty(0, np.int32),) * 2)
    columns = [np.concatenate(column) for column in zip(empty, *made, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return Moves(*(column[order] for column in columns)), state


class _Choosing:
    """The next move of sequences, by the rule of ties."""

    def __init__(self, of: Tree, model: Automaton, costs: Costs) -> None:
        self.of = of
        self.model = model
        self.costs = costs
        self.width = len(model.events)
        self.passes = np.zeros((model.states, len(codes(model)) + 1), np.bool_)
        for event, where in model.passes.items():
            self.passes[:, codes(model)[event]] = where

    def next(self, state: Ints, node: Ints) -> tuple[npt.NDArray[np.int8], Ints]:
        """Choose a move for each; the edge is -1 where no state is left."""
        cost = self.costs[state, node]
        event, after = self.of.event[node], self.of.parent[node]
        kind = np.full(len(state), EXTRA, np.int8)
        edge = np.full(len(state), -1, np.int32)
        fits = np.flatnonzero((event >= 0) & (event < self.width))
        order, first = self.model.by_event
        key = state[fits].astype(np.int64) * self.width + event[fits]
        self._try(fits, (first[key], first[key + 1], order), (after, cost), edge)
        kind[edge >= 0] = FITS
        rest = np.flatnonzero((edge < 0) & (event >= 0))
        named = np.minimum(event[rest], self.passes.shape[1] - 1)
        over = rest[self.passes[state[rest], named]]
        kind[over[self.costs[state[over], after[over]] == cost[over]]] = PASSED
        rest = np.flatnonzero((edge < 0) & (kind == EXTRA))
        out = self.model.out
        span = (out[state[rest]], out[state[rest] + 1], None)
        self._try(rest, span, (node, cost - 1), edge)
        kind[rest[edge[rest] >= 0]] = SKIPPED
        return kind, edge

    def _try(
        self,
        rows: npt.NDArray[np.intp],
        span: tuple[Ints, Ints, npt.NDArray[np.intp] | None],
        goal: tuple[Ints, npt.NDArray[np.signedinteger]],
        edge: Ints,
    ) -> None:
        """Take the first edge of a span after which, at a node, so much is left."""
        low, high, order = span
        after, wanted = goal
        while len(rows):
            there = low < high
            rows, low, high = rows[there], low[there], high[there]
            if not len(rows):
                return
            tried = low if order is None else order[low].astype(np.int32)
            good = self.costs[self.model.target[tried], after[rows]] == wanted[rows]
            edge[rows[good]] = tried[good]
            rows, low, high = rows[~good], low[~good] + 1, high[~good]


def _joined(parts: list[Moves]) -> Moves:
    """Put the moves of parts together, in the order of their sequences."""
    columns = [
        np.concatenate([np.empty(0, kind), *(getattr(piece, name) for piece in parts)])
        for name, kind in (
            ("sequence", np.int32),
            ("kind", np.int8),
            ("edge", np.int32),
            ("position", np.int32),
        )
    ]
    order = np.argsort(columns[0], kind="stable")
    return Moves(*(column[order] for column in columns))
