"""The blind count sheet: what it hides, and what it says when it comes back."""

import re
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.findings.kind_samples import handbook, hearing
from tests.sheets.filling import PEOPLE, Rows, Typed, filled, kept, listed, saved_again

from sopaudit.findings.counting.drawing import Asked, Blank, blank_of
from sopaudit.findings.counting.stock import Stock, counting_of, stock_of
from sopaudit.findings.counting.taken import Taken
from sopaudit.problems import Problem
from sopaudit.sheets.count.back import read_count
from sopaudit.sheets.count.blank import count_sheet
from sopaudit.sheets.count.marks import HIDDEN
from sopaudit.sheets.count.paper import count_paper

LEDGER = """
site,part_no,part_name,serial,abc_class,unit_price,status,qty,location
CD,K01,screw,,A,20,good,7313,A-01
CD,K02,nut,,C,5,good,8417,A-02
CD,P01,mainboard,00012,A,680,good,1,B-01
CD,P01,mainboard,00013,A,680,good,1,B-01
CD,P01,mainboard,00014,A,680,good,1,B-01
CD,P04,disk,S9,A,420,good,1,B-02
CD,P04,disk,S8,A,420,with_engineer,1,
"""
LINES: dict[tuple[str, str], dict[str, Typed]] = {
    ("A-01", "K01"): {"counted": 7313},
    ("A-02", "K02"): {"counted": "８４１７件"},
    ("B-01", "P01"): {"counted": 3, "serials": "00012 00013，00014"},
    ("B-02", "P04"): {"serials": "S9"},
}


def stock(ledger: str = LEDGER) -> Stock:
    return stock_of(hearing({"ledger": ledger}), "CD")


def blank(ledger: str = LEDGER) -> Blank:
    counting, _ = counting_of(handbook())
    return blank_of(stock(ledger), counting, date(2026, 11, 5), Asked("1", (), everything=True))


def sheet(lang: str = "zh") -> bytes:
    return count_sheet(blank(), handbook(), lang)


def back(path: Path, ledger: str = LEDGER) -> tuple[Taken | None, list[Problem]]:
    counting, _ = counting_of(handbook())
    return read_count(path, stock(ledger), counting, handbook())


def seen(content: bytes, folder: Path) -> dict[tuple[str, str], tuple[Fraction, tuple[str, ...]]]:
    taken, problems = back(kept(folder, content))
    assert problems == []
    assert taken is not None
    return {(one.location, one.part_no): (one.number, one.serials) for one in taken.seen}


def told(content: bytes, folder: Path) -> list[tuple[str, str]]:
    _, problems = back(kept(folder, content))
    return [(one.code, one.values.get("cell", "")) for one in problems]


SEEN = {
    ("A-01", "K01"): (Fraction(7313), ()),
    ("A-02", "K02"): (Fraction(8417), ()),
    ("B-01", "P01"): (Fraction(3), ("00012", "00013", "00014")),
    ("B-02", "P04"): (Fraction(1), ("S9",)),
}

# --- the blank ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_book_quantity_and_serials_stand_nowhere_in_the_file(lang: str) -> None:
    with ZipFile(BytesIO(sheet(lang))) as book:
        raw = {name: book.read(name).decode("utf-8", "replace") for name in book.namelist()}
    for name, text in raw.items():
        for secret in ("7313", "8417", "00012", "00013", "S9"):
            assert secret not in re.sub(r"sha256:[0-9a-f]+|[0-9a-f]{12,}", "", text), name
    page = count_paper(blank(), handbook(), lang)
    assert not any(secret in page for secret in ("7313", "8417", "00012", ">S9"))


def test_how_many_pieces_there_are_does_not_change_the_shape_of_the_sheet() -> None:
    # The hidden digest of the ledger and what follows from it are all that may differ.
    other = LEDGER.replace("7313", "1").replace("CD,P01,mainboard,00013,A,680,good,1,B-01\n", "")
    counting, _ = counting_of(handbook())
    asked = Asked("1", (), everything=True)
    two = [
        count_sheet(blank_of(stock(x), counting, date(2026, 11, 5), asked, "C1"), handbook(), "zh")
        for x in (LEDGER, other)
    ]
    shapes = []
    for content in two:
        with ZipFile(BytesIO(content)) as book:
            shapes.append(book.read("xl/worksheets/sheet1.xml"))
    assert shapes[0] == shapes[1]


def test_the_same_count_is_the_same_file() -> None:
    assert sheet() == sheet()


def test_cells_to_write_into_are_open_and_the_others_are_not() -> None:
    content = sheet()
    with ZipFile(BytesIO(content)) as book:
        xml, styles = (book.read(f"xl/{n}.xml").decode() for n in ("worksheets/sheet1", "styles"))
    assert "<sheetProtection" in xml
    formats = styles.partition("<cellXfs")[2].split("<xf ")[1:]
    look = {c: formats[int(s)] for c, s in re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', xml)}
    assert all('locked="0"' in look[cell] for cell in ("D4", "H4", "D5", "D6", "F9", "G9", "I9"))
    assert 'locked="0"' in look["H11"]  # serials of a part that has them
    assert not any('locked="0"' in look[cell] for cell in ("A9", "B9", "C9", "H9", "J9", "J4"))


# --- read back ------------------------------------------------------------------------------------


def test_what_was_typed_is_what_was_seen(tmp_path: Path) -> None:
    content = filled(sheet(), LINES)
    assert seen(content, tmp_path) == SEEN
    taken, _ = back(kept(tmp_path, content))
    assert taken is not None
    assert (taken.counter, taken.checker, taken.at) == ("1011", "1004", "2026-11-05 18:10")
    assert taken.uncounted == ()


@given(order=st.permutations(range(17)), gone=st.sets(st.integers(0, 16), max_size=3))
@settings(max_examples=12, deadline=None)
def test_rows_may_be_sorted_inserted_and_deleted(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], gone: set[int]
) -> None:
    def change(rows: Rows) -> Rows:
        assert len(rows) == 17
        blank_row = [""] * len(rows[0])
        return [row for n in order if n not in gone for row in (rows[n], blank_row)]

    content = saved_again(filled(sheet(), LINES), listed(change))
    left = {name for n, name in enumerate(SEEN) if n not in gone}
    taken, problems = back(kept(tmp_path_factory.mktemp("rows"), content))
    assert problems == []
    assert taken is not None
    assert {(one.location, one.part_no): (one.number, one.serials) for one in taken.seen} == {
        name: SEEN[name] for name in left
    }
    assert {(x.location, x.part_no) for x in taken.uncounted} == set(SEEN) - left


def test_a_blank_is_not_counted_and_never_zero(tmp_path: Path) -> None:
    lines: dict[tuple[str, str], dict[str, Typed]] = {
        ("A-01", "K01"): {"counted": 0},
        ("A-02", "K02"): {"remark": "out of reach"},
    }
    taken, problems = back(kept(tmp_path, filled(sheet(), lines)))
    assert problems == []
    assert taken is not None
    assert [row["counted"] for row in taken.rows] == ["0"]
    assert [line.part_no for line in taken.uncounted] == ["K02", "P01", "P04"]


@pytest.mark.parametrize("text", ["-3", -3, "about 12", "无", "TRUE", "1/2", "12?", "¥12"])
def test_what_is_no_number_of_pieces_is_told_with_its_cell(tmp_path: Path, text: Typed) -> None:
    content = filled(sheet(), {("A-01", "K01"): {"counted": text}})
    assert told(content, tmp_path) == [("A164", "F9")]


@pytest.mark.parametrize("text", ["12件", "１２", "12 pcs", " 12 ", 12, 12.0, "12.0", "12个"])
def test_numbers_are_read_as_people_write_them(tmp_path: Path, text: Typed) -> None:
    found = seen(filled(sheet(), {("A-01", "K01"): {"counted": text}}), tmp_path)
    assert found == {("A-01", "K01"): (Fraction(12), ())}


def test_a_second_count_goes_before_the_first_which_is_kept(tmp_path: Path) -> None:
    content = filled(sheet(), {("A-01", "K01"): {"counted": 95, "recount": 96}})
    taken, _ = back(kept(tmp_path, content))
    assert taken is not None
    assert [(one.number, one.first) for one in taken.seen] == [(Fraction(96), Fraction(95))]


def test_pieces_with_a_serial_number_become_lines_of_their_own(tmp_path: Path) -> None:
    content = filled(sheet(), {("B-01", "P01"): {"serials": "00012\n0099", "remark": "?"}})
    taken, _ = back(kept(tmp_path, content))
    assert taken is not None
    assert [(row["serial"], row["counted"], row["reason"]) for row in taken.rows] == [
        ("00012", "1", ""), ("00013", "0", "?"), ("00014", "0", "?"), ("0099", "1", "?"),
    ]  # fmt: skip


def test_what_is_not_on_the_list_is_counted_too(tmp_path: Path) -> None:
    extra: list[dict[str, Typed]] = [{"location": "Z-9", "part_no": "K77", "counted": 2}]
    found = seen(filled(sheet(), LINES, extra=extra), tmp_path)
    assert found == SEEN | {("Z-9", "K77"): (Fraction(2), ())}


@pytest.mark.parametrize(
    ("lines", "extra", "expected"),
    [
        ({("B-01", "P01"): {"counted": 2, "serials": "00012"}}, [], [("A166", "H11")]),
        ({("B-01", "P01"): {"counted": 3}}, [], [("A166", "H11")]),
        ({("B-01", "P01"): {"serials": "00012 00012"}}, [], [("A165", "H11")]),
        ({("B-01", "P01"): {"serials": "1.2E+15"}}, [], [("A164", "H11")]),
        (
            {("A-01", "K01"): {"counted": 2}},
            [{"location": "A-01", "part_no": "k01", "counted": 1}],
            [("A165", "C14")],
        ),
        ({}, [{"part_no": "K77", "counted": 1}], [("A169", "C14")]),
        ({}, [{"location": "Z-9", "counted": 1}], [("A169", "C14")]),
        ({("A-01", "K01"): {"counted": 2, "part_no": "K09"}}, [], [("A169", "C9")]),
    ],
)
def test_what_cannot_be_is_told(
    tmp_path: Path,
    lines: dict[tuple[str, str], dict[str, Typed]],
    extra: list[dict[str, Typed]],
    expected: list[tuple[str, str]],
) -> None:
    assert told(filled(sheet(), lines, extra=extra), tmp_path) == expected


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "unsigned", "expected"),
    [
        ({**PEOPLE, "checker": "1011"}, (), [("A167", "D5"), ("A167", "D5")]),
        ({**PEOPLE, "counter": "1004"}, (), [("A167", "D5")]),
        ({**PEOPLE, "counter": "1004", "checker": "1011"}, (), [("A167", "D5")]),
        ({**PEOPLE, "counter": "4711"}, (), [("A168", "D4")]),
        ({**PEOPLE, "at": "tonight"}, (), [("A163", "D6")]),
        ({"counter": "1011", "at": PEOPLE["at"]}, (), [("A163", "D5")]),
        (PEOPLE, ("checker",), [("A163", "H5")]),
        (PEOPLE, ("counter",), [("A163", "H4")]),
    ],
)
def test_two_people_count_and_sign_and_the_keeper_does_not_check(
    tmp_path: Path, head: dict[str, str], unsigned: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert told(filled(sheet(), LINES, head=head, unsigned=unsigned), tmp_path) == expected


def test_people_may_write_their_names(tmp_path: Path) -> None:
    taken, problems = back(
        kept(tmp_path, filled(sheet(), LINES, head={**PEOPLE, "counter": "蒋波"}))
    )
    assert problems == []
    assert taken is not None
    assert taken.counter == "1011"


# --- refused --------------------------------------------------------------------------------------


def test_a_sheet_of_another_ledger_is_refused(tmp_path: Path) -> None:
    other = LEDGER.replace("7313", "7312")
    taken, problems = back(kept(tmp_path, filled(sheet(), LINES)), other)
    assert taken is None
    assert [problem.code for problem in problems] == ["A162"]


def test_the_order_of_the_ledger_and_what_left_the_store_do_not_matter(tmp_path: Path) -> None:
    head, *rows = LEDGER.strip().splitlines()
    other = "\n".join([head, *reversed(rows)]).replace("S8,A,420", "S7,A,420")
    taken, problems = back(kept(tmp_path, filled(sheet(), LINES)), other)
    assert problems == []
    assert taken is not None


def test_a_changed_hidden_sheet_is_refused(tmp_path: Path) -> None:
    def less(name: str, rows: Rows) -> Rows:
        return rows[:-1] if name == HIDDEN else rows

    taken, problems = back(kept(tmp_path, saved_again(sheet(), less)))
    assert taken is None
    assert [problem.code for problem in problems] == ["A161"]


def test_a_line_left_out_and_sealed_again_is_found_out(tmp_path: Path) -> None:
    from sopaudit.sheets.count.marks import seal

    def less(name: str, rows: Rows) -> Rows:
        if name != HIDDEN:
            return rows
        _, *rest = rows[:-1]
        return [["seal", seal(rest), "", ""], *rest]

    taken, problems = back(kept(tmp_path, saved_again(sheet(), less)))
    assert taken is None
    assert [problem.code for problem in problems] == ["A161"]


@pytest.mark.parametrize("name", ["notes.xlsx", "count.pdf"])
def test_another_file_is_no_count_sheet(tmp_path: Path, name: str) -> None:
    content = saved_again(sheet(), lambda _, __: [["a"]]) if name == "notes.xlsx" else b"%PDF-1.7"
    taken, problems = back(kept(tmp_path, content, name))
    assert taken is None
    assert [problem.code for problem in problems] == ["A160" if name == "notes.xlsx" else "T006"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert [problem.code for problem in back(tmp_path / "gone.xlsx")[1]] == ["T001"]
