"""Kinds that count what happened: `occurrences`, `attempts`, `hours`, `burst`."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.calendar import Hours
from sopaudit.criteria.calendar import hours as read_hours
from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Times
from sopaudit.findings.rules.case import NOTHING, TYPES, Cases, Measure, decided, of_type
from sopaudit.findings.rules.clock import stretch_of
from sopaudit.findings.rules.hearing import Hearing, Moments
from sopaudit.findings.rules.limit import clock_of
from sopaudit.findings.rules.occasion import Occasion, chosen, happened, once
from sopaudit.findings.rules.pause import saying

_MINUTE = 60_000_000


def count_of(given: Mapping[str, Given], key: str) -> int | None:
    """Read a setting as a whole number; one with a fraction counts up to the next whole."""
    found = number(given[key]) if key in given and not isinstance(given[key], bool) else None
    return None if found is None else -(-found.numerator // found.denominator)


# --- occurrences ----------------------------------------------------------------------------------


def occurrences(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Count events of a ticket, all or those before or after something.

    Before means at the same moment or earlier; after means later, at the same moment by row. What
    is followed by an excusing event before the next occurrence is told, but not counted too many.
    """
    found = happened(hearing, *listed(given["events"])).ordered()
    found = found.take(np.flatnonzero(found.ticket >= 0))
    begins, ends = (_border(hearing, given, key) for key in ("after", "before"))
    inside, hidden = _inside(found, begins, ends)
    counted = np.bincount(found.ticket[inside], minlength=hearing.size)
    unsure = np.bincount(found.ticket[hidden], minlength=hearing.size)
    excused = np.bincount(
        found.ticket[inside & _excused(hearing, given, found)], minlength=hearing.size
    )
    most, least = count_of(given, "at_most"), count_of(given, "at_least")
    many = counted - excused > most if most is not None else np.zeros(hearing.size, np.bool_)
    few = counted < least if least is not None else np.zeros(hearing.size, np.bool_)
    # Events whose time is hidden might be counted; a case is known where they change nothing.
    known = unsure == 0
    if most is not None and least is None:
        known |= many | (counted + unsure - excused <= most)
    if least is not None:
        known |= ((counted + unsure < least) | (counted >= least)) if most is None else many
    applies = hearing.applies_to_tickets(given)
    for border in (begins, ends):
        if border is not None:
            applies = np.where(border.there, applies, 0).astype(np.int8)
            known &= border.known | ~border.there
    last = found.take(np.flatnonzero(inside)).last(hearing.size)
    shown = chosen(found.take(np.flatnonzero(inside)), last)
    bound = [border for border in (ends, begins) if border is not None]
    return Cases(
        decided(applies, known, ~many & ~few),
        np.arange(hearing.size, dtype=np.int32),
        lines=(*shown.lines, *(line for border in bound for line in border.lines)),
        type=_many_or_few(many),
        at=np.where(few & (shown.lines[0][1] < 0) & bool(bound), _at(bound), shown.at),
        measure=Measure(counted, "number"),
        late=_beyond(counted - excused, counted, most, least),
        excused=None if most is None else (counted > most) & ~many & ~few,
    )


def _many_or_few(many: Flags) -> npt.NDArray[np.int8]:
    return np.where(many, TYPES.index("too many"), TYPES.index("too few")).astype(np.int8)


def _at(bound: list[Occasion]) -> Times | np.datetime64:
    return bound[0].at if bound else NEVER


def _beyond(
    counted: npt.NDArray[np.int64],
    all_: npt.NDArray[np.int64],
    most: int | None,
    least: int | None,
) -> npt.NDArray[np.int64]:
    found = np.full(len(counted), NOTHING)
    if least is not None:
        found = np.where(all_ < least, least - all_, found)
    if most is not None:
        found = np.where(counted > most, counted - most, found)
    return found


def _border(hearing: Hearing, given: Mapping[str, Given], key: str) -> Occasion | None:
    return once(hearing, [str(given[key])]) if key in given else None


def _inside(found: Moments, begins: Occasion | None, ends: Occasion | None) -> tuple[Flags, Flags]:
    """Say which lie between two borders, and of which that is hidden."""
    inside, hidden = np.ones(len(found), np.bool_), np.zeros(len(found), np.bool_)
    if begins is not None:
        at, line = begins.at[found.ticket], begins.lines[0][1][found.ticket]
        later = (found.at > at) | ((found.at == at) & (found.line > line))
        inside &= later
        hidden |= np.isnat(found.at)
    if ends is not None:
        inside &= found.at <= ends.at[found.ticket]
        hidden |= np.isnat(found.at)
    return inside, hidden


def _excused(hearing: Hearing, given: Mapping[str, Given], found: Moments) -> Flags:
    """Say of ordered occurrences whether an excusing event comes before the next of the ticket."""
    none = np.zeros(len(found), np.bool_)
    if "excused_by" not in given or not len(found):
        return none
    excuses = happened(hearing, *listed(given["excused_by"]))
    excuses = saying(hearing, excuses, given, "excused_when")
    excuses = excuses.take(np.flatnonzero((excuses.ticket >= 0) & ~np.isnat(excuses.at)))
    # The last occurrence at or before each excuse, by ticket and time.
    tickets = np.concatenate([found.ticket, excuses.ticket])
    moments = np.concatenate([found.at, excuses.at])
    second = np.concatenate([np.zeros(len(found), np.int8), np.ones(len(excuses), np.int8)])
    order = np.lexsort((second, moments, tickets))
    place = np.maximum.accumulate(np.where(order < len(found), order, -1))
    before = place[order >= len(found)]
    of = tickets[order[order >= len(found)]]
    mine = (before >= 0) & (found.ticket[np.maximum(before, 0)] == of)
    none[before[mine]] = True
    return none


# --- attempts -------------------------------------------------------------------------------------


def attempts(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Count attempts of a ticket: how many, on how many days, in how many parts of a day.

    Where parts of a day are given, attempts lie in two of them at least; one outside all of them is
    an attempt, but in none.
    """
    found = happened(hearing, str(given["event"]))
    found = found.take(np.flatnonzero(found.ticket >= 0))
    ends = _border(hearing, given, "before")
    inside, hidden = _inside(found, None, ends)
    unsure = np.bincount(found.ticket[hidden | np.isnat(found.at)], minlength=hearing.size)
    seen = found.take(np.flatnonzero(inside & ~np.isnat(found.at)))
    tried = seen.count(hearing.size)
    days = _distinct(seen.ticket, seen.at.astype("datetime64[D]").astype(np.int64), hearing.size)
    least, on_days = count_of(given, "at_least") or 0, count_of(given, "on_days") or 0
    short = (tried < least) | (days < on_days)
    if "day_parts" in given:
        part = _part(seen.at, listed(given["day_parts"]))
        parted = part >= 0
        parts = _distinct(seen.ticket[parted], part[parted], hearing.size)
        short |= parts < min(2, len(listed(given["day_parts"])))
    applies = hearing.applies_to_tickets(given)
    known = (unsure == 0) | ~short
    if ends is not None:
        applies = np.where(ends.there, applies, 0).astype(np.int8)
        known &= ends.known | ~ends.there
    last = chosen(seen, seen.last(hearing.size))
    return Cases(
        decided(applies, known, ~short),
        np.arange(hearing.size, dtype=np.int32),
        lines=(*(ends.lines if ends is not None else ()), *last.lines),
        type=of_type("too few", hearing.size),
        at=last.at if ends is None else ends.at,
        measure=Measure(tried, "number"),
        late=np.where(tried < least, least - tried, NOTHING),
    )


def _distinct(ticket: Ints, value: npt.NDArray[np.int64], tickets: int) -> npt.NDArray[np.int64]:
    """Count the distinct values of each ticket."""
    order = np.lexsort((value, ticket))
    ticket, value = ticket[order], value[order]
    new = np.ones(len(ticket), np.bool_)
    new[1:] = (ticket[1:] != ticket[:-1]) | (value[1:] != value[:-1])
    return np.bincount(ticket[new], minlength=tickets)


def _part(at: Times, parts: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Give the part of the day of each moment, the later of two that touch; -1 for none."""
    since = (at - at.astype("datetime64[D]")).astype(np.int64)
    found = np.full(len(at), -1)
    for n, text in enumerate(parts):
        opens, closes = stretch_of(_read(text))
        found = np.where((since >= opens) & (since <= closes), n, found)
    return found


def _read(text: str) -> Hours:
    found = read_hours(text)
    assert found is not None  # noqa: S101 -- a handbook with other words is not loaded
    return found


# --- hours ----------------------------------------------------------------------------------------


def hours(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold the time of day of each event against the hours it may happen in, their ends included.

    Where a calendar is named, the day must be one that is worked, too.
    """
    found = happened(hearing, str(given["event"]))
    part = _part(found.at, listed(given["within"]))
    holds = part >= 0
    if "calendar" in given:
        holds &= clock_of(hearing, given).working_day(found.at)
    return Cases(
        decided(hearing.applies(given, found.record, found.line), ~np.isnat(found.at), holds),
        found.ticket.astype(np.int32),
        lines=((found.record, found.line),),
        type=of_type("outside hours", len(found)),
        at=found.at,
    )


# --- burst ----------------------------------------------------------------------------------------


def burst(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Count the tickets to which something happened in one minute; a case is a minute."""
    found = happened(hearing, str(given["event"]))
    applies = hearing.applies(given, found.record, found.line)
    found = found.take(np.flatnonzero((applies == 1) & ~np.isnat(found.at) & (found.ticket >= 0)))
    order = np.lexsort((found.line, found.ticket, found.at.astype("datetime64[m]")))
    found = found.take(order)
    minute = found.at.astype("datetime64[m]").astype(np.int64)
    # A ticket to which it happened twice in the minute is one ticket.
    new = np.ones(len(found), np.bool_)
    new[1:] = (minute[1:] != minute[:-1]) | (found.ticket[1:] != found.ticket[:-1])
    found = found.take(np.flatnonzero(new))
    minutes, first, tickets = np.unique(minute[new], return_index=True, return_counts=True)
    most = count_of(given, "at_most") or 0
    many = tickets > most
    return Cases(
        decided(np.ones(len(minutes), np.int8), np.ones(len(minutes), np.bool_), ~many),
        np.full(len(minutes), -1, np.int32),
        lines=tuple((found.record, _nth(found, first, tickets, n)) for n in range(most + 1)),
        names=[str(at).replace("T", " ") for at in minutes.astype("datetime64[m]")],
        type=of_type("suspicious", len(minutes)),
        at=minutes.astype("datetime64[m]").astype("datetime64[us]"),
        measure=Measure(tickets.astype(np.int64), "number"),
        late=np.where(many, tickets - most, NOTHING),
    )


def _nth(found: Moments, first: Places, count: Places, n: int) -> Places:
    there = count > n
    place = np.where(there, first + n, 0)
    return np.where(there, found.line[place], -1) if len(found) else np.full(len(first), -1)
