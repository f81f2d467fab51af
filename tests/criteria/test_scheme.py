"""The words of a scheme, as a manager writes them."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from sopaudit.criteria.scheme import Each, Scheme
from sopaudit.reading.events import read_bytes
from sopaudit.reading.shape import validated

HEAD = "id: s\nedition: '1'\ntitle: 评分\n"


def scheme(yaml: str) -> Scheme:
    value, problems = validated(read_bytes((HEAD + yaml).encode(), "f.yaml"), Scheme)
    assert problems == []
    assert value is not None
    return value


def mistakes(yaml: str) -> list[tuple[str, str]]:
    problems = validated(read_bytes((HEAD + yaml).encode(), "f.yaml"), Scheme)[1]
    return [(p.code, p.values["name"]) for p in problems]


def test_one_table_of_answers_is_for_every_item() -> None:
    found = scheme("answers: {yes: 1, partial: 1/2, no: 0, na: skip, never: block}")
    assert not found.named
    assert found.sets == {
        "": {"yes": 1, "partial": Fraction(1, 2), "no": 0, "na": "skip", "never": "block"}
    }


def test_items_may_pick_from_named_sets() -> None:
    found = scheme("answers: {B: {yes: 1, no: 0}, R: rate, N: number, D2: {each: 2}}")
    assert found.named
    assert found.sets["R"] == "rate"
    assert found.sets["N"] == "number"
    assert found.sets["D2"] == Each(each=Fraction(2))
    assert isinstance(found.sets["B"], Mapping)


def test_an_answer_may_itself_be_the_number_of_points() -> None:
    found = scheme("answers: number")
    assert (found.named, found.sets) == (False, {"": "number"})


def test_a_scheme_says_little_where_the_usual_holds() -> None:
    found = scheme("answers: {yes: 1, no: 0}")
    assert (found.pick, found.unanswered, found.several) == ("one", "skip", "sum")
    assert (found.roll_up, found.empty, found.scale, found.round) == ("sum", "drop", None, None)


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        ("answers: points", [("S008", "answers")]),
        ("answers: []", [("S010", "answers")]),
        ("answers:", [("S004", "answers")]),
        ("answers: {yes: one, no: 0}", [("S016", "yes")]),
        ("answers: {yes: {}, partial: 1/2, no: 0}", [("S016", "yes")]),
        ("answers: {B: {yes: 1}, R: rat}", [("S008", "R")]),
        ("answers: {B: {yes: 1}, D: {each: once}}", [("S005", "each")]),
        ("answers: {B: {yes: 1}, D: {each: -1}}", [("S013", "each")]),
        ("answers: number\nscale: 50", [("S008", "scale")]),
        ("answers: number\nround: {to: 0.1, mode: up_half}", [("S008", "mode")]),
        ("answers: number\ncoverage: {at_least: 70 %}", [("S002", "else")]),
        ("answers: number\ngrades: [{at_least: 90}]", [("S002", "grade")]),
    ],
)
def test_what_a_scheme_cannot_hold_is_told_by_its_key(
    yaml: str, told: list[tuple[str, str]]
) -> None:
    assert mistakes(yaml) == told
