"""What one answer to one item is worth, exactly.

Every number of a score begins here, as a fraction. A table of a million answers holds few distinct
ones, so this plain, exact judgement runs once for each and the rest is adding up (`grid`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.field import plain
from sopaudit.criteria.scheme import AnswerSet, Each, Limit, RollUp, Scheme, SectionRule
from sopaudit.findings.score import Line, Outcome

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)


@dataclass(frozen=True)
class Mark:
    """What an item's answer adds to its section."""

    outcome: Outcome
    earned: Fraction = ZERO
    possible: Fraction = ZERO
    lines: tuple[Line, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether it is part of the score."""
        return self.outcome == "counted"


@dataclass(frozen=True)
class Group:
    """A node of the roll-up: the whole checklist or one of its sections."""

    id: str
    roll_up: RollUp
    weight: Fraction
    empty: str
    children: tuple["Group", ...] = ()
    items: tuple[int, ...] = ()
    """Indexes of the items that stand directly in it."""


class Marking:
    """A checklist under its scheme, ready to judge answers given on one day."""

    def __init__(self, checklist: Checklist, scheme: Scheme, day: date | None = None) -> None:
        self.checklist = checklist
        self.scheme = scheme
        self.items: tuple[Item, ...] = checklist.items
        self.points = tuple(item.points_on(day) for item in self.items)
        self.sets = tuple(self._set(item) for item in self.items)
        self.root = _tree(checklist, scheme)
        self.has_maximum = all(self._has_maximum(n) for n in self.countable)

    @property
    def countable(self) -> tuple[int, ...]:
        """Indexes of the items whose answers can carry points."""
        return tuple(n for n in range(len(self.items)) if self._carries_points(n))

    def mark(self, n: int, answers: Sequence[Answer]) -> Mark:
        """Judge what item `n` was answered: nothing, once, or several times."""
        if not answers:
            return self._unanswered(n)
        marks = [self._mark(n, answer) for answer in answers]
        return marks[0] if len(marks) == 1 else self._several(n, marks)

    def meets(self, limit: Limit, n: int, answers: Sequence[Answer], mark: Mark) -> bool:
        """Say whether item `n`, so answered and marked, meets the condition of `limit`."""
        if not self._carries_labels(limit.where, self.items[n]):
            return False
        if limit.is_ is not None and all(a.result != limit.is_ for a in answers):
            return False
        bounds = (limit.at_least, limit.at_most, limit.above, limit.below)
        if any(bound is not None for bound in bounds):
            return mark.counted and limit.holds(mark.earned)
        return bool(answers)

    def _carries_labels(self, where: Mapping[str, str], item: Item) -> bool:
        labels = {
            **item.labels,
            "id": item.id,
            "section": item.section,
            "severity": item.severity,
            "scoring": item.scoring,
        }
        # A label may hold several words, as the limits that bit a post do in its branch.
        return all(word in str(labels.get(label) or "").split() for label, word in where.items())

    def _set(self, item: Item) -> AnswerSet:
        return self.scheme.sets[item.scoring or "" if self.scheme.named else ""]

    def _shares(self, n: int) -> list[Fraction]:
        table = self.sets[n]
        if not isinstance(table, Mapping):
            return []
        return [share for share in table.values() if isinstance(share, Fraction)]

    def _carries_points(self, n: int) -> bool:
        return not isinstance(self.sets[n], Mapping) or bool(self._shares(n))

    def _has_maximum(self, n: int) -> bool:
        """Whether an answer can earn less than the best one; else possible would say nothing."""
        if self.sets[n] == "number":
            return self.points[n] is not None
        return not isinstance(self.sets[n], Mapping) or len(set(self._shares(n))) > 1

    def _full(self, n: int) -> Fraction:
        """The most item `n` can earn, its weight left out."""
        shares = self._shares(n)
        if self.sets[n] == "number":
            return self.points[n] or ZERO
        most = (
            sum(s for s in shares if s > 0)
            if self.scheme.pick == "many"
            else max(shares, default=ONE)
        )
        return self._worth(n) * most

    def _worth(self, n: int) -> Fraction:
        worth = self.points[n]
        return ONE if worth is None else worth

    def _unanswered(self, n: int) -> Mark:
        if self.scheme.no_rows == "zero":
            return Mark("no_points")
        if not self._carries_points(n):
            return Mark("unanswered")
        if self.scheme.unanswered == "fail":
            line = Line("item.fail", {"possible": plain(self._full(n) * self.items[n].weight)})
            return self._count(n, ZERO, line)
        return Mark("blocked" if self.scheme.unanswered == "block" else "unanswered")

    def _mark(self, n: int, answer: Answer) -> Mark:
        table = self.sets[n]
        if answer.result in ("na", "unchecked") and not isinstance(table, Mapping):
            return Mark("na" if answer.result == "na" else "unchecked")
        if isinstance(table, Mapping):
            return self._by_table(n, answer, table)
        if isinstance(table, Each):
            return self._by_occurrence(n, answer, table)
        return self._by_rate(n, answer) if table == "rate" else self._by_number(n, answer)

    def _by_table(self, n: int, answer: Answer, table: Mapping[str, Fraction | str]) -> Mark:
        share = table[answer.result or ""]
        if share == "skip":
            outcome: Outcome = "no_points"
            if answer.result in ("na", "unchecked"):
                outcome = "na" if answer.result == "na" else "unchecked"
            return Mark(outcome)
        if not isinstance(share, Fraction):
            return Mark("blocked")
        told = {"answer": answer.result or "", "share": plain(share)}
        return self._count(n, self._worth(n) * share, Line("item.table", told))

    def _by_occurrence(self, n: int, answer: Answer, rule: Each) -> Mark:
        count = answer.value if answer.value is not None else Fraction(answer.failed or 0)
        if count == 0 and answer.result == "no":
            count = ONE
        told = {"each": plain(rule.each), "occurrences": plain(count)}
        return self._count(
            n, max(ZERO, self._worth(n) - count * rule.each), Line("item.each", told)
        )

    def _by_rate(self, n: int, answer: Answer) -> Mark:
        if answer.checked is None:
            failed, checked = (0 if answer.result == "yes" else 1), 1
        else:
            failed, checked = answer.failed or 0, answer.checked
        if checked == 0:
            return Mark("na")
        told = {"failed": str(failed), "checked": str(checked)}
        share = 1 - Fraction(failed, checked)
        return self._count(n, self._worth(n) * share, Line("item.rate", told))

    def _by_number(self, n: int, answer: Answer) -> Mark:
        if answer.value is None:
            return self._unanswered(n)
        return self._count(n, answer.value, Line("item.number", {"value": plain(answer.value)}))

    def _count(self, n: int, points: Fraction, line: Line) -> Mark:
        weight = self.items[n].weight
        earned, possible = points * weight, self._full(n) * weight
        told = {
            "points": plain(self._worth(n)),
            "weight": plain(weight),
            "earned": plain(earned),
            "possible": plain(possible),
            **line.values,
        }
        return Mark("counted", earned, possible, (Line(line.key, told),))

    def _several(self, n: int, marks: Sequence[Mark]) -> Mark:
        """Make one mark of several answers to one item, as the scheme says."""
        blocked = [mark for mark in marks if mark.outcome == "blocked"]
        counted = [mark for mark in marks if mark.counted]
        if blocked or not counted:
            return (blocked or sorted(marks, key=lambda mark: mark.outcome))[0]
        rule = "pick" if self.scheme.pick == "many" else self.scheme.several
        earned = [mark.earned for mark in counted]
        possible = max(mark.possible for mark in counted)
        if rule == "pick":
            total = sum(earned, ZERO)
        elif rule == "sum":
            total, possible = sum(earned, ZERO), sum((m.possible for m in counted), ZERO)
        elif rule == "mean":
            total = sum(earned, ZERO) / len(earned)
        else:
            # Without a maximum points are demerits, and the worst answer is the highest.
            worst = min if self._has_maximum(n) else max
            total = worst(earned)
        told = {"number": str(len(counted)), "rule": rule, "earned": plain(total)}
        lines = (*(line for m in counted for line in m.lines), Line("item.several", told))
        return replace(counted[0], earned=total, possible=possible, lines=lines)


def _tree(checklist: Checklist, scheme: Scheme) -> Group:
    """Arrange the items under the sections the scheme weighs, or all under the whole."""
    if not scheme.sections:
        everything = tuple(range(len(checklist.items)))
        return Group("", scheme.roll_up, ONE, scheme.empty, items=everything)
    return Group("", scheme.roll_up, ONE, scheme.empty, _sections(checklist, scheme, None))


def _sections(checklist: Checklist, scheme: Scheme, parent: str | None) -> tuple[Group, ...]:
    def group(rule: SectionRule) -> Group:
        own = tuple(n for n, item in enumerate(checklist.items) if item.section == rule.id)
        inner = _sections(checklist, scheme, rule.id)
        empty = rule.empty or scheme.empty
        return Group(rule.id, rule.roll_up, rule.weight, empty, inner, own)

    return tuple(group(rule) for rule in scheme.sections if rule.in_ == parent)
