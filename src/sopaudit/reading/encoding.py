"""From bytes to text, whatever program saved them."""

from dataclasses import dataclass
from pathlib import Path

from sopaudit.problems import Place, Problem
from sopaudit.reading.document import Document, document


@dataclass(frozen=True)
class Decoded:
    """The text of a file, and what its bytes say about the program that saved it."""

    text: str
    """Line ends as they stand, without a BOM."""

    encoding: str
    """As Python calls it: `utf-8`, `utf-8-sig`, `gb18030`."""


def load(path: Path, shown: str) -> bytes | Document:
    """Read the bytes of a file; where that fails, give the document that says so."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return Document(shown, None, (Problem(Place(shown), "Y001"),))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Document(shown, None, (Problem(Place(shown), "Y014", {"reason": reason}),))


def decode(raw: bytes, shown: str) -> Decoded | Document:
    """Read bytes as UTF-8; where that fails, give the document that says so."""
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        return Decoded(raw.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        # The error holds the bytes without a BOM, and those before its start can be decoded.
        before = error.object[: error.start].decode()
        place = Place(shown, before.count("\n") + 1, len(before) - before.rfind("\n"))
        byte = f"0x{error.object[error.start]:02X}"
        # In China, what is not UTF-8 is GBK; what decodes wrongly serves for nothing but ids.
        text = raw.decode("gb18030", errors="replace")
        problem = Problem(place, "Y002", {"byte": byte})
        return document(shown, None, text, [problem], "gb18030")
