"""Drawings: as long as they should be, and described in words."""

import re
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from sopaudit.press.charts import Edge, bar, scale

SVG = "{http://www.w3.org/2000/svg}"
EDGES = (Edge(Fraction(95, 100), "A"), Edge(Fraction(90, 100), "B"), Edge(Fraction(80, 100), "C"))


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 -- our own drawings


def widths(drawing: str) -> list[int]:
    return [int(rect.attrib["width"]) for rect in parsed(drawing).iter(f"{SVG}rect")]


def test_a_bar_says_in_its_title_what_it_shows() -> None:
    drawn = bar(Fraction(1, 2), title='接听 <b>"50 %"', width=50)
    title = parsed(drawn).find(f"{SVG}title")
    assert title is not None
    assert title.text == '接听 <b>"50 %"'


def test_a_bar_is_as_long_as_its_share() -> None:
    assert widths(bar(Fraction(1, 3), title="", width=50))[:2] == [5000, 1667]


@pytest.mark.parametrize(("share", "drawn"), [(Fraction(-1), [5000]), (Fraction(0), [5000])])
def test_nothing_earned_draws_the_track_alone(share: Fraction, drawn: list[int]) -> None:
    assert widths(bar(share, title="", width=50)) in (drawn, [*drawn, 0])


def test_more_than_all_fills_the_track_and_no_more() -> None:
    assert widths(bar(Fraction(3, 2), title="", width=50))[:2] == [5000, 5000]


def test_nothing_counted_draws_the_track_and_the_edges() -> None:
    assert len(widths(bar(None, title="", width=50, edges=EDGES))) == 1 + 2 * len(EDGES)


def test_drawings_measure_millimetres_and_use_no_style_sheet() -> None:
    for drawn in (
        bar(Fraction(1), title="t", width=48, edges=EDGES),
        scale(EDGES, title="t", width=48),
    ):
        assert 'width="48mm" height="3mm"' in drawn
        assert not re.search(r"class=|style=|url\(|href", drawn)


def test_labels_of_a_scale_do_not_stand_on_each_other() -> None:
    drawn = parsed(scale(EDGES, title="t", width=48))
    places = [int(text.attrib["x"]) for text in drawn.iter(f"{SVG}text")]
    assert all(later - earlier >= 150 for earlier, later in pairwise(places))
