"""What the engine finds in the known-answer month is what was planted: no less and no more."""

from itertools import product

import numpy as np
import pytest
from tests.month.hearing import any_of, heard, parts, records
from tests.month.truth import OFFICES, SORTS, Planted, planted, quality

RULES = [f"AC-{n:02d}" for n in range(1, 47)]


def of(rule: str, *verdicts: str, part: int = 0) -> list[Planted]:
    return [
        case
        for case in planted()
        if case.rule == rule and case.verdict in verdicts and part in {0, case.part}
    ]


def unlike(case: Planted) -> str:
    """Say what the engine says instead of the truth; nothing where it says the same."""
    said: set[str] = set()
    for office in OFFICES:
        for part in parts(case.rule, office):
            if part.number == case.part:
                about = part.about(case.subject)
                said |= {v for v in VERDICTS if (about & part.of(v)).any()}
    good = {
        "nonconforming": "nonconforming" in said,
        "unknown": "unknown" in said and "nonconforming" not in said,
        "conforming": "conforming" in said and not said & {"nonconforming", "unknown"},
        "not applicable": said <= {"not applicable"},
        "clean": said <= {"not applicable", "conforming"},
    }
    return "" if good[case.verdict] else f"{sorted(said)} instead of {case}"


STRANGE = {one.subject for one in quality() if one.kind == "unknown ticket"}
"""Tickets of which only the log knows: no rule can tell."""

VERDICTS = ("conforming", "nonconforming", "not applicable", "unknown")


@pytest.mark.parametrize(("rule", "sort"), [*product(RULES, (*SORTS, "follows"))])
def test_every_planted_case_has_its_verdict(rule: str, sort: str) -> None:
    cases = [case for case in planted() if case.rule == rule and case.sort == sort]
    assert [text for text in map(unlike, cases) if text] == []


@pytest.mark.parametrize(("rule", "office"), [*product(RULES, OFFICES)])
def test_nothing_is_found_that_nobody_planted(rule: str, office: str) -> None:
    invented = []
    for part in parts(rule, office):
        for verdict in ("nonconforming", "unknown"):
            cases = of(rule, verdict, part=part.number)
            subjects = {name for case in cases for name in (case.subject, *case.also)}
            if verdict == "unknown" and rule == "AC-33":
                continue
            if verdict == "unknown":
                subjects |= STRANGE
            more = part.of(verdict) & ~any_of(part, subjects)
            invented += [f"{rule}.{part.number} {verdict} {name}" for name in part.told(more)]
    assert invented == []
