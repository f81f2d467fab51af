"""What happened, when, and to which ticket, as far as the records say.

What lies after the moment of the check has not happened yet; a field with a time may speak of what
is to come, so fields are taken as written. A blank in a field that must be filled hides a time; in
one that may stay empty it says that nothing happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.findings.rules.hearing import Hearing, Moments

Proof = tuple[tuple[str, Places], ...]
"""Records, and per case the line of each; -1 for none."""


@dataclass(frozen=True, eq=False)
class Occasion:
    """Per case: whether something happened, and when."""

    there: Flags
    at: Times
    """NaT where nothing happened, or nobody knows when."""

    lines: Proof

    @property
    def known(self) -> Flags:
        """Whether it happened at a time that is known."""
        return self.there & ~np.isnat(self.at)


def happened(hearing: Hearing, *names: str) -> Moments:
    """Give what happened by now, of one record; see the module for blanks."""
    found = hearing.moments(*names)
    lines = hearing.lines(found.record)
    kept = np.zeros(len(found), np.bool_)
    for name in names:
        _, _, field = name.partition(".")
        if not field:
            kept |= ~(found.at > hearing.now)
        else:
            kept |= said(hearing, lines, field)[found.line]
    return found.take(np.flatnonzero(kept))


def said(hearing: Hearing, lines: Lines, field: str) -> Flags:
    """Say of each line whether a field speaks of a time, known or hidden."""
    if hearing.required(f"{lines.record}.{field}"):
        return np.ones(len(lines), np.bool_)
    return ~lines.blank(field)


def once(hearing: Hearing, names: Sequence[str], which: str = "first") -> Occasion:
    """Give the first or last occasion of several things, per ticket; they may be of any record."""
    there, at = np.zeros(hearing.size, np.bool_), np.full(hearing.size, NEVER)
    lines: list[tuple[str, Places]] = []
    for record, group in by_record(hearing, names).items():
        found = happened(hearing, *group)
        place = found.last(hearing.size) if which == "last" else found.first(hearing.size)
        mine, when, line = _at(found, place)
        better = mine & (np.isnat(at) | (when > at if which == "last" else when < at))
        lines = [(name, np.where(better, -1, other)) for name, other in lines]
        lines.append((record, np.where(better | (mine & ~there), line, -1)))
        at, there = np.where(better, when, at), there | mine
    return Occasion(there, at, tuple(lines))


def by_record(hearing: Hearing, names: Sequence[str]) -> dict[str, list[str]]:
    """Group the names of moments by the record they stand in."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(hearing.moments(name).record, []).append(name)
    return found


def _at(found: Moments, place: Places) -> tuple[Flags, Times, Places]:
    """Give what stands at places of moments; nothing where a place is -1."""
    there = place >= 0
    if not len(found):
        return there, np.full(len(place), NEVER), np.full(len(place), -1, np.intp)
    at = np.where(there, found.at[place], NEVER)
    return there, at, np.where(there, found.line[place], -1)


def chosen(found: Moments, place: Places) -> Occasion:
    """Give what stands at places of moments, with its proof."""
    there, at, line = _at(found, place)
    return Occasion(there, at, ((found.record, line),))


def following(found: Moments, ticket: npt.NDArray[np.integer], at: Times) -> Places:
    """Give per (ticket, moment) the place of the first of `found` at or after it; -1 for none."""
    order = np.lexsort((found.line, found.at, found.ticket))
    order = order[(found.ticket[order] >= 0) & ~np.isnat(found.at[order])]
    size = len(order)
    # One sort of both together tells how many of `found` lie before each.
    tickets = np.concatenate([found.ticket[order], ticket])
    moments = np.concatenate([found.at[order], at])
    asked = np.concatenate([np.ones(size, np.int8), np.zeros(len(ticket), np.int8)])
    both = np.lexsort((asked, moments, tickets))
    before = np.cumsum(asked[both])
    place = np.empty(len(both), np.intp)
    place[both] = before
    place = place[size:]
    inside = (place < size) & ~np.isnat(at) & (ticket >= 0)
    if not size:
        return np.full(len(ticket), -1, np.intp)
    next_ = order[np.minimum(place, size - 1)]
    return np.where(inside & (found.ticket[next_] == ticket), next_, -1)


def whole_days(lines: Lines, field: str) -> Times:
    """Give a field as the end of a limit: one that names a day only means all of that day."""
    at = lines.times(field)
    cells = lines.coded(field)
    bare = cells.table({code: int(":" not in t) for code, t in cells.distinct().items()}, 0)
    day = bare[cells.codes].astype(np.bool_) & ~np.isnat(at)
    return np.where(day, end_of_day(at), at)


def end_of_day(at: Times) -> Times:
    """Give the last microsecond of the day of each moment."""
    ends: Times = (at.astype("datetime64[D]") + 1).astype("datetime64[us]")
    return ends - np.timedelta64(1, "us")
