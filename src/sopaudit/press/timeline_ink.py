"""Marks and words a timeline is drawn with, as pieces of SVG; sizes are in units of the drawing."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from unicodedata import east_asian_width

from markupsafe import escape

from sopaudit.press.charts import ACCENT, SIGNAL

LATE: Final = "late"
LOST: Final = "lost"
"""Tones of what a finding speaks of."""

_FONT: Final = "Sopaudit Sans SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
_NARROW: Final = 0.58
_LANE_LINES: Final = 3


class Face(NamedTuple):
    """Sizes of one look."""

    said: float
    when: float
    line: float
    bare: float
    dot: float


class Ink(NamedTuple):
    """How words are written."""

    size: float
    fill: str
    bold: bool = False


def measured(text: str, size: float) -> float:
    """Measure a line of text, rather too wide than too narrow."""
    return sum(1.0 if east_asian_width(sign) in "WFA" else _NARROW for sign in text) * size


def broken(text: str, size: float, room: float) -> list[str]:
    """Break a text into lines; what does not fit into the last ends with dots."""
    lines = [""]
    for word in _words(text):
        if lines[-1] and measured((lines[-1] + word).rstrip(), size) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += word
    if len(lines) > _LANE_LINES:
        lines = [*lines[: _LANE_LINES - 1], "".join(lines[_LANE_LINES - 1 :])]
    return [_cut(line.rstrip(), size, room) for line in lines]


def _cut(text: str, size: float, room: float) -> str:
    if measured(text, size) <= room:
        return text
    while text and measured(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def _words(text: str) -> Iterator[str]:
    word = ""
    for sign in text:
        after = word[-1:]
        breaks = after == " " or _is_wide(sign) or (after and _is_wide(after))
        if word and breaks and sign not in "，。；：、）":
            yield word
            word = ""
        word += sign
    if word:
        yield word


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def colour(tone: str) -> str:
    """Give the colour of a tone."""
    return SIGNAL if tone else ACCENT


def path(points: Sequence[tuple[float, float]], tone: str) -> str:
    """Draw a line through points; what is lost is dashed."""
    told = " ".join(f"{num(x)},{num(y)}" for x, y in points)
    dashes = ' stroke-dasharray="4 3"' if tone == LOST else ""
    return (
        f'<polyline points="{told}" fill="none" stroke="{colour(tone)}" stroke-width="1.6" '
        f'stroke-linejoin="round"{dashes}/>'
    )


def mark(x: float, y: float, size: float, tone: str) -> str:
    """Draw a dot; what is late is a diamond, what is lost a square with a hole."""
    if tone == LATE:
        far = size + 1.4
        points = [(x, y - far), (x + far, y), (x, y + far), (x - far, y)]
        told = " ".join(f"{num(a)},{num(b)}" for a, b in points)
        return f'<polygon points="{told}" fill="{SIGNAL}"/>'
    if tone == LOST:
        return (
            f'<rect x="{num(x - size)}" y="{num(y - size)}" width="{num(2 * size)}" '
            f'height="{num(2 * size)}" fill="#ffffff" stroke="{SIGNAL}" stroke-width="2"/>'
        )
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(size)}" fill="{ACCENT}"/>'


def numbered(x: float, y: float, number: int, face: Face, tone: str) -> Iterator[str]:
    """Draw a number in a circle."""
    yield (
        f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(face.dot + 2.6)}" fill="#ffffff" '
        f'stroke="{colour(tone)}" stroke-width="{2 if tone else 1}"/>'
    )
    size = face.when - (1.5 if number > 9 else 0)  # noqa: PLR2004 -- two figures
    yield text(x, y + size * 0.36, str(number), Ink(size, colour(tone)), "middle")


def rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Draw a plain rectangle."""
    size = f'width="{num(width)}" height="{num(height)}"'
    return f'<rect x="{num(x)}" y="{num(y)}" {size} fill="{fill}"/>'


def text(x: float, y: float, said: str, ink: Ink, anchor: str = "start") -> str:
    """Write words; `anchor` says which end of them stands at `x`."""
    weight = ' font-weight="700"' if ink.bold else ""
    return (
        f'<text x="{num(x)}" y="{num(y)}" font-size="{num(ink.size)}" fill="{ink.fill}" '
        f'text-anchor="{anchor}" font-family="{_FONT}"{weight}>{escape(said)}</text>'
    )


def num(number: float) -> str:
    """Write a number short."""
    return f"{round(number, 2):g}"
