"""The kind `priced`: what was charged is what the table in force on that day says (AC-12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.rule import Given
from sopaudit.criteria.table import Table
from sopaudit.evidence.column import Coded, coded
from sopaudit.evidence.habits import key
from sopaudit.evidence.lines import Flags, Lines, Numbers, Times
from sopaudit.findings.rules.case import (
    NOT_APPLICABLE,
    TYPES,
    Cases,
    Measure,
    decided,
)
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, by_ticket, conforming_only, figures, totals

VALID_FROM: Final = "valid_from"
"""The column, or the key of a whole table, that says from which day on prices hold."""


def priced(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold the price of each line against the table in force on its day.

    Rows with the latest `valid_from` that is not after the day are in force, and they alone: what
    the new edition leaves out has no price any more. Before the first edition nothing is known. A
    row without a price, or with words in its place, is quoted singly, so any price is right. Where
    code and price stand in two records, the sum of the ticket's prices is held against the table.
    A line that names an edition names the one in force, though the price may be the same.
    """
    record, _, name = str(given["code"]).partition(".")
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    day = _day(hearing, given, record)
    table = Prices(hearing.table(str(given["table"])), given)
    edition = table.edition(day)
    wanted, listed = table.look_up(lines.coded(name), edition)
    price, decimals, known = _charged(hearing, given, record)
    shift = max(decimals, table.decimals)
    found = price * 10 ** (shift - decimals)
    right = wanted.units * 10 ** (shift - table.decimals)
    fits = found >= right if given.get("compare") == "at_least" else found == right
    excuse = _excused(hearing, given, lines)
    blank = lines.blank(name)
    named = _named(given, lines, table, edition)
    holds = listed & (fits | ~wanted.known) & named
    sure = (edition >= 0) & (known | ~listed | ~wanted.known) & ~blank
    verdict = decided(hearing.applies(given, record, line), sure | excuse, holds | excuse)
    if not hearing.required(f"{record}.{name}"):
        verdict[blank] = NOT_APPLICABLE
    unlisted, differs = TYPES.index("no counterpart"), TYPES.index("amount differs")
    return Cases(
        verdict,
        hearing.records.ticket(record),
        lines=((record, line),),
        type=np.select(
            [~listed, fits | ~wanted.known], [unlisted, TYPES.index("wrong value")], differs
        ).astype(np.int8),
        at=day,
        measure=Measure(found, "number", shift),
        late=found - right,
        expected=figures(np.where(listed, right, 0), shift),
        excused=conforming_only(verdict, excuse & ~holds),
    )


def _day(hearing: Hearing, given: Mapping[str, Given], record: str) -> Times:
    """Give the day whose edition counts for each line."""
    on = str(given["on"])
    of, _, name = on.partition(".")
    if of == record:
        return hearing.lines(record).times(name)
    return by_ticket(hearing, hearing.moments(on), record)[0]


def _charged(
    hearing: Hearing, given: Mapping[str, Given], record: str
) -> tuple[npt.NDArray[np.int64], int, Flags]:
    """Give what was charged for each line, in which decimals, and whether it is known."""
    of, _, name = str(given["price"]).partition(".")
    numbers = hearing.lines(of).numbers(name)
    if of == record:
        return numbers.units, numbers.decimals, numbers.known
    ticket = hearing.records.ticket(of)
    mine = ticket >= 0
    total = totals(ticket[mine], numbers.units[mine], hearing.size + 1)
    gaps = np.bincount(ticket[mine & ~numbers.known], minlength=hearing.size + 1) > 0
    at = hearing.records.ticket(record)
    return total[at], numbers.decimals, ~gaps[at] & (at >= 0)


def _excused(hearing: Hearing, given: Mapping[str, Given], lines: Lines) -> Flags:
    if "excused_by" not in given:
        return np.zeros(len(lines), np.bool_)
    record, _, name = str(given["excused_by"]).partition(".")
    said = ~hearing.lines(record).blank(name)
    if record == lines.record:
        return said
    tickets = np.zeros(hearing.size + 1, np.bool_)
    tickets[hearing.records.ticket(record)[said]] = True
    tickets[NONE] = False
    return tickets[hearing.records.ticket(lines.record)]


def _named(
    given: Mapping[str, Given], lines: Lines, table: "Prices", edition: npt.NDArray[np.intp]
) -> Flags:
    """Say of each line whether the edition it names, if it names one, is the one in force."""
    if "edition" not in given:
        return np.ones(len(lines), np.bool_)
    name = str(given["edition"]).partition(".")[2]
    cells = lines.coded(name)
    right = np.zeros((max(cells.size, 1), len(table.names)), np.bool_)
    for code, text in cells.distinct().items():
        right[code] = [key(text) in names for names in table.names]
    if not len(table.names):
        return np.ones(len(lines), np.bool_)
    found: Flags = right[cells.codes, np.maximum(edition, 0)] | lines.blank(name) | (edition < 0)
    return found


@dataclass(frozen=True, eq=False)
class Prices:
    """A reference table, looked up by a column in the edition of a day."""

    table: Table
    given: Mapping[str, Given]

    @property
    def _starts(self) -> npt.NDArray[np.datetime64]:
        """The first day of each edition, in their order."""
        days = {self._start(n) for n in range(len(self.table.rows))}
        return np.array(sorted(days), "datetime64[us]")

    def _start(self, row: int) -> np.datetime64:
        said = self.table.rows[row].get(VALID_FROM)
        if said is not None:
            return np.datetime64(said.plain, "us")
        whole = self.table.valid_from
        return np.datetime64(whole if whole is not None else "0001-01-01", "us")

    def edition(self, day: Times) -> npt.NDArray[np.intp]:
        """Say which edition is in force on each day; -1 where none is, or no day is known."""
        place = np.searchsorted(self._starts, day.astype("datetime64[D]"), "right") - 1
        ended = self.table.valid_until
        over = day.astype("datetime64[D]") > np.datetime64(ended, "D") if ended else False
        return np.where(np.isnat(day) | over, NONE, place)

    @property
    def names(self) -> list[set[str]]:
        """What each edition is called by its rows, in the order of their first days."""
        column, rows = str(self.given.get("edition_column", "edition")), self.table.rows
        return [
            {key(row[column].plain) for n, row in enumerate(rows)
             if column in row and self._start(n) == start}
            for start in self._starts
        ]  # fmt: skip

    @property
    def _figures(self) -> Lines:
        """The prices, as a record reads them."""
        column = str(self.given["column"])
        texts = [row[column].plain if column in row else "" for row in self.table.rows]
        return Lines(self.table.id, {column: coded(texts or [""])}, np.arange(max(len(texts), 1)))

    @property
    def decimals(self) -> int:
        """The decimals of its prices."""
        return self._figures.numbers(str(self.given["column"])).decimals

    def look_up(self, cells: Coded, edition: npt.NDArray[np.intp]) -> tuple[Numbers, Flags]:
        """Give for each line the price of its code in an edition, and whether it is listed."""
        column, starts = str(self.given["key"]), list(self._starts)
        size = max(cells.size, 1)
        place = np.full((len(starts) + 1, size), NONE, np.intp)
        codes: dict[str, list[int]] = {}
        for code, text in cells.distinct().items():
            codes.setdefault(key(text), []).append(code)
        for n, row in enumerate(self.table.rows):
            if column in row:
                place[starts.index(self._start(n)), codes.get(key(row[column].plain), [])] = n
        at = place[edition, cells.codes]
        prices, there = self._figures.numbers(str(self.given["column"])), at >= 0
        return Numbers(prices.units[at], prices.decimals, prices.known[at] & there), there
