"""`sopaudit parts money`: where the money of customers is, and who is short."""

from pathlib import Path
from typing import Annotated, Final

import typer

from sopaudit.cli.option import AsOf, HandbookFolder, Lang, Output, formats
from sopaudit.cli.records import as_of, ended, subject
from sopaudit.cli.session import chosen_format, deliver
from sopaudit.cli.stop import usage

FORMATS: Final = ("text", "json", "csv")


def money(
    ledger: Annotated[
        str,
        typer.Argument(
            metavar="LEDGER",
            help="An audit folder or its id, or a folder of records. 检查或记录文件夹。",
        ),
    ],
    as_of_: AsOf = None,
    format_: Annotated[str | None, formats(FORMATS)] = None,
    output: Output = None,
    handbook: HandbookFolder = None,
    lang: Lang = None,
) -> None:
    """Tell where the money of customers is, and who has not handed it in. 服务款。

    Every line of the cash book takes from one place and puts into another, as
    sops/money.yaml says, so nothing vanishes: what the bank lacks somebody has. The
    oldest payment not handed in is named with ticket, receipt and row; the book is held
    against the charges, ticket by ticket and day by day.

    \b
    Examples:
      sopaudit parts money audits/2026-10-cd-desk
      sopaudit parts money 2026-10-cq-desk --as-of 2026-10-16
      sopaudit parts money records/ -o money.csv
    """
    kind = chosen_format(format_, output, FORMATS)
    one = subject(ledger, handbook, lang, as_of(as_of_))
    if one.handbook.money is None:
        raise usage(
            "手册没有说钱可以在哪些地方；请写在 sops/money.yaml 里。",
            "The handbook does not say where money can be; that stands in sops/money.yaml.",
        )
    from sopaudit.findings.money.money import money_of
    from sopaudit.report.money.json import money_json
    from sopaudit.report.money.table import money_csv
    from sopaudit.report.money.text import money_text

    found = money_of(one.records, one.handbook, one.now)
    office = one.office or Path(one.word).name
    match kind:
        case "text":
            content = money_text(found, office, one.lang)
        case "json":
            content = money_json(found, one.word, office)
        case _:
            content = money_csv(found)
    deliver(content.encode(), kind, output)
    ended(one)
