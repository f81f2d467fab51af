"""Workbooks that ask for more room than there is end in a Problem before a library makes it."""

from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from sopaudit.evidence import extent
from sopaudit.evidence.extent import FILLED, TABLE, Limits, bounded
from sopaudit.evidence.source import NoTableError
from sopaudit.evidence.workbook import sheet_names, sheets_of, workbook

VALUE: Final = "<v>1</v></c>"
RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "sound.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("log").write_row(0, 0, ["id", "at"])
    book.close()
    return path


def of(sound: Path, path: Path, rows: str, prolog: str = "") -> Path:
    """Write other rows into a sound workbook."""
    with ZipFile(sound) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for about in old.infolist():
            text = old.read(about).decode()
            if about.filename == "xl/worksheets/sheet1.xml":
                before, _, rest = text.partition("<sheetData>")
                after = rest.partition("</sheetData>")[2]
                text = f"{prolog or before}<sheetData>{rows}</sheetData>{after}"
            new.writestr(about.filename, text)
    return path


def refused(path: Path, limits: Limits) -> bool:
    try:
        bounded(path, limits)
    except NoTableError as error:
        return error.code == "F075"
    return False


FAR: Final = {
    "two corners": f'<row r="1"><c r="A1">{VALUE}<c r="XFD1048576">{VALUE}</row>',
    "three letters": f'<row r="1"><c r="A1">{VALUE}<c r="AAA1048576">{VALUE}</row>',
    "two letters": f'<row r="1"><c r="A1">{VALUE}<c r="BB1048576">{VALUE}</row>',
    "small letters": f'<row r="1"><c r="A1">{VALUE}<c r="xfd1048576">{VALUE}</row>',
    "four letters": f'<row r="1"><c r="A1">{VALUE}<c r="AAAA1048576">{VALUE}</row>',
    "other quotes": f"<row r='1'><c r='A1'>{VALUE}<c r='XFD1048576'>{VALUE}</row>",
    "blanks": f'<row r="1"><c r="A1">{VALUE}<c r = "XFD1048576">{VALUE}</row>',
    "a line end": f'<row r="1"><c r="A1">{VALUE}<c\nr="XFD1048576">{VALUE}</row>',
    "another attribute first": f'<row r="1"><c r="A1">{VALUE}<c s="0" r="XFD1048576">{VALUE}</row>',
    "rows below every sheet": f'<row r="1"><c r="A1">{VALUE}<c r="Z9999999">{VALUE}</row>',
    "rows below all numbers": f'<row r="1"><c r="A1">{VALUE}<c r="AB99999999">{VALUE}</row>',
    "no places at all": f'<row r="1">{f"<c>{VALUE}" * 400}</row><row r="1048576"><c>{VALUE}</row>',
}


@pytest.mark.parametrize("name", FAR)
def test_cells_far_apart_are_refused_in_a_table_and_in_a_sheet(
    name: str, sound: Path, tmp_path: Path
) -> None:
    path = of(sound, tmp_path / "far.xlsx", FAR[name])
    assert refused(path, TABLE)
    assert refused(path, FILLED)
    with pytest.raises(NoTableError, match="F075"):
        workbook(path, "log")
    with pytest.raises(NoTableError, match="F075"):
        sheets_of(path)


def test_unplaced_cells_count_across_as_well_as_down(sound: Path, tmp_path: Path) -> None:
    rows = f'<row r="1">{f"<c>{VALUE}" * 900}</row><row r="9000"><c r="A9000">{VALUE}</row>'
    assert refused(of(sound, tmp_path / "far.xlsx", rows), FILLED)


def test_a_table_of_all_rows_and_52_columns_is_read(sound: Path, tmp_path: Path) -> None:
    rows = f'<row r="1"><c r="A1">{VALUE}</row><row r="1048576"><c r="AZ1048576">{VALUE}</row>'
    path = of(sound, tmp_path / "long.xlsx", rows)
    assert not refused(path, TABLE)
    assert refused(path, FILLED)


def test_a_wide_table_is_refused_for_its_cells_and_not_for_its_columns(
    sound: Path, tmp_path: Path
) -> None:
    wide = f'<row r="1"><c r="A1">{VALUE}<c r="XFD3000">{VALUE}</row>'
    assert not refused(of(sound, tmp_path / "wide.xlsx", wide), TABLE)


def test_a_cell_that_two_pieces_share_is_seen(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extent, "_BLOCK", 600)
    near = f'<c r="A1">{VALUE}'
    for shift in range(0, 600, 7):
        rows = f'<row r="1">{near}<!--{"x" * shift}--><c r="XFD1048576">{VALUE}{near * 30}</row>'
        assert refused(of(sound, tmp_path / f"{shift}.xlsx", rows), TABLE), shift


def test_a_workbook_is_gone_through_once_until_it_changes(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    class Counted(ZipFile):
        def __init__(self, file: Path) -> None:
            opened.append(file)
            super().__init__(file)

    monkeypatch.setattr(extent, "ZipFile", Counted)
    path = of(sound, tmp_path / "book.xlsx", f'<row r="1"><c r="A1">{VALUE}</row>')
    bounded(path)
    bounded(path)
    assert opened == [path]
    of(sound, path, FAR["two corners"])
    assert refused(path, FILLED)
    assert refused(path, FILLED)
    assert opened == [path, path]


# --- binary parts --------------------------------------------------------------------------------


def record(kind: int, content: bytes = b"") -> bytes:
    """Write a record of a binary sheet: its kind and length in seven bits a byte, and content."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(content)]) + content


def number(value: int) -> bytes:
    return value.to_bytes(4, "little")


def binary(*cells: tuple[int, int]) -> bytes:
    """Write a binary sheet with a number in each of these cells."""
    rows = [
        record(0, number(row) + bytes(13)) + record(2, number(column) + bytes(8))
        for row, column in cells
    ]
    return record(129) + record(148, bytes(16)) + record(145) + b"".join(rows) + record(146)


def with_part(sound: Path, path: Path, name: str, content: bytes) -> Path:
    path.write_bytes(sound.read_bytes())
    with ZipFile(path, "a", ZIP_DEFLATED) as whole:
        whole.writestr(name, content)
    return path


PRINTER: Final = "Floor 2".encode("utf-16-le").ljust(64, b"\0") + (b"\2\0" + number(10**6)) * 9
"""What Excel keeps of a printer: its name, then small numbers and large ones; this is made up."""


def test_what_excel_keeps_of_a_printer_is_no_sheet(sound: Path, tmp_path: Path) -> None:
    """A workbook whose page was set up in Excel on Windows has such a part; nearly every one has.

    Seen in workbooks of jmcnamara/XlsxWriter, apache/poi and alibaba/easyexcel: of 151 with such
    a part 142 were refused.
    """
    path = with_part(sound, tmp_path / "a.xlsx", "xl/printerSettings/printerSettings1.bin", PRINTER)
    assert not refused(path, FILLED)
    assert not refused(path, TABLE)
    assert list(workbook(path, "log").header) == sheets_of(path)["log"][0] == ["id", "at"]


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.bin", "xl/printerSettings/p.bin"])
def test_cells_far_apart_are_refused_in_a_binary_sheet(
    name: str, sound: Path, tmp_path: Path
) -> None:
    far = with_part(sound, tmp_path / "far.xlsb", name, binary((0, 0), (1_048_575, 16_383)))
    near = with_part(sound, tmp_path / "near.xlsb", name, binary((0, 0), (9, 9)))
    assert [refused(path, FILLED) for path in (far, near)] == [True, False]


def test_a_sheet_of_text_may_be_called_binary_and_is_looked_at_all_the_same(
    sound: Path, tmp_path: Path
) -> None:
    text = f"<sheetData>{FAR['two corners']}</sheetData>".encode()
    path = with_part(sound, tmp_path / "far.xlsx", "xl/worksheets/other.bin", text)
    assert refused(path, FILLED)
    assert refused(path, TABLE)


def test_a_workbook_at_which_the_library_panics_is_one_that_cannot_be_read(tmp_path: Path) -> None:
    """A panic is no Exception: it went through everything and ended the program.

    Seen with `Simple.xlsb` of apache/poi, which names a sheet that no relation leads to.
    """
    sheet = bytes(8) + b"".join(number(len(t)) + t.encode("utf-16-le") for t in ("rId1", "S"))
    book = record(131) + record(153, bytes(12)) + record(143) + record(156, sheet) + record(144)
    path = tmp_path / "panic.xlsb"
    with ZipFile(path, "w") as whole:
        whole.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{RELATIONS}"/>')
        whole.writestr("xl/workbook.bin", book + record(132))
    for read in (sheets_of, lambda path: workbook(path, "S")):
        with pytest.raises(NoTableError, match="T006"):
            read(path)
    assert sheet_names(path) == ()
