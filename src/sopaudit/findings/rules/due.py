"""Kinds about what is still to be done: `overdue`, `reminders`, `second_call`."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sopaudit.criteria.duration import duration
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Times
from sopaudit.evidence.records import EVENTS, MOVES, TICKETS
from sopaudit.findings.rules.case import NOTHING, TYPES, Cases, Measure, decided, of_type
from sopaudit.findings.rules.clock import UNKNOWN
from sopaudit.findings.rules.count import count_of
from sopaudit.findings.rules.hearing import Hearing, Moments
from sopaudit.findings.rules.limit import clock_of, length_of
from sopaudit.findings.rules.occasion import (
    Occasion,
    by_record,
    end_of_day,
    following,
    happened,
    once,
    said,
    whole_days,
)
from sopaudit.findings.rules.promise import promises

# --- overdue --------------------------------------------------------------------------------------


def overdue(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look for what is past its day and not done at the moment of the check; a case is a line.

    The day is a field, of a ticket the last promise where events make promises, or so long after
    another moment. What is done conforms, whenever it was done, or where it must be `renewed` while
    the last time is no longer ago; what has a reason, too.
    """
    name = str(given["due"] if "due" in given else given["since"])
    record, dot, field = name.partition(".")
    if not dot:
        return _of_events(hearing, given, name)
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    asked = said(hearing, lines, field)
    since = None
    if "due" in given:
        due = whole_days(lines, field)
    else:
        length = length_of(given, "at_most")
        begun = due = lines.times(field)
        due = clock_of(hearing, given).due(due, length) if length is not None else end_of_day(due)
        # Of what may take so many days its whole age is found, not what is too much of it.
        since = begun if length is not None and length.unit in {"d", "month"} else None
    if "promised" in given and record == TICKETS:
        due, asked = _last_promise(hearing, given, name, due, asked)
    done, when, proof = _done(hearing, listed(given.get("done", ())), record)
    renewed = length_of(given, "renewed")
    if renewed is not None:
        due = np.where(done & np.isnat(when), NEVER, due)
        done &= hearing.now <= clock_of(hearing, given).due(when, renewed)
    applies = np.where(asked, hearing.applies(given, record, line), 0).astype(np.int8)
    found = _overdue(hearing, given, (record, line), applies, due, done, when, proof)
    return found if since is None else _aged(hearing, found, since)


def _aged(hearing: Hearing, found: Cases, since: Times) -> Cases:
    """Measure what is too late from where its time began, in whole days."""
    assert found.late is not None  # noqa: S101 -- what is too late is so by some time
    days = (hearing.now.astype("datetime64[D]") - since.astype("datetime64[D]")).astype(np.int64)
    age = np.where(found.late == NOTHING, NOTHING, days * 86_400 * 1_000_000)
    return replace(found, measure=Measure(age, "us"))


def _overdue(  # noqa: PLR0913, PLR0917 -- what a case of it is made of
    hearing: Hearing,
    given: Mapping[str, Given],
    asked: tuple[str, Places],
    applies: np.ndarray[tuple[int], np.dtype[np.int8]],
    due: Times,
    done: Flags,
    when: Times,
    proof: tuple[tuple[str, Places], ...],
) -> Cases:
    record, line = asked
    past = ~done & (hearing.now > due)
    excused = np.zeros(len(line), np.bool_)
    if "reason" in given:
        source, _, name = str(given["reason"]).partition(".")
        if source == record:
            excused = past & ~hearing.lines(record).blank(name)[line]
    over = (hearing.now - due).astype(np.int64)
    return Cases(
        decided(applies, done | ~np.isnat(due), ~past | excused),
        hearing.records.ticket(record)[line].astype(np.int32),
        lines=((record, line), *proof),
        type=of_type("late", len(line)),
        at=np.where(done, when, due),
        due=due,
        measure=Measure(np.where(past, over, NOTHING), "us"),
        late=np.where(past, over, NOTHING),
        excused=excused,
    )


def _of_events(hearing: Hearing, given: Mapping[str, Given], name: str) -> Cases:
    """Hear it of each ticket to which something happened."""
    begun = once(hearing, [name])
    length = length_of(given, "at_most")
    due = clock_of(hearing, given).due(begun.at, length) if length else end_of_day(begun.at)
    record, line = begun.lines[0]
    kept = np.flatnonzero(line >= 0)
    done = once(hearing, listed(given["done"])) if "done" in given else None
    finished = done.there[kept] if done is not None else np.zeros(len(kept), np.bool_)
    when = done.at[kept] if done is not None else np.full(len(kept), NEVER)
    proof = tuple((r, p[kept]) for r, p in done.lines) if done is not None else ()
    applies = hearing.applies_to_tickets(given)[kept]
    return _overdue(hearing, given, (record, line[kept]), applies, due[kept], finished, when, proof)


def _last_promise(
    hearing: Hearing, given: Mapping[str, Given], field: str, due: Times, asked: Flags
) -> tuple[Times, Flags]:
    made = promises(hearing, listed(given["promised"]), field)
    last = made.last & ~np.isnat(made.ends)
    ends = np.full(hearing.size + 1, NEVER)
    ends[made.made.ticket[last]] = made.ends[last]
    promised = ends[hearing.records.ticket(TICKETS)]
    return np.where(np.isnat(promised), due, promised), asked | ~np.isnat(promised)


def _done(
    hearing: Hearing, names: tuple[str, ...], record: str
) -> tuple[Flags, Times, tuple[tuple[str, Places], ...]]:
    """Say of each line of a record whether it is done by now, and when."""
    count = len(hearing.lines(record))
    done, when = np.zeros(count, np.bool_), np.full(count, NEVER)
    proof: list[tuple[str, Places]] = []
    ticket = hearing.records.ticket(record)
    for source, group in by_record(hearing, names).items():
        if source == record and source not in {EVENTS, MOVES}:
            for name in group:
                at = hearing.lines(record).times(name.partition(".")[2])
                filled = ~hearing.lines(record).blank(name.partition(".")[2])
                done |= filled & ~(at > hearing.now)
                when = np.fmin(when, at)
        else:
            found = once(hearing, group)
            mine = ticket >= 0
            done |= mine & np.append(found.there, False)[ticket]
            when = np.fmin(when, np.append(found.at, NEVER)[ticket])
            proof += [(name, np.append(line, -1)[ticket]) for name, line in found.lines]
    return done, when, tuple(proof)


# --- reminders ------------------------------------------------------------------------------------


def reminders(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look for a reminder on each of the days it is due; a case is one such day of a ticket.

    It is due on the N-th day, or on the next that is worked, to the end of it. No more is due once
    what was waited for has happened.
    """
    begun = once(hearing, [str(given["from"])])
    ended = once(hearing, listed(given["until"])) if "until" in given else None
    sent = happened(hearing, str(given["event"]))
    clock = clock_of(hearing, given)
    parts = []
    for text in listed(given["at"]):
        length = duration(text)
        assert length is not None  # noqa: S101 -- a handbook with other words is not loaded
        day = clock.due(begun.at, length)
        opens = day.astype("datetime64[D]").astype("datetime64[us]")
        due = end_of_day(clock.day_after(opens, 0).astype("datetime64[us]"))
        parts.append(_reminded(hearing, given, begun, ended, sent, opens, due))
    return _joined(parts)


def _reminded(  # noqa: PLR0913, PLR0917 -- what a case of it is made of
    hearing: Hearing,
    given: Mapping[str, Given],
    begun: Occasion,
    ended: Occasion | None,
    sent: Moments,
    opens: Times,
    due: Times,
) -> Cases:
    tickets = np.arange(hearing.size, dtype=np.int32)
    place = following(sent, tickets.astype(np.intp), opens)
    there = place >= 0
    at = np.where(there, sent.at[place], NEVER) if len(sent) else np.full(len(place), NEVER)
    line = np.where(there, sent.line[place], -1) if len(sent) else np.full(len(place), -1)
    over = ended.at <= due if ended is not None else np.zeros(hearing.size, np.bool_)
    hidden = ended.there & ~ended.known if ended is not None else np.zeros(hearing.size, np.bool_)
    idle = ~begun.there | (over & ~(at <= due)) | (~there & ~(hearing.now > due))
    late = np.where(there, (at - due).astype(np.int64), UNKNOWN)
    holds = there & (at <= due)
    return Cases(
        decided(
            np.where(idle, 0, hearing.applies_to_tickets(given)).astype(np.int8),
            begun.known & (~hidden | holds),
            holds,
        ),
        tickets,
        lines=((sent.record, line), *begun.lines),
        type=np.where(there, TYPES.index("late"), TYPES.index("never done")).astype(np.int8),
        at=np.where(there, at, due),
        due=due,
        late=np.where(there & (late > 0), late, NOTHING),
    )


def _joined(parts: list[Cases]) -> Cases:
    """Put the cases of several days together."""

    def every(name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.concatenate([getattr(part, name) for part in parts])

    records = [record for record, _ in parts[0].lines]
    return Cases(
        np.concatenate([part.verdict for part in parts]),
        np.concatenate([part.ticket for part in parts]),
        lines=tuple(
            (record, np.concatenate([part.lines[n][1] for part in parts]))
            for n, record in enumerate(records)
        ),
        type=np.concatenate([part.type for part in parts if part.type is not None]),
        at=np.concatenate([part.at for part in parts if part.at is not None]),
        due=np.concatenate([part.due for part in parts if part.due is not None]),
        late=every("late"),
    )


# --- second_call ----------------------------------------------------------------------------------


def second_call(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look for customers who called again in one open matter before anybody called them.

    Lines of the record are calls; `incoming` and `outgoing` say whose. `contacts` are events by
    which we reached the customer, and after `until` the matter is no longer open. A case is a
    ticket with a call from the customer.
    """
    record = str(given["calls"])
    calls = happened(hearing, str(given["at"]))
    applies = hearing.applies(given, record, calls.line)
    came, went = (
        hearing.holds(str(given[k]), record)[calls.line] for k in ("incoming", "outgoing")
    )
    mine = (calls.ticket >= 0) & (applies != 0)
    if "until" in given:
        closed = once(hearing, listed(given["until"]))
        mine &= ~(calls.at > np.append(closed.at, NEVER)[calls.ticket])
    heard = calls.take(np.flatnonzero(mine & (came == 1) & ~np.isnat(calls.at)))
    ours = [calls.take(np.flatnonzero((calls.ticket >= 0) & (went == 1) & ~np.isnat(calls.at)))]
    ours += [happened(hearing, name) for name in listed(given.get("contacts", ()))]
    doubtful = mine & ((came < 0) | np.isnat(calls.at) | (applies < 0))
    hidden = np.bincount(calls.ticket[doubtful], minlength=hearing.size) > 0
    heard = heard.ordered()
    times = count_of(given, "times") or 1
    repeated, last = _repeats(hearing, given, heard, ours, times)
    has = heard.count(hearing.size)
    there = last >= 0
    shown = np.where(there, last, heard.last(hearing.size))
    line = np.where(shown >= 0, heard.line[shown], -1) if len(heard) else shown
    at = np.where(shown >= 0, heard.at[shown], NEVER) if len(heard) else np.full(len(shown), NEVER)
    start = np.where(there, heard.line[np.maximum(last - times + 1, 0)], -1) if len(heard) else last
    applies_all = np.where((has > 0) | hidden, 1, 0).astype(np.int8)
    return Cases(
        decided(applies_all, ~hidden | repeated, ~repeated),
        np.arange(hearing.size, dtype=np.int32),
        lines=((record, line), (record, start)),
        type=of_type("repeated", hearing.size),
        at=at,
        measure=Measure(has, "number"),
        late=np.full(hearing.size, NOTHING),
    )


def _repeats(
    hearing: Hearing, given: Mapping[str, Given], heard: Moments, ours: list[Moments], times: int
) -> tuple[Flags, Places]:
    """Say of each ticket whether so many calls came in time, and the place of the last of them."""
    last = np.full(hearing.size, -1, np.intp)
    if len(heard) < times:
        return last >= 0, last
    length = length_of(given, "within")
    assert length is not None  # noqa: S101 -- the handbook is read with it
    first = np.arange(len(heard) - times + 1)
    then = first + times - 1
    same = heard.ticket[first] == heard.ticket[then]
    soon = heard.at[then] <= clock_of(hearing, given).due(heard.at[first], length)
    reached = np.zeros(len(first), np.bool_)
    for each in ours:
        place = following(each, heard.ticket[first].astype(np.intp), heard.at[first])
        if len(each):
            reached |= (place >= 0) & (each.at[place] <= heard.at[then])
    wrong = np.flatnonzero(same & soon & ~reached)[::-1]
    last[heard.ticket[then[wrong]]] = then[wrong]
    return last >= 0, last
