"""`sopaudit parts balance`: what was where at the end of a day."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopaudit.cli.option import HandbookFolder, Lang, Output, formats
from sopaudit.cli.parts.option import Ledger, Mapping
from sopaudit.cli.session import chosen_format, deliver, write
from sopaudit.cli.stop import unknown, usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from pandas import DataFrame

    from sopaudit.cli.records import Subject
    from sopaudit.findings.custody.custody import Custody

FORMATS: Final = ("text", "csv", "json")
BY: Final = ("place", "site", "status", "part", "serial", "holder", "ticket")


def balance(
    ledger_: Ledger,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DAY",
            help="At the end of which day (default: as the audit says, else today). 哪一天日终。",
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="WORD,...",
            help=f"What is told apart, some of {', '.join(BY)}. 按什么分开。",
        ),
    ] = "place,part",
    all_: Annotated[
        bool,
        typer.Option(
            "--all", help="Places that are not ours too, so that all adds up to 0. 连外面的一起列。"
        ),
    ] = False,
    opening: Annotated[
        Path | None,
        typer.Option(
            "--opening",
            metavar="FILE.csv",
            help="Write what is open as the record of opening balances of the next period. "
            "写成下期的期初。",
        ),
    ] = None,
    mapping: Mapping = None,
    format_: Annotated[str | None, formats(FORMATS)] = None,
    output: Output = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Say what was where at the end of a day, and with whom. 备件余额。

    \b
    Examples:
      sopaudit parts balance audits/2026-10-cd-desk --on 2026-10-31
      sopaudit parts balance 2026-10-cd-desk --by holder,ticket,part -o held.csv
      sopaudit parts balance records/ --on 2026-10-31 --opening opening.csv
    """
    kind = chosen_format(format_, output, FORMATS)
    asked = _asked(by)
    if opening is not None and opening.suffix.lower() != ".csv":
        raise usage(
            f"期初写成 CSV：{opening.as_posix()} 请以 .csv 结尾。",
            f"Opening balances are written as CSV; end {opening.as_posix()} with .csv.",
        )
    from sopaudit.cli.parts.ledger import Asked, custody, ledger
    from sopaudit.cli.records import ended
    from sopaudit.report.parts.balance import balance as added

    one = ledger(Asked(ledger_, mapping, handbook, lang), _day(on))
    held = custody(one)
    if opening is not None:
        _carry(held, opening)
    frame = added(held, asked, everywhere=all_)
    deliver(_written(one, held, (frame, asked), kind), kind, output)
    if opening is not None:
        print(opening.as_posix())
    ended(one)


def _asked(by: str) -> "Sequence[str]":
    words = [word.strip() for word in by.replace("，", ",").split(",") if word.strip()]
    for word in words:
        if word not in BY:
            raise unknown(f"--by 不认识“{word}”。", f"--by does not know “{word}”.", word, list(BY))
    if not words:
        raise usage("--by 至少写一个。", "Name at least one word for --by.")
    return tuple(dict.fromkeys(words))


def _day(on: str | None) -> "np.datetime64 | None":
    if on is None:
        return None
    from sopaudit.cli.records import end_of
    from sopaudit.cli.session import day_asked

    return end_of(day_asked(on))


def _carry(held: "Custody", place: Path) -> None:
    from sopaudit.findings.custody.carry import carried
    from sopaudit.report.parts.balance import frame_csv

    write(place, frame_csv(carried(held)))


def _written(
    one: "Subject", held: "Custody", told: "tuple[DataFrame, Sequence[str]]", kind: str
) -> bytes:
    from sopaudit.report.parts import balance as written

    frame, by = told
    match kind:
        case "text":
            return written.balance_text(held, frame, by, one.word, one.lang).encode()
        case "csv":
            return written.balance_csv(held, frame, by)
        case _:
            return written.balance_json(held, frame, by, one.word).encode()
