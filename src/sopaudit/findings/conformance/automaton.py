"""A net of workflows as an automaton: where a ticket can be, and which events lead on from there.

A state is the places a ticket stands in right after something the records show; what they do not
show is walked on the way to the next event. Of two ways to one event the one that keeps more open
is kept. Every state comes to an end, and all arrays are in the numbering that sweeps go by.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.flow import TOO_MANY
from sopaudit.criteria.workflow import Workflow
from sopaudit.findings.conformance.net import FINAL, GONE, INITIAL, Net, Step, net

Ints = npt.NDArray[np.int32]
Costs = npt.NDArray[np.signedinteger]
"""Whole numbers wide enough for the longest ticket; states by rows."""

FAR: Final = 1 << 13
"""A distance no ticket goes: where one state is not reached from another."""

Marking = tuple[int, ...]
Path = tuple[int, ...]
"""Silent steps, by their places in the net, in the order they are walked."""


class TooManyStatesError(Exception):
    """The workflows have more states than tickets can be held against."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(f"{name}: more than {limit} states")
        self.name = name
        self.limit = limit


class NoWayError(Exception):
    """A workflow that cannot be walked from a start to an end."""


@dataclass(frozen=True, eq=False)
class Automaton:
    """What tickets are held against."""

    name: str
    """The workflow that is walked alone; empty for whole journeys."""

    steps: tuple[Step, ...]
    events: tuple[str, ...]
    """Those that lead from state to state, in the order of their text."""

    states: int
    initial: int
    source: Ints
    target: Ints
    """Per edge, in the order of states, and for each in the order of the handbook."""

    step: Ints
    """Per edge: what happens, as an index into `steps`."""

    path: tuple[Path, ...]
    """Per edge: the silent steps before."""

    ends: Mapping[int, Path]
    """The states from which nothing more need happen, and the silent steps to the end."""

    layers: tuple[tuple[int, int], ...]
    """First state and the one after the last, of each layer: edges that lead to a lower number lead
    to an earlier layer, so that one sweep over the layers is enough where nothing leads back."""

    passes: Mapping[str, npt.NDArray[np.bool_]]
    """Events that are passed over, and per state whether they are."""

    ignored: frozenset[str]
    """Those that are passed over everywhere."""

    known: frozenset[str]
    """All events some workflow knows; others are unknown steps."""

    scope: frozenset[str]
    """A ticket goes this way if it shows one of these."""

    @cached_property
    def code(self) -> Mapping[str, int]:
        """Index of each event into `events`."""
        return {event: n for n, event in enumerate(self.events)}

    @cached_property
    def label(self) -> Ints:
        """Per edge: index of its event."""
        return np.array(
            [self.code[self.steps[s].event or ""] for s in self.step.tolist()], np.int32
        )

    @cached_property
    def out(self) -> Ints:
        """First edge of each state; one more entry than there are states."""
        return np.searchsorted(self.source, np.arange(self.states + 1)).astype(np.int32)

    @cached_property
    def by_event(self) -> tuple[npt.NDArray[np.intp], Ints]:
        """Edges by state and event, and the first of each pair."""
        width = len(self.events)
        key = self.source.astype(np.int64) * width + self.label
        order = np.argsort(key, kind="stable")
        first = np.searchsorted(key[order], np.arange(self.states * width + 1))
        return order, first.astype(np.int32)

    @cached_property
    def pairs(self) -> tuple[Ints, Ints]:
        """Edges without regard to their events: distinct source and target, in that order."""
        key = np.unique(self.source.astype(np.int64) * self.states + self.target)
        source, target = np.divmod(key, self.states)
        other = source != target
        return source[other].astype(np.int32), target[other].astype(np.int32)

    @cached_property
    def _sweep(self) -> list[tuple[int, list[tuple[int, Ints]]]]:
        """Per layer: its first state; then by how-manieth way out, the states after and how many.

        States of a layer stand in falling order of their ways out, so those that have a k-th one
        are its first.
        """
        source, target = self.pairs
        first = np.searchsorted(source, np.arange(self.states + 1))
        ways = np.diff(first)
        made = []
        for low, high in self.layers:
            slots = []
            for k in range(int(ways[low:high].max(initial=0))):
                count = int(np.count_nonzero(ways[low:high] > k))
                slots.append((count, target[first[low : low + count] + k]))
            if slots:
                made.append((low, slots))
        return made

    @cached_property
    def _back(self) -> tuple[Ints, Ints]:
        source, target = self.pairs
        layer = np.zeros(self.states, np.int32)
        for n, (low, high) in enumerate(self.layers):
            layer[low:high] = n
        back = layer[source] <= layer[target]
        return source[back], target[back]

    def close(self, costs: Costs) -> None:
        """Lower costs, in place, so that no state costs more than one after it and a step."""
        source, target = self._back
        while True:
            for low, slots in self._sweep:
                for count, after in slots:
                    part, step = costs[low : low + count], costs.take(after, axis=0)
                    step += 1
                    np.minimum(part, step, out=part)
            if not len(source) or not (costs[source] > costs[target] + 1).any():
                return

    @cached_property
    def distance(self) -> Costs:
        """Events between any two states, from the row to the column; FAR where no way leads."""
        found = np.full((self.states, self.states), FAR, np.int16)
        np.fill_diagonal(found, 0)
        self.close(found)
        return found

    @cached_property
    def to_end(self) -> Costs:
        """Per state: how many events are still due before the end."""
        found = np.full((self.states, 1), FAR, np.int32)
        found[list(self.ends)] = 0
        self.close(found)
        return found[:, 0]

    @cached_property
    def ending(self) -> frozenset[str]:
        """Events after which, wherever they fit, nothing more can happen."""
        ends = np.zeros(self.states, np.bool_)
        ends[list(self.ends)] = True
        ends &= np.diff(self.out) == 0
        every = np.ones(len(self.events), np.bool_)
        every[self.label[~ends[self.target]]] = False
        return frozenset(e for e, last in zip(self.events, every.tolist(), strict=True) if last)


def automaton(workflows: Mapping[str, Workflow], alone: str | None = None) -> Automaton:
    """Make the automaton of a ticket's whole journey, or of one workflow alone.

    Raises TooManyStatesError where there are more states than tickets can be held against, and
    NoWayError where no end is reached.
    """
    laid = net(workflows, alone)
    walk = _Walk(laid, alone or "")
    walk.explore()
    return _numbered(walk, workflows, alone)


@dataclass
class _Edge:
    target: Marking
    step: int
    path: Path


class _Walk:
    """The states of a net, found one after the other."""

    def __init__(self, laid: Net, name: str) -> None:
        self.net = laid
        self.name = name
        self.using: list[list[int]] = [[] for _ in laid.flows_of]
        for n, step in enumerate(laid.steps):
            self.using[step.takes[0]].append(n)
        self.reach: dict[Marking, dict[Marking, Path]] = {}
        self.edges: dict[Marking, list[_Edge]] = {}

    def explore(self) -> None:
        """Find all states and what leads on from each."""
        ahead: list[Marking] = [(INITIAL,)]
        self.edges[ahead[0]] = []
        while ahead:
            here = ahead.pop()
            self.edges[here] = self.onward(here)
            for edge in self.edges[here]:
                if edge.target not in self.edges:
                    self.edges[edge.target] = []
                    ahead.append(edge.target)
            if len(self.edges) > TOO_MANY:
                raise TooManyStatesError(self.name, TOO_MANY)
        for here in self.ends():
            # Where a flow that is walked alone cannot go on, its end needs no event of the next.
            if all(edge.target == (GONE,) for edge in self.edges[here]):
                self.edges[here] = []
        if (GONE,) not in {edge.target for edges in self.edges.values() for edge in edges}:
            self.edges.pop((GONE,), None)
        self._prune()

    def onward(self, here: Marking) -> list[_Edge]:
        """Give what may be seen next; where one way to it keeps more open, no other."""
        kept: dict[int, list[_Edge]] = {}
        for marking, path in self.silent(here).items():
            for n in self.enabled(marking):
                if self.net.steps[n].event is None:
                    continue
                target = self.fired(marking, n)
                same = kept.setdefault(n, [])
                if not any(target in self.silent(edge.target) for edge in same):
                    same.append(_Edge(target, n, path))
        return [edge for n in sorted(kept) for edge in kept[n]]

    def silent(self, marking: Marking) -> dict[Marking, Path]:
        """Give what is reached without an event, the shortest way to each; itself comes first."""
        if marking not in self.reach:
            found: dict[Marking, Path] = {marking: ()}
            ahead = [marking]
            for here in ahead:
                for n in self.enabled(here):
                    if self.net.steps[n].event is None:
                        target = self.fired(here, n)
                        if target not in found:
                            found[target] = (*found[here], n)
                            ahead.append(target)
                if len(found) > TOO_MANY:
                    raise TooManyStatesError(self.name, TOO_MANY)
            self.reach[marking] = found
        return self.reach[marking]

    def enabled(self, marking: Marking) -> Iterator[int]:
        """List the steps that may happen, in the order of the net."""
        there = set(marking)
        found = [n for place in marking for n in self.using[place]]
        yield from (n for n in sorted(found) if there.issuperset(self.net.steps[n].takes))

    def fired(self, marking: Marking, n: int) -> Marking:
        step = self.net.steps[n]
        left = [place for place in marking if place not in step.takes]
        return tuple(sorted({*left, *step.gives}))

    def ends(self) -> dict[Marking, Path]:
        """Give the states from which the end is reached without an event."""
        end = (FINAL,)
        return {here: self.silent(here)[end] for here in self.edges if end in self.silent(here)}

    def _prune(self) -> None:
        """Leave out states that come to no end."""
        before: dict[Marking, list[Marking]] = {here: [] for here in self.edges}
        for here, edges in self.edges.items():
            for edge in edges:
                before[edge.target].append(here)
        alive = dict.fromkeys(self.ends())
        ahead = list(alive)
        while ahead:
            for here in before[ahead.pop()]:
                if here not in alive:
                    alive[here] = None
                    ahead.append(here)
        if (INITIAL,) not in alive:
            raise NoWayError(self.name)
        self.edges = {
            here: [edge for edge in edges if edge.target in alive]
            for here, edges in self.edges.items()
            if here in alive
        }


def _numbered(walk: _Walk, workflows: Mapping[str, Workflow], alone: str | None) -> Automaton:
    """Put the states in the order of their layers, and write everything as arrays."""
    layer = _layers(walk.edges)
    ways = {here: len({e.target for e in edges} - {here}) for here, edges in walk.edges.items()}
    found = {here: n for n, here in enumerate(walk.edges)}
    order = sorted(walk.edges, key=lambda here: (layer[here], -ways[here], found[here]))
    number = {here: n for n, here in enumerate(order)}
    edges = [(number[here], edge) for here in order for edge in walk.edges[here]]
    starts = [n for n, here in enumerate(order) if n == 0 or layer[here] != layer[order[n - 1]]]
    steps = walk.net.steps
    passes = _passes(walk, order, workflows, alone)
    shown = {steps[edge.step].event or "" for _, edge in edges}
    always = {e for e, where in passes.items() if e not in shown and where.all()}
    known = {e for flow in workflows.values() for e in (*events_of(flow), *flow.ignored)}
    return Automaton(
        walk.name,
        steps,
        tuple(sorted(shown)),
        len(order),
        number[INITIAL,],
        np.array([source for source, _ in edges], np.int32),
        np.array([number[edge.target] for _, edge in edges], np.int32),
        np.array([edge.step for _, edge in edges], np.int32),
        tuple(edge.path for _, edge in edges),
        {number[here]: path for here, path in walk.ends().items()},
        tuple(zip(starts, [*starts[1:], len(order)], strict=True)),
        {e: passes[e] for e in sorted(passes) if e not in always},
        frozenset(always),
        frozenset(known),
        _scope(workflows, alone, shown),
    )


def _layers(edges: Mapping[Marking, Sequence[_Edge]]) -> dict[Marking, int]:
    """Put each state one layer above all it leads to; ways back to where one came from count not.

    Depth first, so that a way back is one to a state that is still being looked at.
    """
    layer: dict[Marking, int] = {}
    open_: dict[Marking, int] = {}
    stack: list[tuple[Marking, Iterator[_Edge]]] = [((INITIAL,), iter(edges[INITIAL,]))]
    open_[INITIAL,] = 0
    while stack:
        here, rest = stack[-1]
        edge = next(rest, None)
        if edge is None:
            stack.pop()
            layer[here] = open_.pop(here)
            if stack:
                above = stack[-1][0]
                open_[above] = max(open_[above], layer[here] + 1)
        elif edge.target in layer:
            open_[here] = max(open_[here], layer[edge.target] + 1)
        elif edge.target not in open_:
            open_[edge.target] = 0
            stack.append((edge.target, iter(edges[edge.target])))
    return layer


def events_of(flow: Workflow) -> Iterator[str]:
    """List the events the boxes of a flow show."""
    for node in flow.nodes:
        yield from node.events
        for choice in node.choices:
            yield from choice.events


def _passes(
    walk: _Walk, order: Sequence[Marking], workflows: Mapping[str, Workflow], alone: str | None
) -> dict[str, npt.NDArray[np.bool_]]:
    """Say which events are passed over in which states.

    In a flow that ignores it an event is passed over; where silent steps lead into another flow
    that ignores it, too. Before a flow that is walked alone, and once it cannot go on, all that
    others know is passed over; inside it, what only others know.
    """
    ignored = {flow.id: frozenset(flow.ignored) for flow in walk.net.flows}
    own = {e for flow in walk.net.flows for e in events_of(flow)}
    others = {
        e
        for flow in workflows.values()
        if alone is not None and flow not in walk.net.flows
        for e in (*events_of(flow), *flow.ignored)
    }
    ends = walk.ends()
    free: list[frozenset[str]] = []
    for here in order:
        flows = {f for marking in walk.silent(here) for p in marking for f in walk.net.flows_of[p]}
        over = here == (GONE,) or (here in ends and not walk.edges[here])
        outside = others if over or here == (INITIAL,) else others - own
        free.append(frozenset().union(outside, *(ignored[name] for name in sorted(flows))))
    named = sorted(frozenset().union(*free))
    return {e: np.array([e in here for here in free], np.bool_) for e in named}


def _scope(workflows: Mapping[str, Workflow], alone: str | None, shown: set[str]) -> frozenset[str]:
    """Name the events by which a ticket is known to go this way.

    On a journey all of them. For a flow that is walked alone those no other flow shows, but for
    boxes that hand over to it, which show the event it begins with; all, if it has none.
    """
    if alone is None:
        return frozenset(shown)
    foreign: set[str] = set()
    for flow in workflows.values():
        if flow.id == alone:
            continue
        handing = {n.id for n in flow.nodes if n.kind == "end" and n.flow == alone}
        before = {edge.source for edge in flow.edges if edge.target in handing}
        for node in flow.nodes:
            if node.id not in before:
                foreign.update(node.events, *(choice.events for choice in node.choices))
    own = set(events_of(workflows[alone])) & shown
    return frozenset(own - foreign or shown)
