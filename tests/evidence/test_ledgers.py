"""Ledgers as offices hand them in: sheets of one workbook, odd cells, editions of a price list."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from tests.findings.kind_samples import handbook

from sopaudit.evidence.lines import exact
from sopaudit.evidence.quality import Measure
from sopaudit.evidence.recordquality import quality_of
from sopaudit.evidence.records import MOVES, Records, read_records
from sopaudit.findings.rules.engine import hear
from sopaudit.problems import Problem

HEADER = ("move_id", "move_type", "at", "part_no", "serial", "qty")
MOVED = "move_id,move_type,at,part_no,serial,qty\n"


def read(folder: Path) -> tuple[Records, list[Problem]]:
    return read_records(folder, handbook(), office="CD", shown="data")


def told(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.place)) for problem in problems]


def book(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], formats: dict[Any, str]
) -> None:
    """Write sheets; a cell `(value, name)` has the number format of that name."""
    with xlsxwriter.Workbook(path) as made:
        known = {name: made.add_format({"num_format": code}) for name, code in formats.items()}
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for n, row in enumerate(rows):
                for m, cell in enumerate(row):
                    if isinstance(cell, tuple):
                        sheet.write(n, m, cell[0], known[cell[1]])
                    else:
                        sheet.write(n, m, cell)


# --- where records stand -------------------------------------------------------------------------


def test_sheets_of_one_workbook_are_records_by_id_or_title(tmp_path: Path) -> None:
    sheets: dict[str, list[Sequence[Any]]] = {
        "说明": [["本月台账"]],
        "moves": [HEADER, ["M1", "RECV", "2026-10-08", "P01", "0012", 1]],
        "盘点": [["盘点号", "站点", "备件编号", "实盘数"], ["C1", "CD", "P01", 3]],
    }
    book(tmp_path / "台账2026-10.xlsx", sheets, {})
    records, problems = read(tmp_path)
    assert problems == []
    assert set(records.lines) == {"moves", "counts"}
    assert records.of("moves").texts("serial") == ["0012"]
    assert records.of("counts").texts("counted") == ["3"]
    assert records.of("counts").file == "data/台账2026-10.xlsx[盘点]"


def test_a_mapping_names_file_and_sheet_of_each_record(tmp_path: Path) -> None:
    sheets: dict[str, list[Sequence[Any]]] = {
        "October": [["No.", "move_type"], ["M1", "RECV"]],
        "November": [["No.", "move_type"], ["M2", "RECV"]],
        "Stock": [["part_no", "qty"], ["P01", 4]],
    }
    book(tmp_path / "all.xlsx", sheets, {})
    (tmp_path / "mapping.yaml").write_text(
        "records:\n"
        "  moves: {file: all.xlsx, sheet: november, columns: {move_id: No.}}\n"
        "  ledger: {sheet: Stock}\n",
        encoding="utf-8",
    )
    records, problems = read(tmp_path)
    assert problems == []
    assert records.of("moves").texts("move_id") == ["M2"]
    assert records.of("ledger").texts("qty") == ["4"]


def test_a_record_in_two_places_is_read_from_neither(tmp_path: Path) -> None:
    (tmp_path / "moves.csv").write_text(MOVED + "M1,RECV,,P01,,1\n", encoding="utf-8")
    book(tmp_path / "all.xlsx", {"moves": [HEADER, ["M1", "RECV", "", "P01", "", 1]]}, {})
    records, problems = read(tmp_path)
    assert [problem.code for problem in problems] == ["L040"]
    assert MOVES not in records
    assert "moves.csv" in records.missing[MOVES]


def test_opening_balances_of_several_sites_are_one_file(tmp_path: Path) -> None:
    (tmp_path / "opening.csv").write_text(
        "站点,备件编号,序列号,备件状态,数量,自何时起\n成都,P01,001,好件,1,2026年9月1日\n"
        'CQ,P09,,good,"1,250",2026/9/1\n',
        encoding="gbk",
    )
    records, problems = read(tmp_path)
    assert problems == []
    opening = records.of("opening")
    assert opening.texts("site") == ["成都", "CQ"]
    assert opening.texts("serial") == ["001", ""]
    assert opening.numbers("qty").units.tolist() == [1, 1250]
    assert [str(day)[:10] for day in opening.times("since")] == ["2026-09-01"] * 2


# --- numbers of things ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Odd:
    """A cell of a serial number as a file has it, and what is expected of it."""

    name: str
    cell: Any
    text: str
    problem: str = ""


CELLS = (
    Odd("a number", 10200300.0, "10200300"),
    Odd("a number whose format shows zeros", (12, "000000"), "000012"),
    Odd("a text with zeros", "000012", "000012"),
    Odd("quoted", "'0012", "0012"),
    Odd("fifteen digits", 123456789012345, "123456789012345"),
    Odd("sixteen digits", 1234567890123456, "", "T025"),
    Odd("twenty digits as text", "12345678901234567890", "12345678901234567890"),
    Odd("shown short", "1.23E+11", "", "T025"),
    Odd("with a tail", "10200300.0", "10200300"),
    Odd("a short decimal", "2.0", "2.0"),
    Odd("full width", "ＳＮ－１２", "ＳＮ－１２"),
)


@pytest.mark.parametrize("odd", CELLS, ids=lambda odd: odd.name)
def test_a_number_of_a_thing_never_becomes_another(tmp_path: Path, odd: Odd) -> None:
    row = ["M1", "RECV", "2026-10-08", "P01", odd.cell, 1]
    book(tmp_path / "moves.xlsx", {"moves": [HEADER, row]}, {"000000": "000000"})
    records, problems = read(tmp_path)
    expected = [(odd.problem, "data/moves.xlsx[moves]:2:5")] if odd.problem else []
    assert told(problems) == expected
    assert records.of(MOVES).texts("serial") == [odd.text]


def test_numbers_in_parquet_stay_whole(tmp_path: Path) -> None:
    columns = {
        "move_id": ["M1", "M2", "M3"],
        "part_no": [10200300.0, float("nan"), 10200300.0],
        "serial": np.array([12345678901234567, 7, 0], np.int64),
        "qty": [1.0, 0.1 + 0.2, 2.0],
        "at": pa.array(np.array(["2026-10-08T09:00"] * 3, "datetime64[us]")),
    }
    pq.write_table(pa.table(columns), tmp_path / "moves.parquet")
    records, problems = read(tmp_path)
    assert problems == []
    moves = records.of(MOVES)
    assert moves.texts("part_no") == ["10200300", "", "10200300"]
    assert moves.texts("serial") == ["12345678901234567", "7", "0"]
    assert (moves.numbers("qty").units.tolist(), moves.numbers("qty").decimals) == ([10, 3, 20], 1)
    assert str(moves.times("at")[0])[:16] == "2026-10-08T09:00"


def test_parquet_without_its_reader_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(pa.table({"move_id": ["M1"]}), tmp_path / "moves.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    records, problems = read(tmp_path)
    assert [problem.code for problem in problems] == ["T004"]
    assert MOVES in records.missing


def test_merged_headers_titles_and_merged_cells_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "moves.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("moves")
        sheet.merge_range(0, 0, 0, 5, "成都站备件出入库 2026年10月")
        sheet.merge_range(1, 0, 2, 0, "流水号")
        sheet.merge_range(1, 1, 2, 1, "类型")
        sheet.merge_range(1, 2, 1, 3, "备件")
        sheet.write_row(2, 2, ["备件编号", "序列号"])
        sheet.merge_range(1, 4, 2, 4, "数量")
        sheet.merge_range(3, 1, 4, 1, "收货入库")
        sheet.write_row(3, 2, ["P01", "0001", 1])
        sheet.write_row(4, 2, ["P01", "0002", 1])
        sheet.write_column(3, 0, ["M1", "M2"])
    records, problems = read(tmp_path)
    assert problems == []
    moves = records.of(MOVES)
    assert moves.texts("move_type") == ["RECV", "RECV"]
    assert moves.texts("serial") == ["0001", "0002"]
    assert moves.row.tolist() == [4, 5]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,250", "1250"),
        ("1，250.50", "1250.50"),
        ("2.0", "2.0"),
        ("２", "2"),
        ("1 件", "1"),
        ("3pcs", "3"),
        ("−4", "-4"),
        ("-1,250", "-1250"),
        ("¥80元", "80"),
        ("1,5", None),
        ("12,50", None),
        ("1_000", None),
        ("件", None),
        ("1e400", None),
        ("12345678901234567890", None),
        ("一", None),
    ],
)
def test_quantities_are_read_as_people_write_them(text: str, number: str | None) -> None:
    found = exact(text)
    assert (None if found is None else str(found)) == number


def test_a_number_too_large_to_count_is_unknown_and_breaks_nothing(tmp_path: Path) -> None:
    rows = "M1,RECV,,P01,,99999999999999\nM2,RECV,,P01,,0.000000001\nM3,RECV,,P01,,1\n"
    (tmp_path / "moves.csv").write_text(MOVED + rows, encoding="utf-8-sig")
    numbers = read(tmp_path)[0].of(MOVES).numbers("qty")
    assert numbers.known.tolist() == [False, True, True]


# --- price lists ---------------------------------------------------------------------------------

PRICES = "edition,valid_from,code,name,kind,abc_class,price\n"
CHARGED = "ticket_no,at,part_no,price\n"


def charged(folder: Path, prices: str, charges: str) -> tuple[Records, list[Problem], list[int]]:
    (folder / "price_list.csv").write_text(PRICES + prices, encoding="utf-8")
    (folder / "charges.csv").write_text(CHARGED + charges, encoding="utf-8")
    (folder / "moves.csv").write_text(MOVED, encoding="utf-8")
    records, problems = read(folder)
    now = np.datetime64("2026-11-05T23:59:59", "us")
    heard = hear(handbook(), records, now, rules={"PR-34"})["PR-34"]
    return records, problems, heard.parts[1].cases.verdict.tolist()


def test_an_edition_handed_in_is_in_force_from_its_day(tmp_path: Path) -> None:
    _, problems, verdicts = charged(
        tmp_path,
        "2026-2,2026年10月1日,P01,主板,part,A,700\n2026-1,2026-01-01,P02,处理器,part,A,760.00\n",
        "T1,2026-09-30,P01,680\nT2,2026-10-01,P01,680\nT3,2026-10-01,P01,700\n",
    )
    assert problems == []
    assert verdicts == [0, 1, 0]


def test_the_handbook_wins_over_a_price_list_that_contradicts_it(tmp_path: Path) -> None:
    records, problems, verdicts = charged(
        tmp_path, "2026-1,2026-01-01,P01,主板,part,A,1\n", "T1,2026-09-30,P01,1\n"
    )
    assert told(problems) == [("L043", "data/price_list.csv:2:1")]
    assert verdicts == [1]
    assert records.tables["price_list"].rows == handbook().tables["price_list"].rows


# --- what is odd ---------------------------------------------------------------------------------


def odd(measures: Sequence[Measure]) -> dict[str, list[int]]:
    return {f"{m.id} {m.where}": [e.row for e in m.examples] for m in measures if m.where}


def test_odd_moves_are_counted_with_their_rows(tmp_path: Path) -> None:
    (tmp_path / "moves.csv").write_text(
        "move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_to,actor\n"
        "M1,RECV,2026-10-08,PC,CD,P01,S1,1,good,1\n"
        "m1,RECV,2026-10-08,PC,CD,P01,S2,2,good,1\n"
        "M3,LOST_IT,,XX,YY,P99,,-1,good,1\n"
        "M4,RECV,2026-10-08,PC,CD,,,some,best,1\n",
        encoding="utf-8",
    )
    (tmp_path / "ledger.csv").write_text("site,part_no,qty\nCD,Ｐ01,1\n", encoding="utf-8")
    records, _ = read(tmp_path)
    found = odd(quality_of(records, handbook()).measures)
    moves = {name: rows for name, rows in found.items() if " moves" in name}
    assert moves == {
        "code moves.move_type": [4],
        "blank moves.at": [4],
        "blank moves.part_no": [5],
        "no_number moves.qty": [5],
        "code moves.status_to": [5],
        "move_twice moves.move_id": [3],
        "negative moves.qty": [4],
        "pieces moves.qty": [3],
        "stranger_part moves.part_no": [4],
        "stranger_site moves.site_from": [4],
    }


def test_a_place_that_is_no_office_is_known_by_the_site_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "moves.csv").write_text(
        "move_id,move_type,at,site_from,site_to,part_no,qty\n"
        "M1,CENTRE_ACCEPT,2026-10-08,PC,PC,P01,1\nM2,CENTRE_ACCEPT,2026-10-08,QC,QC,P01,1\n",
        encoding="utf-8",
    )
    records, _ = read(tmp_path)
    found = odd(quality_of(records, handbook()).measures)
    assert found["stranger_site moves.site_from"] == [3]


def test_an_opening_in_a_place_nobody_knows_is_told(tmp_path: Path) -> None:
    (tmp_path / "opening.csv").write_text(
        "site,place,part_no,status,qty\n"
        "CD,shelf,P01,good,1\nCD,cellar,P01,good,1\nCD,,P01,good,1\nCD,Shelf,P01,good,1\n",
        encoding="utf-8",
    )
    (tmp_path / "cash_opening.csv").write_text(
        "site,place,person,amount\nCD,collector,1006,10\nCD,shelf,1006,10\n", encoding="utf-8"
    )
    records, _ = read(tmp_path)
    found = odd(quality_of(records, handbook()).measures)
    assert found["stranger_place opening.place"] == [3, 5]
    assert found["stranger_place cash_opening.place"] == [3]
