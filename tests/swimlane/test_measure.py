"""Words take the room they take in print, and lines break where readers expect it."""

import pytest

from sopaudit.swimlane.measure import broken, width


def test_a_chinese_character_is_as_wide_as_high_and_a_letter_narrower() -> None:
    assert width("上门", 12) == 24
    assert 6 < width("m" * 1, 12) < 12
    assert width("i", 12) < width("m", 12)
    assert width("Parts", 12, bold=True) > width("Parts", 12)


def test_the_widths_are_those_of_the_printed_font() -> None:
    from importlib.resources import files

    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with (
        files("sopaudit.press").joinpath("fonts/SopauditSansSC-Regular.ttf").open("rb") as file,
        TTFont(file) as font,
    ):
        cmap, advances, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        for code in range(32, 127):
            real = advances[cmap[code]][0] / unit
            assert width(chr(code), 1) == pytest.approx(real, abs=0.006), chr(code)


def test_lines_are_as_few_as_possible_and_evenly_filled() -> None:
    assert broken("接受上门信息并填单", 12, 60) == ("接受上门", "信息并填单")
    assert broken("Negotiate with the customer", 12, 100) == ("Negotiate with", "the customer")


@pytest.mark.parametrize(
    ("room", "lines"),
    [
        (60, ("接受上门", "信息")),
        (60, ("向备件中心", "申请备件")),
        (36, ("不需要", "备件")),
        (60, ("验机，", "客户签字")),
        (60, ("维修、", "烤机、记录")),
        (60, ("填单后", "30分钟内")),
        (62, ("不满意、", "投诉处理单")),
    ],
)
def test_a_line_ends_at_a_pause_or_else_where_a_word_probably_does(
    room: float, lines: tuple[str, ...]
) -> None:
    assert broken("".join(lines), 12, room) == lines


def test_no_line_begins_with_a_comma_or_ends_with_an_opening_bracket() -> None:
    for room in range(48, 150, 6):
        for line in broken("联系客户，判断故障（电话、工单）；承诺“上门时间”。", 12, room):
            assert line[0] not in "，；。、）”"
            assert line[-1] not in "（“"


def test_a_word_is_kept_whole_unless_it_is_wider_than_a_line() -> None:
    assert broken("Apply for parts", 12, 50) == ("Apply", "for parts")
    cut = broken("onsite_status_sheet", 12, 50)
    assert "".join(cut) == "onsite_status_sheet"
    assert all(width(line, 12) <= 50 for line in cut)


def test_blanks_at_the_ends_of_lines_are_left_out() -> None:
    assert broken("  上门  visit  ", 12, 30) == ("上门", "visit")


def test_a_cut_word_takes_its_comma_along() -> None:
    assert broken("accepted, carry-in", 10.5, 50) == ("accepted,", "carry-in")
