"""Kinds about what comes before what: `sequence`, `timeline`, `queue_order`."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Times
from sopaudit.evidence.records import EVENTS
from sopaudit.findings.rules.case import NOTHING, TYPES, Cases, decided, of_type
from sopaudit.findings.rules.flow import forced
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.occasion import Occasion, once


def precedes(one: Occasion, other: Occasion) -> Flags:
    """Say of each case whether one thing came before another.

    Of two at the same moment the row says which, where both stand in one record; else either may
    have been first.
    """
    same = np.zeros(len(one.at), np.bool_)
    if one.lines[0][0] == other.lines[0][0]:
        same = one.lines[0][1] > other.lines[0][1]
    before: Flags = (one.at < other.at) | ((one.at == other.at) & ~same)
    return before


# --- sequence -------------------------------------------------------------------------------------


def sequence(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold things that happened to a ticket against the order of a list.

    What is needed must be there once a later one has happened. The first occurrence of each counts.
    """
    names = listed(given["events"])
    needed = frozenset(listed(given.get("needed", ())))
    found = [once(hearing, [name]) for name in names]
    count = hearing.size
    asked, known = np.zeros(count, np.bool_), np.ones(count, np.bool_)
    missing, wrong = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    at, proof = np.full(count, NEVER), np.full(count, -1, np.intp)
    record = found[-1].lines[0][0]
    for n, later in enumerate(found):
        for name, earlier in zip(names[:n], found[:n], strict=True):
            both = earlier.there & later.there
            lacking = later.there & ~earlier.there & (name in needed)
            timed = earlier.known & later.known
            against = both & timed & ~precedes(earlier, later)
            asked |= both | lacking
            known &= ~both | timed
            first = (against | lacking) & ~missing & ~wrong
            missing |= lacking & first
            wrong |= against & first
            at = np.where(first, later.at, at)
            if later.lines[0][0] == record:
                proof = np.where(first, later.lines[0][1], proof)
    bad = missing | wrong
    applies = np.where(asked, hearing.applies_to_tickets(given), 0).astype(np.int8)
    last = found[-1].lines[0][1]
    return Cases(
        decided(applies, known | bad, ~bad),
        np.arange(count, dtype=np.int32),
        lines=((record, np.where(bad, proof, last)), *found[0].lines),
        type=np.where(missing, TYPES.index("missing"), TYPES.index("wrong order")).astype(np.int8),
        at=np.where(bad, at, found[-1].at),
        late=np.full(count, NOTHING),
    )


# --- timeline -------------------------------------------------------------------------------------


def timeline(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether the recorded times of a ticket's events are credible; see `flow` for the order.

    An event is too early before its ticket began, impossible after the moment of the check, and in
    the wrong order before one that every way of the workflow leads through first.
    """
    lines, ticket = hearing.lines(EVENTS), hearing.records.ticket(EVENTS)
    at = lines.times("at")
    mine = ticket >= 0
    first = _First(hearing.size, len(lines))
    if given.get("no_future"):
        first.see("wrong value", ticket, mine & (at > hearing.now), at)
    opened = once(hearing, [str(given["not_before"])]) if "not_before" in given else None
    if opened is not None:
        begins = np.append(opened.at, NEVER)[ticket]
        spared = lines.is_any("event", frozenset(listed(given.get("may_precede", ()))))
        first.see("too early", ticket, mine & (at < begins) & ~spared, at)
    if given.get("along_workflow"):
        _see_orders(first, hearing, at)
    has = np.bincount(ticket[mine], minlength=hearing.size) > 0
    hidden = np.bincount(ticket[mine & np.isnat(at)], minlength=hearing.size) > 0
    if opened is not None:
        hidden |= np.isnat(opened.at)
    bad = first.line >= 0
    applies = np.where(has, hearing.applies_to_tickets(given), 0).astype(np.int8)
    return Cases(
        decided(applies, ~hidden | bad, ~bad),
        np.arange(hearing.size, dtype=np.int32),
        lines=((EVENTS, first.line), (EVENTS, first.other)),
        type=first.type,
        at=first.at,
        due=first.due,
        late=np.full(hearing.size, NOTHING),
    )


class _First:
    """The first thing that is wrong with each ticket, and how it is proven."""

    def __init__(self, tickets: int, lines: int) -> None:
        self.lines = lines
        self.line: Places = np.full(tickets, -1, np.intp)
        self.other: Places = np.full(tickets, -1, np.intp)
        self.type = of_type("wrong value", tickets)
        self.at: Times = np.full(tickets, NEVER)
        self.due: Times = np.full(tickets, NEVER)

    def see(self, name: str, ticket: npt.NDArray[np.int32], wrong: Flags, at: Times) -> None:
        """Keep the first wrong line of each ticket that had none."""
        here = np.flatnonzero(wrong)[::-1]
        line = np.full(len(self.line), -1, np.intp)
        line[ticket[here]] = here
        self.keep(name, line, np.full(len(line), -1, np.intp), at)

    def keep(self, name: str, line: Places, other: Places, at: Times) -> None:
        """Keep lines, -1 for none, of tickets that had nothing wrong yet."""
        new = (line >= 0) & (self.line < 0)
        self.line = np.where(new, line, self.line)
        self.other = np.where(new, other, self.other)
        self.type = np.where(new, TYPES.index(name), self.type).astype(np.int8)
        if len(at):
            self.at = np.where(new, at[line], self.at)
            self.due = np.where(new & (other >= 0), at[other], self.due)


def _see_orders(first: _First, hearing: Hearing, at: Times) -> None:
    """Hold the first occurrences of events against every order the workflows force.

    There are a thousand orders and perhaps a million tickets, so each is one comparison of whole
    numbers; a time nobody knows is later than none and earlier than none.
    """
    seen: dict[str, tuple[npt.NDArray[np.int64], Places]] = {}
    of, begins = "", np.empty(0, np.int64)
    for order in forced(hearing):
        for name in {order.first, order.then} - seen.keys():
            found = once(hearing, [name])
            times = np.where(np.isnat(found.at), _LAST, found.at.astype(np.int64))
            seen[name] = (times, found.lines[0][1])
        if order.first != of:
            of, begins = order.first, seen[order.first][0]
            begins = np.where(begins == _LAST, -_LAST, begins)
        wrong = begins > seen[order.then][0]
        if wrong.any():
            wrong &= order.tickets
            line = np.where(wrong, seen[order.then][1], -1)
            first.keep("wrong order", line, seen[order.first][1], at)


_LAST: Final = np.iinfo(np.int64).max


# --- queue_order ----------------------------------------------------------------------------------


def queue_order(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether who came first was served first.

    A ticket fails where one that was queued earlier was served later. One that may go ahead, and
    one that waits still, overtakes nobody. One never served is left to limits of time.
    """
    queued, served = (once(hearing, [str(given[key])]) for key in ("queued", "served"))
    applies = hearing.applies_to_tickets(given)
    ahead = np.zeros(hearing.size, np.int8)
    if "ahead" in given:
        ahead = hearing.holds_of_tickets(str(given["ahead"]))
    inside = queued.known & served.known & (applies == 1)
    worst = _latest_of_earlier(np.flatnonzero(inside), queued.at, served.at)
    passed = worst >= 0
    overtaken = np.where(passed, served.at[worst], NEVER)
    fails = passed & (overtaken > served.at)
    known = ~(queued.there & ~queued.known) & ~(served.there & ~served.known)
    known &= ~(fails & (ahead < 0)) & ~(served.there & ~queued.there)
    idle = ~served.there | (ahead == 1)
    return Cases(
        decided(np.where(idle, 0, applies).astype(np.int8), known, ~fails),
        np.arange(hearing.size, dtype=np.int32),
        lines=(
            *served.lines,
            *queued.lines,
            (queued.lines[0][0], np.where(fails, queued.lines[0][1][worst], -1)),
        ),
        type=of_type("wrong order", hearing.size),
        at=served.at,
        late=np.full(hearing.size, NOTHING),
    )


def _latest_of_earlier(tickets: Places, queued: Times, served: Times) -> Places:
    """Give per ticket, of all queued before it, the one served last; -1 where there is none."""
    found = np.full(len(queued), -1, np.intp)
    if not len(tickets):
        return found
    order = tickets[np.argsort(queued[tickets], kind="stable")]
    ranked = np.argsort(np.argsort(served[order], kind="stable"), kind="stable")
    best = np.maximum.accumulate(ranked)
    by_rank = order[np.argsort(ranked, kind="stable")]
    # How many were queued strictly before each; who came at the same moment is no earlier.
    before = np.searchsorted(queued[order], queued[order], "left")
    earlier = by_rank[best[np.maximum(before - 1, 0)]]
    found[order] = np.where(before > 0, earlier, -1)
    return found
