"""Items know their points on a day, and the labels their checklist declares."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopaudit.criteria.checklist import Checklist, Item
from sopaudit.reading.events import read_bytes
from sopaudit.reading.shape import validated


def checklist(items: str) -> Checklist:
    yaml = f"id: CK\nedition: '1'\ntitle: 检查表\nscheme: s\nitems:\n{items}"
    value, problems = validated(read_bytes(yaml.encode(), "f.yaml"), Checklist)
    assert problems == []
    assert value is not None
    return value


def item(more: str) -> Item:
    return checklist(f"  - {{id: A, question: 好吗？, {more}}}").items[0]


def test_an_item_counts_once_unless_it_says_otherwise() -> None:
    found = item("points: 5")
    assert (found.points, found.weight) == (Fraction(5), Fraction(1))
    assert found.na_allowed


@pytest.mark.parametrize(
    ("day", "points"),
    [
        (date(1999, 12, 31), 15),  # before the first date the oldest hold
        (date(2000, 1, 1), 15),
        (date(2013, 4, 30), 15),
        (date(2013, 5, 1), 25),
        (date(2026, 1, 1), 25),
        (None, 25),
    ],
)
def test_points_are_those_in_force_on_the_day(day: date | None, points: int) -> None:
    found = item("points_since: [{date: 2000-01-01, points: 15}, {date: 2013-05-01, points: 25}]")
    assert found.points_on(day) == points


def test_points_that_never_changed_hold_on_every_day() -> None:
    assert item("points: 5").points_on(date(1900, 1, 1)) == 5
    assert item("weight: 2").points_on(None) is None


@given(days=st.lists(st.dates(), min_size=1, max_size=5, unique=True), day=st.dates())
def test_the_latest_points_not_after_the_day_hold(days: list[date], day: date) -> None:
    days = sorted(days)
    since = ", ".join(f"{{date: {d}, points: {n}}}" for n, d in enumerate(days))
    begun = [n for n, d in enumerate(days) if d <= day]
    assert item(f"points_since: [{since}]").points_on(day) == max(begun, default=0)


def test_keys_a_checklist_declares_are_labels() -> None:
    assert item("color: red, 楼层: 1F").labels == {"color": "red", "楼层": "1F"}
    assert item("points: 5").labels == {}


def test_items_keep_the_order_of_the_sheet() -> None:
    found = checklist("".join(f"  - {{id: {n}, question: 好吗？}}\n" for n in ("B", "A", "C")))
    assert list(found.by_id) == ["B", "A", "C"]
