"""The worked cases of the scheme packs, each by its name: `pytest -k schemes` lists them all.

Every case is scored alone with its derivation, in one table with the other cases of its sheet and
rows shuffled, and with its rows dealt over several frames. All three must say what is expected.
Schemes that no pack has stand in `tests/cases` (`test_schemes_as_words`).
"""

import re
from pathlib import Path
from random import Random
from typing import Final

import pandas as pd
import pytest

from sopaudit.criteria.edition import editions, ruling, state
from sopaudit.criteria.field import number
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.worked import Expected, WorkedCase, WorkedSheet
from sopaudit.findings.derivation import score, scores
from sopaudit.findings.worked import Row, differences, frame_of, outcomes, rows_of, scorer_of
from sopaudit.problems import catalogue
from sopaudit.reading.events import read
from sopaudit.reading.past import Earlier
from sopaudit.reading.shape import validated

ROOT: Final = Path(__file__).parents[2]
PACKS: Final = sorted((ROOT / "checklists/schemes").glob("*.yaml"))
CASES: Final = sorted((ROOT / "tests/cases").glob("*.yaml"))


def taken(path: Path) -> Scheme:
    scheme, problems = validated(read(path), Scheme)
    assert scheme is not None, problems
    return scheme


SCHEMES: Final = {scheme.id: scheme for scheme in map(taken, PACKS)}
SHEETS: Final = [(scheme, sheet) for scheme in SCHEMES.values() for sheet in scheme.worked]

each_case = pytest.mark.parametrize(
    ("scheme", "sheet", "case"),
    [
        pytest.param(scheme, sheet, case, id=f"{case.id} {scheme.id}")
        for scheme, sheet in SHEETS
        for case in sheet.cases
    ],
)
each_sheet = pytest.mark.parametrize(
    ("scheme", "sheet"),
    [
        pytest.param(scheme, sheet, id=f"{sheet.cases[0].id} to {sheet.cases[-1].id} {scheme.id}")
        for scheme, sheet in SHEETS
    ],
)


@each_case
def test_a_case_alone_comes_to_what_is_expected(
    scheme: Scheme, sheet: WorkedSheet, case: WorkedCase
) -> None:
    frame = frame_of(scheme, sheet, [case], rows_of(scheme, sheet, [case]))
    told = score(scorer_of(scheme, sheet), [frame], case.id)
    assert list(differences(case.expect, told)) == []


def table_agrees(table: pd.DataFrame, sheet: WorkedSheet) -> None:
    """Hold a table of scores against all that is expected of its rows."""
    assert sorted(table["audit"]) == sorted(case.id for case in sheet.cases)
    rows = {row["audit"]: row for row in table.to_dict("records")}
    for case in sheet.cases:
        row = rows[case.id]
        for name in ("score", "possible", "percent"):
            wanted = getattr(case.expect, name)
            assert wanted is None or number(row[name]) == wanted, (case.id, name)
        assert case.expect.grade in (None, row["grade"]), case.id
        assert row["state"] == case.expect.state, case.id
        assert row["limits"] == ";".join(case.expect.limits), case.id


@each_sheet
def test_a_shuffled_table_of_all_cases_says_the_same(scheme: Scheme, sheet: WorkedSheet) -> None:
    scorer, rows = scorer_of(scheme, sheet), rows_of(scheme, sheet, sheet.cases)
    for seed in range(2):
        shuffled = Random(seed).sample(rows, len(rows))  # noqa: S311 -- a shuffle
        table_agrees(scorer.table([frame_of(scheme, sheet, sheet.cases, shuffled)]), sheet)


@each_sheet
def test_rows_dealt_over_several_frames_say_the_same(scheme: Scheme, sheet: WorkedSheet) -> None:
    scorer, rows = scorer_of(scheme, sheet), rows_of(scheme, sheet, sheet.cases)
    hands: list[list[Row]] = [rows[start::3] for start in range(3)]
    frames = [frame_of(scheme, sheet, sheet.cases, hand) for hand in hands]
    table_agrees(scorer.table(frames), sheet)
    expected = {case.id: case.expect for case in sheet.cases}
    for told in scores(scorer, frames):
        assert list(differences(expected[told.audit], told)) == [], told.audit


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("RB-1", "H030", {"A, at_least: 75, at_most: 100", "B, at_least: 0, at_most: 74"}),
        ("RB-2", "H031", {"A, at_least: 90, at_most: 100", "B, at_least: 80, at_most: 90"}),
    ],
    ids=["RB-1", "RB-2"],
)
def test_bands_that_leave_a_gap_or_overlap_are_told(name: str, code: str, words: set[str]) -> None:
    """The gallery holds these samples to the program; here they are the bands of the case."""
    sample = (ROOT / f"tests/errors/{code}/checklists/schemes/stars.yaml").read_text("utf-8")
    told = (ROOT / f"tests/errors/{code}/expected.en.txt").read_text("utf-8")
    assert words <= set(re.findall(r"grade: ([^}]+)}", sample))
    assert {"RB-1": "74.5 falls between", "RB-2": "a score of 90 belongs to both"}[name] in told
    assert code in catalogue()


NUMBERED: Final = {"PW": 5, "NA": 5, "V": 8, "PA": 4, "BR": 19, "SQ": 3, "AF": 3, "SH": 2, "S5": 2}
SINGLE: Final = "WM-1 SEC-1 SEC-3 SEC-4 SEC-5 GB-1 GB-2 GB-4 XC-1 ST-17 B-1 H-1 Dn-1 R-1"


def test_every_number_that_was_worked_out_is_a_case() -> None:
    """Spare-part counts (SP) and statistics (ST) are held where they are reckoned."""
    wanted = {f"{name}-{n}" for name, last in NUMBERED.items() for n in range(1, last + 1)}
    wanted |= set(SINGLE.split())
    named = {case.id for _, sheet in SHEETS for case in sheet.cases}
    named |= {read(path).data["source"] for path in CASES}
    assert wanted <= {re.sub(r"(?<=\d)[a-z]$", "", name) for name in named}


def test_the_four_models_of_xccdf_are_told_apart_by_one_case() -> None:
    models = ("default", "flat", "flat-unweighted", "absolute")
    told = {
        model: [o.score.score for o in outcomes(scheme, scheme.worked[0])]
        for model in models
        for scheme in [SCHEMES[f"xccdf-{model}"]]
    }
    assert told == {"default": ["75"], "flat": ["5"], "flat-unweighted": ["4"], "absolute": ["0"]}


def test_each_pack_says_what_it_is_for_in_both_languages_where_it_comes_from_and_proves_it() -> (
    None
):
    for scheme in SCHEMES.values():
        if scheme.id == "branch":  # what it scores are scores; it has no sheet of its own
            continue
        assert scheme.explanation is not None, scheme.id
        assert scheme.source, scheme.id
        assert set(scheme.explanation.languages) == {"zh", "en"}
        assert set(scheme.title.languages) == {"zh", "en"}
        assert scheme.worked, scheme.id


NOTICE: Final = {"zh": "参照，非认证结果", "en": "for reference, no certification"}


def test_no_star_is_printed_without_saying_that_it_is_no_certificate() -> None:
    """The remark is part of the grade itself, so nothing can print the one without the other."""
    scheme = SCHEMES["gbt27922-style"]
    assert len(scheme.grades) == 5
    for band in scheme.grades:
        assert NOTICE["zh"] in band.grade
        assert band.title is not None
        assert all(words in band.title.to(lang) for lang, words in NOTICE.items())
    assert all(words in scheme.title.to(lang) for lang, words in NOTICE.items())


@pytest.mark.parametrize("authority", ["fhrs", "king-county"])
def test_an_example_has_the_very_pack(authority: str) -> None:
    """A handbook is whole in its folder, and Windows has no links; so there are two equal files."""
    pack = ROOT / f"checklists/schemes/{authority}.yaml"
    example = ROOT / f"examples/{authority}/checklists/schemes/{authority}.yaml"
    assert example.read_bytes() == pack.read_bytes()


def test_a_case_that_expects_something_else_is_found_out() -> None:
    """Every key of `expect` is looked at: none can be wrong and pass."""
    scheme = SCHEMES["post"]
    case = {case.id: case for sheet in scheme.worked for case in sheet.cases}["V-3"]
    sheet = next(sheet for sheet in scheme.worked if case in sheet.cases)
    (told,) = [o.score for o in outcomes(scheme, sheet) if o.case == case]
    wrong = {
        "score": 97, "exact": 97, "possible": 99, "percent": 97, "band": "B", "grade": "B",
        "pending_grade": "D", "state": "scored", "limits": [], "earned": {"work": "97"},
    }  # fmt: skip
    assert set(wrong) == set(Expected.model_fields)
    right = case.expect.model_dump(exclude_unset=True)
    for key, value in wrong.items():
        other = Expected.model_validate({**right, key: value})
        assert [d.key.split()[0] for d in differences(other, told)] == [key]


def test_the_audit_s_date_chooses_the_edition_of_a_scheme() -> None:
    """By the checklist's edition that ruled on the day, which names its scheme.

    `check` sees to it that both hold on the same days (H173, H174).
    """
    head = "id: CK\ntitle: t\nitems: [{id: clauses, question: q}]\n"
    old = head + 'edition: "1"\nscheme: sqf-style-8.1\neffective_until: 2021-05-23\n'
    new = head + 'edition: "2"\nscheme: sqf-style-9\neffective_from: 2021-05-24\n'
    kept = {"checklists/ck.yaml": new.encode()}
    known = editions(kept, [Earlier("checklists/ck.yaml", old.encode(), "git 1234567")])
    told = {}
    for scheme in (SCHEMES["sqf-style-8.1"], SCHEMES["sqf-style-9"]):
        for outcome in outcomes(scheme, scheme.worked[0]):
            assert outcome.case.date is not None
            (ruled,) = ruling(known, outcome.case.date)
            assert ruled.scheme == scheme.id
            assert state(scheme.effective_from, scheme.effective_until, outcome.case.date) == (
                "in force"
            )
            told[outcome.case.id, scheme.id] = outcome.score.score, outcome.score.grade
    assert told["SQ-2", "sqf-style-8.1"] == ("80", "C")
    assert told["SQ-2", "sqf-style-9"] == ("90", "G")
