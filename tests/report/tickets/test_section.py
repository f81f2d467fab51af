"""The ticket section: what it says adds up, and a copy that circulates says no more than it may."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Final

import numpy as np
import pytest
from tests.report.conftest import Laundry
from tests.report.tickets.invented import evidence, handbook, planted

from sopaudit.criteria.register import Suppression
from sopaudit.findings.checked import Checked
from sopaudit.findings.deviation import COLUMNS, table
from sopaudit.findings.gathering import TicketEvidence, ticket_evidence
from sopaudit.findings.rules.suppression import LetBe
from sopaudit.press.fonts import cover
from sopaudit.press.pdf import Job, render
from sopaudit.report.model import Chapter
from sopaudit.report.page import inspection_html
from sopaudit.report.seen import Seen, Speaker
from sopaudit.report.summary import BLOCK, LINE, ROW, Room
from sopaudit.report.tickets.model import TicketSection
from sopaudit.report.tickets.section import section
from sopaudit.report.xlsx import workbook

BOOK: Final = handbook()
TICKETS: Final = 120


@cache
def made() -> TicketEvidence:
    return evidence(TICKETS, book=BOOK)


def written(
    told: TicketEvidence | None = None, lang: str = "zh", *, circulating: bool = False
) -> TicketSection:
    seen = Seen(BOOK, "2026-10-cd", None, None, {}, circulating=circulating)
    return section(told or made(), Speaker(seen, lang), "附件 4")


def test_the_bar_is_all_tickets_and_the_sentence_says_how_many_go_wrong() -> None:
    told = written()
    assert sum(part.count for part in told.bar) == TICKETS
    bad = told.bar[1].count
    assert f"{TICKETS} 张工单中 {bad} 张不符合" in told.sentence
    assert [part.count for part in told.bar] == [count for count, _, _ in told.parts]


def test_every_dimension_ends_with_the_same_sum() -> None:
    told = written()
    sums = {(table_.rows[-1].cases, table_.rows[-1].bad) for table_ in told.dimensions}
    assert sums == {(len(made().facets), int(made().facets.bad.sum()))}
    for table_ in told.dimensions:
        assert sum(row.cases for row in table_.rows[:-1]) == table_.rows[-1].cases


def test_dimensions_stand_in_two_stacks_that_are_about_as_high() -> None:
    told = written()
    left, right = told.dimension_stacks
    assert (*left, *right) == told.dimensions
    high = [sum(len(table_.rows) + 2 for table_ in stack) for stack in (left, right)]
    assert abs(high[0] - high[1]) <= max(len(table_.rows) + 2 for table_ in told.dimensions)
    assert replace(told, dimensions=told.dimensions[:1]).dimension_stacks == (told.dimensions[:1],)


def test_ways_add_up_to_all_tickets_however_many_are_told() -> None:
    told = written()
    assert sum(row.tickets for row in told.variants) == TICKETS
    assert sum(row.part for row in told.variants) == 1


def test_broken_rules_come_by_severity_and_rate_and_no_rule_is_lost() -> None:
    told = written()
    ranks = [("critical", "major", "minor", "").index(row.severity) for row in told.rules]
    assert ranks == sorted(ranks)
    for one, other in zip(told.rules, told.rules[1:], strict=False):
        assert one.severity != other.severity or (one.share or 0) >= (other.share or 0)
    rest = "".join(told.rules_rest)
    shown = {row.id for row in told.rules}
    assert all(row.id in shown or row.id in rest for row in told.all_rules)
    assert any("没有交来" in text for text in told.rules_rest)


def test_what_to_do_first_names_three_findings_with_owner_and_how_sure() -> None:
    told = written(lang="en")
    assert len(told.first) == 3
    for row in told.first:
        assert row.owner.startswith("owner: ")
        assert "%" in row.sure


def with_one(**said: str) -> TicketEvidence:
    whole = made().checked
    first = next(iter(whole.rules))
    row = {"id": "1", "rule": first, "type": "wrong value", "ticket": "CD-1", **said}
    rows = table([tuple(row.get(name, "") for name in COLUMNS)])
    clean = replace(whole.conformance, deviations=table([])) if whole.conformance else None
    checked = Checked(whole.now, 9, clean, whole.rules, rows)
    return replace(made(), checked=checked)


@pytest.mark.parametrize(
    "private", ["王小明", "13800138000", "人民南路1号"], ids=["name", "telephone", "address"]
)
def test_a_copy_that_circulates_withholds_what_strangers_wrote(private: str) -> None:
    told = with_one(found=private, who=private)
    assert private in str(written(told))
    assert private not in str(written(told, circulating=True))
    assert "已隐去" in str(written(told, circulating=True))


def test_a_copy_that_circulates_keeps_events_posts_times_and_staff_numbers() -> None:
    staff = BOOK.roster[0].id
    told = with_one(
        found="customer_contacted", expected="2026-10-09 17:30:00", who=staff, post="COO"
    )
    text = str(written(told, circulating=True).deviations)
    for said in ("联系客户", "10-09 17:30", staff):
        assert said in text


def test_what_was_left_out_is_found_by_alignment_and_nothing_else_is() -> None:
    records, left_out = planted(60, BOOK)
    told = ticket_evidence(BOOK, records, date(2026, 11, 5))
    steps = told.checked.deviations
    skipped = steps[steps["type"] == "skipped"]
    pairs = zip(skipped["ticket"], skipped["expected"], strict=True)
    assert {(ticket, step.split()[0]) for ticket, step in pairs} == left_out
    assert left_out
    section_ = written(told)
    assert section_.sentence.startswith("对照流程，60 张工单")
    assert [flow.id for flow in section_.flows] == ["F2"]


def test_without_a_log_of_events_rules_are_told_alone() -> None:
    whole = made().checked
    rules = Checked(whole.now, 0, None, whole.rules, whole.rule_deviations)
    told = written(replace(made(), checked=rules))
    assert "没有事件记录" in told.sentence
    assert not told.bar
    assert not told.charts
    assert told.rules


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_and_workbook_hold_it_and_the_renderer_has_nothing_to_complain_of(
    laundry: Laundry, lang: str
) -> None:
    told = written(lang=lang)
    chapters = (
        Chapter("tickets", "1", "Tickets", annex=False),
        Chapter("ticket_charts", "Annex 1", "Charts", annex=True),
    )
    told = replace(told, charts=told.charts[:1])
    report = replace(laundry.report(lang), key=(), tickets=told, chapters=chapters)
    html = inspection_html(report)
    assert html.count("<svg") >= 1 + len(told.rules) + len(told.charts)
    assert html.count("<svg") == len(re.findall(r"<svg[^>]*>\s*<title>[^<]", html))
    assert told.worst[0].ticket in html
    assert len(workbook(report)) > 10_000
    if lang == "zh":
        assert cover(html)[1] == ()
        made_ = render(Job(html, date(2026, 11, 6)))
        assert made_.complaints == ()


def test_a_day_no_record_ends_on_is_not_told() -> None:
    whole = made().checked
    endless = replace(whole, now=np.datetime64("NaT", "us"))
    assert written(replace(made(), checked=endless)).as_of == ""
    assert "2026-11-05" in written().as_of


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_page_says_how_tickets_fared_and_what_to_do_first(
    laundry: Laundry, lang: str
) -> None:
    told = written(lang=lang)
    report = replace(laundry.report(lang), key=(), tickets=told, chapters=())
    page = inspection_html(report).partition('<nav class="contents')[0]
    for said in (told.spoken, told.touched, *(row.text for row in told.first)):
        assert said
        assert said in page
    for row in told.first:
        assert row.post
        assert row.owner.endswith(row.post)


def test_tickets_take_room_on_the_first_page() -> None:
    told = written()
    bare, full = Room("成都", ()), Room("成都", ())
    full.tickets(told)
    # A heading, two lines of text, the head of a table and three rows at least.
    assert bare.left - full.left >= BLOCK + LINE + 4 * ROW
    none = Room("成都", ())
    none.tickets(None)
    assert none.left == bare.left


def test_suppressions_are_told_with_who_decided_and_those_that_are_over_too() -> None:
    entry = BOOK.suppressions[0]
    let_be = LetBe(held=((entry, 12),), expired=((entry, 3),))
    whole = replace(made().checked, let_be=let_be)
    held, over = written(replace(made(), checked=whole)).let_be
    for said in (entry.rule, "12", str(entry.until), entry.reason.wordings[0][1]):
        assert said in held
    assert "3 例已重新计入" in over
    copy = written(replace(made(), checked=whole), circulating=True).let_be[0]
    person = next(p for p in BOOK.roster if p.id == entry.by)
    assert entry.by in copy
    assert BOOK.say(person.name, "zh") in held
    assert BOOK.say(person.name, "zh") not in copy


def test_cases_let_be_leave_the_figures_of_the_section() -> None:
    records, _ = planted(20, BOOK)
    day = date(2026, 11, 5)
    rules = ticket_evidence(BOOK, records, day).checked.rules.values()
    wrong = next(r.rule.id for r in rules if r.counts()["nonconforming"] or r.counts()["unknown"])
    said = {"rule": wrong, "tickets": records.tickets, "reason": "试点", "by": "9002"}
    entry = Suppression.model_validate({**said, "from": "2026-10-01", "until": "2026-12-31"})
    told = ticket_evidence(replace(BOOK, suppressions=(entry,)), records, day).checked
    assert [held.rule for held, _ in told.let_be.held] == [wrong]
    counts = told.rules[wrong].counts()
    assert counts["nonconforming"] == counts["unknown"] == 0
