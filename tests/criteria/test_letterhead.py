"""Logos and colours: what is a picture, what can be read, what leads out of the handbook."""

from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook
from sopaudit.criteria.letterhead import CONTRAST, on_white
from sopaudit.criteria.picture import foreign, kind

ROOT = Path(__file__).parents[2]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">%s</svg>'


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (SVG % b"", "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- drawn by us -->\n<svg>", "image/svg+xml"),
        (b"GIF89a", None),
        (b"<html><svg></svg></html>", None),
        (b"\xff\xfe<svg", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_content(content: bytes, found: str | None) -> None:
    assert kind(content) == found


@pytest.mark.parametrize(
    ("inside", "quoted"),
    [
        (b'<image href="https://example.org/a.png"/>', "https://example.org/a.png"),
        (b'<use xlink:href="other.svg#a"/>', "other.svg#a"),
        (b"<rect style=\"fill: url('file:///etc/passwd')\"/>", "file:///etc/passwd"),
        (b"<script>alert(1)</script>", "<script"),
        (b'<rect onload="alert(1)"/>', "onload="),
        (b'<use href="#a"/><rect fill="url(#b)"/>', ""),
        (b'<image href="data:image/png;base64,AAAA"/>', ""),
    ],
)
def test_a_drawing_that_leads_out_of_itself_is_found(inside: bytes, quoted: str) -> None:
    assert foreign(SVG % inside) == quoted


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", 21), ("#ffffff", 1), ("#767676", 4.54), ("#777777", 4.48)]
)
def test_contrast_is_that_of_the_standard(colour: str, ratio: float) -> None:
    assert float(on_white(colour)) == ratio


def test_the_colours_of_the_sample_handbook_can_be_read() -> None:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    colours = handbook.report.colours
    assert colours is not None
    assert min(on_white(colours.accent or ""), on_white(colours.signal or "")) >= CONTRAST


def test_a_handbook_without_the_entry_has_the_usual_look() -> None:
    handbook, _ = load_handbook(ROOT / "examples" / "fhrs")
    assert handbook is not None
    assert (handbook.report.logo, handbook.report.colours, handbook.report.number) == (
        None,
        None,
        None,
    )
