"""The gallery of filled sheets: each code has a sample that causes exactly it, and its text."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sheets.counter import kitchen
from tests.sheets.intake_gallery import problems_of_sheet

from sopaudit.problems import LANGUAGES

ERRORS = Path(__file__).parents[1] / "errors"
OWN = {f"F{n:03}" for n in (*range(1, 20), *range(60, 80))}
"""Codes of what all channels share; the channels see to their own."""

SAMPLES = sorted(code.name for code in ERRORS.iterdir() if code.name in OWN)


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sample_causes_exactly_its_own_problem(
    code: str, tmp_path: Path, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    kitchen(tmp_path, bare=False)
    monkeypatch.chdir(tmp_path)
    run = tomllib.loads((ERRORS / code / "run.toml").read_text(encoding="utf-8"))
    problems = problems_of_sheet(run)
    assert [problem.code for problem in problems] == [code]
    for lang in LANGUAGES:
        text = "".join(problem.text(lang) + "\n" for problem in problems)
        golden(ERRORS / code / f"expected.{lang}.txt", text)
