"""Examined audits as files: what `sopaudit report` writes."""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from sopaudit.cli.examined import Examined
from sopaudit.cli.progress import watched
from sopaudit.press.pdf import Job, PangoMissingError, Printed, render_many
from sopaudit.report.inspection import inspection, table_inspection
from sopaudit.report.json import result_json
from sopaudit.report.model import InspectionReport
from sopaudit.report.page import (
    attachments,
    inspection_html,
    inspection_job,
    table_attachments,
)


def printed(seen: Sequence[Examined], lang: str, kind: str) -> Iterator[tuple[str, bytes]]:
    """Give the name and content of a file for each audit, in order.

    Where the PDF cannot be made because system libraries are missing, it is the HTML, and the error
    stream says how to print it.
    """
    if kind == "json":
        for one in seen:
            yield _file(one, "json"), result_json(one.handbook, one.conclusion).encode()
        return
    reports = [_report(one, lang) for one in seen]
    if kind == "pdf":
        try:
            yield from _pdf(seen, reports)
        except PangoMissingError:
            print(_NO_PANGO, file=sys.stderr)
        else:
            return
    for one, report in zip(seen, reports, strict=True):
        yield _file(one, "html"), inspection_html(report).encode()


_NO_PANGO = (
    "这台电脑缺少排版用的 Pango 库，所以改为写出 HTML；请用浏览器打开后打印成 PDF。\n"
    "Pango is missing on this machine, so HTML was written instead; "
    "open it in a browser and print it to PDF."
)


def _file(one: Examined, kind: str) -> str:
    """Name the file of an audit; an id from a table must not lead out of the folder."""
    safe = "".join(
        sign if sign.isalnum() or sign in "-_." else "_" for sign in one.conclusion.audit
    )
    return f"{safe.lstrip('.') or '_'}.{kind}"


def _report(one: Examined, lang: str) -> InspectionReport:
    if one.folder is None:
        return table_inspection(one.handbook, one.frames, one.conclusion, lang)
    return inspection(one.folder, one.conclusion, lang)


def _pdf(
    seen: Sequence[Examined], reports: Sequence[InspectionReport]
) -> Iterator[tuple[str, bytes]]:
    jobs = [_job(one, report) for one, report in zip(seen, reports, strict=True)]
    pages = render_many(jobs, workers=min(len(jobs), os.cpu_count() or 1))
    watching = watched(pages, lambda done, _: f"{done}/{len(jobs)}", lambda _: 1)
    for one, page in zip(seen, watching, strict=True):
        _warn(page)
        yield _file(one, "pdf"), page.pdf


def _job(one: Examined, report: InspectionReport) -> Job:
    if one.folder is not None:
        return inspection_job(report, one.folder.audit.date, attachments(one.folder))
    files = table_attachments(one.handbook, one.frames, one.conclusion.audit)
    return inspection_job(report, _day(one), files)


def _day(one: Examined) -> date:
    """Give the day of an audit that stands in tables; without one, the day of printing."""
    for frame in one.frames:
        if one.conclusion.audit in frame.audits:
            day = frame.dates[frame.audits.index(one.conclusion.audit)].astype(object)
            if isinstance(day, date):
                return day
    return datetime.now(tz=UTC).date()


def _warn(page: Printed) -> None:
    if page.uncovered:
        missing = " ".join(page.uncovered)
        print(
            f"字体里没有这些字，已印成方框：{missing}\n"
            f"The font lacks these characters; they print as boxes: {missing}",
            file=sys.stderr,
        )
    for complaint in page.complaints:
        print(complaint, file=sys.stderr)
