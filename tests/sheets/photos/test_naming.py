"""Names of photos: the item and the case in them, and the time chat programs leave there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sopaudit.sheets.blank import Blank
from sopaudit.sheets.photos.naming import Known, Tie, known_of, moment_in, words_of

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "name",
    [
        "CK-MEC-A1.jpg",
        "CK-MEC-A1_1.jpg",
        "ck_mec_a1 刹车.JPG",
        "CK MEC A1.jpeg",
        "ＣＫ－ＭＥＣ－Ａ１.jpg",
        "IMG_0001_CK-MEC-A1刹车.jpg",
        "CKMECA1.jpg",
        "MEC-A1.jpg",
        "mec_a1_2.png",
        "CK-MEC-A1/IMG_0001.jpg",
        "photos/MEC-A1 刹车/微信图片_20261106093012.jpg",
        "CK-MEC-B1/CK-MEC-A1.jpg",
        "photos\\CK-MEC-A1\\1.jpg",
    ],
)
def test_a_name_or_a_folder_says_the_item(blank: Blank, name: str) -> None:
    assert known_of(blank).tie(name) == Tie("CK-MEC", "CK-MEC-A1")


@pytest.mark.parametrize(
    "name",
    [
        "IMG_0001.jpg",
        "CK-MEC-A11.jpg",
        "XCK-MEC-A1X.jpg",
        "A1.jpg",
        "CK-MEC.jpg",
        "MEC.jpg",
        ".jpg",
    ],
)
def test_a_name_that_is_not_quite_an_item_says_nothing(blank: Blank, name: str) -> None:
    assert known_of(blank).tie(name) == Tie()


def test_a_name_of_two_items_is_not_guessed_at(blank: Blank) -> None:
    tie = known_of(blank).tie("CK-MEC-A2/CK-MEC-A1 CK-MEC-B1.jpg")
    assert tie == Tie(choices=("CK-MEC-A1", "CK-MEC-B1"))


def test_an_id_without_its_beginning_counts_only_where_one_item_has_it() -> None:
    known = known_of_items({"CK-HTL-B2": "CK-HTL", "XX-HTL-B2": "XX-HTL", "CK-COO-B2": "CK-COO"})
    assert known.tie("HTL-B2.jpg").choices == ("CK-HTL-B2", "XX-HTL-B2")
    assert known.tie("XX-HTL-B2.jpg").item == "XX-HTL-B2"
    assert known.tie("COO-B2.jpg").item == "CK-COO-B2"


def test_the_longest_id_is_the_one_that_is_meant() -> None:
    known = known_of_items({"B-1": "X", "B-1-2": "X", "A-B-1": "Y"})
    assert known.tie("B-1-2.jpg").item == "B-1-2"
    assert known.tie("B-1-3.jpg").item == "B-1"
    assert known.tie("A-B-1.jpg").item == "A-B-1"


def known_of_items(items: dict[str, str]) -> Known:
    """Know items without a handbook."""
    ids: dict[tuple[str, ...], tuple[str, ...]] = {}
    for item in items:
        words = words_of(item)
        for start in range(1, len(words) - 1):
            ids[words[start:]] = (*ids.get(words[start:], ()), item)
    whole = {words_of(item): (item,) for item in items}
    return Known(items, {**ids, **whole}, {}, tuple(map(words_of, items.values())))


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("0100.jpg", "0100"),
        ("0100_2.jpg", "0100"),
        ("KC-0100_1.jpg", "0100"),
        ("0100 hands/IMG_7.jpg", "0100"),
        ("IMG_0100.jpg", ""),
        ("DSC 0100.jpg", ""),
    ],
)
def test_an_item_that_is_a_bare_number_begins_the_name(name: str, item: str) -> None:
    assert known_of_items({"0100": "KC", "0200": "KC"}).tie(name).item == item


def test_a_case_in_the_name_is_what_the_photo_shows(blank: Blank) -> None:
    known = known_of(blank)
    tie = known.tie("CK-MEC-A1_N1-261013-010.jpg")
    assert (tie.item, tie.case) == ("CK-MEC-A1", "N1-261013-010")
    assert known.tie("CK-MEC-A1/n1_261013_011 a.jpg").case == "N1-261013-011"
    assert known.tie("CK-MEC-A1_N1-261013-012.jpg").case == ""
    both = known.tie("CK-MEC-A1_N1-261013-010_N1-261013-011.jpg")
    assert (both.item, both.case) == ("CK-MEC-A1", "")


def test_an_audit_without_cases_ties_to_none(blank: Blank) -> None:
    bare = known_of(replace(blank, tickets=(), folder=None))
    assert bare.tie("CK-MEC-A1_N1-261013-010.jpg") == Tie("CK-MEC", "CK-MEC-A1")


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("微信图片_20261106093012.jpg", "2026-11-06T09:30:12"),
        ("微信图片_20261106093012_123_45.jpg", "2026-11-06T09:30:12"),
        ("WeChat Image_20261106093012.jpg", "2026-11-06T09:30:12"),
        ("mmexport1793928612345.jpg", "2026-11-06T09:30:12.345000"),
        ("wx_camera_1793928612345.jpg", "2026-11-06T09:30:12.345000"),
        ("1793928612345.jpg", "2026-11-06T09:30:12.345000"),
        ("QQ图片20261106093012.png", "2026-11-06T09:30:12"),
        ("IMG_20261106_093012.jpg", "2026-11-06T09:30:12"),
        ("PXL_20261106_013012345.jpg", "2026-11-06T09:30:12"),
        ("Screenshot_2026-11-06-09-30-12-123_com.tencent.mm.jpg", "2026-11-06T09:30:12"),
        ("Screenshot_20261106_093012.png", "2026-11-06T09:30:12"),
        ("Screen Shot 2026-11-06 at 09.30.12.png", "2026-11-06T09:30:12"),
        ("屏幕截图 2026-11-06 093012.png", "2026-11-06T09:30:12"),
        ("photo_2026-11-06_09-30-12.jpg", "2026-11-06T09:30:12"),
        ("IMG-20261106-WA0001.jpg", "2026-11-06T00:00:00"),
        # As found in public repositories in 2026: WeChat 4, WhatsApp and macOS of twelve hours,
        # WeCom's tenths of a millisecond, WeChat's names with a hash in front.
        ("微信图片_2026-11-06_093012_243.jpg", "2026-11-06T09:30:12"),
        ("微信图片编辑_20261106093012.jpg", "2026-11-06T09:30:12"),
        ("WhatsApp Image 2026-11-06 at 09.30.12_4fa9581e.jpg", "2026-11-06T09:30:12"),
        ("WhatsApp Image 2026-11-06 at 9.30.12 AM.jpeg", "2026-11-06T09:30:12"),
        ("WhatsApp Image 2026-11-06 at 9.30.12 PM (1).jpeg", "2026-11-06T21:30:12"),
        ("Screenshot 2026-11-06 at 10.30.12\u202fPM.png", "2026-11-06T22:30:12"),
        ("Screenshot 2026-11-06 at 12 14 00 PM.png", "2026-11-06T12:14:00"),
        ("Screenshot 2026-11-06 at 12.14.00 AM.png", "2026-11-06T00:14:00"),
        ("截屏2026-11-06 下午9.30.12.png", "2026-11-06T21:30:12"),
        ("截屏2026-11-06 上午12.30.12.png", "2026-11-06T00:30:12"),
        ("signal-2026-11-06-09-30-12-123.jpg", "2026-11-06T09:30:12"),
        ("企业微信截图_17939286123456.png", "2026-11-06T09:30:12.345000"),
        ("WXWorkCapture_17939286123456.png", "2026-11-06T09:30:12.345000"),
        (f"mmexport{'a20251231b' * 3}cd_1793928612345.jpeg", "2026-11-06T09:30:12.345000"),
    ],
)
def test_the_names_programs_give_tell_the_time(name: str, when: str) -> None:
    told = moment_in(name, CHINA)
    assert told == datetime.fromisoformat(when).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    "name",
    [
        "IMG_0001.jpg",
        "CK-MEC-A1_1.jpg",
        "20261306093012.jpg",
        "N1-261013-010.jpg",
        "99999999.jpg",
        # What a program made up holds a day or a number by chance.
        f"mmexport{'a20251231b' * 3}cd.png",
        f"{'f' * 32}20251231.jpg",
        "企业微信截图_20251231-d6cf-4984-9e7a-8038f33d6a19.png",
        "img_v3_0210_20251231-5289-4c8c-9345-52b54844663g.jpg",
    ],
)
def test_a_name_without_a_time_tells_none(name: str) -> None:
    assert moment_in(name, UTC) is None
