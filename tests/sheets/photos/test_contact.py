"""The contact sheet: numbered photos that somebody ties to items."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image
from tests.evidence.photo_samples import drawing, photo
from tests.sheets.filling import saved_again, sheets, typed
from tests.sheets.photos.conftest import CHINA

from sopaudit.evidence.photos import keep
from sopaudit.problems import LANGUAGES, Place, Problem
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled, Shot
from sopaudit.sheets.photos import back
from sopaudit.sheets.photos.contact import HIDDEN, contact_sheet

PAPER = b"%PDF-1.7\n%%EOF\n"
CONTENTS = {
    "IMG_1.jpg": photo(image=drawing(size=(60, 40))),
    "mmexport1793928612345.jpg": photo("png"),
    "receipt.pdf": PAPER,
}


@pytest.fixture
def shots(blank: Blank) -> list[Shot]:
    """Photos of nothing in particular, as they are kept in the audit."""
    assert blank.folder is not None
    found = []
    for name, content in CONTENTS.items():
        kept = keep(name, content, place=False)
        path = blank.folder.folder / "evidence" / f"{kept.sha256}{kept.suffix}"
        path.write_bytes(kept.content)
        at = datetime(2026, 11, 6, 9, 30, tzinfo=CHINA) if name.startswith("mm") else None
        found.append(Shot(name, path.read_bytes, Place(name), taken=at, sha256=kept.sha256))
    return found


def read(path: Path, blank: Blank) -> tuple[Filled | None, list[Problem]]:
    assert back.audit_named(path) == "2026-10-n1"
    return back.read(path, blank, CHINA)


def tied(filled: Filled | None) -> list[tuple[str, str, str]]:
    assert filled is not None
    return [(shot.name, shot.item, shot.case) for shot in filled.shots]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_chosen_comes_back_with_the_photo_itself(
    tmp_path: Path, blank: Blank, shots: list[Shot], lang: str
) -> None:
    sheet = typed(
        contact_sheet(shots, blank, lang),
        {"D4": "CK-MEC-A1", "D5": "ck_mec_b1，CK-MEC-A2", "F5": "n1-261013-010", "F6": "x"},
    )
    path = tmp_path / "contact.xlsx"
    path.write_bytes(sheet)
    filled, problems = read(path, blank)
    assert problems == []
    assert tied(filled) == [
        ("IMG_1.jpg", "CK-MEC-A1", ""),
        ("mmexport1793928612345.jpg", "CK-MEC-B1", "N1-261013-010"),
        ("mmexport1793928612345.jpg", "CK-MEC-A2", "N1-261013-010"),
    ]
    assert filled is not None
    assert [shot.read() for shot in filled.shots[:2]] == [shot.read() for shot in shots[:2]]
    assert [shot.sha256 for shot in filled.shots[:2]] == [shot.sha256 for shot in shots[:2]]
    assert {shot.checklist for shot in filled.shots} == {"CK-MEC"}
    assert (filled.audit, filled.source.channel) == ("2026-10-n1", "photos")
    assert (filled.shots[0].place.line, filled.shots[0].place.column) == (4, 4)


def test_a_sheet_nobody_filled_in_changes_nothing(
    tmp_path: Path, blank: Blank, shots: list[Shot]
) -> None:
    path = tmp_path / "contact.xlsx"
    path.write_bytes(contact_sheet(shots, blank, "zh"))
    filled, problems = read(path, blank)
    assert (tied(filled), problems) == ([], [])


def test_the_same_photos_are_the_same_bytes(blank: Blank, shots: list[Shot]) -> None:
    assert contact_sheet(shots, blank, "zh") == contact_sheet(shots[::-1], blank, "zh")


def test_photos_stand_in_the_order_people_count(blank: Blank, shots: list[Shot]) -> None:
    names = ["IMG_10.jpg", "img_9.jpg", "a.jpg"]
    named = [replace(shot, name=name) for shot, name in zip(shots, names, strict=True)]
    rows = sheets(contact_sheet(named, blank, "en"))[0][1]
    told = [row[2].rpartition("\n")[2] for row in rows[3:]]
    assert told == ["a.jpg", "img_9.jpg", "IMG_10.jpg"]


def test_what_cannot_be_read_any_more_is_left_out(blank: Blank, shots: list[Shot]) -> None:
    def gone() -> bytes:
        raise FileNotFoundError

    rows = sheets(contact_sheet([replace(shots[0], read=gone), shots[1]], blank, "en"))[0][1]
    assert [row[0] for row in rows[3:]] == [1]


def test_each_photo_has_a_small_picture_once_and_a_paper_says_so(
    blank: Blank, shots: list[Shot]
) -> None:
    sheet = contact_sheet([*shots, shots[0]], blank, "en")
    with ZipFile(BytesIO(sheet)) as parts:
        pictures = [parts.read(n) for n in parts.namelist() if n.startswith("xl/media/")]
    assert [Image.open(BytesIO(one)).size for one in pictures] == [(60, 40), (48, 32)]
    rows = sheets(sheet)[0][1]
    assert [row[0] for row in rows[3:]] == [1, 2, 3]
    assert rows[5][1] == "PDF file"
    assert rows[4][2] == "2026-11-06 09:30\n(time from the file name)\nmmexport1793928612345.jpg"


def test_the_drop_down_lists_the_items_of_the_audit(blank: Blank, shots: list[Shot]) -> None:
    sheet = contact_sheet(shots, blank, "en")
    with ZipFile(BytesIO(sheet)) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    assert set(re.findall("<formula1>([^<]*)<", xml)) == {"'Items'!$A$2:$A$4"}
    assert [row[0] for row in sheets(sheet)[1][1][1:]] == ["CK-MEC-A1", "CK-MEC-A2", "CK-MEC-B1"]


Change = Callable[[list[list[Any]]], list[list[Any]]]


def changed(sheet: bytes, change: Change) -> bytes:
    """Save it as another program would, with the rows below its header changed."""
    return saved_again(
        sheet, lambda name, rows: rows[:3] + change(rows[3:]) if name == "Contact sheet" else rows
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[::-1],
        lambda rows: [["", "", "note"], *rows],
        lambda rows: [rows[0], [], *rows[1:]],
    ],
    ids=["sorted", "a row before", "a row between"],
)
def test_rows_may_be_sorted_and_put_between(
    tmp_path: Path, blank: Blank, shots: list[Shot], change: Change
) -> None:
    sheet = typed(contact_sheet(shots, blank, "en"), {"D5": "CK-MEC-B1"})
    path = tmp_path / "contact.xlsx"
    path.write_bytes(changed(sheet, change))
    filled, problems = read(path, blank)
    assert (tied(filled), problems) == ([("mmexport1793928612345.jpg", "CK-MEC-B1", "")], [])


def test_what_cannot_be_meant_is_told_with_its_cell(
    tmp_path: Path, blank: Blank, shots: list[Shot]
) -> None:
    assert blank.folder is not None
    sheet = typed(contact_sheet(shots, blank, "en"), {"D4": "刹车", "D5": "A9", "D6": "CK-MEC-A1"})
    (blank.folder.folder / "evidence" / f"{shots[2].sha256}.pdf").unlink()
    path = tmp_path / "contact.xlsx"
    path.write_bytes(changed(sheet, lambda rows: [[9, *rows[0][1:]], *rows[1:]]))
    filled, problems = read(path, blank)
    assert tied(filled) == []
    told = [(problem.code, problem.place.line, problem.place.column) for problem in problems]
    assert told == [("F097", 4, 4), ("F096", 5, 4), ("F098", 6, 4)]
    assert problems[0].place.path.endswith("contact.xlsx[Contact sheet]")


def test_a_sheet_whose_hidden_facts_were_changed_is_refused(
    tmp_path: Path, blank: Blank, shots: list[Shot]
) -> None:
    def change(name: str, rows: list[list[Any]]) -> list[list[Any]]:
        if name != HIDDEN:
            return rows
        return [[*row[:2], "0" * 64, *row[3:]] if row[0] == "photo" else row for row in rows]

    path = tmp_path / "contact.xlsx"
    path.write_bytes(saved_again(contact_sheet(shots, blank, "en"), change))
    filled, problems = read(path, blank)
    assert (filled, [problem.code for problem in problems]) == (None, ["F017"])


def test_a_sheet_of_another_workbook_is_left_to_others(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    assert back.audit_named(path) is None


def test_the_list_to_choose_from_is_not_printed(blank: Blank, shots: list[Shot]) -> None:
    with ZipFile(BytesIO(contact_sheet(shots, blank, "zh"))) as book:
        named = book.read("xl/workbook.xml").decode()
    assert re.findall(r'Print_Area" localSheetId="1"[^>]*>[^!]*!([^<]*)<', named) == ["$D$1"]
