"""How wide words are, and where a line of them may break.

The widths are those of the font our pages are printed in; a browser that lacks it takes one of much
the same. A line never begins with a comma nor ends with an opening bracket, and among the ways to
break a text into as few lines as possible the most even one is taken.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

_ASCII: Final = (
    (22, 32, 47, 56, 56, 92, 68, 28, 34, 34, 47, 56, 28, 35, 28, 39),
    (56, 56, 56, 56, 56, 56, 56, 56, 56, 56, 28, 28, 56, 56, 56, 47),
    (95, 61, 66, 64, 69, 59, 55, 69, 73, 29, 54, 65, 54, 81, 72, 74),
    (63, 74, 64, 60, 60, 72, 58, 88, 57, 53, 60, 34, 39, 34, 56, 56),
    (61, 56, 62, 51, 62, 55, 32, 56, 61, 28, 28, 55, 28, 93, 61, 61),
    (62, 62, 39, 47, 38, 61, 52, 80, 50, 52, 48, 34, 27, 34, 56),
)
"""Hundredths of the font size, from the blank to the tilde."""

_WIDTHS: Final = {
    32 + 16 * n + k: w / 100 for n, row in enumerate(_ASCII) for k, w in enumerate(row)
}
_LATIN: Final = 0.62
_WIDE: Final = 1.0
_BOLD: Final = 1.05
"""A bold letter, measured by the plain one; Chinese characters are as wide."""

_FIRST_LATIN: Final = 0xA1
_LAST_LATIN: Final = 0x24F

_NOT_FIRST: Final = frozenset("，。；：、！？）》」』】〕”’…—·,.;:!?)]}%‰℃°/")
_NOT_LAST: Final = frozenset("（《「『【〔“‘([{$¥￥#№")


@lru_cache(maxsize=8192)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Measure one line of text, in the unit of `size`."""
    return sum(_advance(sign, bold=bold) for sign in text) * size


def _advance(sign: str, *, bold: bool) -> float:
    code = ord(sign)
    narrow = _WIDTHS.get(code) or (_LATIN if _FIRST_LATIN <= code <= _LAST_LATIN else None)
    if narrow is None or sign == "·":
        return _WIDE if unicodedata.combining(sign) == 0 else 0.0
    return narrow * _BOLD if bold else narrow


def broken(text: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """Break a text into as few lines of at most `room` as will hold it, evenly filled.

    A word wider than `room` is cut.
    """
    return _broken(" ".join(text.split()), size, room, bold)


def longest(text: str, size: float, *, bold: bool = False) -> float:
    """Measure the longest part of a text that breaking leaves whole."""
    pieces = _pieces(" ".join(text.split()))
    return max((width(piece.rstrip(), size, bold=bold) for piece in pieces), default=0.0)


@lru_cache(maxsize=4096)
def _broken(text: str, size: float, room: float, bold: bool) -> tuple[str, ...]:  # noqa: FBT001 -- a key
    pieces = [cut for piece in _pieces(text) for cut in _cut(piece, size, room, bold=bold)]
    lines = _filled(pieces, size, room, bold=bold)
    low, high = 0.0, room
    while len(lines) > 1 and high - low > size / 4:
        middle = (low + high) / 2
        tried = _filled(pieces, size, middle, bold=bold)
        if len(tried) > len(lines) or any(width(t, size, bold=bold) > middle for t in tried):
            low = middle
        else:
            lines, high = tried, middle
    return tuple(lines)


def _pieces(text: str) -> Iterator[str]:
    """Split where a line may end: after a blank, and at a Chinese character."""
    piece = ""
    for sign in text:
        if piece and _between(piece[-1], sign):
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


def _between(left: str, right: str) -> bool:
    if right == " " or right in _NOT_FIRST or left in _NOT_LAST:
        return False
    return left in " -–—/…" or _chinese(left) or _chinese(right)


def _chinese(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _cut(piece: str, size: float, room: float, *, bold: bool) -> Iterator[str]:
    """Cut a word that is wider than a line."""
    part = ""
    for sign in piece:
        full = width(part + sign.strip(), size, bold=bold) > room
        if part and full and sign not in _NOT_FIRST:
            yield part
            part = ""
        part += sign
    yield part


def _filled(pieces: Sequence[str], size: float, room: float, *, bold: bool) -> list[str]:
    """Fill one line after another."""
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if line and width((line + piece).rstrip(), size, bold=bold) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]
