"""What is overdue and what falls due soon, of cases made by hand."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from tests.findings.office import office

from sopaudit.criteria.drawing import Heading
from sopaudit.criteria.duration import duration
from sopaudit.criteria.rule import Given, RulePart
from sopaudit.findings.agenda import Agenda, agenda, holders, waiting
from sopaudit.findings.rules import engine
from sopaudit.findings.rules.case import TYPES, Cases
from sopaudit.findings.rules.hearing import Hearing

NOW = "2026-10-14 09:00"
TICKETS = """
    ticket_no, service_type, engineer, coordinator
    CD-1, on_site, 1006, 1004
    CD-2, on_site, , 1004
    CD-3, on_site, -, -
    CD-4, walk_in, 1007, 1004
    CD-5, on_site, 1006, 1004
    CD-6, on_site, 1006, 1004
"""
HEADING = Heading.model_validate(
    {
        "id": "promises",
        "title": "Promises",
        "rules": ["AC-07"],
        "person": ["tickets.engineer", "tickets.coordinator"],
        "posts": ["COO"],
    }
)
FOUR_HOURS = duration("4 h")


def finding(*rows: tuple[str, str, str]) -> engine.Decide:
    """Give a kind that finds these: verdict, type and due moment, one a ticket."""
    code = {"conforming": 0, "nonconforming": 1, "not applicable": 2, "unknown": 3}

    def decide(_hearing: Hearing, _given: Mapping[str, Given]) -> Cases:
        due = np.array([row[2] or "NaT" for row in rows], "datetime64[us]")
        return Cases(
            np.array([code[row[0]] for row in rows], np.int8),
            np.arange(len(rows), dtype=np.int32),
            lines=(("tickets", np.arange(len(rows))),),
            type=np.array([TYPES.index(row[1]) for row in rows], np.int8),
            due=due,
        )

    return decide


def looked(
    monkeypatch: pytest.MonkeyPatch, *rows: tuple[str, str, str], kind: str = "promise_kept"
) -> Agenda:
    monkeypatch.setitem(engine.KINDS, kind, finding(*rows))
    hearing = office(NOW, tickets=TICKETS, events="ticket_no, event, at\n CD-1, arrived, ")
    assert FOUR_HOURS is not None
    return agenda(hearing, [HEADING], FOUR_HOURS)


def told(found: Agenda) -> list[tuple[str, str, bool]]:
    return [(one.ticket, str(one.due)[5:16], one.overdue) for one in found.entries]


def test_what_was_never_done_is_overdue_from_its_moment_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done late is late, and nothing to be done today."""
    found = looked(
        monkeypatch,
        ("nonconforming", "never done", "2026-10-14 09:00"),
        ("nonconforming", "never done", "2026-10-01 09:00"),
        ("nonconforming", "late", "2026-10-13 09:00"),
        ("conforming", "late", "2026-10-13 09:00"),
        ("unknown", "late", "2026-10-13 09:00"),
    )
    assert told(found) == [("CD-2", "10-01T09:00", True), ("CD-1", "10-14T09:00", True)]


def test_what_is_not_due_yet_is_due_soon_within_the_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """13:00 still counts, a microsecond later does not; CD-4 is a walk-in, no case of the rule."""
    found = looked(
        monkeypatch,
        ("not applicable", "late", "2026-10-14 13:00"),
        ("not applicable", "late", "2026-10-14 13:00:00.000001"),
        ("not applicable", "late", "2026-10-14 09:00:00.000001"),
        ("not applicable", "late", "2026-10-14 10:00"),
        ("not applicable", "late", ""),
        ("conforming", "late", "2026-10-14 11:00"),
    )
    assert told(found) == [("CD-3", "10-14T09:00", False), ("CD-1", "10-14T13:00", False)]


def test_what_is_done_already_is_not_due_soon() -> None:
    """A kind that looks for what is not done calls it conforming until its day has passed."""
    rows = [("conforming", "late", "2026-10-14 11:00")] * 3
    hearing = office(NOW, tickets=TICKETS, events="ticket_no, event, at\n CD-1, arrived, ")
    rule = hearing.handbook.rules["AC-07"]
    part = RulePart.model_validate({"kind": "overdue", "with": {"due": "tickets.promised_end"}})
    cases = finding(*rows)(hearing, rule.given)
    done = np.array(["2026-10-14 08:00", "2026-10-14 11:00", "NaT"], "datetime64[us]")
    until = np.datetime64("2026-10-14 13:00", "us")
    late, soon, _ = waiting(hearing, part, replace(cases, at=done), until)
    assert (late.tolist(), soon.tolist()) == ([False] * 3, [False, True, False])


def test_a_person_is_the_first_field_that_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ("nonconforming", "never done", "2026-10-13 09:00")
    found = looked(monkeypatch, row, row, row)
    assert {one.ticket: one.person for one in found.entries} == {
        "CD-1": "1006",
        "CD-2": "1004",
        "CD-3": "",
    }
    assert holders(office(NOW, tickets=TICKETS), ("COO",)) == ("1004",)


def test_what_need_not_be_done_is_never_due_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """`never: skip` is for what may stay undone, such as a callback to a walk-in."""
    rule = office(NOW, tickets=TICKETS).handbook.rules["AC-07"]
    monkeypatch.setitem(rule.given, "never", "skip")
    found = looked(monkeypatch, ("not applicable", "late", "2026-10-14 10:00"))
    assert told(found) == []


def test_one_thing_asked_by_two_rules_stands_there_once(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ("nonconforming", "never done", "2026-10-13 09:00")
    heading = HEADING.model_copy(update={"rules": ("AC-07", "AC-27")})
    monkeypatch.setitem(engine.KINDS, "promise_kept", finding(row))
    monkeypatch.setitem(engine.KINDS, "elapsed", finding())
    hearing = office(NOW, tickets=TICKETS, events="ticket_no, event, at")
    assert FOUR_HOURS is not None
    found = agenda(hearing, [heading], FOUR_HOURS)
    assert [one.rule for one in found.entries] == ["AC-07"]


def test_rules_that_say_nothing_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """AC-33 sets no limit of time and is passed over; of AC-29 one part can be heard here."""
    monkeypatch.delitem(engine.KINDS, "reminders", raising=False)
    monkeypatch.setitem(engine.KINDS, "promise_kept", finding())
    monkeypatch.setitem(engine.KINDS, "elapsed", finding())
    heading = HEADING.model_copy(update={"rules": ("AC-29", "AC-33", "AC-07")})
    hearing = office(NOW, tickets=TICKETS)
    assert FOUR_HOURS is not None
    found = agenda(hearing, [heading], FOUR_HOURS)
    missing = (("AC-29", ("events",)), ("AC-07", ("events",)))
    assert (found.unheard, found.missing) == (("AC-29",), missing)


def test_every_rule_of_the_list_sets_a_limit_of_time() -> None:
    """A rule of other kinds knows no due moment, and would stand there for nothing."""
    timed = {"elapsed", "deadline", "promise_kept", "overdue", "reminders", "followed"}
    handbook = office(NOW, tickets=TICKETS).handbook
    for heading in handbook.today:
        for rule in heading.rules:
            assert timed & set(handbook.rules[rule].kinds), rule
