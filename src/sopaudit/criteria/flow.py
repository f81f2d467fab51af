"""What must hold of workflows: boxes fit their kind, every way comes to an end, calls fit.

A chart in which a name or a box is wrong is not walked, because all that follows would be echo. In
one that is walked, each box is marked with the branches that are open when a ticket stands in it:
where two ways bring different marks, fork and join do not fit; and the marks tell how many states
there are, because branches multiply and everything else adds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from math import prod
from typing import Final

from sopaudit.criteria.draft import Draft, ids, ids_inside, opened, shaped, unknown
from sopaudit.criteria.field import Text
from sopaudit.criteria.workflow import Node, NodeKind, Workflow
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc

MANY: Final = 1000
"""Beyond so many states a workflow is hard to oversee."""

TOO_MANY: Final = 5000
"""Beyond so many, records cannot be held against it."""

_Chart = tuple[Workflow, Document]


def charts(draft: Draft) -> Iterator[Problem]:
    """Look whether every box fits its kind, and every name it uses is known."""
    known = _Known(draft)
    for flow, file in shaped(draft.workflows):
        yield from _names(flow, file, known)
    for flow, file in shaped(draft.workflows, whole=True):
        yield from _starts(flow, file)
        yield from _kinds(flow, file)


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
        found[name] = _count(flow, _marked(flow, _begins(flow)), inside)
        for entry in (None, *(entry.id for entry in flow.entries)):
            start = flow.entered(entry)
            if start is not None:
                marks = _marked(flow, [start], called=True)
                inside[name, entry] = _count(flow, marks, inside, called=True)
    return found


def _at_top(draft: Draft, name: str) -> Document:
    return next(file for flow, file in shaped(draft.workflows) if flow.id == name)


def meanings(draft: Draft) -> Iterator[Problem]:
    """Look for events that are declared in two places in different words."""
    said: dict[str, tuple[Text, str]] = {}
    declared = [
        *((e.id, e.title, ("events", n, "title"), file)
          for register, file in shaped(draft.events, whole=True)
          for n, e in enumerate(register.events)),
        *((name, title, ("events", name), file)
          for flow, file in shaped(draft.workflows, whole=True)
          for name, title in flow.events.items()),
    ]  # fmt: skip
    for name, title, loc, file in declared:
        place = file.place(loc)
        first, where = said.setdefault(name, (title, f"{place.path}:{place.line}"))
        if first != title:
            yield file.problem("H111", loc, word=name, first=where)


class _Known:
    """What boxes may name."""

    def __init__(self, draft: Draft) -> None:
        self.posts = ids(draft.posts)
        self.flows = ids(draft.workflows)
        steps = ids_inside(draft.posts, "steps")
        standards = ids_inside(draft.posts, "steps", "standards")
        self.standards = _either(steps, standards)
        self.forms = ids_inside(draft.forms, "forms") if draft.forms else None
        self.events = ids_inside(draft.events, "events") if draft.events else None
        self.entries = {
            flow.id: opened(entry.id for entry in flow.entries)
            for flow, _ in shaped(draft.workflows)
        }


def _either(one: Collection[str], other: Collection[str]) -> Collection[str]:
    """Give the words of both; where one takes any word, so does the whole."""
    return one if "" in one else other if "" in other else dict.fromkeys([*one, *other])


def _names(flow: Workflow, file: Document, known: _Known) -> Iterator[Problem]:
    lanes = opened(lane.id for lane in flow.lanes)
    boxes = _either(opened(node.id for node in flow.nodes), ())
    exits = opened(flow.exits)
    for n, lane in enumerate(flow.lanes):
        yield from unknown(file, "H015", ("lanes", n, "post"), lane.post, known.posts)
    for n, entry in enumerate(flow.entries):
        yield from unknown(file, "H102", ("entries", n, "start"), entry.start, boxes)
        first = flow.by_id.get(entry.start)
        here = opened(first.lanes) if first else lanes
        yield from unknown(file, "H107", ("entries", n, "lane"), entry.lane, here)
    for edge in flow.edges:
        yield from unknown(file, "H102", edge.loc, edge.target, boxes)
    for n, node in enumerate(flow.nodes):
        at: Loc = ("nodes", n)
        yield from unknown(file, "H107", (*at, "lane"), node.lane, lanes)
        yield from _each(file, "H107", (*at, "also"), node.also, _either(lanes, known.posts))
        yield from _each(file, "H012", (*at, "standards"), node.standards, known.standards)
        if known.forms is not None:
            yield from _each(file, "H109", (*at, "forms"), node.forms, known.forms)
        yield from unknown(file, "H112", (*at, "flow"), node.flow, known.flows)
        if node.flow in known.entries:
            entries = known.entries[node.flow]
            yield from unknown(file, "H113", (*at, "entry"), node.entry, entries)
        for k, choice in enumerate(node.choices):
            yield from unknown(file, "H115", (*at, "choices", k, "exit"), choice.exit, exits)
    yield from _events(flow, file, known.events)


def _each(
    file: Document, code: str, loc: Loc, words: Sequence[str], known: Collection[str]
) -> Iterator[Problem]:
    for k, word in enumerate(words):
        yield from unknown(file, code, (*loc, k), word, known)


def _events(flow: Workflow, file: Document, register: Collection[str] | None) -> Iterator[Problem]:
    """Look up events; where nothing declares any, all are taken."""
    declared = _either(() if register is None else register, opened(flow.events))
    for n, node in enumerate(flow.nodes):
        at: Loc = ("nodes", n)
        here = opened(node.events)
        yield from _each(file, "H110", (*at, "optional_events"), node.optional_events, here)
        if not declared:
            continue
        yield from _each(file, "H110", (*at, "events"), node.events, declared)
        for k, choice in enumerate(node.choices):
            yield from _each(file, "H110", (*at, "choices", k, "events"), choice.events, declared)
    if declared:
        yield from _each(file, "H110", ("ignored",), flow.ignored, declared)


def _starts(flow: Workflow, file: Document) -> Iterator[Problem]:
    starts = [n for n, node in enumerate(flow.nodes) if node.kind == "start"]
    if not starts:
        yield file.problem("H100", ("nodes",), key=True, word=flow.id)
    elif len(starts) > 1 and not flow.entries:
        first = flow.nodes[starts[0]].id
        for n in starts[1:]:
            yield file.problem("H101", ("nodes", n, "id"), word=flow.nodes[n].id, first=first)


_WAYS: Final[Mapping[NodeKind, tuple[str, ...]]] = {
    "start": ("next",),
    "end": (),
    "step": ("next",),
    "decision": ("choices",),
    "fork": ("parallel",),
    "join": ("next",),
    "subflow": ("exits", "next", "choices"),
}
"""How each kind of box leads on: by one of these keys."""

_SEVERAL: Final = ("choices", "parallel")
"""Where one way alone would be no branching."""

_FURTHER: Final[Mapping[str, tuple[NodeKind, ...]]] = {
    "flow": ("subflow", "end"),
    "entry": ("subflow", "end"),
    "optional": ("step", "subflow"),
    "events": ("start", "end", "step", "decision"),
}
"""Further keys, and the kinds of boxes that may have them."""


def _kinds(flow: Workflow, file: Document) -> Iterator[Problem]:
    """Hold boxes and lanes to their kinds."""
    for n, lane in enumerate(flow.lanes):
        needed = "post" if lane.kind == "post" else "title"
        if getattr(lane, needed) is None:
            yield file.problem("H103", ("lanes", n), word=lane.id, kind=lane.kind, what=needed)
    for n, node in enumerate(flow.nodes):
        at: Loc = ("nodes", n)
        fitting = _WAYS[node.kind]
        there = [key for key in ("exits", "next", "choices", "parallel") if getattr(node, key)]
        taken = [key for key in there if key in fitting][:1]
        wrong = [key for key in there if key not in taken]
        wrong += [key for key, kinds in _FURTHER.items() if _stray(node, key, kinds)]
        for key in wrong:
            yield file.problem("H104", (*at, key), key=True, word=node.id, kind=node.kind, what=key)
        for key in _missing(node, taken):
            yield file.problem("H103", at, word=node.id, kind=node.kind, what=key)
        yield from _labels(node, file, at)


def _stray(node: Node, key: str, kinds: Collection[NodeKind]) -> bool:
    return bool(getattr(node, key)) and node.kind not in kinds


def _missing(node: Node, taken: Sequence[str]) -> Iterator[str]:
    if node.title is None and node.kind not in ("fork", "join"):
        yield "title"
    if node.kind == "subflow" and node.flow is None:
        yield "flow"
    if node.entry is not None and node.flow is None and node.kind == "end":
        yield "flow"
    if not taken and node.kind != "end":
        yield " / ".join(_WAYS[node.kind])
    for key in taken:
        if key in _SEVERAL and len(getattr(node, key)) == 1:
            yield f"{key} ≥ 2"


def _labels(node: Node, file: Document, at: Loc) -> Iterator[Problem]:
    said: dict[tuple[str, str], str] = {}
    for k, choice in enumerate(node.choices):
        loc: Loc = (*at, "choices", k, "label")
        twice = [pair for pair in choice.label.wordings if pair in said]
        if twice:
            lang, words = twice[0]
            where = (*loc, lang) if lang else loc
            yield file.problem("H106", where, word=words, first=said[twice[0]])
        elif choice.answer is not None and ("answer", choice.answer) in said:
            where, first = (*loc[:-1], "answer"), said["answer", choice.answer]
            yield file.problem("H106", where, word=choice.answer, first=first)
        said.update(dict.fromkeys(choice.label.wordings, choice.to))
        said["answer", choice.answer or ""] = choice.to


def _sound(draft: Draft) -> dict[str, _Chart]:
    """Give the charts that can be walked: every way in them leads to a box or a known exit."""
    found = {}
    for flow, file in shaped(draft.workflows, whole=True):
        begins = [entry.start for entry in flow.entries]
        targets = [*begins, *(edge.target for edge in flow.edges)]
        exits = [choice.exit for node in flow.nodes for choice in node.choices if choice.exit]
        named = all(t in flow.by_id for t in targets) and all(e in flow.exits for e in exits)
        if named and not any(_starts(flow, file)) and not any(_kinds(flow, file)):
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


@dataclass(frozen=True, eq=False)
class _Open:
    """A branch a ticket is in: of which fork, inside which branch; no two of them are equal."""

    inside: "_Open | None"
    fork: str


@dataclass
class _Marks:
    """Which branch each box belongs to, as far as one way after the other has told."""

    branch: dict[str, _Open | None] = field(default_factory=dict)
    branches: dict[str, list[_Open]] = field(default_factory=dict)
    """By fork, outer ones first."""

    joins: dict[str, str] = field(default_factory=dict)
    """By fork, its join."""

    forks: dict[str, str] = field(default_factory=dict)
    """By join, its fork."""

    wrong: str | None = None
    """A box at which forks and joins do not fit."""

    fork: str | None = None
    """The fork whose branch came there, if one did."""

    def blame(self, box: str, *branches: _Open | None) -> None:
        """Keep a box at which something is wrong, and the fork of the branch that came there."""
        self.wrong = box
        self.fork = next((branch.fork for branch in branches if branch), None)

    def paired(self, fork: str, join: str) -> bool:
        """Say whether these two belong together, where neither has been seen with another."""
        return (
            self.joins.setdefault(fork, join) == join and self.forks.setdefault(join, fork) == fork
        )


def _marked(flow: Workflow, begins: Sequence[str], *, called: bool = False) -> _Marks:
    """Follow all ways from `begins`; with `called`, only up to the exits of the flow.

    That a branch comes to a join at all need not be looked at: every box reaches an end, and an end
    inside a branch is wrong.
    """
    marks = _Marks()
    ahead: list[tuple[str, _Open | None]] = [(name, None) for name in begins]
    while ahead and marks.wrong is None:
        name, branch = ahead.pop()
        node = flow.by_id[name]
        if node.kind == "join":
            if branch is None or not marks.paired(branch.fork, name):
                marks.blame(name, branch)
                break
            branch = branch.inside
        if name in marks.branch:
            if marks.branch[name] is not branch:
                marks.blame(name, branch, marks.branch[name])
            continue
        marks.branch[name] = branch
        if branch is not None and (node.kind == "end" or any(c.exit for c in node.choices)):
            marks.blame(name, branch)
        if node.kind == "fork":
            opened_here = [_Open(branch, name) for _ in node.parallel]
            marks.branches[name] = opened_here
            ahead += zip(node.parallel, opened_here, strict=True)
        ahead += ((target, branch) for target in _onward(node, called=called))
    return marks


def _onward(node: Node, *, called: bool) -> Iterator[str]:
    """Give the boxes that follow in the same branch."""
    yield from (c.to for c in node.choices if not (called and c.exit))
    yield from filter(None, [node.next])
    yield from node.exits.values()


def _forks(flow: Workflow, file: Document) -> Iterator[Problem]:
    marks = _marked(flow, _begins(flow))
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
    marks = _marked(callee, [start], called=True)
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
    marks: _Marks,
    inside: Mapping[tuple[str, str | None], int],
    *,
    called: bool = False,
) -> int:
    if marks.wrong is not None:
        return 0
    standing: dict[_Open | None, int] = {}
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
