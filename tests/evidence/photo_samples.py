"""Photos for tests: small, of every kind, with whatever a camera writes into them."""

import struct
import zlib
from io import BytesIO
from typing import Any, Final

from PIL import Image, PngImagePlugin

SIZE: Final = (48, 32)
CHENGDU: Final = ((30.0, 39.0, 26.5), (104.0, 4.0, 1.2))
TAKEN: Final = "2026:11:06 09:30:12"
KINDS: Final = ("jpg", "png", "webp", "gif")
_FORMATS: Final = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
_SECRET: Final = b"SECRET-SERIAL-0042"
"""Stands for everything nobody wants to hand out."""


def drawing(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Draw something whose sides and colours can be told apart."""
    ramp = Image.linear_gradient("L").resize(size)
    image = Image.merge("RGB", (ramp, ramp.transpose(Image.Transpose.ROTATE_180), ramp))
    image.paste((220, 30, 30), (0, 0, size[0] // 3, size[1] // 2))
    if mode == "I;16":
        return ramp.convert("I").point(lambda value: value * 256).convert("I;16")
    return image.convert(mode)


def camera(
    *,
    turned: int = 1,
    taken: str = TAKEN,
    offset: str = "",
    where: tuple[Any, Any] | None = CHENGDU,
    sides: str = "NE",
) -> Image.Exif:
    """Write the EXIF of a phone: its maker, its serial number, when and where."""
    exif = Image.Exif()
    exif[0x010F] = _SECRET.decode()
    exif[0x0112] = turned
    inner = exif.get_ifd(0x8769)
    if taken:
        inner[0x9003] = taken
    if offset:
        inner[0x9011] = offset
    inner[0xA431] = _SECRET.decode()
    inner[0x927C] = _SECRET * 20  # the notes of its maker
    if where is not None:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = sides[0], where[0], sides[1], where[1]
    return exif


def photo(
    kind: str = "jpg", exif: Image.Exif | None = None, *, image: Image.Image | None = None
) -> bytes:
    """Make a photo with everything private a file of its kind can hold."""
    file = BytesIO()
    options: dict[str, Any] = {} if kind == "gif" else {"exif": exif or camera()}
    xmp = b"<x:xmpmeta>" + _SECRET + b"</x:xmpmeta>"
    if kind in {"jpg", "webp"}:
        options |= {"xmp": xmp, "quality": 90}
    if kind in {"jpg", "gif"}:
        options["comment"] = _SECRET
    if kind == "png":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["pnginfo"].add_text("Author", _SECRET.decode())
    picture = image or drawing("P" if kind == "gif" else "RGB")
    picture.save(file, _FORMATS[kind], **options)
    return file.getvalue()


def pixels(content: bytes) -> tuple[str, tuple[int, int], bytes]:
    """Decode a picture: its kind of colour, its size, and every pixel as it is stored."""
    with Image.open(BytesIO(content)) as image:
        return image.mode, image.size, image.tobytes()


def tags(content: bytes) -> dict[int, Any]:
    """Read every tag with another reader than ours."""
    with Image.open(BytesIO(content)) as image:
        exif = image.getexif()
        return {**exif, **exif.get_ifd(0x8769), **exif.get_ifd(0x8825)}


def secret(content: bytes) -> bool:
    """Say whether anything private is left."""
    return _SECRET in content or b"GPS" in content or b"xmp" in content


def moving(kind: str) -> bytes:
    """Make a picture of two frames."""
    file = BytesIO()
    frames = [drawing("P" if kind == "gif" else "RGB"), drawing("L").convert("RGB")]
    frames[0].save(file, _FORMATS[kind], save_all=True, append_images=frames[1:])
    return file.getvalue()


def enormous(kind: str, width: int = 60_000, height: int = 60_000) -> bytes:
    """Claim to be a picture of more pixels than fit in memory, in a few bytes."""
    if kind == "jpg":
        plain = photo("jpg")
        at = plain.index(b"\xff\xc0") + 5
        return plain[:at] + struct.pack(">HH", height, width) + plain[at + 4 :]
    if kind == "png":
        head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(64))), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in chunks
        )
    if kind == "gif":
        plain = photo("gif")
        return plain[:6] + struct.pack("<HH", width, height) + plain[10:]
    plain = photo("webp")
    at = plain.index(b"VP8X") + 12
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return plain[:at] + sides + plain[at + 6 :]
