"""What a photo says of itself in EXIF, and the little of it that is kept.

Of the hundreds of fields a camera writes, three are kept: which side is up, when the photo was
taken, and by which clock. Everything else goes: where it was, serial numbers, names, a thumbnail
of what was cut away. Both ways are written by hand, because the bytes of a kept photo are its name
and must not change with the version of a library.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from typing import Final

from sopaudit.criteria.field import plain

_ORIENTATION: Final = 0x0112
_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _OFFSET = 0x9003, 0x9011
_NORTH, _LATITUDE, _EAST, _LONGITUDE = 1, 2, 3, 4

_SIZES: Final[Mapping[int, int]] = {2: 1, 3: 2, 4: 4, 5: 8}
"""Bytes of a value, of the types of field that are read: text, short, long, fraction."""

_MOST: Final = 512
"""Fields of a directory that are looked at; no camera writes so many."""

_LONGEST: Final = 64
"""Bytes of a field that is read."""

_ENTRY: Final = 12
_UPRIGHT: Final = 1
_TURNS: Final = range(1, 9)
_TIME: Final = re.compile(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d")
_ZONE: Final = re.compile(r"([+-])(\d\d):(\d\d)")
_DECIMALS: Final = 1000
"""A place is kept in thousandths of a degree: about a hundred metres, a street and no door."""


@dataclass(frozen=True)
class Exif:
    """What is read of a photo."""

    orientation: int = _UPRIGHT
    """1 to 8, as EXIF numbers the ways a camera can be held."""

    taken: str = ""
    """By the clock of the camera, `2026:11:06 09:30:12`."""

    offset: str = ""
    """Of that clock, `+08:00`; many cameras do not know it."""

    where: tuple[str, str] | None = None
    """Latitude and longitude in degrees, rounded."""

    def moment(self, zone: tzinfo | None) -> datetime | None:
        """Say when the photo was taken; None where it does not.

        A camera that tells no offset is on the clock of `zone`; without a zone there is no offset.
        """
        if not self.taken:
            return None
        try:
            at = datetime.strptime(self.taken, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 -- see below
        except ValueError:
            return None
        return at.replace(tzinfo=_clock(self.offset) or zone)

    def kept(self) -> bytes:
        """Write what is kept, as a block of EXIF; empty where there is nothing to say."""
        if self.orientation == _UPRIGHT and not self.taken:
            return b""
        return _written(self)


def _clock(offset: str) -> timezone | None:
    found = _ZONE.fullmatch(offset)
    if found is None or int(found[2]) > 14 or int(found[3]) > 59:  # noqa: PLR2004 -- of a clock
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(ahead if found[1] == "+" else -ahead)


def read_exif(block: bytes) -> Exif:
    """Read a block of EXIF (a TIFF without a picture); what makes no sense is not there."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return Exif()
    tiff = _Tiff(block, order)
    first = tiff.directory(tiff.number("I", 4))
    exif = tiff.directory(tiff.pointer(first, _EXIF))
    gps = tiff.directory(tiff.pointer(first, _GPS))
    turned = tiff.short(first, _ORIENTATION)
    taken = tiff.text(exif, _TAKEN)
    return Exif(
        turned if turned in _TURNS else _UPRIGHT,
        taken if _TIME.fullmatch(taken) and Exif(taken=taken).moment(None) else "",
        offset if _clock(offset := tiff.text(exif, _OFFSET)) else "",
        _where(tiff, gps),
    )


Directory = Mapping[int, tuple[int, bytes]]
"""By tag: the type of its value, and its bytes."""


@dataclass(frozen=True)
class _Tiff:
    """A block whose offsets lie, until each is looked at."""

    block: bytes
    order: str

    def number(self, kind: str, at: int) -> int:
        """Read a whole number; 0 where the block has ended."""
        size = struct.calcsize(kind)
        piece = self.block[at : at + size]
        return int(struct.unpack(self.order + kind, piece)[0]) if len(piece) == size else 0

    def directory(self, at: int) -> Directory:
        """Read the fields of a directory that are of a known type and short."""
        return dict(self._fields(at)) if at else {}

    def _fields(self, at: int) -> Iterator[tuple[int, tuple[int, bytes]]]:
        for n in range(min(self.number("H", at), _MOST)):
            entry = at + 2 + n * _ENTRY
            kind, count = self.number("H", entry + 2), self.number("I", entry + 4)
            size = _SIZES.get(kind, 0) * count
            if 0 < size <= _LONGEST:
                start = entry + 8 if size <= 4 else self.number("I", entry + 8)  # noqa: PLR2004
                value = self.block[start : start + size]
                if len(value) == size:
                    yield self.number("H", entry), (kind, value)

    def _value(self, found: Directory, tag: int, kind: int) -> bytes:
        held, value = found.get(tag, (0, b""))
        return value if held == kind else b""

    def pointer(self, found: Directory, tag: int) -> int:
        """Give the offset a field holds; 0 where there is none."""
        value = self._value(found, tag, 4)
        return int(struct.unpack(self.order + "I", value[:4])[0]) if value else 0

    def short(self, found: Directory, tag: int) -> int:
        """Give a small number; 0 where there is none."""
        value = self._value(found, tag, 3)
        return int(struct.unpack(self.order + "H", value[:2])[0]) if value else 0

    def text(self, found: Directory, tag: int) -> str:
        """Give a text."""
        return self._value(found, tag, 2).partition(b"\0")[0].decode("ascii", "replace").strip()

    def fractions(self, found: Directory, tag: int) -> list[Fraction]:
        """Give fractions; none at all where one is divided by zero."""
        value = self._value(found, tag, 5)
        numbers = struct.unpack(f"{self.order}{len(value) // 4}I", value)
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        return [Fraction(n, d) for n, d in pairs] if all(d for _, d in pairs) else []


def _where(tiff: _Tiff, gps: Directory) -> tuple[str, str] | None:
    north = _degrees(tiff, gps, (_NORTH, _LATITUDE), "NS", 90)
    east = _degrees(tiff, gps, (_EAST, _LONGITUDE), "EW", 180)
    return None if north is None or east is None else (north, east)


def _degrees(
    tiff: _Tiff, gps: Directory, tags: tuple[int, int], sides: str, most: int
) -> str | None:
    side, parts = tiff.text(gps, tags[0]), tiff.fractions(gps, tags[1])
    if len(parts) != 3 or side not in tuple(sides):  # noqa: PLR2004 -- degrees, minutes, seconds
        return None
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    if degrees > most:
        return None
    rounded = Fraction(round(degrees * _DECIMALS), _DECIMALS)
    return plain(rounded if side == sides[0] else -rounded)


def _written(exif: Exif) -> bytes:
    """Write a block of EXIF: a directory, and one below it for the time."""
    texts = [(_TAKEN, exif.taken), (_OFFSET, exif.offset)] if exif.taken else []
    below = [(tag, text.encode() + b"\0") for tag, text in texts if text]
    first = [struct.pack(">HHIHH", _ORIENTATION, 3, 1, exif.orientation, 0)]
    end = 8 + 2 + (len(first) + bool(below)) * _ENTRY + 4
    if below:
        first.append(struct.pack(">HHII", _EXIF, 4, 1, end))
    data = end + 2 + len(below) * _ENTRY + 4
    entries, values = b"", b""
    for tag, value in below:
        entries += struct.pack(">HHII", tag, 2, len(value), data + len(values))
        values += value + b"\0" * (len(value) % 2)
    block = b"MM\0*" + struct.pack(">I", 8) + _directory(b"".join(first))
    return block + (_directory(entries) + values if below else b"")


def _directory(entries: bytes) -> bytes:
    return struct.pack(">H", len(entries) // _ENTRY) + entries + bytes(4)
