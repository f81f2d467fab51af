"""The checklist in LibreOffice: typed into, sorted, enlarged, illustrated, saved and read back."""

import subprocess
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.record import RecordedAnswer
from sopaudit.evidence.workbook import sheets_of
from sopaudit.press.words import words
from sopaudit.sheets.answering import shown_value
from sopaudit.sheets.blank import Blank, Wish, blank_of, checklists_of
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.xlsx.back import read
from sopaudit.sheets.xlsx.blank import workbook
from sopaudit.sheets.xlsx.lines import TICKS, in_lines, lines_of
from sopaudit.sheets.xlsx.marks import item_column, item_mark

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / "audits/2026-10-cd"
ZONE = ZoneInfo("Asia/Shanghai")
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}
SCORES = {"CK-HTL": "91.2　等级 B", "CK-COO": "76.9　等级 D"}
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"
 "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script"
 script:name="Module1" script:language="StarBasic">
{code}</script:module>
"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"
 "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library"
 library:name="Standard" library:readonly="false" library:passwordprotected="false">
<library:element library:name="Module1"/></library:library>
"""
CODE = """
Sub Fill
  On Error Goto Failed
  Dim none() As New com.sun.star.beans.PropertyValue
  Dim how(0) As New com.sun.star.beans.PropertyValue
  Dim fields(0) As New com.sun.star.table.TableSortField
  Dim sorted(1) As New com.sun.star.beans.PropertyValue
  Dim place(0) As New com.sun.star.beans.PropertyValue
  Dim big As New com.sun.star.awt.Size
  book = StarDesktop.loadComponentFromURL("{blank}", "_blank", 0, none())
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  lines = createUnoService("com.sun.star.io.TextInputStream")
  lines.setInputStream(files.openFileRead("{orders}"))
  lines.setEncoding("UTF-8")
  Do While Not lines.isEOF()
    told = Split(lines.readLine(), Chr(9))
    If UBound(told) >= 3 Then
      sheet = book.Sheets.getByName(told(1))
      Select Case told(0)
      Case "type"
        cell = sheet.getCellRangeByName(told(2))
        ' What a macro may do a person may not: a locked cell of a protected sheet stays.
        If Not (sheet.isProtected() And cell.CellProtection.IsLocked) Then
          ' What is typed into a cell of text stays text.
          If book.NumberFormats.getByKey(cell.NumberFormat).Type And 256 Then
            cell.setString(told(3))
          Else
            cell.setFormula(told(3))
          End If
        End If
      Case "rows"
        sheet.unprotect("")
        sheet.Rows.insertByIndex(CLng(told(2)), CLng(told(3)))
      Case "sort"
        sheet.unprotect("")
        fields(0).Field = CLng(told(3))
        fields(0).IsAscending = False
        sorted(0).Name = "SortFields"
        sorted(0).Value = fields()
        sorted(1).Name = "ContainsHeader"
        sorted(1).Value = False
        sheet.getCellRangeByName(told(2)).sort(sorted())
      Case "picture"
        shape = book.createInstance("com.sun.star.drawing.GraphicObjectShape")
        sheet.unprotect("")
        sheet.DrawPage.add(shape)
        place(0).Name = "URL"
        place(0).Value = told(3)
        provider = createUnoService("com.sun.star.graphic.GraphicProvider")
        drawing = provider.queryGraphic(place())
        shape.Graphic = drawing
        big.Width = 1200
        big.Height = 800
        cell = sheet.getCellRangeByName(told(2))
        shape.Anchor = cell
        shape.setSize(big)
        shape.setPosition(cell.Position)
        sheet.protect("")
      End Select
    End If
  Loop
  how(0).Name = "FilterName"
{stored}
  book.close(True)
  Exit Sub
Failed:
  number = FreeFile
  Open "{failed}" For Output As #number
  Print #number, Error$ & " in line " & Erl & " at " & Join(told, " ")
  Close #number
  StarDesktop.terminate()
End Sub
"""


def said(*words_: str | Path) -> str:
    """Run a client to its end and give what it said; a client that fails fails the test."""
    done = subprocess.run(
        [str(word) for word in words_], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def office(folder: Path, *words_: str | Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    said("soffice", profile, "--headless", "--norestore", *words_)


def acted(folder: Path, sheet: Path, orders: list[list[str]], saved: dict[str, Path]) -> None:
    """Have LibreOffice do to a workbook what a person does, and save it."""
    listed = folder / "orders.txt"
    listed.write_text("".join("\t".join(order) + "\n" for order in orders), "utf-8")
    stored = "\n".join(
        f'  how(0).Value = "{FILTERS[kind]}"\n  book.storeToURL("{path.as_uri()}", how())'
        for kind, path in saved.items()
    )
    failed = folder / "failed.txt"
    uris = {"blank": sheet.as_uri(), "orders": listed.as_uri(), "failed": failed.as_uri()}
    code = CODE.format(stored=stored, **uris)
    place = folder / "profile/user/basic/Standard"
    place.mkdir(parents=True, exist_ok=True)
    (place / "Module1.xba").write_text(MODULE.format(code=escape(code)), "utf-8")
    (place / "script.xlb").write_text(LIBRARY, "utf-8")
    office(folder, "macro:///Standard.Module1.Fill")
    assert not failed.exists(), failed.read_text("utf-8", "replace")


class Clerk:
    """Knows where to type what the auditor saw."""

    def __init__(self, sheet: Path, truth: Blank) -> None:
        self.rows = sheets_of(sheet)
        self.truth = truth
        self.orders: list[list[str]] = []
        self.names = list(self.rows)

    def answer(self) -> None:
        for number, leaf in enumerate(self.truth.leaves):
            sheet, grid = self.names[2 * number : 2 * number + 2]
            head = next(row for row in self.rows[sheet] if row[0] == "@items")
            places = {row[0]: n for n, row in enumerate(self.rows[sheet], 1)}
            for ask in leaf.asks:
                for given in ask.given:
                    row = places[item_mark(leaf.id, ask.item.id)]
                    for name, text in self._texts(given).items():
                        self._type(sheet, f"{letter(head.index(name))}{row}", text)
                    # Nobody may write over a question.
                    self._type(sheet, f"{letter(head.index('item'))}{row}", "written over")
            self._type(sheet, f"{letter(head.index('note'))}{places['@at']}", "2026-11-06 18:00")
            self._cases(grid, leaf)
            if number == 0:  # there is a picture on it
                continue
            items = [n for mark, n in places.items() if mark.startswith(f"{leaf.id}/")]
            span = f"A{min(items)}:{letter(len(head) - 1)}{max(items)}"
            self.orders.append(["sort", sheet, span, str(head.index("note"))])

    def _texts(self, given: RecordedAnswer) -> dict[str, str]:
        answer = words("zh", "sheets")["answer"]
        failed, checked = given.counts
        counted = given.sample is not None and not given.cases
        told = {
            "result": answer[given.result] if given.result else "",
            "value": shown_value(given),
            "failed": str(failed) if counted else "",
            "checked": str(checked) if counted else "",
            "note": given.note,
            "person": given.person or "",
        }
        return {name: text for name, text in told.items() if text}

    def _cases(self, grid: str, leaf: Any) -> None:  # noqa: ANN401 -- a checklist of a blank
        rows = self.rows[grid]
        head = next(row for row in rows if row[0].startswith("@cases/"))
        first = next(n for n, row in enumerate(rows) if row[0].startswith("@case/"))
        lines = lines_of(in_lines(leaf.asks), ())
        room = sum(row[0].startswith("@case/") for row in rows)
        if len(lines) > room:
            self.orders.append(["rows", grid, str(first + 1), str(len(lines) - room)])
        for n, line in enumerate(lines, first + 1):
            told = {"case": line.case, "person": line.person, "note": line.note}
            for item, parts in line.ticks.items():
                for part, word in parts.items():
                    told[item_column(item, part)] = TICKS.get(word, "不适用")
            for name, text in told.items():
                if text:
                    self._type(grid, f"{letter(head.index(name))}{n}", text)
        span = f"A{first + 1}:{letter(len(head) - 1)}{first + len(lines)}"
        self.orders.append(["sort", grid, span, str(head.index("case"))])

    def _type(self, sheet: str, cell: str, text: str) -> None:
        assert not set(text) & {"\t", "\n"}
        self.orders.append(["type", sheet, cell, text])

    def paste(self, item: str, picture: Path) -> None:
        """Paste a picture into the row of an item whose sheet nobody sorts."""
        sheet = self.names[0]
        row = next(n for n, row in enumerate(self.rows[sheet], 1) if row[0].endswith(f"/{item}"))
        self.orders.insert(0, ["picture", sheet, f"D{row}", picture.as_uri()])


def letter(column: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]


@cache
def audit() -> AuditFolder:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    folder, _ = read_audit(AUDIT, handbook)
    assert folder is not None
    return folder


def blank(folder: AuditFolder, *, filled: bool) -> Blank:
    names = checklists_of(folder)
    return blank_of(folder.handbook, names, folder.audit.date, folder, Wish(filled))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheet")
    known = audit()
    for name, filled in (("blank", False), ("filled", True)):
        for lang in ("zh", "en"):
            content = workbook(blank(known, filled=filled), lang)
            (folder / f"{name}.{lang}.xlsx").write_bytes(content)
    Image.new("RGB", (60, 40), "red").save(folder / "photo.png")
    clerk = Clerk(folder / "blank.zh.xlsx", blank(known, filled=True))
    clerk.answer()
    clerk.paste("CK-HTL-C3", folder / "photo.png")
    saved = {kind: folder / f"saved.{kind}" for kind in FILTERS}
    office(folder, "--terminate_after_init")
    acted(folder, folder / "blank.zh.xlsx", clerk.orders, saved)
    return folder


def same(answer: RecordedAnswer) -> RecordedAnswer:
    """Leave out what a sheet cannot say: the moment of each answer, and a draw nobody recorded."""
    sample = answer.sample
    if sample is not None:
        cases = tuple(sorted(sample.cases, key=lambda case: case.id))
        none = dict.fromkeys(("drawn", "seed", "population"))
        sample = sample.model_copy(update={**none, "cases": cases})
    return answer.model_copy(update={"at": None, "sample": sample})


def back(path: Path) -> tuple[AuditFolder, Filled]:
    folder = audit()
    filled, problems = read(path, blank(folder, filled=False), ZONE)
    assert problems == []
    assert filled is not None
    return folder, filled


@pytest.mark.parametrize("kind", sorted(FILTERS))
def test_what_a_person_does_in_libreoffice_is_what_is_read(made: Path, kind: str) -> None:
    folder, filled = back(made / f"saved.{kind}")
    for record in filled.records:
        wanted = folder.records[record.checklist.id].answers
        assert [same(answer) for answer in record.answers] == [same(one) for one in wanted]
    assert {record.checklist.id for record in filled.records} == set(SCORES)
    assert filled.source.at is not None
    assert filled.source.at.isoformat() == "2026-11-06T18:00:00+08:00"
    assert [(shot.name, shot.item) for shot in filled.shots] == [("CK-HTL-C3_1.png", "CK-HTL-C3")]
    assert filled.shots[0].read().startswith(b"\x89PNG")


def test_the_score_it_foretells_is_the_score(made: Path) -> None:
    sheets = sheets_of(made / "saved.ods")
    told = [cell for rows in sheets.values() for row in rows[:4] for cell in row if "得分 " in cell]
    for text, score in zip(told, SCORES.values(), strict=True):
        assert score in text


def test_a_question_cannot_be_written_over(made: Path) -> None:
    sheets = sheets_of(made / "saved.ods")
    assert not any(
        "written over" in cell for rows in sheets.values() for row in rows for cell in row
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_that_is_filled_in_already_reads_back_the_same(made: Path, lang: str) -> None:
    folder, filled = back(made / f"filled.{lang}.xlsx")
    for record in filled.records:
        wanted = folder.records[record.checklist.id]
        assert [same(answer) for answer in record.answers] == [same(a) for a in wanted.answers]
        assert record.signatures == wanted.signatures
        assert record.checklist == wanted.checklist


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_prints_across_on_a4(made: Path, lang: str) -> None:
    office(made, "--convert-to", "pdf", "--outdir", made, made / f"filled.{lang}.xlsx")
    pdf = made / f"filled.{lang}.pdf"
    assert "841.89 x 595.304 pts (A4)" in said("pdfinfo", pdf)
    text = said("pdftotext", "-layout", pdf, "-")
    assert ("第 1 页，共 " if lang == "zh" else "Page 1 of ") in text
    assert "2026-10-cd" in text
    assert text.count("CK-HTL-B2") > 1
    heading = "问题描述" if lang == "zh" else "Remark"
    assert text.count(heading) > 3  # repeated on each page
