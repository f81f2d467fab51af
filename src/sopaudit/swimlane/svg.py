"""A chart as SVG: the same drawing in a browser, in a PDF and in black and white.

Attributes only: the PDF renderer knows neither classes of a page nor filters inside a drawing.
Arrowheads are polygons and plates lie under words for the same reason. Sizes are in millimetres,
worked out here, because a drawing as wide as its container jumps to the next page. Colour says
nothing that a shape, a dash or a number does not say too.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import hypot, sqrt
from typing import Final

from sopaudit.swimlane.drawing import Box, Drawing, Lane, Line, Paper, Point, Shown
from sopaudit.swimlane.face import (
    DOUBLE,
    FOOT,
    FOOT_LINE,
    FORM,
    FORM_LINE,
    LABEL,
    LABEL_LINE,
    MARK,
    NUMBER,
    PAPER_TOP,
    PILL,
    TITLE,
    TITLE_LINE,
    TOP_PAD,
    badge,
)
from sopaudit.swimlane.layout import HEAD, HEAD_LINE
from sopaudit.swimlane.measure import width
from sopaudit.swimlane.overlay import Count
from sopaudit.swimlane.word import words

Link = Callable[[Shown], str | None]
"""Gives the address of what a box is about, if there is one."""

MM: Final = 25.4 / 96
"""Millimetres in a unit."""

ACCENT: Final = "#00566b"
SIGNAL: Final = "#b3261e"
INK: Final = "#16212b"
STROKE: Final = "#33434f"
SOFT: Final = "#46545f"
QUIET: Final = "#64727d"
RULE: Final = "#c9d1d6"
NEVER: Final = "#aab4bb"
BACK: Final = "#80521f"
PAPER: Final = "#ffffff"
_LANES: Final = ("#ffffff", "#f4f7f8")
_HEAD: Final = "#dfe8eb"
_STRIP: Final = "#edf1f3"
_TINT: Final = "#e6f0f2"

_FONT: Final = "Sopaudit Sans SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
_ROUND: Final = 5.0
_ARROW: Final = (9.0, 3.6)
_BASE: Final = 0.36
"""From the middle of a line of text down to its foot, in font sizes."""

_JUMP: Final = 1.5
"""How thick a move outside the flow is at least."""

_MARK_GAP: Final = 20.0
"""Room for the marks where a chart is cut."""

_KEY: Final = 26.0
_NOTE: Final = 15.0
_HEADING: Final = 34.0


@dataclass(frozen=True)
class Window:
    """A part of a chart that is cut over several pages."""

    low: float
    high: float
    number: int
    of: int
    letters: int = 0
    """How many letters the parts before it have used up."""

    def holds(self, box: Box) -> bool:
        """Say whether a box stands in it."""
        return self.low <= box.middle[1] < self.high


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
        f'width="{_n(drawing.width * scale * MM)}mm" height="{_n(high * scale * MM)}mm" '
        f'viewBox="0 0 {_n(drawing.width)} {_n(high)}"'
    )
    title = f"{drawing.workflow} {drawing.title}".strip()
    if window is not None:
        title += f" {window.number}/{window.of}"
    inner = list(_content(drawing, window, link))
    if heading:
        name = _text(8, 22, drawing.workflow, 17, ACCENT, anchor="start", bold=True)
        after = 8 + width(drawing.workflow, 17, bold=True) + 9
        rest = title.removeprefix(drawing.workflow).strip()
        told = _text(after, 22, rest, 17, INK, anchor="start", bold=True)
        inner = [name, told, f'<g transform="translate(0 {_n(top)})">', *inner, "</g>"]
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
    yield f'<g transform="translate(0 {_n(moved)})">' if moved else "<g>"
    looks = _looks(drawing)
    yield from _lines(drawing, window, looks)
    boxes = [box for box in drawing.boxes if window is None or window.holds(box.box)]
    for box in boxes:
        yield from _box(box, link)
    for line in drawing.lines:
        if line.label_box and (window is None or window.holds(line.label_box)):
            plate = _under(drawing, line.label_box)
            yield from _label(line, line.label_box, looks[id(line)][1], plate)
    for box in boxes:
        yield from _badge(box)
    if window is not None:
        yield from _marks(drawing, window)
    yield "</g>"
    if drawing.counted and (window is None or window.number == window.of):
        yield from _key(drawing, bottom)


# --- lanes ----------------------------------------------------------------------------------------


def _lane(lane: Lane, n: int, drawing: Drawing, bottom: float | None) -> Iterator[str]:
    box, head = lane.box, lane.head
    high = box.height if bottom is None else bottom - box.y - 1
    yield _rect(Box(box.x, box.y, box.width, high), _LANES[n % 2], RULE, 1)
    yield _rect(head, _HEAD, RULE, 1)
    if drawing.upright:
        rule = Box(head.x, head.y, head.width, 3)
    else:
        rule = Box(head.x, head.y, 3, head.height)
    yield _rect(rule, ACCENT)
    x, y = head.middle
    first = y + 1.5 - HEAD_LINE * (len(lane.title) - 1) / 2
    for k, line in enumerate(lane.title):
        yield _text(x, first + k * HEAD_LINE, line, HEAD, INK, bold=True)


# --- lines ----------------------------------------------------------------------------------------


def _looks(drawing: Drawing) -> dict[int, tuple[float, str]]:
    """Say how thick each line is, and its colour."""
    counted = drawing.counted
    most = max((line.count.n for line in drawing.lines if line.count), default=0)
    return {
        id(line): (_thick(line, most, counted=counted), _colour(line, counted=counted))
        for line in drawing.lines
    }


def _lines(
    drawing: Drawing, window: Window | None, looks: dict[int, tuple[float, str]]
) -> Iterator[str]:
    order = sorted(drawing.lines, key=lambda line: (line.extra, not line.back))
    parts = [(line, clipped) for line in order for clipped in _clipped(line.points, window)]
    for line, points in parts:
        yield _path(line, points, *looks[id(line)])
    for line, points in parts:
        if points[-1] == line.points[-1]:
            yield _arrow(points, *looks[id(line)])


def _clipped(points: Sequence[Point], window: Window | None) -> Iterator[list[Point]]:
    """Cut a line to a window; it may leave and come back."""
    if window is None:
        yield list(points)
        return
    part: list[Point] = []
    for (x, y), (to_x, to_y) in pairwise(points):
        low, high = max(min(y, to_y), window.low), min(max(y, to_y), window.high)
        if high < low or (high == low and y != to_y):
            if part:
                yield part
            part = []
            continue
        start, end = (low, high) if y <= to_y else (high, low)
        if part and part[-1] != (x, start):
            yield part
            part = []
        part = part or [(x, start)]
        part.append((to_x, end))
    if part:
        yield part


def _colour(line: Line, *, counted: bool) -> str:
    if line.extra or (line.count and line.count.rate):
        return SIGNAL
    if counted and (line.count is None or not line.count.n):
        return NEVER
    return BACK if line.back else STROKE


def _thick(line: Line, most: int, *, counted: bool) -> float:
    """Make a line as thick as the root of its number, so that ten times as many shows."""
    if not counted:
        return 1.3
    least = _JUMP if line.extra else 1
    return least + 4 * sqrt(line.count.n / most if line.count and most else 0)


def _path(line: Line, points: Sequence[Point], thick: float, colour: str) -> str:
    dash = "2.5 3" if line.extra else "6 3.5" if line.back else ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = list(points)
    if points[-1] == line.points[-1]:
        # It stops within its arrowhead, or a thick one would stand out beside the point.
        ends[-1] = _short(points[-2], points[-1], _ARROW[0] - 1)
    return (
        f'<path d="{_rounded(ends)}" fill="none" stroke="{colour}" '
        f'stroke-width="{_n(thick)}"{dashed}/>'
    )


def _short(start: Point, end: Point, by: float) -> Point:
    far = hypot(end[0] - start[0], end[1] - start[1]) or 1
    share = max(far - by, 0) / far
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def _rounded(points: Sequence[Point]) -> str:
    told = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        near = min(_ROUND, _far(before, at) / 2, _far(at, after) / 2)
        one = _short(before, at, near)
        other = _short(after, at, near)
        told.append(
            f"L{_n(one[0])} {_n(one[1])}Q{_n(at[0])} {_n(at[1])} {_n(other[0])} {_n(other[1])}"
        )
    told.append(f"L{_n(points[-1][0])} {_n(points[-1][1])}")
    return "".join(told)


def _far(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _arrow(points: Sequence[Point], thick: float, colour: str) -> str:
    (x, y), far = points[-1], _far(points[-2], points[-1]) or 1
    dx, dy = (x - points[-2][0]) / far, (y - points[-2][1]) / far
    long, half = _ARROW[0], max(_ARROW[1], thick / 2 + 2.6)
    corners = (
        (x, y),
        (x - dx * long - dy * half, y - dy * long + dx * half),
        (x - dx * long + dy * half, y - dy * long - dx * half),
    )
    told = " ".join(f"{_n(a)},{_n(b)}" for a, b in corners)
    return f'<polygon points="{told}" fill="{colour}"/>'


def _under(drawing: Drawing, box: Box) -> str:
    """Give the colour of the lane a thing stands in."""
    x, y = box.middle
    spot = Box(x, y, 0, 0)
    return next(
        (_LANES[n % 2] for n, lane in enumerate(drawing.lanes) if lane.box.holds(spot)), PAPER
    )


def _label(line: Line, box: Box, colour: str, under: str) -> Iterator[str]:
    plate = Box(box.x - 1.5, box.y, box.width + 3, box.height)
    yield f'<rect {_at(plate)} fill="{under}"/>'
    colour = colour if colour == SIGNAL else QUIET if colour == NEVER else ACCENT
    right = box.x >= line.points[0][0]
    x, anchor = (box.x, "start") if right else (box.right, "end")
    for n, text in enumerate(line.label):
        y = box.y + LABEL_LINE * (n + 0.5)
        yield _text(x, y, text, LABEL, colour, anchor=anchor, bold=True)


# --- boxes ----------------------------------------------------------------------------------------


def _box(shown: Shown, link: Link | None) -> Iterator[str]:
    address = link(shown) if link else None
    if address:
        yield f'<a href="{escape(address)}">'
    yield f"<g><title>{escape(shown.words)}</title>"
    for paper in shown.papers:
        yield from _paper(paper)
    yield from _outline(shown)
    yield from _inside(shown)
    yield "</g>"
    if address:
        yield "</a>"


def _outline(shown: Shown) -> Iterator[str]:
    box, bad = shown.box, _bad(shown.count)
    dash = ' stroke-dasharray="4 2.5"' if shown.optional else ""
    if shown.shape in ("fork", "join"):
        yield _rect(box, INK)
        return
    stroke = (
        SIGNAL if bad else ACCENT if shown.shape in ("start", "decision", "subflow") else STROKE
    )
    fill = _TINT if shown.shape in ("start", "decision") else PAPER
    thick = 2.0 if shown.shape == "end" or bad else 1.2
    if shown.shape == "decision":
        (x, y), right, bottom = box.middle, box.right, box.bottom
        corners = ((x, box.y), (right, y), (x, bottom), (box.x, y))
        told = " ".join(f"{_n(a)},{_n(b)}" for a, b in corners)
        yield (
            f'<polygon points="{told}" fill="{fill}" stroke="{stroke}" '
            f'stroke-width="{_n(thick)}"{dash}/>'
        )
        return
    radius = min(box.height / 2, PILL) if shown.shape in ("start", "end") else 3.0
    yield (
        f'<rect {_at(box)} rx="{_n(radius)}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{_n(thick)}"{dash}/>'
    )
    if shown.limit_box and shown.shape in ("step", "subflow"):
        inset = DOUBLE if shown.shape == "subflow" else 1.5
        strip = Box(
            box.x + inset,
            shown.limit_box.y,
            box.width - 2 * inset,
            box.bottom - shown.limit_box.y - 1.5,
        )
        yield f'<rect {_at(strip)} rx="1.5" fill="{_STRIP}"/>'
    if shown.shape == "subflow":
        for x in (box.x + DOUBLE, box.right - DOUBLE):
            yield (
                f'<path d="M{_n(x)} {_n(box.y)}V{_n(box.bottom)}" stroke="{stroke}" '
                f'stroke-width="{_n(thick)}"/>'
            )


def _inside(shown: Shown) -> Iterator[str]:
    """Write the id, the title and the foot of a box."""
    box = shown.box
    if shown.shape in ("fork", "join"):
        return
    # The id stands above the upper left corner, or in it where a diamond leaves it empty.
    hollow = shown.shape in ("decision", "start", "end")
    left = box.x + (10 if shown.shape in ("start", "end") else 1)
    above = 2 if shown.shape == "decision" else -6
    yield _text(left, box.y + above, shown.id, MARK, QUIET, anchor="start")
    x, middle = box.middle
    foot = FOOT_LINE * len(shown.limit)
    y = middle - (TITLE_LINE * len(shown.title) + foot) / 2 if hollow else box.y + TOP_PAD
    for line in shown.title:
        yield _text(x, y + TITLE_LINE / 2, line, TITLE, INK)
        y += TITLE_LINE
    if shown.limit_box and not hollow:
        y = shown.limit_box.y
    for n, line in enumerate(shown.limit, 1):
        colour = ACCENT if shown.flow and n == len(shown.limit) else SOFT
        yield _text(x, y + FOOT_LINE / 2 + 0.5, line, FOOT, colour)
        y += FOOT_LINE


def _paper(paper: Paper) -> Iterator[str]:
    box = paper.box
    wave = 3.5
    x, y, right, low = box.x, box.y, box.right, box.bottom - 1.5 - wave
    half = box.width / 2
    yield (
        f'<path d="M{_n(x)} {_n(y)}H{_n(right)}V{_n(low)}'
        f"q{_n(-half / 2)} {_n(-2 * wave)} {_n(-half)} 0t{_n(-half)} 0"
        f'Z" fill="{PAPER}" stroke="{QUIET}" stroke-width="0.9"/>'
    )
    for n, line in enumerate(paper.title):
        yield _text(box.middle[0], y + PAPER_TOP + FORM_LINE * (n + 0.5) - 1, line, FORM, SOFT)


# --- numbers --------------------------------------------------------------------------------------


def _bad(count: Count | None) -> bool:
    return count is not None and count.bad


def pill(shown: Shown) -> Box | None:
    """Say where the number of a box stands; None where it has none."""
    if shown.count is None:
        return None
    wide, out = badge(shown.count, shown.box.width)
    return Box(shown.box.right + out - wide, shown.box.y - 9.5, wide, 13)


def _badge(shown: Shown) -> Iterator[str]:
    count, box = shown.count, pill(shown)
    if count is None or box is None:
        return
    fill = SIGNAL if _bad(count) else STROKE
    yield f'<rect {_at(box)} rx="6.5" fill="{fill}" stroke="{PAPER}" stroke-width="1"/>'
    yield _text(box.middle[0], box.middle[1], count.marked, NUMBER, PAPER, bold=True)


def _key(drawing: Drawing, top: float) -> Iterator[str]:
    say, y, x = words(drawing.lang), top + _KEY / 2, 10.0
    for name, fill in (("key_count", STROKE), ("key_bad", SIGNAL)):
        yield f'<rect {_at(Box(x, y - 5, 22, 11))} rx="5.5" fill="{fill}"/>'
        if fill == SIGNAL:
            yield _text(x + 11, y, "!", NUMBER, PAPER, bold=True)
        yield _text(x + 27, y, say[name], FOOT, SOFT, anchor="start")
        x += 27 + width(say[name], FOOT) + 18
    for name, colour, dash in (("key_never", NEVER, ""), ("key_extra", SIGNAL, "2.5 3")):
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        yield f'<path d="M{_n(x)} {_n(y)}h22" stroke="{colour}" stroke-width="2"{dashed}/>'
        yield _text(x + 27, y, say[name], FOOT, SOFT, anchor="start")
        x += 27 + width(say[name], FOOT) + 18
    if drawing.note:
        yield _text(10, top + _KEY + _NOTE / 2 - 4, drawing.note, FOOT, SOFT, anchor="start")


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
    return _text(drawing.width - 14, y, told, FOOT, QUIET, anchor="end")


def _letters(lines: Sequence[float], first: int, y: float, by: float) -> Iterator[str]:
    for n, x in enumerate(lines, first):
        ends = f"M{_n(x)} {_n(y)}V{_n(y + by)}"
        yield f'<path d="{ends}" stroke="{STROKE}" stroke-width="1.3"/>'
        yield (
            f'<circle cx="{_n(x)}" cy="{_n(y + by)}" r="6.5" fill="{PAPER}" '
            f'stroke="{STROKE}" stroke-width="1"/>'
        )
        yield _text(x, y + by, _letter(n), MARK, INK, bold=True)


def _letter(n: int) -> str:
    return chr(ord("A") + n) if n < 26 else str(n)  # noqa: PLR2004 -- the alphabet


# --- attributes -----------------------------------------------------------------------------------


def _text(  # noqa: PLR0913 -- what a text is made of
    x: float,
    y: float,
    text: str,
    size: float,
    fill: str,
    *,
    anchor: str = "middle",
    bold: bool = False,
) -> str:
    """Write a line of text whose middle is at `y`."""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y + size * _BASE)}" font-family="{_FONT}" '
        f'font-size="{_n(size)}"{weight} fill="{fill}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _rect(box: Box, fill: str, stroke: str = "", thick: float = 0) -> str:
    line = f' stroke="{stroke}" stroke-width="{_n(thick)}"' if stroke else ""
    return f'<rect {_at(box)} fill="{fill}"{line}/>'


def _at(box: Box) -> str:
    return f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'


def _n(number: float) -> str:
    return f"{round(number, 2) + 0:.2f}".rstrip("0").rstrip(".")
