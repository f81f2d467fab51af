"""The table of findings about parts: one row each, the same on every run, in one order.

Its digest leaves out where rows of the source stand, so that it is the same however they lie.
"""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.partial import Found, Proof, found_of
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
    decimals, values = custody.entries.decimals, custody.value_decimals
    return [found_row(found_of(custody, loss), decimals, values) for loss in losses]


def found_row(found: Found, decimals: int, value_decimals: int) -> tuple[str, ...]:
    """Write a finding that has left its custody as a row of `COLUMNS`."""
    told = {
        **{name: getattr(found, name) for name in COLUMNS},
        "qty": decimal(found.qty, decimals),
        "value": decimal(found.value, value_decimals),
        "chain": ">".join(named(found.chain)),
    }
    return tuple(told[name] for name in COLUMNS)


def chain_rows(custody: Custody, loss: Loss) -> list[str]:
    """Name the lines a chain leads over, see `named`."""
    return named(found_of(custody, loss).chain)


def named(chain: Sequence[Proof]) -> list[str]:
    """Name the lines of a chain: `moves:12`; a line that is told twice in a row is one."""
    told = [f"{record}:{row}" for record, row in chain if row]
    return [name for n, name in enumerate(told) if not n or told[n - 1] != name]


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
