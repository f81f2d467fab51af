"""Lots: what was put into a slot at once, and what became of it, the oldest taken first.

What is taken from a slot is taken from its oldest lots (first in, first out), so every taking names
the lot it came from, and the chain of moves of a piece is read from lot to lot. What is taken and
was never there came from nothing.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.lines import NEVER, Times
from sopaudit.findings.custody.entries import Entries, Units

NOTHING: Final = -1

Sides = npt.NDArray[np.int64]
"""Indexes of sides of `Entries`; -1 for none."""


@dataclass(frozen=True, eq=False)
class Lots:
    """What became of what was put in and of what was taken; all arrays have one entry a side.

    Arrays about lots say nothing (0, -1, NaT) of sides that take, and the other way round.
    """

    left: Units
    """Of a lot: how much of it is still there."""

    emptied: Sides
    """Of a lot that is gone: the side that took the last of it."""

    gone_at: Times
    """When that was."""

    lot: Sides
    """Of a taking: the lot its first unit came from; -1 where it came from nothing."""

    short: Units
    """Of a taking: how much of it was never there."""


def lots_of(entries: Entries) -> Lots:
    """Match what was taken with what was put in, slot by slot, in the order of time, then rows.

    The order within one moment does not matter, nor whether papers came late: what is taken before
    it is put in is matched all the same, and stays short only where it never was put in.
    """
    count = len(entries)
    puts, takes = (_ordered(entries, parity) for parity in (1, 0))
    slots = len(entries.slots)
    total_in, total_out = (
        _totals(entries.slot[side], np.abs(entries.units[side]), slots) for side in (puts, takes)
    )
    base = np.cumsum(np.maximum(total_in, total_out)) - np.maximum(total_in, total_out)
    put_end = _ends(entries, puts, base)
    take_end = _ends(entries, takes, base)
    put_start, take_start = (
        ends - np.abs(entries.units[side]) for ends, side in ((put_end, puts), (take_end, takes))
    )
    taken_until = (base + total_out)[entries.slot[puts]]
    put_until = (base + total_in)[entries.slot[takes]]

    left = np.zeros(count, np.int64)
    left[puts] = np.clip(put_end - np.maximum(put_start, taken_until), 0, None)
    short = np.zeros(count, np.int64)
    short[takes] = np.clip(take_end - np.maximum(take_start, put_until), 0, None)

    emptied, lot = np.full(count, NOTHING, np.int64), np.full(count, NOTHING, np.int64)
    gone = (put_end <= taken_until) & (put_end > put_start)
    place = np.searchsorted(take_end, put_end[gone], "left")
    emptied[puts[gone]] = takes[place]
    there = (take_start < put_until) & (take_end > take_start)
    place = np.searchsorted(put_end, take_start[there], "right")
    lot[takes[there]] = puts[place]
    gone_at = np.where(emptied >= 0, entries.times[emptied], NEVER)
    return Lots(left, emptied, gone_at, lot, short)


def _ordered(entries: Entries, parity: int) -> Sides:
    side = np.arange(parity, len(entries), 2)
    order = np.lexsort((entries.line[side], entries.times[side], entries.slot[side]))
    return side[order]


def _totals(slot: npt.NDArray[np.int64], units: Units, slots: int) -> Units:
    found = np.zeros(slots, np.int64)
    np.add.at(found, slot, units)
    return found


def _ends(entries: Entries, side: Sides, base: Units) -> Units:
    """Lay what sides move end to end on one line, each slot on its own stretch of it."""
    slot = entries.slot[side]
    total = np.cumsum(np.abs(entries.units[side]))
    first = np.searchsorted(slot, slot, "left")
    before = (total - np.abs(entries.units[side]))[first]
    found: Units = base[slot] + total - before
    return found
