"""Each kind about lines has a sample that passes and one that fails in the way it tells."""

from pathlib import Path
from typing import Any

import pytest
from tests.findings.rules.desk import ROOT, say

from sopaudit.criteria.kind import RUNS
from sopaudit.reading.events import read

SAMPLES = sorted((ROOT / "tests/kinds").glob("*.yaml"))


def sample(path: Path) -> dict[str, Any]:
    document = read(path, path.name)
    assert isinstance(document.data, dict), path
    return document.data


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_one_sample_passes_and_one_fails_as_told(path: Path) -> None:
    told = sample(path)
    assert told["kind"] == path.stem
    assert told["kind"] in RUNS
    conditions = told.get("conditions")
    good = say(told["kind"], told["with"], told["pass"]["records"], conditions=conditions)
    assert set(good) <= {"conforming", "not applicable"}, good
    assert "conforming" in good, good
    bad = say(told["kind"], told["with"], told["fail"]["records"], conditions=conditions)
    assert told["fail"]["type"] in bad, bad
