"""Workbooks of Excel and its like, read as the text a reader of the sheet would type.

A workbook knows numbers and dates where we want text: 500.0 becomes `500`, a day `2026-10-20`.
A zero in front survives only in cells that are text; a number that merely looks like `0500` is 500.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice, repeat
from pathlib import Path
from typing import Final

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from sopaudit.evidence.source import Chunk, NoTableError, from_rows
from sopaudit.evidence.unreadable import Spot, Unreadable

SUFFIXES: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


class Workbook:
    """A sheet whose header, its first row that is not empty, has been read."""

    def __init__(self, path: Path, name: str) -> None:
        """Open the sheet called `name`, or the first; raise NoTableError where that fails."""
        try:
            book = CalamineWorkbook.from_path(path)
            names = book.sheet_names
            sheet = next((s for s in names if s.strip().casefold() == name.casefold()), names[0])
            self._sheet = book.get_sheet_by_name(sheet)
        except (CalamineError, IndexError) as error:
            raise NoTableError("T006", reason=str(error)) from None
        self.spot = Spot(path.as_posix(), sheet)
        # Rows come without the empty columns at their left, which still count as columns.
        self._indent = self._sheet.start[1] if self._sheet.start else 0
        rows = enumerate(self._rows(), 1)
        row, header = next(((n, r) for n, r in rows if any(r)), (0, []))
        if not row:
            raise NoTableError("T005")
        self.header = tuple(cell.strip() for cell in header)
        self._header_row = row

    def _rows(self) -> Iterator[list[str]]:
        for cells in self._sheet.iter_rows():
            yield [*repeat("", self._indent), *map(as_text, cells)]

    def chunks(
        self,
        columns: Sequence[str],
        rows: int,
        unreadable: Unreadable,  # noqa: ARG002 -- every table is asked alike
    ) -> Iterator[Chunk]:
        """See `Table`; rows of a sheet are never too short or too long."""
        places = {name: self.header.index(name) for name in columns}
        source, row = islice(self._rows(), self._header_row, None), self._header_row
        while records := list(islice(source, rows)):
            filled = [n for n, record in enumerate(records) if any(map(str.strip, record))]
            numbers = np.array(filled, np.int32) + np.int32(row + 1)
            yield from_rows([records[n] for n in filled], numbers, places)
            row += len(records)


_TEXT: Final[dict[type, Callable[..., str]]] = {
    str: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    int: str,
    float: lambda value: str(int(value)) if value.is_integer() else repr(value),
    date: date.isoformat,
    datetime: lambda value: value.isoformat(" ", "seconds"),
}


def as_text(value: object) -> str:
    """Write a cell as its reader would; nothing is the empty text."""
    if value is None:
        return ""
    return _TEXT.get(type(value), str)(value)
