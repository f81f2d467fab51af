"""A piece is in one place, those that are not ours included (PR-13, AC-20)."""

import pytest
from tests.findings.rules.desk import cases, verdicts

FIELDS = "move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to,holder"
LIFE = {
    "RECV": ("PC", "CD", "", "good"),
    "ISSUE": ("CD", "CD", "good", "with_engineer"),
    "CONSUME": ("CD", "CD", "with_engineer", "consumed"),
    "RETURN_GOOD": ("CD", "CD", "with_engineer", "good"),
    "RETURN_DEF": ("CD", "CD", "consumed", "defective"),
    "DOA_REPORT": ("CD", "CD", "with_engineer", "doa"),
    "SHIP_DEF": ("CD", "PC", "defective", "in_transit"),
    "CENTRE_ACCEPT": ("PC", "PC", "in_transit", "returned"),
    "SCRAP": ("CD", "CD", "defective", "scrapped"),
    "ADJ_MINUS": ("CD", "CD", "good", "lost"),
    "ADJ_PLUS": ("CD", "CD", "", "good"),
    "RESERVE": ("CD", "CD", "good", "reserved"),
}


def lived(*steps: str) -> tuple[list[str], list[str]]:
    """Let a piece live: `RECV 12` is a move at nine on the 12th, `@10` at ten, `:O1` a serial.

    Gives the verdicts by piece, and where else each was.
    """
    rows = []
    for n, step in enumerate(steps):
        kind, _, rest = step.partition(" ")
        day, _, serial = rest.partition(":")
        day, _, hour = day.partition("@")
        source, target, before, after = LIFE[kind]
        at = f"2026-10-{day} {hour or '09'}:00" if day else ""
        ends = f"{source},{target},P04,{serial or 'S1'},1,{before},{after},1006"
        rows.append(f"M{n},{kind},{at},{ends}")
    found = cases(
        "one_place",
        {},
        {"moves": "\n".join((FIELDS, *rows)), "opening": "site,part_no,serial,status,qty"},
    )
    assert found.found is not None
    return verdicts(found), found.found.spelled()


FITTED = ("RECV 12", "ISSUE 13", "CONSUME 13@14")


@pytest.mark.parametrize(
    ("then", "where"),
    [
        (["DOA_REPORT 14"], "CD machine"),
        (["DOA_REPORT 13@16"], "CD machine"),
        (["SHIP_DEF 15"], "CD machine"),
        (["RETURN_GOOD 15"], "CD machine"),
        # Nobody can fit it twice, or scrap it.
        (["CONSUME 15"], "CD machine"),
        (["SCRAP 15"], "CD machine"),
    ],
)
def test_what_is_in_a_machine_is_not_given_away_by_us(then: list[str], where: str) -> None:
    assert lived(*FITTED, *then) == (["repeated"], [where])


@pytest.mark.parametrize(
    "then",
    [
        [],
        # It comes back under its own number, is repaired and received again.
        [
            "RETURN_DEF 20",
            "SHIP_DEF 21",
            "CENTRE_ACCEPT 23",
            "RECV 28",
            "ISSUE 29",
            "CONSUME 29@15",
        ],
        # The old part had the number on its tag, so that it came back itself nobody wrote.
        ["RETURN_DEF 20:O1", "SHIP_DEF 21:O1", "CENTRE_ACCEPT 23:O1", "RECV 28", "ISSUE 29"],
        ["RETURN_DEF 20", "SCRAP 22"],
    ],
)
def test_what_came_back_is_where_it_came_to(then: list[str]) -> None:
    assert set(lived(*FITTED, *then)[0]) == {"conforming"}


def test_what_the_centre_has_or_was_scrapped_or_lost_is_not_here() -> None:
    back = (*FITTED, "RETURN_DEF 20", "SHIP_DEF 21", "CENTRE_ACCEPT 23")
    assert lived(*back, "SHIP_DEF 24") == (["repeated"], ["centre"])
    assert lived(*FITTED, "RETURN_DEF 20", "SCRAP 22", "SHIP_DEF 24")[0] == ["repeated"]
    lost = ("RECV 12", "ADJ_MINUS 13")
    assert lived(*lost, "ISSUE 14")[0] == ["repeated"]
    assert lived(*lost, "ADJ_PLUS 14", "ISSUE 15")[0] == ["conforming"]


def test_what_the_engineer_never_had_was_not_in_two_places() -> None:
    assert lived("CONSUME 13")[0] == ["conforming"]
    assert lived("RECV 12", "RESERVE 12@10", "ISSUE 13")[0] == ["conforming"]
