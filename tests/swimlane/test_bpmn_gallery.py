"""The gallery of imported diagrams: each code has a file that causes exactly it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from sopaudit.problems import LANGUAGES, catalogue
from sopaudit.swimlane.intake import Known, intake

ERRORS: Final = Path(__file__).parents[1] / "errors"
SAMPLES: Final = sorted(folder.name for folder in ERRORS.iterdir() if folder.name[0] == "B")
ONLY_TOLD: Final = {"B018", "B019"}
"""Codes that keep nothing from being written."""


@pytest.mark.parametrize("code", SAMPLES)
def test_a_diagram_causes_exactly_its_own_problem(
    code: str, golden: Callable[[Path, str], None]
) -> None:
    raw = (ERRORS / code / "chart.bpmn").read_bytes()
    read = intake(raw, "chart.bpmn", None, "F9", Known())
    problems = [*read.refused, *read.told]
    assert [problem.code for problem in problems] == [code]
    assert bool(read.refused) == (code not in ONLY_TOLD)
    for lang in LANGUAGES:
        text = "".join(problem.text(lang) + "\n" for problem in problems)
        golden(ERRORS / code / f"expected.{lang}.txt", text)


def test_every_code_has_a_diagram_and_every_diagram_a_code() -> None:
    assert {code for code in catalogue() if code[0] == "B"} == set(SAMPLES)
