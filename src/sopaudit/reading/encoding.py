"""From bytes to text, whatever program saved them."""

from pathlib import Path

from sopaudit.problems import Place, Problem
from sopaudit.reading.document import Document, document


def load(path: Path, shown: str) -> bytes | Document:
    """Read the bytes of a file; where that fails, give the document that says so."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return Document(shown, None, (Problem(Place(shown), "Y001"),))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Document(shown, None, (Problem(Place(shown), "Y014", {"reason": reason}),))


def decode(raw: bytes, shown: str) -> str | Document:
    """Read bytes as UTF-8; where that fails, give the document that says so."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The error holds the bytes without a BOM, and those before its start can be decoded.
        before = error.object[: error.start].decode()
        place = Place(shown, before.count("\n") + 1, len(before) - before.rfind("\n"))
        byte = f"0x{error.object[error.start]:02X}"
        # In China, what is not UTF-8 is GBK; what decodes wrongly serves for nothing but ids.
        text = raw.decode("gb18030", errors="replace")
        return document(shown, None, text, [Problem(place, "Y002", {"byte": byte})])
