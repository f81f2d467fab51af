"""A score foretold on a sheet is the one that comes out, or none is foretold."""

from datetime import date
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from tests.findings.office import book

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.sheets.blank import Wish, blank_of, checklists_of
from sopaudit.sheets.preview import Meter, preview, vetoes

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ours() -> Handbook:
    return book()


def earned(meter: Meter, given: tuple[RecordedAnswer, ...]) -> Fraction | None:
    """Do what a sheet does with one item; None where it leaves the base."""
    one = given[0]
    failed, checked = one.counts
    if one.result in ("na", "unchecked"):
        return None
    if meter.each is not None:
        times = one.value if one.value is not None else Fraction(failed or 0)
        return max(Fraction(0), meter.points - meter.each * times)
    if meter.rate and checked:
        return meter.points * Fraction(checked - (failed or 0), checked)
    share = meter.shares.get(one.result or "")
    return None if share is None else meter.points * share


def test_the_known_audit_is_foretold_to_the_last_digit(ours: Handbook) -> None:
    folder, _ = read_audit(ROOT / "audits/2026-10-cd", ours)
    assert folder is not None
    scores = {score.checklist: score for score in conclude_folder(folder).all}
    names = checklists_of(folder)
    blank = blank_of(folder.handbook, names, folder.audit.date, folder, Wish(filled=True))
    for leaf in blank.leaves:
        foretold = preview(leaf, "zh")
        assert foretold is not None
        assert foretold.percent
        got = Fraction(0)
        most = Fraction(0)
        for ask in leaf.asks:
            meter = foretold.meters[ask.item.id]
            points = earned(meter, ask.given)
            got += points or 0
            most += meter.points if points is not None else 0
        said = floor(got / most * 100 / foretold.to + Fraction(1, 2)) * foretold.to
        assert f"{float(said):.1f}" == scores[leaf.id].score
        reached = (g for g, least in foretold.grades if least is None or said >= least)
        assert next(reached) == scores[leaf.id].grade


def test_a_veto_waits_where_the_scheme_wants_a_second_person(ours: Handbook) -> None:
    [leaf] = blank_of(ours, ["CK-HTL"], book_day()).leaves
    assert [(veto.item, veto.grade, veto.waits) for veto in vetoes(leaf, "en")] == [
        ("CK-HTL-V1", "E", True), ("CK-HTL-V2", "E", True),
    ]  # fmt: skip
    tiny, _ = load_handbook(ROOT / "tests/handbooks/tiny")
    assert tiny is not None
    [leaf] = blank_of(tiny, [*tiny.checklists], book_day()).leaves
    assert {veto.waits for veto in vetoes(leaf, "en")} == {False}


@pytest.mark.parametrize("example", ["fhrs", "king-county"])
def test_of_a_foreign_scheme_nothing_is_foretold_that_is_not_sure(example: str) -> None:
    foreign, problems = load_handbook(ROOT / "examples" / example)
    assert foreign is not None, problems
    for leaf in blank_of(foreign, tuple(foreign.checklists), book_day()).leaves:
        found = preview(leaf, "en")
        assert found is None or set(found.meters) == set(leaf.by_id)


def book_day() -> date:
    return date(2026, 11, 6)
