"""What rules are heard with: the records, the handbook, the clocks, and the day it is.

A condition is true, false or unknown of a line. A blank in a field that must be filled is missing
data, so what is asked of it is unknown; a blank in one that may stay empty says no. A field of
another record is looked up by ticket, and where several lines share the ticket, one will do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.calendar import Calendar
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.rule import Clause, Condition, Given, listed
from sopaudit.criteria.table import Table
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import Flags, Lines, Times
from sopaudit.evidence.recordmapping import fields_of
from sopaudit.evidence.records import (
    AT,
    EVENT,
    EVENTS,
    MOVE,
    MOVES,
    TICKET,
    TICKETS,
    Records,
)
from sopaudit.findings.rules.clock import EARLIEST, LATEST, Clock

Truth = npt.NDArray[np.int8]
"""One a line: 1 true, 0 false, -1 unknown."""

YES: Final = 1
NO: Final = 0
DONT_KNOW: Final = -1

_YEARS: Final = 3
"""How far clocks run beyond the day of the hearing and before the first moment."""


@dataclass(frozen=True, eq=False)
class Moments:
    """The times of one thing: each line on which it happened, or each line of a field."""

    record: str
    line: Places
    """Into the lines of `record`."""

    ticket: Ints
    """Index into `Records.tickets`; -1 for none."""

    at: Times
    """NaT where the line does not say when."""

    def __len__(self) -> int:
        return len(self.line)

    def take(self, places: Places) -> "Moments":
        """Give some of them."""
        return Moments(self.record, self.line[places], self.ticket[places], self.at[places])

    def ordered(self) -> "Moments":
        """Sort by ticket, then time, then line; a time nobody knows comes last of its ticket."""
        return self.take(np.lexsort((self.line, self.at, self.ticket)))

    def first(self, tickets: int) -> Places:
        """Per ticket: the place of the earliest here; -1 where there is none."""
        return _one(self, tickets, last=False)

    def last(self, tickets: int) -> Places:
        """Per ticket: the place of the latest here whose time is known; -1 for none."""
        return _one(self, tickets, last=True)

    def count(self, tickets: int) -> npt.NDArray[np.int64]:
        """Per ticket: how many."""
        return np.bincount(self.ticket[self.ticket >= 0], minlength=tickets)


def _one(moments: Moments, tickets: int, *, last: bool) -> Places:
    """Choose one a ticket; of those whose time is unknown only where there is no other."""
    order = np.lexsort((moments.line, moments.at, moments.ticket))
    order = order[moments.ticket[order] >= 0]
    chosen = np.full(tickets, -1, np.intp)
    known = order[~np.isnat(moments.at[order])]
    unknown = order[np.isnat(moments.at[order])]
    for group in (unknown, known):
        walked = group if last else group[::-1]
        chosen[moments.ticket[walked]] = walked
    return chosen


@dataclass(frozen=True, eq=False)
class Hearing:
    """Everything a kind of rule may ask."""

    handbook: Handbook
    records: Records
    now: np.datetime64
    """The moment of the check, `datetime64[us]`; what lies after it has not happened yet."""

    @property
    def size(self) -> int:
        """How many tickets there are."""
        return len(self.records.tickets)

    def lines(self, record: str) -> Lines:
        """Give a record; one that was not handed in has no lines."""
        return self.records.of(record)

    def table(self, id_: str) -> Table:
        """Give a reference table, with the rows that were handed in with the records."""
        return self.records.tables.get(id_) or self.handbook.tables[id_]

    def required(self, field: str) -> bool:
        """Say whether a `record.field` must be filled."""
        record, _, name = field.partition(".")
        return any(f.required for f in fields_of(self.handbook, record) if f.id == name)

    def moments(self, *names: str) -> Moments:
        """Give the times of events, moves or time fields, whichever a name is, all in one."""
        found = [self._moments(name) for name in names]
        if len(found) == 1:
            return found[0]
        if len({each.record for each in found}) > 1:
            raise ValueError(f"moments of several records: {', '.join(names)}")
        together = (
            np.concatenate([getattr(each, part) for each in found])
            for part in ("line", "ticket", "at")
        )
        return Moments(found[0].record, *together)

    def _moments(self, name: str) -> Moments:
        record, _, field = name.partition(".")
        if field:
            lines = self.lines(record)
            every = np.arange(len(lines))
            return Moments(record, every, self.records.ticket(record), lines.times(field))
        moved = name not in self.handbook.events and name in self._moves
        record, column = (MOVES, MOVE) if moved else (EVENTS, EVENT)
        lines = self.lines(record)
        here = np.flatnonzero(lines.is_any(column, frozenset((name,))))
        ticket = self.records.ticket(record)
        return Moments(record, here, ticket[here], lines.times(AT)[here])

    @cached_property
    def kept(self) -> dict[str, object]:
        """What a kind of rule works out once and asks for again."""
        return {}

    @cached_property
    def _moves(self) -> frozenset[str]:
        parts = self.handbook.parts
        return frozenset(move.id for move in parts.moves) if parts is not None else frozenset()

    def clock(self, post: str = "") -> Clock:
        """Give the clock of the office, or of a post there; without a calendar all time counts."""
        if post not in self._clocks:
            calendar = self.handbook.calendar or _ALWAYS
            first, last = self._span
            self._clocks[post] = Clock(calendar, first, last, self.records.office, post)
        return self._clocks[post]

    @cached_property
    def _clocks(self) -> dict[str, Clock]:
        return {}

    @cached_property
    def _span(self) -> tuple[date, date]:
        """Give the days clocks must know: three years around the moment of the check."""
        known = min(max(self.now.astype("datetime64[D]"), EARLIEST), LATEST)
        day, around = known.astype(date), timedelta(366 * _YEARS)
        return day - around, day + around

    # --- conditions -------------------------------------------------------------------------------

    def applies(self, given: Mapping[str, Given], record: str, line: Places) -> Truth:
        """Say of lines of a record whether `when` and `unless` let a rule apply to them."""
        when = [self.holds(name, record) for name in listed(given.get("when", ()))]
        unless = [_not(self.holds(name, record)) for name in listed(given.get("unless", ()))]
        return _all([*when, *unless], len(self.lines(record)))[line]

    def applies_to_tickets(self, given: Mapping[str, Given]) -> Truth:
        """Say the same of every ticket of the records."""
        when = [self.holds_of_tickets(name) for name in listed(given.get("when", ()))]
        unless = [_not(self.holds_of_tickets(name)) for name in listed(given.get("unless", ()))]
        return _all([*when, *unless], self.size)

    def holds(self, condition: str, record: str) -> Truth:
        """Say of each line of a record whether a condition holds."""
        found = self.handbook.conditions[condition]
        return _of(
            found, [self._clause(clause, record) for clause in _clauses(found)], record, self
        )

    def holds_of_tickets(self, condition: str) -> Truth:
        """Say of each ticket whether a condition holds."""
        if condition not in self._held:
            found = self.handbook.conditions[condition]
            parts = [self._clause_of_tickets(clause) for clause in _clauses(found)]
            self._held[condition] = _joined(found, parts, self.size)
        return self._held[condition]

    @cached_property
    def _held(self) -> dict[str, Truth]:
        return {}

    def _clause(self, clause: Clause, record: str) -> Truth:
        if clause.condition is not None:
            return self.holds(clause.condition, record)
        if clause.field is not None and clause.field.partition(".")[0] == record:
            return self._field(clause)
        return self._by_ticket(self._clause_of_tickets(clause), record)

    def _by_ticket(self, truth: Truth, record: str) -> Truth:
        ticket = self.records.ticket(record)
        # Index -1, a line of no ticket, takes the last: where it need not name one, it says no.
        nobody = DONT_KNOW if self.required(f"{record}.{TICKET}") else NO
        found: Truth = np.append(truth, np.int8(nobody))[ticket]
        return found

    def _clause_of_tickets(self, clause: Clause) -> Truth:
        if clause.condition is not None:
            return self.holds_of_tickets(clause.condition)
        if clause.event is not None:
            happened = self._moments(clause.event).count(self.size) > 0
            said = (happened == bool(clause.happened)).astype(np.int8)
            record = EVENTS if clause.event in self.handbook.events else MOVES
            there = record in self.records
            return said if there else np.full(self.size, DONT_KNOW, np.int8)
        field = clause.field or ""
        return self._any(self._field(clause), field.partition(".")[0], field)

    def _any(self, truth: Truth, record: str, field: str) -> Truth:
        """Say of each ticket whether one of its lines says so."""
        ticket = self.records.ticket(record)
        mine = ticket >= 0
        # A ticket must have a line among the tickets; of any other record it may have none.
        missing = record not in self.records or (record == TICKETS and self.required(field))
        silent = DONT_KNOW if missing else NO
        found = np.full(self.size, silent, np.int8)
        for value in (NO, DONT_KNOW, YES):
            found[ticket[mine & (truth == value)]] = value
        return found

    def _field(self, clause: Clause) -> Truth:
        """Say of each line of the record of a clause what its field says."""
        field = clause.field or ""
        record, _, name = field.partition(".")
        lines = self.lines(record)
        blank = lines.blank(name)
        if clause.filled is not None:
            filled: Truth = (blank != bool(clause.filled)).astype(np.int8)
            return filled
        holds, known = _value(clause, lines, name)
        silent = DONT_KNOW if self.required(field) else NO
        said: Truth = np.select([blank, ~known], [silent, DONT_KNOW], holds).astype(np.int8)
        return said


_ALWAYS: Final = Calendar.model_validate(
    {
        "edition": "1",
        "workdays": [
            "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        ],
        "hours": ["00:00-24:00"],
    }
)  # fmt: skip


def _value(clause: Clause, lines: Lines, name: str) -> tuple[Flags, Flags]:
    """Say of each line whether a value is as asked, and whether it could be read."""
    if clause.is_:
        found = lines.is_any(name, spoken(clause.is_))
        return found, np.ones(len(lines), np.bool_)
    numbers = lines.numbers(name)
    holds = np.ones(len(lines), np.bool_)
    for bound, sign in ((clause.at_least, 1), (clause.at_most, -1)):
        if bound is not None:
            scale = 10**numbers.decimals
            # Both sides are whole numbers once multiplied by the bound's denominator.
            left = numbers.units * bound.denominator
            holds &= sign * (left - bound.numerator * scale) >= 0
    return holds, numbers.known


YES_WORDS: Final = frozenset(("yes", "y", "true", "1", "是", "√", "有", "对"))
NO_WORDS: Final = frozenset(("no", "n", "false", "0", "否", "×", "无", "不"))
"""How tables say yes and no where a rule asks for `"yes"` or `"no"`."""


def spoken(words: Iterable[str]) -> frozenset[str]:
    """Give the words themselves, and for yes and no all ways tables say them."""
    found = frozenset(words)
    if "yes" in found:
        found |= YES_WORDS
    if "no" in found:
        found |= NO_WORDS
    return found


def _clauses(condition: Condition) -> tuple[Clause, ...]:
    return (*condition.all_of, *condition.any_of)


def _of(condition: Condition, parts: list[Truth], record: str, hearing: Hearing) -> Truth:
    return _joined(condition, parts, len(hearing.lines(record)))


def _joined(condition: Condition, parts: list[Truth], count: int) -> Truth:
    every = len(condition.all_of)
    both = [_all(parts[:every], count)]
    if condition.any_of:
        both.append(_not(_all([_not(part) for part in parts[every:]], count)))
    return _all(both, count)


def _not(truth: Truth) -> Truth:
    return np.where(truth == DONT_KNOW, DONT_KNOW, 1 - truth).astype(np.int8)


def _all(parts: list[Truth], count: int) -> Truth:
    """Join by “and”: one false makes it false, else one unknown makes it unknown (Kleene)."""
    if not parts:
        return np.ones(count, np.int8)
    stack = np.stack(parts)
    return np.select(
        [(stack == NO).any(axis=0), (stack == DONT_KNOW).any(axis=0)], [NO, DONT_KNOW], YES
    ).astype(np.int8)
