"""Each rule on parts, as it stands in the handbook, is shown by samples, limit by limit.

They pass, fail, do not apply and cannot be told; a limit moved by one unit turns one of them over.
The samples stand in `tests/parts_rules/`, one file a rule. Records a sample does not write are
handed in without lines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from tests.findings.rules.desk import ROOT, book, records, verdicts
from tests.month.test_limits import parts_of, steps

from sopaudit.criteria.kind import RULE_KINDS
from sopaudit.criteria.rule import Given, Rule, listed
from sopaudit.evidence.records import Records
from sopaudit.findings.rules.engine import heard, needed
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.reading.events import read

FOLDER: Final = ROOT / "tests/parts_rules"
NOW: Final = np.datetime64("2026-11-06", "us") - np.timedelta64(1, "us")
SORTS: Final = ("pass", "fail", "na", "unknown")
RULES: Final = [name for name in book().rules if name.startswith("PR-")]

ALWAYS: Final = ("tickets", "events", "moves", "ledger", "charges", "orders")
"""Records that conditions may ask for."""


@dataclass(frozen=True)
class Sample:
    """One sample of a rule."""

    rule: str
    sort: str
    said: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.rule} {self.sort}: {self.said['en']}"


def document(path: Path) -> dict[str, Any]:
    found = read(path, path.name)
    assert not found.problems, found.problems
    assert isinstance(found.data, dict)
    return found.data


@cache
def written(rule: str) -> dict[str, Any]:
    return document(FOLDER / f"{rule}.yaml")


def samples(rule: str) -> Iterator[Sample]:
    for sort in SORTS:
        each = written(rule)[sort]
        for said in each if isinstance(each, list) else ():
            yield Sample(rule, sort, said)


EVERY: Final = [sample for rule in RULES for sample in samples(rule)]


@cache
def lines(sample: int, rule: str) -> Records:
    """Read the records of a sample once; those it does not write have no lines."""
    return records({**blank_records(book().rules[rule]), **EVERY[sample].said["records"]})


def blank_records(rule: Rule) -> dict[str, str]:
    """Write a table without lines for each record a rule may ask for."""
    wanted = dict.fromkeys((*ALWAYS, *rule.data, *needed(rule, book())))
    return {name: "ticket_no" for name in wanted if name != "roster"}


def said(sample: int, rule: Rule) -> list[str]:
    """Give the verdicts of all parts of a rule over a sample."""
    result = heard(Hearing(book(), lines(sample, rule.id), NOW), rule)
    assert not result.missing, result.missing
    return [word for part in result.parts for word in verdicts(part.cases)]


OTHER: Final = {"conforming", "not applicable", "unknown"}


@pytest.mark.parametrize("n", range(len(EVERY)), ids=lambda n: str(EVERY[n]))
def test_a_sample_is_what_it_says(n: int) -> None:
    sample = EVERY[n]
    found = set(said(n, book().rules[sample.rule]))
    wrong = found - OTHER
    if sample.sort == "fail":
        assert sample.said["type"] in wrong, found
    else:
        assert not wrong, found
    if sample.sort == "pass":
        assert found - {"not applicable"} == {"conforming"}
    if sample.sort == "na":
        assert found <= {"not applicable"}
    if sample.sort == "unknown":
        assert "unknown" in found


def test_every_rule_on_parts_has_its_four_samples_or_says_why_not() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == RULES
    for rule in RULES:
        told = written(rule)
        assert set(told) == {"rule", *SORTS}
        assert told["rule"] == rule
        for sort in SORTS:
            if isinstance(told[sort], list):
                assert told[sort], (rule, sort)
                assert all(said["zh"] and said["en"] for said in told[sort])
            else:
                # Nothing may pass and nothing fail without a sample of it.
                assert sort in {"na", "unknown"}, (rule, sort)
                assert set(told[sort]["never"]) == {"zh", "en"}


def backwards(text: str) -> str:
    header, *rows = text.strip().splitlines()
    return "\n".join((header, *rows[::-1]))


@pytest.mark.parametrize("n", range(len(EVERY)), ids=lambda n: str(EVERY[n]))
def test_rows_in_another_order_say_the_same(n: int) -> None:
    rule, told = book().rules[EVERY[n].rule], EVERY[n].said["records"]
    other = records({**blank_records(rule), **{name: backwards(t) for name, t in told.items()}})
    result = heard(Hearing(book(), other, NOW), rule)
    found = [word for part in result.parts for word in verdicts(part.cases)]
    assert sorted(found) == sorted(said(n, rule))


# --- limits ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """A number of a part of a rule, moved by one unit."""

    rule: str
    part: int
    name: str
    given: Given

    def __str__(self) -> str:
        return f"{self.rule}.{self.part} {self.name}={self.given}"


MONEY: Final = {("PR-03", "up_to"), ("PR-27", "up_to")}
"""Numbers that are amounts of money: they move by a cent."""


def every_limit() -> Iterator[Moved]:
    for rule in RULES:
        for n, part in enumerate(parts_of(book().rules[rule]), 1):
            for one in RULE_KINDS[part.kind].parameters:
                if one.sort not in {"length", "share", "time", "hours", "number"}:
                    continue
                words = list(listed(part.given[one.name])) if one.name in part.given else []
                for place, word in enumerate(words):
                    for text in steps(one.sort, word, money=(rule, one.name) in MONEY):
                        given = (*words[:place], text, *words[place + 1 :])
                        yield Moved(rule, n, one.name, given if len(given) > 1 else given[0])


def with_limit(moved: Moved) -> Rule:
    rule = book().rules[moved.rule]
    if not rule.all_of:
        return rule.model_copy(update={"given": {**rule.given, moved.name: moved.given}})
    parts = list(rule.all_of)
    part = parts[moved.part - 1]
    given = {**part.given, moved.name: moved.given}
    parts[moved.part - 1] = part.model_copy(update={"given": given})
    return rule.model_copy(update={"all_of": tuple(parts)})


CANNOT: Final[dict[str, str]] = {}
"""Numbers no sample can show, and why."""


@pytest.mark.parametrize("moved", [*every_limit()], ids=str)
def test_a_limit_moved_by_one_unit_turns_a_sample_over(moved: Moved) -> None:
    other, rule = with_limit(moved), book().rules[moved.rule]
    mine = [n for n, sample in enumerate(EVERY) if sample.rule == moved.rule]
    turned = any(said(n, other) != said(n, rule) for n in mine)
    assert turned is (str(moved) not in CANNOT)
