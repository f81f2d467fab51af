"""docs/tickets.md is what the terminal says today, and its draw is recomputed by hand."""

import csv
import hashlib
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from tests.findings.office import book

from sopaudit.criteria import handbook
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools/tickets.py"))


def test_the_page_is_what_the_terminal_says(
    tool: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make docs` writes it anew; no line is too wide for a terminal."""
    # The page is made in a copy of the handbook, which is loaded once for all its commands.
    monkeypatch.setattr(handbook, "load_handbook", lambda _: (book(), []))
    played = tool["page"]()
    assert tool["PAGE"].read_text(encoding="utf-8") == played
    said = [part.partition("```\n")[0] for part in played.split("```console\n")[1:]]
    lines = [line for part in said for line in part.splitlines() if not line.startswith("$")]
    assert [line for line in lines if width(line) > COLUMNS and "sopaudit" not in line] == []


def test_the_draw_of_the_page_is_recomputed(tool: dict[str, Any]) -> None:
    """Of each service type and engineer the lowest hashes; what is always looked at is left out."""
    text = tool["PAGE"].read_text(encoding="utf-8").split("```console\n")[1].partition("```\n")[0]
    drawn, _, always = text.partition("每张都看的工单")
    chosen = re.findall(r"^  (CD-.*)$", drawn, re.MULTILINE)
    certain = set(re.findall(r"CD-\d{6}-\d{3}", always))
    with (tool["RECORDS"] / "tickets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    people = {one.id: one.name.to("zh") for one in book().roster}
    strata = re.findall(r"^  (\S+) · (\S+) +\d+ +(\d+)$", drawn, re.MULTILINE)
    assert len(strata) > 2
    types = {"上门": "on_site", "送修": "walk_in"}
    found = []
    for kind, name, number in strata:
        mine = [
            row["ticket_no"]
            for row in rows
            if row["service_type"] == types[kind]
            and name == people[row["engineer"] or row["bench_engineer"]]
            and row["ticket_no"] not in certain
        ]
        mine.sort(key=lambda t: hashlib.sha256(f"{tool['START']}:{t}".encode()).hexdigest())
        found += mine[: int(number)]
    assert sorted(found) == sorted(" ".join(chosen).split())
