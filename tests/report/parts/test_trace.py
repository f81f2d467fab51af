"""Traces: whatever the moves were, played again they give the balance; pieces hang together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.findings.custody.test_custody import MOVES, custody

from sopaudit.findings.custody.custody import Custody
from sopaudit.report.parts.balance import BY, balance
from sopaudit.report.parts.trace import SORTS, by_ticket, taken_as, trace

KINDS = (
    ("RECV", "", "good"),
    ("ISSUE", "good", "with_engineer"),
    ("CONSUME", "with_engineer", "consumed"),
    ("RETURN_GOOD", "with_engineer", "good"),
    ("RETURN_DEF", "consumed", "defective"),
    ("SHIP_DEF", "defective", "in_transit"),
    ("TRANSFER_OUT", "good", "in_transit"),
    ("SCRAP", "defective", "scrapped"),
)
HEAD = MOVES.strip().splitlines()[0]


@st.composite
def ledgers(draw: st.DrawFn) -> str:
    """Make moves of few parts, serials, people and tickets, so that they meet; many are wrong."""
    lines = [HEAD]
    for n in range(draw(st.integers(1, 14))):
        kind, before, after = draw(st.sampled_from(KINDS))
        serial = draw(st.sampled_from(("", "S1", "S2")))
        qty = 1 if serial else draw(st.integers(1, 4))
        part = draw(st.sampled_from(("P04", "P09")))
        ticket = draw(st.sampled_from(("", "CD-1", "CD-2")))
        day = draw(st.integers(8, 30))
        owes = draw(st.sampled_from(("", "yes")))
        who = draw(st.sampled_from(("", "1006", "1007")))
        lines.append(
            f"M{n},{kind},2026-10-{day:02d} 09:00,CD,CD,{part},{serial},{qty},{before},{after},"
            f"{ticket},{owes},{who}"
        )
    return "\n".join(lines) + "\n"


def named(found: Custody) -> list[str]:
    dimensions = found.entries.slots.dimensions
    return [text for sort in SORTS for text in dimensions[sort].texts if text]


@settings(max_examples=25, deadline=None)
@given(ledgers())
def test_a_trace_played_again_gives_the_balance(moves: str) -> None:
    found = custody(moves)
    for word in named(found):
        told = trace(found, (), word)
        assert told.replay.left == told.replay.balance, word
        own = set(found.life(**{told.sort: told.word}).tolist())
        traced = [side for piece in told.pieces for side in piece.sides]
        assert own <= set(traced), word
        assert len(traced) == len(set(traced)), "a posting belongs to one piece"


@settings(max_examples=15, deadline=None)
@given(ledgers(), st.sets(st.sampled_from(sorted(BY)), min_size=1))
def test_balances_everywhere_are_zero_however_they_are_told_apart(moves: str, by: set[str]) -> None:
    found = custody(moves)
    frame = balance(found, sorted(by), everywhere=True)
    assert frame["units"].sum() == 0
    ours = balance(found, sorted(by))
    assert ours["units"].sum() == found.balances(("part_no",), ours=True)["units"].sum()


def test_a_word_is_taken_as_a_serial_before_a_part_or_a_ticket() -> None:
    found = custody(MOVES.replace("CD-2", "S1"))
    assert taken_as(found, "S1") == "serial"
    assert taken_as(found, "p09") == "part_no"
    assert taken_as(found, "CD-1") == "ticket_no"
    assert taken_as(found, "1006") == ""
    assert taken_as(found, "") == ""


def test_an_old_part_goes_with_the_new_one_that_took_its_place() -> None:
    back = "M7,RETURN_DEF,2026-10-12 10:00,CD,CD,P04,OLD1,1,consumed,defective,CD-1,,1006\n"
    found = custody(MOVES + back)
    [piece] = trace(found, (), "S1").pieces
    steps = found.steps(np.array(piece.sides, np.int64))
    assert [step.move for step in steps] == ["RECV", "ISSUE", "CONSUME", "CONSUME", "RETURN_DEF"]
    assert [step.owed for step in steps] == [False, False, False, True, False]
    [old] = trace(found, (), "OLD1").pieces
    assert old.serial == "OLD1"
    assert set(old.sides) < set(piece.sides)


def test_a_heap_is_followed_ticket_by_ticket() -> None:
    found = custody()
    [heap] = trace(found, (), "P09").pieces
    told = by_ticket(found, (), heap)
    assert [(piece.part, piece.ticket) for piece in told] == [("P09", "CD-2")]


def test_a_serial_that_was_in_two_places_is_one_piece() -> None:
    twice = "M7,DOA_REPORT,2026-10-12 10:00,CD,CD,P04,S1,1,with_engineer,doa,CD-1,,1006\n"
    found = custody(MOVES + twice)
    [piece] = trace(found, (), "S1").pieces
    steps = found.steps(np.array(piece.sides, np.int64))
    assert [step.move for step in steps][-1] == "DOA_REPORT"


def test_a_heap_is_not_called_by_the_serial_of_the_old_part() -> None:
    more = (
        "M7,CONSUME,2026-10-10 15:00,CD,CD,P09,,1,with_engineer,consumed,CD-2,yes,1007\n"
        "M8,RETURN_DEF,2026-10-11 10:00,CD,CD,P09,OLD9,1,consumed,defective,CD-2,,1007\n"
    )
    pieces = trace(custody(MOVES + more), (), "CD-2").pieces
    assert [(piece.part, piece.serial) for piece in pieces] == [("P09", "")]
