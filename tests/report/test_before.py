"""What the previous audit found at each item, beside what this one finds."""

from typing import Any

import pytest

from sopaudit.report.json import told
from sopaudit.report.page import inspection_html

Laundry = Any
"""The class in conftest.py, which tests cannot import."""


def before(laundry: Laundry) -> dict[str, tuple[str, str, str]]:
    rows = laundry.report().sheets[0].rows
    return {
        row.id: (row.before.answer, row.before.points, row.before.change)
        for row in rows
        if row.before is not None
    }


def test_every_item_has_answer_and_points_of_then(laundry: Laundry) -> None:
    assert before(laundry) == {
        "CK-IRON-A1": ("1/2 符合", "3 / 6", "better"),
        "CK-IRON-A2": ("0 次", "4 / 4", "worse"),
        "CK-IRON-B1": ("不符合", "0 / 5", "other"),
        "CK-IRON-B2": ("不符合", "0 / 3", "better"),
        "CK-IRON-B3": ("符合", "2 / 2", "worse"),
        "CK-IRON-V1": ("符合", "—", "worse"),
    }


def test_equal_shares_are_unchanged_whatever_was_counted(laundry: Laundry) -> None:
    cases = [{"id": f"E-{n}", "result": "no" if n % 2 else "yes"} for n in range(4)]
    laundry.change_answer("CK-IRON-A1", sample={"cases": cases})
    assert before(laundry)["CK-IRON-A1"] == ("1/2 符合", "3 / 6", "same")


def test_the_chapter_counts_changes_and_lists_what_is_not_the_same(laundry: Laundry) -> None:
    laundry.change_answer("CK-IRON-B3", result="yes", note="")
    previous = laundry.report().previous
    counts = {fact.label: fact.value for fact in previous.item_counts}
    assert counts == {"变好": "2", "变差": "2", "不变": "1", "不可比": "1"}
    assert "CK-IRON-B3" not in [row.item for row in previous.item_changes]
    row = next(row for row in previous.item_changes if row.item == "CK-IRON-A2")
    assert (row.answer, row.before.answer, row.before.title) == ("5 次", "0 次", "变差")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cards_and_rows_say_it_on_the_page(laundry: Laundry, lang: str) -> None:
    report = laundry.report(lang)
    card = next(c for g in report.groups for c in g.findings if c.item == "CK-IRON-A2")
    assert (card.before.answer, card.before.points) == (
        {"zh": "0 次", "en": "0 found"}[lang],
        "4 / 4",
    )
    html = inspection_html(report)
    word = {"zh": "变差", "en": "worse"}[lang]
    assert html.count(f'<strong class="worse">{word}</strong>') >= 4


def test_an_item_of_no_previous_audit_has_nothing_beside_it(laundry: Laundry) -> None:
    laundry.change_audit(follows=None)
    assert before(laundry) == {}
    assert "before" not in str(told(laundry.report())["sheets"][0]["rows"])
