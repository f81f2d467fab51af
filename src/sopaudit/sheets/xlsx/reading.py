"""Rows of a filled workbook, made answers: a row is known by its mark, a column by its name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Final

from xlsxwriter.utility import xl_rowcol_to_cell

from sopaudit.evidence.habits import habits, key, narrow
from sopaudit.evidence.record import (
    ChecklistUsed,
    Record,
    RecordedAnswer,
    Signature,
    Used,
)
from sopaudit.evidence.unreadable import Spot
from sopaudit.press.words import catalogue
from sopaudit.problems import Place, Problem, choices
from sopaudit.sheets.answering import Answering, People, Written, WrittenCase, when
from sopaudit.sheets.blank import Ask, Blank, Leaf
from sopaudit.sheets.xlsx.inside import Inside
from sopaudit.sheets.xlsx.lines import owners
from sopaudit.sheets.xlsx.marks import (
    AT,
    AT_COLUMN,
    CASE,
    CASES,
    HEAD,
    INPUTS,
    ITEMS,
    SIGN,
    SIGN_COLUMNS,
    item_column,
    item_mark,
    item_of,
    unmarked,
)
from sopaudit.sheets.xlsx.rows import CaseRow, Row, column_of, same, shared

_ERROR: Final = "T023"
_COUNTED: Final = ("checked", "failed")
"""Cells that count the sample until somebody writes over them."""

_BETWEEN: Final = re.compile(r"[\s,，、;；]+")
_LENGTH: Final = 40
"""Signs of a cell that are told."""


@dataclass
class Reading:
    """Reads the sheets of one workbook; what is wrong with them is gathered on the way."""

    file: str
    blank: Blank
    zone: tzinfo
    inside: Inside
    facts: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    """Where the workbook answers an item."""

    seconds: dict[tuple[str, str, str], Place] = field(default_factory=dict)
    """Where it names a second person, by checklist, item and staff number."""

    at: datetime | None = None
    """The latest day and time somebody wrote above a list."""

    items: dict[tuple[str, int], tuple[Leaf, Ask]] = field(default_factory=dict)
    cases: dict[tuple[str, int], tuple[Leaf, CaseRow]] = field(default_factory=dict)
    signed: dict[tuple[str, int], tuple[str, str, str]] = field(default_factory=dict)
    """What each row of a sheet is about: an item; a case; checklist, role and person."""

    def __post_init__(self) -> None:
        self._marks = {
            item_mark(leaf.id, ask.item.id): (leaf, ask) for leaf, ask in self.blank.asks
        }
        self._rows: dict[tuple[str, str], list[Row]] = {}
        self._lines: dict[str, list[CaseRow]] = {}
        self._signatures: dict[str, list[Signature]] = {}
        self._titles = {
            title for said in catalogue("sheets")["column"].values() for title in said.values()
        }

    def records(self, sheets: Mapping[str, Sequence[Sequence[str]]]) -> list[Record]:
        """Read all sheets, and give a record of each checklist that says something."""
        for name, rows in sheets.items():
            self._sheet(name, rows)
        made = (self._record(leaf) for leaf in self.blank.leaves)
        return [record for record in made if record is not None]

    def place(self, row: Row, name: str) -> Place:
        """Point at a cell."""
        return self.spot(row.sheet, row.number, row.at.get(name, row.at.get("result", 0)))

    def spot(self, sheet: str, row: int, column: int) -> Place:
        """Point at a cell by its row and column, counted from 0; it is told by its name."""
        cell = xl_rowcol_to_cell(row, column)
        return Place(Spot(self.file, sheet).path, row + 1, column + 1, cell)

    def problem(self, code: str, row: Row, name: str, **told: str) -> None:
        """Tell what is wrong with a cell."""
        place = self.place(row, name)
        self.problems.append(Problem(place, code, {"cell": place.cell, **told}))

    # --- rows ----------------------------------------------------------------------------------

    def _sheet(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Take every row for what its mark says, with the columns of its sheet or of the blank."""
        kind, at = "", dict[str, int]()
        leaf: Leaf | None = None
        if unmarked(rows):
            self.problems.append(Problem(Place(Spot(self.file, name).path), "F017"))
            return
        for number, cells in enumerate(rows):
            named = next((c for c in cells if c == ITEMS or c.startswith(CASES)), "")
            if named:
                kind = named
                at = {}
                for place, column in enumerate(cells):
                    at.setdefault("id" if column == named else column, place)
                leaf = self.blank.leaf(named.removeprefix(CASES))
                continue
            mark = self._mark(cells, at)
            wanted = self._kind(mark)
            if wanted and kind != wanted:
                columns = self.facts["columns"].get(wanted)
                lying = {n: i for i, n in enumerate(columns)} if isinstance(columns, list) else at
                self._row(Row(name, number, cells, lying), mark, self._leaf(wanted) or leaf, wanted)
            else:
                self._row(Row(name, number, cells, at), mark, leaf, kind)

    def _mark(self, cells: Sequence[str], at: Mapping[str, int]) -> str:
        """Find the mark of a row, in its column or, on a sheet that names none, anywhere."""
        place = at.get("id", -1)
        here = cells[place].strip() if 0 <= place < len(cells) else ""
        if here or at:
            return here
        return next((cell for cell in cells if self._kind(cell) or cell == HEAD), "")

    def _kind(self, mark: str) -> str:
        """Say what kind of sheet a row comes from; empty where the mark does not say it."""
        if mark in self._marks or mark == AT or mark.startswith(SIGN):
            return ITEMS
        return f"{CASES}{mark.removeprefix(CASE)}" if mark.startswith(CASE) else ""

    def _leaf(self, kind: str) -> Leaf | None:
        return self.blank.leaf(kind.removeprefix(CASES)) if kind.startswith(CASES) else None

    def _row(self, row: Row, mark: str, leaf: Leaf | None, kind: str) -> None:
        if mark == HEAD or not any(row.cells):
            return
        if mark in self._marks:
            found, ask = self._marks[mark]
            self._rows.setdefault((found.id, ask.item.id), []).append(row)
            self.items[row.sheet, row.number] = (found, ask)
        elif mark == AT:
            self._moment(row)
        elif mark.startswith(SIGN):
            self._signature(row, mark.removeprefix(SIGN))
        elif kind.startswith(CASES) and leaf is not None:
            self._case(row, leaf)
        elif kind == ITEMS and not self._heading(row):
            written = next((name for name in INPUTS if row.text(name).strip()), "")
            if written:
                self.problem("F021", row, written, text=row.text(written)[:_LENGTH])

    def _heading(self, row: Row) -> bool:
        return any(row.text(name).strip() in self._titles for name in INPUTS)

    def _typed(self, row: Row, names: Sequence[str]) -> dict[str, str] | None:
        """Give what was typed into some cells; None where one of them cannot be used.

        Counts of the sample are no answer, and a picture in a cell is none either.
        """
        texts: dict[str, str] = {}
        sound = True
        for name in names:
            place = (row.number, row.at.get(name, -1))
            formula = self.inside.formulas.get(row.sheet, {}).get(place)
            text = row.text(name)
            if (row.sheet, place) in self.inside.shown or (
                formula is not None and name in _COUNTED
            ):
                text = ""
            elif formula is not None or habits().prose(text.strip()).code == _ERROR:
                shown = f"={formula.removeprefix('of:').removeprefix('=')}" if formula else text
                self.problem("F022", row, name, text=shown[:_LENGTH])
                sound = False
            texts[name] = text
        return texts if sound else None

    # --- head and signatures -------------------------------------------------------------------

    def _moment(self, row: Row) -> None:
        typed = self._typed(row, [AT_COLUMN])
        if typed and typed[AT_COLUMN].strip():
            read = when(typed[AT_COLUMN], self.zone)
            if read is None:
                self.problem("F025", row, AT_COLUMN, text=typed[AT_COLUMN][:_LENGTH])
            elif self.at is None or read > self.at:
                self.at = read

    def _signature(self, row: Row, mark: str) -> None:
        checklist, _, role = mark.partition("/")
        who, when_ = SIGN_COLUMNS
        typed = self._typed(row, SIGN_COLUMNS)
        if typed is None or not typed[who].strip():
            return
        leaf = self.blank.leaf(checklist)
        known = [*(leaf.people if leaf else ()), *self.blank.handbook.roster]
        person = People(known).meant(typed[who])
        if person is None:
            near = choices(typed[who], [one.id for one in known])
            self.problem("F006", row, who, text=typed[who][:_LENGTH], choices=near)
            return
        self.signed[row.sheet, row.number] = (checklist, role, person.id)
        at = when(typed[when_], self.zone) if typed[when_].strip() else None
        if at is None and typed[when_].strip():
            self.problem("F025", row, when_, text=typed[when_][:_LENGTH])
            return
        told = {"role": role, "person": person.id, "at": at.isoformat() if at else None}
        self._signatures.setdefault(checklist, []).append(Signature.model_validate(told))

    # --- the record of the sample --------------------------------------------------------------

    def _case(self, row: Row, leaf: Leaf) -> None:
        asked = {
            name: found
            for name in row.at
            if (found := item_of(name)) is not None and found[0] in leaf.by_id
        }
        if row.text("case").strip() in self._headings():
            return
        typed = self._typed(row, ["case", "person", "note", *asked])
        if typed is None:
            return
        ticks: dict[str, dict[str, str]] = {}
        for name, (item, part) in asked.items():
            text = narrow(typed[name]).strip()
            if text and not habits().blank(text):
                ticks.setdefault(item, {})[part] = text
        line = CaseRow(row, typed["case"].strip(), typed["person"], typed["note"].strip(), ticks)
        if ticks:
            self._lines.setdefault(leaf.id, []).append(line)
        elif line.note and not habits().blank(line.note):
            self.problem("F024", row, "note", text=line.note[:_LENGTH])
        self.cases[row.sheet, row.number] = (leaf, line)

    def _headings(self) -> set[str]:
        return {*catalogue("workbook_sheet")["sheet"]["case"].values()}

    def _cases_of(self, leaf: Leaf, ask: Ask) -> Iterator[tuple[Row, WrittenCase]]:
        """Give the lines about an item; one that says the same again is left out."""
        seen: dict[str, WrittenCase] = {}
        for line in self._lines.get(leaf.id, ()):
            texts = line.ticks.get(ask.item.id)
            if not texts:
                continue
            parts = {part: text for part, text in texts.items() if part}
            note = owners(line.note, line.failing).get(ask.item.id, "")
            case = WrittenCase(line.case, texts.get("", ""), parts, line.person, note)
            name = key(line.case)
            if name and seen.setdefault(name, case) is not case:
                if same(seen[name], case):
                    continue
                told = {"item": ask.item.id, "case": line.case}
                column = next(item_column(ask.item.id, part) for part in texts)
                self.problem("F023", line.row, column, **told)
            yield line.row, case

    # --- answers -------------------------------------------------------------------------------

    def _record(self, leaf: Leaf) -> Record | None:
        answering = Answering(self.blank, leaf, self.zone)
        answers = [answer for ask in leaf.asks for answer in self._answers(leaf, ask, answering)]
        signatures = tuple(self._signatures.get(leaf.id, ()))
        if self.blank.audit is None or not (answers or signatures):
            return None
        scheme = Used(id=leaf.scheme.id, edition=leaf.scheme.edition, digest=leaf.scheme_digest)
        used = ChecklistUsed(
            id=leaf.id, edition=leaf.checklist.edition, digest=leaf.digest, scheme=scheme
        )
        return Record(
            schema="sopaudit.answers/1",
            audit=self.blank.audit.id,
            checklist=used,
            channel="excel",
            answers=tuple(answers),
            signatures=signatures,
        )

    def _answers(self, leaf: Leaf, ask: Ask, answering: Answering) -> Iterator[RecordedAnswer]:
        """Read the rows of an item; several are about several persons."""
        rows = self._rows.get((leaf.id, ask.item.id), [])
        before = len(self.problems)
        lines = [*self._cases_of(leaf, ask)]
        if len(self.problems) > before:
            return
        if lines and not rows:
            # Somebody deleted the row of the item; what was ticked of it says enough.
            rows = [Row(lines[0][0].sheet, lines[0][0].number, (), {})]
        # By their order: rows of two sheets, one a copy of the other, have the same numbers.
        texts = [self._typed(row, INPUTS) for row in rows]
        if any(typed is None for typed in texts):
            return
        shares = shared(lines, [(typed or {}).get("person", "") for typed in texts])
        given: dict[str | None, RecordedAnswer] = {}
        for n, row in enumerate(rows):
            answer = self._answer(ask, row, texts[n] or {}, shares[n], answering)
            if answer is None:
                continue
            if given.setdefault(answer.person, answer) is not answer:
                if given[answer.person] != answer:
                    self.problem("F026", row, "person", item=ask.item.id)
                continue
            self.places.setdefault((leaf.id, ask.item.id), self.place(row, "result"))
            if answer.confirmed is not None:
                at = (leaf.id, ask.item.id, answer.confirmed.by)
                self.seconds.setdefault(at, self.place(row, "confirmed"))
            yield answer

    def _answer(
        self,
        ask: Ask,
        row: Row,
        typed: Mapping[str, str],
        lines: Sequence[tuple[Row, WrittenCase]],
        answering: Answering,
    ) -> RecordedAnswer | None:
        written = Written(
            **{name: typed.get(name, "") for name in INPUTS if name not in ("note", "evidence")},
            note=self._note(ask, typed),
            cases=[case for _, case in lines],
        )
        answer, slips = answering.answer(ask, written)
        for slip in slips:
            if slip.case is None:
                self.problem(slip.code, row, slip.cell, **slip.values)
            else:
                self.problem(
                    slip.code, lines[slip.case][0], column_of(ask, slip.cell), **slip.values
                )
        return answer

    def _note(self, ask: Ask, typed: Mapping[str, str]) -> str:
        """Give the remark; numbers of evidence are part of it, names of our own photos are not."""
        note = typed.get("note", "")
        ours = re.compile(rf"{re.escape(key(ask.item.id))}_\d+(?:\.\w+)?")
        said = typed.get("evidence", "").strip()
        named = [one for one in _BETWEEN.split(said) if one and not ours.fullmatch(key(one))]
        if not named or habits().blank(said):
            return note
        title = catalogue("sheets")["column"]["evidence"].get(str(self.facts["lang"]), "")
        return "\n".join(filter(None, (note.rstrip(), f"{title} {'、'.join(named)}".strip())))
