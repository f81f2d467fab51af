"""Each kind of value reads its own text, exactly, or says what it expected."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict

from sopaudit.criteria.field import (
    Day,
    Entry,
    Flag,
    Id,
    Number,
    Points,
    Text,
    Whole,
    Word,
    number,
    plain,
)
from sopaudit.reading.events import read_bytes
from sopaudit.reading.shape import validated


class Sheet(Entry):
    """One key for each kind of value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id | None = None
    word: Word | None = None
    text: Text | None = None
    number: Number | None = None
    points: Points | None = None
    day: Day | None = None
    whole: Whole | None = None
    flag: Flag | None = None


def sheet(yaml: str) -> Sheet:
    value, problems = validated(read_bytes(yaml.encode(), "f.yaml"), Sheet)
    assert problems == []
    assert value is not None
    return value


def code(yaml: str) -> str:
    value, problems = validated(read_bytes(yaml.encode(), "f.yaml"), Sheet)
    assert value is None
    (problem,) = problems
    assert all(problem.text(lang) for lang in ("zh", "en"))
    return problem.code


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2/3", Fraction(2, 3)),
        ("0.8", Fraction(4, 5)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("85 %", Fraction(17, 20)),
        ("85%", Fraction(17, 20)),
        ("2/3 %", Fraction(2, 300)),
        ("010", Fraction(10)),
        ("1.10", Fraction(11, 10)),
        ("-3", Fraction(-3)),
        ("+3", Fraction(3)),
        (" 7 ", Fraction(7)),
    ],
)
def test_a_number_is_read_exactly(typed: str, value: Fraction) -> None:
    assert number(typed) == value
    assert sheet(f"number: '{typed}'").number == value


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "五",
        "５",
        "8５",
        "85％",
        "1,000",
        "1_000",
        "1e5",
        "1/0",
        "0x10",
        "inf",
        "nan",
        "½",
        "- 3",
        "%",
        "5 % %",
        "1/2/3",
        "2 / -3",
        "九成",
        "1" * 41,
        "10 分",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert number(typed) is None


def test_a_number_is_told_by_its_name() -> None:
    assert code("number: 五") == "S005"
    assert code("points: 五") == "S005"
    assert code("points: -0.5") == "S013"
    assert code("number:") == "S004"
    assert code("number: [1]") == "S005"


def test_points_may_be_zero() -> None:
    assert sheet("points: 0").points == 0


@given(st.fractions())
def test_a_number_that_was_written_is_read_back_the_same(value: Fraction) -> None:
    written = plain(value)
    if len(written) <= 40:
        assert number(written) == value


@given(st.integers(-(10**40), 10**40), st.integers(0, 6))
def test_a_short_decimal_is_written_as_people_write_it(digits: int, places: int) -> None:
    written = plain(Fraction(digits, 10**places))
    assert "/" not in written
    assert "E" not in written
    assert not written.endswith(".")
    assert "." not in written or written[-1] != "0"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(5, 2), "2.5"),
        (Fraction(100), "100"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(0), "0"),
    ],
)
def test_numbers_are_written_short(value: Fraction, written: str) -> None:
    assert plain(value) == written


@pytest.mark.parametrize(("typed", "value"), [("yes", True), ("No", False), ("TRUE", True)])
def test_a_flag_is_yes_or_no(typed: str, value: bool) -> None:  # noqa: FBT001 -- a parameter of pytest
    assert sheet(f"flag: {typed}").flag is value


@pytest.mark.parametrize("typed", ["on", "y", "1", "是", "[yes]"])
def test_nothing_else_is_a_flag(typed: str) -> None:
    assert code(f"flag: {typed}") == "S012"


def test_a_day_is_written_one_way() -> None:
    assert sheet("day: 2026-11-23").day == date(2026, 11, 23)
    for typed in (
        "2026-02-30",
        "2026-11-3",
        "20261123",
        "2026-W47-1",
        "23.11.2026",
        "2026年11月3日",
    ):
        assert code(f"day: {typed}") == "S007"


def test_a_whole_number_has_no_fraction_and_no_sign() -> None:
    assert sheet("whole: 2").whole == 2
    assert sheet("whole: 007").whole == 7
    for typed in ("2.0", "-1", "+1", "两", "1/1"):
        assert code(f"whole: '{typed}'") == "S006"
    assert code("whole: ２") == "S018"
    assert code("whole: “2”") == "S017"


def test_an_id_is_plain_ascii() -> None:
    assert sheet("id: CK-HTL_1.a").id == "CK-HTL_1.a"
    for typed in ("热线", "A B", "-A", ".A", "A/B", '"A\\n"'):
        assert code(f"id: {typed}") == "S011"


def test_a_word_is_trimmed_and_not_empty() -> None:
    assert sheet("word: '　2026.1 '").word == "2026.1"
    assert code("word: '　 '") == "S004"
    assert code("word: {a: b}") == "S003"


def test_a_text_in_one_language_is_for_all() -> None:
    text = sheet("text: 热线").text
    assert text is not None
    assert text.languages == ()
    assert text.to("zh") == text.to("en") == "热线"


def test_a_text_falls_back_to_the_first_language_it_has() -> None:
    text = sheet("text: {zh: 热线, en: ' hotline '}").text
    assert text is not None
    assert text.languages == ("zh", "en")
    assert text.to("en") == "hotline"
    assert text.to("de") == "热线"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "S004"),
        ("' '", "S004"),
        ("{}", "S004"),
        ("[a]", "S003"),
        ("{zh: [a], en: b}", "S003"),
        ("{zh: 热线, en: ''}", "S015"),
    ],
)
def test_a_text_without_words_is_told(typed: str, expected: str) -> None:
    assert code(f"text: {typed}") == expected


def test_a_text_is_told_at_the_language_that_is_wrong() -> None:
    for yaml in ("text: {zh: 热线, en: ''}", "text: {zh: 热线, en: [a]}"):
        (problem,) = validated(read_bytes(yaml.encode(), "f.yaml"), Sheet)[1]
        assert str(problem.place) == "f.yaml:1:20"
        assert problem.values["name"] == "text"
