"""What a BPMN file holds: the boxes, moves and lanes we can read, and every element we cannot.

Other programs' files are read by the names of elements in BPMN's namespace, whatever prefix they
use. An element without a place in a workflow is either refused, because the chart would mean
something else without it, or told as left out, because it would mean the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sopaudit.problems import Place, Problem
from sopaudit.swimlane.extension import OURS
from sopaudit.swimlane.markup import Tag

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"

TASKS: Final = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    }
)
MIDDLES: Final = frozenset({"intermediateThrowEvent", "intermediateCatchEvent"})
EVENTS: Final = frozenset({"startEvent", "endEvent", *MIDDLES})
GATEWAYS: Final = frozenset({"exclusiveGateway", "parallelGateway"})
CALL: Final = "callActivity"
BOXES: Final = TASKS | EVENTS | GATEWAYS | {CALL}

_REFUSED: Final = {
    "boundaryEvent": "B010",
    "inclusiveGateway": "B011",
    "complexGateway": "B011",
    "eventBasedGateway": "B011",
    "subProcess": "B012",
    "transaction": "B012",
    "adHocSubProcess": "B012",
}
"""Elements of a process with a reason of their own; any other unknown one is B015."""

_PARTS: Final = frozenset(
    {
        "incoming",
        "outgoing",
        "documentation",
        "extensionElements",
        "conditionExpression",
        "dataInputAssociation",
        "dataOutputAssociation",
        "flowNodeRef",
        "childLaneSet",
    }
)
"""Parts of an element that are read elsewhere."""

_MACHINERY: Final = frozenset({"ioSpecification", "property", "auditing", "monitoring"})
"""What engines keep beside a process; a workflow has no use for it."""

_DEFINITIONS: Final = frozenset(
    {"collaboration", "process", "BPMNDiagram", "documentation", "extensionElements"}
)
_UNLIKE: Final = frozenset({"choreography", "globalChoreographyTask", "conversation"})


@dataclass
class Content:
    """The one process of a file."""

    shown: str
    """As problems name the file."""

    top: Tag
    process: Tag
    pool: Tag | None = None
    lanes: list[Tag] = field(default_factory=list)
    boxes: dict[str, Tag] = field(default_factory=dict)
    """By their id in the file, in its order."""

    flows: list[Tag] = field(default_factory=list)
    """Those that join two boxes."""

    leaving: dict[str, list[Tag]] = field(default_factory=lambda: defaultdict(list))
    """For each box the moves that leave it."""

    arriving: dict[str, list[Tag]] = field(default_factory=lambda: defaultdict(list))
    went: Counter[str] = field(default_factory=Counter)
    """How many moves leave each box, wherever they lead."""

    lane_of: dict[str, Tag] = field(default_factory=dict)
    papers: dict[str, list[Tag]] = field(default_factory=dict)
    """For each box the references of data objects that are tied to it."""

    forms: dict[str, Tag] = field(default_factory=dict)
    """Data objects."""

    notes: dict[str, list[str]] = field(default_factory=dict)
    """For each box what annotations say of it."""

    refused: list[Problem] = field(default_factory=list)
    told: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, tag: Tag, **values: str) -> None:
        """Add a problem without whose end nothing is written."""
        self.refused.append(problem(self.shown, code, tag, **values))

    def tell(self, code: str, tag: Tag, **values: str) -> None:
        """Add a problem that is only told."""
        self.told.append(problem(self.shown, code, tag, **values))


def problem(shown: str, code: str, tag: Tag, **values: str) -> Problem:
    """Make a problem of an element: its id, its kind, and where it begins."""
    told = {"id": tag.id, "kind": tag.name, **values}
    return Problem(Place(shown, *tag.at), code, told)


def content(top: Tag, shown: str) -> Content | Problem:
    """Sort what a file holds; a problem where there is no process in it."""
    if top.name != "definitions" or top.space != MODEL:
        return problem(shown, "B005", top)
    processes = [tag for tag in top.inside("process") if any(True for _ in tag.inside(*BOXES))]
    if not processes:
        return problem(shown, "B006", top)
    process = max(processes, key=lambda tag: sum(1 for _ in tag.inside(*BOXES)))
    found = Content(shown, top, process)
    _pools(found, processes)
    _beside(found)
    _parts(found)
    _moves(found)
    _lanes(found)
    _ties(found)
    return found


def _pools(found: Content, processes: Sequence[Tag]) -> None:
    """Find the pool of the process; whatever other pools hold is refused."""
    others = {tag.id: tag for tag in processes if tag is not found.process}
    for group in found.top.inside("collaboration"):
        for pool in group.inside("participant"):
            ref = _local(pool.attributes.get("processRef", ""))
            if ref and ref == found.process.attributes.get("id"):
                found.pool = pool
                for part in pool.inside("participantMultiplicity"):
                    found.refuse("B013", pool, kind=part.name)
            elif others.pop(ref, None):
                found.refuse("B007", pool)
            else:
                found.tell("B018", pool, what=pool.name)
    for tag in others.values():
        found.refuse("B007", tag)


def _beside(found: Content) -> None:
    """Look at everything else that is not in the process."""
    for group in found.top.inside("collaboration"):
        for part in group.children:
            if part.name == "messageFlow":
                found.refuse("B008", part)
            elif part.name not in {"participant", "documentation", "extensionElements"}:
                _aside(found, part)
    for part in found.top.children:
        if part.name in _UNLIKE:
            found.refuse("B015", part)
        elif part.name not in _DEFINITIONS:
            found.tell("B018", part, what=part.name)


def _local(name: str) -> str:
    """Take the prefix off a qualified name."""
    return name.rpartition(":")[2]


def _aside(found: Content, tag: Tag) -> None:
    """Judge an element that is neither box nor move."""
    if tag.name in {"association", "textAnnotation"}:
        return
    if tag.name in {"group", "category", *_MACHINERY}:
        found.tell("B018", tag, what=tag.name)
    else:
        found.refuse(_REFUSED.get(tag.name, "B015"), tag)


def _parts(found: Content) -> None:
    _foreign(found, found.process)
    for tag in found.process.children:
        if tag.space != MODEL:
            found.tell("B018", tag, what=tag.name)
        elif tag.name in BOXES:
            _box(found, tag)
        elif tag.name == "dataObject":
            found.forms[tag.id] = tag
        elif tag.name not in {
            "laneSet",
            "sequenceFlow",
            "dataObjectReference",
            "documentation",
            "extensionElements",
        }:
            _aside(found, tag)


def _box(found: Content, tag: Tag) -> None:
    if "id" not in tag.attributes or tag.id in found.boxes:
        found.refuse("B015", tag)
        return
    definitions = [
        part.name
        for part in tag.children
        if part.name.endswith(("EventDefinition", "EventDefinitionRef"))
    ]
    loops = [part.name for part in tag.children if part.name.endswith("LoopCharacteristics")]
    if definitions:
        found.refuse("B010", tag, kind=definitions[0])
    elif loops:
        found.refuse("B013", tag, kind=loops[0])
    elif tag.attributes.get("isForCompensation") == "true":
        found.refuse("B015", tag, kind="isForCompensation")
    elif tag.name == CALL and not tag.attributes.get("calledElement"):
        found.refuse("B012", tag)
    _foreign(found, tag)
    found.boxes[tag.id] = tag


_SILENT: Final = frozenset({"historyTimeToLive", "versionTag", "candidateStarterGroups"})


def _foreign(found: Content, tag: Tag) -> None:
    """Tell what other programs, or engines, keep at an element."""
    names = [key.rpartition("}")[2] for key in tag.attributes if key.startswith("{")]
    for part in tag.children:
        if part.name == "extensionElements":
            names += [inner.name for inner in part.children if inner.space != OURS]
        elif tag is not found.process and part.name not in _PARTS:
            names += [part.name] if not part.name.endswith(_READ_ABOVE) else []
    names = [name for name in dict.fromkeys(names) if name not in _SILENT]
    if names:
        found.tell("B018", tag, what=", ".join(names))


_READ_ABOVE: Final = ("EventDefinition", "EventDefinitionRef", "LoopCharacteristics")


def _moves(found: Content) -> None:
    """Take the moves between boxes; what leads to a refused element goes with that."""
    known = {tag.attributes["id"] for tag in found.process.all() if "id" in tag.attributes}
    for tag in found.process.inside("sequenceFlow"):
        found.went[tag.attributes.get("sourceRef", "")] += 1
        ends = [tag.attributes.get(key, "") for key in ("sourceRef", "targetRef")]
        if all(end in found.boxes for end in ends):
            found.flows.append(tag)
            found.leaving[ends[0]].append(tag)
            found.arriving[ends[1]].append(tag)
            _foreign(found, tag)
        elif not all(end in known for end in ends):
            found.refuse("B016", tag)


def _lanes(found: Content) -> None:
    for set_ in found.process.inside("laneSet"):
        for lane in set_.inside("lane"):
            found.lanes.append(lane)
            _foreign(found, lane)
            nested = [inner for inner in lane.all() if inner.name == "lane" and inner is not lane]
            nested = [inner for inner in nested if inner.space == MODEL]
            for inner in nested:
                found.refuse("B009", inner)
            refs = [ref for one in (*nested, lane) for ref in one.said("flowNodeRef")]
            found.lane_of |= dict.fromkeys(map(_local, refs), lane)
    if not found.lanes:
        return
    boxes = dict(_bounds(found.top))
    if all(lane.id in boxes for lane in found.lanes):
        across = len({boxes[lane.id][0] for lane in found.lanes}) == 1
        found.lanes.sort(key=lambda lane: boxes[lane.id][1 if across else 0])
    for id_, tag in found.boxes.items():
        if id_ not in found.lane_of:
            drawn = _standing(id_, found.lanes, boxes)
            if drawn is None:
                found.refuse("B017", tag)
            else:
                found.lane_of[id_] = drawn


_Bounds = tuple[float, float, float, float]


def _bounds(top: Tag) -> Iterator[tuple[str, _Bounds]]:
    """List where shapes stand: left, top, width, height."""
    for shape in top.all():
        if shape.name == "BPMNShape":
            for box in (part for part in shape.children if part.name == "Bounds"):
                try:
                    x, y, wide, high = (
                        float(box.attributes.get(key, "")) for key in ("x", "y", "width", "height")
                    )
                except ValueError:
                    continue
                yield _local(shape.attributes.get("bpmnElement", "")), (x, y, wide, high)


def _standing(id_: str, lanes: Sequence[Tag], boxes: Mapping[str, _Bounds]) -> Tag | None:
    """Find the lane in which the middle of a box is drawn."""
    if id_ not in boxes:
        return None
    x, y, wide, high = boxes[id_]
    middle = (x + wide / 2, y + high / 2)
    for lane in lanes:
        if lane.id in boxes:
            left, top, across, down = boxes[lane.id]
            if left <= middle[0] <= left + across and top <= middle[1] <= top + down:
                return lane
    return None


def _ties(found: Content) -> None:
    """Find which forms and annotations belong to which boxes."""
    papers = {tag.id: tag for tag in found.process.inside("dataObjectReference")}
    groups = [found.process, *found.top.inside("collaboration")]
    words = {tag.id: tag for group in groups for tag in group.inside("textAnnotation")}
    used = set()
    for box, end in _tied(found, groups):
        if end in papers:
            own = found.papers.setdefault(box, [])
            if papers[end] not in own:
                own.append(papers[end])
            used.add(end)
        elif end in words:
            found.notes.setdefault(box, []).extend(words[end].said("text"))
            used.add(end)
    for id_, tag in {**papers, **words}.items():
        if id_ not in used:
            said = [*tag.said("text"), tag.attributes.get("name", "")]
            found.tell("B018", tag, what=" ".join([tag.name, *" ".join(said).split()]))


def _tied(found: Content, groups: Sequence[Tag]) -> Iterator[tuple[str, str]]:
    """Pair boxes with what is tied to them, in file order."""
    for id_, tag in found.boxes.items():
        for way in tag.inside("dataInputAssociation", "dataOutputAssociation"):
            for end in (*way.said("sourceRef"), *way.said("targetRef")):
                yield id_, _local(end)
    for group in groups:
        for tag in group.inside("association"):
            ends = [_local(tag.attributes.get(key, "")) for key in ("sourceRef", "targetRef")]
            for one, other in (ends, ends[::-1]):
                if one in found.boxes:
                    yield one, other
