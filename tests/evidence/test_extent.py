"""Workbooks that ask for more room than there is end in a Problem before a library makes it."""

import time
from contextlib import suppress
from dataclasses import replace
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
    "a sign before the place": f'<row r="1"><c r="A1">{VALUE}<c x=">" r="XFD1048576">{VALUE}</row>',
    "a place behind another": f'<row r="1"><c r="A1">{VALUE}<c r="XFD1048576" r="A2">{VALUE}</row>',
    "a tag within a tag": f'<row r="1"><c r="A1">{VALUE}<c x="<c " r="XFD1048576">{VALUE}</row>',
    "a name before the name": f'<row r="1"><c r="A1">{VALUE}<é:c r="XFD1048576">{VALUE}</row>',
    "a row whose number hides": f'<row x=">" r="1048576">{"<c/>" * 400}<c>{VALUE}</row>',
    "empty cells without places": f'<row r="1048576">{"<c/>" * 400}<c>{VALUE}</row>',
    "rows without numbers": f"<row>{'<c/>' * 4_000}<c>{VALUE}</row>"
    + f"<row><c>{VALUE}</row>" * 14_000,
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


def test_a_tag_longer_than_pieces_overlap_is_not_read_as_two(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extent, "_BLOCK", 900)
    rows = f'<row r="1"><c r="A1">{VALUE}<c {" " * 700} r="XFD1048576">{VALUE}</row>'
    for n in range(0, 900, 50):
        path = of(sound, tmp_path / f"{n}.xlsx", f"<!--{' ' * n}-->{rows}")
        assert refused(path, FILLED)


def test_a_photo_may_have_the_signs_of_a_tag_by_chance(sound: Path, tmp_path: Path) -> None:
    path = of(sound, tmp_path / "photo.xlsx", "")
    with ZipFile(path, "a") as whole:
        signs = b"\xff\xd8\xff<c \x00\xff<row /\x01><v>" * 99
        whole.writestr("xl/media/image1.jpeg", signs + b"<si>" + bytes(1 << 20))
    assert not refused(path, FILLED)


def test_what_a_workbook_of_many_photos_has_of_tags_by_chance_is_not_counted(
    sound: Path, tmp_path: Path
) -> None:
    """Of every 256 bytes one is the sign that begins a tag: of 200 photos of 4 MB 3 million."""
    few = replace(FILLED, tags=3_000)
    path = of(sound, tmp_path / "photos.xlsx", "")
    assert not refused(path, few)
    photo = bytes(range(256)) * 4_000
    with ZipFile(path, "a") as whole:
        for n, begin in enumerate((b"\xff\xd8\xff", b"\x89PNG")):
            whole.writestr(f"xl/media/image{n}", begin + photo)
    assert not refused(path, few)
    for name, content in (
        ("xl/styles2.xml", photo),
        ("xl/media/sheet.jpg", b"\xff\xd8\xff<sheetData>" + photo),
    ):
        one = tmp_path / f"{Path(name).stem}.xlsx"
        one.write_bytes(path.read_bytes())
        with ZipFile(one, "a") as whole:
            whole.writestr(name, content)
        assert refused(one, few), name


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_part_that_begins_as_a_photo_is_none(name: str, sound: Path, tmp_path: Path) -> None:
    texts = f"<si><t>{'x' * 40_000}</t></si>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2_000))
    path = shared(sound, tmp_path / "many.xlsx", texts, rows)
    with ZipFile(path) as old:
        parts = {about.filename: old.read(about) for about in old.infolist()}
    parts[name] = b"\xff\xd8\xff" + parts[name]
    with ZipFile(path, "w", ZIP_DEFLATED) as new:
        for part, content in parts.items():
            new.writestr(part, content)
    assert refused(path, FILLED)


@pytest.mark.parametrize(
    "sign", ["<v ", "<c ", "<c r", '<c r="', "<row ", "<si ", "<x:c\t", "<x", "<c a='"]
)
def test_tags_that_never_end_take_no_longer_than_others(sign: str, tmp_path: Path) -> None:
    path = tmp_path / "open.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as whole:
        whole.writestr("xl/worksheets/sheet1.xml", (sign * 1_000_000)[:1_000_000])
    begun = time.process_time()
    with suppress(NoTableError):
        bounded(path)
    assert time.process_time() - begun < 5


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
    numbers = (kind, len(content))
    head = (bytes([n]) if n < 0x80 else bytes([n & 0x7F | 0x80, n >> 7]) for n in numbers)
    return b"".join(head) + content


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


# --- what is written once and means often --------------------------------------------------------

NAMES: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def cell(times: int = 1, text: str = "<text:p>x</text:p>") -> str:
    kind = ' office:value-type="string"' if text else ""
    again = f' table:number-columns-repeated="{times}"'
    return f"<table:table-cell{kind}{again}>{text}</table:table-cell>"


def row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def table(rows: str) -> str:
    return f'<table:table table:name="S">{rows}</table:table>'


def ods(path: Path, body: str, prolog: str = "") -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as whole:
        whole.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        whole.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        inner = f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        text = f"{prolog}<office:document-content {NAMES}>{inner}</office:document-content>"
        whole.writestr("content.xml", text)
    return path


OFTEN: Final = {
    "rows times columns": table(row(cell(16_384), 1_048_576)),
    "a row of too many": table(row(cell(5_000_000))),
    "numbers beyond all numbers": table(row(cell(10**12), 10**12)),
    "empty cells before a full one": table(row(cell(1_000_000, "") + cell()) * 20),
    "empty rows before a full one": table(row(cell(9, ""), 4_000_001) + row(cell())),
    "many rows of little": table(row(cell(1_000), 1_000) * 9),
    "rows in groups": table(
        f"<table:table-row-group>{row(cell(1_024), 100_000)}</table:table-row-group>"
    ),
    "many sheets": table(row(cell(3), 1_000_000)) * 2,
    "a table within a table": table(row(cell(1, table(row(cell()))))),
    "a long text again and again": table(row(cell(1_000, "x" * 9_000), 10)),
    "blanks counted": table(row(cell(1, '<text:p>a<text:s text:c="2000000000"/></text:p>'))),
    "a value said in its tag": table(
        row(f'<table:table-cell office:string-value="{"x" * 9_000}"/>', 9_000)
    ),
}


@pytest.mark.parametrize("name", OFTEN)
def test_what_an_ods_repeats_is_counted_and_not_written_out(name: str, tmp_path: Path) -> None:
    path = ods(tmp_path / "many.ods", OFTEN[name])
    assert refused(path, FILLED)
    with pytest.raises(NoTableError, match="F075"):
        sheets_of(path)


def spoilt(path: Path, name: str) -> Path:
    """Give a part of an archive a checksum that is not its own."""
    with ZipFile(path) as whole:
        checksum = whole.getinfo(name).CRC.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(checksum, b"\1\2\3\4"))
    return path


@pytest.mark.parametrize("name", ["mimetype", "content.xml"])
def test_a_broken_part_does_not_keep_the_others_from_being_counted(
    name: str, tmp_path: Path
) -> None:
    path = spoilt(ods(tmp_path / "many.ods", OFTEN["rows times columns"]), name)
    with pytest.raises(NoTableError, match="T006"):
        bounded(path)


def test_a_part_packed_in_a_way_nobody_knows_is_told(sound: Path, tmp_path: Path) -> None:
    path = of(sound, tmp_path / "odd.xlsx", "")
    packed = path.read_bytes()
    for head, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = packed.index(head) + at
        packed = packed[:place] + b"\x63\0" + packed[place + 2 :]
    path.write_bytes(packed)
    with pytest.raises(NoTableError, match="T006"):
        sheets_of(path)


def test_an_ods_with_a_password_is_said_to_have_one(tmp_path: Path) -> None:
    path = tmp_path / "locked.ods"
    entry = "<m:file-entry m:full-path='content.xml'><m:encryption-data/></m:file-entry>"
    with ZipFile(path, "w", ZIP_DEFLATED) as whole:
        whole.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        whole.writestr("content.xml", bytes(range(256)))
        whole.writestr("META-INF/manifest.xml", f"<m:manifest>{entry}</m:manifest>")
    with pytest.raises(NoTableError, match="T027"):
        sheets_of(path)
    with pytest.raises(NoTableError, match="T027"):
        workbook(path, "")


def test_an_ods_that_is_cut_off_is_said_to_be_broken(tmp_path: Path) -> None:
    with pytest.raises(NoTableError, match="T006"):
        sheets_of(ods(tmp_path / "cut.ods", "<table:table>"))


def test_an_ods_that_declares_words_of_its_own_is_refused(tmp_path: Path) -> None:
    assert refused(ods(tmp_path / "a.ods", table(row(cell())), "<!DOCTYPE a>"), TABLE)


def test_an_ods_of_a_log_may_repeat_more_but_not_without_end(tmp_path: Path) -> None:
    long = ods(tmp_path / "long.ods", table(row(cell(9), 1_000_000)))
    assert refused(long, FILLED)
    assert not refused(long, TABLE)
    assert refused(ods(tmp_path / "far.ods", OFTEN["rows times columns"]), TABLE)


def test_the_empty_rows_and_cells_an_office_program_fills_a_sheet_up_with_are_no_harm(
    tmp_path: Path,
) -> None:
    rest = row(cell(16_384, ""), 1_048_000)
    path = ods(tmp_path / "usual.ods", table(row(cell(9) + cell(16_375, ""), 500) + rest) * 9)
    assert [len(rows) for rows in sheets_of(path).values()] == [500]


def shared(sound: Path, path: Path, texts: str, rows: str) -> Path:
    of(sound, path, rows)
    with ZipFile(path) as old:
        parts = {about.filename: old.read(about) for about in old.infolist()}
    parts["xl/sharedStrings.xml"] = f"<sst>{texts}</sst>".encode()
    with ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "number",
    [
        't="s"><v>1</v>',
        't="s"><v >1</v>',
        't="s"><x:v> 1</x:v>',
        't="s"><v><!---->1</v>',
        't="s"><v>&#49;</v>',
        't="s"><v>+1</v>',
        't="s"><v>00000000000001</v>',
        't="s"><f/><v>1</v>',
        "t = 's' ><v>1</v>",
        """t="s" x='<c a="b">'><v>1</v>""",
        """t="s" x='<c '><v>1</v>""",
    ],
)
def test_a_long_text_that_many_cells_share_is_counted_for_each(
    number: str, sound: Path, tmp_path: Path
) -> None:
    texts = f"<si><t>a</t></si><si><t>{'x' * 40_000}</t></si><si><t>b</t></si>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" {number}</c></row>' for n in range(1, 2_000))
    assert refused(shared(sound, tmp_path / "many.xlsx", texts, rows), FILLED)


def test_long_texts_that_each_cell_has_for_itself_are_no_harm(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extent, "_BLOCK", 999)
    texts = "".join(f"<si><t>{'x' * 700}</t></si>" for _ in range(300))
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, 301)
    )
    limits = replace(FILLED, text=300 * 730)
    assert not refused(shared(sound, tmp_path / "long.xlsx", texts, rows), limits)
    bare = replace(limits, text=300 * 700)
    assert refused(tmp_path / "long.xlsx", bare)


def test_numbers_and_texts_a_cell_holds_itself_show_no_shared_text(
    sound: Path, tmp_path: Path
) -> None:
    """A workbook of submissions has a hundred thousand numbers, and one long remark."""
    texts = f"<si><t>{'x' * 3_000}</t></si>"
    one = '<c r="A{n}"><v>{n}.25</v></c><c r="B{n}" s="1"><v>0</v></c>'
    one += '<c r="C{n}" t="str"><v>a</v></c>'
    rows = "".join(f'<row r="{n}">{one.format(n=n)}</row>' for n in range(1, 30_000))
    assert not refused(shared(sound, tmp_path / "kobo.xlsx", texts, rows), FILLED)


def test_a_binary_sheet_is_followed_past_the_first_block_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extent, "_BLOCK", 600)
    path = tmp_path / "a.xlsb"
    head = (1_048_575).to_bytes(4, "little")
    with ZipFile(path, "w") as whole:
        begun = record(148, bytes(16)) + record(145)
        cell_ = record(0, head) + record(2, (9).to_bytes(4, "little"))
        part = begun + record(60, b"\xff" * 590) * 3 + cell_
        whole.writestr("xl/worksheets/sheet1.bin", part)
    assert refused(path, FILLED)


def test_a_long_text_that_many_cells_of_a_binary_sheet_share_is_counted_for_each(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.xlsb"
    with ZipFile(path, "w") as whole:
        whole.writestr("xl/worksheets/sheet1.bin", record(7, bytes(12)) * 9_000)
        whole.writestr("xl/sharedStrings.bin", record(19, bytes(9_000)))
    assert refused(path, FILLED)
