"""A post's standards, and the days on which an edition holds."""

from datetime import date

import pytest

from sopaudit.criteria.sop import Sop
from sopaudit.reading.events import read_bytes
from sopaudit.reading.shape import validated


def sop(more: str = "") -> Sop:
    yaml = f"""id: HTL
edition: '1'
title: 热线工程师
purpose: 接听来电
{more}
steps:
  - {{id: B, step: 接听, standards: [{{id: B-2, standard: 问候}}, {{id: B-1, standard: 登记}}]}}
  - {{id: A, step: 转派, standards: [{{id: A-1, standard: 写明现象}}]}}
"""
    value, problems = validated(read_bytes(yaml.encode(), "f.yaml"), Sop)
    assert problems == []
    assert value is not None
    return value


def test_standards_keep_the_order_of_the_sheet() -> None:
    assert list(sop().standards) == ["B-2", "B-1", "A-1"]
    assert sop().standards["A-1"].standard.to("zh") == "写明现象"


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_an_edition_holds_from_its_first_day_to_its_last(
    day: date,
    holds: bool,  # noqa: FBT001 -- a parameter of pytest
) -> None:
    edition = sop("effective_from: 2026-01-01\neffective_until: 2026-12-31")
    assert edition.in_force(day) is holds


def test_an_edition_without_dates_holds_always() -> None:
    assert sop().in_force(date(1900, 1, 1))
    assert sop("effective_from: 2026-01-01").in_force(date(2100, 1, 1))
    assert sop("effective_until: 2026-01-01").in_force(date(1900, 1, 1))
