"""Balances of a custody at the end of a day: as text, as a table, as JSON."""

import csv
import json
from collections.abc import Sequence
from io import StringIO
from typing import Any, Final

import pandas as pd

from sopaudit import __version__
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import KEYS
from sopaudit.findings.deviation import MARK
from sopaudit.report.parts.columns import fitted
from sopaudit.report.parts.teller import Teller, decimal, speaker_of
from sopaudit.terminal import COLUMNS, padded, width

SCHEMA: Final = "sopaudit.balance/1"

BY: Final = {
    "place": "place",
    "site": "site",
    "status": "status",
    "part": "part_no",
    "serial": "serial",
    "holder": "holder",
    "ticket": "ticket_no",
}
"""What balances may be told apart by, and what the custody calls it."""

_SHOWN: Final = 200
"""So many rows are told on a terminal."""


def balance(custody: Custody, by: Sequence[str], *, everywhere: bool = False) -> pd.DataFrame:
    """Add up what is where by some of `BY`: those columns, `units` and `value`.

    With `everywhere` also what is not ours, so that units add up to zero. Rows of nothing are left
    out; of what is not ours the value counts too, by the price of the part.
    """
    frame = _valued(custody, ours=not everywhere)
    keys = [BY[name] for name in by]
    added: pd.DataFrame = frame.groupby(keys, sort=True)[["units", "value"]].sum().reset_index()
    if "place" in keys:
        order = {id_: n for n, id_ in enumerate(custody.entries.slots.places.ids)}
        added = added.sort_values(
            keys, key=lambda c: c.map(order) if c.name == "place" else c, kind="stable"
        )
    kept = added[(added["units"] != 0) | (added["value"] != 0)]
    return kept.rename(columns={key: name for name, key in BY.items()}).reset_index(drop=True)


def _valued(custody: Custody, *, ours: bool) -> pd.DataFrame:
    """Give every balance with what it is worth; one below zero is worth less than nothing."""
    frame = custody.balances(KEYS, ours=ours)
    parts = custody.entries.slots.dimensions["part_no"]
    price = [int(custody.prices[parts.find(part)]) for part in frame["part_no"]]
    frame["value"] = frame["units"] * pd.Series(price, index=frame.index, dtype="int64")
    return frame


def balance_text(
    custody: Custody, frame: pd.DataFrame, by: Sequence[str], file: str, lang: str
) -> str:
    """Tell balances; lines end without blanks."""
    teller = Teller(custody, speaker_of(custody, lang))
    said = teller.words["balance"]
    head = teller.fill("balance", "head", file=file)
    day = teller.fill("balance", "day", day=teller.day(custody.now))
    lines = [head + padded(day, COLUMNS - width(head), right=True), "─" * COLUMNS]
    if not len(frame):
        return "\n".join([*lines, said["nothing"]]) + "\n"
    rows = [
        (
            *(_shown(teller, name, row[name]) for name in by),
            _pieces(teller, row["units"]),
            teller.value(row["value"]) if row["value"] else "",
        )
        for row in frame[:_SHOWN].to_dict("records")
    ]
    titles = (*(said[name] for name in by), said["pieces"], said["value"])
    lines += fitted(titles, rows, titles[-2:])
    if len(frame) > _SHOWN:
        lines.append(teller.fill("balance", "more", number=len(frame) - _SHOWN))
    return "\n".join([*lines, "", *_sums(custody, teller)]) + "\n"


def _shown(teller: Teller, name: str, text: str) -> str:
    if name == "place":
        return teller.place(text)
    if name == "holder":
        return teller.named(text) if text else teller.words["balance"]["nobody"]
    return text


def _pieces(teller: Teller, units: int) -> str:
    return decimal(units, teller.custody.entries.decimals, grouped=True)


def _sums(custody: Custody, teller: Teller) -> list[str]:
    ours = _valued(custody, ours=True)
    units = _pieces(teller, int(ours["units"].sum()))
    value = teller.value(int(ours["value"].sum()))
    total = _pieces(teller, int(custody.entries.closing().sum()))
    return [
        teller.fill("balance", "ours", units=units, value=value),
        teller.fill("balance", "together", units=total),
    ]


def balance_csv(custody: Custody, frame: pd.DataFrame, by: Sequence[str]) -> bytes:
    """Write balances as CSV: UTF-8 with its mark; quantities and values are exact decimals."""
    return frame_csv(_told(custody, frame, by))


def frame_csv(frame: pd.DataFrame) -> bytes:
    """Write a table of texts as CSV: UTF-8 with its mark."""
    sink = StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.itertuples(index=False))
    return MARK + sink.getvalue().encode("utf-8", "surrogatepass")


def balance_json(custody: Custody, frame: pd.DataFrame, by: Sequence[str], file: str) -> str:
    """Write balances as data."""
    decimals = custody.entries.decimals
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "engine": __version__,
        "ledger": file,
        "on": str(custody.now.astype("datetime64[D]")),
        "by": list(by),
        "together": decimal(int(custody.entries.closing().sum()), decimals),
        "balances": _told(custody, frame, by).to_dict("records"),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _told(custody: Custody, frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    found = frame[[*by]].copy()
    decimals, of_value = custody.entries.decimals, custody.value_decimals
    found["pieces"] = [decimal(n, decimals) for n in frame["units"].tolist()]
    found["value"] = [decimal(n, of_value) for n in frame["value"].tolist()]
    return found
