"""The kind `warranty`: the last day is worked out again and held against what was decided.

Source: domain a.4 (S19): from the day of purchase, without the days under repair; a last day that
is a public holiday moves to the next that is none. Bought on 29 February, a year ends on the 28th.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import duration
from sopaudit.criteria.field import Text, number
from sopaudit.criteria.rule import Given, listed
from sopaudit.criteria.table import Table
from sopaudit.evidence.column import Coded, Places, from_distinct
from sopaudit.evidence.habits import key
from sopaudit.evidence.lines import NEVER, Flags, Times
from sopaudit.findings.rules.case import NOT_APPLICABLE, Cases, decided, of_type
from sopaudit.findings.rules.hearing import NO, Hearing, spoken
from sopaudit.findings.rules.key import (
    NONE,
    Ids,
    alike,
    conforming_only,
    moment_of,
    shown,
)
from sopaudit.findings.rules.pair import Dated, latest
from sopaudit.findings.rules.price import VALID_FROM

Days = npt.NDArray[np.datetime64]
"""Days, `datetime64[D]`."""

_UNLISTED: Final = -1


def warranty(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Work warranties out again and hold them against the decision on the ticket (AC-15, PR-30/31).

    The row of the table is that of the product line and class of part, the latest that held on the
    day of purchase; what was bought before the first row is judged by it. A decision that differs,
    or that is neither of the two, needs a reason. Without `decided` every case counts as decided in
    warranty, as a part that was given free does. Where the class stands in another record, each of
    its lines that names one is a case.
    """
    record = str(given["bought"]).partition(".")[0]
    cases, line, home = _subjects(hearing, given, record)
    until, known = _until(hearing, given, record, line, home)
    on = np.append(moment_of(hearing, listed(given["on"]), record), NEVER)[home]
    decision = _decision(hearing, given, record, home)
    said_in, said_out = (_says(decision, given, name) for name in ("covered", "uncovered"))
    inside = on.astype("datetime64[D]") <= until
    right = np.where(inside, said_in, said_out)
    reason = _reason(hearing, given, record)[home]
    blank = _says_nothing(decision)
    known &= ~np.isnat(on) & ~blank
    verdict = decided(hearing.applies(given, cases, line), known, right | reason)
    if "override" not in given:
        verdict[~blank & ~said_in & ~said_out] = NOT_APPLICABLE
    if "." not in listed(given["on"])[0]:
        verdict[np.isnat(on)] = NOT_APPLICABLE
    words = [listed(given[name])[0] for name in ("uncovered", "covered")]
    return Cases(
        verdict,
        hearing.records.ticket(cases)[line],
        lines=((cases, line), *(() if cases == record else ((record, home),))),
        type=of_type("wrong value", len(line)),
        at=on,
        due=until.astype("datetime64[us]"),
        found=decision,
        expected=from_distinct(inside.astype(np.int32), words),
        excused=conforming_only(verdict, reason & ~right),
    )


def _decision(hearing: Hearing, given: Mapping[str, Given], record: str, home: Places) -> Coded:
    """Give what was decided of each case; where no decision is kept, that it is covered."""
    if "decided" in given:
        return shown(hearing.lines(record).coded(_name(given, "decided")), home)
    return from_distinct(np.zeros(len(home), np.int32), [listed(given["covered"])[0]])


def _name(given: Mapping[str, Given], name: str) -> str:
    return str(given[name]).partition(".")[2]


def _subjects(
    hearing: Hearing, given: Mapping[str, Given], record: str
) -> tuple[str, Places, Places]:
    """Give the record of the cases, their lines, and the line of each ticket.

    A line that names no class is left out only where the rule does not apply to it anyway.
    """
    of = str(given.get("part_class", "")).partition(".")[0] or record
    lines = hearing.lines(of)
    if of == record:
        every = np.arange(len(lines))
        return of, every, every
    every = np.arange(len(lines))
    asked = hearing.applies(given, of, every) != NO
    line = np.flatnonzero(~lines.blank(_name(given, "part_class")) | asked)
    return of, line, np.append(hearing.records.home, NONE)[hearing.records.ticket(of)[line]]


def _says(cells: Coded, given: Mapping[str, Given], name: str) -> Flags:
    words = {word.casefold() for word in spoken(listed(given[name]))}
    wanted = {code: int(text.casefold() in words) for code, text in cells.distinct().items()}
    return cells.table(wanted, 0)[cells.codes].astype(np.bool_)


def _says_nothing(cells: Coded) -> Flags:
    wanted = {code: int(not text) for code, text in cells.distinct().items()}
    return cells.table(wanted, 0)[cells.codes].astype(np.bool_)


def _reason(hearing: Hearing, given: Mapping[str, Given], record: str) -> Flags:
    """Say of each line, and of none at the end, whether a reason stands on it."""
    lines = hearing.lines(record)
    if "override" not in given:
        return np.zeros(len(lines) + 1, np.bool_)
    return np.append(~lines.blank(_name(given, "override")), False)


def _until(
    hearing: Hearing, given: Mapping[str, Given], record: str, line: Places, home: Places
) -> tuple[Days, Flags]:
    """Work the last day of each case out, and say whether it is known."""
    lines = hearing.lines(record)
    bought = np.append(lines.times(_name(given, "bought")), NEVER)[home].astype("datetime64[D]")
    product = shown(lines.coded(_name(given, "product")), home)
    table = _Months(hearing.table(str(given["table"])), str(given["months"]))
    part = (
        hearing.lines(str(given["part_class"]).partition(".")[0])
        .coded(_name(given, "part_class"))
        .rows(line)
        if "part_class" in given
        else None
    )
    months = table.of(product, part, bought)
    until = _later(bought, np.maximum(months, 0))
    if "machine" in given:
        until = _without_repairs(hearing, given, record, home, until)
    if given.get("holiday_extends") is True:
        until = _after_holidays(hearing, until)
    return until, (months != _UNLISTED) & ~np.isnat(until)


@dataclass(frozen=True, eq=False)
class _Months:
    """The warranty table: columns of product line and class of part are the first of its key."""

    table: Table
    column: str

    def of(self, product: Coded, part: Coded | None, bought: Days) -> npt.NDArray[np.int64]:
        """Give the months of each case; -1 where the table has no row for it."""
        line, kind = self.table.key[:2]
        names = [product] if part is None else [product, part]
        group, inverse = np.unique(alike(names)[0], return_index=True)[1], alike(names)[0]
        found = np.full(len(bought), _UNLISTED, np.int64)
        for first in group.tolist():
            who = key(_text(product, first))
            rows = [r for r in self.table.rows if line in r and key(r[line].plain) == who]
            # Of a machine whose class nobody names, the first row says what holds for the whole.
            of = _text(part, first) if part is not None else rows[0][kind].plain if rows else ""
            rows = [r for r in rows if kind in r and key(r[kind].plain) == key(of)]
            if rows:
                mine = inverse == inverse[first]
                found[mine] = self._in_force(rows, bought[mine])
        return found

    def _in_force(self, rows: list[dict[str, Text]], bought: Days) -> npt.NDArray[np.int64]:
        held = sorted((self._start(r), int(number(r[self.column].plain) or 0)) for r in rows)
        starts = np.array([start for start, _ in held], "datetime64[D]")
        place = np.maximum(np.searchsorted(starts, bought, "right") - 1, 0)
        return np.array([months for _, months in held], np.int64)[place]

    def _start(self, row: dict[str, Text]) -> str:
        said = row.get(VALID_FROM)
        return said.plain if said is not None else "0001-01-01"


def _text(cells: Coded, place: int) -> str:
    return cells.distinct()[int(cells.codes[place])]


def _later(day: Days, months: npt.NDArray[np.int64]) -> Days:
    """Give the same day so many months on; the last of that month where it has no such day."""
    month = day.astype("datetime64[M]")
    inside = day - month.astype("datetime64[D]")
    there = month + months.astype("timedelta64[M]")
    last = (there + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    later: Days = np.minimum(there.astype("datetime64[D]") + inside, last)
    return later


def _without_repairs(
    hearing: Hearing, given: Mapping[str, Given], record: str, home: Places, until: Days
) -> Days:
    """Move last days on by the days the machine was under repair before, and by its own warranty.

    Days under repair are those from the day it came to the day it was done. `at_least` counts from
    the end of the last repair before this one.
    """
    lines = hearing.lines(record)
    machine = alike([lines.coded(_name(given, "machine"))])[0]
    begin, done = (
        moment_of(hearing, listed(given[name]), record) for name in ("repair_from", "repair_to")
    )
    nameless = lines.blank(_name(given, "machine"))
    done = np.where(nameless | np.isnat(begin), NEVER, done)
    on = moment_of(hearing, listed(given["on"]), record)
    earlier = latest(Dated(machine, on), Dated(machine, done), before=True)
    if given.get("repair_days_out") is True:
        days = _days(begin, done)
        first = _ends_of(machine, home, until)
        # A repair that began after the warranty had ended does not move its end.
        days[~(begin.astype("datetime64[D]") <= first)] = 0
        added = np.append(_up_to(machine, done, days), 0)[np.append(earlier, NONE)[home]]
        until = until + added.astype("timedelta64[D]")
    least = duration(given["at_least"]) if "at_least" in given else None
    if least is not None:
        ended = np.append(done, NEVER)[np.append(earlier, NONE)[home]]
        own = hearing.clock().due(ended, least).astype("datetime64[D]")
        until = np.where(np.isnat(own), until, np.maximum(until, own))
    return until


def _ends_of(machine: Ids, home: Places, until: Days) -> Days:
    """Give the last day of each ticket's machine: its own, or that of a case about the machine."""
    known = np.flatnonzero((home >= 0) & ~np.isnat(until))
    known = known[np.argsort(until[known], kind="stable")]
    ends = np.full(int(machine.max(initial=0)) + 1, np.datetime64("NaT", "D"))
    ends[machine[home[known]]] = until[known]
    first = ends[machine]
    first[home[known]] = until[known]
    return first


def _days(begin: Times, done: Times) -> npt.NDArray[np.int64]:
    gone = done.astype("datetime64[D]") - begin.astype("datetime64[D]")
    return np.where(np.isnat(gone), 0, np.maximum(gone.astype(np.int64), 0))


def _up_to(machine: Ids, done: Times, days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Give for each repair the days of all repairs of its machine up to it."""
    order = np.lexsort((np.arange(len(done)), done, machine))
    total = np.cumsum(days[order])
    first = np.searchsorted(machine[order], machine[order], "left")
    found = np.zeros(len(done), np.int64)
    found[order] = total - (total - days[order])[first]
    return found


def _after_holidays(hearing: Hearing, until: Days) -> Days:
    """Move days that are public holidays to the next that is none."""
    calendar = hearing.handbook.calendar
    off = sorted(
        {
            holiday.from_ + timedelta(n)
            for holiday in (calendar.days_off if calendar is not None else ())
            for n in range((holiday.last - holiday.from_).days + 1)
        },
        reverse=True,
    )
    # From the last day back: a day moves over all the holidays that follow it.
    free = {day: day + timedelta(1) for day in off}
    moved: dict[date, date] = {}
    for day in off:
        moved[day] = moved.get(free[day], free[day])
    if not moved:
        return until
    days = np.array(sorted(moved), "datetime64[D]")
    place = np.minimum(np.searchsorted(days, until), len(days) - 1)
    after = np.array([moved[day] for day in sorted(moved)], "datetime64[D]")
    return np.where(days[place] == until, after[place], until)
