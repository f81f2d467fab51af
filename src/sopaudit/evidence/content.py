"""What a file really is, whatever it is called: its first bytes say so."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final, Literal, cast

from sopaudit.evidence.source import NoTableError
from sopaudit.reading.folder import regular

Kind = Literal["zip", "ole", "parquet", "html", "xml", "archive", "wrapped", "text", "unknown"]

_HEAD: Final = 1 << 16
_BLOCK: Final = 1 << 20

_MAGIC: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"PK", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PAR1", "parquet"),
    (b"MIME-Version:", "archive"),
)
_WRAPPERS: Final = (b"E-SafeNet", b"%TSD-Header-###%")
"""What programs that encrypt a company's files write in front of them."""

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
"""The part of an OLE file in which Office keeps a workbook with a password."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOCKS: Final = re.compile(r"~\$(.+)|\.~lock\.(.+)#|\.~(.+)")


def locked(name: str) -> str | None:
    """Give the file whose lock file is called `name`; None where it is none."""
    found = _LOCKS.fullmatch(name)
    return found[found.lastindex or 1] if found else None


def kind_of(path: Path) -> Kind:
    """Look at the first bytes of a file. Raises OSError, and OddFileError for a pipe."""
    regular(path)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if any(wrapper in head for wrapper in _WRAPPERS):
        return "wrapped"
    sixteen = "utf-16" if head.startswith(_MARKS) else _unmarked(head)
    if sixteen:
        head = head.decode(sixteen, "replace").encode()
    elif head.count(0) * 100 > len(head):
        return "unknown"
    return _marked_up(head.removeprefix(codecs.BOM_UTF8).lstrip().lower())


def _unmarked(head: bytes) -> str | None:
    """Recognise UTF-16 without its mark: of each pair of bytes, many have a zero on one side."""
    high, low = head[0::2].count(0), head[1::2].count(0)
    if max(high, low) * 10 < len(head) or min(high, low) * 10 > max(high, low):
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def _marked_up(head: bytes) -> Kind:
    """Tell web pages and XML workbooks from other texts."""
    if head.startswith(_HTML):
        return "html"
    if head.startswith((b"<?xml", b"<!--")):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
            return "xml"
        return "html" if b"<table" in head or b"<html" in head else "text"
    return "text"


_HTML: Final = (b"<html", b"<table", b"<!doctype html", b"<meta", b"<head", b"<div", b"<style")


def has_password(path: Path) -> bool:
    """Say whether an OLE file holds a workbook that is encrypted with a password."""
    before = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if _ENCRYPTED in before + block:
                return True
            before = block[-len(_ENCRYPTED) :]
    return False


@dataclass(frozen=True)
class Encoding:
    """How the text of a file is written down."""

    name: str
    assumed: bool = False
    """Whether only the content says so."""


def encoding_of(path: Path) -> Encoding:
    """Find the encoding; the file is read through, so that no answer comes before a broken text.

    Raises NoTableError where it is none of those people have: UTF-8, UTF-16 with its mark, GB18030.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for bom, name in _BOMS:
        if head.startswith(bom):
            if (broken := _broken(path, name)) is not None:
                raise _stopped(broken)
            return Encoding("utf-8" if bom == codecs.BOM_UTF8 else name)
    sixteen = _unmarked(head)
    if sixteen and _broken(path, sixteen) is None:
        return Encoding(sixteen, assumed=True)
    broken = _broken(path, "utf-8")
    if broken is None:
        return Encoding("utf-8")
    if _chinese(path, broken[2]) and _broken(path, "gb18030") is None:
        return Encoding("gb18030", assumed=True)
    raise _stopped(broken)


_Broken = tuple[int, int, int]
"""The line of the byte that cannot be read, the byte, and its place in the file."""


def _broken(path: Path, encoding: str) -> _Broken | None:
    """Find the first byte that cannot be read."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, offset = 1, 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeError as error:
                start = getattr(error, "start", 0)
                raw = getattr(error, "object", b"") or b"\0"
                line += raw.count(b"\n", 0, start)
                before = len(raw) - len(block)
                return line, raw[min(start, len(raw) - 1)], offset - before + start
            if not block:
                return None
            line += block.count(b"\n")
            offset += len(block)


def _chinese(path: Path, offset: int) -> bool:
    """Say whether what is not UTF-8 around `offset` is Chinese of a Windows editor.

    Two bytes of GB 2312 for nearly every character beyond ASCII: neither a UTF-8 text with a broken
    byte nor a text from Western Europe looks like that.
    """
    with path.open("rb") as file:
        file.seek(max(offset - _BLOCK // 2, 0))
        raw = file.read(_BLOCK)
    decoded = raw.decode("utf-8", "replace")
    bad = decoded.count("\ufffd")
    good = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", decoded)))
    pairs = re.findall(rb"[\x81-\xfe][\x30-\xfe]", raw)
    usual = sum(min(pair) >= _GB2312 for pair in pairs)
    return bad > good and 2 * usual > len(pairs)


_GB2312: Final = 0xA1
"""Both bytes of a usual character are no less."""


def _stopped(broken: _Broken) -> NoTableError:
    line, byte, _ = broken
    return NoTableError("T002", line=line, byte=f"0x{byte:02X}")


def text_of(path: Path) -> tuple[str, Encoding]:
    """Read a file of text whole."""
    encoding = encoding_of(path)
    name = "utf-8-sig" if encoding.name == "utf-8" else encoding.name
    return path.read_bytes().decode(name), encoding


@contextmanager
def as_utf8(path: Path, encoding: Encoding) -> Iterator[BinaryIO]:
    """Open a file of text as UTF-8; one that is written otherwise is copied to disk first."""
    if encoding.name == "utf-8":
        with path.open("rb") as file:
            yield file
        return
    with TemporaryFile() as copy, path.open(encoding=encoding.name, newline="") as text:
        while block := text.read(_BLOCK):
            copy.write(block.encode())
        copy.seek(0)
        yield cast("BinaryIO", copy)
