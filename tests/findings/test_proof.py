"""The proof of a score, word by word of a scheme: what each makes, and that it follows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from sopaudit.criteria.answer import Answer
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import score
from sopaudit.findings.nearness import Nearness, nearness
from sopaudit.findings.proof import RULES, STEPS, Node, Proof, recomputed
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import Scorer

Built = Callable[..., Scorer]
Told = Callable[..., Score]
Rows = Callable[..., list[tuple[str, str, Answer]]]
Framed = Callable[..., AnswerFrame]


def proof_of(told: Score) -> Proof:
    assert told.proof is not None
    for node in told.proof.root.all():
        assert recomputed(node) == node.value, node
    return told.proof


def rules_in(node: Node) -> list[str]:
    """List the rules from the number shown down to the roll-up."""
    rules = [node.rule]
    while node.rule in STEPS:
        node = node.parts[0]
        rules.append(node.rule)
    return rules


WORDS = """
scheme:
  answers: {yes: 1, partial: 1/2, no: 0, na: skip, veto: skip}
  roll_up: sum
  SCHEME
sections: [A, B]
items:
  - {id: a1, section: A, points: 4, severity: major}
  - {id: a2, section: A, points: 6}
  - {id: b1, section: B, points: 10, severity: major}
"""

SHEET = {"a1": "yes", "a2": "partial", "b1": "no"}


def case(scheme: str) -> str:
    return WORDS.replace("SCHEME", scheme.replace("\n", "\n  "))


@pytest.mark.parametrize(
    ("scheme", "value", "rules"),
    [
        ("start: 100", "107", ["start", "sum"]),
        ("start: 100\ntake: away", "93", ["take", "sum"]),
        ("adjust: [{count: {severity: major}, points: -5}]", "2", ["adjust", "sum"]),
        (
            "adjust: [{count: {answer: yes}, points: 2}, {count: {answer: na}, points: 9}]",
            "9",
            ["adjust", "sum"],
        ),
        ("floor: 8", "8", ["floor", "sum"]),
        ("ceiling: 5", "5", ["ceiling", "sum"]),
        ("floor: 1\nceiling: 9", "7", ["sum"]),
        ("round: {to: 2, mode: up}", "8", ["round", "sum"]),
        (
            "limits: [{any: answer, is: no, score_at_most: 3}]\nround: {to: 2, mode: down}",
            "2",
            ["round", "cap", "sum"],
        ),
        (
            "start: 100\ntake: away\nadjust: [{count: {severity: major}, points: -2}]\nceiling: 90",
            "90",
            ["ceiling", "adjust", "take", "sum"],
        ),
    ],
)
def test_the_steps_stand_in_the_order_of_the_scheme(
    told: Told, scheme: str, value: str, rules: list[str]
) -> None:
    proof = proof_of(told(case(scheme), **SHEET))
    assert proof.root.value == Fraction(value)
    assert rules_in(proof.root) == rules


@pytest.mark.parametrize(
    ("sections", "values"),
    [
        ("[{id: A, roll_up: sum}, {id: B, roll_up: sum}]", {"A": "7", "B": "0"}),
        ("[{id: A}, {id: B, weight: 2}]", {"A": "7/10", "B": "0"}),
        ("[{id: A, roll_up: mean}, {id: B, roll_up: all}]", {"A": "3/4", "B": "0"}),
        ("[{id: A, roll_up: count}, {id: B, in: A, roll_up: count}]", {"A": "3/2", "B": "0"}),
        ("[{id: A, roll_up: all}, {id: B, in: A}]", {"A": "0", "B": "0"}),
    ],
)
@pytest.mark.parametrize("roll_up", ["sum", "percent", "mean", "count", "all"])
def test_sections_follow_from_their_items(
    told: Told, sections: str, values: Mapping[str, str], roll_up: str
) -> None:
    words = case(f"sections: {sections}").replace("roll_up: sum\n", f"roll_up: {roll_up}\n", 1)
    result = told(words, **SHEET)
    proof = proof_of(result)
    assert proof.root.value == result.exact
    found = {node.name: node.value for node in proof.root.all() if node.kind == "section"}
    assert found == {name: Fraction(value) for name, value in values.items()}


def test_an_empty_section_drops_out_or_counts_as_it_says(told: Told) -> None:
    for empty, value in (("drop", "7/10"), ("zero", "7/20"), ("full", "17/20")):
        words = case(f"sections: [{{id: A}}, {{id: B}}]\nempty: {empty}").replace(
            "roll_up: sum", "roll_up: mean"
        )
        proof = proof_of(told(words, **{**SHEET, "b1": "na"}))
        assert proof.root.value == Fraction(value)


CHARGED = """
scheme:
  answers: {yes: 1, no: 0}
  roll_up: sum
  sections:
    - id: A
      roll_up: sum
      surcharge: {fact: before, rates: {often: 1/3}, round: {to: 1, mode: up}}
  adjust: [{count: {}, points: -1, each: section, at_most: 1}]
sections: [A]
items: [{id: a1, section: A, points: 10}, {id: a2, section: A, points: 3}]
"""


def test_what_a_section_is_charged_stands_above_its_items(
    build: Built, rows: Rows, frame: Framed
) -> None:
    words = CHARGED.replace("count: {}", "count: {section: A}")
    scorer = build(words)
    answers = frame(scorer, ["A1"], rows(scorer, {"A1": {"a1": "yes", "a2": "no"}}))
    answers = replace(answers, facts={"before": ("often",)})
    proof = proof_of(score(scorer, [answers], "A1"))
    (section,) = proof.root.parts
    assert rules_in(section) == ["adjust", "surcharge", "sum"]
    assert section.value == 10 + 4 - 1
    assert section.items == ("a2",)


@pytest.mark.parametrize(
    ("words", "answers", "rule", "value"),
    [
        ("several: sum", ["yes", "no"], "several.sum", "3"),
        ("several: mean", ["yes", "no"], "several.mean", "3/2"),
        ("several: worst", ["yes", "partial"], "several.worst", "3/2"),
        ("several: once", ["yes", "partial"], "several.once", "3/2"),
        ("several: mean\nseveral_round: {to: 1}", ["yes", "no"], "several.round", "2"),
        ("pick: many", ["yes", "partial", "yes"], "several.pick", "9/2"),
        ("persons: mean", ["yes", "no"], "persons.mean", "3/2"),
        ("persons: worst", ["yes", "no"], "persons.worst", "0"),
        ("persons: pooled", ["yes", "no"], "persons.mean", "3/2"),
    ],
)
def test_an_item_follows_from_its_answers(
    told: Told, words: str, answers: list[str], rule: str, value: str
) -> None:
    item = (
        "scheme:\n  answers: {yes: 1, partial: 1/2, no: 0}\n  roll_up: sum\n  "
        + words.replace("\n", "\n  ")
        + "\nitems: [{id: a, points: 3}]\n"
    )
    proof = proof_of(told(item, a=answers))
    node = proof.items()["a"]
    assert (node.rule, node.value) == (rule, Fraction(value))


@pytest.mark.parametrize(
    ("kind", "answers", "rule", "value"),
    [
        ("rate", ["1 of 4", "0 of 2"], "persons.rate", "5/2"),
        ("{each: 1}", ["1", "1"], "persons.each", "1"),
    ],
)
def test_cases_and_occurrences_of_persons_are_pooled(
    told: Told, kind: str, answers: list[str], rule: str, value: str
) -> None:
    words = (
        f"scheme:\n  answers: {{X: {kind}, Y: {{yes: 1, no: 0}}}}\n  roll_up: sum\n"
        "  persons: pooled\nitems: [{id: a, points: 3, scoring: X}]\n"
    )
    proof = proof_of(told(words, a=answers))
    node = proof.items()["a"]
    assert (node.rule, node.value) == (rule, Fraction(value))
    assert len(node.parts) == 2


def test_every_rule_of_a_proof_is_met_in_these_tests() -> None:
    """A rule nobody has seen recompute may be wrong for good."""
    text = Path(__file__).read_text(encoding="utf-8")
    leaves = {"table", "each", "rate", "number", "fail", "one", "scale", "empty", "nothing"}
    others = {"persons.added", "percent", "mean", "count", "all", "surcharge", "sum"}
    assert all(f'"{rule}"' in text for rule in set(RULES) - leaves - others)


def near(build: Built, rows: Rows, frame: Framed, words: str, **sheet: str) -> Nearness:
    scorer = build(words)
    return nearness(scorer, [frame(scorer, ["A1"], rows(scorer, {"A1": sheet}))], "A1")


LIMITED = """
scheme:
  answers: {S: {yes: 1, partial: 1/2, no: 0, na: skip}, D: {each: 1}, R: rate, N: number}
  roll_up: percent
  scale: 100
  grades: [{grade: A, at_least: 80}, {grade: B, at_least: 50}, {grade: C}]
  limits: [LIMIT]
items:
  - {id: s, points: 10, scoring: S, severity: major}
  - {id: d, points: 10, scoring: D}
  - {id: r, points: 10, scoring: R}
  - {id: n, points: 10, scoring: N}
"""


@pytest.mark.parametrize(
    ("limit", "found"),
    [
        ("{id: x, any: item, below: 5, grade: C}", {"d"}),
        ("{id: x, any: item, below: 4, grade: C}", set()),
        ("{id: x, any: item, below: 5, times: 2, grade: C}", set()),
        ("{id: x, any: item, at_most: 8, times: 3, grade: C}", {"r", "s"}),
        ("{id: x, any: item, at_least: 6, below: 7, grade: C}", {"n"}),
        ("{id: x, any: answer, is: partial, grade: C}", set()),
        ("{id: x, any: answer, is: no, times: 2, grade: C}", set()),
        ("{id: x, any: severity, where: {severity: major}, below: 51, grade: C}", {"s"}),
        ("{id: x, any: severity, where: {severity: major}, below: 50, grade: C}", set()),
    ],
)
def test_a_limit_is_near_where_one_step_makes_it_hold(
    build: Built, rows: Rows, frame: Framed, limit: str, found: set[str]
) -> None:
    words = LIMITED.replace("LIMIT", limit)
    told = near(build, rows, frame, words, s="yes", d="5", r="1 of 10", n="7")
    assert {step.item for one in told.limits for step in one.by} == found


def test_a_limit_that_wants_several_is_near_when_one_more_would_do(
    build: Built, rows: Rows, frame: Framed
) -> None:
    words = WORDS.replace(
        "SCHEME",
        "limits: [{any: answer, is: veto, times: 2, grade: C}]\n"
        "  grades: [{grade: A, at_least: 5}, {grade: C}]",
    )
    none = near(build, rows, frame, words, a1="yes", a2="yes", b1="yes")
    one = near(build, rows, frame, words, a1="veto", a2="yes", b1="yes")
    assert none.limits == ()
    assert [step.item for limit in one.limits for step in limit.by] == ["a2", "b1"]


def test_rounding_that_keeps_a_limit_out_is_told(build: Built, rows: Rows, frame: Framed) -> None:
    limit = "{id: x, any: item, below: 7, round: {to: 1}, grade: C}"
    words = LIMITED.replace("LIMIT", limit)
    told = near(build, rows, frame, words, s="yes", d="0", r="0 of 10", n="6.5")
    assert [one.by_rounding for one in told.limits] == [True]
    told = near(build, rows, frame, words, s="yes", d="0", r="0 of 10", n="9")
    assert [one.by_rounding for one in told.limits] == [False]


def test_single_steps_that_move_a_grade_are_told_with_what_they_come_to(
    build: Built, rows: Rows, frame: Framed
) -> None:
    words = LIMITED.replace("LIMIT", "")
    # 5 + 8 + 9 + 10 = 32 of 40: exactly the 80 at which A begins.
    told = near(build, rows, frame, words, s="partial", d="2", r="1 of 10", n="10")
    assert [(step.item, step.score, step.grade) for step in told.worse] == [
        ("d", "77.5", "B"),
        ("r", "77.5", "B"),
        ("n", "77.5", "B"),
        ("s", "67.5", "B"),
    ]
    assert told.better == ()
    assert told.in_full is not None
    assert told.in_full["s"].score == "92.5"
    assert told.left_out is not None
    assert told.left_out["s"].score == "90"


def test_rounding_that_decides_a_grade_is_told(told: Told) -> None:
    words = LIMITED.replace("LIMIT", "").replace("scale: 100", "scale: 100\n  round: {to: 1}")
    proof = proof_of(told(words, s="yes", d="0", r="0 of 10", n="1.9"))
    standing = proof.standing
    assert standing is not None
    assert (standing.grade, standing.unrounded) == ("A", "B")
    assert standing.worse is not None
    assert (standing.worse.grade, standing.worse.distance) == ("B", Fraction(0))
