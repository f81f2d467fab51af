"""docs/whatif.md is what the terminal says today, and what it claims is recomputed by hand."""

import json
import re
import runpy
from fractions import Fraction
from pathlib import Path

from sopaudit.criteria.handbook import load_handbook
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[1]
AUDIT = ROOT / "audits/2026-10-cd/answers"

HTL = {
    "CK-HTL-A1": Fraction(1),
    "CK-HTL-B2": Fraction(8 * 2, 15),
    "CK-HTL-B3": Fraction(2),
    "CK-HTL-C1": Fraction(6, 15),
    "CK-HTL-C2": Fraction(10, 5),
    "CK-HTL-D2": Fraction(8, 12),
    "CK-HTL-D3": Fraction(8, 10),
    "CK-HTL-V2": Fraction(0),
}
"""What each item loses, of the 90 points that apply: points times failed over checked, or points
for each occurrence."""

COO = {
    "CK-COO-A1": Fraction(2),
    "CK-COO-B1": Fraction(10, 10),
    "CK-COO-B2": Fraction(15 * 3, 12),
    "CK-COO-B3": Fraction(12, 12),
    "CK-COO-B4": Fraction(6, 5),
    "CK-COO-C1": Fraction(8, 5),
    "CK-COO-C2": Fraction(10 * 2, 5),
    "CK-COO-C3": Fraction(3),
    "CK-COO-C4": Fraction(4),
    "CK-COO-D1": Fraction(6, 10),
    "CK-COO-D2": Fraction(1),
}
"""The same, of 100 points."""


def rounded(value: Fraction) -> str:
    """Round half up to one decimal."""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def post(lost: dict[str, Fraction], base: int, corrected: set[str]) -> Fraction:
    left = sum(points for item, points in lost.items() if item not in corrected)
    return (base - left) / Fraction(base) * 100


def test_the_page_is_what_the_terminal_says() -> None:
    """`make docs` writes it anew; no line is too wide, and nobody is named."""
    tool = runpy.run_path(str(ROOT / "tools/whatif.py"))
    played = tool["page"]()
    assert tool["PAGE"].read_text(encoding="utf-8") == played
    said = [part.partition("```\n")[0] for part in played.split("```console\n")[1:]]
    assert all(width(line) <= COLUMNS for part in said for line in part.splitlines())
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    people = {words for one in handbook.roster for _, words in one.name.wordings}
    assert len(people) > 10
    assert not [name for name in people if any(name in part for part in said)]


def test_every_option_of_the_page_is_recomputed() -> None:
    page = (ROOT / "docs/whatif.md").read_text(encoding="utf-8")
    options = re.findall(
        r"^(?:Option |方案)\d.*?→ ([\d.]+) ([A-E])\n((?:  CK-.*\n)+)", page, re.MULTILINE
    )
    assert len(options) == 3 + 3 + 3 + 1
    for score, grade, lines in options:
        items = set(re.findall(r"CK-\w{3}-\w\d", lines))
        brought = re.findall(r"(CK-\w{3}-\w\d) +\+?([\d.]+) ", lines)
        htl, coo = post(HTL, 90, items), post(COO, 100, items)
        whole = "CK-COO" in lines or grade == "C"
        assert score == rounded((htl + coo) / 2 if whole else htl)
        assert grade == next(
            g for g, least in (("A", 95), ("B", 90), ("C", 80)) if Fraction(score) >= least
        )
        for item, told in brought:
            lost = HTL[item] / 90 * 100 if item in HTL else COO[item]
            assert abs(Fraction(told) - lost / (2 if whole else 1)) <= Fraction(1, 200)


def test_nothing_smaller_reaches_the_grade_by_hand() -> None:
    """The dearest k items together are the most that k corrections can bring."""
    best = sorted((points / 90 * 100 for points in HTL.values()), reverse=True)
    assert (
        post(HTL, 90, set()) + best[0] < Fraction("94.95") <= post(HTL, 90, set()) + sum(best[:2])
    )
    halves = sorted([*(b / 2 for b in best), *(p / 2 for p in COO.values())], reverse=True)
    now = (post(HTL, 90, set()) + post(COO, 100, set())) / 2
    assert now + sum(halves[:7]) < Fraction("94.95") <= now + sum(halves[:8])


def test_the_losses_above_are_those_of_the_records() -> None:
    for name, lost in (("CK-HTL", HTL), ("CK-COO", COO)):
        answers = json.loads((AUDIT / f"{name}.json").read_text(encoding="utf-8"))["answers"]
        given = {answer["item"]: answer for answer in answers}
        for item in lost.keys() - {"CK-HTL-V2"}:
            cases = (given[item].get("sample") or {}).get("cases", [])
            failed = sum(
                case.get("result") == "no" or "no" in case.get("parts", {}).values()
                for case in cases
            )
            assert failed or given[item]["value"] or given[item]["result"] == "partial"
