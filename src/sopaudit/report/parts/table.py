"""The table of findings about parts: one row each, the same on every run, in one order.

Its digest leaves out where rows of the source stand, so that it is the same however they lie.
"""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

import numpy as np

from sopaudit.evidence.lines import NEVER
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.deviation import MARK
from sopaudit.findings.loss import Loss
from sopaudit.report.parts.teller import decimal

COLUMNS: Final = (
    "id",
    "sort",
    "rule",
    "severity",
    "type",
    "subject",
    "part",
    "serial",
    "site",
    "holder",
    "ticket",
    "qty",
    "value",
    "since",
    "at",
    "due",
    "late",
    "expected",
    "found",
    "rows",
    "chain",
)
"""`sort` is one of the handbook's `losses`; `qty` and `value` are exact decimals; `since`, `at` and
`due` are `YYYY-MM-DD HH:MM:SS`; `rows` prove it and `chain` is how it came to
be: `moves:12>moves:57`."""

_PLACED: Final = ("rows", "chain")


def loss_rows(custody: Custody, losses: Sequence[Loss]) -> list[tuple[str, ...]]:
    """Write each finding as a row of `COLUMNS`."""
    return [_row(custody, loss) for loss in losses]


def _row(custody: Custody, loss: Loss) -> tuple[str, ...]:
    return (
        loss.id,
        loss.sort,
        loss.rule,
        loss.severity,
        loss.type,
        loss.subject,
        loss.part,
        loss.serial,
        loss.site,
        loss.holder,
        loss.ticket,
        decimal(loss.qty, custody.entries.decimals),
        decimal(loss.value, custody.value_decimals),
        _time(since_of(loss)),
        _time(loss.at),
        _time(loss.due),
        loss.late,
        loss.expected,
        loss.found,
        loss.rows,
        ">".join(chain_rows(custody, loss)),
    )


def since_of(loss: Loss) -> np.datetime64:
    """Say since when it is so; NaT where nobody says."""
    since: np.datetime64 = getattr(loss, "since", NEVER)
    return since


def chain_rows(custody: Custody, loss: Loss) -> list[str]:
    """Name the lines a chain leads over: `moves:12`; a line that is told twice in a row is one."""
    steps = custody.steps(np.array(loss.chain, np.int64))
    named = [f"{step.record}:{step.row}" for step in steps if step.row]
    return [name for n, name in enumerate(named) if not n or named[n - 1] != name]


def _time(at: np.datetime64) -> str:
    return "" if np.isnat(at) else str(at.astype("datetime64[s]")).replace("T", " ")


def loss_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Write the table as CSV: UTF-8 with its mark, so that a double click opens it rightly."""
    return MARK + "".join(_lines([COLUMNS, *rows])).encode("utf-8", "surrogatepass")


def loss_digest(rows: Sequence[Sequence[str]]) -> str:
    """Give the digest of what was found, wherever in the source it stands."""
    kept = [n for n, name in enumerate(COLUMNS) if name not in _PLACED]
    told = "".join(_lines([[row[n] for n in kept] for row in rows]))
    return "sha256:" + hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    sink = StringIO()
    csv.writer(sink, lineterminator="\n").writerows(rows)
    yield sink.getvalue()
