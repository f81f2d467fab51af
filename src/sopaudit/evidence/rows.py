"""From chunks of a table to coded answers: per row the item it is about and what it says.

What texts mean is worked out once for each distinct combination of them and becomes a small array;
taking from it by code reads all rows at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import Given, Ints, Mistake, Why, answer_set, read_answer
from sopaudit.evidence.mapping import Plan
from sopaudit.evidence.source import Chunk, Coded, Places, Table, at, constant
from sopaudit.evidence.unreadable import Spot, Unreadable

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
}
"""What a mistaken answer is called in a table."""

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

    def wrong(self, code: int, mistake: Mistake) -> None:
        self.kinds[code] = UNREADABLE
        self.mistakes.setdefault(mistake, []).append(code)


class RowReader:
    """Reads the rows of the table of answers."""

    def __init__(
        self, plan: Plan, table: Table, handbook: Handbook, unreadable: Unreadable
    ) -> None:
        self.plan = plan
        self.table = table
        self.unreadable = unreadable
        self.items = [
            (item, answer_set(handbook.schemes[checklist.scheme], item))
            for checklist in plan.checklists
            for item in checklist.items
        ]
        self.places = {item.id: n for n, (item, _) in enumerate(self.items)}
        self.kinds: dict[Answer, int] = {}
        self._known: dict[tuple[str, ...], tuple[int, int]] = {}
        """Item and kind of texts that were read before: chunk after chunk says the same."""

    def wide(self, chunk: Chunk, keep: Places) -> Rows:
        """Read the rows `keep` of a table that has a column for each item."""
        wide = self.plan.wide
        kinds = np.empty((len(keep), len(wide)), np.int32)
        for n, (name, item) in enumerate(wide.items()):
            cells = chunk.columns[name].rows(keep)
            read = _Readings()
            for code, text in cells.distinct().items():
                self._answer(read, code, self.places[item], Given(self.plan.said(text)))
            kinds[:, n] = cells.table(read.kinds, NOTHING)[cells.codes]
            for mistake, codes in read.mistakes.items():
                where = cells.where(codes)
                spot = at(self.table, name)
                self._note(mistake, spot, chunk.rows[keep[where]], cells.rows(where))
        items = np.array([self.places[item] for item in wide.values()], np.int32)
        return Rows(np.repeat(keep, len(wide)), np.tile(items, len(keep)), kinds.ravel())

    def long(self, chunk: Chunk) -> Rows:
        """Read a table that has a row for each answer."""
        columns = {
            key: self.column(key, chunk) for key in ("item", *_CELLS) if key in self.plan.parts
        }
        same, examples = _combined([*columns.values()])
        read = _Readings()
        for code, texts in zip(
            same.codes[examples].tolist(), self._texts(columns.values(), examples), strict=True
        ):
            known = self._known.get(texts)
            if known is not None:
                read.items[code], read.kinds[code] = known
                continue
            self._row(read, code, dict(zip(columns, texts, strict=True)))
            if read.kinds.get(code, UNREADABLE) >= 0:
                self._known[texts] = read.items[code], read.kinds[code]
        for mistake, codes in read.mistakes.items():
            key = mistake.cell if self._free(mistake.cell) else "item"
            where = same.where(codes)
            self._note(mistake, self.spot(key), chunk.rows[where], columns[key].rows(where))
        items = same.table(read.items, NO_ITEM)[same.codes]
        kinds = same.table(read.kinds, NOTHING)[same.codes]
        remarks, said = self.texts("note", chunk)
        alone = remarks.where(said)
        alone = alone[kinds[alone] == NOTHING]
        lone = Mistake("only a remark", "result")
        self._note(lone, self.spot("note"), chunk.rows[alone], remarks.rows(alone))
        return Rows(np.arange(len(chunk.rows)), items, kinds)

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
        cells = self.column(key, chunk)
        spoken = {code: self.plan.said(text) for code, text in cells.distinct().items()}
        return cells, {code: text for code, text in spoken.items() if text}

    def spot(self, key: str) -> Spot:
        """Point at the column of a part; where it has none, at the table."""
        part = self.plan.parts.get(key)
        if part is None or part.name is None:
            return self.table.spot
        return at(self.table, part.name)

    def _texts(self, columns: Iterable[Coded], examples: Places) -> Iterable[tuple[str, ...]]:
        spoken = []
        for column in columns:
            here = column.rows(examples)
            texts = {code: self.plan.said(text) for code, text in here.distinct().items()}
            spoken.append([texts[code] for code in here.codes.tolist()])
        return zip(*spoken, strict=True)

    def _row(self, read: _Readings, code: int, texts: Mapping[str, str]) -> None:
        name = texts["item"]
        place = self.places.get(name)
        if place is not None:
            read.items[code] = place
            self._answer(read, code, place, Given(**{k: texts.get(k, "") for k in _CELLS}))
        elif name:
            read.wrong(code, Mistake("unknown item", "item", near=tuple(self.places)))
        elif any(texts[key] for key in _CELLS if self._free(key)):
            read.wrong(code, Mistake("item missing", "item"))

    def _answer(self, read: _Readings, code: int, place: int, given: Given) -> None:
        found = read_answer(given, *self.items[place], self.plan.words)
        if isinstance(found, Mistake):
            read.wrong(code, found)
        elif found is not None:
            read.kinds[code] = self.kinds.setdefault(found, len(self.kinds))

    def _free(self, key: str) -> bool:
        """Say whether rows differ in this part, because it has a column."""
        part = self.plan.parts.get(key)
        return part is not None and part.name is not None

    def _note(self, mistake: Mistake, spot: Spot, rows: Ints, cells: Coded) -> None:
        code, texts = CODES[mistake.why], cells.spelled()
        self.unreadable.add(code, spot, rows, texts, mistake.near, **mistake.values)


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
