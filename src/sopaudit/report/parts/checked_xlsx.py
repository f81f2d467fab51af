"""A checked ledger as a workbook: findings, holdings, people, and how counts agree."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sopaudit.findings.counted import COUNT
from sopaudit.findings.ledger import PartsCheck
from sopaudit.findings.rules.engine import Heard
from sopaudit.press.words import words
from sopaudit.report.parts.rows import holder_rows
from sopaudit.report.parts.saying import PartSayer, bare
from sopaudit.report.parts.table import COLUMNS, loss_rows
from sopaudit.report.parts.teller import decimal, speaker_of
from sopaudit.report.workbook import Column, Page, Row
from sopaudit.report.xlsx import About, book

_MOST: Final = 1_000_000
"""A sheet holds so many rows and a few more."""

_WIDTHS: Final = {
    "id": 18, "sort": 24, "subject": 18, "serial": 14, "holder": 18, "ticket": 18, "at": 20,
    "due": 20, "expected": 24, "found": 24, "rows": 24, "chain": 60, "place": 24, "since": 14,
    "person": 16, "tickets": 40,
}  # fmt: skip
_NUMBERS: Final = ("qty", "value", "days", "owed", "unused", "overdue", "late_days", "amount")
_HOLDINGS: Final = (
    "place", "site", "status", "part", "serial", "holder", "ticket", "qty", "value", "since",
    "days",
)  # fmt: skip
_PEOPLE: Final = ("person", "owed", "unused", "overdue", "late_days", "amount", "tickets")


def parts_book(check: PartsCheck, lang: str) -> bytes:
    """Write the workbook; a sheet without a row is left out, unless all are."""
    pages = [*_Book(check, lang).pages()]
    told = [page for page in pages if page.rows] or pages[:1]
    return book(told, About.plain(words(lang, "custody")["book"]["title"], lang))


class _Book:
    def __init__(self, check: PartsCheck, lang: str) -> None:
        self.check = check
        self.custody = check.custody
        self.say = PartSayer(check.evidence, speaker_of(check.custody, lang))
        self.teller = self.say.teller
        self.names = self.teller.words["book"]
        self.types = words(lang, "tickets")["types"]
        self.severities = words(lang, "report").get("severity", {})
        rules = check.custody.handbook.parts
        self.sorts = {
            sort.id: check.custody.handbook.say(sort.title, lang)
            for sort in (rules.losses if rules else ())
        }

    def pages(self) -> Iterator[Page]:
        rows = loss_rows(self.custody, self.check.losses)
        told = tuple(self._loss(row) for row in rows[:_MOST])
        yield self._page("findings", COLUMNS, told)
        yield self._page("holdings", _HOLDINGS, tuple(self._holdings()))
        yield self._page("people", _PEOPLE, tuple(self._people()))
        counted = {result.rule.id for result in self.check.heard if _counts(result.parts)}
        place = COLUMNS.index("rule")
        yield self._page("counts", COLUMNS, tuple(r for r in told if r.cells[place] in counted))

    def _page(self, title: str, columns: tuple[str, ...], rows: tuple[Row, ...]) -> Page:
        named = tuple(
            Column(self.names[n], _WIDTHS.get(n, 12), number=n in _NUMBERS) for n in columns
        )
        return Page(self.names[title], named, rows)

    def _loss(self, row: tuple[str, ...]) -> Row:
        said = dict(zip(COLUMNS, row, strict=True))
        said["sort"] = self.sorts.get(said["sort"], said["sort"])
        said["severity"] = self.severities.get(said["severity"], said["severity"])
        said["type"] = self.types.get(said["type"], said["type"])
        said["holder"] = self.teller.named(said["holder"]) if said["holder"] else ""
        return Row(tuple(said[name] for name in COLUMNS))

    def _holdings(self) -> Iterator[Row]:
        for lot in self.custody.holdings()[:_MOST].to_dict("records"):
            since = np.datetime64(lot["since"].to_datetime64(), "us")
            days = self.teller.days(since)
            yield Row((
                self.teller.place(lot["place"]),
                lot["site"],
                lot["status"],
                lot["part_no"],
                lot["serial"],
                self.teller.named(lot["holder"]) if lot["holder"] else "",
                lot["ticket_no"],
                self.teller.qty(lot["units"]),
                decimal(lot["value"], self.custody.value_decimals),
                self.teller.day(since),
                "" if days is None else str(days),
            ))  # fmt: skip

    def _people(self) -> Iterator[Row]:
        for row in holder_rows(self.say):
            told = (row.owed, row.unused, row.overdue, row.days, row.value)
            yield Row((row.person, *(bare(text) for text in told), row.tickets))


def _counts(parts: tuple[Heard, ...]) -> bool:
    return any(heard.part.kind == COUNT for heard in parts)
