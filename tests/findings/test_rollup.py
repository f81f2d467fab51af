"""Items become sections and sections a total, whichever way the scheme adds up."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from sopaudit.findings.score import Score

Told = Callable[..., Score]

TREE = """
scheme:
  answers: {{yes: 1, no: 0, na: skip}}
  roll_up: {whole}
  empty: {empty}
  sections:
    - {{id: A, weight: 2, roll_up: {part}}}
    - {{id: B, weight: 1, roll_up: {part}}}
    - {{id: B1, in: B, weight: 1, roll_up: {part}}}
sections: [A, B, B1]
items:
  - {{id: a1, section: A, points: 3, weight: 1}}
  - {{id: a2, section: A, points: 1, weight: 1}}
  - {{id: b1, section: B, points: 5, weight: 2}}
  - {{id: b2, section: B1, points: 4, weight: 1}}
"""
SHEET = {"a1": "yes", "a2": "no", "b1": "no", "b2": "yes"}


@pytest.mark.parametrize(
    ("whole", "part", "exact"),
    [
        ("sum", "sum", Fraction(2 * 3 + 1 * (0 + 4))),
        ("percent", "sum", Fraction(2 * 3 + 4, 2 * 4 + 10 + 4) * 100),
        ("percent", "percent", (2 * Fraction(3, 4) + Fraction(0 + 1, 10 + 1)) / 3 * 100),
        ("mean", "mean", (2 * Fraction(1, 2) + Fraction(0 + 1, 2 + 1)) / 3),
        ("mean", "percent", (2 * Fraction(3, 4) + Fraction(0 + 1, 10 + 1)) / 3),
        ("mean", "sum", (2 * Fraction(3, 4) + Fraction(0 + 4, 10 + 4)) / 3),
        ("sum", "percent", 2 * Fraction(3, 4) + Fraction(0 + 1, 10 + 1)),
    ],
)
def test_sections_may_nest_and_each_adds_up_in_its_own_way(
    whole: str, part: str, exact: Fraction, told: Told
) -> None:
    assert told(TREE.format(whole=whole, part=part, empty="drop"), **SHEET).exact == exact


@pytest.mark.parametrize(
    ("empty", "score", "possible"), [("drop", "6", "8"), ("zero", "6", "22"), ("full", "20", "22")]
)
def test_an_empty_section_of_points_is_dropped_or_counts_with_all_its_points(
    empty: str, score: str, possible: str, told: Told
) -> None:
    words = TREE.format(whole="sum", part="sum", empty=empty)
    told_score = told(words, a1="yes", a2="no", b1="na", b2="na")
    assert (told_score.score, told_score.possible) == (score, possible)


def test_an_empty_section_says_what_was_done_with_it(told: Told) -> None:
    words = TREE.format(whole="percent", part="percent", empty="zero")
    sections = {s.id: s for s in told(words, a1="yes", a2="no", b1="no", b2="na").sections}
    (line,) = sections["B1"].lines
    assert (line.key, line.values["rule"]) == ("section.empty", "zero")
    assert (sections["B1"].share, sections["B1"].counted, sections["B1"].total) == (None, 0, 1)
    assert sections["B"].earned == sections["B"].share == 0
    assert sections["B"].total == 2


def test_demerits_in_a_section_are_no_empty_section(told: Told) -> None:
    words = """
    scheme: {answers: number, sections: [{id: A, roll_up: sum}]}
    sections: [A]
    items: [{id: a, section: A}]
    """
    score = told(words, a="15")
    assert (score.score, score.possible) == ("15", None)
    assert [line.key for line in score.sections[0].lines] == ["section.sum"]
    assert score.sections[0].earned == 15
    assert score.sections[0].possible is None


def test_an_item_with_a_maximum_keeps_it_beside_one_without(told: Told) -> None:
    words = """
    scheme: {answers: {N: number, B: {good: 1, bad: 0}}}
    items: [{id: a, scoring: N}, {id: b, scoring: B, points: 5}]
    """
    score = told(words, a="3", b="good")
    assert [item.possible for item in score.items] == [None, 5]
    assert (score.score, score.possible) == ("8", None)


def test_a_percentage_of_no_maximum_is_no_score(told: Told) -> None:
    words = "{scheme: {answers: number, roll_up: percent, no_rows: zero}, items: [{id: a}]}"
    assert told(words, a="5").score == "0"
    assert told(words.replace(", no_rows: zero", ""), a="5").state == "not scored"


def test_weights_of_zero_count_for_nothing(told: Told) -> None:
    words = TREE.format(whole="percent", part="percent", empty="drop").replace(
        "weight: 2, r", "weight: 0, r"
    )
    assert told(words, **SHEET).exact == Fraction(1, 11) * 100
    assert told(words, a1="yes", a2="yes", b1="na", b2="na").state == "not scored"


def test_sections_the_scheme_does_not_weigh_are_told_all_the_same(told: Told) -> None:
    words = """
    scheme: {answers: {yes: 1, no: 0, na: skip}, roll_up: percent}
    sections: [A, B, C]
    items:
      - {id: a, section: A, points: 3}
      - {id: b, section: B, points: 1}
      - {id: c, section: C, points: 9}
    """
    told_sections = told(words, a="yes", b="no", c="na").sections
    assert [(s.id, s.counted, s.total) for s in told_sections] == [
        ("A", 1, 1),
        ("B", 1, 1),
        ("C", 0, 1),
    ]
    assert [s.earned for s in told_sections] == [3, 0, 0]
    assert [s.possible for s in told_sections] == [3, 1, 0]
    assert [s.share for s in told_sections] == [1, 0, None]


@pytest.mark.parametrize(
    ("roll_up", "score", "possible"),
    [("count", "1.5", "2"), ("all", "0", "1"), ("sum", "25", "30")],
)
def test_points_count_only_where_they_are_added_up(
    roll_up: str, score: str, possible: str, told: Told
) -> None:
    words = f"""
scheme: {{answers: {{yes: 1, half: 1/2, no: 0}}, roll_up: {roll_up}}}
items: [{{id: a, points: 20}}, {{id: b, points: 5, weight: 2}}, {{id: c, weight: 0}}]
"""
    result = told(words, a="yes", b="half", c="no")
    assert (result.score, result.possible) == (score, possible)


CHARGED = """
scheme:
  answers: {{yes: 1, no: 0}}
  roll_up: mean
  scale: 100
  sections: [{{id: S, roll_up: percent}}, {{id: T, roll_up: percent}}]
  adjust: [{{count: {{severity: major}}, points: -5, each: {each}, at_most: 2}}]
sections: [S, T]
items:
  - {{id: a, section: S, severity: major}}
  - {{id: b, section: S, severity: major}}
  - {{id: c, section: S, severity: major}}
  - {{id: d, section: S}}
  - {{id: e, section: T}}
"""


@pytest.mark.parametrize(("each", "score"), [("section", "57.5"), ("total", "52.5")])
def test_a_finding_costs_its_section_or_the_whole(each: str, score: str, told: Told) -> None:
    assert told(CHARGED.format(each=each), a="no", b="no", c="no", d="yes", e="yes").score == score


def test_what_is_left_of_large_numbers_is_exact(told: Told) -> None:
    words = """
scheme:
  {answers: number, start: 1000000000000, take: away, round: {to: 0.01, mode: half_even}}
items: [{id: a}]
"""
    assert told(words, a="999999999999.995").score == "0.00"
    assert told(words, a="999999999999.985").score == "0.02"
