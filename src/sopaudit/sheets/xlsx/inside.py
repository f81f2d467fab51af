"""What a workbook holds beyond the values of its cells: formulas, pictures, when it was saved.

Pictures lie over cells (every program), in cells as formulas (WPS: `=DISPIMG("ID_…",1)`), and in
cells as rich values (Excel). Each of these is followed to the part that holds it; pictures of the
program's own, behind headers and comments, are no evidence and are not looked for.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from sopaudit.evidence.archive import Archive
from sopaudit.sheets.xlsx.tags import Tag, tree, walk

Cell = tuple[int, int]
"""Row and column, counted from 0."""

_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_WPS: Final = re.compile(r"DISPIMG\(\s*\"([^\"]+)\"", re.IGNORECASE)
_BOOK: Final = "xl/workbook.xml"
_DIGITS: Final = 9
"""Digits of a number; Python reads no number of some thousands."""

_MOST: Final = 1 << 20
"""Rows and columns a file may claim to repeat."""


@dataclass(frozen=True)
class Picture:
    """A picture of a sheet."""

    sheet: str
    cell: Cell | None
    """The cell at its upper left corner; None where it hangs at none."""

    part: str
    """Where its content is; empty where the file does not hold it."""


@dataclass
class Inside:
    """What was found."""

    formulas: dict[str, dict[Cell, str]] = field(default_factory=dict)
    """By sheet and cell."""

    pictures: list[Picture] = field(default_factory=list)
    saved: str = ""
    """When it was last saved; empty where nobody has saved it since it was written."""

    shown: set[tuple[str, Cell]] = field(default_factory=set)
    """The cells that are a picture and say nothing."""


def inside(archive: Archive) -> Inside:
    """Look through a workbook. Raises NotSoundError where a part of it is broken."""
    if "content.xml" in archive.parts:
        return _ods(archive)
    found = Inside()
    links = _links(archive, _BOOK)
    wps, rich = _wps(archive), _rich(archive)
    seen: set[str] = set()
    for sheet in tree(archive, _BOOK).all("sheet"):
        name, part = sheet.attributes.get("name", ""), links.get(sheet.attributes.get("id", ""), "")
        if part not in archive.parts or part in seen:
            continue
        seen.add(part)
        formulas, valued, drawn = _cells(archive, part)
        found.formulas[name] = formulas
        for cell, formula in formulas.items():
            if called := _WPS.search(formula):
                found.shown.add((name, cell))
                found.pictures.append(Picture(name, cell, wps.get(called[1], "")))
        for cell, index in valued.items():
            if index in rich:
                found.shown.add((name, cell))
                found.pictures.append(Picture(name, cell, rich[index]))
        found.pictures += _floating(archive, name, part, drawn)
    about = tree(archive, "docProps/core.xml")
    saved = about.said("modified")
    found.saved = "" if saved == about.said("created") else saved
    return found


def _cells(archive: Archive, part: str) -> tuple[dict[Cell, str], dict[Cell, int], dict[str, None]]:
    """Find the formulas of a sheet, the cells that are rich values, and the ids of its drawings."""
    formulas: dict[Cell, str] = {}
    valued: dict[Cell, int] = {}
    drawn: dict[str, None] = {}
    here: Cell | None = None
    within = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal here, within
        if name == "c":
            here = _cell(attributes.get("r", ""))
            if here and (value := _whole(attributes.get("vm", ""))) >= 0:
                valued[here] = value
        elif name == "f" and here:
            within = True
            formulas[here] = ""
        elif name == "drawing":
            drawn[attributes.get("id", "")] = None

    def end(name: str) -> None:
        nonlocal within
        within = within and name != "f"

    def text(said: str) -> None:
        if within and here:
            formulas[here] += said

    walk(archive, part, start, end, text)
    return formulas, valued, drawn


def _cell(place: str) -> Cell | None:
    found = _PLACE.fullmatch(place)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _links(archive: Archive, part: str) -> dict[str, str]:
    """Follow the relations of a part: by their id, the parts they lead to."""
    path = PurePosixPath(part)
    rels = tree(archive, f"{path.parent}/_rels/{path.name}.rels")
    found = {}
    for link in rels.all("Relationship"):
        target = link.attributes.get("Target", "")
        if link.attributes.get("TargetMode") != "External" and target:
            whole = target[1:] if target.startswith("/") else f"{path.parent}/{target}"
            found[link.attributes.get("Id", "")] = normpath(whole)
    return found


def _floating(archive: Archive, sheet: str, part: str, drawn: Iterable[str]) -> list[Picture]:
    """Find the pictures that lie over a sheet."""
    links = _links(archive, part)
    found = []
    for drawing in dict.fromkeys(links.get(name, "") for name in drawn):
        targets = _links(archive, drawing) if drawing in archive.parts else {}
        for anchor in tree(archive, drawing).all(
            "twoCellAnchor", "oneCellAnchor", "absoluteAnchor"
        ):
            corner = anchor.first("from")
            cell = _corner(corner) if corner else None
            called = [blip.attributes.get("embed", "") for blip in anchor.all("blip")]
            found += [
                Picture(sheet, cell, targets.get(name, ""))
                for name in dict.fromkeys(called)
                if name
            ]
    return list(dict.fromkeys(found))


def _corner(corner: Tag) -> Cell | None:
    row, column = corner.said("row"), corner.said("col")
    at = _whole(row), _whole(column)
    return None if min(at) < 0 else (min(at[0], _MOST), min(at[1], _MOST))


def _wps(archive: Archive) -> dict[str, str]:
    """List the pictures WPS keeps for its formulas, by their id."""
    part = "xl/cellimages.xml"
    links = _links(archive, part)
    found = {}
    for image in tree(archive, part).all("cellImage"):
        about, blip = image.first("cNvPr"), image.first("blip")
        if about and blip:
            target = links.get(blip.attributes.get("embed", ""), "")
            found[about.attributes.get("name", "")] = target
    return found


def _rich(archive: Archive) -> dict[int, str]:
    """List the pictures Excel keeps as rich values, by the number a cell names them with."""
    meta = tree(archive, "xl/metadata.xml")
    kinds = [tag.attributes.get("name", "") for tag in meta.all("metadataType")]
    values = [block for tag in meta.all("valueMetadata") for block in tag.all("bk")]
    future = [
        _whole(one.attributes.get("i", ""))
        for tag in meta.all("futureMetadata")
        if tag.attributes.get("name") == "XLRICHVALUE"
        for one in tag.all("rvb")
    ]
    pictures = _rich_pictures(archive)
    found = {}
    for number, block in enumerate(values, 1):
        for use in block.all("rc"):
            kind, index = (_whole(use.attributes.get(key, "")) for key in ("t", "v"))
            rich = 0 < kind <= len(kinds) and kinds[kind - 1] == "XLRICHVALUE"
            if rich and 0 <= index < len(future) and future[index] in pictures:
                found[number] = pictures[future[index]]
    return found


def _whole(said: str) -> int:
    """Read a whole number; -1 for what is none, or has more digits than any place of a sheet."""
    return int(said) if said.isdecimal() and len(said) <= _DIGITS else -1


def _rich_pictures(archive: Archive) -> dict[int, str]:
    folder = "xl/richData"
    links = _links(archive, f"{folder}/richValueRel.xml")
    rels = [
        links.get(tag.attributes.get("id", ""), "")
        for tag in tree(archive, f"{folder}/richValueRel.xml").all("rel")
    ]
    shapes = [
        [key.attributes.get("n", "") for key in shape.all("k")]
        for shape in tree(archive, f"{folder}/rdrichvaluestructure.xml").all("s")
    ]
    found = {}
    for number, value in enumerate(tree(archive, f"{folder}/rdrichvalue.xml").all("rv")):
        shape = _whole(value.attributes.get("s", ""))
        keys = shapes[shape] if 0 <= shape < len(shapes) else []
        for name, one in zip(keys, value.all("v"), strict=False):
            index = _whole(one.text.strip())
            if name == "_rvRel:LocalImageIdentifier" and index >= 0:
                found[number] = rels[index] if index < len(rels) else ""
    return found


# --- OpenDocument --------------------------------------------------------------------------------


class _Ods:
    """Follows rows and cells through `content.xml`, which counts repeated ones once."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.found = Inside()
        self.sheet = ""
        self.row = self.column = -1
        self.rows = self.columns = 0
        """Where the next row and the next cell begin."""

        self.frames: list[bool] = []
        """Per frame that is open, whether a picture of it was taken: the others are the same."""

        self.within = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table" and "name" in attributes:
            self.sheet, self.rows, self.row = attributes["name"], 0, -1
            self.found.formulas.setdefault(self.sheet, {})
        elif name == "table-row":
            self.row, self.columns = self.rows, 0
            self.rows += _times(attributes.get("number-rows-repeated"))
        elif name in ("table-cell", "covered-table-cell"):
            self.column, self.within = self.columns, True
            self.columns += _times(attributes.get("number-columns-repeated"))
            if "formula" in attributes:
                cell = (self.row, self.column)
                self.found.formulas.setdefault(self.sheet, {})[cell] = attributes["formula"]
        elif name == "frame":
            self.frames.append(False)
        elif name == "image" and self.frames and not self.frames[-1]:
            part = normpath(attributes.get("href", ""))
            if part.startswith("Pictures/"):
                self.frames[-1] = True
                cell_ = (self.row, self.column) if self.within else None
                held = part if part in self.archive.parts else ""
                self.found.pictures.append(Picture(self.sheet, cell_, held))

    def end(self, name: str) -> None:
        if name == "frame":
            self.frames.pop()
        elif name in ("table-cell", "covered-table-cell"):
            self.within = False


def _times(said: str | None) -> int:
    number = _whole(said or "")
    return min(number, _MOST) if number >= 0 else 1


def _ods(archive: Archive) -> Inside:
    reading = _Ods(archive)
    walk(archive, "content.xml", reading.start, reading.end, lambda _: None)
    about = tree(archive, "meta.xml")
    saved = about.said("date")
    reading.found.saved = "" if saved == about.said("creation-date") else saved
    return reading.found
