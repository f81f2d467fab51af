"""Signatures drawn on a screen, made ready for a page: strokes as they were kept, or ink on white.

Whoever filled the folder may have put anything there; so a drawing is looked at as on its way in.
"""

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Final

from sopaudit.evidence.examination import inside
from sopaudit.evidence.photos import PhotoError, signature
from sopaudit.evidence.record import EvidenceFile

PIXELS: Final = 16_000_000
"""Of a picture, before it is unpacked."""

BOX: Final = (700, 240)
"""Pixels a signature is shown in, at most."""

INK: Final = 200
"""Grey below which something is ink."""

MARGIN: Final = 12
"""Pixels of white around it."""


def drawn_signature(folder: Path, file: EvidenceFile) -> str:
    """Give a drawn signature as a data address. Raises ValueError for what is none, and OSError."""
    path = inside(folder, file.file)
    if path is None:
        raise ValueError(file.file)
    try:
        kept = signature(path.read_bytes())
    except PhotoError as error:
        raise ValueError(error.code) from None
    if kept.suffix == ".svg":
        return _address(kept.content, "image/svg+xml")
    return _address(_ink(kept.content), "image/png")


def _address(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _ink(content: bytes) -> bytes:
    """Paint a picture onto white and cut it to its ink. Raises ValueError."""
    from PIL import Image  # noqa: PLC0415 -- it takes longer than most commands

    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > PIXELS:
                raise ValueError
            inked = opened.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(str(error)) from None
    white = Image.new("RGBA", inked.size, "white")
    grey = Image.alpha_composite(white, inked).convert("L")
    around = grey.point(lambda tone: 255 if tone < INK else 0).getbbox()
    if around is None:
        raise ValueError
    left, top, right, bottom = around
    wide = (left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)
    cut = Image.new("L", (wide[2] - wide[0], wide[3] - wide[1]), 255)
    cut.paste(grey.crop(around), (MARGIN, MARGIN))
    cut.thumbnail(BOX)
    made = BytesIO()
    cut.save(made, "PNG", optimize=True)
    return made.getvalue()
