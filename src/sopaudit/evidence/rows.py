"""From chunks of a table to coded answers: per row the item it is about and what it says.

What texts mean is worked out once for each distinct combination of them and becomes a small array;
taking from it by code reads all rows at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.judging import answer_set
from sopaudit.evidence.answers import Given, Ints, Mistake, Why, label_cell, read_answer
from sopaudit.evidence.column import Coded, Places, constant
from sopaudit.evidence.habits import LOST, Known, Taken
from sopaudit.evidence.labelling import label_values
from sopaudit.evidence.plan import Plan
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.source import Chunk, Table, at
from sopaudit.evidence.unreadable import Spot

if TYPE_CHECKING:
    from sopaudit.criteria.answer import Answer

NO_ITEM: Final = -1
"""The item of a row that is about none."""

NOTHING: Final = -1
"""The kind of a row that says nothing of its item."""

UNREADABLE: Final = -2
"""The kind of a row that has been noted."""

_CELLS: Final = ("result", "value", "failed", "checked")

CODES: Final[Mapping[Why, str]] = {
    "unknown item": "T013",
    "only a remark": "T015",
    "item missing": "T016",
    "unknown word": "T101",
    "word not allowed": "T102",
    "na not allowed": "T103",
    "no number": "T104",
    "number not allowed": "T105",
    "occurrences missing": "T106",
    "not whole": "T107",
    "cases missing": "T108",
    "more failed than checked": "T109",
    "contradiction": "T110",
    "left out and counted": "T110",
    "above the points": "T105",
    "no word": "T111",
    "unknown value": "T120",
    "no such label": "T121",
}
"""What a mistaken answer is called in a table."""

Numbers = npt.NDArray[np.integer]
"""Rows, as they are numbered in their source."""

TABLE_LIMIT: Final = 1 << 20
"""Combinations of codes up to here are looked up in an array; beyond it they are hashed."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Answers while they are read, one element each, in the order of the source."""

    source: Places
    """The row of the chunk each stands in."""

    item: Ints
    """Place among the items of all checklists, or `NO_ITEM`."""

    kind: Ints
    """Place among the kinds, `NOTHING` or `UNREADABLE`."""


@dataclass
class _Readings:
    """What each code of a column (or of combined columns) turned out to mean."""

    kinds: dict[int, int] = field(default_factory=dict)
    items: dict[int, int] = field(default_factory=dict)
    mistakes: dict[Mistake, list[int]] = field(default_factory=dict)

    taken: dict[int, Taken] = field(default_factory=dict)
    """Results that were read by habit."""

    def wrong(self, code: int, mistake: Mistake) -> None:
        self.kinds[code] = UNREADABLE
        self.mistakes.setdefault(mistake, []).append(code)


class RowReader:
    """Reads the rows of the table of answers."""

    def __init__(self, plan: Plan, table: Table, handbook: Handbook, notes: Notes) -> None:
        self.plan = plan
        self.table = table
        self.notes = notes
        self.unreadable = notes.unreadable
        self.items = [
            (item, answer_set(handbook.schemes[checklist.scheme], item))
            for checklist in plan.checklists
            for item in checklist.items
        ]
        sets = [answers for _, answers in self.items]
        self._mixed = len({isinstance(answers, Mapping) for answers in sets}) > 1
        """Some items take words and some numbers, so that 1 and 0 do not mean the same in all."""

        self.places = {item.id: n for n, (item, _) in enumerate(self.items)}
        self.kinds: dict[Answer, int] = {}
        self._ids = {
            "item": Known(self.places),
            "person": Known(person.id for person in handbook.roster),
        }
        self._labels = {label_cell(label): label for label in plan.labels}
        """By cell, the labels that are told of answers."""

        values = label_values(plan.checklists)
        self._ids |= {cell: Known(values[label]) for cell, label in self._labels.items()}
        self._homes = [checklist for checklist in plan.checklists for _ in checklist.items]
        """By item, its checklist."""

        self._known: dict[tuple[str, ...], tuple[int, int, Taken | None]] = {}
        """Item, kind and habit of texts read before: chunk after chunk says the same."""

        self._chunk: Chunk | None = None
        self._texts: dict[str, dict[int, str]] = {}
        """What is said beside the answers in this chunk: read once, and noted once."""

    def wide(self, chunk: Chunk, keep: Places) -> Rows:
        """Read the rows `keep` of a table that has a column for each item."""
        wide = self.plan.wide
        rows = chunk.rows[keep]
        kinds = np.empty((len(keep), len(wide)), np.int32)
        beside = {cell: self.column(cell, chunk).rows(keep) for cell in self._labels}
        labels = [self._said(c, cells, self.spot(c), rows) for c, cells in beside.items()]
        doubtful: dict[Mistake, list[Places]] = {}
        """Of labels: one cell speaks for all items of its row, and is told once."""

        for n, (name, item) in enumerate(wide.items()):
            cells, spot = chunk.columns[name].rows(keep), at(self.table, name)
            texts = self._said("result", cells, spot, rows)
            same, spoken = _spoken([cells, *beside.values()], [texts, *labels])
            read = _Readings()
            for code, (text, *told) in spoken.items():
                given = Given(text, labels=self._told(dict(zip(beside, told, strict=True))))
                self._answer(read, code, self.places[item], given)
            kinds[:, n] = same.table(read.kinds, NOTHING)[same.codes]
            self._note_all_taken(read, same, cells, spot, rows)
            for mistake, codes in read.mistakes.items():
                where = same.where(codes)
                if mistake.cell in beside:
                    doubtful.setdefault(mistake, []).append(where)
                else:
                    self._note(mistake, spot, rows[where], cells.rows(where))
        for mistake, found in doubtful.items():
            where = np.unique(np.concatenate(found))
            cell = mistake.cell
            self._note(mistake, self.spot(cell), rows[where], beside[cell].rows(where))
        items = np.array([self.places[item] for item in wide.values()], np.int32)
        return Rows(np.repeat(keep, len(wide)), np.tile(items, len(keep)), kinds.ravel())

    def long(self, chunk: Chunk) -> Rows:
        """Read a table that has a row for each answer."""
        wanted = ("item", *_CELLS, *self._labels)
        columns = {key: self.column(key, chunk) for key in wanted if key in self.plan.parts}
        said = [
            self._said(key, cells, self.spot(key), chunk.rows) for key, cells in columns.items()
        ]
        same, spoken = _spoken([*columns.values()], said)
        read = _Readings()
        for code, texts in spoken.items():
            known = self._known.get(texts)
            if known is not None:
                read.items[code], read.kinds[code], taken = known
                read.taken |= {code: taken} if taken else {}
                continue
            self._row(read, code, dict(zip(columns, texts, strict=True)))
            if read.kinds.get(code, UNREADABLE) >= 0:
                self._known[texts] = read.items[code], read.kinds[code], read.taken.get(code)
        if self._free("result"):
            cells, spot = self.column("result", chunk), self.spot("result")
            self._note_all_taken(read, same, cells, spot, chunk.rows)
        for mistake, codes in read.mistakes.items():
            key = mistake.cell if self._free(mistake.cell) else "item"
            where = same.where(codes)
            self._note(mistake, self.spot(key), chunk.rows[where], columns[key].rows(where))
        items = same.table(read.items, NO_ITEM)[same.codes]
        kinds = same.table(read.kinds, NOTHING)[same.codes]
        remarks, notes = self.texts("note", chunk)
        alone = remarks.where(notes)
        alone = alone[kinds[alone] == NOTHING]
        lone = Mistake("only a remark", "result")
        self._note(lone, self.spot("note"), chunk.rows[alone], remarks.rows(alone))
        return Rows(np.arange(len(chunk.rows)), items, kinds)

    def _note_all_taken(
        self, read: _Readings, same: Coded, cells: Coded, spot: Spot, rows: Numbers
    ) -> None:
        """Note results that were read by habit; `read` has them by combinations of columns."""
        if same is cells:
            self.notes.taken(cells, spot, rows, read.taken)
            return
        for taken in dict.fromkeys(read.taken.values()):
            where = same.where([code for code, t in read.taken.items() if t == taken])
            here = cells.rows(where)
            self.notes.taken(here, spot, rows[where], dict.fromkeys(here.distinct(), taken))

    def _told(self, texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Give the labels a row tells of its answer, by name."""
        told = ((label, texts[cell]) for cell, label in self._labels.items() if texts[cell])
        return tuple(sorted(told))

    def _said(self, key: str, cells: Coded, spot: Spot, rows: Numbers) -> dict[int, str]:
        """Give what each code of a part says: `LOST` where it cannot be read, and noted."""
        texts = {code: self.plan.said(text) for code, text in cells.distinct().items()}
        if key in self._labels:
            texts = {code: self.plan.value(text) for code, text in texts.items()}
        taken = self._taken(key, texts)
        if not self._free(key) and (key in self._labels or not self.plan.wide):
            return texts | {code: each.text for code, each in taken.items()}
        return texts | self.notes.taken(cells, spot, rows, taken)

    def _taken(self, key: str, texts: Mapping[int, str]) -> dict[int, Taken]:
        """Take the texts of a part as it is written; those taken literally are left out."""
        habits, floats = self.notes.habits, self.table.floats
        if key not in {"result", "note"}:
            return habits.ids(texts, self._ids.get(key), floats=floats)
        declared = self.plan.words.declared
        spoken = {c: t for c, t in texts.items() if key == "note" or not declared(t)}
        odd = set(habits.odd(spoken.values(), floats=floats))
        return {c: habits.prose(t, floats=floats) for c, t in spoken.items() if t in odd}

    def column(self, key: str, chunk: Chunk) -> Coded:
        """Give the column of a part of the answer, such as `note`."""
        part = self.plan.parts[key]
        if part.name is None:
            return constant(part.always, len(chunk.rows))
        return chunk.columns[part.name]

    def texts(self, key: str, chunk: Chunk) -> tuple[Coded, dict[int, str]]:
        """Give a part such as `note`, and its texts by code without those that say nothing."""
        if key not in self.plan.parts:
            return constant("", len(chunk.rows)), {}
        if self._chunk is not chunk:
            self._chunk = chunk
            self._texts.clear()
        cells = self.column(key, chunk)
        if key not in self._texts:
            said = self._said(key, cells, self.spot(key), chunk.rows)
            self._texts[key] = {code: text for code, text in said.items() if text not in {"", LOST}}
            if key == "person":
                self._note_strangers(cells, chunk)
        return cells, self._texts[key]

    def _note_strangers(self, cells: Coded, chunk: Chunk) -> None:
        """Note persons who are not on the roster, where the handbook has one."""
        known = self._ids["person"].ids
        strange = [code for code, text in self._texts["person"].items() if text not in known]
        where = cells.where(strange if known else ())
        told = cells.rows(where).spelled()
        self.unreadable.add("T035", self.spot("person"), chunk.rows[where], told, tuple(known))

    def spot(self, key: str) -> Spot:
        """Point at the column of a part; where it has none, at the table."""
        part = self.plan.parts.get(key)
        if part is None or part.name is None:
            return self.table.spot
        return at(self.table, part.name)

    def _row(self, read: _Readings, code: int, texts: Mapping[str, str]) -> None:
        name = texts["item"]
        place = self.places.get(name)
        if LOST in texts.values():
            read.kinds[code] = UNREADABLE
            if place is not None:
                read.items[code] = place
        elif place is not None:
            read.items[code] = place
            result, value, failed, checked = (texts.get(key, "") for key in _CELLS)
            given = Given(result, value, failed, checked, self._told(texts))
            self._answer(read, code, place, given)
        elif name:
            read.wrong(code, Mistake("unknown item", "item", near=tuple(self.places)))
        elif any(texts[key] for key in _CELLS if self._free(key)):
            read.wrong(code, Mistake("item missing", "item"))

    def _answer(self, read: _Readings, code: int, place: int, given: Given) -> None:
        if given.result == LOST:
            read.kinds[code] = UNREADABLE
            return
        item, answers = self.items[place]
        taken = self.plan.words.taken(given.result, answers)
        if taken is None:  # a full-width number, perhaps
            taken = self.notes.habits.name(given.result, floats=self.table.floats)
            if self._mixed and taken.text.removesuffix(".0") in self.notes.habits.digits:
                taken = replace(taken, habit=taken.habit or "number")
            given = replace(given, result=taken.text)
        found = read_answer(given, item, answers, self.plan.words)
        if found is not None and not isinstance(found, Mistake):
            found = self._mislabelled(place, given) or found
        if isinstance(found, Mistake):
            read.wrong(code, found)
        elif found is not None:
            read.kinds[code] = self.kinds.setdefault(found, len(self.kinds))
            if taken.habit:
                read.taken[code] = taken

    def _mislabelled(self, place: int, given: Given) -> Mistake | None:
        """Say which label the item's checklist does not know, or not with this value."""
        home = self._homes[place]
        for label, value in given.labels:
            values = home.labels.get(label)
            if values is None:
                told = {"label": label, "checklist": home.id}
                return Mistake("no such label", label_cell(label), told)
            if value not in values:
                return Mistake("unknown value", label_cell(label), {"label": label}, values)
        return None

    def _free(self, key: str) -> bool:
        """Say whether rows differ in this part, because it has a column."""
        part = self.plan.parts.get(key)
        return part is not None and part.name is not None

    def _note(self, mistake: Mistake, spot: Spot, rows: Numbers, cells: Coded) -> None:
        code, texts = CODES[mistake.why], cells.spelled()
        self.unreadable.add(code, spot, rows, texts, mistake.near, **mistake.values)


def _spoken(
    columns: Sequence[Coded], said: Sequence[Mapping[int, str]]
) -> tuple[Coded, dict[int, tuple[str, ...]]]:
    """Code the combinations of columns that occur in rows, and give what each of them says."""
    if len(columns) == 1:
        return columns[0], {code: (text,) for code, text in said[0].items()}
    same, examples = _combined(columns)
    used = [cells.codes[examples].tolist() for cells in columns]
    spoken = (map(texts.__getitem__, codes) for texts, codes in zip(said, used, strict=True))
    codes = same.codes[examples].tolist()
    return same, dict(zip(codes, zip(*spoken, strict=True), strict=True))


def _combined(columns: Sequence[Coded]) -> tuple[Coded, Places]:
    """Code the combinations that occur in rows; the second value has an example row of each."""
    codes, size = np.zeros(len(columns[0].codes), np.int64), 1
    for column in columns:
        codes, size = codes * column.size + column.codes, size * column.size
        if size > TABLE_LIMIT:
            codes, distinct = pd.factorize(codes)
            size = len(distinct)
    same = Coded(codes.astype(np.int32), size, lambda used: [""] * len(used))
    first = same.first()
    return same, first[first < len(codes)]
