"""The desk audits: what records say of the spare-parts specialist and of the cashier."""

from functools import cache
from typing import Final

import pytest
from tests.findings.kind_samples import ROOT, handbook

from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.testimony import FromRecords
from sopaudit.findings.conclusion import Conclusion, conclude_folder
from sopaudit.findings.from_records import MISSING, answered_from_records

ASKED: Final = {
    "CK-SPS-B1": ("PR-01", "PR-05"),
    "CK-SPS-B2": ("PR-06", "AC-37"),
    "CK-SPS-C2": ("PR-14", "PR-15", "AC-20"),
    "CK-SPS-D1": ("AC-18",),
    "CK-SPS-D2": ("PR-18", "AC-20"),
    "CK-SPS-D3": ("AC-19", "PR-19"),
    "CK-SPS-D4": ("PR-22", "PR-23"),
    "CK-SPS-V2": ("PR-15",),
    "CK-ADM-C2": ("AC-14",),
}
"""The table of domain d.6."""


@cache
def concluded(office: str) -> tuple[AuditFolder, Conclusion]:
    folder, problems = read_audit(ROOT / f"audits/2026-10-{office}-desk", handbook())
    assert folder is not None, problems
    folder, problems = answered_from_records(folder)
    assert not problems
    return folder, conclude_folder(folder)


def said(office: str, item: str) -> FromRecords:
    return concluded(office)[0].said[item.rpartition("-")[0], item].records


@pytest.mark.parametrize("item", ASKED)
@pytest.mark.parametrize("office", ["cd", "cq", "hz"])
def test_every_item_domain_names_is_answered_from_its_rules(office: str, item: str) -> None:
    told = said(office, item)
    assert {one.rule for one in told.rules} == set(ASKED[item])
    assert not told.missing
    assert not told.unheard
    # It says nothing only where more than a tenth of its cases cannot be told.
    whole = told.checked + told.unknown
    assert told.says == (told.unknown <= MISSING * whole)


@pytest.mark.parametrize("item", [item for item in ASKED if item != "CK-SPS-D4"])
def test_the_bad_office_fails_and_lines_of_the_records_prove_each_case(item: str) -> None:
    told = said("cq", item)
    assert told.failed
    assert {offence.rule for offence in told.offences} <= set(ASKED[item])
    assert all(offence.rows for offence in told.offences)


@pytest.mark.parametrize("item", ASKED)
def test_the_clean_office_fails_none(item: str) -> None:
    assert said("hz", item).failed == 0


def test_a_part_issued_without_a_ticket_is_a_veto_that_waits_and_never_one_by_itself() -> None:
    for office, waits in (("cq", True), ("hz", False)):
        folder, conclusion = concluded(office)
        score = next(s for s in conclusion.scores if s.checklist == "CK-SPS")
        veto = [bite for bite in score.bites if "CK-SPS-V2" in bite.items]
        assert [(bite.pending, bite.bit) for bite in veto] == ([(True, False)] if waits else [])
        assert (score.pending_grade is not None) is waits
        assert score.grade != score.pending_grade
        assert folder.records["CK-SPS"].channel == "records"


def test_points_are_lost_for_what_was_found_and_the_clean_office_has_all() -> None:
    for checklist in ("CK-SPS", "CK-ADM"):
        bad, clean = (
            next(s for s in concluded(office)[1].scores if s.checklist == checklist)
            for office in ("cq", "hz")
        )
        assert clean.exact == 100
        assert bad.exact is not None
        assert bad.exact < 100
