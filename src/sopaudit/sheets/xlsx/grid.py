"""The record of the sample (抽样记录表): a line for each case, a column for each item looked at."""

from typing import Final

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from sopaudit.sheets.blank import Ask, Leaf
from sopaudit.sheets.looks import (
    ACCENT,
    BAND,
    PROTECTED,
    QUIET,
    SHADE,
    TEXT,
    across,
    height,
    printable,
    put,
)
from sopaudit.sheets.wording import TICKS
from sopaudit.sheets.xlsx import live
from sopaudit.sheets.xlsx.book import Book
from sopaudit.sheets.xlsx.colours import colour_grid
from sopaudit.sheets.xlsx.lines import Line, in_lines, lines_of
from sopaudit.sheets.xlsx.marks import CASE, CASES, HEAD, fields, item_column
from sopaudit.sheets.xlsx.page import Page
from sopaudit.terminal import width, wrapped

ROOM: Final = 15
LEAST: Final = 30
"""Lines for recordings, forms, and whatever else was not drawn; and how many there are at least."""

_WIDTH: Final = 9.5
_ROOM: Final = 10
"""Half signs of small print that surely fit into the column of an item, whichever the program."""

_NOTE: Final = 34.0
_LINE: Final = 12.5
"""Points of a line of small print."""

_MOST: Final = 30
"""Lines of a heading a row has room for."""

_FEW: Final = 4
"""Items with which the sheet is so narrow that its heading takes more lines."""

_FIRST: Final = 6
"""The row of the first case."""


class GridSheet(Page):
    """Writes the record of the sample of a checklist."""

    def __init__(self, book: Book, leaf: Leaf, sheet: Worksheet, name: str) -> None:
        super().__init__(book, leaf, sheet, book.case_columns(leaf))
        self.name = name
        self.asks = in_lines(leaf.asks)
        self.lines = lines_of(self.asks, book.blank.tickets)
        self.rows = (_FIRST, _FIRST + max(LEAST, len(self.lines) + ROOM) - 1)
        self.ticks = (self.at["case"] + 1, self.at["person"] - 1)

    def counted(self, ask: Ask) -> tuple[str, str]:
        """Give the formulas that count what failed of an item, and what was checked."""
        names = [item_column(ask.item.id, part) for part in _parts(ask)]
        letters = [xl_col_to_name(self.at[name]) for name in names]
        return live.counted(self.name, letters, self.rows, self.book.answers)

    def write(self) -> None:
        """Write it, ready to print on A4 across and to be ticked."""
        sheet, book, looks = self.sheet, self.book, self.book.looks
        last = len(self.columns) - 1
        sheet.set_column(0, 0, 10, None, {"hidden": True})
        sheet.set_column(1, 1, 4.5)
        sheet.set_column(2, 2, 19)
        sheet.set_column(*self.ticks, _WIDTH)
        sheet.set_column(last - 1, last - 1, 11)
        sheet.set_column(last, last, _NOTE)
        book.heading(sheet, self.leaf, book.common["title"]["cases"], last)
        across(
            sheet, 3, (1, last), book.say["how_cases"], looks.bare(font_size=9, font_color=QUIET)
        )
        sheet.set_row(3, 18 if len(self.asks) > _FEW else 44)
        for n, text in enumerate(fields(f"{CASES}{self.leaf.id}", self.columns)):
            sheet.write_string(4, n, text)
        sheet.set_row(4, None, None, {"hidden": True})
        self._header(5)
        for n in range(self.rows[1] - self.rows[0] + 1):
            line = self.lines[n] if n < len(self.lines) else None
            self._line(self.rows[0] + n, n + 1, line)
        self._choices()
        colour_grid(self, self.rows, self.ticks)
        sheet.freeze_panes(_FIRST, 3)
        sheet.autofilter(5, 1, self.rows[1], last)
        sheet.protect("", PROTECTED)
        printable(sheet, 5, book.foot(self.leaf))

    def _header(self, row: int) -> None:
        sheet, book, looks = self.sheet, self.book, self.book.looks
        strong = looks.strong
        item = looks.look(
            font_size=9, bg_color=BAND, font_color=ACCENT, align="center", valign="top"
        )
        part = looks.look(
            font_size=9, bg_color=SHADE, font_color=ACCENT, align="center", valign="top"
        )
        put(sheet, row, 0, HEAD, strong)
        put(sheet, row, self.at["number"], book.common["column"]["number"], strong)
        put(sheet, row, self.at["case"], book.say["case"], strong)
        longest = 1
        for ask in self.asks:
            question = book.blank.handbook.say(ask.item.question, book.lang)
            titles = {
                one.id: book.blank.handbook.say(one.title, book.lang) for one in ask.item.parts
            }
            for name in _parts(ask):
                text = _heading(ask.item.id, titles[name] if name else question)
                put(
                    sheet,
                    row,
                    self.at[item_column(ask.item.id, name)],
                    text,
                    part if name else item,
                )
                longest = max(
                    longest, sum(1 + (width(one) - 1) // _ROOM for one in text.split("\n"))
                )
        put(sheet, row, self.at["person"], book.common["column"]["person"], strong)
        put(sheet, row, self.at["note"], book.say["remark"], strong)
        sheet.set_row(row, 8 + _LINE * min(longest, _MOST))

    def _line(self, row: int, number: int, line: Line | None) -> None:
        sheet, book, looks = self.sheet, self.book, self.book.looks
        drawn = line is not None and line.case in book.blank.tickets
        put(sheet, row, 0, f"{CASE}{self.leaf.id}", looks.look(font_size=9))
        sheet.write_number(
            row, self.at["number"], number, looks.look(align="center", font_color=QUIET)
        )
        case = looks.look(num_format=TEXT) if drawn else looks.open(num_format=TEXT)
        put(sheet, row, self.at["case"], line.case if line else "", case)
        tick = looks.open(align="center", bold=True)
        for ask in self.asks:
            words = line.ticks.get(ask.item.id, {}) if line else {}
            for name in _parts(ask):
                word = words.get(name, "")
                text = TICKS.get(word, book.answers.get(word, word))
                put(sheet, row, self.at[item_column(ask.item.id, name)], text, tick)
        text = looks.open(num_format=TEXT)
        put(sheet, row, self.at["person"], book.person(line.person) if line else "", text)
        put(sheet, row, self.at["note"], line.note if line else "", text)
        sheet.set_row(row, height([(line.note if line else "", _NOTE, 10.0)], 17))

    def _choices(self) -> None:
        """Give each tick its drop-down, and each line the people it may be about."""
        book, (first, last) = self.book, self.rows
        ticks = [*TICKS.values(), book.answers["na"], "—"]
        choice = book.lists.choice(ticks, book.say["choose"])
        self.sheet.data_validation(first, self.ticks[0], last, self.ticks[1], choice)
        if people := book.people(self.leaf):
            column = self.at["person"]
            choice = book.lists.choice(people, "", others=True)
            self.sheet.data_validation(first, column, last, column, choice)


def _heading(item: str, text: str) -> str:
    """Write what a column asks, below its item, in lines of its own.

    Not every program knows that no line begins with a comma.
    """
    return "\n".join((item, *wrapped(text, "", _ROOM)))


def _parts(ask: Ask) -> list[str]:
    """List the columns of an item: itself, as the empty text, and its parts."""
    return ["", *(part.id for part in ask.item.parts)]
