"""Samples of the kinds of rules, and hearing records written as tables in a test."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.criteria.rule import Rule
from sopaudit.evidence.column import coded
from sopaudit.evidence.lines import Lines
from sopaudit.evidence.records import Records
from sopaudit.findings.rules.case import Cases
from sopaudit.findings.rules.engine import heard
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.reading.events import read_bytes

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "tests/kinds"
NOW: Final = np.datetime64("2026-11-05T23:59:59.999999")
"""The moment all samples are heard at."""


@cache
def handbook() -> Handbook:
    found, problems = load_handbook(ROOT)
    assert found is not None, problems
    return found


def sample(kind: str) -> dict[str, Any]:
    path = FOLDER / f"{kind}.yaml"
    document = read_bytes(path.read_bytes(), path.name)
    assert not document.problems
    return dict(document.data)


def samples() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def table(record: str, text: str) -> Lines:
    """Read lines of `a,b` under a header; nothing is quoted."""
    header, *rows = (line.split(",") for line in text.strip().splitlines())
    columns = {
        name: coded([row[n].strip() if n < len(row) else "" for row in rows])
        for n, name in enumerate(header)
    }
    return Lines(record, columns, np.arange(2, len(rows) + 2), f"{record}.csv")


def hearing(tables: Mapping[str, str], *, now: np.datetime64 = NOW) -> Hearing:
    records = Records({name: table(name, text) for name, text in tables.items()}, "CD")
    return Hearing(handbook(), records, now)


def cases(
    kind: str,
    given: Mapping[str, Any],
    tables: Mapping[str, str],
    *,
    now: np.datetime64 = NOW,
    grace: str | None = None,
) -> Cases:
    """Hear one rule of one kind, as the engine does."""
    words = {"id": "R-1", "title": "A title", "passes": "It holds.", "kind": kind}
    if grace is not None:
        words["grace"] = grace
    rule = Rule.model_validate({**words, "with": dict(given)})
    found = heard(hearing(tables, now=now), rule)
    assert found.assessable, found.missing
    return found.parts[0].cases
