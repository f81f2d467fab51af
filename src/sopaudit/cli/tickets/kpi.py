"""`sopaudit tickets kpi`: the key figures of offices, each with its two numbers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import AsOf, HandbookFolder, Lang, Output, formats
from sopaudit.cli.records import Subject, as_of, ended, subject
from sopaudit.cli.session import chosen_format, deliver
from sopaudit.cli.stop import usage

if TYPE_CHECKING:
    from sopaudit.report.tickets.kpi import Counts

FORMATS: Final = ("text", "json", "xlsx")


def kpi(
    records: Annotated[
        list[str],
        typer.Argument(
            metavar="AUDIT",
            help="Audit folders or their ids, folders of records, or tables of tickets. "
            "检查、记录文件夹或工单表。",
        ),
    ],
    as_of_: AsOf = None,
    format_: Annotated[str | None, formats(FORMATS)] = None,
    output: Output = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Count the key figures of sops/kpis.yaml. 指标。

    Every rate comes with numerator and denominator; below the number of cases the
    handbook names it says n/a. What may still change is provisional. Several offices or
    months stand one after the other, and side by side in the workbook.

    \b
    Examples:
      sopaudit tickets kpi audits/2026-10-cd-desk
      sopaudit tickets kpi 2026-10-cd-desk 2026-10-cq-desk 2026-10-hz-desk -o kpi.xlsx
      sopaudit tickets kpi records/ --as-of 2026-11-05 --format json
    """
    kind = chosen_format(format_, output, FORMATS)
    now = as_of(as_of_)
    seen = [subject(word, handbook, lang, now) for word in dict.fromkeys(records)]
    if not seen[0].handbook.kpis:
        raise usage(
            "手册没有指标；请写在 sops/kpis.yaml 里。",
            "The handbook has no key figures; they stand in sops/kpis.yaml.",
        )
    told = [_counted(one) for one in seen]
    from sopaudit.report.tickets.kpi import kpi_json, kpi_text, kpi_xlsx

    match kind:
        case "text":
            content = kpi_text(told, seen[0].lang).encode()
        case "json":
            content = kpi_json(told).encode()
        case _:
            content = kpi_xlsx(told, seen[0].lang)
    deliver(content, kind, output)
    ended(*seen)


def _counted(one: Subject) -> "Counts":
    from sopaudit.findings.figures.engine import key_figures
    from sopaudit.report.tickets.kpi import Counts

    period = one.audit.period if one.audit else None
    return Counts(
        one.handbook,
        one.word,
        one.office or Path(one.word).name,
        str(period.from_) if period else "",
        str(period.to) if period else "",
        one.now,
        key_figures(one.hearing, one.last),
    )
