"""Which edition rules on a day, and which may be handed out."""

from datetime import date
from pathlib import Path

import pytest

from sopaudit.criteria.edition import (
    Edition,
    dated,
    editions,
    in_use,
    not_in_force,
    ruling,
    state,
)
from sopaudit.criteria.handbook import load_handbook
from sopaudit.reading.copy import copy
from sopaudit.reading.past import Earlier

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "handbooks" / "tiny"
POST = "sops/posts/mec.yaml"


@pytest.mark.parametrize(
    ("day", "is_"),
    [
        (date(2025, 12, 31), "not yet"),
        (date(2026, 1, 1), "in force"),
        (date(2026, 12, 31), "in force"),
        (date(2027, 1, 1), "no more"),
    ],
)
def test_an_edition_holds_from_its_first_day_to_its_last(day: date, is_: str) -> None:
    assert state(date(2026, 1, 1), date(2026, 12, 31), day) == is_


def test_an_edition_without_dates_holds_always() -> None:
    assert state(None, None, date(1900, 1, 1)) == "in force"
    assert state(date(2026, 1, 1), None, date(2100, 1, 1)) == "in force"
    assert state(None, date(2026, 1, 1), date(1900, 1, 1)) == "in force"


def post(edition: str, first: str | None = None, last: str | None = None, more: str = "") -> bytes:
    lines = ["id: MEC", f'edition: "{edition}"', "title: 技师", more]
    lines += [f"effective_from: {first}"] if first else []
    lines += [f"effective_until: {last}"] if last else []
    return "\n".join(lines).encode()


def listed(now: bytes, *past: bytes) -> list[Edition]:
    return editions({POST: now}, [Earlier(POST, raw, "git") for raw in past])


def test_editions_of_the_past_are_found_once_each_in_the_order_of_their_days() -> None:
    known = listed(
        post("3", "2027-01-01"),
        post("2", "2026-01-01"),
        post("2", "2026-01-01"),
        post("1"),
    )
    assert [(e.edition, e.where) for e in known] == [("1", "git"), ("2", "git"), ("3", "")]
    assert {e.digests for e in known} == {1}


def test_contents_that_went_by_one_edition_are_counted() -> None:
    (one,) = listed(post("1", more="purpose: 甲"), post("1", more="purpose: 乙"))
    assert (one.digests, one.where) == (2, "")


def test_comments_make_no_other_content() -> None:
    (one,) = listed(post("1"), b"# said before\n" + post("1"))
    assert one.digests == 1


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2025, 6, 1), "1"),
        (date(2026, 1, 1), "2"),
        (date(2026, 6, 30), "2"),
        (date(2026, 7, 1), "1"),
        (date(2027, 1, 1), "3"),
    ],
)
def test_the_edition_that_began_last_rules(day: date, edition: str) -> None:
    known = listed(post("3", "2027-01-01"), post("2", "2026-01-01", "2026-06-30"), post("1"))
    assert [e.edition for e in ruling(known, day)] == [edition]


def test_of_two_that_began_on_one_day_the_files_as_they_are_hold() -> None:
    known = listed(post("2026.2", "2026-01-01"), post("2026.1", "2026-01-01"))
    assert [e.edition for e in ruling(known, date(2026, 5, 1))] == ["2026.2"]
    known = listed(post("2026.1", "2026-01-01"), post("2026.2", "2026-01-01"))
    assert [e.edition for e in ruling(known, date(2026, 5, 1))] == ["2026.1"]


def test_before_the_first_edition_none_ruled() -> None:
    assert list(ruling(listed(post("1", "2026-01-01")), date(2025, 1, 1))) == []


def test_a_table_says_from_when_it_is_valid() -> None:
    table = b'id: prices\nedition: "1"\nvalid_from: 2026-03-01\ncolumns: []\n'
    (one,) = editions({"sops/tables/prices.yaml": table}, [])
    assert one.first == date(2026, 3, 1)


def test_only_what_has_editions_of_its_own_is_listed_in_the_order_of_the_handbook() -> None:
    known = editions(copy(str(TINY), TINY).files, [])
    assert [e.id for e in known] == ["MEC", "BILL", "FIX", "CK-BRANCH", "CK-MEC", "shop", "whole"]
    assert [e.id for e in editions(copy(str(TINY), TINY).files, [], {"CK-MEC"})] == ["CK-MEC"]


def test_what_cannot_be_read_says_nothing() -> None:
    assert listed(b"\x00\x01") == []
    (one,) = listed(post("1"), b"id: [", b"- a\n- b\n")
    assert one.edition == "1"


def test_a_handbook_in_force_may_be_handed_out() -> None:
    handbook, _ = load_handbook(TINY)
    assert handbook is not None
    assert not_in_force(handbook, date(2026, 11, 26)) == []


def test_what_is_still_to_come_may_not_and_the_key_that_says_so_is_named() -> None:
    handbook, _ = load_handbook(TINY)
    assert handbook is not None
    problems = not_in_force(handbook, date(2025, 6, 1))
    told = [(p.code, p.values["word"], p.values["bound"]) for p in problems]
    assert told == [("H162", id_, "2026-01-01") for id_ in ("CK-MEC", "MEC", "BILL")]
    assert {p.line.partition(":")[0] for p in problems} == {"effective_from"}


def test_only_what_is_handed_out_is_looked_at() -> None:
    handbook, _ = load_handbook(TINY)
    assert handbook is not None
    early = date(2025, 6, 1)
    assert [p.values["word"] for p in not_in_force(handbook, early, {"MEC"})] == ["MEC"]
    assert not_in_force(handbook, early, {"shop"}) == []


def test_a_scheme_on_the_shelf_is_neither_handed_out_nor_among_the_editions() -> None:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    assert handbook.used_schemes == {"post", "branch"}
    assert {thing.id for thing in dated(handbook)} & set(handbook.schemes) == {"post", "branch"}
    assert not_in_force(handbook, date(2026, 11, 26)) == []
    known = editions(copy(str(ROOT), ROOT).files, [])
    assert "sqf-style-8.1" in {edition.id for edition in known}
    listed = {e.id for e in in_use(known) if e.file.startswith("checklists/schemes/")}
    assert listed == {"post", "branch"}
