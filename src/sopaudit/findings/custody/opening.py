"""What lay in store before the first move, worked back from the ledger where nobody wrote it down.

The ledger says what is there now. Of parts without serial numbers the opening of a slot is that
less what came in and plus what went out since. A piece with a serial number was where its first
move takes it from; one that never moved was where it is now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.lines import Flags, Times

NO_LINE: Final = -1
"""The line of an opening that no line of the ledger tells of: moves alone say it was there."""

_SLOT: Final = ("place", "site", "status", "part_no", "serial", "holder", "ticket_no")
_PIECE: Final = ("part_no", "serial")

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Standing:
    """Lines of the ledger, or sides of moves; all arrays have one entry a line or side."""

    keys: Mapping[str, Ints]
    """Numbers of the texts of each of the keys of a slot, left out where a place is not kept so."""

    units: Whole
    """How much lies there, or is added; what is taken is negative."""

    known: Flags
    since: Times
    """Received when, or moved when; NaT or the earliest of all times where nobody says."""

    line: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.line)

    def take(self, chosen: npt.NDArray[np.intp]) -> "Standing":
        """Give some of them."""
        keys = {key: codes[chosen] for key, codes in self.keys.items()}
        rest = (getattr(self, name)[chosen] for name in ("units", "known", "since", "line"))
        return Standing(keys, *rest)


@dataclass(frozen=True, eq=False)
class Kept:
    """What places are, by their number."""

    store: Flags
    ours: Flags
    by_person: Flags
    """Kept by holder or ticket besides, which the ledger need not tell."""


def worked_back(ledger: Standing, moves: Standing, kept: Kept, earliest: np.datetime64) -> Standing:
    """Give what there was in the beginning; where it was less than nothing, units are negative.

    Where a place is kept by person or ticket and the ledger does not say by which, or the ledger
    keeps no quantities of a site or in a status, there is none.
    """
    loose = _bulk(
        ledger.take(
            np.flatnonzero(kept.store[ledger.keys["place"]] & (ledger.keys["serial"] == 0))
        ),
        moves.take(np.flatnonzero(kept.store[moves.keys["place"]] & (moves.keys["serial"] == 0))),
        kept,
        earliest,
    )
    pieces = _pieces(
        ledger.take(np.flatnonzero(kept.ours[ledger.keys["place"]] & (ledger.keys["serial"] > 0))),
        moves.take(np.flatnonzero(moves.keys["serial"] > 0)),
        kept,
        earliest,
    )
    found = _joined(loose, pieces)
    # What was received after the first move of all is no time at which it can have been there.
    said = moves.since[moves.since > earliest]
    first = said.min() if len(said) else np.datetime64("9999-12-31", "us")
    before = ~np.isnat(found.since) & (found.since < first)
    at = np.where(before, found.since, earliest)
    return Standing(found.keys, found.units, found.known, at, found.line)


def known_slots(slots: Mapping[str, Ints], ledger: Standing, kept: Kept) -> Flags:
    """Say of slots whether what lay there in the beginning is known from the ledger.

    Pieces in store are; of other parts those of the sites and statuses the ledger keeps, where a
    place is not kept by person besides.
    """
    store, piece = kept.store[slots["place"]], slots["serial"] > 0
    loose = ledger.take(np.flatnonzero(ledger.keys["serial"] == 0))
    return store & (piece | (_listed(slots, loose) & ~kept.by_person[slots["place"]]))


def _listed(of: Mapping[str, Ints], loose: Standing) -> Flags:
    found: Flags = np.isin(of["site"], loose.keys["site"])
    found &= np.isin(of["status"], loose.keys["status"])
    return found


def _bulk(ledger: Standing, moves: Standing, kept: Kept, earliest: np.datetime64) -> Standing:
    both = _joined(ledger, moves)
    group = _groups(both.keys, _SLOT)
    size = int(group.max(initial=-1)) + 1
    lies, flows = group[: len(ledger)], group[len(ledger) :]
    opening = np.zeros(size, np.int64)
    np.add.at(opening, lies, ledger.units)
    np.subtract.at(opening, flows, moves.units)
    first = np.full(size, len(both), np.intp)
    first[group[::-1]] = np.arange(len(both))[::-1]
    keys = {key: codes[first] for key, codes in both.keys.items()}
    sure = np.ones(size, np.bool_)
    sure[lies[~ledger.known]] = False
    vague = kept.by_person[keys["place"]] & (opening < 0)
    opening[vague | ~_listed(keys, ledger)] = 0

    # The oldest lines of the ledger are what is left of the opening; the rest of it is gone.
    order = np.lexsort((ledger.line, ledger.since, lies))
    there = np.clip(ledger.units[order], 0, None)
    total = np.cumsum(there)
    start = (total - there)[np.searchsorted(lies[order], lies[order], "left")]
    left = np.clip(opening[lies[order]] - (total - there - start), 0, there)
    told = np.zeros(size, np.int64)
    np.add.at(told, lies[order], left)
    told = opening - told
    rest = np.flatnonzero((told != 0) | ~sure)
    line = np.append(ledger.line, NO_LINE)[np.where(first < len(ledger), first, -1)]
    parts = ledger.take(order[left > 0])
    return _joined(
        Standing(parts.keys, left[left > 0], sure[lies[order]][left > 0], parts.since, parts.line),
        Standing(
            {key: codes[rest] for key, codes in keys.items()},
            told[rest],
            sure[rest],
            np.full(len(rest), earliest),
            line[rest],
        ),
    )


def _pieces(ledger: Standing, moves: Standing, kept: Kept, earliest: np.datetime64) -> Standing:
    """Give each piece where its first move in store takes it from, else where the ledger has it."""
    group = _groups(_joined(ledger, moves).keys, _PIECE)
    lies, flows = group[: len(ledger)], group[len(ledger) :]
    touched = np.flatnonzero(kept.store[moves.keys["place"]])
    # Within one posting what is taken comes before what is put in.
    order = touched[
        np.lexsort((touched, moves.line[touched], moves.since[touched], flows[touched]))
    ]
    first = np.ones(len(order), np.bool_)
    first[1:] = flows[order][1:] != flows[order][:-1]
    start = order[first]
    start = start[moves.units[start] < 0]
    named = np.full(int(group.max(initial=-1)) + 1, NO_LINE, np.intp)
    named[lies[::-1]] = np.arange(len(lies))[::-1]
    mine = named[flows[start]]
    still = named[(named >= 0) & ~np.isin(np.arange(len(named)), flows)]
    was, is_ = moves.take(start), ledger.take(still)
    return _joined(
        Standing(
            was.keys,
            np.abs(was.units),
            was.known,
            np.append(ledger.since, earliest)[mine],
            np.append(ledger.line, NO_LINE)[mine],
        ),
        Standing(is_.keys, np.abs(is_.units), is_.known, is_.since, is_.line),
    )


def _groups(keys: Mapping[str, Ints], names: tuple[str, ...]) -> Whole:
    found = np.zeros(len(keys["place"]), np.int64)
    for name in names:
        codes = keys[name]
        both = found * (int(codes.max(initial=0)) + 1) + codes
        found = pd.factorize(both)[0].astype(np.int64)
    return found


def _joined(one: Standing, other: Standing) -> Standing:
    keys = {key: np.concatenate([one.keys[key], other.keys[key]]) for key in one.keys}
    rest = (
        np.concatenate([getattr(one, name), getattr(other, name)])
        for name in ("units", "known", "since", "line")
    )
    return Standing(keys, *rest)
