"""A workflow and its drawing as BPMN 2.0: what it says, and where each shape stands.

A pool is the workflow and a lane is a post; a question's No is the gateway's default flow, its Yes
carries a condition; a form is a data object tied to the box that uses it. Ids stay those of the
YAML where XML allows them; the rest is told in `extension`, so that reading it back loses nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from sopaudit.criteria.workflow import Choice, Edge, Lane, Node, Workflow
from sopaudit.swimlane.drawing import Box, Drawing, Point, Shown
from sopaudit.swimlane.extension import OURS, PREFIX, as_yaml, pack
from sopaudit.swimlane.face import Names, lane_title, said
from sopaudit.swimlane.interchange import (
    along,
    beside,
    covers,
    grown,
    hanging,
    lanes_of,
    rerouted,
    standing,
    tie,
    written_on,
)

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"

_SPACES: Final = {
    "xmlns:bpmn": MODEL,
    "xmlns:bpmndi": DI,
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    f"xmlns:{PREFIX}": OURS,
}

TAGS: Final = {
    "start": "startEvent",
    "end": "endEvent",
    "step": "task",
    "decision": "exclusiveGateway",
    "fork": "parallelGateway",
    "join": "parallelGateway",
    "subflow": "callActivity",
}
"""What each kind of box is in BPMN."""

STRUCTURE: Final = frozenset(
    {"id", "kind", "lane", "title", "forms", "next", "choices", "parallel", "exits"}
)
"""What of a box BPMN has words of its own for; a title in several languages travels besides."""


_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold in any way."""


def xml_id(id_: str) -> str:
    """Give an id as XML allows it: it must not begin with a digit."""
    return id_ if id_[0].isalpha() else f"_{id_}"


def bpmn(workflow: Workflow, drawing: Drawing, names: Names) -> bytes:
    """Write a workflow as BPMN; `drawing` runs from left to right and is in the language wanted."""
    return _Writer(workflow, drawing, names).written()


@dataclass(frozen=True)
class _Use:
    """A form at a box that uses it."""

    id: str
    node: Node
    form: str
    n: int
    """Which of the box's forms it is, from 0."""

    @property
    def tie(self) -> str:
        """The id of the line between them."""
        return f"_tie{self.id}"


class _Writer:
    """One file while it is written."""

    def __init__(self, workflow: Workflow, drawing: Drawing, names: Names) -> None:
        self.workflow = workflow
        self.drawing = drawing
        self.names = names
        self.lang = drawing.lang
        taken = {xml_id(node.id) for node in workflow.nodes}
        process = xml_id(workflow.id)
        # Ours never begin with an underscore, so what does is free.
        self.process = f"_process.{workflow.id}" if process in taken else process
        self.edges: Sequence[tuple[str, Edge]] = _numbered(workflow.edges)
        self.papers = [
            _Use(f"_use.{node.id}.{n + 1}", node, form, n)
            for node in workflow.nodes
            for n, form in enumerate(node.forms)
        ]
        self.shown: Mapping[str, Shown] = {box.id: box for box in drawing.boxes}

    def written(self) -> bytes:
        top = Element("bpmn:definitions", _SPACES)
        top.set("id", "_definitions")
        top.set("targetNamespace", OURS)
        top.set("exporter", "sopaudit")
        self._collaboration(top)
        self._process(top)
        self._diagram(top)
        indent(top)
        text = _FORBIDDEN.sub("\ufffd", tostring(top, encoding="unicode"))
        text = text.replace("\r", "&#13;")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()

    # --- what it says -----------------------------------------------------------------------------

    def _collaboration(self, top: Element) -> None:
        place = SubElement(top, "bpmn:collaboration", {"id": "_collaboration"})
        told = {"id": "_pool", "name": self.drawing.title, "processRef": self.process}
        SubElement(place, "bpmn:participant", told)

    def _process(self, top: Element) -> None:
        flow = self.workflow
        told = {"id": self.process, "name": self.drawing.title, "isExecutable": "false"}
        place = SubElement(top, "bpmn:process", told)
        if flow.purpose is not None:
            SubElement(place, "bpmn:documentation").text = flow.purpose.to(self.lang)
        data = as_yaml(flow)
        kept = {key: data[key] for key in data if key not in ("id", "lanes", "nodes")}
        words = {} if flow.purpose is None else {"documentation": flow.purpose.to(self.lang)}
        pack(place, "workflow", kept, ref=flow.id, lang=self.lang, name=self.drawing.title, **words)
        lanes = SubElement(place, "bpmn:laneSet", {"id": "_lanes"})
        for lane in flow.lanes:
            self._lane(lanes, lane)
        for node in flow.nodes:
            self._node(place, node)
        for id_, edge in self.edges:
            self._edge(place, id_, edge)
        for form in dict.fromkeys(use.form for use in self.papers):
            SubElement(place, "bpmn:dataObject", {"id": f"_form.{_plain(form)}"})
        for use in self.papers:
            title = self.names.forms.get(use.form, use.form)
            told = {"id": use.id, "name": title, "dataObjectRef": f"_form.{_plain(use.form)}"}
            paper = SubElement(place, "bpmn:dataObjectReference", told)
            pack(paper, "form", {}, ref=use.form, name=title)
        for use in self.papers:
            told = {"id": use.tie, "sourceRef": xml_id(use.node.id), "targetRef": use.id}
            SubElement(place, "bpmn:association", told)

    def _lane(self, lanes: Element, lane: Lane) -> None:
        title = lane_title(self.workflow, lane.id, self.names, self.lang)
        place = SubElement(lanes, "bpmn:lane", {"id": f"_lane.{lane.id}", "name": title})
        data = as_yaml(lane)
        data.pop("id")
        pack(place, "lane", data, ref=lane.id, name=title)
        for node in self.workflow.nodes:
            if node.lane == lane.id:
                SubElement(place, "bpmn:flowNodeRef").text = xml_id(node.id)

    def _node(self, process: Element, node: Node) -> None:
        title = said(node.title, self.lang)
        told = {"id": xml_id(node.id)} | ({"name": title} if title else {})
        if node.kind == "subflow" and node.flow:
            told["calledElement"] = xml_id(node.flow)
        leaving = [(id_, edge) for id_, edge in self.edges if edge.source == node.id]
        no = [id_ for id_, edge in leaving if edge.answer == "no"]
        if node.choices and len(no) == 1 and len(leaving) > 1:
            told["default"] = no[0]
        if node.kind in ("decision", "fork", "join"):
            told["gatewayDirection"] = "Converging" if node.kind == "join" else "Diverging"
        place = SubElement(process, f"bpmn:{TAGS[node.kind]}", told)
        note = {"documentation": said(node.note, self.lang)} if node.note is not None else {}
        if note:
            SubElement(place, "bpmn:documentation").text = note["documentation"]
        data = as_yaml(node)
        kept = {key: data[key] for key in data if key not in STRUCTURE or key == "title"}
        pack(place, "node", kept, ref=node.id, kind=node.kind, name=title, **note)
        for id_, edge in self.edges:
            if edge.target == node.id:
                SubElement(place, "bpmn:incoming").text = id_
        for id_, _ in leaving:
            SubElement(place, "bpmn:outgoing").text = id_

    def _edge(self, process: Element, id_: str, edge: Edge) -> None:
        label = self._label(edge)
        told = {"id": id_} | ({"name": label} if label else {})
        ends = {"sourceRef": xml_id(edge.source), "targetRef": xml_id(edge.target)}
        place = SubElement(process, "bpmn:sequenceFlow", told | ends)
        node = self.workflow.by_id[edge.source]
        if node.exits:
            pack(place, "way", {"exit": edge.exit}, name=label)
        elif edge.label is not None:
            choice = Choice.model_construct(
                label=edge.label, answer=edge.answer, events=edge.events, exit=edge.exit, to=""
            )
            data = as_yaml(choice)
            data.pop("to")
            pack(place, "way", data, name=label)
        asked = len(node.exits) > 1 or (len(node.choices) > 1 and edge.answer != "no")
        if asked:
            SubElement(place, "bpmn:conditionExpression").text = label

    def _label(self, edge: Edge) -> str:
        node = self.workflow.by_id[edge.source]
        if edge.exit is not None and node.exits:
            return self.names.exits.get((node.flow or "", edge.exit), edge.exit)
        return said(edge.label, self.lang)

    # --- where it stands --------------------------------------------------------------------------

    def _diagram(self, top: Element) -> None:
        diagram = SubElement(top, "bpmndi:BPMNDiagram", {"id": "_diagram"})
        told = {"id": "_plane", "bpmnElement": "_collaboration"}
        plane = SubElement(diagram, "bpmndi:BPMNPlane", told)
        pool, lanes = lanes_of(self.drawing)
        _bounds(_shape(plane, "_pool", isHorizontal="true"), pool)
        for lane, box in zip(self.workflow.lanes, lanes, strict=True):
            _bounds(_shape(plane, f"_lane.{lane.id}", isHorizontal="true"), box)
        # Moves of an overlay come last and have no word in BPMN.
        drawn = self.drawing.lines[: len(self.edges)]
        lines = [
            rerouted(line.points, self.shown[line.source], self.shown[line.target])
            for line in drawn
        ]
        labels = [
            along(self._label(edge), line.label_box, line.points[0], self.shown[line.source])
            if line.label_box is not None and self._label(edge)
            else None
            for (_, edge), line in zip(self.edges, drawn, strict=True)
        ]
        frames = {lane.id: box for lane, box in zip(self.workflow.lanes, lanes, strict=True)}
        self._shapes(plane, frames, lines, [box for box in labels if box is not None])
        for (id_, _), points, label in zip(self.edges, lines, labels, strict=True):
            place = _edge(plane, id_, points)
            if label is not None:
                _label(place, label)
        for use in self.papers:
            shown = self.shown[use.node.id]
            _edge(plane, use.tie, tie(shown, hanging(shown, use.n)))

    def _shapes(
        self,
        plane: Element,
        lanes: Mapping[str, Box],
        lines: Sequence[Sequence[Point]],
        labels: Sequence[Box],
    ) -> None:
        solid = {box.id: standing(box) for box in self.drawing.boxes}
        obstacles = [paper.box for box in self.drawing.boxes for paper in box.papers]
        obstacles += [*map(grown, labels), *(piece for points in lines for piece in covers(points))]
        for node in self.workflow.nodes:
            shown = self.shown[node.id]
            decided = {"isMarkerVisible": "true"} if node.kind == "decision" else {}
            place = _shape(plane, xml_id(node.id), **decided)
            _bounds(place, standing(shown))
            words = said(node.title, self.lang)
            if words and node.kind not in {"step", "subflow"}:
                others = [box for id_, box in solid.items() if id_ != node.id]
                spot = beside(words, shown, [*obstacles, *others], lanes[node.lane])
                obstacles.append(grown(spot))
                _label(place, spot)
        for use in self.papers:
            box = hanging(self.shown[use.node.id], use.n)
            place = _shape(plane, use.id)
            _bounds(place, box)
            _label(place, written_on(box))


def _numbered(edges: Sequence[Edge]) -> list[tuple[str, Edge]]:
    """Give each move an id: its box, and which way out of it this is."""
    counts: dict[str, int] = {}
    found = []
    for edge in edges:
        counts[edge.source] = counts.get(edge.source, 0) + 1
        found.append((f"_way.{edge.source}.{counts[edge.source]}", edge))
    return found


def _plain(word: str) -> str:
    """Spell a word as part of an id of XML; what XML does not allow there becomes its number."""
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "-.") else f"_{ord(sign):x}_"
        for sign in word
    )


def _shape(plane: Element, of: str, **told: str) -> Element:
    return SubElement(plane, "bpmndi:BPMNShape", {"id": f"_di.{of}", "bpmnElement": of, **told})


def _edge(plane: Element, of: str, points: Sequence[Point]) -> Element:
    place = SubElement(plane, "bpmndi:BPMNEdge", {"id": f"_di.{of}", "bpmnElement": of})
    for x, y in points:
        SubElement(place, "di:waypoint", {"x": str(round(x)), "y": str(round(y))})
    return place


def _label(place: Element, box: Box) -> None:
    _bounds(SubElement(place, "bpmndi:BPMNLabel"), box)


def _bounds(place: Element, box: Box) -> None:
    """Round the sides, not the size, so that what touches still does."""
    x, y = round(box.x), round(box.y)
    told = {"x": x, "y": y, "width": round(box.right) - x, "height": round(box.bottom) - y}
    SubElement(place, "dc:Bounds", {key: str(value) for key, value in told.items()})
