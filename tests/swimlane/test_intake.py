"""Diagrams of other programs, and ours after somebody changed them there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from sopaudit.criteria.workflow import Workflow
from sopaudit.problems import Problem
from sopaudit.reading.events import read, read_bytes
from sopaudit.reading.manuscript import manuscript
from sopaudit.reading.shape import validated
from sopaudit.swimlane import markup
from sopaudit.swimlane.bpmn import bpmn
from sopaudit.swimlane.face import Names
from sopaudit.swimlane.intake import Intake, Known, intake
from sopaudit.swimlane.layout import lay_out

HERE: Final = Path(__file__).parent
KNOWN: Final = Known(posts={"店员": "SAL", "技师": "MEC"}, forms={"订单": "order"})
MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def taken(raw: str | bytes, id_: str | None = "F9") -> Intake:
    raw = raw.encode() if isinstance(raw, str) else raw
    return intake(raw, "x.bpmn", id_, "usual", KNOWN)


def data_of(raw: str | bytes) -> dict[str, Any]:
    """Read what must be readable, and hold it to the model and to YAML."""
    found = taken(raw)
    assert found.data is not None
    assert found.refused == ()
    text = manuscript(found.data, found.remarks, apart=("nodes",))
    value, problems = validated(read_bytes(text.encode(), "x.yaml"), Workflow)
    assert problems == []
    assert value == Workflow.model_validate(found.data)
    return found.data


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.code, problem.values.get("id", "")) for problem in problems]


def ways(data: Mapping[str, Any]) -> dict[str, list[str]]:
    flow = Workflow.model_validate(data)
    return {node.id: [e.target for e in flow.edges if e.source == node.id] for node in flow.nodes}


def process(inside: str, *, head: str = "") -> str:
    return (
        f'<definitions xmlns="{MODEL}" targetNamespace="t">{head}'
        f'<process id="p" name="卖车">{inside}</process></definitions>'
    )


def flow(*pairs: str, **names: str) -> str:
    """Write a sequence flow for each pair `a>b`; its id is the pair with a hyphen."""
    return "".join(
        '<sequenceFlow id="{0}-{1}" sourceRef="{0}" targetRef="{1}"{2}/>'.format(
            *pair.split(">"), f' name="{names[pair]}"' if pair in names else ""
        )
        for pair in pairs
    )


SHOP: Final = (
    '<startEvent id="s" name="进店"/><userTask id="a" name="介绍"/><endEvent id="e" name="离店"/>'
)

# --- as several programs write -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["camunda", "bpmn-io", "signavio"])
def test_the_same_chart_of_three_programs_is_the_same_workflow(name: str) -> None:
    data = data_of((HERE / f"{name}.bpmn").read_bytes())
    assert data["lanes"] == [{"id": "SAL", "post": "SAL"}, {"id": "MEC", "post": "MEC"}]
    assert [(node["lane"], node.get("kind", "step"), node["title"]) for node in data["nodes"]] == [
        ("SAL", "start", "顾客进店"),
        ("SAL", "step", "问明需求"),
        ("SAL", "decision", "要修车？"),
        ("MEC", "step", "修车"),
        ("MEC", "decision", "修好了？"),
        ("SAL", "step", "收款"),
        ("SAL", "end", "顾客离开"),
    ]
    assert ways(data) == {
        "F9.1": ["F9.2"],
        "F9.2": ["F9.3"],
        "F9.3": ["F9.4", "F9.6"],
        "F9.4": ["F9.5"],
        "F9.5": ["F9.6", "F9.4"],
        "F9.6": ["F9.7"],
        "F9.7": [],
    }
    answers = [choice.get("answer") for choice in data["nodes"][2]["choices"]]
    assert answers == ["yes", "no"]
    assert data["nodes"][5]["forms"] == ["order"]


def test_a_process_without_collaboration_or_lanes_has_one_lane_with_its_name() -> None:
    data = data_of(process(SHOP + flow("s>a", "a>e")))
    assert data["title"] == "卖车"
    assert data["lanes"] == [{"id": "L1", "title": "卖车"}]


def test_boxes_are_numbered_in_the_order_of_the_flow_and_keep_their_old_ids_as_remarks() -> None:
    inside = '<endEvent id="z" name="完"/><task id="b" name="乙"/><startEvent id="q" name="始"/>'
    found = taken(process(inside + flow("b>z", "q>b")))
    assert found.data is not None
    assert [node["title"] for node in found.data["nodes"]] == ["始", "乙", "完"]
    assert found.remarks["nodes", 1, "id"] == "task b"


def test_lanes_come_in_the_order_they_are_drawn() -> None:
    lanes = "".join(
        f'<lane id="{id_}" name="{id_}"><flowNodeRef>{ref}</flowNodeRef></lane>'
        for id_, ref in (("low", "s"), ("high", "e"), ("middle", "a"))
    )
    shapes = "".join(
        f'<di:BPMNShape bpmnElement="{id_}"><dc:Bounds x="0" y="{y}" width="9" height="9"/>'
        "</di:BPMNShape>"
        for id_, y in (("low", 30), ("high", 10), ("middle", 20))
    )
    drawn = process(f"<laneSet>{lanes}</laneSet>{SHOP}" + flow("s>a", "a>e")).replace(
        "</definitions>", f'<x xmlns:di="d" xmlns:dc="c">{shapes}</x></definitions>'
    )
    assert [lane["title"] for lane in data_of(drawn)["lanes"]] == ["high", "middle", "low"]


def test_a_box_no_lane_names_stands_where_it_is_drawn() -> None:
    lanes = '<laneSet><lane id="l1" name="甲"/><lane id="l2" name="乙"/></laneSet>'
    places = {"l1": (0, 0), "l2": (0, 100), "s": (10, 10), "a": (30, 120), "e": (50, 20)}
    sizes = {id_: (900, 100) if id_ in {"l1", "l2"} else (9, 9) for id_ in places}
    shapes = "".join(
        f'<BPMNShape bpmnElement="{id_}"><Bounds x="{x}" y="{y}" width="{sizes[id_][0]}" '
        f'height="{sizes[id_][1]}"/></BPMNShape>'
        for id_, (x, y) in places.items()
    )
    drawn = process(lanes + SHOP + flow("s>a", "a>e")).replace(
        "</definitions>", f'<x xmlns="d">{shapes}</x></definitions>'
    )
    assert [node["lane"] for node in data_of(drawn)["nodes"]] == ["L1", "L2", "L1"]


# --- gateways ------------------------------------------------------------------------------------


def test_a_gateway_that_only_merges_is_dropped_into_what_follows() -> None:
    gateways = (
        '<exclusiveGateway id="d" name="再看？"/><exclusiveGateway id="m"/>'
        '<exclusiveGateway id="n"/>'
    )
    data = data_of(process(SHOP + gateways + flow("s>m", "m>n", "n>a", "a>d", "d>m", "d>e")))
    assert ways(data) == {"F9.1": ["F9.2"], "F9.2": ["F9.3"], "F9.3": ["F9.2", "F9.4"], "F9.4": []}


def test_words_at_a_dropped_gateway_are_told() -> None:
    inside = (
        SHOP + '<exclusiveGateway id="m" name="汇合"/>' + flow("s>a", "a>m", "m>e", **{"m>e": "好"})
    )
    assert codes(taken(process(inside)).told) == [("B018", "m"), ("B018", "m-e")]


def test_a_circle_of_merging_gateways_is_refused() -> None:
    gateways = '<exclusiveGateway id="m"/><exclusiveGateway id="n"/>'
    inside = SHOP + gateways + flow("s>a", "a>m", "m>n", "n>m")
    assert codes(taken(process(inside)).refused) == [("B016", "n-m")]


def test_parallel_gateways_fork_and_join_and_one_that_does_both_is_two() -> None:
    inside = SHOP + (
        '<parallelGateway id="f"/><parallelGateway id="b"/><parallelGateway id="j"/>'
        '<task id="t" name="甲"/><task id="u" name="乙"/><task id="v" name="丙"/>'
    )
    data = data_of(
        process(inside + flow("s>f", "f>a", "f>t", "a>b", "t>b", "b>u", "b>v", "u>j", "v>j", "j>e"))
    )
    kinds = {node["id"]: node.get("kind", "step") for node in data["nodes"]}
    assert list(kinds.values()) == [
        "start", "fork", "step", "step", "join", "fork", "step", "step", "join", "end",
    ]  # fmt: skip
    assert ways(data)["F9.5"] == ["F9.6"]
    assert ways(data)["F9.6"] == ["F9.7", "F9.8"]


def test_a_way_without_words_gets_its_condition_or_words_to_replace() -> None:
    inside = (
        SHOP + '<exclusiveGateway id="d" name="买？" default="d-e"/>' + flow("s>d", "d>e", "a>e")
    )
    inside += (
        '<sequenceFlow id="y" sourceRef="d" targetRef="a"><conditionExpression>${ok}'
        "</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="z" sourceRef="d" targetRef="s"/>'
    )
    found = taken(process(inside))
    assert found.data is not None
    labels = [choice["label"] for choice in found.data["nodes"][1]["choices"]]
    assert labels == [{"zh": "其他", "en": "otherwise"}, "${ok}", "→ F9.1"]
    assert codes(found.told) == [("B019", "d-e"), ("B019", "y"), ("B019", "z")]


def test_several_starts_become_entries() -> None:
    inside = SHOP + '<startEvent id="t" name="来电"/>' + flow("s>a", "t>a", "a>e")
    assert data_of(process(inside))["entries"] == [
        {"id": "E1", "title": "进店", "start": "F9.1"},
        {"id": "E2", "title": "来电", "start": "F9.2"},
    ]


def test_a_called_process_is_a_sub_flow_and_its_named_ways_are_exits() -> None:
    inside = SHOP + '<callActivity id="c" name="付款" calledElement="x:F5"/>'
    data = data_of(
        process(inside + flow("s>a", "a>c", "c>e", "c>a", **{"c>e": "付了", "c>a": "没付"}))
    )
    assert data["nodes"][2] == {
        "id": "F9.3",
        "kind": "subflow",
        "lane": "L1",
        "title": "付款",
        "flow": "F5",
        "exits": {"付了": "F9.4", "没付": "F9.2"},
    }


def test_documentation_and_annotations_become_the_note_of_their_box() -> None:
    inside = SHOP.replace(
        'name="介绍"/>', 'name="介绍"><documentation>先问\n用途</documentation></userTask>'
    )
    inside += '<textAnnotation id="n"><text>不催</text></textAnnotation>'
    inside += '<association id="x" sourceRef="n" targetRef="a"/>'
    data = data_of(process(inside + flow("s>a", "a>e")))
    assert data["nodes"][1]["note"] == "先问\n用途\n不催"


# --- what is refused -----------------------------------------------------------------------------

REFUSED: Final = {
    '<startEvent id="x"><messageEventDefinition/></startEvent>': "B010",
    '<endEvent id="x"><terminateEventDefinition/></endEvent>': "B010",
    '<intermediateCatchEvent id="x"><timerEventDefinition/></intermediateCatchEvent>': "B010",
    '<boundaryEvent id="x" attachedToRef="a"/>': "B010",
    '<eventBasedGateway id="x"/>': "B011",
    '<complexGateway id="x"/>': "B011",
    '<adHocSubProcess id="x"/>': "B012",
    '<transaction id="x"/>': "B012",
    '<callActivity id="x"/>': "B012",
    '<task id="x"><standardLoopCharacteristics/></task>': "B013",
    '<dataStoreReference id="x"/>': "B015",
    '<choreographyTask id="x"/>': "B015",
    '<task id="a"/>': "B015",
    '<task name="x"/>': "B015",
}


@pytest.mark.parametrize("element", REFUSED)
def test_an_element_without_a_word_is_refused_by_its_id_and_place(element: str) -> None:
    found = taken(process(SHOP + "\n" + element + flow("s>a", "a>e")))
    assert [problem.code for problem in found.refused] == [REFUSED[element]]
    assert found.refused[0].place.line == 2
    assert found.data is not None
    assert ways(found.data)["F9.1"] == ["F9.2"]


def test_what_leads_to_a_refused_element_is_not_refused_once_more() -> None:
    inside = SHOP + '<subProcess id="x"/>' + flow("s>a", "a>x", "x>e")
    assert codes(taken(process(inside)).refused) == [("B012", "x")]


def test_pools_messages_and_lanes_in_lanes_are_refused_one_by_one() -> None:
    head = (
        '<collaboration id="c"><participant id="one" processRef="p"/>'
        '<participant id="two" processRef="q"/><participant id="black" name="客户"/>'
        '<messageFlow id="m" sourceRef="a" targetRef="two"/></collaboration>'
        '<process id="q"><task id="k"/></process>'
    )
    lanes = (
        '<laneSet><lane id="l" name="甲"><flowNodeRef>s</flowNodeRef><childLaneSet>'
        '<lane id="in" name="乙"><flowNodeRef>a</flowNodeRef><flowNodeRef>e</flowNodeRef></lane>'
        "</childLaneSet></lane></laneSet>"
    )
    found = taken(process(lanes + SHOP + flow("s>a", "a>e"), head=head))
    assert sorted(codes(found.refused)) == [("B007", "two"), ("B008", "m"), ("B009", "in")]
    assert ("B018", "black") in codes(found.told)


def test_what_many_elements_hold_of_another_program_is_told_once() -> None:
    inside = "".join(
        f'<task id="t{n}" name="任务" c:assignee="x"><extensionElements><c:formData/>'
        "</extensionElements></task>"
        for n in range(5)
    )
    inside = SHOP + inside + flow("s>a", "a>t0", "t0>t1", "t1>t2", "t2>t3", "t3>t4", "t4>e")
    found = taken(process(inside).replace("targetNamespace", 'xmlns:c="camunda" targetNamespace'))
    (told,) = found.told
    assert told.values["id"] == "t0, t1, t2 … (5)"
    assert told.values["what"] == "assignee, formData"


# --- ours, changed elsewhere ---------------------------------------------------------------------


def ours() -> str:
    value, _ = validated(read(HERE / "everything.yaml"), Workflow)
    assert value is not None
    drawing = lay_out(value, lang="zh", upright=False)
    return bpmn(value, drawing, Names()).decode()


def test_a_name_changed_in_the_diagram_wins_and_the_other_languages_are_to_be_looked_at() -> None:
    found = taken(
        ours().replace('<bpmn:task id="ask" name="问需求"', '<bpmn:task id="ask" name="问"')
    )
    assert found.data is not None
    n, node = next((n, node) for n, node in enumerate(found.data["nodes"]) if node["id"] == "ask")
    assert node["title"] == {"zh": "问", "en": "Ask"}
    assert "zh" in found.remarks["nodes", n, "title"]
    assert node["limit"] == {"zh": "3分钟内", "en": "within 3 min"}


def test_a_box_added_in_the_diagram_gets_a_number_and_the_others_keep_their_ids() -> None:
    added = '<bpmn:task id="Activity_0x1" name="新加的"/>'
    text = ours().replace(
        '<bpmn:startEvent id="_7-all.1"', f'{added}<bpmn:startEvent id="_7-all.1"'
    )
    text = text.replace(
        'sourceRef="_7-all.1" targetRef="ask"', 'sourceRef="_7-all.1" targetRef="Activity_0x1"'
    )
    text = text.replace(
        "<bpmn:dataObject ",
        '<bpmn:sequenceFlow id="n" sourceRef="Activity_0x1" targetRef="ask"/><bpmn:dataObject ',
        1,
    ).replace(
        "<bpmn:flowNodeRef>ask<",
        "<bpmn:flowNodeRef>Activity_0x1</bpmn:flowNodeRef><bpmn:flowNodeRef>ask<",
    )
    found = taken(text, None)
    assert found.refused == ()
    assert found.data is not None
    assert ways(found.data)["7-all.1"] == ["7-all.3"]
    assert ways(found.data)["7-all.3"] == ["ask"]


def test_a_copied_box_does_not_take_the_id_of_its_original() -> None:
    text = ours()
    start = text.index('<bpmn:task id="pack"')
    task = text[start : text.index("</bpmn:task>", start) + len("</bpmn:task>")]
    found = taken(
        text.replace(task, task + task.replace('id="pack" name', 'id="copy" name', 1)), None
    )
    assert found.data is not None
    ids = [node["id"] for node in found.data["nodes"]]
    assert ids.count("pack") == 1
    assert len(ids) == len(set(ids)) == 14


# --- files that are hostile, or strangely encoded ------------------------------------------------


def first(raw: bytes) -> str:
    found = taken(raw)
    assert found.data is None
    return found.refused[0].code


def test_entities_are_not_even_looked_at() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))
    text = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "x">{bomb}]>' + process("&e19;")
    assert first(text.encode()) == "B003"
    outside = '<!DOCTYPE d SYSTEM "file:///etc/passwd">' + process("")
    assert first(outside.encode()) == "B003"
    # Without a document type there is nothing an entity could stand for.
    assert first(process("&e19;").encode()) == "B001"


def test_size_depth_and_number_of_tags_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert first(b"<a>" * 100_000) == "B002"
    monkeypatch.setattr(markup, "MOST", 1000)
    assert first(b"<a>" + b"<b/>" * 1000) == "B002"
    assert first(b"<a>" + b"<b/>" * 999 + b"</a>") == "B005"
    monkeypatch.setattr(markup, "LARGEST", 100)
    assert first(process(SHOP).encode()) == "B002"


ENCODED: Final = {
    "utf-8": ("", "utf-8"),
    "with a BOM": ("", "utf-8-sig"),
    "UTF-16 as Windows writes it": ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
    "UTF-16 without a BOM": ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16-be"),
    "GBK": ('<?xml version="1.0" encoding="GBK"?>', "gbk"),
    "called GB2312, but GBK": ("<?xml version='1.0' encoding='gb2312'?>", "gbk"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_a_file_is_read_in_the_encoding_it_declares(name: str) -> None:
    head, encoding = ENCODED[name]
    text = head + process(SHOP.replace("介绍", "介紹镕") + flow("s>a", "a>e"))
    assert data_of(text.encode(encoding))["nodes"][1]["title"] == "介紹镕"


@pytest.mark.parametrize("encoding", ["klingon", "zip", "idna", "unicode_escape"])
def test_an_encoding_that_is_none_of_text_is_refused(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    assert first((head + process(SHOP)).encode()) == "B004"


def test_a_place_counts_characters_and_lines_as_an_editor_does() -> None:
    found = taken(
        process('<documentation>说明</documentation>\n  中文<inclusiveGateway id="x"/>' + SHOP)
    )
    place = next(p.place for p in found.refused if p.code == "B011")
    assert (place.line, place.column) == (2, 5)
