"""Which line of one record goes with a line of another: the same thing, next before or after.

Key and time are one whole number together, so that finding a partner is one binary search.
"""

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import Times
from sopaudit.findings.rules.key import Ids


class Dated(NamedTuple):
    """What lines are joined by: a key and a time, one of each a line."""

    key: Ids
    at: Times


def latest(mine: Dated, theirs: Dated, *, before: bool = False) -> Places:
    """Find for each line the last partner of its key at or before its time; -1 for none.

    With `before` a partner of the same moment is none. Times that are not known find nothing and
    are not found.
    """
    return _found(mine, theirs, "left" if before else "right", -1)


def soonest(mine: Dated, theirs: Dated, *, after: bool = False) -> Places:
    """Find for each line the first partner of its key at or after its time; -1 for none."""
    return _found(mine, theirs, "right" if after else "left", 0)


def _found(mine: Dated, theirs: Dated, side: Literal["left", "right"], step: int) -> Places:
    known = np.flatnonzero(~np.isnat(theirs.at))
    if not len(known):
        return np.full(len(mine.key), -1, np.intp)
    moments = np.unique(np.concatenate([mine.at[~np.isnat(mine.at)], theirs.at[known]]))
    wide = len(moments) + 1
    asked, there = (
        key * wide + np.searchsorted(moments, at)
        for key, at in (mine, Dated(theirs.key[known], theirs.at[known]))
    )
    order = np.argsort(there, kind="stable")
    place = np.searchsorted(there[order], asked, side) + step
    partner = known[order][np.clip(place, 0, len(known) - 1)]
    inside = (place >= 0) & (place < len(known)) & ~np.isnat(mine.at)
    return np.where(inside & (theirs.key[partner] == mine.key), partner, -1)


def any_of(key: Ids, there: Ids) -> Places:
    """Find for each line the first partner of its key, whenever it was; -1 for none."""
    if not len(there):
        return np.full(len(key), -1, np.intp)
    values, first = np.unique(there, return_index=True)
    place = np.minimum(np.searchsorted(values, key), len(values) - 1)
    return np.where(values[place] == key, first[place], -1)


def settled(
    debts: Dated, owed: npt.NDArray[np.int64], payments: Dated, paid: npt.NDArray[np.int64]
) -> Places:
    """Find for each line the partner with which all that is owed up to it is paid; -1 for none.

    Lines of a key are paid in the order of time. What is paid while nothing is owed is lost; of one
    day, what is owed comes first, because papers of a day are booked in any order.
    """
    count = len(debts.key)
    if not count:
        return np.empty(0, np.intp)
    keys, times = (np.concatenate(both) for both in zip(debts, payments, strict=True))
    kind = (np.arange(len(keys)) >= count).astype(np.int8)
    order = np.lexsort((times, kind, times.astype("datetime64[D]"), keys))
    order = order[~np.isnat(times[order])]
    group = np.unique(keys[order], return_inverse=True)[1].reshape(-1)
    owing = np.concatenate([owed, np.zeros(len(paid), np.int64)])[order]
    paying = np.concatenate([np.zeros(count, np.int64), paid])[order]
    owing, paying = _running(owing, group), _running(paying, group)
    paying -= _wasted(paying - owing, group)
    wide = int(max(owing.max(initial=0), paying.max(initial=0))) + 2
    payer, debtor = kind[order] == 1, kind[order] == 0
    reached = (group * wide + paying)[payer]
    place = np.searchsorted(reached, (group * wide + owing)[debtor], "left")
    found = np.full(count, -1, np.intp)
    if not len(reached):
        return found
    safe = np.minimum(place, len(reached) - 1)
    fits = (place < len(reached)) & (group[payer][safe] == group[debtor])
    found[order[debtor]] = np.where(fits, order[payer][safe] - count, -1)
    return found


def _running(values: npt.NDArray[np.int64], group: Ids) -> npt.NDArray[np.int64]:
    """Add up from the first row of each group; groups stand together."""
    total = np.cumsum(values)
    first = np.searchsorted(group, group, "left")
    return total - (total - values)[first]


def _wasted(surplus: npt.NDArray[np.int64], group: Ids) -> npt.NDArray[np.int64]:
    """Give the largest surplus so far in each group, 0 where there was none."""
    wide = int(np.abs(surplus).max(initial=0)) + 1
    return np.maximum.accumulate(np.maximum(surplus, 0) + group * wide) - group * wide
