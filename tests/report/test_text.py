"""Scores told in a terminal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sopaudit.report.text import story
from sopaudit.terminal import COLUMNS, width

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

GOLDEN = Path(__file__).parents[1] / "golden" / "story"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_story_of_a_score(
    laundry: Laundry,
    lang: str,
    golden: Callable[[Path, str], None],
) -> None:
    folder, told = laundry.concluded()
    text = story(folder.handbook, told.all, lang, uncertainty=told.uncertainty)
    golden(GOLDEN / f"laundry.{lang}.expected.txt", text + "\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_the_terminal(laundry: Laundry, lang: str) -> None:
    folder, told = laundry.concluded()
    lines = story(folder.handbook, told.all, lang, uncertainty=told.uncertainty).splitlines()
    assert max(map(width, lines)) <= COLUMNS
    assert all(line == line.rstrip() for line in lines)


def test_one_item_alone(laundry: Laundry) -> None:
    folder, told = laundry.concluded()
    text = story(folder.handbook, told.all, "zh", item="CK-IRON-A1")
    assert "是否查看水洗标？" in text
    assert "3 个样本中 1 个不符合" in text
    assert "CK-IRON-A2" not in text


def test_an_item_nobody_knows_has_no_story(laundry: Laundry) -> None:
    folder, told = laundry.concluded()
    assert story(folder.handbook, told.all, "zh", item="NOBODY") == ""
