"""Our font: what it covers is what it says, and what becomes of everything else."""

import hashlib
import unicodedata
from collections.abc import Iterator

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from sopaudit.press.fonts import FAMILY, FILES, cover, covered, font

PROVEN = "2fc7365c48be50b1c1e2d6286bc61e3a97663e06dbc32ea1014062933a7bcad7"
"""The hash of the ideographs that `tests/clients/test_fonts.py` found to be those of the lists."""


def gb2312() -> Iterator[str]:
    """List GB 2312 as its own table has it."""
    for row in range(0xA1, 0xFF):
        for cell in range(0xA1, 0xFF):
            if sign := bytes((row, cell)).decode("gb2312", errors="ignore"):
                yield sign


def ideograph(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH"))


@pytest.mark.parametrize("name", FILES.values())
def test_what_is_said_to_be_covered_is_what_each_font_covers(name: str) -> None:
    from io import BytesIO

    made = TTFont(BytesIO(font(name)))
    signs = {sign for code in made.getBestCmap() if not (sign := chr(code)).isspace()}
    assert signs == {sign for sign in covered() if not sign.isspace()}
    assert made["name"].getDebugName(1) == FAMILY


@pytest.mark.parametrize("name", FILES.values())
def test_fonts_keep_their_licence_and_leave_out_their_hints(name: str) -> None:
    from io import BytesIO

    made = TTFont(BytesIO(font(name)))
    assert "Open Font License" in made["name"].getDebugName(13)
    assert "Adobe" in made["name"].getDebugName(0)
    assert not {"fpgm", "prep", "cvt ", "fvar"} & set(made.keys())


def test_any_other_file_is_refused() -> None:
    with pytest.raises(KeyError):
        font("../../../../../../etc/passwd")


def test_all_of_gb_2312_is_covered() -> None:
    missing = [sign for sign in gb2312() if sign not in covered() and not sign.isspace()]
    assert not missing


def test_the_ideographs_are_those_that_were_held_against_the_national_list() -> None:
    """Python does not know the list; where it is installed, tests/clients reads the list itself."""
    signs = sorted(filter(ideograph, covered()))
    beyond = [sign for sign in signs if ord(sign) > 0xFFFF]
    assert (len(signs), len(beyond)) == (8254, 196)
    assert hashlib.sha256("".join(signs).encode()).hexdigest() == PROVEN


@pytest.mark.parametrize(
    "text",
    [
        *("犇翯喆淼㛃", "堃昇祎珺垚焜媖婳姞玥琎翀", "𬭎𬍛𬱖𫘧𫓧", "龘嚞囍峯恆珮"),
        "√×✓☐☑☒□→≥≤±…“”‘’",
        "（）【】％＋０Ａ￥",
        "Łucja Škoda Győr Ağrı Lü",
    ],
)
def test_names_and_signs_of_forms_print_as_they_are(text: str) -> None:
    assert cover(text) == (text, ())


def test_a_character_nobody_covers_prints_as_a_box_with_its_code_point() -> None:
    assert cover("李𪜀👍𪜀") == ("李□U+2A700□U+1F44D□U+2A700", ("□U+1F44D", "□U+2A700"))


def test_a_form_that_looks_the_same_is_printed_instead() -> None:
    assert cover("⼯⼈") == ("工人", ())


def test_marks_without_a_shape_are_left_out() -> None:
    assert cover("a\u202eb\u200bc\ufe0f") == ("abc", ())


def test_blanks_stay_blanks() -> None:
    assert cover("a\u2009b\u3000c\nd") == ("a b\u3000c\nd", ())
