"""Each kind of key figure over a handful of records, counted by hand."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tests.findings.office import NOW, office

from sopaudit.criteria.kind import KPI_KINDS
from sopaudit.criteria.kpi import Target
from sopaudit.criteria.rule import Given
from sopaudit.findings.figures import engine
from sopaudit.findings.figures.counting import Counting
from sopaudit.findings.figures.figure import Counted, judged, met, nearest_rank, share
from sopaudit.findings.rules import engine as rules
from sopaudit.findings.rules.case import Cases
from sopaudit.findings.rules.hearing import Hearing

LAST = np.datetime64("2026-10-31")

TICKETS = """
    ticket_no, service_type, opened_at, zone, charge_amount, quote_amount, customer_score, \
    promised_end, engineer
    CD-1, on_site, 2026-10-12 09:00, in_area, 80,     80.00, 5, 2026-10-13 12:00, 1006
    CD-2, on_site, 2026-10-12 09:00, in_area, 100,    80,    4, 2026-10-14,       1006
    CD-3, on_site, 2026-10-12 09:00, outside, ¥80.00, 80,    3, 2026-10-14 12:00, 1007
    CD-4, walk_in, 2026-10-12 09:00, ,        0,      ,      ,  2026-10-20 12:00, 1007
    CD-5, walk_in, 2026-10-12 09:00, ,        50,     ?,     x, ,                 1007
    CD-6, on_site, 2026-10-12 09:00, in_area, 60,     60,    5, 2026-10-14 12:00, 1008
"""
EVENTS = """
    ticket_no, event, at
    CD-1, arrived, 2026-10-12 11:00
    CD-2, arrived, 2026-10-13 09:00
    CD-2, arrived, 2026-10-14 09:00
    CD-3, arrived, 2026-10-12 10:00
    CD-6, arrived, 2026-10-12 12:00
    CD-1, completed, 2026-10-12 12:00
    CD-2, completed, 2026-10-14 10:00
    CD-3, completed, 2026-10-12 11:00
    CD-4, unit_received, 2026-10-12 09:00
    CD-4, completed, 2026-10-16 09:00
    CD-5, unit_received, 2026-10-12 09:00
    CD-6, completed, 2026-10-12 13:30
    CD-1, rescheduled, 2026-10-12 09:30
    CD-1, rescheduled, 2026-10-12 09:40
    CD-2, callback_attempted, 2026-10-15 10:00
    CD-2, callback_attempted, 2026-12-15 10:00
    CD-3, callback_attempted, 2026-12-15 10:00
"""


def count(kind: str, hearing: Hearing | None = None, /, *rules: str, **given: Given) -> Counted:
    hearing = hearing or office(tickets=TICKETS, events=EVENTS)
    return engine.FIGURES[kind](Counting(hearing), given, rules)


def test_every_kind_is_counted_by_something() -> None:
    assert set(engine.FIGURES) == set(KPI_KINDS)


def test_a_ratio_counts_tickets_of_events_until_now() -> None:
    """CD-1 was promised anew twice and counts once; the callback of December has not happened."""
    assert count("ratio", of="rescheduled", over="arrived") == share(1, 4)
    assert count("ratio", of="callback_attempted", over="completed") == share(1, 5)
    assert count("ratio", of="callback_attempted", over="completed", when="on_site") == share(1, 4)


def test_a_ratio_counts_lines_of_fields_and_moves() -> None:
    plan = """
        audit_id, planned_on, done_on
        A1, 2026-10-01, 2026-10-02
        A2, 2026-10-05,
        A3, 2026-12-01,
    """
    moves = """
        move_id, move_type, at
        1, CONSUME, 2026-10-12
        2, CONSUME, 2026-10-12
        3, DOA_REPORT, 2026-10-13
    """
    hearing = office(tickets=TICKETS, plan=plan, moves=moves)
    # What is planned for December is not due.
    assert count("ratio", hearing, of="plan.done_on", over="plan.planned_on") == share(1, 2)
    assert count("ratio", hearing, of="DOA_REPORT", over="CONSUME") == share(1, 2)


def test_percentiles_are_by_nearest_rank_on_working_time() -> None:
    """CD-1 2 h, CD-3 1 h, CD-6 3 h; CD-2 to the first arrival: 3 + 4.5 + 0.5 = 8 h."""
    found = count(
        "percentile",
        None,
        **dict[str, Given](
            {
                "from": "tickets.opened_at",
                "to": "arrived",
                "at": ("90 %", "50 %"),
                "in": "working h",
            }
        ),
    )
    assert found.value == 8
    assert (found.over, found.pending) == (4, 2)
    assert found.others == (("90 %", Fraction(8)), ("50 %", Fraction(2)))
    days = count(
        "percentile",
        None,
        **{"from": "tickets.opened_at", "to": "completed", "at": "100 %", "in": "working d"},
    )
    assert days.value == 4
    in_area = count(
        "percentile",
        None,
        **{
            "from": "tickets.opened_at",
            "to": "arrived",
            "at": "50 %",
            "in": "h",
            "when": "in_area",
        },
    )
    assert in_area.value == in_area.over == 3


@pytest.mark.parametrize(
    ("at", "place"),
    [("0", 1), ("1/10", 1), ("1/5", 1), ("1/2", 3), ("3/5", 3), ("61/100", 4), ("1", 5)],
)
def test_nearest_rank_is_numpys_inverted_cdf(at: str, place: int) -> None:
    values = [10, 20, 30, 40, 50]
    assert nearest_rank(values, Fraction(at)) == 10 * place
    assert np.percentile(values, float(Fraction(at)) * 100, method="inverted_cdf") == 10 * place


def test_a_share_within_counts_what_should_have_been_done_by_now() -> None:
    """CD-4 took until the 16th, the fourth working day; CD-5 never came: late from the 16th on."""
    asked: dict[str, Given] = {
        "from": "unit_received",
        "to": "completed",
        "at_most": "3 working days",
    }
    # Those on site were completed without ever being received: nobody can say how long that took.
    assert count("share_within", None, **asked) == share(0, 2, unknown=4)
    asked["when"] = "walk_in"
    assert count("share_within", None, **asked) == share(0, 2)
    asked["at_most"] = "4 working days"
    assert count("share_within", None, **asked) == share(1, 2)
    early = office("2026-10-16 17:30", tickets=TICKETS, events=EVENTS)
    assert count("share_within", early, **asked) == share(1, 1, pending=1)


def test_a_mean_and_a_share_in_range_leave_out_what_is_no_number() -> None:
    found = count("mean", field="tickets.customer_score")
    assert found == Counted("mean", Fraction(17, 4), Fraction(17), 4, unknown=1)
    assert count("share_in_range", field="tickets.customer_score", at_least="4") == share(
        3, 4, unknown=1
    )


def test_amounts_agree_however_they_are_typed() -> None:
    """CD-1, CD-3 and CD-6 agree, CD-2 does not; CD-4 and CD-5 cannot be told."""
    asked: dict[str, Given] = {
        "left": "tickets.charge_amount",
        "right": "tickets.quote_amount",
        "tolerance": "0",
    }
    assert count("agreement", None, **asked) == share(3, 4, unknown=2)
    assert count("agreement", None, **asked | {"tolerance": "20"}) == share(4, 4, unknown=2)
    assert count("agreement", None, **asked | {"tolerance": "19.99"}) == share(3, 4, unknown=2)
    assert count("agreement", None, **asked | {"when": "charged"}) == share(3, 4, unknown=1)


def test_words_agree_across_records_by_ticket() -> None:
    record = "ticket_no, diagnosis, cause\n CD-1, Fan, fan\n CD-2, fan, board\n CD-3, fan,"
    hearing = office(tickets=TICKETS, repair_record=record)
    asked: dict[str, Given] = {"left": "repair_record.diagnosis", "right": "repair_record.cause"}
    assert count("agreement", hearing, **asked) == share(1, 2, unknown=1)
    asked = {"left": "repair_record.diagnosis", "right": "tickets.engineer"}
    assert count("agreement", hearing, **asked) == share(0, 3, unknown=3)


def test_filled_fields_are_counted_cell_by_cell() -> None:
    hearing = office(tickets=TICKETS)
    form = hearing.handbook.forms["intake_form"]
    fields = [field.id for field in form.fields if field.required and not field.blank]
    text = ", ".join(fields) + "\n" + ", ".join(["x"] * (len(fields) - 2) + ["/", ""])
    found = count("filled_share", office(intake_form=text), forms=("intake_form", "dispatch_form"))
    asked = sum(field.required for field in form.fields)
    assert found.of == len(fields) - 2
    assert found.over == asked
    assert found.absent == ("dispatch_form",)


def test_open_cases_are_counted_from_the_end_of_their_day() -> None:
    """CD-5 promises nothing; of the others one is not done, which was promised until the 20th."""
    open_ = EVENTS.replace("CD-4, completed", "CD-4, diagnosed")
    asked: dict[str, Given] = {
        "due": "tickets.promised_end",
        "done": ("completed", "cancelled"),
        "older_than": "7 days",
    }
    for now, many, oldest in (
        ("2026-10-27 23:59:59.999999", 0, None),
        ("2026-10-28", 1, 8),
        ("2026-11-05 12:00", 1, 16),
    ):
        found = count("open_cases", office(now, tickets=TICKETS, events=open_), **asked)
        assert found.value == many
        assert dict(found.others) == {"oldest": oldest}


def test_what_is_due_on_a_day_may_be_done_on_it() -> None:
    actions = """
        finding_id, due, done
        1, 2026-10-20, 2026-10-20 16:00
        2, 2026-10-20, 2026-10-21
        3, 2026-10-20,
        4, 2026-11-06,
        5, soon, 2026-10-20
    """
    asked: dict[str, Given] = {"due": "actions.due", "done": "actions.done"}
    assert count("on_time", office(actions=actions), **asked) == share(1, 3, unknown=1, pending=1)


# --- what rules found ---------------------------------------------------------------------------


def verdicts(text: str) -> rules.Decide:
    """Give a kind that finds these verdicts, by ticket of the record of tickets."""
    code = {"c": 0, "n": 1, "-": 2, "?": 3}

    def decide(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
        line = np.arange(len(text))
        first = given.get("in_force") == "first"
        said = text.upper() if first else text
        found = np.array([code.get(sign, 1) for sign in said], np.int8)
        return Cases(found, hearing.records.ticket("tickets"), lines=(("tickets", line),))

    return decide


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rules.KINDS, "promise_kept", verdicts("cccn-?"))
    monkeypatch.setitem(rules.KINDS, "occurrences", verdicts("ccn-cc"))
    monkeypatch.setitem(rules.KINDS, "repeat", verdicts("n-cnc?"))


@pytest.mark.usefixtures("heard")
def test_a_rate_counts_what_its_rule_found() -> None:
    assert count("rate", None, "AC-07") == share(3, 4, unknown=1)
    assert count("rate", None, "AC-07", counts="nonconforming") == share(1, 4, unknown=1)
    assert count("rate", None, "AC-07", when="walk_in") == share(0, 1)


@pytest.mark.usefixtures("heard")
def test_a_rate_of_several_rules_wants_all_of_them() -> None:
    """AC-44 applies to five: CD-1 fails AC-30, CD-2 has no say there, CD-3 fails AC-44."""
    assert count("rate", None, "AC-44", "AC-30") == share(2, 4, unknown=1)


@pytest.mark.usefixtures("heard")
def test_the_first_promise_is_asked_for_beside_the_last() -> None:
    """The kind above finds nothing conforming when it is asked for the first promise."""
    kpi = office().handbook.kpis["K-05"]
    figures = {figure.title.to("en"): figure for figure in kpi.also}
    first = figures["against the first promise"]
    assert (first.kind, first.given["in_force"], first.rules) == ("rate", "first", ("AC-07",))
    assert count("rate", None, *first.rules, **first.given) == share(0, 4, unknown=1)
    assert count("rate", None, *kpi.rules, **kpi.given) == share(3, 4, unknown=1)


def test_parts_that_look_at_one_record_are_joined_line_by_line() -> None:
    """Two rules on lines of one record: a line that fails one of them fails."""
    rule = (
        office()
        .handbook.rules["AC-12"]
        .model_validate(
            {
                "id": "X-1",
                "title": "x",
                "passes": "x",
                "all_of": [
                    {"kind": "in_range", "with": {"field": "calls.rings", "at_most": "3"}},
                    {"kind": "value_in", "with": {"field": "calls.direction", "is": ["in"]}},
                ],
            }
        )
    )
    calls = """
        call_id, rings, direction, ticket_no
        1, 2, in, CD-1
        2, 5, in, CD-1
        3, 1, out,
        4, 1, in,
    """
    hearing = office(calls=calls)
    hearing.handbook.rules["X-1"] = rule  # type: ignore[index]
    try:
        assert count("rate", hearing, "X-1") == share(2, 4)
    finally:
        del hearing.handbook.rules["X-1"]  # type: ignore[attr-defined]


# --- judging ------------------------------------------------------------------------------------


def test_a_figure_of_too_few_cases_is_not_judged() -> None:
    target = Target.model_validate({"at_least": "80 %"})
    five = Fraction(5)
    assert judged(share(4, 4), target, five) == "too few"
    assert judged(share(4, 5), target, five) == "met"
    assert judged(share(39, 49), target, five) == "missed"
    assert judged(share(4, 5), None, five) == "not judged"
    assert (
        judged(Counted("count", Fraction(0), over=0), Target.model_validate({"at_most": "0"}), five)
        == "met"
    )


@pytest.mark.parametrize(
    ("target", "value", "holds"),
    [
        ({"at_least": "95 %"}, "19/20", True),
        ({"at_least": "95 %"}, "18999/20000", False),
        ({"at_most": "5 %"}, "1/20", True),
        ({"below": "0.5 %"}, "1/200", False),
        ({"below": "0.5 %"}, "1/201", True),
        ({"above": "1"}, "1", False),
    ],
)
def test_targets_are_met_exactly(target: dict[str, str], value: str, *, holds: bool) -> None:
    assert met(Fraction(value), Target.model_validate(target)) is holds


def results(now: str = NOW, **tables: str) -> dict[str, Any]:
    hearing = office(now, **(tables or {"tickets": TICKETS, "events": EVENTS}))
    return {one.kpi.id: one for one in engine.key_figures(hearing, LAST)}


def test_a_figure_is_provisional_until_its_lag_has_passed() -> None:
    """K-09 lags 5 working days behind the end of October: until the close of 6 November."""
    assert results("2026-11-06 17:29")["K-09"].provisional
    assert not results("2026-11-06 17:30")["K-09"].provisional
    assert not results("2026-11-01 08:00")["K-10"].provisional
    unknown = engine.key_figures(office(tickets=TICKETS, events=EVENTS), None)
    assert {one.kpi.id for one in unknown if one.undated} == {"K-06", "K-07", "K-09"}


def test_a_figure_without_its_record_says_which_is_missing() -> None:
    found = results()
    assert found["K-13"].figure.missing == ("requests", "moves")
    assert found["K-21"].figure.missing == ("moves",)
    assert found["K-22"].figure.missing == ("repair_record",)
    assert found["K-01"].figure.counted is None
    assert found["K-03"].figure.counted is not None


@pytest.mark.usefixtures("heard")
def test_the_order_of_lines_changes_no_figure() -> None:
    def turned(text: str) -> str:
        head, *rows = text.strip().splitlines()
        return "\n".join([head, *reversed(rows)])

    one, other = results(), results(tickets=TICKETS, events=turned(EVENTS))
    # Where the fake rules of this module go by line, the tickets have to stay as they are.
    assert {name: r.figure for name, r in one.items()} == {n: r.figure for n, r in other.items()}
    assert any(r.figure.counted for r in one.values())
