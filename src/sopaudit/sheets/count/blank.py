"""The blank of the blind count sheet as a workbook.

The book quantity stands nowhere in it, not even hidden, nor can it be guessed from the shape: every
part with serial numbers has the same one cell to write them into. Each row carries its own mark in
a hidden column, so rows may be sorted, inserted and deleted; a sealed hidden sheet says which count
of which ledger it is.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.counting.drawing import Blank
from sopaudit.findings.counting.stock import StockLine
from sopaudit.press.words import words
from sopaudit.sheets.count.marks import (
    COLUMNS,
    EXTRA,
    FIELDS,
    FOUND,
    HEAD,
    HIDDEN,
    INPUTS,
    MARK,
    SIGNATURE,
    SIGNED,
    VALUE,
    bare,
    facts,
    seal,
)
from sopaudit.sheets.looks import ACCENT, SHADE, TEXT, Looks, made_into, printable

ROOM: Final = 12
"""Rows for things that are not on the list."""

_LOW, _HIGH = 21.0, 46.0
"""Points of a row, and of one that takes serial numbers, however many there are."""


def count_sheet(blank: Blank, handbook: Handbook, lang: str) -> bytes:
    """Write the blank; the same count is the same file, byte for byte."""
    file = BytesIO()
    title = words(lang, "count")["sheet"]["title"]
    made = made_into(file, f"{title} {blank.id}", blank.as_of)
    _Sheet(made, blank, handbook, lang).write()
    _hidden(made, blank)
    made.close()
    return file.getvalue()


def _hidden(made: xlsxwriter.Workbook, blank: Blank) -> None:
    sheet = made.add_worksheet(HIDDEN)
    rows = facts(blank)
    for n, row in enumerate([["seal", seal(rows), "", ""], *rows]):
        for m, text in enumerate(row):
            if text:
                sheet.write_string(n, m, text)
    sheet.protect()
    sheet.very_hidden()


class _Sheet:
    """Writes the sheet people fill in."""

    def __init__(
        self, made: xlsxwriter.Workbook, blank: Blank, handbook: Handbook, lang: str
    ) -> None:
        self.blank = blank
        self.say = words(lang, "count")
        known = handbook.offices.get(blank.stock.site)
        self.office = handbook.say(known.title, lang) if known else blank.stock.site
        self.sheet: Worksheet = made.add_worksheet(self.say["sheet"]["name"])
        self.at = {name: n for n, (name, _) in enumerate(COLUMNS)}
        looks = Looks(made, lang)
        self.bare = looks.bare()
        self.label = looks.bare(align="right", indent=1)
        self.title = looks.title
        self.heading = looks.bare(bold=True, font_color=ACCENT, valign="bottom")
        self.header = looks.look(bold=True, bg_color=SHADE)
        self.text = looks.look(num_format=TEXT, indent=1)
        self.grey = looks.look(bg_color=SHADE)
        self.centre = looks.look(align="center")
        self.open_number = looks.open(align="center", bold=True, font_size=12)
        self.open_text = looks.open(num_format=TEXT, indent=1)

    def write(self) -> None:
        """Write it, ready to print on A4 across and to be typed into."""
        for n, (name, room) in enumerate(COLUMNS):
            hidden = {"hidden": True} if name == "id" else {}
            self.sheet.set_column(n, n, room, None, hidden)
        first = self._above()
        self._header(first)
        row = first + 1
        for row, line in enumerate(self.blank.lines, first + 1):
            self._line(row, row - first, line)
        self._more(row + 1 if self.blank.lines else first + 1)
        self.sheet.freeze_panes(first + 1, 0)
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
        foot = " · ".join(self._signing())
        printable(self.sheet, first, (foot, self.say["sheet"]["page"]))

    def _above(self) -> int:
        """Write what stands above the list, and give the row of its header."""
        sheet, say = self.sheet, self.say["sheet"]
        last = self.at["remark"]
        sheet.merge_range(0, 0, 0, last, f"{say['title']} · {self.office}", self.title)
        sheet.set_row(0, 26)
        told = (
            f"{say['count']} {self.blank.id}",
            f"{say['as_of']} {self.blank.as_of.isoformat()}",
            f"{say['start']} {self.blank.asked.start}",
            say["size"].format(chosen=len(self.blank.lines), all=len(self.blank.stock.lines)),
        )
        sheet.merge_range(1, 0, 1, last, "   ".join(told), self.bare)
        sheet.merge_range(2, 0, 2, last, say["how"], self.bare)
        sheet.set_row(2, 32)
        for n, name in enumerate(HEAD, 3):
            self._fact(n, name)
        # The names of the columns, for reading back in whatever order they are then.
        fields = 3 + len(HEAD)
        for name, n in self.at.items():
            sheet.write_string(fields, n, FIELDS if name == "id" else name, self.bare)
        sheet.set_row(fields, None, None, {"hidden": True})
        return fields + 1

    def _fact(self, row: int, name: str) -> None:
        sheet, say = self.sheet, self.say["sheet"]
        sheet.merge_range(row, 0, row, self.at["part_no"], say[name], self.label)
        sheet.write_blank(row, self.at[VALUE], None, self.open_text)
        if name in SIGNED:
            sheet.merge_range(
                row, self.at["unit"], row, self.at["recount"], say["signed"], self.label
            )
            sheet.write_blank(row, self.at[SIGNATURE], None, self.open_text)
        else:
            sheet.merge_range(row, self.at["unit"], row, self.at[SIGNATURE], say["when"], self.bare)
        sheet.write_string(row, self.at["id"], MARK + name, self.bare)
        sheet.set_row(row, 24)

    def _header(self, row: int) -> None:
        for name, n in self.at.items():
            if name != "id":
                self.sheet.write_string(row, n, self.say["table"][name], self.header)
        self.sheet.set_row(row, 20)

    def _line(self, row: int, number: int, line: StockLine) -> None:
        sheet = self.sheet
        sheet.write_number(row, self.at["no"], number, self.centre)
        for name, text in (
            ("location", line.location),
            ("part_no", line.part_no),
            ("title", line.title),
        ):
            sheet.write_string(row, self.at[name], text, self.text)
        sheet.write_string(row, self.at["unit"], self.say["sheet"]["piece"], self.centre)
        self._open(row, INPUTS if line.serialised else tuple(n for n in INPUTS if n != "serials"))
        if not line.serialised:
            sheet.write_string(row, self.at["serials"], "–", self.grey)
        sheet.write_string(row, self.at["id"], self.blank.id_of(line), self.text)
        sheet.set_row(row, _HIGH if line.serialised else _LOW)

    def _open(self, row: int, names: tuple[str, ...]) -> None:
        """Leave cells of a row to be written into."""
        for name in names:
            number = name in ("counted", "recount")
            look = self.open_number if number else self.open_text
            self.sheet.write_blank(row, self.at[name], None, look)
            if number:
                self.sheet.data_validation(
                    row, self.at[name], row, self.at[name],
                    {"validate": "decimal", "criteria": ">=", "value": 0,
                     "error_message": self.say["sheet"]["invalid"]},
                )  # fmt: skip

    def _more(self, row: int) -> None:
        """Leave rows for things that are not on the list."""
        sheet = self.sheet
        title = self.say["sheet"]["extra"]
        sheet.merge_range(row, 0, row, self.at["remark"], title, self.heading)
        sheet.set_row(row, 24)
        for n in range(row + 1, row + 1 + ROOM):
            sheet.write_string(n, self.at["no"], EXTRA, self.centre)
            self._open(n, FOUND)
            sheet.write_string(n, self.at["unit"], self.say["sheet"]["piece"], self.centre)
            sheet.write_string(n, self.at["id"], EXTRA, self.text)
            sheet.set_row(n, _LOW)

    def _signing(self) -> Iterator[str]:
        say = self.say["sheet"]
        yield self.blank.id
        for name in SIGNED:
            yield f"{bare(say[name])} ____________"
