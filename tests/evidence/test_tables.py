"""Tables that are not ours: what is read, and what is named because it cannot be read."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd
import pytest
import xlsxwriter

if TYPE_CHECKING:
    from tests.evidence.conftest import Desk, Spelled

LONG = """
tables: [answers]
audit: audit
checklist: {always: COOK}
answers: {item: item, result: result}
"""
WIDE = """
tables: [lifts]
audit: id
checklist: {always: LIFT}
answers: {columns: {speed: SPEED, load: LOAD}}
"""
JOINED = """
tables: [visits, findings]
audit: {visits: id, findings: visit}
date: day
checklist: {always: COOK}
answers: {from: findings, item: item, result: {always: no}}
facts: {town: town, source: {always: web}}
"""


def test_a_long_table_has_a_row_for_each_answer(desk: "Desk") -> None:
    table = """
        audit,item,result
        A1,0100,yes
        A1,0200,no
        A2,0100,partial
        """
    assert desk.answers(LONG, answers=table).split("\n") == [
        "2 A1 0100 yes",
        "3 A1 0200 no",
        "4 A2 0100 partial",
    ]


def test_a_wide_table_has_a_column_for_each_item(desk: "Desk") -> None:
    table = """
        id,load,speed
        A1,2/3,10
        A2,85 %,0
        """
    assert desk.answers(WIDE, lifts=table).split("\n") == [
        "2 A1 SPEED 10",
        "2 A1 LOAD 2/3",
        "3 A2 SPEED 0",
        "3 A2 LOAD 0.85",
    ]


def test_an_audit_without_answers_is_an_audit(desk: "Desk") -> None:
    visits = """
        id,day,town
        A1,2026-10-20,North
        NA,2026-10-21,South
        """
    findings = """
        visit,item
        A1,0100
        """
    read = desk.read(JOINED, visits=visits, findings=findings)
    (frame,) = read
    assert frame.audits == ("A1", "NA")
    assert frame.dates.astype(str).tolist() == ["2026-10-20", "2026-10-21"]
    assert frame.facts == {"town": ("North", "South"), "source": ("web", "web")}
    assert len(frame) == 1
    assert not read.problems


def test_a_table_of_findings_may_be_empty(desk: "Desk") -> None:
    answers = desk.answers(JOINED, visits="id,day,town\nA1,2026-10-20,N", findings="visit,item")
    assert answers == "- A1"


def test_audits_may_be_known_by_a_third_table(desk: "Desk") -> None:
    mapping = JOINED.replace("[visits, findings]", "[visits, towns, findings]").replace(
        "{visits: id,", "{visits: id, towns: id,"
    )
    visits = "id,day\nA1,2026-10-20\nA2,2026-10-21"
    towns = "id,town\nA2,South\nA1,North\nA3,West"
    read = desk.read(mapping, visits=visits, towns=towns, findings="visit,item")
    (frame,) = read
    assert frame.facts["town"] == ("North", "South")
    assert [str(p.place).rsplit("/")[-1] + p.code for p in read.problems] == ["towns.csv:4:1T011"]


def test_what_is_typed_stays_as_it_is_typed(desk: "Desk") -> None:
    table = """
        audit,item,result
        NA,0100,yes
        null,0100,yes
        007, 0100 , YES
        1e5,0100,yes
        """
    assert desk.answers(LONG, answers=table).split("\n") == [
        "2 NA 0100 yes",
        "3 null 0100 yes",
        "4 007 0100 yes",
        "5 1e5 0100 yes",
    ]


def test_words_of_the_table_are_translated(desk: "Desk") -> None:
    mapping = LONG + "words: {符合: yes, √: yes, 不符合: no}\nblank: [/, 无]"
    table = """
        audit,item,result
        A1,0100,符合
        A1,0200, √
        A2,0100,不符合
        A2,0200,无
        A3,0100,/
        A3,0200,
        """
    assert desk.answers(mapping, answers=table).split("\n") == [
        "2 A1 0100 yes",
        "3 A1 0200 yes",
        "4 A2 0100 no",
        "- A3",
    ]


def test_counting_items_take_numbers_from_their_own_columns(desk: "Desk") -> None:
    mapping = LONG.replace("result: result}", "result: r, value: v, failed: f, checked: c}")
    table = """
        audit,item,r,v,f,c
        A1,0300,,,1,20
        A1,0400,no,3,,
        A2,0400,2,,,
        A2,0300,na,,,
        """
    assert desk.answers(mapping, answers=table).split("\n") == [
        "2 A1 0300 1/20",
        "3 A1 0400 no 3",
        "4 A2 0400 2",
        "5 A2 0300 na",
    ]


def test_remarks_and_persons_travel_with_their_answer(desk: "Desk") -> None:
    mapping = LONG.replace("result: result}", "result: result, note: note, person: who}")
    table = """
        audit,item,result,note,who
        A1,0100,yes,,1001
        A1,0200,no,"wet, and
        greasy",
        A2,0100,no,late,1002
        """
    (frame,) = desk.read(mapping, answers=table)
    assert frame.notes == {1: "wet, and\ngreasy", 2: "late"}
    assert frame.persons == ("1001", "1002")
    assert frame.person is not None
    assert frame.person.tolist() == [0, -1, 1]
    assert frame.row.tolist() == [2, 3, 4]


def test_items_may_say_themselves_which_checklist_they_are_of(
    desk: "Desk", spelled: "Spelled"
) -> None:
    mapping = LONG.replace("checklist: {always: COOK}", "")
    table = """
        audit,item,result
        A1,SPEED,5
        A2,0100,yes
        A2,LOAD,1
        """
    read = desk.read(mapping, answers=table)
    frames = {frame.checklist: frame for frame in read}
    assert frames["COOK"].audits == ("A2",)
    assert frames["LIFT"].audits == ("A1", "A2")
    assert frames["LIFT"].items == ("SPEED", "LOAD")
    assert spelled(frames.values()).split("\n") == [
        "3 A2 0100 yes",
        "2 A1 SPEED 5",
        "4 A2 LOAD 1",
    ]
    assert not read.problems


@pytest.mark.parametrize("where", ["visits", "findings"])
def test_a_column_may_say_the_checklist(desk: "Desk", where: str) -> None:
    mapping = JOINED.replace("{always: COOK}", "list").replace("{always: no}", "result")
    mapping = mapping.replace("facts: {town: town, source: {always: web}}", "")
    visits = ["id,day,list", "A1,2026-10-20,COOK", "A2,2026-10-20,LIFT"]
    findings = ["visit,item,result,list", "A1,0100,no,COOK", "A2,SPEED,5,LIFT"]
    short = visits if where == "findings" else findings
    short[:] = [line.rpartition(",")[0] for line in short]
    read = desk.read(mapping, visits="\n".join(visits), findings="\n".join(findings))
    assert [(frame.checklist, frame.audits) for frame in read] == [
        ("COOK", ("A1",)),
        ("LIFT", ("A2",)),
    ]
    assert not read.problems


def test_every_unusable_cell_is_named_with_its_place(desk: "Desk") -> None:
    mapping = LONG.replace(
        "result: result}", "result: r, value: v, failed: f, checked: c, note: n}"
    )
    table = """
        audit,item,r,v,f,c,n
        A1,0100,maybe,,,,
        A1,0200,partial,,,,
        A1,0200,na,,,,
        A1,0400,no,many,,,
        A1,0400,no,1.5,,,
        A1,0400,no,,,,
        A1,0300,no,,,,
        A1,0300,,,3,2,
        A1,0300,,,x,2,
        A1,0300,,,1,,
        A1,0300,yes,,1,9,
        A1,0100,,4,,,
        A1,010,yes,,,,
        A1,,yes,,,,
        ,0100,yes,,,,
        A1,0100,,,,,nobody there
        """
    assert desk.problems(mapping, answers=table).split("\n") == [
        "answers.csv:2:3 T101",
        "answers.csv:3:3 T102",
        "answers.csv:4:3 T103",
        "answers.csv:5:4 T104",
        "answers.csv:6:4 T107",
        "answers.csv:7:3 T106",
        "answers.csv:8:3 T108",
        "answers.csv:9:5 T109",
        "answers.csv:10:5 T104",
        "answers.csv:11:5 T108",
        "answers.csv:12:3 T110",
        "answers.csv:13:4 T111",
        "answers.csv:14:2 T013",
        "answers.csv:15:2 T016",
        "answers.csv:16:1 T012",
        "answers.csv:17:7 T015",
    ]


def test_an_unusable_number_of_a_wide_table_is_named(desk: "Desk") -> None:
    table = """
        id,load,speed
        A1,heavy,7
        A1,1,5
        ,1,5
        """
    assert desk.problems(WIDE, lifts=table).split("\n") == [
        "lifts.csv:2:2 T104",
        "lifts.csv:2:3 T105",
        "lifts.csv:3:1 T020",
        "lifts.csv:4:1 T012",
    ]


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_an_audit_stands_once_in_a_table_of_audits(desk: "Desk", rows: int) -> None:
    table = """
        id,load,speed
        A1,1,5
        A2,1,5
        A1,2,10
        A3,1,5
        A1,3,10
        """
    read = desk.read(WIDE, rows=rows, lifts=table)
    assert [row for frame in read for row in frame.row.tolist()] == [2, 2, 3, 3, 5, 5]
    assert [(p.code, p.place.line) for p in read.problems] == [("T020", 4), ("T020", 6)]
    visits = "id,day,town\nA1,2026-10-20,N\nA2,2026-10-20,N\nA1,2026-10-21,S"
    read = desk.read(JOINED, rows=rows, visits=visits, findings="visit,item\nA1,0100")
    (frame,) = read
    assert frame.facts["town"] == ("N", "N")
    assert [(p.code, p.place.line) for p in read.problems] == [("T020", 4)]


def test_mistakes_in_the_list_of_audits_are_named(desk: "Desk") -> None:
    visits = """
        id,day,town
        A1,2026-10-20,North
        A1,2026-10-21,North
        A2,20.10.2026,North
        A3,2026-02-30,North
        ,2026-10-20,North
        """
    findings = """
        visit,item
        A1,0100
        B1,0100
        """
    assert desk.problems(JOINED, visits=visits, findings=findings).split("\n") == [
        "findings.csv:3:1 T011",
        "visits.csv:3:1 T020",
        "visits.csv:4:2 T019",
        "visits.csv:5:2 T019",
        "visits.csv:6:1 T012",
    ]


def test_rows_of_one_audit_must_agree_about_it(desk: "Desk") -> None:
    mapping = LONG + "date: day"
    table = """
        audit,item,result,day
        A1,0100,yes,2026-10-20
        A1,0200,yes,
        A1,0300,yes,2026-10-21
        A2,0100,yes,2026-10-21
        """
    for rows in (1, 2, 100):
        read = desk.read(mapping, rows=rows, answers=table)
        days = {
            (audit, str(day))
            for frame in read
            for audit, day in zip(frame.audits, frame.dates, strict=True)
        }
        assert days == {("A1", "2026-10-20"), ("A2", "2026-10-21")}
        assert [(p.code, p.place.line) for p in read.problems] == [("T021", 4)]


def test_an_item_of_another_checklist_is_named(desk: "Desk") -> None:
    mapping = LONG.replace("{always: COOK}", "list")
    table = """
        audit,item,result,list
        A1,0100,yes,COOK
        A1,SPEED,5,COOK
        A1,SPEED,5,LIFD
        """
    read = desk.read(mapping, answers=table)
    assert [frame.row.tolist() for frame in read] == [[2]]
    places = [(p.place.line, p.place.column, p.code) for p in read.problems]
    assert places == [(3, 2, "T014"), (4, 4, "T022")]


def test_an_audit_nothing_gives_a_checklist_is_named(desk: "Desk") -> None:
    mapping = JOINED.replace("checklist: {always: COOK}", "")
    visits = "id,day,town\nA1,2026-10-20,N\nA2,2026-10-20,N"
    said = desk.problems(mapping, visits=visits, findings="visit,item\nA1,0100")
    assert said == "visits.csv:3:1 T017"


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_row_with_too_many_or_too_few_fields_is_named(desk: "Desk", quote: str) -> None:
    table = f"""
        audit,item,result

        {quote}A1{quote},0100,yes
        A1,0200
        ,,
        A1,0300,yes,,
        A1,0100,no
        """
    read = desk.read(LONG, answers=table)
    assert [frame.row.tolist() for frame in read] == [[3, 7]]
    assert [(p.code, p.place.line, p.message("en").split()[3]) for p in read.problems] == [
        ("T010", 4, "2"),
        ("T010", 6, "5"),
    ]
    lost = read.unreadable("en")
    assert lost[["row", "column", "text"]].to_numpy().tolist() == [
        [4, "", "A1,0200"],
        [6, "", "A1,0300,yes,,"],
    ]


def test_quotes_that_do_not_pair_end_the_reading_and_are_named(desk: "Desk") -> None:
    table = """
        audit,item,result
        A1,0100,yes
        A1,"0200,yes
        A2,0100,yes
        """
    read = desk.read(LONG, answers=table)
    assert [frame.row.tolist() for frame in read] == [[2]]
    assert [(p.code, p.place.line) for p in read.problems] == [("T009", 3)]


def test_of_many_like_cells_twenty_are_told_and_the_others_counted(desk: "Desk") -> None:
    rows = [f"A{n},0100,{'yes' if n % 2 else f'bad{n}'}" for n in range(100)]
    read = desk.read(LONG, answers="\n".join(["audit,item,result", *rows]))
    list(read)
    codes = [problem.code for problem in read.problems]
    assert codes == ["T101"] * 20 + ["T099"]
    assert [p.place.line for p in read.problems] == list(range(2, 44, 2))
    assert read.problems[-1].message("en").startswith("T101 occurs 30 more times")
    table = read.unreadable("zh")
    assert table["row"].tolist() == list(range(2, 102, 2))
    assert table.iloc[49].to_list() == [
        (desk.folder / "answers.csv").as_posix(),
        "",
        100,
        "result",
        "bad98",
        "T101",
        "看不懂答案“bad98”（检查项 0100）。",
    ]


def test_a_table_can_be_longer_than_what_is_read_at_a_time(
    desk: "Desk", spelled: "Spelled"
) -> None:
    rows = [f"A{n % 3},0{n % 2 + 1}00,yes" for n in range(20)]
    read = desk.read(LONG, rows=4, answers="\n".join(["audit,item,result", *rows]))
    frames = list(read)
    assert [len(frame) for frame in frames] == [4, 4, 4, 4, 4]
    assert spelled(frames) == "\n".join(
        f"{n + 2} {r.replace(',', ' ')}" for n, r in enumerate(rows)
    )
    assert [len(frame) for frame in read] == [4, 4, 4, 4, 4]  # it can be gone through again


def test_cells_are_told_in_the_order_of_rows_whatever_is_wrong_with_them(desk: "Desk") -> None:
    rows = [f"A,{'0200' if n % 2 else '0100'},bad{n // 5}" for n in range(40)]
    read = desk.read(LONG, answers="\n".join(["audit,item,result", *rows]))
    list(read)
    assert [p.place.line for p in read.problems] == list(range(2, 23))


def test_quotes_may_begin_late_in_a_table(desk: "Desk") -> None:
    rows = [*(f"A{n},0100,yes" for n in range(5)), 'A5,"0100",yes', "A6,0100,maybe"]
    read = desk.read(LONG, rows=2, answers="\n".join(["audit,item,result", *rows]))
    assert [frame.row.tolist() for frame in read] == [[2, 3], [4, 5], [6, 7], []]
    assert [(p.code, p.place.line) for p in read.problems] == [("T101", 8)]


def test_empty_rows_of_windows_are_none(desk: "Desk", tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"audit,item,result\r\n,,\r\nA1,0100,yes\r\n\r\n,,\r\n")
    assert desk.answers(LONG, answers=path) == "3 A1 0100 yes"


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n"])
def test_csv_comes_in_many_dialects(
    desk: "Desk", tmp_path: Path, delimiter: str, end: str, start: str
) -> None:
    text = start + "audit,item,result\nA1,0100,yes\nA2,0200,no\n"
    path = tmp_path / "t.csv"
    path.write_bytes(text.replace(",", delimiter).replace("\n", end).encode())
    first = 3 if start == "\n" else 2
    assert desk.answers(LONG, answers=path) == f"{first} A1 0100 yes\n{first + 1} A2 0200 no"


@pytest.mark.parametrize(
    "text",
    [
        "A1,0100,yes\nA1,0200,符合".encode() + b"\xff\n",  # UTF-8 with a broken byte
        "A1,0100,yes\nA1,0200,né\n".encode("latin-1"),  # Western Europe, not Chinese
        "A1,0100,yes\nA1,0200,Müller\n".encode("latin-1"),  # could be Chinese, but who writes so?
        "A1,0100,yes\nA1,0200,缺缺缺".encode()[:-1] + b"\n",  # cut within a character
    ],
)
def test_a_csv_nobody_can_decode_is_refused_before_any_answer(
    desk: "Desk", tmp_path: Path, text: bytes
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"audit,item,result\n" + text)
    read = desk.read(LONG, answers=path)
    assert not list(read)
    (problem,) = read.problems
    assert (problem.code, problem.place.line) == ("T002", 3)
    assert "0x" in problem.message("zh")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("t.csv", b"", "T005"),
        ("t.csv", b"\n \n", "T005"),
        ("t.csv", b'audit,"item\n', "T008"),
        ("t.xlsx", b"PK", "T006"),
        ("t.parquet", b"PAR1", "T006"),
        ("t.doc", b"", "T003"),
        ("t", b"", "T003"),
        ("t.csv", None, "T001"),
        ("t.xlsx", None, "T001"),
        ("t.parquet", None, "T001"),
    ],
)
def test_a_file_that_is_no_table_is_named(
    desk: "Desk", tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert desk.problems(LONG, answers=path) == f"{name}:1:1 {code}"


def test_a_workbook_is_read_as_its_reader_would_type_it(desk: "Desk", tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet("notes").write(0, 0, "not this one")
        sheet = book.add_worksheet("Answers")
        rows: list[list[str | float]] = [
            ["audit", "item", "result", "day"],
            [17, "0100", "yes", 46315],
            [],
            [2.5, "0200", "no", 46316.5],
            ["NA", "0300", "maybe", "2026-10-22"],
        ]
        for row, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells, 1):
                sheet.write(row, column, cell, day if column == 4 else None)
    read = desk.read(LONG + "date: day", answers=path)
    (frame,) = read
    assert frame.audits == ("17", "2.5", "NA")
    assert frame.dates.astype(str).tolist() == ["2026-10-20", "2026-10-21", "2026-10-22"]
    assert frame.row.tolist() == [3, 5]
    assert [str(p.place).rpartition("/")[2] for p in read.problems] == ["book.xlsx[Answers]:6:4"]
    assert read.unreadable("en")[["sheet", "row", "column"]].to_numpy().tolist() == [
        ["Answers", 6, "result"]
    ]


def test_without_a_sheet_of_its_name_the_first_is_read(desk: "Desk", tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("one")
        sheet.write_row(0, 0, ["audit", "item", "result"])
        sheet.write_row(1, 0, ["A1", "0100", "yes"])
        book.add_worksheet("two")
    assert desk.answers(LONG, answers=path) == "2 A1 0100 yes"


@pytest.mark.parametrize("dtype", ["category", "str"])
def test_parquet_keeps_codes_and_missing_values_are_blank(
    desk: "Desk", tmp_path: Path, dtype: Literal["category", "str"]
) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "t.parquet"
    table = pd.DataFrame(
        {
            "audit": ["A1", "A1", "A2", None],
            "item": ["0100", "0200", "0300", "0100"],
            "result": ["yes", None, "what", "yes"],
            "day": pd.Series(["2026-10-20", "2026-10-20", None, None], dtype="datetime64[s]"),
        }
    )
    columns = ["audit", "item", "result"]
    table[columns] = table[columns].astype(dtype)
    table.to_parquet(path)
    read = desk.read(LONG + "date: day", answers=path)
    (frame,) = read
    assert frame.audits == ("A1", "A2")
    assert frame.dates.astype(str).tolist() == ["2026-10-20", "NaT"]
    assert frame.row.tolist() == [1]
    assert [(p.code, p.place.line, p.place.column) for p in read.problems] == [
        ("T101", 3, 3),
        ("T012", 4, 1),
    ]


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_audits_come_in_the_order_of_rows_not_of_codes(
    desk: "Desk", tmp_path: Path, spelled: "Spelled", rows: int
) -> None:
    path = tmp_path / "t.parquet"
    table = pd.DataFrame({"audit": ["B", "A", "B", "C"], "item": "0100", "result": "yes"})
    table.astype("category").to_parquet(path)  # categories are sorted
    read = desk.read(LONG, rows=rows, answers=path)
    frames = list(read)
    assert list(dict.fromkeys(a for frame in frames for a in frame.audits)) == ["B", "A", "C"]
    assert [line[:3] for line in spelled(frames).split("\n")] == ["1 B", "2 A", "3 B", "4 C"]


def test_parquet_columns_need_not_be_text(desk: "Desk", tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pd.DataFrame(
        {
            "id": [17, 18],
            "speed": [5.0, None],
            "load": ["2/3", "1"],
            "day": pd.Series(["2026-10-20", "2026-10-21"], dtype="datetime64[s]"),
            "open": [True, False],
        }
    ).to_parquet(path)
    read = desk.read(WIDE + "date: day\nfacts: {open: open}", lifts=path)
    (frame,) = read
    assert frame.audits == ("17", "18")
    assert frame.facts == {"open": ("TRUE", "FALSE")}
    assert frame.dates.astype(str).tolist() == ["2026-10-20", "2026-10-21"]
    assert frame.tidy()["value"].tolist() == ["5", "2/3", "1"]
    assert not read.problems


def test_a_parquet_cell_that_is_a_list_is_named_like_any_other_that_cannot_be_read(
    desk: "Desk", tmp_path: Path
) -> None:
    path = tmp_path / "t.parquet"
    table = {"audit": ["A1", "A1"], "item": ["0100", "0200"], "result": [["yes"], []]}
    pd.DataFrame(table).to_parquet(path)
    read = desk.read(LONG, answers=path)
    list(read)
    assert [(p.code, p.place.line) for p in read.problems] == [("T101", 1), ("T101", 2)]
    assert read.unreadable("en")["text"].tolist() == ["['yes']", "[]"]


def test_parquet_without_its_extra_says_what_to_install(
    desk: "Desk", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1")
    read = desk.read(LONG, answers=path)
    assert [problem.code for problem in read.problems] == ["T004"]
    assert "sopaudit[parquet]" in read.problems[0].remedy("en")


def test_rows_about_persons_may_repeat_an_audit(desk: "Desk") -> None:
    mapping = WIDE.replace("{columns:", "{person: who, columns:")
    table = """
        id,who,load,speed
        A1,1001,1,5
        A1,1002,2,10
        """
    read = desk.read(mapping, lifts=table)
    (frame,) = read
    assert frame.persons == ("1001", "1002")
    assert frame.person is not None
    assert frame.person.tolist() == [0, 0, 1, 1]
    assert not read.problems
