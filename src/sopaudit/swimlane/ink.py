"""What all of a chart is drawn with: colours, letters, and how numbers are written in SVG."""

from html import escape
from typing import Final

from sopaudit.swimlane.drawing import Box

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
LANES: Final = ("#ffffff", "#f4f7f8")

_FONT: Final = "Sopaudit Sans SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
_BASE: Final = 0.36
"""From the middle of a line of text down to its foot, in font sizes."""


def lettering(  # noqa: PLR0913 -- what a text is made of
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
        f'<text x="{num(x)}" y="{num(y + size * _BASE)}" font-family="{_FONT}" '
        f'font-size="{num(size)}"{weight} fill="{fill}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


def rect(box: Box, fill: str, stroke: str = "", thick: float = 0) -> str:
    """Draw a rectangle."""
    line = f' stroke="{stroke}" stroke-width="{num(thick)}"' if stroke else ""
    return f'<rect {placed(box)} fill="{fill}"{line}/>'


def placed(box: Box) -> str:
    """Write where a rectangle stands, and its size."""
    return f'x="{num(box.x)}" y="{num(box.y)}" width="{num(box.width)}" height="{num(box.height)}"'


def num(number: float) -> str:
    """Write a number with two decimals at the most."""
    return f"{round(number, 2) + 0:.2f}".rstrip("0").rstrip(".")
