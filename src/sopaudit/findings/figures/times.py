"""Figures of time: how long things take, and what is done by when."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

import numpy as np

from sopaudit.criteria.duration import Duration, duration
from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.findings.figures.counting import Counting, Pairs, day_end, pairs
from sopaudit.findings.figures.figure import Counted, nearest_rank, share
from sopaudit.findings.rules.clock import Clock, Micros
from sopaudit.findings.rules.hearing import YES

_HOUR: Final = 3_600_000_000
_NO_TIME: Final = Duration(Fraction(0), "s")


def percentile(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Give percentiles of the time from one moment to another, by nearest rank.

    Hours are exact; days are counted from day to day, working days as the clock counts them. A time
    that runs backwards counts as none, because the order of events is the business of other rules.
    """
    found = pairs(counting, given)
    here = np.flatnonzero(found.known)
    unit = str(given.get("in", "h"))
    took = _took(found, here, unit, counting.hearing.clock())
    ordered = np.sort(np.maximum(took, 0)).tolist()
    per = _HOUR if unit.endswith("h") else 1
    values = [
        (share_, Fraction(nearest_rank(ordered, at), per) if ordered else None)
        for share_ in listed(given["at"])
        if (at := number(share_)) is not None
    ]
    first, *others = values
    unknown, pending = int(found.unknown.sum()), int(found.open.sum())
    return Counted(
        "percentile",
        first[1],
        over=len(ordered),
        unknown=unknown,
        pending=pending,
        others=(first, *others),
    )


def _took(found: Pairs, here: Places, unit: str, clock: Clock) -> Micros:
    start, end = found.start[here], found.end[here]
    if unit == "working h":
        return clock.elapsed(start, end)
    if unit == "working d":
        return clock.days_between(start, end)
    if unit == "h":
        return (end - start).astype(np.int64)
    days: Micros = (end.astype("datetime64[D]") - start.astype("datetime64[D]")).astype(np.int64)
    return days


def share_within(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Count cases that ended in time over those that ended or should have ended by now."""
    found = pairs(counting, given)
    limit = duration(given["at_most"])
    if limit is None:
        raise ValueError(f"{given['at_most']} is no length of time")
    due = counting.hearing.clock().due(found.start, limit)
    good = int((found.known & (found.end <= due)).sum())
    never = found.open & (due < counting.hearing.now)
    whole = int(found.known.sum()) + int(never.sum())
    pending = int((found.open & ~never).sum())
    return share(good, whole, unknown=int(found.unknown.sum()), pending=pending)


def open_cases(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Count lines past their due date and not done, and give the age of the oldest in days.

    What is due on a day is due at its end. A line that names no due date cannot be late.
    """
    hearing = counting.hearing
    record, _dot, name = str(given["due"]).partition(".")
    lines = hearing.lines(record)
    applies = hearing.applies(given, record, np.arange(len(lines)))
    due = day_end(lines.times(name))
    older = duration(given["older_than"]) if "older_than" in given else _NO_TIME
    last = hearing.clock().due(due, older or _NO_TIME)
    done = counting.until_now(hearing.moments(*listed(given["done"])))
    over = done.count(hearing.size) > 0
    ticket = hearing.records.ticket(record)
    open_ = ~np.append(over, np.False_)[ticket]
    late = np.flatnonzero((applies == YES) & open_ & (last < hearing.now))
    unknown = int(((applies != 0) & open_ & lines.misread(name, "times")).sum())
    unknown += int(((applies < 0) & open_ & (last < hearing.now)).sum())
    days = (hearing.now.astype("datetime64[D]") - due[late].astype("datetime64[D]")).astype(int)
    oldest = Fraction(int(days.max())) if len(late) else None
    count = len(late)
    return Counted(
        "count",
        Fraction(count),
        over=int((applies == YES).sum()),
        unknown=unknown,
        others=(("oldest", oldest),),
    )


def on_time(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Count lines done by their due date over those whose due date has passed."""
    hearing = counting.hearing
    record, _dot, name = str(given["due"]).partition(".")
    lines = hearing.lines(record)
    applies = hearing.applies(given, record, np.arange(len(lines)))
    due = day_end(lines.times(name))
    field = str(given["done"]).partition(".")[2]
    done = lines.times(field)
    passed = (applies == YES) & (due <= hearing.now)
    misread = (applies != 0) & (lines.misread(name, "times") | lines.misread(field, "times"))
    settled = passed & ~misread
    good = settled & (done <= due)
    pending = int(((applies == YES) & (due > hearing.now)).sum())
    unknown = int((misread | ((applies < 0) & ~np.isnat(due))).sum())
    return share(int(good.sum()), int(settled.sum()), unknown=unknown, pending=pending)
