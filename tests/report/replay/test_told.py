"""A replay in words: what a manager reads must agree with the numbers beside it."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.scheme import Scheme
from sopaudit.criteria.section import Round
from sopaudit.evidence.audit import read_audit
from sopaudit.findings.replay import replay
from sopaudit.report.replay.told import RowBlock, told

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def book() -> Handbook:
    handbook, problems = load_handbook(ROOT)
    assert handbook is not None, problems
    return handbook


def rows(book: Handbook, proposed: Handbook) -> dict[str, RowBlock]:
    folder = read_audit(ROOT / "audits/2026-10-cd", book)[0]
    assert folder is not None
    (audit,) = told([replay(folder, book, proposed)], book, proposed, "en").audits
    return {row.checklist: row for row in audit.rows}


def test_a_score_that_is_only_rounded_otherwise_is_not_said_to_stay(book: Handbook) -> None:
    """76.9 becomes 76; together with a band that moves, neither adds up to anything."""
    held = book.schemes["post"]
    words = {key: getattr(held, key) for key in Scheme.model_fields}
    words["round"] = Round.model_construct(to=Fraction(1), mode="down")
    words["grades"] = tuple(
        band.model_copy(update={"at_least": Fraction(75)}) if band.grade == "C" else band
        for band in held.grades
    )
    schemes = {**book.schemes, "post": Scheme.model_construct(**words)}
    row = rows(book, replace(book, schemes=schemes))["CK-COO"]
    assert (row.old, row.new) == ("76.9 D", "76 C")
    assert [(cause.step, cause.after) for cause in row.causes] == [
        ("score before rounding stays", "76 D"),
        ("score stays", "76 C"),
    ]
    assert row.note == ""


def test_a_checklist_that_is_gone_does_not_list_its_answers(book: Handbook) -> None:
    checklists = {name: one for name, one in book.checklists.items() if name != "CK-COO"}
    branch = book.branches["CK-BRANCH"]
    of = tuple(part for part in branch.of if part.checklist != "CK-COO")
    branches = {**book.branches, "CK-BRANCH": branch.model_copy(update={"of": of})}
    found = rows(book, replace(book, checklists=checklists, branches=branches))
    assert (found["CK-COO"].moved, found["CK-COO"].missing) == ("gone", ())
    assert found["CK-BRANCH"].new == "91.2 B (limited scope)"
