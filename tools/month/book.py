"""The books of one office: its tickets and, record by record, all rows that will be written."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from month.clock import shown
from month.world import CREWS, POSTS, Crew, Part

Row = dict[str, object]


@dataclass(eq=False)
class Event:
    """One line of the event log; `key` is where it stands in the log, whatever time it shows."""

    event: str
    key: datetime
    actor: str
    post: str
    value: str = ""
    note: str = ""
    at: str | None = None
    """What the line says instead of the time of `key`."""


@dataclass(eq=False)
class Job:
    """A ticket, with the fields of its row and what happened to it; its number comes last."""

    office: "Office"
    opened: datetime
    service: str
    fields: Row = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    form: str = ""
    """`S` a dispatch form, `J` an intake form, or none."""

    skips: bool = False
    """Its form number leaves one out."""

    double: bool = False
    """Its form number is that of the form before."""

    no: str = ""
    form_no: str = ""
    wait: int = 2
    """Working days a part takes that is ordered for it."""

    missing_form: str = ""
    """The number left out before its own."""

    now: datetime = field(default=datetime(2026, 10, 1))  # noqa: DTZ001 -- the wall clock
    fixed: dict[str, datetime] = field(default_factory=dict)
    """Times laid down beforehand, by event or `event#2` for its second occurrence."""

    dropped: frozenset[str] = frozenset()
    """Events that are not written."""

    def happen(
        self, event: str, when: datetime, post: str, value: str = "", note: str = ""
    ) -> datetime:
        """Let an event happen, at its laid-down time if it has one; give the time."""
        n = 1 + sum(each.event == event for each in self.events)
        name = event if n == 1 else f"{event}#{n}"
        self.now = self.fixed.get(name, when)
        actor = self.office.person(post, self)
        self.events.append(Event(event, self.now, actor, post, value, note))
        return self.now

    def find(self, event: str, n: int = 1) -> Event:
        """Give the n-th line of an event."""
        return [each for each in self.events if each.event == event][n - 1]

    def time(self, event: str) -> datetime:
        """Give the time of the first line of an event."""
        return self.find(event).key

    def has(self, event: str) -> bool:
        """Say whether an event happened."""
        return any(each.event == event for each in self.events)

    def move(self, event: str, when: datetime, n: int = 1) -> None:
        """Put a line of the log at another time."""
        line = self.find(event, n)
        line.key = when
        self.events.sort(key=lambda each: each.key)

    def insert(self, event: str, when: datetime, post: str, value: str = "") -> None:
        """Write one more line where its time puts it."""
        actor = self.office.person(post, self)
        self.events.append(Event(event, when, actor, post, value))
        self.events.sort(key=lambda each: each.key)

    def drop(self, event: str) -> None:
        """Leave an event out."""
        self.events = [each for each in self.events if each.event != event]


@dataclass(frozen=True)
class Piece:
    """A quantity of a part in one state; a serialised piece is one of one."""

    part: Part
    serial: str
    status: str


class Office:
    """One office and its month."""

    def __init__(self, code: str) -> None:
        self.code: Final = code
        self.crew: Final[Crew] = CREWS[code]
        # The same month on every run: nothing here is secret, only varied.
        self.random: Final = random.Random(f"known-answer month {code}")  # noqa: S311
        self.jobs: Final[list[Job]] = []
        self.rows: Final[dict[str, list[Row]]] = {}
        self.counter: Final[Counter[str]] = Counter()
        self.usual = True
        """While the month as it should be is built, before cases are planted."""

        self.method = ""
        """How the next customers pay, where a planted case lays it down."""

    def person(self, post: str, job: Job) -> str:
        """Give the staff number of who holds a post, for a ticket where that makes a difference."""
        named = {"OSE": "engineer", "HTL": "opened_by"}.get(post)
        if named and named in job.fields:
            return str(job.fields[named])
        if post == "ADM":
            return self.crew.callback
        held = getattr(self.crew, POSTS[post])
        return held if isinstance(held, str) else held[0]

    def number(self, kind: str) -> int:
        """Count one on."""
        self.counter[kind] += 1
        return self.counter[kind]

    def add(self, record: str, job: Job | None = None, **fields: object) -> Row:
        """Write a row; `{no}` and `{form}` in a text become the numbers of the ticket."""
        row: Row = {"_job": job, **fields}
        self.rows.setdefault(record, []).append(row)
        return row

    def name(self) -> None:
        """Give tickets and forms their numbers, in the order they were opened."""
        days: Counter[str] = Counter()
        forms: Counter[str] = Counter()
        self.jobs.sort(key=lambda job: job.opened)
        for job in self.jobs:
            day = f"{job.opened:%y%m%d}"
            days[day] += 1
            job.no = f"{self.code}-{day}-{days[day]:03d}"
            if job.form:
                if job.skips:
                    forms[job.form] += 1
                    job.missing_form = self._form(job.form, forms[job.form])
                forms[job.form] += not job.double
                job.form_no = self._form(job.form, forms[job.form])

    def _form(self, kind: str, n: int) -> str:
        return f"{self.code}{kind}{261000 + n}"

    def spelled(self, record: str) -> Iterator[dict[str, str]]:
        """Give the rows of a record as they are written."""
        for row in self.rows.get(record, []):
            job = row["_job"]
            yield {
                name: self._text(value, job if isinstance(job, Job) else None)
                for name, value in row.items()
                if not name.startswith("_")
            }

    @staticmethod
    def _text(value: object, job: Job | None) -> str:
        if isinstance(value, datetime):
            return shown(value)
        if isinstance(value, Job):
            return value.no
        text = "" if value is None else str(value)
        if job is not None and "{" in text:
            text = text.replace("{no}", job.no).replace("{form}", job.form_no)
        return text
