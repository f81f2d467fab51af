"""Worked numbers of schemes no pack has, one YAML file each (`tests/cases`).

Every case is scored alone with its derivation, in one table with the other cases of its file and
rows shuffled, and with its rows dealt over several frames. All three must say what is expected.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import pandas as pd
import pytest

from sopaudit.criteria.field import number
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.derivation import score, scores
from sopaudit.findings.score import Score
from sopaudit.findings.scoring import Scorer
from sopaudit.reading.events import read

CASES: Final = Path(__file__).parents[1] / "cases"
FILES: Final = sorted(CASES.glob("*.yaml"))
USUAL: Final = {"state": "scored", "limits": ()}
"""Expected of every case that does not say otherwise."""

SHOWN: Final = ("score", "possible", "percent", "grade", "state")

Rows = Callable[..., list[Any]]
Frame = Callable[..., AnswerFrame]


@pytest.fixture(
    scope="module", params=FILES, ids=lambda path: f"{read(path).data['source']} {path.stem}"
)
def case_file(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    document = read(request.param)
    assert not document.problems
    data: Mapping[str, Any] = document.data
    assert {*data} - {"sections"} == {"title", "source", "scheme", "items", "cases"}
    return data


@pytest.fixture(scope="module")
def scorer(case_file: Mapping[str, Any], build: Callable[..., Scorer]) -> Scorer:
    return build(case_file)


@pytest.fixture(scope="module")
def sheets(case_file: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {case["name"]: case["answers"] for case in case_file["cases"]}


@pytest.fixture(scope="module")
def expected(case_file: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {case["name"]: {**USUAL, **case["expect"]} for case in case_file["cases"]}


def limits(told: Score) -> list[str]:
    """Name the limits that bit or wait, as the table does."""
    bites = [bite for bite in told.bites if bite.bit or bite.pending]
    return [f"{bite.limit} (pending)" if bite.pending else bite.limit for bite in bites]


def agrees(told: Score, expect: Mapping[str, Any]) -> None:
    """Hold a score against all that is expected of it."""
    for name, value in expect.items():
        if name == "exact":
            assert told.exact == number(value)
        elif name == "limits":
            assert limits(told) == list(value)
        elif name == "earned":
            earned = {item.item: item.earned for item in told.items if item.earned is not None}
            assert earned == {item: number(points) for item, points in value.items()}
        else:
            assert getattr(told, name) == value, name


def table_agrees(table: pd.DataFrame, expected: Mapping[str, Mapping[str, Any]]) -> None:
    """Hold a table of scores against all that is expected of its rows."""
    assert sorted(table["audit"]) == sorted(expected)
    for row in table.to_dict("records"):
        expect = expected[row["audit"]]
        shown = {name: expect[name] for name in SHOWN if name in expect}
        assert {name: row[name] for name in shown} == shown
        assert row["limits"] == ";".join(expect["limits"])


def test_each_case_alone_comes_to_what_is_expected(
    scorer: Scorer,
    sheets: Mapping[str, Mapping[str, Any]],
    expected: Mapping[str, Mapping[str, Any]],
    rows: Rows,
    frame: Frame,
) -> None:
    for name, sheet in sheets.items():
        alone = frame(scorer, [name], rows(scorer, {name: sheet}))
        agrees(score(scorer, [alone], name), expected[name])


def test_a_shuffled_table_of_all_cases_says_the_same(
    scorer: Scorer,
    sheets: Mapping[str, Mapping[str, Any]],
    expected: Mapping[str, Mapping[str, Any]],
    rows: Rows,
    frame: Frame,
) -> None:
    answered = rows(scorer, sheets)
    for seed in range(3):
        shuffled = Random(seed).sample(answered, len(answered))  # noqa: S311 -- a shuffle
        table_agrees(scorer.table([frame(scorer, sheets, shuffled)]), expected)


def test_rows_dealt_over_several_frames_say_the_same(
    scorer: Scorer,
    sheets: Mapping[str, Mapping[str, Any]],
    expected: Mapping[str, Mapping[str, Any]],
    rows: Rows,
    frame: Frame,
) -> None:
    answered = rows(scorer, sheets)
    hands: Sequence[list[Any]] = [answered[start::3] for start in range(3)]
    frames = [frame(scorer, sheets, hand) for hand in hands]
    table_agrees(scorer.table(frames), expected)
    for told in scores(scorer, frames):
        agrees(told, expected[told.audit])


def test_every_case_has_a_name_of_its_own(case_file: Mapping[str, Any]) -> None:
    names = [case["name"] for case in case_file["cases"]]
    assert names
    assert len(set(names)) == len(names)
    assert all(case["expect"] for case in case_file["cases"])
