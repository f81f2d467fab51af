"""Charts on paper: readable, whole where they can be, cut where it hurts least."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from tests.swimlane.charts import chart
from tests.swimlane.test_layout import flow, small

from sopaudit.criteria.workflow import Workflow
from sopaudit.swimlane.drawing import Drawing
from sopaudit.swimlane.layout import lay_out
from sopaudit.swimlane.overlay import Overlay
from sopaudit.swimlane.paging import pages

BODY = (180, 245)
MARK = re.compile(r"[A-Z]|\d+")


def tower(boxes: int) -> Workflow:
    """Make a chart of one lane, as high as it takes."""
    nodes = [{"id": f"N{n}", "next": f"N{n + 1}"} for n in range(boxes)]
    return flow(*nodes, {"id": f"N{boxes}"}, lanes="a")


def drawings() -> list[Drawing]:
    return [lay_out(chart(seed), lang="zh") for seed in range(0, 300, 7)]


def test_a_chart_that_fits_is_one_sheet_no_larger_than_life() -> None:
    made = pages(lay_out(small(), lang="zh"), *BODY)
    assert len(made.sheets) == 1
    assert made.scale <= 1
    assert not made.landscape


def test_every_sheet_fits_its_page() -> None:
    for drawing in drawings():
        made = pages(drawing, *BODY)
        width, height = reversed(BODY) if made.landscape else BODY
        for sheet in made.sheets:
            assert sheet.width <= width + 0.01
            assert sheet.height <= height + 0.01


def test_the_key_of_the_numbers_fits_the_last_sheet_too() -> None:
    drawing = lay_out(tower(44), lang="zh", overlay=Overlay())
    for height in range(120, 260):
        for sheet in pages(drawing, 180, height).sheets:
            assert sheet.height <= height + 0.01


def test_a_high_chart_is_cut_and_every_box_stands_on_one_sheet() -> None:
    for drawing in [*drawings(), lay_out(tower(40), lang="zh")]:
        made = pages(drawing, *BODY)
        titles = [
            title.split("；")[0].split(" ")[0]
            for sheet in made.sheets
            for title in re.findall(r"<g><title>(.*?)</title>", sheet.svg)
        ]
        assert sorted(titles) == sorted(box.id for box in drawing.boxes)


def test_the_heads_of_the_lanes_stand_on_every_sheet() -> None:
    made = pages(lay_out(tower(60), lang="en"), *BODY)
    assert len(made.sheets) > 1
    assert all(">a</text>" in sheet.svg for sheet in made.sheets)


def test_a_line_that_goes_over_carries_the_same_letter_on_both_sheets() -> None:
    for drawing in [lay_out(chart(seed), lang="zh") for seed in range(0, 300, 23)]:
        sheets = [ET.fromstring(sheet.svg) for sheet in pages(drawing, *BODY).sheets]  # noqa: S314
        marks = [
            [c.get("cx") for c in sheet.iter("{http://www.w3.org/2000/svg}circle")]
            for sheet in sheets
        ]
        # Each cut is marked at the foot of one sheet and at the head of the next.
        for one, other in pairwise(marks):
            assert set(one) & set(other) or not one


def test_no_cut_runs_through_a_box_or_words_or_along_a_line() -> None:
    for drawing in drawings():
        for cut in cuts(drawing):
            for box in drawing.boxes:
                for one in (box.box, *(paper.box for paper in box.papers)):
                    assert not one.y <= cut <= one.bottom
            for line in drawing.lines:
                label = line.label_box
                assert label is None or not label.y <= cut <= label.bottom
                for (_, y), (_, to_y) in pairwise(line.points):
                    assert not (y == to_y and abs(y - cut) < 3)


def cuts(drawing: Drawing) -> list[float]:
    from sopaudit.swimlane import paging

    windows, _ = paging._cut(drawing, *map(float, BODY))
    return [window.high for window in windows[:-1] if window]


def test_the_words_of_a_cut_chart_are_at_least_seven_points() -> None:
    for drawing in drawings():
        made = pages(drawing, *BODY)
        if len(made.sheets) > 1 and not made.landscape:
            assert made.scale * 12 * 72 / 96 >= 7


def test_a_chart_too_wide_for_an_upright_page_asks_for_one_on_its_side() -> None:
    lanes = "abcdefghij"
    nodes = [
        {"id": f"N{n}", "lane": lane, "next": f"N{n + 1}"} for n, lane in enumerate(lanes[:-1])
    ]
    drawing = lay_out(flow(*nodes, {"id": "N9", "lane": "j"}, lanes=lanes), lang="en")
    made = pages(drawing, *BODY)
    assert made.landscape
    assert made.sheets[0].width <= BODY[1] + 0.01
    forced = pages(drawing, *BODY, landscape=False)
    assert forced.sheets[0].width <= BODY[0] + 0.01


def test_spots_lie_where_their_boxes_are_drawn() -> None:
    drawing = lay_out(tower(60), lang="en")
    made = pages(drawing, *BODY, link=lambda shown: f"#{shown.id}")
    for sheet in made.sheets:
        drawn = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"[^>]* rx="3"', sheet.svg)
        move = re.search(r"translate\(0 (-?[\d.]+)\)", sheet.svg)
        shift = float(move[1]) if move else 0
        mm = made.scale * 25.4 / 96
        assert len(drawn) == len(sheet.spots)
        for spot, (x, y) in zip(sheet.spots, drawn, strict=True):
            assert (spot.x, spot.y) == pytest.approx(
                (float(x) * mm, (float(y) + shift) * mm), abs=0.02
            )
