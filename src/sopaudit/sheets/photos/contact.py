"""The contact sheet: photos nobody could tie to an item, numbered, with room for its id.

A workbook with a small picture of each photo. A sealed hidden sheet says which photo of the audit a
number is, so it goes round without the photos, and comes back as an answer to which is which.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from sopaudit.evidence.archive import NotSoundError
from sopaudit.evidence.photos import PhotoError, keep, kind_of, scaled
from sopaudit.press.words import words
from sopaudit.sheets.blank import Blank, identity, sealed
from sopaudit.sheets.filled import Shot
from sopaudit.sheets.looks import SHADE, TEXT, Looks, made_into, printable
from sopaudit.terminal import width

SCHEMA: Final = "sopaudit.contact/1"
HIDDEN: Final = "sopaudit"
COLUMNS: Final = (
    ("number", 5), ("photo", 25), ("taken", 21), ("item", 14), ("title", 26), ("case", 17),
)  # fmt: skip
"""Columns of the sheet and how wide they are."""

_BESIDE: Final = (("item", 16), ("title", 60), ("checklist", 30))
"""Columns of the list of items."""

_HIGH: Final = 108.0
"""Points of a row; seven photos stand on a page."""

_BOX: Final = (166, 132)
"""Pixels a small picture may fill."""

_SHARP: Final = 2
"""Times as many pixels as the screen needs, because the sheet is printed too."""


def contact_sheet(
    shots: Sequence[Shot], blank: Blank, lang: str, name: str = "photos.xlsx"
) -> bytes:
    """Write the sheet of some photos of an audit; the same photos are the same bytes.

    `name` is that of the file, since the sheet says how to import it. A photo that cannot be kept
    is left out. A time is shown by the clock it was noted in.
    """
    file = BytesIO()
    say = words(lang, "contact")["sheet"]
    made = made_into(file, f"{say['title']} {blank.name}", blank.day)
    photos = list(enumerate(_seen(shots), 1))
    sheet = _Sheet(made, blank, lang)
    sheet.write(photos, name)
    sheet.items()
    rows = [["photo", str(number), seen.digest, seen.shot.name] for number, seen in photos]
    _hidden(made, blank, rows)
    made.close()
    return file.getvalue()


@dataclass(frozen=True)
class _Seen:
    """A photo as the sheet shows it; the photo itself is let go, for there may be hundreds."""

    shot: Shot
    digest: str
    """The sha256 of what is kept of it."""

    small: bytes
    """A small copy; empty where there is none."""

    kind: str


def _seen(shots: Sequence[Shot]) -> list[_Seen]:
    """Read photos, by name as people count; each once, whatever names it came under."""
    found: dict[str, _Seen] = {}
    for shot in sorted(shots, key=_counting):
        try:
            content = shot.read()
            own = sha256(content).hexdigest()
            digest = own if own == shot.sha256 else keep(shot.name, content, place=False).sha256
        except (OSError, NotSoundError, PhotoError):
            continue
        if digest not in found:
            found[digest] = _Seen(shot, digest, _small(content), kind_of(content))
    return list(found.values())


def _counting(shot: Shot) -> list[tuple[int, int, str]]:
    """Put IMG_9 before IMG_10."""
    parts = re.split(r"(\d+)", shot.name.casefold())
    return [(n % 2, int(part) if n % 2 else 0, part) for n, part in enumerate(parts)]


def _small(content: bytes) -> bytes:
    try:
        return scaled(content, max(_BOX) * _SHARP)[0]
    except PhotoError:
        return b""


def _hidden(made: xlsxwriter.Workbook, blank: Blank, photos: list[list[str]]) -> None:
    sheet = made.add_worksheet(HIDDEN)
    told = json.dumps(identity(blank), ensure_ascii=False, sort_keys=True)
    facts = [["identity", told], *photos]
    for n, row in enumerate([["schema", SCHEMA], ["seal", seal(facts)], *facts]):
        for m, text in enumerate(row):
            sheet.write_string(n, m, text)
    sheet.protect()
    sheet.very_hidden()


def seal(facts: list[list[str]]) -> str:
    """Hash what the hidden sheet says, without its seal."""
    return sealed({"contact": facts})


class _Sheet:
    """Writes the sheets people see."""

    def __init__(self, made: xlsxwriter.Workbook, blank: Blank, lang: str) -> None:
        self.blank, self.lang, self.made = blank, lang, made
        self.say = words(lang, "contact")
        self.asks = [(ask.item.id, leaf, ask.item) for leaf, ask in blank.asks]
        self.at = {name: n for n, (name, _) in enumerate(COLUMNS)}
        self.sheet: Worksheet = made.add_worksheet(self.say["sheet"]["name"])
        looks = Looks(made, lang)
        self.title = looks.title
        self.bare = looks.bare(valign="top")
        self.header = looks.look(bold=True, bg_color=SHADE, align="center")
        self.text = looks.look(font_size=11, indent=1)
        self.small = looks.look(indent=1)
        self.number = looks.look(align="center", bold=True, font_size=14)
        self.open = looks.open(num_format=TEXT, align="center", bold=True, font_size=12)

    def write(self, photos: Sequence[tuple[int, _Seen]], file: str) -> None:
        """Write the photos, ready to be filled in and to be printed on A4."""
        sheet, say = self.sheet, self.say["sheet"]
        for n, (_, room) in enumerate(COLUMNS):
            sheet.set_column(n, n, room)
        last = len(COLUMNS) - 1
        sheet.merge_range(0, 0, 0, last, f"{say['title']} · {self.blank.name}", self.title)
        sheet.set_row(0, 28)
        told = f"{say['count'].format(number=len(photos))}\n{say['how'].format(file=file)}"
        sheet.merge_range(1, 0, 1, last, told, self.bare)
        sheet.set_row(1, 58)
        for name, n in self.at.items():
            sheet.write_string(2, n, self.say["column"][name], self.header)
        sheet.set_row(2, 24)
        for row, (number, seen) in enumerate(photos, 3):
            self._photo(row, number, seen)
        sheet.freeze_panes(3, 0)
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "insert_rows", "objects")
        sheet.protect("", dict.fromkeys(allowed, True))
        printable(sheet, 2, ("", say["page"]), upright=True)

    def _photo(self, row: int, number: int, seen: _Seen) -> None:
        sheet, at, shot = self.sheet, self.at, seen.shot
        sheet.set_row(row, _HIGH)
        sheet.write_number(row, at["number"], number, self.number)
        self._picture(row, seen)
        sheet.write_string(row, at["taken"], self._taken(shot), self.small)
        sheet.write_string(row, at["item"], shot.item, self.open)
        if self.asks:
            sheet.data_validation(
                row, at["item"], row, at["item"],
                {"validate": "list", "source": self._listed(), "error_type": "information",
                 "error_message": self.say["sheet"]["invalid"]},
            )  # fmt: skip
        where = f"'{self.say['sheet']['items']}'!$A$1:$B${len(self.asks) + 1}"
        formula = f'=IFERROR(VLOOKUP($D{row + 1},{where},2,FALSE),"")'
        titles = {
            name: self.blank.handbook.say(item.question, self.lang) for name, _, item in self.asks
        }
        sheet.write_formula(row, at["title"], formula, self.text, titles.get(shot.item, ""))
        sheet.write_string(row, at["case"], shot.case, self.open)

    def _listed(self) -> str:
        return f"='{self.say['sheet']['items']}'!$A$2:$A${len(self.asks) + 1}"

    def _taken(self, shot: Shot) -> str:
        """Say when and under which name a photo came."""
        say, name = self.say["sheet"], shot.name.rpartition("/")[2]
        if shot.taken is None:
            return f"{say['unknown']}\n{name}"
        mark = f"\n{say['unproven']}" if shot.unproven else ""
        day_alone = shot.unproven and shot.taken.time() == time()
        return f"{shot.taken:{'%Y-%m-%d' if day_alone else '%Y-%m-%d %H:%M'}}{mark}\n{name}"

    def _picture(self, row: int, seen: _Seen) -> None:
        """Put a small picture into its cell, in the middle of it."""
        from PIL import Image  # noqa: PLC0415 -- 27 ms only pictures wait for

        sheet, column = self.sheet, self.at["photo"]
        if not seen.small:
            said = self.say["sheet"]["paper" if seen.kind == "pdf" else "unseen"]
            sheet.write_string(row, column, said, self.text)
            return
        sheet.write_blank(row, column, None, self.text)
        with Image.open(BytesIO(seen.small)) as image:
            width, height = image.size
        scale = min(_BOX[0] / width, _BOX[1] / height)
        cell = (180, _HIGH * 4 / 3)
        options: dict[str, Any] = {
            "image_data": BytesIO(seen.small),
            "x_scale": scale,
            "y_scale": scale,
            "x_offset": (cell[0] - width * scale) / 2,
            "y_offset": (cell[1] - height * scale) / 2,
            "object_position": 1,  # moves with its row, also when rows are sorted
            "description": seen.shot.name.rpartition("/")[2],
        }
        sheet.insert_image(row, column, "photo.jpg", options)

    def items(self) -> None:
        """Write the list of items beside it, from which the drop-downs choose."""
        sheet = self.made.add_worksheet(self.say["sheet"]["items"])
        for n, (name, room) in enumerate(_BESIDE):
            sheet.set_column(n, n, room)
            sheet.write_string(0, n, self.say["column"][name], self.header)
        say = self.blank.handbook.say
        for row, (name, leaf, item) in enumerate(self.asks, 1):
            told = (name, say(item.question, self.lang), say(leaf.checklist.title, self.lang))
            for n, text in enumerate(told):
                sheet.write_string(row, n, text, self.text)
            # Not every program makes a row as high as its text.
            lines = max(
                -(-width(text) // (room - 4)) for text, (_, room) in zip(told, _BESIDE, strict=True)
            )
            sheet.set_row(row, 4 + 16 * lines)
        sheet.freeze_panes(1, 0)
        sheet.protect("", {"autofilter": True, "format_columns": True})
        # It is there to choose from: printed whole, three photos would have five pages of items.
        nothing = (0, len(_BESIDE)) * 2
        sheet.print_area(*nothing)
