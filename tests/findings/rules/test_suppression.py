"""Cases that are let be leave k and n until their last day, and count again afterwards."""

from dataclasses import replace
from datetime import date

import pytest
from tests.findings.rules.desk import book, hearing

from sopaudit.criteria.register import Suppression
from sopaudit.findings.rules.engine import RuleResult, heard
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.suppression import Suppressed, suppressed, without

REQUESTS = "request_no,ticket_no,qty\nS1,CD-1,5\nS2,CD-2,9\nS3,CD-3,7\nS4,CD-4,x"
LATER = date(2026, 11, 6)


def entry(**more: object) -> Suppression:
    said = {"rule": "PR-01", "reason": "试点", "by": "1001", "from": "2026-10-01", **more}
    return Suppression.model_validate({"until": "2026-10-31", **said})


def office_with(*entries: Suppression) -> Hearing:
    office = hearing({"requests": REQUESTS})
    return replace(office, handbook=replace(book(), suppressions=entries))


def let_be(*entries: Suppression, day: date) -> tuple[RuleResult, Suppressed]:
    office = office_with(*entries)
    result = heard(office, book().rules["PR-01"])
    return result, suppressed(result, office, day)


@pytest.mark.parametrize(
    ("day", "masked"),
    [
        (date(2026, 9, 30), []),
        (date(2026, 10, 1), [1]),
        (date(2026, 10, 31), [1]),
        (date(2026, 11, 1), []),
    ],
)
def test_it_holds_from_its_first_day_to_its_last(day: date, masked: list[int]) -> None:
    _, found = let_be(entry(tickets=["CD-1", "CD-2"]), day=day)
    # CD-1 conforms, so there is nothing to let be.
    assert [n for n, mask in enumerate(found.masks[1].tolist()) if mask] == masked
    assert bool(found.expired) == (day > date(2026, 10, 31))


def test_a_case_let_be_leaves_k_and_n() -> None:
    result, found = let_be(entry(office="CD", until="2026-12-31"), day=LATER)
    before, after = result.counts(), without(result, found).counts()
    assert (before["nonconforming"], before["unknown"]) == (2, 5)
    assert (after["nonconforming"], after["unknown"]) == (0, 0)
    assert after["conforming"] == before["conforming"]
    assert after["not applicable"] == 7


def test_what_is_over_counts_again_and_is_told() -> None:
    _, found = let_be(entry(tickets=["CD-2", "CD-3"]), day=LATER)
    assert not any(mask.any() for mask in found.masks)
    assert [(e.tickets, count) for e, count in found.expired] == [(("CD-2", "CD-3"), 4)]


def test_the_first_of_several_counts_and_another_office_is_none_of_it() -> None:
    entries = [
        entry(office="CQ", until="2026-12-31"),
        entry(tickets=["CD-3"], until="2026-12-31"),
        entry(office="CD", until="2026-12-31"),
    ]
    _, found = let_be(*entries, day=LATER)
    assert found.by[1].tolist() == [-1, 2, 1, 2]


def test_where_records_are_of_several_offices_the_ticket_says_whose_it_is() -> None:
    office = hearing({"requests": REQUESTS, "tickets": "ticket_no,branch\nCD-2,CD\nCD-3,HZ"})
    office = replace(
        office,
        records=replace(office.records, office=""),
        handbook=replace(book(), suppressions=(entry(office="HZ", until="2026-12-31"),)),
    )
    result = heard(office, book().rules["PR-01"])
    found = suppressed(result, office, LATER)
    assert found.masks[1].tolist() == [False, False, True, False]
