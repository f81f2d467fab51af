"""Coverage as one HTML file: standards against items for each post, and what is left open."""

from dataclasses import dataclass

from sopaudit.criteria.checklist import Item
from sopaudit.criteria.coverage import Coverage, Gap, Row, Sheet
from sopaudit.criteria.handbook import Handbook
from sopaudit.press.charts import ACCENT, SIGNAL
from sopaudit.press.html import page
from sopaudit.press.words import words


@dataclass(frozen=True)
class Column:
    """A checklist item, as the head of a column."""

    id: str
    short: str
    """Without the id of its checklist where that is the usual one of the post."""

    question: str


@dataclass(frozen=True)
class Cell:
    """Where a standard meets an item; `told` says so in words, and is empty where it does not."""

    told: str


@dataclass(frozen=True)
class Check:
    """An automatic check a standard names."""

    id: str
    title: str
    mark: str


@dataclass(frozen=True)
class Line:
    """A standard as a row of the matrix."""

    id: str
    text: str
    cells: tuple[Cell, ...]
    checks: tuple[Check, ...]
    seen_by: str
    mark: str
    who: str


@dataclass(frozen=True)
class StepBlock:
    """The rows of one step."""

    id: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Count:
    """How many standards are checked how."""

    item: int
    check: int
    nobody: int

    @property
    def parts(self) -> tuple[tuple[int, str, str], ...]:
        """Give what is drawn: how many, in which colour, with which outline."""
        return (
            (self.item, ACCENT, ACCENT),
            (self.check, "#b9d4da", ACCENT),
            (self.nobody, "#ffffff", SIGNAL),
        )


@dataclass(frozen=True)
class PostBlock:
    """One post: its matrix and its counts."""

    id: str
    title: str
    number: int
    count: Count
    told: str
    columns: tuple[Column, ...]
    steps: tuple[StepBlock, ...]
    span: int
    """Of how many columns the table is."""


@dataclass(frozen=True)
class GapBlock:
    """One thing to know, and all that it is true of."""

    id: str
    title: str
    why: str
    count: int
    counted: str
    rows: tuple[tuple[str, str, str, str], ...]
    """Id, title, what it belongs to, and what else is known."""


@dataclass(frozen=True)
class CoveragePage:
    """All that the page says."""

    title: str
    heading: str
    edition: str
    posts: tuple[PostBlock, ...]
    total: Count
    total_told: str
    number: int
    gaps: tuple[GapBlock, ...]


MARKS = {"item": "●", "check": "◐", "nobody": "○"}
"""A sign for each, so that colour is never the only one."""

RUNS, WAITS = "◆", "◇"


def coverage_html(handbook: Handbook, found: Coverage, lang: str) -> str:
    """Lay it out: one self-contained file for screen, phone and paper."""
    told = _Writer(handbook, found, lang).page()
    return page(
        "desk/coverage.html.j2", lang, "coverage", page=told, marks=MARKS, runs=RUNS, waits=WAITS
    )


class _Writer:
    def __init__(self, handbook: Handbook, found: Coverage, lang: str) -> None:
        self.handbook = handbook
        self.found = found
        self.lang = lang
        self.words = words(lang, "coverage")

    def page(self) -> CoveragePage:
        handbook, say = self.handbook, self.handbook.say
        total = _count(tuple(row for sheet in self.found.sheets for row in sheet.rows))
        return CoveragePage(
            self.words["page"]["title"],
            say(handbook.title, self.lang),
            self.words["page"]["edition"].format(edition=handbook.edition),
            tuple(self._post(sheet) for sheet in self.found.sheets),
            total,
            self._told(total),
            sum(len(sheet.rows) for sheet in self.found.sheets),
            tuple(self._gap(gap) for gap in self.found.gaps if gap.of),
        )

    def _post(self, sheet: Sheet) -> PostBlock:
        own = [c.id for c in self.handbook.checklists.values() if c.post == sheet.post.id]
        columns = tuple(
            Column(item.id, _short(item.id, own), self.handbook.say(item.question, self.lang))
            for item in sheet.items
        )
        steps = tuple(
            StepBlock(
                step.id,
                self.handbook.say(step.step, self.lang),
                tuple(self._line(row, sheet.items) for row in rows),
            )
            for step, rows in sheet.steps
        )
        count = _count(sheet.rows)
        title = self.handbook.say(sheet.post.title, self.lang)
        number = len(sheet.rows)
        told = f"{title}: {self._told(count)}"
        return PostBlock(
            sheet.post.id, title, number, count, told, columns, steps, len(columns) + 3
        )

    def _told(self, count: Count) -> str:
        seen = self.words["seen"]
        counts = (("item", count.item), ("check", count.check), ("nobody", count.nobody))
        return ", ".join(f"{seen[key]} {number}" for key, number in counts)

    def _line(self, row: Row, items: tuple[Item, ...]) -> Line:
        rules = self.handbook.rules
        return Line(
            row.standard.id,
            self.handbook.say(row.standard.standard, self.lang),
            tuple(Cell(item.id if item.id in row.items else "") for item in items),
            tuple(
                Check(
                    check,
                    self.handbook.say(rules[check].title, self.lang),
                    RUNS if check in self.found.runs else WAITS,
                )
                for check in row.checks
            ),
            row.seen_by,
            MARKS[row.seen_by],
            self.words["seen"][row.seen_by],
        )

    def _gap(self, gap: Gap) -> GapBlock:
        rows = tuple(
            (entry.id, self.handbook.say(entry.title, self.lang), entry.within, entry.note)
            for entry in gap.entries
        )
        counted = self.words["page"]["of"].format(count=len(rows), of=gap.of)
        title, why = self.words["gap"][gap.kind], self.words["why"][gap.kind]
        return GapBlock(gap.kind, title, why, len(rows), counted, rows)


def _count(rows: tuple[Row, ...]) -> Count:
    seen = [row.seen_by for row in rows]
    return Count(seen.count("item"), seen.count("check"), seen.count("nobody"))


def _short(item: str, checklists: list[str]) -> str:
    start = next((f"{name}-" for name in checklists if item.startswith(f"{name}-")), "")
    return item.removeprefix(start)
