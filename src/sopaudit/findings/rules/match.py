"""Kinds about lines that go together: `matched` and `repeat`."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from sopaudit.criteria.duration import Duration, duration
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Times
from sopaudit.findings.rules.case import NOT_APPLICABLE, Cases, decided, of_type
from sopaudit.findings.rules.clock import Clock
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import (
    NONE,
    alike,
    at_column,
    chosen,
    columns,
    conforming_only,
    empty,
    moment_of,
    named,
)
from sopaudit.findings.rules.pair import Dated, any_of, latest, soonest


def matched(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look for a partner of each line in another record, near enough in time (AC-34, AC-42).

    A line that does not say what it is looked up by, or when it was, is unknown; so is one whose
    only partner has no time, and all of them where no line of the other record can be looked up.
    """
    each, record = hearing.moments(str(given["each"])), str(given["in"])
    own, there = hearing.lines(each.record), hearing.lines(record)
    on = listed(given["on"])
    like = listed(given.get("like", given["on"]))
    counts = np.flatnonzero(chosen(hearing, given, "only", record) & ~empty(there, like))
    mine, theirs = alike(columns(own, on, each.line), columns(there, like, counts))
    within = duration(given["within"]) if "within" in given else None
    then = at_column(there, given, "time")[counts]
    partner = _near(hearing.clock(), within, Dated(mine, each.at), Dated(theirs, then))
    timeless = any_of(mine, theirs[np.isnat(then)]) >= 0
    said = ~empty(own, on)[each.line] & ~np.isnat(each.at)
    known = said & (len(counts) > 0) & ~(timeless & (partner < 0))
    return Cases(
        decided(hearing.applies(given, each.record, each.line), known, partner >= 0),
        each.ticket,
        lines=((each.record, each.line), (record, np.append(counts, NONE)[partner])),
        type=of_type("no counterpart", len(each)),
        at=each.at,
        found=own.coded(on[0]).rows(each.line),
    )


def _near(clock: Clock, within: Duration | None, mine: Dated, theirs: Dated) -> Places:
    """Find a partner no further away than `within`, on either side; -1 for none."""
    if within is None:
        return any_of(mine.key, theirs.key)
    if within.unit == "d":
        # Whole days: 0 days is the same day.
        mine, theirs = (
            Dated(key, at.astype("datetime64[D]").astype("datetime64[us]"))
            for key, at in (mine, theirs)
        )
    before, after = latest(mine, theirs), soonest(mine, theirs)
    early, late = (np.append(theirs.at, NEVER)[place] for place in (before, after))
    first = ~np.isnat(early) & (mine.at <= clock.due(early, within))
    second = ~np.isnat(late) & (late <= clock.due(mine.at, within))
    return np.select([first, second], [before, after], NONE)


_BY: Final = "done"


def repeat(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether the same was done not long before a ticket began (AC-30, PR-31).

    The limit runs to the end of its last day. With `free` a repeat may be, but costs nothing; what
    is no repeat then is no case. What comes back within `told_within` is told and conforms.
    """
    fields = named(given, "same")
    record, names = fields[0][0], [name for _, name in fields]
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    begin = moment_of(hearing, listed(given["from"]), record)
    done = moment_of(hearing, listed(given[_BY]), record)
    key, blank = alike(columns(lines, names))[0], empty(lines, names)
    earlier = latest(Dated(key, begin), Dated(key, np.where(blank, NEVER, done)), before=True)
    last = np.append(done, NEVER)[earlier]
    again = _within(hearing, given, "within", begin, last)
    told = _within(hearing, given, "told_within", begin, last) & ~again
    free = _free(hearing, given)
    verdict = decided(
        hearing.applies(given, record, line),
        ~blank & ~np.isnat(begin) & (free[1] | ~again),
        ~again | free[0],
    )
    if "free" in given:
        verdict[~again & ~blank] = NOT_APPLICABLE
    asked = [name for name in names if hearing.required(f"{record}.{name}")]
    # A blank in a field that may stay empty is nothing that could come twice.
    verdict[blank & ~empty(lines, asked)] = NOT_APPLICABLE
    return Cases(
        verdict,
        hearing.records.ticket(record),
        lines=((record, line), (record, np.where(again | told, earlier, NONE))),
        type=of_type("wrong value" if "free" in given else "repeated", len(lines)),
        at=begin,
        found=lines.coded(names[0]),
        excused=conforming_only(verdict, told),
    )


def _within(
    hearing: Hearing, given: Mapping[str, Given], name: str, begin: Times, last: Times
) -> Flags:
    length = duration(given[name]) if name in given else None
    if length is None:
        return np.zeros(len(begin), np.bool_)
    return ~np.isnat(last) & ~np.isnat(begin) & (begin <= hearing.clock().due(last, length))


def _free(hearing: Hearing, given: Mapping[str, Given]) -> tuple[Flags, Flags]:
    """Say of each line whether nothing was charged, and whether that is known; a blank is 0."""
    record, _, name = str(given.get("free", given["same"])).partition(".")
    lines = hearing.lines(named(given, "same")[0][0])
    if "free" not in given:
        return np.zeros(len(lines), np.bool_), np.ones(len(lines), np.bool_)
    numbers = hearing.lines(record).numbers(name)
    return numbers.units == 0, numbers.known | lines.blank(name)
