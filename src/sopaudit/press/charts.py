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
