"""What a handbook leaves open, as a terminal shows it, as data and as a page."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sopaudit.criteria.coverage import GAPS, coverage
from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.press.words import catalogue
from sopaudit.report.coverage.json import coverage_json
from sopaudit.report.coverage.page import coverage_html
from sopaudit.report.coverage.text import coverage_text
from sopaudit.terminal import COLUMNS, width

HERE = Path(__file__).parents[2]
GOLDEN = HERE / "golden" / "coverage"
Golden = Callable[[Path, str], None]


@pytest.fixture(scope="module")
def tiny() -> Handbook:
    handbook, _ = load_handbook(HERE / "handbooks/tiny")
    assert handbook is not None
    return handbook


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_is_counts_first_and_fits_a_terminal(
    tiny: Handbook, lang: str, golden: Golden
) -> None:
    text = coverage_text(tiny, coverage(tiny), lang)
    golden(GOLDEN / f"{lang}.expected.txt", text)
    assert all(width(line) <= COLUMNS for line in text.splitlines())
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_long_title_is_cut_and_says_so(tiny: Handbook) -> None:
    checklist = tiny.checklists["CK-MEC"]
    long = [i.model_copy(update={"question": Text((("", "问" * 99),))}) for i in checklist.items]
    asked = checklist.model_copy(update={"items": tuple(long)})
    odd = replace(tiny, checklists={"CK-MEC": asked})
    lines = coverage_text(odd, coverage(odd), "zh").splitlines()
    (line,) = (line for line in lines if "CK-MEC-B1" in line)
    assert line.endswith("问…")
    assert all(width(line) <= COLUMNS for line in lines)


def test_every_gap_has_words_in_both_languages() -> None:
    said = catalogue("coverage")
    assert set(said["gap"]) == set(said["why"]) == set(GAPS)
    assert all(set(entry) == {"zh", "en"} for part in said.values() for entry in part.values())


def test_the_data_say_who_checks_each_standard(tiny: Handbook) -> None:
    told = json.loads(coverage_json(tiny, coverage(tiny)))
    assert told["schema"] == "sopaudit.coverage/1"
    (post,) = told["posts"]
    assert post["standards"][0] == {
        "standard": "MEC-01-1",
        "step": "MEC-01",
        "seen_by": "item",
        "items": ["CK-MEC-A1"],
        "checks": [{"rule": "AC-01", "runs": False}],
    }
    entries = {gap["gap"]: [entry["id"] for entry in gap["entries"]] for gap in told["gaps"]}
    assert entries["items_without_standard"] == ["CK-MEC-B1"]


class Tags(HTMLParser):
    """What stands on a page: opened tags, ids, links within it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens."""
        said = dict(attrs)
        if tag not in {"meta", "col", "br", "rect"}:
            self.open.append(tag)
        self.ids += [said["id"] or ""] if "id" in said else []
        href = said.get("href") or ""
        (self.links if href.startswith("#") else self.outside).append(href)
        self.outside += [said["src"] or ""] if "src" in said else []

    def handle_endtag(self, tag: str) -> None:
        """See that what closes was the last to open."""
        if tag != "rect":
            assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_one_sound_file_whose_links_lead_somewhere(tiny: Handbook, lang: str) -> None:
    html = coverage_html(tiny, coverage(tiny), lang)
    tags = Tags(html)
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert {link.removeprefix("#") for link in tags.links if link} <= set(tags.ids)
    assert not any(tags.outside)
    assert "MEC-01-1" in html


def test_what_nobody_checks_is_said_by_sign_and_word_too(tiny: Handbook) -> None:
    html = coverage_html(tiny, coverage(tiny), "en")
    rows = re.findall(r'<tr class="(\S+)" id="(\S+)">.*?<td class="who">(.*?)</td>', html)
    assert rows == [("item", "MEC-01-1", "● an item"), ("item", "MEC-01-2", "● an item")]


def test_what_people_wrote_never_becomes_markup(tiny: Handbook) -> None:
    odd = replace(tiny, title=Text((("", "<script>alert(1)</script>"),)))
    assert "<script>" not in coverage_html(odd, coverage(odd), "zh")
