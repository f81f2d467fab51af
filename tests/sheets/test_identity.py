"""A sheet says whose it is, and is refused where that does not fit or was changed."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.sheets.counter import Desk, kitchen, opened

from sopaudit.problems import Place
from sopaudit.sheets.blank import Blank, identity, sealed
from sopaudit.sheets.identity import identity_of, refused

PLACE = Place("cook.xlsx")


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Blank:
    return Desk(opened(kitchen(tmp_path_factory.mktemp("book")))).blank


def codes(told: dict[str, Any], blank: Blank) -> list[str]:
    found, problems = identity_of(told, PLACE)
    assert (found is None) == bool(problems)
    return [p.code for p in (problems if found is None else refused(found, blank, PLACE))]


def test_a_sheet_goes_into_its_own_audit_whatever_json_did_to_it(blank: Blank) -> None:
    told = json.loads(json.dumps(identity(blank)))
    assert codes(told, blank) == []
    found, _ = identity_of(told, PLACE)
    assert found is not None
    assert found.audit == "2026-10-n1"
    assert [one.id for one in found.checklists] == ["COOK", "LIFT"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("audit", "x"), ("part", [2, 2]), ("start", "7"), ("office", "S"), ("seal", "")],
)  # fmt: skip
def test_whatever_is_changed_breaks_the_seal(key: str, value: object, blank: Blank) -> None:
    assert codes({**identity(blank), key: value}, blank) == ["F017"]


def test_what_is_no_identity_at_all_is_told_and_raises_nothing(blank: Blank) -> None:
    told: dict[str, Any] = {}
    assert codes(told, blank) == ["F017"]
    assert codes({"schema": "sopaudit.sheet/1"}, blank) == ["F017"]


@pytest.mark.parametrize(
    "told",
    [{}, {"checklists": 5}, {"checklists": [{}]}, {"checklists": [], "part": "x", "audit": ""}],
)
def test_a_seal_that_fits_nonsense_is_no_seal(told: dict[str, Any], blank: Blank) -> None:
    made = {"schema": "sopaudit.sheet/1", **told}
    assert codes({**made, "seal": sealed(made)}, blank) == ["F017"]


def test_a_sheet_of_no_audit_fits_any_that_has_its_checklist(blank: Blank) -> None:
    loose = replace(blank, audit=None, folder=None)
    assert codes(dict(identity(loose)), blank) == []
    assert codes(dict(identity(blank)), loose) == []


def test_another_edition_is_told_once_for_each_checklist(blank: Blank) -> None:
    old = replace(blank, leaves=tuple(replace(leaf, digest="sha256:0") for leaf in blank.leaves))
    assert codes(dict(identity(old)), blank) == ["F009", "F009"]
    scheme = replace(
        blank, leaves=tuple(replace(leaf, scheme_digest="x") for leaf in blank.leaves[:1])
    )
    assert codes(dict(identity(scheme)), blank) == ["F009"]
