"""Numbers that add up, and what bands of grades ask of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor, lcm
from typing import Final

from sopaudit.criteria.scheme import Bounds, Scheme
from sopaudit.criteria.section import Round
from sopaudit.findings.rollup import Numbers
from sopaudit.findings.rounding import rounded
from sopaudit.findings.whatif.cover import Need

ZERO: Final = Fraction(0)
EDGE: Final = Fraction(1, 10**30)
"""Nearer to the edge of a band than any score."""

Fine = Callable[[Fraction], bool]
"""Says of a number whether it is good enough."""


@dataclass(frozen=True)
class Line:
    """A number that adds up: what it is now, and what each correction brings to it at most."""

    now: Fraction
    brings: tuple[Fraction, ...]

    @property
    def sign(self) -> int:
        """1 where corrections raise it, -1 where they lower it; 0 where some do this, some that."""
        up, down = any(b > 0 for b in self.brings), any(b < 0 for b in self.brings)
        return 0 if up and down else -1 if down else 1

    def need(self, fine: Fine, edges: Iterable[Fraction]) -> Need | None:
        """Say what must be brought for the number to be `fine`, which changes at `edges` only.

        None where it is fine now, or where corrections pull both ways. Where nothing on the way is
        fine, more is asked than all can bring.
        """
        if not self.sign or fine(self.now):
            return None
        unit = lcm(self.now.denominator, *(b.denominator for b in self.brings))
        whole = tuple(int(abs(b) * unit) for b in self.brings)
        for before, after in pairwise(self._way(edges)):
            if fine(after):
                return Need(whole, floor(abs(before - self.now) * unit) + 1)
        return Need(whole, sum(whole) + 1)

    def steady(self, fine: Fine, edges: Iterable[Fraction]) -> bool:
        """Say whether the number, once fine, stays so whatever else is corrected."""
        told = [fine(number) for number in self._way(edges)]
        return bool(self.sign) and told == sorted(told)

    def _way(self, edges: Iterable[Fraction]) -> list[Fraction]:
        """List numbers from now to the end; between two that follow there is at most one edge."""
        end = self.now + sum(self.brings, ZERO)
        low, high = sorted((self.now, end))
        near = {edge + step for edge in edges for step in (-EDGE, ZERO, EDGE)}
        inside = (number for number in near if low < number < high)
        return sorted({self.now, *inside, end}, reverse=self.sign < 0)


@dataclass(frozen=True)
class Bands:
    """The grades of a scheme, as scores before bounds and rounding meet them."""

    scheme: Scheme

    def asked(
        self, bands: Sequence[Bounds], total: Line | None, true: Fraction
    ) -> tuple[list[Need], bool]:
        """Say what one of some bands asks for, and if further corrections keep it.

        `true` is the score now where `total` may be told too high; without one nothing is asked.
        """
        if total is None:
            return [], False
        fine, edges = self.fine(bands), list(self.edges(bands))
        lift = Line(true, (total.now - true, *total.brings))
        steady = total.steady(fine, edges) and lift.steady(fine, edges)
        need = total.need(fine, edges)
        return [need] if need else [], steady

    def fine(self, bands: Sequence[Bounds], *, capped: bool = False) -> Fine:
        """Say of a score whether one of some bands holds it; one that is `capped` has no bounds."""
        scheme = self.scheme

        def fine(score: Fraction) -> bool:
            if scheme.floor is not None and not capped:
                score = max(score, scheme.floor)
            if scheme.ceiling is not None and not capped:
                score = min(score, scheme.ceiling)
            shown = rounded(score, scheme.round) if scheme.round else score
            return any(band.holds(shown) for band in bands)

        return fine

    def edges(self, bands: Sequence[Bounds]) -> Iterator[Fraction]:
        """Give every score at which it may change whether a band holds it."""
        ends = (self.scheme.floor, self.scheme.ceiling)
        yield from (end for end in ends if end is not None)
        yield from rounded_edges([b for band in bands for b in band.bounds], self.scheme.round)

    def holds_back(self, cap: Fraction, bands: Sequence[Bounds]) -> bool:
        """Say whether a score held at `cap` is in none of some bands, nor any below it."""
        fine, edges = self.fine(bands), list(self.edges(bands))
        near = (edge + step for edge in edges for step in (-EDGE, ZERO, EDGE))
        low = min([cap, *edges]) - 1
        return not any(fine(number) for number in (low, cap, *near) if number <= cap)


def column(values: Numbers) -> Line:
    """Read a column whose first row is the audit as it is and whose others try one correction."""
    now, *then = (Fraction(value) for value in values)
    return Line(now, tuple(value - now for value in then))


def rounded_edges(bounds: Iterable[Fraction], rule: Round | None) -> Iterator[Fraction]:
    """Give the bounds, and where numbers near them are rounded."""
    for bound in bounds:
        yield bound
        if rule is not None:
            whole = floor(bound / rule.to)
            yield from ((whole + Fraction(half, 2)) * rule.to for half in range(-4, 7))
