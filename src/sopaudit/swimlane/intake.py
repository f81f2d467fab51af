"""BPMN read into a workflow as YAML has it, keys and texts, with a list of all that has no place.

Files of ours give back what was written, because the rest travels in `extension`; of others, boxes
are numbered in the order of the flow, and their old ids stand behind the new ones as comments.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sopaudit.criteria.workflow import Choice, Lane, Node, Workflow
from sopaudit.problems import Problem, in_file_order
from sopaudit.reading.document import Loc, document
from sopaudit.swimlane.bpmn import xml_id
from sopaudit.swimlane.content import Content, content
from sopaudit.swimlane.extension import unpacked
from sopaudit.swimlane.graph import Box, Graph, Way, called, label, line
from sopaudit.swimlane.markup import Tag, parsed

Plain = dict[str, Any]
"""A mapping as YAML has it."""


@dataclass(frozen=True)
class Known:
    """What a handbook calls its posts and forms: the id of each title."""

    posts: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Intake:
    """A workflow that has been read."""

    data: Plain | None
    """None where nothing could be made of the file."""

    remarks: Mapping[Loc, str]
    """What stands behind an id as a comment: what it was in the file."""

    refused: tuple[Problem, ...]
    """Elements without which the chart would mean something else."""

    told: tuple[Problem, ...]
    """What was left out or made up, and changes no way a ticket can go."""


def intake(raw: bytes, shown: str, id_: str | None, usual: str, known: Known) -> Intake:
    """Read BPMN from memory; `usual` is the id of a workflow that neither `id_` nor it names."""
    top, found = parsed(raw, shown)
    if top is None:
        return Intake(None, {}, found.problems, ())
    read = content(top, shown)
    if isinstance(read, Problem):
        return Intake(None, {}, document(found, None, [read]).problems, ())
    reader = _Reader(read, known, id_, usual)
    data = reader.workflow()
    refused = document(found, None, in_file_order(read.refused)).problems
    told = document(found, None, in_file_order(_gathered(read.told))).problems
    return Intake(data, reader.remarks, refused, told)


_NAMED: Final = 3


def _gathered(told: Iterable[Problem]) -> Iterator[Problem]:
    """Tell what was left out at many elements once, where it stands first."""
    found: dict[str, list[Problem]] = {}
    for problem in told:
        if problem.code == "B018":
            found.setdefault(problem.values["what"], []).append(problem)
        else:
            yield problem
    for same in found.values():
        same.sort(key=lambda problem: problem.place)
        ids = list(dict.fromkeys(problem.values["id"] for problem in same))
        more = f" … ({len(ids)})" if len(ids) > _NAMED else ""
        told_once = ", ".join(ids[:_NAMED]) + more
        yield replace(same[0], values={**same[0].values, "id": told_once})


class _Reader:
    """One file while it is read."""

    def __init__(self, found: Content, known: Known, id_: str | None, usual: str) -> None:
        self.found = found
        self.known = known
        self.own, said = unpacked(found.process, Workflow.model_fields)
        self.lang = said.get("lang", "")
        self.old = said.get("ref", "")
        self.id = id_ or self.old or usual
        self.remarks: dict[Loc, str] = {}
        graph = Graph(found, self.id, self.old)
        self.boxes, self.ways, self.ids = graph.boxes, graph.ways, graph.ids
        self.renamed = graph.renamed

    # --- the workflow -----------------------------------------------------------------------------

    def workflow(self) -> Plain:
        process, pool = self.found.process, self.found.pool
        name = called(pool or process) or called(process)
        data: Plain = {"edition": "1", **self.own, "id": self.id}
        self._word(data, "title", process, name, ())
        if not data.get("title"):
            data["title"] = self.id
            self.found.tell("B019", process, title=self.id)
        self._word(data, "purpose", process, _told(process), ())
        lanes = self._lanes(name)
        data["lanes"] = list(lanes.values())
        names = {key: lane["id"] for key, lane in lanes.items()}
        data["nodes"] = [self._node(n, key, names) for n, key in enumerate(self.boxes)]
        entries = self._entries(data.get("entries"))
        data |= {"entries": entries} if entries else {}
        return _ordered(data, Workflow)

    def _entries(self, own: object) -> list[Plain]:
        """Give our places to enter, or name one for each start of another's file with several."""
        if isinstance(own, list):
            told = [entry for entry in own if isinstance(entry, dict)]
            return [{**entry, "start": self.renamed(str(entry.get("start")))} for entry in told]
        starts = [key for key, box in self.boxes.items() if box.kind == "start"]
        starts = [] if self.own else starts
        return [
            {"id": f"E{n}", "title": self._title(key), "start": self.ids[key]}
            for n, key in enumerate(starts if len(starts) > 1 else (), 1)
        ]

    def _word(self, data: Plain, key: str, tag: Tag, words: str, loc: Loc) -> None:
        """Take a text from the diagram where somebody changed it there, else as we wrote it."""
        said = unpacked(tag, ())[1]
        told = said.get("documentation" if key in _LONG else "name")
        if told is not None and line(told) == line(words):
            return
        if isinstance(data.get(key), dict) and self.lang and words:
            data[key] = {**data[key], self.lang: words}
            self.remarks[*loc, key] = _STALE.format(lang=self.lang)
        elif words:
            data[key] = words
        else:
            data.pop(key, None)

    # --- lanes ------------------------------------------------------------------------------------

    def _lanes(self, pool: str) -> dict[str, Plain]:
        """Make the lanes, by their id in the file; one for the pool where it has none."""
        if not self.found.lanes:
            self.remarks["lanes", 0, "id"] = "–"
            return {"": {"id": "L1", "title": pool or self.id}}
        made: dict[str, Plain] = {}
        taken: set[str] = set()
        for n, tag in enumerate(self.found.lanes):
            own, said = unpacked(tag, Lane.model_fields)
            name = called(tag)
            post = self.known.posts.get(name)
            id_ = said.get("ref", "") or post or f"L{n + 1}"
            while id_ in taken:
                id_ = f"{id_}-{n + 1}"
            taken.add(id_)
            lane: Plain = {**own, "id": id_}
            if said:
                self._word(lane, "title", tag, name, ("lanes", n))
            elif post:
                lane["post"] = post
            else:
                lane["title"] = name or id_
            if not said:
                self.remarks["lanes", n, "id"] = tag.id
            if not said and not name:
                self.found.tell("B019", tag, title=id_)
            made[tag.id] = _ordered(lane, Lane)
        return made

    # --- one box ----------------------------------------------------------------------------------

    def _node(self, n: int, key: str, lanes: Mapping[str, str]) -> Plain:
        box = self.boxes[key]
        own, said = ({}, {}) if box.second else unpacked(box.tag, Node.model_fields)
        if not said:
            self.remarks["nodes", n, "id"] = f"{box.tag.name} {box.tag.id}"
        lane = self.found.lane_of.get(box.tag.id)
        data: Plain = {**own, "id": self.ids[key]}
        data |= {"kind": box.kind} if box.kind != "step" else {}
        data["lane"] = lanes.get(lane.id if lane else "", next(iter(lanes.values())))
        self._word(data, "title", box.tag, called(box.tag), ("nodes", n))
        if not data.get("title") and box.kind not in {"fork", "join"}:
            data["title"] = self._title(key)
            self.found.tell("B019", box.tag, title=str(data["title"]))
        if not box.second:
            self._note(data, box.tag, ("nodes", n))
            forms = [self._form(paper) for paper in self.found.papers.get(box.tag.id, ())]
            data |= {"forms": list(dict.fromkeys(forms))} if forms else {}
        element = box.tag.attributes.get("calledElement", "").rpartition(":")[2]
        if element and element != xml_id(str(data.get("flow") or "_")):
            data["flow"] = element
        data |= self._onward(n, key, box)
        return _ordered(data, Node)

    def _note(self, data: Plain, tag: Tag, loc: Loc) -> None:
        self._word(data, "note", tag, _told(tag), loc)
        further = self.found.notes.get(tag.id, [])
        if further and isinstance(data.get("note"), dict):
            first = self.lang or next(iter(data["note"]))
            words = "\n".join([data["note"].get(first, ""), *further])
            data["note"] = {**data["note"], first: words.strip()}
        elif further:
            data["note"] = "\n".join([*filter(None, [data.get("note", "")]), *further])

    def _title(self, key: str) -> str:
        """Give a name, or the least that tells a nameless box from others."""
        box = self.boxes[key]
        return called(box.tag) or self.ids[key]

    def _form(self, paper: Tag) -> str:
        _, said = unpacked(paper, ())
        object_ = self.found.forms.get(paper.attributes.get("dataObjectRef", ""))
        name = called(paper)
        if said.get("ref") and line(said.get("name", "")) == name:
            return said["ref"]
        name = name or (called(object_) if object_ else "")
        return self.known.forms.get(name, name or paper.id)

    def _onward(self, n: int, key: str, box: Box) -> Plain:
        """Say where a box leads."""
        ways = self.ways.get(key, [])
        ends = [self.ids[way.target] for way in ways]
        if box.kind == "fork":
            self._unlabelled(ways)
            return {"parallel": ends}
        if box.kind == "decision":
            return {
                "choices": [
                    self._choice(box, way, ("nodes", n, "choices", k)) for k, way in enumerate(ways)
                ]
            }
        if box.kind == "subflow":
            own = [unpacked(way.flow, ("label", "exit"))[0] for way in ways]
            if any("label" in told for told in own):
                return {
                    "choices": [
                        self._choice(box, way, ("nodes", n, "choices", k))
                        for k, way in enumerate(ways)
                    ]
                }
            if len(ways) > 1 or any("exit" in told for told in own):
                return {"exits": {self._exit(way): self.ids[way.target] for way in ways}}
        self._unlabelled(ways)
        return {"next": ends[0]} if ends else {}

    def _unlabelled(self, ways: list[Way]) -> None:
        """Tell the words at moves that have no room for any."""
        for way in ways:
            if way.flow.name == "sequenceFlow" and label(way.flow):
                self.found.tell("B018", way.flow, what=label(way.flow))

    def _exit(self, way: Way) -> str:
        own, said = unpacked(way.flow, ("exit",))
        name = label(way.flow) or self.ids[way.target]
        return str(own["exit"]) if "exit" in own and line(said.get("name", "")) == name else name

    def _choice(self, box: Box, way: Way, loc: Loc) -> Plain:
        own, _ = unpacked(way.flow, Choice.model_fields)
        data: Plain = {**own, "to": self.ids[way.target]}
        self._word(data, "label", way.flow, called(way.flow), loc)
        if not data.get("label"):
            other = box.tag.attributes.get("default") == way.flow.id
            # The condition, or else words for people to replace.
            words = label(way.flow) or f"→ {self.ids[way.target]}"
            data["label"] = _OTHER if other else words
            self.found.tell("B019", way.flow, title=_OTHER["zh"] if other else words)
        answer = _ANSWERS.get(str(data["label"]).casefold())
        if not own and answer is not None:
            data["answer"] = answer
        return _ordered(data, Choice)


_STALE: Final = (
    "{lang} 在图上改过，请核对其他语言 · {lang} changed in the diagram; see to the other languages"
)

_LONG: Final = frozenset({"note", "purpose"})
"""Texts that stand in the documentation of an element."""

_OTHER: Final = {"zh": "其他", "en": "otherwise"}
_ANSWERS: Final = dict.fromkeys(("是", "y", "yes"), "yes") | dict.fromkeys(("否", "n", "no"), "no")


def _told(tag: Tag) -> str:
    """Give what documentation says, in its own lines."""
    return "\n".join("\n".join(text.splitlines()) for text in tag.said("documentation"))


def _ordered(data: Plain, model: type[Workflow | Lane | Node | Choice]) -> Plain:
    """Put keys in the order of the model, which is the one people know; numbers need no quotes."""
    keys = [info.alias or name for name, info in model.model_fields.items()]
    bare: Plain = {"optional": True} if data.get("optional") == "yes" else {}
    bare |= {key: int(data[key]) for key in _WHOLE if str(data.get(key, "")).isdecimal()}
    return {key: bare.get(key, data[key]) for key in keys if key in data}


_WHOLE: Final = ("level", "times")
