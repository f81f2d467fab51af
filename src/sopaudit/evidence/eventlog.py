"""An event log as whole columns: which ticket, what happened, when, by whom, from which row.

The row number of the source stays with each event to the last output, because of events that share
ticket and time it alone says which came first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded, Places, from_distinct
from sopaudit.evidence.lines import Lines, Times
from sopaudit.evidence.records import ACTOR, AT, EVENT, EVENTS, POST, TICKET, Records


@dataclass(frozen=True, eq=False)
class EventLog:
    """The events of many tickets; all arrays have one entry an event."""

    tickets: tuple[str, ...]
    """Distinct ticket ids, in any order; `ticket` holds indexes into it."""

    ticket: Ints
    activities: tuple[str, ...]
    """Distinct names of what happened, as the log writes them; blanks around them removed."""

    activity: Ints
    at: Times
    """NaT where the log does not say."""

    row: npt.NDArray[np.int64]
    """Where it stood in its source, counted from 1 with the header (of XES: the n-th event)."""

    actors: tuple[str, ...] = ()
    actor: Ints | None = None
    """Who did it, -1 where nobody is named; None where the log has no such column."""

    posts: tuple[str, ...] = ()
    post: Ints | None = None
    """In which post, alike."""

    attributes: Mapping[str, Coded] = field(default_factory=dict)
    """What else the log says of each event, by name, such as `office` or `value`."""

    file: str = ""
    """The file, as people know it."""

    begin: Times | None = None
    """When the work began, where the log says both; `at` is then when it ended."""

    def __len__(self) -> int:
        return len(self.row)

    def take(self, places: Places) -> "EventLog":
        """Give some of the events; tickets without one stay in `tickets`."""
        return EventLog(
            self.tickets,
            self.ticket[places],
            self.activities,
            self.activity[places],
            self.at[places],
            self.row[places],
            self.actors,
            None if self.actor is None else self.actor[places],
            self.posts,
            None if self.post is None else self.post[places],
            {name: cells.rows(places) for name, cells in self.attributes.items()},
            self.file,
            None if self.begin is None else self.begin[places],
        )

    @cached_property
    def by_row(self) -> Places:
        """The places of the events by ticket, and within one by row."""
        if len(self) and bool((self.row[1:] < self.row[:-1]).any()):
            return np.lexsort((self.row, self.ticket))
        # One sort of whole numbers is many times faster than a stable sort of places.
        key = self.ticket.astype(np.int64) << _SHIFT
        key |= np.arange(len(self))
        key.sort()
        key &= (1 << _SHIFT) - 1
        return key

    @cached_property
    def order(self) -> Places:
        """The places of the events by ticket, time and row; those without a time come last.

        Tickets are in the order of `tickets`. Of events of one time the row decides.
        """
        place = self.by_row
        ticket, at = self.ticket[place], self.at[place]
        mixed = np.zeros(len(self.tickets), np.bool_)
        mixed[ticket[1:][(ticket[1:] == ticket[:-1]) & (at[1:] < at[:-1])]] = True
        mixed[ticket[np.isnat(at)]] = True
        chosen = np.flatnonzero(mixed[ticket])
        if not len(chosen):
            return place
        # Within a ticket events stand by row already, and the sort is stable.
        sorted_ = np.lexsort((at[chosen], ticket[chosen]))
        found = place.copy()
        found[chosen] = place[chosen[sorted_]]
        return found


_SHIFT: Final = 34
"""Bits of a place; a ticket has those above."""


def log_of(records: Records) -> EventLog:
    """Give the record of events as a log; lines that name no ticket or event are left out."""
    lines = records.of(EVENTS)
    ticket, event = records.ticket(EVENTS), lines.coded(EVENT)
    named = ticket >= 0 if not len(lines) else (ticket >= 0) & ~lines.blank(EVENT)
    keep = np.flatnonzero(named)
    activities, activity = _distinct(event)
    actors, actor = _named(lines.coded(ACTOR)) if lines.has(ACTOR) else ((), None)
    posts, post = _named(lines.coded(POST)) if lines.has(POST) else ((), None)
    rest = set(lines.columns) - {TICKET, EVENT, AT, ACTOR, POST}
    return EventLog(
        records.tickets,
        ticket[keep],
        activities,
        activity[keep],
        lines.times(AT)[keep],
        lines.row[keep],
        actors,
        None if actor is None else actor[keep],
        posts,
        None if post is None else post[keep],
        {name: lines.coded(name).rows(keep) for name in sorted(rest)},
        lines.file,
    )


def records_of(log: EventLog, office: str = "") -> Records:
    """Give a log as the record of events, for rules that need no other."""
    names = {TICKET: (log.tickets, log.ticket), EVENT: (log.activities, log.activity)}
    columns = {
        name: from_distinct(codes, list(texts) or [""]) for name, (texts, codes) in names.items()
    }
    for name, known, some in ((ACTOR, log.actors, log.actor), (POST, log.posts, log.post)):
        if some is not None:
            # Nobody is code -1, which takes the last text.
            codes = np.where(some < 0, len(known), some)
            columns[name] = from_distinct(codes, [*known, ""])
    columns |= {name: cells for name, cells in log.attributes.items() if name not in columns}
    lines = Lines(EVENTS, columns, log.row, log.file)
    return Records({EVENTS: lines.timed(AT, log.at)}, office)


def _distinct(cells: Coded) -> tuple[tuple[str, ...], Ints]:
    """Give the distinct texts in their own order, and per row the index of its text."""
    said = cells.distinct()
    texts = sorted(set(said.values()))
    places = {text: n for n, text in enumerate(texts)}
    table = cells.table({code: places[text] for code, text in said.items()}, 0)
    return tuple(texts), table[cells.codes] if cells.size else cells.codes


def _named(cells: Coded) -> tuple[tuple[str, ...], Ints]:
    """Give the same, where the empty text is nobody."""
    said = cells.distinct()
    texts = sorted(set(said.values()) - {""})
    places = {text: n for n, text in enumerate(texts)}
    table = cells.table({code: places.get(text, -1) for code, text in said.items()})
    return tuple(texts), table[cells.codes] if cells.size else cells.codes
