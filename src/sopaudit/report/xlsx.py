"""The inspection report as a workbook (XLSX): the texts and numbers of the page, to work with.

Every cell is text or a number, never a formula: what people wrote may begin with `=`. The creation
date is the audit's, so that the same report is the same file, byte for byte.
"""

import re
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sopaudit.press.charts import ACCENT
from sopaudit.report.model import InspectionReport
from sopaudit.report.parts.sheets import parts_pages
from sopaudit.report.photos.sheets import evidence_pages
from sopaudit.report.tickets.sheets import ticket_pages
from sopaudit.report.workbook import Page, Row, pages
from sopaudit.terminal import width

TITLE: Final = 31
"""Signs the name of a sheet can have."""

CELL: Final = 32_767
"""Signs a cell can hold; what does not fit is cut, and the cut is marked."""

HEADER: Final = 100
"""Signs of a text in the header of a printed page: of 255, some become two."""

NO_DAY: Final = date(1980, 1, 1)
"""The creation date where the audit has none."""

_LINE: Final = 14.5
_SPACE: Final = 5.0
"""Points of a line of text, and of the space around a cell's."""

_TALLEST: Final = 409.0
"""No row of a workbook may be taller."""

_BUTTON: Final = 3
"""Characters of a header that the button of its filter covers."""

_TO_FILL: Final = 4
"""Lines of room in a row that somebody writes into."""

_PICTURE: Final = 126.0
"""Points of a row with a picture in it."""

_SCALE: Final = 1 / 3
"""Of a picture of 480 pixels, so that it fits into such a row."""

_INK: Final = "#1c2730"
_RULE: Final = "#c9d2d8"
_SHADE: Final = "#eef2f4"
_HEADER: Final[dict[str, object]] = {"bold": True, "bg_color": _SHADE}
_LEFT: Final[dict[str, object]] = {"align": "left", "indent": 1}
_BLANK: Final = "#fffdf0"

_FONTS: Final = {"zh": "Microsoft YaHei"}
_LATIN: Final = "Calibri"

_A4: Final = 9
"""What Excel calls that paper."""

_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
"""Begins a text that would become a formula once somebody edits the cell."""

_NUMBER: Final = re.compile(r"-?(?P<whole>[0-9]{1,9})(?:\.(?P<part>[0-9]{1,6}))?")


@dataclass(frozen=True)
class About:
    """What a workbook says of itself."""

    title: str
    lang: str
    accent: str
    """The colour of its headings."""

    subject: str = ""
    authors: tuple[str, ...] = ()
    organisation: str = ""
    notice: str = ""
    """Stands at the foot of every printed page."""

    created: date = NO_DAY

    @classmethod
    def plain(cls, title: str, lang: str, created: date = NO_DAY) -> "About":
        """Make it of a title alone."""
        return cls(title, lang, ACCENT, created=created)


def workbook(report: InspectionReport) -> bytes:
    """Write the workbook of a report."""
    about = About(
        report.title,
        report.lang,
        report.letterhead.accent,
        report.subject or report.heading,
        tuple(report.authors),
        report.organisation,
        report.notice,
        date.fromisoformat(report.created) if report.created else NO_DAY,
    )
    parts = (pages, evidence_pages, ticket_pages, parts_pages)
    return book((page for part in parts for page in part(report)), about)


def book(sheets: Iterable[Page], about: About) -> bytes:
    """Write a workbook."""
    file = BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    made.set_properties(
        {
            "title": about.title,
            "subject": about.subject,
            "author": ", ".join(about.authors),
            "company": about.organisation,
            "comments": about.notice,
            "created": datetime.combine(about.created, time()),
        }
    )
    looks = _Looks(made, about)
    for page in sheets:
        _Writer(made.add_worksheet(page.title[:TITLE]), page, looks).write()
    made.close()
    return file.getvalue()


class _Looks:
    """The formats of a workbook; equal looks share one."""

    def __init__(self, made: xlsxwriter.Workbook, about: About) -> None:
        self.made = made
        self.about = about
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def look(self, **own: object) -> Format:
        """Give the format that differs from the usual one by `own`; False takes something away."""
        usual: dict[str, object] = {
            "font_name": _FONTS.get(self.about.lang, _LATIN),
            "font_size": 10,
            "font_color": _INK,
            "text_wrap": True,
            "valign": "top",
            "border": 1,
            "border_color": _RULE,
        }
        chosen = {key: value for key, value in (usual | own).items() if value is not False}
        key = tuple(sorted(chosen.items()))
        if key not in self._formats:
            self._formats[key] = self.made.add_format(chosen)
        return self._formats[key]

    def text(self, text: str, **own: object) -> Format:
        """Give the same for a text, which stays one when somebody edits it."""
        return self.look(quote_prefix=_FORMULA.match(text) is not None, **own)


class _Writer:
    """Writes one page."""

    def __init__(self, sheet: Worksheet, page: Page, looks: _Looks) -> None:
        self.sheet = sheet
        self.page = page
        self.columns = page.columns
        self.looks = looks

    def write(self) -> None:
        """Write it, ready to print on A4."""
        for n, column in enumerate(self.columns):
            self.sheet.set_column(n, n, column.width)
        first = 0
        if any(column.title for column in self.columns):
            self._header()
            first = 1
        for n, row in enumerate(self.page.rows, first):
            if row.kind in ("heading", "line"):
                self._across(n, row)
            else:
                self._row(n, row)
        if self.page.listed:
            self.sheet.autofilter(0, 0, len(self.page.rows), len(self.columns) - 1)
        self._print()

    def _header(self) -> None:
        """Write the header, which stays in view and stands on every printed page."""
        for n, column in enumerate(self.columns):
            align = {"align": "right"} if column.number else _LEFT
            self._text(0, n, column.title, **_HEADER, **align)
        # The button of the filter takes some of the room.
        tallest = max(_lines(column.title, column.width - _BUTTON) for column in self.columns)
        self.sheet.set_row(0, _height(tallest))
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)

    def _row(self, n: int, row: Row) -> None:
        fill = row.kind == "to fill"
        own = _HEADER if row.kind == "header" else {}
        tallest = _TO_FILL if fill else 1
        for place, (text, column) in enumerate(zip(row.cells, self.columns, strict=True)):
            tallest = max(tallest, _lines(text, column.width))
            found = _NUMBER.fullmatch(text) if column.number else None
            if found:
                decimals = "." + "0" * len(found["part"]) if found["part"] else ""
                look = self.looks.look(num_format=f"0{decimals}", align="right")
                self.sheet.write_number(n, place, float(text), look)
            elif text:
                align = {"align": "right"} if column.number else _LEFT
                self._text(n, place, text, **align, **own)
            else:
                blank = self.looks.look(bg_color=_BLANK if fill else False)
                self.sheet.write_blank(n, place, None, blank)
        self.sheet.set_row(n, _height(tallest))
        if row.picture:
            self._picture(n, row)

    def _picture(self, n: int, row: Row) -> None:
        """Put a small picture into the last cell of a row, which grows to hold it."""
        last = len(self.columns) - 1
        content = b64decode(row.picture.partition(",")[2])
        self.sheet.set_row(n, _PICTURE)
        # Not `embed_image`: only the newest Excel shows what is a value of a cell.
        self.sheet.insert_image(
            n,
            last,
            "photo",
            {
                "image_data": BytesIO(content),
                "description": row.spoken,
                "object_position": 1,
                "x_scale": _SCALE,
                "y_scale": _SCALE,
                "x_offset": 4,
                "y_offset": 4,
            },
        )

    def _across(self, n: int, row: Row) -> None:
        heading = row.kind == "heading"
        own: dict[str, object] = {"border": False, "border_color": False}
        if heading:
            accent = self.looks.about.accent
            own |= {"bold": True, "font_size": 12, "font_color": accent, "valign": "bottom"}
        (text,) = row.cells
        self.sheet.merge_range(n, 0, n, len(self.columns) - 1, "", self.looks.look(**own))
        self._text(n, 0, text, **own)
        lines = _lines(text, sum(column.width for column in self.columns))
        self.sheet.set_row(n, _height(lines + heading))

    def _text(self, n: int, place: int, text: str, **own: object) -> None:
        kept = text if len(text) <= CELL else text[: CELL - 1] + "…"
        self.sheet.write_string(n, place, kept, self.looks.text(text, **own))

    def _print(self) -> None:
        about = self.looks.about
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.hide_gridlines(2)
        self.sheet.set_header(f"&L&8{_escaped(about.title)}&R&8&A")
        self.sheet.set_footer(f"&L&8{_escaped(about.notice)}&R&8&P / &N")


def _escaped(text: str) -> str:
    """Keep a text out of the codes of a header, and within what one may hold."""
    return text[:HEADER].replace("&", "&&")


def _lines(text: str, room: int) -> int:
    """Say how many lines a text takes in a column."""
    return sum(max(1, -(-width(part) // max(1, room - 2))) for part in text.split("\n"))


def _height(lines: int) -> float:
    return min(_TALLEST, lines * _LINE + _SPACE)
