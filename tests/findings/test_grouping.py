"""Groups: sections a scheme weighs, and what a label of items or answers puts together."""

from collections.abc import Callable

import pytest

from sopaudit.findings.score import Score

Told = Callable[..., Score]

STEPS = """
scheme:
  answers: {{yes: 1, no: 0, na: skip}}
  roll_up: percent
  grades: [{{grade: A, at_least: 50}}, {{grade: B}}]
  limits: [{{any: step, below: 80, grade: B, {more}}}]
items: [{{id: a, color: red}}, {{id: b, color: green}}, {{id: c, color: green}}]
"""


def test_answers_are_put_together_by_what_was_recorded_with_them(told: Told) -> None:
    sheet = {"a": ["yes, step=P1", "yes, step=P2"], "b": ["yes, step=P1", "no, step=P2"]}
    result = told(STEPS.format(more="id: step"), **sheet, c="yes, step=P1")
    assert (result.score, result.grade) == ("80", "B")
    assert [bite.groups for bite in result.bites] == [("P2",)]


def test_a_group_is_picked_by_a_label_of_an_item_answered_for_it(told: Told) -> None:
    sheet = {"a": "yes, step=P1", "b": "no, step=P2", "c": "yes, step=P1"}
    assert told(STEPS.format(more="where: {color: green}"), **sheet).grade == "B"
    assert told(STEPS.format(more="where: {color: red}"), **sheet).grade == "A"


def test_as_many_groups_must_meet_a_limit_as_it_says(told: Told) -> None:
    one = {"a": "yes, step=P1", "b": "no, step=P2", "c": "yes, step=P3"}
    assert told(STEPS.format(more="times: 2"), **one).grade == "A"
    assert told(STEPS.format(more="times: 2"), **one | {"a": "no, step=P1"}).grade == "B"


@pytest.mark.parametrize(("to", "grade"), [("1", "A"), ("0.1", "B")])
def test_a_group_is_rounded_before_it_is_compared(to: str, grade: str, told: Told) -> None:
    words = STEPS.format(more=f"round: {{to: {to}}}").replace("yes: 1,", "yes: 1, most: 0.797,")
    assert told(words, a="most, step=P1", b="yes", c="yes").grade == grade


def test_items_in_no_section_stand_beside_the_sections(told: Told) -> None:
    words = """
scheme:
  answers: {yes: 1, no: 0}
  roll_up: percent
  sections: [{id: S, weight: 3, roll_up: percent}]
sections: [S, T]
items: [{id: a, section: S}, {id: b}, {id: c, section: T}]
"""
    assert told(words, a="yes", b="no", c="yes").score == "80"


MARKED = """
scheme:
  answers: {yes: 1, no: 0, na: skip}
  roll_up: sum
  sections: [{id: S, roll_up: sum, pass_mark: 0.7}, {id: T, roll_up: count}]
  grades: [{grade: A, at_least: 1}, {grade: B, at_least: 0}, {grade: C, below: 0}]
sections: [S, T]
items: [{id: a, section: S, points: 7}, {id: b, section: S, points: 3}, {id: c, section: T}]
"""


@pytest.mark.parametrize(
    ("a", "b", "grade"), [("yes", "no", "A"), ("no", "yes", "C"), ("na", "na", "A")]
)
def test_a_pass_mark_is_a_share_of_what_the_section_could_be(
    a: str, b: str, grade: str, told: Told
) -> None:
    result = told(MARKED, a=a, b=b, c="yes")
    assert result.grade == grade
    assert [bite.limit for bite in result.bites] == (["pass-mark-S"] if grade == "C" else [])


def test_a_surcharge_without_its_fact_adds_nothing(told: Told) -> None:
    charge = "pass_mark: 0.7, surcharge: {fact: past, rates: {poor: 1}}"
    result = told(MARKED.replace("pass_mark: 0.7", charge), a="yes", b="no", c="no")
    assert result.score == "7"
