"""Workbooks that ask for more room than there is end in a Problem before a library makes it."""

from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from sopaudit.evidence import extent
from sopaudit.evidence.extent import FILLED, TABLE, Limits, bounded
from sopaudit.evidence.source import NoTableError
from sopaudit.evidence.workbook import sheets_of, workbook

VALUE: Final = "<v>1</v></c>"


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
