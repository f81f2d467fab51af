"""Deviations that are alike are told once, the weightiest first, whatever order they came in."""

from sopaudit.findings.deviation import COLUMNS, table
from sopaudit.findings.gathering import gathered, types, worst


def row(ticket: str, rule: str, severity: str = "", **said: str) -> tuple[str, ...]:
    told = {"ticket": ticket, "rule": rule, "severity": severity, "type": "late", **said}
    return tuple(told.get(name, "") for name in COLUMNS)


ROWS = [
    row("T1", "AC-1", "critical", post="COO"),
    row("T1", "AC-2", "minor", post="OSE"),
    row("T2", "AC-2", "minor", post="CBS"),
    row("T3", "AC-2", "minor", post="CBS"),
    row("T4", "F2", type="skipped", expected="F2.3 called"),
    row("T4", "F2", type="skipped", expected="F2.3 called", id="2"),
    row("T5", "F2", type="extra", expected="F2.9", found="called"),
    row("", "PR-1", "critical"),
]


def test_what_is_alike_is_put_together_and_weighs_severity_times_tickets() -> None:
    found = gathered(table(ROWS))
    told = [(one.rule, one.type, one.step, one.deviations, one.tickets, one.post) for one in found]
    assert told == [
        ("AC-1", "", "", 1, 1, "COO"),
        ("AC-2", "", "", 3, 3, "CBS"),
        ("F2", "extra", "called", 1, 1, ""),
        ("F2", "skipped", "F2.3 called", 2, 1, ""),
        ("PR-1", "", "", 1, 0, ""),
    ]


def test_the_order_of_rows_changes_nothing() -> None:
    assert gathered(table(ROWS)) == gathered(table(ROWS[::-1]))
    one, other = (
        [(ticket, own["id"].tolist()) for ticket, own in worst(table(rows), 9)]
        for rows in (ROWS, ROWS[::-1])
    )
    assert one == other


def test_the_worst_ticket_comes_first_and_of_equals_the_first_by_its_number() -> None:
    assert [ticket for ticket, _ in worst(table(ROWS), 3)] == ["T1", "T4", "T2"]


def test_nothing_deviates_where_there_is_nothing() -> None:
    assert gathered(table([])) == []
    assert list(worst(table([]), 3)) == []
    assert types(table([])) == {}
