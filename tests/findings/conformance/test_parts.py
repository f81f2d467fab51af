"""One digest: for shuffled rows, any parts, any hash seed."""

import os
import subprocess
import sys
from random import Random
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.findings.conformance.charts import disturbed
from tests.findings.conformance.logs import ROOT, handbook, log_of_sequences, parted
from tests.findings.conformance.test_conform import ALL, BOOK, CALL, DAY

from sopaudit.evidence.eventlog import EventLog
from sopaudit.findings.conformance.conform import conform
from sopaudit.findings.conformance.merging import merged
from sopaudit.findings.conformance.result import Conformance
from sopaudit.findings.deviation import written
from sopaudit.findings.sorts import Sort
from sopaudit.findings.sorts import merged as merged_sorts

EVENTS: Final = [event.strip() for event in ALL.split(",")]


def drawn(seed: int, tickets: int = 120) -> EventLog:
    """Draw a log of tickets that went more or less as they should; many events share a time."""
    dice = Random(seed)  # noqa: S311 -- no secret, but repeatable
    begun = [EVENTS, CALL.replace(" ", "").split(","), EVENTS[:3], EVENTS[:12]]
    names = [f"T{dice.randrange(10**6)}-{n}" for n in range(tickets)]
    found = log_of_sequences({t: disturbed(dice.choice(begun), dice, EVENTS) for t in names})
    tied = found.at.astype("datetime64[h]").astype("datetime64[us]")
    return EventLog(
        found.tickets, found.ticket, found.activities, found.activity, tied, found.row,
        ("1", "2"), (found.row % 3 - 1).astype(np.int32),
        ("HTL", "OSE"), (found.row % 5 % 3 - 1).astype(np.int32),
    )  # fmt: skip


def same(one: Conformance, other: Conformance) -> None:
    assert written(one.deviations) == written(other.deviations)
    assert one.totals() == other.totals()
    assert one.tickets == other.tickets
    assert one.state.tolist() == other.state.tolist()
    assert one.cost.tolist() == other.cost.tolist()
    assert one.variants == other.variants
    assert one.variant.tolist() == other.variant.tolist()
    assert dict(one.boxes) == dict(other.boxes)
    assert dict(one.moves) == dict(other.moves)
    assert dict(one.jumps) == dict(other.jumps)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_shuffled_rows_that_carry_their_number_say_the_same(seed: int) -> None:
    whole = drawn(seed)
    order = np.random.default_rng(seed).permutation(len(whole))
    for as_of in (None, DAY):
        same(conform(whole, BOOK, None, as_of), conform(whole.take(order), BOOK, None, as_of))


@pytest.mark.parametrize("count", [1, 8, 64])
def test_parts_put_together_say_the_same(count: int) -> None:
    whole = drawn(count)
    found = conform(whole, BOOK, None, DAY)
    assert len(found.deviations) > 50
    same(found, merged([conform(part, BOOK, None, DAY) for part in parted(whole, count)]))


def test_no_part_at_all_is_no_ticket() -> None:
    assert merged([]).totals()["tickets"] == 0


SCRIPT: Final = """
from tests.findings.conformance.test_parts import BOOK, DAY, conform, drawn
print(conform(drawn(5), BOOK, None, DAY).totals()["digest"])
"""


def test_the_digest_does_not_hang_on_the_hash_seed() -> None:
    expected = conform(drawn(5), handbook(), None, DAY).totals()["digest"]
    env = {"PYTHONHASHSEED": "77", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = [sys.executable, "-c", SCRIPT]
    run = subprocess.run(words, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    assert run.stdout.strip() == expected


def test_the_ticket_that_stands_for_a_sort_is_the_first_whatever_the_part() -> None:
    sorts_ = [Sort("skipped", "F1", "a", 1, ticket) for ticket in ("T2", "T1", "T3")]
    assert merged_sorts(sorts_) == [Sort("skipped", "F1", "a", 3, "T1")]
