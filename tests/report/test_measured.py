"""Limits and lengths in the words of the page: no key word of YAML is left to a reader."""

from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook
from sopaudit.report.measured import is_length
from sopaudit.report.seen import Seen, Speaker
from sopaudit.report.tickets.said import Sayer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seen() -> Seen:
    handbook, problems = load_handbook(ROOT)
    assert handbook is not None, problems
    return Seen(handbook, "", None, None, {})


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("at_most 180 days", "不超过 180天", "at most 180 days"),
        (
            "within 2 working days, at_least 100 %",
            "2个工作日内、至少 100 %",
            "within 2 working days, at least 100 %",
        ),
        (
            "by SHIP_DEF, at_most 5 working days",
            "要有“坏件寄出”、不超过 5个工作日",
            "“defective shipped” asked for, at most 5 working days",
        ),
        (
            "within 1 working day, by 09:30",
            "1个工作日内、09:30 之前",
            "within 1 working day, by 09:30",
        ),
    ],
)
def test_a_limit_is_said_in_the_language_of_the_page(
    seen: Seen, written: str, zh: str, en: str
) -> None:
    row = dict.fromkeys(("ticket", "rule", "severity", "who", "post", "at", "rows", "late"), "")
    row |= {"type": "late", "expected": written, "found": ""}
    assert zh in Sayer(Speaker(seen, "zh")).said(row).text
    assert en in Sayer(Speaker(seen, "en")).said(row).text


def test_what_is_missing_goes_by_the_title_of_its_field(seen: Seen) -> None:
    row = dict.fromkeys(("ticket", "rule", "severity", "who", "post", "at", "rows", "late"), "")
    row |= {"type": "no record", "expected": "loans.signed", "found": ""}
    text = Sayer(Speaker(seen, "zh")).said(row).text
    assert "loans" not in text
    (field,) = (f for f in seen.handbook.records_kept["loans"].fields if f.id == "signed")
    assert seen.handbook.say(field.title, "zh") in text


@pytest.mark.parametrize("text", ["2 h 1 min", "working 2 h 1 min", "3 working d", "0 s"])
def test_a_length_of_time_may_circulate(text: str) -> None:
    assert is_length(text)


@pytest.mark.parametrize("text", ["call Wang in 3 days", "3 days Wang", "13800000551", "Wang", ""])
def test_a_text_that_says_more_than_a_length_may_not(text: str) -> None:
    assert not is_length(text)
