"""What would bring an audit to a grade: held against trying every set there is."""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.findings.test_laws import settle
from tests.findings.worlds import Office, Settle

from sopaudit.criteria.scheme import CountBounds, Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.scoring import Scorer
from sopaudit.findings.whatif.prospect import Prospect, prospect
from sopaudit.findings.whatif.requirement import changed
from sopaudit.findings.whatif.subject import Post, Subject, Thing

__all__ = ["settle"]

Build = Callable[..., Scorer]

laws = settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

NUMBER: Final = 3
"""As many sets are told."""


# --- schemes with every word ---------------------------------------------------------------------


@st.composite
def further_words(draw: st.DrawFn, scheme: Scheme) -> Scheme:
    """Draw words that do not simply add up, and put them into a scheme."""
    words: dict[str, Any] = {"scale": scheme.scale}
    some = {
        "roll_up": ["count", "all"],
        "start": ["100", "10"],
        "take": ["away"],
        "floor": ["0", "50"],
        "ceiling": ["60", "1"],
    }
    words |= {name: draw(st.sampled_from(v)) for name, v in some.items() if draw(SOMETIMES)}
    words["adjust"] = draw(st.lists(st.sampled_from(ADJUST), max_size=2))
    worst = scheme.grades[-1].grade
    words["limits"] = draw(st.lists(group_limits(worst), max_size=2))
    words["grades"] = [{"grade": worst}]
    read = Scheme.model_validate(
        {"id": "x", "edition": "1", "title": "x", "answers": "number"}
        | {name: value for name, value in words.items() if value is not None}
    )
    when = [CountBounds.model_validate(draw(st.sampled_from(WHEN))) for _ in scheme.grades]
    counted = draw(SOMETIMES)
    grades = [
        band.model_copy(update={"when": (bound,)}) if counted and draw(st.booleans()) else band
        for band, bound in zip(scheme.grades, when, strict=True)
    ]
    roll_ups = st.sampled_from(["", "", "count", "all"])
    marks = st.sampled_from([None, None, Fraction(1, 2), Fraction(9, 10), Fraction(1)])
    sections = [
        rule.model_copy(
            update={"roll_up": draw(roll_ups) or rule.roll_up, "pass_mark": draw(marks)}
        )
        for rule in scheme.sections
    ]
    return changed(
        scheme,
        **{name: getattr(read, name) for name in (*some, "adjust", "scale") if name in words},
        grades=tuple(grades),
        sections=tuple(sections),
        limits=(*scheme.limits, *read.limits),
    )


SOMETIMES: Final = st.integers(0, 2).map(lambda n: n == 0)
ADJUST: Final = [
    {"count": {"severity": "critical"}, "points": "-5"},
    {"count": {"severity": "minor"}, "points": "-1/3", "at_most": "1"},
    {"count": {"severity": "critical"}, "points": "-40", "at_most": "2"},
    {"count": {"severity": "minor"}, "points": "-2", "each": "section", "at_most": "2"},
    {"count": {"severity": "minor"}, "points": "-7", "each": "section"},
    {"count": {"answer": "yes"}, "points": "1", "at_most": "1"},
]
WHEN: Final = [
    {"count": {"severity": "critical"}, "at_most": "0"},
    {"count": {"severity": "minor"}, "at_most": "1"},
    {"count": {"answer": "yes"}, "at_least": "1"},
]


@st.composite
def group_limits(draw: st.DrawFn, worst: str) -> dict[str, Any]:
    """Draw a limit that looks at groups."""
    limit: dict[str, Any] = {
        "any": draw(st.sampled_from(["section", "severity"])),
        draw(st.sampled_from(["below", "below", "at_most", "above"])): draw(
            st.sampled_from(["1/2", "50", "90", "10"])
        ),
        "times": draw(st.sampled_from(["1", "1", "2"])),
        "grade": worst,
    }
    if draw(st.booleans()):
        limit["round"] = {"to": "1"}
    return limit


def with_more(data: st.DataObject, office: Office) -> Scorer:
    scheme = data.draw(further_words(office.scorer.scheme), label="scheme")
    return Scorer(office.scorer.checklist, scheme)


# --- every set there is --------------------------------------------------------------------------


def every_set(subject: Subject, told: Prospect) -> list[tuple[Thing, ...]]:
    """List the first sets in order, found by trying all; `told` says how things are ranked."""
    order = [c.thing for c in told.corrections]
    brings = {c.thing: c.brings for c in told.corrections}
    if all(b <= 0 for b in brings.values()):
        brings = {thing: -b for thing, b in brings.items()}
    every = [one for size in range(len(order) + 1) for one in combinations(order, size)]
    grades = subject.grades([[subject.things.index(thing) for thing in one] for one in every])
    bands = [band.grade for band in subject.scheme.grades]
    good = bands[: bands.index(told.goal) + 1]
    reached = [one for one, grade in zip(every, grades, strict=True) if grade in good]
    reached.sort(key=lambda one: (len(one), -sum(brings[thing] for thing in one)))
    taken: list[tuple[Thing, ...]] = []
    for one in reached:
        if not any(set(other) <= set(one) for other in taken):
            taken.append(one)
    return taken[:NUMBER]


def told_sets(told: Prospect) -> list[tuple[Thing, ...]]:
    if told.reached:
        return [()]
    return [tuple(c.thing for c in remedy.corrections) for remedy in told.remedies]


@laws
@given(data=st.data())
def test_the_smallest_sets_are_those_found_by_trying_all(
    data: st.DataObject, settle: Settle
) -> None:
    office = settle(data)
    scorer = with_more(data, office) if data.draw(st.booleans()) else office.scorer
    frame = office.framed(office.rows)
    subject = Post(scorer, [frame], "A0")
    grades = [band.grade for band in scorer.scheme.grades]
    for goal in grades:
        told = prospect(subject, goal)
        assert told.proven
        if told.now.score is None:
            assert not told.remedies
            continue
        assert told_sets(told) == every_set(subject, told)
        good = grades[: grades.index(goal) + 1]
        assert all(remedy.after.grade in good for remedy in told.remedies)
        assert told.reached == (told.now.grade in good)
        assert told.reached or told.remedies or told.obstacles


# --- words that do not simply add up -------------------------------------------------------------

Ask = Callable[..., Prospect]

PLAIN: Final = """
  answers: {{yes: 1, no: 0}}
  {words}
items:
  - {{id: i1, section: S, points: 3, severity: critical}}
  - {{id: i2, section: S, points: 2, severity: minor}}
  - {{id: i3, section: T, points: 1, severity: minor}}
sections: [S, T]
"""


@pytest.fixture
def ask(build: Build, rows: Callable[..., list[Any]], frame: Callable[..., AnswerFrame]) -> Ask:
    """Give the function that asks for a grade where nothing is right yet, under some words."""

    def asked(goal: str, words: str) -> Prospect:
        scorer = build("scheme:" + PLAIN.format(words=words))
        sheet = rows(scorer, {"A1": dict.fromkeys(("i1", "i2", "i3"), "no")})
        return prospect(Post(scorer, [frame(scorer, ["A1"], sheet)], "A1"), goal)

    return asked


def items(told: Prospect) -> list[str]:
    assert told.proven
    return [" ".join(thing.item for thing in one) for one in told_sets(told)]


def test_a_correction_too_many_may_take_the_grade_away(ask: Ask) -> None:
    told = ask(
        "A",
        "grades: [{grade: A, at_least: 1}, {grade: B}]\n"
        "  limits: [{any: answer, is: yes, times: 2, grade: B}]",
    )
    assert items(told) == ["i1", "i2", "i3"]


def test_all_or_nothing_takes_everything(ask: Ask) -> None:
    """The section is 1 only with both, so that neither alone brings anything."""
    told = ask(
        "A",
        "roll_up: percent\n  sections: [{id: S, roll_up: all, weight: 3}, {id: T}]\n"
        "  grades: [{grade: A, at_least: 75}, {grade: B}]",
    )
    assert [str(c.brings) for c in told.corrections] == ["25", "0", "0"]
    assert items(told) == ["i1 i2"]


def test_an_adjustment_that_counts_only_so_many_gives_back_late(ask: Ask) -> None:
    """One of the two minors costs ten, the other nothing more."""
    told = ask(
        "A",
        "adjust: [{count: {severity: minor}, points: -10, at_most: 1}]\n"
        "  grades: [{grade: A, at_least: 0}, {grade: B}]",
    )
    assert told.now.score == "-10"
    assert items(told) == ["i2 i3"]


def test_a_grade_counts_what_falls_short(ask: Ask) -> None:
    told = ask(
        "A",
        "grades: [{grade: A, at_least: 1, when: [{count: {severity: critical}, at_most: 0}]},"
        " {grade: B}]",
    )
    assert items(told) == ["i1"]


def test_the_pass_mark_of_a_section_asks_for_corrections_in_it(ask: Ask) -> None:
    told = ask(
        "A",
        "roll_up: percent\n  sections: [{id: S, pass_mark: 1/2}, {id: T, pass_mark: 1}]\n"
        "  grades: [{grade: A, at_least: 10}, {grade: B}]",
    )
    assert items(told) == ["i3 i1"]
    assert [(o.kind, o.limit) for o in told.obstacles] == [
        ("limit", "pass-mark-S"),
        ("limit", "pass-mark-T"),
    ]


def test_a_score_that_can_never_be_enough_says_so(ask: Ask) -> None:
    told = ask("A", "grades: [{grade: A, at_least: 7}, {grade: B}]")
    assert (told.remedies, told.proven, told.best.score) == ((), True, "6")
    assert [obstacle.kind for obstacle in told.obstacles] == ["score"]


def test_a_demerit_that_cannot_be_taken_back_stands_in_the_way(
    build: Build, rows: Callable[..., list[Any]], frame: Callable[..., AnswerFrame]
) -> None:
    """What was cited has no better answer, unless what is not cited counts as nothing."""
    words = "scheme:\n  answers: {cited: 1}\n  grades: [{grade: A, below: 1}, {grade: B}]\n"
    words += "  no_rows: zero\nitems: [{id: i1, points: 5}]"
    for text, kinds, sets in (
        (words, [], ["i1"]),
        (words.replace("  no_rows: zero\n", ""), ["score", "stuck"], []),
    ):
        scorer = build(text)
        sheet = frame(scorer, ["A1"], rows(scorer, {"A1": {"i1": "cited"}}))
        told = prospect(Post(scorer, [sheet], "A1"), "A")
        assert [obstacle.kind for obstacle in told.obstacles] == kinds
        assert items(told) == sets
