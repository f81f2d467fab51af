"""What the tables of steps and of key figures say, of the handbook of this repository."""

from dataclasses import replace
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.report.handbook.book import book
from sopaudit.report.handbook.flow import flow_sheet
from sopaudit.report.handbook.ledger import money_sheet
from sopaudit.report.handbook.rule import kpi_sheet, parts_sheet, rule_sheet
from sopaudit.report.handbook.speaker import Speaker

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def office() -> Handbook:
    handbook, problems = load_handbook(ROOT)
    assert handbook is not None, problems
    return handbook


def test_everybody_who_may_do_a_step_is_named_also_without_a_lane(office: Handbook) -> None:
    told = 0
    for flow in office.workflows.values():
        lanes = {lane.id for lane in flow.lanes}
        rows = {r.id: r.lane[0] for r in flow_sheet(Speaker(office, ("en",)), flow, no_charts).rows}
        for node in flow.nodes:
            for post in set(node.also) - lanes:
                assert office.posts[post].title.to("en") in rows[node.id]
                told += 1
    assert told


def no_charts(_: object) -> tuple[()]:
    return ()


def test_the_key_figures_say_from_how_many_cases_a_rate_speaks(office: Handbook) -> None:
    assert "5" in kpi_sheet(Speaker(office, ("zh",))).intro[0]


def test_rules_are_printed_with_what_is_let_be_and_contradictions_below(office: Handbook) -> None:
    first, second = rule_sheet(Speaker(office, ("en",))).groups
    assert [row.id for row in second.rows] == [*office.contradictions]
    entry = office.suppressions[0]
    notes = {row.id: row.note for row in first.rows if row.note}
    assert set(notes) == {entry.rule for entry in office.suppressions}
    for said in (entry.office, str(entry.from_), str(entry.until), entry.by):
        assert said
        assert said in notes[entry.rule][0]


def test_the_book_says_where_parts_can_be_and_in_whose_custody(office: Handbook) -> None:
    assert office.parts
    sheet = parts_sheet(Speaker(office, ("en",)), office.parts)
    assert sheet.places
    assert [row[0] for row in sheet.places.rows] == [
        (place.title.to("en"),) for place in office.parts.places
    ]
    engineer = next(row for row in sheet.places.rows if row[0] == ("with an engineer",))
    assert engineer[1] == ("whoever holds it",)
    assert engineer[3] == ("office / person / ticket",)


def test_the_book_says_which_rules_find_each_sort_of_loss(office: Handbook) -> None:
    assert office.parts
    sheet = parts_sheet(Speaker(office, ("zh",)), office.parts)
    assert sheet.losses
    for row, loss in zip(sheet.losses.rows, office.parts.losses, strict=True):
        assert row[0] == (loss.title.to("zh"),)
        assert all(rule in row[1][0] for rule in loss.rules)


def test_the_book_says_how_a_count_is_drawn_and_who_may_count(office: Handbook) -> None:
    assert office.parts
    told = {
        fact.label[0]: fact.value[0]
        for fact in parts_sheet(Speaker(office, ("en",)), office.parts).counting
    }
    assert told["Drawn each time"] == (
        "1/3 of class A · 1/6 of class B · 1/12 of class C · at least 20 lines"
        " · at least 20 % of all"
    )
    assert told["Always counted"] == "what costs 800 or more a piece"
    assert told["Right by"].startswith("PR-25 ")
    assert (
        told["Who keeps the store"] == "Spare-parts specialist may count, and somebody else checks"
    )


def test_the_book_says_where_money_can_be_and_what_moves_it(office: Handbook) -> None:
    assert office.money
    sheet = money_sheet(Speaker(office, ("zh",)), office.money)
    assert len(sheet.places.rows) == len(office.money.places)
    ways = {row[0][0]: row[1:] for row in sheet.moves.rows}
    assert ways["向客户收款"] == (("客户 → 收款人手中",), ("客户 → 公司收款账户",))
    assert ways["交行政专员"][1] == ()
    assert [fact.value for fact in sheet.facts][-2:] == [("现金",), ("公司收款账户 / 银行转账",)]


def test_the_chapter_is_called_by_what_the_handbook_has(office: Handbook) -> None:
    titles = {
        chapter.title[0]: [leaf.kind for leaf in chapter.leaves]
        for kept in (
            office,
            replace(office, money=None),
            replace(office, parts=None),
            replace(office, parts=None, money=None),
        )
        for chapter in book(kept, ["en"]).chapters
        if any(leaf.kind in ("parts", "money") for leaf in chapter.leaves)
    }
    assert titles == {
        "Spare parts and money": ["parts", "money"],
        "Rules on spare parts": ["parts"],
        "Money": ["money"],
    }
