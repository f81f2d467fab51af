"""Mappings: every name in them is looked up, and a near one is offered."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopaudit.evidence.mapping import read_mapping

if TYPE_CHECKING:
    from tests.evidence.conftest import Desk

TABLE = "audit,item,result\nA1,0100,yes"


def test_all_mistakes_of_a_mapping_are_told_at_once(desk: "Desk") -> None:
    mapping = """
        tables: [answers, visits]
        audit: audi
        date: day
        checklist: {always: COK}
        answers: {from: answers, item: itme, result: {always: passt}}
        words: {符合: yess}
        facts: {town: twon}
        """
    read = desk.read(mapping, answers=TABLE, visit=TABLE)
    assert not list(read)
    assert [(p.place.line, p.place.column, p.code) for p in read.problems] == [
        (1, 9, "M002"),
        (1, 19, "M001"),
        (2, 8, "M008"),
        (4, 21, "M010"),
        (5, 32, "M008"),
        (5, 55, "M014"),
        (6, 13, "M014"),
    ]
    known = {p.values.get("choices") for p in read.problems}
    assert {"audit", "COOK", "item", "yes", "visits"} <= known


def test_a_column_no_table_has_is_told(desk: "Desk") -> None:
    mapping = """
        tables: [answers]
        audit: audit
        date: day
        checklist: {always: COOK}
        answers: {item: item, result: result}
        facts: {town: Result}
        """
    assert desk.problems(mapping, answers=TABLE).split("\n") == [
        "mapping.yaml:3:7 M008",
        "mapping.yaml:6:15 M008",
    ]


def test_a_column_that_stands_twice_in_a_header_is_told(desk: "Desk") -> None:
    mapping = """
        tables: [answers]
        audit: audit
        checklist: {always: COOK}
        answers: {item: item, result: result}
        """
    assert desk.problems(mapping, answers="audit,item,result,result") == "mapping.yaml:4:31 M009"


def test_an_item_no_checklist_has_is_told(desk: "Desk") -> None:
    mapping = """
        tables: [lifts]
        audit: id
        answers: {columns: {speed: SPED, load: LOAD}}
        """
    read = desk.read(mapping, lifts="id,speed,load")
    assert [(p.code, str(p.place.line), p.values["choices"]) for p in read.problems] == [
        ("M013", "3", "SPEED")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tables: [a, a]\naudit: x\nanswers: {item: i, result: r}", ["1:13 M004"]),
        (
            "tables: [a, b]\naudit: {a: x, c: y}\nanswers: {item: i, result: r}",
            ["2:1 M005", "2:15 M003"],
        ),
        ("tables: [a]\naudit: x\nanswers: {from: b, item: i, result: r}", ["3:17 M003"]),
        ("tables: [a]\naudit: x\nanswers: {item: i}", ["3:1 M006"]),
        ("tables: [a]\naudit: x\nanswers: {result: r}", ["3:1 M006"]),
        ("tables: [a]\naudit: x\nanswers: {columns: {b: c}, item: i}", ["3:28 M007"]),
        (
            "tables: [a]\naudit: x\nanswers: {item: i, result: r}\nwords: {Y: yes, y: no}",
            ["4:17 M011"],
        ),
        (
            "tables: [a]\naudit: x\nanswers: {item: i, result: r}\nwords: {无: no}\nblank: [无]",
            ["5:9 M012"],
        ),
        ("tables: [a]\naudit: x\nanswers: {itm: i}", ["3:11 S001"]),
        (
            "tables: []\naudit: x\nanswers: {item: i, result: {alway: r}}",
            ["1:9 S014", "3:29 S001"],
        ),
    ],
)
def test_a_mapping_is_checked_by_itself_first(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    _, problems = read_mapping(path, "")
    found = sorted(f"{p.place.line}:{p.place.column} {p.code}" for p in problems)
    assert found == sorted(expected)
    assert all(problem.text("zh") for problem in problems)
