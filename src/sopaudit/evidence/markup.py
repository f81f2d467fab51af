"""Files called `.xls` that are not: web pages, and the XML Excel wrote in 2003.

Programs that export tables write both, and Excel opens them after a question. They are small, and
are read whole.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from sopaudit.evidence.content import text_of
from sopaudit.evidence.grid import Grid, Merge, Sheet, chosen
from sopaudit.evidence.habits import EPOCH_1900, EPOCH_1904
from sopaudit.evidence.source import NoTableError

_WIDEST: Final = 1 << 14
"""Columns a sheet may have, and an attribute may claim."""


class _Cells:
    """Rows while they are filled, cell after cell."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.visible = True
        self.rows: list[list[str]] = []
        self.merges: list[Merge] = []
        self._taken: set[tuple[int, int]] = set()
        """Cells below and beside a merged one."""

    def begin(self, row: int | None = None) -> None:
        """Begin a row: the next one, or the one counted from 0."""
        wanted = len(self.rows) + 1 if row is None else row + 1
        while len(self.rows) < min(wanted, 1 << 20):
            self.rows.append([])

    def add(self, text: str, wide: int = 1, high: int = 1, column: int | None = None) -> None:
        """Put a cell into the next free place of the row, or into the column counted from 0."""
        if not self.rows:
            self.begin()
        row, cells = len(self.rows) - 1, self.rows[-1]
        while len(cells) < min(column or 0, _WIDEST) or (row, len(cells)) in self._taken:
            cells.append("")
        left = len(cells)
        cells.append(text)
        wide, high = min(wide, _WIDEST), min(high, 1 << 16)
        if wide > 1 or high > 1:
            self.merges.append(((row, left), (row + high - 1, left + wide - 1)))
            below = ((r, c) for r in range(row, row + high) for c in range(left, left + wide))
            self._taken.update(place for place in below if place != (row, left))

    def sheet(self) -> Sheet:
        """Give what was filled, all rows of one width."""
        width = max(map(len, self.rows), default=0)

        def rows() -> Iterator[list[str]]:
            for cells in self.rows:
                yield cells + [""] * (width - len(cells))

        return Sheet(self.name, rows, self.merges, self.visible)


def web_page(path: Path, name: str, wanted: Sequence[str] = ()) -> Grid:
    """Open the table of a web page; raise NoTableError where it has none."""
    page = _Page()
    page.feed(text_of(path)[0])
    page.close()
    if not page.tables:
        raise NoTableError("T029")
    choice = chosen((table.sheet() for table in page.tables), name, wanted)
    return Grid(path.as_posix(), choice, floats=False)


class _Page(HTMLParser):
    """Collects the tables of a page, also those that stand inside others."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Cells] = []
        self._open: list[_Cells] = []
        self._cell: list[tuple[list[str], int, int]] = []
        """Text, width and height of each cell that has begun."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append(_Cells())
            self._open.append(self.tables[-1])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].begin()
        elif tag in {"td", "th"} and self._open:
            self._end_cell()
            said = dict(attrs)
            wide, high = _count(said.get("colspan")), _count(said.get("rowspan"))
            self._cell.append(([], wide, high))
        elif tag == "br" and self._cell:
            self._cell[-1][0].append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._cell[-1][0].append(" ".join(data.split()) if data.strip() else " ")

    def _end_cell(self) -> None:
        if self._cell and self._open:
            texts, wide, high = self._cell.pop()
            self._open[-1].add("".join(texts).strip(), wide, high)


def _count(text: str | None) -> int:
    return max(int(text), 1) if text and text.strip().isdecimal() else 1


def spreadsheet_xml(path: Path, name: str, wanted: Sequence[str] = ()) -> Grid:
    """Open a sheet of an XML workbook of 2003; raise NoTableError where it is broken."""
    book = _Book()
    try:
        book.parse(path.read_bytes())
    except expat.ExpatError as error:
        raise NoTableError("T006", line=error.lineno, reason=str(error)) from None
    except (LookupError, ValueError) as error:  # an encoding nobody knows, a number that is none
        raise NoTableError("T006", reason=str(error)) from None
    choice = chosen((cells.sheet() for cells in book.sheets), name, wanted)
    return Grid(path.as_posix(), choice, floats=True, epoch=book.epoch)


_SS: Final = "urn:schemas-microsoft-com:office:spreadsheet|"
_EXCEL: Final = "urn:schemas-microsoft-com:office:excel|"


class _Book:
    """Collects the sheets of an XML workbook."""

    def __init__(self) -> None:
        self.sheets: list[_Cells] = []
        self.epoch: date = EPOCH_1900
        self._text: list[str] = []
        self._kind = ""
        self._about: dict[str, str] = {}

    def parse(self, raw: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator="|")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.Parse(raw, True)  # noqa: FBT003 -- expat's own signature

    def _start(self, name: str, attributes: dict[str, Any]) -> None:
        said = {key.removeprefix(_SS): value for key, value in attributes.items()}
        if name == f"{_SS}Worksheet":
            self.sheets.append(_Cells(said.get("Name", "")))
        elif name == f"{_SS}Row" and self.sheets:
            index = said.get("Index")
            self.sheets[-1].begin(int(index) - 1 if index else None)
        elif name == f"{_SS}Cell":
            self._about, self._kind = said, ""
            self._text.clear()
        elif name == f"{_SS}Data":
            self._kind = said.get("Type", "")
            self._text.clear()

    def _end(self, name: str) -> None:
        text = "".join(self._text).strip()
        if name == f"{_SS}Data":
            self._about["text"] = self._typed(text)
        elif name == f"{_SS}Cell" and self.sheets:
            about = self._about
            wide, high = (_count(about.get(key)) + 1 if about.get(key) else 1 for key in _MERGED)
            index = about.get("Index")
            column = int(index) - 1 if index else None
            self.sheets[-1].add(about.get("text", ""), wide, high, column)
        elif name == f"{_EXCEL}Visible" and self.sheets:
            self.sheets[-1].visible = text == "SheetVisible"
        elif name == f"{_EXCEL}Date1904":
            self.epoch = EPOCH_1904
        self._text.clear()

    def _typed(self, text: str) -> str:
        """Write a value as a reader of the sheet would type it."""
        if self._kind == "DateTime":
            return text.removesuffix(".000").removesuffix("T00:00:00")
        if self._kind == "Boolean":
            return "TRUE" if text == "1" else "FALSE"
        return text


_MERGED: Final = ("MergeAcross", "MergeDown")
