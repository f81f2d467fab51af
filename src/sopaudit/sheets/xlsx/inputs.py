"""The cells of an item somebody writes into: what they take, and what stands in them already."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from sopaudit.criteria.field import plain
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.sheets.blank import Ask
from sopaudit.sheets.looks import QUIET, SHADE, TEXT, put
from sopaudit.sheets.xlsx.grid import GridSheet
from sopaudit.sheets.xlsx.lines import listed
from sopaudit.sheets.xlsx.marks import photo
from sopaudit.sheets.xlsx.page import Page

_MOST: Final = "1000000000"
_EXACT: Final = 15
"""Digits a spreadsheet keeps."""


class Inputs:
    """Writes these cells of a sheet."""

    def __init__(self, page: Page, grid: GridSheet | None, own: Mapping[str, object]) -> None:
        """Take the page, the record of its sample, and what tells the formats from usual ones."""
        self.book, self.leaf, self.sheet, self.at = page.book, page.leaf, page.sheet, page.at
        self.grid = grid
        looks = page.book.looks
        self.grey = looks.look(bg_color=SHADE, **own)
        self.live = looks.look(align="center", font_color=QUIET, bg_color=SHADE, **own)
        self.open_text = looks.open(num_format=TEXT, **own)
        self.open_choice = looks.open(align="center", bold=True, **own)
        self.open_number = looks.open(align="center", num_format="General", **own)

    def write(self, row: int, ask: Ask, given: RecordedAnswer | None) -> None:
        """Write the cells of an item, with the answer there is already."""
        sheet, at, book = self.sheet, self.at, self.book
        result = book.answers.get(given.result or "", given.result or "") if given else ""
        if ask.words:
            put(sheet, row, at["result"], result, self.open_choice)
            titles = [book.answers[word] for word in ask.words]
            choice = book.lists.choice(titles, book.say["choose"])
            sheet.data_validation(row, at["result"], row, at["result"], choice)
        else:
            put(sheet, row, at["result"], result, self.grey)
        self._counts(row, ask, given)
        self._value(row, ask, given)
        note, person = (given.note, book.person(given.person)) if given else ("", "")
        put(sheet, row, at["note"], note, self.open_text)
        put(sheet, row, at["person"], person, self.open_text)
        if people := book.people(self.leaf):
            choice = book.lists.choice(people, "", others=True)
            sheet.data_validation(row, at["person"], row, at["person"], choice)
        self._witness(row, ask, given)
        kept = range(1, len(given.evidence) + 1) if given else ()
        photos = "\n".join(photo(ask.item.id, n) for n in kept)
        put(sheet, row, at["evidence"], photos, self.open_text)
        if ask.item.evidence_required:
            wanted = book.blank.handbook.say(ask.item.evidence_required, book.lang)
            prompt = f"{book.say['evidence']}{wanted}"[:255]
            cell = (row, at["evidence"]) * 2
            sheet.data_validation(*cell, {"validate": "any", "input_message": prompt})

    def _witness(self, row: int, ask: Ask, given: RecordedAnswer | None) -> None:
        """Write who has seen it too, where an answer waits for a second person."""
        if "confirmed" not in self.at:
            return
        cell = (row, self.at["confirmed"])
        by = self.book.person(given.confirmed.by) if given and given.confirmed else ""
        put(self.sheet, *cell, by, self.open_text if ask.witness else self.grey)
        if ask.witness:
            people = self.book.witnesses
            choice = (
                self.book.lists.choice(people, "", others=True) if people else {"validate": "any"}
            )
            choice["input_message"] = self.book.say["second"]
            self.sheet.data_validation(*cell, *cell, choice)

    def _counts(self, row: int, ask: Ask, given: RecordedAnswer | None) -> None:
        """Write how many cases were checked and failed: counted in the sample, or as was typed."""
        if "checked" not in self.at:
            return
        sample = given.sample if given else None
        counting = listed(ask) or sample is not None
        typed = dict(
            zip(("failed", "checked"), sample.counts if sample else (None, None), strict=True)
        )
        formulas = self.grid.counted(ask) if self.grid and listed(ask) else None
        for n, name in enumerate(("failed", "checked")):
            cell = (row, self.at[name])
            if not counting:
                put(self.sheet, *cell, "", self.grey)
                continue
            value = typed[name]
            if value is not None and not (sample and sample.cases):
                self.sheet.write_number(*cell, value, self.open_number)
            elif formulas:
                shown = "" if value is None else value
                # Occurrences are written as a number; what the sample says of them is beside it.
                look = self.live if ask.way == "occurrences" else self.open_number
                self.sheet.write_formula(*cell, formulas[n], look, shown)
            else:
                put(self.sheet, *cell, "", self.open_number)
            most = _MOST
            if name == "failed":
                checked = xl_rowcol_to_cell(row, self.at["checked"])
                most = f"=IF(ISNUMBER({checked}),{checked},{_MOST})"
            self._validated(cell, ("integer", "0", most), "whole_number")

    def _value(self, row: int, ask: Ask, given: RecordedAnswer | None) -> None:
        if "value" not in self.at:
            return
        cell = (row, self.at["value"])
        value = given.value if given else None
        if ask.way not in ("occurrences", "points") and value is None:
            put(self.sheet, *cell, "", self.grey)
            return
        if value is None:
            put(self.sheet, *cell, "", self.open_number)
        else:
            exact(self.sheet, cell, value, self.open_number)
        if ask.item.values:
            numbers = [plain(one) for one in ask.item.values]
            choice = self.book.lists.choice(numbers, self.book.say["choose"])
            self.sheet.data_validation(*cell, *cell, choice)
        elif ask.way == "occurrences":
            self._validated(cell, ("integer", "0", _MOST), "whole_number")
        else:
            room = (f"-{_MOST}", _MOST) if ask.points is None else ("0", str(float(ask.points)))
            self._validated(cell, ("decimal", *room), "number")

    def _validated(self, cell: tuple[int, int], wanted: tuple[str, str, str], error: str) -> None:
        kind, least, most = wanted
        told = {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}
        self.sheet.data_validation(*cell, *cell, {**told, "error_message": self.book.say[error]})


def exact(sheet: Worksheet, cell: tuple[int, int], value: Fraction, look: Format) -> None:
    """Write a number; one a spreadsheet cannot hold exactly is a text."""
    held = float(value)
    if Fraction(repr(held)) == value and len(plain(value)) <= _EXACT:
        sheet.write_number(*cell, held, look)
    else:
        put(sheet, *cell, plain(value), look)
