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

from sopaudit.criteria.scheme import Band, Limit, Round
from sopaudit.findings.grid import Ints, Sums, whole_numbers
from sopaudit.findings.rollup import Flags, Numbers, RollUp
from sopaudit.findings.rounding import NEAR, PERCENT, SHOWN, near_steps, steps
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
        values, _, present = self._totals
        shown, near = near_steps(values, self.rounding)
        bands = self._bands(shown if self.scheme.round else values)
        if not self.scheme.round:
            for band in self.scheme.grades:
                for bound, _ in _bounds(band):
                    near = near | _close(values, bound)
        rows = np.flatnonzero((near | self.cancels) & present)
        if len(rows):
            some, kind = self.distinct(rows)
            exact = self.totals(exact=True, rows=some).value
            whole = whole_numbers(steps(value, self.rounding) for value in exact)
            if whole.dtype == object:
                shown = shown.astype(object)
            shown[rows] = whole[kind]
            bands[rows] = np.array([self.band(value) for value in exact])[kind]
        return shown, bands

    def band(self, score: Fraction) -> int:
        """Find the band of an exact score; -1 where none holds it."""
        if self.scheme.round:
            score = steps(score, self.scheme.round) * self.scheme.round.to
        held = (n for n, band in enumerate(self.scheme.grades) if band.holds(score))
        return next(held, -1)

    def _bands(self, scores: Numbers) -> Ints:
        """Find the band of each score: exactly for steps, else as near as floats can tell."""
        unit = self.scheme.round.to if self.scheme.round else None
        found = np.full(len(scores), -1, np.int64)
        for n, band in reversed(list(enumerate(self.scheme.grades))):
            holds = np.ones(len(scores), bool)
            for bound, compare in _bounds(band):
                edge = float(bound) if unit is None else _edge(bound / unit, compare)
                holds &= np.asarray(compare(scores, edge), bool)
            found[holds] = n
        return found

    def _conditions(self) -> tuple[tuple[Flags, ...], tuple[Flags, ...]]:
        """Say of each limit where it is in force, and where only a second person is missing."""
        holds, waits = [], []
        for n, limit in enumerate(self.scheme.limits):
            holds.append(self.sums[f"limit {n}"].numerators >= limit.times)
            would = self.sums[f"would {n}"].numerators if limit.confirm else None
            waiting = np.zeros(len(self), bool) if would is None else would >= limit.times
            waits.append(waiting & ~holds[-1])
        return tuple(holds), tuple(waits)

    def _lowered(self, holds: tuple[Flags, ...]) -> tuple[Ints, Ints]:
        """Give score and grade as the limits leave them, wherever `holds` says they hold."""
        shown, grade = self._banded
        # The lowest cap comes last and stays. Rounding keeps the order, so steps may be compared.
        for n, cap in sorted(self._caps.items(), key=lambda item: -item[1]):
            lower = holds[n] & (self.over_cap[n] > 0)
            shown = np.where(lower, steps(cap, self.rounding), shown)
            grade = np.where(lower, np.maximum(grade, self.band(cap)), grade)
        for n, limit in enumerate(self.scheme.limits):
            if limit.grade is not None:
                grade = np.where(holds[n], np.maximum(grade, self.grade_of(limit)), grade)
        return shown, grade

    def grade_of(self, limit: Limit) -> int:
        """Find the grade a limit lowers to, as an index into the scheme's grades."""
        return [band.grade for band in self.scheme.grades].index(limit.grade or "")

    @property
    def _caps(self) -> dict[int, Fraction]:
        limits = enumerate(self.scheme.limits)
        return {n: limit.score_at_most for n, limit in limits if limit.score_at_most is not None}

    @cached_property
    def over_cap(self) -> dict[int, Ints]:
        """By limit with a cap: 1 where the score before rounding is above it, 0 equal, -1 below."""
        values, _, present = self._totals
        signs = {}
        for n, cap in self._caps.items():
            sign = np.sign(values - float(cap)).astype(np.int64)
            rows = np.flatnonzero((_close(values, cap) | self.cancels) & present)
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
        if self.scheme.roll_up != "sum" and self.scale == _HUNDRED and self.scheme.round:
            distinct, index = np.unique(shown, return_inverse=True)
            unit = self.scheme.round.to
            return whole_numbers(steps(int(n) * unit, PERCENT) for n in distinct)[index]
        values, out_of, present = self._totals
        capped = {n: holds[n] & (self.over_cap[n] > 0) for n in self._caps}
        for n, where in capped.items():
            values = np.where(where, np.minimum(values, float(self._caps[n])), values)
        some = np.asarray(out_of > 0, bool)
        ratio = np.divide(values, out_of, out=np.zeros(len(self)), where=some)
        percents, near = near_steps(ratio * _HUNDRED, PERCENT)
        rows = np.flatnonzero((near | self.cancels) & present & some)
        exact = self.totals(exact=True, rows=rows)
        for row, value, most in zip(rows, exact.value, exact.out_of, strict=True):
            lowest = min([value, *(self._caps[n] for n, where in capped.items() if where[row])])
            percents[row] = steps(_HUNDRED * lowest / most, PERCENT)
        return percents

    def _possible(self) -> Sums:
        """Give the maximum of each audit: the scale, or the points that were applicable."""
        root = self.marking.root
        if self.scheme.roll_up != "sum":
            return Sums(np.full(len(self), self.scale.numerator), self.scale.denominator)
        if not root.children:
            return self.sums[f"possible {root.id}"]
        some, kind = self.distinct(np.arange(len(self)))
        exact = self.totals(exact=True, rows=some).out_of
        common = lcm(*(value.denominator for value in exact))
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
        limit, holds = self.scheme.limits[n], self.scored.holds[n]
        lowers = np.zeros(len(self), bool)
        if limit.grade is not None:
            lowers |= self.scored.band <= self.grade_of(limit)
        if limit.score_at_most is not None:
            lowers |= self.over_cap[n] >= 0
        return holds & lowers


def limit_id(limit: Limit, n: int) -> str:
    """Name a limit, also one that has no id of its own."""
    return limit.id or f"limit-{n + 1}"


Compare = Callable[[Any, Any], Any]


def _bounds(band: Band) -> list[tuple[Fraction, Compare]]:
    """List the bounds a band has, each with the comparison a score must pass."""
    compared: Mapping[Compare, Fraction | None] = {
        np.greater_equal: band.at_least,
        np.less_equal: band.at_most,
        np.greater: band.above,
        np.less: band.below,
    }
    return [(bound, compare) for compare, bound in compared.items() if bound is not None]


def _edge(bound: Fraction, compare: Compare) -> int:
    """Turn a bound between whole numbers of steps into the whole number that decides alike."""
    up = compare in (np.greater_equal, np.less)
    return -(-bound.numerator // bound.denominator) if up else bound.numerator // bound.denominator


def _close(values: NDArray[np.float64], edge: Fraction) -> Flags:
    """Say which values are too near an edge for floats to tell on which side they are."""
    return np.asarray(np.abs(values - float(edge)) <= NEAR * (1 + abs(float(edge))), bool)
