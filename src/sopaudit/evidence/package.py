"""What a workbook's own XML says that calamine does not: cells without a value, day 0 of its dates.

Both are looked for as bytes: a sheet of a million rows is unpacked in half a second, and read only
where the mark of an error or of a formula stands in it.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO, Final
from zipfile import BadZipFile, ZipFile

from sopaudit.evidence.habits import EPOCH_1900, EPOCH_1904

_BLOCK: Final = 1 << 20
_ERRORS: Final = (b't="e"', b"t='e'")
_EMPTY: Final = re.compile(rb"f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
"""Behind a formula without a value; found far faster than the cell it ends."""

_CELL: Final = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*\bt=["']e["'][^>]*)>(.*?)</(?:\w+:)?c>""", re.DOTALL
)
_UNCOMPUTED: Final = re.compile(
    rb"""<(?:\w+:)?c\s((?:(?!\bt=["']str)[^>])*)><((?:\w+:)?f)\b[^>]*>([^<]*)</\2>"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
"""A formula whose program left the value to Excel; an empty text that Excel found has `t="str"`."""

_PLACE: Final = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_NULL_DATE: Final = re.compile(rb"""<table:null-date[^>]*date-value=["']1904-01-01""")
_TAG: Final = re.compile(r"<(?:\w+:)?(sheet|workbookPr|Relationship)\s([^>]*)>")
_ATTRIBUTE: Final = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_ZEROS: Final = re.compile(r"0{2,}")
"""A number format that shows so many digits, zeros in front."""

_NUMBER: Final = re.compile(
    rb"""<(?:\w+:)?c\s((?:(?!\bt=)[^>])*\bs=["'](\d+)["'](?:(?!\bt=)[^>])*)>"""
    rb"""\s*<(?:\w+:)?v>\d"""
)
"""A cell that is a number, with a style."""

_STYLED: Final = re.compile(r"<(?:\w+:)?(numFmt|xf|cellXfs|/(?:\w+:)?cellXfs)\b([^>]*)>")
_LONGEST: Final = 1 << 14
"""Bytes a cell with an error may have; its formula stands in it."""


_GLOBALS: Final = bytes.fromhex("0908 1000 0006 0500")
"""Begins the part of an .xls that is about the workbook as a whole."""

_DATE_MODE, _END = 0x22, 0x0A


def _epoch_of_xls(path: Path) -> date:
    """Go through the records an .xls begins with: each its kind, its length, its content."""
    with path.open("rb") as file:
        head = file.read(_BLOCK)
    at = head.find(_GLOBALS)
    while 0 <= at < len(head) - 4:
        kind, length = (int.from_bytes(head[n : n + 2], "little") for n in (at, at + 2))
        if kind == _DATE_MODE and head[at + 4] == 1:
            return EPOCH_1904
        if kind in {_DATE_MODE, _END}:
            break
        at += 4 + length
    return EPOCH_1900


class Package:
    """The XML of an .xlsx or .xlsm; of an .xls or .ods only day 0."""

    def __init__(self, path: Path) -> None:
        self.epoch: date = _epoch_of_xls(path)
        self._path = path
        self._parts: dict[str, str] = {}
        """Per sheet, the part of the package it stands in."""

        self._widths: dict[bytes, int] = {}
        """Per style whose numbers show zeros in front: how many digits they have."""

        with suppress(BadZipFile, KeyError, OSError), ZipFile(path) as zip_:
            if "content.xml" in zip_.namelist():
                self._ods(zip_.open("content.xml"))
                return
            book = zip_.read("xl/workbook.xml").decode("utf-8", "replace")
            links = zip_.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
            targets = {a["Id"]: a["Target"] for name, a in _tags(links) if name == "Relationship"}
            for name, attributes in _tags(book):
                if name == "workbookPr" and attributes.get("date1904") in {"1", "true", "on"}:
                    self.epoch = EPOCH_1904
                if name == "sheet" and (target := targets.get(attributes.get("r:id", ""))):
                    part = target[1:] if target.startswith("/") else f"xl/{target}"
                    self._parts[attributes["name"]] = part
            self._widths = _zeros(zip_.read("xl/styles.xml").decode("utf-8", "replace"))

    def _ods(self, part: IO[bytes]) -> None:
        """Look for day 0 before the first sheet of an .ods."""
        with part:
            if _NULL_DATE.search(part.read(_BLOCK)):
                self.epoch = EPOCH_1904

    def errors(self, sheet: str) -> Mapping[int, Mapping[int, str]]:
        """Find the cells whose formula has no value: row to column (from 0) to what is shown.

        Of one that nobody has worked out yet, that is the formula.
        """
        found: dict[int, dict[int, str]] = {}
        if sheet in self._parts:
            with suppress(BadZipFile, KeyError, OSError), ZipFile(self._path) as zip_:
                for attributes, content in _cells(zip_.open(self._parts[sheet])):
                    if place := _PLACE.search(attributes):
                        row = found.setdefault(int(place[2]) - 1, {})
                        row[_column(place[1])] = _plain(content.decode())
        return found

    def widths(self, sheet: str) -> Mapping[int, Mapping[int, int]]:
        """Find the numbers shown with zeros in front: row to column (from 0) to digits shown.

        Sheets are read for them only where the workbook has such a format.
        """
        found: dict[int, dict[int, int]] = {}
        if sheet in self._parts and self._widths:
            with suppress(BadZipFile, KeyError, OSError), ZipFile(self._path) as zip_:
                for attributes, style in _numbers(zip_.open(self._parts[sheet])):
                    place, width = _PLACE.search(attributes), self._widths.get(style)
                    if place and width:
                        found.setdefault(int(place[2]) - 1, {})[_column(place[1])] = width
        return found


def _zeros(styles: str) -> dict[bytes, int]:
    """Read which styles of cells show zeros in front, and how many digits then."""
    formats: dict[str, int] = {}
    found: dict[bytes, int] = {}
    cells, number = False, 0
    for match in _STYLED.finditer(styles):
        name, attributes = match[1], dict(_ATTRIBUTE.findall(match[2]))
        if name == "numFmt" and _ZEROS.fullmatch(code := attributes.get("formatCode", "")):
            formats[attributes.get("numFmtId", "")] = len(code)
        elif name == "xf" and cells:
            if (width := formats.get(attributes.get("numFmtId", ""))) is not None:
                found[str(number).encode()] = width
            number += 1
        elif name != "xf":
            cells = name == "cellXfs"
    return found


def _numbers(part: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Give attributes and style of each cell that is a number."""
    rest = b""
    with part:
        while block := part.read(_BLOCK):
            text, end = rest + block, 0
            for match in _NUMBER.finditer(text):
                yield match[1], match[2]
                end = match.end()
            rest = text[max(end, len(text) - _LONGEST) :]


def _cells(part: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Give attributes of each cell without a value, and what is shown in its place."""
    rest = b""
    with part:
        while block := part.read(_BLOCK):
            text = rest + block
            rest = text[-_LONGEST:]
            end = 0
            if any(mark in text for mark in _ERRORS):
                for match in _CELL.finditer(text):
                    if value := _VALUE.search(match[2]):
                        yield match[1], value[1]
                    end = match.end()
            if _EMPTY.search(text):
                for match in _UNCOMPUTED.finditer(text):
                    yield match[1], b"=" + match[3]
                    end = max(end, match.end())
            rest = text[max(end, len(text) - _LONGEST) :]


def _tags(xml: str) -> Iterator[tuple[str, dict[str, str]]]:
    for match in _TAG.finditer(xml):
        yield match[1], {name: _plain(value) for name, value in _ATTRIBUTE.findall(match[2])}


def _plain(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'")):
        text = text.replace(entity, sign)
    return text.replace("&amp;", "&")


def _column(letters: bytes) -> int:
    """Turn `A` into 0, `AB` into 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
