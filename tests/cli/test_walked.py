"""A workflow from a file of its own, to hold tickets against."""

from pathlib import Path
from random import Random

import pytest
from tests.findings.conformance.charts import Petri, walk
from tests.findings.conformance.logs import ROOT, handbook, log_of_sequences

from sopaudit.cli.walked import workflow_from
from sopaudit.findings.conformance.conform import conform

BOOK = handbook()
HERE = ROOT / "tests/swimlane"


@pytest.mark.parametrize("name", ["bpmn-io", "camunda", "signavio"])
def test_tickets_are_held_against_a_plain_diagram(name: str) -> None:
    found, problems = workflow_from(HERE / f"{name}.bpmn", BOOK)
    assert found is not None, problems
    book, flow = found
    assert list(book.workflows) == [flow]
    seen = walk(Petri(book.workflows[flow]), Random(3))  # noqa: S311 -- no secret, but repeatable
    assert seen
    held = conform(log_of_sequences({"A": seen, "B": seen[1:], "C": [*seen, "lunch"]}), book, flow)
    assert held.cost.tolist() == [0, 1, 1]
    assert sorted(held.deviations["type"]) == ["skipped", "unknown step"]


def test_a_workflow_in_yaml_takes_along_what_it_calls_and_hands_over_to() -> None:
    found, problems = workflow_from(ROOT / "sops/workflows/f2.yaml", BOOK)
    assert problems == []
    assert found is not None
    assert sorted(found[0].workflows) == ["F2", "F3", "F4", "F5"]


def test_a_file_that_is_no_workflow_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("id: X\n", encoding="utf-8")
    found, problems = workflow_from(path, BOOK)
    assert found is None
    assert problems
    found, problems = workflow_from(ROOT / "tests/errors/B010/chart.bpmn", BOOK)
    assert found is None
    assert problems


def test_a_chart_that_comes_to_no_end_is_told(tmp_path: Path) -> None:
    text = (ROOT / "examples/repair/sops/workflows/repair.yaml").read_text(encoding="utf-8")
    path = tmp_path / "repair.yaml"
    path.write_text(text.replace("next: R14", "next: R13"), encoding="utf-8")
    found, problems = workflow_from(path, BOOK)
    assert found is None
    assert [problem.code for problem in problems] == ["H116", "H117"]
