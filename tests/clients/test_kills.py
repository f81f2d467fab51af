"""An import killed for good, by the system and at every operation on a file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.sheets.counter import kitchen

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_a_program_that_is_really_killed_leaves_all_or_nothing(tmp_path: Path) -> None:
    audit = kitchen(tmp_path, bare=False)
    script = ROOT / "tests/sheets/killing.py"
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    ran = subprocess.run(
        [sys.executable, str(script), str(audit)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert ran.stderr == ""
    assert int(ran.stdout) > 50
