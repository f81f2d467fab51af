"""What one item comes to, read aloud from `docs/schemes.md`: one item, in fractions, slowly.

It is a second reading of the rule and knows nothing of the engine, which has to agree with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.scheme import Each, Scheme
from sopaudit.criteria.section import Round

LEFT_OUT = ("na", "unchecked")


def rounded(value: Fraction, rule: Round | None) -> Fraction:
    """Round as a rule says; without one, to the six decimals anything is printed with."""
    to, mode = (rule.to, rule.mode) if rule else (Fraction(1, 10**6), "half_up")
    whole, rest = floor(abs(value) / to), abs(value) / to % 1
    up = {
        "half_up": rest >= Fraction(1, 2),
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[mode]
    return (whole + up) * to * (1 if value >= 0 else -1)


@dataclass(frozen=True)
class Marked:
    """What became of one item, or of the part of it that some of its answers make."""

    outcome: str
    weight: Fraction = Fraction(1)
    points: Fraction = Fraction(0)
    """Earned, before weight."""

    most: Fraction = Fraction(0)
    """What could have been earned, before weight."""

    short: bool = False
    """It counts, and not all of it is as good as it could be."""

    missed: bool = False
    """One of its persons was not looked at."""

    @property
    def counted(self) -> bool:
        return self.outcome == "counted"

    @property
    def share(self) -> Fraction:
        """The share earned; the number answered where there are no points."""
        return self.points / self.most if self.most else self.points

    @property
    def earned(self) -> Fraction:
        return self.points * self.weight

    @property
    def possible(self) -> Fraction:
        return self.most * self.weight


Judged = tuple[Fraction, Fraction] | str
"""Points earned and possible of one answer, weight left out; or why it has none."""


class Judge:
    """A scheme on a day: what answers are worth."""

    def __init__(self, scheme: Scheme, day: date | None) -> None:
        self.scheme = scheme
        self.day = day

    # What an item is

    def rule(self, item: Item) -> Any:  # noqa: ANN401 -- an answer set is a union
        sets = self.scheme.sets
        return sets[item.scoring] if item.scoring in sets else sets[""]

    def shares(self, item: Item) -> list[Fraction]:
        """List what the answers of an item may earn of its points."""
        rule = self.rule(item)
        if not isinstance(rule, Mapping):
            return [Fraction(0), Fraction(1)]
        return [share for share in rule.values() if isinstance(share, Fraction)]

    def carries_points(self, item: Item) -> bool:
        return bool(self.shares(item))

    def bounded(self, item: Item) -> bool:
        if self.rule(item) == "number":
            return self.worth(item) is not None
        return len(set(self.shares(item))) > 1

    @staticmethod
    def labels(item: Item, answer: Answer | None = None) -> dict[str, str]:
        """Give the labels of an item, or of an answer to it."""
        own = {
            "id": item.id,
            "section": item.section,
            "severity": item.severity,
            "scoring": item.scoring,
        }
        said = {label: word for label, word in own.items() if word is not None} | item.labels
        return said | dict(answer.labels) if answer else said

    def worth(self, item: Item, answer: Answer | None = None) -> Fraction | None:
        """Give the points of an item as one of its answers has them; None where there are none."""
        table = self.scheme.points_by
        if table is not None:
            labels = self.labels(item, answer)
            found: Any = table.table
            for label in table.label:
                found = found.get(labels.get(label)) if isinstance(found, Mapping) else None
            if isinstance(found, Fraction):
                return found
        if not item.points_since:
            return item.points
        before = [
            since for since in item.points_since if self.day is None or since.date <= self.day
        ]
        return (before or item.points_since[:1])[-1].points

    def best(self, item: Item) -> Fraction:
        shares = self.shares(item)
        if self.scheme.pick == "many":
            return sum((share for share in shares if share > 0), Fraction(0))
        return max(shares, default=Fraction(1))

    def full(self, item: Item, answer: Answer | None = None) -> Fraction:
        """Give what could be earned, before weight."""
        worth = self.worth(item, answer)
        if self.rule(item) == "number":
            return worth or Fraction(0)
        return (Fraction(1) if worth is None else worth) * self.best(item)

    # What an answer is

    def judged(self, item: Item, answer: Answer) -> Judged:
        rule, worth = self.rule(item), self.worth(item, answer)
        full = self.full(item, answer)
        worth = Fraction(1) if worth is None else worth
        if isinstance(rule, Mapping):
            share = rule[answer.result]
            if share == "skip":
                return str(answer.result) if answer.result in LEFT_OUT else "no_points"
            return "blocked" if share == "block" else (worth * share, full)
        if answer.result in LEFT_OUT:
            return str(answer.result)
        if rule == "number":
            return "blank" if answer.value is None else (answer.value, full)
        if isinstance(rule, Each):
            return max(worth - rule.each * self.occurrences(answer), Fraction(0)), full
        failed, checked = self.cases(answer)
        return (worth * Fraction(checked - failed, checked), full) if checked else "na"

    @staticmethod
    def occurrences(answer: Answer) -> Fraction:
        if answer.value:
            return answer.value
        return Fraction(answer.failed or (1 if answer.result == "no" else 0))

    @staticmethod
    def cases(answer: Answer) -> tuple[int, int]:
        """Count the cases that failed, of those checked; a bare word is one case."""
        if answer.checked is None:
            return int(answer.result != "yes"), 1
        return answer.failed or 0, answer.checked

    def occurs(self, item: Item, answer: Answer) -> Fraction:
        """Say how often an answer happened."""
        if answer.result in LEFT_OUT:
            return Fraction(1)
        if isinstance(self.rule(item), Each):
            return self.occurrences(answer)
        return Fraction(self.cases(answer)[0]) if self.rule(item) == "rate" else Fraction(1)

    def falls_short(self, item: Item, answer: Answer) -> bool:
        judged = self.judged(item, answer)
        if isinstance(judged, str):
            return answer.result in {"no", "partial"}
        if not self.bounded(item):
            return judged[0] > 0
        return judged[0] < judged[1]

    # What all its answers come to

    def mark(self, item: Item, answers: Sequence[Answer]) -> Marked:
        if self.scheme.pick == "many":
            answers = list({answer.result: answer for answer in answers}.values())
        judged = [self.judged(item, answer) for answer in answers] or ["blank"]
        if "blocked" in judged:
            return Marked("blocked")
        points = [each for each in judged if not isinstance(each, str)]
        if not points:
            order = ["no_points", "unchecked", "blank", "na"]
            return self.without_points(item, min(map(str, judged), key=order.index))
        missed = False
        if self.scheme.persons and len(answers) > 1:
            missed = bool(
                {"unchecked", "blank"} & {each for each in judged if isinstance(each, str)}
            )
            earned, most = self.of_persons(item, answers, points)
        else:
            earned, most = self.of_several(item, points)
        short = any(self.falls_short(item, a) for a in answers if self.has_points(item, a))
        if self.scheme.pick == "many":
            short = earned < most
        return Marked("counted", item.weight, earned, most, short, missed)

    def has_points(self, item: Item, answer: Answer) -> bool:
        return not isinstance(self.judged(item, answer), str)

    def in_vain(self, item: Item, mark: Marked) -> bool:
        """Say whether an item has no weight or no points, and so no part in a mean or a count."""
        pointless = self.rule(item) == "number" and not self.bounded(item)
        return item.weight == 0 or (mark.most == 0 and not pointless)

    def of_several(
        self, item: Item, points: Sequence[tuple[Fraction, Fraction]]
    ) -> tuple[Fraction, Fraction]:
        earned = sum((one for one, _ in points), Fraction(0))
        most = sum((possible for _, possible in points), Fraction(0))
        if self.scheme.pick == "many":
            return earned, self.full(item)
        if len(points) == 1:
            return points[0]
        if self.scheme.several == "mean":
            earned, most = earned / len(points), most / len(points)
        elif self.scheme.several in {"worst", "once"}:
            earned, most = self.worst(item, points)
        if self.scheme.several_round:
            earned = rounded(earned, self.scheme.several_round)
        return earned, most

    def worst(
        self, item: Item, points: Sequence[tuple[Fraction, Fraction]]
    ) -> tuple[Fraction, Fraction]:
        """Give the answer that loses most; of several that lose the same, the one worth least."""
        if self.bounded(item):
            return min(points, key=lambda each: (each[0] - each[1], each[0]))
        return max(points)

    def of_persons(
        self, item: Item, answers: Sequence[Answer], points: Sequence[tuple[Fraction, Fraction]]
    ) -> tuple[Fraction, Fraction]:
        """Combine what several persons earned."""
        if self.scheme.persons == "worst":
            return self.worst(item, points)
        counting = isinstance(self.rule(item), Each) or self.rule(item) == "rate"
        if self.scheme.persons == "pooled" and counting:
            pooled = self.judged(item, self.together(item, answers))
            assert not isinstance(pooled, str)
            return pooled
        earned = sum((one for one, _ in points), Fraction(0))
        most = sum((possible for _, possible in points), Fraction(0))
        alone = self.scheme.persons == "pooled" and not self.bounded(item)
        return earned if alone else earned / len(points), most / len(points)

    def together(self, item: Item, answers: Sequence[Answer]) -> Answer:
        """Put the answers of all persons into one: their cases, or their occurrences."""
        spoken = [answer for answer in answers if answer.result not in LEFT_OUT]
        if self.rule(item) == "rate":
            cases = [self.cases(answer) for answer in spoken]
            return Answer(failed=sum(n for n, _ in cases), checked=sum(n for _, n in cases))
        return Answer(value=sum(map(self.occurrences, spoken), Fraction(0)))

    def without_points(self, item: Item, why: str) -> Marked:
        if why != "blank":
            return Marked(why)
        if self.scheme.no_rows == "zero":
            return Marked("no_points")
        carries = self.carries_points(item)
        if carries and self.scheme.unanswered == "fail":
            full = self.full(item)
            return Marked("counted", item.weight, Fraction(0), full, short=full > 0)
        blocks = carries and self.scheme.unanswered == "block"
        return Marked("blocked" if blocks else "unanswered")
