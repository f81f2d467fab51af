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
        return tuple(self._row(*each) for seen in self.seen for each in _pieces(seen))

    def lines(self) -> Lines:
        """Give them as a record that rules can be heard with."""
        columns = {name: coded([row[name] for row in self.rows]) for name in FIELDS}
        return Lines(COUNTS, columns, np.arange(2, len(self.rows) + 2), self.blank.id)

    def _row(self, seen: Seen, serial: str, number: str) -> dict[str, str]:
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
            "reason": seen.remark,
            "approved_by": "",
        }


def _pieces(seen: Seen) -> Iterator[tuple[Seen, str, str]]:
    """Part what was seen into lines of the record: each piece, and what has no serial number."""
    book = seen.line.serials if seen.line is not None else ()
    written = {key(serial) for serial in seen.serials}
    in_book = {key(serial) for serial in book}
    for serial in book:
        yield seen, serial, "1" if key(serial) in written else "0"
    for serial in seen.serials:
        if key(serial) not in in_book:
            yield seen, serial, "1"
    rest = seen.number - len(seen.serials)
    if rest or not (book or seen.serials) or (seen.line is not None and seen.line.bulk):
        yield seen, "", plain(rest)
