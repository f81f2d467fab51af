"""Moments in all the forms people and programs write, alone and as whole columns."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopaudit.evidence.moment import Form, moments, read_moment, two_ways

CHINA = "Asia/Shanghai"


def read(text: str, form: Form = "auto", zone: str = "") -> str:
    return str(moments([text], form, zone)[0])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-10-09", "2026-10-09T00:00:00"),
        ("2026-10-09 17:00", "2026-10-09T17:00:00"),
        ("2026-10-09T17:00:01", "2026-10-09T17:00:01"),
        ("2026/10/09 17:00", "2026-10-09T17:00:00"),
        ("2026.10.09 17:00", "2026-10-09T17:00:00"),
        ("2025.3.8 9:05", "2025-03-08T09:05:00"),
        ("2026/10/9 17:00:00", "2026-10-09T17:00:00"),
        ("2025年3月8日 09:05", "2025-03-08T09:05:00"),
        ("2025年3月8日09:05", "2025-03-08T09:05:00"),
        ("2025年3月8号 9点5分", "2025-03-08T09:05:00"),
        ("2026年10月9日 星期五 晚上8点30分", "2026-10-09T20:30:00"),
        ("2026-10-09（周五）17:00", "2026-10-09T17:00:00"),
        ("2026/10/9 下午 5:00", "2026-10-09T17:00:00"),
        ("2026/10/9 下午 12:05", "2026-10-09T12:05:00"),
        ("2026/10/9 上午 12:05", "2026-10-09T00:05:00"),
        ("2026/10/9 中午1:05", "2026-10-09T13:05:00"),
        ("2026-10-09 5:00 PM", "2026-10-09T17:00:00"),
        ("2026-10-09 24:00", "2026-10-10T00:00:00"),
        ("2026/10/9 24:00:00", "2026-10-10T00:00:00"),
        ("2026-10-09 17:00:00.25", "2026-10-09T17:00:00.25"),
        ("2026-10-09 17:00:00.1234567", "2026-10-09T17:00:00.123456"),
        ("20261009", "2026-10-09T00:00:00"),
        ("20261009170001", "2026-10-09T17:00:01"),
        ("45724.378472222", "2025-03-08T09:05:00"),
        ("45724", "2025-03-08T00:00:00"),
        ("09-Oct-2026 17:00", "2026-10-09T17:00:00"),
        ("Oct 9, 2026 5:00 PM", "2026-10-09T17:00:00"),
        ("２０２６－１０－０９ １７：００", "2026-10-09T17:00:00"),
        ("  2026-10-09 17:00 ", "2026-10-09T17:00:00"),
    ],
)
def test_a_moment_is_read_in_every_form_that_means_one(text: str, meant: str) -> None:
    assert moments([text])[0] == np.datetime64(meant, "us")


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "无", "x", "12:30", "2026-02-30", "2026-13-01", "2026-10-09 25:00"),
        *("2026-10-09 17:60", "2026-10-09 17:00:60", "2026-10-09 24:01", "2026-10/09"),
        *("2026-10-09 上午15:00", "2026-10-09 晚上12:00", "2026-10-09-17", "1234", "99999"),
        *(
            "29/2/2016 01:16",
            "3/4/2016",
            "04-05-26",
            "2026-10-09 17:00:00.1.2",
            "2026-10-09 17:00Q",
        ),
    ],
)
def test_what_is_no_moment_or_may_be_two_is_not_read(text: str) -> None:
    assert np.isnat(moments([text])[0])


@pytest.mark.parametrize(
    ("text", "form", "meant"),
    [
        ("29/2/2016 01:16", "day_first", "2016-02-29T01:16:00.000000"),
        ("3/4/2016", "day_first", "2016-04-03T00:00:00.000000"),
        ("3/4/2016", "month_first", "2016-03-04T00:00:00.000000"),
        ("29/2/2016", "month_first", "NaT"),
        ("2016-04-03 01:16", "day_first", "2016-04-03T01:16:00.000000"),
        ("44262.5", "excel_1904", "2025-03-08T12:00:00.000000"),
        ("1570000000", "unix", "2019-10-02T07:06:40.000000"),
        ("1570000000000", "unix_ms", "2019-10-02T07:06:40.000000"),
    ],
)
def test_the_mapping_says_what_a_text_alone_does_not(text: str, form: Form, meant: str) -> None:
    assert read(text, form) == meant


@pytest.mark.parametrize(
    ("text", "there", "here"),
    [
        ("2026-10-09 17:00:00+08:00", "2026-10-09T17:00", "2026-10-09T17:00"),
        ("2026-10-09T09:00:00.000Z", "2026-10-09T09:00", "2026-10-09T17:00"),
        ("1970-01-02T12:23:00.000+01:00", "1970-01-02T12:23", "1970-01-02T19:23"),
        ("2026-10-09 17:00:00-0330", "2026-10-09T17:00", "2026-10-10T04:30"),
        ("2026-10-09 17:00:00 +08:00", "2026-10-09T17:00", "2026-10-09T17:00"),
        ("2026/10/9 9:00 Z", "2026-10-09T09:00", "2026-10-09T17:00"),
    ],
)
def test_an_offset_is_put_on_the_clock_of_the_office(text: str, there: str, here: str) -> None:
    assert read(text).startswith(there)
    assert read(text, zone=CHINA).startswith(here)


def test_a_date_of_which_nothing_says_where_the_month_stands_is_told_apart() -> None:
    assert two_ways("3/4/2016 10:00")
    assert not two_ways("2016-04-03")
    assert not two_ways("soon")


MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 30))  # noqa: DTZ001 -- a wall clock


@given(st.lists(st.tuples(MOMENTS, st.sampled_from("T "), st.sampled_from(["", "Z", "+08:00"]))))
def test_whole_columns_are_read_as_one_by_one(
    written: list[tuple[datetime, str, str]],
) -> None:
    texts = [at.isoformat(sep) + offset for at, sep, offset in written]
    expected = np.array([at for at, _, _ in written], "datetime64[us]")
    assert (moments(texts) == expected).all()
    assert [read_moment(text) for text in texts] == list(expected)


@given(st.text(max_size=24) | st.from_regex(r"\d{4}-\d\d-\d\d[ T]?[\d:.+Z-]{0,14}", fullmatch=True))
def test_no_text_breaks_the_reader_and_both_ways_agree(text: str) -> None:
    one, other = moments([text])[0], read_moment(text)
    assert np.isnat(one) == np.isnat(other)
    assert np.isnat(one) or one == other


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("9999-12-31 24:00", "auto"),
        ("9999年12月31日 24:00", "auto"),
        ("9999-12-31 23:59Z", "auto"),
        ("9999年12月31日 23:59Z", "auto"),
        ("99999999999999999", "unix"),
        ("-99999999999999999", "unix_us"),
        ("2026-10-09 09:00+99:99", "auto"),
        ("2026年10月9日 9:00+99:99", "auto"),
    ],
)
def test_a_moment_no_calendar_has_is_none_and_no_end_of_the_program(text: str, form: Form) -> None:
    assert np.isnat(moments([text], form, "Asia/Shanghai")[0])
    assert np.isnat(read_moment(text, "Asia/Shanghai", form))
