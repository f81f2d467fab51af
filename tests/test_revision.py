"""docs/manager-revision.md is what the terminal says today."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_revision_goes_as_it_is_told() -> None:
    """`make docs` writes it anew; who has reviewed an item is asked no more."""
    tool = runpy.run_path(str(ROOT / "tools/revision.py"))
    played = tool["page"]()
    assert tool["PAGE"].read_text(encoding="utf-8") == played
    limit, item, lane, colon = played.split("\n## ")[1:]
    answers = limit.split("```console")[1:]
    assert ["待复核：HTL-05-1 已改" in answer for answer in answers] == [True, True, False]
    assert "没有检查项的标准 (15)" in item
    assert "OSE" in lane
    assert "Y024" in colon
