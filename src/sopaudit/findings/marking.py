"""What one answer to one item is worth, exactly.

Every number of a score begins here, as a fraction. A table of a million answers holds few distinct
ones, so this plain, exact judgement runs once for each and the rest is adding up (`grid`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Final

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.criteria.field import number, plain
from sopaudit.criteria.judging import answer_set, ranked, scored, set_shares
from sopaudit.criteria.label import carries, own_labels
from sopaudit.criteria.scheme import Each, Limit, Persons, Scheme
from sopaudit.findings.grouping import ONE, ZERO, Group, Tree
from sopaudit.findings.rounding import rounded
from sopaudit.findings.score import Line, Outcome

Told = Mapping[str, Fraction | str]
"""The values of a line, numbers still as numbers."""

NOTHING: Final[Told] = MappingProxyType({})

NOTHING_KNOWN: Final[Mapping[str, str]] = MappingProxyType({})

_OUTCOMES: Final[Sequence[Outcome]] = (
    "blocked",
    "counted",
    "no_points",
    "unchecked",
    "unanswered",
    "na",
)
"""Which outcome several answers to one item have together: the first that any of them has."""


@dataclass(frozen=True)
class Mark:
    """What an item's answer adds to its section."""

    outcome: Outcome
    earned: Fraction = ZERO
    possible: Fraction = ZERO
    told: tuple[tuple[str, Told], ...] = ()
    """Which rule made it of which numbers, for each answer."""

    missed: bool = False
    """It counts, but one of the persons it is about was not looked at."""

    short: bool = False
    """It counts and falls short of the best, or brings demerits."""

    @property
    def counted(self) -> bool:
        """Whether it is part of the score."""
        return self.outcome == "counted"

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Its derivation, written only when asked for, because a table never does."""
        return tuple(
            Line(key, {name: v if isinstance(v, str) else plain(v) for name, v in values.items()})
            for key, values in self.told
        )


class Marking:
    """A checklist under its scheme, ready to judge answers given on one day.

    `facts` are those of the audits that surcharges of the scheme ask for.
    """

    def __init__(
        self,
        checklist: Checklist,
        scheme: Scheme,
        day: date | None = None,
        facts: Mapping[str, str] = NOTHING_KNOWN,
    ) -> None:
        self.scheme = scheme
        self.items: tuple[Item, ...] = checklist.items
        self.in_force = tuple(item.in_force(day) for item in self.items)
        """By item: whether it is asked on that day; else it is no part of anything."""

        self.points = tuple(item.points_on(day) for item in self.items)
        self.sets = tuple(answer_set(scheme, item) for item in self.items)
        self.labels = tuple(own_labels(item) for item in self.items)
        self.countable = tuple(
            n for n in range(len(self.items)) if self.in_force[n] and scored(self.sets[n])
        )
        """Indexes of the items whose answers can carry points."""

        self.bounded = tuple(self._bounded(n) for n in range(len(self.items)))
        """By item: whether it has a best answer and worse ones; else its possible says nothing."""

        away = scheme.take == "away" and scheme.start is not None
        self.has_maximum = away or all(self.bounded[n] for n in self.countable)
        """Whether there is a highest score; where points are demerits and are taken from nothing
        there is none."""

        asked = self.in_force
        full = [
            self._full(n) * item.weight if asked[n] else ZERO for n, item in enumerate(self.items)
        ]
        self.tree = Tree(scheme, self.items, full, self.countable, asked, facts)
        self.root: Group = self.tree.root()

    def has_most(self, group: Group) -> bool:
        """Say whether there is a most a group can come to: none of its points are demerits."""
        inside = set(group.inside)
        return all(self.bounded[n] for n in self.countable if n in inside)

    def mark(self, n: int, answers: Sequence[Answer]) -> Mark:
        """Judge what item `n` was answered: nothing, once, or several times.

        What weighs nothing is never short of anything where all must be full.
        """
        mark = self._judged(n, answers)
        return replace(mark, short=False) if mark.short and not self.items[n].weight else mark

    def _judged(self, n: int, answers: Sequence[Answer]) -> Mark:
        if not self.in_force[n]:
            return Mark("no_points")
        if not answers:
            return self._unanswered(n)
        if self.scheme.persons is not None and len(answers) > 1:
            return self._persons(n, answers, self.scheme.persons)
        if self.scheme.pick == "many":
            # An option ticked in two rows is ticked once.
            answers = [*{answer.result: answer for answer in answers}.values()]
        marks = [self._mark(n, answer) for answer in answers]
        return marks[0] if len(marks) == 1 else self._several(n, marks)

    def worst(self, n: int, answers: Sequence[Answer]) -> Answer | None:
        """Pick the answer that cost item `n` most; None where there is none.

        Of persons who are pooled it is the answer all their cases come to.
        """
        if len(answers) == 1:
            return answers[0]
        together = self._pooled(n, answers) if self.scheme.persons == "pooled" else None
        if together is not None:
            return together

        def cost(answer: Answer) -> tuple[int, Fraction, int, int]:
            mark = self.mark(n, (answer,))
            earned = mark.earned if self.bounded[n] else -mark.earned
            word = {"no": 0, "partial": 1}.get(answer.result or "", 2)
            return _OUTCOMES.index(mark.outcome), earned, word, -(answer.failed or 0)

        return min(answers, key=cost, default=None)

    def share(self, n: int, mark: Mark) -> Fraction | None:
        """Give what item `n` brings into a mean; None where it has no weight or no points."""
        weight = self.items[n].weight
        if not weight or (mark.possible == 0 and self.points_of(n) is not None):
            return None
        return mark.earned / (mark.possible or weight)

    def meets(self, limit: Limit, n: int, answers: Sequence[Answer], mark: Mark) -> bool:
        """Say whether item `n`, so answered and marked, meets the condition of `limit`.

        An item left blank meets one about points only where blanks count.
        """
        if not self.in_force[n]:
            return False
        if limit.any == "item":
            return carries(self.labels[n], limit.where) and self._holds(limit, n, None, mark)
        return any(
            carries(self.labels_of(n, one), limit.where)
            and self._holds(limit, n, one, self._mark(n, one))
            for one in answers
        )

    def labels_of(self, n: int, answer: Answer) -> Mapping[str, str]:
        """Give the labels of an answer to item `n`: its own, and those of the item."""
        return {**self.labels[n], **dict(answer.labels)} if answer.labels else self.labels[n]

    def part(self, group: Group, n: int, answers: Sequence[Answer]) -> Mark | None:
        """Judge what item `n` has in the group of a label: the answers that carry its value.

        None where it has no part in it. An item without an answer stands where its own label says.
        """
        if not answers:
            inside = self.labels[n].get(group.label) == group.id
            return self.mark(n, ()) if inside else None
        its = [a for a in answers if self.labels_of(n, a).get(group.label) == group.id]
        return self.mark(n, its) if its else None

    def counted(self, count: Mapping[str, str], n: int, answers: Sequence[Answer]) -> Fraction:
        """Count how often answers to item `n` occur that carry the labels of `count`.

        With `answer` among them, those that recorded this word; without, those that fall short.
        """
        if not self.in_force[n]:
            return ZERO
        where = {label: word for label, word in count.items() if label != "answer"}
        word = count.get("answer")
        return sum(
            (
                self._occurs(n, answer)
                for answer in answers
                if carries(self.labels_of(n, answer), where)
                and (self._short(n, answer) if word is None else answer.result == word)
            ),
            ZERO,
        )

    def _short(self, n: int, answer: Answer) -> bool:
        mark = self._mark(n, answer)
        if mark.outcome == "no_points":
            return answer.result in ("no", "partial")
        return mark.short

    def _occurs(self, n: int, answer: Answer) -> Fraction:
        table = self.sets[n]
        if answer.result in ("na", "unchecked"):
            return ONE
        if isinstance(table, Each):
            return answer.occurrences
        return Fraction(_cases(answer)[0]) if table == "rate" else ONE

    def _holds(self, limit: Limit, n: int, answer: Answer | None, mark: Mark) -> bool:
        """Say whether an answer, or the item as a whole, is what `limit` asks for."""
        if limit.is_ is not None and not self._is(limit, n, answer, mark):
            return False
        return not limit.bounds or (mark.counted and limit.holds(self._rounded(limit, mark.earned)))

    def _is(self, limit: Limit, n: int, answer: Answer | None, mark: Mark) -> bool:
        """Compare with the answer given; a number that is no answer of the item, with points.

        So is what an item earned in all, whichever answers it was given.
        """
        said = limit.is_ or ""
        table, points = self.sets[n], number(said)
        a_word = isinstance(table, Mapping) and said in table
        if points is None or (a_word and answer is not None):
            return answer is not None and answer.result == said
        return mark.counted and self._rounded(limit, mark.earned) == points

    @staticmethod
    def _rounded(limit: Limit, points: Fraction) -> Fraction:
        return rounded(points, limit.round) if limit.round else points

    def _bounded(self, n: int) -> bool:
        if self.sets[n] == "number":
            return self.points_of(n) is not None
        return ranked(self.sets[n])

    def _full(self, n: int, answer: Answer | None = None) -> Fraction:
        """Give the most item `n` can earn where it is so answered, its weight left out."""
        if self.sets[n] == "number":
            return self.points_of(n, answer) or ZERO
        parts = set_shares(self.sets[n]).values()
        most = max(parts, default=ONE)
        if self.scheme.pick == "many":
            most = sum((share for share in parts if share > 0), ZERO)
        return self._worth(n, answer) * most

    def points_of(self, n: int, answer: Answer | None = None) -> Fraction | None:
        """Give the points item `n` has where it is so answered; None where it has none of its own.

        Those by its labels go before those it carries.
        """
        by = self.scheme.points_by
        labels = self.labels[n] if answer is None else self.labels_of(n, answer)
        worth = by.points(labels) if by is not None else None
        return self.points[n] if worth is None else worth

    def _worth(self, n: int, answer: Answer | None = None) -> Fraction:
        """Give the points of item `n` where it is so answered, 1 where nothing says."""
        worth = self.points_of(n, answer)
        return ONE if worth is None else worth

    def _unanswered(self, n: int) -> Mark:
        if self.scheme.no_rows == "zero":
            return Mark("no_points")
        if not scored(self.sets[n]):
            return Mark("unanswered")
        if self.scheme.unanswered == "fail":
            return self._count(n, None, ZERO, "item.fail")
        return Mark("blocked" if self.scheme.unanswered == "block" else "unanswered")

    def _mark(self, n: int, answer: Answer) -> Mark:
        table = self.sets[n]
        if isinstance(table, Mapping):
            return self._by_table(n, answer, table)
        if answer.result in ("na", "unchecked"):
            return Mark("na" if answer.result == "na" else "unchecked")
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
        told: Told = {"answer": answer.result or "", "share": share}
        return self._count(n, answer, self._worth(n, answer) * share, "item.table", told)

    def _by_occurrence(self, n: int, answer: Answer, rule: Each) -> Mark:
        count = answer.occurrences
        points = max(ZERO, self._worth(n, answer) - count * rule.each)
        told: Told = {"each": rule.each, "occurrences": count}
        return self._count(n, answer, points, "item.each", told)

    def _by_rate(self, n: int, answer: Answer) -> Mark:
        failed, checked = _cases(answer)
        if checked == 0:
            return Mark("na")
        told = {"failed": str(failed), "checked": str(checked)}
        share = 1 - Fraction(failed, checked)
        return self._count(n, answer, self._worth(n, answer) * share, "item.rate", told)

    def _by_number(self, n: int, answer: Answer) -> Mark:
        if answer.value is None:
            return self._unanswered(n)
        return self._count(n, answer, answer.value, "item.number", {"value": answer.value})

    def _count(
        self, n: int, answer: Answer | None, points: Fraction, rule: str, told: Told = NOTHING
    ) -> Mark:
        weight, full, worth = self.items[n].weight, self._full(n, answer), self._worth(n, answer)
        earned, possible = points * weight, full * weight
        sums = {"points": worth, "weight": weight, "earned": earned, "possible": possible}
        short = points < full if self.bounded[n] else points > 0
        return Mark("counted", earned, possible, ((rule, {**sums, **told}),), short=short)

    def _several(self, n: int, marks: Sequence[Mark]) -> Mark:
        """Make one mark of several answers to one item, as the scheme says."""
        first = min(marks, key=lambda mark: _OUTCOMES.index(mark.outcome))
        if not first.counted:
            return first
        counted = [mark for mark in marks if mark.counted]
        rule = "pick" if self.scheme.pick == "many" else self.scheme.several
        earned = [mark.earned for mark in counted]
        possible = first.possible
        if rule == "pick":
            total = sum(earned, ZERO)
        elif rule == "sum":
            total = sum(earned, ZERO)
            possible = sum((mark.possible for mark in counted), ZERO)
        elif rule == "mean":
            total = sum(earned, ZERO) / len(earned)
            possible = sum((mark.possible for mark in counted), ZERO) / len(counted)
        else:
            worst = self._worst(n, counted)
            total, possible = worst.earned, worst.possible
        told: Told = {"number": str(len(counted)), "rule": rule, "earned": total}
        lines = [line for mark in counted for line in mark.told]
        lines.append(("item.several", told))
        weight = self.items[n].weight
        if self.scheme.several_round is not None and weight and len(counted) > 1:
            whole = rounded(total / weight, self.scheme.several_round) * weight
            to = self.scheme.several_round
            lines.append(("item.several_round", {"exact": total, "to": to.to, "earned": whole}))
            total = whole
        short = any(mark.short for mark in counted)
        if rule == "pick":
            short = total < possible
        return Mark("counted", total, possible, tuple(lines), short=short)

    def _worst(self, n: int, counted: Sequence[Mark]) -> Mark:
        """Pick the mark that loses most; of several that lose the same, the one that earns less.

        Without a maximum points are demerits, and the highest is the worst.
        """
        if self.bounded[n]:
            return max(counted, key=lambda mark: (mark.possible - mark.earned, -mark.earned))
        return max(counted, key=lambda mark: (mark.earned, mark.possible))

    def _persons(self, n: int, answers: Sequence[Answer], rule: Persons) -> Mark:
        """Make one mark of what several persons earned; those it does not apply to leave the base.

        Whoever was not looked at leaves it too, and is missed.
        """
        marks = [self._mark(n, answer) for answer in answers]
        first = min(marks, key=lambda mark: _OUTCOMES.index(mark.outcome))
        if not first.counted:
            return first
        counted = [mark for mark in marks if mark.counted]
        together = self._pooled(n, answers) if rule == "pooled" else None
        lines: tuple[tuple[str, Told], ...] = ()
        possible = sum((mark.possible for mark in counted), ZERO) / len(counted)
        if together is not None:
            mark = self._mark(n, together)
            total, possible, lines = mark.earned, mark.possible, mark.told
        elif rule == "worst":
            worst = self._worst(n, counted)
            total, possible = worst.earned, worst.possible
        else:
            # Pooled, an answer without cases is one case; demerits without a maximum just add up.
            total = sum((mark.earned for mark in counted), ZERO)
            total /= len(counted) if rule == "mean" or self.bounded[n] else 1
        told: Told = {"number": str(len(counted)), "rule": rule, "earned": total}
        missed = any(mark.outcome in ("unchecked", "unanswered") for mark in marks)
        short = any(mark.short for mark in marks)
        lines = (*lines, ("item.persons", told))
        return Mark("counted", total, possible, lines, missed=missed, short=short)

    def _pooled(self, n: int, answers: Sequence[Answer]) -> Answer | None:
        """Count the cases or occurrences of several persons together; None where none are told."""
        table = self.sets[n]
        counted = [answer for answer in answers if self._mark(n, answer).counted]
        if not counted or not (table == "rate" or isinstance(table, Each)):
            return None
        if table == "rate":
            failed, checked = zip(*map(_cases, counted), strict=True)
            return Answer(failed=sum(failed), checked=sum(checked))
        return Answer(value=sum((one.occurrences for one in counted), ZERO))


def _cases(answer: Answer) -> tuple[int, int]:
    """Count the cases that failed, of those checked; a bare word is one case."""
    if answer.checked is None:
        return (0 if answer.result == "yes" else 1), 1
    return answer.failed or 0, answer.checked
