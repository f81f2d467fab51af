"""Draws: which lots each taking took from, and how much of each, to the last unit."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sopaudit.evidence.lines import Times
from sopaudit.findings.custody.entries import Entries, Units
from sopaudit.findings.custody.lots import NOTHING, Lots, Sides, laid

_FAR: Final = 16
"""A part is seldom reserved and let go again more often; then it has been there since the last."""


@dataclass(frozen=True, eq=False)
class Draws:
    """One entry for each lot a taking took from; what came from nothing is not here."""

    taking: Sides
    lot: Sides
    units: Units


def draws_of(entries: Entries) -> Draws:
    """Take every taking apart into the lots it drew from, the oldest first."""
    puts, takes = (laid(entries, parity) for parity in (1, 0))
    ends = np.unique(np.concatenate([puts.end, takes.end]))
    starts = np.unique(np.concatenate([puts.start, takes.start, ends]))
    begin, end = starts[:-1], starts[1:]
    put = np.searchsorted(puts.end, begin, "right")
    take = np.searchsorted(takes.end, begin, "right")
    inside = (put < len(puts.end)) & (take < len(takes.end))
    put, take, begin, end = (each[inside] for each in (put, take, begin, end))
    # A stretch of the line lies in a lot and in a taking, or one of the two has a gap there.
    both = (puts.start[put] <= begin) & (takes.start[take] <= begin)
    put, take, units = put[both], take[both], (end - begin)[both]
    return Draws(takes.side[take], puts.side[put], units)


def in_store_since(entries: Entries, lots: Lots, lot: Sides) -> Times:
    """Say since when what lies in some lots has been on shelves, through reservations and back."""
    kinds = entries.slots.places
    store = np.array([id_ in kinds.known and kinds.known[id_].kind == "store" for id_ in kinds.ids])
    since = entries.times[lot]
    for _ in range(_FAR):
        taking = lot ^ 1
        within = store[entries.slots.codes["place"][entries.slot[taking]]]
        before = np.where(within, lots.lot[taking], NOTHING)
        if not (before != NOTHING).any():
            break
        lot = np.where(before != NOTHING, before, lot)
        since = np.minimum(since, entries.times[lot])
    return since
