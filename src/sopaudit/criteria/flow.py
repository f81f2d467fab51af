"""What must hold of the ways of a workflow: each comes to an end, forks and calls fit.

A chart in which a name or a box is wrong is not walked, because all that follows would be echo. In
one that is walked, each box is marked with the branches that are open when a ticket stands in it:
where two ways bring different marks, fork and join do not fit; and the marks tell how many states
there are, because branches multiply and everything else adds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from math import prod
from typing import Final

from sopaudit.criteria.box import misfits
from sopaudit.criteria.branching import Marks, Open, marked
from sopaudit.criteria.draft import Draft, shaped
from sopaudit.criteria.workflow import Node, Workflow
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc

MANY: Final = 1000
"""Beyond so many states a workflow is hard to oversee."""

TOO_MANY: Final = 5000
"""Beyond so many, records cannot be held against it."""

_Chart = tuple[Workflow, Document]


def ways(draft: Draft) -> Iterator[Problem]:
    """Look whether every box is reached and reaches an end, and forks and joins fit."""
    for flow, file in _sound(draft).values():
        reached = _from(_begins(flow), _targets(flow))
        lost = [node.id for node in flow.nodes if node.id not in reached]
        if lost:
            yield _of_boxes(flow, file, "H116", lost)
        ends = [node.id for node in flow.nodes if node.kind == "end"]
        ending = _from(ends, _sources(flow))
        astray = [node.id for node in flow.nodes if node.id in reached and node.id not in ending]
        if astray:
            yield _of_boxes(flow, file, "H117", astray)
        else:
            yield from _forks(flow, file)


def calls(draft: Draft) -> Iterator[Problem]:
    """Look whether sub-flows go on from every exit of what they call, and no call is a circle."""
    sound = _sound(draft)
    for flow, file in sound.values():
        for n, node in enumerate(flow.nodes):
            if node.flow is not None and node.flow in sound:
                yield from _call(flow, node, file, n, sound[node.flow][0])
    circle = _order(sound)[1]
    if circle:
        flow, file = sound[circle[0]]
        at = next(n for n, node in enumerate(flow.nodes) if node.flow == circle[1] and _sub(node))
        yield file.problem("H119", ("nodes", at, "flow"), circle=" → ".join(circle))


def too_many(draft: Draft) -> Iterator[Problem]:
    """Look for workflows with more states than records can be held against.

    Those that call one of them are not told of, because theirs follow from it.
    """
    counts = states(draft)
    for name, count in counts.items():
        flow = next(flow for flow, _ in shaped(draft.workflows) if flow.id == name)
        within = (counts.get(n.flow or "", 0) for n in flow.nodes if flow.calls(n))
        if count > TOO_MANY and not any(other > TOO_MANY for other in within):
            yield _at_top(draft, name).problem("H105", ("id",), word=name, limit=TOO_MANY)


def many(draft: Draft) -> Iterator[Problem]:
    """Hint at workflows with more states than anybody can oversee."""
    for name, count in states(draft).items():
        if MANY < count <= TOO_MANY:
            file = _at_top(draft, name)
            yield file.problem("H108", ("id",), word=name, count=count, limit=MANY)


def states(draft: Draft) -> dict[str, int]:
    """Count the states of each workflow that can be walked; above `TOO_MANY` that is all it says.

    A ticket stands in one box, or in one box of each branch that is open. A call counts what it
    calls, but for the ends there, because from those a ticket goes on at once.
    """
    found: dict[str, int] = {}
    inside: dict[tuple[str, str | None], int] = {}
    sound = _sound(draft)
    for name in _order(sound)[0]:
        flow = sound[name][0]
        found[name] = _count(flow, marked(flow, _begins(flow)), inside)
        for entry in (None, *(entry.id for entry in flow.entries)):
            start = flow.entered(entry)
            if start is not None:
                marks = marked(flow, [start], called=True)
                inside[name, entry] = _count(flow, marks, inside, called=True)
    return found


def _at_top(draft: Draft, name: str) -> Document:
    return next(file for flow, file in shaped(draft.workflows) if flow.id == name)


def _sound(draft: Draft) -> dict[str, _Chart]:
    """Give the charts that can be walked: every way in them leads to a box or a known exit."""
    found = {}
    for flow, file in shaped(draft.workflows, whole=True):
        begins = [entry.start for entry in flow.entries]
        targets = [*begins, *(edge.target for edge in flow.edges)]
        exits = [choice.exit for node in flow.nodes for choice in node.choices if choice.exit]
        named = all(t in flow.by_id for t in targets) and all(e in flow.exits for e in exits)
        if named and not any(misfits(flow, file)):
            found[flow.id] = (flow, file)
    return found


def _begins(flow: Workflow) -> list[str]:
    return [*(node.id for node in flow.starts), *(entry.start for entry in flow.entries)]


def _targets(flow: Workflow) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {node.id: [] for node in flow.nodes}
    for edge in flow.edges:
        found[edge.source].append(edge.target)
    return found


def _sources(flow: Workflow) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {node.id: [] for node in flow.nodes}
    for edge in flow.edges:
        found[edge.target].append(edge.source)
    return found


def _from(begins: Collection[str], on: Mapping[str, Sequence[str]]) -> set[str]:
    """Give all that is reached from `begins`, those included."""
    reached, ahead = set(begins), list(begins)
    while ahead:
        new = set(on[ahead.pop()]) - reached
        reached |= new
        ahead += new
    return reached


_NAMED: Final = 4
"""So many boxes are named in one sentence."""


def _of_boxes(flow: Workflow, file: Document, code: str, found: Sequence[str]) -> Problem:
    """Tell of several boxes at once, at the first of them, because they have one cause."""
    first = next(n for n, node in enumerate(flow.nodes) if node.id == found[0])
    words = ", ".join(found[:_NAMED]) + (" …" if len(found) > _NAMED else "")
    return file.problem(code, ("nodes", first, "id"), word=words)


def _forks(flow: Workflow, file: Document) -> Iterator[Problem]:
    marks = marked(flow, _begins(flow))
    if marks.wrong is not None:
        at = next(n for n, node in enumerate(flow.nodes) if node.id == marks.wrong)
        words = f"{marks.fork} … {marks.wrong}" if marks.fork else marks.wrong
        yield file.problem("H118", ("nodes", at, "id"), word=words)


def _call(
    flow: Workflow, node: Node, file: Document, n: int, callee: Workflow
) -> Iterator[Problem]:
    """Hold a call, or an end that hands over, to the flow it names."""
    if not flow.calls(node) and node.kind != "end":
        return
    at: Loc = ("nodes", n)
    start = callee.entered(node.entry)
    if start is None:
        if node.entry is None:
            yield file.problem("H103", at, word=node.id, kind=node.kind, what="entry")
        return
    if node.kind == "end":
        return
    marks = marked(callee, [start], called=True)
    if marks.wrong is not None:
        return
    boxes = [box for box in callee.nodes if box.id in marks.branch]
    exits = dict.fromkeys(c.exit for box in boxes for c in box.choices if c.exit)
    strange = [name for name in node.exits if name not in exits]
    for name in strange:
        near = choices(name, exits)
        yield file.problem("H115", (*at, "exits", name), key=True, word=name, choices=near)
    if strange:
        return
    ends = [box.id for box in boxes if box.kind == "end"] if node.exits else []
    for name in [*(name for name in exits if name not in node.exits), *ends]:
        key = "exits" if node.exits else "next"
        yield file.problem("H114", (*at, key), key=True, word=name, flow=callee.id)


def _order(sound: Mapping[str, _Chart]) -> tuple[list[str], list[str]]:
    """Give the flows, those called before those that call; or a circle of calls."""
    called = {
        name: [n.flow for n in flow.nodes if _sub(n) and n.flow is not None and n.flow in sound]
        for name, (flow, _) in sound.items()
    }
    try:
        return list(TopologicalSorter(called).static_order()), []
    except CycleError as error:
        circle = list(reversed(error.args[1][1:]))
        first = circle.index(min(circle, key=list(sound).index))
        return [], [*circle[first:], *circle[: first + 1]]


def _sub(node: Node) -> bool:
    return node.kind == "subflow"


def _count(
    flow: Workflow,
    marks: Marks,
    inside: Mapping[tuple[str, str | None], int],
    *,
    called: bool = False,
) -> int:
    if marks.wrong is not None:
        return 0
    standing: dict[Open | None, int] = {}
    for name, branch in marks.branch.items():
        node = flow.by_id[name]
        here = 0 if called and node.kind == "end" else 1
        if flow.calls(node):
            here = inside.get((node.flow or "", node.entry), 1)
        standing[branch] = standing.get(branch, 0) + here
    for fork, branches in reversed(marks.branches.items()):
        # Each branch stands in one of its boxes or waits; that all wait is the join's own state.
        several = prod(min(standing.get(b, 0), TOO_MANY) + 1 for b in branches) - 1
        outer = marks.branch[fork]
        standing[outer] = min(standing[outer] + several, TOO_MANY + 1)
    return min(standing.get(None, 0), TOO_MANY + 1)
