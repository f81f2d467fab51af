"""The gallery of the form: each of its codes has a sample that causes exactly it."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sheets.form.gallery import problems_of_form

from sopaudit.problems import LANGUAGES

TESTS = Path(__file__).parents[2]
CODES = [f"F{number:03}" for number in range(30, 37)]


@pytest.mark.parametrize("code", CODES)
def test_a_sample_causes_exactly_its_own_problem(
    code: str, tmp_path: Path, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = TESTS / "errors" / code
    shutil.copytree(TESTS / "evidence/kitchen", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    problems = problems_of_form(tomllib.loads((sample / "run.toml").read_text("utf-8"))["handed"])
    assert [problem.code for problem in problems] == [code]
    for lang in LANGUAGES:
        text = "".join(problem.text(lang) + "\n" for problem in problems)
        golden(sample / f"expected.{lang}.txt", text)
