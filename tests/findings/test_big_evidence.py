"""What the parts of a ledger have together: in one unit, from the first moment, ours first."""

from dataclasses import replace

import numpy as np

from sopaudit.findings.big_evidence import added_holders, added_places
from sopaudit.findings.custody.partial import Found, merged_findings

EARLY, LATE = (
    int(np.datetime64(day, "us").astype(np.int64)) for day in ("2026-10-01", "2026-10-09")
)
FOUND = Found(
    "b", "lost", "PR-12", "major", "late", "P1", "P1", "", "CD", "", "", 1, 0, "", "", "", "", "",
    "moves:3", (), since="2026-10-09 00:00:00",
)  # fmt: skip


def test_people_are_added_up_in_the_finest_units_of_all_parts() -> None:
    whole = {"holders": [["1007", 1, 2, 1, EARLY, LATE, 300, 100]]}
    halves = {
        "holders": [["1007", 0, 15, 0, None, EARLY, 5, 0], ["1006", 5, 0, 5, LATE, LATE, 9, 9]]
    }
    first, second = added_holders([(whole, 10, 100), (halves, 1, 1)])
    assert (first.person, first.owed, first.unused, first.overdue) == ("1007", 10, 35, 10)
    assert (first.value, first.overdue_value) == (30005, 10000)
    assert first.due == first.since == np.datetime64(EARLY, "us")
    assert (second.person, second.overdue, second.value) == ("1006", 5, 9)


def test_places_are_added_up_ours_first() -> None:
    one = {"places": [["centre", -3, -6, None, False], ["shelf", 3, 6, LATE, True]]}
    other = {"places": [["shelf", 5, 7, EARLY, True]]}
    shelf, centre = added_places([(one, 10, 100), (other, 1, 1)], ["centre", "shelf"])
    assert (shelf.place, shelf.units, shelf.value) == ("shelf", 35, 607)
    assert shelf.oldest == np.datetime64(EARLY, "us")
    assert (centre.place, centre.units, centre.value) == ("centre", -30, -600)
    assert np.isnat(centre.oldest)


def test_findings_nobody_dates_stand_where_they_began() -> None:
    later = replace(FOUND, id="a", at="2026-10-10 00:00:00", subject="P2")
    never = replace(FOUND, id="c", since="", subject="P3")
    found = merged_findings([[later], [FOUND, never]], ["lost"])
    assert [one.id for one in found] == ["c", "b", "a"]
