"""Cases by office, post, person, weekday and hour: sums come out, and few cases say little."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopaudit.evidence.column import coded, from_distinct
from sopaudit.evidence.eventlog import EventLog
from sopaudit.evidence.lines import Lines
from sopaudit.evidence.records import Records
from sopaudit.findings.breakdown import (
    DIMENSIONS,
    LEAST,
    Facets,
    Slice,
    breakdown,
    facets_of_log,
    facets_of_rules,
    joined,
)
from sopaudit.findings.deviation import COLUMNS, table
from sopaudit.findings.rules.case import Cases
from sopaudit.findings.rules.engine import Heard, RuleResult

Row = tuple[bool, str]
ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from(("", "a", "b", "c"))), max_size=60)


def facets(rows: Sequence[Row]) -> Facets:
    cells = coded([key for _, key in rows])
    return Facets(np.array([bad for bad, _ in rows], np.bool_), dict.fromkeys(DIMENSIONS, cells))


@given(rows=ROWS, seed=st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_nothing(rows: list[Row], seed: object) -> None:
    shuffled = [*rows]
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert breakdown(facets(rows), "post") == breakdown(facets(shuffled), "post")


@given(rows=ROWS)
def test_every_dimension_adds_up_to_all_cases(rows: list[Row]) -> None:
    found = breakdown(facets(rows), "hour")
    assert sum(one.cases for one in found) == len(rows)
    assert sum(one.bad for one in found) == sum(bad for bad, _ in rows)
    known = [row for row in rows if row[1]]
    for one in found:
        if one.key:
            assert one.cases + one.cases_elsewhere == len(known)
            assert one.bad + one.bad_elsewhere == sum(bad for bad, _ in known)


@given(one=ROWS, other=ROWS)
def test_cases_in_two_parts_are_the_cases_of_both(one: list[Row], other: list[Row]) -> None:
    both = joined([facets(one), facets(other)])
    assert breakdown(both, "person") == breakdown(facets([*one, *other]), "person")


def test_lift_is_the_rate_here_over_the_rate_elsewhere() -> None:
    assert Slice("a", 40, 10, 100, 5).lift == Fraction(10, 40) / Fraction(5, 100)


@pytest.mark.parametrize(
    ("here", "there"), [(LEAST - 1, 500), (500, LEAST - 1)], ids=["few here", "few elsewhere"]
)
def test_below_so_many_cases_no_lift_is_told(here: int, there: int) -> None:
    few = Slice("a", here, here, there, 1)
    assert few.guarded
    assert few.lift is None
    assert few.apart == 0
    enough = Slice("a", max(here, LEAST), LEAST, max(there, LEAST), 1)
    assert not enough.guarded
    assert enough.lift is not None


def test_where_nothing_is_wrong_elsewhere_there_is_no_lift_but_it_stands_out() -> None:
    only = Slice("a", 50, 20, 500, 0)
    assert only.lift is None
    assert only.apart == 1


def test_a_group_stands_out_only_where_the_intervals_do_not_meet() -> None:
    assert Slice("a", 100, 30, 400, 40).apart == 1
    assert Slice("a", 100, 1, 400, 80).apart == -1
    assert Slice("a", 100, 12, 400, 40).apart == 0
    assert Slice("a", 100, 14, 400, 40).apart == 0
    assert Slice("a", 100, 7, 400, 40).apart == 0


def test_cases_nobody_knows_the_key_of_are_compared_with_nothing() -> None:
    rows = [(True, "")] * 100 + [(True, "a")] * 5 + [(False, "a")] * 45 + [(False, "b")] * 50
    unknown, a, b = breakdown(facets(rows), "post")
    assert unknown.guarded
    assert (a.cases_elsewhere, a.bad_elsewhere) == (50, 0)
    assert b.lift == 0


def test_a_key_that_is_written_in_two_ways_is_one_group() -> None:
    cells = from_distinct(np.array([0, 1, 1]), ["a", " a"])
    found = breakdown(Facets(np.array([True, True, False]), {"post": cells}), "post")
    assert found == (Slice("a", 3, 2, 0, 0),)


# --- from rules and logs --------------------------------------------------------------------------


def records() -> Records:
    columns = {
        "ticket_no": coded(["T1", "T2", "T3"]),
        "event": coded(["done"] * 3),
        "at": coded(["2026-10-05 09:30", "2026-10-10 17:05", ""]),
        "actor": coded(["1", "2", "1"]),
        "post": coded(["HTL", "COO", ""]),
    }
    return Records({"events": Lines("events", columns, np.array([2, 3, 4]))}, "CD")


def test_a_case_of_a_rule_is_whose_its_line_is_and_what_was_not_decided_is_none() -> None:
    verdict = np.array([1, 0, 0, 2, 3], np.int8)
    cases = Cases(
        verdict, np.array([0, 1, 2, 0, 1], np.int32), (("events", np.array([0, 1, -1, 2, 2])),)
    )
    result = RuleResult(None, (Heard(None, cases),))  # type: ignore[arg-type]
    found = facets_of_rules([result], records())
    told = {name: found.of[name].spelled() for name in DIMENSIONS}
    assert found.bad.tolist() == [True, False, False]
    assert told == {
        "office": ["CD", "CD", "CD"],
        "post": ["HTL", "COO", ""],
        "person": ["1", "2", ""],
        "weekday": ["1", "6", ""],
        "hour": ["09", "17", ""],
    }


def test_who_a_rule_names_itself_goes_before_who_wrote_the_line() -> None:
    cases = Cases(
        np.array([1, 1], np.int8), np.array([0, 1], np.int32),
        (("events", np.array([0, 1])),), person=coded(["9", ""]),
    )  # fmt: skip
    found = facets_of_rules([RuleResult(None, (Heard(None, cases),))], records())  # type: ignore[arg-type]
    assert found.of["person"].spelled() == ["9", "2"]


def deviation(**said: str) -> tuple[str, ...]:
    return tuple(said.get(name, "") for name in COLUMNS)


def test_of_a_log_events_that_deviate_and_steps_left_out_do_not_conform() -> None:
    log = EventLog(
        ("T1",), np.zeros(3, np.int32), ("a",), np.zeros(3, np.int32),
        np.array(["2026-10-05T08:00", "2026-10-05T09:00", "NaT"], "datetime64[us]"),
        np.array([2, 3, 4]), ("1",), np.array([0, 0, -1], np.int32),
    )  # fmt: skip
    told = table([
        deviation(id="1", type="extra", rows="3"),
        deviation(id="2", type="skipped", post="COO", office="CD", at="2026-10-07 10:00"),
        deviation(id="3", type="late", rows="2"),
    ])  # fmt: skip
    found = facets_of_log(log, told, "CD")
    assert found.bad.tolist() == [False, True, False, True]
    assert found.of["post"].spelled() == ["", "", "", "COO"]
    assert found.of["office"].spelled() == ["CD"] * 4
    assert found.of["person"].spelled() == ["1", "1", "", ""]
    assert found.of["weekday"].spelled() == ["1", "1", "", "3"]
