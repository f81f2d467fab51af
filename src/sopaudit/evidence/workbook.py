"""Workbooks of Excel and its like, read as the text a reader of the sheet would type.

A workbook knows numbers and dates where we want text: 500.0 becomes `500`, a day `2026-10-20`.
A zero in front survives in text, and in numbers whose format is zeros alone (`0000`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import repeat
from pathlib import Path
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)

from sopaudit.evidence.content import has_password
from sopaudit.evidence.extent import TABLE, bounded
from sopaudit.evidence.grid import Grid, Sheet, chosen
from sopaudit.evidence.package import Package
from sopaudit.evidence.source import NoTableError


def workbook(path: Path, name: str, wanted: Sequence[str] = ()) -> Grid:
    """Open the sheet called `name`, or the one that fits; raise NoTableError where that fails."""
    bounded(path, TABLE)
    try:
        book = _opened(path)
        package = Package(path)
        sheets = (_sheet(book, package, n) for n in range(len(book.sheet_names)))
        choice = chosen(sheets, name, wanted)
    except PasswordError:
        raise NoTableError("T027") from None
    except (CalamineError, IndexError) as error:
        raise NoTableError("T006", reason=str(error)) from None
    return Grid(path.as_posix(), choice, floats=True, epoch=package.epoch)


def sheets_of(path: Path) -> dict[str, list[list[str]]]:
    """Read every sheet, hidden ones too, as rows of text from the first cell on.

    Raises NoTableError where the file cannot be read as a workbook, or spans far too many cells.
    """
    bounded(path)
    try:
        book = _opened(path)
        package = Package(path)
        sheets = [_sheet(book, package, n) for n in range(len(book.sheet_names))]
        return {sheet.name: list(sheet.rows()) for sheet in sheets}
    except PasswordError:
        raise NoTableError("T027") from None
    except (CalamineError, IndexError) as error:
        raise NoTableError("T006", reason=str(error)) from None


def sheet_names(path: Path) -> tuple[str, ...]:
    """List the sheets a reader of a workbook sees; none where it cannot be opened."""
    try:
        about = _opened(path).sheets_metadata
    except (CalamineError, NoTableError, OSError, PasswordError):
        return ()
    return tuple(each.name for each in about if each.visible == SheetVisibleEnum.Visible)


def _opened(path: Path) -> CalamineWorkbook:
    """Open a workbook; the library believes the name of a file, so a wrong one is kept from it."""
    if has_password(path):
        raise NoTableError("T027")
    with _no_panic():
        try:
            return CalamineWorkbook.from_path(path)
        except PasswordError:
            raise
        except CalamineError:
            with path.open("rb") as file:
                return CalamineWorkbook.from_filelike(file)


@contextmanager
def _no_panic() -> Iterator[None]:
    """Tell a panic of the library, which Python takes for no Exception, as a file it cannot read.

    It panics at some broken workbooks, of the old and the binary kinds above all.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise NoTableError("T006", reason=str(error)) from None


def _sheet(book: CalamineWorkbook, package: Package, n: int) -> Sheet:
    about = book.sheets_metadata[n]
    with _no_panic():
        sheet = book.get_sheet_by_index(n)
    # Rows come without the empty columns at their left, which still count as columns.
    indent = sheet.start[1] if sheet.start else 0
    errors = package.errors(about.name)
    widths = package.widths(about.name)

    def rows() -> Iterator[list[str]]:
        for row, cells in enumerate(sheet.iter_rows()):
            # Most cells are text already, and there may be ten million of them.
            record = [cell if type(cell) is str else as_text(cell) for cell in cells]
            if indent:
                record[:0] = repeat("", indent)
            if row in errors:
                _put(record, errors[row])
            if row in widths:
                _pad(record, widths[row])
            yield record

    visible = about.visible == SheetVisibleEnum.Visible
    return Sheet(about.name, rows, sheet.merged_cell_ranges or (), visible)


def _put(record: list[str], errors: Mapping[int, str]) -> None:
    for column, text in errors.items():
        if column < len(record):
            record[column] = text


def _pad(record: list[str], widths: Mapping[int, int]) -> None:
    """Write whole numbers with the zeros in front that their format shows."""
    for column, width in widths.items():
        if column < len(record) and record[column].isdecimal():
            record[column] = record[column].zfill(width)


_LONGEST: Final = 1e15
"""From here on a float no longer holds every digit."""


def _float(value: float) -> str:
    if value != value:  # noqa: PLR0124 -- NaN, by which programs say that there is none
        return ""
    if value.is_integer():
        return str(int(value)) if abs(value) < _LONGEST else f"{value:.14E}"
    return repr(value)


_TEXT: Final[dict[type, Callable[..., str]]] = {
    str: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    int: str,
    float: _float,
    date: date.isoformat,
    datetime: lambda value: value.isoformat(" ", "seconds"),
}


def as_text(value: object) -> str:
    """Write a cell as its reader would; nothing is the empty text."""
    if value is None:
        return ""
    return _TEXT.get(type(value), str)(value)
