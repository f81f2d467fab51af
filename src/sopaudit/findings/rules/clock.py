"""Clocks that stand still outside working hours.

The working time since a first day is added up once for every stretch of hours; how much lies
between two moments is then two look-ups and a subtraction, and when so much will have passed is a
look-up the other way. A million pairs of moments cost two binary searches each. A clock asked of a
moment outside its days asks a wider one, so that no time silently counts for nothing.
"""

from dataclasses import dataclass, replace
from datetime import date, time
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
_HOUR: Final = 3_600 * _SECOND
_UNITS: Final = {"s": _SECOND, "min": 60 * _SECOND, "h": 3_600 * _SECOND, "d": _DAY}

_MICRO: Final = np.timedelta64(1, "us")
_YEAR: Final = 366
"""Days a clock knows beyond the last moment it is asked of."""

EARLIEST: Final = np.datetime64("1900-01-01")
LATEST: Final = np.datetime64("2200-12-31")
"""Beyond these a clock knows nothing: such a moment was never meant."""

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
        wide = self.covering(start, end)
        unknown = ~(wide.known(start) & wide.known(end))
        return np.where(unknown, UNKNOWN, wide.worked_before(end) - wide.worked_before(start))

    def due(self, start: Times, length: Duration) -> Times:
        """Give the last moment within `length` of each start; NaT where there is none.

        Working days end with the close of the N-th working day after the day of the start; 0 with
        the first close at or after the start. Days and months end with their last microsecond; all
        else counts from the moment on.
        """
        if length.unit == "working d":
            return self.close_after(start, int(length.amount))
        if length.working:
            return self.later(start, micros(length))
        if length.unit == "month":
            return _end_of(_months_after(start, int(length.amount)))
        if length.unit == "d":
            return _end_of(_days_after(start, int(length.amount)))
        return start + np.timedelta64(micros(length), "us")

    def later(self, start: Times, amount: "int | Micros") -> Times:
        """Give the first moment at which so much working time has passed since each start."""
        most = int(np.max(amount, initial=0))
        wide = self.covering(start, days=_YEAR + 5 * (most // _HOUR + 1))
        return np.where(wide.known(start), wide.worked_after(start, amount), NEVER)

    def works(self, at: Times) -> npt.NDArray[np.bool_]:
        """Say of each moment whether it lies within working hours, their ends included."""
        wide = self.covering(at)
        place = np.searchsorted(wide.opens, at, "right") - 1
        return (place >= 0) & (at <= wide.closes[np.maximum(place, 0)]) & ~np.isnat(at)

    def working_day(self, at: Times) -> npt.NDArray[np.bool_]:
        """Say of each moment whether its day is worked."""
        return np.isin(at.astype("datetime64[D]"), self.covering(at).worked_days)

    def days_between(self, start: Times, end: Times) -> npt.NDArray[np.int64]:
        """Count the working days after the day of `start`, up to that of `end`.

        UNKNOWN without one of them; negative backwards.
        """
        wide = self.covering(start, end)
        first, last = (
            np.searchsorted(wide.worked_days, t.astype("datetime64[D]"), "right")
            for t in (start, end)
        )
        return np.where(wide.known(start) & wide.known(end), last - first, UNKNOWN)

    def closing(self, at: Times) -> Times:
        """Give the close of work of the day of each moment, or of the next that is worked."""
        wide = self.covering(at, days=_YEAR)
        return wide.end_at(
            at, np.searchsorted(wide.worked_days, at.astype("datetime64[D]"), "left")
        )

    def close_after(self, start: Times, days: "int | npt.NDArray[np.int64]") -> Times:
        """Give the close of the N-th working day after that of each start; see `due`."""
        wide = self.covering(start, days=_YEAR + 5 * int(np.max(days, initial=0)))
        days = np.broadcast_to(days, start.shape)
        after = np.searchsorted(wide.worked_days, start.astype("datetime64[D]"), "right") + days - 1
        place = np.where(days == 0, np.searchsorted(wide.ends, start, "left"), after)
        return wide.end_at(start, place)

    def day_after(self, start: Times, days: int) -> npt.NDArray[np.datetime64]:
        """Give the N-th working day after that of each start, as `datetime64[D]`.

        0 is the day itself, or the next that is worked.
        """
        close = self.close_after(start, days) if days else self.closing(start)
        day: npt.NDArray[np.datetime64] = (close - _MICRO).astype("datetime64[D]")
        return day

    def covering(self, *moments: Times, days: int = 0) -> "Clock":
        """Give a clock that knows the days of all these moments, and so many days after them."""
        known = [each[~np.isnat(each)] for each in moments]
        lows = [each.min() for each in known if each.size]
        highs = [each.max() for each in known if each.size]
        if not lows:
            return self
        first = max(min(lows).astype("datetime64[D]"), EARLIEST)
        last = min(max(highs).astype("datetime64[D]"), LATEST) + np.timedelta64(days, "D")
        if first >= np.datetime64(self.first) and last <= np.datetime64(self.last):
            return self
        return self._widened(first.astype("datetime64[Y]"), last.astype("datetime64[Y]") + 1)

    def _widened(self, first: np.datetime64, last: np.datetime64) -> "Clock":
        """Give a clock of whole years, ours among them; one is kept for each span."""
        span = (
            min(first.astype("datetime64[D]"), np.datetime64(self.first)),
            max(last.astype("datetime64[D]"), np.datetime64(self.last)),
        )
        if span not in self._wider:
            ends = (day.astype(date) for day in span)
            self._wider[span] = replace(self, first=next(ends), last=next(ends))
        return self._wider[span]

    @cached_property
    def _wider(self) -> "dict[tuple[np.datetime64, np.datetime64], Clock]":
        return {}

    def known(self, at: Times) -> npt.NDArray[np.bool_]:
        """Say of each moment whether it lies on a day the clock knows."""
        day = at.astype("datetime64[D]")
        return (day >= np.datetime64(self.first)) & (day <= np.datetime64(self.last))

    def end_at(self, start: Times, place: npt.NDArray[np.intp]) -> Times:
        """Give the close of the working day at each place; NaT where the start is not known."""
        there = self.known(start) & (place >= 0) & (place < len(self.worked_days))
        ends = self.ends[np.clip(place, 0, max(len(self.worked_days) - 1, 0))]
        return np.where(there, ends, NEVER)

    def worked_before(self, at: Times) -> Micros:
        """Add up the working time before each moment."""
        place = np.searchsorted(self.opens, at, "right") - 1
        inside = np.maximum(place, 0)
        within = np.minimum(at, self.closes[inside]) - self.opens[inside]
        return np.where(place < 0, 0, self._before[inside] + within.astype(np.int64))

    def worked_after(self, start: Times, amount: "int | Micros") -> Times:
        """Give the moment at which so much working time will have passed."""
        wanted = self.worked_before(start) + amount
        passed = self._before + (self.closes - self.opens).astype(np.int64)
        place = np.searchsorted(passed, wanted, "left")
        reached = place < len(passed)
        place = np.minimum(place, len(passed) - 1)
        at = self.opens[place] + (wanted - self._before[place]).astype("timedelta64[us]")
        # No time at all: the start itself, also where it lies outside hours.
        return np.where(reached, np.maximum(at, start), NEVER)

    @cached_property
    def _hours(self) -> tuple[tuple[Hours, ...], tuple[str, ...]]:
        """The hours and weekdays that hold here: each from the opening that fits best and says.

        One of a post fits better than one of an office, and one of both better still.
        """
        fitting = sorted(filter(self._fits, self.calendar.openings), key=_closeness, reverse=True)
        hours = next((o.hours for o in fitting if o.hours), self.calendar.hours)
        days = next((o.workdays for o in fitting if o.workdays), self.calendar.workdays)
        return hours, days

    def _fits(self, opening: Opening) -> bool:
        return opening.post in (None, self.post) and opening.office in (None, self.office)

    @cached_property
    def worked_days(self) -> npt.NDArray[np.datetime64]:
        """The days that are worked: those of the week and made up ones, but for holidays."""
        first, last = np.datetime64(self.first, "D"), np.datetime64(self.last, "D")
        days: npt.NDArray[np.datetime64] = np.arange(first, last + np.timedelta64(1, "D"))
        # 1970-01-01 was a Thursday, three days after a Monday.
        weekday = (days.astype(np.int64) + 3) % 7
        worked = np.isin(weekday, [WEEKDAYS.index(name) for name in self._hours[1]])
        made = np.array([made.date for made in self.calendar.make_up_days], "datetime64[D]")
        worked |= np.isin(days, made)
        for gone in self.calendar.days_off:
            worked &= (days < np.datetime64(gone.from_)) | (days > np.datetime64(gone.last))
        found: npt.NDArray[np.datetime64] = days[worked]
        return found

    @cached_property
    def _stretches(self) -> npt.NDArray[np.int64]:
        """Open and close of each stretch of a day, in microseconds since midnight.

        Stretches that overlap or touch are one.
        """
        found: list[list[int]] = []
        for opens, closes in sorted(map(stretch_of, self._hours[0])):
            if found and opens <= found[-1][1]:
                found[-1][1] = max(found[-1][1], closes)
            else:
                found.append([opens, closes])
        return np.array(found, np.int64)

    @cached_property
    def opens(self) -> Times:
        """When each stretch of hours begins."""
        starts = self.worked_days.astype("datetime64[us]")[:, None]
        opens: Times = (starts + self._stretches[:, 0].astype("timedelta64[us]")).ravel()
        return opens

    @cached_property
    def closes(self) -> Times:
        """When each ends."""
        starts = self.worked_days.astype("datetime64[us]")[:, None]
        closes: Times = (starts + self._stretches[:, 1].astype("timedelta64[us]")).ravel()
        return closes

    @cached_property
    def ends(self) -> Times:
        """The close of each working day."""
        last = self._stretches[:, 1].max().astype("timedelta64[us]")
        ends: Times = self.worked_days.astype("datetime64[us]") + last
        return ends

    @cached_property
    def _before(self) -> Micros:
        """The working time before each stretch."""
        lengths = (self.closes - self.opens).astype(np.int64)
        return np.concatenate([[0], np.cumsum(lengths)[:-1]])


def stretch_of(hours: Hours) -> tuple[int, int]:
    """Give when hours open and close, in microseconds since midnight."""
    return _micros(hours.opens), _micros(hours.closes)


def micros(length: Duration) -> int:
    """Give a length of hours, minutes or seconds in microseconds, working or not."""
    return int(length.amount * _UNITS[length.unit.removeprefix("working ")])


def _closeness(opening: Opening) -> int:
    return 2 * (opening.post is not None) + (opening.office is not None)


def _micros(at: time) -> int:
    if at == time.max:  # 24:00
        return _DAY
    return ((at.hour * 60 + at.minute) * 60 + at.second) * _SECOND


def _days_after(start: Times, days: int) -> npt.NDArray[np.datetime64]:
    day: npt.NDArray[np.datetime64] = start.astype("datetime64[D]")
    day += np.timedelta64(days, "D")
    return day


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
