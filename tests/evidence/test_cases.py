"""A case conforms where every part that applies does."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import pytest

from sopaudit.criteria.answer import Result
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.scheme import AnswerSet, Each
from sopaudit.evidence.cases import misfits
from sopaudit.evidence.record import Case, RecordedAnswer, Sample, of_parts
from sopaudit.reading.document import Document

CALL = Item.model_validate(
    {
        "id": "X",
        "question": "X?",
        "parts": [{"id": "greeting", "title": "Greeting"}, {"id": "closing", "title": "Closing"}],
    }
)
RESULTS: Sequence[Result] = ("yes", "partial", "no", "na", "unchecked")


@pytest.mark.parametrize(
    ("parts", "result"),
    [
        ((), None),
        (("yes", "yes"), "yes"),
        (("yes", "na"), "yes"),
        (("na", "na"), "na"),
        (("yes", "no"), "partial"),
        (("partial", "na"), "partial"),
        (("no", "na"), "no"),
        (("no", "no"), "no"),
        (("no", "unchecked"), "no"),
        (("yes", "unchecked"), "unchecked"),
        (("na", "unchecked"), "unchecked"),
    ],
)
def test_parts_make_a_case(parts: Sequence[Result], result: Result | None) -> None:
    assert all(of_parts(order) == result for order in permutations(parts))


def test_a_case_conforms_only_where_all_that_applies_does() -> None:
    for parts in product(RESULTS, repeat=3):
        applicable = [part for part in parts if part != "na"]
        conforms = bool(applicable) and all(part == "yes" for part in applicable)
        assert (of_parts(parts) == "yes") is conforms


def test_a_part_that_does_not_apply_changes_no_case() -> None:
    for parts in product(RESULTS, repeat=2):
        assert of_parts((*parts, "na")) == of_parts(parts)


def case(name: str, **said: object) -> dict[str, Any]:
    return {"id": name, **said}


def told(
    cases: Sequence[Mapping[str, Any]], answers: AnswerSet = "rate", **said: object
) -> list[str]:
    given = RecordedAnswer.model_validate({"item": "X", "sample": {"cases": cases}, **said})
    return [problem.code for problem in misfits(given, CALL, answers, Document("x.json", {}), ())]


def parts(greeting: str, closing: str) -> dict[str, str]:
    return {"greeting": greeting, "closing": closing}


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"result": "yes"}, []),
        ({"parts": parts("yes", "no")}, []),
        ({"result": "no", "parts": parts("yes", "no")}, []),
        ({"result": "partial", "parts": parts("no", "no")}, []),
        ({"result": "yes", "parts": parts("yes", "na")}, []),
        ({"result": "yes", "parts": parts("yes", "no")}, ["A031"]),
        ({"result": "no", "parts": parts("yes", "yes")}, ["A031"]),
        ({"result": "na", "parts": parts("yes", "na")}, ["A031"]),
        ({"result": "yes", "parts": parts("yes", "unchecked")}, ["A031"]),
        ({}, ["A030"]),
        ({"parts": {"greeting": "yes"}}, ["A034"]),
        ({"parts": {"greeting": "yes", "close": "no"}}, ["A033"]),
    ],
)
def test_what_does_not_fit_a_case_is_told(said: Mapping[str, Any], codes: Sequence[str]) -> None:
    assert told([case("T1", **said)]) == list(codes)


def test_k_and_n_are_counted_from_the_parts() -> None:
    listed = [
        case("T1", parts=parts("yes", "yes")),
        case("T2", parts=parts("yes", "no")),
        case("T3", parts=parts("na", "na")),
        case("T4", parts=parts("no", "no")),
        case("T5", parts=parts("yes", "unchecked")),
    ]
    sample = Sample(cases=tuple(Case.model_validate(each) for each in listed))
    assert sample.counts == (2, 3)


@pytest.mark.parametrize("result", ["yes", "partial", "no"])
def test_an_answer_needs_a_case_that_was_looked_at(result: str) -> None:
    seen, unseen = case("T1", result="no"), case("T2", result="unchecked")
    assert told([unseen], result=result) == ["A029"]
    assert told([unseen, case("T3", result="na")], result=result) == ["A029"]
    assert told([unseen, seen], result=result) == []
    assert told([unseen], result="unchecked") == []


@pytest.mark.parametrize(("value", "codes"), [("1", ["A036"]), ("2", []), ("3", [])])
def test_every_case_that_fails_is_at_least_one_occurrence(value: str, codes: list[str]) -> None:
    listed = [case("T1", result="no"), case("T2", result="partial"), case("T3", result="yes")]
    assert told(listed, Each(each=Fraction(2)), value=value) == codes
    assert told(listed, "number", value=value) == []


def test_one_ticket_may_be_a_case_of_two_persons() -> None:
    assert told([case("T1", result="yes", person=p) for p in ("1", "2")]) == []
    assert told([case("T1", result="yes", person=p) for p in ("1", "1")]) == ["A024"]
