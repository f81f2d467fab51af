"""The four models, worked by the one engine, give what the standard's own steps give."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.xccdf.trees import LEFT_OUT, XC_1, by_the_book, drawn, group, rule

from sopaudit.report.xccdf.model import RESULTS, Parts, Result
from sopaudit.report.xccdf.scores import ANSWERS, MODELS, scores
from sopaudit.report.xccdf.weight import settled


def told(parts: Parts) -> dict[str, tuple[object, object]]:
    return {one.model: (one.score, one.maximum) for one in scores(settled(parts).parts)}


def test_xc_1_the_worked_case_of_all_four_models() -> None:
    assert told(XC_1) == {
        "default": (75, 100),
        "flat": (5, 7),
        "flat-unweighted": (4, 6),
        "absolute": (0, 1),
    }


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32))
def test_the_engine_and_the_steps_of_the_standard_agree(seed: int) -> None:
    parts = settled(drawn(seed)).parts
    assert {one.model: (one.score, one.maximum) for one in scores(parts)} == by_the_book(parts)


@pytest.mark.parametrize("result", LEFT_OUT)
def test_what_was_not_judged_changes_no_score(result: Result) -> None:
    more = (*XC_1, rule("more", result, 40), group("G4", 9, rule("inside", result)))
    assert told(more) == told(XC_1)


def test_a_mistake_of_the_program_and_an_unknown_result_count_as_failed() -> None:
    failed = told((rule("1", "pass"), rule("2", "fail")))
    for result in ("error", "unknown"):
        assert told((rule("1", "pass"), rule("2", result))) == failed
    assert told((rule("1", "pass"), rule("2", "fixed")))["absolute"] == (1, 1)


def test_where_nothing_counts_every_sum_stays_where_it_began() -> None:
    nothing = {"default": (0, 100), "flat": (0, 0), "flat-unweighted": (0, 0), "absolute": (1, 1)}
    assert told((group("G", 1, rule("1", "notapplicable")),)) == nothing
    assert told((rule("1", "fail", 0),)) == nothing


def test_every_result_has_its_answer_and_every_model_its_words() -> None:
    assert set(ANSWERS) == set(RESULTS)
    assert len(MODELS) == 4
