"""How our workbooks look: fonts, colours, formats, pages, and the lists cells are chosen from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from math import ceil
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from sopaudit.press import charts
from sopaudit.terminal import width

ACCENT: Final = charts.ACCENT
SIGNAL: Final = charts.SIGNAL
INK: Final = "#1c2730"
QUIET: Final = "#64727d"
RULE: Final = "#c9d2d8"
SHADE: Final = "#eef2f4"
BAND: Final = "#dfeaed"
OPEN: Final = "#fffdf0"
GOOD, GOOD_INK = "#dff0e4", "#1c6b3a"
PART, PART_INK = "#fdf0cf", "#7a5200"
MISSING: Final = "#f4a59d"
WANTED: Final = "#f9d27a"
BAD, BAD_INK = "#fbe0dd", SIGNAL
AWAY: Final = "#e6ebee"

TEXT: Final = 49
"""The format of text: a number keeps its zeros, and no day is made of it."""

MOST: Final = 32_767
"""Signs a cell takes."""

_A4: Final = 9
_LEAD: Final = 1.4
"""How much higher than its letters a line is."""

_HIGHEST: Final = 405
"""Points a row can have in Excel, nearly."""

_LIST: Final = 250
"""Signs a list of choices may have inside a cell; a longer one stands on the hidden sheet."""


def made_into(file: BytesIO, title: str, day: date) -> xlsxwriter.Workbook:
    """Begin a workbook; the same content is the same bytes, whenever it is written.

    A text is a text: no number, formula or link is made of it.
    """
    strings = ("strings_to_numbers", "strings_to_formulas", "strings_to_urls")
    made = xlsxwriter.Workbook(file, {"in_memory": True, **dict.fromkeys(strings, False)})
    created = datetime.combine(day, time())
    made.set_properties({"title": title, "created": created, "modified": created})
    return made


@dataclass
class Looks:
    """The formats of a workbook, each made once."""

    made: xlsxwriter.Workbook
    lang: str
    known: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)

    def look(self, **own: object) -> Format:
        """Give the format that differs from the usual one by `own`; None takes something away."""
        usual: dict[str, object] = {
            "font_name": "Microsoft YaHei" if self.lang == "zh" else "Calibri",
            "font_size": 10,
            "font_color": INK,
            "valign": "vcenter",
            "text_wrap": True,
            "border": 1,
            "border_color": RULE,
        }
        chosen = {key: value for key, value in (usual | own).items() if value is not None}
        name = tuple(sorted(chosen.items()))
        if name not in self.known:
            self.known[name] = self.made.add_format(chosen)
        return self.known[name]

    def bare(self, **own: object) -> Format:
        """Give a format without a frame."""
        return self.look(border=None, border_color=None, **own)

    @property
    def title(self) -> Format:
        """Give the format of what a sheet is called."""
        return self.bare(bold=True, font_size=16, font_color=ACCENT, text_wrap=None)

    @property
    def strong(self) -> Format:
        """Give the format of the header of a list."""
        white = "#ffffff"
        return self.look(
            bold=True, bg_color=ACCENT, font_color=white, align="center", border_color=white
        )

    def open(self, **own: object) -> Format:
        """Give the format of a cell to be written into."""
        return self.look(locked=False, bg_color=OPEN, **own)

    def tint(self, colour: str, ink: str, **own: object) -> Format:
        """Give a format laid over another one, where a rule of colour says so."""
        return self.made.add_format({"bg_color": colour, "font_color": ink, **own})


@dataclass
class Lists:
    """Choices that are too long for a cell stand on the hidden sheet."""

    sheet: Worksheet
    column: int = 3
    known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def source(self, choices: Sequence[str]) -> list[str] | str:
        """Give choices as a validation wants them."""
        wanted = tuple(choices)
        plain = len(",".join(wanted)) <= _LIST and not any(
            "," in one or one != one.strip() for one in wanted
        )
        if plain:
            return list(wanted)
        if wanted not in self.known:
            for row, text in enumerate(wanted):
                self.sheet.write_string(row, self.column, text[:MOST])
            first = xl_rowcol_to_cell(0, self.column, row_abs=True, col_abs=True)
            last = xl_rowcol_to_cell(len(wanted) - 1, self.column, row_abs=True, col_abs=True)
            self.known[wanted] = f"={self.sheet.get_name()}!{first}:{last}"
            self.column += 1
        return self.known[wanted]

    def choice(self, choices: Sequence[str], error: str, *, others: bool = False) -> dict[str, Any]:
        """Make a drop-down; with `others` something else may be typed too."""
        return {
            "validate": "list",
            "source": self.source(choices),
            "error_type": "information" if others else "stop",
            "error_message": error,
            "show_error": not others,
        }


def put(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """Write a text, whatever it says: nothing of it becomes a formula or a link."""
    if text:
        sheet.write_string(row, column, text[:MOST], look)
    else:
        sheet.write_blank(row, column, None, look)


def across(sheet: Worksheet, row: int, columns: tuple[int, int], text: str, look: Format) -> None:
    """Write a text over several columns."""
    first, last = columns
    if last > first:
        sheet.merge_range(row, first, row, last, "", look)
    put(sheet, row, first, text, look)


def printable(
    sheet: Worksheet, repeated: int, foot: tuple[str, str], *, upright: bool = False
) -> None:
    """Set a sheet up for A4: as wide as the page, its header on each, numbered.

    It lies across, or stands `upright`. In `foot`, left and right, `{page}` and `{pages}` are
    numbers.
    """
    if upright:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.35, right=0.35, top=0.45, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.center_horizontally()
    sheet.repeat_rows(repeated)
    left, right = (text.replace("&", "&&") for text in foot)
    right = right.replace("{page}", "&P").replace("{pages}", "&N")
    sheet.set_footer(f"&L&8{left[:180]}&R&8{right}", {"margin": 0.25})


PROTECTED: Final = {
    "objects": True,
    "scenarios": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}
"""What protection leaves open: pictures, heights and widths, rows, filters, sorting."""


def lines(text: str, columns: float, size: float = 10) -> int:
    """Estimate how many lines a text takes in a column so many digits wide."""
    room = max(2.0, (columns - 0.8) * 10 / size)
    return sum(max(1, ceil(width(one) / room)) for one in text.split("\n"))


def height(texts: Iterable[tuple[str, float, float]], least: float) -> float:
    """Estimate the points a row needs for its texts, each with the width of its column and a size.

    Programs do not agree on when they fit heights by themselves, so a row is given its own.
    """
    needed = (lines(text, columns, size) * size * _LEAD for text, columns, size in texts)
    return min(_HIGHEST, max(least, *needed, 0) + 5)
