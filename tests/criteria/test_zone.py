"""The clock of an organisation, as people write it."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from sopaudit.criteria.organisation import Organisation
from sopaudit.criteria.zone import Zone, zone_of

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("+08:00", 8),
        ("-03:30", -3.5),
        ("+00:00", 0),
        ("Asia/Shanghai", 8),
        ("America/New_York", -4),
        ("UTC", 0),
    ],
)
def test_an_offset_and_a_name_are_a_clock(text: str, hours: float) -> None:
    zone = zone_of(TypeAdapter(Zone).validate_python(f" {text} "))
    assert NOON.astimezone(zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "text", ["", "8", "+8", "+8:00", "08:00", "+15:00", "+08:60", "Asia", "/etc", "../x", "Nowhere"]
)
def test_what_is_no_clock_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Zone).validate_python(text)


def test_an_organisation_that_names_no_clock_has_none() -> None:
    assert Organisation.model_validate({"id": "A", "name": "A"}).clock is None
