"""`sopaudit tickets today`: what is overdue, and what falls due in the next hours, by person."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, Output, formats
from sopaudit.cli.records import at_moment, clock, ended, subject
from sopaudit.cli.session import chosen_format, deliver
from sopaudit.cli.stop import usage

if TYPE_CHECKING:
    import numpy as np

    from sopaudit.criteria.duration import Duration
    from sopaudit.report.tickets.today import Today

FORMATS: Final = ("text", "html", "pdf", "xlsx", "json")


def today(
    records: Annotated[
        str,
        typer.Argument(
            metavar="AUDIT",
            help="An audit folder or its id, a folder of records, or a table of tickets. "
            "检查、记录文件夹或工单表。",
        ),
    ],
    now: Annotated[
        str | None,
        typer.Option(
            "--now",
            metavar="MOMENT",
            help='The moment it is, as "2026-10-14 09:00" (default: the clock). 现在的时间。',
        ),
    ] = None,
    ahead: Annotated[
        str,
        typer.Option("--ahead", metavar="LENGTH", help="How far to look ahead. 往后看多久。"),
    ] = "4 h",
    format_: Annotated[str | None, formats(FORMATS)] = None,
    output: Output = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Tell what is overdue and what falls due soon, by person. 今日待办。

    The due moments are those of the rules that stand under today in sops/rules.yaml. Text
    is made to be pasted into a chat; a PDF is one sheet of A4.

    \b
    Examples:
      sopaudit tickets today audits/2026-10-cd-desk --now "2026-10-14 09:00"
      sopaudit tickets today 2026-10-cd-desk --now "2026-10-14 09:00" -o today.pdf
      sopaudit tickets today records/ --ahead "8 h" -o today.xlsx
    """
    kind = chosen_format(format_, output, FORMATS)
    one = subject(records, handbook, lang, _moment(now))
    if not one.handbook.today:
        raise usage(
            "手册没有说今日待办列什么，请在 sops/rules.yaml 里写 today。",
            "The handbook does not say what the list shows; write today into sops/rules.yaml.",
        )
    from sopaudit.findings.agenda import agenda
    from sopaudit.report.tickets import today as written

    hearing = one.hearing
    found = agenda(hearing, one.handbook.today, _ahead(ahead))
    if kind == "json":
        deliver(written.today_json(found).encode(), kind, output)
        ended(one)
        return
    office = one.office or Path(one.word).name
    told = written.today(one.handbook, hearing, found, office, one.lang)
    match kind:
        case "text":
            content = written.today_text(told).encode()
        case "xlsx":
            content = written.today_xlsx(told)
        case "html":
            content = written.today_html(told).encode()
        case _:
            content, kind, output = _pdf(told, output)
    deliver(content, kind, output)
    ended(one)


def _moment(now: str | None) -> "np.datetime64":
    told = at_moment(now)
    return clock() if told is None else told


def _pdf(told: "Today", output: Path | None) -> tuple[bytes, str, Path | None]:
    """Print the sheet; where the system cannot, it is HTML, and the error stream says so."""
    from sopaudit.cli.pango import NO_PANGO
    from sopaudit.cli.printing import warn
    from sopaudit.press.pdf import Job, PangoMissingError, render
    from sopaudit.report.tickets.today import today_html, today_sheet

    try:
        printed = render(Job(today_sheet(told), told.day))
    except PangoMissingError:
        print(NO_PANGO["zh" if told.lang == "zh" else "en"], file=sys.stderr)
        return today_html(told).encode(), "html", output.with_suffix(".html") if output else None
    warn(printed, set())
    return printed.pdf, "pdf", output


def _ahead(text: str) -> "Duration":
    from sopaudit.criteria.duration import duration

    found = duration(text)
    if found is None:
        raise usage(
            f"--ahead 要写成 4 h 这样的时间长度，这里是“{text}”。",
            f"--ahead takes a length of time such as 4 h, but this is “{text}”.",
        )
    return found
