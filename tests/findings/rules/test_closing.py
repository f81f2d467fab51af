"""Nothing vanishes: what opening and moves come to must stand in the ledger (AC-21)."""

import pytest
from tests.findings.rules.desk import cases, verdicts

GOOD = "conforming"
DIFFERS = "amount differs"
MOVES = "move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to"


def said(opening: str, ledger: str, *moves: str) -> dict[str, list[str]]:
    """Give the verdicts by what each case is called."""
    found = cases(
        "stock_equation",
        {"record": "ledger", "moves": "moves", "never_negative": "yes"},
        {
            "opening": f"site,part_no,serial,status,qty\n{opening}",
            "ledger": f"site,part_no,serial,status,qty\n{ledger}",
            "moves": "\n".join((MOVES, *moves)),
        },
    )
    told: dict[str, list[str]] = {}
    assert found.names is not None
    for name, verdict in zip(found.names, verdicts(found), strict=True):
        told.setdefault(name, []).append(verdict)
    return told


KEPT = "CD,P1,S1,good,1"
"""A piece that lies where it lay, so that the ledger keeps pieces of that status."""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("CD,P1,S2,good,1", GOOD),
        ("", DIFFERS),
        ("CD,P1,S2,defective,1", DIFFERS),
        ("CQ,P1,S2,good,1", DIFFERS),
        ("CD,P1,S2,,1", "unknown"),
    ],
)
def test_a_piece_nobody_moved_is_where_it_was(line: str, expected: str) -> None:
    ledger = f"{KEPT}\n{line}".strip()
    assert said(f"{KEPT}\nCD,P1,S2,good,1", ledger)["P1 S2"] == [expected]


def test_a_piece_that_moved_no_one_knows_when_may_be_anywhere() -> None:
    found = said(f"{KEPT}\nCD,P1,S2,good,1", KEPT, "M1,ISSUE,,CD,CD,P1,S2,1,good,with_engineer")
    assert "P1 S2" not in found


def test_a_piece_that_came_and_did_not_leave_is_in_the_ledger() -> None:
    came = "M1,RECV,2026-10-12 09:00,PC,CD,P1,S3,1,,good"
    assert said(KEPT, KEPT, came)["P1 S3"] == [DIFFERS]
    assert said(KEPT, f"{KEPT}\nCD,P1,S3,good,1", came)["P1 S3"] == [GOOD]


def test_a_piece_that_never_was_nor_came_is_not_in_the_ledger() -> None:
    assert said(KEPT, f"{KEPT}\nCD,P1,S4,good,1")["P1 S4"] == [DIFFERS]
    # What has left our hands may have left them before; another site has no opening here.
    others = f"{KEPT}\nCD,P1,S5,consumed,1\nCQ,P1,S6,good,1"
    assert said(KEPT, others).keys().isdisjoint({"P1 S5", "P1 S6"})


@pytest.mark.parametrize(("there", "expected"), [(5, [DIFFERS]), (0, None), (-1, None)])
def test_a_stock_the_ledger_has_no_line_of_is_missing_from_it(
    there: int, expected: list[str] | None
) -> None:
    found = said(f"CD,P2,,good,2\nCD,P3,,good,{there}", "CD,P2,,good,2")
    assert found["CD P2 good"] == [GOOD, GOOD]
    assert found.get("CD P3 good") == expected
    # Nothing is said of a status in which the ledger keeps nothing.
    assert "CD P3 to_test" not in said("CD,P3,,to_test,5", "CD,P2,,good,2")


def test_what_moves_bring_into_a_stock_without_a_line_is_missing_too() -> None:
    found = said("CD,P2,,good,2", "CD,P2,,good,2", "M1,RECV,2026-10-12,PC,CD,P3,,4,,good")
    assert found["CD P3 good"] == [DIFFERS]


def test_a_line_without_its_status_leaves_every_stock_of_its_part_unknown() -> None:
    found = said("CD,P2,,good,4\nCD,P3,,good,1", "CD,P2,,,4\nCD,P3,,good,1")
    assert {*found["CD P2"], *found["CD P2 good"]} == {"unknown"}
    assert {*found["CD P3 good"]} == {GOOD}


@pytest.mark.parametrize(("opening", "expected"), [(2, GOOD), (1, "too few")])
def test_days_begin_with_the_opening_where_there_is_one(opening: int, expected: str) -> None:
    found = said(
        f"CD,P2,,good,{opening}",
        "CD,P2,,good,3",
        "M1,ISSUE,2026-10-12 09:00,CD,CD,P2,,2,good,with_engineer",
        "M2,RECV,2026-10-13 09:00,PC,CD,P2,,3,,good",
    )
    assert found["CD P2 good 2026-10-12"] == [expected]
