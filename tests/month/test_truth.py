"""What the engine finds in the known-answer month is what was planted: no less and no more."""

from itertools import product

import numpy as np
import pytest
from tests.month.hearing import AS_OF, any_of, handbook, heard, parts, records, walked
from tests.month.truth import (
    OFFICES,
    SORTS,
    Planted,
    Quality,
    left,
    not_assessable,
    planted,
    quality,
)
from tests.month.waiting import WAITING

from sopaudit.evidence.quality import Expected
from sopaudit.evidence.recordquality import quality_of
from sopaudit.findings.conformance.result import STATES
from sopaudit.findings.rules.case import VERDICTS

RULES = [f"AC-{n:02d}" for n in range(1, 47)] + [f"PR-{n:02d}" for n in range(1, 35)]


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


@pytest.mark.parametrize(("rule", "sort"), [*product(RULES, (*SORTS, "follows"))])
def test_every_planted_case_has_its_verdict(rule: str, sort: str) -> None:
    cases = [case for case in planted() if case.rule == rule and case.sort == sort]
    wrong = [text for text in map(unlike, cases) if text]
    assert bool(wrong) is ((rule, sort) in WAITING), wrong


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
    assert bool(invented) is ((rule, office) in WAITING), invented


@pytest.mark.parametrize("office", OFFICES)
def test_tickets_leave_their_workflow_where_it_was_planted_and_nowhere_else(office: str) -> None:
    found = {
        (row.ticket, row.type): {*str(row.expected).split(), *str(row.found).split()}
        for row in walked(office).deviations.itertuples()
    }
    planned = {(one.ticket, one.type): one for one in left() if one.ticket[:2] == office}
    assert found.keys() == planned.keys()
    assert len(walked(office).deviations) == len(planned)
    for key, one in planned.items():
        assert one.events & found[key], one


@pytest.mark.parametrize("office", OFFICES)
def test_nobody_judges_the_way_of_a_ticket_that_cannot_be_told(office: str) -> None:
    way = walked(office)
    silent = np.flatnonzero(way.state == STATES.index("not assessable"))
    planned = {name for name in not_assessable() | STRANGE if name[:2] == office}
    assert {way.tickets[n] for n in silent.tolist()} == planned


def test_the_clean_branch_is_clean() -> None:
    assert not walked("HZ").totals()["nonconforming"]
    for rule in RULES:
        if rule in heard("HZ") and (rule, "HZ") not in WAITING:
            assert heard("HZ")[rule].counts()["nonconforming"] == 0, rule
            assert heard("HZ")[rule].counts()["unknown"] == 0 or rule == "AC-33", rule


TOLD = {
    "future": "future",
    "duplicate": "duplicates",
    "unknown ticket": "stray",
    "misspelled": "unknown_activities",
    "1970": "epoch",
    "blank ticket": "blank",
    "unknown activity": "unknown_activities",
}
"""The measure of the data-quality block that tells an error of the files."""

READ = {"full-width": "quote_amount", "NA": "parent_ticket", "encoding": "caller"}
"""Ways of writing that are read as they are meant, so that nothing need be told."""


@pytest.mark.parametrize("error", quality(), ids=lambda one: f"{one.kind} {one.subject}")
def test_an_error_nobody_planned_for_is_told_as_one_of_the_data(error: Quality) -> None:
    office = error.subject[:2] or "CD"
    lines = records(office).of(error.record)
    if error.kind in READ:
        name = READ[error.kind]
        mine = lines.is_any("ticket_no", frozenset([error.subject]))
        if error.kind == "full-width":
            assert lines.numbers(name).known[mine].all()
            assert lines.texts(name)[int(np.flatnonzero(mine)[0])] not in {"", "150"}
        elif error.kind == "NA":
            assert lines.blank(name)[mine].all()
        else:
            assert lines.numbers(name).known.all()
        return
    known = Expected(frozenset(handbook().events), as_of=AS_OF)
    block = quality_of(records(office), handbook(), known)
    told = [m for m in block.measures if m.id == TOLD[error.kind] and m.where in WHERE]
    assert any(
        example.ticket == error.subject
        and (error.kind != "misspelled" or example.text == error.why)
        for measure in told
        for example in measure.examples
    )


WHERE = ("", "events", "events.ticket_no")
