"""Kinds about promises to a customer: `promise_kept`, `notice_before`.

An event that makes a promise holds it in its value: `2026-10-12 09:00/2026-10-12 11:00`, from and
until; a single moment is its end, and a day alone means all of that day. Where an event does not
say, the fields of the ticket do, for its last promise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times, moment
from sopaudit.evidence.records import VALUE
from sopaudit.findings.rules.case import NOTHING, TYPES, Cases, Measure, decided, of_type
from sopaudit.findings.rules.clock import UNKNOWN, Micros, micros
from sopaudit.findings.rules.hearing import Hearing, Moments
from sopaudit.findings.rules.limit import length_of
from sopaudit.findings.rules.occasion import end_of_day, following, happened, whole_days


def window(text: str, zone: str = "") -> tuple[np.datetime64, np.datetime64]:
    """Read a promise: when it begins and ends; NaT where it says none.

    `2026-10-12 09:00/11:00` is within one day; a single moment both begins and ends it.
    """
    parts = text.split("/")
    whole = moment(text.strip(), zone)
    if not np.isnat(whole) or len(parts) % 2:
        return whole, _until(text, whole)
    half = len(parts) // 2
    left, right = ("/".join(each).strip() for each in (parts[:half], parts[half:]))
    begins = moment(left, zone)
    if ":" in right and len(right) <= len("09:00:00"):
        right = f"{left.replace('T', ' ').partition(' ')[0]} {right.zfill(5)}"
    return begins, _until(right, moment(right, zone))


def _until(text: str, at: np.datetime64) -> np.datetime64:
    if ":" in text or np.isnat(at):
        return at
    ends: np.datetime64 = end_of_day(np.array([at], "datetime64[us]"))[0]
    return ends


@dataclass(frozen=True, eq=False)
class Promises:
    """All promises of all tickets, ordered by ticket, time and row."""

    made: Moments
    begins: Times
    ends: Times

    def __len__(self) -> int:
        return len(self.made)

    @property
    def first(self) -> Places:
        """Per promise: the place of the first of its ticket."""
        new = np.ones(len(self), np.bool_)
        new[1:] = self.made.ticket[1:] != self.made.ticket[:-1]
        return np.maximum.accumulate(np.where(new, np.arange(len(self)), 0))

    @property
    def last(self) -> Flags:
        """Say of each promise whether it is the last of its ticket."""
        last = np.ones(len(self), np.bool_)
        last[:-1] = self.made.ticket[1:] != self.made.ticket[:-1]
        return last

    def in_force(self, ticket: Places, at: Times) -> Places:
        """Give the place of the promise in force for each ticket at a moment; -1 for none."""
        tickets = np.concatenate([self.made.ticket, ticket])
        moments = np.concatenate([self.made.at, at])
        asked = np.concatenate([np.zeros(len(self), np.int8), np.ones(len(ticket), np.int8)])
        order = np.lexsort((asked, moments, tickets))
        place = np.maximum.accumulate(np.where(order < len(self), order, -1))
        found = np.full(len(ticket), -1, np.intp)
        found[order[order >= len(self)] - len(self)] = place[order >= len(self)]
        if not len(self):
            return found
        return np.where(self.made.ticket[np.maximum(found, 0)] == ticket, found, -1)


def promises(
    hearing: Hearing, events: tuple[str, ...], ends: str, begins: str | None = None
) -> Promises:
    """Gather the promises of all tickets; see the module."""
    made = happened(hearing, *events) if events else _of_fields(hearing, ends)
    kept = (made.ticket >= 0) & ~np.isnat(made.at) if events else made.ticket >= 0
    made = made.take(np.flatnonzero(kept)).ordered()
    lines = hearing.lines(made.record)
    starts, until = _windows(lines) if events else (np.full(len(lines), NEVER),) * 2
    found = Promises(made, starts[made.line], until[made.line])
    silent = found.last & np.isnat(found.ends)
    field = np.where(silent, _field(hearing, ends, whole=True)[made.ticket], NEVER)
    start = np.where(silent, _field(hearing, begins or ends)[made.ticket], NEVER)
    return replace(
        found,
        ends=np.where(silent, field, found.ends),
        begins=np.where(silent | np.isnat(found.begins), _first_of(start, found), found.begins),
    )


def _first_of(start: Times, found: Promises) -> Times:
    return np.where(np.isnat(start), found.begins, start)


def _of_fields(hearing: Hearing, field: str) -> Moments:
    """Take the promise of a field as made before everything else."""
    made = happened(hearing, field)
    return replace(made, at=np.full(len(made), np.datetime64("1900-01-01", "us")))


def _windows(lines: Lines) -> tuple[Times, Times]:
    cells = lines.coded(VALUE)
    begins = np.full(max(cells.size, 1), NEVER)
    ends = np.full(max(cells.size, 1), NEVER)
    for code, text in cells.distinct().items():
        begins[code], ends[code] = window(text, lines.zone)
    return begins[cells.codes], ends[cells.codes]


def _field(hearing: Hearing, field: str, *, whole: bool = False) -> Times:
    """Give a field of the record of tickets, per ticket; NaT where it says nothing."""
    record, _, name = field.partition(".")
    lines = hearing.lines(record)
    at = np.append(whole_days(lines, name) if whole else lines.times(name), NEVER)
    home = np.full(hearing.size, len(lines), np.intp)
    ticket = hearing.records.ticket(record)
    mine = np.flatnonzero(ticket >= 0)[::-1]
    home[ticket[mine]] = mine
    return at[home]


# --- promise_kept ---------------------------------------------------------------------------------


def promise_kept(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold each deed against the promise in force at that moment, and against the first one.

    A deed without any promise is no case of this rule. `first_late` says by how much it was late
    against the first promise to that ticket since the deed before.
    """
    done = happened(hearing, str(given["done"]))
    done = done.take(np.flatnonzero(done.ticket >= 0)).ordered()
    limit = str(given["limit"])
    made = promises(hearing, listed(given["promised"]), limit)
    place = made.in_force(done.ticket.astype(np.intp), done.at)
    there = place >= 0
    due = np.where(there, _at(made.ends, place), NEVER)
    # Without an event that promised, the field of the ticket did.
    field = _field(hearing, limit, whole=True)[done.ticket]
    alone = ~there & ~np.isnat(field)
    due = np.where(alone, field, due)
    first = np.where(alone, field, _first_due(made, place, done))
    if given.get("in_force") == "first":
        due = first
    promised = there | alone
    known = ~np.isnat(done.at) & ~np.isnat(due)
    late = _beyond(done.at, due)
    applies = hearing.applies_to_tickets(given)[done.ticket]
    return Cases(
        decided(np.where(promised, applies, 0).astype(np.int8), known, late <= 0),
        done.ticket.astype(np.int32),
        lines=((done.record, done.line), (made.made.record, _line(made.made, place))),
        type=of_type("late", len(done)),
        at=done.at,
        due=due,
        measure=Measure(np.where(late == UNKNOWN, NOTHING, late), "us"),
        late=np.where(late > 0, late, NOTHING),
        first_late=np.where(promised & (_beyond(done.at, first) > 0), _beyond(done.at, first), 0),
    )


def _at(moments: Times, place: Places) -> Times:
    if not len(moments):
        return np.full(len(place), NEVER)
    return np.where(place >= 0, moments[place], NEVER)


def _line(made: Moments, place: Places) -> Places:
    return np.where(place >= 0, made.line[place], -1) if len(made) else np.full(len(place), -1)


def _beyond(at: Times, due: Times) -> Micros:
    """Say by how much a moment is beyond another, in microseconds; UNKNOWN without both."""
    return np.where(np.isnat(at) | np.isnat(due), UNKNOWN, (at - due).astype(np.int64))


def _first_due(made: Promises, place: Places, done: Moments) -> Times:
    """Give the end of the first promise to the ticket that was made after the deed before."""
    if not len(made):
        return np.full(len(done), NEVER)
    before = np.full(len(done), NEVER)
    same = done.ticket[1:] == done.ticket[:-1]
    before[1:] = np.where(same, done.at[:-1], NEVER)
    # The promise in force at the deed before was kept or broken there; ours begin after it.
    old = made.in_force(done.ticket.astype(np.intp), before)
    old = np.where(np.isnat(before), -1, old)
    first = np.where(old >= 0, np.minimum(old + 1, place), made.first[np.maximum(place, 0)])
    return np.where(place >= 0, made.ends[np.maximum(first, 0)], NEVER)


# --- notice_before --------------------------------------------------------------------------------


def notice_before(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether a promise that was not kept was replaced in time; a case is a promise.

    A promise that was kept is no case, nor one still open. One that was not is replaced by the next
    promise, which a notice makes, so long before the old one begins.
    """
    notice = str(given["notice"])
    events = (*listed(given.get("promised", ())), notice)
    made = promises(
        hearing, tuple(dict.fromkeys(events)), str(given["promise"]), str(given["begins"])
    )
    done = happened(hearing, str(given["done"]))
    ticket = made.made.ticket
    at = _at(done.at, following(done, ticket.astype(np.intp), made.made.at))
    length = length_of(given, "at_least")
    assert length is not None  # noqa: S101 -- the handbook is read with it
    begins = np.where(np.isnat(made.begins), made.ends, made.begins)
    begins = np.where(begins > made.ends, made.ends, begins)
    due: Times = begins.copy()
    due -= np.timedelta64(micros(length), "us")
    told, line, noticed = _replaced(hearing, made, notice, at)
    missed = (at > made.ends) | (np.isnat(at) & told & (hearing.now > made.ends))
    applies = hearing.applies_to_tickets(given)[ticket]
    idle = ~missed & ~np.isnat(made.ends)
    hidden = _timeless(done, hearing.size)[ticket] & np.isnat(at) & ~told
    return Cases(
        decided(
            np.where((idle | (np.isnat(at) & ~told)) & ~hidden, 0, applies).astype(np.int8),
            ~np.isnat(made.ends) & ~np.isnat(due) & ~hidden,
            noticed <= due,
        ),
        ticket.astype(np.int32),
        lines=(
            (made.made.record, np.where(line < 0, -1, line)),
            (made.made.record, made.made.line),
        ),
        type=np.where(told, TYPES.index("late"), TYPES.index("never done")).astype(np.int8),
        at=np.where(told, noticed, due),
        due=due,
        late=np.where(told & (noticed > due), _beyond(noticed, due), NOTHING),
    )


def _timeless(done: Moments, size: int) -> Flags:
    """Say of each ticket whether a deed does not say when it was done."""
    silent = done.ticket[np.isnat(done.at) & (done.ticket >= 0)]
    return np.bincount(silent, minlength=size) > 0


def _replaced(
    hearing: Hearing, made: Promises, notice: str, done: Times
) -> tuple[Flags, Places, Times]:
    """Say of each promise whether a notice replaced it before the deed, on which line, and when."""
    said = hearing.lines(made.made.record).is_any("event", frozenset((notice,)))[made.made.line]
    line = np.full(len(made), -1, np.intp)
    line[:-1] = np.where(~made.last[:-1] & said[1:], made.made.line[1:], -1)
    at = np.full(len(made), NEVER)
    at[:-1] = np.where(line[:-1] >= 0, made.made.at[1:], NEVER)
    new = np.zeros(len(made), np.bool_)
    new[:-1] = ~np.isnat(made.ends[1:])
    told = (line >= 0) & ~(at > done) & new
    return told, np.where(told, line, -1), np.where(told, at, NEVER)
