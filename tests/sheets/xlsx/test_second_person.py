"""The second person a veto waits for: where there is room for one, and who is read from it."""

import re
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.findings.office import ROOT, book
from tests.sheets.filling import Rows
from tests.sheets.xlsx.desk import CHANGES, ZONE, Typist, resaved, said
from tests.sheets.xlsx.desk import written as of_the_kitchen

from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.record import Confirmation, RecordedAnswer
from sopaudit.problems import Problem
from sopaudit.sheets.blank import Blank, blank_of
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.xlsx.back import read
from sopaudit.sheets.xlsx.blank import workbook
from sopaudit.sheets.xlsx.marks import HEAD

VETO, OTHER = "CK-HTL/CK-HTL-V1", "CK-HTL/CK-HTL-V2"
PLAIN = "CK-HTL/CK-HTL-E2"


@cache
def blank() -> Blank:
    folder, _ = read_audit(ROOT / "audits/2026-10-cd", book())
    assert folder is not None
    return blank_of(book(), ["CK-HTL"], folder.audit.date, folder)


@cache
def written(lang: str = "zh") -> bytes:
    return workbook(blank(), lang)


def back(content: bytes, folder: Path) -> tuple[Filled | None, list[Problem]]:
    path = folder / "htl.xlsx"
    path.write_bytes(content)
    return read(path, blank(), ZONE)


def failed(lang: str = "zh") -> Typist:
    """Answer both vetoes as failed, and let one be confirmed."""
    word = {"zh": "不符合", "en": "Nonconforming"}[lang]
    typist = Typist(written(lang)).item(VETO, result=word, note="挂断", confirmed="9002 沈哲")
    return typist.item(OTHER, result=word, note="瞒报")


def by(filled: Filled | None) -> dict[str, str | None]:
    """Say who confirmed what is answered."""
    return {item: answer.confirmed and answer.confirmed.by for item, answer in said(filled).items()}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_is_named_has_confirmed_it_whatever_became_of_the_rows(
    change: str, lang: str, tmp_path: Path
) -> None:
    found, problems = back(resaved(failed(lang).done(), CHANGES[change]), tmp_path)
    assert problems == []
    assert by(found) == {"CK-HTL-V1": "9002", "CK-HTL-V2": None}
    assert found is not None
    (named, at), *others = found.seconds.items()
    assert (named, others) == (("CK-HTL", "CK-HTL-V1", "9002"), [])
    result = found.places["CK-HTL", "CK-HTL-V1"]
    assert (at.line, at.path) == (result.line, result.path)
    assert at.column != result.column


def test_a_copied_row_has_a_second_person_of_its_own(tmp_path: Path) -> None:
    def copied(_: str, rows: Rows) -> Rows:
        head = next((row for row in rows if row[0] == "@items"), [])
        out = []
        for row in rows:
            out.append(row)
            if row[0] == VETO:
                again = [*row]
                again[head.index("person")], again[head.index("confirmed")] = "1002", "Zhou Min"
                out.append(again)
        return out

    found, problems = back(resaved(failed().done(), copied), tmp_path)
    assert problems == []
    assert found is not None
    answers = [(a.person, a.confirmed) for a in found.records[0].answers if a.item == "CK-HTL-V1"]
    assert answers == [(None, Confirmation(by="9002")), ("1002", Confirmation(by="1001"))]


def test_a_copied_sheet_that_says_otherwise_does_not_take_a_veto_away(tmp_path: Path) -> None:
    """Somebody copies the sheet, and fills in the copy: its rows have the same numbers."""
    kept: Rows = []

    def doubled(name: str, rows: Rows) -> Rows:
        if not name.endswith("抽样"):
            kept.extend([*row] for row in rows if "@items" in [row[0] for row in rows])
            return rows
        head = next(row for row in kept if row[0] == "@items")
        again = next(row for row in kept if row[0] == VETO)
        again[head.index("result")], again[head.index("confirmed")] = "符合", ""
        return kept

    found, [problem] = back(resaved(failed().done(), doubled), tmp_path)
    assert (problem.code, problem.values["item"]) == ("F026", "CK-HTL-V1")
    assert by(found) == {"CK-HTL-V1": "9002", "CK-HTL-V2": None}


def test_a_second_person_nobody_knows_is_told_with_the_cell(tmp_path: Path) -> None:
    typist = failed().item(VETO, confirmed="周某")
    found, [problem] = back(typist.done(), tmp_path)
    _, cell = typist.place(VETO, "confirmed")
    assert (problem.code, str(problem.place).rpartition("] ")[2]) == ("F006", cell)
    assert by(found) == {"CK-HTL-V2": None}


def test_who_stands_in_it_already_reads_back_the_same(tmp_path: Path) -> None:
    # A record may say so of any answer; the cell is locked then, and nothing of it is lost.
    known = {"CK-HTL-V1": "9002", "CK-HTL-E2": "1001"}
    answers = {
        item: (RecordedAnswer(item=item, result="no", note="x", confirmed=Confirmation(by=by)),)
        for item, by in known.items()
    }
    leaf = blank().leaves[0]
    asks = tuple(replace(ask, given=answers.get(ask.item.id, ())) for ask in leaf.asks)
    content = workbook(replace(blank(), leaves=(replace(leaf, asks=asks),)), "en")
    cells = {cell for _, rows in Typist(content).sheets for row in rows for cell in row}
    assert "9002 Shen Zhe" in cells
    found, problems = back(content, tmp_path)
    assert problems == []
    assert by(found) == known


def test_there_is_room_where_an_answer_waits_and_nowhere_else() -> None:
    look = {mark: _look(mark, "confirmed") for mark in (VETO, OTHER, PLAIN)}
    assert look[OTHER] == _look(OTHER, "person"), "open to be typed into"
    assert look[PLAIN] == _look(PLAIN, "value"), "grey and locked"
    assert _look(PLAIN, "person") != look[PLAIN]
    listed = _lists(written(), "confirmed")
    assert {*listed} == {_cell(VETO), _cell(OTHER)}
    for people in listed.values():
        first, *rest = people
        assert first == "9001 秦岚"
        assert {"9002 沈哲", "1001 周敏"} <= {*rest}
        assert not {"1002", "1003", "1013", "1004", "2001"} & {one[:4] for one in rest}
    kitchen = {cell for _, rows in Typist(of_the_kitchen()).sheets for row in rows for cell in row}
    assert not {"confirmed", "第二人确认"} & kitchen


def test_a_veto_that_waits_is_amber_and_counts_once_somebody_is_named() -> None:
    xml = _xml(written())
    cell, word = _cell(VETO), _cell(VETO, "result")
    hidden = _cell(VETO, "veto")
    formula = f'IF(${word}="不符合",IF(LEN(TRIM(${cell}))=0,"…E","E"),"")'
    assert f'<c r="{hidden}" ' in xml
    assert formula in xml
    rules = re.findall(r'<conditionalFormatting sqref="([^"]+)">(.*?)</cond', xml)
    [amber] = [rule for span, rule in rules if span.startswith(re.sub(r"\d+", "", cell))]
    first = next(int(span.partition(":")[0][1:]) for span, _ in rules if span[0] == word[0])
    assert f'<formula>LEFT(${hidden[0]}{first})="…"</formula>' in amber
    assert 'CHAR(10)&amp;"待第二人确认的否决 "' in xml
    assert "待第二人确认" not in _xml(of_the_kitchen())


def test_every_row_below_the_header_is_an_item_so_no_heading_stands_alone() -> None:
    _, rows = Typist(written()).sheets[0]
    header = next(n for n, row in enumerate(rows) if row[0] == HEAD)
    marks = [str(row[0]) for row in rows[header + 1 :] if any(row)]
    count = len(blank().leaves[0].asks)
    assert all(mark.startswith("CK-HTL/") for mark in marks[:count])
    assert all(mark.startswith("@sign/") for mark in marks[count:])
    column = next(row for row in rows if row[0] == "@items").index("item")
    titles = [str(row[column]).partition("\n")[0] for row in rows[header + 1 :][:count]]
    assert [titles[n] for n in (0, 2, 13)] == ["上岗准备", "接听", "否决"]
    assert len({*titles} & {"上岗准备", "接听", "需求与判断", "单据", "闭环", "否决"}) == 6


def test_a_part_that_holds_vetoes_alone_is_a_sheet_too(tmp_path: Path) -> None:
    leaf = blank().leaves[0]
    alone = replace(blank(), leaves=(replace(leaf, asks=leaf.asks[-2:]),))
    typist = Typist(workbook(alone, "zh")).item(
        VETO, result="不符合", note="挂断", confirmed="9002"
    )
    assert by(back(typist.done(), tmp_path)[0]) == {"CK-HTL-V1": "9002"}


def _xml(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as packed:
        return packed.read("xl/worksheets/sheet1.xml").decode()


def _cell(mark: str, column: str = "confirmed") -> str:
    return Typist(written()).place(mark, column)[1]


def _look(mark: str, column: str) -> str:
    """Give the number of the format of a cell."""
    found = re.search(rf'<c r="{_cell(mark, column)}" s="(\d+)"', _xml(written()))
    assert found is not None
    return found[1]


def _lists(content: bytes, column: str) -> dict[str, list[str]]:
    """Give what cells of a column may be chosen from."""
    letter = _cell(VETO, column)[0]
    rules = re.findall(r'sqref="(\w+)"><formula1>"(.*?)"</formula1>', _xml(content))
    return {cell: people.split(",") for cell, people in rules if cell[0] == letter}
