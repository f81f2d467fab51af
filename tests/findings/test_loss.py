"""A finding about parts names who answers, how much, since when, and the moves that prove it."""

from dataclasses import replace
from functools import cache
from typing import get_args

import numpy as np
from tests.findings.kind_samples import NOW, handbook, table

from sopaudit.criteria.parts import Wrong
from sopaudit.evidence.records import Records
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.loss import Loss, losses
from sopaudit.findings.loss_summary import by_sort, worst
from sopaudit.findings.rules.case import TYPES
from sopaudit.findings.rules.engine import hear

MOVES = """
move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to,ticket_no,return_required,holder,actor
M0,RECV,2026-10-08 09:00,PC,CD,P04,N1,1,,good,,,,1011
M1,RECV,2026-10-08 09:00,PC,CD,P09,,5,,good,,,,1011
M2,ISSUE,2026-10-12 09:00,CD,CD,P04,N1,1,good,with_engineer,CD-1,,1006,1011
M3,CONSUME,2026-10-12 11:00,CD,CD,P04,N1,1,with_engineer,consumed,CD-1,yes,1006,1011
M4,RETURN_DEF,2026-10-20 11:00,CD,CD,P04,O1,1,consumed,defective,CD-1,,1006,1011
M5,ISSUE,2026-10-12 09:30,CD,CD,P09,,3,good,with_engineer,CD-2,,1007,1011
M6,RETURN_GOOD,2026-10-12 17:00,CD,CD,P09,,1,with_engineer,good,CD-2,,1007,1011
M7,ISSUE,2026-10-13 10:00,CD,CD,P09,,9,good,with_engineer,CD-2,,1007,1011
M8,TRANSFER_OUT,2026-10-14 10:00,CD,CQ,P11,,4,good,in_transit,,,,1011
"""
RECORDS = {
    "moves": MOVES,
    "ledger": (
        "site,location,part_no,serial,status,qty,unit_price,abc_class,holder\n"
        "CD,A-1,P09,,good,2,45,C,1011\nCD,A-2,P04,,good,0,420,A,1011\nCD,A-3,P11,,good,9,30,C,1011"
    ),
    "opening": "site,part_no,serial,status,qty,since\nCD,P11,,good,9,2026-09-01",
    "counts": (
        "count_id,at,site,location,part_no,serial,counted,counter,checker\n"
        "K1,2026-10-09 17:00,CD,A-3,P11,,9,1011,1001\n"
        "K2,2026-10-30 17:00,CD,A-3,P11,,4,1011,1001"
    ),
    "loans": (
        "loan_no,site,part_no,serial,value,borrower,ticket_no,lent_at,due,signed,returned_at\n"
        "L1,CD,P04,X9,420,李先生,CD-1,2026-10-09 09:00,2026-10-16,yes,"
    ),
    "tickets": "ticket_no,engineer\nCD-1,1006\nCD-2,1007",
    "events": (
        "ticket_no,event,at,actor\nCD-1,repair_done,2026-10-12 11:00,1006\n"
        "CD-1,left_site,2026-10-12 11:30,1006\nCD-2,left_site,2026-10-12 12:00,1007"
    ),
}


@cache
def found() -> tuple[Custody, tuple[Loss, ...]]:
    records = Records({name: table(name, text) for name, text in RECORDS.items()}, "CD")
    custody = custody_of(records, handbook(), NOW)
    return custody, losses(custody, hear(handbook(), records, NOW), handbook())


def of(sort: str) -> list[Loss]:
    return [loss for loss in found()[1] if loss.sort == sort]


def moves(loss: Loss) -> list[str]:
    custody = found()[0]
    steps = custody.steps(np.array(loss.chain, np.int64))
    return [step.move + ("*" if step.owed else "") for step in steps]


def test_an_old_part_that_came_late_is_proved_by_the_moves_of_its_job_alone() -> None:
    (loss,) = of("not_returned")
    assert (loss.holder, loss.qty, loss.value, loss.ticket) == ("1006", 1, 420, "CD-1")
    assert loss.since == np.datetime64("2026-10-12T11:00", "us")
    assert moves(loss) == ["RECV", "ISSUE", "CONSUME", "CONSUME*", "RETURN_DEF"]


def test_what_is_kept_is_as_much_as_is_still_with_him() -> None:
    (kept, more) = of("unused_kept")
    assert (kept.holder, kept.qty, kept.value) == ("1007", 2, 90)
    assert (more.qty, more.value) == (9, 405)


def test_what_waits_is_one_loss_whatever_sorts_find_it() -> None:
    assert of("held") == []


def test_an_account_below_zero_says_how_much_is_short_and_who_keeps_it() -> None:
    (loss,) = (loss for loss in of("below_zero") if loss.rule == "PR-12")
    assert (loss.part, loss.qty, loss.value) == ("P09", 6, 270)
    assert loss.since == np.datetime64("2026-10-13T10:00", "us")
    assert moves(loss) == ["RECV", "ISSUE", "RETURN_GOOD", "ISSUE"]


def test_a_ledger_that_differs_from_its_moves_says_by_how_much() -> None:
    """Of P09 two are booked where nine more went out than came; of P11 it never saw four leave."""
    first, other = of("book_differs")
    assert (first.part, first.type, first.qty, first.holder) == ("P11", "amount differs", 4, "1011")
    assert moves(first) == ["", "TRANSFER_OUT"]
    assert (other.part, other.type, other.qty) == ("P09", "amount differs", 8)


def test_what_only_differs_is_not_below_zero() -> None:
    assert {(loss.part, loss.rule) for loss in of("below_zero")} == {("P09", "PR-12")}


def test_a_sort_may_take_of_a_rule_only_what_fails_in_some_ways() -> None:
    custody, every = found()
    rules = handbook().parts
    assert rules is not None
    kept = [s.model_copy(update={"types": {"AC-18": ("missing",)}}) for s in rules.losses]
    book = replace(handbook(), parts=rules.model_copy(update={"losses": tuple(kept)}))
    told = losses(custody, hear(handbook(), custody.records, NOW), book)
    assert {loss.rule for loss in every} - {loss.rule for loss in told} == {"AC-18"}


def test_sorts_name_the_ways_in_which_cases_fail() -> None:
    assert get_args(Wrong) == TYPES


def test_a_count_is_proved_by_what_moved_since_the_last_one() -> None:
    (loss,) = of("count_differs")
    assert (loss.holder, loss.part, loss.qty, loss.value) == ("1011", "P11", 5, 150)
    assert moves(loss) == ["TRANSFER_OUT"]


def test_what_is_on_the_way_too_long_is_told_with_how_much() -> None:
    (loss,) = of("in_transit")
    assert (loss.part, loss.qty, loss.value, loss.type) == ("P11", 4, 120, "never done")
    assert loss.since == np.datetime64("2026-10-14T10:00", "us")


def test_a_loan_is_answered_for_by_who_borrowed_it() -> None:
    (loss,) = of("loan_overdue")
    assert (loss.holder, loss.serial, loss.chain) == ("李先生", "X9", ())


def test_the_worst_are_the_severest_then_the_dearest_and_a_chain_is_told_once() -> None:
    ranks = ("critical", "major", "minor")
    told = worst(found()[1], 100)
    said = [(ranks.index(loss.severity), -loss.value) for loss in told]
    assert said == sorted(said)
    assert len({rank for rank, _ in said}) > 1
    proofs = [loss.chain or loss.rows for loss in told]
    assert len(set(proofs)) == len(proofs) < len(found()[1]) or len(proofs) == len(found()[1])
    assert len(worst(found()[1], 3)) == 3


def test_sums_by_sort_come_to_the_same_as_all_losses() -> None:
    every = found()[1]
    totals = by_sort(every)
    assert sum(total.count for total in totals) == len(every)
    assert sum(total.value for total in totals) == sum(loss.value for loss in every)
    assert [total.name for total in totals] == list(dict.fromkeys(x.sort for x in every))
    for total in totals:
        dated = [x.since for x in every if x.sort == total.name and not np.isnat(x.since)]
        assert total.oldest == min(dated) if dated else np.isnat(total.oldest)


def test_a_paper_is_proved_by_the_move_it_names_and_a_statement_by_the_moves_of_its_part() -> None:
    told = {
        "moves": (
            "move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to\n"
            "M1,RETURN_DEF,2026-10-12 09:00,CD,CD,P09,,1,consumed,defective\n"
            "M2,SCRAP,2026-10-13 09:00,CD,CD,P09,,1,defective,scrapped\n"
            "M3,RECV,2026-10-13 10:00,PC,CD,P11,,4,,good"
        ),
        "scraps": (
            "list_no,site,at,part_no,serial,qty,move_id,photo,signed_by,second_signature,"
            "centre_approval\nB1,CD,2026-10-13 09:00,P09,,1,m2,,1011,1001,ZX1"
        ),
        "centre_statement": (
            "month,site,part_no,serial,received_at,qty_centre,qty_branch\n"
            "2026-10,CD,P11,,2026-10-20 09:00,5,4"
        ),
    }
    records = Records({name: table(name, text) for name, text in told.items()}, "CD")
    custody = custody_of(records, handbook(), NOW)
    rules = ("PR-26", "PR-28")
    found = losses(custody, hear(handbook(), records, NOW, rules=rules), handbook())
    chains = {loss.sort: custody.steps(np.array(loss.chain, np.int64)) for loss in found}
    assert {sort: [step.move for step in chain] for sort, chain in chains.items()} == {
        "scrap_papers": ["RETURN_DEF", "SCRAP"],
        "statement": ["RECV"],
    }


def test_what_is_missing_and_what_is_too_much_never_make_up_for_each_other() -> None:
    one = of("unused_kept")[0]
    two = [replace(one, qty=3, value=30, id="a"), replace(one, qty=-20, value=-200, id="b")]
    (total,) = by_sort(two)
    assert (total.count, total.qty, total.value) == (2, 23, 230)
    assert worst([replace(two[0], rows="x", chain=()), replace(two[1], chain=())], 1)[0].id == "b"
