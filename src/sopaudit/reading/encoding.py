"""From bytes to text, whatever program saved them."""

import errno
import re
from pathlib import Path
from typing import Final

from sopaudit.problems import Edit, Place, Problem
from sopaudit.reading.document import Document, document
from sopaudit.reading.folder import refused, regular


def load(path: Path, shown: str) -> bytes | Document:
    """Read the bytes of a file; where that fails, give the document that says so."""
    try:
        regular(path)
        return path.read_bytes()
    except FileNotFoundError:
        return Document(shown, None, (Problem(Place(shown), "Y001"),))
    except OSError as error:
        # Windows has no other word for a folder than that it may not be read.
        folder = IsADirectoryError(errno.EISDIR, "") if path.is_dir() else error
        return Document(shown, None, (refused(folder, shown),))


def text(path: Path) -> str:
    """Give the text of a file, as far as it can be made out; of none, nothing."""
    raw = load(path, path.as_posix())
    found = raw if isinstance(raw, Document) else decode(raw, path.as_posix())[0]
    return found.text


def decode(raw: bytes, shown: str) -> tuple[Document, bool]:
    """Turn bytes into a document without data, and say whether its text is to be read.

    Text in another encoding than UTF-8 is a problem, and yet read, so that all else is told too.
    """
    if found := _stranger(raw):
        # Some of these are text in part, and then they lend their ids.
        text = raw.decode(errors="replace")
        problem = Problem(Place(shown), *found)
        return Document(shown, None, (problem,), text, encoding="binary"), False
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else _wide(raw) or "utf-8"
    try:
        text = raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        return _otherwise(error, raw, shown)
    problems = (Problem(Place(shown), "Y017"),) if encoding.startswith("utf-16") else ()
    bom = (Problem(Place(shown), "Y018"),) if encoding == "utf-8-sig" else ()
    return Document(shown, None, problems, text, (*bom, *_ends(text, shown)), encoding), True


def _otherwise(error: UnicodeDecodeError, raw: bytes, shown: str) -> tuple[Document, bool]:
    """Read what is not UTF-8: in China it is GBK, if it is not damaged."""
    if text := chinese(raw):
        first = next(n for n, sign in enumerate(text) if not sign.isascii())
        problem = Problem(_place(shown, text[:first]), "Y002")
        return Document(shown, None, (problem,), text, _ends(text, shown), "gb18030"), True
    # The error holds the bytes without a BOM, and those before its start can be decoded.
    whole = error.object
    place = _place(shown, whole[: error.start].decode())
    cut = error.end == len(whole) and error.reason == "unexpected end of data"
    byte = f"0x{whole[error.start]:02X}"
    problem = Problem(place, "Y016" if cut else "Y015", {} if cut else {"byte": byte})
    text = whole.decode("utf-8" if error.encoding == "utf-8" else "gb18030", errors="replace")
    return document(Document(shown, None, text=text), None, [problem]), False


def _place(shown: str, before: str) -> Place:
    return Place(shown, before.count("\n") + 1, len(before) - before.rfind("\n"))


_CHINESE: Final = "[\u4e00-\u9fff\u3000-\u301f\uff00-\uffef“”‘’…—·×÷℃①-⑩Ⅰ-Ⅹ]"
_MOSTLY: Final = 0.8


def chinese(raw: bytes) -> str:
    """Decode GBK or GB18030; empty where the bytes are no such text."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    # UTF-8 with a byte lost can be read as GBK too, but gives rare characters by the dozen.
    foreign = "".join(sign for sign in text if not sign.isascii())
    usual = re.findall(_CHINESE, foreign.encode("gb2312", "ignore").decode("gb2312"))
    return text if len(usual) >= _MOSTLY * len(foreign) else ""


def _wide(raw: bytes) -> str:
    """Tell UTF-16 by its BOM, or by the zero bytes of its line ends and Latin letters."""
    high, low = raw[1::2].count(0), raw[::2].count(0)
    encoding = "utf-16-le" if high > low else "utf-16-be"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if raw[0] == 0xFF else "utf-16-be"  # noqa: PLR2004 -- the BOM itself
    # Latin letters have a zero byte on one side; 一 has it on the other.
    elif max(high, low) * 8 < max(len(raw) // 2, 8) or min(high, low) * 4 > max(high, low):
        return ""
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return encoding


_KINDS: Final = (
    (b"\xd0\xcf\x11\xe0", "Excel/Word 97"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
)
"""How files begin that are no text, and what they are."""

_HTML: Final = rb"(?i)<(?:!doctype\s+html|html|head|body|table)\b"

_WRAPPED: Final = (b"%TSD-Header-###%", b"b\x14#e")
"""How two widespread programs begin the files they have encrypted."""

_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\r\0") | {127})
_NOISE: Final = 0.02
"""Of random bytes, an eighth are control characters; of a text, none."""


def _stranger(raw: bytes) -> tuple[str, dict[str, str]] | None:
    """Tell a file that is no text at all, by how it begins or by its noise."""
    if raw.startswith(b"PK\x03\x04"):
        kind = "Excel" if b"xl/" in raw else "Word" if b"word/" in raw else "ZIP"
        return "Y023", {"kind": kind}
    for opening, kind in _KINDS:
        if raw.startswith(opening):
            return "Y023", {"kind": kind}
    body = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body.startswith(b"<") and re.match(_HTML, body):
        return "Y023", {"kind": "HTML"}
    noise = len(raw) - len(raw.translate(None, _CONTROL))
    if raw.startswith(_WRAPPED):
        return "Y022", {}
    if noise > _NOISE * len(raw) and (b"\xff" in raw or _undecodable(raw)) and not _wide(raw):
        return "Y022", {}
    return None


def _undecodable(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return True
    return False


def _ends(text: str, shown: str) -> tuple[Problem, ...]:
    """Look at the line ends: those of Windows, or several kinds in one file."""
    if "\r" not in text:
        return ()
    ends = re.findall("\r\n|\r|\n", text)
    usual = max(("\n", "\r\n"), key=ends.count)
    if usual == "\r\n" and set(ends) == {usual}:
        return (Problem(Place(shown), "Y019"),)
    others = [found for found in re.finditer("\r\n|\r|\n", text) if found[0] != usual]
    first = text[: others[0].start()]
    place = Place(shown, len(re.findall("\r\n|\r|\n", first)) + 1, 1)
    edits = tuple(Edit(found.start(), found.end(), usual) for found in others)
    return (Problem(place, "Y020", {"count": str(len(others))}, edits=edits),)
