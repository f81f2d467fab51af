"""The working calendar: office hours, days off, and weekend days that are worked (调休)."""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Final, Literal, get_args

from pydantic import Field
from pydantic_core import PydanticCustomError

from sopaudit.criteria.field import Day, Entry, Text, Word, seen

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

WEEKDAYS: Final[tuple[str, ...]] = get_args(Weekday)
"""In the order of `date.weekday`."""


@dataclass(frozen=True, order=True)
class Hours:
    """A stretch of working time within one day."""

    opens: time
    closes: time

    def __str__(self) -> str:
        """Give it as it is written in YAML."""
        closes = "24:00" if self.closes == time.max else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}-{closes}"


_HOURS: Final = r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~至]\s*([01]?\d|2[0-4]):([0-5]\d)\s*"


_MIDNIGHT: Final = 24


def hours(value: object) -> Hours | None:
    """Read a stretch of time within one day; None where the text is none."""
    if isinstance(value, Hours):
        return value
    found = re.fullmatch(_HOURS, value) if isinstance(value, str) else None
    if found:
        opens, opened, closes, closed = map(int, found.groups())
        if (opens, opened) < (closes, closed) <= (24, 0):
            last = time.max if closes == _MIDNIGHT else time(closes, closed)
            return Hours(time(opens, opened), last)
    return None


def _hours(value: object) -> Hours:
    found = hours(value)
    if found is None:
        raise PydanticCustomError("S029", "hours expected")
    return found


HoursOfDay = Annotated[
    Hours,
    seen("hours", "string", pattern=r"^\s*\d{1,2}:\d{2}\s*\S\s*\d{1,2}:\d{2}\s*$", read=_hours),
]
"""Working hours, written `08:30-12:00`."""


class DaysOff(Entry):
    """A public holiday: one day, or the days from first to last."""

    title: Text
    from_: Day = Field(alias="from")
    to: Day | None = None
    """The last day off; the first where nothing is said."""

    @property
    def last(self) -> date:
        """The last day off."""
        return self.to or self.from_


class MakeUpDay(Entry):
    """A weekend day that is worked instead of a day off (调休上班)."""

    date: Day
    title: Text | None = None


class Opening(Entry):
    """Hours that differ from the usual ones, for a post or an office."""

    post: Word | None = None
    office: Word | None = None
    hours: tuple[HoursOfDay, ...] = ()
    workdays: tuple[Weekday, ...] = ()
    note: Text | None = None


class Calendar(Entry):
    """`sops/calendar.yaml`."""

    edition: Word
    source: Word | None = None
    provenance: Word | None = None
    note: Text | None = None
    workdays: tuple[Weekday, ...] = Field(min_length=1)
    hours: tuple[HoursOfDay, ...] = Field(min_length=1)
    days_off: tuple[DaysOff, ...] = ()
    make_up_days: tuple[MakeUpDay, ...] = ()
    openings: tuple[Opening, ...] = ()

    def works_on(self, day: date) -> bool:
        """Say whether `day` is a working day of the usual hours."""
        if any(off.from_ <= day <= off.last for off in self.days_off):
            return False
        return WEEKDAYS[day.weekday()] in self.workdays or any(
            made.date == day for made in self.make_up_days
        )
