"""The table of deviations: one row for each place where a ticket leaves a workflow or fails a rule.

Its ids are the same on every run, so that actions can point at them; its rows come in one order,
whatever order and parts the log was read in.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import pandas as pd

COLUMNS: Final = (
    "id",
    "rule",
    "severity",
    "type",
    "ticket",
    "rows",
    "expected",
    "found",
    "who",
    "at",
    "late",
    "office",
    "post",
)
"""`rule` is a rule or a workflow; `rows` are source rows, with their record where that is not the
log (`12 15`, `calls:7`); `expected` and `found` are step or event ids, values or words; `at` is
`YYYY-MM-DD HH:MM:SS`; `late` is a length of time such as `3 h 12 min`, or a difference."""

STEP_TYPES: Final = ("skipped", "extra", "out of order", "unknown step", "wrong role")
"""How a ticket may leave a workflow; how it may fail a rule says `rules.case.TYPES`."""

_LENGTH: Final = 16
_ORDER: Final = ("ticket", "rule", "at", "id")
_BLOCK: Final = 1 << 12

MARK: Final = b"\xef\xbb\xbf"
"""Tells a spreadsheet that a file is UTF-8."""


def identity(rule: str, ticket: str, step: str, n: int) -> str:
    """Name a deviation: of those of one rule, ticket and step it is the n-th, counted from 0."""
    said = "\0".join((rule, ticket, step, str(n)))
    return hashlib.sha256(said.encode()).hexdigest()[:_LENGTH]


def table(rows: Iterable[Sequence[str]]) -> pd.DataFrame:
    """Lay rows of `COLUMNS` out as text columns, in the order of ticket, rule, time and id."""
    frame = pd.DataFrame([*rows], columns=list(COLUMNS), dtype="str")
    return ordered(frame)


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Bring deviations into the one order they are written in."""
    return frame.sort_values([*_ORDER], kind="stable", ignore_index=True)


def digest(frame: pd.DataFrame) -> str:
    """Give the digest of a table: that of the CSV it is written as."""
    return "sha256:" + hashlib.sha256(written(frame)).hexdigest()


def written(frame: pd.DataFrame) -> bytes:
    """Give the table as CSV: UTF-8 with its mark, so that a double click opens it rightly."""
    return b"".join(pieces(lines(frame)))


def pieces(rows: Iterable[str]) -> Iterator[bytes]:
    """Write lines of the table as a file, some thousand at a time."""
    yield MARK + ",".join(COLUMNS).encode() + b"\n"
    for some in batched(rows):
        yield "".join(some).encode("utf-8", "surrogatepass")


def batched(rows: Iterable[str]) -> Iterator[list[str]]:
    """Hand out lines some thousand at a time."""
    left = iter(rows)
    while some := list(islice(left, _BLOCK)):
        yield some


def lines(frame: pd.DataFrame) -> list[str]:
    """Write each row as a line of CSV, with its end."""
    columns = [frame[name].tolist() for name in COLUMNS]
    sink = _Sink()
    csv.writer(sink, lineterminator="\n").writerows(zip(*columns, strict=True))
    return sink.lines


class _Sink:
    """Takes what the csv module writes, a line at a time."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.write = self.lines.append


def keys(frame: pd.DataFrame) -> list[str]:
    """Give what the rows are sorted by, as one text each, in which no field runs into the next."""
    columns = (frame[name].tolist() for name in _ORDER)
    return ["\0".join(fields) for fields in zip(*columns, strict=True)]
