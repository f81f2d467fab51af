"""Random workflows and logs, a Petri net of a workflow, and a slow exact second reading."""

import heapq
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from sopaudit.criteria.workflow import Workflow

Plain = dict[str, Any]


def workflow(data: Plain) -> Workflow:
    """Make a workflow of its boxes alone; what every chart must have is filled in."""
    lanes = [{"id": "L", "kind": "system", "title": "system"}]
    usual = {"edition": "1", "title": data["id"], "lanes": lanes}
    nodes = [{"lane": "L", "title": node["id"], **node} for node in data["nodes"]]
    return Workflow.model_validate({**usual, **data, "nodes": nodes})


class Drawing:
    """A chart that is drawn at random, block by block, so that it is sound."""

    def __init__(self, random: Random, name: str, events: Sequence[str], boxes: int) -> None:
        self.random = random
        self.name = name
        self.events = events
        self.left = boxes
        self.nodes: list[Plain] = []

    def box(self, **keys: object) -> Plain:
        node = {"id": f"{self.name}.{len(self.nodes)}", **keys}
        self.nodes.append(node)
        return node

    def some(self, least: int = 0, most: int = 2) -> list[str]:
        return [self.random.choice(self.events) for _ in range(self.random.randint(least, most))]

    def chart(self) -> Workflow:
        start = self.box(kind="start", events=self.some(0, 1))
        first, outs = self.block(3)
        start["next"] = first["id"]
        end = self.box(kind="end", events=self.some(0, 1))
        for node, key in outs:
            node[key] = end["id"]
        ignored = [event for event in self.events if self.random.random() < 0.1]
        return workflow({"id": self.name, "nodes": self.nodes, "ignored": ignored})

    def block(self, depth: int) -> tuple[Plain, list[tuple[Plain, Any]]]:
        """Draw a part of a chart: its first box, and the keys of boxes that lead out of it."""
        self.left -= 1
        kind = self.random.choice(["step", "seq", "choice", "fork", "loop"])
        if kind == "step" or depth == 0 or self.left <= 0:
            events = self.some()
            missing = [event for event in dict.fromkeys(events) if self.random.random() < 0.3]
            optional = "yes" if self.random.random() < 0.25 else "no"
            node = self.box(events=events, optional_events=missing, optional=optional)
            return node, [(node, "next")]
        if kind == "seq":
            first, outs = self.block(depth - 1)
            then, ends = self.block(depth - 1)
            for node, key in outs:
                node[key] = then["id"]
            return first, ends
        if kind == "choice":
            return self.choice(depth)
        if kind == "fork":
            return self.fork(depth)
        first, outs = self.block(depth - 1)
        again = self.box(kind="decision", choices=[])
        for node, key in outs:
            node[key] = again["id"]
        onward: Plain = {"label": "on", "to": ""}
        again["choices"] = [
            {"label": "again", "to": first["id"], "events": self.some(0, 1)},
            onward,
        ]
        return first, [(onward, "to")]

    def choice(self, depth: int) -> tuple[Plain, list[tuple[Plain, Any]]]:
        node = self.box(kind="decision", events=self.some(0, 1), choices=[])
        ends: list[tuple[Plain, Any]] = []
        for n in range(self.random.randint(2, 3)):
            way: Plain = {"label": f"way {n}", "to": "", "events": self.some(0, 1)}
            node["choices"].append(way)
            if self.random.random() < 0.25:
                ends.append((way, "to"))
            else:
                then, outs = self.block(depth - 1)
                way["to"] = then["id"]
                ends += outs
        return node, ends

    def fork(self, depth: int) -> tuple[Plain, list[tuple[Plain, Any]]]:
        node = self.box(kind="fork", parallel=[])
        ends: list[tuple[Plain, Any]] = []
        for _ in range(self.random.randint(2, 3)):
            then, outs = self.block(depth - 1)
            node["parallel"].append(then["id"])
            ends += outs
        join = self.box(kind="join")
        for out, key in ends:
            out[key] = join["id"]
        return node, [(join, "next")]


def chart(seed: int, name: str = "W", boxes: int = 8) -> Workflow:
    """Draw a workflow at random."""
    dice = Random(seed)  # noqa: S311 -- no secret, but repeatable
    return Drawing(dice, name, "abcdef", boxes).chart()


# --- a Petri net, read from the boxes alone -------------------------------------------------------


class Petri:
    """A workflow without calls as places and transitions, each arc of the chart a place."""

    def __init__(self, flow: Workflow) -> None:
        self.flow = flow
        self.transitions: list[tuple[str | None, list[str], list[str]]] = []
        for node in flow.nodes:
            self.of(node.id)
        starts = [node.id for node in flow.starts]
        assert len(starts) == 1
        self.transitions.append((None, ["source"], [f"into {starts[0]}"]))

    def fire(self, event: str | None, takes: list[str], gives: list[str]) -> None:
        self.transitions.append((event, takes, gives))

    def into(self, source: str, target: str) -> str:
        """Name the place between two boxes; into a join, that of the branch."""
        if self.flow.by_id[target].kind == "join":
            return f"into {target} by {self.branch(source, target)}"
        return f"into {target}"

    def branch(self, source: str, join: str) -> str:
        """Find the first box of the branch: the fork's way by which the source is reached."""
        if self.flow.by_id[source].kind == "fork":
            return join
        for node in self.flow.nodes:
            if node.kind == "fork" and self.join(node.id) == join:
                return next(way for way in node.parallel if source in self.inside(way, join))
        raise AssertionError(source)

    def inside(self, first: str, join: str) -> set[str]:
        found, ahead = {first}, [first]
        while ahead:
            for target in self.after(ahead.pop()):
                if target != join and target not in found:
                    found.add(target)
                    ahead.append(target)
        return found

    def join(self, fork: str) -> str:
        """Find the join of a fork: the first met at which as many branches end as are open."""
        depth, here = 0, self.flow.by_id[fork].parallel[0]
        seen = set()
        ahead = [(here, depth)]
        while ahead:
            here, depth = ahead.pop(0)
            if here in seen:
                continue
            seen.add(here)
            kind = self.flow.by_id[here].kind
            if kind == "join":
                if depth == 0:
                    return here
                depth -= 1
            if kind == "fork":
                depth += 1
                ahead.append((self.flow.by_id[here].parallel[0], depth))
                continue
            ahead += [(target, depth) for target in self.after(here)]
        raise AssertionError(fork)

    def after(self, box: str) -> list[str]:
        return [edge.target for edge in self.flow.edges if edge.source == box]

    def of(self, box: str) -> None:
        node = self.flow.by_id[box]
        here = f"into {box}"
        if node.kind == "join":
            takes = sorted(
                {self.into(edge.source, box) for edge in self.flow.edges if edge.target == box}
            )
            self.fire(None, takes, [f"at {box}"])
            here = f"at {box}"
        begin = here
        for n, event in enumerate(node.events):
            there = f"{box} after {n}"
            self.fire(event, [here], [there])
            if event in node.optional_events:
                self.fire(None, [here], [there])
            here = there
        if node.kind == "end":
            self.fire(None, [here], ["sink"])
        if node.kind == "fork":
            self.fire(None, [here], [self.into_branch(box, way) for way in node.parallel])
        for n, choice in enumerate(node.choices):
            last = here
            for k, event in enumerate(choice.events):
                self.fire(event, [last], [f"{box} way {n} after {k}"])
                last = f"{box} way {n} after {k}"
            self.fire(None, [last], [self.into(box, choice.to)])
        if node.next is not None:
            self.fire(None, [here], [self.into(box, node.next)])
            if node.optional:
                self.fire(None, [begin], [self.into(box, node.next)])

    def into_branch(self, fork: str, way: str) -> str:
        return self.into(fork, way)


def slow_cost(net: Petri, events: Sequence[str], *, whole: bool = True) -> int:
    """Work out the cost of an optimal alignment the plain way: Dijkstra on net and events."""
    ignored = set(net.flow.ignored)
    start = (frozenset(["source"]), 0)
    best: dict[tuple[frozenset[str], int], int] = {start: 0}
    queue: list[tuple[int, int, tuple[frozenset[str], int]]] = [(0, 0, start)]
    pushed = 0
    while queue:
        cost, _, here = heapq.heappop(queue)
        if cost > best[here]:
            continue
        marking, read = here
        if read == len(events) and (not whole or marking == {"sink"}):
            return cost
        ways = []
        if read < len(events):
            ways.append((cost + (events[read] not in ignored), (marking, read + 1)))
        for event, takes, gives in net.transitions:
            if marking.issuperset(takes):
                after = (marking - set(takes)) | set(gives)
                ways.append((cost + (event is not None), (after, read)))
                if event is not None and read < len(events) and events[read] == event:
                    ways.append((cost, (after, read + 1)))
        for price, there in ways:
            if price < best.get(there, 1 << 30):
                best[there] = price
                pushed += 1
                heapq.heappush(queue, (price, pushed, there))
    raise AssertionError("no way to the end")


def walk(net: Petri, random: Random, most: int = 60) -> list[str]:
    """Walk through a net at random, and write down what is seen."""
    marking, seen = frozenset(["source"]), []
    for _ in range(most):
        if marking == {"sink"}:
            break
        able = [t for t in net.transitions if marking.issuperset(t[1])]
        event, takes, gives = random.choice(able)
        marking = (marking - set(takes)) | set(gives)
        if event is not None:
            seen.append(event)
    return seen


def disturbed(
    events: Sequence[str], random: Random, alphabet: Sequence[str] = "abcdefz"
) -> list[str]:
    """Do to a sequence what people do: leave out, add, and mix up."""
    found = list(events)
    for _ in range(random.randint(0, 3)):
        at = random.randint(0, len(found))
        what = random.choice(["leave", "add", "swap"])
        if what == "leave" and at < len(found):
            del found[at]
        elif what == "add":
            found.insert(at, random.choice(alphabet))
        elif 0 < at < len(found):
            found[at - 1], found[at] = found[at], found[at - 1]
    return found


def as_r4pm(net: Petri) -> Mapping[str, Any]:
    """Write a net as r4pm has it."""
    import uuid

    def key(name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name))

    places = {p for _, takes, gives in net.transitions for p in (*takes, *gives)}
    arcs = []
    for n, (_, takes, gives) in enumerate(net.transitions):
        arcs += [("PlaceTransition", key(p), key(f"t{n}")) for p in takes]
        arcs += [("TransitionPlace", key(f"t{n}"), key(p)) for p in gives]
    return {
        "places": {key(p): {"id": key(p)} for p in sorted(places)},
        "transitions": {
            key(f"t{n}"): {"id": key(f"t{n}"), "label": event}
            for n, (event, _, _) in enumerate(net.transitions)
        },
        "arcs": [
            {"from_to": {"type": kind, "nodes": [source, target]}, "weight": 1}
            for kind, source, target in arcs
        ],
        "initial_marking": {key("source"): 1},
        "final_markings": [{key("sink"): 1}],
    }
