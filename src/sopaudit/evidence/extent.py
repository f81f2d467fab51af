"""How far the sheets of a workbook reach, asked before a library makes room for all of it.

A library lays a sheet out as the whole rectangle its cells span: two cells at opposite corners, in
a file of 10 KB, ask for 500 GB, and the system ends the program at once. So the places of cells are
read as bytes first, whatever the parts of the file are called.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from lzma import LZMAError
from pathlib import Path
from string import ascii_letters, digits
from typing import IO, Final
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.repeated import Shared, opendocument
from sopaudit.evidence.source import NoTableError

SHEETS: Final = 500
"""Sheets a workbook may list."""

_ROWS: Final = 1_048_576
"""Of the longest sheet there can be."""

_NARROW: Final = 52
"""Columns, A to AZ, that a sheet of every row may have."""


@dataclass(frozen=True)
class Limits:
    """How far the sheets of a workbook may reach."""

    cells: int
    tags: int
    bytes: int
    """Of one part that are looked at."""

    text: int
    """Signs or bytes all cells may show together, each time one shows them."""

    together: bool
    """All sheets count together, because all of them are held at once."""


FILLED: Final = Limits(cells=4_000_000, tags=3_000_000, bytes=1 << 26, text=1 << 26, together=True)
"""Of a sheet people fill in: it spans some ten thousand cells. Larger parts are refused before."""

TABLE: Final = Limits(
    cells=_ROWS * _NARROW, tags=1 << 60, bytes=1 << 60, text=1 << 29, together=False
)
"""Of records and logs: a million rows are no harm."""

_CONTENT: Final = "content.xml"
"""Where an .ods has all its sheets."""

_TEXTS: Final = "xl/sharedStrings.xml"
"""What the texts are called that cells share, whatever part has them."""

_BROKEN: Final = (
    BadZipFile, EOFError, KeyError, LZMAError, RuntimeError, ValueError, struct.error, zlib.error
)  # fmt: skip
"""What reading a part says that is broken, or packed in a way nobody knows."""

_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0")
"""How photos begin; in millions of bytes there are the signs of a tag by chance."""

_BLOCK: Final = 1 << 20

_OVERLAP: Final = 1 << 9
"""Bytes in which a cell begins; what calls itself longer is cut, and read as two."""

_TAG: Final = re.compile(
    rb"""<(?:[^\s<>/:"'=]++:)?(c|row)(?=[\s/>])"""
    rb"""((?:\s++[^\s<>/"'=]++\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'))*+)\s*+(/?)>"""
)
"""A cell or a row with its attributes, and the stroke of one that is empty."""

_BEGUN: Final = re.compile(rb"""<(?:[^\s<>/:"'=]++:)?(?:c|row)[\s/>]""")
"""Where one begins. Programs write them as `_TAG` has them, so others hide something."""

_AT: Final = re.compile(rb"""\sr\s*+=\s*+["']\$?([A-Za-z]*+)\$?(\d++)["']""")
"""Where a cell or row says it is."""

_HAS_AT: Final = re.compile(rb"\sr\s*+=")


def _signs(signs: bytes) -> npt.NDArray[np.bool_]:
    """Say of every byte whether it is among these."""
    return np.isin(np.arange(256), [*signs])


_NAME_ENDS, _VALUE_BEGINS = _signs(b" \t\r\n/>"), _signs(b"= \t\r\n")
_DIGIT, _LETTER = _signs(digits.encode()), _signs(ascii_letters.encode())
_AHEAD: Final = 12
"""Bytes that are looked at from the quote of a place on."""

_LISTED: Final = re.compile(rb"<(?:\w+:)?sheet\s")
_DIGITS, _LETTERS = 7, 3
"""Signs of the last row, 1048576, and of the last column, XFD."""

_BEYOND: Final = 1 << 40


def bounded(path: Path, limits: Limits = FILLED) -> None:
    """Raise NoTableError where the sheets of a workbook are larger than `limits`.

    One that is no archive is left to whoever reads it. One with a broken part is not, for its other
    parts could be read: T006.
    """
    with suppress(OSError):
        about = path.stat()
        part = _beyond(path, about.st_size, about.st_mtime_ns, limits)
        if part is not None:
            raise NoTableError("F075", part=part)


@lru_cache(maxsize=64)
def _beyond(path: Path, _size: int, _time: int, limits: Limits) -> str | None:
    """Name the part with which a workbook gets too large; None where it does not.

    Several readers ask of the same file, and going through it takes as long as unpacking it.
    """
    try:
        whole = ZipFile(path)
    except (*_BROKEN, OSError):
        return None
    with whole:
        try:
            return _too_much(whole, limits)
        except ExpatError as error:
            if _locked(whole):
                raise NoTableError("T027") from None
            raise NoTableError("T006", reason=str(error)) from None
        except _BROKEN as error:
            raise NoTableError("T006", reason=str(error)) from None


def _too_much(whole: ZipFile, limits: Limits) -> str | None:
    """Name the part with which an open workbook gets too large."""
    total = largest = tags = 0
    sheets, shared = 1, Shared()
    for about in whole.infolist():
        if about.filename == _CONTENT and _repeated(whole, about, limits):
            return about.filename
        spanned, listed, written = _spanned(whole, about, limits, shared)
        total, sheets, tags = total + spanned, max(sheets, listed), tags + written
        largest = max(largest, spanned)
        # Many sheets may be one part; each of them is laid out.
        cells = max(total, largest * sheets) if limits.together else largest
        if cells > limits.cells or tags > limits.tags or sheets > SHEETS:
            return about.filename
    if shared.signs > limits.text:
        return _TEXTS
    return None


def _locked(whole: ZipFile) -> bool:
    """Say whether an .ods has a password: its parts then mean nothing to whoever has none."""
    with suppress(*_BROKEN), whole.open("META-INF/manifest.xml") as part:
        return b"encryption-data" in part.read(_BLOCK)
    return False


def _repeated(whole: ZipFile, about: ZipInfo, limits: Limits) -> bool:
    """Say whether what an .ods repeats is too much."""
    with whole.open(about) as part:
        return opendocument(part, limits.cells, limits.text, together=limits.together)


def _spanned(
    whole: ZipFile, about: ZipInfo, limits: Limits, shared: Shared
) -> tuple[int, int, int]:
    """Count the cells a part spans, the sheets it lists, and its tags; 0 where it has none.

    Looking at every cell takes longer than unpacking, so it is not done where no cell can lie so
    far to the right that a sheet of all rows there are is too large.
    """
    if about.filename.endswith(".bin"):
        with whole.open(about) as part:
            spanned = _binary(b"".join(_blocks(part, limits.bytes)), shared)
        if spanned:
            return spanned, 0, 0
    with whole.open(about) as part:
        if limits.cells >= _ROWS * _NARROW:
            listed, narrow = 0, True
            for text, _ in _pieces(part, limits.bytes):
                listed += len(_LISTED.findall(text)) if b"sheet" in text else 0
                narrow = narrow and not _far(text)
                if not narrow:
                    break
            if narrow:
                return 0, listed, 0
    with whole.open(about) as part:
        # Of a log the texts are not counted: that would take longer than reading it.
        return _counted(part, limits, shared if limits.together else None)


def _far(text: bytes) -> bool:
    """Say whether a cell may lie right of AZ or below every sheet, or not say where it is.

    This is asked of every byte of the largest logs, and so of all of them at once.
    """
    if len(text) <= _AHEAD:
        return False
    signs = np.frombuffer(text, np.uint8)
    # What begins in the last bytes is whole in the piece that follows; a part never ends in a cell.
    whole, following = signs[:-_AHEAD], signs[1 : 1 - _AHEAD]
    leads = np.flatnonzero((following == ord("c")) & ((whole == ord("<")) | (whole == ord(":"))))
    cells = leads[_NAME_ENDS[signs[leads + 2]]]
    if any((signs[cells + n] != sign).any() for n, sign in enumerate(b' r="', 2)):
        return True
    quoted = ((whole == ord('"')) | (whole == ord("'"))) & (following >= ord("A"))
    quotes = np.flatnonzero(quoted)
    quotes = quotes[_LETTER[signs[quotes + 1]] & _VALUE_BEGINS[signs[quotes - 1]]]
    two = quotes[_LETTER[signs[quotes + 2]]]
    if _below(signs, quotes + 2) or _below(signs, two + 3):
        return True
    if (_DIGIT[signs[two + 3]] & (signs[two + 1] | 0x20 != ord("a"))).any():
        return True
    for n in range(3, _AHEAD - 1):
        # Three letters and a digit are a place; longer ones are none, and read as one all the same.
        two = two[_LETTER[signs[two + n]]]
        if _DIGIT[signs[two + n + 1]].any():
            return True
    return False


def _below(signs: npt.NDArray[np.uint8], numbers: npt.NDArray[np.intp]) -> bool:
    """Say whether a number that begins at one of these places is that of a row below 1,049,999."""
    for n in range(_DIGITS):
        numbers = numbers[_DIGIT[signs[numbers + n]]]
    usual = (signs[numbers] == ord("1")) & (signs[numbers + 1] == ord("0"))
    usual &= (signs[numbers + 2] <= ord("4")) & ~_DIGIT[signs[numbers + _DIGITS]]
    return not usual.all()


def _counted(part: IO[bytes], limits: Limits, shared: Shared | None) -> tuple[int, int, int]:
    """Count cells, sheets and tags, looking at every cell, and gather texts."""
    reach, own, listed, tags = _Reach(), Shared(), 0, 0
    picture = False
    for text, fresh in _pieces(part, limits.bytes):
        picture = picture or (not fresh and text.startswith(_PICTURES))
        if shared is not None:
            own.feed(text[fresh:])
        tags += text.count(b"<")
        listed += len(_LISTED.findall(text))
        reach.follow(text)
        if reach.cells > limits.cells or (tags > limits.tags and not picture):
            break
    picture = picture and not reach.sheet and part.name.casefold() != _TEXTS.casefold()
    if shared is not None:
        own.close()
        if not picture:
            shared.lengths += own.lengths
            shared.shown += own.shown
    return reach.cells, listed, 0 if picture else tags


@dataclass
class _Reach:
    """How far the cells of a part reach that have something in them."""

    row: int = 0
    column: int = 1
    now: int = 0
    """The row that is open."""

    here: int = 0
    """Cells of it so far."""

    sheet: bool = False
    """It has cells a library reads; a photo may have the signs of a tag by chance."""

    odd: bool = False
    """Something is hidden from whoever looks at tags."""

    @property
    def cells(self) -> int:
        return _BEYOND if self.odd and self.sheet else self.row * self.column

    def follow(self, text: bytes) -> None:
        """Take a piece in; a tag that is cut at its end stands whole in the next."""
        self.sheet = self.sheet or b"sheetData" in text
        last = text.rfind(b"<")
        if last >= 0 and text.find(b">", last) < 0:
            self.odd |= len(text) - last > _OVERLAP and _BEGUN.match(text, last) is not None
            text = text[:last]
        found = _TAG.findall(text)
        self.odd |= len(found) != len(_BEGUN.findall(text))
        for name, about, empty in found:
            self._take(name, about, empty)

    def _take(self, name: bytes, about: bytes, empty: bytes) -> None:
        places = _AT.findall(about)
        if name == b"row":
            self.now = max([_number(row) for _, row in places], default=self.now + 1)
            self.here = 0
            return
        self.here += 1
        if empty:
            # One that only has a colour takes no room.
            return
        for letters, row in places:
            self.row, self.column = max(self.row, _number(row)), max(self.column, _letters(letters))
        if not places and _HAS_AT.search(about) is None:
            # A cell that does not say where it is stands right of the one before it.
            self.row, self.column = max(self.row, self.now), max(self.column, self.here)


def _pieces(part: IO[bytes], most: int) -> Iterator[tuple[bytes, int]]:
    """Read a part in pieces that overlap, so that none cuts a cell in two.

    With each comes where in it begins what no piece before it had.
    """
    rest = b""
    for block in _blocks(part, most):
        yield rest + block, len(rest)
        rest = block[-_OVERLAP:]


def _blocks(part: IO[bytes], most: int) -> Iterator[bytes]:
    """Read a part block by block, and no further than `most` bytes."""
    left = most
    while left > 0 and (block := part.read(_BLOCK)):
        yield block
        left -= len(block)


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

_SPAN, _DATA = 148, 145
"""Those that must come before, one after the other, or the library reads no cell at all."""


def _binary(text: bytes, shared: Shared) -> int:
    """Count the cells a binary sheet spans: go through its records, each kind, length, content.

    What else is binary in a workbook has none: Excel keeps there what the printer is set to.
    """
    at = here = row = column = 0
    ahead = [_SPAN, _DATA]
    while at < len(text):
        kind, at = _varied(text, at, 2)
        length, at = _varied(text, at, 4)
        first = int.from_bytes(text[at : at + 4], "little") + 1
        if ahead:
            del ahead[: kind == ahead[0]]
        elif kind == _ROW_HEAD:
            here = first
        elif kind <= _LAST_CELL:
            row, column = max(row, here), max(column, first)
        shared.record(kind, text[at : at + length])
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
