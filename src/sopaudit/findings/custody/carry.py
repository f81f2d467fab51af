"""What is open at the end of a period, as the opening balances of the next.

Every lot with something left is a line: what it is, where, with whom, for which ticket, since when
and by which move it came; an account that is below zero is a line of less than nothing. What was
taken before it came is a line of each, where the move that took may settle what is still open. Read
back as the record `opening`, the lines give the same balances and holdings.
"""

from typing import Final

import numpy as np
import pandas as pd

from sopaudit.evidence.lines import Flags, Times
from sopaudit.evidence.records import MOVE, TICKET
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import EARLIEST, RECORDS, Units
from sopaudit.findings.custody.lots import Sides

COLUMNS: Final = (
    "site",
    "place",
    "part_no",
    "serial",
    "status",
    "qty",
    "holder",
    "ticket_no",
    "since",
    "move_type",
    "move_id",
)
"""The fields of the record `opening`."""

_MOVE_ID: Final = "move_id"


def carried(custody: Custody) -> pd.DataFrame:
    """List what is open, all columns as texts, in the order of the postings.

    A lot in a place that is not kept by ticket or person names those of its move all the same, and
    an account below zero that is not kept by status the one its move took from.
    """
    entries, lots = custody.entries, custody.lots
    ours = entries.slots.ours[entries.slot]
    late = _came_late(custody, ours)
    side = np.flatnonzero(ours & ((lots.left > 0) | (lots.short > 0) | (late > 0)))
    units = np.where(side & 1, lots.left[side], -lots.short[side]) + np.where(
        side & 1, late[side], -late[side]
    )
    slots, slot = entries.slots, entries.slot[side]
    columns = {key: slots.spelled(key, slot) for key in ("site", "place", "part_no", "serial")}
    columns["status"] = _either(slots.spelled("status", slot), _taken_as(custody, side))
    sure = ~entries.unsure[slot] | (np.abs(units) != 10**entries.decimals)
    columns["qty"] = [
        _spelled(number, entries.decimals) if known else ""
        for number, known in zip(units.tolist(), sure.tolist(), strict=True)
    ]
    for key, name in (("holder", "holder"), ("ticket_no", TICKET)):
        own = slots.spelled(key, slot)
        columns[key] = _either(own, _said(custody, side, name))
    columns["since"] = _written(entries.times[side])
    columns["move_type"] = _said(custody, side, MOVE)
    columns["move_id"] = _said(custody, side, _MOVE_ID)
    return pd.DataFrame(columns, columns=[*COLUMNS], dtype=str)


def _came_late(custody: Custody, ours: Flags) -> Units:
    """Say per side how much of it was taken before it came, where that may yet settle something.

    Such a taking was made good later, so the account is as if nothing had been; but the move that
    took is what another of its ticket and part, still open, may have been waiting for.
    """
    entries, lots = custody.entries, custody.lots
    found = np.zeros(len(entries), np.int64)
    take = np.flatnonzero(ours & (lots.lot >= 0))
    take = take[entries.times[lots.lot[take]] > entries.times[take]]
    if not len(take):
        return found
    open_ = np.flatnonzero(ours & (lots.left > 0))
    waiting = {*zip(_said(custody, open_, TICKET), _part(custody, open_), strict=True)}
    asked = zip(_said(custody, take, TICKET), _part(custody, take), take.tolist(), strict=True)
    for ticket, part, side in asked:
        if not ticket or (ticket, part) not in waiting:
            continue
        lot = int(lots.lot[side])
        gone = int(entries.units[lot] - lots.left[lot] - found[lot])
        made_good = min(gone, int(-entries.units[side] - lots.short[side]))
        found[side], found[lot] = made_good, found[lot] + made_good
    return found


def _part(custody: Custody, side: Sides) -> list[str]:
    slots = custody.entries.slots
    return slots.spelled("part_no", custody.entries.slot[side])


def _said(custody: Custody, side: Sides, name: str) -> list[str]:
    """Give what the line of each side says in a field; the empty text where it has no line."""
    entries = custody.entries
    found = np.full(len(side), "", object)
    for n, record in enumerate(RECORDS):
        mine = np.flatnonzero((entries.record[side] == n) & (entries.line[side] >= 0))
        if len(mine):
            cells = custody.records.of(record).coded(name).rows(entries.line[side[mine]])
            found[mine] = np.array(cells.spelled(), object)
    return [str(text) for text in found.tolist()]


def _taken_as(custody: Custody, side: Sides) -> list[str]:
    """Give the status each taking side says it takes from; nothing of those that put."""
    said = _either(_said(custody, side, "status_from"), _said(custody, side, "status"))
    return ["" if puts else text for text, puts in zip(said, (side & 1).tolist(), strict=True)]


def _either(own: list[str], other: list[str]) -> list[str]:
    return [mine or theirs for mine, theirs in zip(own, other, strict=True)]


def _written(times: Times) -> list[str]:
    said = np.datetime_as_string(times, "us").tolist()
    known = (times != EARLIEST).tolist()
    return [
        text.replace("T", " ").removesuffix(".000000").removesuffix(":00") if there else ""
        for text, there in zip(said, known, strict=True)
    ]


def _spelled(units: int, decimals: int) -> str:
    """Write units of so many decimals exactly: 15 of one decimal is `1.5`."""
    whole, part = divmod(abs(units), 10**decimals)
    text = f"{whole}.{part:0{decimals}d}".rstrip("0").rstrip(".") if decimals else str(whole)
    return f"-{text}" if units < 0 else text
