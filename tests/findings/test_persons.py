"""Several persons of a post: how their answers make up one item, and what each of them came to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import score, scores
from sopaudit.findings.finding import conformity
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import Scorer

Rows = Callable[..., list[Any]]
Frame = Callable[..., AnswerFrame]
Desk = Callable[..., Score]

WORDS = """
scheme:
  answers:
    B: {yes: 1, no: 0, na: skip, unchecked: skip}
    H: {yes: 1, partial: 1/2, no: 0, na: skip, unchecked: skip}
    R: rate
    D2: {each: 2}
    V: {yes: skip, no: skip, na: skip, unchecked: skip}
  persons: RULE
  roll_up: percent
  grades: [{grade: A, at_least: 50}, {grade: E}]
  limits: [{id: veto, any: answer, where: {scoring: V}, is: no, grade: E}]
items:
  - {id: badge, points: 4, scoring: B}
  - {id: desk, points: 4, scoring: H}
  - {id: calls, points: 10, scoring: R}
  - {id: late, points: 5, scoring: D2}
  - {id: honest, scoring: V}
"""
TEAM = ("1002", "1003", "1013")


def named(frame: AnswerFrame, whom: Sequence[str]) -> AnswerFrame:
    """Say whom each row is about."""
    people = tuple(sorted({*whom} - {""}))
    person = np.array([people.index(one) if one else -1 for one in whom], np.int32)
    return replace(frame, persons=people, person=person)


@pytest.fixture
def desk(build: Callable[..., Scorer], rows: Rows, frame: Frame) -> Desk:
    """Give the function that scores what three people were answered, under a rule."""

    def scored(rule: str, seed: int = 0, **sheet: Sequence[str]) -> Score:
        scorer = build(WORDS.replace("RULE", rule))
        answered = [
            (whom, row)
            for item, said in sheet.items()
            for whom, one in zip(TEAM, said, strict=False)
            for row in rows(scorer, {"A1": {item: one}})
        ]
        Random(seed).shuffle(answered)  # noqa: S311 -- a shuffle
        whole = frame(scorer, ["A1"], [row for _, row in answered])
        return score(scorer, [named(whole, [whom for whom, _ in answered])], "A1")

    return scored


def earned(told: Score, item: str) -> Fraction | None:
    return next(each.earned for each in told.items if each.item == item)


@pytest.mark.parametrize(
    ("item", "said", "expected"),
    [
        ("badge", ["yes", "yes", "no"], ("8/3", "0", "8/3")),
        ("desk", ["yes", "partial", "no"], ("2", "0", "2")),
        ("calls", ["0 of 5", "1 of 2", "0 of 1"], ("25/3", "5", "35/4")),
        ("calls", ["0 of 5", "yes", "1 of 4"], ("55/6", "15/2", "9")),
        ("late", ["0", "1", "1"], ("11/3", "3", "1")),
        ("late", ["no", "2 of 9", "0"], ("3", "1", "0")),
        ("calls", ["0 of 5", "na", "1 of 5"], ("9", "8", "9")),
        ("calls", ["0 of 0", "na", "1 of 5"], ("8", "8", "8")),
    ],
)
def test_persons_combine_as_the_scheme_says(
    item: str, said: Sequence[str], expected: Sequence[str], desk: Desk
) -> None:
    for rule, points in zip(("mean", "worst", "pooled"), expected, strict=True):
        assert earned(desk(rule, **{item: said}), item) == Fraction(points), rule


@pytest.mark.parametrize("rule", ["mean", "worst", "pooled"])
def test_each_person_has_a_figure_of_their_own(rule: str, desk: Desk) -> None:
    for seed in range(4):
        told = desk(rule, seed, calls=["0 of 5", "na", "1 of 5"], badge=["yes"])
        calls = next(each for each in told.items if each.item == "calls")
        assert [(p.person, p.outcome, p.earned, p.possible) for p in calls.persons] == [
            ("1002", "counted", 10, 10),
            ("1003", "na", None, None),
            ("1013", "counted", 8, 10),
        ]
        assert [line.key for line in calls.persons[0].lines] == ["item.rate"]
        assert calls.lines[-1].key == "item.persons"
        alone = next(each for each in told.items if each.item == "badge")
        assert alone.persons == ()
        assert [line.key for line in alone.lines] == ["item.table"]


def test_pooled_tells_all_cases_as_the_answer(desk: Desk) -> None:
    told = desk("pooled", calls=["0 of 5", "0 of 5", "2 of 5"])
    calls = next(each for each in told.items if each.item == "calls")
    assert calls.answer is not None
    assert (calls.answer.failed, calls.answer.checked) == (2, 15)


@pytest.mark.parametrize("rule", ["mean", "worst"])
def test_otherwise_the_answer_told_is_the_worst_persons(rule: str, desk: Desk) -> None:
    told = desk(rule, calls=["0 of 5", "0 of 5", "2 of 5"])
    calls = next(each for each in told.items if each.item == "calls")
    assert calls.answer is not None
    assert (calls.answer.failed, calls.answer.checked) == (2, 5)


@pytest.mark.parametrize("rule", ["mean", "worst", "pooled"])
def test_one_person_who_falls_short_is_a_nonconformity(
    rule: str, desk: Desk, build: Callable[..., Scorer]
) -> None:
    scheme = build(WORDS.replace("RULE", rule)).scheme
    for item, said in {
        "badge": ["yes", "no"],
        "late": ["0", "1"],
        "calls": ["0 of 9", "1 of 9"],
    }.items():
        told = desk(rule, **{item: said})
        judged = {each.item: conformity(each, scheme) for each in told.items}
        assert judged[item] == "nonconforming"


@pytest.mark.parametrize("rule", ["mean", "worst", "pooled"])
def test_a_person_nobody_looked_at_is_missed(rule: str, desk: Desk) -> None:
    whole = {"badge": ["yes"], "desk": ["yes"], "late": ["0"], "honest": ["yes"]}
    seen = desk(rule, calls=["0 of 5", "1 of 5"], **whole)
    missed = desk(rule, calls=["0 of 5", "1 of 5", "unchecked"], **whole)
    assert (seen.state, missed.state) == ("scored", "incomplete")
    assert seen.exact == missed.exact


@pytest.mark.parametrize("rule", ["mean", "worst", "pooled"])
def test_a_veto_of_one_person_is_a_veto(rule: str, desk: Desk) -> None:
    told = desk(rule, badge=["yes", "yes"], honest=["yes", "no", "yes"])
    assert (told.band, told.grade) == ("A", "E")
    assert [bite.items for bite in told.bites] == [("honest",)]


def test_a_limit_on_an_answer_looks_at_each_and_one_on_an_item_at_the_whole(
    build: Callable[..., Scorer], rows: Rows, frame: Frame
) -> None:
    words = """
    scheme:
      answers: number
      persons: mean
      roll_up: percent
      grades: [{grade: A, at_least: 0}, {grade: B}]
      limits: [{id: low, any: ANY, below: 5, grade: B}]
    items: [{id: a, points: 10}]
    """

    def bitten(looked_at: str, said: Sequence[str]) -> bool:
        scorer = build(words.replace("ANY", looked_at))
        return bool(
            score(scorer, [frame(scorer, ["A1"], rows(scorer, {"A1": {"a": said}}))], "A1").bites
        )

    assert bitten("answer", ["9", "3"])
    assert not bitten("item", ["9", "3"])
    assert bitten("item", ["5", "3"])
    assert not bitten("answer", ["9", "5"])
    assert not bitten("answer", [])


def test_demerits_of_several_persons(
    build: Callable[..., Scorer], rows: Rows, frame: Frame
) -> None:
    words = (
        "scheme: {answers: {cited: 1}, no_rows: zero, persons: RULE}\nitems: [{id: a, points: 3}]"
    )
    for rule, expected in {"mean": "3", "worst": "3", "pooled": "6"}.items():
        scorer = build(words.replace("RULE", rule))
        told = score(
            scorer, [frame(scorer, ["A1"], rows(scorer, {"A1": {"a": ["cited"] * 2}}))], "A1"
        )
        assert told.score == expected


def test_a_table_with_persons_says_the_same_as_each_audit_told(
    build: Callable[..., Scorer], rows: Rows, frame: Frame
) -> None:
    scorer = build(WORDS.replace("RULE", "worst"))
    sheets: Mapping[str, Any] = {
        "A1": {"badge": ["yes", "no"], "calls": ["1 of 5", "0 of 9"]},
        "A2": {"badge": ["yes"], "desk": ["partial", "na", "yes"]},
    }
    answered = rows(scorer, sheets)
    whom = [TEAM[n % 3] for n in range(len(answered))]
    halves = [(answered[n::2], whom[n::2]) for n in (0, 1)]
    frames = [named(frame(scorer, sheets, part), people) for part, people in halves]
    table = scorer.table(frames)
    told = scores(scorer, frames)
    assert [one.score for one in told] == table["score"].tolist()
    assert [one.state for one in told] == table["state"].tolist()
    people = {one.audit: {i.item: [p.person for p in i.persons] for i in one.items} for one in told}
    assert len(people["A1"]["badge"]) == 2
    assert len(people["A2"]["desk"]) == 3
    assert people["A2"]["badge"] == []
