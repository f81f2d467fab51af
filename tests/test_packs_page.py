"""docs/scheme-packs.md is what the files of checklists/schemes say."""

import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools/packs_page.py"))


def test_the_page_is_fresh(page: dict[str, Any]) -> None:
    """`make docs` writes it; it fails too where a scheme does not say when to use it."""
    assert page["PAGE"].read_text(encoding="utf-8") == page["page"]()
