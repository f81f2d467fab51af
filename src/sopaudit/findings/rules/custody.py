"""Kinds about where parts are: `never_below` and `stays`; `piece` has `one_place`.

They are decided on the double entry of all moves (`findings.custody`); a handbook that does not say
where parts can be has no cases of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import Duration, duration
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Times
from sopaudit.evidence.records import AT, MOVE, MOVES
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.custody.entries import LEDGER, OPENED, RECORDS
from sopaudit.findings.custody.lots import NOTHING, Sides
from sopaudit.findings.custody.running import ACCOUNT, any_in, dated, grouped, running
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    NOT_APPLICABLE,
    TYPES,
    Cases,
    Measure,
    Verdicts,
    decided,
    of_type,
)
from sopaudit.findings.rules.chain import explained, lengths, started
from sopaudit.findings.rules.hearing import YES, Hearing, Truth
from sopaudit.findings.rules.key import NONE, Called

_ACCOUNT: Final = ("site", "place", "part_no", "serial", "status", "holder")
_NO_LINES: Final = np.empty(0, np.intp)


def custody(hearing: Hearing) -> Custody | None:
    """Give the parts of a hearing, posted once; None where the handbook names no places."""
    if "custody" not in hearing.kept:
        parts = hearing.handbook.parts
        there = parts is not None and bool(parts.places)
        made = custody_of(hearing.records, hearing.handbook, hearing.now) if there else None
        hearing.kept["custody"] = made
    found = hearing.kept["custody"]
    return found if isinstance(found, Custody) else None


def never_below(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether an account of a place that is ours is below zero at the close of a day (PR-12).

    A case is an account and a day with moves. A day on which it stays below is told with the day it
    went there, and one that was below when the period began with the period before. Where nobody
    says what there was in the beginning there was something or nothing, so an account that never
    goes below zero without it holds, and one that does is unknown; so is one with a move that does
    not say when or how much. Accounts of a site whose books were not handed in are no cases: of
    what lies there only the moves to and from us are known.
    """
    parts = custody(hearing)
    if parts is None:
        return no_cases()
    entries, slots = parts.entries, parts.entries.slots
    places = listed(given.get("places", slots.places.ids))
    wanted = slots.ours & _lies_in(parts, places) & _handed_in(hearing, parts)
    group = grouped(parts, ACCOUNT)
    run = running(parts, np.flatnonzero(wanted[entries.slot]), group)
    side, balance = run.side[run.closes], run.balance[run.closes]
    slot = entries.slot[side]
    lost = any_in(group, entries.unsure | undated(parts))[slot]
    unopened = any_in(group, ~entries.opened)[slot]
    below = balance < 0
    by = np.where(below, run.took_below, side)
    verdict = decided(applied(hearing, given, parts, by), ~lost & ~(below & unopened), ~below)
    # What was below already is one finding with the day it went there.
    verdict[below & (run.before < 0)] = NOT_APPLICABLE
    verdict[below & carried_over(hearing, parts, by)] = NOT_APPLICABLE
    ticket = tickets(hearing, parts, by)
    return Cases(
        verdict,
        ticket,
        lines=posted(parts, by),
        names=called(hearing, parts, ticket, by, _ACCOUNT),
        type=of_type("too few", len(by)),
        at=dated(entries.times[by]),
        measure=Measure(balance, "number", entries.decimals),
    )


def _handed_in(hearing: Hearing, parts: Custody) -> Flags:
    """Say of each slot whether the books of its site were handed in; what has no site is ours.

    They are those of the office of the records, where its site goes by that name, else of the sites
    that the opening or the ledger names, else of all.
    """
    sites, code = parts.entries.slots.dimensions["site"], parts.entries.slots.codes["site"]
    office = sites.find(hearing.records.office)
    if office > 0:
        known = {office}
    else:
        books = [parts.records.of(record) for record in (OPENED, LEDGER)]
        told = {text for lines in books for text in lines.coded("site").distinct().values()}
        known = {found for text in told if (found := sites.find(text)) > 0}
    return np.isin(code, [0, *known]) if known else np.ones(len(code), np.bool_)


def stays(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look how long each lot stays in a place, and whether what leaves it ever came there (PR-33).

    A lot that left late is late; one still there is judged once its time has passed. What leaves
    and never came has no counterpart; where nobody says what there was in the beginning, that is
    told only of what would have stayed too long even if it had been there.
    """
    parts = custody(hearing)
    length = duration(given["at_most"])
    if parts is None or length is None:
        return no_cases()
    lots, lost = _lots(hearing, given, parts, length), _shorts(hearing, given, parts, length)
    side = np.concatenate([lots.side, lost.side])
    ticket = tickets(hearing, parts, side)
    due = np.concatenate([lots.due, lost.due])
    begun, until = (
        np.concatenate([getattr(lots, name), getattr(lost, name)]) for name in ("start", "until")
    )
    measure, late = lengths(hearing, length, begun, until, due)
    leaving = np.concatenate([lots.taker, np.full(len(lost.side), NOTHING)])
    return Cases(
        np.concatenate([lots.verdict, lost.verdict]),
        ticket,
        lines=(*posted(parts, side), (MOVES, lines_of(parts, leaving, MOVES))),
        names=called(hearing, parts, ticket, side, _ACCOUNT),
        type=np.concatenate([lots.type, lost.type]),
        at=np.concatenate([lots.at, lost.at]),
        due=due,
        measure=measure,
        late=late,
        excused=np.concatenate([lots.excused, lost.excused]),
    )


def carried_over(hearing: Hearing, parts: Custody, side: Sides) -> Flags:
    """Say of each side whether it is an opening that names the move it came by."""
    named = np.append(~hearing.lines(OPENED).blank(MOVE), False)
    return named[lines_of(parts, side, OPENED)]


@dataclass(frozen=True, eq=False)
class _Stay:
    """Lots in a place, or what left it and never was there; all arrays have one entry each."""

    side: Sides
    verdict: Verdicts
    type: npt.NDArray[np.int8]
    start: Times
    until: Times
    due: Times
    at: Times
    taker: Sides
    """The side by which the last of it left; -1 while it is there."""

    excused: Flags


def _lots(hearing: Hearing, given: Mapping[str, Given], parts: Custody, length: Duration) -> _Stay:
    entries, lots = parts.entries, parts.lots
    here = _lies_in(parts, [str(given["place"])])[entries.slot]
    side = np.flatnonzero(here & (entries.units > 0))
    side = side[_came_by(parts, given, side)]
    start = _since(hearing, given, parts, side)
    due = hearing.clock().due(start, length)
    taker = lots.emptied[side]
    gone = taker >= 0
    done = dated(np.where(gone, lots.gone_at[side], NEVER))
    known = ~np.isnat(start) & (~gone | ~np.isnat(done)) & ~entries.unsure[entries.slot[side]]
    late = np.where(gone, done > due, due < hearing.now)
    verdict = decided(applied(hearing, given, parts, side), known, ~late)
    verdict[~gone & ~late & (verdict == CONFORMING)] = NOT_APPLICABLE
    excused = _excused(given, parts, side) & (verdict == NONCONFORMING)
    verdict[excused] = CONFORMING
    kind = np.where(gone, TYPES.index("late"), TYPES.index("never done")).astype(np.int8)
    until = np.where(gone, done, hearing.now)
    at = np.where(gone, done, due)
    return _Stay(side, verdict, kind, start, until, due, at, taker, excused)


def _shorts(
    hearing: Hearing, given: Mapping[str, Given], parts: Custody, length: Duration
) -> _Stay:
    entries = parts.entries
    here = _lies_in(parts, [str(given["place"])])[entries.slot]
    side = np.flatnonzero(here & (parts.lots.short > 0))
    at = dated(entries.times[side])
    moves = dated(entries.times[entries.record == RECORDS.index(MOVES)])
    first = np.append(moves[~np.isnat(moves)], hearing.now).min()
    over = at > hearing.clock().due(np.array([first]), length)
    known = (entries.opened[entries.slot[side]] | over) & ~np.isnat(at)
    known &= ~entries.unsure[entries.slot[side]]
    never = np.zeros(len(side), np.bool_)
    verdict = decided(applied(hearing, given, parts, side), known, never)
    nobody = np.full(len(side), NEVER)
    kind = of_type("no counterpart", len(side))
    taker = np.full(len(side), NOTHING)
    return _Stay(side, verdict, kind, nobody, nobody, nobody, at, taker, never)


def _came_by(parts: Custody, given: Mapping[str, Given], side: Sides) -> Flags:
    """Say of lots whether they came by one of the moves that are asked for."""
    if "moves" not in given:
        return np.ones(len(side), np.bool_)
    words = frozenset(listed(given["moves"]))
    found = np.zeros(len(side), np.bool_)
    for record in RECORDS:
        said = np.append(parts.records.of(record).is_any(MOVE, words), False)
        found |= said[lines_of(parts, side, record)]
    return found


def _since(hearing: Hearing, given: Mapping[str, Given], parts: Custody, side: Sides) -> Times:
    """Say when each lot came, or when the clock of its move began; NaT where nobody says."""
    came = dated(parts.entries.times[side])
    line = lines_of(parts, side, MOVES)
    moved = line >= 0
    if "from" in given and moved.any():
        at = hearing.lines(MOVES).times(AT)
        came[moved] = started(hearing, given, at, line[moved])
    return came


def _excused(given: Mapping[str, Given], parts: Custody, side: Sides) -> Flags:
    said = np.append(explained(given, parts.records.of(MOVES)), False)
    return said[lines_of(parts, side, MOVES)]


# --- what these kinds share ---------------------------------------------------------------------


def no_cases() -> Cases:
    """Give the cases of a handbook that does not say where parts can be."""
    return Cases(np.empty(0, np.int8), np.empty(0, np.int32), lines=((MOVES, _NO_LINES),))


def undated(parts: Custody) -> Flags:
    """Say of each slot whether one of its moves does not say when it was made."""
    entries = parts.entries
    found = np.zeros(len(entries.slots), np.bool_)
    moved = entries.record == RECORDS.index(MOVES)
    found[entries.slot[moved & np.isnat(dated(entries.times))]] = True
    return found


def _lies_in(parts: Custody, places: Sequence[str]) -> Flags:
    """Say of each slot whether it is in one of some places."""
    numbers = parts.entries.slots.places.numbers
    wanted = [numbers[place] for place in places if place in numbers]
    return np.isin(parts.entries.slots.codes["place"], wanted)


def lines_of(parts: Custody, side: Sides, record: str) -> Places:
    """Give the line of a record that each side was posted from; -1 for those of others."""
    entries = parts.entries
    mine = (side >= 0) & (entries.record[side] == RECORDS.index(record)) if len(entries) else side
    return np.where(mine, entries.line[side], NONE) if len(entries) else side.astype(np.intp)


def posted(parts: Custody, side: Sides) -> tuple[tuple[str, Places], ...]:
    """Give the lines that sides were posted from, by record; moves come first."""
    records = [name for name in RECORDS if name == MOVES or name in parts.records]
    return tuple((record, lines_of(parts, side, record)) for record in records)


def tickets(hearing: Hearing, parts: Custody, side: Sides) -> Ints:
    """Give the ticket of the move each side was posted from; -1 for none."""
    known = np.append(hearing.records.ticket(MOVES), np.int32(NONE))
    return known[lines_of(parts, side, MOVES)]


def applied(hearing: Hearing, given: Mapping[str, Given], parts: Custody, side: Sides) -> Truth:
    """Say of the move behind each side whether `when` and `unless` let a rule apply to it."""
    every = np.arange(len(hearing.lines(MOVES)))
    said = np.append(hearing.applies(given, MOVES, every), np.int8(YES))
    return said[lines_of(parts, side, MOVES)]


def called(
    hearing: Hearing, parts: Custody, ticket: Ints, side: Sides, keys: Sequence[str]
) -> Called:
    """Call cases by their ticket, else by what some keys say of the slot of each side."""
    slots, slot = parts.entries.slots, parts.entries.slot

    def name(case: int) -> str:
        mine = slot[side[case : case + 1]]
        return " ".join(word for key in keys if (word := slots.spelled(key, mine)[0]))

    return Called(hearing, ticket, name)
