"""Proofs told in a terminal and as data."""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from sopaudit.findings.proof import STEPS
from sopaudit.press.words import catalogue
from sopaudit.problems import LANGUAGES
from sopaudit.report.proof.json import proof_json
from sopaudit.report.proof.text import proof_text
from sopaudit.report.proof.tree import PLAIN
from sopaudit.terminal import COLUMNS, width

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

GOLDEN = Path(__file__).parents[1] / "golden" / "proof"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tree_of_a_score(
    laundry: Laundry, lang: str, golden: Callable[[Path, str], None]
) -> None:
    golden(GOLDEN / f"laundry.{lang}.expected.txt", proof_text(laundry.explained(), lang) + "\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("item", [None, "CK-IRON", "CK-IRON-A1", "CK-SHOP"])
def test_no_line_is_wider_than_the_terminal(laundry: Laundry, lang: str, item: str | None) -> None:
    lines = proof_text(laundry.explained(), lang, item=item, every=True).splitlines()
    assert max(map(width, lines)) <= COLUMNS
    assert all(line == line.rstrip() for line in lines)


def test_a_console_without_lines_gets_others(laundry: Laundry) -> None:
    plain = proof_text(laundry.explained(), "en", signs=PLAIN)
    drawn = proof_text(laundry.explained(), "en")
    assert not set("├└│─") & set(plain)
    assert len(plain.splitlines()) == len(drawn.splitlines())


def test_full_items_are_folded_unless_all_are_asked_for(laundry: Laundry) -> None:
    told = laundry.explained()
    folded, every = proof_text(told, "zh"), proof_text(told, "zh", every=True)
    full = [item.item for item in told.scores[0].items if item.outcome == "counted"]
    assert all(item in every for item in full)
    assert "--all" in folded
    assert "--all" not in every
    assert len(every.splitlines()) > len(folded.splitlines())


def test_one_item_alone(laundry: Laundry) -> None:
    text = proof_text(laundry.explained(), "zh", item="CK-IRON-A1")
    assert "是否查看水洗标？" in text
    assert "3 个样本中 1 个不符合" in text
    assert "CK-IRON-A2" not in text
    assert "如果这一项满分" in text


def test_an_item_nobody_knows_has_no_tree(laundry: Laundry) -> None:
    assert proof_text(laundry.explained(), "zh", item="NOBODY") == ""
    assert json.loads(proof_json(laundry.explained(), item="NOBODY"))["scores"] == []


def test_a_roll_up_says_what_its_checklists_do_to_it(laundry: Laundry) -> None:
    (shop,) = json.loads(proof_json(laundry.explained(), item="CK-SHOP"))["scores"]
    (post,) = shop["items"]
    assert post["item"] == "CK-IRON"
    assert post["in_full"] == {"score": "100.0", "grade": "A"}
    assert shop["better"] == []


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node["parts"]:
        yield from nodes(part)


def test_the_data_name_the_line_of_every_word_that_acted(laundry: Laundry) -> None:
    told = laundry.explained()
    for score in json.loads(proof_json(told))["scores"]:
        lines = (told.seen.handbook.folder / score["scheme"]["file"]).read_text("utf-8").split("\n")
        words = [node["word"] for node in nodes(score["tree"]) if node["word"]]
        assert words
        for word in words:
            assert word["file"] == score["scheme"]["file"]
            if word["line"] is not None:
                key = word["text"].partition(":")[0].split(".")
                assert key[0] in lines[word["line"] - 1] or key[-1] in lines[word["line"] - 1]
        shown = Fraction(score["tree"]["value"])
        assert score["score"] is not None
        assert shown == Fraction(score["score"])


MORE_WORDS = """
start: 60
adjust:
  - {count: {severity: major}, points: -1, at_most: 2}
  - {count: {severity: minor}, points: 4, at_most: 3}
floor: 20
ceiling: 90
"""


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "zh",
            [
                "起点  60 + 53.3333… = 113.3333… = 340/3",
                "加减分  1 个，每个 −1 分：113.3333… → 112.3333… = 337/3（CK-IRON-A1）",
                "5 个，最多算 3 个，每个 4 分",
                "上限  124.3333… 高于上限，计 90",
                "等级 A 的条件（severity: critical）：有 1 个，不满足",
            ],
        ),
        (
            "en",
            [
                "start  60 + 53.3333… = 113.3333… = 340/3",
                "5 found, 3 at most count, 4 each",
                "ceiling  124.3333… is above the ceiling: 90",
                "what A asks of severity: critical: there are 1, which does not hold",
            ],
        ),
    ],
)
def test_every_step_of_a_scheme_has_words(laundry: Laundry, lang: str, said: list[str]) -> None:
    path = laundry.folder / "checklists/schemes/shop.yaml"
    text = path.read_text(encoding="utf-8")
    when = "when: [{count: {severity: critical}, at_most: 0}]"
    text = text.replace("at_least: 90", f"at_least: 90, {when}", 1)
    path.write_text(text + MORE_WORDS, encoding="utf-8")
    told = proof_text(laundry.explained(), lang, item="CK-IRON", every=True)
    flat = " ".join(told.replace("│", " ").split()).replace(" ", "")
    assert [line for line in said if line.replace(" ", "") not in flat] == []
    assert max(map(width, told.splitlines())) <= COLUMNS


def test_the_words_of_a_proof_stand_in_both_languages() -> None:
    for section, entries in catalogue("proof").items():
        for key, told in entries.items():
            assert set(told) == set(LANGUAGES), (section, key)
            parsed = ({part[1] for part in Formatter().parse(text)} for text in told.values())
            blanks = [names - {None} for names in parsed]
            assert blanks[0] == blanks[1], (section, key)
    steps = STEPS - {"several.round"}
    assert set(catalogue("proof")["how"]) >= steps
    assert set(catalogue("proof")["step"]) >= steps
