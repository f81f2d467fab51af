"""What was not looked at is said: in the score, on the first page, beside the checklist."""

from typing import Any

import pytest

from sopaudit.report.page import inspection_html

Laundry = Any
"""The class in conftest.py, which tests cannot import."""


def share(laundry: Laundry, at_least: str) -> None:
    """Ask for so many of the items."""
    (path,) = (laundry.folder / "checklists/schemes").glob("shop.yaml")
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("coverage:")
    ]
    line = f"coverage: {{at_least: {at_least}, else: limited scope}}"
    path.write_text("\n".join([*kept, line, ""]), encoding="utf-8")


def left_out(laundry: Laundry, *items: str) -> None:
    for item in items:
        told = {"value": None, "sample": None, "result": "na", "note": "本店不做。"}
        laundry.change_answer(item, **told)


@pytest.mark.parametrize(("lang", "word"), [("zh", "范围受限"), ("en", "limited scope")])
def test_more_than_three_in_ten_not_applicable_limit_the_scope(
    laundry: Laundry, lang: str, word: str
) -> None:
    share(laundry, "70 %")
    laundry.change_answer("CK-IRON-V1", result="yes", note="")
    laundry.change_answer("CK-IRON-B1", result="yes", note="")
    left_out(laundry, "CK-IRON-B2")
    assert states(laundry) == {"scored"}
    left_out(laundry, "CK-IRON-A2")
    assert states(laundry) == {"limited scope"}
    report = laundry.report(lang)
    assert report.sheets[0].result.state == word
    assert any("70" in gap.text for gap in report.gaps)
    assert word in inspection_html(report)


def states(laundry: Laundry) -> set[str]:
    _, conclusion = laundry.concluded()
    return {score.state for score in conclusion.scores}


@pytest.mark.parametrize(("lang", "word"), [("zh", "结果不完整"), ("en", "incomplete")])
def test_an_item_nobody_looked_at_leaves_the_result_incomplete(
    laundry: Laundry, lang: str, word: str
) -> None:
    laundry.change_answer("CK-IRON-V1", result="yes", note="")
    assert states(laundry) == {"incomplete"}
    report = laundry.report(lang)
    assert report.sheets[0].result.state == word
    assert any("CK-IRON-B1" in gap.text for gap in report.gaps)
