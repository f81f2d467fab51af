"""How low and how high a score can come out at all, whatever is answered.

A range is worked out from the points and answers of the items, through the roll-up, to the number
that is graded. Where something can go on without end, or nothing is known, the range is open on
that side: a grade is only called out of reach where that is certain. Each item is answered once,
unless the scheme says in so many words that several answers are added up.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.field import plain
from sopaudit.criteria.judging import known_set, ranked, set_shares
from sopaudit.criteria.label import own_labels
from sopaudit.criteria.scheme import Each, Scheme

Bound = Fraction | float
"""An exact number, or infinity."""

_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)


@dataclass(frozen=True)
class Reach:
    """Numbers from `low` to `high`, both included."""

    low: Bound
    high: Bound
    only: tuple[Fraction, ...] | None = None
    """The few numbers there are, where they are few."""

    def __add__(self, other: "Reach") -> "Reach":
        return Reach(self.low + other.low, self.high + other.high)

    def times(self, factor: Fraction) -> "Reach":
        """Multiply; nothing of what has no end is nothing."""
        ends = sorted(end * factor if factor else _ZERO for end in (self.low, self.high))
        only = None if self.only is None else tuple(each * factor for each in self.only)
        return Reach(ends[0], ends[1], only)

    def with_nothing(self) -> "Reach":
        """Take in that it may be left out of a sum."""
        return Reach(min(self.low, _ZERO), max(self.high, _ZERO))

    def clamped(self, low: Bound, high: Bound) -> "Reach":
        """Keep it between a floor and a ceiling; a floor above the ceiling is none."""

        def held(number: Bound) -> Bound:
            return min(max(number, low), high)

        only = None if self.only is None else tuple(Fraction(held(each)) for each in self.only)
        return Reach(held(self.low), held(self.high), only)

    def on(self, grid: Fraction) -> "Reach":
        """Take in what its ends may be rounded to."""
        if self.only is not None:
            near = [math.floor(each / grid) + step for each in self.only for step in (0, 1)]
            only = tuple(sorted({*self.only, *(n * grid for n in near)}))
            return Reach(only[0], only[-1], only)
        low = math.floor(self.low / grid) * grid if math.isfinite(self.low) else self.low
        high = math.ceil(self.high / grid) * grid if math.isfinite(self.high) else self.high
        return Reach(low, high)

    def told(self) -> str:
        """Write it without words of a language: `0 … 100`, `≤ 100`."""
        if self.only is not None:
            return ", ".join(plain(each) for each in sorted({*self.only}))
        if not math.isfinite(self.low):
            return f"≤ {plain(Fraction(self.high))}"
        if not math.isfinite(self.high):
            return f"≥ {plain(Fraction(self.low))}"
        return f"{plain(Fraction(self.low))} … {plain(Fraction(self.high))}"


ANYWHERE: Final = Reach(-math.inf, math.inf)
_UPWARDS: Final = Reach(_ZERO, math.inf)
_SHARE: Final = Reach(_ZERO, _ONE)
_NOTHING: Final = Reach(_ZERO, _ZERO)


def worths(scheme: Scheme, checklist: Checklist, item: Item) -> list[Fraction]:
    """List the points an item may have, by its labels or those of an answer, and by the day."""
    own = [since.points for since in item.points_since]
    own = own or [_ONE if item.points is None else item.points]
    if scheme.points_by is None:
        return own
    carried = own_labels(item)
    found: list[object] = [scheme.points_by.table]
    fallback = False
    for label in scheme.points_by.label:
        values = {*checklist.labels.get(label, ()), *filter(None, [carried.get(label)])}
        fallback |= label not in carried
        tables = [table for table in found if isinstance(table, Mapping)]
        found = [table[value] for table in tables for value in values if value in table]
        fallback |= any(value not in table for table in tables for value in values)
    listed = [points for points in found if isinstance(points, Fraction)]
    return [*listed, *(own if fallback or not listed else [])]


def earned(scheme: Scheme, checklist: Checklist, item: Item) -> Reach | None:
    """Give what one answer to `item` may earn, weight included; None where it carries no points."""
    answers, points = known_set(scheme, item), worths(scheme, checklist, item)
    if isinstance(answers, Mapping):
        parts = [*set_shares(answers).values()]
        if not parts:
            return None
        if scheme.pick == "many":
            parts = [*parts, sum((part for part in parts if part > 0), _ZERO)]
        found = [part * worth for part in parts for worth in points]
        reach = Reach(min(found), max(found))
    elif answers == "number":
        reach = _number(item, max(points))
    elif answers == "rate" or isinstance(answers, Each):
        reach = Reach(_ZERO, max(points))
    else:
        reach = ANYWHERE
    return reach.times(item.weight)


def _number(item: Item, most: Fraction) -> Reach:
    listed = item.values
    if listed:
        return Reach(min(listed), max(listed))
    bounded = item.points is not None or bool(item.points_since)
    return Reach(-math.inf, most if bounded else math.inf)


def bounded(scheme: Scheme, item: Item) -> bool:
    """Say whether an item has a best answer and worse ones; else its points are demerits."""
    answers = known_set(scheme, item)
    if answers == "number":
        return item.points is not None or bool(item.points_since)
    return ranked(answers)


def together(scheme: Scheme, checklist: Checklist, item: Item) -> Reach | None:
    """Give what all answers to `item` may earn; None where it carries no points."""
    reach = earned(scheme, checklist, item)
    if reach is None:
        return None
    adds = scheme.several == "sum" and "several" in scheme.model_fields_set
    demerits = not bounded(scheme, item)
    if scheme.persons is not None:
        adds = demerits and scheme.persons == "pooled"
    elif demerits:
        adds = scheme.several == "sum"  # what is cited again counts again
    if not adds:
        return reach
    return Reach(
        -math.inf if reach.low < 0 else reach.low, math.inf if reach.high > 0 else reach.high
    )


def reach(scheme: Scheme, checklist: Checklist | None = None) -> Reach:
    """Give where the number that is graded can lie; without a checklist, in whatever one it has."""
    found = _unknown(scheme) if checklist is None else _rolled(scheme, checklist, "")
    if scheme.roll_up in ("percent", "mean", "all"):
        found = found.times(scheme.best)
    start = scheme.start or _ZERO
    if scheme.take == "away":
        found = found.times(Fraction(-1))
    only = None if found.only is None else tuple(each + start for each in found.only)
    found = Reach(found.low + start, found.high + start, only)
    for adjust in scheme.adjust:
        if adjust.each == "total":
            found = _adjusted(found, adjust.points, adjust.at_most)
    floor = -math.inf if scheme.floor is None else scheme.floor
    ceiling = math.inf if scheme.ceiling is None else scheme.ceiling
    found = found.clamped(floor, ceiling)
    if scheme.round is None or not scheme.round.to:
        return found
    return found.on(scheme.round.to)


def _adjusted(found: Reach, points: Fraction, at_most: int | None) -> Reach:
    most = points * at_most if at_most is not None else (math.inf if points else _ZERO)
    if at_most is None and points < 0:
        most = -math.inf
    return found + Reach(min(_ZERO, most), max(_ZERO, most))


def _unknown(scheme: Scheme) -> Reach:
    """Give the value of the whole where no checklist is known."""
    told = (share for answers in scheme.sets.values() for share in set_shares(answers).values())
    negative = any(share < 0 for share in told)
    raised = any(adjust.each == "section" for adjust in scheme.adjust)
    raised |= any(rule.surcharge is not None for rule in scheme.sections)
    if negative or raised or "number" in scheme.sets.values():
        return ANYWHERE
    if scheme.roll_up == "all":
        return Reach(_ZERO, _ONE, (_ZERO, _ONE))
    return _SHARE if scheme.roll_up in ("percent", "mean") else _UPWARDS


def _rolled(scheme: Scheme, checklist: Checklist, name: str) -> Reach:
    """Give the value of a section, or of the whole under the empty name."""
    rules = {rule.id: rule for rule in scheme.sections}
    roll_up = rules[name].roll_up if name else scheme.roll_up
    within = [item for item in checklist.items if _home(scheme, item) == name]
    inner = [
        (rule, _rolled(scheme, checklist, rule.id))
        for rule in scheme.sections
        if (rule.in_ or "") == name
    ]
    if roll_up == "all":
        found = Reach(_ZERO, _ONE, (_ZERO, _ONE))
    elif roll_up == "sum":
        parts = [together(scheme, checklist, item) for item in within]
        weighed = [part.times(rule.weight) for rule, part in inner]
        summed = (part.with_nothing() for part in (*parts, *weighed) if part is not None)
        found = sum(summed, _NOTHING)
    else:
        endless = any(
            known_set(scheme, item) == "number" and not bounded(scheme, item) for item in within
        )
        low = any(_negative(scheme, item) for item in within)
        low |= any(part.low < 0 for _, part in inner)
        raised = any(_raised(scheme, rule.id) for rule, _ in inner)
        most = _most(len(within), [part for _, part in inner]) if roll_up == "count" else _ONE
        # A section without a maximum enters a mean as it is.
        entered = checklist.items if roll_up == "mean" and inner else ()
        endless |= not all(bounded(scheme, item) for item in entered)
        high = math.inf if endless or raised else most
        found = Reach(-math.inf if low else _ZERO, high)
    return _surcharged(scheme, name, found)


def _negative(scheme: Scheme, item: Item) -> bool:
    """Say whether an answer to `item` may earn less than nothing, whatever it weighs."""
    answers = known_set(scheme, item)
    if answers == "number":
        return min(item.values, default=-_ONE) < 0
    return any(share < 0 for share in set_shares(answers).values())


def _home(scheme: Scheme, item: Item) -> str:
    """Give the section an item stands in, as the scheme sees it."""
    weighed = item.section is not None and any(r.id == item.section for r in scheme.sections)
    return str(item.section) if weighed else ""


def _most(items: int, sections: Iterable[Reach]) -> Bound:
    """Give the most shares added up can be: one each; a section that counts itself, what it has."""
    return sum((max(part.high, _ONE) for part in sections), Fraction(items))


def _raised(scheme: Scheme, section: str) -> bool:
    """Say whether a section may come to more than what its items could be."""
    rule = next(rule for rule in scheme.sections if rule.id == section)
    within = (r.id for r in scheme.sections if r.in_ == section)
    paid = any(adjust.each == "section" and adjust.points > 0 for adjust in scheme.adjust)
    return paid or rule.surcharge is not None or any(_raised(scheme, inner) for inner in within)


def _surcharged(scheme: Scheme, name: str, found: Reach) -> Reach:
    """Add what a fact about the audit adds to a section, and what its answers do."""
    rule = next((rule for rule in scheme.sections if rule.id == name), None)
    if rule is None:
        return found
    if rule.surcharge is not None:
        most = max([_ZERO, *rule.surcharge.rates.values()])
        least = min([_ZERO, *rule.surcharge.rates.values()])
        ends = [found.times(1 + rate) for rate in (most, least)]
        # Rounding moves it by one step at most.
        step = rule.surcharge.round.to if rule.surcharge.round else _ZERO
        found = Reach(min(end.low for end in ends) - step, max(end.high for end in ends) + step)
    for adjust in scheme.adjust:
        if adjust.each == "section":
            points = adjust.points
            if rule.roll_up in ("percent", "mean", "all"):
                points /= scheme.best_of(rule.roll_up)
            found = _adjusted(found, points, adjust.at_most)
    return found
