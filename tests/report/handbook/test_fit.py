"""Sheets fill their pages: as few as can be, and then as wide as these allow."""

import pytest

from sopaudit.report.handbook.fit import SETTINGS, Cell, Row, beside, height, setting

SENTENCE = "派工单的必填项都已填写，客户的姓名、电话和地址与系统一致。"


def rows(number: int) -> list[Row]:
    return [Row(((Cell(SENTENCE, 60),),)) for _ in range(number)]


def test_closer_is_lower() -> None:
    heights = [height(rows(20), way) for way in SETTINGS]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == len(SETTINGS)


def test_a_short_sheet_is_set_wide() -> None:
    assert setting(rows(5), 260, 30) == "roomy"


def test_a_sheet_that_would_spill_over_is_set_closer() -> None:
    wide, close = SETTINGS[0], SETTINGS[-1]
    number = next(n for n in range(1, 99) if height(rows(n), wide) + 30 > 260)
    assert height(rows(number), close) + 30 < 200
    assert setting(rows(number), 260, 30) != "roomy"


@pytest.mark.parametrize("number", range(1, 120, 7))
def test_it_never_takes_more_pages_than_the_closest_would(number: int) -> None:
    way = next(w for w in SETTINGS if w.name == setting(rows(number), 260, 30))
    pages = [-(-(30 + height(rows(number), w)) // 248) for w in (way, SETTINGS[-1])]
    assert pages[0] == pages[1]


def test_the_tallest_cell_makes_the_row() -> None:
    way = SETTINGS[1]
    one = Row(((Cell("短", 60),), (Cell(SENTENCE * 3, 60),)))
    assert height([one], way) == height([Row(((Cell(SENTENCE * 3, 60),),))], way)


def test_what_is_the_same_in_both_languages_takes_both_columns() -> None:
    assert beside(("A4",), (50, 40)) == ((Cell("A4", 90),),)
    assert beside(("纸", "paper"), (50, 40)) == ((Cell("纸", 50),), (Cell("paper", 40),))
