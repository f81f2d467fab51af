"""docs/rules.md is what the vocabulary says."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from sopaudit.criteria.kind import KINDS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools/rules_page.py"))


def test_the_page_is_fresh(page: dict[str, Any]) -> None:
    """`make docs` writes it."""
    assert page["PAGE"].read_text(encoding="utf-8") == page["page"]()


def test_every_kind_has_one_section(page: dict[str, Any]) -> None:
    text = page["PAGE"].read_text(encoding="utf-8")
    assert [line[4:] for line in text.splitlines() if line.startswith("### ")] == list(KINDS)
