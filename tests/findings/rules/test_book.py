"""A count is held against the book as it stood at the moment of the count (AC-36, PR-25)."""

import pytest
from tests.findings.rules.desk import cases, say, verdicts

GIVEN = {
    "counted": "counts.counted",
    "book": "ledger.qty",
    "class": "ledger.abc_class",
    "classes": ["A"],
    "tolerances": ["0 %"],
    "on": ["site", "location", "part_no", "serial"],
    "only": "in_store",
}
MOVES = "move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to,doc_no"
GOOD, FEW, MANY = "conforming", "too few", "too many"


def held(count: str, ledger: str, *moves: str) -> list[str]:
    """Hold lines of a count, `id,at,site,location,part_no,serial,counted`, against the book."""
    records = {
        "counts": f"count_id,at,site,location,part_no,serial,counted\n{count}",
        "ledger": f"site,location,part_no,serial,abc_class,status,qty\n{ledger}",
    }
    if moves:
        records["moves"] = "\n".join((MOVES, *moves))
    return say("count_tolerance", GIVEN, records)


NOW = "CD,L1,P1,,A,good,7"
"""Seven lie there today."""


def issue(at: str, qty: int = 3, doc: str = "") -> str:
    return f"M1,ISSUE,{at},CD,CD,P1,,{qty},good,with_engineer,{doc}"


@pytest.mark.parametrize(
    ("moved", "counted", "expected"),
    [
        ("2026-10-09 17:00", 7, GOOD),
        ("2026-10-09 17:00", 10, MANY),
        # Booked in the very moment is booked before; a minute later is after.
        ("2026-10-09 17:10", 7, GOOD),
        ("2026-10-09 17:11", 10, GOOD),
        ("2026-10-09 17:11", 9, FEW),
        ("2026-10-09 17:11", 7, FEW),
        # Of a day whose hour nobody wrote, it was booked before the count in the evening.
        ("2026-10-09", 7, GOOD),
        ("2026-10-10", 10, GOOD),
        # What has not happened yet moves nothing.
        ("2026-11-20 09:00", 7, GOOD),
    ],
)
def test_what_went_out_after_the_count_was_still_there(
    moved: str, counted: int, expected: str
) -> None:
    assert held(f"K1,2026-10-09 17:10,CD,L1,P1,,{counted}", NOW, issue(moved)) == [expected]


def test_a_count_without_its_hour_comes_after_the_papers_of_its_day() -> None:
    assert held("K1,2026-10-09,CD,L1,P1,,7", NOW, issue("2026-10-09 17:11")) == [GOOD]
    assert held("K1,2026-10-09,CD,L1,P1,,10", NOW, issue("2026-10-10 00:01")) == [GOOD]


def test_what_brings_the_book_to_a_count_comes_after_it() -> None:
    adjusted = "M1,ADJ_MINUS,2026-10-09 17:10,CD,CD,P1,,3,good,lost,"
    assert held("K1,2026-10-09 17:10,CD,L1,P1,,7", NOW, adjusted) == [GOOD]
    assert held("K1,2026-10-09 17:10,CD,L1,P1,,7", NOW, adjusted + "K1") == [FEW]
    # To a later count it was booked before.
    both = "K1,2026-10-09 17:10,CD,L1,P1,,7\nK2,2026-10-30 17:10,CD,L1,P1,,7"
    assert held(both, NOW, adjusted + "K1") == [FEW, GOOD]


def test_each_of_two_counts_has_its_own_book() -> None:
    both = "K1,2026-10-09 17:10,CD,L1,P1,,10\nK2,2026-10-30 17:10,CD,L1,P1,,7"
    assert held(both, NOW, issue("2026-10-15 09:00")) == [GOOD, GOOD]


def test_moves_of_another_site_or_into_another_status_of_the_store_change_nothing() -> None:
    count = "K1,2026-10-09 17:10,CD,L1,P1,,7"
    assert held(count, NOW, "M1,ISSUE,2026-10-15,CQ,CQ,P1,,3,good,with_engineer,") == [GOOD]
    assert held(count, NOW, "M1,RESERVE,2026-10-15,CD,CD,P1,,3,good,reserved,") == [GOOD]


def test_a_piece_that_left_since_was_there() -> None:
    gone = "M1,ISSUE,2026-10-15 09:00,CD,CD,P2,S1,1,good,with_engineer,"
    ledger = f"{NOW}\nCD,L2,P2,S2,A,good,1"
    count = "K1,2026-10-09 17:10,CD,L1,P2,S1,{}"
    assert held(count.format(1), ledger, gone) == [GOOD]
    assert held(count.format(0), ledger, gone) == [FEW]
    assert held(count.format(1), ledger) == [MANY]


def test_a_move_that_does_not_say_when_leaves_the_book_unknown() -> None:
    assert held("K1,2026-10-09 17:10,CD,L1,P1,,7", NOW, issue("")) == ["unknown"]
    assert held("K1,,CD,L1,P1,,7", NOW, issue("2026-10-15")) == ["unknown"]
    assert held("K1,,CD,L1,P1,,7", NOW) == [GOOD]


def test_a_move_that_does_not_say_how_much_leaves_earlier_books_unknown() -> None:
    blank = "M1,ISSUE,2026-10-15,CD,CD,P1,,,good,with_engineer,"
    both = "K1,2026-10-09 17:10,CD,L1,P1,,8\nK2,2026-10-30 17:10,CD,L1,P1,,7"
    assert held(both, NOW, blank) == ["unknown", GOOD]


def test_what_lay_at_two_places_of_the_store_was_at_neither_for_sure() -> None:
    ledger = f"{NOW}\nCD,L2,P1,,A,good,5"
    count = "K1,2026-10-09 17:10,CD,L1,P1,,7"
    assert held(count, ledger, issue("2026-10-15")) == ["unknown"]
    # All of it moved before the count, so the book of both places is that of now.
    assert held(count, ledger, issue("2026-10-08")) == [GOOD]


@pytest.mark.parametrize(("opening", "counted"), [(10, 10), (12, 12)])
def test_a_ledger_that_differs_from_its_moves_does_not_spoil_an_earlier_count(
    opening: int, counted: int
) -> None:
    """From 10 went 3, and 7 are in the ledger; where 12 were there, the ledger is two short."""
    ends = f"site,part_no,serial,status,qty\nCD,P1,,good,{opening}\nCD,P1,,with_engineer,5"
    records = {
        "counts": (
            "count_id,at,site,location,part_no,serial,counted\n"
            f"K1,2026-10-09,CD,L1,P1,,{counted}\nK2,2026-10-30,CD,L1,P1,,7"
        ),
        "ledger": f"site,location,part_no,serial,abc_class,status,qty\n{NOW}",
        "moves": f"{MOVES}\n{issue('2026-10-15')}",
        "opening": ends,
    }
    assert say("count_tolerance", GIVEN, records) == [GOOD, GOOD]


def test_the_book_a_line_is_told_with_is_that_of_the_count() -> None:
    found = cases(
        "count_tolerance",
        GIVEN,
        {
            "counts": "count_id,at,site,location,part_no,serial,counted\nK1,2026-10-09,CD,L1,P1,,9",
            "ledger": f"site,location,part_no,serial,abc_class,status,qty\n{NOW}",
            "moves": f"{MOVES}\n{issue('2026-10-15')}",
        },
    )
    assert verdicts(found) == [FEW]
    assert found.expected is not None
    assert found.expected.spelled() == ["10"]


def test_a_difference_that_was_booked_since_needs_its_approval_all_the_same() -> None:
    given = {
        "by": "counts.approved_by",
        "roles": ["MGR", "region"],
        "reason": "counts.reason",
        "differs": ["counts.counted", "ledger.qty"],
        "on": ["site", "location", "part_no", "serial"],
        "only": "in_store",
    }
    head = "count_id,at,site,location,part_no,serial,counted,reason,approved_by\n"
    records = {
        "counts": head + "K1,2026-10-09 17:10,CD,L1,P1,,7,,\nK2,2026-10-30 17:10,CD,L1,P1,,7,,",
        "ledger": f"site,location,part_no,serial,abc_class,status,qty\n{NOW}",
        "moves": f"{MOVES}\nM1,ADJ_MINUS,2026-10-12 09:00,CD,CD,P1,,3,good,lost,K1",
    }
    assert say("approved", given, records) == ["missing", "not applicable"]
