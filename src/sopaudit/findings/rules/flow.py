"""Which events the workflows put in an order, whatever way a ticket goes.

Event A comes before event B where a way leads from A to B and none back, and where no way from a
start box leads to a box with B before it has led through one with A, or where both stand in one box
in this order. Ways go on through flows that are called and over hand-overs to other flows. Loops do
not matter to what no way goes round: the first A comes before the first B all the same. Ways begin
in the flows nobody calls whose `when` may hold of the ticket. Of two events without a way between
them, such as two answers of a customer, none comes first.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.workflow import Node, Workflow
from sopaudit.evidence.lines import Flags
from sopaudit.findings.rules.hearing import Hearing

_Box = tuple[tuple[tuple[str, str], ...], str, str]
"""Boxes that called the flow, outer first; the flow; the box."""


@dataclass(frozen=True, eq=False)
class Order:
    """Two events, the first of which comes first, and the tickets of which that is asked."""

    first: str
    then: str
    tickets: Flags


def forced(hearing: Hearing) -> Iterator[Order]:
    """Give all orders of events that the workflows force, for each group of tickets."""
    flows = {flow.id: flow for flow in hearing.handbook.workflows.values() if flow.level > 1}
    called = {node.flow for flow in flows.values() for node in flow.nodes if flow.calls(node)}
    roots = [flow for flow in flows.values() if flow.starts and flow.id not in called]
    if not roots or not hearing.size:
        return
    open_to = np.stack([_may(hearing, flow) for flow in roots])
    # Tickets no flow is open to may have begun in any.
    open_to |= ~open_to.any(axis=0)
    groups, group = np.unique(open_to.T, axis=0, return_inverse=True)
    for n, chosen in enumerate(groups.tolist()):
        begins = [flow for flow, is_open in zip(roots, chosen, strict=True) if is_open]
        tickets = group.reshape(-1) == n
        for first, then in sorted(pairs(hearing.handbook, begins)):
            yield Order(first, then, tickets)


def _may(hearing: Hearing, flow: Workflow) -> Flags:
    """Say of each ticket whether a flow may be its own."""
    found = np.ones(hearing.size, np.bool_)
    for name in flow.when:
        found &= hearing.holds_of_tickets(name) != 0
    return found


def pairs(handbook: Handbook, roots: Sequence[Workflow]) -> set[tuple[str, str]]:
    """Give the pairs of events of which the first comes first on every way from the roots."""
    flows = {flow.id: flow for flow in handbook.workflows.values() if flow.level > 1}
    begins = [((), flow.id, node.id) for flow in roots for node in flow.starts]
    on = _graph(flows, begins)
    nodes = {box: flows[box[1]].by_id[box[2]] for box in on}
    sure = {box: _sure(node) for box, node in nodes.items()}
    events = {event for node in nodes.values() for event in _of(node)} & set(handbook.events)
    found = _one_way(on, nodes, events)
    for first in events:
        reached = _reached(begins, on, {box for box, said in sure.items() if first in said})
        with_it = [nodes[box] for box in reached]
        for then in events - {first}:
            if all(_after(first, then, node) for node in with_it if then in _of(node)):
                found.add((first, then))
    return found


def _one_way(
    on: Mapping[_Box, Sequence[_Box]], nodes: Mapping[_Box, Node], events: Collection[str]
) -> set[tuple[str, str]]:
    """Give the pairs of which a way leads from the first to the other, and none back.

    What follows a decision follows each of its answers: a customer who refused may be asked again.
    """
    after: dict[str, set[str]] = {event: set() for event in events}
    for box, node in nodes.items():
        ahead = {event for each in _reached(on[box], on, set()) for event in _of(nodes[each])}
        answers = {event for choice in node.choices for event in choice.events}
        for event in answers:
            after.setdefault(event, set()).update(ahead)
        for n, event in enumerate(node.events):
            after.setdefault(event, set()).update(ahead, answers, node.events[n + 1 :])
    return {
        (first, then)
        for first in events
        for then in after[first] & set(events) - {first}
        if first not in after[then]
    }


def _of(node: Node) -> tuple[str, ...]:
    return (*node.events, *(event for choice in node.choices for event in choice.events))


def _sure(node: Node) -> tuple[str, ...]:
    """Give the events that have happened whenever a ticket has left a box."""
    if node.optional:
        return ()
    return tuple(event for event in node.events if event not in node.optional_events)


def _after(first: str, then: str, node: Node) -> bool:
    """Say whether `first` comes before `then` in a box reached without any `first`."""
    said = node.events
    # Events of a choice come after those of its box.
    return first in _sure(node) and (then not in said or said.index(first) < said.index(then))


def _reached(
    begins: Sequence[_Box], on: Mapping[_Box, Sequence[_Box]], stops: set[_Box]
) -> set[_Box]:
    """Give the boxes on ways that end at the first stop, which is one of them."""
    reached, ahead = set(begins), list(begins)
    while ahead:
        box = ahead.pop()
        if box not in stops:
            new = set(on[box]) - reached
            reached |= new
            ahead += new
    return reached


def _graph(flows: Mapping[str, Workflow], begins: Sequence[_Box]) -> dict[_Box, list[_Box]]:
    """Give what follows each box; a flow stands once for every box that calls it."""
    on: dict[_Box, list[_Box]] = {}
    ahead = list(begins)
    while ahead:
        box = ahead.pop()
        if box not in on:
            on[box] = [each for each in _onward(flows, box) if each[2] in flows[each[1]].by_id]
            ahead += on[box]
    return on


def _onward(flows: Mapping[str, Workflow], box: _Box) -> Iterator[_Box]:
    path, flow_id, name = box
    flow = flows[flow_id]
    node = flow.by_id[name]
    other = flows.get(node.flow or "")
    entered = other.entered(node.entry) if other is not None else None
    if other is not None and entered is not None and flow.calls(node):
        yield ((*path, (flow_id, name)), other.id, entered)
        return
    yield from ((path, flow_id, target) for target in (*node.parallel, node.next) if target)
    for choice in node.choices:
        back = _back(flows, path, choice.exit) if choice.exit else None
        yield back or (path, flow_id, choice.to)
    if node.kind == "end" and path:
        back = _back(flows, path, None)
        if back is not None:
            yield back
    elif node.kind == "end" and other is not None and entered is not None:
        yield ((), other.id, entered)


def _back(
    flows: Mapping[str, Workflow], path: tuple[tuple[str, str], ...], by: str | None
) -> _Box | None:
    """Give the box to which a called flow goes back by an exit, or by its end; None for none."""
    if not path:
        return None
    flow_id, name = path[-1]
    caller = flows[flow_id].by_id[name]
    target = caller.exits.get(by) if by is not None else caller.next
    return (path[:-1], flow_id, target) if target is not None else None
