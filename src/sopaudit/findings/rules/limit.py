"""Kinds that set a limit of time between two moments: `elapsed` and `deadline`.

Neither moment: not applicable. The second without the first, or a moment whose time nobody knows:
unknown. The first alone: never done, once the limit has passed by the moment of the check; until
then it is not due, so not applicable, nor is it once the matter was given up in time (`until`). The
second before the first took no time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import Duration, duration
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.lines import NEVER, Flags, Times
from sopaudit.findings.rules.case import (
    NOT_APPLICABLE,
    NOTHING,
    TYPES,
    Cases,
    Measure,
    decided,
)
from sopaudit.findings.rules.clock import UNKNOWN, Clock, Micros, micros
from sopaudit.findings.rules.hearing import Hearing, Truth
from sopaudit.findings.rules.key import alike, columns, empty
from sopaudit.findings.rules.key import chosen as counted
from sopaudit.findings.rules.occasion import (
    Occasion,
    by_record,
    chosen,
    following,
    happened,
    once,
    said,
)
from sopaudit.findings.rules.pair import Dated, any_of, latest, soonest
from sopaudit.findings.rules.pause import Pauses, pauses


@dataclass(frozen=True, eq=False)
class Spans:
    """Pairs of moments, one a case."""

    start: Occasion
    end: Occasion
    ticket: Ints
    applies: Truth
    stopped: Pauses
    """Stretches in which the clock of a case stands still."""

    over: Times
    """When the matter was given up, so that nothing that is still open is owed; NaT for never."""


def spans(hearing: Hearing, given: Mapping[str, Given]) -> Spans:
    """Pair moments: by line where one line holds both, else by ticket.

    With `which: each` every start has an end of its own, the first at or after it. With `on` lines
    go together by these columns, such as ticket and part.
    """
    if "on" in given:
        return _joined(hearing, given)
    start, ends = str(given["from"]), listed(given["to"])
    record, _, field = start.partition(".")
    every = hearing.records.ticket(record) if field else np.empty(0, np.int32)
    if field and all(end.startswith(f"{record}.") for end in ends) and record != "tickets":
        line = np.arange(len(hearing.lines(record)))
        pair = (_field(hearing, start), _earliest([_field(hearing, end) for end in ends]))
        return _spans(hearing, given, *pair, every, hearing.applies(given, record, line))
    applies = hearing.applies_to_tickets(given)
    which = str(given.get("which", "first"))
    if which != "each":
        ticket = np.arange(hearing.size, dtype=np.int32)
        return _spans(
            hearing,
            given,
            _begun(hearing, given, start),
            once(hearing, ends, which),
            ticket,
            applies,
        )
    begun = happened(hearing, start)
    begun = begun.take(np.flatnonzero(begun.ticket >= 0))
    found = [happened(hearing, *group) for group in by_record(hearing, ends).values()]
    followed = [chosen(each, following(each, begun.ticket, begun.at)) for each in found]
    first = chosen(begun, np.arange(len(begun)))
    return _spans(hearing, given, first, _earliest(followed), begun.ticket, applies[begun.ticket])


def _joined(hearing: Hearing, given: Mapping[str, Given]) -> Spans:
    """Pair each line of a start with the first end at or after it that is alike in some columns.

    Where there is none, the last before it counts: it took no time. Nothing is owed any more by a
    line to which something of `until` happened, whenever: it was answered in another way.
    """
    on = listed(given["on"])
    begun = happened(hearing, str(given["from"]))
    own = hearing.lines(begun.record)
    found = happened(hearing, *listed(given["to"]))
    mine, theirs = alike(
        columns(own, on, begun.line), columns(hearing.lines(found.record), on, found.line)
    )
    pair = Dated(mine, begun.at), Dated(theirs, found.at)
    place = soonest(*pair)
    place = np.where(place < 0, latest(*pair), place)
    # An end whose time nobody knows is one all the same.
    dark = np.flatnonzero(np.isnat(found.at))
    place = np.where(place < 0, np.append(dark, -1)[any_of(mine, theirs[dark])], place)
    at = np.where(empty(own, on)[begun.line], NEVER, begun.at)
    start = replace(chosen(begun, np.arange(len(begun))), at=at)
    applies = hearing.applies(given, begun.record, begun.line)
    over: Times = np.full(len(begun), NEVER)
    for name in listed(given.get("until", ())):
        ended = happened(hearing, name)
        there = hearing.lines(ended.record)
        by = [column for column in on if there.has(column)]
        one, other = alike(columns(own, by, begun.line), columns(there, by, ended.line))
        after = soonest(Dated(one, begun.at), Dated(other, ended.at)) >= 0
        over = np.where(after, begun.at, over)
    stopped = pauses(hearing, given, begun.ticket, hearing.now)
    return Spans(start, chosen(found, place), begun.ticket, applies, stopped, over)


def _begun(hearing: Hearing, given: Mapping[str, Given], start: str) -> Occasion:
    """Give per ticket the first start, of the lines that `from_only` lets count."""
    if "from_only" not in given:
        return once(hearing, [start])
    found = happened(hearing, start)
    counts = counted(hearing, given, "from_only", found.record)
    found = found.take(np.flatnonzero(counts[found.line]))
    return chosen(found, found.first(hearing.size))


def _spans(  # noqa: PLR0913, PLR0917 -- what a pair is made of
    hearing: Hearing,
    given: Mapping[str, Given],
    start: Occasion,
    end: Occasion,
    ticket: Ints,
    applies: Truth,
) -> Spans:
    over: Times = np.full(hearing.size, NEVER)
    if "until" in given:
        over = once(hearing, listed(given["until"])).at
    stopped = pauses(hearing, given, ticket, hearing.now)
    # Index -1, a case of no ticket, takes the last.
    return Spans(start, end, ticket, applies, stopped, np.append(over, NEVER)[ticket])


def _field(hearing: Hearing, name: str) -> Occasion:
    """Give a field of a record, per line."""
    record, _, field = name.partition(".")
    lines = hearing.lines(record)
    return Occasion(
        said(hearing, lines, field), lines.times(field), ((record, np.arange(len(lines))),)
    )


def _earliest(found: list[Occasion]) -> Occasion:
    first = found[0]
    for other in found[1:]:
        better = other.known & ~(first.at <= other.at)
        at = np.where(better, other.at, first.at)
        first = Occasion(first.there | other.there, at, (*first.lines, *other.lines))
    return first


def clock_of(hearing: Hearing, given: Mapping[str, Given]) -> Clock:
    """Give the clock a rule runs on: that of a post where it names one (`calendar`)."""
    return hearing.clock(str(given.get("calendar", "")))


def length_of(given: Mapping[str, Given], key: str) -> Duration | None:
    """Read a setting as a length of time."""
    return duration(given[key]) if key in given else None


# --- elapsed --------------------------------------------------------------------------------------


def elapsed(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold the time between two moments against a limit.

    Hours and minutes of work are counted: what is done after closing took no longer than what is
    done at the close. All other limits end at a moment, which still conforms.
    """
    found, clock = spans(hearing, given), clock_of(hearing, given)
    most, least = length_of(given, "at_most"), length_of(given, "at_least")
    if most is None:
        assert least is not None  # noqa: S101 -- the handbook is read with one of them
        return _not_before(found, clock, least)
    due = found.stopped.later(clock, clock.due(found.start.at, most), found.start.at, most)
    over = _over(found, clock, most, due)
    gone = _over(_by_now(found, hearing.now), clock, most, due) > 0
    cases = _late(found, due, over, gone, given)
    cases = replace(cases, measure=_measured(found, clock, most))
    if least is not None:
        early = _not_before(found, clock, least)
        soon = (early.verdict == 1) & (cases.verdict != 1)
        assert cases.type is not None and early.type is not None  # noqa: S101, PT018
        cases = replace(
            cases,
            verdict=np.where(soon, early.verdict, cases.verdict),
            type=np.where(soon, early.type, cases.type),
        )
    return cases


def _by_now(found: Spans, now: np.datetime64) -> Spans:
    at = np.where(np.isnat(found.start.at), NEVER, now)
    return replace(found, end=replace(found.end, at=at))


def _over(found: Spans, clock: Clock, most: Duration, due: Times) -> Micros:
    """Say by how much each end is beyond a limit: not above 0 within it, UNKNOWN without times.

    In microseconds, of working time for hours of work; for days in days begun.
    """
    start, end = found.start.at, found.end.at
    if most.unit in ("working h", "working min"):
        taken = clock.elapsed(start, end)
        stood = found.stopped.between(clock, start, end, most)
        return np.where(taken == UNKNOWN, UNKNOWN, np.maximum(taken, 0) - stood - micros(most))
    beyond = np.where(np.isnat(due) | np.isnat(end), UNKNOWN, (end - due).astype(np.int64))
    if most.unit in ("s", "min", "h"):
        return beyond
    days = (
        clock.days_between(due, end)
        if most.working
        else (end.astype("datetime64[D]") - due.astype("datetime64[D]")).astype(np.int64)
    )
    return np.where(beyond > 0, np.maximum(days, 1), np.minimum(beyond, 0))


def _measured(found: Spans, clock: Clock, most: Duration) -> Measure:
    """Measure what each case took, in the unit its limit is of."""
    start, end = found.start.at, found.end.at
    known = ~np.isnat(start) & ~np.isnat(end)
    if most.unit == "working d":
        values, unit = clock.days_between(start, end), "working d"
    elif most.working:
        values, unit = clock.elapsed(start, end), "working us"
    elif most.unit in ("d", "month"):
        days = end.astype("datetime64[D]") - start.astype("datetime64[D]")
        values, unit = days.astype(np.int64), "d"
    else:
        values, unit = (end - start).astype(np.int64), "us"
    taken = np.maximum(values, 0) - found.stopped.between(clock, start, end, most)
    return Measure(np.where(known & (values != UNKNOWN), taken, NOTHING), unit)


def _not_before(found: Spans, clock: Clock, least: Duration) -> Cases:
    """Hold pairs against the least time there must be between them."""
    both = found.start.known & found.end.known
    measure = _measured(found, clock, least)
    in_days = least.unit in ("working d", "d", "month")
    if least.unit == "month":
        # A month is full on the same day of the next, whose end is the limit.
        month = clock.due(found.start.at, least).astype("datetime64[D]")
        short = np.where(found.end.at < month, 1, 0)
    else:
        wanted = int(least.amount) if in_days else micros(least)
        short = np.where(measure.values == NOTHING, 0, wanted - measure.values)
    due = clock.due(found.start.at, least)
    applies = np.where(~found.end.there, 0, found.applies).astype(np.int8)
    return Cases(
        decided(applies, both, short <= 0),
        found.ticket,
        lines=(*found.end.lines, *found.start.lines),
        type=np.full(len(applies), TYPES.index("too early"), np.int8),
        at=found.end.at,
        due=due,
        measure=measure,
        late=np.full(len(applies), NOTHING),
    )


def _late(
    found: Spans,
    due: Times,
    over: Micros,
    gone: Flags,
    given: Mapping[str, Given],
) -> Cases:
    """Put the verdicts of pairs together; see the module."""
    start, end = found.start, found.end
    owed = start.known & ~end.there
    skipped = given.get("never") == "skip"
    idle = (~start.there & ~end.there) | (owed & (skipped | ~gone | (found.over <= due)))
    applies = np.where(idle, 0, found.applies).astype(np.int8)
    known = start.known & (end.known | ~end.there)
    verdict = decided(applies, known & (owed | (over != UNKNOWN)), ~owed & (over <= 0))
    kinds: npt.NDArray[np.int8] = np.where(
        owed, TYPES.index("never done"), TYPES.index("late")
    ).astype(np.int8)
    told = (verdict != NOT_APPLICABLE) & ~owed & (over > 0)
    return Cases(
        verdict,
        found.ticket,
        lines=(*end.lines, *start.lines),
        type=kinds,
        at=np.where(owed, due, end.at),
        due=due,
        late=np.where(told, over, NOTHING),
    )


# --- deadline -------------------------------------------------------------------------------------


def deadline(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold a deed against a day and a time of day by which it is due.

    What begins at `late_from` or later that day has until `late_within` and `late_by`.
    """
    found, clock = spans(hearing, given), clock_of(hearing, given)
    start = found.start.at
    due = _due_by(clock, start, given, "within", "by")
    if "late_from" in given:
        since_midnight = (start - start.astype("datetime64[D]")).astype(np.int64)
        belated = since_midnight >= time_of_day(str(given["late_from"]))
        later = _due_by(clock, start, given, "late_within", "late_by")
        due = np.where(belated & ~np.isnat(start), later, due)
    length = length_of(given, "within")
    assert length is not None  # noqa: S101 -- the handbook is read with it
    due = found.stopped.later(clock, due, start, length)
    end = found.end.at
    over = np.where(np.isnat(due) | np.isnat(end), UNKNOWN, (end - due).astype(np.int64))
    taken = np.where(found.start.known & found.end.known, (end - start).astype(np.int64), NOTHING)
    cases = _late(found, due, over, hearing.now > due, given)
    return replace(cases, measure=Measure(np.where(taken < 0, np.maximum(taken, 0), taken), "us"))


def _due_by(clock: Clock, start: Times, given: Mapping[str, Given], within: str, by: str) -> Times:
    length = length_of(given, within) or length_of(given, "within")
    assert length is not None  # noqa: S101 -- the handbook is read with it
    due = clock.due(start, length)
    if by not in given:
        return due
    day = (
        clock.day_after(start, int(length.amount))
        if length.unit == "working d"
        else due.astype("datetime64[D]")
    )
    at: Times = day.astype("datetime64[us]")
    at = at + np.timedelta64(time_of_day(str(given[by])), "us")
    return np.where(np.isnat(due), NEVER, at)


def time_of_day(text: str) -> int:
    """Read a time of day as microseconds since midnight."""
    hour, _, minute = text.strip().partition(":")
    return (int(hour) * 60 + int(minute)) * 60_000_000
