"""What one item earns, for everything an auditor may say of it."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from sopaudit.findings.score import Score

Told = Callable[..., Score]

CODES = """
scheme:
  answers:
    B: {yes: 1, no: 0, na: skip, unchecked: skip}
    H: {yes: 1, partial: 1/2, no: 0, na: skip, unchecked: skip}
    R: rate
    D2: {each: 2}
    V: {yes: skip, no: skip, na: skip, unchecked: skip}
  roll_up: percent
items:
  - {id: badge, points: 5, scoring: B}
  - {id: greeting, points: 5, scoring: H}
  - {id: calls, points: 10, scoring: R}
  - {id: late, points: 5, scoring: D2, weight: 2}
  - {id: honest, scoring: V}
"""


@pytest.mark.parametrize(
    ("item", "said", "outcome", "earned"),
    [
        ("badge", "yes", "counted", "5"),
        ("badge", "no", "counted", "0"),
        ("badge", "na", "na", None),
        ("badge", "unchecked", "unchecked", None),
        ("badge", "", "unanswered", None),
        ("greeting", "partial", "counted", "2.5"),
        ("calls", "3 of 20", "counted", "8.5"),
        ("calls", "0 of 0", "na", None),
        ("calls", "yes", "counted", "10"),
        ("calls", "na", "na", None),
        ("calls", "unchecked", "unchecked", None),
        ("late", "1", "counted", "6"),
        ("late", "3", "counted", "0"),
        ("late", "no", "counted", "6"),
        ("late", "yes", "counted", "10"),
        ("late", "2 of 9", "counted", "2"),
        ("late", "na", "na", None),
        ("honest", "yes", "no_points", None),
        ("honest", "no", "no_points", None),
        ("honest", "na", "na", None),
        ("honest", "", "unanswered", None),
    ],
)
def test_each_code_judges_in_its_own_way(
    item: str, said: str, outcome: str, earned: str | None, told: Told
) -> None:
    items = {score.item: score for score in told(CODES, **{item: said}).items}
    assert items[item].outcome == outcome
    assert items[item].earned == (None if earned is None else Fraction(earned))


SEVERAL = """
scheme:
  answers: {yes: 1, half: 1/2, no: 0, stop: block, na: skip, unchecked: skip, seen: skip}
  several: mean
items:
  - {id: desk, points: 4}
"""


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (["yes", "na"], "counted"),
        (["unchecked", "no"], "counted"),
        (["yes", "stop"], "blocked"),
        (["na", "unchecked"], "unchecked"),
        (["na", "seen"], "no_points"),
        (["unchecked", "seen"], "no_points"),
        (["na", "na"], "na"),
    ],
)
def test_of_several_answers_those_with_points_count(
    said: list[str], outcome: str, told: Told
) -> None:
    for order in (said, said[::-1]):
        assert told(SEVERAL, desk=order).items[0].outcome == outcome


def test_of_several_answers_the_one_that_cost_most_is_told(told: Told) -> None:
    answer = told(SEVERAL, desk=["yes", "no", "half", "na"]).items[0].answer
    assert answer is not None
    assert answer.result == "no"


def test_of_several_samples_the_worst_is_told(told: Told) -> None:
    answer = told(CODES, calls=["0 of 5", "2 of 5", "1 of 5"]).items[2].answer
    assert answer is not None
    assert (answer.failed, answer.checked) == (2, 5)


def test_of_several_demerits_the_highest_is_told(told: Told) -> None:
    answer = (
        told("{scheme: {answers: number}, items: [{id: a}]}", a=["5", "15", "0"]).items[0].answer
    )
    assert answer is not None
    assert answer.value == 15


def test_a_veto_among_several_answers_is_told_and_bites(told: Told) -> None:
    words = CODES.replace("  roll_up", "  grades: [{grade: A, at_least: 1}, {grade: E}]\n  roll_up")
    limit = "  limits: [{id: veto, any: answer, where: {scoring: V}, is: no, grade: E}]\n"
    score = told(words.replace("  roll_up", f"{limit}  roll_up"), badge="yes", honest=["na", "no"])
    answer = score.items[-1].answer
    assert answer is not None
    assert (answer.result, score.grade) == ("no", "E")


def test_several_answers_add_up_with_their_maximum(told: Told) -> None:
    score = told(SEVERAL.replace("mean", "sum"), desk=["yes", "half"])
    assert (score.score, score.possible, score.percent) == ("6", "8", "75")


UNANSWERED = """
scheme: {{answers: {{yes: 1, no: 0}}, roll_up: percent, unanswered: {rule}}}
items:
  - {{id: a, points: 3}}
  - {{id: b, points: 1}}
"""


@pytest.mark.parametrize(
    ("rule", "score", "state"),
    [("skip", "100", "incomplete"), ("fail", "75", "scored"), ("block", None, "not scored")],
)
def test_a_blank_is_skipped_or_fails_or_stops_scoring(
    rule: str, score: str | None, state: str, told: Told
) -> None:
    result = told(UNANSWERED.format(rule=rule), a="yes")
    assert (result.score, result.state) == (score, state)


def test_one_answer_that_blocks_stops_scoring(told: Told) -> None:
    result = told(SEVERAL, desk="stop")
    assert (result.score, result.state) == (None, "not scored")
    assert [line.key for line in result.lines] == ["total.nothing"]


def test_an_item_without_points_is_worth_one(told: Told) -> None:
    words = "{scheme: {answers: {yes: 1, no: 0}}, items: [{id: a}, {id: b, points: 0}]}"
    score = told(words, a="yes", b="yes")
    assert (score.score, score.possible) == ("1", "1")


def test_an_item_worth_nothing_has_no_share_of_a_mean(told: Told) -> None:
    words = (
        "{scheme: {answers: {yes: 1, no: 0}, roll_up: mean}, items: [{id: a}, {id: b, points: 0}]}"
    )
    assert told(words, a="yes", b="no").exact == 1


def test_a_number_without_a_maximum_enters_a_mean_as_it_is(told: Told) -> None:
    words = "{scheme: {answers: number, roll_up: mean}, items: [{id: a, weight: 3}, {id: b}]}"
    score = told(words, a="10", b="20")
    assert score.exact == Fraction(25, 2)
    assert (score.possible, score.percent) == (None, None)


BY_LABEL = """
scheme:
  answers: {{yes: 1, no: 0, na: skip}}
  points_by: {{label: [risk, step], table: {{high: {{P1: 10, P2: 5}}}}}}
  several: {several}
items: [{{id: a, risk: high, points: 2}}]
"""


def test_points_follow_the_labels_of_the_answer(told: Told) -> None:
    words = BY_LABEL.format(several="sum")
    assert told(words, a="yes").possible == "2"
    assert told(words, a="yes, step=P2").possible == "5"
    assert told(words, a=["yes, step=P2", "no, step=P1"]).possible == "15"
    assert told(words, a="yes, step=P1, risk=low").possible == "2"


def test_of_answers_that_lose_the_same_the_one_that_earns_less_is_the_worst(told: Told) -> None:
    words = BY_LABEL.format(several="worst").replace("yes: 1,", "yes: 1, half: 1/2,")
    either = told(words, a=["half, step=P1", "no, step=P2"])
    assert (either.score, either.possible) == ("0", "5")


def test_a_number_is_out_of_the_points_of_its_label(told: Told) -> None:
    words = """
scheme: {answers: number, points_by: {label: risk, table: {high: 10}}}
items: [{id: a, risk: high}, {id: b, points: 4, risk: low}]
"""
    result = told(words, a="7", b="3")
    assert (result.score, result.possible) == ("10", "14")


def test_what_several_answers_come_to_is_rounded_and_a_single_one_is_not(told: Told) -> None:
    words = """
scheme: {answers: {third: 1/3, no: 0, na: skip}, several: mean, several_round: {to: 0.1}}
items: [{id: a}]
"""
    assert told(words, a=["third", "no", "no"]).score == "0.1"
    assert told(words, a="third").score == told(words, a=["third", "na"]).score == "0.333333"
