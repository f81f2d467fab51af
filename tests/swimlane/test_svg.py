"""The drawing as SVG: what stands in it, and what must not."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from tests.swimlane.test_layout import HERE, small

from sopaudit.criteria.field import Text
from sopaudit.press.pdf import Job, render
from sopaudit.swimlane.drawing import Shown
from sopaudit.swimlane.face import Names
from sopaudit.swimlane.layout import lay_out
from sopaudit.swimlane.overlay import Count, Overlay
from sopaudit.swimlane.svg import svg

SVG: Final = "{http://www.w3.org/2000/svg}"
NAMES: Final = Names(forms={"intake": "接修单"})


@pytest.mark.parametrize(
    ("name", "lang", "upright"),
    [("upright", "zh", True), ("across", "en", False)],
)
def test_the_drawing_of_the_small_chart(
    golden: Callable[[Path, str], None], name: str, lang: str, *, upright: bool
) -> None:
    drawing = lay_out(small(), lang=lang, names=NAMES, upright=upright)
    golden(HERE / f"{name}.expected.svg", svg(drawing, heading=True))


OVERLAY: Final = Overlay(
    nodes={"W1.2": Count(1200, 0.04), "W1.6": Count(300, 0.25)},
    edges={("W1.1", "W1.2"): Count(1200), ("W1.9", "W1.5"): Count(30, 1)},
    extra=(("W1.2", "W1.E", Count(17)),),
)


def test_the_drawing_with_numbers(golden: Callable[[Path, str], None]) -> None:
    drawing = lay_out(small(), lang="zh", names=NAMES, overlay=OVERLAY)
    golden(HERE / "numbers.expected.svg", svg(drawing))


def texts(drawn: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(drawn).iter(f"{SVG}text")]  # noqa: S314 -- ours


def test_every_number_is_written_and_not_only_coloured() -> None:
    told = texts(svg(lay_out(small(), lang="zh", overlay=OVERLAY)))
    assert {"1,200 (4%)", "! 300 (25%)", "30 (100%)", "17", "1,200"} <= set(told)
    assert "流程之外的走法" in told


def test_a_limit_is_read_aloud_whole_however_it_is_broken() -> None:
    limit = "within thirty minutes of the form being filled in at the desk"
    flow = small()
    nodes = [
        node.model_copy(update={"limit": Text((("", limit),))}) if node.kind == "step" else node
        for node in flow.nodes
    ]
    drawing = lay_out(flow.model_copy(update={"nodes": nodes}), lang="en", names=NAMES)
    assert any(len(box.limit) > 1 for box in drawing.boxes)
    assert all(f"; {limit}" in box.words for box in drawing.boxes if box.shape == "step")


def test_only_attributes_are_used_that_the_pdf_knows() -> None:
    drawn = svg(lay_out(small(), lang="zh", overlay=OVERLAY), heading=True)
    assert not re.search(r"class=|style=|filter|foreignObject|var\(|paint-order|marker", drawn)


def test_the_whole_and_every_box_have_a_title() -> None:
    root = ET.fromstring(svg(lay_out(small(), lang="en", names=NAMES)))  # noqa: S314 -- ours
    titles = [one.text for one in root.iter(f"{SVG}title")]
    assert root[0].tag == f"{SVG}title"
    assert titles[0] == "W1 Repair"
    assert len(titles) == 1 + len(small().nodes)
    assert "W1.7 Prepare a loan unit; optional" in titles


def test_the_size_is_in_millimetres_and_follows_the_scale() -> None:
    drawing = lay_out(small(), lang="en")
    whole, half = (
        ET.fromstring(svg(drawing, scale=scale)).get("width", "")  # noqa: S314 -- ours
        for scale in (1, 0.5)
    )
    assert whole.endswith("mm")
    assert float(whole[:-2]) == pytest.approx(2 * float(half[:-2]), abs=0.02)
    assert float(whole[:-2]) == pytest.approx(drawing.width * 25.4 / 96, abs=0.01)


def test_a_box_leads_where_the_caller_says() -> None:
    def link(shown: Shown) -> str | None:
        return f"{shown.flow}.html?a=1&b=2" if shown.flow else None

    drawn = svg(lay_out(small(), lang="en"), link=link)
    root = ET.fromstring(drawn)  # noqa: S314 -- ours
    assert [a.get("href") for a in root.iter(f"{SVG}a")] == [
        "W2.html?a=1&b=2",
        "W3.html?a=1&b=2",
    ]


def test_what_people_wrote_never_becomes_markup() -> None:
    flow = small()
    evil = flow.nodes[0].model_copy(update={"title": type(flow.title)((("", '<b>"&'),))})
    drawn = svg(lay_out(flow.model_copy(update={"nodes": (evil, *flow.nodes[1:])}), lang="zh"))
    assert "<b>" not in drawn
    assert '<b>"&' in "".join(texts(drawn))


def test_the_pdf_renderer_has_nothing_to_complain_of() -> None:
    drawn = svg(lay_out(small(), lang="zh", names=NAMES, overlay=OVERLAY), heading=True)
    html = f'<!DOCTYPE html><html lang="zh-CN"><title>t</title><body>{drawn}</body></html>'
    made = render(Job(html, date(2026, 1, 1)))
    assert made.complaints == ()
    assert made.uncovered == ()


def test_a_number_keeps_off_the_middle_where_lines_arrive() -> None:
    counts = Overlay(nodes={"W1.2": Count(1234567, 0.123)})
    drawing = lay_out(small(), lang="zh", overlay=counts)
    box = next(b for b in drawing.boxes if b.id == "W1.2").box
    drawn = re.findall(r'<rect x="([\d.]+)"[^>]* rx="6.5"', svg(drawing))
    assert [float(x) > box.middle[0] + 5 for x in drawn] == [True]
