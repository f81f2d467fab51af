"""LibreOffice in the hands of a clerk: it types, adds rows, sorts, pastes pictures and saves.

The clerk reads the blank as a person does, by its marks, and knows what the auditor saw.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from tests.patience import PATIENCE

from sopaudit.evidence.record import RecordedAnswer
from sopaudit.evidence.workbook import sheets_of
from sopaudit.press.words import words
from sopaudit.sheets.answering import shown_value
from sopaudit.sheets.blank import Blank, Leaf
from sopaudit.sheets.wording import TICKS
from sopaudit.sheets.xlsx.lines import in_lines, lines_of
from sopaudit.sheets.xlsx.marks import SIGN, SIGN_COLUMNS, item_column, item_mark

FILTERS: Final = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}
MODULE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"
 "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script"
 script:name="Module1" script:language="StarBasic">
{code}</script:module>
"""
LIBRARY: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"
 "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library"
 library:name="Standard" library:readonly="false" library:passwordprotected="false">
<library:element library:name="Module1"/></library:library>
"""
CODE: Final = """
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
      Case "store"
        how(0).Name = "FilterName"
        how(0).Value = told(2)
        book.storeToURL(told(3), how())
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
        [str(word) for word in words_],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
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

    def __init__(self, sheet: Path, truth: Blank, pictured: Iterable[str] = ()) -> None:
        """Take a blank and what was seen; sheets of checklists with pictures are not sorted."""
        self.rows = sheets_of(sheet)
        self.pictured = {*pictured}
        self.truth = truth
        self.orders: list[list[str]] = []
        self.names = list(self.rows)

    def answer(self) -> None:
        names = iter(self.names)
        for leaf in self.truth.leaves:
            sheet, grid = next(names), next(names) if leaf.grid else ""
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
            if grid:
                self._cases(grid, leaf)
            if leaf.id in self.pictured:
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
            "confirmed": given.confirmed.by if given.confirmed else "",
        }
        return {name: text for name, text in told.items() if text}

    def _cases(self, grid: str, leaf: Leaf) -> None:
        rows = self.rows[grid]
        head = next(row for row in rows if row[0].startswith("@cases/"))
        first = next(n for n, row in enumerate(rows) if row[0].startswith("@case/"))
        tickets = self.truth.tickets
        known = lines_of(in_lines(leaf.asks), tickets)
        # Drawn tickets stand there already; what is about one once more comes behind them all.
        drawn = {line.case: line for line in reversed(known)}
        lines = [drawn[ticket] for ticket in tickets]
        lines += [line for line in known if line not in lines]
        room = sum(row[0].startswith("@case/") for row in rows)
        if len(lines) > room:
            below = str(first + max(1, len(tickets)))
            self.orders.append(["rows", grid, below, str(len(lines) - room)])
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
        for sheet, rows in self.rows.items():
            for n, row in enumerate(rows, 1):
                if row[0].endswith(f"/{item}") and not row[0].startswith("@"):
                    self.orders.insert(0, ["picture", sheet, f"D{n}", picture.as_uri()])
                    return
        raise AssertionError(item)

    def store(self, path: Path) -> None:
        """Save a copy as it stands, before what comes next."""
        self.orders.append(["store", self.names[0], FILTERS["xlsx"], path.as_uri()])

    def confirm(self, item: str, person: str) -> None:
        """Name who has seen it too."""
        for sheet, rows in self.rows.items():
            head = next((row for row in rows if row[0] == "@items"), [])
            for n, row in enumerate(rows, 1):
                if row[0].endswith(f"/{item}") and not row[0].startswith("@"):
                    self._type(sheet, f"{letter(head.index('confirmed'))}{n}", person)
                    return
        raise AssertionError(item)

    def sign(self, checklist: str, role: str, person: str, at: str) -> None:
        """Write a name where it is signed."""
        for sheet, rows in self.rows.items():
            head = next((row for row in rows if row[0] == "@items"), [])
            for n, row in enumerate(rows, 1):
                if row[0] == f"{SIGN}{checklist}/{role}":
                    who, when = (letter(head.index(name)) for name in SIGN_COLUMNS)
                    self._type(sheet, f"{who}{n}", person)
                    self._type(sheet, f"{when}{n}", at)
                    return
        raise AssertionError(role)


def letter(column: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]
