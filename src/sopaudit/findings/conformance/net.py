"""Workflows as a net: places a ticket can stand in, and steps that take it from some to others.

A box is a chain of places, one before each of its events; a fork gives several places at once and
a join takes them all. A flow that is called is laid in once for each box that calls it, because it
returns to that box. All that no record shows is a silent step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sopaudit.criteria.workflow import Node, Workflow

Move = tuple[str, str]
"""From one box of a chart to the next."""

Branch = tuple[tuple[str, int], ...]
"""The branches a box stands in, outer ones first: of which fork, and the how-manieth."""

Context = tuple[tuple[str, str], ...]
"""The calls a box stands in: flow and box of each, outer ones first."""

INITIAL: Final = 0
FINAL: Final = 1
"""Places before everything and after everything."""

GONE: Final = 2
"""The place of a ticket that has left a flow that is walked alone, for the next one."""


@dataclass(frozen=True)
class Step:
    """What may happen: a ticket leaves the places `takes` and comes to stand in `gives`."""

    takes: tuple[int, ...]
    gives: tuple[int, ...]
    flow: str
    box: str
    event: str | None = None
    """What the records show; None for a silent step."""

    number: int = 0
    """The how-manieth event of its box it is."""

    posts: tuple[str, ...] | None = None
    """Who may do it, in the order of the lanes; None where no post is bound to it."""

    moves: tuple[Move, ...] = ()
    """Moves of the chart that are made with it."""

    passed: tuple[str, ...] = ()
    """Boxes that are passed with it, and show no event of their own for it."""


@dataclass(frozen=True)
class Net:
    """Workflows to be walked from `INITIAL` to `FINAL`."""

    steps: tuple[Step, ...]
    """In the order of the handbook: of flows, of boxes in their chart, of events in a box."""

    flows_of: tuple[tuple[str, ...], ...]
    """Per place: the flow it is in and those that called it; none outside of all."""

    flows: tuple[Workflow, ...]
    """Those that are walked, called ones included."""


@dataclass(frozen=True)
class _At:
    """A box where it stands: in a flow, inside calls."""

    context: Context
    flow: str
    box: str


@dataclass
class _Builder:
    """A net while it is laid out."""

    workflows: Mapping[str, Workflow]
    journey: bool
    places: dict[object, int] = field(default_factory=dict)
    flows_of: list[tuple[str, ...]] = field(default_factory=lambda: [(), (), ()])
    steps: list[tuple[tuple[object, ...], Step]] = field(default_factory=list)
    """With what they are put in order by."""

    ahead: list[_At] = field(default_factory=list)
    seen: set[_At] = field(default_factory=set)
    branches: dict[str, dict[str, Branch]] = field(default_factory=dict)

    # --- places -----------------------------------------------------------------------------------

    def place(self, at: _At, slot: object) -> int:
        """Give the place at a slot of a box, and see to it that the box is laid out."""
        if at not in self.seen:
            self.seen.add(at)
            self.ahead.append(at)
        key = (at, slot)
        if key not in self.places:
            self.places[key] = len(self.flows_of)
            self.flows_of.append((*(flow for flow, _ in at.context), at.flow))
        return self.places[key]

    def before(self, at: _At, branch: Branch) -> int:
        """Give the place before a box; a join has one for each branch."""
        node = self.workflows[at.flow].by_id[at.box]
        return self.place(at, branch if node.kind == "join" else 0)

    def branch(self, at: _At) -> Branch:
        """Tell the branches a box stands in."""
        if at.flow not in self.branches:
            self.branches[at.flow] = branches(self.workflows[at.flow])
        return self.branches[at.flow].get(at.box, ())

    # --- steps ------------------------------------------------------------------------------------

    def step(
        self,
        at: _At,
        way: tuple[tuple[int, ...], tuple[int, ...]],
        *,
        event: tuple[int, str] | None = None,
        moves: tuple[Move, ...] = (),
        passed: tuple[str, ...] = (),
    ) -> None:
        """Add a step of a box, from some places to others; `event` is its number and its name."""
        flow = self.workflows[at.flow]
        nodes = [node.id for node in flow.nodes]
        number, name = event or (0, None)
        order = (list(self.workflows).index(at.flow), nodes.index(at.box), at.context, number)
        posts = _posts(flow, flow.by_id[at.box]) if event else None
        made = Step(*way, at.flow, at.box, name, number, posts, moves, passed)
        self.steps.append(((name is None, *order, len(self.steps)), made))

    def chain(self, at: _At, first: int, events: Sequence[tuple[int, str, bool]], slot: str) -> int:
        """Lay events out one after the other; True marks one that may be missing."""
        for number, event, missable in events:
            last, first = first, self.place(at, (slot, number))
            self.step(at, ((last,), (first,)), event=(number, event))
            if missable:
                self.step(at, ((last,), (first,)))
        return first

    def box(self, at: _At) -> None:
        """Lay a box out: its events, and the ways out of it."""
        flow = self.workflows[at.flow]
        node = flow.by_id[at.box]
        inside = self.branch(at)
        first = self._joined(at, node, flow) if node.kind == "join" else self.place(at, 0)
        if node.kind == "fork":
            split = [
                self.before(_At(at.context, at.flow, to), (*inside, (node.id, n)))
                for n, to in enumerate(node.parallel)
            ]
            moves = tuple((node.id, to) for to in node.parallel)
            self.step(at, ((first,), tuple(split)), moves=moves, passed=(node.id,))
            return
        events = [(n, e, e in node.optional_events) for n, e in enumerate(node.events)]
        last = self.chain(at, first, events, "done")
        prior = events[-1][1] if events and not events[-1][2] else None
        silent = () if any(not missable for _, _, missable in events) else (node.id,)
        if flow.calls(node) and self._call(at, node, first):
            pass
        elif node.kind == "end":
            self._end(at, node, last, prior, silent)
        else:
            for n, choice in enumerate(node.choices):
                taken = [
                    (len(events) + n * _MANY + k, e, False) for k, e in enumerate(choice.events)
                ]
                done = self.chain(at, last, taken, "chosen")
                told = choice.events[-1] if choice.events else prior
                if not self._exit(at, choice.exit, done, silent):
                    self._arc(at, done, choice.to, told, silent)
            for to in _onward(node):
                self._arc(at, last, to, prior, silent)
        if node.optional:
            for to in _onward(node):
                self._arc(at, first, to, None, ())

    def _joined(self, at: _At, node: Node, flow: Workflow) -> int:
        """Take the branches that end in a join, whichever fork they are of."""
        known = branches_into(flow, node.id)
        outer = self.branch(at)
        first = self.place(at, "joined")
        for fork in known:
            count = len(flow.by_id[fork].parallel)
            takes = tuple(self.place(at, (*outer, (fork, n))) for n in range(count))
            self.step(at, (takes, (first,)))
        return first

    def _arc(
        self,
        at: _At,
        place: int,
        to: str,
        prior: str | None,
        passed: tuple[str, ...],
    ) -> None:
        """Go on to a box; where an end hands over, one event may do for both sides."""
        target = _At(at.context, at.flow, to)
        end = self.workflows[at.flow].by_id[to]
        moves = ((at.box, to),)
        begins = self._begins(end, at) if end.kind == "end" and not end.events else None
        if begins is not None and prior is not None and _opens(self._node(begins), prior):
            given = self.place(begins, ("done", 0))
            self.place(begins, 0)
            self.step(at, ((place,), (given,)), moves=moves, passed=(*passed, to, begins.box))
        else:
            self.step(
                at, ((place,), (self.before(target, self.branch(at)),)), moves=moves, passed=passed
            )

    def _end(
        self, at: _At, node: Node, place: int, prior: str | None, passed: tuple[str, ...]
    ) -> None:
        """End, go back to the flow that called, or hand over to the next."""
        begins = self._begins(node, at)
        if at.context:
            caller, box = at.context[-1]
            outer = _At(at.context[:-1], caller, box)
            calling = self._node(outer)
            for to in _onward(calling):
                self._back(outer, place, to, passed)
        elif begins is None:
            self.step(at, ((place,), (FINAL,)), passed=passed)
            self._gone(at, node, place)
        elif prior is not None and _opens(self._node(begins), prior):
            self.place(begins, 0)
            given = self.place(begins, ("done", 0))
            self.step(at, ((place,), (given,)), passed=(*passed, begins.box))
        else:
            self.step(at, ((place,), (self.before(begins, ()),)), passed=passed)

    def _gone(self, at: _At, node: Node, place: int) -> None:
        """Leave a flow that is walked alone by the event the next one begins with.

        Events both know are the next one's from there on; without this a ticket that goes on there
        could not be told from one that stays.
        """
        after = self.workflows.get(node.flow or "")
        start = after.entered(node.entry) if after is not None and not self.journey else None
        if after is None or start is None:
            return
        for number, event in enumerate(_first(after, start)):
            self.step(at, ((place,), (GONE,)), event=(_MANY * _MANY + number, event))

    def _begins(self, end: Node, at: _At) -> _At | None:
        """Give the box by which an end hands over, where tickets are followed on."""
        if not self.journey or at.context or end.flow not in self.workflows or end.flow is None:
            return None
        start = self.workflows[end.flow].entered(end.entry)
        return None if start is None else _At((), end.flow, start)

    def _node(self, at: _At) -> Node:
        return self.workflows[at.flow].by_id[at.box]

    def _call(self, at: _At, node: Node, first: int) -> bool:
        """Enter the flow a box calls; False where there is none that could be entered."""
        called = self.workflows.get(node.flow or "")
        start = called.entered(node.entry) if called is not None else None
        if called is None or start is None:
            return False
        inside = _At((*at.context, (at.flow, at.box)), called.id, start)
        self.step(at, ((first,), (self.before(inside, ()),)))
        return True

    def _exit(self, at: _At, name: str | None, place: int, passed: tuple[str, ...]) -> bool:
        """Go back by an exit; False where the choice is none, or nobody called."""
        if name is None or not at.context:
            return False
        caller, box = at.context[-1]
        outer = _At(at.context[:-1], caller, box)
        to = self._node(outer).exits.get(name)
        if to is None:
            return False
        self._back(outer, place, to, passed)
        return True

    def _back(self, outer: _At, place: int, to: str, passed: tuple[str, ...]) -> None:
        self._arc(outer, place, to, None, (*passed, outer.box))


_MANY: Final = 1000
"""A choice has fewer events than this: numbers of events stay apart."""


def _onward(node: Node) -> Iterator[str]:
    """Give the boxes that follow where no choice is made, or a flow that is called is through."""
    if node.next is not None:
        yield node.next
    yield from node.exits.values()


def _first(flow: Workflow, start: str) -> list[str]:
    """List the events that may be seen first in a flow."""
    found: dict[str, None] = {}
    ahead, seen = [start], {start}
    while ahead:
        node = flow.by_id[ahead.pop()]
        found.update(dict.fromkeys(node.events))
        if any(event not in node.optional_events for event in node.events) and not node.optional:
            first = next(e for e in node.events if e not in node.optional_events)
            for event in node.events[node.events.index(first) + 1 :]:
                found.pop(event, None)
            continue
        choosing = [choice for choice in node.choices if not choice.events]
        found.update(dict.fromkeys(c.events[0] for c in node.choices if c.events))
        new = [*_onward(node), *(c.to for c in choosing), *node.parallel]
        ahead += [to for to in dict.fromkeys(new) if to not in seen]
        seen.update(new)
    return list(found)


def _opens(node: Node, event: str) -> bool:
    return bool(node.events) and node.events[0] == event


def _posts(flow: Workflow, node: Node) -> tuple[str, ...] | None:
    """Give the posts that may do a box; None where a lane is bound to none."""
    lanes = {lane.id: lane for lane in flow.lanes}
    found: list[str] = []
    for name in node.lanes:
        lane = lanes.get(name)
        if lane is not None and lane.post is None:
            return None
        found.append(name if lane is None or lane.post is None else lane.post)
    return tuple(dict.fromkeys(found))


def branches(flow: Workflow) -> dict[str, Branch]:
    """Tell of each box in which branches it stands; a join stands outside those it ends."""
    found: dict[str, Branch] = {}
    begins = [node.id for node in flow.starts] + [entry.start for entry in flow.entries]
    ahead: list[tuple[str, Branch]] = [(name, ()) for name in begins]
    while ahead:
        name, inside = ahead.pop()
        node = flow.by_id[name]
        if node.kind == "join":
            inside = inside[:-1]
        if name in found:
            continue
        found[name] = inside
        ahead += [(to, (*inside, (name, n))) for n, to in enumerate(node.parallel)]
        ahead += [(to, inside) for to in (*_onward(node), *(c.to for c in node.choices))]
    return found


def branches_into(flow: Workflow, join: str) -> list[str]:
    """List the forks whose branches end in a join; in a sound chart there is one."""
    inside = branches(flow)
    forks: dict[str, None] = {}
    for edge in flow.edges:
        if edge.target == join and edge.source in inside:
            source = flow.by_id[edge.source]
            forks[source.id if source.kind == "fork" else inside[source.id][-1][0]] = None
    return list(forks)


def net(workflows: Mapping[str, Workflow], alone: str | None = None) -> Net:
    """Lay workflows out as one net: a ticket's whole journey, or the one that is walked alone.

    A journey begins at a start of any flow of level 2 that no other calls, and goes on where an
    end hands over. Alone, a flow begins at its starts and entries, and all its ends are ends.
    """
    building = _Builder(workflows, journey=alone is None)
    for flow, box in _starts(workflows, alone):
        at = _At((), flow, box)
        building.step(at, ((INITIAL,), (building.before(at, ()),)))
    while building.ahead:
        building.box(building.ahead.pop())
    leaving = [step for _, step in building.steps if GONE in step.gives]
    if leaving:
        last = _At((), leaving[0].flow, leaving[0].box)
        building.step(last, ((GONE,), (FINAL,)))
    building.steps.sort(key=lambda pair: pair[0])
    steps = tuple(step for _, step in building.steps)
    walked = dict.fromkeys(step.flow for step in steps)
    flows = tuple(flow for name, flow in workflows.items() if name in walked)
    return Net(steps, tuple(building.flows_of), flows)


def _starts(workflows: Mapping[str, Workflow], alone: str | None) -> list[Move]:
    if alone is not None:
        flow = workflows[alone]
        begins = [node.id for node in flow.starts] + [entry.start for entry in flow.entries]
        return [(alone, box) for box in dict.fromkeys(begins)]
    called = {n.flow for flow in workflows.values() for n in flow.nodes if flow.calls(n)}
    whole = [flow for flow in workflows.values() if flow.level > 1 or len(workflows) == 1]
    first = [flow for flow in whole if flow.id not in called] or whole
    return [(flow.id, node.id) for flow in first for node in flow.starts]
