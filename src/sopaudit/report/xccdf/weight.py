"""Weights as XCCDF can hold them: decimals of three digits, and no rule that weighs nothing.

Only ratios count, so weights of more digits or of no decimal form are multiplied by one number.
Where no number does for all of them they are rounded, and the scores are those of what is written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import Final

from sopaudit.report.xccdf.model import Group, Parts, Rule, rules

_DIGITS: Final = 3
_MOST: Final = 10**_DIGITS - 1
_ONE: Final = Fraction(1)


@dataclass(frozen=True)
class Settled:
    """A tree whose weights can be written."""

    parts: Parts
    factor: Fraction
    """What every weight of a rule was multiplied by."""

    exact: bool
    """Whether all weights keep their ratios."""


def settled(parts: Parts) -> Settled:
    """Give a tree with weights of three digits, in which what cannot count is not scored.

    What weighs nothing, or stands in a group that does, is told without being scored: the standard
    leaves the mean of rules open that all weigh nothing.
    """
    parts = tuple(_weighed(part, counts=True) for part in parts)
    own = [rule.weight for rule in rules(parts) if rule.scored]
    beside = [group.weight for group in _groups_beside_rules(parts)]
    scale = _Scale.of([*own, *beside])
    writing = _Writing(scale)
    return Settled(writing.written(parts), scale.factor, writing.exact)


def _weighed(part: Group | Rule, *, counts: bool) -> Group | Rule:
    counts = counts and part.weight > 0
    if isinstance(part, Rule):
        return replace(part, scored=part.scored and counts)
    return replace(part, parts=tuple(_weighed(inner, counts=counts) for inner in part.parts))


def _groups_beside_rules(parts: Parts) -> Iterator[Group]:
    groups = [part for part in parts if isinstance(part, Group)]
    if len(groups) < len(parts):
        yield from groups
    for group in groups:
        yield from _groups_beside_rules(group.parts)


@dataclass(frozen=True)
class _Scale:
    """What a set of weights is multiplied by, and whether all of them can then be written."""

    factor: Fraction
    exact: bool

    @classmethod
    def of(cls, weights: Iterable[Fraction]) -> "_Scale":
        some = [weight for weight in weights if weight > 0]
        if all(map(_fits, some)):
            return cls(_ONE, exact=True)
        common = lcm(*(weight.denominator for weight in some))
        whole = [int(weight * common) for weight in some]
        least = Fraction(common, gcd(*whole))
        for places in range(_DIGITS + 1):
            factor = least / 10**places
            if all(_fits(weight * factor) for weight in some):
                return cls(factor, exact=True)
        # Between 100 and 999 a whole number has as many digits as there are.
        factor = _ONE
        while max(some) * factor > _MOST:
            factor /= 10
        return cls(factor, exact=False)

    def written(self, weight: Fraction) -> Fraction:
        """Give the nearest weight that can be written; what weighs something goes on doing so."""
        return weight if not weight else _nearest(weight * self.factor)


class _Writing:
    def __init__(self, scale: _Scale) -> None:
        self.scale = scale
        self.exact = scale.exact

    def written(self, parts: Parts) -> Parts:
        """Scale a family: groups without a rule among them have only one another to compare with.

        Rules have one scale all over the tree, because two of the models add them all up.
        """
        scale = self.scale
        if all(isinstance(part, Group) for part in parts):
            scale = _Scale.of(part.weight for part in parts)
            self.exact &= scale.exact
        return tuple(self._part(part, scale) for part in parts)

    def _part(self, part: Group | Rule, scale: _Scale) -> Group | Rule:
        weight = scale.written(part.weight)
        if isinstance(part, Rule):
            return replace(part, weight=weight)
        return replace(part, weight=weight, parts=self.written(part.parts))


def _fits(weight: Fraction) -> bool:
    """Say whether it is a decimal of three digits at most, such as 999, 12.5 or 0.125."""
    return any(
        (weight * 10**places).denominator == 1 and weight * 10**places <= _MOST
        for places in range(_DIGITS + 1)
    )


def _nearest(weight: Fraction) -> Fraction:
    for places in range(_DIGITS, -1, -1):
        whole = round(weight * 10**places)
        if whole <= _MOST:
            return Fraction(max(whole, 1), 10**places)
    return Fraction(_MOST)
