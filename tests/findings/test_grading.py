"""Score and grade are apart, and limits only lower."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from sopaudit.findings.score import Score

Told = Callable[..., Score]

POST = """
scheme:
  answers:
    B: {yes: 1, no: 0, na: skip, unchecked: skip}
    V: {yes: skip, no: skip, na: skip, unchecked: skip}
  roll_up: percent
  coverage: {at_least: 70 %, else: limited scope}
  round: {to: 0.1}
  grades:
    - {grade: A, at_least: 95}
    - {grade: B, at_least: 90}
    - {grade: E}
  limits:
    - {id: veto, any: answer, where: {scoring: V}, is: no, grade: E, confirm: yes}
items:
  - {id: work, points: 98, scoring: B}
  - {id: desk, points: 2, scoring: B}
  - {id: honest, scoring: V}
"""


def test_a_98_with_a_confirmed_veto_is_grade_e_and_keeps_its_score(told: Told) -> None:
    score = told(POST, work="yes", desk="no", honest="no, confirmed")
    assert (score.score, score.band, score.grade, score.state) == ("98.0", "A", "E", "scored")
    (bite,) = score.bites
    assert (bite.limit, bite.items, bite.pending, bite.changed) == (
        "veto",
        ("honest",),
        False,
        True,
    )


def test_an_unconfirmed_veto_is_pending_and_both_grades_are_told(told: Told) -> None:
    score = told(POST, work="yes", desk="no", honest="no")
    assert (score.score, score.grade, score.pending_grade) == ("98.0", "A", "E")
    assert score.state == "pending veto"
    assert [bite.pending for bite in score.bites] == [True]


def test_without_a_veto_no_second_grade_is_told(told: Told) -> None:
    score = told(POST, work="yes", desk="no", honest="yes")
    assert (score.grade, score.pending_grade, score.bites) == ("A", None, ())


def test_a_veto_that_changes_nothing_is_still_named(told: Told) -> None:
    score = told(POST, work="no", desk="no", honest="no, confirmed")
    (bite,) = score.bites
    assert (score.grade, bite.bit, bite.changed) == ("E", True, False)


def test_a_veto_nobody_looked_at_leaves_the_audit_incomplete(told: Told) -> None:
    assert told(POST, work="yes", desk="yes", honest="unchecked").state == "incomplete"
    assert told(POST, work="yes", desk="yes").state == "incomplete"
    assert told(POST, work="yes", desk="yes", honest="na").state == "scored"


def test_a_score_that_speaks_for_too_little_is_limited_in_scope(told: Told) -> None:
    score = told(POST, work="yes", desk="na", honest="yes")
    assert (score.score, score.grade, score.state) == ("100.0", "A", "limited scope")


def test_the_scope_is_enough_when_it_is_just_enough(told: Told) -> None:
    words = """
    scheme:
      answers: {yes: 1, no: 0, na: skip}
      coverage: {at_least: 60 %, else: incomplete}
    items: [{id: a}, {id: b}, {id: c}, {id: d}, {id: e}]
    """
    sheet = dict.fromkeys("abcde", "yes")
    assert told(words, **sheet | {"d": "na", "e": "na"}).state == "scored"
    assert told(words, **sheet | {"c": "na", "d": "na", "e": "na"}).state == "incomplete"


def test_the_number_printed_is_the_number_graded(told: Told) -> None:
    words = """
    scheme:
      answers: number
      round: {to: 0.1}
      grades: [{grade: A, at_least: 95}, {grade: B}]
    items: [{id: a}]
    """
    assert (told(words, a="94.95").score, told(words, a="94.95").grade) == ("95.0", "A")
    assert (told(words, a="94.949").score, told(words, a="94.949").grade) == ("94.9", "B")


@pytest.mark.parametrize(
    ("bound", "inside", "outside"),
    [
        ("at_least", "80", "79.999999999999999"),
        ("above", "80.000000000000001", "80"),
        ("at_most", "80", "80.000000000000001"),
        ("below", "79.999999999999999", "80"),
    ],
)
def test_a_band_ends_exactly_at_its_bound(
    bound: str, inside: str, outside: str, told: Told
) -> None:
    words = f"""
    scheme: {{answers: number, grades: [{{grade: in, {bound}: 80}}, {{grade: out}}]}}
    items: [{{id: a}}]
    """
    assert (told(words, a=inside).grade, told(words, a=outside).grade) == ("in", "out")


def test_bounds_between_two_steps_decide_like_the_numbers_on_either_side(told: Told) -> None:
    words = """
    scheme:
      answers: number
      round: {to: 0.1}
      grades:
        - {grade: A, at_least: 94.96}
        - {grade: B, above: 89.94}
        - {grade: C, above: 80.01}
        - {grade: D}
    items: [{id: a}]
    """
    grades = {text: told(words, a=text).grade for text in ("95.0", "94.9", "90.0", "89.9", "80.0")}
    assert grades == {"95.0": "A", "94.9": "B", "90.0": "B", "89.9": "C", "80.0": "D"}


CAPPED = """
scheme:
  answers: {yes: 1, no: 0}
  roll_up: sum
  grades: [{grade: good, at_least: 12}, {grade: fair, at_least: 6}, {grade: poor}]
  limits:
    - {id: seal, any: answer, where: {id: seal}, is: no, score_at_most: 7}
    - {id: fire, any: answer, where: {id: fire}, is: no, score_at_most: 3, confirm: yes}
items:
  - {id: seal, points: 2}
  - {id: fire, points: 1}
  - {id: rest, points: 12}
"""


def test_a_score_held_down_is_graded_again_and_its_percentage_follows(told: Told) -> None:
    score = told(CAPPED, seal="no", fire="yes", rest="yes")
    assert score.exact == 7
    assert (score.score, score.possible, score.percent) == ("7", "15", "46.67")
    assert (score.band, score.grade) == ("good", "fair")
    told_grades = [line.values for line in score.lines if line.key == "grade"]
    assert told_grades == [{"score": "13", "grade": "good"}, {"score": "7", "grade": "fair"}]


def test_a_pending_cap_tells_the_grade_it_would_lead_to(told: Told) -> None:
    score = told(CAPPED, seal="yes", fire="no", rest="yes")
    assert (score.score, score.grade, score.pending_grade) == ("14", "good", "poor")
    held = told(CAPPED, seal="no", fire="no, confirmed", rest="yes")
    assert (held.score, held.grade, held.pending_grade) == ("3", "poor", None)


def test_a_cap_above_the_score_does_not_bite(told: Told) -> None:
    score = told(CAPPED, seal="no", fire="yes", rest="no")
    assert (score.score, [bite.bit for bite in score.bites]) == ("1", [False])
    assert "limit.score" not in [line.key for line in score.lines]


def test_a_cap_never_raises_the_grade_where_fewer_points_are_better(told: Told) -> None:
    words = """
    scheme:
      answers: {cited: 1}
      no_rows: zero
      grades: [{grade: good, at_most: 5}, {grade: bad}]
      limits: [{id: cap, any: answer, is: cited, score_at_most: 4}]
    items: [{id: hands, points: 25}]
    """
    assert told(words, hands="cited").grade == "bad"


LIMITED = """
scheme:
  answers: {{yes: 1, half: 1/2, no: 0}}
  unanswered: {unanswered}
  roll_up: percent
  grades: [{{grade: pass, at_least: 50}}, {{grade: fail}}]
  limits:
    - {{{limit}, grade: fail}}
labels: {{zone: [dark red, red]}}
items:
  - {{id: a, points: 4, zone: dark red}}
  - {{id: b, points: 4, zone: red}}
  - {{id: c, points: 40, zone: red}}
"""


@pytest.mark.parametrize(
    ("limit", "sheet", "grade"),
    [
        ("any: item, below: 3", {"a": "half", "b": "yes"}, "fail"),
        ("any: item, below: 2", {"a": "half", "b": "yes"}, "pass"),
        ("any: item, at_most: 2", {"a": "half", "b": "yes"}, "fail"),
        ("any: item, above: 39", {"a": "yes", "b": "yes"}, "fail"),
        ("any: item, below: 3, times: 2", {"a": "half", "b": "yes"}, "pass"),
        ("any: item, below: 3, times: 2", {"a": "half", "b": "half"}, "fail"),
        ("any: item, is: 2", {"a": "half", "b": "yes"}, "fail"),
        ("any: item, is: 0", {"a": "half", "b": "yes"}, "pass"),
        ("any: item, is: 0", {"a": "no", "b": "yes"}, "fail"),
        ("any: answer, is: half, where: {zone: dark red}", {"a": "half", "b": "yes"}, "fail"),
        ("any: answer, is: half, where: {zone: red}", {"a": "half", "b": "yes"}, "pass"),
        ("any: answer, is: half, where: {zone: dark}", {"a": "half", "b": "yes"}, "pass"),
    ],
)
def test_a_limit_looks_at_answers_or_points_of_the_items_that_carry_its_labels(
    limit: str, sheet: dict[str, str], grade: str, told: Told
) -> None:
    words = LIMITED.format(limit=limit, unanswered="skip")
    assert told(words, **sheet, c="yes").grade == grade


def test_a_limit_on_points_may_wait_for_a_second_person_too(told: Told) -> None:
    words = LIMITED.format(limit="any: item, below: 3, confirm: yes", unanswered="skip")
    waiting = told(words, a="half", b="yes", c="yes")
    assert (waiting.grade, waiting.pending_grade, waiting.state) == ("pass", "fail", "pending veto")
    assert told(words, a="half, confirmed", b="yes", c="yes").grade == "fail"


def test_a_blank_that_fails_does_not_slip_past_a_limit(told: Told) -> None:
    words = LIMITED.format(limit="id: zero, any: item, below: 1", unanswered="fail")
    score = told(words, b="yes", c="yes")
    assert (score.score, score.grade) == ("91.666667", "fail")
    assert [bite.items for bite in score.bites] == [("a",)]


def test_a_blank_that_is_skipped_meets_no_limit(told: Told) -> None:
    words = LIMITED.format(limit="any: item, below: 1", unanswered="skip")
    assert told(words, b="yes", c="yes").grade == "pass"


def test_points_without_a_maximum_have_no_percentage(told: Told) -> None:
    score = told("{scheme: {answers: number}, items: [{id: a}]}", a="15")
    assert (score.score, score.possible, score.percent, score.maximum) == ("15", None, None, None)


def test_nothing_out_of_nothing_has_no_percentage(told: Told) -> None:
    words = "{scheme: {answers: {yes: 1, no: 0}, no_rows: zero}, items: [{id: a}]}"
    score = told(words)
    assert (score.score, score.possible, score.percent, score.state) == ("0", "0", None, "scored")


def test_nothing_that_counts_is_not_scored(told: Told) -> None:
    score = told(POST, work="na", desk="na", honest="no, confirmed")
    assert (score.score, score.grade, score.exact, score.state) == (None, None, None, "not scored")
    assert [bite.limit for bite in score.bites] == ["veto"]


def test_the_worst_state_is_told(told: Told) -> None:
    assert told(POST, work="yes", desk="na", honest="no").state == "pending veto"
    assert told(POST, work="yes", desk="unchecked", honest="no").state == "incomplete"
    assert told(POST, desk="unchecked", honest="no").state == "not scored"


def test_a_parent_takes_the_score_before_rounding(told: Told) -> None:
    words = """
    scheme: {answers: {R: rate}, roll_up: percent, round: {to: 1}}
    items: [{id: a, scoring: R}]
    """
    score = told(words, a="1 of 3")
    assert (score.exact, score.score) == (Fraction(200, 3), "67")


COUNTED = """
scheme:
  answers: {yes: 1, no: 0, na: skip}
  floor: 1
  ceiling: 2
  grades:
    - {grade: A, at_least: 2, when: [{count: {severity: major}, at_most: 0}]}
    - {grade: B, at_least: 1, when: [{count: {answer: na}, below: 2}]}
    - {grade: C}
items: [{id: a, severity: major}, {id: b}, {id: c}, {id: d}]
"""


@pytest.mark.parametrize(
    ("a", "b", "c", "d", "score", "grade"),
    [
        ("yes", "yes", "yes", "no", "2", "A"),
        ("no", "yes", "yes", "yes", "2", "B"),
        ("no", "no", "no", "no", "1", "B"),
        ("no", "yes", "na", "na", "1", "C"),
    ],
)
def test_a_grade_asks_for_counts_too(  # noqa: PLR0913, PLR0917 -- a row is a sheet and its end
    a: str, b: str, c: str, d: str, score: str, grade: str, told: Told
) -> None:
    result = told(COUNTED, a=a, b=b, c=c, d=d)
    assert (result.score, result.grade) == (score, grade)


def test_a_number_that_is_an_answer_is_compared_as_points_of_an_item(told: Told) -> None:
    words = """
scheme:
  answers: {10: 1, 4: 0.4, 0: 0}
  grades: [{grade: A, at_least: 0}, {grade: B}]
  limits: [{any: ANY, is: IS, grade: B}]
items: [{id: a, points: 10, weight: 2}]
"""
    item, answer = (words.replace("ANY", any_) for any_ in ("item", "answer"))
    assert told(item.replace("IS", "8"), a="4").grade == "B"
    assert told(item.replace("IS", "0"), a="0").grade == "B"
    assert told(answer.replace("IS", "4"), a="4").grade == "B"
    assert told(answer.replace("IS", "8"), a="4").grade == "B"
    assert told(answer.replace("IS", "10"), a="4").grade == "A"


TWO_BANDS = """
scheme:
  answers: {yes: 1, no: 0}
  roll_up: percent
  grades:
    - {grade: A, at_least: 90}
    - {grade: B, at_least: 70}
    - {grade: B, at_least: 40}
    - {grade: C}
  limits:
    - {id: red, any: answer, where: {id: one}, is: no, grade: B}
items:
  - {id: one, points: 5}
  - {id: two, points: 5}
"""


def test_a_limit_agrees_with_any_band_that_gives_its_grade(told: Told) -> None:
    (bite,) = told(TWO_BANDS, one="no", two="yes").bites
    assert (bite.bit, bite.changed) == (True, False)


def test_a_cap_of_more_steps_than_a_machine_word_holds_is_compared_all_the_same(
    told: Told,
) -> None:
    words = """
scheme:
  answers: {yes: 1, no: 0}
  roll_up: sum
  round: {to: 1/100000000000000000000}
  limits: [{any: answer, is: no, score_at_most: 50}]
items: [{id: one, points: 5}]
"""
    assert told(words, one="no").exact == 0
    assert told(words.replace("50", "-50"), one="no").exact == -50
