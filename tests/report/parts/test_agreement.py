"""The terminal and the report say the same of one ledger: number by number, name by name."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.findings.office import book

from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.quality import Quality
from sopaudit.evidence.records import Records, read_records
from sopaudit.findings.ledger import PartsCheck, check_parts
from sopaudit.findings.money.short import money_evidence
from sopaudit.findings.parts_evidence import parts_evidence
from sopaudit.report.parts.checked import parts_text
from sopaudit.report.parts.checked_json import parts_json
from sopaudit.report.parts.lines import plain, titled
from sopaudit.report.parts.model import PartsSection
from sopaudit.report.parts.saying import bare
from sopaudit.report.parts.section import section
from sopaudit.report.parts.teller import speaker_of
from sopaudit.terminal import COLUMNS, width

AUDIT = Path(__file__).parents[3] / "audits/2026-10-cd-desk"


@cache
def seen() -> tuple[Records, PartsCheck]:
    audit, _ = read_audit(AUDIT, book())
    assert audit is not None
    records, _ = read_records(AUDIT / "data", book(), office=audit.audit.office)
    last = np.datetime64(audit.audit.period.to, "D")
    day = audit.audit.as_of or audit.audit.date
    now = (np.datetime64(day, "D") + 1).astype("datetime64[us]") - np.timedelta64(1, "us")
    return records, check_parts(records, book(), now, last)


def reported(lang: str) -> PartsSection:
    """Write the chapter as a report does, which hears rules and looks at money by itself."""
    records, check = seen()
    audit, _ = read_audit(AUDIT, book())
    assert audit is not None
    day, last = audit.audit.as_of or audit.audit.date, audit.audit.period.to
    money = money_evidence(book(), records, check.custody.now)
    found = parts_evidence(book(), records, day, None, money, last=last)
    assert found is not None
    return section(found, speaker_of(found.custody, lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_terminal_says_what_the_report_says(lang: str) -> None:
    _, check = seen()
    told = reported(lang)
    said = parts_text(check, Quality(()), "records", lang)
    lines = [line.split() for line in said.splitlines()]

    def stands(*cells: str) -> bool:
        wanted = plain(" ".join(cells)).split()
        return any(line[: len(wanted)] == wanted for line in lines)

    sign = "" if lang == "zh" else " "
    assert plain(told.sentence) in sign.join(said.splitlines())
    for place in told.places:
        assert stands(place.label, place.units, place.value, place.oldest), place
    assert told.places[-1].units == told.places[-1].value == "0"
    for person in told.holders:
        numbers = (person.owed, person.unused, person.overdue, person.days, person.value)
        assert stands(person.person, *numbers), person
    for figure in told.figures:
        assert stands(figure.id, figure.title), figure
        assert figure.over in said
    for sort in told.sorts:
        [line] = [x for x in said.splitlines() if x.strip().casefold().startswith(
            f"{sort.title.casefold()}  "
        )]  # fmt: skip
        count, _, *rest = line.strip()[len(sort.title) :].split()
        assert [count, *rest] == [plain(x) for x in (sort.number, sort.value, sort.oldest) if x]
    assert any(person.overdue for person in told.holders)
    assert told.figures
    assert told.cash


def test_data_and_report_agree() -> None:
    told, data = reported("en"), json.loads(parts_json(seen()[1], Quality(()), "records"))
    ours = {row.id: (bare(row.units), bare(row.value)) for row in told.places[:-1]}
    for one in data["places"]:
        assert ours[one["place"]] == (one["pieces"], one["value"])
    people = [(bare(r.overdue) or "0", bare(r.value)) for r in told.holders]
    assert [(one["overdue"], one["value"]) for one in data["people"]] == people
    assert [one["short"] for one in data["cash"]] == [bare(row.amount) for row in told.cash]
    sorts = {row.id: (row.number, row.oldest) for row in told.sorts}
    assert {x["sort"]: (str(x["count"]), x["oldest"] or "") for x in data["sorts"]} == sorts
    assert [x["id"] for x in data["figures"]] == [row.id for row in told.figures]
    assert data["findings"] == len(told.findings)


def test_what_a_paper_proves_is_overdue_with_who_has_it() -> None:
    """A loan that is late is told by its loan, and is overdue with the borrower all the same."""
    _, check = seen()
    late = {one.person for one in check.evidence.holders if one.overdue}
    lent = [x for x in check.losses if x.rows.startswith("loans:") and not np.isnat(x.due)]
    assert lent
    assert {loss.holder for loss in lent} <= late


def test_a_title_is_never_broken() -> None:
    assert [*titled("Parts checked · {file}", "records")] == ["Parts checked · records"]
    name = "/a/path" * 20
    first, second = titled("备件核对　{file}", name)
    assert first == "备件核对"
    assert second.startswith("…")
    assert name.endswith(second[1:])
    assert width(second) == COLUMNS


def test_nothing_is_told_as_open_that_was_done_in_the_end() -> None:
    _, check = seen()
    said = parts_text(check, Quality(()), "records", "zh")
    lines = "".join(said.split("各类最重的")[1].split("备件的其他规则")[0].split())
    assert "T32蒋波（1011）：08-03收货入库→10-13调出→10-16调入T33" in lines
    assert "10-20调出，至今12个工作日" in lines


def test_what_took_too_long_never_reads_as_what_is_allowed() -> None:
    _, check = seen()
    aged = [(one.found, one.late) for one in check.losses if one.rule == "PR-29"]
    assert sorted(aged) == [("181 d", "1 d")] * 2 + [("248 d", "68 d")] * 2
    (transit,) = [one for one in check.losses if one.part == "T32"]
    assert (transit.found, transit.expected) == ("3 working d 1 min", "at_most 3 working days")
    zh, en = (speaker_of(check.custody, lang).length(transit.found) for lang in ("zh", "en"))
    assert (zh, en) == ("3个工作日又1分", "3 working days 1 min")
