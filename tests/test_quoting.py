"""A problem shows the line it stands in, with a caret at the spot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopaudit.problems import INDENT, Place, Problem
from sopaudit.terminal import COLUMNS, width


def quoted(line: str, column: int) -> tuple[str, ...]:
    return Problem(Place("f.yaml", 1, column), "Y007", line=line).quote()


def test_the_caret_stands_below_the_spot_and_chinese_is_two_columns_wide() -> None:
    assert quoted("  title: 热线：x", 12) == ("title: 热线：x", "           ^")


def test_a_place_without_a_line_quotes_nothing() -> None:
    assert quoted("", 1) == ()
    assert quoted("   ", 2) == ()


def test_of_a_long_line_what_is_around_the_spot_is_shown() -> None:
    shown, caret = quoted("甲" * 200 + "X" + "乙" * 200, 201)
    assert shown.startswith("…甲")
    assert shown.endswith("乙…")
    assert width(shown) <= COLUMNS - len(INDENT)
    assert width(shown[: shown.index("X")]) == caret.index("^")


@pytest.mark.parametrize("sign", ["\t", "\0", "\x1b", "\u200b"])
def test_what_a_terminal_would_obey_is_shown_as_a_blank(sign: str) -> None:
    assert sign not in "".join(quoted(f"a{sign}b", 3))


@given(st.text(st.characters(exclude_categories=("Cs", "Zl", "Zp", "Cc")), min_size=1), st.data())
def test_whatever_the_line_the_caret_stands_below_its_sign(line: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(1, len(line)))
    if lines := quoted(line, column):
        shown, caret = lines
        assert width(shown) <= COLUMNS - len(INDENT)
        assert width(caret) <= COLUMNS - len(INDENT)
        assert caret.strip() == "^"
