"""What the tables of steps and of key figures say, of the handbook of this repository."""

from pathlib import Path

import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.report.handbook.flow import flow_sheet
from sopaudit.report.handbook.rule import kpi_sheet, rule_sheet
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
