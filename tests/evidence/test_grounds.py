"""A failure needs a remark, a serious one evidence, and what does not apply a reason."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.organisation import Asked
from sopaudit.criteria.scheme import AnswerSet, Each
from sopaudit.evidence.grounds import Grounds, fails
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.reading.document import Document

DAY = date(2026, 11, 6)
TABLE: AnswerSet = {"yes": Fraction(1), "half": Fraction(1, 2), "no": Fraction(0), "na": "skip"}
CITED: AnswerSet = {"cited": Fraction(1), "praised": "skip"}
DEDUCT = Each(each=Fraction(2))
FILE = {"file": "evidence/1.jpg", "sha256": "0" * 64}


def item(**said: object) -> Item:
    return Item.model_validate({"id": "X", "question": "X?", **said})


def answer(**said: object) -> RecordedAnswer:
    return RecordedAnswer.model_validate({"item": "X", **said})


def cases(*results: str, note: str = "") -> Mapping[str, Any]:
    listed = [{"id": str(n), "result": r, "note": note} for n, r in enumerate(results)]
    return {"cases": listed}


@pytest.mark.parametrize(
    ("said", "answers", "points", "failed"),
    [
        ({"result": "yes"}, TABLE, "5", False),
        ({"result": "no"}, TABLE, "5", True),
        ({"result": "half"}, TABLE, "5", True),
        ({"result": "na"}, TABLE, "5", False),
        ({"result": "cited"}, CITED, "5", True),
        ({"result": "praised"}, CITED, "5", False),
        ({"value": "0"}, DEDUCT, "5", False),
        ({"value": "1"}, DEDUCT, "5", True),
        ({"sample": {"failed": 0, "checked": 9}}, "rate", "5", False),
        ({"sample": {"failed": 1, "checked": 9}}, "rate", "5", True),
        ({"sample": cases("yes", "partial")}, "rate", "5", True),
        ({"sample": cases("na", "unchecked")}, "rate", "5", False),
        ({"value": "5"}, "number", "5", False),
        ({"value": "4.5"}, "number", "5", True),
        ({"value": "0"}, "number", None, False),
        ({"value": "0.5"}, "number", None, True),
        ({}, "number", "5", False),
    ],
)
def test_what_fails_is_less_than_there_is_or_a_demerit(
    said: Mapping[str, object],
    answers: AnswerSet,
    points: str | None,
    failed: bool,  # noqa: FBT001
) -> None:
    asked = item(points=points) if points else item()
    assert fails(answer(**said), asked, answers, DAY) is failed


def test_points_are_those_of_the_day() -> None:
    since = [{"date": "2020-01-01", "points": "5"}, {"date": "2026-12-01", "points": "8"}]
    assert not fails(answer(value="5"), item(points_since=since), "number", DAY)
    assert fails(answer(value="5"), item(points_since=since), "number", date(2026, 12, 1))


NOTHING: Mapping[str, Any] = {"note": [], "evidence": []}


@pytest.mark.parametrize(
    ("severity", "said", "codes"),
    [
        ("minor", {"result": "no"}, ["A026"]),
        ("minor", {"result": "no", "note": " "}, ["A026"]),
        ("minor", {"result": "no", "note": "无"}, ["A026"]),
        ("minor", {"result": "no", "sample": cases("no", note="/")}, ["A026"]),
        ("minor", {"result": "no", "note": "wet"}, []),
        ("minor", {"result": "no", "sample": cases("no", "no", note="wet")}, []),
        ("minor", {"result": "no", "sample": cases("yes", "no")}, ["A026"]),
        ("major", {"result": "no", "note": "wet"}, ["A027"]),
        ("critical", {"result": "no"}, ["A026", "A027"]),
        ("major", {"result": "no", "note": "wet", "evidence": [FILE]}, []),
        ("major", {"result": "no", "note": "wet", "sample": cases("yes", "no")}, []),
        ("major", {"result": "no", "note": "wet", "sample": cases("yes", "na")}, ["A027"]),
        ("major", {"result": "yes"}, []),
        ("major", {"result": "na"}, ["A028"]),
        ("major", {"result": "na", "note": "-"}, ["A028"]),
        ("major", {"result": "na", "note": "no such room"}, []),
        ("major", {"result": "unchecked"}, []),
        ("major", {}, []),
    ],
)
def test_an_answer_rests_on_what_the_handbook_asks_for(
    severity: str, said: Mapping[str, object], codes: Sequence[str]
) -> None:
    given, asked = answer(**said), item(severity=severity)
    for policy, expected in ((Asked(), codes), (Asked.model_validate(NOTHING), [])):
        grounds = Grounds(policy, DAY, Document("x.json", {}))
        told = [problem.code for problem in grounds.lacking(given, asked, TABLE, ())]
        assert told == list(expected)


def test_a_company_may_ask_for_a_part_of_it() -> None:
    policy = Asked.model_validate({"note": ["na"], "evidence": ["critical"]})
    grounds = Grounds(policy, DAY, Document("x.json", {}))

    def told(severity: str, **said: object) -> list[str]:
        lacking = grounds.lacking(answer(**said), item(severity=severity), TABLE, ())
        return [problem.code for problem in lacking]

    assert told("major", result="no") == []
    assert told("critical", result="no") == ["A027"]
    assert told("critical", result="na") == ["A028"]
