"""A log on the chart of a workflow."""

from fractions import Fraction
from typing import Final

import numpy as np
from tests.report.tickets.invented import handbook

from sopaudit.findings.conformance.result import Conformance, Passage
from sopaudit.findings.deviation import table
from sopaudit.report.tickets.chart import DRAWN, overlay, walked
from sopaudit.swimlane.layout import lay_out
from sopaudit.swimlane.overlay import Count
from sopaudit.swimlane.svg import svg

BOOK: Final = handbook()
FLOW: Final = BOOK.workflows["F2"]
BOXES: Final = tuple(FLOW.by_id)


def told(jumps: dict[tuple[str, str], int]) -> Conformance:
    return Conformance(
        ("T1",), np.zeros(1, np.int8), np.zeros(1, np.int32), table([]), (), np.zeros(1, np.int32),
        {"F2.1": Passage(30, 20), "F2.3": Passage(12, 10, 4), "F2.4": Passage(0, 0, 3)},
        {("F2.1", "F2.2"): Passage(30, 20), ("F1.1", "F1.2"): Passage(5, 5)},
        jumps,
    )  # fmt: skip


def test_a_box_has_its_times_and_the_share_of_tickets_that_deviated_there() -> None:
    numbers = overlay(told({}), FLOW, "zh")
    assert numbers.nodes["F2.1"] == Count(30)
    assert numbers.nodes["F2.3"] == Count(12, Fraction(4, 10))
    assert numbers.nodes["F2.4"] == Count(0, Fraction(1))
    assert numbers.nodes["F2.5"] == Count(0)
    assert set(numbers.nodes) == set(BOXES)
    assert numbers.edges == {("F2.1", "F2.2"): Count(30)}
    assert numbers.note == ""


def test_the_most_frequent_jumps_are_drawn_and_the_rest_is_counted_below() -> None:
    jumps = {(BOXES[0], box): n for n, box in enumerate(BOXES[3 : 3 + DRAWN + 2], 1)}
    jumps["F1.1", "F2.5"] = 50
    jumps["F1.1", "F1.9"] = 70
    numbers = overlay(told(jumps), FLOW, "en")
    assert [count.n for _, _, count in numbers.extra] == [7, 6, 5, 4, 3]
    assert numbers.note == "Not drawn: rarer moves outside the flow (3 kinds, 53 in all)."
    drawing = lay_out(FLOW, lang="en", overlay=numbers)
    assert sum(line.extra for line in drawing.lines) == DRAWN
    assert numbers.note in svg(drawing)


def test_only_workflows_that_tickets_passed_are_drawn() -> None:
    assert [flow.id for flow in walked(told({}), BOOK.workflows.values())] == ["F2"]
