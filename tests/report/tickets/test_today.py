"""The list of the day in words: lines for a phone, and one sheet of paper."""

from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pypdf
import pytest
from tests.findings.office import book, office

from sopaudit.findings.agenda import Agenda, Due
from sopaudit.press.pdf import Job, render
from sopaudit.report.tickets import today as written
from sopaudit.terminal import COLUMNS, width

NOW = np.datetime64("2026-10-14T09:00", "us")
PEOPLE = ("1006", "1007", "1008", "1010", "")


def entries(number: int, people: tuple[str, ...] = PEOPLE) -> Iterator[Due]:
    for n in range(number):
        heading = book().today[n % len(book().today)]
        rule = heading.rules[n % len(heading.rules)]
        due = NOW + np.timedelta64((n * 37) % 480 - 239, "m")
        yield Due(
            heading.id,
            rule,
            None,
            f"CD-261010-{n:03}",
            due,
            bool(due <= NOW),
            people[n % len(people)],
            heading.posts,
        )


def told(number: int, lang: str = "zh", people: tuple[str, ...] = PEOPLE) -> written.Today:
    found = Agenda(NOW, NOW + np.timedelta64(4, "h"), tuple(entries(number, people)), ("AC-01",))
    hearing = office("2026-10-14 09:00", tickets="ticket_no\n CD-1")
    return written.today(book(), hearing, found, "成都办事处", lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_forty_characters(lang: str) -> None:
    text = written.today_text(told(40, lang))
    assert all(width(line) <= COLUMNS for line in text.splitlines())
    assert all(f"CD-261010-{n:03}" in text for n in range(40))


def test_the_list_says_who_when_and_by_how_much() -> None:
    text = written.today_text(told(2, people=("1006", "9-9")))
    assert text == (
        "今日待办　成都办事处　10-14 周三 09:00\n"
        "逾期 2 件，10-14 13:00 前到期 0 件\n"
        "\n"
        "9-9：逾期 1\n"
        "● CD-261010-001 备件\n"
        "  未用好件退回\n"
        "  应在 10-14 05:38 前，已过 3小时22分钟\n"
        "\n"
        "邓凯：逾期 1\n"
        "● CD-261010-000 承诺\n"
        "  首次联系\n"
        "  应在 10-14 05:01 前，已过 3小时59分钟\n"
        "\n"
        "没有列的规则（还算不了）：AC-01\n"
    )


@pytest.mark.parametrize(("number", "people"), [(0, 1), (50, 5), (400, 12), (400, 30)])
def test_the_sheet_is_one_page_however_much_there_is_to_do(number: int, people: int) -> None:
    """Nothing is lost without a word: what has no room is counted."""
    names = tuple(f"P{n:02}" for n in range(people))
    whole = told(number, people=names)
    sheet = written.on_one_sheet(whole)
    shown = sum(len(person.lines) for person in sheet.persons)
    counted = [*(person.more for person in sheet.persons), *sheet.notes]
    hidden = sum(int(text.split()[1]) for text in counted if "没有列出" in text)
    assert shown + hidden == number
    if number:
        assert min(len(person.lines) for person in sheet.persons) >= min(1, number)
    printed = render(Job(written.today_sheet(whole), whole.day))
    assert printed.complaints == ()
    assert len(pypdf.PdfReader(BytesIO(printed.pdf)).pages) == 1
