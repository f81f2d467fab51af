"""The boxes and ways of a BPMN process as a workflow counts them.

A gateway that only merges is no box here: what leads to it leads on to what follows. One that joins
and forks at once is two. Boxes of ours keep their ids; others get numbers in the order of the flow.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sopaudit.criteria.field import ID_PATTERN, unfolded
from sopaudit.swimlane.bpmn import TAGS
from sopaudit.swimlane.content import CALL, GATEWAYS, Content
from sopaudit.swimlane.extension import unpacked
from sopaudit.swimlane.markup import Tag

_SECOND: Final = " fork"
"""Behind the id of a gateway that joins, where it forks as well; no id holds a blank."""


@dataclass(frozen=True)
class Box:
    """A box of the workflow."""

    kind: str
    tag: Tag
    second: bool = False
    """It is the fork behind a join, both one gateway of the file."""

    @property
    def key(self) -> str:
        """Its id in the file, or one made of it."""
        return self.tag.id + _SECOND * self.second


@dataclass(frozen=True)
class Way:
    """A move of the workflow."""

    source: str
    target: str
    flow: Tag
    """Of the file; between a join and a fork that are one gateway, the gateway."""


class Graph:
    """All boxes and ways of one file."""

    def __init__(self, found: Content, id_: str, old: str) -> None:
        self.found = found
        self.id = id_
        self.old = old
        """The id the workflow had when we wrote it; empty for files of others."""

        self.boxes: dict[str, Box] = {}
        self._onward: dict[str, str | None] = {}
        self._sort()
        self.ways: dict[str, list[Way]] = defaultdict(list)
        """By the box they leave."""

        for way in self._ways():
            self.ways[way.source].append(way)
        self.ids = self._ids()

    def _sort(self) -> None:
        """Say what each box is, and refuse those with too many or too few ways out."""
        refused = {problem.values["id"] for problem in self.found.refused}
        for id_, tag in self.found.boxes.items():
            went = self.found.went[id_]
            for n, kind in enumerate(self._kinds(tag, len(self.found.arriving[id_]), went)):
                box = Box(kind, tag, second=n > 0)
                self.boxes[box.key] = box
            if tag.name in GATEWAYS:
                wrong = not went
            elif tag.name == CALL and went > 1:
                wrong = not all(label(flow) for flow in self.found.leaving[id_])
            else:
                wrong = went != (tag.name != "endEvent")
            if wrong and id_ not in refused:
                self.found.refuse("B014", tag, count=str(went))

    @staticmethod
    def _kinds(tag: Tag, came: int, went: int) -> list[str]:
        own = unpacked(tag, ())[1].get("kind", "")
        if TAGS.get(own) == tag.name:
            return [own]
        if tag.name == "exclusiveGateway":
            return ["decision"] if went > 1 else []
        if tag.name == "parallelGateway":
            return [*(["join"] if came > 1 else []), *(["fork"] if went > 1 else [])]
        flow = tag.name == CALL and tag.attributes.get("calledElement")
        usual = {"startEvent": "start", "endEvent": "end"}.get(tag.name, "step")
        return ["subflow" if flow else usual]

    def _ways(self) -> Iterator[Way]:
        for flow in self.found.flows:
            source = flow.attributes["sourceRef"]
            target = self._past_merges(flow) if source in self.boxes else None
            if target is not None:
                last = source + _SECOND
                yield Way(last if last in self.boxes else source, target, flow)
        for key, box in self.boxes.items():
            if box.second:
                yield Way(box.tag.id, key, box.tag)

    def _past_merges(self, flow: Tag) -> str | None:
        """Follow a move through gateways that only merge, to the box it leads to.

        None where that is refused, be it the box, the gateway or a circle of gateways.
        """
        passed: list[str] = []
        target: str | None = flow.attributes["targetRef"]
        while target is not None and target not in self.boxes and target not in self._onward:
            # Where the walk comes back to this gateway, it goes round in a circle.
            self._onward[target] = None
            passed.append(target)
            leaving = self.found.leaving[target]
            self._lost_words(target)
            target = leaving[0].attributes["targetRef"] if leaving else None
            if target in passed:
                self.found.refuse("B016", leaving[0])
        end = self._onward.get(target, target) if target is not None else None
        self._onward |= dict.fromkeys(passed, end)
        return end

    def _lost_words(self, id_: str) -> None:
        """Tell what is said at a gateway that only merges, and at the move behind it."""
        tag = self.found.boxes[id_]
        words = [*tag.said("documentation"), called(tag)]
        if any(words):
            self.found.tell("B018", tag, what=line(" ".join(words)))
        for flow in self.found.leaving[id_]:
            if label(flow):
                self.found.tell("B018", flow, what=label(flow))

    # --- ids --------------------------------------------------------------------------------------

    def _ids(self) -> dict[str, str]:
        ids: dict[str, str] = {}
        taken: set[str] = set()
        for key, box in self.boxes.items():
            own = self.renamed(unpacked(box.tag, ())[1].get("ref", ""))
            # A box that was copied in another program has the id of the one it was copied from.
            if re.fullmatch(ID_PATTERN, own) and own not in taken and not box.second:
                ids[key] = own
                taken.add(own)
        order = list(self.boxes) if ids else self._order()
        self.boxes = {key: self.boxes[key] for key in order}
        n = 0
        for key in self.boxes:
            if key not in ids:
                n += 1
                while f"{self.id}.{n}" in taken:
                    n += 1
                ids[key] = f"{self.id}.{n}"
        return ids

    def renamed(self, own: str) -> str:
        """Let the id of a box follow the workflow's, where that gets another."""
        begun = f"{self.old}."
        return f"{self.id}.{own.removeprefix(begun)}" if self.old and own.startswith(begun) else own

    def _order(self) -> list[str]:
        """List the boxes so that each comes after those that lead to it, but for loops."""
        entered = {way.target for ways in self.ways.values() for way in ways}
        starts = [key for key, box in self.boxes.items() if box.kind == "start"]
        roots = [*starts, *(key for key in self.boxes if key not in entered)]
        seen: set[str] = set()
        last_first = [key for root in reversed(roots) for key in self._deepest_first(root, seen)]
        order = last_first[::-1]
        for key in self.boxes:  # in a circle nothing leads into
            order += reversed(list(self._deepest_first(key, seen)))
        return order

    def _deepest_first(self, begin: str, seen: set[str]) -> Iterator[str]:
        """Walk from a box, and give each box once all that follows it has been given."""
        if begin in seen:
            return
        seen.add(begin)
        path = [(begin, self._after(begin))]
        while path:
            key, rest = path[-1]
            target = next((other for other in rest if other not in seen), None)
            if target is None:
                yield key
                path.pop()
            else:
                seen.add(target)
                path.append((target, self._after(target)))

    def _after(self, key: str) -> Iterator[str]:
        return (way.target for way in reversed(self.ways.get(key, [])))


def line(words: str) -> str:
    """Give words in one line; other programs keep the lines in which they are drawn."""
    return unfolded(" ".join(words.split()))


def called(tag: Tag) -> str:
    """Give the name of an element."""
    return line(tag.attributes.get("name", ""))


def label(flow: Tag) -> str:
    """Give the words at a move, or else its condition."""
    return called(flow) or line(" ".join(flow.said("conditionExpression")))
