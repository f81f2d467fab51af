"""The workbook: the page's texts and numbers, never a formula, the same bytes every time."""

import html
import io
import json
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest
import python_calamine

from sopaudit.report.json import result_json, told
from sopaudit.report.page import inspection_html
from sopaudit.report.xlsx import CELL, workbook

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

LAYOUT = (
    frozenset(
        ("lang", "title", "accent", "signal", "tone", "severity", "outcome", "share", "at", "edges")
    )
    | {"spoken", "standing", "watermark", "id", "audit", "created", "chapters", "number", "change"}
    | {
        "footer",
        "header",
    }
)
"""Fields that say how something looks, where it stands, or what it is called in links."""


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    book = python_calamine.load_workbook(io.BytesIO(content))
    return {
        name: [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def cells(content: bytes) -> str:
    return "\n".join(cell for rows in sheets(content).values() for row in rows for cell in row)


def texts(value: Any, key: str = "") -> set[str]:  # noqa: ANN401 -- plain data
    """List what a report says, whatever it stands in."""
    if key in LAYOUT:
        return set()
    if isinstance(value, dict):
        return {text for name, inner in value.items() for text in texts(inner, name)}
    if isinstance(value, list):
        return {text for inner in value for text in texts(inner, key)}
    return {value.strip()} if isinstance(value, str) and value.strip() else set()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_workbook_and_data_say_the_same(laundry: Laundry, lang: str) -> None:
    folder, conclusion = laundry.concluded()
    report = laundry.report(lang)
    data = json.loads(result_json(folder.handbook, conclusion, report))
    assert data["report"] == told(report)
    said = texts(data["report"])
    assert len(said) > 100
    page = squeezed(html.unescape(re.sub(r"<[^>]*>", "", inspection_html(report))))
    book = squeezed(cells(workbook(report)))
    assert {text for text in said if squeezed(text) not in page} == set()
    assert {text for text in said if squeezed(text) not in book} == set()


def test_scores_are_numbers_with_the_decimals_of_the_page(laundry: Laundry) -> None:
    content = workbook(laundry.report())
    book = python_calamine.load_workbook(io.BytesIO(content))
    row = next(r for r in book.get_sheet_by_name("得分").to_python() if r[0] == "熨烫工检查表")
    assert row[1] == 53.3
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert 'formatCode="0.0"' in parts.read("xl/styles.xml").decode()


@pytest.mark.parametrize("begins", "=+-@")
def test_what_looks_like_a_formula_is_a_text(laundry: Laundry, begins: str) -> None:
    laundry.change_answer("CK-IRON-B3", note=f'{begins}HYPERLINK("http://x","y")')
    content = workbook(laundry.report())
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        written = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "<f>" not in written
    assert "quotePrefix" in written
    assert f'{begins}HYPERLINK("http://x","y")' in cells(content)


def test_twice_is_the_same_bytes(laundry: Laundry) -> None:
    assert workbook(laundry.report()) == workbook(laundry.report())


def test_it_says_whose_it_is_and_of_which_day(laundry: Laundry) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(laundry.report()))) as parts:
        core = parts.read("docProps/core.xml").decode()
    assert "张强" in core
    assert "2026-06-03T00:00:00Z" in core


def test_actions_leave_room_to_fill_in(laundry: Laundry) -> None:
    rows = sheets(workbook(laundry.report()))["整改要求"]
    assert rows[0] == [
        "编号",
        "程度",
        "岗位",
        "不符合项",
        "原因分析",
        "整改措施",
        "责任人",
        "完成期限",
    ]
    assert len(rows) == laundry.report().number + 1
    assert all(row[4:7] == ["", "", ""] for row in rows[1:])


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(laundry: Laundry) -> None:
    report = laundry.report()
    long = replace(report, notice="字" * (CELL + 5))
    cell = max(cells(workbook(long)).split("\n"), key=len)
    assert (len(cell), cell[-1]) == (CELL, "…")


def test_sheets_print_on_a4_landscape_with_their_header_on_every_page(laundry: Laundry) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(laundry.report()))) as parts:
        names = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        setups = [re.findall("<pageSetup [^>]*>", parts.read(n).decode()) for n in names]
        assert all('paperSize="9"' in s[0] and 'orientation="landscape"' in s[0] for s in setups)
        assert parts.read("xl/workbook.xml").decode().count("Print_Titles") >= 6
