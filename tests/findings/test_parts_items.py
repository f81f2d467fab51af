"""A desk audit answers the items on parts and cash from records: a clean office and a bad one.

The bad office is the clean one of the known-answer month with the samples of each rule that fail.
"""

import csv
import io
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from tests.findings.rules.desk import ROOT, book
from tests.findings.rules.test_parts_rules import RULES, samples

from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.testimony import FromRecords
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.findings.from_records import answered_from_records

CLEAN: Final = ROOT / "audits/2026-10-hz-desk"

ITEMS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "CK-SPS": {
        "CK-SPS-B1": ("PR-01", "PR-05"),
        "CK-SPS-B2": ("PR-06", "AC-37"),
        "CK-SPS-C2": ("PR-14", "PR-15", "AC-20"),
        "CK-SPS-D1": ("AC-18",),
        "CK-SPS-D2": ("PR-18", "AC-20"),
        "CK-SPS-D3": ("AC-19", "PR-19"),
        "CK-SPS-D4": ("PR-22", "PR-23"),
        "CK-SPS-V2": ("PR-15",),
    },
    "CK-ADM": {"CK-ADM-C2": ("AC-14",)},
}
"""What answers what, as the business laid it down (domain d.6)."""

BESIDE: Final = {"CK-SPS-D3": {"PR-20", "PR-21"}, "CK-SPS-D2": {"PR-16"}}
"""What the standards of an item name besides: told, and not counted."""

LATE_MONEY: Final = {
    "tickets": "ticket_no\nCD-1",
    "events": "ticket_no,event,at\n"
    "CD-1,payment_collected,2026-10-12 10:00\nCD-1,payment_handed_in,2026-10-14 10:00",
    "cash_book": "ticket_no,at,kind,method,amount\nCD-1,2026-10-12 10:00,collected,cash,100",
}


class Told(dict[str, FromRecords]):
    """What the records say of each item, and by which items limits bite, or wait."""

    limits: set[tuple[str, bool]]


def answered(folder: Path) -> Told:
    """Hear a desk audit."""
    audit, problems = read_audit(folder, book())
    assert audit is not None, problems
    audit, _ = answered_from_records(audit)
    told = Told({item: s.records for (name, item), s in audit.said.items() if name in ITEMS})
    limits = (limit for score in conclude_folder(audit).scores for limit in score.bites)
    told.limits = {(item, limit.pending) for limit in limits for item in limit.items}
    return told


@cache
def clean() -> Told:
    return answered(CLEAN)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Put the first sample that fails of every rule of an item, or beside one, into the office."""
    folder = tmp_path_factory.mktemp("office") / CLEAN.name
    shutil.copytree(CLEAN, folder)
    wanted = {r for items in ITEMS.values() for rules in items.values() for r in rules}
    # An unused part that comes back late is AC-18's too.
    wanted |= {"PR-17", *(rule for rules in BESIDE.values() for rule in rules)}
    told = [next(s for s in samples(r) if s.sort == "fail").said for r in RULES if r in wanted]
    for n, records in enumerate([*(each["records"] for each in told), LATE_MONEY], 1):
        for record, text in records.items():
            add(folder / f"data/{record}.csv", unlike(n, text))
    return answered(folder)


def unlike(n: int, text: str) -> str:
    """Give tickets and serials of a sample names of their own."""
    text = re.sub(r"\bCD-(\d)", rf"HZ-X{n:02d}\g<1>", text)
    return re.sub(r"\b(S|OLD|XLH-)(\d)\b", rf"\g<1>{n:02d}X\g<2>", text)


def add(path: Path, text: str) -> None:
    """Add lines to a file of records, column by column; what it has no column for is added."""
    old = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    rows = [*csv.DictReader(io.StringIO(old)), *csv.DictReader(io.StringIO(text))]
    names = dict.fromkeys(name for row in rows for name in row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*names], restval="")
        writer.writeheader()
        writer.writerows(rows)


def failing(told: FromRecords) -> dict[str, int]:
    return {rule.rule: rule.failed for rule in told.rules}


def every() -> list[tuple[str, tuple[str, ...]]]:
    return [pair for items in ITEMS.values() for pair in items.items()]


@pytest.mark.parametrize(("item", "rules"), every())
def test_the_records_of_a_clean_office_answer_the_item_and_find_nothing(
    item: str, rules: tuple[str, ...]
) -> None:
    told = clean()[item]
    assert failing(told) == dict.fromkeys(rules, 0)
    assert told.failed == 0
    assert told.why is None


@pytest.mark.parametrize(("item", "rules"), every())
def test_the_records_of_a_bad_office_fail_the_item_by_each_of_its_rules(
    item: str, rules: tuple[str, ...], bad: Told
) -> None:
    told = bad[item]
    on_parts = {rule for rule in rules if rule[:2] == "PR"} or {"AC-14", "AC-18"} & {*rules}
    assert on_parts
    for rule in on_parts:
        assert failing(told)[rule] > 0, rule
        assert any(offence.rule == rule for offence in told.offences)
    assert told.failed > 0
    assert told.why is None


def test_a_rule_alone_never_gives_the_veto(bad: Told) -> None:
    assert bad["CK-SPS-V2"].failed > 0
    assert bad.limits == {("CK-SPS-V2", True)}
    assert clean().limits == set()


@pytest.mark.parametrize("item", BESIDE)
def test_what_the_standards_name_besides_is_told_and_not_counted(item: str, bad: Told) -> None:
    told = bad[item]
    beside = {rule.rule: rule for rule in told.beside}
    assert set(beside) == BESIDE[item]
    for rule in beside.values():
        assert rule.failed > 0
    assert not {offence.rule for offence in told.offences} & set(beside)
    assert {rule.rule for rule in told.rules} == {*ITEMS["CK-SPS"][item]}
