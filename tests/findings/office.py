"""Records of an office written down as tables in a test, held against the handbook of this repo."""

from functools import cache
from pathlib import Path

import numpy as np

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.column import coded
from sopaudit.evidence.lines import Lines
from sopaudit.evidence.records import Records
from sopaudit.findings.rules.hearing import Hearing

ROOT = Path(__file__).parents[2]
NOW = "2026-11-05T23:59:59.999999"


@cache
def book() -> Handbook:
    """Load the handbook once."""
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    return handbook


def lines(record: str, text: str) -> Lines:
    """Read a table of commas; blanks around cells do not matter."""
    head, *rows = [[cell.strip() for cell in line.split(",")] for line in text.strip().splitlines()]
    columns = {name: coded([row[n] for row in rows]) for n, name in enumerate(head)}
    return Lines(record, columns, np.arange(2, len(rows) + 2), f"{record}.csv")


def office(now: str = NOW, **tables: str) -> Hearing:
    """Hear an office in Chengdu: a table of commas for each record."""
    kept = {record: lines(record, text) for record, text in tables.items()}
    return Hearing(book(), Records(kept, "CD"), np.datetime64(now, "us"))
