"""The life of a part in words: where it went, what is still open, what was lost."""

import numpy as np
from tests.findings.custody.test_custody import MOVES, custody

from sopaudit.findings.custody.lots import Sides
from sopaudit.press.timeline import timeline
from sopaudit.report.parts.life import life
from sopaudit.report.parts.teller import decimal, speaker_of

RECEIVED = "".join(f"R{n},RECV,2026-10-{n:02d} 09:00,PC,CD,P20,,1,,good,,,\n" for n in range(1, 15))


def test_the_lanes_are_the_places_it_was_in() -> None:
    found = custody()
    told = life(found, found.life(serial="S1"), speaker_of(found, "zh"))
    assert told.lanes == ("库房（好件区）", "工程师手中", "客户机器上")
    assert [(stop.lane, stop.when, stop.said) for stop in told.stops] == [
        (0, "10-08 09:00", "收货入库"),
        (1, "10-09 09:00", "出库 · 邓凯"),
        (2, "10-09 14:00", "使用"),
    ]
    assert told.open_until == ""
    assert told.title == "P04 S1 的去向"


def test_an_old_part_that_is_owed_leaves_the_end_open() -> None:
    found = custody()
    sides = found.life(ticket_no="CD-1")
    told = life(found, sides, speaker_of(found, "en"), marked=[int(sides[-1])])
    assert [stop.said for stop in told.stops][-1] == "old part out"
    assert [stop.tone for stop in told.stops] == ["", "", "lost"]
    assert told.open_until == "since 2026-10-09, 20 working days, with Deng Kai (1006), for CD-1"
    assert "since 2026-10-09" in timeline(told)


def test_what_is_marked_and_came_back_is_late() -> None:
    found = custody()
    first = found.life(serial="S1")[:1]
    told = life(found, found.life(serial="S1"), speaker_of(found, "zh"), marked=first.tolist())
    assert [stop.tone for stop in told.stops] == ["late", "", ""]


TRANSFER = """O1,RECV,2026-10-01 09:00,PC,CD,P20,,5,,good,,,
O2,TRANSFER_OUT,2026-10-13 16:00,CD,CD,P20,,1,good,in_transit,,,
O3,TRANSFER_IN,2026-10-20 09:00,CD,CD,P20,,1,in_transit,good,,,
"""


def test_what_was_done_late_is_open_no_more_and_other_pieces_of_its_lot_are_not_it() -> None:
    found = custody(MOVES + TRANSFER)
    sides = found.life(part_no="P20")
    late = sides[1:].tolist()
    told = life(found, sides, speaker_of(found, "zh"), marked=late, over=late)
    assert [stop.tone for stop in told.stops] == ["", "late", "late"]
    assert told.open_until == ""
    assert [stop.left for stop in told.stops] == [False, False, True]
    # While it lasts, the end is that of the piece and not of what else came with it.
    told = life(found, sides[:2], speaker_of(found, "zh"), marked=sides[1:2].tolist())
    assert told.open_until == ""


def test_what_repeats_for_long_is_one_stop() -> None:
    found = custody(MOVES + RECEIVED)
    told = life(found, found.life(part_no="P20"), speaker_of(found, "en"))
    assert [(stop.when, stop.said) for stop in told.stops] == [("10-01 – 10-14", "received ×14")]


def test_nothing_is_a_life_too() -> None:
    found = custody()
    nothing: Sides = np.empty(0, np.int64)
    assert life(found, nothing, speaker_of(found, "zh")).stops == ()


def test_quantities_are_exact() -> None:
    assert [decimal(n, d) for n, d in ((5, 0), (-150, 2), (5, 2), (0, 1))] == [
        "5", "-1.5", "0.05", "0",
    ]  # fmt: skip
    assert decimal(123456789, 2, grouped=True) == "1,234,567.89"
