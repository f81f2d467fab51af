"""Worked cases answer items there are, in words their scheme knows, and expect grades it has."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from sopaudit.criteria.handbook import drafted, load_handbook, problems_in
from sopaudit.findings.worked import disproved

TINY: Final = Path(__file__).parents[1] / "handbooks/tiny"
HEAD: Final = """id: proof
edition: "1"
title: {zh: 题, en: A title}
answers:
  table: {yes: 1, no: 0}
  points: number
  rate: rate
  each: {each: 2}
roll_up: percent
sections: [{id: A}, {id: B, in: A}]
grades: [{grade: good, at_least: 50}, {grade: poor}]
worked:
  - title: {zh: 一张表, en: A sheet}
    labels: {color: [red, blue]}
    items:
      - {id: t, section: A, scoring: table, color: red}
      - {id: p, section: A, scoring: points, points: 5}
      - {id: r, section: B, scoring: rate}
      - {id: e, section: B, scoring: each, points: 4}
    cases:
      - id: W-1
        answers: {t: yes, p: 2.5, r: {failed: 1, checked: 4}, e: 1}
        expect: {grade: good}
"""


@pytest.fixture
def told(tmp_path: Path) -> Callable[[str, str], list[str]]:
    """Give the codes told of the sheet with one text in place of another."""

    def codes(old: str, new: str) -> list[str]:
        shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
        assert old in HEAD
        text = HEAD.replace(old, new)
        (tmp_path / "checklists/schemes/proof.yaml").write_text(text, encoding="utf-8")
        draft = drafted(tmp_path)
        problems = problems_in(draft)
        return [p.code for p in [*problems, *disproved(draft, problems)]]

    return codes


def test_a_sheet_that_is_right_has_no_problem(told: Callable[[str, str], list[str]]) -> None:
    assert told("", "") == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("color: red", "colour: red", "S001"),
        ("color: red", "color: green", "H018"),
        ("scoring: table", "scoring: tables", "H017"),
        ("scoring: table, color", "color", "H026"),
        ("section: B, scoring: rate", "section: C, scoring: rate", "H016"),
        ("t: yes", "u: yes", "H171"),
        ("t: yes", "t: 3", "H172"),
        ("p: 2.5", "p: yes", "H172"),
        ("e: 1}", "e: often}", "H172"),
        ("{failed: 1, checked: 4}", "{failed: 1}", "H172"),
        ("t: yes", "t: [yes, maybe]", "H172"),
        ("grade: good}", "grade: great}", "H033"),
        ("grade: good}", "earned: {u: 1}}", "H171"),
        ("{id: p,", "{id: t,", "H002"),
        ("in: A}", "in: B}", "H039"),
        ("grade: good}", "grade: poor}", "H170"),
        ("grade: good}", "state: incomplete}", "H170"),
        ("grade: good}", "limits: [veto]}", "H170"),
    ],
)
def test_what_is_wrong_with_a_case_is_told(
    old: str, new: str, code: str, told: Callable[[str, str], list[str]]
) -> None:
    assert code in told(old, new)


def test_a_case_is_not_scored_where_its_file_is_wrong(
    told: Callable[[str, str], list[str]],
) -> None:
    assert told("t: yes, p: 2.5", "t: maybe, p: 0") == ["H172"]


def test_two_sheets_may_have_items_and_sections_of_one_name(
    told: Callable[[str, str], list[str]],
) -> None:
    again = HEAD[HEAD.index("  - title: {zh: 一张表") :].replace("W-1", "W-2")
    sections = "    sections: [{id: A}, {id: B}]\n    items:"
    assert told("grade: good}\n", "grade: good}\n" + again) == []
    assert told("grade: good}\n", "grade: good}\n" + again.replace("    items:", sections)) == []
    assert told("grade: good}\n", "grade: good}\n" + again.replace("W-2", "W-1")) == ["H002"]


def test_labels_of_worked_sheets_are_known_to_limits(
    told: Callable[[str, str], list[str]],
) -> None:
    limit = "limits: [{any: answer, where: {color: %s}, is: no, grade: poor}]\nworked:"
    assert told("worked:", limit % "blue") == []
    assert told("worked:", limit % "green") == ["H048"]


def test_worked_cases_are_no_part_of_the_digest(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "checklists/schemes/proof.yaml"
    digests = []
    bare = HEAD[: HEAD.index("worked:")]
    for text in (HEAD, HEAD.replace("p: 2.5", "p: 3"), bare, bare.replace("50", "51")):
        file.write_text(text, encoding="utf-8")
        handbook, problems = load_handbook(tmp_path)
        assert handbook is not None, problems
        digests.append(handbook.digests["proof"])
    assert len(set(digests[:3])) == 1
    assert digests[3] != digests[0]
