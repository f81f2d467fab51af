"""Totals become scores, grades and states, and limits hold them down.

Floating point numbers go first. Where one comes near a rounding point or the edge of a band, that
row is worked out again in fractions, so every result is the exact one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sopaudit.criteria.field import number
from sopaudit.criteria.scheme import Bounds, Limit
from sopaudit.criteria.section import Round
from sopaudit.findings.grid import Ints, Sums, whole_numbers
from sopaudit.findings.grouping import ZERO, Group
from sopaudit.findings.rollup import Flags, Numbers, RollUp
from sopaudit.findings.rounding import NEAR, PERCENT, SHOWN, near_steps, rounded, steps
from sopaudit.findings.score import STATES, State

_HUNDRED: Final = 100


@dataclass(frozen=True)
class Scored:
    """The outcome for many audits, as arrays of one entry an audit."""

    steps: Ints
    """The score, in whole numbers of the rounding's unit."""

    percent_steps: Ints
    """Hundredths of a percent; means nothing where `possible` is zero or None."""

    possible: Sums | None
    """None where the scheme has no maximum."""

    band: Ints
    """Index into the scheme's grades; -1 where there is none."""

    grade: Ints
    pending: Ints
    """The grade if pending limits were confirmed."""

    state: Ints
    """Index into `STATES`."""

    holds: tuple[Flags, ...]
    """By limit: where its condition holds and it is in force."""

    waits: tuple[Flags, ...]
    """By limit: where it would hold once confirmed."""


class Run(RollUp):
    """Audits of one roll-up, rounded, graded and limited."""

    @property
    def rounding(self) -> Round:
        """The rounding of the score, or of its print where the scheme does not round."""
        return self.scheme.round or SHOWN

    @cached_property
    def scored(self) -> Scored:
        """Round, grade and limit every audit."""
        holds, waits = self._conditions()
        shown, grade = self._lowered(holds)
        pending = grade
        if any(waiting.any() for waiting in waits):
            both = tuple(one | other for one, other in zip(holds, waits, strict=True))
            pending = self._lowered(both)[1]
        return Scored(
            steps=shown,
            percent_steps=self._percent(shown, holds),
            possible=self._possible() if self.marking.has_maximum else None,
            band=self._banded[1],
            grade=grade,
            pending=pending,
            state=self._state(waits),
            holds=holds,
            waits=waits,
        )

    @cached_property
    def _totals(self) -> tuple[NDArray[np.float64], Numbers, Flags]:
        totals = self.totals(exact=False)
        return np.asarray(totals.value, float), totals.out_of, totals.present

    @cached_property
    def _banded(self) -> tuple[Ints, Ints]:
        """The score in steps and its band, before limits."""
        values, _, _ = self._totals
        shown, near = near_steps(values, self.rounding, self.magnitude)
        bands = self._bands(shown if self.scheme.round else values)
        if not self.scheme.round:
            for band in self.scheme.grades:
                near = near | self._close(values, band)
        rows = np.flatnonzero(near | self.cancels)
        if len(rows):
            some, kind = self.distinct(rows)
            exact = self.totals(exact=True, rows=some).value
            whole = whole_numbers(steps(value, self.rounding) for value in exact)
            if whole.dtype == object:
                shown = shown.astype(object)
            shown[rows] = whole[kind]
            found = [self.band(value, row) for value, row in zip(exact, some, strict=True)]
            bands[rows] = np.array(found, np.int64)[kind]
        return shown, bands

    @cached_property
    def _when(self) -> list[Flags]:
        """By band: where the counts it asks for hold."""
        holds = []
        for band in self.scheme.grades:
            flags = np.ones(len(self), bool)
            for bound in band.when:
                flags &= _counted(self.sums[f"count {self.counts.index(bound.count)}"], bound)
            holds.append(flags)
        return holds

    def band(self, score: Fraction, row: int) -> int:
        """Find the band of an exact score in the audit of `row`; -1 where none holds it."""
        bands = self._band_of(score, [row])
        return int(bands[0])

    def _band_of(self, score: Fraction, rows: list[int] | slice = slice(None)) -> Ints:
        """Find the band one exact score has in each audit; only counts tell audits apart."""
        if self.scheme.round:
            score = steps(score, self.scheme.round) * self.scheme.round.to
        found = np.full(len(self.cells[rows]), -1, np.int64)
        for n, band in reversed(list(enumerate(self.scheme.grades))):
            if band.holds(score):
                found[self._when[n][rows]] = n
        return found

    def _bands(self, scores: Numbers) -> Ints:
        """Find the band of each score: exactly for steps, else as near as floats can tell."""
        unit = self.scheme.round.to if self.scheme.round else None
        found = np.full(len(scores), -1, np.int64)
        for n, band in reversed(list(enumerate(self.scheme.grades))):
            found[_within(scores, band, unit) & self._when[n]] = n
        return found

    def _close(self, values: NDArray[np.float64], bounds: Bounds) -> Flags:
        """Say which values lie too near one of the bounds for floats to tell the side."""
        near = np.zeros(len(values), bool)
        for bound in bounds.bounds:
            near |= _close(values, bound, self.magnitude)
        return near

    def _conditions(self) -> tuple[tuple[Flags, ...], tuple[Flags, ...]]:
        """Say of each limit where it is in force, and where only a second person is missing."""
        holds, waits = [], []
        for n, limit in enumerate(self.scheme.every_limit):
            if limit.any in self.groups:
                number = sum((flags for _, flags in self.group_flags[n]), np.zeros(len(self), int))
                holds.append(np.asarray(number >= limit.times, bool))
                waits.append(np.zeros(len(self), bool))
                continue
            holds.append(self.sums[f"limit {n}"].numerators >= limit.times)
            would = self.sums[f"would {n}"].numerators if limit.confirm else None
            waiting = np.zeros(len(self), bool) if would is None else would >= limit.times
            waits.append(waiting & ~holds[-1])
        return tuple(holds), tuple(waits)

    @cached_property
    def group_flags(self) -> dict[int, list[tuple[Group, Flags]]]:
        """By limit that looks at groups: each group it picks, and where that meets it."""
        limits = enumerate(self.scheme.every_limit)
        return {
            n: [
                (group, self._meets(limit, group) & self._picked(n, group))
                for group in self.groups[limit.any]
                if limit.where.get(limit.any, group.id) == group.id
            ]
            for n, limit in limits
            if limit.any in self.groups
        }

    def _picked(self, n: int, group: Group) -> Flags:
        """Say where `where` of limit `n` picks a group by labels that one of its items carries."""
        carried = self.sums.get(f"picked {n} {group.key}")
        if carried is None:
            return np.ones(len(self), bool)
        return np.asarray(carried.numerators > 0, bool)

    def _meets(self, limit: Limit, group: Group) -> Flags:
        """Say where the value of a group meets a limit, exactly; of a pass mark, its share."""
        passing = limit in self.scheme.pass_marks
        if passing and not self.marking.has_most(group):
            return np.zeros(len(self), bool)
        rolled, unit = self.rolled(group, exact=False), self.unit(group)
        unit = self.scheme.best_of(group.roll_up) if passing else unit
        values = np.asarray(rolled.ratio if passing else rolled.value, float) * float(unit)
        bounds = _bounds_of(limit)
        if limit.round:
            shown, near = near_steps(values, limit.round, self.magnitude)
            meets = _within(shown, bounds, limit.round.to)
        else:
            meets, near = _within(values, bounds, None), self._close(values, bounds)
        rows = np.flatnonzero((near | self.cancels) & rolled.present)
        if len(rows):
            some, kind = self.distinct(rows, group)
            whole = self.rolled(group, exact=True, rows=some)
            exact = (whole.ratio if passing else whole.value) * unit
            if limit.round:
                exact = np.array([rounded(value, limit.round) for value in exact], object)
            meets[rows] = np.array([bounds.holds(value) for value in exact], bool)[kind]
        return meets & rolled.present

    def _lowered(self, holds: tuple[Flags, ...]) -> tuple[Ints, Ints]:
        """Give score and grade as the limits leave them, wherever `holds` says they hold."""
        shown, grade = self._banded
        # The lowest cap comes last and stays. Rounding keeps the order, so steps may be compared.
        for n, cap in sorted(self._caps.items(), key=lambda item: -item[1]):
            lower = holds[n] & (self.over_cap[n] > 0)
            shown = np.where(lower, whole_numbers([steps(cap, self.rounding)]), shown)
            grade = np.where(lower, np.maximum(grade, self._band_of(cap)), grade)
        for n, limit in enumerate(self.scheme.every_limit):
            if limit.grade is not None:
                grade = np.where(holds[n], np.maximum(grade, self.grade_of(limit)), grade)
        return shown, grade

    def grade_of(self, limit: Limit) -> int:
        """Find the grade a limit lowers to, as an index into the scheme's grades."""
        return [band.grade for band in self.scheme.grades].index(limit.grade or "")

    @property
    def _caps(self) -> dict[int, Fraction]:
        limits = enumerate(self.scheme.every_limit)
        return {n: limit.score_at_most for n, limit in limits if limit.score_at_most is not None}

    @cached_property
    def over_cap(self) -> dict[int, Ints]:
        """By limit with a cap: 1 where the score before rounding is above it, 0 equal, -1 below."""
        values, _, _ = self._totals
        signs = {}
        for n, cap in self._caps.items():
            sign = np.sign(values - float(cap)).astype(np.int64)
            rows = np.flatnonzero(_close(values, cap, self.magnitude) | self.cancels)
            if len(rows):
                some, kind = self.distinct(rows)
                exact = self.totals(exact=True, rows=some).value
                sign[rows] = np.array([(v > cap) - (v < cap) for v in exact])[kind]
            signs[n] = sign
        return signs

    def _percent(self, shown: Ints, holds: tuple[Flags, ...]) -> Ints:
        """Give hundredths of a percent; a score out of 100 is its own percentage."""
        if not self.marking.has_maximum:
            return np.zeros(len(self), np.int64)
        if self.steady == _HUNDRED and self.scheme.round:
            distinct, index = np.unique(shown, return_inverse=True)
            unit = self.scheme.round.to
            return whole_numbers(steps(int(n) * unit, PERCENT) for n in distinct)[index]
        values, out_of, _ = self._totals
        capped = {n: holds[n] & (self.over_cap[n] > 0) for n in self._caps}
        for n, where in capped.items():
            values = np.where(where, np.minimum(values, float(self._caps[n])), values)
        some = np.asarray(out_of > 0, bool)
        ratio = np.divide(values, out_of, out=np.zeros(len(self)), where=some)
        least = float(np.min(out_of, where=some, initial=np.inf))
        percents, near = near_steps(ratio * _HUNDRED, PERCENT, self.magnitude / least * _HUNDRED)
        rows = np.flatnonzero((near | self.cancels) & some)
        exact = self.totals(exact=True, rows=rows)
        for row, value, most in zip(rows, exact.value, exact.out_of, strict=True):
            lowest = min([value, *(self._caps[n] for n, where in capped.items() if where[row])])
            percents[row] = steps(_HUNDRED * lowest / most, PERCENT)
        return percents

    def _possible(self) -> Sums:
        """Give the maximum of each audit: the scale, or the points that were applicable."""
        root, steady = self.marking.root, self.steady
        if steady is not None:
            return Sums(np.full(len(self), steady.numerator), steady.denominator)
        plain = self.sums.get(f"possible {root.key}")
        bare = self.scheme.start is None and self.scheme.ceiling is None
        if plain is not None and bare and not root.children:
            return plain
        some, kind = self.distinct(np.arange(len(self)))
        exact = self.totals(exact=True, rows=some).out_of
        common = lcm(*(Fraction(value).denominator for value in exact))
        return Sums(whole_numbers(int(value * common) for value in exact)[kind], common)

    def _state(self, waits: tuple[Flags, ...]) -> Ints:
        state = np.zeros(len(self), np.int64)

        def raise_to(where: Flags, name: State) -> None:
            np.maximum(state, np.where(where, STATES.index(name), 0), out=state)

        rule = self.scheme.coverage
        if rule is not None:
            counted, of = self.coverage()
            # counted / of < share, in whole numbers
            short = counted * rule.at_least.denominator < rule.at_least.numerator * of
            raise_to(short, rule.else_)
            for group in (group for label in rule.of for group in self.groups[label]):
                counted, several = self.covered(group)
                share = rule.at_least
                short = counted * share.denominator < share.numerator * several
                raise_to(short, rule.else_)
        for waiting in waits:
            raise_to(waiting, "pending veto")
        missing = self.sums["unanswered"].numerators + self.sums["unchecked"].numerators
        raise_to(missing > 0, "incomplete")
        present = self._totals[2]
        nothing = np.zeros_like(present) if self.scheme.no_rows == "zero" else ~present
        raise_to((self.sums["blocked"].numerators > 0) | nothing, "not scored")
        return state

    def bit(self, n: int) -> Flags:
        """Say where limit `n` holds and the score alone would not come out lower."""
        limit, holds = self.scheme.every_limit[n], self.scored.holds[n]
        lowers = np.zeros(len(self), bool)
        if limit.grade is not None:
            # Several bands may give one grade, and a limit agrees with each of them.
            same = [n for n, b in enumerate(self.scheme.grades) if b.grade == limit.grade]
            lowers |= self.scored.band <= max(same)
        if limit.score_at_most is not None:
            lowers |= self.over_cap[n] >= 0
        return holds & lowers


def limit_id(limit: Limit, n: int) -> str:
    """Name a limit, also one that has no id of its own."""
    return limit.id or f"limit-{n + 1}"


Compare = Callable[[Any, Any], Any]


def _bounds(bounds: Bounds) -> list[tuple[Fraction, Compare]]:
    """List the bounds there are, each with the comparison a number must pass."""
    compared: Mapping[Compare, Fraction | None] = {
        np.greater_equal: bounds.at_least,
        np.less_equal: bounds.at_most,
        np.greater: bounds.above,
        np.less: bounds.below,
    }
    return [(bound, compare) for compare, bound in compared.items() if bound is not None]


def _bounds_of(limit: Limit) -> Bounds:
    """Give the bounds of a limit on groups; `is` a number means just this number, a word none."""
    if limit.is_ is None:
        return limit
    exactly = number(limit.is_)
    if exactly is None:
        return Bounds.model_construct(above=ZERO, below=ZERO)
    most = exactly if limit.at_most is None else min(limit.at_most, exactly)
    least = exactly if limit.at_least is None else max(limit.at_least, exactly)
    return limit.model_copy(update={"at_least": least, "at_most": most})


def _within(numbers: Numbers, bounds: Bounds, unit: Fraction | None) -> Flags:
    """Say which numbers lie in the bounds: whole steps of `unit`, or floats without one."""
    holds = np.ones(len(numbers), bool)
    for bound, compare in _bounds(bounds):
        edge = float(bound) if unit is None else _edge(bound / unit, compare)
        holds &= np.asarray(compare(numbers, edge), bool)
    return holds


def _counted(counts: Sums, bounds: Bounds) -> Flags:
    """Say which counts lie in the bounds."""
    distinct, index = np.unique(counts.numerators, return_inverse=True)
    holds = [bounds.holds(Fraction(int(number), counts.denominator)) for number in distinct]
    return np.array(holds, bool)[index]


def _edge(bound: Fraction, compare: Compare) -> int:
    """Turn a bound between whole numbers of steps into the whole number that decides alike."""
    up = compare in (np.greater_equal, np.less)
    return -(-bound.numerator // bound.denominator) if up else bound.numerator // bound.denominator


def _close(values: NDArray[np.float64], edge: Fraction, magnitude: float) -> Flags:
    """Say which values are too near an edge for floats to tell on which side they are."""
    reach = NEAR * (1 + max(abs(float(edge)), magnitude))
    return np.asarray(np.abs(values - float(edge)) <= reach, bool)
