"""Moments as people and their programs write them: `2026-10-09 17:00`, 2025年3月8日 09:05, 45724.5.

Most columns of times are written one way by a program, and may hold ten million different texts:
those are read as whole columns of characters. What is left is read one by one.

A text that can be meant in two ways is not read, unless somebody says which (`Form`): nothing here
guesses from the neighbours, so a text means the same in every file.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.habits import EPOCH_1900, EPOCH_1904, habits, narrow

Form = Literal[
    "auto", "year_first", "day_first", "month_first", "excel_1904", "unix", "unix_ms", "unix_us"
]
"""How dates are written where their text alone does not say: `auto` reads years first only."""

Moments = npt.NDArray[np.datetime64]

_NEVER: Final = np.datetime64("NaT", "us")
_FIRST: Final = np.datetime64("0001-01-01", "us")
_LAST: Final = np.datetime64("9999-12-31T23:59:59.999999", "us")
"""A clock of another zone can push a moment out of the years a calendar has; it is none then."""

_FARTHEST: Final = 16 * 60
"""No clock is so many minutes away from Greenwich."""

_BLOCK: Final = 1 << 16
_WIDE: Final = 32
"""No plain text of a moment is longer."""

_MARGIN: Final = 6
"""What an offset takes: `+08:00`."""


def moments(texts: Sequence[str], form: Form = "auto", zone: str = "") -> Moments:
    """Read texts as the office's clock showed them, `datetime64[us]`; NaT where one is none.

    A moment that names its offset is put on the clock of `zone`; without one, its clock stays.
    """
    found = np.full(len(texts), _NEVER)
    for start in range(0, len(texts), _BLOCK):
        block = texts[start : start + _BLOCK]
        plain, known = _plain(block, zone)
        plain[(plain < _FIRST) | (plain > _LAST)] = _NEVER
        for n in np.flatnonzero(~known).tolist():
            plain[n] = read_moment(block[n], zone, form)
        found[start : start + len(block)] = plain
    return found


def read_moment(text: str, zone: str = "", form: Form = "auto") -> np.datetime64:
    """Read one moment in any of the known ways; NaT for none."""
    text = narrow(text).strip()
    if not text or habits().blank(text):
        return _NEVER
    if form in _UNIX:
        return _counted(text, _UNIX[form], zone)
    serial = _SERIAL.fullmatch(text)
    if serial:
        return _serial(text, EPOCH_1904 if form == "excel_1904" else EPOCH_1900)
    if run := _RUN.fullmatch(text):
        clock = ":".join(filter(None, run.groups()[3:]))
        text = "-".join(run.groups()[:3]) + (f"T{clock}" if clock else "")
    for pattern in _DATES.get(form, _DATES["auto"]):
        if found := pattern.fullmatch(text):
            return _made(found, zone)
    return _NEVER


def two_ways(text: str) -> bool:
    """Say whether a text is a date of which nothing says where the month stands."""
    return _EITHER.match(narrow(text).strip()) is not None


# --- whole columns -------------------------------------------------------------------------------

_ZERO, _DOT, _COLON, _DASH, _SLASH, _PLUS, _Z = (ord(sign) for sign in "0.:-/+Z")
_DATE: Final = (0, 1, 2, 3, 5, 6, 8, 9)
_SEPARATORS: Final = np.array([_DASH, _SLASH, _DOT], np.uint32)


def _plain(texts: Sequence[str], zone: str) -> tuple[Moments, npt.NDArray[np.bool_]]:
    """Read `2026-10-09T17:00:00.000+08:00` and what is a part of it; the second says which."""
    count = len(texts)
    length = np.fromiter(map(len, texts), np.intp, count)
    if not count:
        return np.full(0, _NEVER), np.zeros(0, np.bool_)
    padded = np.array([*texts], f"U{_WIDE + _MARGIN}")
    signs = padded.view(np.uint32).reshape(count, _WIDE + _MARGIN)
    digit = (signs >= _ZERO) & (signs < _ZERO + 10)
    good = (length >= 10) & (length <= _WIDE) & digit[:, _DATE].all(axis=1)  # noqa: PLR2004
    good &= (signs[:, 4] == signs[:, 7]) & np.isin(signs[:, 4], _SEPARATORS)
    timed = length > 10  # noqa: PLR2004 -- a date alone
    joint = (signs[:, 10] == ord("T")) | (signs[:, 10] == ord(" "))
    clock = digit[:, (11, 12, 14, 15)].all(axis=1) & (signs[:, 13] == _COLON) & joint
    good &= ~timed | clock
    second = timed & (signs[:, 16] == _COLON) & digit[:, (17, 18)].all(axis=1)
    split = second & (signs[:, 19] == _DOT) & digit[:, 20]
    digits = np.where(split, np.argmin(digit[:, 20:], axis=1), 0)
    end = np.where(second, np.where(split, 20 + digits, 19), np.where(timed, 16, 10))
    offset, fits = _offset(signs, digit, end, length)
    good &= fits
    values = np.where(digit, signs - _ZERO, 0).astype(np.int64)
    micro = np.zeros(count, np.int64)
    for n in range(6):
        micro = micro * 10 + np.where(split & (n < digits), values[:, 20 + n], 0)
    hour, minute = _two(values, 11) * timed, _two(values, 14) * timed
    seconds = _two(values, 17) * second
    midnight = (hour == 24) & (minute == 0) & (seconds == 0) & (micro == 0)  # noqa: PLR2004
    good &= ((hour < 24) | midnight) & (minute < 60) & (seconds < 60)  # noqa: PLR2004
    days, real = _days(_two(values, 0) * 100 + _two(values, 2), _two(values, 5), _two(values, 8))
    good &= real
    clock_us = ((hour * 60 + minute) * 60 + seconds) * 1_000_000 + micro
    found = days.astype("datetime64[us]") + clock_us.astype("timedelta64[us]")
    found[~good] = _NEVER
    placed = offset != _UNPLACED
    if zone and placed.any():
        put = good & placed
        utc = found[put] - (offset[put] * 60_000_000).astype("timedelta64[us]")
        found[put] = on_clock(utc, zone)
    return found, good


_UNPLACED: Final = np.int64(1 << 40)
"""Stands for no offset."""


def _offset(
    signs: npt.NDArray[np.uint32],
    digit: npt.NDArray[np.bool_],
    end: npt.NDArray[np.intp],
    length: npt.NDArray[np.intp],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Read what follows the clock: minutes east of Greenwich, and whether it is an offset."""
    tail = length - end
    offset = np.full(len(end), _UNPLACED)
    places = end[:, None] + np.arange(_MARGIN)
    places = np.minimum(places, signs.shape[1] - 1)
    last = np.take_along_axis(signs, places, axis=1)
    numeric = np.take_along_axis(digit, places, axis=1)
    zulu = (tail == 1) & (last[:, 0] == _Z) & (end > 10)  # noqa: PLR2004
    signed = ((last[:, 0] == _PLUS) | (last[:, 0] == _DASH)) & (end > 10)  # noqa: PLR2004
    long = (tail == 6) & (last[:, 3] == _COLON) & numeric[:, (1, 2, 4, 5)].all(axis=1)  # noqa: PLR2004
    short = (tail == 5) & numeric[:, 1:5].all(axis=1)  # noqa: PLR2004 -- +0800
    values = np.where(numeric, last - _ZERO, 0).astype(np.int64)
    ends = np.where(long, values[:, 4] * 10 + values[:, 5], values[:, 3] * 10 + values[:, 4])
    minutes = (values[:, 1] * 10 + values[:, 2]) * 60 + ends
    known = signed & (long | short) & (minutes <= _FARTHEST)
    offset[zulu] = 0
    offset[known] = np.where(last[:, 0] == _DASH, -minutes, minutes)[known]
    return offset, (tail == 0) | zulu | known


def _two(values: npt.NDArray[np.int64], at: int) -> npt.NDArray[np.int64]:
    return values[:, at] * 10 + values[:, at + 1]


def _days(
    year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.bool_]]:
    """Make days of their numbers, and say which of them there are."""
    real = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 1)  # noqa: PLR2004
    months = np.where(real, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(real, day - 1, 0).astype("timedelta64[D]")
    return days, real & (days.astype("datetime64[M]") == months)


def on_clock(utc: Moments, zone: str) -> Moments:
    """Put moments of Greenwich on the clock of a zone."""
    there = pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    return there.to_numpy().astype("datetime64[us]")


# --- one by one ----------------------------------------------------------------------------------

_UNIX: Final = {"unix": 1_000_000, "unix_ms": 1_000, "unix_us": 1}
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_SERIALS: Final = (date(1990, 1, 1), date(2100, 1, 1))
"""A number outside of these days is no date of an office."""

_RUN: Final = re.compile(r"(\d{4})(\d\d)(\d\d)[ T]?(\d\d)?:?(\d\d)?:?(\d\d)?")
"""`20261009`, `20261009170000`."""

_BEFORE: Final = r"(?P<before>上午|下午|早上|早晨|凌晨|中午|傍晚|晚上|am|pm|a\.m\.|p\.m\.)?"
_AFTER: Final = r"(?P<after>am|pm|a\.m\.|p\.m\.)?"
_WEEK: Final = (
    r"(?:[\s,]*\(?(?:星期[一二三四五六日天]|周[一二三四五六日天]"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?)\)?)?"
)
_CLOCK: Final = (
    rf"{_WEEK}(?:(?:[T\s,]+|(?<=[日号)]))\s*{_BEFORE}\s*(?P<h>\d{{1,2}})\s*"
    r"(?:[:时点]\s*(?P<m>\d{1,2})?\s*(?:[:分]\s*(?:(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?\s*秒?)?)?)?"
    rf"\s*{_AFTER}\s*(?P<z>Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?"
)
_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_NAMED: Final = rf"(?P<N>{'|'.join(_MONTHS)})[a-z]*\.?"
_YEARS: Final = (
    r"(?P<Y>\d{4})\s*([-/.])\s*(?P<M>\d{1,2})\s*\2\s*(?P<D>\d{1,2})",
    r"(?P<Y>\d{4})\s*年\s*(?P<M>\d{1,2})\s*月\s*(?P<D>\d{1,2})\s*[日号]?",
    rf"(?P<D>\d{{1,2}})[-\s.]*{_NAMED}[-\s,.]*(?P<Y>\d{{4}})",
    rf"{_NAMED}\s*(?P<D>\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(?P<Y>\d{{4}})",
)
_DAY_FIRST: Final = r"(?P<D>\d{1,2})\s*([-/.])\s*(?P<M>\d{1,2})\s*\2\s*(?P<Y>\d{4})"
_MONTH_FIRST: Final = r"(?P<M>\d{1,2})\s*([-/.])\s*(?P<D>\d{1,2})\s*\2\s*(?P<Y>\d{4})"
_EITHER: Final = re.compile(r"\d{1,2}\s*([-/.])\s*\d{1,2}\s*\1\s*(?:\d{4}|\d\d)\b")


def _patterns(*dates: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each + _CLOCK, re.IGNORECASE) for each in dates)


_DATES: Final = {
    "auto": _patterns(*_YEARS),
    "day_first": _patterns(*_YEARS, _DAY_FIRST),
    "month_first": _patterns(*_YEARS, _MONTH_FIRST),
}
_EARLY: Final = frozenset({"上午", "早上", "早晨", "凌晨", "am", "a.m."})
_LATE: Final = frozenset({"下午", "傍晚", "晚上", "pm", "p.m."})
_NOON: Final = "中午"
_HALF: Final = 12
_FULL: Final = 24


def _made(found: re.Match[str], zone: str) -> np.datetime64:
    """Make a moment of its parts; there is none where they contradict each other."""
    parts = {name: text for name, text in found.groupdict().items() if text}
    named = parts.get("N", "")
    month = _MONTHS.index(named[:3].lower()) + 1 if named else int(parts["M"])
    hour = _hour(int(parts.get("h", 0)), parts.get("before", ""), parts.get("after", ""))
    minute, second = int(parts.get("m", 0)), int(parts.get("s", 0))
    if hour is None or (hour == _FULL and (minute or second)):
        return _NEVER
    east = _minutes(parts.get("z", ""))
    if abs(east) > _FARTHEST:
        return _NEVER
    micro = int(parts.get("f", "0").ljust(6, "0")[:6])
    try:
        day = date(int(parts["Y"]), month, int(parts["D"]))
        made = datetime.combine(day, time(hour % _FULL, minute, second))
        made += timedelta(days=hour // _FULL, microseconds=micro)
        if zone and "z" in parts:
            utc = (made - timedelta(minutes=east)).replace(tzinfo=ZoneInfo("UTC"))
            made = utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return _NEVER
    return np.datetime64(made, "us")


def _hour(hour: int, before: str, after: str) -> int | None:
    """Put an hour on the clock of 24; 上午 15 点 is none, and 晚上 12 点 may be two."""
    word = (before or after).lower()
    if hour > _FULL:
        return None
    if word in _EARLY:
        return hour % _HALF if hour <= _HALF else None
    if word == _NOON:
        return hour if hour in {11, 12, 13} else {1: 13}.get(hour)
    if word in _LATE:
        if hour == _HALF and word in {"晚上", "傍晚"}:
            return None
        return hour if hour >= _HALF else hour + _HALF
    return hour


def _minutes(offset: str) -> int:
    """Give an offset in minutes east of Greenwich."""
    if offset[:1] not in {"+", "-"}:
        return 0
    digits = offset[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if offset[0] == "-" else minutes


def _serial(text: str, epoch: date) -> np.datetime64:
    """Read Excel's number of days; its clock is rounded to the second, as Excel shows it."""
    number = Decimal(text)
    day = epoch + timedelta(days=int(number))
    if not _SERIALS[0] <= day < _SERIALS[1]:
        return _NEVER
    seconds = int(((number % 1) * 86_400).to_integral_value())
    return np.datetime64(day, "us") + np.timedelta64(seconds, "s")


def _counted(text: str, unit: int, zone: str) -> np.datetime64:
    """Read a number of units since 1970 in Greenwich."""
    if not re.fullmatch(r"-?\d{1,17}(?:\.\d+)?", text):
        return _NEVER
    passed = int(Decimal(text) * unit)
    if not _FIRST.astype(int) <= passed <= _LAST.astype(int):
        return _NEVER
    utc = np.array([passed], np.int64).astype("datetime64[us]")
    return np.datetime64((on_clock(utc, zone) if zone else utc)[0], "us")
