"""Where a log says twice of one piece of work: that it began, and that it ended.

Both make one event, at the time of its end. A beginning alone has not happened yet: it is counted
and passed over.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.lines import Flags, Times
from sopaudit.evidence.logmapping import Lifecycle

Named = tuple[Ints, Ints, Times, Times | None]
"""Per line: ticket, event, time, and where a row has both, the time it began."""


def events_among(
    named: Named, says: tuple[Coded, Lifecycle] | None, rows: npt.NDArray[np.int64]
) -> tuple[Flags, Times | None, Flags]:
    """Say which lines are events, when each began, and which say of a beginning without an end."""
    ticket, activity, at, begin = named
    whole, none = np.ones(len(at), np.bool_), np.zeros(len(at), np.bool_)
    if begin is not None:
        unfinished = np.isnat(at) & ~np.isnat(begin)
        return ~unfinished, begin, unfinished
    if says is None:
        return whole, None, none
    cells, cycle = says
    keep = _says(cells, ("", *cycle.keep))
    start = _says(cells, cycle.start) & ~keep
    begun, unfinished = _paired(ticket, activity, at, (keep, start), rows)
    return keep, begun if start.any() else None, unfinished


def _says(cells: Coded, words: Sequence[str]) -> Flags:
    folded = {word.casefold() for word in words}
    return np.isin(
        cells.codes, [code for code, text in cells.distinct().items() if text.casefold() in folded]
    )


def _paired(
    ticket: Ints,
    activity: Ints,
    at: Times,
    which: tuple[Flags, Flags],
    rows: npt.NDArray[np.int64],
) -> tuple[Times, Flags]:
    """Give each end the time of its start: the n-th of a ticket and event to the n-th.

    A start that has no end, or a later one than its end, stays alone.
    """
    keep, start = which
    begun = np.full(len(at), np.datetime64("NaT", "us"))
    lonely = start.copy()
    ends = np.flatnonzero(keep)
    starts = np.flatnonzero(start)
    if not len(ends) or not len(starts):
        return begun, lonely
    end_key, end_rank, ends = _ranked(ends, ticket, activity, at, rows)
    start_key, start_rank, starts = _ranked(starts, ticket, activity, at, rows)
    most = np.int64(max(int(end_rank.max()), int(start_rank.max())) + 1)
    one, other = end_key * most + end_rank, start_key * most + start_rank
    spot = np.minimum(np.searchsorted(other, one), len(other) - 1)
    fits = (other[spot] == one) & ~(at[starts[spot]] > at[ends])
    begun[ends[fits]] = at[starts[spot[fits]]]
    lonely[starts[spot[fits]]] = False
    return begun, lonely


def _ranked(
    places: Places, ticket: Ints, activity: Ints, at: Times, rows: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Places]:
    """Sort places by ticket, event, time and row; give a key of the first two, and which of it."""
    span = np.int64(int(activity.max(initial=0)) + 2)
    key = (ticket[places].astype(np.int64) + 1) * span + activity[places] + 1
    order = np.lexsort((rows[places], at[places], key))
    key = key[order]
    first = np.searchsorted(key, key)
    return key, np.arange(len(key)) - first, places[order]
