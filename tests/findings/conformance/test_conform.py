"""What is said of tickets: the four states, the five types, rows, people, journeys."""

from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
import pytest
from tests.findings.conformance.logs import BEGIN, ROOT, handbook, log

from sopaudit.evidence.eventlog import EventLog
from sopaudit.findings.conformance.conform import conform
from sopaudit.findings.conformance.result import STATES, Conformance
from sopaudit.findings.deviation import STEP_TYPES, ordered

BOOK: Final = handbook()
DAY: Final = date(2026, 11, 5)
CALL: Final = (
    "call_received, call_answered, need_classified, ticket_opened, warranty_checked,"
    "dispatch_form_filled, dispatch_received"
)
VISIT: Final = (
    "customer_contacted, visit_promised, engineer_assigned, warranty_checked, departed, arrived,"
    "diagnosed, repair_started, repair_done, customer_signed, completed"
)
BACK: Final = "callback_queued, callback_attempted, callback_done, closed"
ALL: Final = f"{CALL}, {VISIT}, {BACK}"


def states(found: Conformance) -> dict[str, str]:
    return {t: STATES[s] for t, s in zip(found.tickets, found.state.tolist(), strict=True)}


def told(found: Conformance, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in found.deviations[list(columns)].itertuples(index=False)]


def one(text: str, workflow: str | None = None, as_of: date | None = None) -> Conformance:
    return conform(log(f"A: {text}"), BOOK, workflow, as_of)


def test_a_ticket_that_went_its_whole_journey_conforms() -> None:
    found = one(ALL)
    assert states(found) == {"A": "conforming"}
    assert found.cost.tolist() == [0]
    assert found.deviations.empty
    assert found.boxes["F2.1"].tickets == 1
    assert found.boxes["F4.10"].tickets == 1
    assert found.moves["F1.11", "F1.E3"].tickets == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ALL.replace("customer_signed,", ""),
            ("F2", "skipped", "17 18", "F2.14 customer_signed", "", "OSE"),
        ),
        (
            ALL.replace("arrived,", "arrived, engineer_assigned,"),
            ("F2", "extra", "15", "F2.12 diagnosed", "engineer_assigned", ""),
        ),
        (
            ALL.replace("customer_contacted, visit_promised", "visit_promised, customer_contacted"),
            ("F2", "out of order", "10 8 9", "F2.3 customer_contacted", "customer_contacted", ""),
        ),
        (
            ALL.replace("arrived,", "arrived, lunch,"),
            ("F2", "unknown step", "15", "F2.12 diagnosed", "lunch", ""),
        ),
        (
            ALL.replace("customer_signed", "customer_signed@HTL"),
            ("F2", "wrong role", "18", "F2.14 customer_signed (OSE)", "customer_signed", "HTL"),
        ),
    ],
)
def test_each_type_of_deviation_is_told_in_one_row(text: str, expected: tuple[str, ...]) -> None:
    found = one(text)
    assert states(found) == {"A": "nonconforming"}
    columns = ("rule", "type", "rows", "expected", "found", "post")
    assert told(found, *columns) == [expected]
    kind = expected[1]
    assert found.cost.tolist() == [{"wrong role": 0, "out of order": 2}.get(kind, 1)]


def test_one_event_does_for_both_sides_of_a_hand_over_and_a_second_is_extra() -> None:
    twice = ALL.replace("dispatch_received", "dispatch_received, dispatch_received")
    assert told(one(twice), "type", "found") == [("extra", "dispatch_received")]


def test_a_flow_that_is_called_goes_back_by_its_exit() -> None:
    paid = ALL.replace("warranty_checked, departed", "warranty_checked, QUOTE, departed")
    assert states(one(paid.replace("QUOTE", "quote_given, quote_accepted")))["A"] == "conforming"
    declined = f"{CALL.partition('dispatch')[0]} quote_given, quote_declined"
    assert states(one(declined))["A"] == "conforming"
    assert states(one(f"{declined}, dispatch_form_filled"))["A"] == "nonconforming"
    half = one(paid.replace("QUOTE", "quote_given"))
    assert told(half, "rule", "type", "expected") == [("F5", "skipped", "F5.A3 quote_accepted")]


def test_an_open_ticket_is_judged_as_far_as_it_is_only_where_a_day_is_given() -> None:
    assert states(one(CALL))["A"] == "nonconforming"
    found = one(CALL, as_of=DAY)
    assert states(found)["A"] == "open"
    assert found.deviations.empty
    late = one(f"{CALL}, visit_promised", as_of=DAY)
    assert states(late)["A"] == "nonconforming"
    assert told(late, "type", "expected") == [("skipped", "F2.3 customer_contacted")]


def test_a_ticket_that_was_closed_has_ended_whatever_is_missing() -> None:
    found = one(f"{CALL}, closed", as_of=DAY)
    assert states(found)["A"] == "nonconforming"
    assert found.cost.tolist() != [1]


def test_what_came_after_the_day_has_not_happened() -> None:
    first = conform(log(f"A: {ALL}"), BOOK, None, date(2026, 10, 8))
    assert states(first)["A"] == "not assessable"
    assert states(conform(log(f"A: {ALL}"), BOOK, None, date(2026, 10, 9)))["A"] == "conforming"


def test_tickets_without_events_times_or_known_steps_are_not_assessable() -> None:
    found = log(f"A: {ALL}\nB: lunch, nap\nC:\nD: {ALL}")
    at = found.at.copy()
    at[-3] = np.datetime64("NaT")
    said = conform(replace(found, at=at), BOOK)
    assert states(said) == {
        "A": "conforming", "B": "not assessable", "C": "not assessable", "D": "not assessable",
    }  # fmt: skip
    assert said.variant.tolist() == [0, -1, -1, -1]
    assert said.totals()["not_assessable"] == 3


def test_a_log_without_events_says_nothing() -> None:
    found = conform(log("A:\nB:"), BOOK, None, DAY)
    assert found.totals() | {"digest": ""} == {
        "tickets": 2, "conforming": 0, "nonconforming": 0, "open": 0, "not_assessable": 2,
        "total_cost": 0, "digest": "",
    }  # fmt: skip


def test_events_that_a_workflow_ignores_are_left_out_there_and_nowhere_else() -> None:
    assert states(one(ALL.replace("arrived", "arrived, note, left_site")))["A"] == "conforming"
    early = one(ALL.replace("ticket_opened", "ticket_opened, left_site"))
    assert told(early, "rule", "type", "found") == [("F1", "extra", "left_site")]


def test_one_workflow_alone_leaves_out_what_only_others_know() -> None:
    assert states(one(ALL, "F2"))["A"] == "conforming"
    bad = ALL.replace("customer_signed,", "").replace("call_answered,", "")
    assert told(one(bad, "F2"), "expected") == [("F2.14 customer_signed",)]
    assert told(one(bad, "F1"), "expected") == [("F1.2 call_answered",)]
    strange = one(bad.replace("arrived", "arrived, lunch"), "F2")
    assert told(strange, "type", "found") == [("unknown step", "lunch"), ("skipped", "")]


def test_a_flow_alone_is_left_where_it_hands_over_and_there_only() -> None:
    taken_in = (
        f"{CALL}, {VISIT.partition(', repair_done')[0]}, diagnosed, repair_started, completed"
    )
    assert states(one(taken_in, "F2"))["A"] == "conforming"
    early = ALL.replace("engineer_assigned", "engineer_assigned, diagnosed")
    assert told(one(early, "F2"), "type", "found") == [("extra", "diagnosed")]


def test_a_ticket_that_never_went_that_way_is_not_assessable_there() -> None:
    walk_in = "visit_received, unit_inspected, warranty_checked, unit_received"
    assert states(one(walk_in, "F2"))["A"] == "not assessable"
    assert states(one(walk_in, "F3", DAY))["A"] == "open"


def test_posts_may_be_named_by_title_and_others_are_not_judged() -> None:
    said = ALL.replace("customer_signed", "customer_signed@热线工程师")
    assert told(one(said), "type", "post") == [("wrong role", "HTL")]
    assert states(one(ALL.replace("customer_signed", "customer_signed@某某")))["A"] == "conforming"


def roster() -> tuple[str, str]:
    """Find one who may sign for a visit, and one who may not, on the day of the logs."""
    day = date(2026, 10, 9)
    able = [p.id for p in BOOK.roster if "OSE" in p.posts and p.works_on(day)]
    other = [p.id for p in BOOK.roster if p.posts == ("HTL",) and p.works_on(day)]
    return able[0], other[0]


def test_where_no_post_is_named_the_roster_says_who_may() -> None:
    able, other = roster()
    signed = ALL.replace("customer_signed", "customer_signed~{}")
    assert states(one(signed.format(able)))["A"] == "conforming"
    assert told(one(signed.format(other)), "type", "who") == [("wrong role", other)]
    assert states(one(signed.format("nobody knows")))["A"] == "conforming"


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [
        ("2026-10-09", "2026-10-09", "nonconforming"),
        ("2026-10-01", "2026-10-08", "conforming"),
        ("2026-10-10", "2026-12-31", "conforming"),
    ],
)
def test_someone_is_judged_by_the_roster_on_its_first_and_last_day_and_no_other(
    first: str, last: str, state: str
) -> None:
    _, other = roster()
    days = {"from_": date.fromisoformat(first), "to": date.fromisoformat(last)}
    people = tuple(p.model_copy(update=days) if p.id == other else p for p in BOOK.roster)
    signed = log(f"A: {ALL.replace('customer_signed', f'customer_signed~{other}')}")
    assert states(conform(signed, replace(BOOK, roster=people)))["A"] == state


def test_a_jump_leads_from_the_last_box_done_to_the_box_that_came_instead() -> None:
    found = one(ALL.replace("customer_contacted, visit_promised,", ""))
    assert found.jumps == {("F1.11", "F2.5"): 1}
    assert found.boxes["F2.3"].deviating == 1
    assert found.boxes["F2.3"].times == 0


def test_a_box_that_is_done_again_is_counted_again() -> None:
    again = (
        "repair_started, rescheduled, visit_promised, engineer_assigned, warranty_checked,"
        "departed, arrived, diagnosed, repair_started,"
    )
    found = one(ALL.replace("repair_started,", again))
    assert states(found)["A"] == "conforming"
    assert (found.boxes["F2.12"].times, found.boxes["F2.12"].tickets) == (2, 1)
    assert found.moves["F2.13", "F2.9"].times == 1


def test_variants_come_by_their_number_and_say_what_deviates() -> None:
    found = conform(log(f"A: {ALL}\nB: {CALL}, lunch\nC: {ALL}"), BOOK)
    assert [v.tickets for v in found.variants] == [2, 1]
    assert found.variants[0].deviations == ()
    assert found.variants[1].events[-1] == "lunch"
    assert ("unknown step", "lunch") in found.variants[1].deviations
    assert found.variant.tolist() == [0, 1, 0]


def test_like_deviations_of_one_ticket_have_different_ids() -> None:
    found = one(ALL.replace("arrived", "arrived, lunch, lunch")).deviations
    assert list(found["type"]) == ["unknown step"] * 2
    assert found["id"].is_unique


def test_the_table_is_text_and_in_its_order() -> None:
    lines = "\n".join(f"T{n}: {ALL.replace(',', ', lunch,', n % 4)}" for n in range(30))
    found = conform(log(lines), BOOK).deviations
    pd.testing.assert_frame_equal(found, ordered(found))
    assert {str(kind) for kind in found.dtypes} == {"str"}


def test_the_office_is_the_logs_or_else_the_one_that_is_given() -> None:
    whole: EventLog = log(f"A: {CALL}")
    assert set(conform(whole, BOOK, office="CD").deviations["office"]) == {"CD"}


def test_the_times_of_the_logs_are_what_the_tests_think() -> None:
    assert log("A: x, y").at.tolist() == [BEGIN.item(), (BEGIN + np.timedelta64(10, "m")).item()]


def test_the_page_names_every_state_and_type() -> None:
    page = (ROOT / "docs/conformance.md").read_text(encoding="utf-8")
    named = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert named == [*STATES, *STEP_TYPES]
