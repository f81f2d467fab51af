"""What rules are heard with: conditions that are true, false or unknown, and any sort of data."""

import numpy as np
import pytest
from tests.findings.kind_samples import cases, handbook, hearing, table

from sopaudit.criteria.rule import Rule
from sopaudit.evidence.records import Records
from sopaudit.findings.rules.case import CONFORMING, NONCONFORMING, NOT_APPLICABLE, UNKNOWN
from sopaudit.findings.rules.engine import RuleResult, hear, heard, needed, runs
from sopaudit.findings.rules.hearing import Hearing

YES, NO, DARK = 1, 0, -1

NOW = np.datetime64("2026-11-05T23:59:59.999999")


def holds(condition: str, **tables: str) -> list[int]:
    found: list[int] = hearing(tables).holds_of_tickets(condition).tolist()
    return found


def test_a_blank_in_a_field_that_must_be_filled_is_not_known() -> None:
    rows = "ticket_no,service_type,zone\nA,on_site,in_area\nB,walk_in,\nC,,outside\n"
    assert holds("on_site", tickets=rows) == [YES, NO, DARK]
    # The zone may stay empty: it says no.
    assert holds("in_area", tickets=rows) == [YES, NO, NO]


def test_a_ticket_nobody_opened_is_not_known() -> None:
    tables = {"tickets": "ticket_no,service_type\nA,on_site\n"}
    tables["events"] = "ticket_no,event,at\nB,arrived,2026-10-12 10:00\n"
    assert holds("on_site", **tables) == [YES, DARK]
    assert holds("declined", **tables) == [NO, NO]


def test_without_the_record_of_events_nobody_knows_what_happened() -> None:
    assert holds("declined", tickets="ticket_no,service_type\nA,on_site\n") == [DARK]


def test_any_of_is_true_where_one_is_and_not_known_where_one_may_be() -> None:
    rows = "ticket_no,service_type\nA,complaint\nB,on_site\nC,\n"
    events = "ticket_no,event,at\nC,complaint_logged,2026-10-12 10:00\n"
    assert holds("complaint", tickets=rows, events=events) == [YES, NO, YES]
    assert holds("complaint", tickets=rows) == [YES, DARK, DARK]


def test_numbers_are_held_exactly() -> None:
    rows = "ticket_no,charge_amount\nA,0.01\nB,0.009\nC,0\nD,\nE,viel\n"
    assert holds("charged", tickets=rows) == [YES, NO, NO, NO, DARK]


def test_lines_of_another_record_are_asked_by_ticket() -> None:
    tables = {
        "cash_book": "ticket_no,method\nA,merchant\nA,cash\nB,merchant\n",
        "events": "ticket_no,event,at\nC,payment_collected,2026-10-12 10:00\n",
    }
    assert holds("paid_in_cash", **tables) == [YES, NO, NO]
    found = hearing(tables).holds("paid_in_cash", "events")
    assert found.tolist() == [NO]


def test_a_rule_needs_the_records_its_settings_name() -> None:
    rules = handbook().rules
    assert set(needed(rules["AC-01"], handbook())) == {"calls"}
    assert set(needed(rules["AC-04"], handbook())) == {"tickets", "events"}
    assert set(needed(rules["AC-10"], handbook())) == {"tickets", "events"}
    assert set(needed(rules["AC-32"], handbook())) == {"calls", "events"}
    result = heard(hearing({"tickets": "ticket_no\nA\n"}), rules["AC-04"])
    assert not result.assessable
    assert result.missing == ("events",)
    assert set(result.counts().values()) == {0}


def test_a_ticket_fails_where_one_part_fails() -> None:
    rows = "ticket_no,service_type\nA,walk_in\nB,walk_in\nC,on_site\n"
    events = (
        "ticket_no,event,at\n"
        "A,unit_received,2026-10-12 09:00\nA,repair_done,2026-10-16 09:00\n"
        "A,customer_notified,2026-10-16 10:00\n"
        "B,unit_received,2026-10-12 09:00\nB,repair_done,2026-10-13 09:00\n"
    )
    result = heard(hearing({"tickets": rows, "events": events}), handbook().rules["AC-27"])
    assert result.by_ticket(3).tolist() == [NONCONFORMING, CONFORMING, NOT_APPLICABLE]


RULES = [rule for rule in handbook().rules.values() if runs(rule)]


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_no_rule_stumbles_over_records_without_lines(rule: Rule) -> None:
    names = [*handbook().records_kept, *handbook().forms]
    empty = Records({name: table(name, "ticket_no") for name in names}, "CD")
    result = heard(Hearing(handbook(), empty, NOW), rule)
    assert result.assessable
    assert sum(result.counts().values()) == result.counts()["not applicable"]


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_no_rule_finds_fault_with_lines_that_say_nothing(rule: Rule) -> None:
    names = [*handbook().records_kept]
    bare = Records({name: table(name, "ticket_no\nA\nB\n\n") for name in names}, "CD")
    result = heard(Hearing(handbook(), bare, NOW), rule)
    assert result.counts()["nonconforming"] == 0 or rule.id in _BLANKS_ARE_FAULTS
    for part in result.parts:
        assert len(part.cases.ticket) == len(part.cases)
        assert all(len(line) == len(part.cases) for _, line in part.cases.lines)


_BLANKS_ARE_FAULTS = frozenset(("AC-05", "AC-06", "PR-02", "PR-03"))
"""A promise that is not negotiated, and mandatory fields, are faults by being blank."""


def test_all_that_code_decides_is_heard_in_the_order_of_the_handbook() -> None:
    records = Records({"events": table("events", "ticket_no,event,at\nA,arrived,2026-10-12\n")})
    found: dict[str, RuleResult] = hear(handbook(), records, NOW)
    assert list(found) == [rule.id for rule in RULES]
    assert list(hear(handbook(), records, NOW, rules=["AC-46"])) == ["AC-46"]


def test_what_conforms_by_grace_only_is_counted() -> None:
    rule = Rule.model_validate(
        {
            "id": "R-1",
            "title": "A title",
            "passes": "It holds.",
            "kind": "elapsed",
            "grace": "5 min",
            "with": {"from": "unit_received", "to": "diagnosed", "at_most": "1 h"},
        }
    )
    rows = "ticket_no,event,at\nA,unit_received,2026-10-12 10:00\nA,diagnosed,2026-10-12 11:05\n"
    result = heard(hearing({"events": rows}), rule)
    assert result.excused == 1
    assert result.counts()["conforming"] == 1


def test_a_condition_nobody_can_tell_leaves_a_case_unknown() -> None:
    given = {"from": "unit_received", "to": "diagnosed", "at_most": "1 h", "when": "walk_in"}
    rows = "ticket_no,event,at\nA,unit_received,2026-10-12 10:00\nA,diagnosed,2026-10-12 10:05\n"
    tables = {"tickets": "ticket_no,service_type\nA,\n", "events": rows}
    assert cases("elapsed", given, tables).verdict.tolist() == [UNKNOWN]
