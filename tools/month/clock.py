"""The working time of the month, written out by hand so that it is no second use of the program's.

Source: domain f.3 and c.11. Hours are 08:30-12:00 and 13:00-17:30; 1 to 7 October is a holiday,
Saturday 10 October is worked, so are Monday to Friday. “Within N working days” ends with the close
of work of the N-th working day after the day of the start.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

NOW: Final = datetime(2026, 11, 5, 23, 59)  # noqa: DTZ001 -- the wall clock of the office
"""The last minute of the day the records speak to."""

_OFF: Final = frozenset(
    [date(2026, 9, 25) + timedelta(n) for n in range(3)]
    + [date(2026, 10, 1) + timedelta(n) for n in range(7)]
)
_WORKED: Final = frozenset((date(2026, 9, 20), date(2026, 10, 10)))
_SESSIONS: Final = ((time(8, 30), time(12)), (time(13), time(17, 30)))
_SATURDAY: Final = 5


def at(text: str) -> datetime:
    """Read `10-12 09:30` as a moment of the year, with seconds where they are given."""
    return datetime.fromisoformat(f"2026-{text}")


def works(day: date) -> bool:
    """Say whether a day is worked."""
    return day in _WORKED or (day.weekday() < _SATURDAY and day not in _OFF)


def nth(day: date | datetime, days: int) -> date:
    """Give the N-th working day after a day."""
    found = day.date() if isinstance(day, datetime) else day
    while days:
        found += timedelta(1)
        days -= works(found)
    return found


def on(day: date, clock: str) -> datetime:
    """Give a time of day of a day."""
    return datetime.combine(day, time.fromisoformat(clock))


def close(start: datetime, days: int) -> datetime:
    """Give the close of work of the N-th working day after that of the start; 0: of its own."""
    return on(nth(start, days), "17:30")


def add(start: datetime, minutes: int) -> datetime:
    """Give the moment at which so many working minutes have passed."""
    left, day = timedelta(minutes=minutes), start.date()
    while True:
        for opens, closes in _SESSIONS:
            begin = max(start, datetime.combine(day, opens))
            end = datetime.combine(day, closes)
            if works(day) and begin < end:
                if begin + left <= end:
                    return begin + left
                left -= end - begin
        day += timedelta(1)


def plus(start: datetime, minutes: int) -> datetime:
    """Give the moment so many minutes later by the clock on the wall."""
    return start + timedelta(minutes=minutes)


def shown(moment: datetime | None) -> str:
    """Write a moment as the systems export it; seconds only where they say something."""
    if moment is None:
        return ""
    return moment.strftime("%Y-%m-%d %H:%M" + (":%S" if moment.second else ""))
