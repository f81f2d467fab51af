"""The book a line is held against: the ledger as it stood at the moment of the line.

The ledger says what is there now. What a count found is compared with what the book said when it
was made, which is that less what came in since and plus what went out (AC-36, PR-25). Where
opening balances were handed in it is these and the moves until then, so that a ledger that differs
from them (AC-21) does not spoil every count there ever was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Coded, Places, coded, from_distinct
from sopaudit.evidence.lines import Flags, Lines, Times
from sopaudit.evidence.records import AT, MOVES
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import LEDGER, OPENED, RECORDS
from sopaudit.findings.custody.running import dated
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
    unknown where a move does not say when or how much, or where what moved may have lain at another
    place of the store.
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
    flow = _flow(hearing, given, parts, own, kept)
    net, later = flow.since(flow.units), flow.since(np.ones_like(flow.units)) > 0
    alone = _alone(hearing, given, own, names, kept)
    decimals = parts.entries.decimals
    shift = max(found.decimals, decimals)
    closing, fine = found.units * 10 ** (shift - found.decimals), 10 ** (shift - decimals)
    if OPENED in hearing.records:
        began = _sides(hearing, given, parts, OPENED)
        mine, theirs = alike(columns(own, kept), _cells(parts, began, kept))
        size = int(max(mine.max(initial=-1), theirs.max(initial=-1))) + 1
        told = totals(theirs, parts.entries.units[began], size)[mine] + flow.all()
        closing = np.where(later & alone, told * fine, closing)
    known = flow.dated() & ~(later & flow.vague()) & ((net == 0) | alone)
    return Found(closing - net * fine, shift, found.known & known, found.line)


@dataclass(frozen=True, eq=False)
class _Flow:
    """What moved in store beside lines that ask what lay there; keys are numbers of the same."""

    mine: Ids
    asked: Times
    """Per line: its moment."""

    theirs: Ids
    at: Times
    units: Ids
    unsure: Flags
    """Per side of a move: what it moves, when, how much, and whether it does not say how much."""

    def _any(self, flags: Flags) -> Flags:
        size = int(max(self.mine.max(initial=-1), self.theirs.max(initial=-1))) + 1
        found: Flags = (np.bincount(self.theirs[flags], minlength=size) > 0)[self.mine]
        return found

    def dated(self) -> Flags:
        """Say of each line whether all that moved says when, and so does the line."""
        moved = self._any(np.ones(len(self.theirs), np.bool_))
        return ~self._any(np.isnat(self.at)) & ~(np.isnat(self.asked) & moved)

    def vague(self) -> Flags:
        """Say of each line whether a move does not say how much."""
        return self._any(self.unsure)

    def all(self) -> Ids:
        """Add up for each line all that moved."""
        size = int(max(self.mine.max(initial=-1), self.theirs.max(initial=-1))) + 1
        found: Ids = totals(self.theirs, self.units, size)[self.mine]
        return found

    def since(self, units: Ids) -> Ids:
        """Add up for each line what moved after it."""
        said = np.flatnonzero(~np.isnat(self.at))
        asked = np.where(np.isnat(self.asked), _LAST, self.asked)
        moments = np.unique(np.concatenate([asked, self.at[said]]))
        wide = len(moments) + 1
        place = self.theirs[said] * wide + np.searchsorted(moments, self.at[said])
        order = np.argsort(place, kind="stable")
        place = place[order]
        total = np.concatenate([[0], np.cumsum(units[said][order])])
        begin = self.mine * wide + np.searchsorted(moments, asked)
        first, last = (
            np.searchsorted(place, begin, "right"),
            np.searchsorted(place, (self.mine + 1) * wide, "left"),
        )
        found: Ids = total[last] - total[first]
        return found


def _flow(
    hearing: Hearing, given: Mapping[str, Given], parts: Custody, own: Lines, kept: Sequence[str]
) -> _Flow:
    entries, side = parts.entries, _sides(hearing, given, parts, MOVES)
    mine, theirs = alike(columns(own, kept), _cells(parts, side, kept))
    asked = _moments(own)
    at = dated(entries.times[side])
    unsure = entries.unsure[entries.slot[side]]
    at = _after(own, asked, parts, side, at)
    return _Flow(mine, asked, theirs, at, entries.units[side], unsure)


def _cells(parts: Custody, side: Places, kept: Sequence[str]) -> list[Coded]:
    """Say what lies in the slots of some sides."""
    slots, slot = parts.entries.slots, parts.entries.slot[side]
    return [from_distinct(slots.codes[name][slot], slots.dimensions[name].texts) for name in kept]


def _sides(hearing: Hearing, given: Mapping[str, Given], parts: Custody, record: str) -> Places:
    """Find the sides of a record in store, of the statuses the book is asked for."""
    entries, slots = parts.entries, parts.entries.slots
    known = slots.places.known
    store = np.array([i in known and known[i].kind == "store" for i in slots.places.ids])
    status = slots.dimensions[STATUS]
    asked = Lines(LEDGER, {STATUS: coded(status.texts)}, np.arange(2, len(status) + 2))
    lines = {**hearing.records.lines, LEDGER: asked}
    other = Hearing(hearing.handbook, replace(hearing.records, lines=lines), hearing.now)
    wanted = counted(other, given, LEDGER)
    here = store[slots.codes["place"]] & wanted[slots.codes[STATUS]]
    mine = here[entries.slot] & (entries.record == RECORDS.index(record))
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
