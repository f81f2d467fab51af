"""PDFs: complete, repeatable, silent, and blind to the world outside the page."""

import gc
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from sopaudit.press import pdf
from sopaudit.press.pdf import Attached, Job, PangoMissingError, render, render_many

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwC"
    "AAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
MADE = date(2026, 6, 3)


def html(body: str = "<h1>一</h1><p>正文</p>", head: str = "") -> str:
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>题目</title>'
        '<meta name="author" content="王敏"><meta name="dcterms.created" content="2026-06-03">'
        f'{head}<style>html {{ font-family: "Sopaudit Sans SC" }}</style></head>'
        f"<body>{body}</body></html>"
    )


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def test_a_page_prints_without_a_complaint() -> None:
    made = render(Job(html(), MADE))
    assert (made.uncovered, made.complaints) == ((), ())


def test_it_declares_what_it_is() -> None:
    with opened(render(Job(html(), MADE)).pdf) as made:
        assert str(made.Root.Lang) == "zh-CN"
        assert made.Root.MarkInfo.Marked
        assert str(made.docinfo.Title) == "题目"
        assert str(made.docinfo.Author) == "王敏"
        assert str(made.docinfo.CreationDate).startswith("D:20260603")
        with made.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")


def test_all_letters_are_ours_and_inside() -> None:
    body = "<p>明澜 Łucja ☑ √ “是”<b>粗</b></p>"
    with opened(render(Job(html(body), MADE)).pdf) as made:
        fonts = made.pages[0].Resources.Font.values()
        assert all("Sopaudit-Sans-SC" in str(font.BaseFont) for font in fonts)
        assert all("/ToUnicode" in font for font in fonts)


def test_twice_is_the_same_bytes() -> None:
    job = Job(html(f'<img alt="" src="{PIXEL}">'), MADE, (Attached("a.json", b"{}"),))
    assert render(job).pdf == render(job).pdf


def test_other_data_is_another_file() -> None:
    first, second = (
        render(Job(html(), MADE, (Attached("a", content),))) for content in (b"1", b"2")
    )
    ids = [bytes(opened(made.pdf).trailer.ID[0]) for made in (first, second)]
    assert ids[0] != ids[1]


def test_files_travel_inside_as_data() -> None:
    file = Attached("CK-A.json", '{"结果": 1}'.encode(), "the answers")
    with opened(render(Job(html(), MADE, (file,))).pdf) as made:
        attached = made.attachments["CK-A.json"]
        assert attached.get_file().read_bytes() == file.content
        assert attached.description == "the answers"
        assert str(attached.obj.AFRelationship) == "/Data"
        params = attached.get_file().obj.Params
        assert str(params.CreationDate) == str(params.ModDate) == "D:20260603000000Z"
        assert len(made.Root.AF) >= 1


def test_a_picture_inside_the_page_is_shown() -> None:
    made = render(Job(html(f'<img alt="p" src="{PIXEL}">'), MADE))
    assert made.complaints == ()
    with opened(made.pdf) as shown:
        assert "/XObject" in shown.pages[0].Resources


@pytest.fixture(scope="session")
def opened_files() -> list[str]:
    """Write down every file Python opens from now on; such a hook cannot be taken out again."""
    files: list[str] = []
    sys.addaudithook(lambda event, args: files.append(str(args[0])) if event == "open" else None)
    return files


@pytest.mark.parametrize(
    "body",
    [
        '<img src="{url}">',
        '<object data="{url}"></object>',
        '<embed src="{url}">',
        '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
        '<svg width="9" height="9"><use href="{url}#a"/></svg>',
        '<p style="background: url({url})">x</p>',
        '<p style="list-style: url({url}); display: list-item">x</p>',
        '<style>p::before {{ content: url("{url}") }}</style><p>x</p>',
        '<style>@import url("{url}");</style>',
        '<link rel="stylesheet" href="{url}">',
        '<style>@font-face {{ font-family: x; src: url("{url}") }}</style><p style="font: 9pt x">x',
        '<a rel="attachment" href="{url}">x</a>',
        '<base href="{folder}"><img src="{name}">',
    ],
)
def test_nothing_a_page_says_makes_the_renderer_read_a_file(
    body: str, tmp_path: Path, opened_files: list[str]
) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    told = body.format(url=secret.as_uri(), folder=f"{tmp_path.as_uri()}/", name=secret.name)
    opened_files.clear()
    made = render(Job(html(told), MADE))
    assert not [file for file in opened_files if file.endswith(secret.name)]
    assert not opened(made.pdf).attachments


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.png",
        "ftp://example.org/x",
        "data:text/css,p{}",
    ],
)
def test_no_address_is_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refused(*_: object) -> None:
        pytest.fail("the renderer opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refused)
    made = render(Job(html(f'<img src="{address}">'), MADE))
    assert any("may not read" in complaint for complaint in made.complaints)


def test_a_file_link_in_the_head_is_not_attached(tmp_path: Path, opened_files: list[str]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    opened_files.clear()
    made = render(Job(html(head=f'<link rel="attachment" href="{secret.as_uri()}">'), MADE))
    assert not [file for file in opened_files if file.endswith(secret.name)]
    assert not opened(made.pdf).attachments
    assert made.complaints


def test_a_missing_character_is_reported() -> None:
    assert render(Job(html("<p>李𪜀</p>"), MADE)).uncovered == ("□U+2A700",)


def test_what_the_renderer_does_not_know_is_told() -> None:
    assert render(Job(html('<p style="flavour: sour">x</p>'), MADE)).complaints


def test_many_pages_come_in_their_order_from_workers() -> None:
    jobs = [Job(html(f"<p>第 {n} 份</p>"), MADE) for n in range(4)]
    alone = [made.pdf for made in render_many(jobs, 1)]
    assert [made.pdf for made in render_many(jobs, 2)] == alone


def test_the_collector_is_as_it_was() -> None:
    assert gc.isenabled()
    render(Job(html(), MADE))
    assert gc.isenabled()


def test_missing_libraries_are_a_kind_of_error_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'\nlong advice")

    for name in [n for n in sys.modules if n == "weasyprint" or n.startswith("weasyprint.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    pdf._press.cache_clear()
    with pytest.raises(PangoMissingError, match=r"libpango-1\.0-0'$"):
        render(Job(html(), MADE))
    pdf._press.cache_clear()


def test_the_renderer_is_not_imported_before_it_is_needed() -> None:
    import subprocess

    code = "import sys, sopaudit.press.pdf; assert 'weasyprint' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
