"""How wide words are, and where a line of them may break.

The widths are those of the font our pages are printed in; a browser that lacks it takes one of much
the same. A line never begins with a comma nor ends with an opening bracket, and among the ways to
break a text into as few lines as possible an even one is taken that keeps words together.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
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
    """Break a text into as few lines of at most `room` as will hold it, evenly and at pauses.

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
    wide = [width(piece, size, bold=bold) for piece in pieces]
    bare = [width(piece.rstrip(), size, bold=bold) for piece in pieces]
    prices = [*_prices(pieces), 0.0]
    # For each piece the best way to break all before it: lines, cost, and where the last one
    # begins, negative because of two equals the one with the longer first line is better.
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(pieces) + 1):
        found, full = [], bare[end - 1]
        for start in range(end - 1, -1, -1):
            if start < end - 1:
                full += wide[start]
            if full > room and start < end - 1:
                break
            lines, cost, _ = best[start]
            slack = ((room - full) / size) ** 2
            found.append((lines + 1, cost + slack + prices[end - 1], -start))
        best.append(min(found))
    breaks = [len(pieces)]
    while breaks[-1]:
        breaks.append(-best[breaks[-1]][2])
    breaks.reverse()
    return tuple("".join(pieces[a:b]).rstrip() for a, b in pairwise(breaks)) or ("",)


_PAUSE: Final = frozenset("，、。；：！？… ")
_ALONE: Final = frozenset("不为与向属将给到按未由请转")
"""Words of one character, at the beginning of a phrase."""


def _prices(pieces: Sequence[str]) -> Iterator[float]:
    """Say how awkward a break after each piece but the last is.

    Best is a pause; a number keeps its measure word; and as most Chinese words have two characters,
    a break after an odd number of them probably cuts one.
    """
    run = 0
    for piece, following in pairwise(pieces):
        last = piece[-1]
        alone = not run and last in _ALONE
        run = run + 1 if _chinese(last) and last not in _PAUSE and not alone else 0
        if last in _PAUSE:
            yield 0.0
        elif last.isdigit():
            yield 6.0
        elif last in "-–/":
            yield 2.0
        else:
            yield 4.0 if (run % 2 or alone) and _chinese(following[0]) else 1.0


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
