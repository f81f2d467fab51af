"""The boxes of a chart as SVG: outline, words, forms, and the number a box has."""

from collections.abc import Callable, Iterator
from html import escape
from typing import Final

from sopaudit.swimlane.drawing import Box, Paper, Shown
from sopaudit.swimlane.face import (
    DOUBLE,
    FOOT,
    FOOT_LINE,
    FORM,
    FORM_LINE,
    MARK,
    NUMBER,
    PAPER_TOP,
    PILL,
    TITLE,
    TITLE_LINE,
    TOP_PAD,
    badge,
)
from sopaudit.swimlane.ink import (
    ACCENT,
    INK,
    PAPER,
    QUIET,
    SIGNAL,
    SOFT,
    STROKE,
    lettering,
    num,
    placed,
    rect,
)
from sopaudit.swimlane.overlay import Count

Link = Callable[[Shown], str | None]
"""Gives the address of what a box is about, if there is one."""

_STRIP: Final = "#edf1f3"
_TINT: Final = "#e6f0f2"


def boxed(shown: Shown, link: Link | None) -> Iterator[str]:
    """Draw a box with its words and forms, as a link where it has an address."""
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
        yield rect(box, INK)
        return
    stroke = (
        SIGNAL if bad else ACCENT if shown.shape in ("start", "decision", "subflow") else STROKE
    )
    fill = _TINT if shown.shape in ("start", "decision") else PAPER
    thick = 2.0 if shown.shape == "end" or bad else 1.2
    if shown.shape == "decision":
        (x, y), right, bottom = box.middle, box.right, box.bottom
        corners = ((x, box.y), (right, y), (x, bottom), (box.x, y))
        told = " ".join(f"{num(a)},{num(b)}" for a, b in corners)
        yield (
            f'<polygon points="{told}" fill="{fill}" stroke="{stroke}" '
            f'stroke-width="{num(thick)}"{dash}/>'
        )
        return
    radius = min(box.height / 2, PILL) if shown.shape in ("start", "end") else 3.0
    yield (
        f'<rect {placed(box)} rx="{num(radius)}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{num(thick)}"{dash}/>'
    )
    if shown.limit_box and shown.shape in ("step", "subflow"):
        inset = DOUBLE if shown.shape == "subflow" else 1.5
        strip = Box(
            box.x + inset,
            shown.limit_box.y,
            box.width - 2 * inset,
            box.bottom - shown.limit_box.y - 1.5,
        )
        yield f'<rect {placed(strip)} rx="1.5" fill="{_STRIP}"/>'
    if shown.shape == "subflow":
        for x in (box.x + DOUBLE, box.right - DOUBLE):
            yield (
                f'<path d="M{num(x)} {num(box.y)}V{num(box.bottom)}" stroke="{stroke}" '
                f'stroke-width="{num(thick)}"/>'
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
    yield lettering(left, box.y + above, shown.id, MARK, QUIET, anchor="start")
    x, middle = box.middle
    foot = FOOT_LINE * len(shown.limit)
    y = middle - (TITLE_LINE * len(shown.title) + foot) / 2 if hollow else box.y + TOP_PAD
    for line in shown.title:
        yield lettering(x, y + TITLE_LINE / 2, line, TITLE, INK)
        y += TITLE_LINE
    if shown.limit_box and not hollow:
        y = shown.limit_box.y
    for n, line in enumerate(shown.limit, 1):
        colour = ACCENT if shown.flow and n == len(shown.limit) else SOFT
        yield lettering(x, y + FOOT_LINE / 2 + 0.5, line, FOOT, colour)
        y += FOOT_LINE


def _paper(paper: Paper) -> Iterator[str]:
    box = paper.box
    wave = 3.5
    x, y, right, low = box.x, box.y, box.right, box.bottom - 1.5 - wave
    half = box.width / 2
    yield (
        f'<path d="M{num(x)} {num(y)}H{num(right)}V{num(low)}'
        f"q{num(-half / 2)} {num(-2 * wave)} {num(-half)} 0t{num(-half)} 0"
        f'Z" fill="{PAPER}" stroke="{QUIET}" stroke-width="0.9"/>'
    )
    for n, line in enumerate(paper.title):
        yield lettering(box.middle[0], y + PAPER_TOP + FORM_LINE * (n + 0.5) - 1, line, FORM, SOFT)


def _bad(count: Count | None) -> bool:
    return count is not None and count.bad


def pill(shown: Shown) -> Box | None:
    """Say where the number of a box stands; None where it has none."""
    if shown.count is None:
        return None
    wide, out = badge(shown.count, shown.box.width)
    return Box(shown.box.right + out - wide, shown.box.y - 9.5, wide, 13)


def badged(shown: Shown) -> Iterator[str]:
    """Write the number of a box, if it has one."""
    count, box = shown.count, pill(shown)
    if count is None or box is None:
        return
    fill = SIGNAL if _bad(count) else STROKE
    yield f'<rect {placed(box)} rx="6.5" fill="{fill}" stroke="{PAPER}" stroke-width="1"/>'
    yield lettering(box.middle[0], box.middle[1], count.marked, NUMBER, PAPER, bold=True)
