"""What must hold of the boxes of a workflow: they fit their kind, and all they name is known."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from sopaudit.criteria.draft import Draft, ids, ids_inside, opened, shaped, unknown
from sopaudit.criteria.field import Text
from sopaudit.criteria.workflow import Node, NodeKind, Workflow
from sopaudit.problems import Problem
from sopaudit.reading.document import Document, Loc


def charts(draft: Draft) -> Iterator[Problem]:
    """Look whether every box fits its kind, and every name it uses is known."""
    known = _Known(draft)
    for flow, file in shaped(draft.workflows):
        yield from _names(flow, file, known)
    for flow, file in shaped(draft.workflows, whole=True):
        yield from misfits(flow, file)


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


def misfits(flow: Workflow, file: Document) -> Iterator[Problem]:
    """Look for a start that is missing or one too many, and boxes and lanes unlike their kind."""
    yield from _starts(flow, file)
    yield from _kinds(flow, file)


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
