"""A workbook in a test: of the kitchen, typed into as a person does, saved as programs do."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import xlsxwriter
from PIL import Image
from tests.sheets.filling import Rows, sheets
from xlsxwriter.utility import xl_rowcol_to_cell

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.problems import Problem
from sopaudit.sheets.blank import WHOLE, Blank, Wish, blank_of, checklists_of
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.xlsx.back import read
from sopaudit.sheets.xlsx.blank import workbook
from sopaudit.sheets.xlsx.marks import CASES, HIDDEN, ITEMS

KITCHEN: Final = Path(__file__).parents[2] / "evidence" / "kitchen"
ZONE: Final = ZoneInfo("Asia/Shanghai")


@cache
def kitchen() -> tuple[Handbook, AuditFolder]:
    handbook, problems = load_handbook(KITCHEN)
    assert handbook is not None, problems
    folder, problems = read_audit(KITCHEN / "audits/a", handbook)
    assert folder is not None, problems
    return handbook, folder


def blank(wish: Wish = WHOLE) -> Blank:
    handbook, folder = kitchen()
    return blank_of(handbook, checklists_of(folder), folder.audit.date, folder, wish)


@cache
def written(lang: str = "zh") -> bytes:
    return workbook(blank(), lang)


class Formula(str):
    """A formula that somebody typed, and what it came to."""

    __slots__ = ()


class Typist:
    """Types into the cells of a workbook."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sheets = sheets(content)
        self.cells: dict[str, dict[str, Any]] = {}

    def place(self, mark: str, column: str, nth: int = 0) -> tuple[str, str]:
        """Find a cell by the mark of its row and the name of its column: its part, and its name."""
        for number, (_, rows) in enumerate(self.sheets, 1):
            head = next(
                (row for row in rows if row[0] == ITEMS or str(row[0]).startswith(CASES)), None
            )
            found = [n for n, row in enumerate(rows) if head and row[0] == mark]
            if found and head and column in head:
                cell = xl_rowcol_to_cell(found[nth], head.index(column))
                return f"xl/worksheets/sheet{number}.xml", cell
        raise AssertionError((mark, column))

    def type(self, mark: str, column: str, value: Any, nth: int = 0) -> "Typist":  # noqa: ANN401
        part, cell = self.place(mark, column, nth)
        self.cells.setdefault(part, {})[cell] = value
        return self

    def item(self, item: str, **said: Any) -> "Typist":  # noqa: ANN401 -- texts and numbers
        for column, value in said.items():
            self.type(item if "/" in item else f"COOK/{item}", column, value)
        return self

    def case(self, nth: int, **said: Any) -> "Typist":  # noqa: ANN401
        """Type into a line of the sample; `i0300` stands for the item, `i0300_day` for its part."""
        for name, value in said.items():
            column = re.sub(r"^i(\w+?)(?:_(\w+))?$", _column, name) if name[0] == "i" else name
            self.type("@case/COOK", column, value, nth)
        return self

    def done(self) -> bytes:
        out = BytesIO()
        with ZipFile(BytesIO(self.content)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
            for name in before.namelist():
                text = before.read(name)
                cells = self.cells.get(name, {})
                after.writestr(name, _put(text.decode(), cells).encode() if cells else text)
        return out.getvalue()


def _column(found: re.Match[str]) -> str:
    return f"#{found[1]}/{found[2]}" if found[2] else f"#{found[1]}"


def _put(xml: str, cells: Mapping[str, Any]) -> str:
    for cell, value in cells.items():
        found = re.compile(rf'<c r="{cell}"( s="\d+")?(?: t="\w+")?(?:/>|>.*?</c>)')
        hit = found.search(xml)
        assert hit is not None, f"nobody can write into {cell}"
        said = escape(str(value))
        if isinstance(value, Formula):
            put = f' t="str"><f>{said}</f><v>7</v></c>'
        elif isinstance(value, str):
            put = f' t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
        else:
            put = f"><v>{said}</v></c>"
        xml = f'{xml[: hit.start()]}<c r="{cell}"{hit[1] or ""}{put}{xml[hit.end() :]}'
    return xml


def png(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 6), colour).save(out, "PNG")
    return out.getvalue()


def resaved(
    content: bytes,
    changed: Callable[[str, Rows], Rows] = lambda _, rows: rows,
    *,
    named: Callable[[str], str] = lambda name: name,
    floating: Iterable[tuple[int, int, int, bytes]] = (),
    within: Iterable[tuple[int, int, int, bytes]] = (),
) -> bytes:
    """Save a workbook as another program would: values alone, with pictures over or in cells."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False})
    made = []
    for name, rows in sheets(content):
        sheet = book.add_worksheet(named(name))
        made.append(sheet)
        for n, row in enumerate(changed(name, rows)):
            for m, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(n, m, value)
                elif value != "":
                    sheet.write_string(n, m, str(value))
    for number, n, m, picture in floating:
        made[number].insert_image(n, m, "a.png", {"image_data": BytesIO(picture)})
    for number, n, m, picture in within:
        made[number].embed_image(n, m, "a.png", {"image_data": BytesIO(picture)})
    book.close()
    return relative(out.getvalue()) if within else out.getvalue()


def relative(content: bytes) -> bytes:
    """Name the parts of an archive as Excel does, without a slash in front."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name.lstrip("/"), before.read(name))
    return out.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Add parts to an archive, or put others in their place."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, parts.get(name, before.read(name)))
        for name in parts.keys() - set(before.namelist()):
            after.writestr(name, parts[name])
    return out.getvalue()


def back(
    content: bytes, folder: Path, name: str = "cook.xlsx"
) -> tuple[Filled | None, list[Problem]]:
    path = folder / name
    path.write_bytes(content)
    return read(path, blank(), ZONE)


def said(filled: Filled | None) -> dict[str, Any]:
    """Give the answers by item."""
    assert filled is not None
    return {answer.item: answer for record in filled.records for answer in record.answers}


def spoilt(content: bytes) -> bytes:
    """Change what the hidden sheet says, and leave its seal."""

    def changed(name: str, rows: Rows) -> Rows:
        if name != HIDDEN:
            return rows
        return [[str(cell).replace("2026-11-06", "2026-11-05") for cell in row] for row in rows]

    return resaved(content, changed)


# --- what becomes of rows and columns -------------------------------------------------------------


def reversed_rows(_: str, rows: Rows) -> Rows:
    """Sort the list of a sheet the other way round, and put an empty row into it."""
    first = next((n for n, row in enumerate(rows) if row[0] == "@head"), None)
    if first is None:
        return rows
    return [*rows[: first + 1], [""] * len(rows[0]), *reversed(rows[first + 1 :])]


def without_column(_: str, rows: Rows) -> Rows:
    """Delete the columns nobody writes into."""
    head = next((row for row in rows if str(row[0]).startswith((ITEMS, CASES))), None)
    if head is None:
        return rows
    left = [n for n, name in enumerate(head) if name not in ("number", "item", "rule", "points")]
    return [[row[n] for n in left] for row in rows]


def nameless(_: str, rows: Rows) -> Rows:
    """Delete the rows above the list, and the hidden one with them."""
    first = next((n for n, row in enumerate(rows) if row[0] == "@head"), None)
    return (
        rows if first is None else [row for row in rows[:first] if row[0] == "@at"] + rows[first:]
    )


CHANGES: dict[str, Callable[[str, Rows], Rows]] = {
    "saved again": lambda _, rows: rows,
    "sorted": reversed_rows,
    "columns deleted": without_column,
    "without its hidden row": nameless,
}
