"""Clocks that stand still outside working hours.

The working time since a first day is added up once for every stretch of hours; how much lies
between two moments is then two look-ups and a subtraction, and when so much will have passed is a
look-up the other way. A million pairs of moments cost two binary searches each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.calendar import WEEKDAYS, Calendar, Hours, Opening
from sopaudit.criteria.duration import Duration
from sopaudit.evidence.lines import NEVER, Times

Micros = npt.NDArray[np.int64]
"""Lengths of time in microseconds."""


_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND
_UNITS: Final = {"s": _SECOND, "min": 60 * _SECOND, "h": 3_600 * _SECOND, "d": _DAY}

UNKNOWN: Final = np.iinfo(np.int64).min
"""Stands for a length of time that is not known."""


@dataclass(frozen=True, eq=False)
class Clock:
    """The working time of one office and post, from the first day of a stretch to its last.

    Source: domain f.3; the hours and days are those of `sops/calendar.yaml`.
    """

    calendar: Calendar
    first: date
    last: date
    office: str = ""
    post: str = ""

    def elapsed(self, start: Times, end: Times) -> Micros:
        """Give the working time from `start` to `end`; negative backwards, UNKNOWN without one."""
        unknown = np.isnat(start) | np.isnat(end)
        return np.where(unknown, UNKNOWN, self._worked(end) - self._worked(start))

    def due(self, start: Times, length: Duration) -> Times:
        """Give the last moment within `length` of each start; NaT where there is none.

        Working days end with the close of the N-th working day after the day of the start, and 0
        with that of the day itself, or of the next working day where that is none. Days and months
        end with their last microsecond; all else counts from the moment on.
        """
        if length.unit == "working d":
            return self._close_after(start, int(length.amount))
        if length.working:
            unit = _UNITS[length.unit.removeprefix("working ")]
            return self._after(start, int(length.amount * unit))
        if length.unit == "month":
            return _end_of(_months_after(start, int(length.amount)))
        if length.unit == "d":
            days: npt.NDArray[np.int64] = start.astype("datetime64[D]").astype(np.int64)
            later = (days + int(length.amount)).astype("datetime64[D]")
            return _end_of(np.where(np.isnat(start), np.datetime64("NaT", "D"), later))
        return start + np.timedelta64(int(length.amount * _UNITS[length.unit]), "us")

    def works(self, at: Times) -> npt.NDArray[np.bool_]:
        """Say of each moment whether it lies within working hours, their ends included."""
        place = np.searchsorted(self._opens, at, "right") - 1
        inside = place >= 0
        return inside & (at <= self._closes[np.maximum(place, 0)]) & ~np.isnat(at)

    def working_day(self, at: Times) -> npt.NDArray[np.bool_]:
        """Say of each moment whether its day is worked."""
        day = at.astype("datetime64[D]")
        return np.isin(day, self._days)

    def days_between(self, start: Times, end: Times) -> npt.NDArray[np.int64]:
        """Count the working days after the day of `start`, up to that of `end`."""
        days = [
            np.searchsorted(self._days, t.astype("datetime64[D]"), "right") for t in (start, end)
        ]
        return days[1] - days[0]

    def closing(self, at: Times) -> Times:
        """Give the close of work of the day of each moment, or of the next that is worked."""
        return self._close_after(at, 0)

    def close_after(self, start: Times, days: int) -> Times:
        """Give the close of the N-th working day after that of each start; see `due`."""
        return self._close_after(start, days)

    def day_after(self, start: Times, days: int) -> npt.NDArray[np.datetime64]:
        """Give the N-th working day after that of each start, as `datetime64[D]`."""
        return self._close_after(start, days).astype("datetime64[D]")

    def _close_after(self, start: Times, days: int) -> Times:
        day = start.astype("datetime64[D]")
        place = np.searchsorted(self._days, day, "left" if days == 0 else "right")
        place += max(days - 1, 0)
        known = ~np.isnat(start) & (place < len(self._days))
        return np.where(known, self._ends[np.minimum(place, len(self._days) - 1)], NEVER)

    def _worked(self, at: Times) -> Micros:
        """Add up the working time before each moment."""
        place = np.searchsorted(self._opens, at, "right") - 1
        within = (
            np.minimum(at, self._closes[np.maximum(place, 0)]) - self._opens[np.maximum(place, 0)]
        )
        total = self._before[np.maximum(place, 0)] + within.astype(np.int64)
        return np.where(place < 0, 0, total)

    def _after(self, start: Times, amount: int) -> Times:
        """Give the moment at which so much working time will have passed."""
        wanted = self._worked(start) + amount
        passed = self._before + (self._closes - self._opens).astype(np.int64)
        place = np.minimum(np.searchsorted(passed, wanted, "left"), len(passed) - 1)
        at = self._opens[place] + (wanted - self._before[place]).astype("timedelta64[us]")
        return np.where(np.isnat(start), NEVER, at)

    @cached_property
    def _hours(self) -> tuple[tuple[Hours, ...], tuple[str, ...]]:
        """The hours and weekdays that hold here: those of the opening that fits best."""
        fitting = [o for o in self.calendar.openings if self._fits(o)]
        best = max(
            fitting, key=lambda o: (o.post is not None) + (o.office is not None), default=None
        )
        hours = best.hours if best is not None and best.hours else self.calendar.hours
        days = best.workdays if best is not None and best.workdays else self.calendar.workdays
        return hours, days

    def _fits(self, opening: Opening) -> bool:
        return opening.post in (None, self.post) and opening.office in (None, self.office)

    def _worked_days(self) -> Iterator[date]:
        off = {
            first + timedelta(n)
            for gone in self.calendar.days_off
            for first in (gone.from_,)
            for n in range((gone.last - first).days + 1)
        }
        made = {made.date for made in self.calendar.make_up_days}
        weekdays = {WEEKDAYS.index(name) for name in self._hours[1]}
        for n in range((self.last - self.first).days + 1):
            day = self.first + timedelta(n)
            if day in made or (day.weekday() in weekdays and day not in off):
                yield day

    @cached_property
    def _days(self) -> npt.NDArray[np.datetime64]:
        return np.array(list(self._worked_days()), "datetime64[D]")

    @cached_property
    def _stretches(self) -> npt.NDArray[np.int64]:
        """Open and close of each stretch of a day, in microseconds since midnight."""
        found = sorted((_micros(hours.opens), _micros(hours.closes)) for hours in self._hours[0])
        return np.array(found, np.int64)

    @cached_property
    def _opens(self) -> Times:
        starts = self._days.astype("datetime64[us]")[:, None]
        opens: Times = (starts + self._stretches[:, 0].astype("timedelta64[us]")).ravel()
        return opens

    @cached_property
    def _closes(self) -> Times:
        starts = self._days.astype("datetime64[us]")[:, None]
        closes: Times = (starts + self._stretches[:, 1].astype("timedelta64[us]")).ravel()
        return closes

    @cached_property
    def _ends(self) -> Times:
        """The close of each working day."""
        last = self._stretches[:, 1].max().astype("timedelta64[us]")
        ends: Times = self._days.astype("datetime64[us]") + last
        return ends

    @cached_property
    def _before(self) -> Micros:
        """The working time before each stretch."""
        lengths = (self._closes - self._opens).astype(np.int64)
        return np.concatenate([[0], np.cumsum(lengths)[:-1]])


def _micros(at: time) -> int:
    if at == time.max:  # 24:00
        return _DAY
    return ((at.hour * 60 + at.minute) * 60 + at.second) * _SECOND


def _end_of(day: npt.NDArray[np.datetime64]) -> Times:
    ends: Times = (day + np.timedelta64(1, "D")).astype("datetime64[us]")
    return ends - np.timedelta64(1, "us")


def _months_after(start: Times, months: int) -> npt.NDArray[np.datetime64]:
    """Give the same day so many months on, or the last of that month where it has no such day."""
    month = start.astype("datetime64[M]")
    inside = start.astype("datetime64[D]") - month.astype("datetime64[D]")
    first = (month + np.timedelta64(months, "M")).astype("datetime64[D]")
    last = (month + np.timedelta64(months + 1, "M")).astype("datetime64[D]") - np.timedelta64(
        1, "D"
    )
    day: npt.NDArray[np.datetime64] = np.minimum(first + inside, last)
    return day
