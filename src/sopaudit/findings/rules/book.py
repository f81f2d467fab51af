"""The book a line is held against: the ledger as it stood at the moment of the line.

The ledger says what is there now. What a count found is compared with what the book said when it
was made, which is that less what came in since and plus what went out (AC-36, PR-25).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Places, coded, from_distinct
from sopaudit.evidence.lines import Flags, Lines, Times
from sopaudit.evidence.records import AT, MOVES
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import EARLIEST, LEDGER, RECORDS
from sopaudit.findings.rules.custody import custody
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, Ids, alike, columns, totals
from sopaudit.findings.rules.lookup import Found, counted, joining, looked_up
from sopaudit.findings.rules.occasion import end_of_day
from sopaudit.findings.rules.pair import any_of
from sopaudit.findings.rules.part import PART, QUANTITY, SERIAL, SITE, STATUS

_STORED: Final = (SITE, PART, SERIAL)
"""What the moves say of what lies in store; at which place in it they do not."""

_COUNT: Final = "count_id"
_PAPER: Final = "doc_no"
"""A move that names a count as its paper brings the book to it, so it comes after it."""

_LAST: Final = np.datetime64("9999-12-31", "us")


def booked(hearing: Hearing, given: Mapping[str, Given], record: str, field: str) -> Found:
    """Look up what the book said at the moment of each line, all that fit added up.

    Where no moves were handed in, where lines have no time or the field is no quantity of the
    ledger, that is what it says now. Moves of the very moment were booked before, and of a day
    whose hour nobody wrote all of the day: papers are booked before the count in the evening. It is
    unknown where a move does not say when, or where what moved may have lain at another place of
    the store.
    """
    found = looked_up(hearing, given, record, field, add=True)
    own, there = hearing.lines(record), hearing.lines(LEDGER)
    names = joining(given, own, there)
    if (
        field != f"{LEDGER}.{QUANTITY}"
        or record == LEDGER
        or MOVES not in hearing.records
        or not own.has(AT)
        or PART not in names
    ):
        return found
    parts = custody(hearing)
    if parts is None:
        return found
    kept = [name for name in _STORED if name in names]
    side = _sides(hearing, given, parts)
    entries, slots = parts.entries, parts.entries.slots
    cells = [
        from_distinct(slots.codes[name][entries.slot[side]], slots.dimensions[name].texts)
        for name in kept
    ]
    mine, theirs = alike(columns(own, kept), cells)
    count = _moments(own)
    at = np.where(entries.times[side] == EARLIEST, np.datetime64("NaT", "us"), entries.times[side])
    at = _after(own, count, parts, side, at)
    size = int(max(mine.max(initial=-1), theirs.max(initial=-1))) + 1
    undated = np.bincount(theirs[np.isnat(at)], minlength=size) > 0
    moved = np.bincount(theirs, minlength=size) > 0
    net = _since(mine, count, theirs, at, entries.units[side])
    shift = max(found.decimals, entries.decimals)
    units = found.units * 10 ** (shift - found.decimals) - net * 10 ** (shift - entries.decimals)
    sure = ~undated[mine] & ~(np.isnat(count) & moved[mine])
    sure &= (net == 0) | _alone(hearing, given, own, names, kept)
    return Found(units, shift, found.known & sure, found.line)


def _sides(hearing: Hearing, given: Mapping[str, Given], parts: Custody) -> Places:
    """Find the sides of moves in store, of the statuses the book is asked for."""
    entries, slots = parts.entries, parts.entries.slots
    known = slots.places.known
    store = np.array([i in known and known[i].kind == "store" for i in slots.places.ids])
    status = slots.dimensions[STATUS]
    asked = Lines(LEDGER, {STATUS: coded(status.texts)}, np.arange(2, len(status) + 2))
    lines = {**hearing.records.lines, LEDGER: asked}
    other = Hearing(hearing.handbook, replace(hearing.records, lines=lines), hearing.now)
    wanted = counted(other, given, LEDGER)
    here = store[slots.codes["place"]] & wanted[slots.codes[STATUS]]
    mine = here[entries.slot] & (entries.record == RECORDS.index(MOVES))
    return np.flatnonzero(mine)


def _moments(own: Lines) -> Times:
    """Give the moment of each line; where nobody wrote the hour, the end of the day."""
    at = own.times(AT)
    return np.where(at == at.astype("datetime64[D]"), end_of_day(at), at)


def _after(own: Lines, count: Times, parts: Custody, side: Places, at: Times) -> Times:
    """Put moves whose paper is a count after it, where they were not made later anyhow."""
    moves = parts.records.of(MOVES)
    if not (own.has(_COUNT) and moves.has(_PAPER)):
        return at
    line = parts.entries.line[side]
    paper, number = alike([moves.coded(_PAPER).rows(line)], [own.coded(_COUNT)])
    named = any_of(paper, np.where(own.blank(_COUNT), NONE, number))
    least = np.append(count, np.datetime64("NaT", "us"))[named] + np.timedelta64(1, "us")
    return np.where((named >= 0) & (at < least), least, at)


def _since(mine: Ids, count: Times, theirs: Ids, at: Times, units: Ids) -> Ids:
    """Add up for each line what was moved after it."""
    dated = np.flatnonzero(~np.isnat(at))
    asked = np.where(np.isnat(count), _LAST, count)
    moments = np.unique(np.concatenate([asked, at[dated]]))
    wide = len(moments) + 1
    place = theirs[dated] * wide + np.searchsorted(moments, at[dated])
    order = np.argsort(place, kind="stable")
    place = place[order]
    total = np.concatenate([[0], np.cumsum(units[dated][order])])
    begin = np.searchsorted(place, mine * wide + np.searchsorted(moments, asked), "right")
    end = np.searchsorted(place, (mine + 1) * wide, "left")
    found: Ids = total[end] - total[begin]
    return found


def _alone(
    hearing: Hearing,
    given: Mapping[str, Given],
    own: Lines,
    names: Sequence[str],
    kept: Sequence[str],
) -> Flags:
    """Say of each line whether all the store has of its part is what the line is about."""
    there = hearing.lines(LEDGER)
    chosen = np.flatnonzero(counted(hearing, given, LEDGER))
    mine, theirs = alike(columns(own, names), columns(there, names, chosen))
    part, other = alike(columns(own, kept), columns(there, kept, chosen))
    size = int(max(part.max(initial=-1), other.max(initial=-1))) + 1
    places = totals(other, np.ones(len(other), np.int64), size)
    same = int(max(mine.max(initial=-1), theirs.max(initial=-1))) + 1
    here = totals(theirs, np.ones(len(theirs), np.int64), same)
    found: Flags = places[part] == here[mine]
    return found
