"""`sopaudit export`: an audit or an event log in a form of others."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, MappingFile, Output, Tables
from sopaudit.cli.session import give_pieces, hand_over, one_of, tell, write_each
from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from sopaudit.cli.events import EventsAsked
    from sopaudit.cli.examined import Examined
    from sopaudit.evidence.eventlog import EventLog

KINDS: Final = ("xccdf", "xes", "parquet")

_LOGS: Final = ("xes", "parquet")
"""What a log is written as, and the events of an audit."""

_NAME: Final = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""A name back to front, as ids of XCCDF hold it."""


def export(
    audit: Annotated[
        str,
        typer.Argument(
            metavar="AUDIT|LOG",
            help="An audit folder or its id; an event log. 检查文件夹或编号；事件日志。",
        ),
    ],
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="|".join(KINDS), help="What to write. 写成什么格式。"),
    ] = None,
    output: Output = None,
    table: Tables = None,
    mapping: MappingFile = None,
    namespace: Annotated[
        str | None,
        typer.Option(
            "--namespace",
            metavar="NAME",
            help="Domain of your organisation back to front, such as com.example, for the ids in "
            "the file (default: local. and the handbook's id). 单位域名倒写，用于文件中的编号。",
        ),
    ] = None,
    handbook: HandbookFolder = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="LANG",
            help="Write this language only (default: all of the handbook). 只写一种语言。",
        ),
    ] = None,
) -> None:
    """Write an audit or an event log for other programs. 导出检查记录或事件日志。

    xccdf is XCCDF 1.2: the checklist as a benchmark, the answers as results, and the
    four scores of that standard, which oscap computes alike. See docs/xccdf.md.
    xes (IEEE 1849) and parquet take an event log, or the events an audit keeps in its
    data folder; every event keeps the number of its source row. See docs/logs.md.

    \b
    Examples:
      sopaudit export audits/2026-10-cd --to xccdf -o cd.xml
      sopaudit export 2026-10-cd --to xccdf --lang en -o cd.en.xml
      sopaudit export 2026-10-cd --to xccdf --namespace com.example -o cd.xml
      sopaudit export log.csv --to xes -o log.xes
    """
    if to is None:
        raise usage(
            f"请用 --to 说明写成什么：{'、'.join(KINDS)}。",
            f"Say with --to what to write: {', '.join(KINDS)}.",
        )
    one_of(to, KINDS, "--to")
    if namespace is not None and not _NAME.fullmatch(namespace):
        raise usage(
            f"--namespace 要写成 com.example 这样的名字，这里是“{namespace}”。",
            f"--namespace takes a name such as com.example, but this is “{namespace}”.",
        )
    if to in _LOGS:
        from sopaudit.cli.events import EventsAsked

        _export_log(EventsAsked(audit, mapping, handbook, lang), to, output)
        return
    from sopaudit.cli.examined import Asked, Evidence

    evidence = Evidence(Asked([audit], table or (), mapping, handbook, lang))
    one = next(evidence.examined())
    tell(one.problems, evidence.lang)
    if one.folder is not None and one.problems:
        zh, en = "检查记录有问题，没有导出。", "The audit has problems, so nothing was exported."
        raise Stop(PROBLEMS, zh if evidence.lang == "zh" else en)
    hand_over(_xccdf(one, audit, lang, namespace), to, output)
    if one.problems:
        raise Stop(PROBLEMS)


def _xccdf(one: "Examined", audit: str, lang: str | None, namespace: str | None) -> str:
    from sopaudit.report.seen import seen_in_folder, seen_in_tables
    from sopaudit.report.xccdf.content import benchmark
    from sopaudit.report.xccdf.markup import xccdf

    book = one.handbook
    if one.folder is not None:
        seen = seen_in_folder(one.folder)
    else:
        seen = seen_in_tables(book, one.frames, audit)
    if seen.day is None:
        raise usage(
            f"表格没有说“{audit}”是哪一天的检查，XCCDF 文件必须写明日期；请在对照文件里写 date。",
            f"The table does not say on which day “{audit}” was, and an XCCDF file must; "
            "name its column with `date` in the mapping.",
        )
    space = namespace or f"local.{book.organisation.id.replace('_', '-')}"
    languages = book.languages if lang is None else (lang,)
    return xccdf(benchmark(seen, one.conclusion, languages, space))


def _export_log(asked: "EventsAsked", to: str, output: Path | None) -> None:
    """Write a log, or the events of an audit, whole or not at all."""
    from sopaudit.cli.events import events_of

    log, zone, spoken = events_of(asked)
    if to == "xes":
        from sopaudit.report.logfile import xes

        pieces = xes(log, zone)
        if output is None or str(output) == "-":
            give_pieces(pieces)
            return
    else:
        pieces = iter([_parquet(log, output, spoken)])
    if output is not None:
        for place in write_each([(output, pieces)]):
            print(place.as_posix())


def _parquet(log: "EventLog", output: Path | None, lang: str) -> bytes:
    if output is None or str(output) == "-":
        raise usage(
            "Parquet 不是文字，请用 -o 写明文件名。", "Parquet is no text: name a file with -o."
        )
    try:
        from sopaudit.report.logfile import parquet

        return parquet(log)
    except ImportError:
        from sopaudit.problems import Place, Problem

        tell([Problem(Place(output.as_posix()), "T004")], lang)
        raise Stop(PROBLEMS) from None
