"""What holds of every drawing holds on 300 random charts; and each law sees what breaks it."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from tests.swimlane.charts import chart
from tests.swimlane.laws import LAWS, crossings

from sopaudit.criteria.handbook import load_handbook
from sopaudit.criteria.workflow import Workflow
from sopaudit.swimlane.drawing import Box, Drawing, Lane, Line, Paper, Point, Shown
from sopaudit.swimlane.face import Names
from sopaudit.swimlane.layout import lay_out
from sopaudit.swimlane.overlay import Count, Overlay
from sopaudit.swimlane.svg import svg

ROOT: Final = Path(__file__).parents[2]
CHARTS: Final = 300


@pytest.mark.parametrize("upright", [True, False], ids=["upright", "across"])
def test_every_law_holds_on_every_chart(*, upright: bool) -> None:
    broken = [
        (seed, told)
        for seed in range(0, CHARTS, 1 if upright else 3)
        for drawing in [lay_out(chart(seed), lang="zh", upright=upright)]
        for law in LAWS.values()
        for told in law(drawing)
    ]
    assert not broken


def test_every_law_holds_with_numbers_and_moves_outside_the_flow() -> None:
    broken = []
    for seed in range(0, CHARTS, 6):
        flow = chart(seed)
        ids = [node.id for node in flow.nodes]
        overlay = Overlay(
            nodes={name: Count(40 * n, n / 90) for n, name in enumerate(ids)},
            edges={(e.source, e.target): Count(1234) for e in flow.edges[::2]},
            extra=((ids[1], ids[-2], Count(3)), (ids[-2], ids[1], Count(12))),
        )
        drawing = lay_out(flow, lang="en", overlay=overlay)
        assert sum(line.extra for line in drawing.lines) == 2
        broken += [(seed, told) for law in LAWS.values() for told in law(drawing)]
    assert not broken


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_law_holds_on_the_charts_of_the_handbook(lang: str) -> None:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    names = Names.of(handbook, lang)
    broken = [
        (flow.id, upright, told)
        for flow in handbook.workflows.values()
        for upright in (True, False)
        for law in LAWS.values()
        for told in law(lay_out(flow, lang=lang, names=names, upright=upright))
    ]
    assert not broken
    assert handbook.workflows


def test_every_box_and_every_move_is_drawn_once_in_the_order_of_the_workflow() -> None:
    for seed in range(0, CHARTS, 10):
        flow = chart(seed)
        drawing = lay_out(flow, lang="zh")
        assert [box.id for box in drawing.boxes] == [node.id for node in flow.nodes]
        moves = [(edge.source, edge.target) for edge in flow.edges]
        assert [(line.source, line.target) for line in drawing.lines] == moves


def test_lanes_stand_in_the_order_of_the_file_and_time_runs_down() -> None:
    for seed in range(0, CHARTS, 10):
        flow = chart(seed)
        drawing = lay_out(flow, lang="zh")
        assert [lane.id for lane in drawing.lanes] == [lane.id for lane in flow.lanes]
        starts = [lane.box.x for lane in drawing.lanes]
        assert starts == sorted(starts)
        middles = {box.id: box.box.middle[1] for box in drawing.boxes}
        for line in drawing.lines:
            if not line.back:
                assert middles[line.source] <= middles[line.target] + 0.1


def test_lines_cross_seldom() -> None:
    drawings = [lay_out(chart(seed), lang="zh") for seed in range(60)]
    lines = sum(len(drawing.lines) for drawing in drawings)
    assert sum(map(crossings, drawings)) / lines < 0.35


_DIGEST = """
import hashlib, sys
sys.path.insert(0, {root!r})
from sopaudit.swimlane.layout import lay_out
from sopaudit.swimlane.svg import svg
from tests.swimlane.charts import chart
drawn = "".join(svg(lay_out(chart(seed), lang="zh")) for seed in range(12))
print(hashlib.sha256(drawn.encode()).hexdigest())
"""


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_a_drawing_does_not_depend_on_the_seed_of_hashes(seed: str) -> None:
    drawn = "".join(svg(lay_out(chart(n), lang="zh")) for n in range(12))
    told = subprocess.run(
        [sys.executable, "-c", _DIGEST.format(root=str(ROOT))],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == hashlib.sha256(drawn.encode()).hexdigest()


# --- the laws see what breaks them ----------------------------------------------------------------


def shown(name: str, x: float, y: float) -> Shown:
    return Shown(name, "step", "L", Box(x, y, 60, 30), (name,))


def line(source: str, target: str, *points: Point) -> Line:
    return Line(source, target, points)


SOUND: Final = Drawing(
    workflow="W",
    title="Sound",
    lang="en",
    width=300,
    height=400,
    lanes=(Lane("L", ("Lane",), Box(0, 0, 300, 400), Box(0, 0, 300, 30)),),
    boxes=(shown("A", 20, 50), shown("B", 20, 150), shown("C", 200, 150), shown("D", 200, 300)),
    lines=(
        line("A", "B", (50, 80), (50, 150)),
        line("A", "C", (80, 65), (230, 65), (230, 150)),
        line("C", "D", (230, 180), (230, 300)),
        line("B", "D", (50, 180), (50, 240), (230, 240), (230, 300)),
    ),
)

LABELLED: Final = replace(
    SOUND.lines[0], label=("N",), label_box=Box(54, 82, 10, 12)
)  # clear of everything

PLANTED: Final[Mapping[str, Drawing]] = {
    "no_diagonal": replace(SOUND, lines=(line("A", "D", (80, 65), (200, 315)),)),
    "no_line_through_a_box": replace(
        SOUND, lines=(line("A", "D", (50, 80), (50, 310), (200, 310)),)
    ),
    "no_line_through_a_paper": replace(
        SOUND,
        boxes=(
            replace(SOUND.boxes[0], papers=(Paper("f", ("f",), Box(45, 80, 40, 20)),)),
            *SOUND.boxes[1:],
        ),
    ),
    "no_boxes_overlap": replace(SOUND, boxes=(*SOUND.boxes, shown("E", 150, 310))),
    "no_unrelated_lines_lie_on_each_other": replace(
        SOUND,
        lines=(
            *SOUND.lines,
            line("B", "C", (50, 180), (50, 200), (180, 200), (180, 165), (200, 165)),
        ),
    ),
    "all_inside": replace(SOUND, boxes=(shown("A", 250, 50),), lines=()),
    "lines_touch_their_boxes": replace(SOUND, lines=(line("A", "B", (50, 80), (50, 145)),)),
    "no_words_on_words_or_boxes": replace(
        SOUND, lines=(replace(LABELLED, label_box=Box(54, 70, 10, 12)),)
    ),
    "no_line_through_words": replace(
        SOUND, lines=(replace(LABELLED, label_box=Box(45, 90, 10, 12)),)
    ),
    "no_line_along_a_side": replace(
        SOUND,
        lines=(line("B", "D", (80, 165), (259, 165), (259, 300)),),
        boxes=(*SOUND.boxes[:2], shown("C", 198.5, 190), SOUND.boxes[3]),
    ),
    "heads_stay_free": replace(
        SOUND, lines=(line("A", "C", (50, 50), (50, 20), (230, 20), (230, 150)),)
    ),
    "words_fit_their_boxes": replace(
        SOUND, boxes=(replace(SOUND.boxes[0], title=("A title much too long",)), *SOUND.boxes[1:])
    ),
    "numbers_keep_off_words": replace(
        SOUND,
        boxes=(
            SOUND.boxes[0],
            replace(SOUND.boxes[1], box=Box(20, 84, 60, 30), count=Count(7)),
            *SOUND.boxes[2:],
        ),
        lines=(
            replace(line("A", "B", (30, 80), (30, 84)), label=("N",), label_box=Box(68, 82, 8, 1)),
        ),
    ),
}
"""A drawing for each law, in which that alone is wrong."""


def test_a_sound_drawing_breaks_no_law() -> None:
    sound = replace(SOUND, lines=(LABELLED, *SOUND.lines[1:]))
    assert [told for law in LAWS.values() for told in law(sound)] == []


@pytest.mark.parametrize("name", LAWS)
def test_each_law_sees_what_breaks_it(name: str) -> None:
    assert list(LAWS[name](PLANTED[name]))


@pytest.mark.parametrize("name", LAWS)
def test_what_breaks_one_law_breaks_no_other(name: str) -> None:
    others = {n for n, law in LAWS.items() if list(law(PLANTED[name]))} - {name}
    assert not others


def test_two_lines_that_only_meet_end_to_end_lie_on_each_other_too() -> None:
    touching = replace(
        SOUND,
        lines=(
            line("A", "B", (50, 80), (50, 150)),
            line("C", "D", (230, 180), (230, 200), (50, 200), (50, 150)),
        ),
    )
    assert list(LAWS["no_unrelated_lines_lie_on_each_other"](touching))


def test_words_on_words_are_seen() -> None:
    two = (LABELLED, replace(LABELLED, source="C", label_box=Box(60, 86, 10, 12)))
    assert list(LAWS["no_words_on_words_or_boxes"](replace(SOUND, lines=two)))


CROWDED: Final = {
    "id": "W",
    "edition": "1",
    "title": "W",
    "lanes": [{"id": lane} for lane in "ABC"],
    "nodes": [
        {"id": "s", "kind": "start", "lane": "B", "title": "s", "next": "d"},
        {
            "id": "d",
            "kind": "decision",
            "lane": "A",
            "title": "d",
            "choices": [{"label": f"way {n}", "to": f"e{n}"} for n in range(8)],
        },
        *({"id": f"e{n}", "kind": "end", "lane": "ABC"[n % 3], "title": f"{n}"} for n in range(8)),
    ],
}


@pytest.mark.parametrize("upright", [True, False], ids=["upright", "across"])
def test_the_words_of_eight_ways_out_of_one_box_can_all_be_read(*, upright: bool) -> None:
    flow = Workflow.model_validate(CROWDED)
    overlay = Overlay(edges={(e.source, e.target): Count(1234, 0.12) for e in flow.edges})
    for numbers in (None, overlay):
        drawing = lay_out(flow, lang="en", upright=upright, overlay=numbers)
        assert [told for law in LAWS.values() for told in law(drawing)] == []
