"""What people saw at a count, and the lines of the record `counts` it makes.

A piece with a serial number is a line of its own, as the ledger has it: seen is one, in the book
and not seen is none, seen and not in the book is one too many.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

import numpy as np

from sopaudit.criteria.field import plain
from sopaudit.evidence.column import coded
from sopaudit.evidence.habits import key
from sopaudit.evidence.lines import Lines
from sopaudit.findings.counting.drawing import Blank
from sopaudit.findings.counting.stock import StockLine

COUNTS: Final = "counts"
"""The record a count is kept in."""

FIELDS: Final = (
    "count_id", "at", "site", "location", "part_no", "serial", "counted", "counter", "checker",
    "reason", "approved_by",
)  # fmt: skip
"""Its columns, as `sops/records.yaml` has them."""


@dataclass(frozen=True)
class Seen:
    """One line as somebody counted it."""

    location: str
    part_no: str
    number: Fraction
    serials: tuple[str, ...]
    """Those the counter wrote down."""

    remark: str
    first: Fraction | None = None
    """The number before it was counted again; None where it was counted once."""

    line: StockLine | None = None
    """The line of the ledger; None where the ledger has none."""


@dataclass(frozen=True)
class Taken:
    """A count that was made."""

    blank: Blank
    at: str
    """As `2026-11-05 18:10`."""

    counter: str
    checker: str
    """Their staff numbers."""

    seen: tuple[Seen, ...]
    uncounted: tuple[StockLine, ...]
    """Lines that should have been counted and were not; nothing is known of them."""

    @cached_property
    def rows(self) -> tuple[Mapping[str, str], ...]:
        """The lines of the record, by field."""
        return tuple(row for seen in self.seen for row in self._rows(seen))

    def lines(self) -> Lines:
        """Give them as a record that rules can be heard with."""
        columns = {name: coded([row[name] for row in self.rows]) for name in FIELDS}
        return Lines(COUNTS, columns, np.arange(2, len(self.rows) + 2), self.blank.id)

    def _rows(self, seen: Seen) -> Iterator[dict[str, str]]:
        """Part what was seen into lines; the remark stands where a piece is not as in the book."""
        pieces = list(_pieces(seen))
        some = any(odd for _, _, odd in pieces)
        for n, (serial, number, odd) in enumerate(pieces):
            yield self._row(
                seen, serial, number, seen.remark if odd or (not some and n == 0) else ""
            )

    def _row(self, seen: Seen, serial: str, number: str, remark: str) -> dict[str, str]:
        return {
            "count_id": self.blank.id,
            "at": self.at,
            "site": self.blank.stock.site,
            "location": seen.location,
            "part_no": seen.part_no,
            "serial": serial,
            "counted": number,
            "counter": self.counter,
            "checker": self.checker,
            "reason": remark,
            "approved_by": "",
        }


def _pieces(seen: Seen) -> Iterator[tuple[str, str, bool]]:
    """Give serial and number of each piece, and of what has no serial; and what is amiss of it."""
    book = seen.line.serials if seen.line is not None else ()
    written = {key(serial) for serial in seen.serials}
    in_book = {key(serial) for serial in book}
    for serial in book:
        there = key(serial) in written
        yield serial, "1" if there else "0", not there
    for serial in seen.serials:
        if key(serial) not in in_book:
            yield serial, "1", True
    rest = seen.number - len(seen.serials)
    if rest or not (book or seen.serials) or (seen.line is not None and seen.line.bulk):
        yield "", plain(rest), False
