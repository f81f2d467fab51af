"""A sheet as rows of text: workbooks, web pages and XML that call themselves a workbook.

A merged cell says its text for every row it spans; one that crosses the table is a heading.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

import numpy as np

from sopaudit.evidence.habits import EPOCH_1900, habits, key
from sopaudit.evidence.header import LOOK, Header, find
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.source import Chunk, NoTableError, at, from_rows
from sopaudit.evidence.unreadable import Spot

Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, row and column counted from 0."""

_INITIALS: Final = frozenset(
    sign for word in habits().spelled_totals for sign in (word[0], word[0].upper())
)
"""How a row of totals begins: told apart quickly from the million rows that are none."""


@dataclass(frozen=True)
class Sheet:
    """What a file holds under one name."""

    name: str
    rows: Callable[[], Iterator[list[str]]]
    """Goes through its rows, all of one width, the empty ones too."""

    merges: Sequence[Merge] = ()
    visible: bool = True

    def look(self) -> list[list[str]]:
        """Give the first rows, with merged cells filled in both directions."""
        rows = [list(row) for row in islice(self.rows(), LOOK)]
        for (top, left), (bottom, right) in self.merges:
            for n in range(top, min(bottom + 1, len(rows))):
                span = range(left, min(right + 1, len(rows[n])))
                for m in span:
                    rows[n][m] = rows[top][left]
        return rows


@dataclass(frozen=True)
class Choice:
    """The sheet that is read."""

    sheet: Sheet
    header: Header
    passed: tuple[str, ...] = ()
    """Sheets that stood before it."""


def chosen(sheets: Iterator[Sheet], name: str, wanted: Sequence[str]) -> Choice:
    """Choose the sheet called `name`, else the first visible one whose header fits best."""
    best: Choice | None = None
    rank = (False, -1)
    passed: list[str] = []
    for sheet in sheets:
        header = find(sheet.look(), wanted)
        if header is not None and sheet.name.strip().casefold() == name.casefold():
            return Choice(sheet, header)
        if header is not None and (sheet.visible, header.fits) > rank:
            rank, best = (sheet.visible, header.fits), Choice(sheet, header, tuple(passed))
        passed.append(sheet.name)
    if best is None:
        raise NoTableError("T005")
    return best


class Grid:
    """A sheet whose header has been found."""

    def __init__(
        self, path: str, choice: Choice, *, floats: bool, epoch: date = EPOCH_1900
    ) -> None:
        sheet, header = choice.sheet, choice.header
        self.spot = Spot(path, sheet.name)
        self.floats = floats
        self.epoch = epoch
        self.header = header.names
        self.found = header
        self._passed = choice.passed
        self._sheet = sheet
        self._begin: dict[int, list[tuple[int, int]]] = {}
        """Per row, the merged cells that begin there: last row and column."""

        self._across: dict[int, list[range]] = {}
        """Per row, the columns that each merged cell covers, where there are several."""

        for (top, left), (bottom, right) in sheet.merges:
            if bottom > top >= header.row:
                self._begin.setdefault(top, []).append((bottom, left))
            if right > left:
                self._across.setdefault(top, []).append(range(left, right + 1))

    def opening(self, notes: Notes) -> None:
        """See `Table`."""
        if self._passed:
            told = (1, ", ".join(self._passed), self.spot.sheet)
            notes.readings.add("sheet", self.spot, [told])
        self.found.note(notes, self.spot)

    def chunks(self, columns: Sequence[str], rows: int, notes: Notes) -> Iterator[Chunk]:
        """See `Table`; rows of a sheet are never too short or too long."""
        places = {name: self.header.index(name) for name in columns}
        merged: list[tuple[int, int, str]] = []
        row = self.found.row
        source = islice(self._rows(merged), row, None)
        while records := list(islice(source, rows)):
            keep = [n for n, record in enumerate(records) if self._data(row + n, record, notes)]
            for n in keep if self._across else ():
                self._note_across(row + n, records[n], places, notes)
            numbers = np.array(keep, np.int32) + np.int32(row + 1)
            self._note_merged(merged, places, notes)
            yield from_rows([records[n] for n in keep], numbers, places)
            row += len(records)

    def _rows(self, merged: list[tuple[int, int, str]]) -> Iterator[list[str]]:
        """Go through the rows, merged cells filled downwards; each filled cell joins `merged`."""
        if not self._begin:
            yield from self._sheet.rows()
            return
        spanning: dict[int, tuple[int, str]] = {}
        for n, record in enumerate(self._sheet.rows()):
            for column, (last, text) in list(spanning.items()):
                if n > last:
                    del spanning[column]
                elif text and not record[column]:
                    record[column] = text
                    merged.append((n + 1, column, text))
            for last, column in self._begin.get(n, ()):
                spanning[column] = last, record[column].strip()
            yield record

    def _note_merged(
        self, merged: list[tuple[int, int, str]], places: Mapping[str, int], notes: Notes
    ) -> None:
        for name, place in places.items():
            cells = [(row, text, text) for row, column, text in merged if column == place]
            notes.readings.add("merged", at(self, name), cells)
        merged.clear()

    def _note_across(
        self, row: int, record: Sequence[str], places: Mapping[str, int], notes: Notes
    ) -> None:
        """Note cells merged over several columns that are read: only the first of them has it.

        A cell that is alone in its row is a heading or a footnote, which whoever reads it tells.
        """
        spans = self._across.get(row, ()) if sum(map(bool, record)) > 1 else ()
        for span in spans:
            names = [name for name, place in places.items() if place in span]
            if record[span.start] and len(names) > 1:
                told = {"columns": ", ".join(names)}
                where, text = np.array([row + 1]), [record[span.start]]
                notes.unreadable.add("T034", at(self, names[0]), where, text, **told)

    def _heads(self, row: int) -> bool:
        """Say whether a merged cell crosses the whole table in this row (counted from 0)."""
        return any(len(span) >= len(self.header) > 1 for span in self._across.get(row, ()))

    def _data(self, row: int, record: Sequence[str], notes: Notes) -> bool:
        """Say whether a row (counted from 0) holds data; a heading or totals row is noted."""
        first = record[0].strip() or next(filter(None, map(str.strip, record)), "")
        if not first:
            return False
        habit = "total" if first[0] in _INITIALS and is_total(first) else ""
        if self._across and self._heads(row):
            habit = "heading"
        if habit:
            text = " ".join(filter(None, record))
            notes.readings.add(habit, self.spot, [(row + 1, text, "")])
        return not habit


def is_total(first: str) -> bool:
    """Say whether a row that begins with this text adds up others."""
    return key(first).rstrip(":") in habits().totals
