"""Reading an event log of any system: CSV, workbooks, Parquet or XES, with a mapping or without.

Without a mapping the columns are known by the program's own words (`ticket_no, event, at, …`), by
the titles the handbook gives them, or by the keys of XES. Lines that name no ticket or event are
passed over and counted; nothing else is dropped.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded
from sopaudit.evidence.eventlog import EventLog
from sopaudit.evidence.habits import habits, keys
from sopaudit.evidence.lines import Flags
from sopaudit.evidence.logmapping import (
    Lifecycle,
    Limits,
    LogMapping,
    LogMappingFile,
    Span,
    read_log_mapping,
)
from sopaudit.evidence.logsource import Columns, How, Source, open_source
from sopaudit.evidence.moment import two_ways
from sopaudit.evidence.pairing import events_among
from sopaudit.evidence.quality import Example, Expected, Passed, Quality, measured
from sopaudit.evidence.records import ACTOR, AT, EVENT, EVENTS, POST, TICKET, titles
from sopaudit.problems import Place, Problem, choices

ROW: Final = "sopaudit:row"
BEGAN: Final = "sopaudit:began_at"
"""What a log we wrote calls the row of its source, and when an event began."""

KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "case": (TICKET, "case:concept:name"),
    "activity": (EVENT, "concept:name"),
    "time": (AT, "time:timestamp"),
    "resource": (ACTOR, "org:resource"),
    "post": (POST, "org:role"),
    "lifecycle": ("lifecycle:transition",),
    "order": (ROW,),
    "start": (BEGAN,),
}
"""What the columns of a log are called where nothing else is said: ours, and those of XES."""

_OWN: Final = {"case": TICKET, "activity": EVENT, "time": AT, "resource": ACTOR, "post": POST}
_BLANK: Final = frozenset({"?", "？"})
_NEEDED: Final = ("case", "activity", "time")
_DIGITS: Final = 18
"""So long a number of a line fits in 64 bits."""


@dataclass(frozen=True)
class Roles:
    """Which column says what."""

    case: str
    activity: str
    time: str
    start: str = ""
    resource: str = ""
    post: str = ""
    order: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """By the name they go by."""

    lifecycle: Lifecycle | None = None

    def columns(self) -> list[str]:
        """List the columns that hold texts."""
        named = (self.case, self.activity, self.resource, self.post, self.order)
        lifecycle = self.lifecycle.column if self.lifecycle else ""
        return list(dict.fromkeys(filter(None, (*named, lifecycle, *self.attributes.values()))))

    def times(self) -> list[str]:
        """List the columns that hold times."""
        return list(filter(None, (self.time, self.start)))


def read_log(
    path: Path,
    handbook: Handbook | None = None,
    mapping: Path | None = None,
    *,
    shown: str | None = None,
    expected: Expected | None = None,
) -> tuple[EventLog | None, list[Problem], Quality]:
    """Read a log; there is none where the file or its mapping cannot be used.

    `expected` says what is known of it from elsewhere, such as the last day and the events that
    begin a ticket, for the measures of its quality; events the handbook knows need not be told.
    """
    opened = open_log(path, handbook, mapping, shown=shown, expected=expected)
    if not isinstance(opened, OpenedLog):
        return None, opened, Quality()
    log, passed, wrong = opened.read(opened.source)
    if log is None:
        return None, wrong, Quality()
    return log, wrong, measured(log, passed, opened.known)


@dataclass(frozen=True, eq=False)
class OpenedLog:
    """A log whose columns are known, and not read yet."""

    source: Source
    roles: Roles
    said: LogMappingFile | None
    handbook: Handbook | None
    shown: str
    known: Expected
    """What is known of it from elsewhere."""

    @property
    def how(self) -> How:
        """How its moments are to be read."""
        return self._reading.how

    def read(self, source: Source) -> tuple[EventLog | None, Passed, list[Problem]]:
        """Read it, or a part of it, and say what was passed over."""
        return self._reading.log(source)

    @property
    def _reading(self) -> "_Reading":
        return _Reading(self.roles, self.said, self.handbook, self.shown)


def open_log(
    path: Path,
    handbook: Handbook | None = None,
    mapping: Path | None = None,
    *,
    shown: str | None = None,
    expected: Expected | None = None,
) -> OpenedLog | list[Problem]:
    """Open a log, and find out which column says what; see `read_log`."""
    place = path.as_posix() if shown is None else shown
    said, problems = read_log_mapping(mapping) if mapping is not None else (None, [])
    if problems or (mapping is not None and said is None):
        return problems
    source = open_source(path, _wanted(said, handbook), place)
    if isinstance(source, Problem):
        return [source]
    roles, wrong = _roles(source, said, handbook, place)
    problems += wrong
    if handbook is not None and said is not None:
        problems += _unknown_words(said, handbook)
    if roles is not None:
        problems += _twice(source, roles, place)
    if roles is None or problems:
        return problems
    known = _expected(expected or Expected(), said, handbook)
    return OpenedLog(source, roles, said, handbook, place, known)


def _expected(known: Expected, said: LogMappingFile | None, book: Handbook | None) -> Expected:
    limits = said.mapping.limits if said is not None else Limits()
    own = {
        name: value for name in Limits.model_fields if (value := getattr(limits, name)) is not None
    }
    return Expected(
        known.events or frozenset(book.events if book is not None else ()),
        known.starts,
        known.ends,
        known.as_of,
        {**known.limits, **own},
        known.numbered or (said is not None and said.mapping.order is not None),
    )


# --- which column says what ----------------------------------------------------------------------


def _wanted(said: LogMappingFile | None, handbook: Handbook | None) -> list[str]:
    """List the names by which the header of a table is found."""
    if said is not None:
        return [name for _, name in said.columns()]
    return [name for names in _called(handbook).values() for name in names]


def _called(handbook: Handbook | None) -> dict[str, tuple[str, ...]]:
    """Give what each column may be called, with the titles of the handbook."""
    called = dict(KNOWN)
    kept = handbook.records_kept.get(EVENTS) if handbook is not None else None
    for each in kept.fields if kept is not None else ():
        role = next((role for role, own in _OWN.items() if own == each.id), "")
        if role:
            called[role] = (*called[role], *titles(each))
    return called


def _roles(
    source: Source, said: LogMappingFile | None, handbook: Handbook | None, shown: str
) -> tuple[Roles | None, list[Problem]]:
    if said is not None:
        return _roles_said(source, said)
    found = {
        role: next((name for name in names if name in source.header), "")
        for role, names in _called(handbook).items()
    }
    missing = [role for role in _NEEDED if not found[role]]
    if missing:
        told = {
            "missing": ", ".join(missing),
            "header": ", ".join(filter(None, source.header)) or "–",
        }
        return None, [Problem(Place(shown), "L010", told)]
    used = set(found.values())
    rest = {name: name for name in source.header if name and name not in used}
    lifecycle = Lifecycle(column=found["lifecycle"]) if found["lifecycle"] else None
    return Roles(
        found["case"],
        found["activity"],
        found["time"],
        found["start"],
        order=found["order"],
        resource=found["resource"],
        post=found["post"],
        attributes=rest,
        lifecycle=lifecycle,
    ), []


def _roles_said(source: Source, said: LogMappingFile) -> tuple[Roles | None, list[Problem]]:
    problems = [
        said.document.problem("L011", loc, word=name, choices=choices(name, source.header))
        for loc, name in said.columns()
        if name not in source.header
    ]
    mapping = said.mapping
    span = mapping.time if isinstance(mapping.time, Span) else None
    office = {"office": mapping.office} if mapping.office is not None else {}
    roles = Roles(
        mapping.case,
        mapping.activity,
        span.end if span is not None else str(mapping.time),
        "" if span is None else span.start,
        mapping.resource or "",
        mapping.post or "",
        mapping.order or "",
        {**mapping.attributes, **office},
        mapping.lifecycle,
    )
    return None if problems else roles, problems


def _twice(source: Source, roles: Roles, shown: str) -> Iterator[Problem]:
    """Tell columns that are needed and stand in the header twice: nobody knows which is meant."""
    kept = set(roles.attributes.values())
    for name in (*roles.columns(), *roles.times()):
        if name not in kept and source.header.count(name) > 1:
            yield Problem(Place(shown), "M009", {"table": shown, "column": name})


def _unknown_words(said: LogMappingFile, handbook: Handbook) -> Iterator[Problem]:
    for word, event in said.mapping.words.items():
        if handbook.events and event not in handbook.events:
            near = choices(event, list(handbook.events))
            yield said.document.problem("L013", ("words", word), word=event, choices=near)


# --- the events ----------------------------------------------------------------------------------


class _Reading:
    """One log being read."""

    def __init__(
        self, roles: Roles, said: LogMappingFile | None, book: Handbook | None, shown: str
    ) -> None:
        self.roles = roles
        self.mapping: LogMapping | None = said.mapping if said is not None else None
        self.said = said
        self.book = book
        self.shown = shown
        self.words = _BLANK | frozenset(self.mapping.blank if self.mapping else ())

    @property
    def how(self) -> How:
        """How moments are to be read."""
        form = self.mapping.dates if self.mapping else "auto"
        zone = (self.mapping.zone or "") if self.mapping else ""
        return How(form, zone, self.blank)

    def blank(self, text: str) -> bool:
        """Say whether a text says nothing."""
        return not text or text in self.words or habits().blank(text)

    def log(self, source: Source) -> tuple[EventLog | None, Passed, list[Problem]]:
        """Read the columns and make events of their lines."""
        roles = self.roles
        columns, problems = source.read(roles.columns(), roles.times(), self.how)
        numbers = self._numbers(columns)
        if isinstance(numbers, Problem):
            return None, Passed(), [*problems, numbers]
        tickets, ticket = self._names(columns.coded[roles.case])
        activities, activity = self._activities(columns.coded[roles.activity])
        at = columns.times[roles.time].at
        begin = columns.times[roles.start].at if roles.start else None
        keep, begin, unfinished = events_among(
            (ticket, activity, at, begin), self._cycle(columns), numbers
        )
        named = (ticket >= 0) & (activity >= 0)
        passed = self._passed(columns, numbers, (tickets, ticket, activity), unfinished)
        places = np.flatnonzero(keep & named)
        actors, actor = self._maybe(columns, roles.resource)
        posts, post = self._maybe(columns, roles.post)
        log = EventLog(
            tickets,
            ticket,
            activities,
            activity,
            at,
            numbers,
            actors,
            actor,
            posts,
            post,
            {name: columns.coded[column] for name, column in sorted(roles.attributes.items())},
            self.shown,
            begin,
        )
        return log.take(places), passed, problems

    def _cycle(self, columns: Columns) -> tuple[Coded, Lifecycle] | None:
        cycle = self.roles.lifecycle
        return None if cycle is None else (columns.coded[cycle.column], cycle)

    def _numbers(self, columns: Columns) -> npt.NDArray[np.int64] | Problem:
        """Give the number of each line: that of the file, or the one the log itself has."""
        if not self.roles.order:
            return columns.rows
        cells = columns.coded[self.roles.order]
        said = cells.distinct()
        table = np.zeros(max(cells.size, 1), np.int64)
        for code, text in said.items():
            plain = text.removesuffix(".0")
            if not (plain.isascii() and plain.isdigit() and len(plain) <= _DIGITS):
                row = int(columns.rows[np.flatnonzero(cells.codes == code)[0]])
                told = {"column": self.roles.order, "text": text or "–"}
                return Problem(Place(self.shown, row), "L014", told)
            table[code] = int(plain)
        return table[cells.codes]

    def _names(self, cells: Coded) -> tuple[tuple[str, ...], Ints]:
        """Give the distinct texts in order of codes, and per line the index of its text."""
        said = self._saying(cells.distinct())
        places: dict[str, int] = {}
        table = {code: places.setdefault(text, len(places)) for code, text in said.items()}
        return tuple(places), cells.table(table)[cells.codes] if cells.size else cells.codes

    def _saying(self, texts: Mapping[int, str]) -> dict[int, str]:
        """Leave out what says nothing; a million ids are looked at as one text."""
        folded = zip(texts.items(), keys(list(texts.values())), strict=True)
        blanks, words = habits().blanks, self.words
        return {
            code: text
            for (code, text), key in folded
            if text and text not in words and key not in blanks
        }

    def _maybe(self, columns: Columns, name: str) -> tuple[tuple[str, ...], Ints | None]:
        return self._names(columns.coded[name]) if name else ((), None)

    def _activities(self, cells: Coded) -> tuple[tuple[str, ...], Ints]:
        names, codes = self._names(cells)
        means = self._means()
        known: dict[str, int] = {}
        table = [known.setdefault(means.get(name, name), len(known)) for name in names]
        return tuple(known), np.array([*table, -1], np.int32)[codes]

    def _means(self) -> dict[str, str]:
        """Give what words of the log mean: what the mapping says, and titles of one event."""
        means: dict[str, str] = {}
        twice: set[str] = set()
        for event in self.book.events.values() if self.book else ():
            for title in {title for _, title in event.title.wordings}:
                twice |= {title} & set(means)
                means[title] = event.id
        own = set(self.book.events if self.book else ())
        means = {title: id_ for title, id_ in means.items() if title not in twice | own}
        return {**means, **(self.mapping.words if self.mapping else {})}

    def _passed(
        self,
        columns: Columns,
        numbers: npt.NDArray[np.int64],
        named: tuple[Sequence[str], Ints, Ints],
        unfinished: Flags,
    ) -> Passed:
        tickets, ticket, activity = named

        def told(flags: Flags) -> list[Example]:
            places = np.flatnonzero(flags).tolist()
            return [
                Example(tickets[ticket[n]] if ticket[n] >= 0 else "", int(numbers[n]))
                for n in places
            ]

        odd = [
            (line, text)
            for name in self.roles.times()
            for line, text in columns.times[name].unreadable
        ]
        texts = [
            (Example(tickets[ticket[n]] if ticket[n] >= 0 else "", int(numbers[n]), text), text)
            for n, text in odd
        ]
        both = {text for _, text in texts if two_ways(text)}
        return Passed(
            len(columns.rows),
            told(ticket < 0),
            told((ticket >= 0) & (activity < 0)),
            told(unfinished & (ticket >= 0) & (activity >= 0)),
            [example for example, text in texts if text not in both],
            [example for example, text in texts if text in both],
        )
