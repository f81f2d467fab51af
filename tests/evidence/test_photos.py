"""Photos as evidence: what is kept is the picture alone, and every pixel of it."""

import hashlib
import struct
import sys
import zlib
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile
from tests.evidence.photo_samples import (
    KINDS,
    camera,
    drawing,
    enormous,
    moving,
    photo,
    pixels,
    secret,
    tags,
)

from sopaudit.evidence import photos, stripped
from sopaudit.evidence.exif import read_exif
from sopaudit.evidence.photos import PhotoError, keep, kind_of, scaled, signature, taken_at

CHINA = timezone(timedelta(hours=8))
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
STROKES = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" '
    b'width="90" height="30"><path d="M 1,2 C 3.5,4 5,6 7,8" stroke="rgb(0, 0, 0)" fill="none" '
    b'stroke-width="2.5" stroke-linecap="round"/></svg>'
)


def code_of(content: bytes, name: str = "a.jpg") -> str:
    with pytest.raises(PhotoError) as caught:
        keep(name, content, place=True)
    return caught.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_photo_has_every_pixel_and_nothing_private(kind: str) -> None:
    content = photo(kind)
    assert secret(content)
    kept = keep("a", content, place=False)
    assert not secret(kept.content)
    assert pixels(kept.content) == pixels(content)
    assert kept.suffix == f".{kind}"
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest()
    assert kept.original == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_which_side_is_up_and_when_stay_in_the_photo(kind: str, turned: int) -> None:
    kept = keep("a", photo(kind, camera(turned=turned, offset="+08:00")), place=False)
    left = tags(kept.content)
    left.pop(0x8769)  # where the time stands
    assert left == {0x0112: turned, 0x9003: "2026:11:06 09:30:12", 0x9011: "+08:00"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_kept_is_kept_again_as_it_is(kind: str) -> None:
    once = keep("a", photo(kind), place=True)
    again = keep("a", once.content, place=True)
    assert (again.content, again.original, again.where) == (once.content, once.sha256, None)


@settings(max_examples=25, deadline=None)
@given(
    side=st.tuples(st.integers(0, 9), st.sampled_from(["jpg", "png", "webp"])),
    when=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 -- a camera's
    offset=st.sampled_from(["", "+08:00", "-03:30", "+99:00", "nonsense"]),
    place=st.tuples(st.floats(0, 89.9), st.floats(0, 179.9)),
    sides=st.sampled_from(["NE", "SW", "NW", "XX"]),
)
def test_whatever_a_camera_writes_no_place_is_left(
    side: tuple[int, str], when: datetime, offset: str, place: tuple[float, float], sides: str
) -> None:
    turned, kind = side
    where = tuple((degrees, 0.0, 0.0) for degrees in place)
    exif = camera(
        turned=turned,
        taken=f"{when:%Y:%m:%d %H:%M:%S}",
        offset=offset,
        where=(where[0], where[1]),
        sides=sides,
    )
    content = photo(kind, exif)
    kept = keep("a", content, place=True, zone=CHINA)
    assert set(tags(kept.content)) <= {0x0112, 0x8769, 0x9003, 0x9011}
    assert pixels(kept.content) == pixels(content)
    assert kept.taken is not None
    assert kept.taken.replace(tzinfo=None) == when.replace(microsecond=0)
    if sides == "XX":
        assert kept.where is None
    else:
        assert kept.where is not None
        signs = [1 if side in "NE" else -1 for side in sides]
        for told, degrees, sign in zip(kept.where, place, signs, strict=True):
            assert abs(float(told) - sign * degrees) < 0.0006


def test_a_place_is_told_only_where_places_are_kept() -> None:
    assert keep("a", photo(), place=True).where == ("30.657", "104.067")
    assert keep("a", photo(), place=False).where is None


def test_a_camera_without_an_offset_is_on_the_clock_of_the_zone() -> None:
    assert keep("a", photo(), place=False).taken == datetime(2026, 11, 6, 9, 30, 12)  # noqa: DTZ001
    assert keep("a", photo(), place=False, zone=CHINA).taken == datetime(
        2026, 11, 6, 9, 30, 12, tzinfo=CHINA
    )
    told = photo(exif=camera(offset="+00:00"))
    assert taken_at(told, CHINA) == datetime(2026, 11, 6, 9, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "2026-11-06", "2026:02:30 10:00:00", ""])
def test_a_time_that_is_none_is_not_kept(taken: str) -> None:
    kept = keep("a", photo(exif=camera(taken=taken)), place=False, zone=CHINA)
    assert kept.taken is None
    assert 0x9003 not in tags(kept.content)


@pytest.mark.parametrize("kind", KINDS)
def test_what_hangs_behind_the_picture_is_cut_off(kind: str) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("film.mp4", b"film")
    kept = keep("a", photo(kind) + packed.getvalue(), place=False)
    assert kept.content == keep("a", photo(kind), place=False).content
    assert b"film" not in kept.content


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_that_was_cut_off_anywhere_is_told(kind: str) -> None:
    # What was kept has nothing private at its end, so that every cut goes through the picture.
    whole = keep("a", photo(kind), place=False).content
    for end in range(16, len(whole) - 1, 7):
        assert code_of(whole[:end]) == "F083"


def test_a_sum_that_is_not_right_tells_a_broken_png() -> None:
    whole = bytearray(keep("a", photo("png"), place=False).content)
    whole[29] ^= 1  # of the header, which says the size and the colours
    assert code_of(bytes(whole)) == "F083"


@settings(max_examples=30, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    spots=st.lists(st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=4)), max_size=4),
)
def test_a_damaged_photo_is_told_or_kept_and_never_more(
    kind: str, spots: list[tuple[int, bytes]]
) -> None:
    content = bytearray(photo(kind))
    for at, piece in spots:
        content[at % len(content) : at % len(content) + len(piece)] = piece
    try:
        kept = keep("a", bytes(content), place=True)
    except PhotoError as error:
        told = error.code
    else:
        told = ""
        assert keep("a", kept.content, place=True).content == kept.content
        assert scaled(kept.content, 20)[1] == "image/jpeg"
    assert told in {"", "F080", "F082", "F083", "F085", "F086"}


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200).map(lambda rest: b"MM\0*\0\0\0\x08" + rest))
def test_a_block_of_exif_that_lies_is_read_without_harm(block: bytes) -> None:
    exif = read_exif(block)
    assert exif.orientation in range(1, 9)
    assert read_exif(exif.kept()).kept() == exif.kept()


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_too_many_pixels_is_never_decoded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "open", None)
    assert code_of(enormous(kind)) == "F082"
    with pytest.raises(PhotoError):
        scaled(enormous(kind), 100)


def test_a_file_of_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "BYTES", 500)
    assert code_of(photo()) == "F081"


@pytest.mark.parametrize("kind", ["png", "webp", "gif"])
def test_a_picture_that_moves_is_refused(kind: str) -> None:
    assert code_of(moving(kind)) == "F086"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "F083"),
        (b"hello", "F080"),
        (b"BM" + bytes(60), "F080"),
        (b"MZ" + bytes(60), "F080"),
        (b"<html><script>alert(1)</script>", "F080"),
        (STROKES, "F084"),
        (b"%PDF-1.7\n1 0 obj", "F083"),
        (PDF + bytes(2000), "F083"),
        (b"\xff\xd8\xff\xd9", "F083"),
        # Its sums are right, but the picture ends before its last line.
        (enormous("png", 48, 32), "F083"),
    ],
)
def test_what_is_no_photo_is_told(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_file_is_what_its_content_says() -> None:
    assert keep("scan.pdf", photo("png"), place=False).suffix == ".png"
    assert keep("photo.jpg", PDF, place=False).suffix == ".pdf"


def test_a_paper_is_kept_as_it_is() -> None:
    kept = keep("a.pdf", PDF, place=True)
    assert (kept.content, kept.original, kept.taken) == (PDF, kept.sha256, None)


@pytest.mark.parametrize(
    ("size", "coded", "fits"),
    [
        ((8064, 6048), (False, 420, 8), True),
        ((6048, 8064), (False, 420, 10), True),
        ((8192, 6144), (False, 420, 8), True),
        ((11648, 8736), (False, 420, 8), False),
        ((8064, 6048), (False, 444, 8), False),
        ((6144, 4096), (False, 444, 10), True),
        ((6144, 6144), (False, 444, 10), False),
        ((4032, 3024), (True, 420, 8), True),
        ((8064, 6048), (True, 420, 8), False),
    ],
)
def test_a_photo_of_a_newer_phone_is_held_against_the_memory_it_takes(
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    coded: tuple[bool, int, int],
    *,
    fits: bool,
) -> None:
    """Whether it can be seen through, how its colours are sampled, and its depth."""
    alpha, chroma, depth = coded
    held = SimpleNamespace(
        size=size,
        has_alpha=alpha,
        info={"chroma": chroma, "bit_depth": depth},
        to_pillow=lambda: Image.new("RGB", (8, 8)),
    )
    fake = SimpleNamespace(open_heif=lambda *_, **__: held)
    monkeypatch.setitem(sys.modules, "pi_heif", fake)
    content = b"\0\0\0\x18ftypheic" + bytes(40)
    if fits:
        assert keep("IMG_0001.HEIC", content, place=False).suffix == ".jpg"
        return
    with pytest.raises(PhotoError) as caught:
        keep("IMG_0001.HEIC", content, place=False)
    assert caught.value.code == "F082"


def test_a_large_photo_is_not_held_twice_to_be_coloured() -> None:
    image = Image.new("RGB", (8, 8), "red")
    assert photos._coloured(image) is image
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.info["icc_profile"] = profile
    assert photos._coloured(image) is image
    assert (image.getpixel((0, 0)), image.info) == ((255, 0, 0), {})


def test_a_photo_of_a_newer_phone_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    content = b"\0\0\0\x18ftypheic" + bytes(40)
    assert kind_of(content) == "heic"
    with pytest.raises(PhotoError) as caught:
        keep("IMG_0001.HEIC", content, place=False)
    assert (caught.value.code, caught.value.values["extra"]) == ("F085", "sopaudit[heic]")


# --- copies --------------------------------------------------------------------------------------


def shown(content: bytes, longest: int = 24) -> Image.Image:
    small, kind = scaled(content, longest)
    assert kind == "image/jpeg"
    image = Image.open(BytesIO(small))
    assert not dict(image.getexif())
    assert "icc_profile" not in image.info
    return image


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_is_the_same_bytes_on_every_run(kind: str) -> None:
    content = photo(kind)
    assert scaled(content, 24) == scaled(content, 24)
    assert scaled(keep("a", content, place=False).content, 24) == scaled(content, 24)


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_copy_stands_upright(turned: int) -> None:
    plain = drawing(size=(480, 320))
    image = shown(photo(exif=camera(turned=turned), image=plain), 240)
    assert image.size == ((240, 160) if turned < 5 else (160, 240))
    # The red corner goes where the camera says it is.
    right, low = turned in {2, 3, 6, 7}, turned in {3, 4, 7, 8}
    spot = (image.width - 20 if right else 20, image.height - 20 if low else 20)
    colour = image.getpixel(spot)
    assert isinstance(colour, tuple)
    assert colour[0] > 180
    assert colour[1] < 80


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_copy_is_made_of_every_kind_of_colour(mode: str) -> None:
    image = shown(photo("png", image=drawing(mode)))
    assert image.size == (24, 16)
    assert len(image.tobytes()) == 24 * 16 * len(image.getbands())
    extrema: Any = image.convert("L").getextrema()
    assert extrema[1] - extrema[0] > 60


def test_a_copy_of_a_picture_for_printing_has_the_colours_of_a_screen() -> None:
    image = shown(photo(image=drawing("CMYK")))
    assert image.mode == "RGB"
    red = image.getpixel((2, 2))
    assert isinstance(red, tuple)
    assert red[0] > 150 > red[1]


def test_what_can_be_seen_through_stands_on_white() -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert shown(photo("png", image=clear)).getpixel((5, 5)) == (255, 255, 255)


def test_colours_of_another_profile_become_those_of_a_screen() -> None:
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A screen whose red is green, and the other way round.
    other = screen.replace(b"rXYZ", b"....").replace(b"gXYZ", b"rXYZ").replace(b"....", b"gXYZ")
    file = BytesIO()
    drawing().save(file, "JPEG", quality=95, icc_profile=other)
    colour = shown(file.getvalue()).getpixel((2, 2))
    assert isinstance(colour, tuple)
    assert colour[1] > 150
    assert colour[0] < 90
    broken = BytesIO()
    drawing().save(broken, "JPEG", icc_profile=b"no profile at all" * 9)
    assert shown(broken.getvalue()).mode == "RGB"


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_a_copy_of_every_kind_stands_upright(kind: str) -> None:
    assert shown(photo(kind, camera(turned=6))).size == (16, 24)


def test_a_small_photo_is_not_made_larger() -> None:
    assert shown(photo(), 900).size == (48, 32)


@pytest.mark.parametrize("content", [PDF, STROKES, b"", b"hello"])
def test_no_copy_is_made_of_what_is_no_picture(content: bytes) -> None:
    with pytest.raises(PhotoError):
        scaled(content, 100)


# --- signatures ----------------------------------------------------------------------------------


NESTED = b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 2_000 + b"</g>" * 2_000 + b"</svg>"


def test_a_signature_is_its_strokes() -> None:
    kept = signature(STROKES)
    assert kept.suffix == ".svg"
    assert b"M 1,2 C 3.5,4 5,6 7,8" in kept.content
    assert signature(kept.content).content == kept.content
    assert signature(photo("png")).suffix == ".png"


def test_a_photo_cut_off_is_told_also_where_a_pdf_was_made_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert code_of(enormous("png", 48, 32)) == "F083"
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        '<path d="M1,1" onload="alert(1)"/>',
        '<image href="https://example.com/a.png"/>',
        '<a href="javascript:alert(1)"><path d="M1,1"/></a>',
        '<path d="M1,1" style="background:url(x)"/>',
        '<path d="M1,1" fill="url(#a)"/>',
        "<style>@import 'x'</style>",
        "<foreignObject/>",
        '<set xmlns="http://www.w3.org/1999/xhtml"/>',
    ],
)
def test_a_signature_that_can_do_anything_is_refused(inner: str) -> None:
    text = f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'
    with pytest.raises(PhotoError) as caught:
        signature(text.encode())
    assert caught.value.code == "F084"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<!DOCTYPE svg SYSTEM "a.dtd"><svg xmlns="http://www.w3.org/2000/svg"/>', "F084"),
        (b'<!DOCTYPE svg [<!ENTITY a "aa">]><svg xmlns="http://www.w3.org/2000/svg"/>', "F084"),
        (b"<svg><path", "F083"),
        (b"<svg/>", "F084"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', "F083"),
        (NESTED, "F083"),
        (b'<?xml version="1.0"?>\xff\xfe', "F083"),
    ],
)
def test_a_signature_that_is_no_plain_drawing_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(PhotoError) as caught:
        signature(content)
    assert caught.value.code == code


def test_a_signature_is_read_as_one_writing_whatever_it_says_of_itself() -> None:
    said = STROKES.replace(b'version="1.0"', b'version="1.0" encoding="cp037"')
    assert signature(said).content == signature(STROKES).content


def test_a_signature_of_more_bytes_than_a_hand_draws_is_refused() -> None:
    with pytest.raises(PhotoError) as caught:
        signature(STROKES + b" " * (2 << 20))
    assert caught.value.code == "F084"


# --- pictures that are small and cost much -------------------------------------------------------


def test_a_picture_is_refused_for_what_its_decoder_would_hold() -> None:
    """A plain JPEG is drawn small; nothing else is."""
    told = {kind: code_of(enormous(kind, 10_900, 10_900)) for kind in ("png", "gif")}
    assert told == {"png": "F082", "gif": "F082"}
    assert keep("a.jpg", enormous("jpg", 10_900, 10_900), place=False).suffix == ".jpg"
    assert not stripped.stripped(photo("jpg"), "jpg").dot
    assert code_of(enormous("webp", 5_000, 5_000)) == "F082"
    assert code_of(enormous("png", 9_000, 9_000)) == "F083"  # what it claims to hold is not there


def several_scans(width: int, sampling: int) -> bytes:
    """Claim to be a large JPEG of several scans, sampled coarsely or finely."""
    made = BytesIO()
    small = Image.effect_noise((64, 64), 90).convert("RGB")
    small.save(made, "JPEG", progressive=True, subsampling=sampling)
    plain = made.getvalue()
    at = plain.index(b"\xff\xc2") + 5
    return plain[:at] + struct.pack(">HH", width, width) + plain[at + 4 :]


def test_a_finely_sampled_jpeg_of_several_scans_may_have_fewer_pixels() -> None:
    coarse, fine = (
        stripped.stripped(several_scans(8_000, sampling), "jpg").dot for sampling in (2, 0)
    )
    assert (coarse, fine) == (3, 6)
    with pytest.raises(PhotoError) as caught:
        keep("a.jpg", several_scans(8_000, 0), place=False)
    assert (caught.value.code, caught.value.values["most"]) == ("F082", "62,914,560")


def test_a_jpeg_of_thousands_of_scans_is_refused_before_it_is_drawn() -> None:
    plain = several_scans(64, 2)
    scan = plain[plain.rindex(b"\xff\xda") : -2]
    assert keep("a", plain[:-2] + scan * 80 + b"\xff\xd9", place=True).suffix
    assert code_of(plain[:-2] + scan * 100 + b"\xff\xd9") == "F083"


def test_a_picture_cut_into_countless_blocks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripped, "_PARTS", 99)
    plain = photo("jpg")
    assert keep("a", plain[:2] + b"\xff\xfe\0\2" * 50 + plain[2:], place=True).suffix
    assert code_of(plain[:2] + b"\xff\xfe\0\2" * 100 + plain[2:]) == "F083"
    plain = photo("png")
    empty = b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    assert keep("a", plain[:33] + empty * 50 + plain[33:], place=True).suffix
    assert code_of(plain[:33] + empty * 100 + plain[33:]) == "F083"
