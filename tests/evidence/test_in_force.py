"""Answers in tables to items that are not asked on the day of their audit."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sopaudit.criteria.field import day
from sopaudit.criteria.handbook import Handbook

if TYPE_CHECKING:
    from tests.evidence.conftest import Desk

LONG = """
    tables: [answers]
    audit: audit
    date: date
    checklist: {always: COOK}
    answers: {item: item, result: result}
"""
WIDE = """
    tables: [answers]
    audit: audit
    date: date
    checklist: {always: COOK}
    answers: {columns: {A: "0100", B: "0200"}}
"""


@pytest.fixture
def retiring(handbook: Handbook) -> Handbook:
    """Give a kitchen that asks 0200 from 2 May to 30 June."""
    span = {"effective_from": day("2026-05-02"), "effective_until": day("2026-06-30")}
    cook = handbook.checklists["COOK"]
    items = tuple(i.model_copy(update=span) if i.id == "0200" else i for i in cook.items)
    cook = cook.model_copy(update={"items": items})
    return replace(handbook, checklists={**handbook.checklists, "COOK": cook})


def test_an_answer_to_an_item_not_asked_that_day_is_told_and_left_out(
    desk: "Desk", retiring: Handbook, tmp_path: Path
) -> None:
    desk = type(desk)(tmp_path, retiring)
    days = ("2026-05-01", "2026-05-02", "2026-06-30", "2026-07-01", "")
    rows = [f"A{n},{d},{item},yes" for n, d in enumerate(days) for item in ("0100", "0200")]
    long = desk.read(LONG, answers="audit,date,item,result\n" + "\n".join(rows))
    said = [
        (frame.audits[a], frame.items[i])
        for frame in long
        for a, i in zip(frame.audit.tolist(), frame.item.tolist(), strict=True)
    ]
    kept = [audit for audit, item in said if item == "0200"]
    assert kept == ["A1", "A2", "A4"]
    assert [audit for audit, item in said if item == "0100"] == [f"A{n}" for n in range(5)]
    found = [(p.place.line, p.code) for p in long.problems if p.code == "A130"]
    assert found == [(3, "A130"), (9, "A130")]
    rows = [f"A{n},{d},yes,yes" for n, d in enumerate(days)]
    wide = desk.read(WIDE, answers="audit,date,A,B\n" + "\n".join(rows))
    assert sum(len(frame) for frame in wide) == 8
    assert [p.place.line for p in wide.problems if p.code == "A130"] == [2, 5]
