"""The previous audit beside the present one: what became of each nonconformity, and the scores."""

from typing import Any

import pytest

from sopaudit.report.before.model import ComparedRow, Previous

Laundry = Any
"""The class in conftest.py, which tests cannot import."""


def previous(laundry: Laundry) -> Previous:
    told = laundry.report().previous
    assert told is not None
    return told  # type: ignore[no-any-return]


def outcomes(laundry: Laundry) -> dict[str, str]:
    return {row.item: row.outcome for row in previous(laundry).findings}


def test_every_nonconformity_of_then_has_its_outcome(laundry: Laundry) -> None:
    assert outcomes(laundry) == {
        "CK-IRON-A1": "repeated",
        "CK-IRON-B1": "not checked",
        "CK-IRON-B2": "corrected",
    }


@pytest.mark.parametrize("result", ["na", "unchecked"])
def test_what_was_not_looked_at_is_never_corrected(laundry: Laundry, result: str) -> None:
    laundry.change_answer("CK-IRON-B2", result=result, note="当天没有开收据。")
    assert outcomes(laundry)["CK-IRON-B2"] == "not checked"


def test_what_was_no_nonconformity_then_is_not_followed(laundry: Laundry) -> None:
    laundry.change_previous_answer("CK-IRON-B3", result="no", note="袋口破了。")
    assert "CK-IRON-B3" not in outcomes(laundry)


def test_a_repeat_is_marked_on_its_card_in_the_summary_and_among_the_actions(
    laundry: Laundry,
) -> None:
    told = laundry.report()
    for rows in (told.key, told.actions, [c for g in told.groups for c in g.findings]):
        assert {row.item for row in rows if row.repeated} == {"CK-IRON-A1"}
    assert told.previous.findings[0].id == "2026-05-east/CK-IRON-A1"
    assert told.previous.summary == "上次问题：已整改 1、重复出现 1、本次未检查 1"


def row(laundry: Laundry) -> ComparedRow:
    return next(row for row in previous(laundry).scores if row.title == "熨烫工检查表")


def test_scores_stand_beside_one_another_with_what_changed(laundry: Laundry) -> None:
    told = row(laundry)
    assert (told.before, told.before_grade, told.now, told.now_grade, told.difference) == (
        "45.0",
        "C",
        "53.3",
        "C",
        "+8.3",
    )
    assert told.note == ""


def test_another_edition_is_said_and_compared_with_care(laundry: Laundry) -> None:
    laundry.freeze_previous(edition="2")
    told = row(laundry)
    assert told.difference == "+8.3"
    assert "版次不同（2，现为 3）" in told.note


def test_a_checklist_of_one_audit_alone_is_not_compared(laundry: Laundry) -> None:
    laundry.freeze_previous(checklist="CK-PRESS")
    scores = {row.title: row for row in previous(laundry).scores}
    assert all(row.difference == "" and row.note for row in scores.values() if row.before == "—")
    assert set(outcomes(laundry).values()) == {"not checked"}


def test_another_kind_of_audit_is_said(laundry: Laundry) -> None:
    assert previous(laundry).notes == ("上次为大区检查，本次为飞行检查，对比仅供参考。",)
    laundry.change_audit(kind="region")
    assert previous(laundry).notes == ()


def test_without_a_previous_audit_there_is_no_chapter(laundry: Laundry) -> None:
    laundry.change_audit(follows=None)
    told = laundry.report()
    assert told.previous is None
    assert "previous" not in [chapter.id for chapter in told.chapters]
