"""What samples leave open: of an item, of a score, of a roll-up."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import hypot
from random import Random
from typing import Any, Final, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.criteria.answer import Answer, Result
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.evidence.record import Case, RecordedAnswer, Sample, Selection
from sopaudit.findings.derivation import score
from sopaudit.findings.intervals import Interval, Term, clopper_pearson, reach_of_sum
from sopaudit.findings.scoring import Scorer
from sopaudit.findings.uncertainty import (
    Sampled,
    Uncertainty,
    exact_totals,
    sampled,
    uncertainty,
)

SHOP: Final = """
scheme:
  answers: {R: rate, B: {yes: 1, no: 0, na: skip}}
  roll_up: percent
  limits:
    - {any: answer, where: {scoring: B}, is: no, score_at_most: 60}
items:
  - {id: a, points: 6, scoring: R}
  - {id: b, points: 2, scoring: R}
  - {id: c, points: 2, scoring: B}
"""

Build = Callable[..., Scorer]


def cases(failed: int, checked: int, letter: str = "T", person: str = "") -> tuple[Case, ...]:
    words: list[Result] = [*(["no"] * failed), *(["yes"] * (checked - failed))]  # type: ignore[list-item]
    return tuple(
        Case(id=f"{letter}{n}", result=word, person=person or None) for n, word in enumerate(words)
    )


def drawn(item: str, failed: int, checked: int, **told: object) -> RecordedAnswer:
    """Write an answer whose cases, of its own, were drawn at random unless told otherwise."""
    sample = {"seed": 7, "cases": cases(failed, checked, item)} | told
    return RecordedAnswer(item=item, sample=Sample.model_construct(**sample))  # type: ignore[arg-type]


def framed(scorer: Scorer, answers: list[RecordedAnswer]) -> AnswerFrame:
    parted = [one for answer in answers for one in answer.by_person]
    kinds = tuple(Answer(one.result_seen, one.value, *one.counts) for one in parted)
    names = [item.id for item in scorer.checklist.items]
    persons = tuple(dict.fromkeys(one.person or "" for one in parted))
    return AnswerFrame(
        checklist="CK",
        audits=("A1",),
        dates=np.array(["2026-11-06"], "datetime64[D]"),
        audit=np.zeros(len(parted), np.int32),
        items=tuple(names),
        item=np.array([names.index(one.item) for one in parted], np.int32),
        kinds=kinds,
        answer=np.arange(len(parted), dtype=np.int32),
        row=np.arange(len(parted), dtype=np.int32),
        persons=persons,
        person=np.array([persons.index(one.person or "") for one in parted], np.int32),
    )


def told(scorer: Scorer, *answers: RecordedAnswer) -> Uncertainty:
    frame = framed(scorer, list(answers))
    return uncertainty(scorer, [frame], score(scorer, [frame], "A1"), answers)


def ends(found: Uncertainty) -> tuple[float, float]:
    assert found.interval is not None
    return found.interval.low, found.interval.high


def test_a_sample_of_one_item_moves_the_score_by_its_points(build: Build) -> None:
    found = told(build(SHOP), drawn("a", 1, 10), RecordedAnswer(item="c", result="yes"))
    bad = clopper_pearson(1, 10)
    # 6 of 8 points hang on it: what fails of them is lost.
    expected = (100 - 75 * bad.high, 100 - 75 * bad.low)
    assert ends(found) == pytest.approx(expected)
    assert (found.drawn, found.picked) == (("a",), ())


def test_samples_of_different_cases_add_up_like_variances(build: Build) -> None:
    yes = RecordedAnswer(item="c", result="yes")
    found = told(build(SHOP), drawn("a", 1, 10), drawn("b", 2, 8), yes)
    one, other = clopper_pearson(1, 10), clopper_pearson(2, 8)
    down = hypot(60 * (one.high - 0.1), 20 * (other.high - 0.25))
    up = hypot(60 * (0.1 - one.low), 20 * (0.25 - other.low))
    middle = 100 - 60 * 0.1 - 20 * 0.25
    assert ends(found) == pytest.approx((middle - down, middle + up))


def test_two_items_seen_in_the_same_cases_add_up_in_full(build: Build) -> None:
    same = {"cases": cases(1, 10)}
    found = told(build(SHOP), drawn("a", 1, 10, **same), drawn("b", 1, 10, **same))
    bad = clopper_pearson(1, 10)
    assert ends(found) == pytest.approx((100 * (1 - bad.high), 100 * (1 - bad.low)))


def test_picked_cases_count_as_they_are_and_give_no_interval(build: Build) -> None:
    yes = RecordedAnswer(item="c", result="yes")
    picked = drawn("b", 2, 8, seed=None)
    alone = told(build(SHOP), picked, yes)
    assert (alone.interval, alone.drawn, alone.picked) == (None, (), ("b",))
    found = told(build(SHOP), drawn("a", 1, 10), picked, yes)
    bad, middle = clopper_pearson(1, 10), 100 - 60 * 0.1 - 20 * 0.25
    expected = (middle - 60 * (bad.high - 0.1), middle + 60 * (0.1 - bad.low))
    assert ends(found) == pytest.approx(expected)
    assert found.picked == ("b",)


def test_all_cases_leave_nothing_open(build: Build) -> None:
    everything = drawn("a", 1, 10, seed=None, population=10)
    found = told(build(SHOP), everything)
    assert (found.interval, found.drawn, found.picked) == (None, (), ())
    assert found.samples["a"].chosen == "all"


def test_a_population_smaller_than_its_sample_is_a_slip_and_not_used(build: Build) -> None:
    """The slip is told (A120); what the cases say is told as if nobody had written it."""
    without = told(build(SHOP), drawn("a", 1, 10))
    slip = told(build(SHOP), drawn("a", 1, 10, population=9))
    assert (slip.interval, slip.samples["a"]) == (without.interval, without.samples["a"])


def test_a_known_population_makes_the_interval_smaller(build: Build) -> None:
    wide = ends(told(build(SHOP), drawn("a", 1, 10)))
    narrow = ends(told(build(SHOP), drawn("a", 1, 10, population=25)))
    assert wide[0] < narrow[0] < 90 < narrow[1] < wide[1]


def test_items_that_are_all_or_nothing_are_not_moved(build: Build) -> None:
    found = told(build(SHOP), RecordedAnswer(
        item="c", result="yes", sample=Sample(seed=7, cases=tuple(cases(0, 5)))
    ))  # fmt: skip
    assert (found.interval, found.drawn) == (None, ())
    assert found.samples["c"].ceiling == pytest.approx(1 - 0.05 ** (1 / 5))


def test_a_score_held_down_by_a_limit_is_held_down_at_both_ends(build: Build) -> None:
    found = told(build(SHOP), drawn("a", 1, 10), RecordedAnswer(item="c", result="no"))
    # 6 of 8 points at most: 67.5, with a reach above 60; but nobody gets more than 60.
    assert ends(found) == pytest.approx((75 * (1 - clopper_pearson(1, 10).high), 60))


def test_a_score_that_starts_full_and_stops_at_zero_does_so_at_both_ends(build: Build) -> None:
    taken = SHOP.replace("roll_up: percent", "roll_up: sum\n  start: 5\n  take: away\n  floor: 0")
    found = told(build(taken), drawn("a", 4, 10))
    # 3.6 of 6 points are taken from 5, by chance up to 5.3 of them; but nothing is below zero.
    assert ends(found) == pytest.approx((0, 5 - 6 * (1 - clopper_pearson(4, 10).high)))


def test_without_a_score_there_is_no_interval(build: Build) -> None:
    blocked = SHOP.replace("roll_up: percent", "roll_up: percent\n  unanswered: block")
    found = told(build(blocked), drawn("a", 1, 10))
    assert (found.interval, found.additive) == (None, True)


SECTIONS: Final = """
scheme:
  answers: {R: rate}
  roll_up: mean
  scale: 100
  sections: [{id: S, weight: 1}, {id: T, weight: 3, roll_up: sum}]
sections: [S, T]
items:
  - {id: a, section: S, points: 6, scoring: R}
  - {id: b, section: T, points: 5, scoring: R}
  - {id: c, section: T, points: 5, scoring: R}
"""


def test_what_an_item_weighs_is_asked_of_the_engine(build: Build) -> None:
    found = told(build(SECTIONS), drawn("a", 1, 10), drawn("b", 0, 9), drawn("c", 2, 8))
    # A quarter of 100 on the first section, three quarters on the two halves of the other.
    assert [term.weight for term in found.terms] == [25, 37.5, 37.5]


def test_what_is_known_of_the_audit_counts_in_what_an_item_weighs(build: Build) -> None:
    hall = (
        "sections: [{id: S, roll_up: sum, surcharge: {fact: repeat, rates: {never: 0, once: 1}}}]"
    )
    scorer = build(f"""
scheme: {{answers: {{R: rate}}, roll_up: sum, {hall}}}
sections: [S]
items: [{{id: a, section: S, points: 6, scoring: R}}]
""")
    answers = [drawn("a", 1, 10)]
    weights = []
    for repeat in ("never", "once"):
        frame = replace(framed(scorer, answers), facts={"repeat": (repeat,)})
        whole = score(scorer, [frame], "A1")
        found = uncertainty(scorer, [frame], whole, answers)
        weights += [term.weight for term in found.terms]
        assert whole.exact is not None
        assert ends(found)[0] < whole.exact < ends(found)[1]
    assert weights == [6, 12]


@pytest.mark.parametrize("words", [SHOP, SECTIONS, SHOP.replace("percent", "sum")])
def test_the_total_asked_for_is_the_score_that_is_told(build: Build, words: str) -> None:
    scorer = build(words)
    answers = [drawn("a", 1, 10), drawn("b", 2, 7)]
    frame = framed(scorer, answers)
    assert exact_totals(scorer, frame) == [score(scorer, [frame], "A1").exact]


PERSONS: Final = """
scheme:
  answers: {{R: rate}}
  roll_up: percent
  persons: {rule}
items:
  - {{id: a, points: 10, scoring: R}}
"""


def of_two(first: tuple[int, int], second: tuple[int, int]) -> RecordedAnswer:
    both = (*cases(*first, "F", "1"), *cases(*second, "S", "2"))
    return drawn("a", 0, 0, cases=both)


def test_persons_counted_together_are_one_sample(build: Build) -> None:
    found = told(build(PERSONS.format(rule="pooled")), of_two((1, 5), (0, 10)))
    bad = clopper_pearson(1, 15)
    assert ends(found) == pytest.approx((100 * (1 - bad.high), 100 * (1 - bad.low)))


def test_of_persons_who_count_alike_each_is_a_sample(build: Build) -> None:
    found = told(build(PERSONS.format(rule="mean")), of_two((1, 5), (0, 10)))
    one, other = clopper_pearson(1, 5), clopper_pearson(0, 10)
    down = hypot(50 * (one.high - 0.2), 50 * other.high)
    assert ends(found) == pytest.approx((90 - down, 90 + 50 * (0.2 - one.low)))


def test_where_the_worst_person_counts_no_interval_is_made_up(build: Build) -> None:
    found = told(build(PERSONS.format(rule="worst")), of_two((1, 5), (0, 10)))
    assert (found.interval, found.additive, found.drawn) == (None, False, ("a",))


counts = st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=25)
@given(a=counts, b=counts, order=st.permutations([0, 1, 2]), letter=st.sampled_from("Tb"))
def test_the_interval_holds_the_score_and_stays_on_its_scale(
    a: tuple[int, int], b: tuple[int, int], order: list[int], letter: str
) -> None:
    scorer = SHOPS["percent"]
    answers = [
        drawn("a", *a, cases=cases(*a, "T")),
        drawn("b", *b, cases=cases(*b, letter)),
        RecordedAnswer(item="c", result="na"),
    ]
    found = told(scorer, *answers)
    low, high = ends(found)
    frame = framed(scorer, answers)
    exact = score(scorer, [frame], "A1").exact
    assert exact is not None
    assert -1e-9 <= low <= float(exact) <= high <= 100 + 1e-9
    # Neither the order of answers matters, nor whether what does not apply is said.
    assert ends(told(scorer, *(answers[n] for n in order))) == pytest.approx((low, high))
    assert ends(told(scorer, *answers[:2])) == pytest.approx((low, high))


SHOPS: Final[dict[str, Scorer]] = {}


@pytest.fixture(autouse=True, scope="module")
def shops(build: Build) -> None:
    """Build once what hypothesis asks for a hundred times."""
    SHOPS["percent"] = build(SHOP)


# --- coverage, by simulation ----------------------------------------------------------------------

SIZES: Final = (10, 15, 15, 5, 5, 12, 10)
POINTS: Final = (6, 10, 8, 10, 8, 6, 6)
TRUE: Final = (0.95, 0.9, 0.85, 0.8, 0.97, 0.75, 0.9)
"""The share that conforms of all cases, by item; the sizes are those of a sample audit."""

RUNS: Final = 3000


def covered(seed: int, share: str) -> float:
    """Draw samples again and again, and say how often the interval holds the truth.

    The second and third item are seen in the same calls. Their failures fall together (`alike`), or
    do not; or the cases of all items are different ones.
    """
    dice = Random(seed)  # noqa: S311 -- a simulation
    truth = sum(map(lambda w, p: w * p, POINTS, TRUE))
    held = 0
    known: dict[tuple[int, int], Interval] = {}
    for _ in range(RUNS):
        terms, last = [], [dice.random() for _ in range(15)]
        for n, (size, points, p) in enumerate(zip(SIZES, POINTS, TRUE, strict=True)):
            lots = (
                last if share == "alike" and n in (1, 2) else [dice.random() for _ in range(size)]
            )
            good = sum(lot < p for lot in lots)
            interval = known.get((good, size)) or clopper_pearson(good, size)
            known[good, size] = interval
            letter = "s" if share != "apart" and n in (1, 2) else str(n)
            seen = frozenset(f"{letter}{case}" for case in range(size))
            terms.append(Term(points, good / size, interval, seen))
        middle, reach = sum(t.weight * t.value for t in terms), reach_of_sum(terms)
        held += middle - reach.low <= truth <= middle + reach.high
    return held / RUNS


@pytest.mark.parametrize(
    ("share", "least", "most"),
    [("apart", 0.94, 0.98), ("together", 0.95, 0.99), ("alike", 0.94, 0.98)],
)
def test_nineteen_of_twenty_intervals_hold_the_truth(share: str, least: float, most: float) -> None:
    assert least <= covered(20261126, share) <= most


def test_leaving_out_that_cases_are_shared_would_hold_it_less_often() -> None:
    terms = [Term(1, 0.8, clopper_pearson(8, 10), frozenset(map(str, range(10)))) for _ in range(4)]
    apart = [replace(term, cases=frozenset()) for term in terms]
    assert reach_of_sum(terms).low == pytest.approx(2 * reach_of_sum(apart).low)


# --- samples --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "chosen", "explicit"),
    [
        ({"seed": 7}, "random", True),
        ({"selection": "random"}, "random", True),
        ({"seed": 7, "population": 10}, "all", True),
        ({"population": 10}, "all", True),
        ({"selection": "all"}, "all", True),
        ({"drawn": 10}, "judgement", False),
        ({}, "judgement", False),
        ({"selection": "judgement"}, "judgement", True),
        ({"selection": "judgement", "population": 90}, "judgement", True),
    ],
    ids=repr,
)
def test_how_cases_were_chosen(said: dict[str, Any], chosen: Selection, explicit: object) -> None:
    found = sampled([RecordedAnswer(item="a", sample=Sample(**said, cases=cases(1, 10)))])
    assert found is not None
    assert (found.chosen, found.told, found.rate) == (chosen, explicit, Fraction(1, 10))
    assert (found.interval is None) == (chosen != "random")
    assert (found.miss is None) == (chosen != "random")


def test_a_case_left_unchecked_is_one_nobody_looked_at() -> None:
    left = (*cases(1, 9), Case(id="left", result="unchecked"))
    found = sampled([RecordedAnswer(item="a", sample=Sample(selection="all", cases=left))])
    assert found == Sampled(1, 9, "judgement", cases=found.cases if found else frozenset())


def test_cases_beside_a_number_of_occurrences_are_no_sample() -> None:
    counted = RecordedAnswer(item="a", value=Fraction(2), sample=Sample(cases=cases(2, 2)))
    assert sampled([counted]) is None
    assert sampled([RecordedAnswer(item="a", result="yes")]) is None
    nothing = Sample(cases=(Case(id="T1", result="na"),))
    assert sampled([RecordedAnswer(item="a", sample=nothing)]) is None


def test_one_picked_sample_among_drawn_ones_makes_all_picked() -> None:
    answers = [drawn("a", 1, 10), drawn("a", 0, 5, seed=None)]
    found = cast("Sampled", sampled(answers))
    assert (found.failed, found.checked, found.chosen, found.told) == (1, 15, "judgement", False)
    both = cast(
        "Sampled", sampled([drawn("a", 1, 10, population=40), drawn("a", 0, 5, population=60)])
    )
    assert (both.chosen, both.population) == ("random", 100)
