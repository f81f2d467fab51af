"""Items become sections, sections a total: the sums of many audits at once.

Sums are exact (`grid`). What follows is written once over arrays, which hold floating point numbers
for a table and fractions where exactness is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sopaudit.criteria.label import carries
from sopaudit.criteria.scheme import SHARES, Adjust, Limit
from sopaudit.findings.grid import Field, Grid, Ints, Sums, add_up
from sopaudit.findings.grouping import ONE, ZERO, Group
from sopaudit.findings.marking import Mark, Marking
from sopaudit.findings.rounding import rounded

Numbers = NDArray[Any]
"""Floating point numbers or fractions, one an audit."""

Flags = NDArray[np.bool_]
Rows = Ints | slice | list[int]

_FEW: Final = 64
"""Rows that are sooner compared one by one than by a data frame."""


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
    def groups(self) -> dict[str, Sequence[Group]]:
        """By label: the groups limits and coverage ask for, the sections of the scheme included."""
        asked = [limit.any for limit in self.scheme.every_limit]
        asked += self.scheme.coverage.of if self.scheme.coverage else ()
        found: dict[str, Sequence[Group]] = {}
        for label in dict.fromkeys(asked):
            if label == "section" and self.scheme.sections:
                found[label] = [group for group in self.marking.root.all() if not group.whole]
            elif label not in ("item", "answer"):
                found[label] = self.marking.tree.of_label(label, self._values(label))
        return found

    def _values(self, label: str) -> list[str]:
        """List the values of a label that items or their answers carry here."""
        marking = self.marking
        own = {labels[label]: None for labels in marking.labels if label in labels}
        said = {
            marking.labels_of(n, answer)[label]: None
            for n, codes in enumerate(self.marks)
            for code in codes
            for answer in self.kinds[code]
            if label in dict(answer.labels)
        }
        return sorted({**own, **said})

    @cached_property
    def counts(self) -> list[Mapping[str, str]]:
        """The kinds of answers that grades and adjustments count, each once."""
        asked = [bound.count for band in self.scheme.grades for bound in band.when]
        asked += [adjust.count for adjust in self.scheme.adjust if adjust.each == "total"]
        return [count for n, count in enumerate(asked) if count not in asked[:n]]

    @cached_property
    def _cells(self) -> list[tuple[int, int]]:
        """Every item and code that occur together."""
        return [(n, code) for n, marks in enumerate(self.marks) for code in marks]

    @cached_property
    def sums(self) -> dict[str, Sums]:
        """Everything that is added up over the items of an audit."""
        fields: dict[str, Field] = {}
        for group in self.marking.root.all():
            fields |= self._fields(group, self._inside(group.items))
        for label, groups in self.groups.items():
            for group in groups:
                if group.label:
                    fields |= self._fields(group, self._cells)
            if self.scheme.coverage and label in self.scheme.coverage.of:
                fields |= {f"of {group.key}": self._looked_at(group) for group in groups}
        for outcome in ("unanswered", "unchecked", "blocked"):
            fields[outcome] = self._number(outcome, self._cells)
        for n, count in enumerate(self.counts):
            fields[f"count {n}"] = self._count(count, self._cells)
        return add_up(self.cells, {**fields, **self._limited()})

    def _limited(self) -> dict[str, Field]:
        """Say which items meet each limit, or make a group one it looks at."""
        fields: dict[str, Field] = {}
        for n, limit in enumerate(self.scheme.every_limit):
            if limit.any in self.groups:
                for group in self.groups[limit.any]:
                    if (able := self._able(limit, group)) is not None:
                        fields[f"picked {n} {group.key}"] = able
                continue
            fields[f"limit {n}"] = self._hits(limit, self._cells, confirmed=limit.confirm)
            if limit.confirm:
                fields[f"would {n}"] = self._hits(limit, self._cells, confirmed=False)
        return fields

    def _able(self, limit: Limit, group: Group) -> Field | None:
        """Say which items in a group carry the labels a limit asks for; None where it asks none.

        The group's own value is asked for beside them.
        """
        others = {name: word for name, word in limit.where.items() if name != limit.any}
        if not others:
            return None
        cells = self._cells if group.label else self._inside(group.inside)
        able = [cell for cell in cells if carries(self.marking.labels[cell[0]], others)]
        return {cell: ONE for cell in able if self.part(group, *cell) is not None}

    def _inside(self, items: Sequence[int]) -> list[tuple[int, int]]:
        return [(n, code) for n in items for code in self.marks[n]]

    def _fields(self, group: Group, cells: Sequence[tuple[int, int]]) -> dict[str, Field]:
        """Say what is added up for one group; `cells` are those of the items directly in it."""
        fields: dict[str, Field] = {}
        marks = {cell: mark for cell in cells if (mark := self.part(group, *cell)) is not None}
        if group.items:
            adds = {cell: self._adds(group, cell[0], mark) for cell, mark in marks.items()}
            fields[f"earned {group.key}"] = {cell: pair[0] for cell, pair in adds.items()}
            fields[f"possible {group.key}"] = {cell: pair[1] for cell, pair in adds.items()}
            fields[f"counted {group.key}"] = {c: ONE for c, m in marks.items() if m.counted}
        if group.roll_up == "all":
            if not group.label:
                marks = {cell: self.marks[cell[0]][cell[1]] for cell in self._inside(group.inside)}
            fields[f"short {group.key}"] = {c: ONE for c, m in marks.items() if m.short}
        for n, adjust in enumerate(self.charges(group)):
            fields[f"charge {n} {group.key}"] = self._count(
                adjust.count, self._inside(group.inside)
            )
        return fields

    def part(self, group: Group, n: int, code: int) -> Mark | None:
        """Judge what item `n`, answered `code`, has in a group it may belong to; None for none."""
        if group.label:
            return self.marking.part(group, n, self.kinds[code])
        return self.marks[n][code]

    def charges(self, group: Group) -> list[Adjust]:
        """List what is added to the value of a section for answers inside it."""
        if group.whole or group.label:
            return []
        return [adjust for adjust in self.scheme.adjust if adjust.each == "section"]

    def _count(self, count: Mapping[str, str], cells: Iterable[tuple[int, int]]) -> Field:
        counted = {(n, c): self.marking.counted(count, n, self.kinds[c]) for n, c in cells}
        return {cell: number for cell, number in counted.items() if number}

    def _looked_at(self, group: Group) -> Field:
        """Find the items that carry points and have a part in a group."""
        items = self.marking.countable
        cells = self._cells if group.label else self._inside(group.inside)
        return {c: ONE for c in cells if c[0] in items and self.part(group, *c) is not None}

    def _number(self, outcome: str, cells: Iterable[tuple[int, int]]) -> Field:
        def falls(mark: Mark) -> bool:
            return mark.outcome == outcome or (mark.missed and outcome == "unchecked")

        return {(n, code): ONE for n, code in cells if falls(self.marks[n][code])}

    def _adds(self, group: Group, n: int, mark: Mark) -> tuple[Fraction, Fraction]:
        """Give what an item adds above and below the line of its group."""
        if not mark.counted or group.roll_up in ("sum", "percent", "all"):
            return mark.earned, mark.possible
        share = self.marking.share(n, mark)
        if group.roll_up == "count":
            return (ZERO, ZERO) if mark.possible == 0 and share is None else (share or ZERO, ONE)
        weight = self.marking.items[n].weight
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
            value = self._column(f"earned {group.key}", rows, exact=exact)
            out_of = self._column(f"possible {group.key}", rows, exact=exact)
            present = self.sums[f"counted {group.key}"].numerators[rows] > 0
        for child in group.children:
            inner = self.rolled(child, exact=exact, rows=rows)
            weight: Any = child.weight if exact else float(child.weight)
            full: Any = child.full if exact else float(child.full)
            more, most = inner.value, inner.out_of
            if group.roll_up == "count":
                weight = one
            if group.roll_up == "mean" or (group.roll_up == "count" and child.roll_up != "count"):
                more, most, full = inner.ratio, np.full(size, one), one
            present = present | inner.present
            filled = {"drop": zero, "zero": zero, "full": full}[child.empty]
            more = np.where(inner.present, more, filled)
            most = np.where(inner.present, most, zero if child.empty == "drop" else full)
            value, out_of = value + more * weight, out_of + most * weight
        return Rolled(value, out_of, present)

    def rolled(self, group: Group, *, exact: bool, rows: Rows = slice(None)) -> Rolled:
        """Work out the value of `group` for the audits in `rows`: points, or a share of one.

        What a section is charged is in it.
        """
        added = self.added(group, exact=exact, rows=rows)
        zero: Any = ZERO if exact else 0.0
        one: Any = ONE if exact else 1.0
        if group.roll_up not in SHARES:
            value = np.where(added.present, added.value, zero)
            return self._charged(group, replace(added, value=value), exact=exact, rows=rows)
        present, full = added.present & np.asarray(added.out_of > 0, bool), added.ratio
        if group.roll_up == "all":
            present = added.present
            full = np.where(self.sums[f"short {group.key}"].numerators[rows] == 0, one, zero)
        share = Rolled(np.where(present, full, zero), np.full(len(present), one), present)
        return self._charged(group, share, exact=exact, rows=rows)

    def _charged(self, group: Group, before: Rolled, *, exact: bool, rows: Rows) -> Rolled:
        """Add surcharge and adjustments to the value of a section, where anything counted."""
        value = before.value
        if group.rate:
            rate: Any = group.rate if exact else float(group.rate)
            more = value * rate
            if exact and group.rate_round:
                more = np.array([rounded(each, group.rate_round) for each in more], object)
            value = value + more
        for n, adjust in enumerate(self.charges(group)):
            points = adjust.points / self.unit(group)
            times = _at_most(self._column(f"charge {n} {group.key}", rows, exact=exact), adjust)
            value = value + times * (points if exact else float(points))
        return replace(before, value=np.where(before.present, value, before.value))

    def times(self, adjust: Adjust, name: str, row: int) -> Fraction:
        """Say how often an adjustment counts in the audit of `row`; `name` is the sum it takes."""
        return Fraction(_at_most(self._column(name, [row], exact=True), adjust)[0])

    def totals(self, *, exact: bool, rows: Rows = slice(None)) -> Rolled:
        """Work out score and maximum for the audits in `rows`, before rounding."""
        root = self.rolled(self.marking.root, exact=exact, rows=rows)
        value, most, scheme = root.value, root.out_of, self.scheme
        if scheme.roll_up in SHARES:
            scale: Any = self.scale if exact else float(self.scale)
            value, most = value * scale, most * scale
        if scheme.start is not None:
            start: Any = scheme.start if exact else float(scheme.start)
            away = scheme.take == "away"
            value, most = (
                (start - value, most * 0 + start) if away else (value + start, most + start)
            )
        for adjust in scheme.adjust:
            if adjust.each == "total":
                name = f"count {self.counts.index(adjust.count)}"
                times = _at_most(self._column(name, rows, exact=exact), adjust)
                value = value + times * (adjust.points if exact else float(adjust.points))
        if scheme.floor is not None:
            least: Any = scheme.floor if exact else float(scheme.floor)
            value = np.maximum(value, least)
        if scheme.ceiling is not None:
            top: Any = scheme.ceiling if exact else float(scheme.ceiling)
            value, most = np.minimum(value, top), np.minimum(most, top)
        return Rolled(value, most, root.present)

    @property
    def scale(self) -> Fraction:
        """What a share of one is worth as a score."""
        return self.scheme.best

    @cached_property
    def steady(self) -> Fraction | None:
        """The maximum where it is the same for every audit; None where it is the points there are.

        It may be told too where there is none, because points are demerits.
        """
        scheme = self.scheme
        away = scheme.start is not None and scheme.take == "away"
        return scheme.most(ZERO) if away or scheme.roll_up in SHARES else None

    def distinct(self, rows: Ints, group: Group | None = None) -> tuple[Ints, Ints]:
        """Find audits that add up alike: one row of each kind, and the kind of each of `rows`.

        Alike in `group`, or in all that score and grade are made of. Many audits share few sums, so
        that fractions need be worked out for few of them.
        """
        names = ["blocked"] if group is None else []
        names += [f"count {n}" for n in range(len(self.counts))] if group is None else []
        for inner in (group or self.marking.root).all():
            sums = ("earned", "possible", "counted", "short")
            charges = (f"charge {n}" for n in range(len(self.charges(inner))))
            names += [name for s in (*sums, *charges) if (name := f"{s} {inner.key}") in self.sums]
        if not names:
            return rows[:1], np.zeros(len(rows), np.int64)
        if len(rows) <= _FEW:
            alike: dict[tuple[Any, ...], int] = {}
            sums_of = zip(
                *(self.sums[name].numerators[rows].tolist() for name in names), strict=True
            )
            several = [alike.setdefault(row, len(alike)) for row in sums_of]
            first = [several.index(number) for number in range(len(alike))]
            return rows[first], np.array(several, np.int64)
        table = pd.DataFrame({name: self.sums[name].numerators[rows] for name in names})
        kind = table.groupby(names, sort=False).ngroup().to_numpy()
        return rows[~table.duplicated().to_numpy()], kind

    @cached_property
    def cancels(self) -> bool:
        """Whether floats may promise nothing.

        Numbers of both signs meet in sections, or a surcharge is rounded on its way.
        """
        root = self.marking.root
        if any(group.rate and group.rate_round for group in root.all()):
            return True
        marks = (mark for marks in self.marks for mark in marks.values())
        return bool(root.children) and any(mark.earned < 0 for mark in marks)

    @cached_property
    def magnitude(self) -> float:
        """The largest number that is added or taken on the way from sections to the total.

        What is left of it may be small, but its error as a float is that of the large one.
        """
        if self.scheme.start is None and not self.scheme.adjust:
            return 0.0
        inside = self.rolled(self.marking.root, exact=False).value
        scale = float(self.scale) if self.scheme.roll_up in SHARES else 1.0
        sizes = [float(np.abs(inside).max(initial=0.0)) * scale, abs(float(self.scheme.start or 0))]
        for n, adjust in enumerate(self.scheme.adjust):
            names = [name for name in self.sums if name.startswith(f"charge {n} ")]
            if adjust.each == "total":
                names = [f"count {self.counts.index(adjust.count)}"]
            most = max((self.sums[name].floats().max(initial=0.0) for name in names), default=0.0)
            sizes.append(float(abs(adjust.points)) * float(most))
        return sum(sizes)

    def coverage(self) -> tuple[Ints, int]:
        """Count the items that count, of those that can."""
        nothing = np.zeros(len(self), np.int64)
        groups = [group for group in self.marking.root.all() if group.items]
        counted = sum((self.sums[f"counted {g.key}"].numerators for g in groups), nothing)
        return counted, len(self.marking.countable)

    def unit(self, group: Group) -> Fraction:
        """Say what the value of a group is worth on the scale of scores: 1 where it is points."""
        return self.scheme.best_of(group.roll_up) if group.roll_up in SHARES else ONE

    def covered(self, group: Group) -> tuple[Ints, Ints]:
        """Count the items of a group that count, and those that can."""
        nothing = np.zeros(len(self), np.int64)
        names = [f"counted {inner.key}" for inner in group.all()]
        counted = sum((self.sums[n].numerators for n in names if n in self.sums), nothing)
        return counted, self.sums[f"of {group.key}"].numerators

    def _column(self, name: str, rows: Rows, *, exact: bool) -> Numbers:
        column = self.sums[name]
        part = Sums(column.numerators[rows], column.denominator)
        return part.fractions() if exact else part.floats()


def _at_most(times: Numbers, adjust: Adjust) -> Numbers:
    return times if adjust.at_most is None else np.minimum(times, adjust.at_most)


def _present(column: Ints) -> list[int]:
    seen = np.zeros(int(column.max(initial=0)) + 1, bool)
    seen[column] = True
    return [int(code) for code in np.flatnonzero(seen)]
