"""What is open or does not agree, a row each, for a spreadsheet or a program."""

import csv
import io
from collections.abc import Iterator
from typing import Final

import pandas as pd

from sopaudit.findings.money.money import Money, rows

COLUMNS: Final = (
    "sort", "place", "site", "person", "ticket", "receipt", "amount", "charged", "since", "rows",
)  # fmt: skip
"""`sort` is `open` (money still in a place of ours), that of a surplus (`over`, `others`,
`without`), of a difference (`not collected`, `not charged`, `differs`, `unknown`), of an event (`no
line`, `no event`), or `unread`."""


def money_csv(money: Money) -> str:
    """Write the rows, the kinds one after the other, each in the order of time."""
    sink = io.StringIO()
    out = csv.writer(sink, lineterminator="\n")
    out.writerow(COLUMNS)
    out.writerows(_rows(money))
    return sink.getvalue()


def _rows(money: Money) -> Iterator[tuple[str, ...]]:
    for row in rows(money.lots()):
        yield (
            "open", row["place"], row["site"], row["person"], row["ticket_no"], row["receipt_no"],
            money.written(row["units"]), "", _moment(row["since"]), row["row"],
        )  # fmt: skip
    for row in rows(money.surplus()):
        yield (
            row["sort"], row["place"], row["site"], row["person"],
            row["ticket_no"], row["receipt_no"],
            money.written(row["units"]), "", _moment(row["at"]), row["row"],
        )  # fmt: skip
    for row in rows(money.differences()):
        sums = money.written(row["booked"]), money.written(row["charged"])
        yield (row["sort"], "", "", "", row["ticket_no"], "", *sums, "", row["rows"])
    for row in rows(money.events()):
        yield (row["sort"], "", "", "", row["ticket_no"], "", "", "", "", row["event"])
    for doubt in money.doubts():
        row_of = f"{money.flow.rules.book}:{money.flow.book.row[doubt.line]}"
        yield ("unread", "", "", "", "", "", doubt.said, "", "", row_of)


def _moment(at: pd.Timestamp | None) -> str:
    return "" if at is None or pd.isna(at) else f"{at:%Y-%m-%d %H:%M}"
