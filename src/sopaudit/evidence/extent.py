"""How far the sheets of a workbook reach, asked before a library makes room for all of it.

A library lays a sheet out as the whole rectangle its cells span: two cells at opposite corners, in
a file of 10 KB, ask for 500 GB, and the system ends the program at once. So the places of cells are
read as bytes first, whatever the parts of the file are called.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from lzma import LZMAError
from pathlib import Path
from typing import IO, Final
from zipfile import BadZipFile, ZipFile

from sopaudit.evidence.source import NoTableError

CELLS: Final = 4_000_000
"""Cells all sheets may span together; those of a filled checklist span some ten thousand."""

TAGS: Final = 3_000_000
"""Tags all its parts may have together: almost a million cells with something in them."""

SHEETS: Final = 500
"""Sheets a workbook may list."""

_BLOCK: Final = 1 << 20
_MOST: Final = 1 << 26
"""Bytes of a part that are looked at; larger ones are refused elsewhere."""

_OVERLAP: Final = 1 << 9
"""Bytes in which a cell begins; what calls itself longer is cut, and read as two."""

_PLACE: Final = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*\s)?r\s*=\s*["']\$?([A-Za-z]*)\$?(\d+)["'](?![^>]*/>)"""
)
"""A cell with something in it; those that only have a colour take no room."""

_UNPLACED: Final = re.compile(rb"<(?:\w+:)?c(?:>|\s(?![^>]*\br\s*=)[^>]*[^/]>)")
_ROW: Final = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*\s)?r\s*=\s*["'](\d+)""")
_LISTED: Final = re.compile(rb"<(?:\w+:)?sheet\s")
_DIGITS, _LETTERS = 7, 3
"""Signs of the last row, 1048576, and of the last column, XFD."""

_BEYOND: Final = 1 << 40


def bounded(path: Path) -> None:
    """Raise NoTableError where the sheets of a workbook are larger than anybody fills in.

    One that is no archive, or a broken one, is left to whoever reads it.
    """
    broken = (BadZipFile, EOFError, KeyError, LZMAError, OSError, RuntimeError, zlib.error)
    with suppress(*broken), ZipFile(path) as whole:
        total = largest = tags = 0
        sheets = 1
        for about in whole.infolist():
            with whole.open(about) as part:
                spanned, listed, written = _spanned(part, about.filename)
            total, sheets, tags = total + spanned, max(sheets, listed), tags + written
            largest = max(largest, spanned)
            # Many sheets may be one part; each of them is laid out.
            if max(total, largest * sheets) > CELLS or tags > TAGS or sheets > SHEETS:
                raise NoTableError("F012", part=about.filename)


def _spanned(part: IO[bytes], name: str) -> tuple[int, int, int]:
    """Count the cells a part spans, the sheets it lists, and its tags; 0 where it has none."""
    if name.endswith(".bin"):
        return _binary(b"".join(_pieces(part))), 0, 0
    row = rows = listed = tags = 0
    column, unplaced = 1, False
    for text in _pieces(part):
        tags += text.count(b"<")
        listed += len(_LISTED.findall(text))
        unplaced = unplaced or _UNPLACED.search(text) is not None
        for letters, digits in _PLACE.findall(text):
            row, column = max(row, _number(digits)), max(column, _letters(letters))
        rows = max([rows, *map(_number, _ROW.findall(text))])
        if row * column > CELLS or tags > TAGS:
            break
    return (max(row, rows) if unplaced else row) * column, listed, tags


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """Read a part in pieces that overlap, so that none cuts a cell in two."""
    rest, left = b"", _MOST
    while left > 0 and (block := part.read(_BLOCK)):
        yield rest + block
        rest, left = block[-_OVERLAP:], left - len(block)


def _number(digits: bytes) -> int:
    """Read the number of a row; one of many digits lies beyond every sheet."""
    return int(digits) if len(digits) <= _DIGITS else _BEYOND


def _letters(letters: bytes) -> int:
    """Read the letters of a column as a number from 1 on."""
    number = 0
    for letter in letters[: _LETTERS + 1].upper():
        number = number * 26 + letter - ord("A") + 1
    return number if len(letters) <= _LETTERS else _BEYOND


_ROW_HEAD, _LAST_CELL = 0, 11
"""Kinds of record in a binary sheet: the head of a row, and up to which cells are."""


def _binary(text: bytes) -> int:
    """Count the cells a binary sheet spans: go through its records, each kind, length, content."""
    at = here = row = column = 0
    while at < len(text):
        kind, at = _varied(text, at, 2)
        length, at = _varied(text, at, 4)
        first = int.from_bytes(text[at : at + 4], "little") + 1
        if kind == _ROW_HEAD:
            here = first
        elif kind <= _LAST_CELL:
            row, column = max(row, here), max(column, first)
        at += length
    return row * column


def _varied(text: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number written in as few bytes as it needs, seven bits in each."""
    number = 0
    for n in range(most):
        if at >= len(text):
            break
        byte = text[at]
        at += 1
        number |= (byte & 0x7F) << 7 * n
        if byte < 0x80:  # noqa: PLR2004 -- the last byte
            break
    return number, at
