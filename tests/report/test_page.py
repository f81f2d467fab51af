"""The page: what people wrote stays text, and the PDF is whole, silent and the same every time."""

import base64
import re
import struct
import zlib
from collections.abc import Callable
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest

from sopaudit.press.pdf import Job, Printed, render
from sopaudit.report.page import attachments, inspection_html

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}</table>&amp;'\""


def printed(laundry: Laundry, lang: str = "zh") -> Printed:
    folder, _ = laundry.concluded()
    html = inspection_html(laundry.report(lang))
    return render(Job(html, folder.audit.date, attachments(folder)))


Print = Callable[[str], Printed]


@pytest.fixture(scope="module")
def page(untouched: Laundry) -> Print:
    """Print the laundry once in each language, for all who look at it."""

    @cache
    def once(lang: str) -> Printed:
        return printed(untouched, lang)

    return once


def outline(made: pikepdf.Pdf) -> list[str]:
    with made.open_outline() as tree:

        def titles(items: list[pikepdf.OutlineItem]) -> list[str]:
            return [t for item in items for t in (item.title, *titles(item.children))]

        return titles(tree.root)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pdf_is_whole_and_the_renderer_silent(page: Print, lang: str) -> None:
    made = page(lang)
    assert made.complaints == ()
    with pikepdf.open(BytesIO(made.pdf)) as pdf:
        assert str(pdf.Root.Lang) == {"zh": "zh-CN", "en": "en"}[lang]
        assert {"/Names", "/Outlines", "/StructTreeRoot", "/AF"} <= set(pdf.Root.keys())
        for each in pdf.pages:
            assert [round(float(side)) for side in each.MediaBox] == [0, 0, 595, 842]


def test_what_it_was_made_from_travels_inside(untouched: Laundry, page: Print) -> None:
    answers = (untouched.audit / "answers" / "CK-IRON.json").read_bytes()
    checklist = (untouched.folder / "checklists" / "iron.yaml").read_bytes()
    with pikepdf.open(BytesIO(page("zh").pdf)) as pdf:
        held = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
    schemes = {"shop.scheme.yaml", "whole.scheme.yaml"}
    criteria = {"CK-IRON.checklist.yaml", "CK-SHOP.branch.yaml", *schemes}
    assert set(held) == {"audit.yaml", "CK-IRON.json", *criteria}
    assert (held["CK-IRON.json"], held["CK-IRON.checklist.yaml"]) == (answers, checklist)


def test_twice_is_the_same_bytes(laundry: Laundry, page: Print) -> None:
    """The second time from another folder."""
    assert printed(laundry).pdf == page("zh").pdf


def test_the_outline_has_every_chapter_in_order(page: Print) -> None:
    with pikepdf.open(BytesIO(page("zh").pdf)) as pdf:
        titles = outline(pdf)
    chapters = [
        "一页摘要", "1 检查概况", "2 得分与等级", "2.1 熨烫工检查表", "2.2 综合得分计算过程",
        "3 上次问题整改情况", "得分对比", "上次不符合项的整改情况", "各检查项的变化",
        "4 亮点", "5 不符合项",
        "5.1 重大 1", "CK-IRON-V1 熨斗通电时是否有人在场？",
        "5.2 严重 1", "CK-IRON-A1 是否查看水洗标？",
        "5.3 一般 1", "CK-IRON-A2 烫黄、烫焦共有多少件？", "6 观察项与改进建议", "7 整改要求",
        "8 受检方意见及签字", "附件 1 全部检查项", "熨烫工检查表", "附件 2 评分计算",
        "熨烫工检查表", "门店总评", "附件 3 抽样记录", "附件 4 版本",
    ]  # fmt: skip
    assert titles == chapters


def test_the_summary_is_one_page_and_no_page_is_empty(page: Print) -> None:
    pages = [each.extract_text() for each in pypdf.PdfReader(BytesIO(page("zh").pdf)).pages]
    assert "目录" in pages[1].splitlines()[:6]
    assert all(len(each) > 120 for each in pages)


def test_a_name_nobody_covers_prints_with_its_code_point(page: Print) -> None:
    assert page("zh").uncovered == ("□U+2A700",)


def test_what_people_wrote_is_escaped_wherever_it_stands(laundry: Laundry) -> None:
    laundry.change_answer("CK-IRON-A2", note=HOSTILE)
    laundry.change_audit(
        remarks=HOSTILE,
        good_practice=[{"item": "CK-IRON-B2", "text": HOSTILE}],
        observations=[{"text": HOSTILE}],
    )
    html = inspection_html(laundry.report())
    assert "<script" not in html
    assert re.findall(r"<img[^>]*>", html) == re.findall(r'<img class="logo"[^>]*>', html)
    assert "{{ 7*7 }}" in html
    assert html.count("&lt;script&gt;") >= 5


def test_a_note_cannot_make_the_renderer_read_a_file(laundry: Laundry, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET-8642", encoding="utf-8")
    url = secret.as_uri()
    laundry.change_answer("CK-IRON-A2", note=f"<img src={url}> url({url}) @import '{url}';")
    made = printed(laundry)
    assert made.complaints == ()
    assert "TOP-SECRET-8642" not in "".join(
        page.extract_text() for page in pypdf.PdfReader(BytesIO(made.pdf)).pages
    )


def test_long_words_wrap_inside_the_page(laundry: Laundry) -> None:
    laundry.change_answer("CK-IRON-A2", note="W" * 400 + "长" * 400)
    made = printed(laundry)
    assert made.complaints == ()
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made.pdf)).pages)
    assert re.sub(r"\s", "", text).count("W") >= 400


def test_the_html_stands_alone(untouched: Laundry) -> None:
    html = inspection_html(untouched.report())
    assert not re.search(r"(src|href)=\"(?!#|data:image/)|url\(|@import|<script|<link", html)
    assert "default-src 'none'" in html
    assert 'name="viewport"' in html
    assert len(html) < 100_000


def test_every_drawing_is_described(untouched: Laundry) -> None:
    html = inspection_html(untouched.report())
    assert html.count("<svg") == len(re.findall(r"<svg[^>]*><title>[^<]+</title>", html)) > 0


def test_every_link_of_the_page_leads_somewhere(untouched: Laundry) -> None:
    html = inspection_html(untouched.report())
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= ids


LOW_ON_A_PAGE = range(172, 252, 8)
"""Millimetres of a page that are taken already; below some of them something does not fit."""


def below(html: str, start: str, height: int) -> list[str]:
    """Print a chapter from `start` on, so low on a page; give the text of its pages."""
    begins = html.index(start)
    ends = html.index('<section class="chapter', begins)
    head = html[: html.index("<main>")]
    taken = f'<div style="height: {height}mm">TAKEN</div>'
    rest = f'<section class="chapter">{taken}{html[begins:ends]}'
    made = render(Job(f"{head}<main>{rest}</main></body></html>", date(2026, 6, 1)))
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(made.pdf)).pages]


@pytest.mark.parametrize("height", LOW_ON_A_PAGE)
def test_the_heading_of_a_severity_is_never_alone(untouched: Laundry, height: int) -> None:
    report = untouched.report("en")
    group = report.groups[0]
    texts = below(inspection_html(report), f'<h3><span class="number">{group.number}', height)
    first = next(text for text in texts if group.number in text.split())
    assert group.findings[0].item in first
    assert "Criterion" in first


@pytest.mark.parametrize("height", LOW_ON_A_PAGE)
def test_remarks_and_signatures_stand_on_one_page(untouched: Laundry, height: int) -> None:
    report = untouched.report("en")
    texts = below(inspection_html(report), '<table class="closing">', height)
    page = next(text for text in texts if "Company seal" in text)
    assert all(row.name in page for row in report.people)


def test_a_very_long_remark_goes_on_overleaf(laundry: Laundry) -> None:
    item = laundry.report("en").groups[0].findings[0].item
    laundry.change_answer(item, note="What was seen fills the page. " * 150)
    texts = below(inspection_html(laundry.report("en")), '<table class="story">', 120)
    assert "What was seen" in texts[0]


def test_a_wide_logo_leaves_the_document_number_its_place(laundry: Laundry) -> None:
    wide = struct.pack(">IIBBBBB", 1200, 1, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" + b"\xc0\x00\x00" * 1200)
    parts = ((b"IHDR", wide), (b"IDAT", rows), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    logo = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()
    html = inspection_html(laundry.report("en"))
    head, tail = html.index("<main>") + len("<main>"), html.index('<dl class="facts">')
    cover = re.sub(r'src="data:[^"]*"', f'src="data:image/png;base64,{logo}"', html[head:tail])
    assert logo in cover
    made = render(Job(f"{html[:head]}{cover}</main></body></html>", date(2026, 6, 1)))
    widths: list[float] = []

    def drawn(operator: bytes, _: object, matrix: list[float], *__: object) -> None:
        if operator == b"Do":
            widths.append(matrix[0])

    pypdf.PdfReader(BytesIO(made.pdf)).pages[0].extract_text(visitor_operand_before=drawn)
    assert widths
    assert max(widths) < 0.5 * 595
