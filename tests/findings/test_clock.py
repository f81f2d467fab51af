"""Working clocks, held against a reading that walks through time minute by minute."""

from datetime import date, datetime, time, timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.criteria.calendar import WEEKDAYS, Calendar
from sopaudit.criteria.duration import Duration, duration
from sopaudit.evidence.lines import Times
from sopaudit.findings.rules.clock import UNKNOWN, Clock

MINUTE = timedelta(minutes=1)
MONDAY = date(2026, 9, 28)
"""A week before the long holiday of the calendar below."""


def calendar(**more: object) -> Calendar:
    words = {
        "edition": "1",
        "workdays": list(WEEKDAYS[:5]),
        "hours": ["08:30-12:00", "13:00-17:30"],
        "days_off": [{"title": "A holiday", "from": "2026-10-01", "to": "2026-10-07"}],
        "make_up_days": [{"date": "2026-10-10"}, {"date": "2026-09-27"}],
        "openings": [
            {"post": "CALL", "hours": ["09:00-12:00", "14:00-24:00"]},
            {"post": "SHOP", "workdays": ["saturday", "sunday", "monday"]},
            {"office": "NORTH", "hours": ["10:00-16:00"]},
            {"post": "CALL", "office": "NORTH", "workdays": ["tuesday"]},
        ],
    }
    return Calendar.model_validate({**words, **more})


def clock(post: str = "", office: str = "") -> Clock:
    return Clock(calendar(), date(2026, 9, 1), date(2026, 12, 31), office, post)


class Slow:
    """The same in words: which minutes are worked."""

    hours = {  # noqa: RUF012 -- read only
        ("", ""): ((510, 720), (780, 1050)),
        ("CALL", ""): ((540, 720), (840, 1440)),
        ("SHOP", ""): ((510, 720), (780, 1050)),
        ("", "NORTH"): ((600, 960),),
        # Its own opening says nothing of hours; that of the post comes before that of the office.
        ("CALL", "NORTH"): ((540, 720), (840, 1440)),
    }

    def __init__(self, post: str, office: str) -> None:
        self.stretches = self.hours[post, office]
        self.weekdays = (5, 6, 0) if post == "SHOP" else (1,) if office and post else range(5)

    def day(self, day: date) -> bool:
        if date(2026, 10, 1) <= day <= date(2026, 10, 7):
            return False
        return day.weekday() in self.weekdays or day in {date(2026, 10, 10), date(2026, 9, 27)}

    def minute(self, at: datetime) -> bool:
        """Say whether the minute that begins at a moment is worked."""
        since = at.hour * 60 + at.minute
        return self.day(at.date()) and any(a <= since < b for a, b in self.stretches)

    def elapsed(self, start: datetime, end: datetime) -> int:
        return sum(self.minute(start + n * MINUTE) for n in range((end - start) // MINUTE))

    def close(self, day: date) -> datetime:
        return datetime.combine(day, time()) + timedelta(minutes=self.stretches[-1][1])

    def after(self, start: date, days: int) -> date:
        worked = (d for n in count(1) if self.day(d := start + timedelta(n)))
        return [next(worked) for _ in range(days)][-1]


POSTS = [("", ""), ("CALL", ""), ("SHOP", ""), ("", "NORTH"), ("CALL", "NORTH")]
moments = st.integers(0, 24 * 24 * 60).map(lambda n: datetime.combine(MONDAY, time()) + n * MINUTE)


def array(*moments: datetime) -> Times:
    return np.array(moments, "datetime64[us]")


@pytest.mark.parametrize(("post", "office"), POSTS)
@settings(max_examples=40, deadline=None)
@given(start=moments, length=st.integers(0, 4000))
def test_the_minutes_worked_are_those_somebody_would_count(
    post: str, office: str, start: datetime, length: int
) -> None:
    end = start + length * MINUTE
    slow = Slow(post, office).elapsed(start, end) * 60_000_000
    fast = clock(post, office)
    assert fast.elapsed(array(start), array(end)).tolist() == [slow]
    assert fast.elapsed(array(end), array(start)).tolist() == [-slow]


@pytest.mark.parametrize(("post", "office"), POSTS)
@settings(max_examples=40, deadline=None)
@given(start=moments, days=st.integers(0, 6))
def test_working_days_end_with_the_close_of_the_last_of_them(
    post: str, office: str, start: datetime, days: int
) -> None:
    slow = Slow(post, office)
    found = clock(post, office).due(array(start), Duration(days, "working d"))  # type: ignore[arg-type]
    if days:
        expected = slow.close(slow.after(start.date(), days))
    else:
        closes = (slow.close(d) for n in count(-1) if slow.day(d := start.date() + timedelta(n)))
        expected = next(close for close in closes if close >= start)
    assert found.tolist() == [expected]


@settings(max_examples=60, deadline=None)
@given(post=st.sampled_from(POSTS), start=moments, minutes=st.integers(1, 3000))
def test_when_so_much_work_is_done_is_the_first_such_moment(
    post: tuple[str, str], start: datetime, minutes: int
) -> None:
    found = clock(*post)
    due = found.later(array(start), minutes * 60_000_000)
    assert found.elapsed(array(start), due).tolist() == [minutes * 60_000_000]
    just_before = due - np.timedelta64(1, "us")
    assert (found.elapsed(array(start), just_before) < minutes * 60_000_000).all()


@settings(max_examples=60, deadline=None)
@given(post=st.sampled_from(POSTS), start=moments, end=moments)
def test_days_between_are_the_days_somebody_would_cross_out(
    post: tuple[str, str], start: datetime, end: datetime
) -> None:
    start, end = sorted((start, end))
    days = (start.date() + timedelta(n + 1) for n in range((end.date() - start.date()).days))
    expected = sum(map(Slow(*post).day, days))
    assert clock(*post).days_between(array(start), array(end)).tolist() == [expected]


def test_the_plain_calendar_says_the_same_of_each_day() -> None:
    days = [date(2026, 9, 1) + timedelta(n) for n in range(90)]
    found = clock().working_day(array(*(datetime.combine(d, time(3)) for d in days)))
    assert found.tolist() == [calendar().works_on(day) for day in days]


def test_a_moment_outside_the_days_of_a_clock_counts_all_the_same() -> None:
    # 1970-01-05 and 2031-03-03 are Mondays.
    for day in ("1970-01-05", "2031-03-03"):
        start, end = np.array([[f"{day}T09:00"], [f"{day}T18:00"]], "datetime64[us]")
        assert clock().elapsed(start, end).tolist() == [7 * 3600 * 10**6 + 1800 * 10**6]
        assert clock().due(start, Duration(2, "working h")).astype(str).tolist() == [  # type: ignore[arg-type]
            f"{day}T11:00:00.000000"
        ]
        assert clock().working_day(start).tolist() == [True]


def test_a_limit_that_ends_beyond_the_days_of_a_clock_is_known() -> None:
    start = np.array(["2026-12-31T09:00"], "datetime64[us]")
    assert clock().due(start, Duration(500, "working d")).astype("datetime64[Y]") > start  # type: ignore[arg-type]


def test_a_moment_nobody_meant_is_not_known() -> None:
    start, end = array(datetime(9, 1, 1)), array(datetime(2026, 10, 12, 9))  # noqa: DTZ001
    assert clock().elapsed(start, end).tolist() == [UNKNOWN]
    assert np.isnat(clock().due(start, Duration(1, "working d"))).all()  # type: ignore[arg-type]
    never = np.array(["NaT"], "datetime64[us]")
    assert clock().elapsed(never, end).tolist() == [UNKNOWN]
    assert np.isnat(clock().due(never, Duration(2, "working h"))).all()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        # Over the long holiday, and onto the Saturday that is worked.
        ("2026-09-30T17:00", "2 working hours", "2026-10-08T10:00:00.000000"),
        ("2026-10-09T17:00", "2 working hours", "2026-10-10T10:00:00.000000"),
        ("2026-10-12T11:00", "2 working hours", "2026-10-12T14:00:00.000000"),
        ("2026-10-12T19:00", "2 working hours", "2026-10-13T10:30:00.000000"),
        ("2026-10-12T12:30", "0 working hours", "2026-10-12T12:30:00.000000"),
        ("2026-09-29T10:00", "2 working days", "2026-10-08T17:30:00.000000"),
        ("2026-10-01T10:00", "0 working days", "2026-10-08T17:30:00.000000"),
        ("2026-10-12T18:00", "0 working days", "2026-10-13T17:30:00.000000"),
        ("2026-10-12T10:00", "7 days", "2026-10-19T23:59:59.999999"),
        ("2026-01-31T10:00", "1 month", "2026-02-28T23:59:59.999999"),
        ("2026-10-12T10:00", "24 h", "2026-10-13T10:00:00.000000"),
    ],
)
def test_limits_end_when_people_say_they_do(start: str, length: str, due: str) -> None:
    said = duration(length)
    assert said is not None
    found = clock().due(np.array([start], "datetime64[us]"), said)
    assert found.astype(str).tolist() == [due]


def test_hours_that_overlap_count_once() -> None:
    both = calendar(hours=["08:00-12:00", "11:00-14:00", "14:00-15:00"], openings=[])
    found = Clock(both, date(2026, 10, 1), date(2026, 10, 31))
    day = np.array(["2026-10-12", "2026-10-13"], "datetime64[us]")
    assert found.elapsed(day[:1], day[1:]).tolist() == [7 * 3600 * 10**6]
    assert found.works(np.array(["2026-10-12T15:00", "2026-10-12T15:01"], "M8[us]")).tolist() == [
        True,
        False,
    ]
