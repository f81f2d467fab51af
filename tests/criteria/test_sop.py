"""A post's standards."""

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
