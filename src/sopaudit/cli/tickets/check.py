"""`sopaudit tickets check`: every ticket held against the workflows and the rules."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import (
    Engine,
    HandbookFolder,
    Lang,
    Output,
    Scheduler,
    Work,
    Workers,
    formats,
)
from sopaudit.cli.session import chosen_format, give, give_pieces, one_of, write
from sopaudit.cli.stop import PROBLEMS, Stop

if TYPE_CHECKING:
    from sopaudit.cli.tickets.checking import Looked

FORMATS: Final = ("text", "csv", "json", "xlsx")
SEVERITIES: Final = ("any", "minor", "major", "critical")


def check(
    log: Annotated[
        str,
        typer.Argument(
            metavar="LOG",
            help="An event log (CSV, XLSX, Parquet, XES), a folder of records, or an audit. "
            "事件日志、记录文件夹或检查。",
        ),
    ],
    workflow: Annotated[
        str | None,
        typer.Option(
            "--workflow",
            metavar="ID|FILE",
            help="One workflow: its id, or a file of YAML or BPMN (default: the whole journey "
            "through all of the handbook). 只核对一个流程。",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            metavar="FILE",
            help="YAML that says what the columns of the log mean. 日志对照文件。",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DAY",
            help="The last day the log speaks of; tickets not at an end by then are open. "
            "记录截至哪一天。",
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="|".join(SEVERITIES),
            help="End with 1 where there is such a deviation, or a more serious one. "
            "有此严重程度及以上的偏离时退出码为 1。",
        ),
    ] = None,
    format_: Annotated[str | None, formats(FORMATS)] = None,
    output: Output = None,
    engine: Engine = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    work: Work = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Hold every ticket against the workflows and the rules. 核对每张工单。

    How far the data can be trusted comes first, then how many tickets conform, where
    they deviate, and what the rules found. The table of deviations (-o FILE.csv) has a
    row for each, with its source rows; it is the same on every run.

    A log of millions of events is checked in parts; stopped, the same command goes on.

    \b
    Examples:
      sopaudit tickets check audits/2026-10-cd-desk
      sopaudit tickets check audits/2026-10-cd-desk -o deviations.csv
      sopaudit tickets check 2026-10-cq-desk --workflow F2 --format json
    """
    kind = chosen_format(format_, output, FORMATS)
    if fail_on is not None:
        one_of(fail_on, SEVERITIES, "--fail-on")
    from sopaudit.cli.scale import way
    from sopaudit.cli.tickets.checking import Asked, looked

    asked = Asked(log, workflow, mapping, as_of, handbook, lang)
    with looked(asked, way(engine, workers, scheduler, work, output)) as seen:
        _put(seen, kind, output)
        if seen.stopped or seen.unsound or (fail_on is not None and seen.worst(fail_on)):
            raise Stop(PROBLEMS)


def _put(seen: "Looked", kind: str, output: Path | None) -> None:
    from sopaudit.report.checked.json import checked_json
    from sopaudit.report.checked.text import checked_text
    from sopaudit.report.checked.xlsx import checked_book

    if kind == "csv" and output is None:
        give_pieces(seen.checked.written())
        return
    if output is not None and kind == "csv":
        from sopaudit.cli.session import write_each

        for _ in write_each([(output, seen.checked.written())]):
            pass
    elif kind == "xlsx":
        if output is None:
            from sopaudit.cli.stop import usage

            raise usage("xlsx 请用 -o 写入文件。", "xlsx goes to a file: name it with -o.")
        write(output, checked_book(seen.checked, seen.handbook, seen.lang))
    elif kind == "json":
        told = checked_json(seen.checked, seen.handbook, seen.file, seen.quality)
        if output is None:
            give(told)
            return
        write(output, told.encode())
    told = checked_text(seen.checked, seen.handbook, seen.file, seen.lang, seen.quality)
    if kind == "text" and output is not None:
        write(output, told.encode())
    else:
        print(told, end="")
    if output is not None:
        print(output.as_posix())
