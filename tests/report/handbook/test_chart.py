"""Charts in the book: whole on their pages, with a link on every box."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.report.handbook.book import book
from sopaudit.report.handbook.chart import HEADING, charts
from sopaudit.report.handbook.fit import LYING, UPRIGHT
from sopaudit.report.handbook.site import site

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def office() -> Handbook:
    handbook, problems = load_handbook(ROOT)
    assert handbook is not None, problems
    return handbook


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_fits_below_its_heading(office: Handbook, lang: str) -> None:
    draw = charts(office, [lang])
    lying = set()
    for flow in office.workflows.values():
        pages = [page for page in draw(flow) if not page.across]
        assert pages
        for page in pages:
            width, height = LYING if page.landscape else UPRIGHT
            assert page.width <= width + 0.01, (flow.id, page.number)
            assert page.height <= height - HEADING + 0.01, (flow.id, page.number)
            lying |= {flow.id} if page.landscape else set()
    assert lying == {"F0"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_box_is_drawn_once_and_linked(office: Handbook, lang: str) -> None:
    draw = charts(office, [lang])
    anchors = book(office, [lang]).anchors
    for flow in office.workflows.values():
        spots = [spot for page in draw(flow) if not page.across for spot in page.spots]
        assert len(spots) == len(flow.nodes)
        assert {spot.subject for spot in spots} <= set(anchors)
        assert sorted(spot.words.split()[0] for spot in spots) == sorted(n.id for n in flow.nodes)


def test_a_screen_gets_each_chart_whole_with_time_running_right(office: Handbook) -> None:
    draw = charts(office, ["zh", "en"])
    for flow in office.workflows.values():
        across = [page for page in draw(flow) if page.across]
        assert [page.lang for page in across] == ["zh", "en"]
        assert all(page.width > page.height for page in across)
        assert {len(page.spots) for page in across} == {len(flow.nodes)}


def test_only_a_screen_shows_charts_across(bound: Callable[[str], Any]) -> None:
    assert '<details class="across">' not in bound("zh").html
    assert '<details class="across">' in site(bound("zh").book)["fix.html"].decode()


def test_a_box_leads_to_its_flow_else_its_standard_else_its_row(office: Handbook) -> None:
    pages = charts(office, ["zh"])(office.workflows["F2"])
    spots = {spot.words.split()[0]: spot.subject for page in pages for spot in page.spots}
    assert spots["F2.P"] == "F5"
    assert spots["F2.2"] == "COO-01-4"
    assert spots["F2.E1"] == "F4"


def test_a_place_is_a_share_of_the_drawing(office: Handbook) -> None:
    for page in charts(office, ["en"])(office.workflows["F3"]):
        for spot in page.spots:
            left, top, width, height = (
                float(share.removesuffix("%"))
                for share in (spot.left, spot.top, spot.width, spot.height)
            )
            assert left >= 0
            assert top >= 0
            assert left + width <= 100
            assert top + height <= 100
            assert min(width, height) > 0.5


def test_two_languages_have_a_chart_each(bound: Callable[[str], Any]) -> None:
    html = bound("both").html
    langs = re.findall(r'<figure class="chart[^"]*" lang="([^"]+)"', html)
    number = len(bound("both").handbook.workflows)
    assert sorted(langs) == sorted(["zh", "en"] * number)


@pytest.mark.parametrize(("lang", "word"), [("zh", "接受"), ("en", "accepted")])
def test_exits_of_a_flow_are_named_in_its_own_words(office: Handbook, lang: str, word: str) -> None:
    drawn = "".join(page.svg for page in charts(office, [lang])(office.workflows["F2"]))
    assert f">{word}<" in drawn
    assert lang == "en" or ">accepted<" not in drawn
