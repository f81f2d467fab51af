"""A finding is a requirement that is not fulfilled, with what it costs."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import pytest

from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import score
from sopaudit.findings.finding import Finding, conformity, findings
from sopaudit.findings.scoring import Scorer

Judge = Callable[..., dict[str, str]]
Found = Callable[..., list[Finding]]

POST = """
scheme:
  answers:
    H: {yes: 1, partial: 1/2, no: 0, na: skip, unchecked: skip}
    R: rate
    D1: {each: 1}
    V: {yes: skip, no: skip, na: skip, unchecked: skip}
  roll_up: percent
items:
  - {id: a, points: 5, scoring: H, severity: minor}
  - {id: b, points: 5, scoring: R, severity: major, weight: 2}
  - {id: c, points: 5, scoring: D1, severity: minor}
  - {id: d, points: 0, scoring: V, severity: critical}
"""
STARS = """
scheme: {answers: {five: 1, four: 0.8, none: 0, skip: skip}}
items: [{id: a, points: 10}]
"""
CITED = """
scheme: {answers: {cited: 1, unchecked: skip}, no_rows: zero}
items: [{id: a, points: 10}, {id: b, points: 0}]
"""
NUMBER = "{scheme: {answers: number}, items: [{id: a}]}"


@pytest.fixture
def made(
    build: Callable[..., Scorer],
    rows: Callable[..., list[Any]],
    frame: Callable[..., AnswerFrame],
) -> Callable[..., tuple[Scorer, Any]]:
    """Give the function that scores a sheet and keeps its scorer."""

    def both(words: str, **sheet: str | Sequence[str]) -> tuple[Scorer, Any]:
        scorer = build(words)
        whole = frame(scorer, ["2026-10-cd"], rows(scorer, {"2026-10-cd": sheet}))
        return scorer, score(scorer, [whole], "2026-10-cd")

    return both


@pytest.mark.parametrize(
    ("words", "said", "judged"),
    [
        (POST, {"a": "yes"}, "conforming"),
        (POST, {"a": "partial"}, "nonconforming"),
        (POST, {"a": "no"}, "nonconforming"),
        (POST, {"a": "na"}, "not applicable"),
        (POST, {"a": "unchecked"}, "not observed"),
        (POST, {}, "not observed"),
        (POST, {"b": "0 of 20"}, "conforming"),
        (POST, {"b": "1 of 20"}, "nonconforming"),
        (POST, {"b": "0 of 0"}, "not applicable"),
        (POST, {"b": ["0 of 5", "1 of 5"]}, "nonconforming"),
        (POST, {"c": "0"}, "conforming"),
        (POST, {"c": "2"}, "nonconforming"),
        (POST, {"d": "yes"}, "conforming"),
        (POST, {"d": "no"}, "nonconforming"),
        (POST, {"d": ["na", "no"]}, "nonconforming"),
        (POST, {"d": "unchecked"}, "not observed"),
        (STARS, {"a": "five"}, "conforming"),
        (STARS, {"a": "four"}, "nonconforming"),
        (STARS, {"a": "skip"}, "unknown"),
        (CITED, {"a": "cited"}, "nonconforming"),
        (CITED, {}, "not applicable"),
        (CITED, {"a": "unchecked"}, "not observed"),
        (NUMBER, {"a": "0"}, "conforming"),
        (NUMBER, {"a": "5"}, "nonconforming"),
    ],
)
def test_answers_say_whether_a_requirement_is_fulfilled(
    words: str,
    said: dict[str, str],
    judged: str,
    made: Callable[..., tuple[Scorer, Any]],
) -> None:
    scorer, told = made(words, **said)
    items = {item.item: conformity(item, scorer.scheme) for item in told.items}
    assert items[next(iter(said), "a")] == judged


def test_findings_come_with_the_most_serious_and_costly_first(
    made: Callable[..., tuple[Scorer, Any]],
) -> None:
    scorer, told = made(POST, a="partial", b="1 of 5", c="4", d="no")
    found = findings(scorer.checklist, scorer.scheme, told)
    assert [finding.id for finding in found] == [
        "2026-10-cd/d",
        "2026-10-cd/b",
        "2026-10-cd/c",
        "2026-10-cd/a",
    ]
    assert [finding.lost for finding in found] == [None, 2, 4, Fraction(5, 2)]
    assert [finding.severity for finding in found] == ["critical", "major", "minor", "minor"]


def test_what_conforms_is_no_finding(made: Callable[..., tuple[Scorer, Any]]) -> None:
    scorer, told = made(POST, a="yes", b="0 of 9", c="na", d="unchecked")
    assert findings(scorer.checklist, scorer.scheme, told) == []


def test_demerits_are_points_lost(made: Callable[..., tuple[Scorer, Any]]) -> None:
    scorer, told = made(CITED, a="cited")
    (finding,) = findings(scorer.checklist, scorer.scheme, told)
    assert finding.lost == 10
    assert (finding.severity, finding.conformity) == (None, "nonconforming")
