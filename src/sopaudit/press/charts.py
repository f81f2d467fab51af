"""Bars as inline SVG: the same drawing in the HTML and in the PDF, with selectable labels.

Attributes only and no classes, because the PDF renderer does not apply a page's style sheet inside
a drawing; sizes in millimetres worked out here, because drawings as wide as their container jump to
the next page; a `<title>` in each, because that alone becomes the description read aloud.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from markupsafe import Markup, escape

ACCENT: Final = "#00566b"
SIGNAL: Final = "#b3261e"
TRACK: Final = "#e6ebee"
QUIET: Final = "#64727d"

_SCALE: Final = 100
"""Drawing units in a millimetre: whole numbers stay readable and round alike everywhere."""


@dataclass(frozen=True)
class Edge:
    """Where a band begins, as a share of the bar."""

    at: Fraction
    label: str


def bar(
    share: Fraction | None,
    *,
    title: str,
    width: int,
    edges: Sequence[Edge] = (),
    accent: str = ACCENT,
) -> Markup:
    """Draw one bar, `width` mm long and 3 mm high, filled to `share` (0 to 1).

    None draws an empty track: nothing was counted. `edges` are notches where bands begin. `title`
    says the same in words.
    """
    full = width * _SCALE
    shapes = [_rect(0, 90, full, 120, TRACK)]
    if share is not None and share > 0:
        shapes.append(_rect(0, 90, _along(share, full), 120, accent))
    shapes += [_rect(_along(edge.at, full) - 8, 50, 16, 200, "#ffffff") for edge in edges]
    shapes += [_rect(_along(edge.at, full) - 4, 50, 8, 200, QUIET) for edge in edges]
    return _svg(shapes, title, full, 300)


def stacked(parts: Sequence[tuple[int, str, str]], *, title: str, width: int) -> Markup:
    """Draw counts side by side, `width` mm in all: each with its colour and its outline.

    Shares end on whole drawing units and add up exactly; `title` says the same in words.
    """
    full, total, at, shapes = width * _SCALE, sum(count for count, _, _ in parts), 0, []
    for count, fill, line in parts:
        end = at + count
        if count:
            x, until = full * at // total, full * end // total
            shapes.append(
                f'<rect x="{x + 10}" y="50" width="{max(until - x - 20, 10)}" height="200" '
                f'fill="{fill}" stroke="{line}" stroke-width="20"/>'
            )
        at = end
    return _svg(shapes, title, full, 300)


def aged(parts: Sequence[tuple[Fraction, str]], *, title: str, width: int) -> Markup:
    """Draw shares of the longest of several bars side by side, `width` mm for a whole one.

    Each has its colour; what is there at all is wide enough to be seen. `title` says the same in
    words.
    """
    full, at, shapes = width * _SCALE, 0, []
    for share, fill in parts:
        if share > 0:
            wide = max(_along(share, full), 30)
            shapes.append(_rect(at, 20, wide, 260, fill))
            at += wide
    return _svg(shapes, title, max(full, at), 300)


def dumbbell(
    shares: tuple[Fraction | None, Fraction | None],
    *,
    title: str,
    width: int,
    edges: tuple[Sequence[Edge], Sequence[Edge]] = ((), ()),
    accent: str = ACCENT,
) -> Markup:
    """Draw where a share was (a ring) and where it comes to (a dot), `width` mm long, 9 mm high.

    Bands stand with their labels above the line as they were, and below it where they are others.
    """
    full, shapes = width * _SCALE, []
    old, new = edges
    shapes.append(_rect(0, 420, full, 60, TRACK))
    shapes += _edges(old, full, 330, 215)
    if [(e.at, e.label) for e in old] != [(e.at, e.label) for e in new]:
        shapes += _edges(new, full, 450, 830)
    places = [None if share is None else _along(share, full) for share in shares]
    first, last = (None if x is None else min(max(x, 130), full - 130) for x in places)
    if first is not None and last is not None and first != last:
        shapes.append(_rect(min(first, last), 415, abs(last - first), 70, accent))
    if first is not None:
        shapes.append(
            f'<circle cx="{first}" cy="450" r="120" fill="#ffffff" stroke="{accent}" '
            'stroke-width="40"/>'
        )
    if last is not None:
        shapes.append(f'<circle cx="{last}" cy="450" r="85" fill="{accent}"/>')
    return _svg(shapes, title, full, 900)


def _edges(edges: Sequence[Edge], full: int, top: int, base: int) -> list[str]:
    """Draw where bands begin, each with its label at the height `base`; none covers another."""
    shapes, free = [], 0
    for edge in sorted(edges, key=lambda e: e.at):
        middle = _along(edge.at, full)
        shapes.append(_rect(middle - 6, top, 12, 120, QUIET))
        at = max(middle, free)
        free = at + 110 + 90 * len(edge.label)
        shapes.append(
            f'<text x="{at}" y="{base}" font-size="240" fill="{QUIET}" text-anchor="middle" '
            f'font-family="Sopaudit Sans SC, sans-serif">{escape(edge.label)}</text>'
        )
    return shapes


def scale(edges: Sequence[Edge], *, title: str, width: int) -> Markup:
    """Draw the labels of `edges` above bars of the same `width`; labels that collide step aside."""
    full, shapes, free = width * _SCALE, [], 0
    for edge in sorted(edges, key=lambda e: e.at):
        middle = max(_along(edge.at, full), free)
        room = 110 + 90 * len(edge.label)
        free = middle + room
        shapes.append(
            f'<text x="{middle}" y="230" font-size="230" fill="{QUIET}" text-anchor="middle" '
            f'font-family="Sopaudit Sans SC, sans-serif">{escape(edge.label)}</text>'
        )
    return _svg(shapes, title, full, 300)


def _along(share: Fraction, full: int) -> int:
    return int(min(max(share, Fraction(0)), Fraction(1)) * full + Fraction(1, 2))


def _rect(x: int, y: int, width: int, height: int, fill: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>'


def _svg(shapes: Sequence[str], title: str, width: int, height: int) -> Markup:
    size = f'width="{_mm(width)}mm" height="{_mm(height)}mm" viewBox="0 0 {width} {height}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><title>{escape(title)}</title>'
    )
    return Markup(f"{head}{''.join(shapes)}</svg>")  # noqa: S704 -- numbers, and escaped words


def _mm(units: int) -> str:
    return f"{units / _SCALE:g}"
