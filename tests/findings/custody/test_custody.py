"""Every part is somewhere: double entry over places, lots and chains."""

import numpy as np
import pytest
from tests.findings.kind_samples import NOW, handbook, table

from sopaudit.criteria.handbook import bare
from sopaudit.evidence.records import Records
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.rules.engine import hear

MOVES = """
move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to,ticket_no,return_required,holder
M1,RECV,2026-10-08 09:00,PC,CD,P04,S1,1,,good,,,
M2,RECV,2026-10-08 09:00,PC,CD,P09,,10,,good,,,
M3,ISSUE,2026-10-09 09:00,CD,CD,P04,S1,1,good,with_engineer,CD-1,,1006
M4,CONSUME,2026-10-09 14:00,CD,CD,P04,S1,1,with_engineer,consumed,CD-1,yes,1006
M5,ISSUE,2026-10-09 10:00,CD,CD,P09,,2,good,with_engineer,CD-2,,1007
M6,RETURN_GOOD,2026-10-10 10:00,CD,CD,P09,,1,with_engineer,good,CD-2,,1007
"""


def custody(moves: str = MOVES, **more: str) -> Custody:
    tables = {"moves": table("moves", moves), **{k: table(k, v) for k, v in more.items()}}
    return custody_of(Records(tables, "CD"), handbook(), NOW)


def test_all_entries_together_are_zero() -> None:
    found = custody()
    assert found.entries.closing().sum() == 0
    assert found.balances(("part_no",)).empty


def test_what_is_where_has_a_name_on_it() -> None:
    found = custody().balances(("place", "part_no", "serial", "holder", "ticket_no"), ours=True)
    assert [tuple(row) for row in found.itertuples(index=False)] == [
        ("engineer", "P09", "", "1007", "CD-2", 1),
        ("owed", "P04", "", "1006", "CD-1", 1),
        ("shelf", "P09", "", "", "", 9),
    ]


def test_a_chain_leads_from_the_receipt_to_the_machine() -> None:
    found = custody()
    sides = found.life(serial="S1")
    chain = found.steps(found.chain(int(sides[-1])))
    assert [step.move for step in chain] == ["RECV", "ISSUE", "CONSUME"]
    assert [step.target["place"] for step in chain] == ["shelf", "engineer", "machine"]


def test_what_was_never_there_is_short() -> None:
    found = custody(MOVES.replace("M1,RECV,2026-10-08 09:00,PC,CD,P04,S1,1,,good,,,\n", ""))
    ours = found.entries.slots.ours[found.entries.slot]
    assert found.lots.short[ours].sum() == 1


def test_an_opening_balance_is_a_move_too() -> None:
    found = custody(
        MOVES, opening="site,part_no,serial,status,qty,since\nCD,P11,,good,5,2026-09-01"
    )
    assert found.entries.closing().sum() == 0
    assert found.holdings().query("part_no == 'P11'")["units"].tolist() == [5]


def test_what_lies_after_the_day_has_not_happened() -> None:
    tables = {"moves": table("moves", MOVES)}
    early = custody_of(Records(tables, "CD"), handbook(), np.datetime64("2026-10-08T23:59", "us"))
    assert set(early.holdings()["place"]) == {"shelf"}


def test_a_handbook_without_places_says_so() -> None:
    with pytest.raises(LookupError):
        custody_of(Records({}), bare(), NOW)


def test_a_status_left_out_is_the_one_the_move_can_mean() -> None:
    blank = MOVES.replace(",good,with_engineer,CD-1", ",good,,CD-1")
    blank = blank.replace(",with_engineer,consumed,", ",,,")
    assert custody(blank).holdings().equals(custody().holdings())


def test_a_piece_issued_without_its_status_is_in_one_place() -> None:
    """Taken from outside it would stay on the shelf as well."""
    vague = MOVES.replace("S1,1,good,with_engineer,CD-1", "S1,1,,with_engineer,CD-1")
    tables = {"moves": table("moves", vague), "ledger": table("ledger", "site,part_no,serial,qty")}
    found = hear(handbook(), Records(tables, "CD"), NOW, rules=("PR-13",))["PR-13"]
    assert found.counts()["nonconforming"] == 0


_LEFT_OUT = """
move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to,ticket_no,return_required,holder
M1,RECV,2026-10-08 09:00,PC,CD,P04,S1,1,,,,,
M2,RECV,2026-10-08 09:00,PC,CD,P09,S2,1,,,,,
M3,ISSUE,2026-10-09 09:00,CD,CD,P04,S1,1,,,CD-1,,1006
M4,CONSUME,2026-10-09 14:00,CD,CD,P04,S1,1,,,CD-1,yes,1006
M5,RETURN_DEF,2026-10-09 15:00,CD,CD,P04,OLD,1,,,CD-1,,1006
M6,ADJ_PLUS,2026-10-12 09:00,CD,CD,P11,,2,,,,,
M7,ISSUE,2026-10-12 10:00,CD,CD,P09,S2,1,,,CD-2,,1007
"""


def test_moves_that_leave_their_statuses_out_mean_the_usual_ones() -> None:
    found = custody(_LEFT_OUT).balances(("place", "part_no", "serial", "holder"))
    assert [tuple(row) for row in found.itertuples(index=False)] == [
        ("bad_shelf", "P04", "OLD", "", 1),
        ("centre", "P04", "S1", "", -1),
        ("centre", "P09", "S2", "", -1),
        ("engineer", "P09", "S2", "1007", 1),
        ("machine", "P04", "", "", -1),
        ("machine", "P04", "S1", "", 1),
        ("shelf", "P11", "", "", 2),
        ("written_off", "P11", "", "", -2),
    ]


def test_of_several_writings_of_a_serial_the_same_is_shown_in_any_order_of_rows() -> None:
    head, *rows = (
        MOVES.strip()
        .replace("M3,ISSUE,2026-10-09 09:00,CD,CD,P04,S1", "M3,ISSUE,2026-10-09 09:00,CD,CD,P04,s1")
        .splitlines()
    )
    told = [custody("\n".join((head, *order))).balances() for order in (rows, rows[::-1])]
    assert told[0].equals(told[1])
