"""A line that does not say when is there all the same: what hangs on its time is unknown."""

import numpy as np
from tests.findings.rules.desk import book, cases, verdicts
from tests.findings.rules.test_part_lines import moves, of_rule

from sopaudit.evidence.column import coded
from sopaudit.evidence.lines import Lines
from sopaudit.findings.rules.flow import pairs

CONSUMED = "CONSUME,2026-10-12 11:30,CD-1,P05,,1,yes"
DONE = "ticket_no,event,at\nCD-1,repair_done,2026-10-12 11:30"


def test_a_part_that_came_back_nobody_knows_when_was_not_kept() -> None:
    text = moves(CONSUMED, "RETURN_DEF,,CD-1,P05,,1,yes")
    assert of_rule("AC-19", moves=text, events=DONE) == ["unknown"]
    text = moves(CONSUMED, "RETURN_DEF,,CD-2,P05,,1,yes")
    assert of_rule("AC-19", moves=text, events=DONE) == ["never done"]


def test_a_part_that_lies_in_the_store_nobody_knows_since_when_is_not_judged_by_its_age() -> None:
    came = "RETURN_DEF,,CD-1,P05,,1,yes"
    sent = "SHIP_DEF,2026-10-15 10:00,CD-1,P05,,1,yes"
    assert of_rule("AC-38", ledger="part_no\nP05", moves=moves(came, sent)) == ["unknown"]
    # Its way to the centre counts from the repair, which says when it was.
    assert of_rule("AC-19", 1, moves=moves(came, sent), events=DONE) == ["conforming"]


def test_what_came_back_from_a_visit_nobody_knows_the_end_of_is_unknown() -> None:
    text = moves("ISSUE,2026-10-12 09:00,CD-1,P09,,1", "RETURN_GOOD,2026-10-12 16:00,CD-1,P09,,1")
    assert of_rule("AC-18", moves=text, events=DONE) == ["unknown"]


def test_an_arrival_nobody_knows_the_time_of_may_have_been_late() -> None:
    events = """ticket_no,event,at,value
CD-1,visit_promised,2026-10-12 09:00,2026-10-13 13:30/2026-10-13 15:30
CD-1,arrived,,"""
    tickets = "ticket_no,service_type,promised_start,promised_end\nCD-1,on_site,,"
    assert of_rule("AC-08", events=events, tickets=tickets) == ["unknown"]


STOCK = "site,part_no,serial,status,qty\nCD,P05,,good,10"
RECEIVED = "site_from,site_to,part_no,serial,qty,status_from,status_to,move_type,at\n"


def test_the_days_of_a_stock_are_not_known_where_a_move_says_no_day() -> None:
    given = {"record": "ledger", "moves": "moves", "never_negative": True}
    for at, said in (("2026-10-12 09:00", "conforming"), ("", "unknown")):
        lines = RECEIVED + f"PC,CD,P05,,10,,good,RECV,{at}"
        found = verdicts(cases("stock_equation", given, {"ledger": STOCK, "moves": lines}))
        assert set(found) == {said}


def test_a_piece_that_was_fitted_is_missed_in_no_ledger_that_keeps_such_as_quantities() -> None:
    given = {"record": "ledger", "moves": "moves", "never_negative": True}
    lines = RECEIVED + "CD,CD,P04,S1,1,with_engineer,consumed,CONSUME,2026-10-12 09:00"
    stock = STOCK + "\nCD,P09,,consumed,0"
    found = cases("stock_equation", given, {"ledger": stock, "moves": lines})
    assert "amount differs" not in verdicts(found)


CALLS = "call_id,ticket_no,direction,ended_at\nT1,CD-1,out,2026-10-12 09:00\n"


def test_a_clock_starts_with_the_lines_that_are_chosen_for_it() -> None:
    given = {
        "from": "calls.ended_at",
        "from_only": "incoming_call",
        "to": "dispatch_form_filled",
        "at_most": "10 min",
    }
    events = "ticket_no,event,at\nCD-1,dispatch_form_filled,2026-10-12 10:10"
    for more, said in (
        ("T2,CD-1,in,2026-10-12 10:00", "conforming"),
        ("T2,CD-1,in,2026-10-12 09:59", "late"),
        ("T2,CD-1,out,2026-10-12 10:00", "unknown"),
    ):
        found = cases("elapsed", given, {"calls": CALLS + more, "events": events})
        assert verdicts(found) == [said]


def test_programs_write_nothing_in_words() -> None:
    texts = ["NA", "n/a", "#N/A", "null", "NaN", "Nanjing", "0"]
    lines = Lines("tickets", {"zone": coded(texts)}, np.arange(2, 9))
    assert lines.blank("zone").tolist() == [True, True, True, True, True, False, False]


def test_what_happens_on_one_way_only_is_in_order_all_the_same() -> None:
    orders = pairs(book(), [book().workflows["F3"]])
    assert ("quote_accepted", "repair_started") in orders
    assert ("repair_started", "quote_accepted") not in orders
    # Two answers to one question: no way leads from either to the other.
    assert not {("quote_accepted", "quote_declined"), ("quote_declined", "quote_accepted")} & orders
