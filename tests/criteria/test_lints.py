"""What is told of schemes that would not do what their authors meant, and of those that do."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import TypeVar

import pytest
from pydantic import BaseModel

from sopaudit.criteria import effect, labelled, limiting, reckoning, soundness
from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.draft import Draft, Loaded
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.habits import habits
from sopaudit.problems import Problem, in_file_order
from sopaudit.reading.events import read_bytes
from sopaudit.reading.shape import validated

CHECKS = (
    soundness.answers,
    soundness.sections,
    soundness.shares,
    soundness.coverage,
    soundness.bands,
    soundness.limits,
    labelled.labels,
    limiting.idle,
    reckoning.not_applicable_scored,
    reckoning.values,
    reckoning.nothing_weighs,
    reckoning.points_by,
    reckoning.ends,
)
Model = TypeVar("Model", bound=BaseModel)


def loaded(name: str, text: str, model: type[Model]) -> Loaded[Model]:
    document = read_bytes(dedent(text).encode(), name)
    value, problems = validated(document, model)
    assert value is not None, [problem.text("en") for problem in problems]
    return Loaded(name, document, value, whole=True)


def lint(scheme: str, *sheets: str, strict: bool = False) -> list[Problem]:
    """Look at a scheme and its checklists, each without its head."""
    draft = Draft(Path())
    head = 'id: s\nedition: "1"\ntitle: S\n'
    draft.schemes = [loaded("s.yaml", head + dedent(scheme), Scheme)]
    for n, sheet in enumerate(sheets):
        top = f'id: C{n}\nedition: "1"\ntitle: C\nscheme: s\n'
        draft.checklists.append(loaded(f"c{n}.yaml", top + dedent(sheet), Checklist))
    checks = (*CHECKS, effect.without_effect) if strict else CHECKS
    problems = in_file_order(problem for check in checks for problem in check(draft))
    assert all(problem.text("zh") != problem.text("en") for problem in problems)
    return problems


def codes(scheme: str, *sheets: str, strict: bool = False) -> list[str]:
    return [problem.code for problem in lint(scheme, *sheets, strict=strict)]


def items(*more: str, top: str = "") -> str:
    """Write a checklist of items, each with what it has besides id and question."""
    lines = [f"  - {{id: I{n}, question: Q{', ' if m else ''}{m}}}" for n, m in enumerate(more)]
    return f"{top}\nitems:\n" + "\n".join(lines)


WORDS = "answers: {yes: 1, partial: 1/2, no: 0, na: skip}\n"
AB = "grades: [{grade: A, at_least: 60}, {grade: B}]\n"
PERCENT = "roll_up: percent\nscale: 100\n"


# --- public schemes, which are sound -------------------------------------------------------------

BRCGS = """
    answers: {conforming: skip, minor: skip, major: skip, critical: skip}
    roll_up: sum
    no_rows: zero
    grades:
      - grade: AA
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 0},
               {count: {answer: minor}, at_most: 5}]
      - grade: A
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 0},
               {count: {answer: minor}, at_most: 10}]
      - grade: B
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 0},
               {count: {answer: minor}, at_most: 16}]
      - grade: B
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 1},
               {count: {answer: minor}, at_most: 10}]
      - grade: C
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 0},
               {count: {answer: minor}, at_most: 24}]
      - grade: C
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 1},
               {count: {answer: minor}, at_most: 16}]
      - grade: C
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 2},
               {count: {answer: minor}, at_most: 10}]
      - grade: D
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 0},
               {count: {answer: minor}, at_most: 30}]
      - grade: D
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 1},
               {count: {answer: minor}, at_most: 24}]
      - grade: D
        when: [{count: {answer: critical}, at_most: 0}, {count: {answer: major}, at_most: 2},
               {count: {answer: minor}, at_most: 16}]
      - grade: uncertified
    """

VDA = """
    answers: {10: 1, 8: 0.8, 6: 0.6, 4: 0.4, 0: 0, n.e.: skip}
    several: mean
    several_round: {to: 0.01}
    roll_up: percent
    coverage: {at_least: 2/3, of: [element, step], else: incomplete}
    grades: [{grade: A, at_least: 90}, {grade: B, at_least: 80}, {grade: C}]
    limits:
      - {any: element, below: 80, round: {to: 1}, grade: B}
      - {any: step, below: 80, round: {to: 1}, grade: B}
      - {any: answer, where: {star: true}, is: 4, grade: B}
      - {any: answer, is: 0, grade: B}
      - {any: element, below: 70, round: {to: 1}, grade: C}
      - {any: answer, where: {star: true}, is: 0, grade: C}
    """
VDA_SHEET = items(
    "points: 10, element: P5, star: true",
    "points: 10, element: P6",
    top="labels: {element: [P5, P6], step: [S1, S2], star: [true]}",
)
XCCDF = """
    answers: {pass: 1, fixed: 1, fail: 0, error: 0, notapplicable: skip, notchecked: skip}
    scale: 100
    sections:
      - {id: G1, weight: 1, roll_up: mean}
      - {id: G2, weight: 3, roll_up: mean}
      - {id: G3, weight: 5, roll_up: mean, in: G1}
    """
XCCDF_SHEET = items(
    "section: G1, weight: 2", "section: G2, weight: 1", "section: G2, weight: 3",
    "section: G3, weight: 1", "section: G3, weight: 3",
    top="sections: [{id: G1, title: G1}, {id: G2, title: G2}, {id: G3, title: G3}]",
)  # fmt: skip

SOUND = {
    "a percentage": (WORDS + PERCENT + "round: {to: 0.1}\n" + AB, items("points: 5", "points: 3")),
    "FHRS": (
        """
        answers: number
        unanswered: block
        roll_up: sum
        grades: [{grade: 5, at_most: 15}, {grade: 4, at_most: 20}, {grade: 3, at_most: 30},
                 {grade: 2, at_most: 40}, {grade: 1, at_most: 50}, {grade: 0}]
        limits:
          - {any: item, above: 5, grade: 4}
          - {any: item, above: 10, grade: 2}
          - {any: item, above: 15, grade: 1}
          - {any: item, above: 20, grade: 0}
        """,
        items("values: [0, 5, 10, 15, 20, 25]", "values: [0, 5, 10, 15, 20, 30]"),
    ),
    "King County": (
        """
        answers: {cited: 1}
        no_rows: zero
        grades: [{grade: Satisfactory, at_least: 0}, {grade: Unsatisfactory}]
        limits: [{any: item, where: {color: red}, above: 0, grade: Unsatisfactory}]
        """,
        items(
            "color: red, points_since: [{date: 2000-01-01, points: 15},"
            " {date: 2013-05-01, points: 25}]",
            "color: blue, points: 5",
            top="labels: {color: [red, blue]}",
        ),
    ),
    "deductions by risk": (
        """
        answers: {cited: 1}
        no_rows: zero
        points_by: {label: risk, table: {Low: 2, Moderate: 4, High: 7}}
        start: 100
        take: away
        floor: 0
        grades: [{grade: good, at_least: 90}, {grade: fair, at_least: 70}, {grade: poor}]
        """,
        items("risk: Low", "risk: Moderate", "risk: High",
              top="labels: {risk: [Low, Moderate, High]}"),
    ),
    "SQF style": (
        """
        answers: {compliant: 0, minor: 1, major: 5, critical: 50, na: skip}
        several: sum
        start: 100
        take: away
        floor: 0
        round: {to: 1}
        grades: [{grade: E, at_least: 96}, {grade: G, at_least: 86}, {grade: C, at_least: 70},
                 {grade: F}]
        """,
        items("", "", ""),
    ),
    "colour caps": (
        """
        answers: {ok: 1, low: 1/2, medium: 0, high: 0, critical: 0}
        sections: [{id: K, roll_up: percent}]
        roll_up: mean
        scale: 100
        adjust:
          - {count: {answer: high}, points: -5, each: section}
          - {count: {answer: critical}, points: -10, each: section}
        grades:
          - {grade: green, at_least: 80, when: [{count: {answer: high}, at_most: 0},
                                                {count: {answer: critical}, at_most: 0}]}
          - {grade: amber, at_least: 60, when: [{count: {answer: high}, at_most: 3},
                                                {count: {answer: critical}, at_most: 0}]}
          - {grade: red}
        """,
        items("section: K, points: 2", "section: K, points: 2",
              top="sections: [{id: K, title: K}]"),
    ),
    "potential analysis": (
        """
        answers: {green: skip, yellow: skip, red: skip}
        grades:
          - {grade: approved, when: [{count: {answer: red}, at_most: 0},
                                     {count: {answer: yellow}, at_most: 6}]}
          - {grade: conditional, when: [{count: {answer: red}, at_most: 0},
                                        {count: {answer: yellow}, at_most: 12}]}
          - {grade: barred}
        """,
        items("", ""),
    ),
    "BRCGS style": (BRCGS, items("", "")),
    "VDA style": (VDA, VDA_SHEET),
    "XCCDF default": (XCCDF + "roll_up: mean", XCCDF_SHEET),
    "XCCDF absolute": (XCCDF.replace("mean", "all") + "roll_up: all", XCCDF_SHEET),
    "XCCDF unweighted": (XCCDF.replace("mean", "count") + "roll_up: count", XCCDF_SHEET),
    "section weights and pass marks": (
        WORDS
        + "roll_up: mean\nscale: 100\n"
        + "sections: [{id: K, weight: 40, pass_mark: 0.7}, {id: L, weight: 60, pass_mark: 0}]\n"
        + AB,
        items("section: K, points: 5", "section: L, points: 5",
              top="sections: [{id: K, title: K}, {id: L, title: L}]"),
    ),
    "posts": (
        """
        answers:
          B: {yes: 1, no: 0, na: skip, unchecked: skip}
          R: rate
          D2: {each: 2}
          V: {yes: skip, no: skip, na: skip, unchecked: skip}
        persons: pooled
        roll_up: percent
        grades: [{grade: A, at_least: 95}, {grade: D, at_least: 70}, {grade: E}]
        limits: [{any: answer, where: {scoring: V}, is: no, grade: E, confirm: true}]
        """,
        items("scoring: B, points: 5", "scoring: R, points: 5", "scoring: D2, points: 5",
              "scoring: V"),
    ),
    "a bonus": (
        WORDS
        + PERCENT
        + "adjust: [{count: {answer: yes, severity: major}, points: 1, at_most: 1}]\n"
        + "grades: [{grade: S, at_least: 101}, {grade: A, at_least: 60}, {grade: B}]",
        items("severity: major", ""),
    ),
    "a branch": (
        ("answers: number\nroll_up: mean\nscale: 100\n"
        "grades: [{grade: A, at_least: 95}, {grade: D}]\n"
        "limits: [{any: item, where: {limit: veto}, grade: D}]"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_told_of_a_sound_scheme(name: str) -> None:
    scheme, *sheets = SOUND[name]
    scheme = dedent(scheme)
    # The label `limit` knows the limits of all schemes, of which there is none here.
    expected = ["H048"] if name == "a branch" else []
    assert codes(scheme, *sheets) == expected
    assert codes(scheme) == expected  # nor of one that no checklist uses
    hints = codes(scheme, *sheets, strict=True)
    assert hints == ["H068"] * len(hints) if "XCCDF" in name else hints == expected


# --- planted defects -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("      - grade: uncertified\n", "", ["H059"]),  # nobody takes what is worse
        # Eleven fall through to C, which is a table as good as any.
        ("at_most: 16}]\n      - grade: B", "at_least: 12, at_most: 16}]\n      - grade: B", []),
        # A stands in front of AA, and takes all of it.
        ("at_most: 5}]", "at_most: 10}]", ["H032"]),
    ],
)
def test_a_table_of_counts_with_a_slip_is_told(old: str, new: str, expected: list[str]) -> None:
    assert old in BRCGS
    assert codes(BRCGS.replace(old, new, 1), items("", "")) == expected


CELLS = """
    answers: {minor: skip, major: skip, clean: skip}
    grades:
      - grade: AA
        when: [{count: {answer: major}, at_most: 0}, {count: {answer: minor}, at_most: 5}]
      - grade: A
        when: [{count: {answer: major}, at_most: 0},
               {count: {answer: minor}, at_least: 6, at_most: 10}]
      - grade: B
        when: [{count: {answer: major}, at_most: 0},
               {count: {answer: minor}, at_least: 11, at_most: 16}]
      - grade: B
        when: [{count: {answer: major}, at_least: 1, at_most: 1},
               {count: {answer: minor}, at_most: 10}]
      - {grade: uncertified}
    """


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("at_least: 6", "at_least: 7", ["H097"]),
        ("at_least: 6", "at_least: 5", []),  # the first that holds is given
        ("at_most: 16", "at_most: 10", ["H032"]),
        ("at_least: 1, at_most: 1", "at_least: 2, at_most: 2", ["H097"] * 2),
    ],
)
def test_a_cell_of_a_table_that_was_left_out_is_told(
    old: str, new: str, expected: list[str]
) -> None:
    assert codes(CELLS.replace(old, new, 1)) == expected


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ("{grade: A, at_least: 75, at_most: 100}, {grade: B, at_least: 60, at_most: 74}", "H097"),
        ("{grade: A, at_least: 75, at_most: 100}, {grade: B, at_least: 60, below: 75}", ""),
        ("{grade: A, at_least: 75}, {grade: B, at_least: 60}", ""),
        ("{grade: A, at_least: 40, at_most: 60}", ""),  # the middle is best
        ("{grade: A, at_least: 40, at_most: 60}, {grade: C, at_most: 10}", ""),  # C beside C
    ],
)
def test_a_score_between_two_grades_does_not_sink_to_the_worst(grades: str, expected: str) -> None:
    scheme = f"{WORDS}{PERCENT}grades: [{grades}, {{grade: C}}]\n"
    assert codes(scheme) == [*filter(None, [expected])]
    assert codes(scheme + "round: {to: 1}") == []  # of whole numbers none is left out


def test_bounds_from_two_sides_that_do_not_meet_are_told() -> None:
    grades = "grades: [{grade: A, at_least: 75}, {grade: B, at_most: 74}, {grade: C}]\n"
    assert codes(WORDS + PERCENT + grades) == ["H097"]
    assert codes(WORDS + PERCENT + grades.replace("at_most: 74", "below: 75")) == ["H032"]


def test_a_result_without_a_grade_is_shown() -> None:
    lost = BRCGS.replace("      - grade: uncertified\n", "")
    (problem,) = lint(lost)
    case = problem.values["case"]
    assert "answer=major: " in case
    assert "answer=critical: " in case


COUNTS = "{count: {severity: minor}, %s}"


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        (("at_least: 0, at_most: 5", "at_least: 6, at_most: 10", ""), []),
        (("at_least: 0, at_most: 5", "at_least: 5, at_most: 10", ""), ["H064"]),
        (("at_least: 0, at_most: 5", "at_least: 7, at_most: 10", "at_least: 11"), ["H059"]),
        (("at_least: 0, at_most: 5", "at_least: 6, at_most: 10", "at_least: 11"), []),
        (("at_most: 5", "at_most: 3", ""), ["H032"]),
        (("above: 3, below: 4", ""), ["H032"]),  # no whole number lies between
        (("above: 2, below: 4", ""), []),
    ],
)
def test_counts_leave_no_gap_and_no_overlap(grades: tuple[str, ...], expected: list[str]) -> None:
    listed = "".join(
        f"  - {{grade: G{n}{', when: [' + COUNTS % bounds + ']' if bounds else ''}}}\n"
        for n, bounds in enumerate(grades)
    )
    assert codes(f"{WORDS}grades:\n{listed}") == expected


def test_what_is_counted_more_narrowly_counts_no_more() -> None:
    both = "[{count: {severity: major}, %s}, {count: {severity: major, section: K}, %s}]"
    grades = (
        f"  - {{grade: A, when: {both % ('at_most: 0', 'at_most: 0')}}}\n"
        "  - {grade: B, when: [{count: {severity: major}, at_least: 1}]}\n"
    )
    assert codes(f"{WORDS}grades:\n{grades}") == []


PERCENT_WORDS = WORDS + PERCENT


@pytest.mark.parametrize(
    ("scheme", "sheet", "expected"),
    [
        # The highest score there is.
        (PERCENT_WORDS + "grades: [{grade: S, at_least: 110}, {grade: B}]", None, ["H057"]),
        (PERCENT_WORDS + "grades: [{grade: S, above: 100}, {grade: B}]", None, ["H057"]),
        (PERCENT_WORDS + "grades: [{grade: S, at_least: 100}, {grade: B}]", None, []),
        (WORDS + "roll_up: percent\nscale: 1\n" + AB, None, ["H057"]),
        (WORDS + "roll_up: mean\n" + AB, None, ["H057"]),  # a mean is a share of 1
        (WORDS + "roll_up: mean\nscale: 100\n" + AB, None, []),
        (PERCENT_WORDS + "ceiling: 50\n" + AB, None, ["H057"]),
        (PERCENT_WORDS + "start: 20\ngrades: [{grade: A, at_least: 120}, {grade: B}]", None, []),
        (PERCENT_WORDS + "start: 20\ngrades: [{grade: A, at_least: 121}, {grade: B}]", None,
         ["H057"]),
        (WORDS + "roll_up: all\ngrades: [{grade: A, at_least: 1}, {grade: B, at_least: 0.5},"
         " {grade: C}]", None, ["H057"]),
        (("answers: {cited: 1}\nstart: 100\ntake: away\n"
         "grades: [{grade: S, above: 100}, {grade: B}]"), None, ["H057"]),
        # Rounded up, 99.5 is 100.
        (PERCENT_WORDS + "ceiling: 99.5\nround: {to: 1}\n"
         "grades: [{grade: A, at_least: 100}, {grade: B}]", None, []),
        # What only a limit gives needs no score.
        (PERCENT_WORDS + "grades: [{grade: A, at_least: 60}, {grade: F, below: 0}, {grade: E}]\n"
         "limits: [{any: answer, is: no, grade: F}]", None, []),
        # Points of the items.
        (WORDS + AB, items("points: 60"), []),
        (WORDS + AB, items("points: 30", "points: 29"), ["H057"]),
        (WORDS + AB, items("points: 30, weight: 2"), []),
        (WORDS + "several: sum\n" + AB, items("points: 30"), []),  # said so: they add up
        (WORDS + "several: worst\n" + AB, items("points: 30"), ["H057"]),
        (WORDS + AB, items("points_since: [{date: 2020-01-01, points: 60},"
         " {date: 2026-01-01, points: 30}]"), []),
        (("answers: {cited: 1}\ngrades: [{grade: A, at_most: 5}, {grade: B, at_most: 80},"
         " {grade: C, above: 80}]"), items("points: 5"), []),  # may be cited again
        (("answers: {cited: 1}\nseveral: once\n"
         "grades: [{grade: A, at_most: 5}, {grade: B, at_most: 80}, {grade: C, above: 80}]"),
         items("points: 5"), ["H057", "H057"]),
        (("answers: {cited: 1}\npoints_by: {label: risk, table: {low: 2, high: 90}}\n"
          "several: once\n"
          "grades: [{grade: A, at_most: 5}, {grade: B, at_most: 80}, {grade: C, above: 80}]"),
         items("risk: low", top="labels: {risk: [low, high]}"), []),  # an answer may say high
        (WORDS + "roll_up: count\ngrades: [{grade: A, at_least: 3}, {grade: B}]",
         items("", "points: 9"), ["H057"]),
        ("answers: number\nseveral: once\ngrades: [{grade: A, at_least: 11}, {grade: B}]",
         items("values: [0, 5]", "values: [0, 5]"), ["H057"]),
        ("answers: number\ngrades: [{grade: A, at_least: 11}, {grade: B}]",
         items("points: 5, values: [0, 5]", "points: 5, values: [0, 5]"), ["H057"]),
        ("answers: number\ngrades: [{grade: A, at_least: 11}, {grade: B}]", items(""), []),
    ],
)  # fmt: skip
def test_a_grade_out_of_reach_is_told(scheme: str, sheet: str | None, expected: list[str]) -> None:
    assert codes(scheme, *([sheet] if sheet else [])) == expected


def test_points_lowered_in_one_checklist_put_the_best_grade_out_of_its_reach() -> None:
    scheme = WORDS + "grades: [{grade: A, at_least: 90}, {grade: B, at_least: 40}, {grade: C}]"
    whole, half = items("points: 50", "points: 50"), items("points: 25", "points: 25")
    assert codes(scheme, whole, whole) == []
    (problem,) = lint(scheme, whole, half)
    assert (problem.code, problem.place.path, problem.values["span"]) == (
        "H058",
        "c1.yaml",
        "0 … 50",
    )
    assert codes(WORDS + PERCENT + AB, half) == []


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("points: 10, values: [0, 5, 10]", []),
        ("points: 5, values: [0, 5, 10]", ["H066"]),
        ("values: [0, 5, 10]", []),
        # 10 of 5 points would be 200 %.
        (("values: [0, 5, 10], points_since: [{date: 2020-01-01, points: 10},"
         " {date: 2026-10-01, points: 5}]"), ["H066"]),
        (("values: [0, 5], points_since: [{date: 2020-01-01, points: 10},"
         " {date: 2026-10-01, points: 5}]"), []),
    ],
)  # fmt: skip
def test_points_that_were_lowered_leave_no_larger_answers(item: str, expected: list[str]) -> None:
    assert codes("answers: number\nroll_up: sum", items(item)) == expected


@pytest.mark.parametrize(
    "word", ["na", "NA", "N/A", "n.a.", "not applicable", "not_applicable", "不适用", "不涉及"]
)
def test_not_applicable_is_no_number(word: str) -> None:
    assert codes(f"answers: {{yes: 1, no: 0, '{word}': 0}}") == ["H065"]
    assert codes(f"answers: {{yes: 1, no: 0, '{word}': 1}}") == ["H065"]
    assert codes(f"answers: {{B: {{yes: 1, no: 0, '{word}': 0}}, R: rate}}") == ["H065"]
    assert codes(f"answers: {{yes: 1, no: 0, '{word}': skip}}") == []
    # Whoever means it says so.
    assert codes(f"answers: {{na-passes: {{yes: 1, no: 0, '{word}': 1}}, R: rate}}") == []
    assert codes(f"answers: {{national: {{yes: 1, no: 0, '{word}': 1}}, R: rate}}") == ["H065"]


def test_the_words_of_tables_for_not_applicable_are_known() -> None:
    told = [word for word, meaning in habits().words.items() if meaning == "na"]
    assert told
    assert all(map(reckoning.not_applicable, told))
    assert not any(map(reckoning.not_applicable, ("no", "nap", "适用", "10", "n.e.")))


LABELS = "labels: {risk: [low, high], step: [S1, S2]}"
RISKY = items("risk: low, severity: major", "risk: high", top=LABELS)


@pytest.mark.parametrize(
    ("scheme", "sheet", "expected"),
    [
        # Labels that do not exist, wherever a scheme goes by them.
        ("limits: [{any: items, is: no, grade: B}]", None, ["H035"]),
        ("limits: [{any: Answer, is: no, grade: B}]", None, ["H035"]),
        ("limits: [{any: items, below: 1, grade: B}]", RISKY, ["H035"]),
        ("limits: [{any: steps, below: 1, grade: B}]", RISKY, ["H035"]),
        ("limits: [{any: step, below: 1, grade: B}]", RISKY, []),
        ("limits: [{any: element, below: 1, grade: B}]", None, []),  # some checklist may have it
        ("limits: [{any: answer, where: {rsik: high}, is: no, grade: B}]", RISKY, ["H035"]),
        ("coverage: {at_least: 0.5, of: steps, else: incomplete}", RISKY, ["H035"]),
        ("coverage: {at_least: 0.5, of: [step, rsik], else: incomplete}", RISKY, ["H035"]),
        ("coverage: {at_least: 0.5, of: [section, step], else: incomplete}", RISKY, []),
        ("coverage: {at_least: 0.5, of: items, else: incomplete}", None, ["H035"]),
        ("adjust: [{count: {rsik: high}, points: -5}]", RISKY, ["H035"]),
        ("adjust: [{count: {risk: hihg}, points: -5}]", RISKY, ["H048"]),
        ("adjust: [{count: {severity: fatal}, points: -5}]", RISKY, ["H048"]),
        ("adjust: [{count: {severity: critical}, points: -5}]", RISKY, ["H073"]),
        ("adjust: [{count: {answer: yse}, points: -5}]", RISKY, ["H036"]),
        ("adjust: [{count: {answer: no, risk: high}, points: -5}]", RISKY, []),
        ("points_by: {label: rsik, table: {low: 1, high: 60}}", RISKY, ["H035"]),
        ("points_by: {label: [risk, steep], table: {low: {S1: 1}, high: {S1: 9}}}", RISKY,
         ["H035"]),
    ],
)  # fmt: skip
def test_labels_are_looked_up(scheme: str, sheet: str | None, expected: list[str]) -> None:
    found = codes(WORDS + PERCENT + AB + scheme, *([sheet] if sheet else []))
    assert found == expected


def test_the_right_label_is_offered() -> None:
    (problem,) = lint(WORDS + AB + "limits: [{any: items, below: 1, grade: B}]")
    assert problem.values["choices"].split(", ")[0] == "item"
    assert (problem.place.line, problem.place.column) == (6, 16)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("any: answer, is: no, grade: A", ["H072"]),
        ("any: answer, is: no, grade: A, score_at_most: 50", []),
        ("any: answer, where: {severity: critical}, is: no, grade: B", ["H073"]),
        ("any: item, where: {risk: low, severity: major}, below: 1, grade: B", []),
        ("any: item, where: {risk: high, severity: major}, below: 1, grade: B", ["H073"]),
        # An answer may carry any value of a declared label.
        ("any: answer, where: {risk: high, severity: major}, is: no, grade: B", []),
        ("any: item, where: {step: S1}, below: 1, grade: B", ["H073"]),
        ("any: answer, where: {step: S1}, is: no, grade: B", []),
        ("any: answer, is: 0, grade: B", []),  # no answer: points
        ("any: answer, is: 3, grade: B", ["H075"]),
        ("any: item, above: 1, grade: B", ["H075"]),
        ("any: item, above: 0.99, grade: B", []),
        ("any: item, above: 0.99, round: {to: 1, mode: down}, grade: B", []),
        ("any: item, below: 0, grade: B", ["H075"]),
        ("any: item, at_most: 0, grade: B", []),
        ("any: item, at_least: 0.5, at_most: 0.4, grade: B", ["H075"]),
        ("any: answer, is: no, times: 2, grade: B", []),
        ("any: answer, is: no, times: 3, grade: B", ["H076"]),
        ("any: risk, below: 50, times: 2, grade: B", []),
        ("any: risk, below: 50, times: 3, grade: B", ["H076"]),
        ("any: risk, above: 100, grade: B", ["H075"]),
        ("any: risk, below: 0, grade: B", ["H075"]),
        ("any: risk, is: no, grade: B", ["H056"]),
        ("any: risk, below: 50, confirm: yes, grade: B", ["H093"]),
        ("any: item, below: 1, confirm: yes, grade: B", []),
        ("any: answer, is: no, score_at_most: 100", ["H077"]),
        ("any: answer, is: no, score_at_most: 99", []),
    ],
)
def test_a_limit_that_can_never_bite_is_told(limit: str, expected: list[str]) -> None:
    scheme = f"{WORDS}{PERCENT}{AB}limits: [{{{limit}}}]"
    assert codes(scheme, RISKY) == expected


def test_a_limit_that_bites_in_one_checklist_is_fine() -> None:
    scheme = WORDS + PERCENT + AB
    scheme += "limits: [{any: answer, where: {severity: critical}, is: no, grade: B}]"
    assert codes(scheme, RISKY, items("severity: critical")) == []


def test_an_answer_only_other_items_know_is_told() -> None:
    scheme = f"answers: {{W: {{yes: 1, no: 0}}, V: {{clean: skip, vetoed: skip}}}}\n{PERCENT}{AB}"
    sheet = items("scoring: W", "scoring: V")
    for which, expected in (("V", []), ("W", ["H074"])):
        limit = f"limits: [{{any: answer, where: {{scoring: {which}}}, is: vetoed, grade: B}}]"
        assert codes(scheme + limit, sheet) == expected
        count = f"adjust: [{{count: {{scoring: {which}, answer: vetoed}}, points: -9}}]"
        assert codes(scheme + count, sheet) == expected


@pytest.mark.parametrize(
    ("scheme", "sheet", "expected"),
    [
        ("floor: 1\nceiling: 1", None, []),
        ("floor: 2\nceiling: 1", None, ["H089"]),
        ("take: away", None, ["H088"]),
        ("start: 100\ntake: away", None, []),
        ("adjust: [{count: {severity: major}, points: -1, each: section}]", RISKY, ["H095"]),
        ("adjust: [{count: {severity: major}, points: -1, each: section}]", None, []),
        ("sections: [{id: K, pass_mark: 0.7}]", None, ["H090"]),
        ("sections: [{id: K, pass_mark: 70}]\ngrades: [{grade: A, at_least: 1}, {grade: B}]",
         None, ["H050"]),
        ("sections: [{id: K, weight: 0}, {id: L, weight: 0}]", None, ["H067"]),
        ("sections: [{id: K, weight: 0}, {id: L, weight: 1}]", None, []),
        ("sections: [{id: K}, {id: L, in: K, weight: 0}]", None, ["H067"]),
        ("", items("weight: 0", "weight: 0"), ["H067"]),
        ("", items("weight: 0", "weight: 1"), []),
        ("points_by: {label: risk, table: {low: 1}}", RISKY, ["H091"]),
        ("points_by: {label: risk, table: {low: 1}}",
         items("risk: low", "risk: high, points: 3", top=LABELS), []),
        ("points_by: {label: step, table: {S1: 1}}", RISKY, ["H091", "H091"][:1]),
        ("points_by: {label: [severity, risk], table: {major: {low: 1}}}",
         items("risk: low, severity: major", top=LABELS), []),
        ("points_by: {label: [severity, risk], table: {major: {low: 1}}}",
         items("risk: high, severity: major", top=LABELS), ["H091"]),
    ],
)  # fmt: skip
def test_numbers_that_shut_one_another_out_are_told(
    scheme: str, sheet: str | None, expected: list[str]
) -> None:
    assert codes(WORDS + scheme, *([sheet] if sheet else [])) == expected


TWO = "sections: [{id: K, title: K}, {id: L, title: L}]"
PARTED = items("section: K, points: 5", "section: L, points: 5", top=TWO)


def hints() -> Iterator[tuple[str, str | None, list[str]]]:
    """List schemes in which something has no effect."""
    mean, words = "roll_up: mean\n", WORDS
    yield words + "roll_up: count", items("weight: 2", ""), ["H068"]
    yield words + "roll_up: all", items("weight: 2", ""), ["H068"]
    yield words + "roll_up: percent", items("weight: 2", ""), []
    yield words + mean + "sections: [{id: K, weight: 2}, {id: L, weight: 3}]", PARTED, []
    yield words + mean + "sections: [{id: K, weight: 2}, {id: L, weight: 0}]", PARTED, ["H069"]
    count = "roll_up: count\nsections: [{id: K, weight: 2}, {id: L}]"
    yield words + count, PARTED, ["H068"]
    alone = items("section: K", "section: K", top="sections: [{id: K, title: K}]")
    yield words + mean + "sections: [{id: K, weight: 2}]", alone, ["H069"]
    yield words + "sections: [{id: K, weight: 2}]", alone, []  # a sum is twice as much
    yield words + mean + "sections: [{id: K}, {id: L}, {id: M}]", PARTED, ["H071"]
    yield words + mean + "sections: [{id: K}, {id: L, in: M}, {id: M}]", PARTED, []
    yield words + "roll_up: percent", items("points: 0, weight: 2", "points: 1"), ["H070"]
    yield words + "roll_up: percent", items("points: 3, weight: 2"), ["H069"]
    yield words + "start: 0", None, ["H096"]
    yield words + "adjust: [{count: {severity: major}, points: 0}]", None, ["H079"]
    yield words + "adjust: [{count: {severity: major}, points: 1, at_most: 0}]", None, ["H079"]
    rates = "sections: [{id: K, surcharge: {fact: repeat, rates: {once: %s}}}]"
    yield words + rates % "0", None, ["H094"]
    yield words + rates % "10 %", None, []
    table = "points_by: {label: risk, table: {low: 1, high: 2, hihg: 3}}"
    yield words + table, RISKY, ["H092"]
    yield words + table.replace(", hihg: 3", ""), RISKY, []


@pytest.mark.parametrize(("scheme", "sheet", "expected"), [*hints()])
def test_what_changes_nothing_is_a_hint(
    scheme: str, sheet: str | None, expected: list[str]
) -> None:
    sheets = [sheet] if sheet else []
    assert codes(scheme, *sheets) == []
    found = lint(scheme, *sheets, strict=True)
    assert [problem.code for problem in found] == expected
    assert all(problem.hint for problem in found)


NO = "any: answer, is: no"


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (f"{NO}, grade: C", f"{NO}, where: {{severity: major}}, grade: B", [2]),
        (f"{NO}, where: {{severity: major}}, grade: B", f"{NO}, grade: C", [1]),
        (f"{NO}, grade: B", f"{NO}, where: {{severity: major}}, grade: C", []),
        (f"{NO}, grade: B", f"{NO}, grade: B", [2]),  # the later of two
        (f"{NO}, grade: C, confirm: yes", f"{NO}, grade: B", []),  # it waits, the other does not
        (f"{NO}, grade: C", f"{NO}, grade: B, confirm: yes", [2]),
        (f"{NO}, grade: C, times: 2", f"{NO}, grade: B", []),
        (f"{NO}, grade: C", f"{NO}, grade: B, times: 2", [2]),
        ("any: item, below: 50, grade: C", "any: item, below: 40, grade: B", [2]),
        ("any: item, below: 50, grade: C", "any: item, below: 60, grade: B", []),
        ("any: item, at_most: 50, grade: C", "any: item, below: 50, grade: B", [2]),
        ("any: item, below: 50, grade: C", "any: item, at_most: 50, grade: B", []),
        ("any: item, above: 5, grade: C", "any: item, above: 10, grade: B", [2]),
        ("any: item, above: 5, grade: B", "any: item, above: 10, grade: C", []),
        ("any: item, above: 5, grade: C", "any: answer, above: 10, grade: B", []),
        (f"{NO}, grade: C", f"{NO}, score_at_most: 10", []),
        (f"{NO}, score_at_most: 10", f"{NO}, grade: C", []),
    ],
)
def test_a_limit_another_does_the_work_of_is_a_hint(
    one: str, two: str, expected: list[int]
) -> None:
    grades = "grades: [{grade: A, at_least: 90}, {grade: B, at_least: 50}, {grade: C}]\n"
    scheme = f"{WORDS}{PERCENT}{grades}limits:\n  - {{{one}}}\n  - {{{two}}}\n"
    found = lint(scheme, strict=True)
    assert [problem.place.line - 8 for problem in found] == expected
    assert {problem.code for problem in found} <= {"H078"}
