"""Photos of newer phones through sopaudit[heic], and the contact sheet in LibreOffice."""

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.evidence.photo_samples import drawing, photo, tags
from tests.patience import PATIENCE
from tests.sheets.filling import typed
from tests.sheets.photos.conftest import CHINA, blank, tiny

from sopaudit.evidence.photos import PhotoError, keep, scaled
from sopaudit.problems import Place
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Shot
from sopaudit.sheets.photos import back
from sopaudit.sheets.photos.contact import contact_sheet

__all__ = ["blank", "tiny"]  # fixtures

PHONE = Path(__file__).parents[1] / "errors" / "F085" / "IMG_0012.HEIC"
"""96 by 64, held upright (orientation 6), with a place in Chengdu; made by another program."""


def test_a_photo_of_a_newer_phone_becomes_a_jpeg_without_its_place() -> None:
    content = PHONE.read_bytes()
    kept = keep("IMG_0012.HEIC", content, place=True)
    assert (kept.suffix, kept.where) == (".jpg", ("30.657", "104.067"))
    assert kept.taken is not None
    assert kept.taken.isoformat() == "2026-11-06T09:30:12+08:00"
    assert kept.original not in {"", kept.sha256}
    with Image.open(BytesIO(kept.content)) as image:
        assert image.size == (64, 96)
    left = tags(kept.content)
    left.pop(0x8769)
    assert left == {0x0112: 1, 0x9003: "2026:11:06 09:30:12", 0x9011: "+08:00"}
    assert keep("a", kept.content, place=True).content == kept.content
    assert keep("IMG_0012.HEIC", content, place=False).content == kept.content
    assert scaled(content, 48) == scaled(content, 48)


def test_half_a_photo_of_a_newer_phone_is_told() -> None:
    content = PHONE.read_bytes()
    for end in (40, len(content) // 2, len(content) - 9):
        with pytest.raises(PhotoError) as caught:
            keep("IMG_0012.HEIC", content[:end], place=True)
        assert caught.value.code == "F083"


def test_a_contact_sheet_saved_by_libreoffice_is_read(tmp_path: Path, blank: Blank) -> None:
    assert blank.folder is not None
    shots = []
    for number, size in enumerate([(400, 300), (300, 400), (600, 200)]):
        kept = keep("a", photo(image=drawing(size=size)), place=False)
        path = blank.folder.folder / "evidence" / f"{kept.sha256}.jpg"
        path.write_bytes(kept.content)
        shots.append(Shot(f"IMG_{number}.jpg", path.read_bytes, Place("")))
    sheet = typed(contact_sheet(shots, blank, "zh"), {"D4": "CK-MEC-A1", "D6": "CK-MEC-B1"})
    (tmp_path / "contact.xlsx").write_bytes(sheet)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    out = tmp_path / "out"
    for kind in ("pdf", "ods", "xlsx:Calc MS Excel 2007 XML"):
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", out,
             tmp_path / "contact.xlsx"],
            check=True, capture_output=True, timeout=PATIENCE,
        )  # fmt: skip
    for name in ("contact.ods", "contact.xlsx"):
        assert back.audit_named(out / name) == "2026-10-n1"
        filled, problems = back.read(out / name, replace(blank), CHINA)
        assert problems == []
        assert filled is not None
        told = [(shot.name, shot.item) for shot in filled.shots]
        assert told == [("IMG_0.jpg", "CK-MEC-A1"), ("IMG_2.jpg", "CK-MEC-B1")]
    shown = subprocess.run(
        ["pdfimages", "-list", out / "contact.pdf"], check=True, capture_output=True, text=True
    ).stdout
    # Three small pictures, no wider than twice the cell.
    assert len(shown.splitlines()) == 2 + 3
    pages = subprocess.run(
        ["pdftotext", "-layout", out / "contact.pdf", "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "试车前检查刹车了吗" in pages.split("\f")[0]  # what was chosen names its item
