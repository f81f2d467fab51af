"""Kinds about handing parts out: `fifo` and `blocked`."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import duration
from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.evidence.records import AT, MOVES
from sopaudit.findings.rules.carried import settling, waiting
from sopaudit.findings.rules.case import (
    NOT_APPLICABLE,
    Cases,
    Measure,
    decided,
    of_type,
)
from sopaudit.findings.rules.chain import pay, started
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import (
    NONE,
    Ids,
    alike,
    called,
    chosen,
    columns,
    conforming_only,
    named,
)
from sopaudit.findings.rules.pair import Dated, any_of, latest
from sopaudit.findings.rules.part import MOVE_ID, PART, SERIAL, moved
from sopaudit.findings.rules.person import people

_FOREVER = np.datetime64("9999-12-31", "us")


def fifo(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether an older piece lay in store when one was issued (PR-14).

    Older means received on an earlier day. A piece lay in store if it still does, as `only` says,
    or was issued later. A piece the record has no line of any more was received by its last move of
    `received_by`; it goes with those of its part, where these all belong together. Of parts without
    serial numbers the moves do not say which was taken, so they are no cases; a piece whose receipt
    nobody wrote down is unknown.
    """
    record, received = str(given["received"]).split(".", 1)
    lines, ledger = hearing.lines(MOVES), hearing.lines(record)
    line = moved(lines, given, "move")
    at = lines.times(AT)[line]
    mine, theirs = alike(columns(lines, (PART, SERIAL), line), columns(ledger, (PART, SERIAL)))
    theirs = np.where(ledger.blank(SERIAL), NONE, theirs)
    piece = any_of(mine, theirs)
    queue = alike(columns(ledger, [name for _, name in named(given, "within")]))[0]
    days = ledger.times(received).astype("datetime64[D]")
    stocked = np.flatnonzero(
        chosen(hearing, given, "only", record) & ~ledger.blank(SERIAL) & ~np.isnat(days)
    )
    gone = piece < 0
    own_queue = np.where(gone, _queue_of(lines, line, ledger, queue), np.append(queue, NONE)[piece])
    own_day = np.where(
        gone, _received_by(lines, given, line), np.append(days, np.datetime64("NaT"))[piece]
    )
    known = (own_queue >= 0) & ~np.isnat(own_day) & ~np.isnat(at)
    sure = np.flatnonzero(known)
    day = np.concatenate([days[stocked], own_day[sure]])
    older = np.full(len(line), NONE, np.intp)
    older[sure] = _oldest(
        Dated(
            np.concatenate([queue[stocked], own_queue[sure]]),
            np.concatenate([np.full(len(stocked), _FOREVER), at[sure]]),
        ),
        day,
        Dated(own_queue[sure], at[sure]),
    )
    holds = ~(np.append(day, np.datetime64("NaT"))[older] < own_day)
    older = np.where(holds, NONE, older)
    row = np.append(np.concatenate([stocked, piece[sure]]), NONE)[older]
    left = np.append(np.concatenate([np.full(len(stocked), NONE), line[sure]]), NONE)[older]
    verdict = decided(hearing.applies(given, MOVES, line), known, holds)
    verdict[lines.blank(SERIAL)[line]] = NOT_APPLICABLE
    ticket = hearing.records.ticket(MOVES)[line]
    return Cases(
        verdict,
        ticket,
        lines=((MOVES, line), (record, row), (MOVES, np.where(row < 0, left, NONE))),
        names=called(hearing, ticket, lines.coded(MOVE_ID).rows(line)),
        type=of_type("wrong order", len(line)),
        at=at,
        found=lines.coded(SERIAL).rows(line),
    )


def _queue_of(lines: Lines, line: Places, ledger: Lines, queue: Ids) -> Ids:
    """Give the queue all lines of each move's part stand in; -1 where they stand in several.

    A part the record has no line of has a queue of its own.
    """
    mine, theirs = alike(columns(lines, (PART,), line), columns(ledger, (PART,)))
    size = int(max(mine.max(initial=0), theirs.max(initial=0))) + 1
    least, most = np.full(size, np.iinfo(np.int64).max), np.full(size, NONE, np.int64)
    np.minimum.at(least, theirs, queue)
    np.maximum.at(most, theirs, queue)
    alone = int(queue.max(initial=0)) + 1 + np.arange(size)
    only = np.select([most == NONE, least == most], [alone, most], NONE)
    return np.asarray(only[mine], np.int64)


def _received_by(
    lines: Lines, given: Mapping[str, Given], line: Places
) -> npt.NDArray[np.datetime64]:
    """Give the day each piece last came in before its move, `datetime64[D]`."""
    came, at = moved(lines, given, "received_by"), lines.times(AT)
    piece = alike(columns(lines, (PART, SERIAL)))[0]
    last = latest(Dated(piece[line], at[line]), Dated(piece[came], at[came]))
    return np.append(at[came], NEVER)[last].astype("datetime64[D]")


def _oldest(pieces: Dated, days: npt.NDArray[np.datetime64], issues: Dated) -> Places:
    """Find for each issue the oldest piece of its queue that left later; -1 where none did."""
    (queue, out), (asked, at) = pieces, issues
    if not len(queue):
        return np.full(len(asked), NONE, np.intp)
    moments = np.unique(np.concatenate([out, at]))
    wide = len(moments) + 1
    rank = len(moments) - np.searchsorted(moments, out)
    order = np.lexsort((rank, queue))
    # Day and place in one number, so that the smallest also says whose it is.
    value = days.astype(np.int64) * (len(queue) + 1) + np.arange(len(queue))
    group = np.unique(queue[order], return_inverse=True)[1].reshape(-1)
    span = int(value.max(initial=0) - value.min(initial=0)) + 1
    least = np.minimum.accumulate(value[order] - group * span) + group * span
    mine = asked * wide + (len(moments) - np.searchsorted(moments, at))
    place = np.searchsorted((queue * wide + rank)[order], mine, "left") - 1
    fits = (place >= 0) & (queue[order][np.maximum(place, 0)] == asked)
    best = np.append(least, 0)[np.where(fits, place, NONE)] % (len(queue) + 1)
    return np.where(fits, np.minimum(best, len(queue) - 1), NONE)


def blocked(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether parts were handed to people who owed too many old ones, or too long (PR-16).

    Each `owed_by` must be settled by an `overdue` within `returned_within`, counted from the move
    or from what happened to its ticket (`from`); until then, once that has passed, it is overdue.
    People are those of the move, or of its ticket as `person` says.
    """
    lines = hearing.lines(MOVES)
    line = moved(lines, given, "move")
    owed = moved(lines, given, "owed_by")
    owed = waiting(hearing, owed[chosen(hearing, given, "only", MOVES)[owed]])
    at, who = lines.times(AT), _people(hearing, given, lines)
    payer = pay(lines, owed, settling(hearing, moved(lines, given, "overdue")))
    back = np.append(at, NEVER)[payer]
    clock, within = hearing.clock(), duration(given["returned_within"])
    assert within is not None  # noqa: S101 -- the setting is required
    due = clock.due(started(hearing, given, at, owed), within)
    open_ = _open(who[line], at[line], who[owed], _owed_by_then(due, at[owed]), back)
    bad = np.zeros(len(line), np.bool_)
    limit = number(str(given["at_most"])) if "at_most" in given else None
    if limit is not None:
        bad |= open_ > int(limit)
    oldest = duration(given["oldest"]) if "oldest" in given else None
    if oldest is not None:
        long = _owed_by_then(clock.due(due, oldest), at[owed])
        bad |= _open(who[line], at[line], who[owed], long, back) > 0
    release = str(given.get("released", "")).partition(".")[2]
    excuse = ~lines.blank(release)[line] if release else np.zeros(len(line), np.bool_)
    known = (who[line] >= 0) & ~np.isnat(at[line])
    verdict = decided(hearing.applies(given, MOVES, line), known, ~bad | excuse)
    ticket = hearing.records.ticket(MOVES)[line]
    debt = latest(Dated(who[line], at[line]), Dated(who[owed], due))
    return Cases(
        verdict,
        ticket,
        lines=((MOVES, line), (MOVES, np.append(owed, NONE)[np.where(bad, debt, NONE)])),
        names=called(hearing, ticket, lines.coded(MOVE_ID).rows(line)),
        type=of_type("too many", len(line)),
        at=at[line],
        measure=Measure(open_, "number"),
        excused=conforming_only(verdict, bad & excuse),
    )


def _owed_by_then(due: Times, at: Times) -> Times:
    """Give the day each debt is overdue from: none is before the move that it came by."""
    return np.where(at > due, at, due)


def _people(hearing: Hearing, given: Mapping[str, Given], lines: Lines) -> Ids:
    """Give the person of each move a number; of several fields the first that is filled."""
    fields = named(given, "person") or [(MOVES, "actor")]
    found = np.full(len(lines), NONE, np.int64)
    cells = [hearing.lines(record).coded(name) for record, name in fields]
    home = np.append(hearing.records.home, NONE)[hearing.records.ticket(MOVES)]
    for (record, _), who in zip(fields, people(hearing, *cells), strict=True):
        own = who if record == MOVES else np.append(who, NONE)[home]
        found = np.where(found < 0, own, found)
    return found


def _open(who: Ids, at: Times, debtor: Ids, due: Times, back: Times) -> Ids:
    """Count for each person and moment what was due before and had not come back."""
    late: Flags = ~np.isnat(due) & (np.isnat(back) | (back > due)) & (debtor >= 0)
    returned = late & ~np.isnat(back)
    began = _before(who, at, debtor[late], due[late], "left")
    ended = _before(who, at, debtor[returned], back[returned], "right")
    return began - ended


def _before(who: Ids, at: Times, debtor: Ids, then: Times, side: str) -> Ids:
    """Count for each person and moment how many of his moments lie before it."""
    moments = np.unique(np.concatenate([then, at[~np.isnat(at)]]))
    wide = len(moments) + 1
    theirs = np.sort(debtor * wide + np.searchsorted(moments, then))
    mine = who * wide + np.searchsorted(moments, at)
    place = np.searchsorted(theirs, mine, side)  # type: ignore[call-overload]
    return np.asarray(place - np.searchsorted(theirs, who * wide, "left"), np.int64)
