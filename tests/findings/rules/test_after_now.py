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
