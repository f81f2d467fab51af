"""Filling a count sheet in a test: as somebody types into it, and as another program saves it."""

import re
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_rowcol_to_cell

from sopaudit.sheets.count.marks import EXTRA, FIELDS, HIDDEN, MARK, SIGNATURE, SIGNED, VALUE

SHEET: Final = "xl/worksheets/sheet1.xml"
PEOPLE: Final = {"counter": "1011", "checker": "1004", "at": "2026-11-05 18:10"}
"""Who counts in the tests, and when."""

Typed = str | int | float
Rows = list[list[Any]]


class Places:
    """Where the cells of a sheet are, found by its marks."""

    def __init__(self, content: bytes) -> None:
        self.rows = sheets(content)[0][1]
        head = next(row for row in self.rows if FIELDS in row)
        self.columns = {"id" if name == FIELDS else name: n for n, name in enumerate(head)}

    def _row(self, wanted: Callable[[list[Any]], bool]) -> int:
        return next(n for n, row in enumerate(self.rows) if wanted(row))

    def head(self, name: str, column: str) -> str:
        row = self._row(lambda cells: cells[self.columns["id"]] == MARK + name)
        return str(xl_rowcol_to_cell(row, self.columns[column]))

    def line(self, location: str, part: str, column: str) -> str:
        at = self.columns
        row = self._row(
            lambda cells: [cells[at["location"]], cells[at["part_no"]]] == [location, part]
        )
        return str(xl_rowcol_to_cell(row, at[column]))

    def more(self, nth: int, column: str) -> str:
        row = self._row(lambda cells: cells[self.columns["id"]] == EXTRA)
        return str(xl_rowcol_to_cell(row + nth, self.columns[column]))


def sheets(content: bytes) -> list[tuple[str, Rows]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [
        (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for name in book.sheet_names
    ]


def filled(
    content: bytes,
    lines: Mapping[tuple[str, str], Mapping[str, Typed]],
    *,
    head: Mapping[str, Typed] = PEOPLE,
    unsigned: Iterable[str] = (),
    extra: Iterable[Mapping[str, Typed]] = (),
) -> bytes:
    """Type into the cells of a blank: lines by place and part, facts, and rows for more."""
    places = Places(content)
    cells: dict[str, Typed] = {places.head(name, VALUE): text for name, text in head.items()}
    for name in SIGNED:
        if name not in unsigned:
            cells[places.head(name, SIGNATURE)] = f"signed {name}"
    for (location, part), said in lines.items():
        cells |= {places.line(location, part, column): text for column, text in said.items()}
    for nth, said in enumerate(extra):
        cells |= {places.more(nth, column): text for column, text in said.items()}
    return typed(content, cells)


def typed(content: bytes, cells: Mapping[str, Typed], sheet: str = SHEET) -> bytes:
    """Put values into cells of a sheet, and leave every other byte of it."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            after.writestr(name, _put(text.decode(), cells).encode() if name == sheet else text)
    return out.getvalue()


def _put(xml: str, cells: Mapping[str, Typed]) -> str:
    for cell, value in cells.items():
        found = re.compile(rf'<c r="{cell}"( s="\d+")?(?: t="\w+")?(?:/>|>.*?</c>)')
        hit = found.search(xml)
        assert hit is not None, f"nobody can write into {cell}"
        said = escape(str(value))
        text = f' t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
        put = text if isinstance(value, str) else f"><v>{said}</v></c>"
        xml = f'{xml[: hit.start()]}<c r="{cell}"{hit[1] or ""}{put}{xml[hit.end() :]}'
    return xml


def saved_again(content: bytes, changed: Callable[[str, Rows], Rows]) -> bytes:
    """Save a workbook as another program would, with the rows of its sheets changed on the way.

    A sheet without any is left out.
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False})
    for name, rows in sheets(content):
        left = changed(name, rows)
        if not left:
            continue
        sheet = book.add_worksheet(name)
        for n, row in enumerate(left):
            for m, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(n, m, value)
                elif value != "":
                    sheet.write_string(n, m, str(value))
    book.close()
    return out.getvalue()


def below(rows: Rows) -> tuple[Rows, Rows]:
    """Part the rows of the sheet: what stands above the list, and the list."""
    head = next(n for n, row in enumerate(rows) if FIELDS in row)
    return rows[: head + 2], rows[head + 2 :]


def listed(change: Callable[[Rows], Rows]) -> Callable[[str, Rows], Rows]:
    """Change the list of the sheet, and leave all else."""

    def changed(name: str, rows: Rows) -> Rows:
        if name == HIDDEN:
            return rows
        above, list_ = below(rows)
        return [*above, *change(list_)]

    return changed


def kept(folder: Path, content: bytes, name: str = "count.xlsx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
