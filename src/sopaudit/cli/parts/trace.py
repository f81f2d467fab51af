"""`sopaudit parts trace`: the life of a part, as text and as a picture."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import AsOf, HandbookFolder, Lang, Output, formats
from sopaudit.cli.parts.option import Ledger, Mapping
from sopaudit.cli.session import chosen_format, deliver
from sopaudit.cli.stop import unknown, usage

if TYPE_CHECKING:
    from sopaudit.cli.records import Subject
    from sopaudit.findings.custody.custody import Custody
    from sopaudit.report.parts.trace import Trace

FORMATS: Final = ("text", "json", "svg", "html", "pdf")


def trace(
    ledger_: Ledger,
    word: Annotated[
        str,
        typer.Argument(
            metavar="SERIAL|PART|TICKET",
            help="What to follow: a serial number, a part number or a ticket. "
            "序列号、备件编号或工单号。",
        ),
    ],
    mapping: Mapping = None,
    as_of_: AsOf = None,
    format_: Annotated[str | None, formats(FORMATS)] = None,
    output: Output = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Tell the life of a part: every move, its source row, and what is open. 追踪备件。

    The word is taken as a serial number, else as a part number, else as a ticket. The
    chain leads from where a piece came from to where it is; an old part that came out of
    a machine goes with the new one. Findings are marked. A picture (-o FILE.svg, .pdf or
    .html) has a lane for each place.

    \b
    Examples:
      sopaudit parts trace audits/2026-10-cd-desk CDP01-00013
      sopaudit parts trace 2026-10-cd-desk CD-261013-002 -o life.pdf
      sopaudit parts trace records/ P09 --as-of 2026-11-05
    """
    kind = chosen_format(format_, output, FORMATS)
    from sopaudit.cli.parts.ledger import Asked, checked, ledger
    from sopaudit.cli.records import as_of, ended
    from sopaudit.report.parts.trace import taken_as
    from sopaudit.report.parts.trace import trace as traced

    one = ledger(Asked(ledger_, mapping, handbook, lang), as_of(as_of_))
    check = checked(one)
    if not taken_as(check.custody, word):
        raise _nobody(one, check.custody, word)
    found = traced(check.custody, check.losses, word)
    if kind not in {"text", "json"}:
        from sopaudit.report.parts.trace_page import pictured

        found = pictured(check.custody, check.losses, found)
    content, kind, output = _written(check.custody, found, one.lang, (kind, output))
    deliver(content, kind, output)
    ended(one)


def _nobody(one: "Subject", custody: "Custody", word: str) -> Exception:
    """Say that no move names a word, and which may have been meant."""
    from sopaudit.report.parts.trace import known_words

    if word in one.records.tickets:
        return usage(
            f"工单“{word}”没有备件出入库。", f"No movement of a part names the ticket “{word}”."
        )
    return unknown(
        f"出入库里没有“{word}”这个序列号、备件编号或工单号。",
        f"No movement names “{word}” as a serial number, part number or ticket.",
        word,
        known_words(custody, word),
    )


def _written(
    custody: "Custody", found: "Trace", lang: str, how: tuple[str, Path | None]
) -> tuple[bytes, str, Path | None]:
    kind, output = how
    match kind:
        case "text":
            from sopaudit.report.parts.trace_text import trace_text

            return trace_text(custody, found, lang).encode(), kind, output
        case "json":
            from sopaudit.report.parts.trace_json import trace_json

            return trace_json(custody, found).encode(), kind, output
        case "svg":
            from sopaudit.report.parts.trace_page import trace_svg

            return trace_svg(custody, found, lang).encode(), kind, output
    from sopaudit.report.parts.trace_page import trace_html

    html = trace_html(custody, found, lang)
    return (html.encode(), kind, output) if kind == "html" else _pdf(html, custody, lang, output)


def _pdf(
    html: str, custody: "Custody", lang: str, output: Path | None
) -> tuple[bytes, str, Path | None]:
    """Print the page; where the system cannot, it is HTML, and the error stream says so."""
    from datetime import date

    from sopaudit.cli.pango import NO_PANGO
    from sopaudit.cli.printing import warn
    from sopaudit.press.pdf import Job, PangoMissingError, render

    day: date = custody.now.astype("datetime64[D]").astype(date)
    try:
        printed = render(Job(html, day))
    except PangoMissingError:
        print(NO_PANGO["zh" if lang == "zh" else "en"], file=sys.stderr)
        return html.encode(), "html", output.with_suffix(".html") if output else None
    warn(printed, set())
    return printed.pdf, "pdf", output
