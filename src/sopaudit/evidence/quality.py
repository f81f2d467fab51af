"""How far an event log can be trusted: what is missing, doubtful or odd in it, counted first.

Each measure has a count, what it is a share of, examples with their rows, and perhaps a limit:
above it the log is not assessable, and the reason stands where figures would.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.column import Places
from sopaudit.evidence.eventlog import EventLog
from sopaudit.evidence.lines import Flags

EXAMPLES: Final = 5
"""So many of each are shown."""

LIMITS: Final[Mapping[str, Fraction]] = {
    "missing_times": Fraction(5, 100),
    "unknown_activities": Fraction(20, 100),
    "future": Fraction(5, 100),
    "epoch": Fraction(5, 100),
    "no_start": Fraction(20, 100),
    "duplicates": Fraction(20, 100),
    "no_case": Fraction(5, 100),
    "no_activity": Fraction(5, 100),
}
"""Shares above which a log is not assessed, where its mapping says nothing. Ties, tickets without
an end and rows out of order have none: they are usual, and the row number settles them. Nor have
missing persons: a log that names nobody can still be held against a workflow."""

ORDERED: Final = Fraction(20, 100)
"""The limit of `backwards` where the log numbers its lines: then their order is a statement."""

_EPOCH: Final = np.datetime64("1971-01-01", "us")
_UNITS: Final = ("event", "ticket", "line")


@dataclass(frozen=True)
class Example:
    """Where a measure was met."""

    ticket: str
    row: int
    """In the source, counted as the log counts; 0 where a ticket as a whole is meant."""

    text: str = ""
    """What stood there."""


@dataclass(frozen=True)
class Measure:
    """One thing that is odd, and how often."""

    id: str
    count: int
    of: int
    unit: str
    """What is counted: `event`, `ticket` or `line`."""

    limit: Fraction | None = None
    examples: tuple[Example, ...] = ()
    where: str = ""
    """The record, or a field of it, such as `tickets.channel`; empty for a log as a whole."""

    @property
    def share(self) -> Fraction:
        """Give it as a share; nothing of nothing is none."""
        return Fraction(self.count, self.of) if self.of else Fraction(0)

    @property
    def stops(self) -> bool:
        """Say whether it keeps the log from being assessed."""
        return self.limit is not None and self.share > self.limit


@dataclass(frozen=True)
class Quality:
    """The data-quality block of a log."""

    measures: tuple[Measure, ...] = ()
    lines: int = 0
    """Of the file, before lines of a life cycle became one event."""

    events: int = 0
    tickets: int = 0
    first: str = ""
    """The earliest and the latest time, `2026-10-09 17:00`; empty where there is none."""

    last: str = ""

    @property
    def assessable(self) -> bool:
        """Say whether figures may be made of the log."""
        return self.events > 0 and not any(measure.stops for measure in self.measures)

    def of(self, name: str) -> Measure:
        """Give a measure; one that was not taken counts nothing."""
        found = (m for m in self.measures if m.id == name and not m.where)
        return next(found, Measure(name, 0, 0, "event"))

    def reasons(self, lang: str) -> list[str]:
        """Say why the log is not assessable; nothing where it is."""
        words = quality_words()
        if not self.events:
            return [words["empty"][lang]]
        return [
            words["reason"][lang].format(
                title=words[m.id][lang],
                share=percent(m.share),
                limit=percent(m.limit or Fraction()),
            )
            for m in self.measures
            if m.stops
        ]

    def rows(self, lang: str) -> list[dict[str, str]]:
        """Give the block as rows of text: `id, where, title, meaning, count, of, share, limit`.

        `state` and `examples` come last; it is `ok` where nothing was found, `told`, or `stops`.
        """
        return [dict(_row(measure, lang)) for measure in self.measures]

    def json(self) -> dict[str, Any]:
        """Give the block for a result file: exact shares as texts, examples with their rows."""
        return {
            "lines": self.lines,
            "events": self.events,
            "tickets": self.tickets,
            "first": self.first,
            "last": self.last,
            "assessable": self.assessable,
            "measures": [
                {
                    "id": m.id,
                    "where": m.where,
                    "count": m.count,
                    "of": m.of,
                    "unit": m.unit,
                    "share": str(m.share),
                    "limit": None if m.limit is None else str(m.limit),
                    "stops": m.stops,
                    "examples": [
                        {"ticket": e.ticket, "row": e.row, "text": e.text} for e in m.examples
                    ],
                }
                for m in self.measures
            ],
        }


@dataclass(frozen=True)
class Passed:
    """What reading a log has passed over, for its measures."""

    lines: int = 0
    no_case: Sequence[Example] = ()
    no_activity: Sequence[Example] = ()
    unfinished: Sequence[Example] = ()
    """Lines that say a piece of work began, and no line says it ended."""

    unreadable: Sequence[Example] = ()
    """Texts of times that are none, and those that can be meant in two ways."""

    two_ways: Sequence[Example] = ()


@dataclass(frozen=True)
class Expected:
    """What is known about a log from elsewhere."""

    events: frozenset[str] = frozenset()
    """Ids a handbook or a workflow knows; nothing is unknown where there are none."""

    starts: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    as_of: date | None = None
    limits: Mapping[str, Fraction | None] = field(default_factory=dict)
    """By measure; what is not here has its usual limit."""

    numbered: bool = False
    """Whether the log itself numbers its lines."""


def measured(log: EventLog, passed: Passed | None = None, known: Expected | None = None) -> Quality:
    """Take every measure of a log that can be taken with what is known."""
    return settled(measures(log, passed or Passed(len(log)), known or Expected()))


def measures(log: EventLog, passed: Passed, known: Expected) -> Quality:
    """Take the measures of a part of a log; `merged` puts parts together."""
    here = np.flatnonzero(np.bincount(log.ticket, minlength=len(log.tickets)))
    timed = log.at[~np.isnat(log.at)]
    limits = {**LIMITS, **({"backwards": ORDERED} if known.numbered else {}), **known.limits}
    taken = [*_of_lines(passed), *_of_events(log, known), *_of_tickets(log, here, known)]
    return Quality(
        tuple(replace(m, limit=limits.get(m.id)) for m in taken),
        passed.lines,
        len(log),
        len(here),
        _told(timed.min()) if len(timed) else "",
        _told(timed.max()) if len(timed) else "",
    )


def settled(quality: Quality) -> Quality:
    """Judge what only the whole log tells.

    A log that lies in 1970 as a whole was simulated there; single dates are clocks never set.
    """
    timed = quality.events - quality.of("missing_times").count
    found = (
        replace(m, count=0, examples=()) if m.id == "epoch" and 2 * m.count > timed else m
        for m in quality.measures
    )
    return replace(quality, measures=tuple(found))


def merged(parts: Sequence[Quality]) -> Quality:
    """Put the measures of parts together whose tickets are not the same."""
    gathered: dict[str, list[Measure]] = {}
    for part in parts:
        for measure in part.measures:
            gathered.setdefault(measure.id, []).append(measure)
    firsts = [part.first for part in parts if part.first]
    lasts = [part.last for part in parts if part.last]
    return settled(
        Quality(
            tuple(_sum(found) for found in gathered.values()),
            sum(part.lines for part in parts),
            sum(part.events for part in parts),
            sum(part.tickets for part in parts),
            min(firsts, default=""),
            max(lasts, default=""),
        )
    )


def _sum(found: Sequence[Measure]) -> Measure:
    examples = sorted(
        (example for one in found for example in one.examples), key=lambda e: (e.row, e.ticket)
    )
    return replace(
        found[0],
        count=sum(one.count for one in found),
        of=sum(one.of for one in found),
        examples=tuple(examples[:EXAMPLES]),
    )


def _of_lines(passed: Passed) -> Iterator[Measure]:
    for name in ("no_case", "no_activity", "unfinished"):
        found: Sequence[Example] = getattr(passed, name)
        yield Measure(name, len(found), passed.lines, "line", None, tuple(found[:EXAMPLES]))
    for name in ("unreadable", "two_ways"):
        found = getattr(passed, name)
        yield Measure(name, len(found), passed.lines, "line", None, tuple(found[:EXAMPLES]))


def _of_events(log: EventLog, known: Expected) -> Iterator[Measure]:
    timed = ~np.isnat(log.at)
    yield _flagged("missing_times", log, ~timed)
    if log.actor is not None:
        yield _flagged("missing_persons", log, log.actor < 0)
    if known.events:
        strange = np.array([name not in known.events for name in log.activities], np.bool_)
        flags = strange[log.activity] if len(log) else np.zeros(0, np.bool_)
        yield _flagged("unknown_activities", log, flags, log.activities)
    ties, again = _ties(log)
    yield _flagged("ties", log, ties)
    yield _flagged("duplicates", log, again, log.activities)
    if known.as_of is not None:
        now = np.datetime64(known.as_of, "us") + np.timedelta64(1, "D")
        yield _flagged("future", log, timed & (log.at >= now))
    yield _flagged("epoch", log, timed & (log.at < _EPOCH))


def _ties(log: EventLog) -> tuple[Flags, Flags]:
    """Say of each event whether another has its ticket and time, and whether it repeats one."""
    ties, again = np.zeros(len(log), np.bool_), np.zeros(len(log), np.bool_)
    order = log.order
    same = _alike(log.ticket[order], log.at[order])
    ties[order[1:][same]] = ties[order[:-1][same]] = True
    # Only among those can one be there twice; the first of them, by row, repeats nothing.
    tied = order[ties[order]]
    run = np.cumsum(np.concatenate([[True], ~_alike(log.ticket[tied], log.at[tied])]))[: len(tied)]
    said = run * (len(log.activities) + 1) + log.activity[tied]
    place = np.argsort(said, kind="stable")
    again[tied[place[1:][_alike(said[place])]]] = True
    return ties, again


def _alike(*columns: npt.NDArray[Any]) -> Flags:
    """Say of each row but the first whether it is like the one before; NaT is like nothing."""
    found: Flags = np.ones(max(len(columns[0]) - 1, 0), np.bool_)
    for column in columns:
        found &= column[1:] == column[:-1]
    return found


def _of_tickets(log: EventLog, here: npt.NDArray[np.integer], known: Expected) -> Iterator[Measure]:
    for name, wanted in (("no_start", known.starts), ("no_end", known.ends)):
        if wanted:
            is_one = np.array([activity in wanted for activity in log.activities], np.bool_)
            has = np.zeros(len(log.tickets), np.bool_)
            has[log.ticket[is_one[log.activity]]] = True
            yield _tickets(name, log, here, ~has)
    order = log.by_row
    ticket, at = log.ticket[order], log.at[order]
    back = (ticket[1:] == ticket[:-1]) & (at[1:] < at[:-1])
    flags = np.zeros(len(log.tickets), np.bool_)
    flags[ticket[1:][back]] = True
    yield _tickets("backwards", log, here, flags, order[1:][back])


def _flagged(name: str, log: EventLog, flags: Flags, texts: Sequence[str] = ()) -> Measure:
    """Count events; `texts` are activities, where those are worth telling."""
    places = np.flatnonzero(flags)
    first = places[np.argsort(log.row[places], kind="stable")[:EXAMPLES]]
    told = tuple(_example(log, int(n), texts) for n in first)
    return Measure(name, len(places), len(log), "event", None, told)


def _tickets(
    name: str,
    log: EventLog,
    here: npt.NDArray[np.integer],
    flags: Flags,
    places: Places | None = None,
) -> Measure:
    odd = here[flags[here]]
    if places is None:
        names = sorted(log.tickets[n] for n in odd.tolist())[:EXAMPLES]
        told = tuple(Example(ticket, 0) for ticket in names)
    else:
        first = places[np.argsort(log.row[places], kind="stable")[:EXAMPLES]]
        told = tuple(_example(log, int(n)) for n in first)
    return Measure(name, len(odd), len(here), "ticket", None, told)


def _example(log: EventLog, place: int, texts: Sequence[str] = ()) -> Example:
    at = log.at[place]
    text = texts[int(log.activity[place])] if texts else "" if np.isnat(at) else _told(at)
    return Example(log.tickets[int(log.ticket[place])], int(log.row[place]), text)


def _told(at: np.datetime64) -> str:
    return str(at.astype("datetime64[s]")).replace("T", " ").removesuffix(":00")


def percent(share: Fraction) -> str:
    """Write a share for people, to a tenth of a per cent; what is not nothing is not 0."""
    tenths = share * 1000
    if 0 < tenths < 1:
        return "<0.1 %"
    whole = int(tenths + Fraction(1, 2))
    return f"{whole // 10}.{whole % 10} %" if whole % 10 else f"{whole // 10} %"


def _row(measure: Measure, lang: str) -> Iterator[tuple[str, str]]:
    words = quality_words()
    yield "id", measure.id
    yield "where", measure.where
    yield "title", words[measure.id][lang]
    yield "meaning", words[measure.id][f"{lang}_why"]
    yield "count", str(measure.count)
    yield "of", f"{measure.of} {words[measure.unit][lang]}"
    yield "share", percent(measure.share)
    yield "limit", "" if measure.limit is None else percent(measure.limit)
    yield "state", "stops" if measure.stops else "told" if measure.count else "ok"
    yield "examples", "; ".join(_said(example, lang) for example in measure.examples)


def _said(example: Example, lang: str) -> str:
    row = quality_words()["row"][lang].format(row=example.row) if example.row else ""
    return " ".join(filter(None, (example.ticket, row, example.text)))


@cache
def quality_words() -> Mapping[str, Mapping[str, str]]:
    """Read what the measures are called and mean: `zh`, `en`, `zh_why`, `en_why`."""
    text = files("sopaudit.evidence").joinpath("quality.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
