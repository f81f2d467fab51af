"""docs/counts.md is what the terminal says today."""

import runpy
from pathlib import Path

import pytest
from tests.findings.office import book

from sopaudit.criteria import handbook
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[1]


def test_the_page_is_what_the_terminal_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make docs` writes it anew; no line of a result is too wide for a terminal."""
    tool = runpy.run_path(str(ROOT / "tools/counts.py"))
    # The page is made in a copy of the handbook, which is loaded once for all its commands.
    monkeypatch.setattr(handbook, "load_handbook", lambda _: (book(), []))
    played = tool["page"]()
    assert tool["PAGE"].read_text(encoding="utf-8") == played
    said = [part.partition("```\n")[0] for part in played.split("```console\n")[1:3]]
    lines = [line for part in said for line in part.splitlines() if not line.startswith("$")]
    assert [line for line in lines if width(line) > COLUMNS] == []
