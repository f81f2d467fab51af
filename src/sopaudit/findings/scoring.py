"""Scores: one engine for a single audit with its whole derivation and for millions of answers.

The order is fixed: answers, items, sections, coverage, total, round, grade, limits. Sums are exact
(`grid`). What follows is written once over arrays, which hold floating point numbers for a table
and fractions where exactness is asked for. Where a floating point value comes near a rounding point
or the edge of a band, that row is worked out again in fractions, so both ways always agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.scheme import Limit, Round, Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.grid import Field, Grid, Ints, Sums, add_up
from sopaudit.findings.marking import Group, Mark, Marking
from sopaudit.findings.rounding import PERCENT, SHOWN, decimal_text, near_steps, steps
from sopaudit.findings.score import STATES, State

Numbers = NDArray[Any]
"""Floating point numbers or fractions, one an audit."""

Flags = NDArray[np.bool_]
Rows = Ints | slice | list[int]

COLUMNS: Final = (
    "audit",
    "checklist",
    "score",
    "possible",
    "percent",
    "grade",
    "state",
    "limits",
)
"""The columns of a score table, all text; `audit` and `checklist` together are unique."""


@dataclass(frozen=True)
class Rolled:
    """A group's value over many audits."""

    value: Numbers
    out_of: Numbers
    """What the value could be at most: 1 for shares, points for sums."""

    present: Flags
    """Where anything counted."""


@dataclass(frozen=True)
class Scored:
    """The outcome for many audits, as arrays of one entry an audit."""

    grid: Round
    """Scores are whole numbers of steps of this rounding."""

    steps: Ints
    percent_steps: Ints | None
    """Hundredths of a percent; None where the scheme has no maximum."""

    possible: Sums | None
    band: Ints
    """Index into the scheme's grades; -1 where there is none."""

    grade: Ints
    pending: Ints
    """The grade if pending limits were confirmed."""

    state: Ints
    """Index into `STATES`."""

    holds: Mapping[int, Flags]
    """By limit: where its condition holds and it is in force."""

    waits: Mapping[int, Flags]
    """By limit: where it would hold once confirmed."""


class Scorer:
    """A checklist under its scheme, ready to score."""

    def __init__(self, checklist: Checklist, scheme: Scheme) -> None:
        self.checklist = checklist
        self.scheme = scheme

    def table(self, frames: Iterable[AnswerFrame]) -> pd.DataFrame:
        """Score every audit of `frames`: one row each, `COLUMNS`, in order of first appearance.

        Frames are read one at a time; what is kept is a byte or two for each audit and item.
        Raises KeyError for an item the checklist does not have.
        """
        return self.tabulate(self.grid(frames))

    def tabulate(self, grid: Grid) -> pd.DataFrame:
        """Score every audit of `grid`; see `table`."""
        parts = [
            self._rows(run, np.array(list(grid.audits), object)[rows], rows)
            for rows, run in self.runs(grid)
        ]
        if not parts:
            return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
        return pd.concat(parts).sort_index().reset_index(drop=True)

    def grid(self, frames: Iterable[AnswerFrame]) -> Grid:
        """Collect the answers of `frames`."""
        grid = Grid([item.id for item in self.checklist.items])
        for frame in frames:
            grid.add(frame)
        return grid

    def runs(self, grid: Grid) -> Iterable[tuple[Ints, "Run"]]:
        """Split audits by the points in force on their day: their rows and what scores them."""
        changes = sorted({s.date for item in self.checklist.items for s in item.points_since})
        if not changes:
            yield np.arange(len(grid.audits)), Run(Marking(self.checklist, self.scheme), grid, None)
            return
        days = grid.days.copy()
        days[np.isnat(days)] = np.datetime64(changes[-1])
        epochs = np.searchsorted(np.array(changes, "datetime64[D]"), days, side="right")
        for epoch in np.unique(epochs):
            day = changes[max(int(epoch) - 1, 0)]
            rows = np.flatnonzero(epochs == epoch)
            yield rows, Run(Marking(self.checklist, self.scheme, day), grid, rows)

    @property
    def printed(self) -> Fraction | None:
        """The unit whose decimals a score shows; None for as many as it needs."""
        return self.scheme.round.to if self.scheme.round else None

    def _rows(self, run: "Run", audits: Numbers, rows: Ints) -> pd.DataFrame:
        scored = run.scored
        given = scored.state != STATES.index("not scored")
        grades = np.array([*(band.grade for band in self.scheme.grades), ""], object)
        columns = {
            "audit": audits,
            "checklist": self.checklist.id,
            "score": _texts(scored.steps, scored.grid.to, self.printed, given),
            "possible": "",
            "percent": "",
            "grade": np.where(given, grades[scored.grade], ""),
            "state": np.array(STATES, object)[scored.state],
            "limits": run.limits_text(given),
        }
        if scored.percent_steps is not None and scored.possible is not None:
            unit = Fraction(1, scored.possible.denominator)
            columns["possible"] = _texts(scored.possible.numerators, unit, None, given)
            columns["percent"] = _texts(scored.percent_steps, PERCENT.to, None, given)
        return pd.DataFrame(columns, index=rows)


class Run:
    """Audits of one epoch under one marking: the stages of scoring, each worked out once."""

    def __init__(self, marking: Marking, grid: Grid, rows: Ints | None) -> None:
        self.marking = marking
        self.scheme = marking.scheme
        self.kinds = grid.kinds
        self.cells = grid.cells if rows is None else grid.cells[rows]

    @cached_property
    def marks(self) -> list[dict[int, Mark]]:
        """By item: the mark of every code that occurs for it."""
        return [
            {int(code): self.marking.mark(n, self.kinds[int(code)]) for code in _present(column)}
            for n, column in enumerate(self.cells.T)
        ]

    @cached_property
    def sums(self) -> dict[str, Sums]:
        """Everything that is added up over the items of an audit."""
        fields: dict[str, Field] = {}
        for group in _groups(self.marking.root):
            if group.items:
                fields |= self._group_fields(group)
        for outcome in ("unanswered", "unchecked", "blocked"):
            fields[outcome] = self._counting(outcome)
        for n, limit in enumerate(self.scheme.limits):
            fields[f"limit {n}"] = self._hits(limit, confirmed=limit.confirm)
            if limit.confirm:
                fields[f"would {n}"] = self._hits(limit, confirmed=False)
        return add_up(self.cells, [list(marks) for marks in self.marks], fields)

    def _group_fields(self, group: Group) -> dict[str, Field]:
        members = frozenset(group.items)

        def earned(n: int, code: int) -> Fraction:
            mark = self.marks[n][code]
            return self._pair(group, n, mark)[0] if n in members else Fraction(0)

        def possible(n: int, code: int) -> Fraction:
            mark = self.marks[n][code]
            return self._pair(group, n, mark)[1] if n in members else Fraction(0)

        def counted(n: int, code: int) -> Fraction:
            return Fraction(n in members and self.marks[n][code].counted)

        return {
            f"earned {group.id}": earned,
            f"possible {group.id}": possible,
            f"counted {group.id}": counted,
        }

    def _pair(self, group: Group, n: int, mark: Mark) -> tuple[Fraction, Fraction]:
        """What an item adds above and below the line of its group."""
        if group.roll_up != "mean" or not mark.counted:
            return mark.earned, mark.possible
        weight = self.marking.items[n].weight
        if not weight:
            return Fraction(0), Fraction(0)
        share = mark.earned / (mark.possible or weight)
        return weight * share, weight

    def _counting(self, outcome: str) -> Field:
        return lambda n, code: Fraction(self.marks[n][code].outcome == outcome)

    def _hits(self, limit: Limit, *, confirmed: bool) -> Field:
        def hit(n: int, code: int) -> Fraction:
            answers = self.kinds[code]
            if confirmed:
                answers = tuple(answer for answer in answers if answer.confirmed)
            meets = bool(answers) and self.marking.meets(limit, n, answers, self.marks[n][code])
            return Fraction(meets)

        return hit

    def rolled(self, group: Group, *, exact: bool, rows: Rows = slice(None)) -> Rolled:
        """Work out the value of `group` for the audits in `rows`."""
        value, out_of = self._zeros(rows, exact=exact), self._zeros(rows, exact=exact)
        present = np.zeros(len(value), bool)
        if group.items:
            value = self._numbers(f"earned {group.id}", rows, exact=exact)
            out_of = self._numbers(f"possible {group.id}", rows, exact=exact)
            present = self.sums[f"counted {group.id}"].numerators[rows] > 0
        for child in group.children:
            inner = self.rolled(child, exact=exact, rows=rows)
            weight = child.weight if exact else float(child.weight)
            more, most = inner.value, inner.out_of
            if group.roll_up == "mean":
                more, most = _ratio(inner), np.full(len(value), weight * 0 + 1)
            full = {"drop": None, "zero": weight * 0, "full": weight * 0 + 1}[child.empty]
            if full is None:
                more = np.where(inner.present, more, weight * 0)
                most = np.where(inner.present, most, weight * 0)
                present = present | inner.present
            else:
                more = np.where(inner.present, more, full)
                most = np.where(inner.present, most, weight * 0 + 1)
                present = present | True
            value, out_of = value + more * weight, out_of + most * weight
        if group.roll_up == "sum":
            return Rolled(value, out_of, present)
        present = present & (out_of > 0)
        share = _ratio(Rolled(value, out_of, present))
        return Rolled(share, np.full(len(share), Fraction(1) if exact else 1.0), present)

    def totals(self, *, exact: bool, rows: Rows = slice(None)) -> Rolled:
        """Work out score and maximum for the audits in `rows`, before rounding."""
        root = self.rolled(self.marking.root, exact=exact, rows=rows)
        if self.scheme.roll_up == "sum":
            return root
        scale = self._scale if exact else float(self._scale)
        return Rolled(root.value * scale, root.out_of * scale, root.present)

    @property
    def _scale(self) -> Fraction:
        usual = "100" if self.scheme.roll_up == "percent" else "1"
        return Fraction(self.scheme.scale or usual)

    @property
    def grid(self) -> Round:
        """The rounding of the score, or of its print where the scheme does not round."""
        return self.scheme.round or SHOWN

    @cached_property
    def scored(self) -> Scored:
        """Round, grade and limit every audit."""
        totals = self.totals(exact=False)
        uncapped, band = self._decided(totals, {})
        holds, waits = self._limits()
        capped, grade = (uncapped, band)
        if any(limit.score_at_most is not None for limit in self.scheme.limits):
            capped, grade = self._decided(totals, holds)
        pending = grade
        grades = [band.grade for band in self.scheme.grades]
        for n, limit in enumerate(self.scheme.limits):
            if limit.grade is not None:
                lowest = grades.index(limit.grade)
                grade = np.where(holds[n], np.maximum(grade, lowest), grade)
                pending = np.where(holds[n] | waits[n], np.maximum(pending, lowest), pending)
        has_maximum = self.marking.has_maximum
        return Scored(
            grid=self.grid,
            steps=capped,
            percent_steps=self._percent(totals, capped) if has_maximum else None,
            possible=self._possible() if has_maximum else None,
            band=band,
            grade=grade,
            pending=pending,
            state=self._state(totals.present, waits),
            holds=holds,
            waits=waits,
        )

    def _limits(self) -> tuple[dict[int, Flags], dict[int, Flags]]:
        holds, waits = {}, {}
        for n, limit in enumerate(self.scheme.limits):
            holds[n] = self.sums[f"limit {n}"].numerators >= limit.times
            waits[n] = np.zeros(len(self.cells), bool)
            if limit.confirm:
                waits[n] = (self.sums[f"would {n}"].numerators >= limit.times) & ~holds[n]
        return holds, waits

    def _decided(self, totals: Rolled, holds: Mapping[int, Flags]) -> tuple[Ints, Ints]:
        """Give the shown score in steps and its band, capped by the limits that hold."""
        values = np.asarray(totals.value, float)
        caps = {n: c for n in holds if (c := self.scheme.limits[n].score_at_most) is not None}
        for n, cap in caps.items():
            values = np.where(holds[n], np.minimum(values, float(cap)), values)
        shown, near = near_steps(values, self.grid)
        bands = self._bands(shown if self.scheme.round else values)
        if not self.scheme.round:
            near = near | self._near_edges(values)
        rows = np.flatnonzero(near & totals.present)
        if len(rows):
            exact = self.totals(exact=True, rows=rows).value
            for row, value in zip(rows, exact, strict=True):
                lowest = min([value, *(cap for n, cap in caps.items() if holds[n][row])])
                shown[row] = steps(lowest, self.grid)
                bands[row] = self.band(shown[row] * self.grid.to if self.scheme.round else lowest)
        return shown, bands

    def band(self, score: Fraction) -> int:
        """Find the band of an exact score; -1 where none holds it."""
        held = (n for n, band in enumerate(self.scheme.grades) if band.holds(score))
        return next(held, -1)

    def _bands(self, scores: Numbers) -> Ints:
        """Find the band of each score: exactly for steps, else as near as floats can tell."""
        unit = self.scheme.round.to if self.scheme.round else None
        found = np.full(len(scores), -1, np.int64)
        for n, band in reversed(list(enumerate(self.scheme.grades))):
            holds = np.ones(len(scores), bool)
            for bound, compare in (
                (band.at_least, np.greater_equal),
                (band.at_most, np.less_equal),
                (band.above, np.greater),
                (band.below, np.less),
            ):
                if bound is not None:
                    edge = float(bound) if unit is None else _edge(bound / unit, compare)
                    holds &= compare(scores, edge)
            found[holds] = n
        return found

    def _near_edges(self, values: NDArray[np.float64]) -> Flags:
        near = np.zeros(len(values), bool)
        for band in self.scheme.grades:
            for edge in (band.at_least, band.at_most, band.above, band.below):
                if edge is not None:
                    near |= np.abs(values - float(edge)) <= 1e-9 * (1 + abs(float(edge)))
        return near

    def _percent(self, totals: Rolled, shown: Ints) -> Ints:
        """Give hundredths of a percent; a score out of 100 is its own percentage."""
        if self.scheme.roll_up != "sum" and self._scale == 100 and self.scheme.round:  # noqa: PLR2004
            distinct, index = np.unique(shown, return_inverse=True)
            exact = [steps(int(n) * self.grid.to, PERCENT) for n in distinct]
            return np.array(exact, np.int64)[index]
        ratio = _ratio(Rolled(totals.value, totals.out_of, totals.present))
        percents, near = near_steps(np.asarray(ratio, float) * 100, PERCENT)
        rows = np.flatnonzero(near & totals.present)
        if len(rows):
            ratios = _ratio(self.totals(exact=True, rows=rows))
            percents[rows] = [steps(value * 100, PERCENT) for value in ratios]
        return percents

    def _possible(self) -> Sums:
        """Give the maximum of each audit: the scale, or the points that were applicable."""
        root = self.marking.root
        if self.scheme.roll_up != "sum":
            return Sums(np.full(len(self.cells), self._scale.numerator), self._scale.denominator)
        if not root.children:
            return self.sums[f"possible {root.id}"]
        exact = self.totals(exact=True).out_of
        common = lcm(*(value.denominator for value in exact))
        return Sums(np.array([int(value * common) for value in exact]), common)

    def coverage(self) -> tuple[Ints, int]:
        """Count the items that count, of those that can."""
        groups = [g for g in _groups(self.marking.root) if g.items]
        counted = sum(
            (self.sums[f"counted {g.id}"].numerators for g in groups),
            start=np.zeros(len(self.cells), np.int64),
        )
        return counted, len(self.marking.countable)

    def _state(self, present: Flags, waits: Mapping[int, Flags]) -> Ints:
        state = np.zeros(len(self.cells), np.int64)

        def raise_to(where: Flags, name: State) -> None:
            np.maximum(state, np.where(where, STATES.index(name), 0), out=state)

        rule = self.scheme.coverage
        if rule is not None:
            counted, of = self.coverage()
            # counted / of < share, in whole numbers
            short = counted * rule.at_least.denominator < rule.at_least.numerator * of
            raise_to(short, rule.else_)
        for waiting in waits.values():
            raise_to(waiting, "pending veto")
        missing = self.sums["unanswered"].numerators + self.sums["unchecked"].numerators
        raise_to(missing > 0, "incomplete")
        blocked = self.sums["blocked"].numerators > 0
        nothing = np.zeros_like(present) if self.scheme.no_rows == "zero" else ~present
        raise_to(blocked | nothing, "not scored")
        return state

    def limits_text(self, given: Flags) -> NDArray[np.object_]:
        """Name the limits that bit each audit, joined by semicolons; pending ones say so."""
        scored = self.scored
        text = np.full(len(given), "", object)
        for n, limit in enumerate(self.scheme.limits):
            for where, name in (
                (self.bit(n), limit_id(limit, n)),
                (scored.waits[n], f"{limit_id(limit, n)} (pending)"),
            ):
                rows = np.flatnonzero(where & given)
                text[rows] = [f"{t};{name}" if t else name for t in text[rows]]
        return text

    def bit(self, n: int) -> Flags:
        """Say where limit `n` holds and the score alone would not be graded lower."""
        limit, scored = self.scheme.limits[n], self.scored
        if limit.grade is None:
            return scored.holds[n]
        lowest = [band.grade for band in self.scheme.grades].index(limit.grade)
        return scored.holds[n] & (scored.band <= lowest)

    def _numbers(self, name: str, rows: Rows, *, exact: bool) -> Numbers:
        column = self.sums[name]
        part = Sums(column.numerators[rows], column.denominator)
        return part.fractions() if exact else part.floats()

    def _zeros(self, rows: Rows, *, exact: bool) -> Numbers:
        number = len(self.cells[rows])
        return np.full(number, Fraction(0), object) if exact else np.zeros(number)


def limit_id(limit: Limit, n: int) -> str:
    """Name a limit, also one that has no id of its own."""
    return limit.id or f"limit-{n + 1}"


def _groups(group: Group) -> Iterable[Group]:
    yield group
    for child in group.children:
        yield from _groups(child)


def _present(column: Ints) -> Ints:
    seen = np.zeros(int(column.max(initial=0)) + 1, bool)
    seen[column] = True
    return np.flatnonzero(seen)


def _ratio(rolled: Rolled) -> Numbers:
    """Divide value by maximum where there is one; a value without a maximum stays as it is."""
    out = rolled.value.copy()
    np.divide(rolled.value, rolled.out_of, out=out, where=np.asarray(rolled.out_of > 0, bool))
    return out


def _edge(bound: Fraction, compare: object) -> int:
    """Turn a bound between whole numbers of steps into the whole number that decides alike."""
    up = compare in (np.greater_equal, np.less)
    return (
        -((-bound.numerator) // bound.denominator) if up else bound.numerator // bound.denominator
    )


def _texts(
    whole: Ints, unit: Fraction, printed: Fraction | None, given: Flags
) -> NDArray[np.object_]:
    """Write whole numbers of `unit` with the decimals of `printed`; equal ones only once."""
    distinct, index = np.unique(whole, return_inverse=True)
    texts = np.array([*(decimal_text(int(n) * unit, printed) for n in distinct), ""], object)
    return np.where(given, texts[index], "")
