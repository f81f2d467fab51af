"""A card tells what each of several persons came to, and which part failed how often."""

import json
from pathlib import Path
from typing import Any

import pytest

from sopaudit.criteria.handbook import load_handbook
from sopaudit.report.json import result
from sopaudit.report.model import FindingCard
from sopaudit.report.proof.text import proof_text

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

CASES = [
    {"id": "E-001", "person": "11", "parts": {"fibre": "yes", "heat": "yes"}},
    {
        "id": "E-002",
        "person": "11",
        "parts": {"fibre": "no", "heat": "no"},
        "note": "silk as cotton",
    },
    {"id": "E-003", "person": "13", "parts": {"fibre": "yes", "heat": "no"}, "note": "too hot"},
    {"id": "E-004", "person": "14", "result": "unchecked"},
]


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(params=["mean", "worst", "pooled"])
def shared(request: pytest.FixtureRequest, laundry: Laundry) -> tuple[str, Laundry]:
    """Give the laundry with three pressers, and the rule that makes them one."""
    rule: str = request.param
    parts = "[{id: fibre, title: {zh: 材质, en: fibre}}, {id: heat, title: {zh: 温度, en: heat}}]"
    iron = laundry.folder / "checklists/iron.yaml"
    replaced(iron, "scoring: R, ", f"scoring: R, parts: {parts}, ")
    shop = laundry.folder / "checklists/schemes/shop.yaml"
    replaced(shop, "roll_up: percent\n", f"roll_up: percent\npersons: {rule}\n")
    more = "\n".join(
        f'  - {{id: "{n}", name: {{zh: 周{n}, en: Zhou {n}}}, posts: [IRON], office: EAST}}'
        for n in (13, 14)
    )
    replaced(laundry.folder / "sopaudit.yaml", "roster:\n", f"roster:\n{more}\n")
    # The audit before was held against the checklist as it stands in the file.
    laundry.change_audit(auditees=["11", "13", "14"], follows=None)
    laundry.change_answer("CK-IRON-A1", sample={"drawn": 4, "seed": 42, "cases": CASES})
    path = laundry.audit / "answers" / "CK-IRON.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    handbook, _ = load_handbook(laundry.folder)
    assert handbook is not None
    record["checklist"]["digest"] = handbook.digests["CK-IRON"]
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return rule, laundry


def card(laundry: Laundry, lang: str) -> FindingCard:
    report = laundry.report(lang)
    found: list[FindingCard] = [c for group in report.groups for c in group.findings]
    return next(card for card in found if card.item == "CK-IRON-A1")


TOLD = {
    "mean": ("1.5 of 6 points, 4.5 lost", "2 persons, their mean: 1.5"),
    "worst": ("0 of 6 points, 6 lost", "2 persons, the worst counts: 0"),
    "pooled": ("2 of 6 points, 4 lost", "2 persons, counted together: 2"),
}


def test_each_persons_figure_stands_beside_the_whole(shared: tuple[str, Laundry]) -> None:
    rule, laundry = shared
    told = card(laundry, "en")
    lost, together = TOLD[rule]
    assert told.verdict[-1] == lost
    assert told.why[:3] == (
        "Wang Min (11): 1 of 2 cases fail: 6 × (2 − 1) ÷ 2 = 3",
        "Zhou 13 (13): 1 of 1 cases fail: 6 × (1 − 1) ÷ 1 = 0",
        "Zhou 14 (14): not checked",
    )
    assert told.why[-1] == together
    assert card(laundry, "zh").why[2] == "周14（14）：未检查"


def test_the_parts_that_failed_are_counted(shared: tuple[str, Laundry]) -> None:
    _, laundry = shared
    assert "Parts that failed: fibre 1, heat 2." in card(laundry, "en").evidence
    assert "不符合的部分：材质 1 次、温度 2 次。" in card(laundry, "zh").evidence
    rows = [(case.id, case.person, case.answer, case.note) for case in card(laundry, "en").cases]
    assert rows == [
        ("E-002", "Wang Min", "no", "silk as cotton"),
        ("E-003", "Zhou 13", "partly", "too hot"),
    ]


def test_explain_and_the_result_tell_the_same(shared: tuple[str, Laundry]) -> None:
    rule, laundry = shared
    folder, conclusion = laundry.concluded()
    text = proof_text(laundry.explained(), "en", item="CK-IRON-A1")
    assert TOLD[rule][1] in text
    assert "Zhou 13 (13): 1 of 1" in text
    score = result(folder.handbook, conclusion, laundry.report("en"))["scores"][0]
    assert score["state"] == "incomplete"
    item = next(item for item in score["items"] if item["item"] == "CK-IRON-A1")
    assert [(p["person"], p["earned"], p["outcome"]) for p in item["persons"]] == [
        ("11", "3", "counted"),
        ("13", "0", "counted"),
        ("14", None, "unchecked"),
    ]


def test_in_short_the_same_remark_on_several_cases_is_made_once(laundry: Laundry) -> None:
    cases = [{"id": f"E-{n}", "result": "no", "note": "silk as cotton"} for n in (1, 2, 3)]
    laundry.change_audit(follows=None)
    laundry.change_answer("CK-IRON-A1", sample={"drawn": 3, "seed": 42, "cases": cases})
    assert card(laundry, "en").brief == "silk as cotton"
