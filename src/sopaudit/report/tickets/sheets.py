"""The ticket section on sheets of the report's workbook: whole lists, to be filtered and sorted."""

from collections.abc import Iterator

from sopaudit.press.words import words
from sopaudit.report.model import InspectionReport
from sopaudit.report.tickets.model import TicketSection
from sopaudit.report.workbook import Column, Page, Row


def ticket_pages(report: InspectionReport) -> Iterator[Page]:
    """Lay the ticket section out on sheets; there are none where the audit has no tickets."""
    if report.tickets is None:
        return
    for page in _Sheets(report.tickets, report.lang).pages():
        if page.rows:
            yield page


class _Sheets:
    def __init__(self, told: TicketSection, lang: str) -> None:
        self.told = told
        self.say = words(lang, "ticket_section")
        self.table = self.say["table"]

    def pages(self) -> Iterator[Page]:
        titles = self.say["sheet"]
        yield Page(titles["deviations"], self._columns(
            ("ticket", 20), ("rule", 10), ("severity", 9), ("what", 64), ("person", 18),
            ("when", 16), ("rows", 16),
        ), tuple(
            Row((r.ticket, r.rule, r.severity_title, r.text, r.who, r.when, r.rows))
            for r in self.told.deviations
        ))  # fmt: skip
        yield Page(titles["rules"], self._columns(
            ("rule", 10), ("what", 40), ("severity", 9), ("failed", 10), ("decided", 10),
            ("rate", 10), ("range", 12), ("unknown", 10), ("verdict", 40),
        ), tuple(
            Row((
                r.id, r.title, r.severity_title, str(r.failed), str(r.decided), r.rate, r.range,
                str(r.lacking), r.note,
            ))
            for r in self.told.all_rules
        ))  # fmt: skip
        yield Page(titles["where"], self._columns(
            ("dimension", 12), ("slice", 28), ("failed", 10), ("decided", 10), ("rate", 10),
            ("lift", 10), ("mark", 6),
        ), tuple(
            Row((table.title, r.label, str(r.bad), str(r.cases), r.rate, r.lift, r.mark))
            for table in self.told.dimensions
            for r in table.rows
        ))  # fmt: skip
        yield Page(titles["ways"], self._columns(
            ("touched", 10), ("share", 10), ("way", 90), ("cost", 10), ("verdict", 40),
        ), tuple(
            Row((str(r.tickets), r.share, r.text, r.cost, r.verdict)) for r in self.told.variants
        ))  # fmt: skip
        yield Page(titles["quality"], self._columns(
            ("what", 34), ("count", 20), ("share", 10), ("limit", 10), ("verdict", 12),
            ("examples", 60),
        ), tuple(
            Row((r.title, r.count, r.share, r.limit, r.verdict, r.examples))
            for r in self.told.all_quality
        ))  # fmt: skip

    def _columns(self, *named: tuple[str, int]) -> tuple[Column, ...]:
        numbers = {"failed", "decided", "touched", "cost", "unknown"}
        return tuple(Column(self.table[name], wide, name in numbers) for name, wide in named)
