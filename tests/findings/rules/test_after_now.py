"""What is dated after the hearing has not happened."""

from tests.findings.rules.desk import cases, verdicts

MOVES = (
    "move_id,move_type,at,ticket_no,part_no,serial,qty\n"
    "M1,RETURN_DEF,2026-10-12 09:00,CD-1,P04,S1,1\n"
    "M2,SHIP_DEF,{},CD-1,P04,S1,1\n"
    "M3,RETURN_DEF,2026-11-09 09:00,CD-1,P04,S2,1"
)


def test_a_move_of_tomorrow_settles_nothing_and_is_owed_nothing() -> None:
    given = {"move": "RETURN_DEF", "by": "SHIP_DEF", "at_most": "5 working days"}
    for shipped, expected in (("2026-11-05 23:59", "late"), ("2026-11-06 00:00", "never done")):
        found = cases("followed", given, {"moves": MOVES.format(shipped)})
        assert verdicts(found) == [expected]
        assert (found.lines[1][1] >= 0).tolist() == [expected == "late"]


def test_nobody_owes_what_he_has_not_fitted_yet() -> None:
    """The log says the repair was done before the part was fitted, as papers may."""
    moves = (
        "move_id,move_type,at,ticket_no,part_no,serial,qty,actor\n"
        "M1,ISSUE,{},CD-1,P04,S1,1,1006\nM2,CONSUME,2026-10-18 18:00,CD-1,P04,S1,1,1006"
    )
    given = {
        "move": "ISSUE", "owed_by": "CONSUME", "overdue": "RETURN_DEF", "at_most": "0",
        "returned_within": "1 working day", "from": "repair_done", "person": "moves.actor",
    }  # fmt: skip
    done = {"events": "ticket_no,event,at\nCD-1,repair_done,2026-10-09 08:00"}
    for at, expected in (("10-18 18:00", "conforming"), ("10-18 18:01", "too many")):
        found = cases("blocked", given, {"moves": moves.format(f"2026-{at}"), **done})
        assert verdicts(found) == [expected]
