"""Lots matched by their ticket first, and what is left of them first in, first out.

Parts without serial numbers from several jobs lie in one slot, such as old parts that wait for the
centre. What leaves it for one of the jobs is what came for that job, however old the others are.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.records import Records
from sopaudit.findings.custody.entries import LEDGER, RECORDS, Entries, Slots
from sopaudit.findings.custody.lots import NOTHING, Lots, Sides, lots_of


def bonded(entries: Entries, records: Records) -> Lots:
    """Match what was taken with what was put in, what goes by one ticket first."""
    bond = _bonds(entries, _tickets(entries, records))
    side = np.flatnonzero(bond >= 0)
    if not len(side):
        return lots_of(entries)
    own = lots_of(_apart(entries, side, bond[side]))
    place = 2 * np.arange(len(side)) + (side & 1)
    puts = (side & 1) == 1
    units = entries.units.copy()
    units[side] = np.where(puts, own.left[place], -own.short[place])
    rest = lots_of(_with(entries, units))
    lot, emptied = rest.lot.copy(), rest.emptied.copy()
    found = _back(own.lot[place], side)
    lot[side[found >= 0]] = found[found >= 0]
    last = _back(own.emptied[place], side)
    gone = puts & (own.left[place] == 0)
    emptied[side[gone]] = last[gone]
    gone_at = np.where(emptied >= 0, entries.times[emptied], np.datetime64("NaT", "us"))
    return Lots(rest.left, emptied, gone_at, lot, rest.short)


def _tickets(entries: Entries, records: Records) -> Ints:
    """Per side: a number for the ticket its line names; 0 for none."""
    found = np.zeros(len(entries), np.int32)
    for n, record in enumerate(RECORDS):
        mine = (entries.record == n) & (entries.line >= 0)
        if record != LEDGER and mine.any():
            found[mine] = records.ticket(record)[entries.line[mine]] + 1
    return found


def _bonds(entries: Entries, ticket: Ints) -> npt.NDArray[np.int64]:
    """Give sides of one slot and ticket one number; -1 where nothing is matched by it."""
    codes = entries.slots.codes
    loose = (codes["serial"] == 0) & (codes["ticket_no"] == 0) & entries.slots.ours
    may = np.flatnonzero(loose[entries.slot] & (ticket > 0))
    found = np.full(len(entries), NOTHING, np.int64)
    both = entries.slot[may] * (int(ticket.max(initial=0)) + 1) + ticket[may]
    group, _ = pd.factorize(both)
    size = int(group.max(initial=-1)) + 1
    there = [np.bincount(group[(may & 1) == parity], minlength=size) > 0 for parity in (0, 1)]
    found[may] = np.where((there[0] & there[1])[group], group, NOTHING)
    return found


def _apart(entries: Entries, side: Sides, bond: npt.NDArray[np.int64]) -> Entries:
    """Give some sides alone, each with a posting of its own, in slots by bond."""
    twice = np.repeat(side, 2)
    units = np.where(twice & 1 == np.arange(len(twice)) & 1, entries.units[twice], 0)
    size = int(bond.max(initial=-1)) + 1
    slots = Slots({"place": np.zeros(size, np.int32)}, {}, entries.slots.places)
    return Entries(
        np.repeat(bond, 2),
        units,
        entries.times[twice],
        entries.record[twice],
        entries.line[twice],
        entries.owed[twice],
        entries.decimals,
        slots,
        np.zeros(size, np.bool_),
        np.zeros(size, np.bool_),
    )


def _with(entries: Entries, units: npt.NDArray[np.int64]) -> Entries:
    return Entries(
        entries.slot,
        units,
        entries.times,
        entries.record,
        entries.line,
        entries.owed,
        entries.decimals,
        entries.slots,
        entries.unsure,
        entries.opened,
    )


def _back(place: Sides, side: Sides) -> Sides:
    """Turn sides of what was set apart into those of the entries."""
    return np.where(place >= 0, side[place // 2], NOTHING)
