"""A difference in the words a manager uses, as text, data and page."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sopaudit.criteria.change.difference import difference, read_files
from sopaudit.criteria.change.model import Difference
from sopaudit.press.words import catalogue
from sopaudit.reading.copy import copy
from sopaudit.report.change.json import difference_json
from sopaudit.report.change.page import difference_html
from sopaudit.report.change.text import difference_text
from sopaudit.report.change.told import told
from sopaudit.terminal import COLUMNS, width

HERE = Path(__file__).parents[2]
TINY = HERE / "handbooks" / "tiny"
GOLDEN = HERE / "golden" / "change"
POST, CHECKLIST = "sops/posts/mec.yaml", "checklists/mec.yaml"
Golden = Callable[[Path, str], None]

TABLE = """id: prices
edition: "2026.1"
title: {zh: 价目表, en: Prices}
key: [part]
columns:
  - {id: part, title: {zh: 配件, en: Part}}
  - {id: price, title: {zh: 单价, en: Price}}
rows:
  - {part: A, price: 10}
  - {part: B, price: 20}
"""
FLOW = """id: F1
edition: "2026.1"
title: {zh: 维修, en: Repair}
lanes: [{id: MEC, post: MEC}]
nodes:
  - {id: F1.1, kind: start, lane: MEC, title: 来店, standards: [MEC-01], next: F1.2}
  - {id: F1.2, lane: MEC, title: 修车, within: 30 min, next: F1.3}
  - {id: F1.3, kind: end, lane: MEC, title: 取车}
"""
EDITS = {
    POST: [
        ('"2026.1"', '"2026.2"'),
        (
            "The brakes are checked before the test ride",
            "The brakes are tested twice before the ride",
        ),
        ("厚度不足 1 毫米", "厚度不足 2 毫米"),
        ("checks: [AC-01]\n", "checks: [AC-01, AC-02]\n"),
    ],
    CHECKLIST: [
        ("points: 3,", "points: 2,"),
        ("id: CK-MEC-B1", "id: CK-MEC-C1"),
        (
            "items:\n",
            "items:\n  - {id: CK-MEC-A0, section: A, question: {zh: 新的, en: New}, points: 1}\n",
        ),
    ],
    "sops/tables/prices.yaml": [("price: 10", "price: 12"), ("  - {part: B, price: 20}\n", "")],
    "sops/workflows/f1.yaml": [("30 min", "20 min"), ("title: 来店", "title: 来店登记")],
    "checklists/schemes/whole.yaml": [('"2026.1"', '"2026.2"')],
}


@pytest.fixture(scope="module")
def found() -> Difference:
    """Compare the tiny handbook with one in which something of everything changed."""
    old = dict(copy(str(TINY), TINY).files)
    old |= {"sops/tables/prices.yaml": TABLE.encode(), "sops/workflows/f1.yaml": FLOW.encode()}
    new = dict(old)
    for name, pairs in EDITS.items():
        text = new[name].decode()
        for before, after in pairs:
            assert before in text, before
            text = text.replace(before, after, 1)
        new[name] = text.encode()
    del new["sops/rules.yaml"]
    return difference(read_files(old, ""), read_files(new, ""))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_speaks_as_a_manager_does(found: Difference, lang: str, golden: Golden) -> None:
    text = difference_text(told(found, "old", "new", lang), lang)
    golden(GOLDEN / f"{lang}.expected.txt", text)
    assert all(width(line) <= COLUMNS for line in text.splitlines())
    assert all(line == line.rstrip() for line in text.splitlines())


def test_points_that_changed_are_said_in_one_line(found: Difference) -> None:
    zh = difference_text(told(found, "old", "new", "zh"), "zh").splitlines()
    en = difference_text(told(found, "old", "new", "en"), "en").splitlines()
    assert "  CK-MEC-A2：分值 3 → 2" in zh
    assert "  CK-MEC-A2: points 3 → 2" in en


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_marks_what_was_taken_out_and_put_in(found: Difference, lang: str) -> None:
    html = difference_html(told(found, "old", "new", lang), lang)
    assert "厚度不足 <del>1 </del><ins>2 </ins>毫米" in html
    assert html.count("<del>") >= 2
    assert "://" not in html


def test_nothing_changed_is_said() -> None:
    files = read_files(copy(str(TINY), TINY).files, "")
    text = difference_text(told(difference(files, files), "a", "b", "en"), "en")
    assert text == "What changed  a → b\nNothing changed.\n"


def test_the_data_hold_values_as_they_were_typed(found: Difference) -> None:
    data = json.loads(difference_json(found, "old", "new"))
    assert (data["schema"], data["old"], data["new"]) == ("sopaudit.diff/1", "old", "new")
    files = {file["file"]: file for file in data["files"]}
    assert files["checklists/schemes/whole.yaml"]["remark"] == "only_edition"
    assert files["sops/rules.yaml"]["change"] == "retired"
    items = {change["id"]: change for change in files[CHECKLIST]["changes"]}
    assert items["CK-MEC-A2"]["values"] == [
        {"path": ["points"], "language": None, "old": "3", "new": "2"}
    ]
    assert items["CK-MEC-C1"]["was"] == "CK-MEC-B1"
    assert items["CK-MEC-A0"]["change"] == "added"
    assert [s["item"] for s in data["suspects"]] == ["CK-MEC-A1", "CK-MEC-A2"]


def test_every_word_is_there_in_both_languages() -> None:
    said = catalogue("change")
    assert all(set(entry) == {"zh", "en"} for part in said.values() for entry in part.values())


def test_whatever_value_changes_stands_in_the_text() -> None:
    """The other one of any single value of this handbook is read in what the terminal shows."""
    documents = read_files(copy(str(TINY), TINY).files, "")
    missing = []
    for name, file in documents.items():
        for old in sorted(set(re.findall(r": ([^\s{}\[\],\"]+)", file.text))):
            raw = re.sub(rf": {re.escape(old)}(?=[\s,}}\]])", ": 另值", file.text, count=1)
            new = read_files({name: raw.encode()}, "")
            seen = difference({name: file}, new)
            for lang in ("zh", "en"):
                text = difference_text(told(seen, "a", "b", lang), lang)
                if new[name].digest != file.digest and "另值" not in text:
                    missing.append((name, old, lang))
    assert missing == []
