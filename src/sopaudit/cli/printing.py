"""Examined audits as files: what `sopaudit report` writes."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sopaudit.cli.examined import Examined
from sopaudit.cli.logged import known_events
from sopaudit.cli.pango import NO_PANGO
from sopaudit.cli.progress import watched
from sopaudit.cli.records import end_of
from sopaudit.cli.session import day_asked
from sopaudit.cli.stop import PROBLEMS, Stop, unknown
from sopaudit.crew import WorkerLostError
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.audit import AuditFolder
from sopaudit.evidence.quality import Expected
from sopaudit.evidence.recordquality import quality_of
from sopaudit.evidence.records import DATA, EVENTS, Records, read_records
from sopaudit.file import file_names
from sopaudit.findings.gathering import TicketEvidence, ticket_evidence
from sopaudit.findings.money.short import money_evidence
from sopaudit.findings.parts_evidence import PartsEvidence, parts_evidence
from sopaudit.press.pdf import Job, PangoMissingError, Printed, render_many
from sopaudit.press.words import words
from sopaudit.report.inspection import inspection, table_inspection
from sopaudit.report.json import result_json
from sopaudit.report.model import InspectionReport
from sopaudit.report.page import (
    attachments,
    inspection_html,
    person_html,
    table_attachments,
)
from sopaudit.report.person import inspected
from sopaudit.report.seen import seen_in_folder, seen_in_tables


@dataclass(frozen=True)
class Wanted:
    """Which persons get a page, and where it goes."""

    persons: Sequence[str] = ()
    everyone: bool = False
    apart: bool = False
    """In files of their own, without the report and without its data, which is about others too."""

    def of(self, one: Examined) -> tuple[str, ...]:
        """List them for one audit; ends the command where somebody was not inspected."""
        if not self.persons and not self.everyone:
            return ()
        folder, audit = one.folder, one.conclusion.audit
        tables = (one.handbook, one.frames, audit)
        known = inspected(seen_in_folder(folder) if folder else seen_in_tables(*tables))
        for person in self.persons:
            if person not in known:
                zh = f"检查“{audit}”没有检查工号 {person} 的工作。"
                en = f"The audit “{audit}” did not look at the work of {person}."
                raise unknown(zh, en, person, known)
        return known if self.everyone else tuple(dict.fromkeys(self.persons))


def printed(
    seen: Sequence[Examined], lang: str, kind: str, wanted: Wanted | None = None
) -> Iterator[tuple[str, bytes]]:
    """Give the name and content of a file for each audit, or for each person, in order.

    Where the PDF cannot be made because system libraries are missing, it is the HTML, and the error
    stream says how to print it.
    """
    names = _names(seen, lang)
    if kind in ("json", "xlsx"):
        for one in seen:
            yield f"{names[one.conclusion.audit]}.{kind}", _data(one, _report(one, lang), kind)
        return
    wanted = wanted or Wanted()
    # All of them first, so that a wrong staff number writes nothing.
    persons = [wanted.of(one) for one in seen]
    pages = [
        told
        for one, staff in zip(seen, persons, strict=True)
        for told in _pages(
            one, _report(one, lang, staff), names[one.conclusion.audit], apart=wanted.apart
        )
    ]
    if kind == "pdf":
        try:
            yield from _pdf(pages)
        except WorkerLostError:
            raise Stop(PROBLEMS, _LOST) from None
        except PangoMissingError:
            print(NO_PANGO["zh" if lang == "zh" else "en"], file=sys.stderr)
        else:
            return
    for told in pages:
        yield f"{told.name}.html", told.html.encode()


_LOST: Final = (
    "打印 PDF 的进程被系统结束了，多半是内存不够；写完的文件是完整的。请一次少打印几份。\n"
    "The system ended a process that was printing, most likely for want of memory; "
    "files that were written are whole. Print fewer at a time."
)


@dataclass(frozen=True)
class _Page:
    """A file to be written, laid out."""

    one: Examined
    name: str
    """Without its ending."""

    html: str
    whole: bool
    """It is the report, which carries its data; a person's page carries nobody's."""


def _pages(one: Examined, report: InspectionReport, name: str, *, apart: bool) -> Iterator[_Page]:
    if not apart:
        yield _Page(one, name, inspection_html(report), whole=True)
        return
    staff = file_names(person.staff for person in report.persons)
    for person in report.persons:
        told = f"{name}-{staff[person.staff]}"
        yield _Page(one, told, person_html(report, person), whole=False)


def _names(seen: Sequence[Examined], lang: str) -> dict[str, str]:
    """Name the file of each audit; that of its copy says that it is one."""
    copy = words(lang)["page"]["copy_file"]
    names = file_names(one.conclusion.audit for one in seen)
    return {
        audit: f"{names[audit]}-{copy}" if one.circulating else names[audit]
        for one in seen
        for audit in [one.conclusion.audit]
    }


def _report(one: Examined, lang: str, persons: Sequence[str] = ()) -> InspectionReport:
    told, copy = one.conclusion, one.circulating
    if one.folder is None:
        tables = (one.handbook, one.frames)
        return table_inspection(*tables, told, lang, persons, circulating=copy)
    tickets, parts = _from_records(one.folder)
    return inspection(
        one.folder, told, lang, persons, circulating=copy, tickets=tickets, parts=parts
    )


def _from_records(folder: AuditFolder) -> tuple[TicketEvidence | None, PartsEvidence | None]:
    """Check the tickets and the parts of an audit, of which it has records."""
    audit, handbook = folder.audit, folder.handbook
    records, _ = read_records(folder.folder / DATA, handbook, office=audit.office)
    as_of = audit.as_of or audit.date
    logged = EVENTS in records or EVENTS in records.missing
    tickets = _tickets(records, handbook, as_of) if logged else None
    results = tickets.checked.rules if tickets is not None else None
    money = money_evidence(handbook, records, end_of(as_of))
    last = audit.period.to
    return tickets, parts_evidence(handbook, records, as_of, results, money, last=last)


def _tickets(records: Records, handbook: Handbook, as_of: date) -> TicketEvidence:
    """Check the tickets of an audit that has a log of events among its records."""
    expected = Expected(known_events(handbook), as_of=as_of)
    quality = quality_of(records, handbook, expected)
    return ticket_evidence(handbook, records, as_of, quality)


def _data(one: Examined, report: InspectionReport, kind: str) -> bytes:
    """Write a report as a workbook or as data."""
    if kind == "json":
        return result_json(one.handbook, one.conclusion, report, one.folder).encode()
    from sopaudit.report.xlsx import workbook

    return workbook(report)


def _pdf(told: Sequence[_Page]) -> Iterator[tuple[str, bytes]]:
    jobs = [_job(page) for page in told]
    pages = render_many(jobs, workers=min(len(jobs), os.cpu_count() or 1))
    watching = watched(pages, lambda done, _: f"{done}/{len(jobs)}", lambda _: 1)
    warned: set[str] = set()
    for page, made in zip(told, watching, strict=True):
        warn(made, warned)
        yield f"{page.name}.pdf", made.pdf


def _job(page: _Page) -> Job:
    one = page.one
    made = one.folder.audit.date if one.folder else _day(one)
    if not page.whole:
        return Job(page.html, made)
    if one.folder is not None:
        return Job(page.html, made, attachments(one.folder, one.copies or {}))
    return Job(page.html, made, table_attachments(one.handbook, one.frames, one.conclusion.audit))


def _day(one: Examined) -> date:
    """Give the day of an audit that stands in tables; without one, the day of printing."""
    for frame in one.frames:
        if one.conclusion.audit in frame.audits:
            day = frame.dates[frame.audits.index(one.conclusion.audit)].astype(object)
            if isinstance(day, date):
                return day
    return day_asked(None)


def warn(page: Printed, told: set[str]) -> None:
    """Say what did not print as it was written; of a batch, each character once."""
    new = [sign for sign in page.uncovered if sign not in told]
    told.update(new)
    if new:
        missing = " ".join(new)
        print(
            f"字体里没有这些字，已印成方框和编码：{missing}\n"
            f"The font lacks these characters; they print as a box and their code: {missing}",
            file=sys.stderr,
        )
    for complaint in page.complaints:
        print(complaint, file=sys.stderr)
