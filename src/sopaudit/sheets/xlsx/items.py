"""The sheet of one checklist: what is asked, the cells to write into, and the score so far."""

from collections.abc import Iterator
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from sopaudit.criteria.field import plain
from sopaudit.evidence.record import RecordedAnswer, Signature
from sopaudit.press.words import words
from sopaudit.sheets.blank import Ask, Before, Leaf
from sopaudit.sheets.looks import (
    ACCENT,
    QUIET,
    SHADE,
    SIGNAL,
    TEXT,
    Looks,
    across,
    height,
    printable,
    put,
)
from sopaudit.sheets.looks import PROTECTED as OPEN_TO_ALL
from sopaudit.sheets.preview import Preview, preview, vetoes
from sopaudit.sheets.wording import method, rule, standards
from sopaudit.sheets.xlsx import live
from sopaudit.sheets.xlsx.book import GAP, Book
from sopaudit.sheets.xlsx.colours import colour_items
from sopaudit.sheets.xlsx.grid import GridSheet
from sopaudit.sheets.xlsx.inputs import Inputs, exact
from sopaudit.sheets.xlsx.marks import (
    AT,
    AT_COLUMN,
    HEAD,
    ITEMS,
    SIGN,
    SIGN_COLUMNS,
    fields,
    item_mark,
)
from sopaudit.sheets.xlsx.page import Page

WIDTHS: Final = {
    "id": 10, "number": 4.5, "item": 28, "standard": 24, "method": 13, "points": 5, "rule": 13,
    "result": 9.5, "checked": 6.5, "failed": 7.5, "value": 9.5, "deducted": 5.5, "earned": 6.5,
    "note": 30, "person": 10, "evidence": 10, "confirmed": 10, "before": 9, "veto": 10,
}  # fmt: skip
"""How wide columns are, in digits."""

_LEAST: Final = 46.0
"""Points of the row of an item: room for a remark by hand."""

_HEIGHT: Final = 4
"""Rows above the list: title, facts, team, score."""


class _Rows:
    """The formats of the rows of items, which `own` tells from the usual ones."""

    def __init__(self, looks: Looks, **own: object) -> None:
        self.own = own
        self.text = looks.look(**own)
        self.small = looks.look(font_size=9, font_color=QUIET, **own)
        self.centre = looks.look(align="center", **own)
        self.live = looks.look(
            align="center", num_format="0.##", font_color=QUIET, bg_color=SHADE, **own
        )


class ItemSheet(Page):
    """Writes the sheet of a checklist."""

    def __init__(self, book: Book, leaf: Leaf, sheet: Worksheet, grid: GridSheet | None) -> None:
        super().__init__(book, leaf, sheet, book.columns)
        self.grid = grid
        self.last = len(book.columns) - 2
        """The last column people see."""

        self.points = any(ask.way == "points" for ask in leaf.asks)
        self.widths = WIDTHS if self.points else {**WIDTHS, "value": WIDTHS["failed"]}
        self.preview = preview(leaf, book.lang)
        self.vetoes = vetoes(leaf, book.lang)
        looks = book.looks
        self.usual = _Rows(looks)
        self.first = _Rows(looks, top=2, top_color=ACCENT)
        """Of rows in which a section begins."""

        self.small = self.usual.small
        self.open_text = looks.open(num_format=TEXT)

    def write(self) -> None:
        """Write it, ready to print on A4 across and to be typed into."""
        sheet = self.sheet
        for name, n in self.at.items():
            hidden = {"hidden": True} if name in ("id", "veto") else {}
            sheet.set_column(n, n, self.widths[name], None, hidden)
        self.book.heading(sheet, self.leaf, "", self.last)
        named = _HEIGHT
        for n, text in enumerate(fields(ITEMS, self.book.columns)):
            sheet.write_string(named, n, text)
        sheet.set_row(named, None, None, {"hidden": True})
        self._header(named + 1)
        first = named + 2
        row = self._list(first)
        rows = (first, max(first, row - 1))
        self._score(_HEIGHT - 1, rows)
        colour_items(self, rows)
        self._signing(row + 1)
        sheet.freeze_panes(first, 3)
        sheet.autofilter(named + 1, 1, rows[1], self.last)
        sheet.protect("", OPEN_TO_ALL)
        printable(sheet, named + 1, self.book.foot(self.leaf))

    def _header(self, row: int) -> None:
        look = self.book.looks.strong
        put(self.sheet, row, 0, HEAD, look)
        for name in self.book.columns[1:-1]:
            said = "times" if name == "value" and not self.points else name
            title = self.book.common["column"][said]
            put(self.sheet, row, self.at[name], title, look)
        self.sheet.set_row(row, 32)

    def _list(self, row: int) -> int:
        """Write the items by section, and give the row behind them.

        The title of a section stands in the row of its first item: a row of its own would stand
        alone at the foot of a page, which no program can be told to avoid, and go astray when rows
        are sorted.
        """
        titles = {one.id: one.title for one in self.leaf.checklist.sections}
        section: str | None = None
        order = {one: n for n, one in enumerate(titles)}
        asks = sorted(self.leaf.asks, key=lambda ask: order.get(ask.item.section or "", len(order)))
        for number, ask in enumerate(asks, 1):
            title = ""
            if ask.item.section in titles and ask.item.section != section:
                section = ask.item.section
                title = self.book.blank.handbook.say(titles[section], self.book.lang)
            for given in ask.given or (None,):
                self._item(row, number, ask, given, title)
                title = ""
                row += 1
        return row

    # --- one item ------------------------------------------------------------------------------

    def _item(
        self, row: int, number: int, ask: Ask, given: RecordedAnswer | None, section: str
    ) -> None:
        sheet, at, book = self.sheet, self.at, self.book
        rows = self.first if section else self.usual
        put(sheet, row, 0, item_mark(self.leaf.id, ask.item.id), rows.small)
        sheet.write_number(row, at["number"], number, rows.centre)
        self._question(row, ask, section)
        named = standards(ask, book.blank.handbook, book.lang)
        told = {
            "standard": "\n".join(f"{name} {text}".strip() for name, text in named),
            "method": self._method(ask),
            "rule": rule(ask, self.leaf, book.lang),
        }
        for name, text in told.items():
            if name in at:
                put(sheet, row, at[name], text, rows.small)
        if "points" in at:
            if ask.points is None:
                put(sheet, row, at["points"], "", rows.centre)
            else:
                exact(sheet, (row, at["points"]), ask.points, rows.centre)
        Inputs(self, self.grid, rows.own).write(row, ask, given)
        self._live(row, ask, rows.live)
        if "before" in at:
            look = rows.small
            if ask.before and ask.before.finding:
                look = book.looks.look(font_size=9, font_color=SIGNAL, **rows.own)
            put(sheet, row, at["before"], self._before(ask, ask.before), look)
        texts = [(text, WIDTHS[name], 9.0) for name, text in told.items() if name in at]
        question = book.blank.handbook.say(ask.item.question, book.lang)
        asked = "\n".join(filter(None, (section, question, ".")))
        texts.append((asked, WIDTHS["item"], 10.0))
        texts.append((given.note if given else "", WIDTHS["note"], 10.0))
        sheet.set_row(row, height(texts, _LEAST))

    def _question(self, row: int, ask: Ask, section: str) -> None:
        """Write the question, and below it small how the item is called and how much it matters.

        Above it stands the title of the section that begins here.
        """
        looks = self.book.looks
        severities = words(self.book.lang, "report")["severity"]
        severity = severities.get(ask.item.severity or "", "")
        question = self.book.blank.handbook.say(ask.item.question, self.book.lang) or ask.item.id
        below = " · ".join(filter(None, (ask.item.id, severity)))
        look = (self.first if section else self.usual).text
        pieces: list[Format | str] = []
        if section:
            pieces += [looks.bare(bold=True, font_color=ACCENT), f"{section}\n"]
        pieces += [looks.bare(), f"{question}\n"]
        pieces += [looks.bare(font_size=8, font_color=QUIET), below]
        if self.sheet.write_rich_string(row, self.at["item"], *pieces, look):
            told = "".join(piece for piece in pieces if isinstance(piece, str))
            put(self.sheet, row, self.at["item"], told, look)

    def _method(self, ask: Ask) -> str:
        handbook, lang = self.book.blank.handbook, self.book.lang
        sample = handbook.say(ask.item.sample, lang) if ask.item.sample else ""
        return "\n".join(filter(None, (method(ask, handbook, lang), sample)))

    def _live(self, row: int, ask: Ask, look: Format) -> None:
        """Write the formulas of an item."""
        meter = self.preview.meters[ask.item.id] if self.preview else None
        cells = live.Cells(self.at, row)
        for name in ("deducted", "earned"):
            if name in self.at:
                put(self.sheet, row, self.at[name], "", look)
        if veto := live.vetoed(self.vetoes, ask, cells, self.book.answers):
            self.sheet.write_formula(row, self.at["veto"], veto, self.small, "")
        if meter is None:
            return
        formula = live.earned(ask, meter, cells, self.book.answers)
        self.sheet.write_formula(row, self.at["earned"], formula, look, "")
        if "deducted" in self.at and ask.points is not None:
            lost = live.deducted(meter, cells)
            self.sheet.write_formula(row, self.at["deducted"], lost, look, "")

    def _before(self, ask: Ask, before: Before | None) -> str:
        """Say what was found last time."""
        if before is None:
            return ""
        say = self.book.say
        told = []
        for given in before.given:
            failed, checked = given.counts
            if given.result is not None:
                told.append(self.book.answers.get(given.result, given.result))
            elif given.value is not None and ask.way == "occurrences":
                told.append(say["times"].format(number=plain(given.value)))
            elif given.value is not None:
                told.append(plain(given.value))
            elif checked is not None:
                told.append(say["counts"].format(failed=failed, checked=checked))
        return say["stop"].join(told)

    # --- above and below the list --------------------------------------------------------------

    def _score(self, row: int, rows: tuple[int, int]) -> None:
        """Write how to fill it in, the score so far, and when it was filled in."""
        sheet, at, book, looks = self.sheet, self.at, self.book, self.book.looks
        middle = at["result"]
        first, last = at[AT_COLUMN], self.last
        put(sheet, row, 0, AT, self.small)
        told = book.common["title"]["preview" if self.preview else "no_preview"]
        small = looks.bare(font_size=9, font_color=QUIET)
        how = f"{book.say['how']}\n{told}"
        across(sheet, row, (1, middle - 1), how, small)
        big = looks.bare(bold=True, font_size=12, font_color=ACCENT, align="center")
        if self.preview:
            self._preview(self.preview, (row, rows), (middle, first - 1), big)
        put(sheet, row, first, "", looks.open(num_format="yyyy-mm-dd hh:mm", align="left"))
        across(sheet, row, (first + 1, last), f"← {book.say['at']}", small)
        room = sum(WIDTHS[name] for name in book.columns[1:middle])
        waits = any(veto.waits for veto in self.vetoes)
        sheet.set_row(row, height([(how, room, 9.0)], 36 if waits else 29))

    def _preview(
        self,
        preview_: Preview,
        where: tuple[int, tuple[int, int]],
        room: tuple[int, int],
        look: Format,
    ) -> None:
        """Write score and grade into hidden cells, and into one that people see all in words."""
        row, rows = where
        say, sheet, hidden = self.book.say, self.sheet, self.at["veto"]
        score = xl_rowcol_to_cell(row, hidden, row_abs=True, col_abs=True)
        grade = xl_rowcol_to_cell(row - 1, hidden, row_abs=True, col_abs=True)
        sheet.write_formula(row, hidden, live.score(preview_, self.at, rows), self.small, "")
        graded = live.grade(preview_, self.at, rows, score)
        if graded:
            sheet.write_formula(row - 1, hidden, graded, self.small, "")
        shown = f"TEXT({score},{live.text(live.decimals(preview_.to))})"
        told = [f'{live.text(say["score"] + " ")}&IF(ISNUMBER({score}),{shown},"—")']
        if graded:
            told.append(f'{live.text("　" + say["grade"] + " ")}&IF(LEN({grade})>0,{grade},"—")')
        done = "+".join(
            f'({live.column(self.at, name, rows)}<>"")'
            for name in ("result", "value", "checked")
            if name in self.at
        )
        number = len(self.leaf.asks)
        told.append(f'{live.text("　" + say["done"] + " ")}&SUMPRODUCT(--(({done})>0))&"/{number}"')
        if preview_.vetoes:
            told.append(live.told_of_vetoes(preview_.vetoes, self.at, rows, say))
        first, last = room
        if last > first:
            sheet.merge_range(row, first, row, last, "", look)
        sheet.write_formula(row, first, "=" + "&".join(told), look, "")

    def _signing(self, row: int) -> None:
        """Write where both sides sign: who, and when."""
        sheet, at, book, looks = self.sheet, self.at, self.book, self.book.looks
        who, when = (at[name] for name in SIGN_COLUMNS)
        named = f"← {book.say['who']}{book.say['between']}{book.say['when']}"
        across(sheet, row, (when + 1, self.last), named, looks.bare(font_size=9, font_color=QUIET))
        heading = (looks.bare(bold=True, font_color=ACCENT), book.common["title"]["signature"])
        titles = words(book.lang, "workbook_sheet")["role"]
        label = looks.bare(align="right", indent=1)
        moment = looks.open(num_format="yyyy-mm-dd hh:mm", align="left")
        for n, (role, signed) in enumerate(self._signatures(), row):
            put(sheet, n, 0, f"{SIGN}{self.leaf.id}/{role}", self.small)
            across(sheet, n, (1, who - 1), titles[role], label)
            if n == row:
                # Its heading stands in the first row, as that of a section does.
                told = (looks.bare(), f"{GAP}{titles[role]}")
                sheet.write_rich_string(n, 1, *heading, *told, label)
            across(
                sheet,
                n,
                (who, when - 1),
                book.person(signed.person) if signed else "",
                self.open_text,
            )
            if signed and signed.at:
                sheet.write_datetime(n, when, signed.at.replace(tzinfo=None), moment)
            else:
                put(sheet, n, when, "", moment)
            sheet.set_row(n, 26)

    def _signatures(self) -> Iterator[tuple[str, Signature | None]]:
        blank = self.book.blank
        record = blank.folder.records.get(self.leaf.id) if blank.folder else None
        filled = any(ask.given for ask in self.leaf.asks)
        known = list(record.signatures) if record and filled else []
        wanted = {"auditor": max(1, len(blank.auditors)), "auditee": max(1, len(self.leaf.people))}
        wanted |= {"head": 1, "escort": 0}
        for role, number in wanted.items():
            here = [one for one in known if one.role == role]
            yield from ((role, one) for one in here)
            yield from ((role, None) for _ in range(number - len(here)))
