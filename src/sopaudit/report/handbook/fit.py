"""How closely a sheet is set, so that it fills its pages instead of spilling a few rows over.

A sheet takes as few pages as it can set closest, and is then set as wide as these pages allow. The
heights are estimates from the widths of our font: setting every sheet in every way to see would
take longer than printing the book.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from sopaudit.report.handbook.model import Said
from sopaudit.swimlane.measure import width

UPRIGHT: Final = (180.0, 260.0)
LYING: Final = (267.0, 173.0)
"""The body of a page of the book in millimetres, as its style sheet has it."""

CHAPTER: Final = 18.0
"""What the heading of a chapter takes above its first sheet, in millimetres."""

_POINT: Final = 25.4 / 72
_SLACK: Final = {True: 0.0, False: 2.5}
"""What a line stays short of its column, in font sizes: nothing in Chinese, else half a word."""

_WASTE: Final = 12.0
"""What a page stays short because rows are not cut, in millimetres."""


@dataclass(frozen=True)
class Setting:
    """A way to set a sheet; the style sheet has the same numbers under the same name."""

    name: str
    size: float
    """In points."""

    leading: float
    padding: float
    """Above and below each row, in millimetres."""


SETTINGS: Final = (
    Setting("roomy", 9.4, 1.5, 1.15),
    Setting("usual", 8.8, 1.45, 0.9),
    Setting("close", 8.2, 1.38, 0.65),
    Setting("tight", 7.7, 1.32, 0.45),
)


@dataclass(frozen=True)
class Cell:
    """Text in a column."""

    text: str
    room: float
    """The width of the column, in millimetres."""

    scale: float = 1.0
    """Its size as a share of the sheet's."""


@dataclass(frozen=True)
class Row:
    """Cells side by side; each may hold several paragraphs."""

    cells: tuple[tuple[Cell, ...], ...]


def setting(rows: Sequence[Row], room: float, head: float) -> str:
    """Choose how to set rows on pages `room` mm high, below a heading of `head` mm."""
    needed = [(way.name, _pages(rows, way, room, head)) for way in SETTINGS]
    _, least = needed[-1]
    return next(name for name, pages in needed if pages == least)


def height(rows: Iterable[Row], way: Setting) -> float:
    """Estimate how tall rows are, in millimetres."""
    return sum(_tall(row, way) + 2 * way.padding + 0.2 for row in rows)


def beside(said: Said, rooms: Sequence[float], scale: float = 1.0) -> tuple[tuple[Cell, ...], ...]:
    """Put what is said into a column each, or into all of them where it is the same."""
    if len(said) < len(rooms):
        return tuple((Cell(text, sum(rooms), scale),) for text in said)
    return tuple((Cell(text, room, scale),) for text, room in zip(said, rooms, strict=False))


def _pages(rows: Sequence[Row], way: Setting, room: float, head: float) -> int:
    return ceil((head + height(rows, way)) / (room - _WASTE))


def _tall(row: Row, way: Setting) -> float:
    return max((sum(_high(cell, way) for cell in cells) for cells in row.cells), default=0.0)


def _high(cell: Cell, way: Setting) -> float:
    if not cell.text:
        return 0.0
    size = way.size * cell.scale * _POINT
    chinese = cell.text[-1] > "⺀"
    room = max(cell.room - size * _SLACK[chinese], size)
    return ceil(width(cell.text, size) / room) * size * way.leading
