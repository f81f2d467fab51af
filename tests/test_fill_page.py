"""docs/fill.md shows what `sopaudit fill` shows, and names every key."""

import runpy
from pathlib import Path

from sopaudit.press.words import catalogue
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[1]


def test_the_screens_of_the_page_are_those_of_today() -> None:
    """`python tools/fill_page.py` writes them anew; none is too wide for a terminal."""
    tool = runpy.run_path(str(ROOT / "tools/fill_page.py"))
    text = tool["PAGE"].read_text(encoding="utf-8")
    assert tool["page"](text) == text
    shown = [part.partition("```\n")[0] for part in text.split("```text\n")[1:]]
    assert len(shown) == 2
    assert [line for part in shown for line in part.splitlines() if width(line) > COLUMNS] == []


def test_the_page_names_every_key() -> None:
    text = (ROOT / "docs/fill.md").read_text(encoding="utf-8")
    known = set(catalogue("fill")["key"]) - {"t"}  # shown beside people only
    assert [key for key in known if f"`{key}`" not in text] == []


def test_a_severity_is_called_what_the_report_calls_it() -> None:
    """Two pages that say 严重 of different things would have an auditor judge wrongly."""
    told, shown = catalogue("report")["severity"], catalogue("fill")["severity"]
    for name, said in shown.items():
        assert {lang: text.casefold() for lang, text in told[name].items()} == said
