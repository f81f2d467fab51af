"""The handbook as a reader meets it: a folder and a file, opened in a browser without a network."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from tests.patience import PATIENCE

ROOT: Final = Path(__file__).parents[2]
DRIVER: Final = Path(__file__).parent / "browse.mjs"

Job = dict[str, Any]
Told = dict[str, Any]
Browse = Callable[..., list[Told]]

LOOKED_AT: Final = ("index", "f2", "htl", "ck-htl", "index-page")
"""A page of each sort."""

FOUND: Final = """[...document.querySelectorAll('.result')].map((result) => ({
    id: result.querySelector('.id')?.textContent ?? '',
    kind: result.querySelector('.kind').textContent,
    title: result.querySelector('.title').textContent,
    marks: [...result.querySelectorAll('mark')].map((mark) => mark.textContent),
}))"""
TARGET: Final = """(() => {
    const box = document.querySelector(':target').getBoundingClientRect();
    const bar = document.querySelector('.bar').getBoundingClientRect().bottom;
    return { id: document.querySelector(':target').id, top: box.top, bar, height: innerHeight,
             colour: getComputedStyle(document.querySelector(':target > td')).backgroundColor };
})()"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the site of the handbook in each language and in both, and the same as single files."""
    folder = tmp_path_factory.mktemp("handbook")
    for lang in ("zh", "en", "both"):
        for name in (lang, f"{lang}.html"):
            done = subprocess.run(
                [sys.executable, "-m", "sopaudit", "handbook", "--lang", lang, "-o", folder / name],
                cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def browse(made: Path) -> Browse:
    """Open pages in a browser, do something there, and hear what was seen."""

    def run(*jobs: Job) -> list[Told]:
        told = [job | {"open": f"{made.as_uri()}/{job['open']}"} for job in jobs]
        done = subprocess.run(
            ["node", DRIVER, json.dumps(told)],
            env={**os.environ, "CHROMIUM": shutil.which("chromium") or "chromium"},
            capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        answers: list[Told] = json.loads(done.stdout)
        for answer in answers:
            assert answer["complaints"] == []
            assert not [url for url in answer["asked"] if not url.startswith("file://")]
        return answers

    return run


IDS: Final = {
    "HTL-03-4": "HTL-03-4",
    "htl 3 4": "HTL-03-4",
    "htl03-4": "HTL-03-4",
    "ck-htl-b1": "CK-HTL-B1",
    "AC-22": "AC-22",
    "ac22": "AC-22",
    "ＡＣ-22": "AC-22",
    "f2.7": "F2.7",
    "htl": "HTL",
}
"""What is typed, and the id that is meant."""


@pytest.mark.parametrize("place", ["zh/index.html", "zh.html"])
def test_an_id_is_found_first_however_it_is_typed(browse: Browse, place: str) -> None:
    told = browse(*({"open": place, "type": typed, "see": FOUND} for typed in IDS))
    first = {typed: each["seen"][0]["id"] for typed, each in zip(IDS, told, strict=True)}
    assert first == IDS


def test_words_are_found_where_chinese_has_no_spaces(browse: Browse) -> None:
    words = ("三包", "回访", "warranty", "WARRANTY", "客户回访时间")
    jobs = [{"open": "zh/index.html", "type": word, "see": FOUND} for word in words]
    laws, calls, english, shouted, pairs = (told["seen"] for told in browse(*jobs))
    assert laws[0]["kind"] == "术语"
    assert "三包" in laws[0]["marks"]
    assert {"岗位", "流程"} & {result["kind"] for result in calls[:4]}
    assert any("保" in result["title"] for result in english)
    assert english == shouted
    assert pairs
    assert {"客户", "回访", "时间"} <= {mark for result in pairs for mark in result["marks"]}


def test_a_text_no_title_has_is_found_in_what_stands_below_it(browse: Browse) -> None:
    (told,) = browse({"open": "zh/index.html", "type": "声响起之前", "see": FOUND})
    assert [result["id"] for result in told["seen"]] == ["HTL-02-1"]
    assert told["seen"][0]["marks"] == ["声响起之前"]


def test_nothing_found_is_said(browse: Browse) -> None:
    said = "document.querySelector('[role=status]').textContent"
    zh, both = browse(
        {"open": "zh/index.html", "type": "qqqq", "see": said},
        {"open": "both/index.html", "type": "qqqq", "see": said},
    )
    assert zh["seen"] == "没有找到"
    assert both["seen"] == "没有找到 · Nothing found"


def test_a_result_is_followed_to_what_it_names(browse: Browse) -> None:
    job = {"type": "htl-03-4", "until": "HTL-03-4", "see": TARGET}
    site, chosen, file = browse(
        {"open": "zh/guide.html", "press": ["Enter"], **job},
        {"open": "zh/guide.html", "press": ["ArrowDown", "Enter"], **job},
        {"open": "zh.html", "press": ["Enter"], **job},
    )
    assert site["url"].endswith("/zh/htl.html#HTL-03-4")
    assert chosen["url"] == site["url"]
    assert file["url"].endswith("/zh.html#HTL-03-4")
    for told in (site, chosen, file):
        seen = told["seen"]
        assert seen["bar"] <= seen["top"] < seen["height"]
        assert seen["colour"] != "rgba(0, 0, 0, 0)"


def test_who_does_not_see_hears_what_is_chosen(browse: Browse) -> None:
    see = """(() => {
        const input = document.querySelector('[role=combobox]');
        const chosen = document.getElementById(input.getAttribute('aria-activedescendant'));
        return { expanded: input.getAttribute('aria-expanded'),
                 focused: document.activeElement === input, role: chosen?.getAttribute('role'),
                 selected: chosen?.getAttribute('aria-selected'),
                 text: chosen?.textContent, value: input.value,
                 shut: document.querySelector('.results').hidden };
    })()"""
    job = {"open": "zh/htl.html", "type": "三包", "see": see}
    chosen, shut, empty = browse(
        {**job, "press": ["ArrowDown", "ArrowDown"]},
        {**job, "press": ["ArrowDown", "Escape"]},
        {**job, "press": ["Escape", "Escape"]},
    )
    assert chosen["seen"]["focused"]
    assert chosen["seen"]["expanded"] == "true"
    assert chosen["seen"]["role"] == "option"
    assert chosen["seen"]["selected"] == "true"
    assert "三包" in chosen["seen"]["text"]
    assert shut["seen"]["shut"]
    assert shut["seen"]["expanded"] == "false"
    assert shut["seen"]["value"] == "三包"
    assert empty["seen"]["value"] == ""


def test_no_page_scrolls_sideways(browse: Browse, made: Path) -> None:
    wide = "document.documentElement.scrollWidth"
    pages = [f"both/{page.name}" for page in sorted((made / "both").glob("*.html"))]
    names = [*pages, "zh.html", "en/f2.html", "en/htl.html"]
    jobs = [{"open": name, "widths": [360, 390, 768, 1280], "see": wide} for name in names]
    seen = {job["open"]: told["seen"] for job, told in zip(jobs, browse(*jobs), strict=True)}
    assert len(seen) > 30
    assert {
        (name, width): wide
        for name, widths in seen.items()
        for width, wide in widths.items()
        if wide > int(width)
    } == {}


def test_one_language_of_two_can_be_chosen_and_is_kept(browse: Browse) -> None:
    shown = """[...document.querySelectorAll('.steps tr:nth-child(2) > *')]
        .filter((cell) => cell.getClientRects().length).map((cell) => cell.lang)"""
    edges = """[...document.querySelectorAll('.steps tr')].map(
        (row) => Math.round(row.lastElementChild.getBoundingClientRect().right))"""
    see = f"({{ shown: {shown}, edges: {edges} }})"
    job = {"open": "both/htl.html", "see": see}
    both, zh, en, again = browse(
        job,
        {**job, "click": [".tongue[value=zh-CN]"]},
        {**job, "click": [".tongue[value=en]"]},
        {**job, "click": [".tongue[value=en]", ".side a[href='coo.html']"], "until": "coo.html"},
    )
    assert {"zh-CN", "en"} <= set(both["seen"]["shown"])
    assert "en" not in zh["seen"]["shown"]
    for told in (en, again):
        assert "en" in told["seen"]["shown"]
        assert "zh-CN" not in told["seen"]["shown"]
    # The last cells of all rows end at one edge: no row is out of its columns.
    for told in (both, zh, en, again):
        assert len(set(told["seen"]["edges"])) == 1


def test_everything_can_be_read_without_a_script(browse: Browse) -> None:
    job = {"script": False, "open": "zh/htl.html"}
    wide, narrow = browse(job, {**job, "width": 390, "click": [".side > summary"]})
    assert wide["asked"]
    assert narrow["asked"]
    # Without scripts there is nothing to ask the page, so its links are tried instead.
    (followed,) = browse({**job, "click": [".side a[href='coo.html']"], "until": "coo.html"})
    assert followed["url"].endswith("/zh/coo.html")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_serious(browse: Browse, lang: str) -> None:
    jobs = [{"open": f"{lang}/{page}.html", "axe": True} for page in LOOKED_AT]
    jobs += [
        {"open": f"{lang}/htl.html", "axe": True, "width": 390},
        {"open": f"{lang}/ck-htl.html", "axe": True, "type": "a", "press": ["ArrowDown"]},
        {"open": "both/htl.html", "axe": True},
    ]
    found = {job["open"]: told["found"] for job, told in zip(jobs, browse(*jobs), strict=True)}
    assert {name: flaws for name, flaws in found.items() if flaws} == {}


def test_a_browser_prints_a_page_without_its_frame(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "printed.pdf"
    done = subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
            f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={out}",
            (made / "zh/htl.html").as_uri(),
        ],
        capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    text = subprocess.run(
        ["pdftotext", "-layout", out, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "热线工程师" in text
    assert "HTL-03-4" in text
    assert not re.search("查找编号|下一节|首页", text)
