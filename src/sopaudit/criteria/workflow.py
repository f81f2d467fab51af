"""Ticket workflows: lanes of posts, boxes in them, and the moves from box to box."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from pydantic import Field

from sopaudit.criteria.duration import Length
from sopaudit.criteria.field import Day, Entry, Flag, Id, Text, Whole, Word
from sopaudit.reading.document import Loc

NodeKind = Literal["start", "end", "step", "decision", "fork", "join", "subflow"]
"""What a box of a chart is."""


class Lane(Entry):
    """A column of the chart: the post that performs what stands in it."""

    id: Id
    kind: Literal["post", "customer", "system"] = "post"
    post: Word | None = None
    """The post it is bound to; its title is the lane's where the lane has none."""

    title: Text | None = None


class Choice(Entry):
    """One way out of a decision."""

    label: Text
    to: Word
    answer: Literal["yes", "no"] | None = None
    """Where the decision is a question; the chart marks it Y or N."""

    events: tuple[Word, ...] = ()
    """What the records show when it is taken."""

    exit: Word | None = None
    """The name by which a flow that called this one goes on from here."""


class Node(Entry):
    """One box of the chart."""

    id: Id
    kind: NodeKind = "step"
    lane: Word
    """Where it is drawn."""

    also: tuple[Word, ...] = ()
    """Further lanes that may do it, or take part; a post without a lane may stand here, too."""

    title: Text | None = None
    """What is done; only a fork and a join may have none."""

    note: Text | None = None
    """What the box has no room for; it stands in the table beside the chart."""

    events: tuple[Word, ...] = ()
    """What the records show when it is done, in order."""

    optional_events: tuple[Word, ...] = ()
    """Those of `events` that may be missing."""

    forms: tuple[Word, ...] = ()
    limit: Text | None = None
    """How fast or how often, in words for people."""

    within: Length | None = None
    """The same limit as a length of time."""

    times: Whole | None = None
    """The same limit as a number of attempts."""

    standards: tuple[Word, ...] = ()
    """Steps or standards of posts that say how it is done."""

    optional: Flag = False
    """It may be left out; the chart says so."""

    flow: Word | None = None
    """The workflow behind a sub-flow, or the one that takes over at an end."""

    entry: Word | None = None
    """Where that workflow is entered."""

    next: Word | None = None
    """Where a start, a step, a join and a sub-flow go on; of a sub-flow, once it has ended."""

    choices: tuple[Choice, ...] = ()
    """The ways out of a decision, or of a sub-flow that stands for a whole flow."""

    parallel: tuple[Word, ...] = ()
    """What a fork begins, all of it."""

    exits: dict[Word, Word] = Field(default_factory=dict)
    """For each exit of the flow that is called, the box that follows.

    A sub-flow without them, but with `choices`, is an overview: it stands for a whole flow and is
    drawn, but nothing walks into it. So are all sub-flows without exits in a chart of level 1.
    """

    provenance: Word | None = None

    @property
    def lanes(self) -> tuple[str, ...]:
        """All lanes whose posts may do it, the one it is drawn in first."""
        return (self.lane, *self.also)


class Entrance(Entry):
    """A place where another workflow may enter this one."""

    id: Id
    title: Text
    start: Word
    """The box it begins with."""

    lane: Word | None = None
    """The lane it is entered in, where the first box has several."""


@dataclass(frozen=True)
class Edge:
    """A move from one box to the next."""

    source: str
    target: str
    label: Text | None
    """On a way out of a decision or a sub-flow."""

    answer: str | None
    events: tuple[str, ...]
    exit: str | None
    loc: Loc
    """Where the target is written, in the file of the workflow."""


class Workflow(Entry):
    """A flow chart: the whole service, or one kind of it."""

    id: Id
    edition: Word
    effective_from: Day | None = None
    effective_until: Day | None = None
    title: Text
    level: Whole = 2
    """1 is the overall flow, 2 one service below it."""

    purpose: Text | None = None
    when: tuple[Word, ...] = ()
    """Conditions, all of which a ticket meets that is to go this way; any where none is named."""

    source: Word | None = None
    provenance: Word | None = None
    lanes: tuple[Lane, ...] = Field(min_length=1)
    """In the order they are drawn."""

    entries: tuple[Entrance, ...] = ()
    exits: dict[Word, Text] = Field(default_factory=dict)
    """The exits by which it goes back to a workflow that called it, and what each is called."""

    nodes: tuple[Node, ...] = Field(min_length=1)
    """In the order of the chart."""

    events: dict[Word, Text] = Field(default_factory=dict)
    """Events that stand in no register, and what they mean."""

    ignored: tuple[Word, ...] = ()
    """Events of the records that say nothing about this workflow."""

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """The boxes by id."""
        return {node.id: node for node in self.nodes}

    @property
    def starts(self) -> tuple[Node, ...]:
        """The boxes the chart begins with."""
        return tuple(node for node in self.nodes if node.kind == "start")

    def calls(self, node: Node) -> bool:
        """Say whether a ticket walks through the flow behind `node` and comes back."""
        return node.kind == "subflow" and bool(
            node.exits or (node.next is not None and self.level > 1)
        )

    def entered(self, entry: str | None) -> str | None:
        """Give the box another flow enters by; None if there is no such entry, or no one start."""
        if entry is not None:
            return next((found.start for found in self.entries if found.id == entry), None)
        return self.starts[0].id if len(self.starts) == 1 else None

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All moves, in the order they are written."""
        return tuple(edge for n, node in enumerate(self.nodes) for edge in _edges(n, node))

    def told_edges(self, workflows: "Mapping[str, Workflow]") -> tuple[Edge, ...]:
        """All moves, with the exits of each called flow in the words of that flow."""

        def label(edge: Edge) -> Text | None:
            node = self.by_id[edge.source]
            called = workflows.get(node.flow or "")
            words = called.exits.get(edge.exit) if called and node.exits and edge.exit else None
            return words or edge.label

        return tuple(replace(edge, label=label(edge)) for edge in self.edges)


def _edges(n: int, node: Node) -> list[Edge]:
    at: Loc = ("nodes", n)
    found = []
    if node.next is not None:
        found.append(Edge(node.id, node.next, None, None, (), None, (*at, "next")))
    for k, choice in enumerate(node.choices):
        where = (*at, "choices", k, "to")
        found.append(
            Edge(node.id, choice.to, choice.label, choice.answer, choice.events, choice.exit, where)
        )
    for k, target in enumerate(node.parallel):
        found.append(Edge(node.id, target, None, None, (), None, (*at, "parallel", k)))
    for name, target in node.exits.items():
        label = Text((("", name),))
        found.append(Edge(node.id, target, label, None, (), name, (*at, "exits", name)))
    return found
