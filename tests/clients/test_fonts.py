"""Our font held against the national list of characters, as the Unicode consortium records it."""

import bz2
import unicodedata
from pathlib import Path

import pytest

from sopaudit.press.fonts import covered

UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
"""Of Debian's `unicode-data`."""

NAMES = frozenset("龘靐嚞尛朤叒槑囍嫑巭峯崑崙淩恆晉珮雋鈺晧頔贇嫻瀅")
"""What the font has besides, because people are called so."""


@pytest.fixture(scope="module")
def national() -> set[str]:
    """Read 通用规范汉字表, which Unihan records as kTGH."""
    lines = bz2.decompress(UNIHAN.read_bytes()).decode().splitlines()
    codes = [line.split("\t")[0] for line in lines if "\tkTGH\t" in line]
    return {chr(int(code.removeprefix("U+"), 16)) for code in codes}


def test_all_8105_characters_of_the_national_list_are_covered(national: set[str]) -> None:
    assert len(national) == 8105
    assert not national - covered()


def test_the_font_has_no_ideographs_but_those_of_both_lists_and_a_few_names(
    national: set[str],
) -> None:
    """`tests/press/test_fonts.py` holds their hash; where that changes, this must be run again."""
    squares = (bytes((row, cell)) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF))
    both = national | set("".join(square.decode("gb2312", errors="ignore") for square in squares))
    assert not NAMES & both
    ideographs = {
        sign
        for sign in covered()
        if unicodedata.name(sign, "").startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH"))
    }
    assert ideographs - both == NAMES
