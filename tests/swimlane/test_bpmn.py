"""A workflow as BPMN: what other programs find in it, and what we read back."""

import re
import subprocess
import sys
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.criteria.workflow import Workflow
from sopaudit.reading.events import read, read_bytes
from sopaudit.reading.manuscript import manuscript
from sopaudit.reading.shape import validated
from sopaudit.swimlane.bpmn import bpmn
from sopaudit.swimlane.drawing import Box, Drawing, Lane, Line, Shown
from sopaudit.swimlane.face import Names
from sopaudit.swimlane.intake import Intake, Known, intake
from sopaudit.swimlane.interchange import EVENT, GATEWAY
from sopaudit.swimlane.layout import lay_out

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
HANDBOOK: Final = sorted((ROOT / "sops/workflows").glob("*.yaml"))
EVERYTHING: Final = HERE / "everything.yaml"
NAMES: Final = Names(posts={"SAL": "店员"}, forms={"order": "订单"})

MODEL: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS: Final = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT: Final = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"

Bounds = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def workflow(path: Path) -> Workflow:
    value, problems = validated(read(path), Workflow)
    assert value is not None, problems
    return value


def drawn(flow: Workflow, lang: str = "zh") -> Drawing:
    return lay_out(flow, lang=lang, names=NAMES, upright=False)


def written(flow: Workflow, lang: str = "zh") -> bytes:
    return bpmn(flow, drawn(flow, lang), NAMES)


def taken(raw: bytes, id_: str | None = None) -> Intake:
    return intake(raw, "x.bpmn", id_, "x", Known())


def as_yaml(data: Any) -> Workflow:  # noqa: ANN401 -- what stands in YAML
    text = manuscript(data, {}, apart=("lanes", "nodes"))
    value, problems = validated(read_bytes(text.encode(), "x.yaml"), Workflow)
    assert value is not None, (problems, text)
    return value


@pytest.fixture(scope="module")
def tree() -> ET.Element:
    return ET.fromstring(written(workflow(EVERYTHING)))  # noqa: S314 -- our own


def named(tree: ET.Element, tag: str) -> dict[str, ET.Element]:
    return {one.attrib["id"]: one for one in tree.iter(MODEL + tag)}


# --- there and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", [EVERYTHING, *HANDBOOK], ids=lambda path: path.stem)
def test_a_workflow_written_and_read_is_the_same(path: Path, lang: str) -> None:
    flow = workflow(path)
    found = taken(written(flow, lang))
    assert (found.refused, found.told) == ((), ())
    assert Workflow.model_validate(found.data) == flow
    assert as_yaml(found.data) == flow


def test_what_comes_back_is_written_as_people_write_it() -> None:
    text = manuscript(taken(written(workflow(EVERYTHING))).data or {}, {}, apart=("nodes",))
    for line in ("    optional: yes", "    within: 3 minutes", "    times: 2", "level: 1"):
        assert f"\n{line}\n" in text
    for line in ("effective_from: 2026-01-01", "    forms: [order, price list, order-2]"):
        assert f"\n{line}\n" in text


SIGNS: Final = "ab Zy09是否（）：，“<>&\"'#%-{}[]?!:*\n\\é…"
TEXT: Final = st.text(st.sampled_from(SIGNS), min_size=1, max_size=12).filter(
    lambda text: bool(text.strip())
)
TEXTS: Final = TEXT | st.fixed_dictionaries({"zh": TEXT}, optional={"en": TEXT})
IDS: Final = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,6}", fullmatch=True)


@st.composite
def flows(draw: st.DrawFn) -> Workflow:
    """Draw a chain of boxes with forks, loops and sub-flows, and with any words."""
    ids = draw(st.lists(IDS, min_size=5, max_size=9, unique=True))
    lanes = [{"id": one, "title": draw(TEXTS)} for one in ("L1", "2")]
    words = st.lists(TEXT.map(str.strip), max_size=2, unique=True)
    nodes: list[dict[str, Any]] = []
    for n, id_ in enumerate(ids):
        node: dict[str, Any] = {"id": id_, "lane": draw(st.sampled_from(["L1", "2"]))}
        node |= {"title": draw(TEXTS), "events": draw(words), "forms": draw(words)}
        node |= {"note": draw(TEXTS)} if draw(st.booleans()) else {}
        others = st.sampled_from(ids[1:])
        kinds = ("step", "decision", "fork", "subflow", "choosing", "after")
        kind = "start" if n == 0 else "end" if n == len(ids) - 1 else draw(st.sampled_from(kinds))
        if kind in {"start", "step", "after"}:
            node |= {"next": ids[n + 1]}
        elif kind in {"decision", "choosing"}:
            ends = draw(st.lists(others, min_size=2, max_size=3))
            node["choices"] = [{"label": draw(TEXTS), "to": end} for end in ends]
        elif kind == "fork":
            node["parallel"] = draw(st.lists(others, min_size=2, max_size=3))
        elif kind == "subflow":
            names = draw(st.lists(TEXT.map(str.strip), min_size=1, max_size=2, unique=True))
            node["exits"] = {name: draw(others) for name in names}
        node |= {"flow": "F5"} if kind in {"subflow", "choosing", "after"} else {}
        node["kind"] = "subflow" if kind in {"choosing", "after"} else kind
        nodes.append(node)
    return Workflow.model_validate(
        {"id": "W", "edition": "1", "title": draw(TEXTS), "lanes": lanes, "nodes": nodes}
    )


def sketch(flow: Workflow) -> Drawing:
    """Draw a workflow anyhow: what comes back does not depend on where boxes stand."""
    at = {node.id: n * 200.0 for n, node in enumerate(flow.nodes)}
    lanes = tuple(
        Lane(lane.id, (), Box(0, n * 100, 2000, 100), Box(0, n * 100, 30, 100))
        for n, lane in enumerate(flow.lanes)
    )
    boxes = tuple(
        Shown(node.id, node.kind, node.lane, Box(at[node.id], 20, 100, 50), ())
        for node in flow.nodes
    )
    lines = tuple(
        Line(edge.source, edge.target, ((at[edge.source], 45), (at[edge.target] + 100, 45)))
        for edge in flow.edges
    )
    return Drawing(flow.id, "?", "zh", 2000, 200, lanes, boxes, lines, upright=False)


@settings(max_examples=60, deadline=None)
@given(flows())
def test_any_workflow_with_any_words_comes_back_the_same(flow: Workflow) -> None:
    found = taken(bpmn(flow, sketch(flow), NAMES))
    assert Workflow.model_validate(found.data) == flow
    assert as_yaml(found.data) == flow


def test_a_file_is_the_same_under_any_hash_seed() -> None:
    code = (
        f"__file__ = {__file__!r}; exec(open(__file__).read()); "
        "import sys; sys.stdout.buffer.write(written(workflow(EVERYTHING)))"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert made == {written(workflow(EVERYTHING))}


def test_the_copy_of_a_workflow_under_another_id_takes_its_boxes_along() -> None:
    found = taken(written(workflow(EVERYTHING)), "F9")
    assert found.data is not None
    ids = [node["id"] for node in found.data["nodes"]]
    assert ids[:3] == ["F9.1", "F9.2", "ask"]
    assert found.data["entries"][0]["start"] == "F9.1"
    assert found.data["id"] == "F9"


# --- what other programs find --------------------------------------------------------------------


def test_ids_are_unique_names_of_xml_and_every_reference_has_its_end(tree: ET.Element) -> None:
    # Some tools look for an id wherever an attribute has that name.
    ids = [one.attrib["id"] for one in tree.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    ids = [
        one.attrib["id"]
        for one in tree.iter()
        if one.tag.startswith((MODEL, DI)) and "id" in one.attrib
    ]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9._-]*", id_) for id_ in ids)
    refs = [
        one.attrib[key]
        for one in tree.iter()
        for key in (
            "sourceRef",
            "targetRef",
            "processRef",
            "default",
            "bpmnElement",
            "dataObjectRef",
        )
        if key in one.attrib
    ]
    refs += [
        one.text or ""
        for tag in ("incoming", "outgoing", "flowNodeRef")
        for one in tree.iter(MODEL + tag)
    ]
    assert set(refs) <= set(ids)
    assert "ask" in ids
    assert "_7-all.1" in ids


def test_a_no_is_the_default_flow_and_every_other_way_has_a_condition(tree: ET.Element) -> None:
    flows = named(tree, "sequenceFlow")
    conditional = {
        id_ for id_, flow in flows.items() if flow.find(MODEL + "conditionExpression") is not None
    }
    gateways = named(tree, "exclusiveGateway")
    assert flows[gateways["enough"].attrib["default"]].attrib["name"] == "否"
    assert "default" not in gateways["which"].attrib
    assert conditional == {
        "_way.which.1",
        "_way.which.2",
        "_way.which.3",
        "_way.enough.1",
        "_way.whole.1",
        "_way.sub.1",
        "_way.sub.2",
    }


def test_lanes_are_bound_to_posts_and_hold_their_boxes(tree: ET.Element) -> None:
    lanes = named(tree, "lane")
    assert [lane.attrib["name"] for lane in lanes.values()] == ["店员", "客户", "系统"]
    held = [ref.text for ref in lanes["_lane.customer"].iter(MODEL + "flowNodeRef")]
    assert held == ["_7-all.1", "_7-all.2", "pay", "enough"]
    post = lanes["_lane.SAL"].find(".//{urn:sopaudit:workflow:1}post")
    assert post is not None
    assert post.text == "SAL"


def test_a_form_is_one_data_object_and_stands_at_every_box_that_uses_it(tree: ET.Element) -> None:
    papers = [
        paper.attrib
        for paper in tree.iter(MODEL + "dataObjectReference")
        if paper.attrib["name"] == "订单"
    ]
    assert {paper["dataObjectRef"] for paper in papers} == {"_form.order"}
    ties = {
        (tie.attrib["sourceRef"], tie.attrib["targetRef"])
        for tie in tree.iter(MODEL + "association")
    }
    assert {(box, f"_use.{box}.1") for box in ("ask", "which", "pay", "sub")} <= ties


def test_a_called_flow_is_named_and_a_fork_and_a_join_are_parallel(tree: ET.Element) -> None:
    calls = named(tree, "callActivity")
    assert calls["sub"].attrib["calledElement"] == "_9-repair"
    directions = {
        id_: gateway.attrib["gatewayDirection"]
        for id_, gateway in named(tree, "parallelGateway").items()
    }
    assert directions == {"fork": "Diverging", "join": "Converging"}


def test_text_xml_cannot_hold_leaves_a_sound_file() -> None:
    flow = workflow(EVERYTHING)
    odd = flow.model_copy(update={"source": "bell\x07, half\ud800 and \ufffe"})
    raw = written(odd)
    assert "bell\ufffd, half\ufffd and \ufffd" in raw.decode()
    assert taken(raw).data is not None


# --- where it stands -----------------------------------------------------------------------------


def bounds(shape: ET.Element) -> Bounds:
    box = shape.find(BOUNDS)
    assert box is not None
    x, y, wide, high = (int(box.attrib[key]) for key in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def shapes(tree: ET.Element) -> dict[str, Bounds]:
    return {one.attrib["bpmnElement"]: bounds(one) for one in tree.iter(f"{DI}BPMNShape")}


def edges(tree: ET.Element) -> dict[str, list[tuple[int, int]]]:
    return {
        one.attrib["bpmnElement"]: [
            (int(p.attrib["x"]), int(p.attrib["y"])) for p in one.iter(WAYPOINT)
        ]
        for one in tree.iter(f"{DI}BPMNEdge")
    }


def test_every_element_that_is_drawn_has_a_place_and_every_name_beside_one_its_bounds(
    tree: ET.Element,
) -> None:
    standing, lines = shapes(tree), edges(tree)
    boxes = {*named(tree, "lane"), "_pool"}
    for tag in ("startEvent", "endEvent", "task", "callActivity", "exclusiveGateway"):
        boxes |= set(named(tree, tag))
    boxes |= set(named(tree, "parallelGateway")) | set(named(tree, "dataObjectReference"))
    assert set(standing) == boxes
    assert set(lines) == set(named(tree, "sequenceFlow")) | set(named(tree, "association"))
    told = {
        one.attrib["id"]
        for one in tree.iter()
        if one.tag.removeprefix(MODEL)
        in {"startEvent", "endEvent", "exclusiveGateway", "sequenceFlow", "dataObjectReference"}
        and one.attrib.get("name")
    }
    labelled = {
        one.attrib["bpmnElement"]
        for one in tree.iter()
        if one.tag in {f"{DI}BPMNShape", f"{DI}BPMNEdge"}
        and one.find(f"{DI}BPMNLabel/{BOUNDS}") is not None
    }
    assert told <= labelled


@pytest.mark.parametrize("path", [EVERYTHING, *HANDBOOK], ids=lambda path: path.stem)
def test_small_shapes_have_the_sizes_of_bpmn_and_lines_end_at_their_rims(path: Path) -> None:
    tree = ET.fromstring(written(workflow(path)))  # noqa: S314 -- our own
    standing, lines = shapes(tree), edges(tree)
    for tag, size in (("startEvent", EVENT), ("endEvent", EVENT), ("exclusiveGateway", GATEWAY)):
        for id_ in named(tree, tag):
            left, top, right, bottom = standing[id_]
            assert (right - left, bottom - top) == (size, size)
    solid = [
        box for id_, box in standing.items() if not id_.startswith(("_lane.", "_pool", "_use."))
    ]
    for n, one in enumerate(solid):
        assert not [other for other in solid[:n] if overlap(one, other)]
    for id_, flow in named(tree, "sequenceFlow").items():
        points = lines[id_]
        for start, stop in pairwise(points):
            assert start != stop
            assert start[0] == stop[0] or start[1] == stop[1]
        for end, point in (("sourceRef", points[0]), ("targetRef", points[-1])):
            assert rim(tree, standing, flow.attrib[end], point) <= 1.5


def overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def rim(tree: ET.Element, standing: dict[str, Bounds], id_: str, point: tuple[int, int]) -> float:
    """Measure how far a point is from the rim of a shape."""
    left, top, right, bottom = standing[id_]
    x, y = abs(point[0] - (left + right) / 2), abs(point[1] - (top + bottom) / 2)
    if id_ in named(tree, "startEvent") | named(tree, "endEvent"):
        return abs(hypot(x, y) - EVENT / 2)
    if id_ in named(tree, "exclusiveGateway") | named(tree, "parallelGateway"):
        return abs(x + y - (right - left) / 2)
    return max(abs(max(x - (right - left) / 2, y - (bottom - top) / 2)), 0)


@pytest.mark.parametrize("path", [EVERYTHING, *HANDBOOK], ids=lambda path: path.stem)
def test_lanes_fill_the_pool_and_hold_their_shapes(path: Path) -> None:
    tree = ET.fromstring(written(workflow(path)))  # noqa: S314 -- our own
    standing = shapes(tree)
    pool = standing["_pool"]
    lanes = [standing[id_] for id_ in named(tree, "lane")]
    assert (lanes[0][1], lanes[-1][3]) == (pool[1], pool[3])
    assert all(one[3] == other[1] for one, other in pairwise(lanes))
    assert all((lane[0], lane[2]) == (pool[0] + 30, pool[2]) for lane in lanes)
    for id_, lane in named(tree, "lane").items():
        left, top, right, bottom = standing[id_]
        for ref in lane.iter(MODEL + "flowNodeRef"):
            box = standing[ref.text or ""]
            assert left + 30 <= box[0] < box[2] <= right
            assert top <= box[1] < box[3] <= bottom


@pytest.mark.parametrize("path", HANDBOOK, ids=lambda path: path.stem)
def test_names_beside_small_shapes_stay_in_their_lane_and_cover_no_other_shape(path: Path) -> None:
    tree = ET.fromstring(written(workflow(path)))  # noqa: S314 -- our own
    own = {*named(tree, "startEvent"), *named(tree, "endEvent"), *named(tree, "exclusiveGateway")}
    labels = {
        one.attrib["bpmnElement"]: bounds(label)
        for one in tree.iter(f"{DI}BPMNShape")
        if one.attrib["bpmnElement"] in own and (label := one.find(f"{DI}BPMNLabel")) is not None
    }
    solid = {
        id_: box for id_, box in shapes(tree).items() if not id_.startswith(("_lane.", "_pool"))
    }
    for id_, lane in named(tree, "lane").items():
        _, top, _, bottom = shapes(tree)[id_]
        for ref in lane.iter(MODEL + "flowNodeRef"):
            if spot := labels.get(ref.text or ""):
                assert top <= spot[1] < spot[3] <= bottom
    covered = [
        (label, id_)
        for label, spot in labels.items()
        for id_, box in solid.items()
        if id_ != label and overlap(spot, box)
    ]
    assert covered == []
