"""Stretches in which the clock of a ticket stands still, such as while the customer is waited for.

A rule names what stops its clock (`paused_by`), what sets it going again (`resumed_by`) and, where
not every such event counts, how its value or note begins (`paused_when`). A stop nothing resumed
lasts to the moment of the check.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sopaudit.criteria.duration import Duration
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.lines import NEVER, Times
from sopaudit.evidence.records import NOTE, VALUE
from sopaudit.findings.rules.clock import UNKNOWN, Clock, Micros
from sopaudit.findings.rules.hearing import Hearing, Moments
from sopaudit.findings.rules.occasion import following, happened


@dataclass(frozen=True, eq=False)
class Pauses:
    """Per case its stretches, in order and apart: the n-th of each in the n-th pair of arrays."""

    count: int
    """How many cases there are."""

    stretches: tuple[tuple[Times, Times], ...]
    """From and to; NaT where a case has no further stretch."""

    def between(self, clock: Clock, start: Times, end: Times, length: Duration) -> Micros:
        """Add up what of the time from `start` to `end` does not count, in units of `length`."""
        total = np.zeros(self.count, np.int64)
        for began, ended in self.stretches:
            low, high = np.fmax(began, start), np.fmin(ended, end)
            inside = ~np.isnat(began) & ~np.isnat(start) & ~np.isnat(end) & (low < high)
            total += np.where(inside, _stretch(clock, low, high, length), 0)
        return total

    def later(self, clock: Clock, due: Times, start: Times, length: Duration) -> Times:
        """Move the end of a limit by what of the time up to it did not count."""
        for began, ended in self.stretches:
            low = np.fmax(began, start)
            inside = ~np.isnat(began) & ~np.isnat(due) & (low <= due) & (low < ended)
            more = np.where(inside, _stretch(clock, low, ended, length), 0)
            due = np.where(more > 0, _prolonged(clock, due, more, length), due)
        return due


def _stretch(clock: Clock, low: Times, high: Times, length: Duration) -> Micros:
    if length.unit == "working d":
        found = clock.days_between(low, high)
    elif length.working:
        found = clock.elapsed(low, high)
    elif length.unit in ("d", "month"):
        found = (high.astype("datetime64[D]") - low.astype("datetime64[D]")).astype(np.int64)
    else:
        found = (high - low).astype(np.int64)
    return np.where(np.isnat(low) | np.isnat(high) | (found == UNKNOWN), 0, np.maximum(found, 0))


def _prolonged(clock: Clock, due: Times, more: Micros, length: Duration) -> Times:
    if length.unit == "working d":
        return clock.close_after(due, more)
    if length.working:
        return clock.later(due, more)
    unit = "D" if length.unit in ("d", "month") else "us"
    later: Times = due + more.astype(f"timedelta64[{unit}]")
    return later


def pauses(
    hearing: Hearing, given: Mapping[str, Given], ticket: Ints, now: np.datetime64
) -> Pauses:
    """Give the stretches of each case in which its clock stands still."""
    if "paused_by" not in given:
        return Pauses(len(ticket), ())
    stops = saying(hearing, happened(hearing, *listed(given["paused_by"])), given, "paused_when")
    stops = stops.take(np.flatnonzero((stops.ticket >= 0) & ~np.isnat(stops.at))).ordered()
    ends = np.full(len(stops), now)
    if "resumed_by" in given and len(stops):
        goes = happened(hearing, *listed(given["resumed_by"]))
        place = following(goes, stops.ticket, stops.at)
        if len(goes):
            ends = np.where(place < 0, now, goes.at[place])
    # A stop inside one that is still going on adds nothing.
    fresh = np.ones(len(stops), np.bool_)
    fresh[1:] = (stops.ticket[1:] != stops.ticket[:-1]) | (stops.at[1:] >= ends[:-1])
    kept = np.flatnonzero(fresh)
    return _laid_out(stops.take(kept), ends[kept], ticket, hearing.size)


def _laid_out(stops: Moments, ends: Times, ticket: Ints, tickets: int) -> Pauses:
    """Give the n-th stretch of each case its place in the n-th arrays."""
    counts = stops.count(tickets)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
    stretches = []
    # Index -1, a case of no ticket, takes the last.
    mine = np.append(counts, 0)[ticket]
    start = np.append(first, 0)[ticket]
    for n in range(int(counts.max(initial=0))):
        there = mine > n
        place = np.where(there, start + n, 0)
        stretches.append(
            (np.where(there, stops.at[place], NEVER), np.where(there, ends[place], NEVER))
        )
    return Pauses(len(ticket), tuple(stretches))


def saying(hearing: Hearing, found: Moments, given: Mapping[str, Given], key: str) -> Moments:
    """Keep the events whose value or note begins with one of the words of a setting, if given."""
    if key not in given:
        return found
    words = tuple(word.casefold() for word in listed(given[key]))
    lines = hearing.lines(found.record)
    kept = np.zeros(len(lines), np.bool_)
    for field in (VALUE, NOTE):
        cells = lines.coded(field)
        begins = {c: int(t.casefold().startswith(words)) for c, t in cells.distinct().items()}
        kept |= cells.table(begins, 0)[cells.codes].astype(np.bool_)
    return found.take(np.flatnonzero(kept[found.line]))
