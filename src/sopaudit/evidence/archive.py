"""ZIP files from outside, read with mistrust: names that lead out, bombs, links, broken parts.

What is written in the directory of an archive is a claim. A part is unpacked piece by piece and no
further than it may be, whatever size it says it has.
"""

import stat
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from sopaudit.reading.encoding import chinese

PARTS: Final = 5_000
"""Files an archive may hold."""

PART: Final = 64 << 20
"""Bytes one of them may have."""

WHOLE: Final = 2 << 30
"""Bytes all of them may have together."""

RATIO: Final = 200
"""How many times smaller than its content a part may be; a bomb is smaller by thousands."""

SHARED: Final = "media/"
"""The folder into which ODK Central puts the pictures of all submissions, whatever their names."""

_BROKEN: Final = (zlib.error, LZMAError, struct.error, ValueError)
"""What the ways of packing say of a part that is broken."""

_UTF8: Final = 0x800
"""The flag of a part whose name is UTF-8."""

_BLOCK: Final = 1 << 18
_SMALL: Final = 1 << 20
"""Bytes up to which a ratio says nothing: a text of one letter is as dense."""


class NotSoundError(Exception):
    """An archive, or a part of it, that is not used; `code` says why (F010 to F016)."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Archive:
    """An archive whose directory has been looked through."""

    source: Path | bytes
    parts: Mapping[str, ZipInfo]
    """By name, with `/` between folders; folders themselves are left out."""

    @cached_property
    def _whole(self) -> ZipFile:
        """It stays open as long as anybody may read of it: each opening reads all its directory."""
        return _zip(self.source)

    def read(self, name: str) -> bytes:
        """Unpack one part. Raises NotSoundError where it is none, broken, or larger than told."""
        about = self.parts.get(name)
        if about is None:
            raise NotSoundError("F013", part=name)
        try:
            with self._whole.open(about) as part:
                pieces = bytearray()
                while piece := part.read(_BLOCK):
                    pieces += piece
                    if len(pieces) > min(about.file_size, PART):
                        raise NotSoundError("F012", part=name)
        except (BadZipFile, EOFError, RuntimeError, OSError, *_BROKEN):
            raise NotSoundError("F013", part=name) from None
        return bytes(pieces)


def archive(source: Path | bytes, *, shared: str = "") -> Archive:
    """Open an archive. Raises NotSoundError where it is none or means harm, and OSError.

    Below the folder `shared` a name may stand twice. What it holds is one part where it is the
    same, and else none, as nobody can tell which is meant.
    """
    try:
        with _zip(source) as whole:
            listed = whole.infolist()
    except (BadZipFile, EOFError, NotImplementedError, ValueError, struct.error):
        raise NotSoundError("F010") from None
    parts: dict[str, ZipInfo] = {}
    unclear: set[str] = set()
    total = 0
    if len(listed) > PARTS:
        raise NotSoundError("F014", number=str(len(listed)), most=str(PARTS))
    for about in listed:
        if about.is_dir():
            continue
        name = _name(about).replace("\\", "/")
        _harmless(about, name)
        total += about.file_size
        dense = about.file_size > max(_SMALL, about.compress_size * RATIO)
        if about.file_size > PART or total > WHOLE or dense:
            raise NotSoundError("F012", part=name)
        known = parts.setdefault(name, about)
        if known is about:
            continue
        if not shared or not name.startswith(shared):
            raise NotSoundError("F015", part=name)
        if (known.CRC, known.file_size) != (about.CRC, about.file_size):
            unclear.add(name)
    return Archive(source, {name: about for name, about in parts.items() if name not in unclear})


def _name(about: ZipInfo) -> str:
    """Give the name of a part as whoever packed it read it.

    macOS writes UTF-8 and Chinese Windows GBK without saying so (bit 11 of the flags); the library
    takes both for code page 437.
    """
    name = about.filename
    if about.flag_bits & _UTF8 or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeError:
        return name
    with suppress(UnicodeError):
        return raw.decode("utf-8")
    # “Küche” would be Chinese as well, but no Chinese anybody writes.
    return chinese(raw) or name


def _harmless(about: ZipInfo, name: str) -> None:
    """Raise NotSoundError for a name that leads out of a folder, a link, and what is locked."""
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name
    if outside or stat.S_ISLNK(about.external_attr >> 16):
        raise NotSoundError("F011", part=name)
    if about.flag_bits & 1:
        raise NotSoundError("F016", part=name)


def _zip(source: Path | bytes) -> ZipFile:
    return ZipFile(source if isinstance(source, Path) else BytesIO(source))
