"""The chapter on parts and money on sheets of the report's workbook, to be filtered and sorted."""

from collections.abc import Iterator
from typing import Final

from sopaudit.press.words import words
from sopaudit.report.model import InspectionReport
from sopaudit.report.parts.model import PartsSection
from sopaudit.report.parts.saying import bare
from sopaudit.report.workbook import Column, Page, Row

_NUMBERS: Final = frozenset(
    [
        "units",
        "value",
        "owed",
        "unused",
        "overdue",
        "days",
        "amount",
        "book",
        "counted",
        "difference",
        "failed",
        "decided",
        "unknown",
    ]
)
"""Columns that are added up."""


def parts_pages(report: InspectionReport) -> Iterator[Page]:
    """Lay the chapter out on sheets; there are none where the audit has no records of parts."""
    if report.parts is None:
        return
    for page in _Sheets(report.parts, report.lang).pages():
        if page.rows:
            yield page


class _Sheets:
    def __init__(self, told: PartsSection, lang: str) -> None:
        self.told = told
        self.say = words(lang, "parts_section")
        self.table = {**words(lang, "ticket_section")["table"], **self.say["table"]}

    def pages(self) -> Iterator[Page]:
        titles, told = self.say["sheet"], self.told
        yield Page(titles["where"], self._columns(
            ("place", 30), ("units", 12), ("value", 14), ("oldest", 14),
        ), tuple(
            Row((r.label, bare(r.units), bare(r.value), r.oldest)) for r in told.places
        ))  # fmt: skip
        yield Page(titles["owed"], self._columns(
            ("person", 20), ("owed", 12), ("unused", 12), ("overdue", 12), ("days", 12),
            ("value", 14), ("tickets", 50),
        ), tuple(
            Row((
                r.person, bare(r.owed), bare(r.unused), bare(r.overdue), bare(r.days),
                bare(r.value), r.tickets,
            ))
            for r in told.holders
        ))  # fmt: skip
        yield Page(titles["cash"], self._columns(
            ("person", 20), ("amount", 12), ("since", 14), ("tickets", 50), ("rows", 30),
        ), tuple(
            Row((r.person, bare(r.amount), r.since, r.tickets, r.rows)) for r in told.cash
        ))  # fmt: skip
        named = tuple(Column(band.label, 12, number=True) for band in told.bands)
        yield Page(titles["figures"], self._columns(
            ("figure", 10), ("what", 30), ("result", 14), ("over", 18), ("target", 14),
            ("judged", 12), ("note", 60),
        ), tuple(
            Row((r.id, r.title, r.value, r.over, r.target, r.state_title, r.note))
            for r in told.figures
        ))  # fmt: skip
        yield Page(titles["ageing"], (
            *self._columns(("sort", 24)), *named, *self._columns(("units", 12), ("value", 14)),
        ), tuple(
            Row((r.label, *map(bare, r.bands), bare(r.units), bare(r.value)))
            for r in told.ageing
        ))  # fmt: skip
        yield Page(titles["count"], self._columns(
            ("part", 14), ("serial", 20), ("sort", 8), ("book", 10), ("counted", 10),
            ("difference", 10), ("tolerance", 10), ("value", 12), ("verdict", 14), ("rows", 26),
        ), tuple(
            Row((
                r.part, r.serial, r.sort, bare(r.book), bare(r.counted), bare(r.difference),
                r.tolerance, bare(r.value), r.verdict, r.rows,
            ))
            for r in told.all_count
        ))  # fmt: skip
        yield Page(titles["findings"], self._columns(
            ("rule", 10), ("severity", 9), ("what", 40), ("part", 12), ("serial", 20),
            ("ticket", 18), ("person", 18), ("value", 12), ("since", 14), ("rows", 30),
        ), tuple(
            Row((
                r.rule, r.severity_title, r.text, r.part, r.serial, r.ticket, r.person,
                bare(r.value), r.since, r.rows,
            ))
            for r in told.findings
        ))  # fmt: skip
        yield Page(titles["rules"], self._columns(
            ("rule", 10), ("what", 40), ("severity", 9), ("failed", 10), ("decided", 10),
            ("rate", 10), ("range", 12), ("unknown", 10), ("verdict", 40),
        ), tuple(
            Row((
                r.id, r.title, r.severity_title, str(r.failed), str(r.decided), r.rate, r.range,
                str(r.lacking), r.note,
            ))
            for r in told.all_rules
        ))  # fmt: skip

    def _columns(self, *named: tuple[str, int]) -> tuple[Column, ...]:
        return tuple(Column(self.table[name], wide, name in _NUMBERS) for name, wide in named)
