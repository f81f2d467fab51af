"""A log brought into the order of its tickets: what counts, ticket by ticket, in time."""

from dataclasses import dataclass
from datetime import date
from itertools import islice
from operator import le
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Places
from sopaudit.evidence.eventlog import EventLog
from sopaudit.findings.conformance.alignment import codes
from sopaudit.findings.conformance.automaton import Automaton

Longs = npt.NDArray[np.int64]

_SHIFT: Final = 32


@dataclass(frozen=True, eq=False)
class Sequences:
    """The events of each ticket that count, in order of time and row."""

    tickets: tuple[str, ...]
    """In the order of their text."""

    names: tuple[str, ...]
    """Of events, by number: first those the automaton numbers, then the unknown ones by text."""

    event: Ints
    """Per event that counts: what happened."""

    place: Places
    """And which event of the log it is."""

    ends: Longs
    """Per ticket: the place after its last event."""

    lengths: Longs
    untimed: npt.NDArray[np.bool_]
    """Tickets of which an event that counts has no time."""

    @property
    def starts(self) -> Longs:
        """Per ticket: the place of its first event."""
        return self.ends - self.lengths


@dataclass(frozen=True, eq=False)
class Holding:
    """What is held against what."""

    log: EventLog
    known: Sequences
    model: Automaton
    handbook: Handbook
    office: str = ""
    """Whose log it is, where the log does not say."""


def sequences(log: EventLog, model: Automaton, as_of: date | None) -> Sequences:
    """Sort what counts: not what is passed over everywhere, nor what came after a day."""
    names, number = _numbers(log.activities, model)
    event = number[log.activity] if len(log) else np.empty(0, np.int32)
    counts = event >= 0
    if as_of is not None:
        counts &= ~(log.at >= (np.datetime64(as_of, "D") + 1).astype("datetime64[us]"))
    tickets, rank = _ranked(log.tickets)
    of = log.ticket if rank is None else rank[log.ticket]
    place = None if counts.all() else np.flatnonzero(counts)
    place = _sorted(of if place is None else of[place], place)
    of = of if place is None else of[place]
    place = _mended(log, of, place)
    lengths = np.bincount(of, minlength=len(tickets)).astype(np.int64)
    unknown = np.isnat(log.at)
    untimed = np.zeros(len(tickets), np.bool_)
    if unknown.any():
        untimed[of[unknown if place is None else unknown[place]]] = True
    event = event if place is None else event[place]
    whole = np.arange(len(log), dtype=np.intp) if place is None else place
    return Sequences(tickets, names, event, whole, np.cumsum(lengths), lengths, untimed)


def _numbers(activities: tuple[str, ...], model: Automaton) -> tuple[tuple[str, ...], Ints]:
    """Give each name of the log a number; -1 is passed over everywhere."""
    known = codes(model)
    unknown = sorted({a for a in activities if a not in known and a not in model.ignored})
    every = {**known, **{name: len(known) + n for n, name in enumerate(unknown)}}
    number = np.array([every.get(a, -1) for a in activities], np.int32)
    return tuple(every), number


def _ranked(tickets: tuple[str, ...]) -> tuple[tuple[str, ...], Ints | None]:
    """Put tickets in the order of their text, and give the new place of each."""
    if all(map(le, tickets, islice(tickets, 1, None))):
        return tickets, None
    order = sorted(range(len(tickets)), key=tickets.__getitem__)
    rank = np.empty(len(tickets), np.int32)
    rank[order] = np.arange(len(tickets), dtype=np.int32)
    return tuple(tickets[n] for n in order), rank


def _sorted(of: Ints, place: Places | None) -> Places | None:
    """Bring events together by ticket, as they stand in the log; None where they are so already."""
    if bool((of[1:] >= of[:-1]).all()):
        return place
    # One sort of whole numbers is many times faster than a stable sort of places.
    key = of.astype(np.int64) << _SHIFT
    key |= np.arange(len(of))
    key.sort()
    key &= (1 << _SHIFT) - 1
    return key if place is None else place[key]


def _mended(log: EventLog, of: Ints, place: Places | None) -> Places | None:
    """Sort the events of those tickets that do not stand in order of time and row."""
    at = log.at.view(np.int64) if place is None else log.at.view(np.int64)[place]
    row = log.row if place is None else log.row[place]
    wrong = (of[1:] == of[:-1]) & (
        (at[1:] < at[:-1]) | ((at[1:] == at[:-1]) & (row[1:] < row[:-1]))
    )
    if not wrong.any():
        return place
    mixed = np.zeros(int(of[-1]) + 1, np.bool_)
    mixed[of[1:][wrong]] = True
    chosen = np.flatnonzero(mixed[of])
    order = np.lexsort((row[chosen], at[chosen], of[chosen]))
    mended = np.arange(len(of), dtype=np.intp) if place is None else place.copy()
    mended[chosen] = mended[chosen[order]]
    return mended
