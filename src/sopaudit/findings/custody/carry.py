"""What is open at a day, as the opening balances of the period after it."""

from typing import Final

import numpy as np
import pandas as pd

from sopaudit.evidence.records import MOVE
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import EARLIEST, RECORDS

COLUMNS: Final = (
    "site", "place", "part_no", "serial", "status", "qty", "holder", "ticket_no", "since",
    "move_type", "move_id",
)  # fmt: skip
"""Those of the record `opening`."""


def carried(custody: Custody) -> pd.DataFrame:
    """List every lot that is left in our custody as a line of the opening of the next period.

    All columns are text; quantities are exact decimals.
    """
    held = custody.holdings()
    entries, decimals = custody.entries, custody.entries.decimals
    since = held["since"].to_numpy("datetime64[us]")
    told = np.datetime_as_string(since.astype("datetime64[s]")).astype(object)
    frame = pd.DataFrame({name: held[name] for name in COLUMNS if name in held})
    frame["qty"] = [_decimal(units, decimals) for units in held["units"].tolist()]
    frame["since"] = [
        "" if at == EARLIEST else str(text).replace("T", " ")
        for at, text in zip(since, told, strict=True)
    ]
    side = held["side"].to_numpy(np.int64)
    for name in (MOVE, "move_id"):
        frame[name] = ""
        for number, record in enumerate(RECORDS):
            mine = entries.record[side] == number
            cells = custody.records.of(record).coded(name)
            frame.loc[mine, name] = cells.rows(entries.line[side[mine]]).spelled()
    return frame[[*COLUMNS]].astype(str)


def _decimal(units: int, decimals: int) -> str:
    whole, part = divmod(units, 10**decimals)
    return f"{whole}.{part:0{decimals}d}".rstrip("0").rstrip(".") if decimals else str(whole)
