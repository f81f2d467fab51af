"""docs/problems.md and the examples of `explain` are what the samples of the gallery say."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from sopaudit.cli.explain import explain
from sopaudit.problems import LANGUAGES, catalogue
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools/problems_page.py"))


def test_the_page_and_the_examples_are_fresh(page: dict[str, Any]) -> None:
    """`make docs` writes them."""
    assert page["PAGE"].read_text(encoding="utf-8") == page["page"]()
    assert page["EXAMPLES"].read_text(encoding="utf-8") == page["examples_file"]()


def test_every_code_has_one_section(page: dict[str, Any]) -> None:
    text = page["PAGE"].read_text(encoding="utf-8")
    sections = [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")]
    assert sorted(sections) == sorted(catalogue())


def test_at_least_sixty_codes_are_of_what_people_type_into_files() -> None:
    assert len([code for code in catalogue() if code[0] in "YS"]) >= 60


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explain_prints_the_page_of_every_code_within_a_terminal(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for code in catalogue():
        # Asked at once: a command line for each of so many codes takes ten times as long.
        explain(code, lang=lang)
        told = capsys.readouterr().out
        assert told.startswith(f"{code} · ")
        assert max(map(width, told.splitlines())) <= COLUMNS, told
