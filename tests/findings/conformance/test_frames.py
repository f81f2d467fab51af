"""The library call: a frame of events in, the table of deviations out."""

import pandas as pd
import pytest
from tests.findings.conformance.logs import log
from tests.findings.conformance.test_conform import ALL, BOOK, CALL

import sopaudit
from sopaudit.findings.conformance.conform import conform

TEXT = f"A: {ALL}\nB: {CALL}, visit_promised@HTL~1001"


def frame() -> pd.DataFrame:
    said = log(TEXT)
    assert said.actor is not None
    assert said.post is not None
    return pd.DataFrame(
        {
            "ticket_no": [said.tickets[n] for n in said.ticket],
            "event": [said.activities[n] for n in said.activity],
            "at": said.at,
            "actor": ["" if n < 0 else said.actors[n] for n in said.actor],
            "post": [None if n < 0 else said.posts[n] for n in said.post],
        }
    )


def test_a_frame_says_what_its_log_says() -> None:
    found = sopaudit.check(frame(), BOOK)
    pd.testing.assert_frame_equal(found, conform(log(TEXT), BOOK).deviations)
    assert len(found) > 3


def test_a_shuffled_frame_that_carries_its_rows_says_the_same() -> None:
    numbered = frame().assign(row=range(2, len(frame()) + 2))
    shuffled = numbered.sample(frac=1, random_state=3)
    found = sopaudit.check(shuffled.assign(at=shuffled["at"].astype("str")), BOOK)
    pd.testing.assert_frame_equal(found, sopaudit.check(frame(), BOOK))


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="at"):
        sopaudit.check(frame().drop(columns="at"), BOOK)


def test_a_frame_without_rows_has_no_deviation() -> None:
    assert sopaudit.check(frame().head(0), BOOK).empty
