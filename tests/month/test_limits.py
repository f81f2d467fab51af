"""Every number of a rule has a planted case that it decides: moved by one unit, the truth is red.

A number is moved by the smallest step of its sort: a second, a minute, a day, one, a hundredth of
money, a per cent. Only the part it stands in is heard again.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from tests.month.hearing import NOW, Part, handbook, parts, records
from tests.month.truth import OFFICES, SORTS, Planted, planted
from tests.month.waiting import WAITING

from sopaudit.criteria.duration import duration
from sopaudit.criteria.field import number, plain
from sopaudit.criteria.kind import RULE_KINDS
from sopaudit.criteria.rule import Condition, Given, Rule, RulePart, listed
from sopaudit.evidence.lines import Flags
from sopaudit.findings.rules.case import VERDICTS
from sopaudit.findings.rules.engine import KINDS
from sopaudit.findings.rules.hearing import Hearing

RULES = list(handbook().rules.values())

STEPS = {"s": (1, "s"), "min": (1, "min"), "h": (60, "min"), "d": (1, "d"),
         "month": (1, "month"), "working min": (1, "working min"), "working h": (60, "working min"),
         "working d": (1, "working d")}  # fmt: skip
"""How many of the smallest unit each unit of time is, and which that is."""


class Moved(NamedTuple):
    """A setting of a part of a rule with one number moved."""

    rule: str
    part: int
    name: str
    given: Given

    def __str__(self) -> str:
        return f"{self.rule}.{self.part} {self.name}={self.given}"


def steps(sort: str, text: str, *, money: bool) -> list[str]:
    """Give a number one step less and one step more, as far as it goes."""
    if sort == "length":
        length = duration(text)
        assert length is not None
        many, unit = STEPS[length.unit]
        return [f"{n} {unit}" for n in around(int(length.amount) * many)]
    if sort == "share":
        share = number(text)
        assert share is not None
        return [f"{n} %" for n in around(int(share * 100)) if n <= 100]
    if sort == "time":
        return [clock(minute) for minute in around(minutes(text))]
    if sort == "hours":
        opens, _, closes = text.partition("-")
        return [f"{clock(n)}-{closes}" for n in around(minutes(opens))] + [
            f"{opens}-{clock(n)}" for n in around(minutes(closes))
        ]
    value = number(text)
    assert value is not None
    step = Fraction(1, 100) if money else Fraction(1)
    return [plain(n) for n in (value - step, value + step) if n >= 0]


def around(n: int) -> list[int]:
    return [each for each in (n - 1, n + 1) if each >= 0]


def minutes(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def parts_of(rule: Rule) -> tuple[RulePart, ...]:
    if rule.kind is None and not rule.all_of:
        return ()
    return rule.all_of or (RulePart.model_validate({"kind": rule.kind, "with": rule.given}),)


def every_limit() -> Iterator[Moved]:
    for rule in RULES:
        for n, part in enumerate(parts_of(rule), 1):
            money = any("amount" in str(part.given.get(key, "")) for key in ("field", "left"))
            for one in RULE_KINDS[part.kind].parameters:
                if one.sort not in {"length", "share", "time", "hours", "number"}:
                    continue
                words = list(listed(part.given[one.name])) if one.name in part.given else []
                for place, word in enumerate(words):
                    for text in steps(one.sort, word, money=money):
                        given = (*words[:place], text, *words[place + 1 :])
                        yield Moved(rule.id, n, one.name, given if len(given) > 1 else given[0])


@cache
def hearing(office: str) -> Hearing:
    return Hearing(handbook(), records(office), NOW)


@cache
def told(rule: str, part: int) -> dict[str, list[Planted]]:
    """Give the planted cases of a part by the office in whose records they are."""
    found: dict[str, list[Planted]] = {}
    for case in planted():
        if (case.rule, case.part) == (rule, part) and case.verdict != "clean":
            for office in OFFICES:
                if parts(rule, office)[part - 1].about(case.subject).any():
                    found.setdefault(office, []).append(case)
    return found


def red(rule: str, part: int, given: dict[str, Given], other: Hearing | None = None) -> bool:
    """Say whether a planted case gets another verdict than it must."""
    kind = parts_of(handbook().rules[rule])[part - 1].kind
    for office, cases in told(rule, part).items():
        asked = hearing(office)
        if other is not None:
            asked = replace(other, records=records(office))
        heard = Part(rule, part, office, KINDS[kind](asked, given))
        as_it_is = parts(rule, office)[part - 1]
        for case in cases:
            about = heard.about(case.subject)
            if remarks(heard, about) != remarks(as_it_is, as_it_is.about(case.subject)):
                return True
            if not (about & heard.of(case.verdict)).any():
                return True
            if case.verdict != "nonconforming" and (about & heard.of("nonconforming")).any():
                return True
    return False


def remarks(part: Part, about: Flags) -> list[object]:
    """Give what is told of cases besides their verdict: an excuse, and how bad it is."""
    cases, places = part.cases, np.flatnonzero(about)
    excused = cases.excused[places].tolist() if cases.excused is not None else []
    worse = cases.found.rows(places).spelled() if part.rule in WORSE and cases.found else []
    return [excused, worse]


WORSE = {"AC-38"}
"""Rules of which the words found tell bad from worse."""

CANNOT: dict[str, str] = {
    "AC-23.3 at_least=99 %": "an office would need a hundred complaints in a month",
    **dict.fromkeys(
        (
            "AC-24.1 day_parts=('09:00-12:00', '14:00-17:29', '17:30-20:00')",
            "AC-24.1 day_parts=('09:00-12:00', '14:00-17:31', '17:30-20:00')",
        ),
        "the next part begins at this end, and of two that touch the later counts",
    ),
    **dict.fromkeys(
        ("AC-39.1 days_at_least=9", "AC-39.1 days_at_least=11"),
        "whoever goes out in the three offices works twenty days of the month",
    ),
}
"""Numbers no case of the month can show, and why."""


@pytest.mark.parametrize("moved", [*every_limit()], ids=str)
def test_a_limit_moved_by_one_unit_is_noticed(moved: Moved) -> None:
    given = dict(parts_of(handbook().rules[moved.rule])[moved.part - 1].given)
    if any((moved.rule, sort) in WAITING for sort in SORTS):
        return
    assert not red(moved.rule, moved.part, given)
    assert red(moved.rule, moved.part, {**given, moved.name: moved.given}) is (
        str(moved) not in CANNOT
    )


def bounds() -> Iterator[tuple[str, str, Fraction]]:
    """Give the numbers of conditions: the condition, the bound, and what it is moved to."""
    used = {name for rule in RULES for name in rule.named}
    for condition in handbook().conditions.values():
        for clause in (*condition.all_of, *condition.any_of):
            step = Fraction(1, 100) if "amount" in str(clause.field) else Fraction(1)
            for bound in ("at_least", "at_most"):
                value = getattr(clause, bound)
                if value is not None and condition.id in used:
                    yield from ((condition.id, bound, value + sign * step) for sign in (-1, 1))


def altered(condition: Condition, bound: str, value: Fraction) -> Condition:
    def clauses(name: str) -> tuple[object, ...]:
        return tuple(
            each.model_copy(update={bound: value}) if getattr(each, bound) is not None else each
            for each in getattr(condition, name)
        )

    return condition.model_copy(update={name: clauses(name) for name in ("all_of", "any_of")})


@pytest.mark.parametrize(("name", "bound", "value"), [*bounds()], ids=str)
def test_a_bound_of_a_condition_moved_by_one_unit_is_noticed(
    name: str, bound: str, value: Fraction
) -> None:
    changed = altered(handbook().conditions[name], bound, value)
    other = replace(handbook(), conditions={**handbook().conditions, name: changed})
    asked = Hearing(other, records("HZ"), NOW)
    users = (
        (rule.id, n, part)
        for rule in RULES
        for n, part in enumerate(parts_of(rule), 1)
        if any(name in listed(part.given.get(key, ())) for key in ("when", "unless"))
    )
    assert any(red(rule, n, dict(part.given), asked) for rule, n, part in users)


def test_verdicts_have_the_names_the_truth_uses() -> None:
    assert {case.verdict for case in planted()} - {"clean"} == set(VERDICTS)
