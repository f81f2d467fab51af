"""What is said of the money of an office, as data; amounts are exact decimals, written as text."""

import json
from typing import Any, Final

import numpy as np
import pandas as pd

from sopaudit.findings.money.money import Money, rows

SCHEMA: Final = "sopaudit.money/1"

_SUMS: Final = frozenset(
    ("units", "opening", "came", "went", "closing", "charged", "booked", "differs")
)


def money_json(money: Money, subject: str, office: str) -> str:
    """Write everything there is."""
    whole: dict[str, Any] = {
        "schema": SCHEMA,
        "subject": subject,
        "office": office,
        "as_of": str(money.now.astype("datetime64[s]")).replace("T", " "),
        "assessable": money.flow.rules.book in money.records,
        "shorts": _rows(money, money.shorts()),
        "balances": _rows(money, money.balances()),
        "open": _rows(money, money.lots()),
        "payments": _rows(money, money.payments()),
        "surplus": _rows(money, money.surplus()),
        "positions": _rows(money, money.positions()),
        "days": _days(money),
        "differences": _rows(money, money.differences()),
        "events": _rows(money, money.events()),
        "doubts": [
            {
                "row": f"{money.flow.rules.book}:{money.flow.book.row[doubt.line]}",
                "reason": doubt.reason,
                "said": doubt.said,
            }
            for doubt in money.doubts()
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _rows(money: Money, frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {_name(key): _plain(money, key, value) for key, value in row.items()} for row in rows(frame)
    ]


def _days(money: Money) -> list[dict[str, Any]]:
    """Give the days; the methods of payment stand together under `methods`.

    One is `unknown` of which an amount cannot be read.
    """
    frame, doubtful = money.by_day(), money.doubtful_days()
    outer = ("day", "charged", "booked", "differs")
    return [
        {
            "day": f"{row['day']:%Y-%m-%d}",
            "charged": money.written(row["charged"]),
            "booked": money.written(row["booked"]),
            "differs": money.written(row["differs"]),
            "unknown": np.datetime64(row["day"], "D") in doubtful,
            "methods": {k: money.written(v) for k, v in row.items() if k not in outer and v},
        }
        for row in rows(frame)
    ]


def _name(key: object) -> str:
    return "amount" if key == "units" else str(key)


def _plain(money: Money, key: object, value: object) -> object:
    if key in _SUMS and isinstance(value, int):
        return money.written(value)
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}" if key == "day" else f"{value:%Y-%m-%d %H:%M}"
    return None if value is pd.NaT else value
