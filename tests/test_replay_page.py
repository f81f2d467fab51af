"""docs/replay.md is what the terminal says today, and its sums are right."""

import json
import runpy
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_replays_go_as_they_are_told() -> None:
    """`make docs` writes the page anew."""
    tool = runpy.run_path(str(ROOT / "tools/replay.py"))
    played = tool["page"]()
    assert tool["PAGE"].read_text(encoding="utf-8") == played
    band, together, filed, retired, _ = (played + "\n## ").split("\n## ")[1:]
    assert "2026-10-cd CK-HTL 91.2 B → 91.2 C" in band
    assert "没有哪一项单独就会改变等级，合在一起才会。" in together
    assert "A016" in filed
    assert "audits/2026-10-cd/frozen  CK-HTL 91.2 B  CK-COO 76.9 D" in filed
    assert "1 次检查，等级不变。" in retired


def test_the_sums_worked_out_by_hand_are_those_of_the_filed_result() -> None:
    page = (ROOT / "docs/replay.md").read_text(encoding="utf-8")
    result = json.loads((ROOT / "reports/2026-10-cd.json").read_text(encoding="utf-8"))
    scores = {score["checklist"]["id"]: score for score in result["scores"]}
    assert scores["CK-HTL"]["exact"] == "2462/27"
    assert f"2462/27 = {float(Fraction(2462, 27)):.3f}…" in page
    coordinator = scores["CK-COO"]
    items = {item["item"]: Fraction(item["earned"] or 0) for item in coordinator["items"]}
    before = sum(items.values())
    assert before == Fraction(coordinator["exact"]) == Fraction("76.85")
    assert (items["CK-COO-B2"], items["CK-COO-B3"]) == (Fraction("11.25"), Fraction(11))
    second = before - Fraction("11.25") + Fraction(12 * 9, 12)
    assert second == Fraction("74.6")
    assert f"÷ 97 = {float(second / 97 * 100):.3f}…" in page
    third = second - 11 + Fraction(15 * 11, 12)
    assert third == Fraction("77.35")
    assert "(74.6 − 11 + 13.75) ÷ 100 = 77.35" in page
    assert third - before == Fraction("0.5")
