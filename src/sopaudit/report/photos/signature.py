"""Signatures drawn on a screen, made ready for a page: ink on white, or lines of our own making.

They come from outside. Of an SVG only its strokes are taken, as numbers, and written anew; a PNG is
painted onto white and cut to its ink.
"""

import math
import re
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from sopaudit.evidence.examination import inside
from sopaudit.evidence.record import EvidenceFile

LARGEST: Final = 1 << 20
"""Bytes of a drawing; strokes of a finger are some thousands."""

PIXELS: Final = 16_000_000
"""Of a PNG, before it is unpacked."""

BOX: Final = (700, 240)
"""Pixels a signature is shown in, at most."""

INK: Final = 200
"""Grey below which something is ink."""

MARGIN: Final = 12
"""Pixels of white around it."""

_COMMAND: Final = re.compile(r"[MmLlHhVvCcSsQqTtAaZz]")
_STROKE: Final = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE+\-., \t\r\n]*")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def drawn_signature(folder: Path, file: EvidenceFile) -> str:
    """Give a drawn signature as a data address. Raises ValueError for what is none, and OSError."""
    path = inside(folder, file.file)
    if path is None:
        raise ValueError(file.file)
    content = path.read_bytes()
    if len(content) > LARGEST:
        raise ValueError(file.file)
    if content.lstrip().startswith((b"<svg", b"<?xml")):
        return _address(_svg(content), "image/svg+xml")
    return _address(_ink(content), "image/png")


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


def _svg(content: bytes) -> bytes:
    """Write the strokes of a drawing anew. Raises ValueError where it has none, or other things."""
    if _DOCTYPE.search(content):
        raise ValueError
    try:
        root = ET.fromstring(content)  # noqa: S314 -- without a document type it has no entities
    except ET.ParseError as error:
        raise ValueError(str(error)) from None
    strokes = list(_strokes(root))
    left, top, width, height = _view(root)
    if not strokes:
        raise ValueError
    drawn = "".join(f'<path d="{stroke}" stroke-width="{thick:g}"/>' for stroke, thick in strokes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}"><g fill="none" stroke="#16212b" '
        f'stroke-linecap="round" stroke-linejoin="round">{drawn}</g></svg>'
    ).encode()


def _strokes(root: ET.Element) -> Iterator[tuple[str, float]]:
    for one in root.iter():
        name = str(one.tag).rpartition("}")[2]
        thick = _thickness(one.get("stroke-width", ""))
        if name == "path":
            stroke = one.get("d", "")
            if not (_STROKE.fullmatch(stroke) and _COMMAND.search(stroke)):
                raise ValueError(name)
            yield " ".join(stroke.split()), thick
        elif name == "circle":
            # A tap is a dot, which a stroke of no length with round ends is as well.
            points = _numbers(" ".join(one.get(key, "") for key in ("cx", "cy", "r")))
            if len(points) == 3:  # noqa: PLR2004 -- where, and how large
                yield f"M{points[0]:g} {points[1]:g}h0.01", min(2 * points[2], 12.0)
        elif name in ("polyline", "line"):
            told = one.get("points") or " ".join(
                one.get(key, "0") for key in ("x1", "y1", "x2", "y2")
            )
            points = _numbers(told)
            if len(points) >= 4 and len(points) % 2 == 0:  # noqa: PLR2004 -- two points
                yield "M" + " ".join(f"{point:g}" for point in points), thick


def _view(root: ET.Element) -> tuple[float, float, float, float]:
    told = _numbers(root.get("viewBox", ""))
    if len(told) != 4:  # noqa: PLR2004 -- left, top, width, height
        told = [0.0, 0.0, *_numbers(f"{root.get('width', '')} {root.get('height', '')}")]
    if len(told) != 4 or min(told[2:]) <= 0 or max(map(abs, told)) > 1e5:  # noqa: PLR2004
        raise ValueError
    return told[0], told[1], told[2], told[3]


def _numbers(text: str) -> list[float]:
    found = [float(number) for number in _NUMBER.findall(text)]
    if not all(map(math.isfinite, found)):
        raise ValueError(text)
    return found


def _thickness(text: str) -> float:
    found = _numbers(text)
    return min(max(found[0], 0.5), 12.0) if found else 2.0
