"""At its limit a case conforms, one unit beyond it does not; and what is no case, or not known.

Events are written `thing day hour:minute:second`, the days those of October 2026.
"""

import numpy as np
import pytest
from tests.findings.kind_samples import cases

from sopaudit.findings.rules.case import NOTHING, TYPES, VERDICTS, Cases

GOOD, BAD, NONE, DARK = VERDICTS
"""Conforming, nonconforming, not applicable, unknown."""

Setting = str | bool | list[str]

NEVER = "?"
"""A time nobody can read."""


def log(*said: str, columns: str = "ticket_no,event,at,actor,value,note") -> str:
    """Write events: a ticket may come first (`B:`), what follows `|` are further columns."""
    rows = []
    for each in said:
        words, *rest = each.split("|")
        ticket, _, event = words.rpartition(":") if words[1:2] == ":" else ("A", "", words)
        if words[1:2] == ":":
            ticket, event = words[0], words[2:]
        name, _, when = event.partition(" ")
        day, _, hour = when.partition(" ")
        at = f"2026-10-{day} {hour}" if day not in {"", NEVER} else day
        rows.append(",".join([ticket, name, at, *rest]))
    return "\n".join([columns, *rows])


def tickets(**fields: str) -> str:
    names = ",".join(["ticket_no", *fields])
    return f"{names}\n{','.join(['A', *fields.values()])}"


def verdicts(found: Cases) -> list[str]:
    return [VERDICTS[n] for n in found.verdict.tolist()]


def one(found: Cases) -> str:
    """Give the one verdict that says something, or that none does."""
    said = set(verdicts(found)) - {NONE} or {NONE}
    assert len(said) == 1, said
    return said.pop()


def kinds(found: Cases) -> set[str]:
    assert found.type is not None
    return {TYPES[n] for n in found.type[found.verdict == 1].tolist()}


# --- elapsed --------------------------------------------------------------------------------------


def elapsed(length: str, *said: str, **more: Setting) -> Cases:
    given: dict[str, Setting] = {
        "from": "unit_received",
        "to": "diagnosed",
        "at_most": length,
        **more,
    }
    return cases("elapsed", given, {"events": log(*said)})


@pytest.mark.parametrize(
    ("length", "start", "limit", "beyond"),
    [
        ("10 min", "12 10:00", "12 10:10", "12 10:10:00.000001"),
        ("24 h", "12 10:00", "13 10:00", "13 10:00:00.000001"),
        ("15 s", "12 10:00", "12 10:00:15", "12 10:00:15.000001"),
        ("2 working hours", "12 11:30", "12 14:30", "12 14:30:00.000001"),
        ("30 working min", "12 17:15", "13 08:45", "13 08:45:00.000001"),
        ("1 working day", "12 10:00", "13 17:30", "13 17:30:00.000001"),
        ("0 working days", "12 10:00", "12 17:30", "12 17:30:00.000001"),
        ("2 working days", "01 10:00", "09 17:30", "09 17:30:00.000001"),
        ("2 days", "12 10:00", "14 23:59:59.999999", "15 00:00"),
        ("1 month", "01 10:00", "31 23:59", "31 23:59:59"),
    ],
)
def test_a_limit_of_time_still_conforms(length: str, start: str, limit: str, beyond: str) -> None:
    assert one(elapsed(length, f"unit_received {start}", f"diagnosed {limit}")) == GOOD
    found = elapsed(length, f"unit_received {start}", f"diagnosed {beyond}")
    if length == "1 month":
        assert one(found) == GOOD
        return
    assert one(found) == BAD
    assert kinds(found) == {"late"}
    assert found.late is not None
    assert found.late[0] == 1


def test_work_done_after_closing_took_no_longer_than_to_the_close() -> None:
    assert one(elapsed("2 working hours", "unit_received 12 15:30", "diagnosed 12 19:00")) == GOOD
    assert one(elapsed("2 working hours", "unit_received 12 15:29", "diagnosed 12 19:00")) == BAD


def test_what_was_never_done_fails_once_the_limit_has_passed() -> None:
    assert one(elapsed("3 working days", "unit_received 12 10:00")) == BAD
    assert kinds(elapsed("3 working days", "unit_received 12 10:00")) == {"never done"}
    # Heard at the end of 5 November, a Thursday.
    assert one(elapsed("3 working days", "unit_received 31 10:00")) == BAD
    assert one(elapsed("4 working days", "unit_received 31 10:00")) == BAD
    assert one(elapsed("5 working days", "unit_received 31 10:00")) == NONE
    assert one(elapsed("3 working days", "unit_received 12 10:00", never="skip")) == NONE


def test_what_was_given_up_in_time_is_no_longer_owed() -> None:
    given = {"until": ["cancelled", "quote_declined"]}
    said = "unit_received 12 10:00"
    assert one(elapsed("1 h", said, "cancelled 12 11:00", **given)) == NONE
    assert one(elapsed("1 h", said, "cancelled 12 11:00:00.000001", **given)) == BAD
    # What was done is looked at all the same.
    assert one(elapsed("1 h", said, "diagnosed 12 11:30", "cancelled 12 12:00", **given)) == BAD


def test_half_a_pair_is_unknown_and_none_is_no_case() -> None:
    assert one(elapsed("1 h", "diagnosed 12 10:00")) == DARK
    assert one(elapsed("1 h", "arrived 12 10:00")) == NONE
    assert one(elapsed("1 h", f"unit_received {NEVER}", "diagnosed 12 10:00")) == DARK
    assert one(elapsed("1 h", "unit_received 12 10:00", f"diagnosed {NEVER}")) == DARK
    assert one(elapsed("1 h", "unit_received 12 10:00", "diagnosed 12 09:00")) == GOOD


def test_what_lies_ahead_has_not_happened() -> None:
    given = {"from": "unit_received", "to": "diagnosed", "at_most": "30 days"}
    said = {"events": log("unit_received 12 10:00", "diagnosed 14 10:00")}
    now = np.datetime64("2026-10-13T12:00")
    assert one(cases("elapsed", given, said, now=now)) == NONE


def test_a_required_field_that_is_blank_hides_a_time() -> None:
    given = {"from": "tickets.opened_at", "to": "customer_contacted", "at_most": "2 h"}
    events = log("customer_contacted 12 10:00")
    blank = {"tickets": tickets(opened_at=""), "events": events}
    assert one(cases("elapsed", given, blank)) == DARK
    right = {"tickets": tickets(opened_at="2026-10-12 09:00"), "events": events}
    assert one(cases("elapsed", given, right)) == GOOD


def test_a_field_that_may_stay_empty_says_that_nothing_happened() -> None:
    given = {"from": "requests.at", "to": "requests.answered_at", "at_most": "30 working min"}
    rows = "ticket_no,at,answered_at\nA,2026-10-12 09:00,\nA,2026-10-12 09:00,2026-10-12 09:30"
    found = cases("elapsed", given, {"requests": rows})
    assert verdicts(found) == [BAD, GOOD]


def test_each_start_has_an_end_of_its_own() -> None:
    said = ("unit_received 12 10:00", "diagnosed 12 10:30", "unit_received 13 10:00")
    found = elapsed("1 h", *said, "diagnosed 13 11:30", which="each")
    assert verdicts(found) == [GOOD, BAD]
    assert verdicts(elapsed("1 h", *said, which="first")) == [GOOD]
    assert verdicts(elapsed("1 h", *said, "diagnosed 14 09:00", which="last")) == [BAD]


def test_of_several_ends_the_first_counts() -> None:
    given = {"to": ["diagnosed", "repair_done"]}
    assert one(elapsed("1 h", "unit_received 12 10:00", "repair_done 12 10:59", **given)) == GOOD
    said = ("unit_received 12 10:00", "diagnosed 12 12:00", "repair_done 12 10:59")
    assert one(elapsed("1 h", *said, **given)) == GOOD


def test_at_least_so_much_time_lies_between() -> None:
    given = {"from": "unit_received", "to": "diagnosed", "at_least": "30 min"}
    for end, expected in (("12 10:30", GOOD), ("12 10:29:59.999999", BAD)):
        said = {"events": log("unit_received 12 10:00", f"diagnosed {end}")}
        assert one(cases("elapsed", given, said)) == expected


def test_a_grace_excuses_what_is_a_little_late() -> None:
    given = {"from": "unit_received", "to": "diagnosed", "at_most": "1 h"}
    for end, expected in (("12 11:05", GOOD), ("12 11:05:00.000001", BAD)):
        said = {"events": log("unit_received 12 10:00", f"diagnosed {end}")}
        found = cases("elapsed", given, said, grace="5 min")
        assert one(found) == expected
        assert found.excused is not None
        assert found.excused.tolist() == [expected == GOOD]
    said = {"events": log("unit_received 12 10:00")}
    now = np.datetime64("2026-10-12T11:05")
    assert one(cases("elapsed", given, said, grace="5 min", now=now)) == NONE
    assert one(cases("elapsed", given, said, grace="4 min", now=now)) == BAD


def test_the_clock_of_a_post_runs_to_its_own_close() -> None:
    said = ("unit_received 12 10:00", "diagnosed 14 20:00")
    assert one(elapsed("2 working days", *said, calendar="CBS")) == GOOD
    assert one(elapsed("2 working days", *said)) == BAD


@pytest.mark.parametrize(
    ("length", "end", "beyond"),
    [
        ("2 working hours", "12 15:00", "12 15:00:00.000001"),
        ("2 h", "12 13:00", "12 13:00:00.000001"),
        ("1 working day", "13 17:30", "13 17:30:00.000001"),
    ],
)
def test_waiting_for_the_customer_stops_the_clock(length: str, end: str, beyond: str) -> None:
    """It stands from 10:30 to 11:30 and from 14:00, where 2 working hours are full, to 15:00."""
    given = {"paused_by": "rescheduled", "paused_when": "客户", "resumed_by": "customer_contacted"}
    said = [
        "unit_received 12 10:00",
        "rescheduled 12 10:30|||客户要求",
        "rescheduled 12 10:40|||客户又要求",
        "customer_contacted 12 11:30",
        "rescheduled 12 11:40|||备件未到",
        "rescheduled 12 14:00|||客户要求",
        "customer_contacted 12 15:00",
    ]
    assert one(elapsed(length, *said, f"diagnosed {end}", **given)) == GOOD
    assert one(elapsed(length, *said, f"diagnosed {beyond}", **given)) == BAD


def test_a_clock_that_stands_still_makes_nothing_due() -> None:
    said = ("unit_received 12 10:00", "rescheduled 12 10:30|||客户要求")
    assert one(elapsed("2 working hours", *said, paused_by="rescheduled")) == NONE
    assert one(elapsed("2 working days", *said, paused_by="rescheduled")) == NONE
    assert one(elapsed("2 working hours", *said)) == BAD


# --- deadline -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "limit", "beyond"),
    [
        ("12 16:59:59.999999", "12 17:30", "12 17:30:00.000001"),
        ("12 17:00", "13 10:00", "13 10:00:00.000001"),
        # A Saturday that is off.
        ("17 10:00", "19 17:30", "19 17:30:00.000001"),
    ],
)
def test_what_comes_late_in_the_day_is_due_the_next(start: str, limit: str, beyond: str) -> None:
    given = {
        "from": "payment_collected",
        "to": "payment_handed_in",
        "within": "0 working days",
        "late_from": "17:00",
        "late_within": "1 working day",
        "late_by": "10:00",
    }
    for end, expected in ((limit, GOOD), (beyond, BAD)):
        said = {"events": log(f"payment_collected {start}", f"payment_handed_in {end}")}
        assert one(cases("deadline", given, said)) == expected


def test_a_day_and_a_time_of_day() -> None:
    given = {"from": "completed", "to": "callback_queued", "within": "1 working day", "by": "09:30"}
    for end, expected in (("13 09:30", GOOD), ("13 09:30:00.000001", BAD)):
        said = {"events": log("completed 12 16:00", f"callback_queued {end}")}
        assert one(cases("deadline", given, said)) == expected
    assert kinds(cases("deadline", given, {"events": log("completed 12 16:00")})) == {"never done"}


# --- order ----------------------------------------------------------------------------------------


def sequence(*said: str, **more: Setting) -> Cases:
    given: dict[str, Setting] = {"events": ["quote_accepted", "repair_started"], **more}
    return cases("sequence", given, {"events": log(*said)})


def test_things_come_in_their_order() -> None:
    before, after = "quote_accepted 12 10:00", "repair_started 12 10:00"
    assert one(sequence(before, "repair_started 12 10:00:00.000001")) == GOOD
    # Of two at one moment the row says which came first.
    assert one(sequence(before, after)) == GOOD
    assert one(sequence(after, before)) == BAD
    assert one(sequence("quote_accepted 12 10:00:00.000001", after)) == BAD
    assert one(sequence(after)) == NONE
    assert kinds(sequence(after, needed="quote_accepted")) == {"missing"}
    assert one(sequence(before)) == NONE
    assert one(sequence(f"quote_accepted {NEVER}", after)) == DARK


def timeline(*said: str, **given: Setting) -> Cases:
    tables = {"events": log(*said), "tickets": tickets(opened_at="2026-10-12 09:00")}
    return cases("timeline", given, tables, now=np.datetime64("2026-10-20T12:00"))


def test_no_time_lies_before_the_ticket_or_ahead() -> None:
    opened = {"not_before": "tickets.opened_at"}
    assert one(timeline("arrived 12 09:00", **opened)) == GOOD
    assert kinds(timeline("arrived 12 08:59:59.999999", **opened)) == {"too early"}
    spared = timeline("call_received 12 08:50", may_precede="call_received", **opened)
    assert one(spared) == GOOD
    assert one(timeline("arrived 20 12:00", no_future=True)) == GOOD
    assert kinds(timeline("arrived 20 12:00:00.000001", no_future=True)) == {"wrong value"}
    assert one(timeline(f"arrived {NEVER}", no_future=True)) == DARK


def test_times_do_not_run_backwards_along_the_workflow() -> None:
    way = {"along_workflow": True}
    assert one(timeline("departed 13 09:00", "arrived 13 09:00", **way)) == GOOD
    found = timeline("departed 13 09:00:00.000001", "arrived 13 09:00", **way)
    assert kinds(found) == {"wrong order"}
    # The second round of a loop is no step back, and a visit may be promised before or after parts.
    again = ("diagnosed 13 09:30", "departed 14 09:00", "arrived 14 09:30")
    assert one(timeline("departed 13 09:00", "arrived 13 09:00", *again, **way)) == GOOD


def queue(*said: str, urgent: str = "B") -> Cases:
    given = {"queued": "unit_received", "served": "diagnosed", "ahead": "urgent"}
    rows = "\n".join(f"{t},{'vip' if t == urgent else 'normal'}" for t in "ABC")
    tables = {"events": log(*said), "tickets": f"ticket_no,priority\n{rows}"}
    return cases("queue_order", given, tables)


def test_who_comes_first_is_served_first() -> None:
    came = ("A:unit_received 12 09:00", "B:unit_received 12 10:00", "C:unit_received 12 10:00")
    served = ("A:diagnosed 12 15:00", "B:diagnosed 12 14:00", "C:diagnosed 12 15:00")
    assert verdicts(queue(*came, *served)) == [GOOD, NONE, GOOD]
    assert verdicts(queue(*came, *served, urgent="")) == [GOOD, BAD, GOOD]
    late = (*served[:2], "C:diagnosed 12 14:59:59.999999")
    assert verdicts(queue(*came, *late)) == [GOOD, NONE, BAD]
    # One that waits still is overtaken by nobody, and B and C came at the same moment.
    assert verdicts(queue(*came, *served[1:], urgent="")) == [NONE, GOOD, GOOD]


# --- counts ---------------------------------------------------------------------------------------


def occurrences(*said: str, **more: Setting) -> Cases:
    return cases("occurrences", {"events": "arrived", **more}, {"events": log(*said)})


def test_events_are_counted_between_their_borders() -> None:
    once, twice = "arrived 12 10:00", "arrived 13 10:00"
    before = {"before": "repair_done", "at_least": "1", "at_most": "1"}
    assert one(occurrences(once, "repair_done 12 10:00", **before)) == GOOD
    assert one(occurrences(once, twice, "repair_done 12 10:00", **before)) == GOOD
    assert kinds(occurrences(once, twice, "repair_done 13 10:00", **before)) == {"too many"}
    assert kinds(occurrences(twice, "repair_done 12 10:00", **before)) == {"too few"}
    assert one(occurrences(once, **before)) == NONE
    after = {"after": "quote_declined", "at_most": "0"}
    assert one(occurrences(once, "quote_declined 12 10:00", **after)) == GOOD
    assert one(occurrences("quote_declined 12 10:00", once, **after)) == BAD
    assert one(occurrences("quote_declined 12 10:00", f"arrived {NEVER}", **after)) == DARK
    assert one(occurrences(f"arrived {NEVER}", at_least="1")) == GOOD


def test_a_visit_the_customer_put_off_does_not_count() -> None:
    given = {"before": "repair_done", "at_most": "1", "excused_by": "rescheduled"}
    said = ("arrived 12 10:00", "arrived 13 10:00", "repair_done 13 11:00")
    found = occurrences(*said, "rescheduled 12 10:10|||customer", excused_when="customer", **given)
    assert one(found) == GOOD
    assert found.excused is not None
    assert found.excused.all()
    assert (
        one(occurrences(*said, "rescheduled 12 10:10|||part", excused_when="customer", **given))
        == BAD
    )
    # Put off before the first arrival, it excuses none.
    assert one(occurrences(*said, "rescheduled 12 09:10|||customer", **given)) == BAD


def attempts(*said: str, **more: Setting) -> Cases:
    parts = ["09:00-12:00", "14:00-17:30", "17:30-20:00"]
    given: dict[str, Setting] = {
        "event": "callback_attempted",
        "at_least": "3",
        "on_days": "2",
        "day_parts": parts,
    }
    given |= {"before": "callback_unreachable", **more}
    tries = (f"callback_attempted {each}" for each in said)
    return cases("attempts", given, {"events": log(*tries, "callback_unreachable 14 10:00")})


def test_three_real_attempts() -> None:
    assert one(attempts("12 09:00", "12 14:00", "14 10:00")) == GOOD
    assert one(attempts("12 09:00", "14 10:00")) == BAD
    assert one(attempts("12 09:00", "12 14:00", "14 10:00:00.000001")) == BAD
    assert one(attempts("14 09:00", "14 09:10", "14 10:00")) == BAD
    assert one(attempts("12 09:00", "12 12:00", "14 10:00")) == BAD
    # 12:00:00.000001 lies in no part, 17:30 in the evening.
    assert one(attempts("12 09:00", "12 12:00:00.000001", "14 10:00")) == BAD
    assert one(attempts("12 14:00", "12 15:00", "13 17:30")) == GOOD


def test_hours_hold_their_ends() -> None:
    given = {"event": "callback_attempted", "within": ["09:00-12:00", "14:00-20:00"]}
    times = ["12 09:00", "12 08:59:59.999999", "12 20:00", "12 20:00:00.000001", "17 10:00", NEVER]
    said = {"events": log(*(f"callback_attempted {each}" for each in times))}
    assert verdicts(cases("hours", given, said)) == [GOOD, BAD, GOOD, BAD, GOOD, DARK]
    # The 17th is a Saturday, the 10th one that is worked.
    said = {"events": log("callback_attempted 17 10:00", "callback_attempted 10 10:00")}
    assert verdicts(cases("hours", {**given, "calendar": "CBS"}, said)) == [BAD, GOOD]


def test_a_minute_holds_so_many_tickets() -> None:
    names = "ABCDE"
    five = [f"{t}:completed 12 17:00:{n:02}" for n, t in enumerate(names)]
    given = {"event": "completed", "at_most": "4"}
    assert verdicts(cases("burst", given, {"events": log(*five)})) == [BAD]
    assert verdicts(cases("burst", given, {"events": log(*five[:4])})) == [GOOD]
    # One ticket twice is one ticket.
    assert verdicts(cases("burst", given, {"events": log(*five[:4], five[0])})) == [GOOD]
    found = cases("burst", given, {"events": log(*five)})
    assert [line.tolist() for _, line in found.lines] == [[0], [1], [2], [3], [4]]
    found = cases("burst", given, {"events": log(five[0], *five)})
    assert [line.tolist() for _, line in found.lines] == [[0], [2], [3], [4], [5]]


# --- promises -------------------------------------------------------------------------------------


def promise(*said: str, field: str = "", **more: Setting) -> Cases:
    given: dict[str, Setting] = {"done": "arrived", "promised": ["visit_promised", "rescheduled"]}
    given |= {"limit": "tickets.promised_end", "in_force": "last", **more}
    tables = {"events": log(*said), "tickets": tickets(promised_end=field)}
    return cases("promise_kept", given, tables)


FIRST = "visit_promised 12 09:00||2026-10-12 14:00/2026-10-12 16:00"
SECOND = "rescheduled 12 12:00||2026-10-13 09:00/2026-10-13 11:00"


def test_a_promise_holds_to_its_end() -> None:
    assert one(promise(FIRST, "arrived 12 16:00")) == GOOD
    assert one(promise(FIRST, "arrived 12 16:00:00.000001")) == BAD
    assert one(promise(FIRST, SECOND, "arrived 13 11:00")) == GOOD
    assert one(promise(FIRST, SECOND, "arrived 13 11:00:00.000001")) == BAD
    # A new promise made after the deed changes nothing.
    assert one(promise(FIRST, "rescheduled 12 17:00||2026-10-13", "arrived 12 16:30")) == BAD
    # One made at that very moment is in force.
    assert one(promise(FIRST, "arrived 12 17:00", "rescheduled 12 17:00||2026-10-12 18:00")) == GOOD
    assert one(promise("arrived 12 16:00")) == NONE
    assert one(promise("visit_promised 12 09:00||soon", "arrived 12 16:00")) == DARK


def test_lateness_against_the_first_promise_is_told_too() -> None:
    found = promise(FIRST, SECOND, "arrived 13 11:00")
    assert found.first_late is not None
    assert found.late is not None
    assert found.first_late.tolist() == [19 * 3600 * 10**6]
    assert found.late.tolist() == [NOTHING]
    assert one(promise(FIRST, SECOND, "arrived 13 11:00", in_force="first")) == BAD
    # The next visit begins with a promise of its own.
    again = "rescheduled 13 12:00||2026-10-15 09:00/2026-10-15 11:00"
    found = promise(FIRST, "arrived 12 16:00", again, "arrived 15 11:00")
    assert found.first_late is not None
    assert verdicts(found) == [GOOD, GOOD]
    assert found.first_late.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("value", "field", "end"),
    [
        ("2026-10-13", "", "13 23:59:59.999999"),
        ("2026-10-13 09:00/11:00", "", "13 11:00"),
        ("2026-10-13 11:00", "", "13 11:00"),
        ("2026/10/12/2026/10/13", "", "13 23:59:59.999999"),
        ("", "2026-10-13", "13 23:59:59.999999"),
        ("", "2026-10-13 11:00", "13 11:00"),
    ],
)
def test_a_promise_is_read_as_it_is_written(value: str, field: str, end: str) -> None:
    made = f"visit_promised 12 09:00||{value}"
    assert one(promise(made, f"arrived {end}", field=field)) == GOOD
    day, _, _ = end.partition(" ")
    assert one(promise(made, f"arrived {int(day) + 1} 00:00", field=field)) == BAD


def test_without_an_event_the_ticket_makes_the_promise() -> None:
    assert one(promise("arrived 13 11:00", field="2026-10-13 11:00")) == GOOD
    assert one(promise("arrived 13 11:00:01", field="2026-10-13 11:00")) == BAD


def notice(*said: str, field: str = "") -> Cases:
    given = {"done": "arrived", "promise": "tickets.promised_end", "at_least": "60 min"}
    given |= {"begins": "tickets.promised_start", "promised": "visit_promised"}
    given |= {"notice": "rescheduled"}
    tables = {"events": log(*said), "tickets": tickets(promised_end=field)}
    return cases("notice_before", given, tables)


def test_a_delay_is_told_in_time() -> None:
    arrived = "arrived 13 10:00"
    new = "2026-10-13 09:00/2026-10-13 11:00"
    assert one(notice(FIRST, f"rescheduled 12 13:00||{new}", arrived)) == GOOD
    found = notice(FIRST, f"rescheduled 12 13:00:00.000001||{new}", arrived)
    assert one(found) == BAD
    assert kinds(found) == {"late"}
    assert kinds(notice(FIRST, arrived)) == {"never done"}
    assert one(notice(FIRST, "arrived 12 16:00")) == NONE
    assert one(notice(FIRST)) == NONE
    # Told in time, and then the new promise is not kept either.
    said = (FIRST, f"rescheduled 12 13:00||{new}", "arrived 13 11:00:01")
    assert verdicts(notice(*said)) == [GOOD, BAD]


# --- what is open ---------------------------------------------------------------------------------


def test_what_is_past_its_day_and_open_is_overdue() -> None:
    given = {"due": "actions.due", "done": "actions.done"}
    rows = "finding_id,due,done\n1,2026-11-05,\n2,2026-11-04,\n3,2026-11-01,2026-11-03\n4,,\n"
    found = cases("overdue", given, {"actions": rows})
    assert verdicts(found) == [GOOD, BAD, GOOD, DARK]


def test_the_last_promise_is_the_one_that_counts() -> None:
    given = {"due": "tickets.promised_end", "promised": ["rescheduled"], "done": ["completed"]}
    tables = {
        "tickets": tickets(promised_end="2026-10-12 16:00"),
        "events": log("arrived 12 09:00"),
    }
    assert one(cases("overdue", given, tables)) == BAD
    tables["events"] = log("rescheduled 12 09:00||2026-11-05")
    assert one(cases("overdue", given, tables)) == GOOD
    tables["events"] = log("rescheduled 12 09:00||2026-11-04")
    assert one(cases("overdue", given, tables)) == BAD


def test_what_lies_too_long_is_overdue() -> None:
    given = {"since": "ledger.last_move_at", "at_most": "180 days"}
    rows = "site,last_move_at\nCD,2026-05-09\nCD,2026-05-08\nCD,\n"
    assert verdicts(cases("overdue", given, {"ledger": rows})) == [GOOD, BAD, NONE]


def reminders(*said: str) -> Cases:
    given = {"event": "reminder_sent", "from": "customer_notified", "at": ["7 days", "30 days"]}
    given |= {"until": "unit_collected"}
    return cases("reminders", given, {"events": log("customer_notified 01 10:00", *said)})


def test_reminders_come_on_their_day_or_the_next_that_is_worked() -> None:
    seventh, thirtieth = "reminder_sent 08 00:00", "reminder_sent 31 10:00"
    assert verdicts(reminders(seventh)) == [GOOD, BAD]
    assert verdicts(reminders("reminder_sent 08 23:59:59.999999", thirtieth)) == [GOOD, GOOD]
    assert verdicts(reminders("reminder_sent 09 00:00", "unit_collected 20 10:00")) == [BAD, NONE]
    assert verdicts(reminders("reminder_sent 07 10:00", "unit_collected 20 10:00")) == [BAD, NONE]
    assert verdicts(reminders("unit_collected 08 10:00")) == [NONE, NONE]


def calls(*said: str, **more: Setting) -> Cases:
    given: dict[str, Setting] = {
        "calls": "calls",
        "at": "calls.ringing_at",
        "incoming": "incoming_call",
    }
    given |= {"outgoing": "outgoing_call", "times": "2", "within": "3 working days", **more}
    rows = []
    for n, each in enumerate(said):
        way, _, when = each.partition(" ")
        rows.append(f"{n},A,2026-10-{when},{way}")
    tables = {"calls": "\n".join(["call_id,ticket_no,ringing_at,direction", *rows])}
    tables["events"] = log("customer_contacted 13 09:00", "closed 20 09:00")
    return cases("second_call", given, tables)


def test_nobody_calls_twice_in_vain() -> None:
    assert one(calls("in 12 09:00", "in 15 17:30")) == BAD
    assert one(calls("in 12 09:00", "in 15 17:30:00.000001")) == GOOD
    assert one(calls("in 12 09:00", "out 12 10:00", "in 12 11:00")) == GOOD
    assert one(calls("in 12 09:00")) == GOOD
    assert one(calls("out 12 09:00")) == NONE
    assert one(calls("in 12 09:00", "in 14 09:00", contacts="customer_contacted")) == GOOD
    assert one(calls("in 20 08:00", "in 20 10:00", until="closed")) == GOOD
    assert one(calls("in 12 09:00", "in 12 10:00", times="3")) == GOOD
    assert one(calls("in 12 09:00", "in 12 10:00", "in 12 11:00", times="3")) == BAD
    assert one(calls("in 12 09:00", " 12 10:00")) == DARK


# --- many together --------------------------------------------------------------------------------


def test_a_share_is_reached_exactly() -> None:
    given = {"done": "callback_attempted", "of": "completed", "at_least": "30 %"}
    ten = [f"{t}:completed 12 10:00" for t in "ABCDEFGHIJ"]
    called = [f"{t}:callback_attempted 13 10:00" for t in "ABC"]
    found = cases("share_reached", given, {"events": log(*ten, *called)})
    assert verdicts(found) == [GOOD]
    assert found.found is not None
    assert found.found.spelled() == ["3/10"]
    found = cases("share_reached", given, {"events": log(*ten, *called[:2])})
    assert verdicts(found) == [BAD]
    assert found.late is not None
    assert found.late.tolist() == [1]
    assert verdicts(cases("share_reached", given, {"events": log("A:arrived 12 10:00")})) == [NONE]
    # What is not due yet waits.
    young = {"events": log(*ten[:3], *called[:1], "K:completed 31 10:00")}
    assert verdicts(cases("share_reached", {**given, "within": "5 working days"}, young)) == [GOOD]
    assert verdicts(cases("share_reached", given, young)) == [BAD]


def test_tickets_of_a_sort_nobody_knows_leave_a_share_open() -> None:
    given = {
        "done": "callback_attempted",
        "of": "completed",
        "at_least": "100 %",
        "when": "on_site",
    }
    events = log("A:completed 12 10:00", "A:callback_attempted 13 10:00", "B:completed 12 10:00")
    rows = {"tickets": "ticket_no,service_type\nA,on_site\nB,", "events": events}
    assert verdicts(cases("share_reached", given, rows)) == [DARK]


def test_a_sum_stays_within_its_share() -> None:
    given = {"value": "loans.value", "of": "10000", "at_most": "60 %"}
    for value, expected in (("3500.00", GOOD), ("3500.01", BAD), ("", DARK)):
        rows = f"loan_no,serial,value\n1,S1,2500\n2,S2,{value}\n"
        assert verdicts(cases("value_limit", given, {"loans": rows})) == [expected]


def test_the_load_is_spread_within_its_share() -> None:
    given = {"event": "arrived", "within": "30 %", "days_at_least": "2"}
    # 13 visits in 2 days and 7 in 2: 6.5 and 3.5 a day, a mean of 5, exactly 30 % apart.
    many = [f"A:arrived {12 + n % 2} 09:00|E1" for n in range(13)]
    few = [f"A:arrived {12 + n % 2} 09:00|E2" for n in range(7)]
    assert verdicts(cases("load_spread", given, {"events": log(*many, *few)})) == [GOOD, GOOD]
    found = cases("load_spread", given, {"events": log(*many, *few, many[0])})
    assert verdicts(found) == [BAD, BAD]
    assert kinds(found) == {"too many", "too few"}
    one_day = cases("load_spread", given, {"events": log(*many, *few, "A:arrived 12 09:00|E3")})
    assert verdicts(one_day) == [GOOD, GOOD, NONE]
