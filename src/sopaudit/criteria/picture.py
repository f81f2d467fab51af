"""Pictures people put into a handbook: which kind they are, told by content and never by name."""

import re
from typing import Final

_SVG: Final = re.compile(r"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<svg[\s>]", re.DOTALL)

_FOREIGN: Final = re.compile(
    r"<script|<foreignObject|@import|<!DOCTYPE|<!ENTITY|\bon[a-z]+\s*=|"
    r"""(?:href|src)\s*=\s*["'](?!#|data:image/)[^"']*|url\(\s*["']?(?!["']?#)[^)]*""",
    re.IGNORECASE,
)
"""What makes a drawing do or fetch something; a report does neither."""


def kind(content: bytes) -> str | None:
    """Name the media type of a PNG, JPEG or SVG picture; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/svg+xml" if _SVG.match(_text(content)) else None


def foreign(content: bytes) -> str:
    """Quote what in an SVG drawing leads out of it; empty for a picture that stands alone."""
    found = _FOREIGN.search(_text(content)) if kind(content) == "image/svg+xml" else None
    return re.split("[\"'(]", found[0].rstrip("\"' "))[-1].strip() if found else ""


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
