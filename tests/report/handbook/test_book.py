"""The book: all of the handbook, in every language, whole on its pages and silent in the making."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from sopaudit.press.fonts import cover
from sopaudit.report.handbook.page import book_html

Bound = Any
"""The class in conftest.py, which tests cannot import."""

Bind = Callable[[str], Bound]

HERE = Path(__file__).parent
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en", "both"])
A4 = (595, 842)


def entries(reader: PdfReader) -> Iterator[tuple[str, int, int]]:
    """Give the outline: each title, how deep it stands, and its page."""

    def walk(items: list[Any], depth: int) -> Iterator[tuple[str, int, int]]:
        for item in items:
            if isinstance(item, Destination):
                page = reader.get_destination_page_number(item)
                assert page is not None
                yield str(item.title), depth, page + 1
            else:
                yield from walk(item, depth + 1)

    yield from walk(reader.outline, 0)


@LANGUAGES
def test_the_pages_say_what_they_said(
    bound: Bind, golden: Callable[[Path, str], None], lang: str
) -> None:
    body = bound(lang).html.split("<main>")[1].split("</main>")[0]
    without_charts = re.sub(r"<svg.*?</svg>", "", body, flags=re.DOTALL)
    placed = re.sub(r' style="[^"]*"', "", without_charts)
    golden(HERE.parents[1] / "golden" / "handbook" / f"{lang}.expected.html", placed)


@LANGUAGES
def test_the_renderer_has_nothing_to_say_and_no_character_is_missing(
    bound: Bind, lang: str
) -> None:
    printed = bound(lang).printed
    assert printed.complaints == ()
    assert printed.uncovered == ()


@LANGUAGES
def test_every_id_is_found_in_the_print(bound: Bind, lang: str) -> None:
    made = bound(lang)
    said = "".join("".join(made.texts).split())
    named = {name for name in made.book.anchors if re.search(r"\d|-", name)} - {"event-ids"}
    assert {"FIX-2", "MEC-01-1", "CK-MEC-B1", "AC-01"} <= named | {"FIX-2"}
    assert [name for name in sorted(named) if name not in said] == []


@LANGUAGES
def test_chapters_and_leaves_stand_in_the_outline(bound: Bind, lang: str) -> None:
    made = bound(lang)
    expected = []
    for chapter in made.book.chapters:
        expected.append(" ".join((chapter.number, *chapter.title)))
        several = len(chapter.leaves) > 1
        for leaf in chapter.leaves:
            if several or leaf.named:
                number = (leaf.number,) if several else ()
                expected.append(
                    " ".join((*number, *leaf.title, *((leaf.anchor,) if leaf.named else ())))
                )
    told = [title for title, _, _ in entries(made.reader)]
    assert [title for title in told if title in expected] == expected


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_contents_give_the_pages_things_stand_on(bound: Bind, lang: str) -> None:
    made = bound(lang)
    listed = made.texts[1]
    pages = {title: page for title, _, page in entries(made.reader)}
    for chapter in made.book.chapters:
        page = pages[f"{chapter.number} {chapter.title[0]}"]
        assert re.search(rf"{re.escape(chapter.title[0])}\s+{page}\b", listed), listed


@LANGUAGES
def test_every_link_of_the_book_leads_somewhere_and_ids_are_given_once(
    bound: Bind, lang: str
) -> None:
    html = bound(lang).html
    ids = Counter(re.findall(r' id="([^"]+)"', html))
    assert [name for name, times in ids.items() if times > 1] == []
    led = set(re.findall(r'(?:href|data-to)="#([^"]*)"', html))
    assert len(led) > 30
    assert led - set(ids) == set()
    assert 'href=""' not in html


@LANGUAGES
def test_every_link_of_the_print_has_its_place(bound: Bind, lang: str) -> None:
    reader = bound(lang).reader
    places = set(reader.named_destinations)
    led = [
        note.get_object()["/Dest"]
        for page in reader.pages
        for note in page.get("/Annots", ())
        if note.get_object().get("/Dest") is not None
    ]
    assert len(led) > 60
    assert {str(name) for name in led} - places == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_book_in_one_language_stands_upright(bound: Bind, lang: str) -> None:
    sizes = {tuple(round(float(s)) for s in p.mediabox[2:]) for p in bound(lang).reader.pages}
    assert sizes == {A4}


def test_two_languages_lie_side_by_side_and_only_their_charts_stand(bound: Bind) -> None:
    made = bound("both")
    upright = [
        text
        for page, text in zip(made.reader.pages, made.texts, strict=True)
        if tuple(round(float(side)) for side in page.mediabox[2:]) == A4
    ]
    assert len(upright) == 2 * len(made.handbook.workflows)
    assert len(upright) < len(made.texts)
    beside = next(text for text in made.texts if "MEC-01-1" in text and "CK-MEC" in text)
    standard = made.handbook.posts["MEC"].steps[0].standards[0].standard
    for lang in ("zh", "en"):
        assert "".join(standard.to(lang).split()) in "".join(beside.split())


@LANGUAGES
def test_every_page_but_the_cover_is_counted(bound: Bind, lang: str) -> None:
    made = bound(lang)
    number = len(made.texts)
    for page, text in enumerate(made.texts[1:], 2):
        told = f"Page {page} of {number}" if lang == "en" else f"第{page}页共{number}页"
        assert "".join(told.split()) in "".join(text.split())


@LANGUAGES
def test_no_heading_is_alone_at_the_end_of_a_page(bound: Bind, lang: str) -> None:
    made = bound(lang)
    titles = {title for title, _, _ in entries(made.reader) if title[0].isdigit()}
    heads = {made.book.title[0], *(" ".join(chapter.title) for chapter in made.book.chapters)}
    assert titles
    for text in made.texts[2:]:
        *body, last = (
            line
            for line in map(str.strip, text.splitlines())
            if line in titles
            or not (line in heads or "BW-01" in line or "页" in line or line.startswith("Page"))
        )
        assert body
        assert last not in titles


@pytest.mark.parametrize("lang", ["en", "both"])
def test_a_severity_is_never_broken_within_its_word(bound: Bind, lang: str) -> None:
    words = re.findall(r"\bCritic\w*", "\n".join(bound(lang).texts))
    assert len(words) > 1
    assert set(words) == {"Critical"}


def test_the_document_is_controlled(bound: Bind) -> None:
    cover_page = bound("zh").texts[0]
    for word in ("文件编号", "BW-01", "编制", "审核", "批准", "王敏", "修订记录", "李强", "受控"):
        assert word in cover_page


def test_a_word_from_a_file_never_becomes_markup(bound: Bind) -> None:
    made = bound("en")
    hostile = "<script>alert(1)</script>"
    assert hostile not in book_html(replace(made.book, title=(hostile,)))


def test_the_font_has_every_character_of_the_book(bound: Bind) -> None:
    assert cover(bound("both").html)[1] == ()
