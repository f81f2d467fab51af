"""Ways of tickets in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopaudit.report.tickets.way import folded


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ("abc", [("abc", 1)]),
        ("aaab", [("a", 3), ("b", 1)]),
        ("abcbcbcd", [("a", 1), ("bc", 3), ("d", 1)]),
        ("", []),
    ],
)
def test_what_repeats_in_a_row_is_folded(events: str, told: list[tuple[str, int]]) -> None:
    assert folded(events) == [(tuple(block), times) for block, times in told]


@given(events=st.text("abc", max_size=40))
def test_unfolding_gives_the_way_again(events: str) -> None:
    assert [e for block, times in folded(tuple(events)) for e in block * times] == list(events)
