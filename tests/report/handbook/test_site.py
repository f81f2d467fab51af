"""The handbook in a browser: every id has a place, links lead somewhere, nothing is fetched."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.report.handbook.book import book, post_book
from sopaudit.report.handbook.chart import charts
from sopaudit.report.handbook.model import Book, Chapter, IndexSheet, Leaf
from sopaudit.report.handbook.page import book_html, poster_html
from sopaudit.report.handbook.site import file_names, single_html, site

ROOT: Final = Path(__file__).parents[3]
BOOKS: Final = ("zh", "en", "zh en")
HOSTILE: Final = "</script><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}&amp;'\""


class Seen(HTMLParser):
    """What a page says of itself: its ids, links, headings and tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.policy = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag brings."""
        told = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.attributes |= told.keys()
        if "id" in told:
            self.ids.append(told["id"])
        if tag == "a":
            self.links.append(told["href"])
        elif "href" in told:
            self.loaded.append(told["href"])
        if "src" in told and not told["src"].startswith("data:"):
            self.loaded.append(told["src"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = told["content"]


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    known, problems = load_handbook(ROOT)
    assert known is not None, problems
    return known


@pytest.fixture(scope="module", params=BOOKS)
def made(handbook: Handbook, request: pytest.FixtureRequest) -> Book:
    languages = tuple(request.param.split())
    return book(handbook, languages, charts(handbook, languages))


@pytest.fixture(scope="module")
def files(made: Book) -> dict[str, bytes]:
    return site(made)


@pytest.fixture(scope="module")
def pages(files: dict[str, bytes]) -> dict[str, Seen]:
    return {
        name: Seen(content.decode()) for name, content in files.items() if name.endswith(".html")
    }


def searched(files: dict[str, bytes]) -> dict[str, list[list[object]]]:
    script = files["search-index.js"].decode()
    data: dict[str, list[list[object]]] = json.loads(
        script.removeprefix("globalThis.sopauditIndex=").rstrip(";\n")
    )
    return data


def test_every_id_has_a_page_and_an_anchor_in_it(made: Book, pages: dict[str, Seen]) -> None:
    names = file_names(made)
    assert len(made.anchors) > 500
    lost = [id_ for id_, leaf in made.anchors.items() if id_ not in pages[names[leaf]].ids]
    assert lost == []


def test_every_link_leads_to_something(pages: dict[str, Seen]) -> None:
    dead = []
    for name, page in pages.items():
        for link in page.links:
            file, _, anchor = link.partition("#")
            there = pages.get(file or name)
            if there is None or (anchor and anchor not in there.ids):
                dead.append((name, link))
    assert dead == []
    assert sum(len(page.links) for page in pages.values()) > 2000


def test_no_id_stands_twice_in_a_page(pages: dict[str, Seen]) -> None:
    twice = {n: [i for i, k in Counter(page.ids).items() if k > 1] for n, page in pages.items()}
    assert not any(twice.values()), twice


def test_every_page_is_reached_from_the_first(pages: dict[str, Seen]) -> None:
    linked = {link.partition("#")[0] for link in pages["index.html"].links}
    assert linked >= pages.keys()


def test_nothing_is_loaded_but_what_lies_in_the_folder(
    files: dict[str, bytes], pages: dict[str, Seen]
) -> None:
    for page in pages.values():
        assert set(page.loaded) == {"site.css", "site.js"}
        assert "default-src 'none'" in page.policy
        assert not [name for name in page.attributes if name.startswith("on")]
    for name, content in files.items():
        text = content.decode().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//cdn|@import|url\(", text), name
        assert str(ROOT) not in text, name
        assert "/home/" not in text, name


def test_the_site_is_the_same_bytes_twice(
    handbook: Handbook, made: Book, files: dict[str, bytes]
) -> None:
    again = book(handbook, made.languages, charts(handbook, made.languages))
    assert site(again) == files


def test_headings_go_down_one_level_at_a_time(pages: dict[str, Seen]) -> None:
    assert {2, 3} & set(pages["guide.html"].headings) == {2}
    assert 2 in pages["index-page.html"].headings
    for name, page in pages.items():
        assert page.headings[0] == 1, name
        assert page.headings.count(1) == 1, name
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(below <= above + 1 for above, below in steps), name


def test_whatever_has_an_id_can_be_found_and_leads_there(
    made: Book, files: dict[str, bytes], pages: dict[str, Seen]
) -> None:
    index = searched(files)
    ids = set()
    for _, leaf, anchor, id_, title, _ in index["entries"]:
        assert isinstance(leaf, int)
        file = index["leaves"][leaf][0]
        assert not anchor or anchor in pages[str(file)].ids
        assert title
        ids.add(id_)
    named = {
        entry.id
        for leaf in made.leaves
        if isinstance(leaf.sheet, IndexSheet)
        for group in leaf.sheet.groups
        for entry in group.entries
    }
    assert named - ids == set()


def test_file_names_are_good_on_windows(files: dict[str, bytes]) -> None:
    assert len({name.casefold() for name in files}) == len(files)
    for name in files:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.(html|css|js)", name), name


def test_odd_ids_still_make_good_file_names(made: Book) -> None:
    anchors = ("CON", "Aux.1", "index", "a.b", "A-B", "a_b", "___", "LPT1", "COM1-X")
    leaves = tuple(replace(made.leaves[0], anchor=anchor) for anchor in anchors)
    names = list(file_names(replace(made, chapters=(Chapter("c", "1", (), leaves),))).values())
    assert names == [
        "con-page.html", "aux-1.html", "index-page.html", "a-b.html", "a-b-2.html",
        "a-b-2-2.html", "page.html", "lpt1-page.html", "com1-x.html",
    ]  # fmt: skip


def hostile(made: Book) -> Book:
    def named(leaf: Leaf) -> Leaf:
        return replace(leaf, title=(HOSTILE,), sheet=replace(leaf.sheet, title=(HOSTILE,)))

    return replace(
        made,
        title=(HOSTILE,),
        chapters=tuple(
            replace(chapter, title=(HOSTILE,), leaves=tuple(map(named, chapter.leaves)))
            for chapter in made.chapters
        ),
    )


def test_what_people_write_never_becomes_markup(made: Book) -> None:
    for content in (*site(hostile(made)).values(), single_html(hostile(made)).encode()):
        text = content.decode()
        assert "<img src=x" not in text
        assert "</script><script>alert" not in text


def test_one_file_holds_everything(made: Book) -> None:
    html = single_html(made)
    page = Seen(html)
    assert page.loaded == []
    assert page.tags["script"] == 2
    assert set(made.anchors) <= set(page.ids)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert not [i for i, n in Counter(page.ids).items() if n > 1]
    script = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.policy
    index = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL)[0]
    assert len(json.loads(index)["entries"]) > 500


def test_paper_gets_neither_search_nor_script(made: Book, handbook: Handbook) -> None:
    sheet = post_book(handbook, "HTL", made.languages)
    for html in (book_html(made), poster_html(sheet)):
        page = Seen(html)
        assert page.tags["script"] == page.tags["input"] == page.tags["details"] == 0
        assert "min-width" not in html


def test_a_single_sheet_for_the_screen_runs_no_script(handbook: Handbook) -> None:
    page = Seen(poster_html(post_book(handbook, "HTL", ("zh",)), screen=True))
    assert "script-src 'none'" in page.policy
    assert page.tags["script"] == 0
    assert "HTL-03-4" in page.ids


def texts_in_english(page: str) -> Iterator[str]:
    yield from re.findall(r'<(?:td|p|span)[^>]* lang="en"[^>]*>([^<]+)<', page)


@pytest.mark.parametrize("made", ["zh en"], indirect=True)
def test_the_second_language_is_marked_wherever_it_stands(made: Book) -> None:
    page = site(made)["htl.html"].decode()
    assert "Be on post early" in set(texts_in_english(page))
    assert re.search(r'<td[^>]* lang="zh-CN"[^>]*>提前到岗', page)
