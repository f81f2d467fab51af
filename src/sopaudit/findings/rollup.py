"""Items become sections, sections a total: the sums of many audits at once.

Sums are exact (`grid`). What follows is written once over arrays, which hold floating point numbers
for a table and fractions where exactness is asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sopaudit.criteria.scheme import Limit
from sopaudit.findings.grid import Field, Grid, Ints, Sums, add_up
from sopaudit.findings.marking import ONE, ZERO, Group, Mark, Marking

Numbers = NDArray[Any]
"""Floating point numbers or fractions, one an audit."""

Flags = NDArray[np.bool_]
Rows = Ints | slice | list[int]


@dataclass(frozen=True)
class Rolled:
    """A group's value over many audits."""

    value: Numbers
    out_of: Numbers
    """What the value could be at most: 1 for shares, points for sums; 0 where there is no most."""

    present: Flags
    """Where anything counted."""

    @property
    def ratio(self) -> Numbers:
        """Value over its maximum where there is one; a value without a maximum as it is."""
        share = self.value.copy()
        np.divide(self.value, self.out_of, out=share, where=np.asarray(self.out_of > 0, bool))
        return share


class RollUp:
    """Audits whose items carry the same points, added up; each stage is worked out once."""

    def __init__(self, marking: Marking, grid: Grid, rows: Rows = slice(None)) -> None:
        self.marking = marking
        self.scheme = marking.scheme
        self.kinds = grid.kinds
        self.cells: Ints = grid.cells[rows]
        self._groups = [group for group in marking.root.all() if group.items]

    def __len__(self) -> int:
        return len(self.cells)

    @cached_property
    def marks(self) -> list[dict[int, Mark]]:
        """By item: the mark of every code that occurs for it."""
        return [
            {code: self.marking.mark(n, self.kinds[code]) for code in _present(column)}
            for n, column in enumerate(self.cells.T)
        ]

    @cached_property
    def sums(self) -> dict[str, Sums]:
        """Everything that is added up over the items of an audit."""
        fields: dict[str, Field] = {}
        for group in self._groups:
            inside = [(n, code) for n in group.items for code in self.marks[n]]
            adds = {cell: self._adds(group, *cell) for cell in inside}
            fields[f"earned {group.id}"] = {cell: pair[0] for cell, pair in adds.items()}
            fields[f"possible {group.id}"] = {cell: pair[1] for cell, pair in adds.items()}
            fields[f"counted {group.id}"] = self._number("counted", inside)
        everything = [(n, code) for n, marks in enumerate(self.marks) for code in marks]
        for outcome in ("unanswered", "unchecked", "blocked"):
            fields[outcome] = self._number(outcome, everything)
        for n, limit in enumerate(self.scheme.limits):
            fields[f"limit {n}"] = self._hits(limit, everything, confirmed=limit.confirm)
            if limit.confirm:
                fields[f"would {n}"] = self._hits(limit, everything, confirmed=False)
        return add_up(self.cells, fields)

    def _number(self, outcome: str, cells: Iterable[tuple[int, int]]) -> Field:
        def falls(mark: Mark) -> bool:
            return mark.outcome == outcome or (mark.missed and outcome == "unchecked")

        return {(n, code): ONE for n, code in cells if falls(self.marks[n][code])}

    def _adds(self, group: Group, n: int, code: int) -> tuple[Fraction, Fraction]:
        """Give what an item adds above and below the line of its group."""
        mark = self.marks[n][code]
        if group.roll_up != "mean" or not mark.counted:
            return mark.earned, mark.possible
        share, weight = self.marking.share(n, mark), self.marking.items[n].weight
        return (ZERO, ZERO) if share is None else (weight * share, weight)

    def _hits(self, limit: Limit, cells: Iterable[tuple[int, int]], *, confirmed: bool) -> Field:
        return {cell: ONE for cell in cells if self.hits(limit, *cell, confirmed=confirmed)}

    def hits(self, limit: Limit, n: int, code: int, *, confirmed: bool) -> bool:
        """Say whether item `n`, answered `code`, meets `limit`, if need be by what is confirmed."""
        answers = self.kinds[code]
        if confirmed:
            answers = tuple(answer for answer in answers if answer.confirmed)
            if not answers:
                return False
        return self.marking.meets(limit, n, answers, self.marks[n][code])

    def added(self, group: Group, *, exact: bool, rows: Rows = slice(None)) -> Rolled:
        """Add up items and sections of `group` for the audits in `rows`, before any division."""
        zero: Any = ZERO if exact else 0.0
        one: Any = ONE if exact else 1.0
        size = len(self.cells[rows])
        value = out_of = np.full(size, zero)
        present = np.zeros(size, bool)
        if group.items:
            value = self._column(f"earned {group.id}", rows, exact=exact)
            out_of = self._column(f"possible {group.id}", rows, exact=exact)
            present = self.sums[f"counted {group.id}"].numerators[rows] > 0
        for child in group.children:
            inner = self.rolled(child, exact=exact, rows=rows)
            weight: Any = child.weight if exact else float(child.weight)
            full: Any = child.full if exact else float(child.full)
            more, most = inner.value, inner.out_of
            if group.roll_up == "mean":
                more, most, full = inner.ratio, np.full(size, one), one
            present = present | inner.present
            filled = {"drop": zero, "zero": zero, "full": full}[child.empty]
            more = np.where(inner.present, more, filled)
            most = np.where(inner.present, most, zero if child.empty == "drop" else full)
            value, out_of = value + more * weight, out_of + most * weight
        return Rolled(value, out_of, present)

    def rolled(self, group: Group, *, exact: bool, rows: Rows = slice(None)) -> Rolled:
        """Work out the value of `group` for the audits in `rows`: points, or a share of one."""
        added = self.added(group, exact=exact, rows=rows)
        zero: Any = ZERO if exact else 0.0
        if group.roll_up == "sum":
            return replace(added, value=np.where(added.present, added.value, zero))
        present = added.present & np.asarray(added.out_of > 0, bool)
        one: Any = ONE if exact else 1.0
        share = np.where(present, added.ratio, zero)
        return Rolled(share, np.full(len(share), one), present)

    def totals(self, *, exact: bool, rows: Rows = slice(None)) -> Rolled:
        """Work out score and maximum for the audits in `rows`, before rounding."""
        root = self.rolled(self.marking.root, exact=exact, rows=rows)
        if self.scheme.roll_up == "sum":
            return root
        scale: Any = self.scale if exact else float(self.scale)
        return Rolled(root.value * scale, root.out_of * scale, root.present)

    @property
    def scale(self) -> Fraction:
        """What a share of one is worth as a score."""
        return self.scheme.best

    def distinct(self, rows: Ints) -> tuple[Ints, Ints]:
        """Find audits that add up alike: one row of each kind, and the kind of each of `rows`.

        Many audits share few sums, so that fractions need be worked out for few of them.
        """
        sums = ("earned", "possible", "counted")
        names = ["blocked", *(f"{what} {g.id}" for g in self._groups for what in sums)]
        table = pd.DataFrame({name: self.sums[name].numerators[rows] for name in names})
        kind = table.groupby(names, sort=False).ngroup().to_numpy()
        return rows[~table.duplicated().to_numpy()], kind

    @cached_property
    def cancels(self) -> bool:
        """Whether numbers of both signs meet in sections, so that floats may promise nothing."""
        marks = (mark for marks in self.marks for mark in marks.values())
        return bool(self.marking.root.children) and any(mark.earned < 0 for mark in marks)

    def coverage(self) -> tuple[Ints, int]:
        """Count the items that count, of those that can."""
        nothing = np.zeros(len(self), np.int64)
        counted = sum((self.sums[f"counted {g.id}"].numerators for g in self._groups), nothing)
        return counted, len(self.marking.countable)

    def _column(self, name: str, rows: Rows, *, exact: bool) -> Numbers:
        column = self.sums[name]
        part = Sums(column.numerators[rows], column.denominator)
        return part.fractions() if exact else part.floats()


def _present(column: Ints) -> list[int]:
    seen = np.zeros(int(column.max(initial=0)) + 1, bool)
    seen[column] = True
    return [int(code) for code in np.flatnonzero(seen)]
