"""Kinds about moves that must be followed by others: `followed` and `late_explained`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import Duration, duration
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.evidence.records import AT, MOVES, TICKET
from sopaudit.findings.rules.carried import settling, waiting
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    NOT_APPLICABLE,
    NOTHING,
    TYPES,
    UNKNOWN,
    Cases,
    Measure,
    decided,
    of_type,
)
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import (
    NONE,
    Ids,
    alike,
    by_ticket,
    called,
    chosen,
    columns,
    conforming_only,
    switched,
)
from sopaudit.findings.rules.pair import Dated, any_of, latest, settled, soonest
from sopaudit.findings.rules.part import MOVE_ID, PART, QUANTITY, SERIAL, moved


@dataclass(frozen=True, eq=False)
class _Chain:
    """The moves that must be followed, and what became of each."""

    line: Places
    gone: Flags
    """Settled by a move after which nothing more is due."""

    payer: Places
    """The line that followed; -1 for none."""

    start: Times
    """When the clock began; NaT where it has not."""

    done: Times
    due: Times


def followed(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether each move is followed by another in time, or before something happens.

    Moves go together by ticket, part and serial number, or where these differ, by ticket and part;
    quantities are paid off in the order of time. What was followed before its clock began is in
    time; what is not followed yet is judged once its time has passed.
    """
    lines = hearing.lines(MOVES)
    chain = _chain(hearing, given, lines)
    line, late = chain.line, chain.done > chain.due
    open_ = np.isnat(chain.done)
    overdue = chain.due < hearing.now
    applies = hearing.applies(given, MOVES, line)
    known = open_ | ~np.isnat(chain.due)
    verdict = decided(applies, known, ~open_ & ~late)
    verdict[chain.gone | (open_ & (np.isnat(chain.due) | ~overdue))] = NOT_APPLICABLE
    if given.get("never") == "skip":
        verdict[open_] = NOT_APPLICABLE
    if "before" in given:
        verdict[np.isnat(chain.due)] = NOT_APPLICABLE
    verdict[(applies < 0) & (verdict != NOT_APPLICABLE)] = UNKNOWN
    excuse = explained(given, lines)[line]
    verdict[_hidden(lines, given, chain) & (verdict == NONCONFORMING)] = UNKNOWN
    wrong = verdict == NONCONFORMING
    verdict[wrong & excuse] = CONFORMING
    after = TYPES.index("wrong order" if "before" in given else "late")
    measure, late_by = _measured(hearing, given, chain)
    return Cases(
        verdict,
        hearing.records.ticket(MOVES)[line],
        lines=((MOVES, line), (MOVES, chain.payer)),
        names=called(hearing, hearing.records.ticket(MOVES)[line], lines.coded(MOVE_ID).rows(line)),
        type=np.where(open_, TYPES.index("never done"), after).astype(np.int8),
        at=np.where(open_, chain.due, chain.done),
        due=chain.due,
        measure=measure,
        late=late_by,
        found=_worse(hearing, given, chain),
        excused=conforming_only(verdict, wrong & excuse),
    )


def _hidden(lines: Lines, given: Mapping[str, Given], chain: _Chain) -> Flags:
    """Say of each move nothing settles whether a move of its ticket that might says no time."""
    timeless = moved(lines, given, "by")
    timeless = timeless[np.isnat(lines.times(AT)[timeless]) & ~lines.blank(TICKET)[timeless]]
    key = alike(columns(lines, (TICKET, PART)))[0]
    return np.isnat(chain.done) & (any_of(key[chain.line], key[timeless]) >= 0)


def explained(given: Mapping[str, Given], lines: Lines) -> Flags:
    """Say of each move whether the field says something that explains it, where one is named."""
    if "explained" not in given:
        return np.zeros(len(lines), np.bool_)
    return ~lines.blank(str(given["explained"]).partition(".")[2])


def _worse(hearing: Hearing, given: Mapping[str, Given], chain: _Chain) -> Coded | None:
    """Tell those apart that are later than `worse_after`; None where that is not asked."""
    length = duration(given["worse_after"]) if "worse_after" in given else None
    if length is None:
        return None
    limit = hearing.clock().due(chain.start, length)
    until = np.where(np.isnat(chain.done), hearing.now, chain.done)
    return switched(until > limit, f"> {length}")


def _measured(
    hearing: Hearing, given: Mapping[str, Given], chain: _Chain
) -> tuple[Measure, npt.NDArray[np.int64]]:
    until = np.where(np.isnat(chain.done), hearing.now, chain.done)
    length = duration(given["at_most"]) if "at_most" in given else None
    return lengths(hearing, length, chain.start, until, chain.due)


def lengths(
    hearing: Hearing, length: Duration | None, start: Times, until: Times, due: Times
) -> tuple[Measure, npt.NDArray[np.int64]]:
    """Say how long each took, or has taken so far, and by how much too long."""
    nothing = np.isnat(start) | np.isnat(due)
    if length is not None and length.unit == "working d":
        days = hearing.clock().days_between(start, until)
        late = days - int(length.amount)
        return Measure(np.where(nothing, NOTHING, days), "working d"), np.where(
            nothing | (late <= 0), NOTHING, late
        )
    took, late = ((until - t).astype(np.int64) for t in (start, due))
    return Measure(np.where(nothing, NOTHING, took), "us"), np.where(
        nothing | (late <= 0), NOTHING, late
    )


def late_explained(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether what came or will come too late was explained (PR-21); the rest is no case.

    The note stands in a record that names ticket, part and serial number of the move. With `noted`
    one that was written after the day counts for nothing, and one without its date is unknown. So
    is a move that was followed while nobody says when its clock began.
    """
    lines = hearing.lines(MOVES)
    chain = _chain(hearing, given, lines)
    late = ~chain.gone & np.where(
        np.isnat(chain.done), chain.due < hearing.now, chain.done > chain.due
    )
    record, _, name = str(given["note"]).partition(".")
    notes = hearing.lines(record)
    by = [field for field in (TICKET, PART, SERIAL) if notes.has(field)] or [TICKET]
    written = np.flatnonzero(~notes.blank(name))
    mine, theirs = alike(columns(lines, by, chain.line), columns(notes, by, written))
    note = any_of(mine, theirs)
    holds, known, kind = _noted(given, notes, written, Dated(mine, chain.due), theirs)
    unsure = ~chain.gone & ~np.isnat(chain.done) & np.isnat(chain.due)
    verdict = decided(hearing.applies(given, MOVES, chain.line), known & ~unsure, holds)
    verdict[~late & ~unsure] = NOT_APPLICABLE
    return Cases(
        verdict,
        hearing.records.ticket(MOVES)[chain.line],
        lines=((MOVES, chain.line), (MOVES, chain.payer), (record, np.append(written, NONE)[note])),
        names=called(
            hearing,
            hearing.records.ticket(MOVES)[chain.line],
            lines.coded(MOVE_ID).rows(chain.line),
        ),
        type=kind,
        at=chain.due,
        due=chain.due,
    )


def _noted(
    given: Mapping[str, Given], notes: Lines, written: Places, mine: Dated, theirs: Ids
) -> tuple[Flags, Flags, npt.NDArray[np.int8]]:
    """Say of each case whether it was noted by its day, if that can be told, and else how not."""
    there = any_of(mine.key, theirs) >= 0
    missing = of_type("missing", len(there))
    if "noted" not in given:
        return there, np.ones(len(there), np.bool_), missing
    at = notes.times(str(given["noted"]).partition(".")[2])[written]
    holds = latest(mine, Dated(theirs, at)) >= 0
    dateless = any_of(mine.key, theirs[np.isnat(at)]) >= 0
    kind = np.where(there, TYPES.index("late"), missing).astype(np.int8)
    return holds, holds | ~dateless, kind


def _chain(hearing: Hearing, given: Mapping[str, Given], lines: Lines) -> _Chain:
    at = lines.times(AT)
    # What is dated after the hearing has not happened.
    line, by, enough = (
        places[~(at[places] > hearing.now)]
        for places in (moved(lines, given, name) for name in ("move", "by", "not_after"))
    )
    line = waiting(hearing, line)
    by, enough = (settling(hearing, found) for found in (by, enough))
    besides = chosen(hearing, given, "by_unless", MOVES) & ("by_unless" in given)
    by, enough = (found[~besides[found]] for found in (by, enough))
    gone = pay(lines, line, enough) >= 0
    payer = pay(lines, line, np.union1d(by, enough))
    done = np.append(at, NEVER)[payer]
    start = started(hearing, given, at, line)
    if "before" in given:
        ends = hearing.moments(*listed(given["before"]))
        due = by_ticket(hearing, ends, MOVES)[0][line]
    else:
        length = duration(given["at_most"])
        assert length is not None  # noqa: S101 -- one of the two is given
        due = hearing.clock().due(start, length)
    return _Chain(line, gone, payer, start, done, due)


def started(hearing: Hearing, given: Mapping[str, Given], at: Times, line: Places) -> Times:
    """Say when each clock began: with the move, or the first `from` of its ticket after it.

    Where there is none after it, the last before it counts, because papers come in late.
    """
    if "from" not in given:
        return at[line]
    moments = hearing.moments(*listed(given["from"]))
    ticket = hearing.records.ticket(MOVES)[line].astype(np.int64)
    there = np.where(moments.ticket < 0, NONE - 1, moments.ticket).astype(np.int64)
    mine, theirs = Dated(ticket, _begun(at)[line]), Dated(there, moments.at)
    after, before = soonest(mine, theirs), latest(mine, theirs)
    return np.append(moments.at, NEVER)[np.where(after >= 0, after, before)]


def pay(lines: Lines, owed: Places, paid: Places) -> Places:
    """Find for each of some moves the move with which it is settled; -1 for none.

    The surest bond comes first: the piece on its ticket, the part on its ticket, the piece where
    one of the two names no ticket, and the part where both name none.
    """
    found = np.full(len(owed), NONE, np.intp)
    if not len(owed) or not len(paid):
        return found
    at, quantity = lines.times(AT), _quantity(lines)
    begun = _begun(at)
    ticketed, single = ~lines.blank(TICKET), ~lines.blank(SERIAL)
    loose = ~ticketed & ~single
    bonds: tuple[tuple[Sequence[str], Flags, Flags], ...] = (
        ((TICKET, PART, SERIAL), ticketed & single, ticketed & single),
        ((TICKET, PART), ticketed, ticketed),
        ((PART, SERIAL), ~ticketed & single, single),
        ((PART, SERIAL), ticketed & single, ~ticketed & single),
        ((PART,), loose, loose),
    )
    open_, free = np.ones(len(owed), np.bool_), np.ones(len(paid), np.bool_)
    for names, mine, theirs in bonds:
        key = alike(columns(lines, names))[0]
        one, other = np.flatnonzero(open_ & mine[owed]), np.flatnonzero(free & theirs[paid])
        one = one[np.isin(key[owed[one]], key[paid[other]])]
        other = other[np.isin(key[paid[other]], key[owed[one]])]
        debt, payment = owed[one], paid[other]
        place = settled(
            Dated(key[debt], begun[debt]), quantity[debt],
            Dated(key[payment], at[payment]), quantity[payment],
        )  # fmt: skip
        found[one] = np.append(payment, NONE)[place]
        open_[one[place >= 0]] = False
        free[other] = False
    return found


def _begun(at: Times) -> Times:
    """Take a move that does not say when as made before all others: whatever came may settle it."""
    return np.where(np.isnat(at), _EARLIEST, at)


_EARLIEST: Final = np.datetime64("1900-01-01", "us")


def _quantity(lines: Lines) -> npt.NDArray[np.int64]:
    """Give how much each move moves; one piece where it does not say."""
    numbers = lines.numbers(QUANTITY)
    return np.where(numbers.known, numbers.units, 10**numbers.decimals)
