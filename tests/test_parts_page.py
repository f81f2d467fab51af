"""docs/parts.md is what the terminal says today, its picture too, and its words are all in use."""

import re
import runpy
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from tests.findings.office import book

from sopaudit.criteria import handbook
from sopaudit.press.words import catalogue
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[1]
SAID = catalogue("custody")


def test_the_page_is_what_the_terminal_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`make docs` writes it anew; no line is too wide for a terminal."""
    tool: dict[str, Any] = runpy.run_path(str(ROOT / "tools/parts.py"))
    # The page is made in a copy of the handbook, which is loaded once for all its commands.
    monkeypatch.setattr(handbook, "load_handbook", lambda _: (book(), []))
    played = tool["page"](tmp_path)
    assert tool["PAGE"].read_text(encoding="utf-8") == played
    drawn = (tmp_path / tool["PICTURE"].name).read_text(encoding="utf-8")
    assert tool["PICTURE"].read_text(encoding="utf-8") == drawn
    said = [part.partition("```\n")[0] for part in played.split("```console\n")[1:]]
    lines = [line for part in said for line in part.splitlines() if not line.startswith("$")]
    assert [line for line in lines if width(line) > COLUMNS and "sha256" not in line] == []


def test_every_word_stands_in_both_languages_with_the_same_blanks() -> None:
    for section, entries in SAID.items():
        for key, words in entries.items():
            assert set(words) == {"zh", "en"}, (section, key)
            zh, en = (set(re.findall(r"\{(\w+)\}", words[lang])) for lang in ("zh", "en"))
            assert zh == en, (section, key)


def test_no_word_is_idle() -> None:
    homes = files("sopaudit.report").joinpath("parts").iterdir()
    code = "".join(p.read_text(encoding="utf-8") for p in homes if p.name.endswith(".py"))
    for section, entries in SAID.items():
        for key in entries:
            assert f'"{key.removeprefix("head_")}"' in code, (section, key)
