"""What kinds about parts decide at their limits: moves that follow, stocks, counts, debts."""

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from tests.findings.rules.desk import book, cases, hearing, say, verdicts

from sopaudit.criteria.rule import RulePart
from sopaudit.findings.rules.engine import KINDS, heard
from sopaudit.findings.rules.pair import Dated, any_of, latest, settled, soonest

GOOD, NONE, UNKNOWN = "conforming", "not applicable", "unknown"
MOVES = "move_id,move_type,at,ticket_no,part_no,serial,qty,return_required,actor,note"
LEFT = "ticket_no,event,at\nCD-1,left_site,2026-10-12 12:00\nCD-1,repair_done,2026-10-12 11:30"


def rows(*lines: str) -> str:
    """Write lines below each other."""
    return "\n".join(lines)


def moves(*rows: str) -> str:
    """Write moves: type, time, ticket, part, serial, quantity, and what else is wanted."""
    full = (f"M{n},{row}".split(",") for n, row in enumerate(rows, 1))
    return "\n".join((MOVES, *(",".join([*row, *[""] * (10 - len(row))]) for row in full)))


def of_rule(
    rule: str, part: int = 0, now: str = "2026-11-05T23:59:59", **records: str
) -> list[str]:
    """Give the verdicts of one part of a rule of the handbook."""
    told = book().rules[rule]
    one = (told.all_of or (RulePart.model_validate({"kind": told.kind, "with": told.given}),))[part]
    return verdicts(KINDS[one.kind](hearing(records, now=now), one.given))


# --- followed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        ("2026-10-13 17:30", GOOD),
        ("2026-10-13 17:31", "late"),
        ("2026-10-12 11:00", GOOD),
        ("", UNKNOWN),
    ],
)
def test_an_unused_part_is_back_by_the_close_of_the_next_working_day(
    back: str, expected: str
) -> None:
    text = moves("ISSUE,2026-10-12 09:00,CD-1,P04,S1,1", f"RETURN_GOOD,{back},CD-1,P04,S1,1")
    found = of_rule("AC-18", moves=text, events=LEFT)
    assert found == [expected]


@pytest.mark.parametrize(
    ("now", "expected"), [("2026-10-13T17:30", NONE), ("2026-10-13T17:31", "never done")]
)
def test_what_never_came_back_is_judged_once_it_is_due(now: str, expected: str) -> None:
    text = moves("ISSUE,2026-10-12 09:00,CD-1,P04,S1,1")
    assert of_rule("AC-18", now=now, moves=text, events=LEFT) == [expected]


def test_a_part_that_was_fitted_or_failed_need_not_come_back_good() -> None:
    text = moves(
        "ISSUE,2026-10-12 09:00,CD-1,P04,S1,1",
        "ISSUE,2026-10-12 09:00,CD-1,P04,S2,1",
        "ISSUE,2026-10-12 09:00,CD-1,P11,,3",
        "CONSUME,2026-10-12 11:00,CD-1,P04,S1,1",
        "DOA_REPORT,2026-10-12 11:00,CD-1,P04,S2,1",
        "CONSUME,2026-10-12 11:00,CD-1,P11,,2",
        "RETURN_GOOD,2026-10-13 09:00,CD-1,P11,,1",
    )
    assert of_rule("AC-18", moves=text, events=LEFT) == [NONE, NONE, GOOD]
    short = text.replace("M7,RETURN_GOOD", "M7,ADJ_PLUS")
    assert of_rule("AC-18", moves=short, events=LEFT) == [NONE, NONE, "never done"]


def test_the_old_part_has_another_serial_number_and_settles_the_new_one() -> None:
    text = moves(
        "CONSUME,2026-10-12 11:00,CD-1,P04,S1,1,yes",
        "RETURN_DEF,2026-10-13 09:00,CD-1,P04,OLD7,1,yes",
        "SHIP_DEF,2026-10-19 17:30,,P04,OLD7,1",
        "RETURN_DEF,2026-10-30 09:00,CD-2,P04,S1,1,yes",
    )
    assert of_rule("AC-19", 0, moves=text, events=LEFT) == [GOOD]
    # CD-2 says nothing of a repair, so its clock has not begun.
    assert of_rule("AC-19", 1, moves=text, events=LEFT) == [GOOD, NONE]
    late = text.replace("2026-10-19 17:30", "2026-10-19 17:31")
    assert of_rule("AC-19", 1, moves=late, events=LEFT) == ["late", NONE]


def test_what_needs_no_return_is_no_case() -> None:
    text = moves("CONSUME,2026-10-12 11:00,CD-1,P04,S1,1,no")
    assert of_rule("AC-19", 0, moves=text, events=LEFT) == [NONE]


def test_a_very_old_defective_is_told_apart() -> None:
    text = moves(
        "RETURN_DEF,2026-10-12 09:00,CD-1,P04,S1,1", "RETURN_DEF,2026-10-26 09:00,,P04,S2,1"
    )
    found = heard(hearing({"moves": text, "ledger": "part_no\nP04"}), book().rules["AC-38"])
    one = found.parts[0].cases
    assert verdicts(one) == ["never done", "never done"]
    assert one.found is not None
    assert one.found.spelled() == ["> 10 working d", ""]
    assert one.measure is not None
    assert one.measure.values.tolist() == [18, 8]
    assert one.late is not None
    assert one.late.tolist() == [13, 3]


@pytest.mark.parametrize(
    ("used", "expected"), [("2026-10-14 17:00", GOOD), ("2026-10-14 17:01", "wrong order")]
)
def test_a_ticket_is_closed_after_its_parts(used: str, expected: str) -> None:
    events = "ticket_no,event,at\nCD-1,closed,2026-10-14 17:00\nCD-2,note,2026-10-14 17:00"
    text = moves(
        "ISSUE,2026-10-12 09:00,CD-1,P04,S1,1",
        f"CONSUME,{used},CD-1,P04,S1,1",
        "ISSUE,2026-10-12 09:00,CD-2,P04,S2,1",
    )
    assert of_rule("AC-41", 2, moves=text, events=events) == [expected, NONE]


def test_a_note_explains_a_part_in_hand() -> None:
    text = moves("ISSUE,2026-10-12 09:00,CD-1,P04,S1,1,,1006,客户改约")
    visit = "ticket_no,service_type\nCD-1,on_site"
    told = {"moves": text, "events": LEFT, "tickets": visit}
    found = heard(hearing(told), book().rules["PR-17"]).parts[0].cases
    assert verdicts(found) == [GOOD]
    assert found.excused is not None
    assert found.excused.tolist() == [True]


@pytest.mark.parametrize(
    ("told", "expected"),
    [("2026-10-26 23:59", GOOD), ("2026-10-27 00:00", "late"), ("", "")],
)
def test_dead_on_arrival_is_reported_within_14_days_of_receipt(told: str, expected: str) -> None:
    rows = ["RECV,2026-10-12 09:00,,P04,S1,1", "RECV,2026-10-12 09:00,,P04,S2,1"]
    if told:
        rows.append(f"DOA_REPORT,{told},CD-1,P04,S1,1")
    found = of_rule(
        "PR-22", 1, moves=moves(*rows), events=LEFT, ledger="part_no,status", tickets="ticket_no"
    )
    assert found == [expected] * bool(told)


# --- tied, serials, never before -----------------------------------------------------------------


def test_an_issue_belongs_to_a_ticket_that_is_open_and_the_one_it_was_kept_for() -> None:
    text = moves(
        "RESERVE,2026-10-12 08:30,CD-2,P04,S3,1",
        "RESERVE,2026-10-12 08:30,CD-1,P04,S4,1",
        "ISSUE,2026-10-12 16:00,CD-1,P04,S1,1",
        "ISSUE,2026-10-12 16:01,CD-1,P04,S2,1",
        "ISSUE,2026-10-12 09:00,CD-1,P04,S3,1",
        "ISSUE,2026-10-12 09:00,CD-1,P04,S4,1",
        "ISSUE,2026-10-12 09:00,CD-9,P04,S5,1",
        "ISSUE,2026-10-12 09:00,,P04,S6,1",
        "ISSUE,,CD-1,P04,S7,1",
    )
    found = of_rule(
        "AC-17",
        moves=text,
        tickets="ticket_no\nCD-1\nCD-2",
        events="ticket_no,event,at\nCD-1,completed,2026-10-12 16:00",
        requests="ticket_no,at,answered_at",
    )
    assert found == [GOOD, "wrong order", "wrong value", GOOD, "no counterpart", "missing", UNKNOWN]


def test_a_piece_removed_is_the_one_known_for_the_machine() -> None:
    text = moves(
        "ISSUE,2026-09-01 09:00,CD-1,P04,S1,1",
        "CONSUME,2026-09-01 10:00,CD-1,P04,S1,1",
        "RETURN_DEF,2026-09-01 11:00,CD-1,P04,OLD,1",
        "ISSUE,2026-10-12 09:00,CD-2,P04,S2,1",
        "CONSUME,2026-10-12 10:00,CD-2,P04,S2,1",
        "RETURN_DEF,2026-10-12 11:00,CD-2,P04,S1,1",
        "CONSUME,2026-10-13 10:00,CD-3,P04,,1",
        "ISSUE,2026-10-13 09:00,CD-3,P04,S3,1",
    )
    records = {"tickets": "ticket_no,serial\nCD-1,SN1\nCD-2,SN1\nCD-3,SN3", "moves": text}
    wanted = {
        "fitted": "CONSUME", "issued": "ISSUE", "removed": "RETURN_DEF",
        "machine": "tickets.serial",
    }  # fmt: skip
    assert say("serials_agree", wanted, records) == [GOOD, GOOD, "missing", NONE, GOOD]
    records["moves"] = text.replace("11:00,CD-2,P04,S1,", "11:00,CD-2,P04,S8,")
    assert say("serials_agree", wanted, records)[-1] == "wrong value"


def test_a_piece_without_a_number_has_no_past() -> None:
    text = moves("DOA_REPORT,2026-10-12 11:00,CD-1,P04,,1", "CONSUME,2026-10-11 11:00,CD-1,P04,,1")
    assert say("never_before", {"move": "DOA_REPORT", "earlier": "CONSUME"}, {"moves": text}) == [
        UNKNOWN
    ]


# --- stock ---------------------------------------------------------------------------------------

BALANCE = {"record": "ledger", "moves": "moves", "never_negative": "yes"}
FLOWS = "move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to"


@pytest.mark.parametrize(("now", "expected"), [(3, []), (2, ["too few"])])
def test_no_day_closes_below_zero(now: int, expected: list[str]) -> None:
    records = {
        "ledger": f"site,part_no,serial,status,qty\nCD,P11,,good,{now}",
        "moves": rows(
            *(
                FLOWS,
                "M1,ISSUE,2026-10-12 09:00,CD,,P11,,2,good,with_engineer",
                "M2,RECV,2026-10-13 09:00,,CD,P11,,5,,good",
                "M3,ISSUE,2026-10-13 08:00,CD,,P11,,2,good,with_engineer",
            )
        ),
    }
    found = cases("stock_equation", BALANCE, records)
    # Opening, 12 and 13 October: with 3 now there were 2 first, none on the 12th.
    assert found.measure is not None
    assert found.measure.values.tolist() == [now - 1, now - 3, now]
    assert [v for v in verdicts(found) if v != GOOD] == expected


def test_a_piece_lies_where_its_last_move_put_it_and_leaves_from_there() -> None:
    records = {
        "ledger": "site,part_no,serial,status,qty\nCD,P04,S1,good,1\nCD,P04,S2,defective,1",
        "moves": rows(
            *(
                FLOWS,
                "M1,RECV,2026-10-12 09:00,,CD,P04,S1,1,,good",
                "M2,ISSUE,2026-10-13 09:00,CD,CD,P04,S1,1,reserved,with_engineer",
                "M3,RETURN_DEF,2026-10-13 10:00,CD,CD,P04,S2,1,,defective",
                "M4,RETURN_DEF,2026-10-13 10:00,CD,CD,P04,S9,1,,defective",
                "M5,CONSUME,2026-10-13 10:00,CD,CD,P04,S8,1,,consumed",
            )
        ),
    }
    found = cases("stock_equation", BALANCE, records)
    assert sorted(verdicts(found)) == ["amount differs", "amount differs", GOOD, "wrong value"]
    assert found.names is not None
    names = dict(zip(found.names, verdicts(found), strict=True))
    assert names["P04 S9"] == "amount differs"
    assert names["P04 S2"] == GOOD


@pytest.mark.parametrize(("hand", "expected"), [(2, GOOD), (1, "too few")])
def test_stock_and_orders_together_reach_the_minimum(hand: int, expected: str) -> None:
    records = {
        "ledger": rows(
            "site,part_no,status,qty,min_qty",
            f"CD,P11,good,{hand},4",
            "CD,P11,defective,9,",
            "CD,P11,good_new,1,",
            "CD,P13,good,1,",
            "CQ,P11,good,9,",
        ),
        "orders": "site,part_no,qty,booked_at,at\nCD,P11,1,,\nCD,P11,9,2026-10-12,\nCQ,P11,5,,",
        "requests": "at,ticket_no",
        "events": "ticket_no,event,at",
    }
    assert of_rule("AC-37", 0, **records) == [expected, NONE, NONE]


@pytest.mark.parametrize(
    ("kind", "book_qty", "low", "high"),
    [
        ("A", 100, 99, 101),
        ("B", 100, 97, 103),
        ("C", 100, 95, 105),
        ("C", 19, 19, 19),
        ("C", 20, 19, 21),
    ],
)
def test_a_count_may_differ_by_the_share_of_its_class(
    kind: str, book_qty: int, low: int, high: int
) -> None:
    ledger = f"site,part_no,serial,abc_class,status,qty\nCD,P11,,{kind},good,{book_qty}"
    counted = [low - 1, low, high, high + 1]
    said = [
        of_rule(
            "PR-25",
            counts=f"count_id,site,part_no,serial,counted\nK1,CD,P11,,{found}",
            ledger=ledger,
        )
        for found in counted
    ]
    assert said == [["too few"], [GOOD], [GOOD], ["too many"]]


def test_every_line_of_a_count_stands_alone() -> None:
    ledger = rows(
        "site,location,part_no,serial,abc_class,status,qty",
        "CD,H1,P11,,C,good,60",
        "CD,H1,P11,,C,reserved,40",
        "CD,H2,P11,,C,good,100",
        "CD,H3,P04,S1,A,good,1",
        "CD,,P04,S2,A,with_engineer,1",
    )
    counts = rows(
        "count_id,site,location,part_no,serial,counted,approved_by,reason",
        "K1,CD,H1,P11,,90,1001,错放",
        "K1,CD,H2,P11,,110,1011,错放",
        "K1,CD,H3,P04,S1,1,,",
        "K1,CD,H9,P05,,0,,",
        "K1,CD,H9,P06,,1,1001,",
        "K1,CD,H3,P04,S2,x,,",
    )
    records = {"ledger": ledger, "counts": counts}
    assert of_rule("AC-36", 0, **records) == [
        "too few",
        "too many",
        GOOD,
        GOOD,
        "too many",
        UNKNOWN,
    ]
    assert of_rule("AC-36", 1, **records) == [GOOD, "wrong person", NONE, NONE, "missing", UNKNOWN]


# --- issue ---------------------------------------------------------------------------------------


def test_the_oldest_goes_first_whatever_went_later() -> None:
    ledger = rows(
        "part_no,revision,serial,status,received_at",
        "P04,A,S1,consumed,2026-09-03",
        "P04,A,S2,consumed,2026-09-01",
        "P04,A,S3,good,2026-09-02",
        "P04,B,S4,consumed,2026-09-09",
        "P04,A,S5,with_engineer,2026-09-02",
        "P04,A,S6,consumed,",
    )
    text = moves(
        "ISSUE,2026-10-12 09:00,CD-1,P04,S1,1",
        "ISSUE,2026-10-13 09:00,CD-2,P04,S2,1",
        "ISSUE,2026-10-14 09:00,CD-3,P04,S4,1",
        "ISSUE,2026-10-15 09:00,CD-3,P04,S5,1",
        "ISSUE,2026-10-16 09:00,CD-3,P04,S6,1",
        "ISSUE,2026-10-16 09:00,CD-3,P11,,1",
        "ISSUE,2026-10-16 09:00,CD-3,P04,S7,1",
    )
    result = heard(hearing({"moves": text, "ledger": ledger}), book().rules["PR-14"])
    found = result.parts[0].cases
    assert verdicts(found) == ["wrong order", GOOD, GOOD, GOOD, UNKNOWN, NONE, UNKNOWN]
    # S2 left only the day after, and was older still than S3.
    assert found.lines[1][1].tolist()[0] == 1


DONE = "\n".join(
    ("ticket_no,event,at", *(f"CD-{n},repair_done,2026-10-12 1{n}:10" for n in range(3)))
)
OWED = [f"CONSUME,2026-10-12 1{n}:00,CD-{n},P04,S{n},1,yes,,,"[:-2] for n in range(3)]


@pytest.mark.parametrize(
    ("issue", "expected"),
    [
        ("2026-10-13 17:30", GOOD),  # due by the close of the 13th
        ("2026-10-13 17:31", "too many"),
        ("2026-10-13 17:31,放行", GOOD),
    ],
)
def test_three_overdue_parts_stop_the_next(issue: str, expected: str) -> None:
    at, _, release = issue.partition(",")
    tickets = "ticket_no,engineer,bench_engineer\n" + "\n".join(f"CD-{n},1006," for n in range(5))
    text, two = (
        moves(*owed, f"ISSUE,{at},CD-4,P04,S9,1,,1011,{release}").replace("note", "release_no", 1)
        for owed in (OWED, OWED[:2])
    )
    assert of_rule("PR-16", moves=text, tickets=tickets, events=DONE) == [expected]
    assert of_rule("PR-16", moves=two, tickets=tickets, events=DONE) == [GOOD]


@pytest.mark.parametrize(
    ("at", "expected"), [("2026-10-18 23:59", GOOD), ("2026-10-19 00:00", "too many")]
)
def test_one_part_more_than_five_days_overdue_stops_the_next(at: str, expected: str) -> None:
    tickets = "ticket_no,engineer,bench_engineer\nCD-0,,邓凯\nCD-4,1006,\nCD-5,1007,"
    text = moves(OWED[0], f"ISSUE,{at},CD-4,P04,S9,1", f"ISSUE,{at},CD-5,P04,S8,1")
    assert of_rule("PR-16", moves=text, tickets=tickets, events=DONE) == [expected, GOOD]
    back = moves(OWED[0], f"ISSUE,{at},CD-4,P04,S9,1", "RETURN_DEF,2026-10-18 10:00,CD-0,P04,OLD,1")
    assert of_rule("PR-16", moves=back, tickets=tickets, events=DONE) == [GOOD]


# --- pairing: whole columns say what a loop would ------------------------------------------------

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=12)


def dated(pairs: list[tuple[int, int]]) -> Dated:
    days = np.array([day for _, day in pairs], "timedelta64[D]")
    at = np.datetime64("2026-10-01", "us") + days.astype("timedelta64[us]")
    return Dated(np.array([key for key, _ in pairs], np.int64), at)


@settings(deadline=None, max_examples=60)
@drawn(PAIRS, PAIRS)
def test_partners_are_those_a_loop_finds(
    mine: list[tuple[int, int]], theirs: list[tuple[int, int]]
) -> None:
    one, other = dated(mine), dated(theirs)
    for n, (key, day) in enumerate(mine):
        before = [t for k, t in theirs if k == key and t <= day]
        after = [t for k, t in theirs if k == key and t >= day]
        last, first, some = (
            f(one, other)[n] for f in (latest, soonest, lambda a, b: any_of(a.key, b.key))
        )
        assert (theirs[last][1] if last >= 0 else None) == max(before, default=None)
        assert (theirs[first][1] if first >= 0 else None) == min(after, default=None)
        assert (some >= 0) == any(k == key for k, _ in theirs)


@settings(deadline=None, max_examples=60)
@drawn(PAIRS, PAIRS, st.data())
def test_debts_are_paid_off_in_the_order_a_loop_pays_them(
    debts: list[tuple[int, int]], paid: list[tuple[int, int]], data: st.DataObject
) -> None:
    owed = [data.draw(st.integers(1, 3)) for _ in debts]
    worth = [data.draw(st.integers(1, 3)) for _ in paid]
    found = settled(dated(debts), np.array(owed, np.int64), dated(paid), np.array(worth, np.int64))
    expected = [-1] * len(debts)
    for key in range(4):
        steps = sorted(
            [(day, 0, n) for n, (k, day) in enumerate(debts) if k == key]
            + [(day, 1, n) for n, (k, day) in enumerate(paid) if k == key]
        )
        open_: list[list[int]] = []
        for _, kind, n in steps:
            if kind == 0:
                open_.append([n, owed[n]])
                continue
            left = worth[n]
            while left and open_:
                part = min(left, open_[0][1])
                left -= part
                open_[0][1] -= part
                if not open_[0][1]:
                    expected[open_.pop(0)[0]] = n
    assert found.tolist() == expected
