"""Photos beside what they show, drawn signatures, and several sources: on the page and in data."""

import hashlib
import json
from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from sopaudit.evidence.photos import signature
from sopaudit.evidence.record import EvidenceFile
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.report.circulation import circulating, mask_for
from sopaudit.report.inspection import inspection
from sopaudit.report.json import result_json, told
from sopaudit.report.page import attachments, inspection_html
from sopaudit.report.photos.signature import drawn_signature
from sopaudit.report.proof.text import proof_text
from sopaudit.report.xlsx import workbook

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30">{}'
    '<path d="M5 15 C 20 0 30 30 85 12" stroke-width="2"/></svg>'
)


def picture(colour: str, size: tuple[int, int] = (900, 600), kind: str = "JPEG") -> bytes:
    made = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Maker of the camera"
    Image.new("RGB", size, colour).save(made, kind, exif=exif)
    return made.getvalue()


def kept(laundry: Laundry, name: str, content: bytes, **values: object) -> dict[str, object]:
    folder = laundry.audit / "evidence"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return {"file": f"evidence/{name}", "sha256": digest, **values}


def sign(laundry: Laundry, person: str, **drawn: object) -> None:
    path = laundry.audit / "answers/CK-IRON.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    next(s for s in data["signatures"] if s["person"] == person)["drawn"] = drawn
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def full(laundry: Laundry) -> Laundry:
    """Give the audit photos of a failure, of a case, of what conforms, and a paper."""
    shot = "2026-06-03T10:20:00+08:00"
    iron = kept(laundry, "iron.jpg", picture("red"), taken=shot)
    sent = kept(laundry, "sent.jpg", picture("blue"), taken=shot, unproven=True)
    paper = kept(laundry, "rota.pdf", b"%PDF-1.4 rota")
    laundry.change_answer("CK-IRON-V1", evidence=[iron, paper])
    cases = [
        {"id": "E-001", "result": "yes", "evidence": [kept(laundry, "good.jpg", picture("lime"))]},
        {"id": "E-002", "result": "no", "note": "真丝", "person": "11", "evidence": [sent]},
    ]
    laundry.change_answer("CK-IRON-A1", sample={"drawn": 2, "seed": 42, "population": 31,
                                                "cases": cases})  # fmt: skip
    return laundry


def cards(laundry: Laundry) -> dict[str, Any]:
    return {card.item: card for group in laundry.report().groups for card in group.findings}


def test_photos_stand_beside_what_does_not_conform_and_papers_are_named(full: Laundry) -> None:
    told_of = cards(full)
    (iron,), (sent,) = told_of["CK-IRON-V1"].photos, told_of["CK-IRON-A1"].photos
    assert (iron.file, iron.taken) == ("evidence/iron.jpg", "2026-06-03 10:20")
    assert (sent.cases, sent.taken) == ("E-002", "2026-06-03 10:20；时间未证实")
    assert "rota.pdf" in told_of["CK-IRON-V1"].evidence
    assert "iron.jpg" not in told_of["CK-IRON-V1"].evidence
    album = full.report().album
    assert [one.file for one in album.large] == ["evidence/sent.jpg", "evidence/iron.jpg"]
    assert [one.file for one in album.small] == ["evidence/good.jpg"]
    assert [one.file for one in album.listed] == ["evidence/rota.pdf"]


def test_a_copy_is_small_and_tells_nothing_of_the_camera(full: Laundry) -> None:
    photo = cards(full)["CK-IRON-V1"].photos[0]
    for address, longest in ((photo.picture, 480), (photo.enlarged, 1600)):
        content = b64decode(address.partition(",")[2])
        with Image.open(BytesIO(content)) as copy:
            assert max(copy.size) == min(longest, 900)
            assert not copy.getexif()
        assert b"Maker" not in content


def test_each_photo_has_words_and_its_link_leads_somewhere(full: Laundry) -> None:
    html = inspection_html(full.report())
    for photo in full.report().album.large:
        assert html.count(f'id="{photo.id}"') == 1
        assert f'<a href="#{photo.id}"><img src="{photo.picture}" alt="{photo.alt}">' in html


def test_a_broken_picture_is_a_box_with_its_code(full: Laundry) -> None:
    full.change_answer("CK-IRON-V1", evidence=[kept(full, "iron.jpg", b"no picture")])
    (photo,) = cards(full)["CK-IRON-V1"].photos
    assert photo.picture == ""
    assert photo.box.startswith("照片无法显示（F")
    assert photo.box in inspection_html(full.report())


def test_data_and_workbook_name_photos_and_hold_no_data_addresses(full: Laundry) -> None:
    report = full.report()
    data = told(report)
    assert data["album"]["large"][1]["file"] == "evidence/iron.jpg"
    assert "base64" not in json.dumps(data)
    assert workbook(report) == workbook(full.report())


def test_the_originals_do_not_travel_with_the_report(full: Laundry) -> None:
    named = {file.name for file in attachments(full.read())}
    assert not [name for name in named if name.endswith((".jpg", ".pdf"))]
    record = next(f.content for f in attachments(full.read()) if f.name == "CK-IRON.json")
    assert hashlib.sha256(picture("red")).hexdigest().encode() in record


def test_an_audit_without_photos_has_no_album(laundry: Laundry) -> None:
    report = laundry.report()
    assert report.album is None
    assert "album" not in told(report)


def test_each_drawn_number_stands_with_its_verdict(full: Laundry) -> None:
    (row,) = [row for row in full.report().samples if row.item == "CK-IRON-A1"]
    assert row.cases == "E-001\u00a0√、E-002\u00a0×"
    assert (row.drawn, row.start, row.population) == ("2", "42", "31")


# --- signatures ----------------------------------------------------------------------------------


def test_both_sides_show_what_they_drew_and_others_have_their_line(laundry: Laundry) -> None:
    sign(laundry, "90", **kept(laundry, "a.png", ink((700, 300))))
    sign(laundry, "12", **kept(laundry, "b.svg", SVG.format("").encode()))
    rows = {row.staff: row for row in laundry.report().people}
    assert rows["90"].picture.startswith("data:image/png;base64,")
    assert rows["12"].picture.startswith("data:image/svg+xml;base64,")
    assert "张强" in rows["90"].signature
    assert rows["11"].picture == ""
    html = inspection_html(laundry.report())
    assert html.count('<td class="signed"') == 2
    assert 'class="seal"' in html


def ink(size: tuple[int, int]) -> bytes:
    """Draw a line on glass: black on nothing."""
    made, drawn = BytesIO(), Image.new("RGBA", size, (0, 0, 0, 0))
    drawn.paste((0, 0, 0, 255), (100, 100, 400, 120))
    drawn.save(made, "PNG")
    return made.getvalue()


def test_ink_on_glass_is_ink_on_white_cut_to_what_was_written(laundry: Laundry) -> None:
    file = EvidenceFile.model_validate(kept(laundry, "a.png", ink((700, 300))))
    address = drawn_signature(laundry.audit, file)
    with Image.open(BytesIO(b64decode(address.partition(",")[2]))) as shown:
        assert shown.size == (324, 44)
        assert (shown.getpixel((0, 0)), shown.getpixel((100, 22))) == (255, 0)


@pytest.mark.parametrize(
    "content",
    [
        SVG.format('<image href="file:///etc/passwd"/><script>alert(1)</script>').encode(),
        b"\x89PNG\r\n\x1a\n broken",
    ],
)
def test_a_drawing_that_is_none_is_told_and_not_shown(laundry: Laundry, content: bytes) -> None:
    sign(laundry, "90", **kept(laundry, "a.svg", content))
    row = next(row for row in laundry.report().people if row.staff == "90")
    assert (row.picture, row.signed.endswith("签名图打不开")) == ("", True)


def test_a_drawing_is_shown_as_it_was_kept(laundry: Laundry) -> None:
    strokes = signature(SVG.format("").encode()).content
    file = EvidenceFile.model_validate(kept(laundry, "a.svg", strokes))
    address = drawn_signature(laundry.audit, file)
    assert b64decode(address.partition(",")[2]) == strokes


# --- several sources -----------------------------------------------------------------------------


@pytest.fixture
def several(laundry: Laundry) -> Laundry:
    path = laundry.audit / "answers/CK-IRON.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["sources"] = [
        {"id": "aa01", "channel": "excel", "file": "张强.xlsx", "digest": "sha256:aa01",
         "at": "2026-06-03T12:00:00+08:00", "by": "90"},
        {"id": "bb02", "channel": "kobo", "file": "export.zip", "digest": "sha256:bb02",
         "by": "gina.moss"},
    ]  # fmt: skip
    answer = next(a for a in data["answers"] if a["item"] == "CK-IRON-A2")
    answer |= {
        "source": "bb02",
        "others": [{"source": "aa01", "value": "2", "note": "王敏说2件"}, {"value": "1"}],
    }
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return laundry


def test_what_each_source_said_stands_beside_what_counts(several: Laundry) -> None:
    rows = [(r.source, r.at, r.answer, r.standing) for r in several.report().several]
    assert rows == [
        ("export.zip（Kobo）", "", "5 次", "计分"),
        ("张强.xlsx（Excel 表）", "2026-06-03 12:00", "2 次", "保留，未计"),
        ("此前的记录", "", "1 次", "保留，未计"),
    ]
    editions = {row.title: row.digest for row in several.report().editions}
    assert editions["张强.xlsx"] == "sha256:aa01"
    assert "保留，未计" in inspection_html(several.report())


def test_explain_names_source_and_others_and_files(several: Laundry, full: Laundry) -> None:
    text = proof_text(several.explained(), "zh", item="CK-IRON-A2")
    assert "来源：export.zip（Kobo）" in text
    assert "另有答案，未计：张强.xlsx（Excel 表）" in text
    assert "照片和单据 2 个：iron.jpg、rota.pdf" in proof_text(
        full.explained(), "zh", item="CK-IRON-V1"
    )


def test_data_tell_sources_as_codes(several: Laundry) -> None:
    folder, conclusion = several.concluded()
    data = json.loads(result_json(folder.handbook, conclusion, several.report(), folder))
    assert [source["id"] for source in data["sources"]] == ["aa01", "bb02"]
    (item,) = data["several"]
    assert (item["item"], [o.get("value") for o in item["others"]]) == ("CK-IRON-A2", ["2", "1"])


# --- the copy that circulates --------------------------------------------------------------------


@pytest.mark.usefixtures("several")
def test_a_circulating_copy_has_no_pictures_no_signatures_and_no_account_names(
    full: Laundry,
) -> None:
    sign(full, "90", **kept(full, "王敏.png", ink((700, 300))))
    folder = full.read()
    copy = circulating(folder, mask_for([folder.handbook], folder))
    report = inspection(copy.folder, conclude_folder(copy.folder), "zh", circulating=True)
    html = inspection_html(report)
    assert "image/jpeg" not in html
    assert 'class="signed"' not in html
    assert report.album is not None
    assert {one.digest for one in report.album.listed} > {
        hashlib.sha256(picture("red")).hexdigest()[:12]
    }
    assert "另有照片 1 张，传阅稿不附" in html
    written = b"".join(copy.files.values()).decode()
    # Whatever a sheet was called may be a name nobody knows.
    for word in ("王敏", "张强", "gina", "export", '"drawn": {'):
        assert word not in html + written, word
    row = next(row for row in report.several if row.tone == "counts")
    assert row.source.startswith("bb02.zip")
