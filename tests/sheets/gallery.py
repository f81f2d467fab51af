"""Samples of what can be wrong with a count sheet: it is written of a ledger, filled, spoilt."""

from datetime import date
from pathlib import Path
from typing import Any

from tests.findings.kind_samples import handbook, hearing
from tests.sheets.filling import PEOPLE, Rows, filled, kept, saved_again

from sopaudit.findings.counting.drawing import Asked, blank_of
from sopaudit.findings.counting.stock import Stock, counting_of, stock_of
from sopaudit.problems import Problem
from sopaudit.sheets.count.back import read_count
from sopaudit.sheets.count.blank import count_sheet
from sopaudit.sheets.count.marks import HIDDEN


def problems_of_count(run: dict[str, Any]) -> list[Problem]:
    """Write a sheet of `ledger.csv` in the current folder, spoil it as `run` says, and read it."""
    ledger = Path("ledger.csv").read_text("utf-8")
    counting, _ = counting_of(handbook())
    asked = Asked("20261105", everything=True)
    blank = blank_of(_stock(ledger), counting, date(2026, 11, 5), asked)
    lines = {(x["location"], x["part_no"]): _inputs(x) for x in run.get("lines", [])}
    head, extra = run.get("head", PEOPLE), run.get("extra", [])
    content = filled(count_sheet(blank, handbook(), "zh"), lines, head=head, extra=extra)
    if run.get("without_hidden"):
        content = saved_again(content, lambda name, rows: [] if name == HIDDEN else rows)
    if "start" in run:
        content = saved_again(content, lambda name, rows: _restarted(name, rows, run["start"]))
    now = ledger.replace(run["before"], run["now"]) if "now" in run else ledger
    path = kept(Path(), content)
    return read_count(path, _stock(now), counting, handbook())[1]


def _stock(ledger: str) -> Stock:
    return stock_of(hearing({"ledger": ledger}), "CD")


def _inputs(line: dict[str, Any]) -> dict[str, Any]:
    return {name: text for name, text in line.items() if name not in ("location", "part_no")}


def _restarted(name: str, rows: Rows, start: str) -> Rows:
    return [
        [row[0], start, *row[2:]] if name == HIDDEN and row[0] == "start" else row for row in rows
    ]
