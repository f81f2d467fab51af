"""`sopaudit draw`: a workflow as a swimlane chart."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, MappingFile, Output
from sopaudit.cli.session import day_asked, found, give, one_of, opened, tell, write
from sopaudit.cli.stop import unknown, usage

if TYPE_CHECKING:
    from datetime import date

    from sopaudit.criteria.handbook import Handbook
    from sopaudit.criteria.workflow import Workflow
    from sopaudit.swimlane.drawing import Drawing

KINDS: Final = ("svg", "pdf", "html", "bpmn")

_UPRIGHT: Final = (180.0, 261.0)
_ON_ITS_SIDE: Final = (267.0, 175.0)
"""Room on an A4 page below the title, in millimetres; see the style of the page."""


def draw(
    workflow: Annotated[
        str, typer.Argument(metavar="WORKFLOW", help="The id of a workflow, such as F2. 流程编号。")
    ],
    output: Output = None,
    across: Annotated[
        bool,
        typer.Option(
            "--across/--upright",
            help="Time runs right in lanes that are rows, for a screen: a PDF of it is one page "
            "however small; or down in columns (default). 横排（PDF 只有一页）或竖排。",
        ),
    ] = False,
    log: Annotated[
        Path | None,
        typer.Option(
            "--log",
            metavar="LOG",
            help="An event log (CSV, XLSX, Parquet, XES): how often tickets passed each box and "
            "move, and where they left the flow. 事件日志：各环节、去路的次数和偏离率。",
        ),
    ] = None,
    mapping: MappingFile = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DAY",
            help="The log speaks up to this day; tickets without an end are open (default: all "
            "are complete). 日志截至哪天，没有结束的工单算未完结。",
        ),
    ] = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Draw a workflow as a swimlane chart. 画泳道图。

    Prints SVG unless a file is named; its ending says what is written: .svg, .pdf, .html
    or .bpmn. A PDF takes as many pages as the chart needs at a size one can read;
    BPMN 2.0 opens in modelling tools and comes back with sopaudit import.

    \b
    Examples:
      sopaudit draw F2 -o f2.svg
      sopaudit draw F2 -o f2.pdf --lang en
      sopaudit draw F2 --across > f2.svg
      sopaudit draw F2 -o f2.bpmn
      sopaudit draw F2 --log events.csv --as-of 2026-11-05 -o f2.pdf
    """
    from sopaudit.swimlane.face import Names
    from sopaudit.swimlane.layout import lay_out

    output = None if str(output) == "-" else output
    kind = _kind(output)
    day = _fitting(log, mapping, as_of, kind)
    book, told = opened(found(handbook), lang)
    flow = book.workflows.get(workflow) or book.workflows.get(workflow.upper())
    if flow is None:
        zh, en = f"手册里没有流程“{workflow}”。", f"The handbook has no workflow “{workflow}”."
        raise unknown(zh, en, workflow, list(book.workflows))
    names = Names.of(book, told)
    upright = not across and kind != "bpmn"
    _warn(book, flow, told)
    numbers = None
    if log is not None:
        from sopaudit.cli.logged import conformance
        from sopaudit.report.tickets.chart import overlay

        numbers = overlay(conformance(book, log, mapping, day, told), flow, told)
    drawing = lay_out(flow, lang=told, names=names, upright=upright, overlay=numbers)
    if kind == "bpmn":
        from sopaudit.swimlane.bpmn import bpmn

        _put(bpmn(flow, drawing, names), output)
        return
    if kind == "svg":
        from sopaudit.swimlane.svg import svg

        _put(svg(drawing, heading=True).encode(), output)
        return
    _put_page(_page(book, flow, drawing, told), output, kind, told)


def _fitting(log: Path | None, mapping: Path | None, as_of: str | None, kind: str) -> "date | None":
    """Look whether the options on a log fit together; give the day it speaks up to."""
    if log is None and (mapping is not None or as_of is not None):
        zh, en = "--mapping 和 --as-of 要同时用 --log。", "--mapping and --as-of need --log."
        raise usage(zh, en)
    if log is not None and kind == "bpmn":
        raise usage("BPMN 里没有次数，不能用 --log。", "BPMN carries no counts; leave --log out.")
    return day_asked(as_of, "--as-of") if as_of is not None else None


def _warn(book: "Handbook", flow: "Workflow", lang: str) -> None:
    """Tell that a chart is not in force today; it is drawn, since those who approve it need it."""
    from sopaudit.criteria.edition import not_in_force

    tell(not_in_force(book, day_asked(None), {flow.id}), lang)


def _kind(output: Path | None) -> str:
    """Choose what is written by the ending of the file."""
    if output is None:
        return "svg"
    return one_of(output.suffix.lower().lstrip(".") or "svg", KINDS, f"-o {output.name}:")


def _page(book: "Handbook", flow: "Workflow", drawing: "Drawing", lang: str) -> str:
    from markupsafe import Markup

    from sopaudit.press.html import page
    from sopaudit.swimlane.paging import pages

    fitted = pages(drawing, *_UPRIGHT)
    if fitted.landscape:
        fitted = pages(drawing, *reversed(_ON_ITS_SIDE), landscape=True)
    title = flow.title.to(lang)
    return page(
        "chart.html.j2",
        lang,
        id=flow.id,
        title=title,
        heading=f"{flow.id} {title}",
        edition=flow.edition,
        author=book.organisation.name.to(lang),
        landscape=fitted.landscape,
        sheets=[Markup(sheet.svg) for sheet in fitted.sheets],  # noqa: S704 -- written by us
    )


def _put(content: bytes, output: Path | None) -> None:
    if output is None:
        give(content.decode())
    else:
        write(output, content)


def _put_page(html: str, output: Path | None, kind: str, lang: str) -> None:
    """Write a page, as HTML also where a PDF cannot be made."""
    if output is None or kind == "html":
        _put(html.encode(), output)
        return
    from datetime import date

    from sopaudit.press.pdf import Job, PangoMissingError, render

    try:
        made = render(Job(html, date.min))
    except PangoMissingError:
        from sopaudit.cli.pango import NO_PANGO

        print(NO_PANGO["zh" if lang == "zh" else "en"], file=sys.stderr)
        write(output.with_suffix(".html"), html.encode())
        return
    write(output, made.pdf)
