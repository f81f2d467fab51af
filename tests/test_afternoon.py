"""docs/manager-afternoon.md is what the terminal says today."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]
COUNT = re.compile(r"个文件中有 (\d+) 个问题")


def test_the_afternoon_goes_as_it_is_told() -> None:
    """`make docs` writes it anew; each edit brings one message, and six of ten are mended."""
    tool = runpy.run_path(str(ROOT / "tools/afternoon.py"))
    played = tool["page"]()
    assert tool["PAGE"].read_text(encoding="utf-8") == played
    *edits, together = played.split("\n## ")[1:]
    assert len(edits) == 10
    assert all(COUNT.findall(edit) == ["1"] for edit in edits)
    assert COUNT.findall(together) == ["4"]
    assert sum(map(int, re.findall(r"改好了 (\d+) 处", together))) == 6
