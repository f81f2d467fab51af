"""Two authorities' rules, from YAML alone, give the results they published.

The published tables are not in this repository; where they are absent, made-up tables of the same
shape take their place, with results worked out by hand.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Final

import pandas as pd
import pytest
from tests.findings.conftest import framed

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.mapping import read_mapping
from sopaudit.evidence.tables import AnswerTables, read_tables
from sopaudit.findings.derivation import scores
from sopaudit.findings.scoring import Scorer

ROOT: Final = Path(__file__).parents[2]
PUBLISHED: Final = ROOT.parent / "shared" / "data" / "inspections"
MADE_UP: Final = ROOT / "tests" / "tables"
TABLES: Final = {
    "fhrs": ("establishments",),
    "king-county": ("inspections", "findings"),
}

published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published inspections are not on this machine"
)

DIFFERENT: Final = {
    "KC00519": ("0600",),
    "KC01054": ("0200",),
    "KC01146": ("0600",),
    "KC01504": ("2120", "2200"),
    "KC01674": ("0500", "1600", "1900", "2120"),
    "KC02076": ("0600",),
    "KC02129": ("2110",),
}
"""Inspections published as satisfactory although red items were cited, with these items."""

WITHOUT_CAP: Final = 112
"""Sheets of the food hygiene scheme that would have a better rating without its limits."""

WITHOUT_RESULT: Final = {"KC00691": "Incomplete", "KC00862": "Incomplete", "KC02135": "Complete"}


def handbook_of(authority: str) -> Handbook:
    handbook, problems = load_handbook(ROOT / "examples" / authority)
    assert handbook is not None, problems
    return handbook


def answers(authority: str, folder: Path, *, chunk_rows: int = 1000) -> AnswerTables:
    mapping, problems = read_mapping(ROOT / "examples" / authority / "mapping.yaml")
    assert mapping is not None, problems
    files = {name: folder / authority / f"{name}.csv" for name in TABLES[authority]}
    return read_tables(mapping, files, handbook_of(authority), chunk_rows=chunk_rows)


def scorer_of(authority: str) -> Scorer:
    handbook = handbook_of(authority)
    (checklist,) = handbook.checklists.values()
    return Scorer(checklist, handbook.schemes[checklist.scheme])


def scored(authority: str, folder: Path, *, chunk_rows: int = 1000) -> pd.DataFrame:
    """Score the tables of an authority; nothing in them may be unreadable."""
    tables = answers(authority, folder, chunk_rows=chunk_rows)
    table = scorer_of(authority).table(tables)
    assert not tables.problems
    return table


def listed(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def beside(table: pd.DataFrame, authority: str, key: str) -> pd.DataFrame:
    """Put scores beside what was published."""
    rows = listed(PUBLISHED / authority / f"{TABLES[authority][0]}.csv")
    return table.merge(rows, left_on="audit", right_on=key, validate="one_to_one")


@pytest.mark.parametrize("authority", TABLES)
@pytest.mark.parametrize("chunk_rows", [1, 3, 1000])
def test_made_up_tables_come_to_what_was_worked_out_by_hand(
    authority: str, chunk_rows: int
) -> None:
    table = scored(authority, MADE_UP, chunk_rows=chunk_rows)
    expected = listed(MADE_UP / authority / "expected.csv")
    pd.testing.assert_frame_equal(table[["audit", "score", "grade", "state"]], expected)


@published
def test_every_published_food_hygiene_rating_follows_from_its_scores() -> None:
    told = beside(scored("fhrs", PUBLISHED), "fhrs", "establishment_id")
    given = told[told["hygiene"] != ""]
    assert (len(told), len(given)) == (300, 244)
    assert list(given["grade"]) == list(given["published_rating"])
    assert given["state"].eq("scored").all()


SUMS: Final = (15, 20, 30, 40, 50)
WORST: Final = ((20, 0), (15, 1), (10, 2), (5, 4))
"""A single score above the first has at most the rating that follows."""


def rating(scores: tuple[int, ...]) -> str:
    """Say what the brand standard's two tables say of a sum and of its worst part."""
    by_sum = 5 - sum(sum(scores) > most for most in SUMS)
    return str(min([by_sum, *(cap for above, cap in WORST if max(scores) > above)]))


@pytest.mark.parametrize("forgotten", [False, True])
def test_all_180_sheets_have_the_rating_of_their_sum_and_their_worst_score(
    *, forgotten: bool
) -> None:
    scorer = scorer_of("fhrs")
    if forgotten:
        scorer = Scorer(scorer.checklist, scorer.scheme.model_copy(update={"limits": ()}))
    items = [item.id for item in scorer.checklist.items]
    allowed = [item.values for item in scorer.checklist.items]  # noqa: PD011 -- no frame
    sheets = {str(n): tuple(map(int, each)) for n, each in enumerate(product(*allowed))}
    rows = [
        (sheet, item, Answer(value=Fraction(score)))
        for sheet, scores_ in sheets.items()
        for item, score in zip(items, scores_, strict=True)
    ]
    table = scorer.table([framed(scorer, sheets, rows)]).set_index("audit")
    wrong = [sheet for sheet, each in sheets.items() if table.loc[sheet, "grade"] != rating(each)]
    assert len(sheets) == 180
    # Whoever forgets the cap on a single score is found out by these.
    assert len(wrong) == (WITHOUT_CAP if forgotten else 0)


@published
def test_an_establishment_without_scores_is_not_scored() -> None:
    told = beside(scored("fhrs", PUBLISHED), "fhrs", "establishment_id")
    without = told[told["hygiene"] == ""]
    assert len(without) == 56
    assert without["published_rating"].str.fullmatch(r"\d").sum() == 9
    assert without["state"].eq("not scored").all()
    assert without["score"].eq("").all()
    assert without["grade"].eq("").all()


@published
def test_every_published_king_county_score_follows_from_the_cited_items() -> None:
    told = beside(scored("king-county", PUBLISHED), "king-county", "inspection_id")
    assert len(told) == 300
    assert list(told["score"]) == list(told["published_score"])
    assert told["state"].eq("scored").all()


@published
def test_290_of_297_king_county_results_follow_and_the_seven_others_are_known() -> None:
    told = beside(scored("king-county", PUBLISHED), "king-county", "inspection_id")
    other = told[told["grade"] != told["published_result"]].set_index("audit")
    assert len(told) - len(other) == 290
    assert sorted(other.index) == sorted({**DIFFERENT, **WITHOUT_RESULT})
    for audit, word in WITHOUT_RESULT.items():
        assert other.loc[audit, "published_result"] == word
        assert (other.loc[audit, "grade"], other.loc[audit, "score"]) == ("Satisfactory", "0")
    for audit in DIFFERENT:
        assert other.loc[audit, "published_result"] == "Satisfactory"
        assert other.loc[audit, "limits"] == "red-item"


@published
def test_the_derivation_names_the_red_items_of_the_seven() -> None:
    told = {t.audit: t for t in scores(scorer_of("king-county"), answers("king-county", PUBLISHED))}
    named = {audit: told[audit].bites[0].items for audit in DIFFERENT}
    assert named == DIFFERENT
    assert {told[audit].band for audit in DIFFERENT} == {"Satisfactory"}


@published
def test_the_same_red_items_were_unsatisfactory_everywhere_else() -> None:
    told = {t.audit: t for t in scores(scorer_of("king-county"), answers("king-county", PUBLISHED))}
    red = {audit: t.bites[0].items for audit, t in told.items() if t.bites}
    results = listed(PUBLISHED / "king-county" / "inspections.csv")
    result = dict(zip(results["inspection_id"], results["published_result"], strict=True))
    for audit, columns in documented().items():
        twins = [other for other in red if red[other] == red[audit] and other not in DIFFERENT]
        assert {result[twin] for twin in twins} <= {"Unsatisfactory"}
        assert len(twins) == int(columns[-1])


def documented() -> dict[str, list[str]]:
    """Read the table of `docs/published-results.md`, by inspection."""
    page = (ROOT / "docs" / "published-results.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (KC\d+) \| (.*) \|$", page, re.MULTILINE)
    return {audit: [cell.strip() for cell in rest.split("|")] for audit, rest in rows}


def test_the_documents_name_the_seven_and_the_three() -> None:
    red: Mapping[str, tuple[str, ...]] = {
        audit: tuple(columns[2].split(", ")) for audit, columns in documented().items()
    }
    assert red == DIFFERENT
    page = (ROOT / "docs" / "published-results.md").read_text(encoding="utf-8")
    assert {*re.findall(r"KC\d+", page)} == {*DIFFERENT, *WITHOUT_RESULT}


@published
def test_the_documents_say_day_score_and_blue_items_of_the_seven() -> None:
    told = beside(scored("king-county", PUBLISHED), "king-county", "inspection_id")
    told = told.set_index("audit")
    cited = listed(PUBLISHED / "king-county" / "findings.csv")
    for audit, (day, score, red, blue, _) in documented().items():
        assert (day, score) == (told.loc[audit, "date"], told.loc[audit, "score"])
        codes = cited[cited["inspection_id"] == audit]["code"]
        assert sorted(codes) == sorted(filter(None, [*red.split(", "), *blue.split(", ")]))
