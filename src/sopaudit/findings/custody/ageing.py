"""How long what is in our custody has been where it is: quantity and value by age."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import EARLIEST, LEDGER

CLASS: Final = "abc_class"
"""The field of the ledger that says of which class a part is."""

UNDATED: Final = -1
"""The age of what nobody says since when it is there."""


def ages(custody: Custody) -> tuple[int, ...]:
    """Give the days at which each age begins, as the handbook sets them; 0 is the first."""
    parts = custody.handbook.parts
    return (0, *(parts.ageing if parts is not None else ()))


def ageing(custody: Custody, buckets: Sequence[int] | None = None) -> pd.DataFrame:
    """Add up what is in our custody by place, class and age: `units` and `value`.

    Columns `place`, `abc_class`, `age`, `units`, `value`, in the order of the handbook's places,
    then class, then age; only what there is has a row. `age` is an index into `buckets`, the days
    at which each age begins (those of the handbook where none are given), or `UNDATED`. A class is
    the first the ledger gives a part.
    """
    limits = np.array(ages(custody) if buckets is None else buckets, np.int64)
    held = custody.holdings()
    days = (custody.now.astype("datetime64[us]") - held["since"].to_numpy("datetime64[us]")).astype(
        "timedelta64[D]"
    )
    age = np.searchsorted(limits, days.astype(np.int64), "right") - 1
    age[held["since"].to_numpy("datetime64[us]") == EARLIEST] = UNDATED
    frame = pd.DataFrame(
        {
            "place": pd.Categorical(held["place"], custody.entries.slots.places.ids, ordered=True),
            CLASS: _classes(custody, held["part_no"]),
            "age": age,
            "units": held["units"],
            "value": held["value"],
        }
    )
    added: pd.DataFrame = (
        frame.groupby(["place", CLASS, "age"], observed=True, sort=True)[["units", "value"]]
        .sum()
        .reset_index()
    )
    return added.astype({"place": str})


def _classes(custody: Custody, parts: "pd.Series[str]") -> list[str]:
    """Say of each part which class the ledger has it in; the empty text for none."""
    known = custody.entries.slots.dimensions["part_no"]
    lines = custody.records.of(LEDGER)
    classes, said = lines.coded(CLASS).spelled(), ~lines.blank(CLASS)
    number = known.codes(lines.coded("part_no"))
    of: dict[int, str] = {}
    for line in np.flatnonzero(said).tolist():
        of.setdefault(int(number[line]), classes[line])
    return [of.get(known.find(part), "") for part in parts]
