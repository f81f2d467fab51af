"""Answers of many audits, whichever way they come, and sums that stay exact at any size."""

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from math import lcm
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sopaudit.criteria.answer import Answer
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import score
from sopaudit.findings.grid import add_up
from sopaudit.findings.scoring import COLUMNS, Scorer

Build = Callable[..., Scorer]
Rows = Callable[..., list[Any]]
Frame = Callable[..., AnswerFrame]

YES_NO = """
scheme:
  answers: {yes: 1, no: 0, na: skip}
  roll_up: percent
items:
  - {id: a, points: 3}
  - {id: b, points: 5}
"""


def test_no_frames_give_an_empty_table_of_texts(build: Build, frame: Frame) -> None:
    scorer = build(YES_NO)
    for frames in ([], [frame(scorer, [], [])]):
        table = scorer.table(frames)
        assert tuple(table.columns) == COLUMNS
        assert table.empty
        assert set(map(str, table.dtypes)) == {"str"}


def test_an_audit_without_rows_is_not_scored(build: Build, rows: Rows, frame: Frame) -> None:
    scorer = build(YES_NO)
    table = scorer.table([frame(scorer, ["A1", "A2"], rows(scorer, {"A2": {"a": "yes"}}))])
    assert list(table["state"]) == ["not scored", "incomplete"]
    assert list(table["score"]) == ["", "100"]


def test_an_audit_without_rows_has_no_points_where_only_faults_are_written_down(
    build: Build, rows: Rows, frame: Frame
) -> None:
    scorer = build(
        """
        scheme:
          answers: {cited: 1}
          no_rows: zero
          grades: [{grade: good, at_most: 5}, {grade: bad}]
        items:
          - {id: hands, points: 25}
        """
    )
    table = scorer.table([frame(scorer, ["A1", "A2"], rows(scorer, {"A2": {"hands": "cited"}}))])
    assert list(table["score"]) == ["0", "25"]
    assert list(table["grade"]) == ["good", "bad"]
    assert list(table["state"]) == ["scored", "scored"]
    assert list(table["possible"]) == ["", ""]


@pytest.mark.parametrize(
    ("several", "expected"),
    [("sum", ("6", "12")), ("once", ("1", "4")), ("mean", ("2", "4")), ("worst", ("1", "4"))],
)
def test_an_item_answered_three_times_counts_as_the_scheme_says(
    several: str, expected: tuple[str, str], build: Build, rows: Rows, frame: Frame
) -> None:
    scorer = build(
        f"""
        scheme:
          answers: number
          several: {several}
        items:
          - {{id: desk, points: 4}}
        """
    )
    answered = rows(scorer, {"A1": {"desk": ["1", "2", "3"]}})
    for order in permutations(answered):
        for cut in range(4):
            hands = [order[:cut], order[cut:]]
            table = scorer.table([frame(scorer, ["A1"], hand) for hand in hands])
            assert (table["score"][0], table["possible"][0]) == expected


def test_where_points_are_demerits_the_worst_of_several_is_the_highest(
    build: Build, rows: Rows, frame: Frame
) -> None:
    scorer = build(
        """
        scheme:
          answers: number
          several: worst
        items:
          - {id: hygiene}
        """
    )
    answered = rows(scorer, {"A1": {"hygiene": ["5", "15", "10"]}})
    assert scorer.table([frame(scorer, ["A1"], answered)])["score"][0] == "15"


def test_the_same_frame_twice_is_every_answer_twice(build: Build, rows: Rows, frame: Frame) -> None:
    scorer = build(
        """
        scheme: {answers: number}
        items: [{id: a}, {id: b}]
        """
    )
    one = frame(scorer, ["A1", "A2"], rows(scorer, {"A1": {"a": "1"}, "A2": {"a": "2", "b": "7"}}))
    assert list(scorer.table([one, one])["score"]) == ["2", "18"]


def test_an_item_the_checklist_does_not_have_is_refused(build: Build, frame: Frame) -> None:
    scorer = build(YES_NO)
    other = build(YES_NO.replace("id: b", "id: c"))
    with pytest.raises(KeyError):
        scorer.table([frame(other, ["A1"], [("A1", "c", Answer("yes"))])])


SINCE = """
scheme: {answers: {cited: 1}, no_rows: zero}
items:
  - id: hands
    points_since: [{date: 2000-01-01, points: 15}, {date: 2013-05-01, points: 25}]
  - id: cold
    points_since: [{date: 2013-01-01, points: 30}, {date: 2013-05-01, points: 25}]
"""


def test_the_day_of_an_audit_chooses_its_points(build: Build, rows: Rows, frame: Frame) -> None:
    scorer = build(SINCE)
    days = {
        "long before": "1999-12-31",
        "between": "2013-04-30",
        "on the day": "2013-05-01",
        "later": "2020-01-01",
    }
    sheets = {audit: {"hands": "cited", "cold": "cited"} for audit in [*days, "no day"]}
    whole = frame(scorer, sheets, rows(scorer, sheets), days)
    table = scorer.table([whole])
    assert dict(zip(table["audit"], table["score"], strict=True)) == {
        "long before": "45",
        "between": "45",
        "on the day": "50",
        "later": "50",
        "no day": "50",
    }
    for audit, text in zip(table["audit"], table["score"], strict=True):
        assert score(scorer, [whole], audit).score == text


def test_a_day_that_only_a_later_frame_knows_counts(build: Build, rows: Rows, frame: Frame) -> None:
    scorer = build(SINCE)
    answered = rows(scorer, {"A1": {"hands": "cited"}})
    dated = frame(scorer, ["A1"], [], {"A1": "2013-04-30"})
    blank = frame(scorer, ["A1"], answered)
    assert scorer.table([blank, dated])["score"][0] == "15"
    assert scorer.table([dated, blank])["score"][0] == "15"


@pytest.mark.parametrize(("kinds", "bytes_a_cell"), [(200, 1), (300, 2), (66_000, 4)])
def test_many_distinct_answers_make_the_cells_wider(
    kinds: int, bytes_a_cell: int, build: Build, frame: Frame
) -> None:
    scorer = build(
        """
        scheme: {answers: number}
        items: [{id: a}, {id: b}]
        """
    )
    few = frame(scorer, ["first"], [("first", "a", Answer(value=Fraction(1, 3)))])
    # The last kinds are those that need the width.
    last = range(kinds)[-300:]
    number = np.arange(len(last), dtype=np.int32)
    many = AnswerFrame(
        checklist="CK",
        audits=tuple(map(str, last)),
        dates=np.full(len(last), "NaT", "datetime64[D]"),
        audit=number,
        items=("a", "b"),
        item=number % 2,
        kinds=tuple(Answer(value=Fraction(n)) for n in range(kinds)),
        answer=np.array(last, dtype=np.int32),
        row=number,
    )
    assert scorer.grid([few, many]).cells.itemsize == bytes_a_cell
    table = scorer.table([few, many])
    assert list(table["score"]) == ["0.333333", *map(str, last)]


def test_denominators_no_float_can_hold_stay_exact(build: Build, rows: Rows, frame: Frame) -> None:
    """Samples of 2 to 1,000 cases have a common denominator of 433 digits."""
    assert lcm(*range(2, 1001)) > 10**400
    scorer = build(
        """
        scheme:
          answers: {R: rate}
          roll_up: percent
          round: {to: 0.1}
          grades: [{grade: all but one, below: 100}, {grade: all}]
        items:
          - {id: calls, scoring: R, points: 10}
          - {id: forms, scoring: R, points: 10}
        """
    )
    sheets = {f"{n}": {"calls": f"1 of {n}", "forms": f"0 of {n - 1}"} for n in range(2, 1001)}
    table = scorer.table([frame(scorer, sheets, rows(scorer, sheets))])
    for n, text in zip(table["audit"], table["score"], strict=True):
        exact = 100 - Fraction(50, int(n))
        assert Fraction(text) == Fraction((exact * 10 + Fraction(1, 2)) // 1, 10)


def test_points_of_forty_digits_are_added_without_loss(
    build: Build, rows: Rows, frame: Frame
) -> None:
    scorer = build(
        """
        scheme: {answers: number, grades: [{grade: huge, at_least: 1}, {grade: small}]}
        items: [{id: a}, {id: b}]
        """
    )
    sheets = {
        "huge": {"a": "1000000000000000000000000000000000000000", "b": "0.5"},
        "small": {"a": "0.25", "b": "0.5"},
    }
    table = scorer.table([frame(scorer, sheets, rows(scorer, sheets))])
    assert list(table["score"]) == ["1000000000000000000000000000000000000000.5", "0.75"]
    assert list(table["grade"]) == ["huge", "small"]


def test_numbers_below_zero_are_added_like_others(build: Build, rows: Rows, frame: Frame) -> None:
    scorer = build(
        """
        scheme: {answers: number, grades: [{grade: above, above: 0}, {grade: below}]}
        items: [{id: a}, {id: b}, {id: c}]
        """
    )
    sheets = {
        "A1": {"a": "-7.5", "b": "2.25", "c": "-1/3"},
        "A2": {"a": "-7.5", "b": "7.5"},
        "A3": {"a": "-2", "b": "2.000000001", "c": "0"},
    }
    table = scorer.table([frame(scorer, sheets, rows(scorer, sheets))])
    assert list(table["score"]) == ["-5.583333", "0", "0"]
    assert list(table["grade"]) == ["below", "below", "above"]


def test_signs_that_cancel_leave_no_rounding_error(build: Build, rows: Rows, frame: Frame) -> None:
    """Floats would leave a ten thousandth, which rounds away from zero."""
    scorer = build(
        """
        scheme:
          answers: number
          sections: [{id: A, weight: 1/3, roll_up: sum}, {id: B, weight: 1/7, roll_up: sum}]
          round: {to: 0.01, mode: up}
          grades: [{grade: none, at_least: 0}, {grade: debt}]
        sections: [A, B]
        items: [{id: a, section: A}, {id: b, section: B}]
        """
    )
    sheets = {"A1": {"a": "3000000000000.3", "b": "-7000000000000.7"}}
    table = scorer.table([frame(scorer, sheets, rows(scorer, sheets))])
    assert list(table["score"]) == ["0.00"]
    assert list(table["grade"]) == ["none"]


def test_a_checklist_may_need_more_sums_than_one_word_holds(
    build: Build, rows: Rows, frame: Frame
) -> None:
    sections = [f"S{n}" for n in range(12)]
    scorer = build(
        {
            "scheme": {
                "answers": {"yes": "1", "half": "1/2", "no": "0"},
                "roll_up": "percent",
                "sections": [{"id": name, "weight": f"{n}/7"} for n, name in enumerate(sections)],
            },
            "sections": sections,
            "items": [
                {"id": f"i{n}", "section": sections[n % 12], "points": f"{n + 1}/3"}
                for n in range(240)
            ],
        }
    )
    words = ("yes", "half", "no")
    sheets = {f"A{a}": {f"i{n}": words[(n * n + a * n) % 3] for n in range(240)} for a in range(20)}
    whole = frame(scorer, sheets, rows(scorer, sheets))
    table = scorer.table([whole])
    worth = {"yes": Fraction(1), "half": Fraction(1, 2), "no": Fraction(0)}
    for audit, sheet in sheets.items():
        total = weights = Fraction(0)
        for s in range(12):
            inside = range(s, 240, 12)
            earned = sum(Fraction(n + 1, 3) * worth[sheet[f"i{n}"]] for n in inside)
            total += Fraction(s, 7) * earned / sum(Fraction(n + 1, 3) for n in inside)
            weights += Fraction(s, 7)
        assert score(scorer, [whole], audit).exact == total / weights * 100
    assert table["state"].eq("scored").all()


def test_fields_are_added_up_exactly_up_to_the_last_bit() -> None:
    cells = np.array([[1, 1, 1], [2, 1, 0], [0, 0, 2]], np.uint8)
    top = 2**61 - 1
    fields = {
        "small": {(0, 1): Fraction(1), (1, 1): Fraction(1)},
        "full": {(0, 1): Fraction(top), (0, 2): Fraction(-top), (2, 2): Fraction(1, 2)},
        "huge": {(n, 1): Fraction(2**70 + n) for n in range(3)},
        "none": {},
    }
    sums = {name: list(column.fractions()) for name, column in add_up(cells, fields).items()}
    assert sums == {
        "small": [2, 1, 0],
        "full": [top, -top, Fraction(1, 2)],
        "huge": [3 * 2**70 + 3, 2**70 + 1, 0],
        "none": [0, 0, 0],
    }


def test_a_table_is_the_same_from_one_frame_and_from_one_for_each_row(
    build: Build, rows: Rows, frame: Frame
) -> None:
    scorer = build(YES_NO)
    sheets = {
        f"A{n}": {"a": "yes" if n % 2 else "no", "b": "na" if n % 3 else "yes"} for n in range(40)
    }
    answered = rows(scorer, sheets)
    one_by_one = [frame(scorer, [audit], [(audit, *rest)]) for audit, *rest in answered]
    whole = scorer.table([frame(scorer, sheets, answered)])
    pd.testing.assert_frame_equal(scorer.table(one_by_one), whole)
