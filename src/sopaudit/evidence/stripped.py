"""Pictures without what they carry besides the picture: EXIF, XMP, comments, films at their end.

A file is walked block by block and copied without what is not needed to show it; the picture itself
is never coded anew, so every pixel stays as it was. What stands behind the end of the picture goes
too: the film of a moving photo, or an archive somebody hid there.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sopaudit.evidence.exif import Exif, read_exif


class BrokenError(Exception):
    """A file that ends too soon, or is not what it begins as."""


class MovingError(Exception):
    """A picture that moves; which of its frames is the evidence nobody can know."""


@dataclass(frozen=True)
class Bare:
    """A picture without its metadata."""

    content: bytes
    size: tuple[int, int]
    """Width and height in pixels as they are stored, from the header: nothing is decoded."""

    exif: Exif
    """What the file said before."""

    dot: float
    """Bytes a decoder holds for each pixel, where it cannot draw the picture line by line."""


def stripped(content: bytes, kind: str) -> Bare:
    """Take the metadata out of a picture: `jpg`, `png`, `webp` or `gif`.

    Raises BrokenError and MovingError.
    """
    try:
        return _WALKS[kind](content)
    except (struct.error, IndexError, zlib.error):
        raise BrokenError from None


_PARTS: Final = 100_000
"""Blocks a file may be cut into; 40 MB in pieces of 8 KB are 5,000."""

_SCANS: Final = 100
"""Times a JPEG may go over its picture, of which each takes as long; programs go over it ten times.

libjpeg says so of its own: a file of thousands keeps it busy for an hour.
"""

# --- JPEG ----------------------------------------------------------------------------------------

_NEXT: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""A marker within coded data; FF00 is data, and D0 to D7 belong to it."""

_FRAMES: Final = frozenset([*range(0xC0, 0xD0)]) - {0xC4, 0xC8, 0xCC}
_TABLES: Final = frozenset([0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF])
_SCAN, _END, _APP0, _APP1, _APP2, _APP14 = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE
_EXIF_HEAD: Final = b"Exif\0\0"
_FILLED: Final = re.compile(rb"\xff+")
_JFIF: Final = 12
"""Bytes of a JFIF header before the size of its thumbnail."""


def _jpeg(content: bytes) -> Bare:
    """Keep what draws the picture: frames, tables, scans, JFIF, colours and Adobe's mark."""
    kept: list[bytes] = []
    exif, size, heads, scans, dot = Exif(), (0, 0), 0, 0, 0.0
    for number, (marker, body, coded) in enumerate(_segments(content)):
        scans += marker == _SCAN
        if number > _PARTS or scans > _SCANS:
            raise BrokenError
        if marker in _FRAMES and not size[0]:
            height, width = struct.unpack_from(">HH", body, 1)
            size, dot = (width, height), _held_whole(body)
        if marker == _APP1 and body.startswith(_EXIF_HEAD) and exif == Exif():
            exif = read_exif(body[len(_EXIF_HEAD) :])
        held = _held(marker, body)
        if held is not None:
            heads += marker == _APP0 and not kept
            kept += [_segment(marker, held), coded]
    if not size[0] or not size[1]:
        raise BrokenError
    block = exif.kept()
    if block:
        # JFIF wants to be first, and EXIF the next.
        kept.insert(2 * heads, _segment(_APP1, _EXIF_HEAD + block))
    # What is drawn in one go is drawn small, line by line.
    whole = dot if scans > 1 else 0.0
    return Bare(b"\xff\xd8" + b"".join(kept) + b"\xff\xd9", size, exif, whole)


def _held_whole(frame: bytes) -> float:
    """Say how many bytes a pixel takes in a JPEG of several scans: two for each number it has."""
    shares = [frame[at] >> 4 for at in range(7, 6 + 3 * frame[5], 3)]
    shares = [share * (frame[7 + 3 * n] & 15) for n, share in enumerate(shares)]
    return 2 * sum(shares) / max(*shares, 1)


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Go through the segments up to the end: marker, what is in it, and coded data behind it."""
    at = 2
    while True:
        marker, at = _marker(content, at)
        if marker == _END:
            return
        length = struct.unpack_from(">H", content, at)[0]
        body = content[at + 2 : at + length]
        if len(body) != length - 2:
            raise BrokenError
        at += length
        end = at
        if marker == _SCAN:
            found = _NEXT.search(content, at)
            if found is None:
                raise BrokenError
            end = found.start()
        yield marker, body, content[at:end]
        at = end


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """Read a marker, which may have fill bytes before it, and give where it has ended."""
    found = _FILLED.match(content, at)
    if found is None:
        raise BrokenError
    return content[found.end()], found.end() + 1


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _held(marker: int, body: bytes) -> bytes | None:
    """Give what is kept of a segment; None for one that goes."""
    if marker in _FRAMES or marker in _TABLES or marker == _SCAN:
        return body
    if marker == _APP0 and body.startswith(b"JFIF\0"):
        return body[:_JFIF] + b"\0\0"  # without its thumbnail
    if marker == _APP2 and body.startswith(b"ICC_PROFILE\0"):
        return body
    if marker == _APP14 and body.startswith(b"Adobe"):
        return body
    return None


# --- PNG -----------------------------------------------------------------------------------------

_DOT: Final = 4
"""Bytes of a pixel in memory; WebP keeps two pictures more while it draws."""

_SIGNED: Final = b"\x89PNG\r\n\x1a\n"
_CHUNKS: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP pHYs bKGD sBIT".split()
)


def _png(content: bytes) -> Bare:
    kept = [_SIGNED]
    size, exif = (0, 0), Exif()
    for number, (name, body) in enumerate(_chunks(content)):
        if name == b"acTL":
            raise MovingError
        if number > _PARTS:
            raise BrokenError
        if name == b"IHDR":
            width, height = struct.unpack_from(">II", body)
            size = (width, height)
        if name == b"eXIf":
            exif = read_exif(body)
        elif name in _CHUNKS:
            kept.append(_chunk(name, body))
    if not size[0] or not size[1]:
        raise BrokenError
    block = exif.kept()
    if block:
        kept.insert(2, _chunk(b"eXIf", block))
    return Bare(b"".join(kept), size, exif, _DOT)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Go through the chunks up to the last; a sum that is not right tells a broken file."""
    at = len(_SIGNED)
    while True:
        length, name = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (summed,) = struct.unpack_from(">I", content, at + 8 + length)
        if summed != zlib.crc32(name + body):
            raise BrokenError
        yield name, body
        if name == b"IEND":
            return
        at += 12 + length


# --- WebP ----------------------------------------------------------------------------------------

_RIFF: Final = 12
_ANIMATED, _HAS_XMP, _HAS_EXIF = 0x02, 0x04, 0x08


def _webp(content: bytes) -> Bare:
    kept: dict[bytes, bytes] = {}
    exif, size = Exif(), (0, 0)
    end = 8 + struct.unpack_from("<I", content, 4)[0]
    at = _RIFF
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", content, at)
        body = content[at + 8 : at + 8 + length]
        if len(body) != length:
            raise BrokenError
        at += 8 + length + length % 2
        if name in {b"ANIM", b"ANMF"} or (name == b"VP8X" and body[0] & _ANIMATED):
            raise MovingError
        if name == b"EXIF":
            exif = read_exif(body.removeprefix(_EXIF_HEAD))
        elif name in {b"VP8X", b"VP8 ", b"VP8L", b"ICCP", b"ALPH"}:
            kept.setdefault(name, body)
            size = _largest(size, _webp_size(name, body))
    if not size[0] or not {b"VP8 ", b"VP8L"} & {*kept}:
        raise BrokenError
    return Bare(_riff(kept, exif.kept()), size, exif, 4 * _DOT)


def _riff(kept: dict[bytes, bytes], block: bytes) -> bytes:
    if b"VP8X" in kept:
        flags = kept[b"VP8X"][0] & ~(_HAS_XMP | _HAS_EXIF) | (_HAS_EXIF if block else 0)
        kept = {**kept, b"VP8X": bytes([flags]) + kept[b"VP8X"][1:]}
        kept |= {b"EXIF": block} if block else {}
    parts = b"".join(
        name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        for name, body in kept.items()
    )
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts


def _largest(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), max(one[1], other[1])


def _webp_size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        wide, high = body[4:7], body[7:10]
        return int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<I", body, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0


# --- GIF -----------------------------------------------------------------------------------------

_IMAGE, _EXTENSION, _TRAILER, _CONTROL = 0x2C, 0x21, 0x3B, 0xF9


def _gif(content: bytes) -> Bare:
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    at = 13 + _palette(flags)
    kept = [content[:at]]
    images = 0
    while (block := content[at]) != _TRAILER:
        start = at
        if block == _EXTENSION:
            at = _past(content, at + 2)
            if content[start + 1] == _CONTROL:
                kept.append(content[start:at])
        elif block == _IMAGE:
            own = struct.unpack_from("<HHHHB", content, at + 1)
            width, height = max(width, own[0] + own[2]), max(height, own[1] + own[3])
            at = _past(content, at + 11 + _palette(own[4]))
            kept.append(content[start:at])
            images += 1
        else:
            raise BrokenError
        if images > 1:
            raise MovingError
    if not images or not width or not height:
        raise BrokenError
    return Bare(b"".join(kept) + b";", (width, height), Exif(), _DOT)


def _palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _past(content: bytes, at: int) -> int:
    """Give where a row of blocks, each with its length before it, has ended."""
    while length := content[at]:
        at += 1 + length
    return at + 1


_WALKS: Final[Mapping[str, Callable[[bytes], Bare]]] = {
    "jpg": _jpeg,
    "png": _png,
    "webp": _webp,
    "gif": _gif,
}
