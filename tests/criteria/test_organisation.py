"""Who works where, and when."""

from datetime import date

import pytest

from sopaudit.criteria.organisation import Person, Units
from sopaudit.reading.events import read_bytes
from sopaudit.reading.shape import validated


def person(more: str) -> Person:
    yaml = f"id: '1001'\nname: 陈静\n{more}"
    value, problems = validated(read_bytes(yaml.encode(), "f.yaml"), Person)
    assert problems == []
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("dates", "day", "works"),
    [
        ("", date(1900, 1, 1), True),
        ("from: 2024-03-01", date(2024, 2, 29), False),
        ("from: 2024-03-01", date(2024, 3, 1), True),
        ("to: 2024-03-01", date(2024, 3, 1), True),
        ("to: 2024-03-01", date(2024, 3, 2), False),
        ("from: 2024-03-01\nto: 2024-03-31", date(2024, 3, 15), True),
        ("from: 2024-03-01\nto: 2024-03-31", date(2024, 4, 1), False),
    ],
)
def test_an_entry_of_the_roster_holds_from_its_first_day_to_its_last(
    dates: str,
    day: date,
    works: bool,  # noqa: FBT001 -- a parameter of pytest
) -> None:
    assert person(dates).works_on(day) is works


def test_a_staff_number_keeps_its_leading_zeros() -> None:
    yaml = "id: 0042\nname: 陈静\n"
    value, _ = validated(read_bytes(yaml.encode(), "f.yaml"), Person)
    assert value is not None
    assert value.id == "0042"


def test_a_handbook_without_words_of_its_own_has_usual_ones() -> None:
    assert Units.usual().office.to("en") == "office"
    assert Units.usual().head.to("zh") == "负责人"
