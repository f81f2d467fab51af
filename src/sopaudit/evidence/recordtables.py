"""Rows of reference tables that were handed in with the records: editions of a price list.

The handbook goes first: a row that says something else of what it has a row of is told and left
out, and so is one whose cells are no number, day or code where the table has these.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sopaudit.criteria.field import Text
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.table import Column, Table
from sopaudit.evidence.habits import key
from sopaudit.evidence.lines import Lines, exact
from sopaudit.problems import Place, Problem, choices

Row = dict[str, Text]

_HEADER: Final = 1
_WRONG: Final = {"number": "L044", "day": "L047", "code": "L048"}


def extended(table: Table, lines: Lines, handbook: Handbook) -> tuple[Table, list[Problem]]:
    """Give a table with the rows of a file added, and what is wrong with these."""
    lacking = [c.id for c in table.columns if c.required and not lines.has(c.id)]
    lacking += [name for name in table.key if not lines.has(name) and name not in lacking]
    if lacking:
        told = {"table": table.id, "columns": ", ".join(lacking)}
        return table, [Problem(Place(lines.file, _HEADER), "L045", told)]
    adding = _Adding(table, lines, handbook)
    rows = list(adding.rows())
    return table.model_copy(update={"rows": (*table.rows, *rows)}), adding.problems


@dataclass
class _Adding:
    """Goes through the lines of a file."""

    table: Table
    lines: Lines
    handbook: Handbook
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Give the rows that are new."""
        said = {c.id: self.lines.texts(c.id) for c in self.table.columns if self.lines.has(c.id)}
        blank = {name: self.lines.blank(name).tolist() for name in said}
        known = {self._key(row): row for row in self.table.rows}
        for n in range(len(self.lines)):
            texts = {name: said[name][n] for name in said if not blank[name][n]}
            if not texts or (row := self._row(n, texts)) is None:
                continue
            before = known.setdefault(self._key(row), row)
            if before is row:
                yield row
            else:
                self._tell(n, row, before)

    def _key(self, row: Mapping[str, Text]) -> tuple[str, ...]:
        """Give what names a row; without a key in the table, all of it."""
        names: Sequence[str] = self.table.key or [column.id for column in self.table.columns]
        return tuple(key(row[name].plain) if name in row else "" for name in names)

    def _row(self, n: int, texts: Mapping[str, str]) -> Row | None:
        row: Row = {}
        wrong = False
        for column in self.table.columns:
            text = texts.get(column.id, "")
            if not text and column.required:
                told = {"column": column.id, "table": self.table.id}
                self.problems.append(Problem(self._place(n), "L046", told))
                wrong = True
            elif text and (value := self._value(column, text, n)) is None:
                near = choices(text, self._codes(column))
                told = {"text": text, "column": column.id, "table": self.table.id, "choices": near}
                self.problems.append(Problem(self._place(n), _WRONG.get(column.kind, "L048"), told))
                wrong = True
            elif text and value is not None:
                row[column.id] = Text((("", value),))
        return None if wrong else row

    def _value(self, column: Column, text: str, n: int) -> str | None:
        """Write a cell as the table has it; None where it is not of the sort of the column."""
        if column.kind == "number":
            number = exact(text)
            return None if number is None else f"{number:f}"
        if column.kind == "day":
            at = self.lines.times(column.id)[n]
            return None if np.isnat(at) else str(at.astype("datetime64[D]"))
        if column.codes is not None and text not in self._codes(column):
            return None
        return text

    def _codes(self, column: Column) -> list[str]:
        known = self.handbook.codes.get(column.codes or "")
        return [code.id for code in known.codes] if known is not None else []

    def _place(self, n: int) -> Place:
        return Place(self.lines.file, int(self.lines.row[n]))

    def _tell(self, n: int, row: Row, before: Row) -> None:
        """Tell where a row says something else than the one that counts; names may differ."""
        named = ", ".join(row[name].plain for name in self.table.key if name in row)
        for column in self.table.columns:
            name = column.id
            told = row.get(name)
            if column.kind == "text" or told is None or _same(told, before.get(name)):
                continue
            right = before[name].plain if name in before else "–"
            about = {"row": named, "column": name, "table": self.table.id}
            about |= {"text": told.plain, "right": right}
            self.problems.append(Problem(self._place(n), "L043", about))


def _same(one: Text, other: Text | None) -> bool:
    """Say whether two cells say the same, as a number or in one of the languages."""
    if other is None:
        return False
    words = {text for _, text in other.wordings}
    number = exact(one.plain)
    return one.plain in words or (number is not None and number == exact(other.plain))
