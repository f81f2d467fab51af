"""A chart as SVG: the same drawing in a browser, in a PDF and in black and white.

Attributes only: the PDF renderer knows neither classes of a page nor filters inside a drawing.
Arrowheads are polygons and plates lie under words for the same reason. Sizes are in millimetres,
worked out here, because a drawing as wide as its container jumps to the next page. Colour says
nothing that a shape, a dash or a number does not say too.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Final

from sopaudit.swimlane.chart import HEAD, HEAD_LINE
from sopaudit.swimlane.drawing import Box, Drawing, Lane, Window
from sopaudit.swimlane.face import FOOT, MARK, NUMBER
from sopaudit.swimlane.ink import (
    ACCENT,
    INK,
    LANES,
    NEVER,
    PAPER,
    QUIET,
    RULE,
    SIGNAL,
    SOFT,
    STROKE,
    lettering,
    num,
    placed,
    rect,
)
from sopaudit.swimlane.measure import width
from sopaudit.swimlane.shape import Link, badged, boxed
from sopaudit.swimlane.stroke import label, looks_of, strokes, under
from sopaudit.swimlane.word import words

MM: Final = 25.4 / 96
"""Millimetres in a unit."""

_HEAD: Final = "#dfe8eb"

_MARK_GAP: Final = 20.0
"""Room for the marks where a chart is cut."""

_KEY: Final = 26.0
_NOTE: Final = 15.0
_HEADING: Final = 34.0


def svg(
    drawing: Drawing,
    *,
    scale: float = 1,
    link: Link | None = None,
    window: Window | None = None,
    heading: bool = False,
) -> str:
    """Write a chart, or the part of it in a window; `heading` puts its title on top."""
    top = _HEADING if heading else 0.0
    high = top + tall(drawing, window)
    size = (
        f'width="{num(drawing.width * scale * MM)}mm" height="{num(high * scale * MM)}mm" '
        f'viewBox="0 0 {num(drawing.width)} {num(high)}"'
    )
    title = f"{drawing.workflow} {drawing.title}".strip()
    if window is not None:
        title += f" {window.number}/{window.of}"
    inner = list(_content(drawing, window, link))
    if heading:
        name = lettering(8, 22, drawing.workflow, 17, ACCENT, anchor="start", bold=True)
        after = 8 + width(drawing.workflow, 17, bold=True) + 9
        rest = title.removeprefix(drawing.workflow).strip()
        told = lettering(after, 22, rest, 17, INK, anchor="start", bold=True)
        inner = [name, told, f'<g transform="translate(0 {num(top)})">', *inner, "</g>"]
    lang = "zh-CN" if drawing.lang == "zh" else drawing.lang
    # What is read aloud as one picture hides the links in it.
    role = "img" if link is None else "group"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="{role}" xml:lang="{escape(lang)}">'
        f"<title>{escape(title)}</title>\n" + "\n".join(inner) + "\n</svg>\n"
    )


def tall(drawing: Drawing, window: Window | None = None) -> float:
    """Measure the height of a chart, or of a part of it, as it is written."""
    key = _foot(drawing)
    if window is None:
        return drawing.height + key
    return shift(drawing, window) + window.high + (_MARK_GAP if window.number < window.of else key)


def _foot(drawing: Drawing) -> float:
    """Measure what stands below a chart: the key of its numbers, and a note."""
    return (_KEY if drawing.counted else 0) + (_NOTE if drawing.note else 0)


def shift(drawing: Drawing, window: Window) -> float:
    """Say how far a part moves on its page, to stand below the heads of the lanes."""
    if window.number == 1:
        return 0.0
    return drawing.lanes[0].head.bottom + _MARK_GAP - window.low


def _content(drawing: Drawing, window: Window | None, link: Link | None) -> Iterator[str]:
    bottom = tall(drawing, window) - _foot(drawing)
    for n, lane in enumerate(drawing.lanes):
        yield from _lane(lane, n, drawing, bottom if window else None)
    moved = 0.0 if window is None else shift(drawing, window)
    yield f'<g transform="translate(0 {num(moved)})">' if moved else "<g>"
    looks = looks_of(drawing)
    yield from strokes(drawing, window, looks)
    boxes = [box for box in drawing.boxes if window is None or window.holds(box.box)]
    for box in boxes:
        yield from boxed(box, link)
    for line in drawing.lines:
        if line.label_box and (window is None or window.holds(line.label_box)):
            plate = under(drawing, line.label_box)
            yield from label(line, line.label_box, looks[id(line)][1], plate)
    for box in boxes:
        yield from badged(box)
    if window is not None:
        yield from _marks(drawing, window)
    yield "</g>"
    if drawing.counted and (window is None or window.number == window.of):
        yield from _key(drawing, bottom)


# --- lanes ----------------------------------------------------------------------------------------


def _lane(lane: Lane, n: int, drawing: Drawing, bottom: float | None) -> Iterator[str]:
    box, head = lane.box, lane.head
    high = box.height if bottom is None else bottom - box.y - 1
    yield rect(Box(box.x, box.y, box.width, high), LANES[n % 2], RULE, 1)
    yield rect(head, _HEAD, RULE, 1)
    if drawing.upright:
        rule = Box(head.x, head.y, head.width, 3)
    else:
        rule = Box(head.x, head.y, 3, head.height)
    yield rect(rule, ACCENT)
    x, y = head.middle
    first = y + 1.5 - HEAD_LINE * (len(lane.title) - 1) / 2
    for k, line in enumerate(lane.title):
        yield lettering(x, first + k * HEAD_LINE, line, HEAD, INK, bold=True)


def _key(drawing: Drawing, top: float) -> Iterator[str]:
    say, y, x = words(drawing.lang), top + _KEY / 2, 10.0
    for name, fill in (("key_count", STROKE), ("key_bad", SIGNAL)):
        yield f'<rect {placed(Box(x, y - 5, 22, 11))} rx="5.5" fill="{fill}"/>'
        if fill == SIGNAL:
            yield lettering(x + 11, y, "!", NUMBER, PAPER, bold=True)
        yield lettering(x + 27, y, say[name], FOOT, SOFT, anchor="start")
        x += 27 + width(say[name], FOOT) + 18
    for name, colour, dash in (("key_never", NEVER, ""), ("key_extra", SIGNAL, "2.5 3")):
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        yield f'<path d="M{num(x)} {num(y)}h22" stroke="{colour}" stroke-width="2"{dashed}/>'
        yield lettering(x + 27, y, say[name], FOOT, SOFT, anchor="start")
        x += 27 + width(say[name], FOOT) + 18
    if drawing.note:
        yield lettering(10, top + _KEY + _NOTE / 2 - 4, drawing.note, FOOT, SOFT, anchor="start")


# --- cuts -----------------------------------------------------------------------------------------


def crossing(drawing: Drawing, y: float) -> list[float]:
    """List where lines cross a height, from left to right."""
    found = {
        x
        for line in drawing.lines
        for (x, a), (_, b) in pairwise(line.points)
        if min(a, b) < y < max(a, b)
    }
    return sorted(found)


def _marks(drawing: Drawing, window: Window) -> Iterator[str]:
    """Mark where lines go over to another page: the same letter stands on both."""
    say, above = words(drawing.lang), crossing(drawing, window.low)
    if window.number > 1:
        first = window.letters - len(above)
        yield from _letters(above, first, window.low, -_MARK_GAP / 2)
        told = say["came_over"].format(n=window.number - 1, of=window.of)
        yield _aside(drawing, window.low - _MARK_GAP / 2, told)
    if window.number < window.of:
        below = crossing(drawing, window.high)
        yield from _letters(below, window.letters, window.high, _MARK_GAP / 2)
        told = say["goes_over"].format(n=window.number + 1, of=window.of)
        yield _aside(drawing, window.high + _MARK_GAP / 2, told)


def _aside(drawing: Drawing, y: float, told: str) -> str:
    return lettering(drawing.width - 14, y, told, FOOT, QUIET, anchor="end")


def _letters(lines: Sequence[float], first: int, y: float, by: float) -> Iterator[str]:
    for n, x in enumerate(lines, first):
        ends = f"M{num(x)} {num(y)}V{num(y + by)}"
        yield f'<path d="{ends}" stroke="{STROKE}" stroke-width="1.3"/>'
        yield (
            f'<circle cx="{num(x)}" cy="{num(y + by)}" r="6.5" fill="{PAPER}" '
            f'stroke="{STROKE}" stroke-width="1"/>'
        )
        yield lettering(x, y + by, _letter(n), MARK, INK, bold=True)


def _letter(n: int) -> str:
    return chr(ord("A") + n) if n < 26 else str(n)  # noqa: PLR2004 -- the alphabet
