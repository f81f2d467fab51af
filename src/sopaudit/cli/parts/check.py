"""`sopaudit parts check`: every part accounted for, and every rule on parts held against it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import (
    AsOf,
    Engine,
    HandbookFolder,
    Lang,
    Output,
    Scheduler,
    Work,
    Workers,
    formats,
)
from sopaudit.cli.parts.option import Ledger, Mapping
from sopaudit.cli.session import chosen_format, deliver, one_of
from sopaudit.cli.stop import PROBLEMS, Stop, usage

if TYPE_CHECKING:
    from sopaudit.cli.records import Subject
    from sopaudit.criteria.rule import Rule
    from sopaudit.findings.ledger import PartsCheck
    from sopaudit.report.parts.big import BigParts

FORMATS: Final = ("text", "csv", "json", "xlsx")
SEVERITIES: Final = ("any", "minor", "major", "critical")


def check(
    ledger_: Ledger,
    mapping: Mapping = None,
    as_of_: AsOf = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="|".join(SEVERITIES),
            help="End with 1 where there is such a finding, or a more serious one. "
            "有此严重程度及以上的发现时退出码为 1。",
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
    """Say what is where, what is owed and by whom, and what vanished. 核对备件。

    Every move takes from one place and puts into another, so all places together are
    always zero; what is missing in one is with somebody. What is wrong is decided by the
    rules of the handbook. The table of findings (-o FILE.csv) has a row for each, with
    the chain of moves that proves it; it is the same on every run.

    A table of millions of moves is checked in parts; rules that join several parts are
    then named and not heard. Stopped, the same command goes on.

    \b
    Examples:
      sopaudit parts check audits/2026-10-cd-desk
      sopaudit parts check 2026-10-cd-desk -o findings.xlsx
      sopaudit parts check records/ --as-of 2026-11-05 --format json
      sopaudit parts check exported.xlsx --mapping columns.yaml
      sopaudit parts check moves.parquet -o findings.csv
    """
    kind = chosen_format(format_, output, FORMATS)
    if fail_on is not None:
        one_of(fail_on, SEVERITIES, "--fail-on")
    from sopaudit.cli.parts.big import in_parts, is_big
    from sopaudit.cli.parts.ledger import Asked, checked, ledger
    from sopaudit.cli.records import as_of, ended
    from sopaudit.cli.scale import way

    asked, how = (
        Asked(ledger_, mapping, handbook, lang),
        way(engine, workers, scheduler, work, output),
    )
    if is_big(ledger_, how):
        with in_parts(asked, how, as_of(as_of_)) as (told, said):
            _put_big(told, said, kind, output)
            if told.kept.problems or (fail_on is not None and _worst_big(told, fail_on)):
                raise Stop(PROBLEMS)
        return
    one = ledger(asked, as_of(as_of_))
    found = checked(one)
    _put(one, found, kind, output)
    if fail_on is not None and _worst(found, fail_on):
        raise Stop(PROBLEMS)
    ended(one)


def _worst(found: "PartsCheck", severity: str) -> bool:
    """Say whether a rule found something of a severity, or of a more serious one."""
    return any(
        result.counts()["nonconforming"] and _asked(result.rule, severity) for result in found.heard
    )


def _worst_big(told: "BigParts", severity: str) -> bool:
    rules = told.kept.evidence.handbook.rules
    return any(number and _asked(rules[rule], severity) for rule, number in told.wrong.items())


def _asked(rule: "Rule", severity: str) -> bool:
    asked = SEVERITIES[SEVERITIES.index(severity) :]
    return severity == "any" or (rule.severity or "minor") in asked


def _put_big(told: "BigParts", lang: str, kind: str, output: Path | None) -> None:
    """Hand over what a ledger in parts can say."""
    from sopaudit.report.parts.big import big_csv, big_json, big_text

    text = big_text(told, lang)
    match kind:
        case "text":
            content = text.encode()
        case "csv":
            content = big_csv(told)
        case "json":
            content = big_json(told).encode()
        case _:
            raise usage(
                "分份核对的表不写成工作簿；请用 .csv 或 .json。",
                "A ledger in parts goes into no workbook; take .csv or .json.",
            )
    if kind != "text" and output is not None and str(output) != "-":
        print(text, end="")
    deliver(content, kind, output)


def _put(one: "Subject", found: "PartsCheck", kind: str, output: Path | None) -> None:
    """Hand over what was asked for; beside a file the terminal tells the picture."""
    from sopaudit.cli.parts.ledger import trust
    from sopaudit.report.parts.checked import parts_text

    told = parts_text(found, trust(one), one.word, one.lang)
    match kind:
        case "text":
            content = told.encode()
        case "csv":
            from sopaudit.report.parts.table import loss_csv, loss_rows

            content = loss_csv(loss_rows(found.custody, found.losses))
        case "json":
            from sopaudit.report.parts.checked_json import parts_json

            content = parts_json(found, trust(one), one.word).encode()
        case _:
            from sopaudit.report.parts.checked_xlsx import parts_book

            content = parts_book(found, one.lang)
    if kind != "text" and output is not None and str(output) != "-":
        print(told, end="")
    deliver(content, kind, output)
