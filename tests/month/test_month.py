"""The known-answer month is what its generator makes, fits the handbook, and tells all it must."""

import csv
import io
import runpy
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from typing import Final

import pytest
from tests.month.truth import (
    OFFICES,
    ROOT,
    SORTS,
    left,
    not_assessable,
    planted,
    quality,
    unreachable,
)

from sopaudit.criteria.handbook import Handbook, load_handbook

MADE: Final[dict[str, bytes]] = runpy.run_path(str(ROOT / "tools/month"))["month"]()

ODD: Final = {
    ("cash_book", "method", "private_code"),
    ("ledger", "damage_code", "AD09"),
    ("cash_book", "payee", "个人账户"),
    ("ledger", "status", "不良"),
}
"""Codes that only a planted case has."""

BEFORE: Final = {"AC-08", "AC-09", "AC-10", "AC-11", "AC-28", "AC-31", "AC-32", "PR-04"}
"""Rules whose limit is a moment before which, or after which, something must not lie."""

FAR: Final = {"AC-14", "AC-22", "AC-29", "AC-34", "PR-19", "PR-21"}
"""Rules one step over whose limit is the next day: 20:01 is no decent hour to ring anybody."""


@cache
def handbook() -> Handbook:
    loaded, _ = load_handbook(ROOT)
    assert loaded is not None
    return loaded


@cache
def rows(office: str, record: str) -> list[dict[str, str]]:
    data = MADE.get(f"audits/{OFFICES[office]}/data/{record}.csv", b"")
    encoding = "gb18030" if (office, record) == ("CQ", "calls") else "utf-8"
    return [*csv.DictReader(io.StringIO(data.decode(encoding)))]


def test_what_is_committed_is_what_the_generator_makes_byte_for_byte() -> None:
    kept = {
        path.relative_to(ROOT).as_posix()
        for folder in OFFICES.values()
        for path in (ROOT / "audits" / folder / "data").iterdir()
    }
    assert kept == {name for name in MADE if "/data/" in name}
    for name, data in MADE.items():
        assert (ROOT / name).read_bytes() == data, name


def test_it_is_made_again_alike() -> None:
    assert runpy.run_path(str(ROOT / "tools/month"))["month"]() == MADE


def test_its_size_is_that_of_three_branch_months() -> None:
    tickets = {office: len(rows(office, "tickets")) for office in OFFICES}
    assert 1150 <= sum(tickets.values()) <= 1400
    assert tickets["HZ"] < tickets["CQ"] < tickets["CD"]
    assert sum(map(len, MADE.values())) < 4_200_000
    for office in OFFICES:
        sorts = Counter(row["service_type"] for row in rows(office, "tickets"))
        assert 0.45 < sorts["on_site"] / tickets[office] < 0.65
        assert 0.2 < sorts["walk_in"] / tickets[office] < 0.4
        paid = sum(bool(row["invoice_no"]) for row in rows(office, "tickets"))
        assert 0.15 <= paid / tickets[office] <= 0.25


@pytest.mark.parametrize("rule", sorted(handbook().rules))
def test_every_rule_has_its_four_sorts_of_cases(rule: str) -> None:
    known = {case.sort for case in planted() if case.rule == rule}
    cannot = {sort for name, sort in unreachable() if name == rule}
    assert known - {"follows"} | cannot == set(SORTS)
    assert not known & cannot


def test_every_part_of_every_rule_has_one_over_and_one_inside() -> None:
    known = {(case.rule, case.part, case.sort) for case in planted()}
    for rule in handbook().rules.values():
        for part, sort in product(range(1, max(len(rule.all_of), 1) + 1), ("over", "inside")):
            assert (rule.id, part, sort) in known


def test_no_case_is_told_twice_with_two_verdicts() -> None:
    told: dict[tuple[str, int, str], set[str]] = {}
    for case in planted():
        told.setdefault((case.rule, case.part, case.subject), set()).add(case.verdict)
    assert {key: said for key, said in told.items() if len(said) > 1} == {}


def test_every_type_of_deviation_is_in_each_of_the_three_workflows() -> None:
    types = ("skipped", "extra", "out of order", "unknown step", "wrong role")
    known = {(one.workflow, one.type) for one in left()}
    assert known >= set(product(("F2", "F3", "F4"), types))


def test_the_clean_branch_has_no_planted_case() -> None:
    named = {case.subject for case in planted() if case.verdict not in {"not applicable", "clean"}}
    named |= {one.ticket for one in left()} | not_assessable()
    named |= {one.subject for one in quality()}
    assert [name for name in named if name.startswith("HZ")] == []


def test_every_subject_that_is_a_ticket_is_there() -> None:
    known = {row["ticket_no"] for office in OFFICES for row in rows(office, "tickets")}
    named = {one.ticket for one in left()} | not_assessable()
    named |= {t for case in planted() for t in (case.subject, *case.also) if t[2:5] == "-26"}
    assert named <= known


def test_columns_codes_and_people_fit_the_handbook() -> None:
    codes = {each.id: {code.id for code in each.codes} for each in handbook().codes.values()}
    for name, data in MADE.items():
        if "/data/" not in name:
            continue
        office, record = name[15:17].upper(), name.rpartition("/")[2].removesuffix(".csv")
        kept = handbook().records_kept.get(record) or handbook().forms[record]
        fields = {each.id: each for each in kept.fields}
        assert data
        for row in rows(office, record):
            assert row.keys() <= fields.keys()
            for column, text in row.items():
                of = fields.get(column)
                if of is not None and of.codes and text and (record, column, text) not in ODD:
                    assert text in codes[of.codes], (name, column, text)


def test_what_must_be_filled_is_filled_but_where_a_truth_says_so() -> None:
    silent = {case.subject for case in planted() if case.sort in {"missing", "follows", "over"}}
    silent |= {t for case in planted() for t in case.also} | not_assessable()
    silent |= {
        text[3:] for text in silent if text[3:]
    }  # `CD 2026-10-19 17:30` is the office and a column
    blanks: list[dict[str, str]] = []
    for office, record in product(OFFICES, handbook().records_kept):
        needed = [f.id for f in handbook().records_kept[record].fields if f.required]
        blanks += [
            row
            for row in rows(office, record)
            if any(not row[column] for column in needed) and not silent & set(row.values())
        ]
    assert [row["note"] for row in blanks] == ["漏填单号"]


def test_only_people_of_the_office_act() -> None:
    staff = {p.id: p.office for p in handbook().roster}
    for office in OFFICES:
        actors = {row["actor"] for row in rows(office, "events")} - {""}
        assert {staff[actor] for actor in actors} == {office}


def test_nothing_is_dated_after_the_day_of_the_records_but_what_a_truth_names() -> None:
    for office in OFFICES:
        late = {r["ticket_no"] for r in rows(office, "events") if r["at"] > "2026-11-05 23:59"}
        assert late <= {one.subject for one in quality() if one.kind == "future"}


def test_every_customer_is_seen_to_be_invented() -> None:
    for office in OFFICES:
        assert all(row["phone"].startswith("1380000") for row in rows(office, "tickets"))
        assert len({row["phone"] for row in rows(office, "tickets")}) == len(
            rows(office, "tickets")
        )


def test_limits_and_what_was_found_lie_on_the_sides_the_sort_says() -> None:
    for case in planted():
        if case.rule in BEFORE or case.sort not in {"over", "inside"}:
            continue
        if len(case.limit) == len(case.found) == 16:
            limit, found = (datetime.fromisoformat(text) for text in (case.limit, case.found))
            assert (found <= limit) is (case.sort == "inside"), case
            assert case.rule in FAR or abs(found - limit) <= timedelta(minutes=1), case


def test_the_holiday_and_the_worked_saturday_are_lived_through() -> None:
    for office in OFFICES:
        opened = Counter(row["opened_at"][:10] for row in rows(office, "tickets"))
        assert sum(opened[f"2026-10-0{day}"] for day in range(1, 8)) >= 4
        assert opened["2026-10-10"] >= 8
