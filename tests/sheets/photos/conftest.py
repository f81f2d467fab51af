"""A small audit to which photos belong."""

from dataclasses import replace
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Final

import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.sheets.blank import Blank, blank_of, checklists_of

TINY: Final = Path(__file__).parents[2] / "handbooks" / "tiny"
AUDIT: Final = """\
id: 2026-10-n1
office: N1
period: {from: 2026-10-01, to: 2026-10-31}
date: 2026-11-06
kind: self
team: [{person: "9001", role: leader}]
"""
CHINA: Final = timezone(timedelta(hours=8))


@pytest.fixture(scope="session")
def tiny() -> Handbook:
    """Load the smallest handbook, once."""
    handbook, problems = load_handbook(TINY)
    assert handbook is not None, problems
    return handbook


@pytest.fixture
def blank(tmp_path: Path, tiny: Handbook) -> Blank:
    """Make the blank of an audit with two tickets to look at, in `tmp_path / "audit"`."""
    folder = tmp_path / "audit"
    (folder / "evidence").mkdir(parents=True)
    (folder / "audit.yaml").write_text(AUDIT, encoding="utf-8")
    audit, wrong = read_audit(folder, tiny)
    assert audit is not None, wrong
    made = blank_of(tiny, checklists_of(audit), date(2026, 11, 6), audit)
    return replace(made, tickets=("N1-261013-010", "N1-261013-011"))
