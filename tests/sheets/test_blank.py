"""What a sheet asks: of the day, in the way of the scheme, in parts that add up to the whole."""

from datetime import date
from pathlib import Path

import pytest
from tests.findings.office import book
from tests.sheets.counter import kitchen, opened

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.problems import Place
from sopaudit.sheets.blank import Blank, Wish, ask, blank_of, checklists_of, identity
from sopaudit.sheets.identity import identity_of
from sopaudit.sheets.wording import answer_title, rule

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ours() -> AuditFolder:
    folder, _ = read_audit(ROOT / "audits/2026-10-cd", book())
    assert folder is not None
    return folder


def blank(folder: AuditFolder, wish: Wish | None = None) -> Blank:
    names = checklists_of(folder)
    return blank_of(folder.handbook, names, folder.audit.date, folder, wish or Wish())


def test_an_audit_asks_the_checklists_of_its_scope(ours: AuditFolder) -> None:
    found = blank(ours)
    assert sorted(leaf.id for leaf in found.leaves) == ["CK-COO", "CK-HTL"]
    assert found.name == "2026-10-cd"
    assert [person.id for person in found.auditors] == ["9001", "9002"]
    assert [person.id for person in found.auditees] == ["1002", "1003", "1013", "1004"]
    htl = found.leaf("CK-HTL")
    assert htl is not None
    assert {"1002", "1003", "1013"} <= {person.id for person in htl.people}
    assert "1004" not in {person.id for person in htl.people}


@pytest.mark.parametrize("of", [1, 2, 3, 4, 7, 40])
def test_parts_add_up_to_the_whole_and_share_nothing(of: int, ours: AuditFolder) -> None:
    whole = [one.item.id for _, one in blank(ours).asks]
    parts = [blank(ours, Wish(part=(n, of))) for n in range(1, of + 1)]
    asked = [one.item.id for part in parts for _, one in part.asks]
    assert sorted(asked) == sorted(whole)
    if of > 1:
        assert parts[0].name == f"2026-10-cd-1of{of}"
    identities = [identity_of(identity(part), Place("x"))[0] for part in parts]
    assert [one.part for one in identities if one] == [(n, of) for n in range(1, of + 1)]


def test_what_is_answered_stands_in_a_sheet_only_where_that_is_wished(ours: AuditFolder) -> None:
    assert all(one.given == () for _, one in blank(ours).asks)
    filled = blank(ours, Wish(filled=True))
    assert all(one.given for _, one in filled.asks)


def test_a_sheet_tells_what_the_audit_before_found(ours: AuditFolder) -> None:
    before = [one.before for _, one in blank(ours).asks if one.before is not None]
    assert before
    assert {one.audit for one in before} == {"2026-07-cd"}
    assert any(one.finding is not None for one in before)
    assert any(one.finding is None for one in before)


def test_an_item_is_asked_in_the_way_of_its_scoring(tmp_path: Path) -> None:
    folder = opened(kitchen(tmp_path))
    book = folder.handbook
    found = blank_of(book, ("COOK", "LIFT"), date(2026, 11, 6), folder)
    ways = {one.item.id: one.way for _, one in found.asks}
    assert ways == {
        "0100": "word", "0200": "word", "0300": "cases",
        "0400": "occurrences", "SPEED": "points", "LOAD": "points",
    }  # fmt: skip
    words = {one.item.id: one.words for _, one in found.asks}
    assert "na" in words["0100"]
    assert "na" not in words["0200"]
    assert [one.item.id for one in found.leaves[0].grid] == ["0300"]


def test_a_veto_that_waits_for_a_second_person_asks_for_one(ours: AuditFolder) -> None:
    found = {ask.item.id for _, ask in blank(ours).asks if ask.witness}
    assert found == {ask.item.id for _, ask in blank(ours).asks if ask.item.scoring == "V"}
    assert found


def test_a_blank_of_no_audit_is_called_after_its_checklists(tmp_path: Path) -> None:
    found = blank_of(opened(kitchen(tmp_path)).handbook, ("COOK", "LIFT"), date(2026, 11, 6))
    assert (found.audit, found.tickets, found.auditors) == (None, (), ())
    assert found.name == "COOK_LIFT"
    assert identity(found)["audit"] == ""


@pytest.mark.parametrize("example", ["fhrs", "king-county"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_foreign_scheme_is_asked_and_told_as_well(example: str, lang: str) -> None:
    foreign, problems = load_handbook(ROOT / "examples" / example)
    assert foreign is not None, problems
    found = blank_of(foreign, tuple(foreign.checklists), date(2026, 11, 6))
    for leaf, one in found.asks:
        assert one == ask(leaf.scheme, one.item, found.day)
        assert rule(one, leaf, lang).strip()
        assert "{" not in rule(one, leaf, lang)
        assert all(answer_title(word, lang) for word in one.words)
