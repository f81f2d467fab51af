"""The rule of a scheme, read aloud from `docs/schemes.md`: one audit, without a table or a float.

It is slow and knows nothing of the engine, which has to agree with it wherever Hypothesis looks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any, Final

from tests.findings.aloud_item import Judge, Marked, rounded

from sopaudit.criteria.answer import Answer
from sopaudit.criteria.checklist import Item
from sopaudit.criteria.field import number
from sopaudit.criteria.scheme import Adjust, Band, CountBounds, Limit
from sopaudit.criteria.section import SectionRule
from sopaudit.findings.score import STATES
from sopaudit.findings.scoring import COLUMNS, Scorer

NOTHING: Final = Fraction(0)
SHARES: Final = ("percent", "mean", "all")


@dataclass(frozen=True)
class Part:
    """What a section, a group or the whole comes to."""

    value: Fraction
    out_of: Fraction
    full: Fraction
    """What it could be if everything in it counted."""

    present: bool
    """Something in it counted."""

    perfect: bool
    """Whatever counted in it is full."""

    @property
    def share(self) -> Fraction:
        return self.value / self.out_of if self.out_of else self.value


@dataclass(frozen=True)
class Group:
    """What a label puts together, and what it comes to; None where nothing in it counted."""

    name: str
    members: Sequence[tuple[Item, list[Answer]]]
    value: Fraction | None


Marks = Sequence[tuple[Item, Marked]]
Within = Sequence[tuple[SectionRule, Part]]


class Aloud:
    """One audit under one scheme."""

    def __init__(
        self,
        scorer: Scorer,
        answers: Mapping[str, Sequence[Answer]],
        day: date | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        self.scheme = scorer.scheme
        self.items = scorer.checklist.items
        self.answers = {item.id: list(answers.get(item.id, ())) for item in self.items}
        self.facts = facts or {}
        self.judge = Judge(scorer.scheme, day)
        self.marks = {item.id: self.judge.mark(item, self.answers[item.id]) for item in self.items}
        self.sections: dict[str, Part] = {}
        self.root = self.rolled(self.scheme.roll_up, self.directly_in(""), self.within(""))
        self.total = self.totalled()

    # Sections and roll-up

    def scale(self, roll_up: str) -> Fraction:
        """Give what a share of one is worth."""
        return Fraction(self.scheme.scale or (100 if roll_up == "percent" else 1))

    def parent(self, item: Item) -> str:
        known = [rule.id for rule in self.scheme.sections]
        return item.section if item.section in known else ""

    def directly_in(self, name: str) -> Marks:
        return [(item, self.marks[item.id]) for item in self.items if self.parent(item) == name]

    def anywhere_in(self, name: str) -> list[Item]:
        own = [item for item in self.items if self.parent(item) == name]
        inner = [rule.id for rule in self.scheme.sections if rule.in_ == name]
        return [*own, *(item for each in inner for item in self.anywhere_in(each))]

    def within(self, name: str) -> Within:
        return [
            (rule, self.section(rule)) for rule in self.scheme.sections if (rule.in_ or "") == name
        ]

    def section(self, rule: SectionRule) -> Part:
        """Work out a section: roll-up, surcharge, adjustments."""
        part = self.rolled(rule.roll_up, self.directly_in(rule.id), self.within(rule.id))
        if part.present:
            value = part.value
            if rule.surcharge:
                rate = rule.surcharge.rates.get(self.facts.get(rule.surcharge.fact, ""), NOTHING)
                more = value * rate
                value += rounded(more, rule.surcharge.round) if rule.surcharge.round else more
            unit = self.scale(rule.roll_up) if rule.roll_up in SHARES else Fraction(1)
            for adjust in self.scheme.adjust:
                if adjust.each == "section":
                    value += self.adjusted(adjust, self.anywhere_in(rule.id)) / unit
            part = replace(part, value=value)
        self.sections[rule.id] = part
        return part

    def adjusted(self, adjust: Adjust, items: Iterable[Item]) -> Fraction:
        times = self.counted(adjust.count, items)
        most = times if adjust.at_most is None else Fraction(adjust.at_most)
        return adjust.points * min(times, most)

    def counted(self, picked: Mapping[str, str], items: Iterable[Item]) -> Fraction:
        """Count the answers `picked` by labels, as often as each occurs."""
        times = NOTHING
        for item in items:
            for answer in self.answers[item.id]:
                labels = self.judge.labels(item, answer)
                named = "answer" in picked
                if named:
                    labels = {**labels, "answer": answer.result or ""}
                if all(labels.get(label) == word for label, word in picked.items()) and (
                    named or self.judge.falls_short(item, answer)
                ):
                    times += self.judge.occurs(item, answer)
        return times

    def rolled(self, roll_up: str, marks: Marks, sections: Within) -> Part:
        """Make one value of items and sections."""
        counting = [(item, mark) for item, mark in marks if mark.counted]
        present = bool(counting) or any(part.present for _, part in sections)
        perfect = not any(mark.short and mark.weight for _, mark in counting)
        perfect = perfect and all(part.perfect for _, part in sections)
        value = out_of = NOTHING
        for item, mark in counting:
            got, most = self.of_item(item, mark, roll_up)
            value, out_of = value + got, out_of + most
        for rule, inner in sections:
            got, most = self.of_section(rule, inner, roll_up)
            weight = 1 if roll_up == "count" else rule.weight
            value, out_of = value + weight * got, out_of + weight * most
        if roll_up == "all":
            return Part(Fraction(present and perfect), Fraction(1), Fraction(1), present, perfect)
        if roll_up in SHARES:
            present = present and out_of > 0
            share = value / out_of if present else NOTHING
            return Part(share, Fraction(1), Fraction(1), present, perfect)
        full = self.full(roll_up, marks, sections)
        return Part(value * present, out_of, full, present, perfect)

    def full(self, roll_up: str, marks: Marks, sections: Within) -> Fraction:
        if roll_up == "count":
            carrying = [item for item, _ in marks if self.judge.carries_points(item)]
            counts = [p.full if rule.roll_up == "count" else Fraction(1) for rule, p in sections]
            return len(carrying) + sum(counts, NOTHING)
        own = sum((self.judge.full(item) * item.weight for item, _ in marks), NOTHING)
        return own + sum((rule.weight * inner.full for rule, inner in sections), NOTHING)

    def of_item(self, item: Item, mark: Marked, roll_up: str) -> tuple[Fraction, Fraction]:
        if roll_up in {"sum", "percent", "all"}:
            return mark.earned, mark.possible
        if self.judge.in_vain(item, mark):
            return NOTHING, NOTHING
        weight = Fraction(1) if roll_up == "count" else mark.weight
        return mark.share * weight, weight

    def of_section(self, rule: SectionRule, inner: Part, roll_up: str) -> tuple[Fraction, Fraction]:
        """Say what a section brings into its parent, also when nothing was counted in it."""
        # A section that counts too brings its count into another.
        as_share = roll_up == "mean" or (roll_up == "count" and rule.roll_up != "count")
        if inner.present:
            return (inner.share, Fraction(1)) if as_share else (inner.value, inner.out_of)
        most = Fraction(1) if as_share else inner.full
        kinds = {"drop": (NOTHING, NOTHING), "zero": (NOTHING, most), "full": (most, most)}
        return kinds[self.empty(rule)]

    def empty(self, rule: SectionRule) -> str:
        return rule.empty or self.scheme.empty

    # Groups

    def grouped(self, label: str) -> dict[str, list[tuple[Item, list[Answer]]]]:
        """Put items together by a label, each with those of its answers that carry the value."""
        if label == "section" and self.scheme.sections:
            names = [rule.id for rule in self.scheme.sections]
            return {n: [(i, self.answers[i.id]) for i in self.anywhere_in(n)] for n in names}
        groups: dict[str, list[tuple[Item, list[Answer]]]] = {}
        for item in self.items:
            mine: dict[str, list[Answer]] = {}
            for answer in self.answers[item.id]:
                if (word := self.judge.labels(item, answer).get(label)) is not None:
                    mine.setdefault(word, []).append(answer)
            if not self.answers[item.id] and label in self.judge.labels(item):
                mine[self.judge.labels(item)[label]] = []
            for word, answers in mine.items():
                groups.setdefault(word, []).append((item, answers))
        return groups

    # Coverage and state

    def covered(self, parts: Iterable[tuple[Item, Marked]]) -> bool:
        carrying = [mark for item, mark in parts if self.judge.carries_points(item)]
        assert self.scheme.coverage is not None
        at_least = self.scheme.coverage.at_least
        return sum(mark.counted for mark in carrying) >= at_least * len(carrying)

    @property
    def state(self) -> str:
        outcomes = [mark.outcome for mark in self.marks.values()]
        states, coverage = ["scored"], self.scheme.coverage
        if coverage is not None:
            parts = [[(item, self.marks[item.id]) for item in self.items]]
            for label in coverage.of:
                parts += [
                    [(item, self.judge.mark(item, answers)) for item, answers in group]
                    for group in self.grouped(label).values()
                ]
            if not all(map(self.covered, parts)):
                states.append(coverage.else_)
        if any(limit.confirm and self.waits(limit) for limit in self.scheme.limits):
            states.append("pending veto")
        missed = any(mark.missed for mark in self.marks.values())
        if "unanswered" in outcomes or "unchecked" in outcomes or missed:
            states.append("incomplete")
        if "blocked" in outcomes or not (self.root.present or self.scheme.no_rows == "zero"):
            states.append("not scored")
        return max(states, key=[*map(str, STATES)].index)

    # Total, round, grade

    def totalled(self) -> Fraction:
        scheme = self.scheme
        value = self.root.value * (self.scale(scheme.roll_up) if scheme.roll_up in SHARES else 1)
        if scheme.start is not None:
            value = scheme.start - value if scheme.take == "away" else scheme.start + value
        for adjust in scheme.adjust:
            if adjust.each == "total":
                value += self.adjusted(adjust, self.items)
        value = value if scheme.floor is None else max(value, scheme.floor)
        return value if scheme.ceiling is None else min(value, scheme.ceiling)

    @property
    def maximum(self) -> Fraction | None:
        """Give the most it could be; None where points are demerits."""
        scheme = self.scheme
        most = self.root.out_of * (self.scale(scheme.roll_up) if scheme.roll_up in SHARES else 1)
        if scheme.take == "away":
            most = scheme.start or NOTHING
        elif any(self.judge.carries_points(i) and not self.judge.bounded(i) for i in self.items):
            return None
        else:
            most += scheme.start or NOTHING
        return most if scheme.ceiling is None else min(most, scheme.ceiling)

    def rounded(self, value: Fraction) -> Fraction:
        return rounded(value, self.scheme.round)

    def holds(self, band: Band, value: Fraction) -> bool:
        return within(band, value) and all(
            within(when, self.counted(when.count, self.items)) for when in band.when
        )

    def band(self, value: Fraction) -> int:
        value = self.rounded(value) if self.scheme.round else value
        return next((n for n, band in enumerate(self.scheme.grades) if self.holds(band, value)), -1)

    # Limits

    def meets(self, limit: Limit, *, confirmed: bool) -> bool:
        if limit.any in {"item", "answer"}:
            met = [self.item_meets(limit, item, confirmed=confirmed) for item in self.items]
        else:
            groups = self.groups(limit.any).values()
            met = [self.group_meets(limit, group) for group in groups]
        return sum(met) >= limit.times

    def groups(self, label: str) -> dict[str, Group]:
        """Score what a label puts together; sections that are weighed have their own values."""
        if label == "section" and self.scheme.sections:
            inside = self.grouped(label)
            values = {
                rule.id: self.valued(self.sections[rule.id], rule.roll_up)
                for rule in self.scheme.sections
            }
            return {name: Group(name, inside[name], values[name]) for name in values}
        groups = {}
        for word, members in self.grouped(label).items():
            marks = [(item, self.judge.mark(item, answers)) for item, answers in members]
            part = self.rolled(self.scheme.roll_up, marks, ())
            groups[word] = Group(word, members, self.valued(part, self.scheme.roll_up))
        return groups

    def valued(self, part: Part, roll_up: str) -> Fraction | None:
        if not part.present:
            return None
        return part.value * (self.scale(roll_up) if roll_up in SHARES else 1)

    def item_meets(self, limit: Limit, item: Item, *, confirmed: bool) -> bool:
        answers = [a for a in self.answers[item.id] if a.confirmed or not confirmed]
        mark = self.marks[item.id]
        if confirmed and not answers:
            return False
        if limit.any == "answer":
            return any(self.answer_meets(limit, item, answer) for answer in answers)
        if not carries(self.judge.labels(item), limit.where):
            return False
        return self.number_meets(limit, mark.earned if mark.counted else None)

    def answer_meets(self, limit: Limit, item: Item, answer: Answer) -> bool:
        if not carries(self.judge.labels(item, answer), limit.where):
            return False
        judged = self.judge.judged(item, answer)
        points = None if isinstance(judged, str) else judged[0] * item.weight
        rule = self.judge.rule(item)
        words = rule if isinstance(rule, Mapping) else ()
        if limit.is_ is not None and (limit.is_ in words or number(limit.is_) is None):
            if answer.result != limit.is_:
                return False
            limit = limit.model_copy(update={"is_": None})
        return self.number_meets(limit, points)

    def number_meets(self, limit: Limit, value: Fraction | None) -> bool:
        """Say whether a number is what a limit is about; any will do where it says none."""
        bounds = (limit.is_, limit.at_least, limit.at_most, limit.above, limit.below)
        if all(bound is None for bound in bounds):
            return True
        if value is None:
            return False
        value = rounded(value, limit.round) if limit.round else value
        return within(limit, value) and (limit.is_ is None or number(limit.is_) == value)

    def group_meets(self, limit: Limit, group: Group) -> bool:
        if limit.where.get(limit.any, group.name) != group.name:
            return False
        others = {label: word for label, word in limit.where.items() if label != limit.any}
        if not any(carries(self.judge.labels(item), others) for item, _ in group.members):
            return False
        return self.number_meets(limit, group.value)

    def waits(self, limit: Limit) -> bool:
        return self.meets(limit, confirmed=False) and not self.meets(limit, confirmed=True)

    def failed_marks(self) -> list[str]:
        """List the sections below the share they must reach."""
        bounded = {
            rule.id: all(
                self.judge.bounded(item)
                for item in self.anywhere_in(rule.id)
                if self.judge.carries_points(item)
            )
            for rule in self.scheme.sections
        }
        return [
            rule.id
            for rule in self.scheme.sections
            if rule.pass_mark is not None and self.scheme.grades
            if self.sections[rule.id].present and bounded[rule.id]
            if self.sections[rule.id].share < rule.pass_mark
        ]

    def row(self) -> dict[str, Any]:
        """Give what a table of scores says of this audit, numbers as fractions."""
        if self.state == "not scored":
            return dict.fromkeys(COLUMNS[2:], None) | {"state": "not scored", "limits": ""}
        score, band, named = self.total, self.band(self.total), []
        grade = band
        for n, limit in enumerate(self.scheme.limits):
            at = [b.grade for b in self.scheme.grades].index(limit.grade) if limit.grade else None
            cap = limit.score_at_most
            if self.meets(limit, confirmed=limit.confirm):
                grade = grade if at is None else max(grade, at)
                if cap is not None and cap < self.total:
                    score = min(score, cap)
                    grade = max(grade, self.band(cap))
                if (at is not None and at >= band) or (cap is not None and cap <= self.total):
                    named.append(limit.id or f"limit-{n + 1}")
            elif limit.confirm and self.waits(limit):
                named.append(f"{limit.id or f'limit-{n + 1}'} (pending)")
        for section in self.failed_marks():
            grade = len(self.scheme.grades) - 1
            named.append(f"pass-mark-{section}")
        return {
            "score": self.rounded(score),
            "possible": self.maximum,
            "percent": self.percent(score) if self.maximum and self.maximum > 0 else None,
            "grade": self.scheme.grades[grade].grade if grade >= 0 else None,
            "state": self.state,
            "limits": ";".join(named),
        }

    def percent(self, score: Fraction) -> Fraction:
        steady = self.scheme.roll_up in SHARES or self.scheme.take == "away"
        if steady and self.maximum == 100 and self.scheme.round:
            score = self.rounded(score)
        assert self.maximum is not None
        hundredths = score / self.maximum * 10_000
        sign = 1 if hundredths >= 0 else -1
        return Fraction(sign * floor(abs(hundredths) + Fraction(1, 2)), 100)


def carries(labels: Mapping[str, str], where: Mapping[str, str]) -> bool:
    return all(labels.get(label) == word for label, word in where.items())


def within(bounds: CountBounds | Band | Limit, value: Fraction) -> bool:
    """Say whether a number lies between bounds."""
    return not (
        (bounds.at_least is not None and value < bounds.at_least)
        or (bounds.at_most is not None and value > bounds.at_most)
        or (bounds.above is not None and value <= bounds.above)
        or (bounds.below is not None and value >= bounds.below)
    )
