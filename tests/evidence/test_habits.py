"""Habits in tables: each may be overruled, none is a guess, and what is lost is named."""

import re
import tomllib
from collections import Counter
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
import xlsxwriter
from tests.evidence.ugly import in_csv, in_html, in_xlsx, in_xml

from sopaudit.evidence.habits import EPOCH_1900, EPOCH_1904, Habits, Known, Taken, habits, key, keys

if TYPE_CHECKING:
    from tests.evidence.conftest import Desk

LONG = """
tables: [answers]
audit: audit
date: day
checklist: {always: COOK}
answers: {item: item, result: result, value: value, note: note, person: who}
facts: {serial: serial}
"""
HEADER = ["audit", "day", "item", "result", "value", "note", "who", "serial"]
DATA: dict[str, Any] = tomllib.loads(
    files("sopaudit.evidence").joinpath("habits.toml").read_text(encoding="utf-8")
)


def test_no_word_means_two_things() -> None:
    tongues = [part for name, part in DATA.items() if name not in {"digits", "why"}]
    words = [
        (key(word), meaning)
        for part in tongues
        for meaning in ("yes", "partial", "no", "na", "unchecked", "blank", "total")
        for word in part.get(meaning, ())
    ]
    twice = [word for word, count in Counter(word for word, _ in set(words)).items() if count > 1]
    assert not twice


def test_another_language_is_another_table() -> None:
    german = {"de": {"yes": ["ja"], "blank": ["entfällt"], "dates": ["D.M.Y"]}}
    made = Habits({**DATA, **german})
    assert made.words["ja"] == "yes"
    assert made.blank("Entfällt")
    assert made.day("20.10.2026", EPOCH_1900).text == "2026-10-20"


def test_every_reason_is_told_in_both_languages() -> None:
    for habit in DATA["why"]:
        assert habits().reason(habit, "zh") != habits().reason(habit, "en")


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-20",
        "2026-10-20 09:30",
        "2026/10/20",
        "2026/10/20 9:30:15",
        "2026.10.20",
        "20261020",
        "2026年10月20日",
        "2026年10月20号",
        "2026年10月20日 星期二",
        "2026年10月20日（周二）上午9:30",
        "2026年10月20日9时30分",
        "2026 年 10 月 20 日",
        "２０２６年１０月２０日",
        "2026/10/20 9:30 AM",
        "2026-10-20T09:30:00+08:00",
        "46315",
        "46315.5",
    ],
)
def test_a_day_has_many_forms(text: str) -> None:
    assert habits().day(text, EPOCH_1900).text[:10] == "2026-10-20"


def test_the_day_of_a_number_depends_on_the_file() -> None:
    assert habits().day("44853", EPOCH_1904).text == "2026-10-20"


@pytest.mark.parametrize("text", ["03/04/2026", "3-4-26", "20/10/26", "26.10.20", "１/２/2026"])
def test_a_day_that_can_be_read_in_two_ways_is_no_day(text: str) -> None:
    assert habits().day(text, EPOCH_1900).code == "T024"


@pytest.mark.parametrize(
    "text",
    [
        "20.10.2026",
        "2026-13-01",
        "2026年10月",
        "10月20日",
        "20261",
        "99999",
        "昨天",
        "2026-10-20-21",
        "2026 10 20",
    ],
)
def test_what_is_no_day_stays_what_it_is(text: str) -> None:
    taken = habits().day(text, EPOCH_1900)
    assert (taken.text, taken.code) == (text, "")


@pytest.mark.parametrize(
    ("text", "expected", "habit"),
    [
        ("0500", "0500", ""),
        ("500", "0500", "zeros"),
        ("500.0", "0500", "zeros"),
        ("００500", "00500", ""),
        ("ck-htl-b1", "CK-HTL-B1", "same"),
        ("ＣＫ－ＨＴＬ－Ｂ１", "CK-HTL-B1", "signs"),
        ("CK–HTL–B 1", "CK-HTL-B1", "same"),
        ("7", "7", ""),
        ("CK-HTL", "CK-HTL", ""),
    ],
)
def test_an_id_written_otherwise_is_found_where_only_one_fits(
    text: str, expected: str, habit: str
) -> None:
    known = Known(["0500", "CK-HTL-B1", "07", "007"])
    taken = known.meant(text)
    if text == "００500":  # two zeros more: the same number, and only 0500 fits
        assert (taken.text, taken.habit) == ("0500", "zeros")
    else:
        assert (taken.text, taken.habit) == (expected, habit)


def test_words_of_the_mapping_go_first(desk: "Desk") -> None:
    mapping = LONG + 'words: {"√": no, "/": na, "1": unchecked, "#N/A": na}\nblank: [不适用]'
    rows = [
        ["A1", "", "0100", "√", "", "", "", ""],
        ["A1", "", "0100", "/", "", "", "", ""],
        ["A1", "", "0100", "1", "", "", "", ""],
        ["A1", "", "0100", "#N/A", "", "", "", ""],
        ["A1", "", "0100", "不适用", "", "", "", ""],
        ["A1", "", "0100", "×", "", "", "", ""],
        ["A1", "", "0100", "1.0", "", "", "", ""],
    ]
    path = in_csv([HEADER, *rows])(desk.folder)
    assert desk.answers(mapping, answers=path).split("\n") == [
        "2 A1 0100 no",
        "3 A1 0100 na",
        "4 A1 0100 unchecked",
        "5 A1 0100 na",
        "7 A1 0100 no",
        "8 A1 0100 unchecked",
    ]
    read = desk.read(mapping, answers=path)
    list(read)
    assert read.readings.table("en")[["row", "text", "habit"]].to_numpy().tolist() == [
        [7, "×", "word"],
        [8, "1.0", "float"],
    ]


def test_digits_are_words_only_where_words_are_taken(desk: "Desk") -> None:
    mapping = LONG.replace("date: day\n", "").replace(", note: note, person: who", "")
    mapping = mapping.replace("facts: {serial: serial}", "")
    table = """
        audit,item,result,value
        A1,0100,1,
        A1,0200,0,
        A1,0400,1,
        A1,0400,0,
        A1,0300,1,
        """
    read = desk.read(mapping, answers=table)
    frames = list(read)
    said = [list(row) for f in frames for row in f.tidy()[["item", "result", "value"]].to_numpy()]
    assert said == [["0100", "yes", ""], ["0200", "no", ""], ["0400", "", "1"], ["0400", "", "0"]]
    assert [(p.code, p.place.line) for p in read.problems] == [("T101", 6)]


@pytest.mark.parametrize("word", ["x", "v", "○", "△", "基本符合", "一般", "有", "?"])
def test_a_sign_that_may_mean_either_is_asked_for(desk: "Desk", word: str) -> None:
    path = in_csv([HEADER, ["A1", "", "0100", word, "", "", "", ""]])(desk.folder)
    assert desk.problems(LONG, answers=path) == "t.csv:2:4 T101"


def test_what_looks_like_a_habit_in_an_id_stays_an_id(desk: "Desk") -> None:
    rows = [
        [name, "", "0100", "yes", "", "", "", ""] for name in ("NA", "Y", "1", "0.5", "1e5", "√")
    ]
    path = in_csv([HEADER, *rows])(desk.folder)
    (frame,) = desk.read(LONG, answers=path)
    assert frame.audits == ("NA", "Y", "1", "0.5", "1e5", "√")


def test_zeros_of_an_audit_id_come_back_only_where_audits_are_listed(desk: "Desk") -> None:
    mapping = """
        tables: [visits, findings]
        audit: {visits: id, findings: visit}
        checklist: {always: COOK}
        answers: {from: findings, item: item, result: result}
        """
    visits = "id\n0017\n018\n18"
    findings = "visit,item,result\n17,0100,yes\n１７.0,0200,yes\n0018,0100,yes"
    read = desk.read(mapping, visits=visits, findings=findings)
    frames = list(read)
    assert [list(row) for f in frames for row in f.tidy()[["audit", "item"]].to_numpy()] == [
        ["0017", "0100"],
        ["0017", "0200"],
    ]
    assert [(p.code, p.place.line) for p in read.problems] == [("T011", 4)]


def bad(*rows: list[Any]) -> list[list[Any]]:
    """Put a good row before bad ones, so that the place of the bad ones is told by counting."""
    return [HEADER, ["A0", "2026-10-20", "0100", "yes", "", "", "", ""], *rows]


def test_errors_of_a_workbook_are_no_blanks(desk: "Desk") -> None:
    def broken(sheet: Any, _: Any) -> None:  # noqa: ANN401 -- xlsxwriter's own
        sheet.write_formula(2, 3, "=NA()", None, "#N/A")
        sheet.write_formula(3, 1, "=B99+#REF!", None, "#REF!")
        sheet.write_formula(4, 5, '=IF(A1>"x",1/0)', None, "#DIV/0!")
        sheet.write_formula(5, 0, "=NA()", None, "#N/A")

    rows = [[name, "", "0200", "yes", "", "", "", ""] for name in ("A1", "A2", "A3", "A4")]
    path = in_xlsx(("S", bad(*rows)), after=broken)(desk.folder)
    assert desk.problems(LONG, answers=path).split("\n") == [
        "t.xlsx[S]:3:4 T023",
        "t.xlsx[S]:4:2 T023",
        "t.xlsx[S]:5:6 T023",
        "t.xlsx[S]:6:1 T023",
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["A1", "03/04/2026", "0100", "yes", "", "", "", ""], "3:2 T024"),
        (["A1", "昨天", "0100", "yes", "", "", "", ""], "3:2 T019"),
        (["1.38E+10", "", "0100", "yes", "", "", "", ""], "3:1 T025"),
        (["A1", "", "0100", "yes", "", "", "", "3.10101E+17"], "3:8 T025"),
        (["A1", "", "0100", "yes", "", "", "1.00E+03", ""], "3:7 T025"),
        (["A1", "", "#VALUE!", "yes", "", "", "", ""], "3:3 T023"),
        (["A1", "", "0100", "yes", "", "#NAME?", "", ""], "3:6 T023"),
        (["A1", "", "0400", "", "#N/A", "", "", ""], "3:5 T023"),
        (["A1", "", "５００", "yes", "", "", "", ""], "3:3 T013"),
        (["/", "", "0100", "yes", "", "", "", ""], "3:1 T012"),
        (["A1", "", "0400", "", "两次", "", "", ""], "3:5 T104"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "html", "xml"])
def test_what_is_lost_is_named_once_with_its_place(
    desk: "Desk", row: list[str], expected: str, kind: str
) -> None:
    rows = bad(row)
    if kind == "csv":
        path, shown = in_csv(rows)(desk.folder), "t.csv"
    elif kind == "xlsx":
        path, shown = in_xlsx(("S", rows))(desk.folder), "t.xlsx[S]"
    else:
        path, shown = desk.folder / "t.xls", "t.xls" if kind == "html" else "t.xls[Sheet1]"
        path.write_text(in_html(rows) if kind == "html" else in_xml(rows), encoding="utf-8")
    assert desk.problems(LONG, answers=path) == f"{shown}:{expected}"


def test_a_number_with_more_digits_than_a_float_holds_has_lost_some(desk: "Desk") -> None:
    row = ["A1", "", "0100", "yes", "", "", "", 510101199003071234.0]
    path = in_xlsx(("S", bad(row)))(desk.folder)
    assert desk.problems(LONG, answers=path) == "t.xlsx[S]:3:8 T025"
    typed = ["A1", "", "0100", "yes", "", "", "", "510101199003071234"]
    assert not desk.problems(LONG, answers=in_xlsx(("S", bad(typed)))(desk.folder))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("~$t.xlsx", b"\x05Wang", "T026"),
        (".~lock.t.xlsx#", b",wang", "T026"),
        (".~t.xlsx", b"", "T026"),
        ("t.xlsx", b"b\x14#e\x01\0E-SafeNet\0LOCK", "T028"),
        ("t.csv", b"%TSD-Header-###%\x01\x02", "T028"),
        ("t.xlsx", bytes(range(256)), "T028"),
        ("t.xls", b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "T029"),
        ("t.xls", b"<html><frameset><frame src='a.files/sheet001.htm'></frameset>", "T029"),
        (
            "t.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "T006",
        ),
        ("t.xlsx", b"saved by nobody", "T006"),
        ("t.csv", b"\xff\xfea\x00u", "T002"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_it_is(
    desk: "Desk", name: str, content: bytes, code: str
) -> None:
    path = desk.folder / name
    path.write_bytes(content)
    (told,) = desk.problems(LONG, answers=path).split("\n")
    assert told.startswith(f"{name}:")
    assert told.endswith(code)


def test_after_a_broken_quote_rows_keep_their_numbers(desk: "Desk") -> None:
    text = "audit,day,item,result,value,note,who,serial\n"
    text += 'A1,,0100,yes,,"two\nlines",,\n'
    text += 'A1,,0200,yes,,"never closed,,\nA1",,0300,,,,\n'
    text += "A1,,0200,maybe,,,,\n"
    path = desk.folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    assert desk.problems(LONG, answers=path).split("\n") == ["t.csv:3:1 T010", "t.csv:4:4 T101"]


def test_a_row_of_totals_is_none_wherever_it_stands(desk: "Desk") -> None:
    rows: list[list[Any]] = [
        ["A1", "", "0100", "yes", "", "", "", ""],
        ["小计：", "", "", "1", "", "", "", ""],
        ["", "", "合计", "1", "", "", "", ""],
        ["Total", "", "", "1", "", "", "", ""],
        ["Totality", "", "0100", "yes", "", "", "", ""],
    ]
    for path in (in_csv([HEADER, *rows]), in_xlsx(("S", [HEADER, *rows]))):
        assert desk.answers(LONG, answers=path(desk.folder)).split("\n") == [
            "2 A1 0100 yes",
            "6 Totality 0100 yes",
        ]


def test_a_heading_across_the_table_is_skipped_and_merged_answers_hold_for_each_row(
    desk: "Desk",
) -> None:
    def merged(sheet: Any, book: Any) -> None:  # noqa: ANN401 -- xlsxwriter's own
        plain = book.add_format()
        sheet.merge_range(1, 0, 1, 7, "一、卫生", plain)
        sheet.merge_range(2, 3, 3, 3, "√", plain)

    rows = [
        [""] * 8,
        ["A1", "", "0100", "", "", "", "", ""],
        ["A1", "", "0200", "", "", "", "", ""],
    ]
    path = in_xlsx(("S", [HEADER, *rows]), after=merged)(desk.folder)
    read = desk.read(LONG, answers=path)
    (frame,) = read
    assert not read.problems
    assert frame.tidy()["result"].tolist() == ["yes", "yes"]
    assert frame.persons == ()
    assert read.readings.counts() == {"word": 2, "heading": 1, "merged": 1}


def test_the_sheet_of_its_name_is_read_even_if_hidden(desk: "Desk") -> None:
    rows = bad()
    path = in_xlsx(("other", rows), ("answers", rows), hidden=["answers"])(desk.folder)
    read = desk.read(LONG, answers=path)
    list(read)
    assert not len(read.readings)
    assert not read.problems


def test_a_header_nobody_finds_is_told_with_what_stands_there(desk: "Desk") -> None:
    path = in_csv([["A title", "", ""], ["id", "thing", "said"], ["A1", "0100", "yes"]])(
        desk.folder
    )
    mapping = LONG.replace("audit: audit", "audit: ids")
    read = desk.read(mapping, answers=path)
    problem = next(p for p in read.problems if p.values["column"] == "ids")
    assert problem.values["choices"] == "id"


def test_what_a_million_rows_repeat_is_thought_about_once(
    desk: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [["A1", "2026/10/20", "100", "√", "", "无", "", "1"] for _ in range(3000)]
    path = in_csv([HEADER, *rows])(desk.folder)
    asked: list[str] = []
    plain = Habits.name

    def name(self: Habits, text: str, *, floats: bool = False) -> Taken:
        asked.append(text)
        return plain(self, text, floats=floats)

    monkeypatch.setattr(Habits, "name", name)
    read = desk.read(LONG, answers=path, rows=1000)
    list(read)
    assert len(read.readings) == 4 * 3000
    assert len(asked) < 100


def test_readings_hold_rows_not_texts() -> None:
    from tracemalloc import get_traced_memory, start, stop

    import numpy as np

    from sopaudit.evidence.readings import Readings
    from sopaudit.evidence.unreadable import Spot

    readings, rows = Readings(), np.arange(1_000_000, dtype=np.int32)
    start()
    readings.note("word", Spot("t.csv"), rows, rows % 2, [("√", "yes"), ("×", "no")])
    held, _ = get_traced_memory()
    stop()
    assert held < 6_000_000
    assert len(readings) == 1_000_000


def test_a_day_of_a_workbook_of_1904_is_read_as_its_file_says(desk: "Desk") -> None:
    path = desk.folder / "t.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet("S")
        for n, row in enumerate(bad(["A1", 44853, "0100", "yes", "", "", "", ""])):
            sheet.write_row(n, 0, row)
    (frame,) = desk.read(LONG, answers=path)
    assert frame.dates.tolist() == [date(2026, 10, 20)] * 2


def test_words_of_a_language_stand_in_the_data_and_nowhere_in_code() -> None:
    source = Path(str(files("sopaudit.evidence")))
    said = {word for part in ("zh", "signs") for word in DATA[part]["yes"] + DATA[part]["no"]}
    for path in source.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in said if f'"{word}"' in text], path.name


def read_rows(desk: "Desk", *rows: list[str], mapping: str = LONG) -> tuple[list[str], list[str]]:
    """Read a CSV; give the problems as `row code`, and the readings as `text → read_as habit`."""
    read = desk.read(mapping, answers=in_csv([HEADER, *rows])(desk.folder))
    list(read)
    cells = read.readings.table("en").itertuples()
    told = [f"{cell.text} → {cell.read_as} {cell.habit}" for cell in cells]
    return [f"{p.place.line} {p.code}" for p in read.problems], told


def row(**said: str) -> list[str]:
    plain = {"audit": "A1", "item": "0100", "result": "yes"}
    return [{**plain, **said}.get(name, "") for name in HEADER]


def test_a_text_guarded_against_excel_is_read_without_its_guard(desk: "Desk") -> None:
    guarded = row(audit='="A1"', item="'0100", who='="1001"', serial='="0012"', note='=""')
    problems, readings = read_rows(desk, guarded)
    assert not problems
    assert readings == [
        '="A1" → A1 guard',
        "'0100 → 0100 guard",
        '="" →  guard',
        '="1001" → 1001 guard',
        '="0012" → 0012 guard',
    ]


def test_a_mark_may_be_an_emoji_or_not(desk: "Desk") -> None:
    rows = [row(result="✔\ufe0f"), row(result="✔\ufe0e", item="0200")]
    assert read_rows(desk, *rows)[0] == []


@pytest.mark.parametrize("text", ["=SUM(A1:A9)", "=A1", "=-B2", "=1+1", '="a"&B2'])
def test_a_formula_is_no_text(desk: "Desk", text: str) -> None:
    assert read_rows(desk, row(result=text)) == (["2 T031"], [])


@pytest.mark.parametrize("text", ["=====", "=", "= 地面有水"])
def test_a_remark_may_begin_with_a_sign(desk: "Desk", text: str) -> None:
    assert read_rows(desk, row(note=text)) == ([], [])


def in_a_workbook(desk: "Desk", cell: bytes) -> Path:
    """Make a workbook in which the result is `cell`, as another program writes it."""
    made = in_xlsx(("S", [HEADER, row(result="")]), name="made.xlsx")(desk.folder)
    path = desk.folder / "t.xlsx"
    with ZipFile(made) as old, ZipFile(path, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                before = re.search(rb'<c r="C2"[^>]*>.*?</c>', part)
                assert before
                part = part.replace(before[0], before[0] + b'<c r="D2"' + cell)
            new.writestr(name, part)
    return path


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (b'><f>IF(A2="A1","yes","no")</f><v></v></c>', ['=IF(A2="A1","yes","no")']),
        (b"><f>A2</f><v/></c>", ["=A2"]),
        (b"><f>A2</f></c>", ["=A2"]),
        (b' s="1"><f t="shared" ref="D2">A2&amp;B2</f><v></v></c>', ["=A2&B2"]),
        (b' t="str"><f>A2</f><v></v></c>', []),
        (b' t="str"><f>A2</f><v>yes</v></c>', []),
        (b' t="b"><f>A2</f><v>1</v></c>', []),
    ],
)
def test_a_formula_nobody_worked_out_is_no_blank(
    desk: "Desk", cell: bytes, expected: list[str]
) -> None:
    read = desk.read(LONG, answers=in_a_workbook(desk, cell))
    list(read)
    assert [p.values["text"] for p in read.problems if p.code == "T031"] == expected
    assert len(read.problems) == len(expected)


@pytest.mark.parametrize("key", ["audit", "item", "who", "value"])
def test_the_same_as_above_is_not_guessed(desk: "Desk", key: str) -> None:
    assert read_rows(desk, row(), row(**{key: "同上"})) == (["3 T032"], [])


@pytest.mark.parametrize("text", ["一、厨房卫生", "检查人：张三  受检人：李四", "Inspector: Ann"])
def test_a_heading_or_footnote_is_no_audit(desk: "Desk", text: str) -> None:
    blank = dict.fromkeys(HEADER, "")
    read = desk.read(
        LONG, answers=in_csv([HEADER, row(), row(**{**blank, "audit": text})])(desk.folder)
    )
    (frame,) = read
    assert frame.audits == ("A1",)
    assert [(p.place.line, p.code) for p in read.problems] == [(3, "T033")]


def test_an_audit_of_which_nothing_is_said_yet_is_one(desk: "Desk") -> None:
    blank = dict.fromkeys(HEADER, "")
    rows = [
        row(**{**blank, "audit": "A2"}),
        row(**{**blank, "audit": "成都-1", "day": "2026-10-20"}),
    ]
    assert desk.answers(LONG, answers=in_csv([HEADER, *rows])(desk.folder)).split("\n") == [
        "- A2",
        "- 成都-1",
    ]


def test_a_row_of_means_is_no_audit(desk: "Desk") -> None:
    assert read_rows(desk, row(), row(audit="平均分", value="2", item=""))[0] == []


def test_a_cell_merged_over_several_columns_is_told(desk: "Desk") -> None:
    def merged(sheet: Any, book: Any) -> None:  # noqa: ANN401 -- xlsxwriter's own
        sheet.merge_range(1, 3, 1, 5, "yes", book.add_format())
        sheet.merge_range(2, 3, 2, 5, "", book.add_format())

    path = in_xlsx(("S", [HEADER, row(result=""), row(result="")]), after=merged)(desk.folder)
    read = desk.read(LONG, answers=path)
    (frame,) = read
    assert frame.tidy()["result"].tolist() == ["yes"]
    assert [(p.code, p.values["columns"]) for p in read.problems] == [
        ("T034", "result, value, note")
    ]


def test_whoever_is_not_on_the_roster_is_told(desk: "Desk") -> None:
    rows = [row(who="1001"), row(item="0200", who="1001、1003"), row(item="0400", who="")]
    assert read_rows(desk, *rows)[0] == ["3 T035"]


@pytest.mark.parametrize("other", ["a1", "A 1"])
def test_audits_that_differ_in_case_and_blanks_only_are_told(desk: "Desk", other: str) -> None:
    assert read_rows(desk, row(), row(audit=other), row(audit=other))[0] == ["3 T036"]


def test_one_and_zero_are_told_where_they_are_numbers_beside_words(desk: "Desk") -> None:
    wide = """
    tables: [answers]
    audit: audit
    checklist: {always: COOK}
    answers: {columns: {hands: "0100", late: "0400"}}
    """
    read = desk.read(wide, answers="audit,hands,late\nA1,1,1\nA2,0,0.0\nA3,1,2")
    list(read)
    cells = read.readings.table("en")
    assert cells[cells["column"] == "late"]["habit"].tolist() == ["number", "number"]
    lift = wide.replace("COOK", "LIFT").replace("0100", "LOAD").replace("0400", "SPEED")
    read = desk.read(lift, answers="audit,hands,late\nA1,1,0")
    list(read)
    assert not len(read.readings)


def test_a_million_keys_are_those_of_each() -> None:
    for texts in (["A 1", "a1\t", "B"], ["Ａ１", "B"], [""], []):
        assert keys(texts) == [key(text) for text in texts]


@pytest.mark.parametrize("rows", [2, 100])
def test_a_header_repeated_on_each_page_is_skipped(desk: "Desk", rows: int) -> None:
    pages = [HEADER, row(), HEADER, row(item="0200"), row(audit="audit", item="0400", result="yes")]
    read = desk.read(LONG, rows=rows, answers=in_csv(pages)(desk.folder))
    audits = [name for frame in read for name in frame.audits]
    assert list(dict.fromkeys(audits)) == ["A1", "audit"]
    assert not read.problems
    cells = read.readings.table("en")
    assert cells[["row", "habit"]].to_numpy().tolist() == [[3, "repeated"]]
