"""Photos and papers as evidence: what is kept of them, and what a report shows.

A kept photo is the one that was handed in, pixel by pixel, without what else it carried: where it
was taken, by which machine, and whatever hung behind it. What a file is its content says, never its
name. Reports show smaller copies, upright and bare.
"""

import re
import struct
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from sopaudit.evidence.exif import Exif, read_exif
from sopaudit.evidence.stripped import Bare, BrokenError, MovingError, stripped

if TYPE_CHECKING:
    from pi_heif import HeifFile
    from PIL.Image import Image

BYTES: Final = 40 << 20
"""Bytes a photo may have; a phone makes 4 MB, and 20 where it is asked for all it can."""

PIXELS: Final = 120_000_000
"""Pixels a photo may have: what the largest phones make, and no more than fits in memory."""

MEMORY: Final = 360 << 20
"""Bytes a decoder may hold. A JPEG is drawn small, line by line, and needs none of it; a PNG of 94
million pixels, a WebP of 23 million and a finely sampled JPEG of several scans of 62 million do.
"""

_EXTRA: Final = "sopaudit[heic]"
_COARSE, _EIGHT = (400, 420), 8
"""How colours of HEIC are sampled that need little room (400 is grey), and the usual depth."""


class PhotoError(Exception):
    """A file that is no evidence as it stands; `code` says why (F080 to F086)."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True)
class Kept:
    """A photo or paper as it goes into an audit folder."""

    sha256: str
    """Of `content`."""

    content: bytes
    suffix: str
    """By what it is: `.jpg`, `.png`, `.webp`, `.gif`, `.pdf`, `.svg`."""

    taken: datetime | None = None
    """When, as the camera wrote it down; without an offset where neither it nor a zone told one."""

    original: str = ""
    """The sha256 of what was handed in; the same where nothing of it was changed."""

    where: tuple[str, str] | None = None
    """Latitude and longitude in degrees to three decimals; only where places are kept."""


# --- what a file is ------------------------------------------------------------------------------

_HEADS: Final = (
    ("jpg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("gif", re.compile(rb"GIF8[79]a")),
    ("heic", re.compile(rb"....ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL)),
    ("pdf", re.compile(rb"%PDF-[12]\.\d")),
    ("svg", re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!DOCTYPE\s+svg|!--)")),
)

HEAD: Final = 256
"""Bytes at the beginning of a file that say what it is."""


def kind_of(content: bytes) -> str:
    """Say what a file is by how it begins: `jpg`, `heic`, `pdf`…; empty for one that is no photo.

    The first `HEAD` bytes are enough.
    """
    return next((kind for kind, head in _HEADS if head.match(content[:HEAD])), "")


# --- keeping -------------------------------------------------------------------------------------


def keep(name: str, content: bytes, *, place: bool, zone: tzinfo | None = None) -> Kept:
    """Make of a file what is kept of it; raises PhotoError where it is no evidence.

    `place` says whether the handbook wants to know where photos were taken. A camera that tells no
    offset is on the clock of `zone`; without a zone its time has no offset either.
    """
    kind = kind_of(content)
    if not content:
        raise PhotoError("F083", name=name)
    if not kind:
        raise PhotoError("F080", name=name)
    if len(content) > BYTES:
        raise PhotoError("F081", name=name, size=_megabytes(len(content)), most=_megabytes(BYTES))
    if kind == "svg":
        raise PhotoError("F084", name=name)
    if kind == "pdf":
        return _paper(name, content)
    bare, kind = _picture(name, content, kind)
    _drawable(name, bare.content)
    found = _kept(bare.content, kind, content)
    where = bare.exif.where if place else None
    return replace(found, taken=bare.exif.moment(zone), where=where)


def taken_at(content: bytes, zone: tzinfo | None = None) -> datetime | None:
    """Say when a photo was taken, as it says itself; None where it does not or is broken."""
    kind = kind_of(content)
    if kind in {"", "svg", "pdf", "heic"} or len(content) > BYTES:
        return None
    try:
        return stripped(content, kind).exif.moment(zone)
    except (BrokenError, MovingError):
        return None


def _kept(content: bytes, kind: str, original: bytes) -> Kept:
    digest = sha256(original).hexdigest()
    own = digest if content == original else sha256(content).hexdigest()
    return Kept(own, content, f".{kind}", original=digest)


def _megabytes(number: int) -> str:
    return f"{number / (1 << 20):.0f}"


def _picture(name: str, content: bytes, kind: str) -> tuple[Bare, str]:
    """Give a picture bare, and what it is then: of HEIC a JPEG is made."""
    if kind != "heic":
        return _bare(name, content, kind), kind
    made, said = _jpeg_of(name, content)
    return replace(_bare(name, made, "jpg"), exif=said), "jpg"


def _bare(name: str, content: bytes, kind: str) -> Bare:
    """Take the metadata out, and hold the size of the picture against what is allowed."""
    try:
        bare = stripped(content, kind)
    except BrokenError:
        raise PhotoError("F083", name=name) from None
    except MovingError:
        raise PhotoError("F086", name=name) from None
    _bounded(name, bare.size, bare.dot)
    return bare


def _bounded(name: str, size: tuple[int, int], dot: float) -> None:
    """Hold the pixels of a picture against what is allowed, at so many bytes each."""
    width, height = size
    most = min(PIXELS, int(MEMORY / dot)) if dot else PIXELS
    if width * height > most:
        told = {"width": str(width), "height": str(height), "most": f"{most:,}"}
        raise PhotoError("F082", name=name, **told)


def _paper(name: str, content: bytes) -> Kept:
    """Keep a PDF as it is; one without its end was cut off, or carries something behind it."""
    end = content.rfind(b"%%EOF")
    if end < 0 or len(content) - end > 1 << 10:
        raise PhotoError("F083", name=name)
    return _kept(content, "pdf", content)


def _drawable(name: str, content: bytes) -> None:
    """Decode a picture once, small where that is possible: a broken one is told now."""
    with _opened(name, content) as image:
        image.draft("RGB", (image.width // 8 or 1, image.height // 8 or 1))
        _loaded(name, image)


def _opened(name: str, content: bytes) -> "Image":
    from PIL import Image  # noqa: PLC0415 -- 27 ms that a handbook's check need not wait for

    try:
        with warnings.catch_warnings():
            # How many pixels there may be is asked before, from the header.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise PhotoError("F083", name=name) from None


def _loaded(name: str, image: "Image") -> None:
    from PIL import ImageFile  # noqa: PLC0415 -- comes with Pillow

    # Whoever makes a PDF in this process (WeasyPrint) has let all pictures be cut off.
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error):
        raise PhotoError("F083", name=name) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


# --- HEIC ----------------------------------------------------------------------------------------


def _weight(held: "HeifFile") -> float:
    """Say how many bytes a pixel of a HEIC photo takes at most while a JPEG is made of it.

    Measured with 12 to 54 million pixels (libheif 1.23), turned and with a profile. Phones sample
    colours at every other pixel both ways (420), which leaves room for 52 million.
    """
    if held.has_alpha:
        return 17.0
    if held.info.get("chroma") in _COARSE:
        return 7.2
    return 9.6 if held.info.get("bit_depth") == _EIGHT else 15.0


def _jpeg_of(name: str, content: bytes) -> tuple[bytes, Exif]:
    """Make a JPEG of a HEIC photo, which opens hardly anywhere, and say what it said of itself.

    Its boxes cannot be copied without what is private in them; so this one is coded anew, upright.
    """
    try:
        import pi_heif  # noqa: PLC0415 -- an extra
    except ImportError:
        raise PhotoError("F085", name=name, extra=_EXTRA) from None
    try:
        held = pi_heif.open_heif(BytesIO(content), convert_hdr_to_8bit=True)
        _bounded(name, held.size, _weight(held))
        image, block = held.to_pillow(), held.info.get("exif") or b""
        del held  # with it the pixels, as they were decoded
    except (OSError, SyntaxError, ValueError, RuntimeError, EOFError):
        raise PhotoError("F083", name=name) from None
    said = read_exif(block.removeprefix(b"Exif\0\0"))
    # Only its time goes along: the library has turned the picture upright already.
    kept = replace(said, orientation=1).kept()
    file = BytesIO()
    coloured = _coloured(image)
    coloured.save(
        file, "JPEG", quality=_FINE, subsampling=0, exif=b"Exif\0\0" + kept if kept else b""
    )
    return file.getvalue(), said


# --- copies for reports --------------------------------------------------------------------------

_FINE, _GOOD = 92, 82
"""Quality of a photo that is kept, and of a copy."""


def scaled(content: bytes, longest: int) -> tuple[bytes, str]:
    """Make a small copy for a report: upright, bare, sRGB, no side longer than `longest` pixels.

    Gives its bytes and their kind, `image/jpeg`. The same photo gives the same bytes with the same
    version of Pillow. Raises PhotoError where the content is no picture; a PDF is none.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 -- 27 ms only pictures wait for

    kind = kind_of(content)
    if kind in {"", "pdf", "svg"}:
        raise PhotoError("F080", name="")
    bare, _ = _picture("", content, kind)
    with _opened("", bare.content) as image:
        image.draft("RGB", (longest * 2, longest * 2))
        _loaded("", image)
        # Shrunk before it is turned and coloured, because there are fewer pixels then.
        small = _eight_bits(image)
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
        upright = _coloured(ImageOps.exif_transpose(small))
    file = BytesIO()
    upright.save(file, "JPEG", quality=_GOOD, optimize=True)
    return file.getvalue(), "image/jpeg"


def _eight_bits(image: "Image") -> "Image":
    """Give a picture whose colours can be mixed: no palette, no 16 bits a pixel."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in {"P", "PA", "LA", "RGBa", "La"}:
        return image.convert("RGBA")
    return image.convert("L") if image.mode in {"1", "F"} else image.copy()


def _coloured(image: "Image") -> "Image":
    """Give it in the colours of a screen, on white where it can be seen through, and bare."""
    from PIL import Image  # noqa: PLC0415 -- as above

    profile = image.info.get("icc_profile")
    if "A" in image.getbands():
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    if profile:
        image = _screen(image, profile)
    if image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image.info = {}
    return image


def _screen(image: "Image", profile: bytes) -> "Image":
    """Put the colours of another profile, as phones use them, into those of a screen."""
    from PIL import ImageCms  # noqa: PLC0415 -- 8 ms only coloured pictures wait for

    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        # In place where that can be: a large photo is not held twice.
        place = image.mode == "RGB"
        done = ImageCms.profileToProfile(image, own, target, outputMode="RGB", inPlace=place)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that makes no sense colours nothing
    return image if done is None else done


# --- signatures ----------------------------------------------------------------------------------

_SVG: Final = "{http://www.w3.org/2000/svg}"
_ELEMENTS: Final = frozenset(
    {"svg", "g", "path", "polyline", "line", "circle", "ellipse", "rect", "title"}
)
_BARE: Final = frozenset({f"{_SVG}{tag}" for tag in ("svg", "g", "title")})
"""Elements that draw nothing themselves."""

_ATTRIBUTES: Final = frozenset(
    {
        "version", "viewBox", "width", "height", "preserveAspectRatio",
        "d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fill",
        "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
        "stroke-opacity", "opacity",
    }
)  # fmt: skip
_PLAIN: Final = re.compile(r"[\w\s.,#%()+-]*", re.ASCII)
_DRAWN: Final = 2 << 20
"""Bytes of a signature; a long one drawn slowly has 100 KB."""


def signature(content: bytes) -> Kept:
    """Keep a signature drawn on a screen: a picture, or an SVG of lines and nothing else.

    An SVG can run scripts and fetch pages; of one that holds anything but strokes nothing is kept
    (PhotoError), and of the rest only the strokes are written down again.
    """
    name = "signature"
    if kind_of(content) != "svg":
        kept = keep(name, content, place=False)
        if kept.suffix == ".pdf":
            raise PhotoError("F080", name=name)
        return kept
    if len(content) > _DRAWN:
        raise PhotoError("F084", name=name)
    try:
        text = content.decode("utf-8-sig")  # whatever it says of itself: no other writing hides
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise PhotoError("F084", name=name)
        root = ET.fromstring(text)  # noqa: S314 -- without entities there is no bomb
        if root.tag != f"{_SVG}svg":
            raise PhotoError("F084", name=name)
        drawn = "".join(_strokes(root, ' xmlns="http://www.w3.org/2000/svg"'))
    except (ET.ParseError, ValueError, RecursionError):
        raise PhotoError("F083", name=name) from None
    if all(one.tag in _BARE for one in root.iter()):
        raise PhotoError("F083", name=name)  # nobody drew anything
    return _kept(drawn.encode(), "svg", content)


def _strokes(element: ET.Element, first: str = "") -> Iterator[str]:
    tag = element.tag.removeprefix(_SVG)
    if tag not in _ELEMENTS or not _harmless(element.attrib):
        raise PhotoError("F084", name="signature")
    own = "".join(f" {key}={quoteattr(value)}" for key, value in sorted(element.attrib.items()))
    yield f"<{tag}{first}{own}>"
    if tag == "title":
        yield escape(element.text or "")
    for child in element:
        yield from _strokes(child)
    yield f"</{tag}>"


def _harmless(attributes: Mapping[str, str]) -> bool:
    return all(
        key in _ATTRIBUTES and _PLAIN.fullmatch(value) and "url" not in value.casefold()
        for key, value in attributes.items()
    )
