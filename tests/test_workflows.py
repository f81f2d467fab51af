"""The workflows of this repository, held to what was read from the chapter they come from.

The tables were written from the reading, not from the YAML. A row is: box, kind, lanes, where it
leads (`yes:`, `no:` and `or:` for the ways out of a decision, the exit for those of a sub-flow),
forms, events, mark. `?` follows an event that may be missing.
"""

from pathlib import Path

import pytest

from sopaudit.criteria.draft import Draft, shaped
from sopaudit.criteria.flow import states
from sopaudit.criteria.handbook import drafted
from sopaudit.criteria.workflow import Node, Workflow

ROOT = Path(__file__).parents[1]

READ = """
F0.S   | start    | CUS         | F0.1 | | | F
F0.1   | decision | CUS         | or:F0.2 or:F0.6 | | | F
F0.2   | subflow  | HTL         | or:F0.3 or:F0.6 or:F0.5 or:F0.12 | consult_log dispatch_form | | F
F0.3   | step     | COO         | F0.4 | dispatch_form onsite_status | | F
F0.4   | subflow  | OSE SPS     | F0.10 | dispatch_form | | F
F0.5   | subflow  | HTL OSE RCP | or:F0.4 or:F0.7 or:F0.12 | price_list | | F
F0.6   | subflow  | RCP         | F0.7 | intake_form | | F
F0.7   | step     | INS SPS     | F0.8 | repair_record | | F
F0.8   | step     | RCP         | F0.9 | intake_form invoice | | F
F0.9   | step     | ADM         | F0.10 | cash_sheet | | F
F0.10  | subflow  | CBS         | or:F0.12 or:F0.11 | callback_record | | F
F0.11  | step     | MGR         | F0.10 | complaint | | F
F0.12  | end      | SYS         | | | | F

F1.1   | start    | HTL | F1.2 | | call_received | H
F1.2   | step     | HTL | F1.3 | | call_answered | H
F1.3   | decision | HTL | yes:F1.5 no:F1.4 or:F1.C | | need_classified | H
F1.4   | step     | HTL | F1.E1 | consult_log | | H
F1.C   | step     | HTL | F1.E5 | consult_log | complaint_logged | F
F1.5   | step     | HTL | F1.6 | | ticket_opened warranty_checked | H
F1.6   | decision | HTL | yes:F1.7 no:F1.8 | | | F
F1.7   | step     | HTL | F1.E1 | consult_log | phone_resolved | F
F1.8   | decision | HTL | yes:F1.9 no:F1.P | | | H
F1.P   | subflow  | HTL | accepted:F1.9 declined:F1.E2 | price_list | | H
F1.9   | decision | HTL | yes:F1.10 no:F1.12 | | | H
F1.10  | step     | HTL | F1.11 | dispatch_form | dispatch_form_filled | H
F1.11  | step     | COO | F1.E3 | dispatch_form | dispatch_received | H
F1.12  | step     | HTL | F1.E4 | consult_log | carry_in_guided | H
F1.E1  | end      | HTL | | | | F
F1.E2  | end      | HTL | | | | F
F1.E3  | end      | COO | | | | F
F1.E4  | end      | HTL | | | | F
F1.E5  | end      | HTL | | | | F

F2.1   | start    | COO     | F2.2 | dispatch_form | dispatch_received | H
F2.2   | step     | COO     | F2.3 | dispatch_form | | H
F2.3   | step     | COO OSE | F2.4 | | customer_contacted | H
F2.4   | step     | COO OSE | F2.5 | dispatch_form | visit_promised | H
F2.5   | step     | COO     | F2.6 | dispatch_form | engineer_assigned | H
F2.6   | step     | OSE     | F2.7 | part_request | parts_requested | H
F2.7   | decision | SPS     | yes:F2.10 no:F2.8 or:F2.11 | | parts_answered? | H
F2.8   | step     | SPS     | F2.9 | | parts_ordered | H
F2.9   | step     | COO OSE SPS | F2.4 | onsite_status | rescheduled parts_received? | H
F2.10  | step     | SPS     | F2.11 | stock_move | parts_issued | H
F2.11  | decision | OSE     | yes:F2.12 no:F2.P | | warranty_checked | H
F2.P   | subflow  | OSE     | accepted:F2.12 declined:F2.16 | price_list dispatch_form | | H
F2.12  | step     | OSE     | F2.13 | dispatch_form invoice | departed arrived diagnosed repair_started | H
F2.13  | decision | OSE     | yes:F2.14 no:F2.9 or:F2.E2 | | | F
F2.14  | step     | OSE     | F2.15 | dispatch_form | repair_done customer_signed | F
F2.15  | step     | OSE     | F2.R | invoice | payment_collected payment_handed_in | H
F2.R   | step     | ADM     | F2.16 | cash_sheet | | F
F2.16  | step     | OSE     | F2.17 | dispatch_form stock_move | parts_returned? defective_returned? | F
F2.17  | step     | COO     | F2.E1 | dispatch_form onsite_status | completed | H*
F2.E1  | end      | CBS     | | | | F
F2.E2  | end      | OSE     | | | | F

F3.1   | start    | RCP     | F3.2 | | visit_received | F
F3.2   | step     | RCP     | F3.3 | intake_form | unit_inspected | H
F3.3   | decision | RCP     | yes:F3.4 no:F3.P | | warranty_checked | H
F3.P   | subflow  | RCP     | accepted:F3.4 declined:F3.E2 | price_list intake_form | | H
F3.4   | step     | RCP     | F3.5 | intake_form | unit_received | F
F3.5   | step     | INS     | F3.6 | repair_record | handed_to_bench? diagnosed | F
F3.6   | step     | INS RCP | F3.7 | part_request | parts_requested? | H
F3.7   | decision | SPS     | yes:F3.9 no:F3.8 or:F3.10 | | parts_answered? | H
F3.8   | step     | SPS RCP | F3.9 | | parts_ordered rescheduled | H
F3.9   | step     | SPS     | F3.10 | stock_move | parts_received? parts_issued | H
F3.10  | step     | INS     | F3.11 | repair_record | repair_started repair_done burn_in_passed handed_to_reception? | F
F3.11  | step     | RCP     | F3.12 | | customer_notified | F
F3.12  | step     | RCP     | F3.13 | intake_form invoice | unit_collected customer_signed payment_collected? | F
F3.13  | step     | RCP     | F3.E1 | cash_sheet intake_form | payment_handed_in? completed | H
F3.E1  | end      | RCP     | | | | F
F3.E2  | end      | RCP     | | | | F

F4.1   | start    | CBS     | F4.2 | dispatch_form intake_form | callback_queued | H*
F4.2   | step     | CBS     | F4.3 | | callback_attempted | H
F4.3   | decision | CBS     | yes:F4.4 no:F4.2 or:F4.E1 | callback_record | callback_unreachable | F
F4.4   | step     | CBS     | F4.5 | callback_record | | F
F4.5   | decision | CBS     | yes:F4.10 no:F4.6 | callback_record | callback_done | H
F4.6   | step     | CBS     | F4.7 | complaint | dissatisfaction_reported | H
F4.7   | step     | MGR     | F4.8 | complaint | manager_contacted? | H
F4.8   | step     | MGR     | F4.9 | complaint | root_cause_set? | H
F4.9   | step     | MGR CBS | F4.10 | complaint callback_record | improvement_set second_callback | H
F4.10  | end      | CBS     | | | closed | H
F4.E1  | end      | CBS     | | | | F

F5.A1  | start    | HTL     | F5.A2 | | call_received | H
F5.A2  | step     | HTL OSE | F5.A3 | price_list | quote_given | H
F5.A3  | decision | HTL OSE | yes:F5.A4 no:F5.E1 | | quote_accepted quote_declined | H
F5.A4  | step     | HTL COO | F5.B1 | dispatch_form | visit_promised | H
F5.B1  | step     | OSE     | F5.B2 | dispatch_form invoice | arrived quote_accepted | H
F5.B2  | step     | OSE     | F5.B3 | invoice | repair_done payment_collected invoice_issued | H
F5.B3  | step     | OSE     | F5.E2 | cash_sheet | payment_handed_in | H
F5.C1  | start    | RCP     | F5.C2 | price_list | quote_given | H
F5.C2  | decision | RCP     | yes:F5.C3 no:F5.E3 | | quote_accepted quote_declined | H
F5.C3  | step     | RCP INS | F5.C4 | | | H
F5.C4  | step     | RCP     | F5.E4 | invoice cash_sheet | payment_collected payment_handed_in | H
F5.E1  | end      | HTL OSE | | | | F
F5.E2  | end      | OSE     | | | | F
F5.E3  | end      | RCP     | | | | F
F5.E4  | end      | RCP     | | | | F
"""  # noqa: E501 -- a row is a row

LIMITS = {
    "F1.2": "3",
    "F1.4": "2 working h",
    "F1.C": "30 min",
    "F1.6": "15 min",
    "F1.10": "10 min",
    "F1.11": "30 min",
    "F1.12": "同一通电话",
    "F2.1": "30 min",
    "F2.2": "空格",
    "F2.3": "2 working h",
    "F2.4": "2个、区域外3个工作日",
    "F2.5": "第二次分配",
    "F2.7": "30 working min",
    "F2.8": "当天",
    "F2.9": "原承诺时间之前",
    "F2.11": "维修之前",
    "F2.12": "承诺的时段",
    "F2.15": "当天",
    "F2.16": "1 working d",
    "F2.17": "当天",
    "F3.1": "1分钟内问候，等候不超过10分钟",
    "F3.2": "当着客户",
    "F3.5": "1 working d",
    "F3.7": "30 working min",
    "F3.8": "当天",
    "F3.10": "有备件3个、订货7个工作日",
    "F3.11": "2 working h",
    "F3.13": "当天",
    "F4.1": "当天",
    "F4.2": "2 working d",
    "F4.3": "3 attempts",
    "F4.7": "2 working h",
    "F4.9": "24小时内联系，1个工作日内查明，3个工作日内二次回访",
}
"""Every limit: as a length or a number where it is one, else what its words hold."""

HANDED = {
    "F1.E3": "F2",
    "F1.E4": "F3",
    "F1.E5": "F4 complaint",
    "F2.E1": "F4",
    "F2.E2": "F3 bench",
    "F3.E1": "F4",
    "F1.P": "F5 A",
    "F2.P": "F5 B",
    "F3.P": "F5 C",
    "F0.2": "F1",
    "F0.4": "F2",
    "F0.5": "F5",
    "F0.6": "F3",
    "F0.10": "F4",
}
"""Which workflow stands behind a box, or takes over, and its entry."""


@pytest.fixture(scope="module")
def draft() -> Draft:
    return drafted(ROOT)


@pytest.fixture(scope="module")
def flows(draft: Draft) -> dict[str, Workflow]:
    return {flow.id: flow for flow, _ in shaped(draft.workflows, whole=True)}


@pytest.fixture(scope="module")
def boxes(flows: dict[str, Workflow]) -> dict[str, Node]:
    return {node.id: node for flow in flows.values() for node in flow.nodes}


def ways(node: Node) -> str:
    choices = (f"{choice.answer or 'or'}:{choice.to}" for choice in node.choices)
    exits = (f"{name}:{to}" for name, to in node.exits.items())
    return " ".join([*filter(None, [node.next]), *choices, *exits, *node.parallel])


def events(node: Node) -> str:
    taken = (event for choice in node.choices for event in choice.events)
    own = (event + "?" * (event in node.optional_events) for event in node.events)
    return " ".join([*own, *taken])


def test_the_boxes_are_those_that_were_read(boxes: dict[str, Node]) -> None:
    read = [[cell.strip() for cell in row.split("|")] for row in READ.split("\n") if row]
    found = [
        [
            node.id,
            node.kind,
            " ".join(node.lanes),
            ways(node),
            " ".join(node.forms),
            events(node),
            node.provenance,
        ]
        for node in boxes.values()
    ]
    assert found == read


def test_the_limits_are_those_that_were_read(boxes: dict[str, Node]) -> None:
    limited = [node for node in boxes.values() if node.limit]
    assert {node.id for node in limited} == set(LIMITS)
    for node in limited:
        assert node.limit is not None
        if node.within:
            assert str(node.within) == LIMITS[node.id]
        elif node.times:
            assert f"{node.times} attempts" == LIMITS[node.id]
        else:
            assert LIMITS[node.id] in node.limit.to("zh")


def test_what_may_be_left_out_is_parts_and_money(boxes: dict[str, Node]) -> None:
    optional = [node.id for node in boxes.values() if node.optional]
    assert optional == ["F2.6", "F2.15", "F2.R", "F3.6"]


def test_workflows_hand_over_and_call_as_was_read(boxes: dict[str, Node]) -> None:
    named = {n.id: " ".join(filter(None, [n.flow, n.entry])) for n in boxes.values() if n.flow}
    assert named == HANDED


@pytest.mark.parametrize(
    ("flow", "legible", "further"),
    [
        ("F1", ["F1.3", "F1.6", "F1.8", "F1.9"], []),
        ("F2", ["F2.7", "F2.11", "F2.13"], []),
        ("F3", ["F3.3", "F3.7"], []),
        ("F4", ["F4.5"], ["F4.3"]),
        ("F5", ["F5.A3", "F5.C2"], []),
    ],
)
def test_the_decisions_are_as_many_as_the_charts_show(
    flows: dict[str, Workflow], flow: str, legible: list[str], further: list[str]
) -> None:
    decisions = [node.id for node in flows[flow].nodes if node.kind == "decision"]
    assert sorted(decisions) == sorted([*legible, *further])


@pytest.mark.parametrize(
    ("flow", "lanes"),
    [
        ("F0", {"CUS", "RCP", "INS", "HTL", "COO", "OSE", "ADM", "CBS", "MGR", "SYS"}),
        ("F1", {"HTL", "COO"}),
        ("F2", {"COO", "SPS", "OSE", "ADM", "CBS"}),
        ("F3", {"RCP", "SPS", "INS"}),
        ("F4", {"CBS", "MGR"}),
        ("F5", {"HTL", "OSE", "RCP"}),
    ],
)
def test_the_lanes_are_those_of_the_charts_and_none_is_empty(
    flows: dict[str, Workflow], flow: str, lanes: set[str]
) -> None:
    assert {lane.id for lane in flows[flow].lanes} == lanes
    assert {node.lane for node in flows[flow].nodes} == lanes


def test_only_the_overall_chart_is_of_level_one(flows: dict[str, Workflow]) -> None:
    assert [flow.level for flow in flows.values()] == [1, 2, 2, 2, 2, 2]


def test_the_paid_service_is_entered_in_three_places_and_left_by_two(
    flows: dict[str, Workflow],
) -> None:
    paid = flows["F5"]
    entries = [(entry.id, entry.start, entry.lane) for entry in paid.entries]
    assert entries == [("A", "F5.A2", "HTL"), ("B", "F5.A2", "OSE"), ("C", "F5.C1", None)]
    left = [(c.answer, c.exit) for node in paid.nodes for c in node.choices]
    assert left == [("yes", "accepted"), ("no", "declined")] * 2
    assert [node.id for node in paid.starts] == ["F5.A1", "F5.C1"]


def test_a_box_says_in_a_few_signs_what_is_done(flows: dict[str, Workflow]) -> None:
    for flow in flows.values():
        for node in flow.nodes:
            assert node.title is not None
            assert len(node.title.to("zh")) <= 14
            assert len(node.title.to("en")) <= 44


def test_every_box_of_a_chart_but_a_bare_end_or_question_says_how_it_is_done(
    flows: dict[str, Workflow],
) -> None:
    silent = [n.id for f in flows.values() for n in f.nodes if not n.standards]
    bare = {"F0.S", "F0.1", "F0.12", "F1.1"}
    ends = {n.id for f in flows.values() for n in f.nodes if n.kind == "end"}
    assert set(silent) - ends == bare - ends


def test_no_chart_has_more_states_than_boxes_with_those_it_calls(
    draft: Draft, flows: dict[str, Workflow]
) -> None:
    counted = states(draft)
    assert counted.keys() == flows.keys()
    # A call counts the two boxes up to the answer in place of the one that calls.
    more = {"F0": 0, "F1": 1, "F2": 1, "F3": 1, "F4": 0, "F5": 0}
    assert counted == {name: len(flow.nodes) + more[name] for name, flow in flows.items()}


GROUPS = {
    "hotline": "call_received call_answered need_classified ticket_opened warranty_checked "
    "phone_resolved carry_in_guided dispatch_form_filled dispatch_received",
    "on_site": "customer_contacted visit_promised engineer_assigned parts_requested "
    "parts_answered parts_ordered parts_received parts_issued departed arrived diagnosed "
    "repair_started repair_done customer_signed left_site rescheduled visit_failed "
    "parts_returned defective_returned completed",
    "walk_in": "visit_received unit_inspected unit_received handed_to_bench burn_in_passed "
    "handed_to_reception customer_notified reminder_sent unit_collected",
    "paid": "quote_given quote_accepted quote_declined payment_collected invoice_issued "
    "payment_handed_in",
    "callback": "callback_queued callback_attempted callback_done callback_unreachable "
    "dissatisfaction_reported manager_contacted root_cause_set improvement_set second_callback "
    "closed reopened",
    "any": "cancelled complaint_logged escalated note",
}


def test_the_register_has_the_events_that_were_read_each_with_when_it_is_recorded(
    draft: Draft,
) -> None:
    ((register, _),) = shaped(draft.events, whole=True)
    assert [group.id for group in register.groups] == list(GROUPS)
    found = {name: [e.id for e in register.events if e.group == name] for name in GROUPS}
    assert found == {name: words.split() for name, words in GROUPS.items()}
    assert len(register.events) == sum(map(len, found.values()))
    for event in register.events:
        assert event.note is not None
        assert {*event.title.languages, *event.note.languages} == {"zh", "en"}


def test_a_chart_names_or_ignores_every_event_of_its_own_kind(
    flows: dict[str, Workflow],
) -> None:
    own = {"F1": "hotline", "F2": "on_site", "F3": "walk_in", "F4": "callback"}
    for name, group in own.items():
        flow = flows[name]
        shown = {event for node in flow.nodes for event in events(node).replace("?", "").split()}
        assert set(GROUPS[group].split()) <= shown | set(flow.ignored)
        assert not shown & set(flow.ignored)
