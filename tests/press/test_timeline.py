"""The picture of a life: every word is there, none covers another, and none is crossed out."""

import re
from html import unescape
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sopaudit.press.charts import SIGNAL
from sopaudit.press.timeline import Stop, Timeline, timeline
from sopaudit.press.timeline_ink import measured

LANES = ("库房（好件区）", "with an engineer", "客户机器上", "taken out and not yet back")
SAID = ("出库", "defective taken back", "拆下旧件", "使用 · 张三")
TEXT = re.compile(
    r'<text x="([\d.]+)" y="([\d.]+)" font-size="([\d.]+)" fill="(#\w+)" '
    r'text-anchor="(\w+)"[^>]*>([^<]*)<'
)

Box = tuple[float, float, float, float]


def boxes(drawn: str) -> list[tuple[Box, str]]:
    """Say where each text lies; a text is as high as its letters."""
    found = []
    for x, y, size, _, anchor, text in TEXT.findall(drawn):
        wide, high = measured(unescape(text), float(size)), float(size) * 0.72
        left = float(x) - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        found.append(((left, float(y) - high, left + wide, float(y)), unescape(text)))
    return found


def lines(drawn: str) -> list[Box]:
    """List the pieces of the line through the lanes."""
    found = []
    for points in re.findall(r'<polyline points="([^"]*)"', drawn):
        ends = [tuple(map(float, point.split(","))) for point in points.split(" ")]
        for (a, b), (c, d) in pairwise(ends):
            found.append((min(a, c), min(b, d), max(a, c), max(b, d)))
    return found


def overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] - 0.05
        and other[0] < one[2] - 0.05
        and one[1] < other[3] - 0.05
        and other[1] < one[3] - 0.05
    )


@st.composite
def lives(draw: st.DrawFn) -> Timeline:
    count = draw(st.integers(1, 60))
    times = sorted(draw(st.lists(st.floats(0, 1), min_size=count, max_size=count)))
    stops = tuple(
        Stop(
            x,
            draw(st.integers(0, len(LANES) - 1)),
            f"10-{n % 28 + 1:02d} 09:00",
            draw(st.sampled_from(SAID)),
            draw(st.sampled_from(("", "", "late", "lost"))),
            draw(st.sampled_from((False, False, True))),
        )
        for n, x in enumerate(times)
    )
    return Timeline(
        "P1", LANES, stops, ("2026-10-01", "2026-11-05"), draw(st.sampled_from(("", "自 10-09 起")))
    )


@settings(max_examples=30, deadline=None)
@given(lives(), st.sampled_from((330.0, 480.0, 680.0)), st.booleans())
def test_no_word_covers_another_and_no_line_crosses_one(
    life: Timeline,
    width: float,
    small: bool,  # noqa: FBT001 -- drawn by hypothesis
) -> None:
    drawn = str(timeline(life, width=width, small=small))
    words = boxes(drawn)
    for (one, text), (other, another) in combinations(words, 2):
        assert not overlap(one, other), (text, another)
    said = {stop.said for stop in life.stops} | {stop.when for stop in life.stops}
    for box, text in words:
        # Ends of a text may be rounded; a number stands on its line, in a circle of its own.
        inner = (box[0], box[1] + 1, box[2], box[3] - 1)
        assert text not in said or not any(overlap(inner, line) for line in lines(drawn)), text
        assert box[0] >= 0, text
        assert box[2] <= width, text


@settings(max_examples=20, deadline=None)
@given(lives())
def test_every_stop_is_told_and_read_aloud(life: Timeline) -> None:
    drawn = str(timeline(life))
    told = [text for _, text in boxes(drawn)]
    for stop in life.stops:
        assert stop.said in told
    title = unescape(drawn.partition("<title>")[2].partition("</title>")[0])
    assert all(f"{stop.when} {stop.said}" in title for stop in life.stops)
    assert title.endswith(life.open_until)


def test_what_is_lost_has_a_colour_and_a_shape_of_its_own() -> None:
    stops = (Stop(0, 0, "10-01", "收货"), Stop(0.5, 1, "10-09", "出库", "lost"))
    drawn = str(timeline(Timeline("P1", LANES[:2], stops, ("a", "b"), "自 10-09 起")))
    assert drawn.count("<rect x=") == 4  # two lanes, the axis, and the square of what is lost
    assert f'stroke="{SIGNAL}" stroke-width="1.6" stroke-linejoin="round" stroke-dasharray' in drawn
    quiet = str(timeline(Timeline("P1", LANES[:2], (stops[0],), ("a", "b"))))
    assert SIGNAL not in quiet
    assert "polygon" not in quiet


def test_a_closed_life_has_no_arrow_and_an_open_one_says_since_when() -> None:
    stops = (Stop(0, 0, "10-01", "收货"),)
    assert "polygon" not in timeline(Timeline("P1", LANES[:1], stops, ("a", "b")))
    told = timeline(Timeline("P1", LANES[:1], stops, ("a", "b"), "since <then>"))
    assert "polygon" in told
    assert "since &lt;then&gt;" in told


def test_what_is_left_behind_has_an_arrow_of_its_own() -> None:
    stops = (Stop(0.2, 0, "10-01", "出库 ×2", "lost", left=True), Stop(0.3, 1, "10-02", "使用"))
    drawn = str(timeline(Timeline("P1", LANES[:2], stops, ("a", "b"), "自 10-01 起")))
    assert drawn.count("<polygon") == 1
    ends = {line[2] for line in lines(drawn)}
    assert max(ends) == 470  # the arrow's; the line of what was used ends at its stop
    assert drawn.count("dasharray") == 1


def test_a_life_without_a_stop_is_still_a_picture() -> None:
    assert timeline(Timeline("P1", (), (), ("a", "b"))).startswith("<svg")
