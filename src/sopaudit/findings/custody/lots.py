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
    put, take = (laid(entries, parity) for parity in (1, 0))
    left = np.zeros(count, np.int64)
    left[put.side] = np.clip(put.end - np.maximum(put.start, put.until), 0, None)
    short = np.zeros(count, np.int64)
    short[take.side] = np.clip(take.end - np.maximum(take.start, take.until), 0, None)

    emptied, lot = np.full(count, NOTHING, np.int64), np.full(count, NOTHING, np.int64)
    gone = (put.end <= put.until) & (put.end > put.start)
    place = np.searchsorted(take.end, put.end[gone], "left")
    emptied[put.side[gone]] = take.side[place]
    there = (take.start < take.until) & (take.end > take.start)
    place = np.searchsorted(put.end, take.start[there], "right")
    lot[take.side[there]] = put.side[place]
    gone_at = np.where(emptied >= 0, entries.times[emptied], NEVER)
    return Lots(left, emptied, gone_at, lot, short)


@dataclass(frozen=True, eq=False)
class Laid:
    """The sides that put, or those that take, end to end on one line; one entry a side.

    Each slot has a stretch of the line to itself, so a unit that was put in and one that was taken
    are the same unit where they lie at the same point.
    """

    side: Sides
    start: Units
    end: Units
    until: Units
    """Up to where the other way has gone in the slot of each."""


def laid(entries: Entries, parity: int) -> Laid:
    """Lay the sides that take (0) or put (1) in the order of slot, time and row."""
    totals = [
        _totals(entries.slot[way::2], np.abs(entries.units[way::2]), len(entries.slots))
        for way in (0, 1)
    ]
    longest = np.maximum(*totals)
    base = np.cumsum(longest) - longest
    side = _ordered(entries, parity)
    slot, units = entries.slot[side], np.abs(entries.units[side])
    end = _ends(slot, units, base)
    return Laid(side, end - units, end, (base + totals[1 - parity])[slot])


def _ordered(entries: Entries, parity: int) -> Sides:
    side = np.arange(parity, len(entries), 2)
    order = np.lexsort((entries.line[side], entries.times[side], entries.slot[side]))
    return side[order]


def _totals(slot: npt.NDArray[np.int64], units: Units, slots: int) -> Units:
    found = np.zeros(slots, np.int64)
    np.add.at(found, slot, units)
    return found


def _ends(slot: npt.NDArray[np.int64], units: Units, base: Units) -> Units:
    """Add up within each slot, from where its stretch begins; slots stand together."""
    total = np.cumsum(units)
    first = np.searchsorted(slot, slot, "left")
    before = (total - units)[first]
    found: Units = base[slot] + total - before
    return found
