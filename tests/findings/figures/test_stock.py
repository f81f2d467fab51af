"""Figures of stock, against published examples and counts by hand."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from tests.findings.figures.test_figures import count
from tests.findings.office import NOW, office

from sopaudit.findings.figures.figure import Counted, share
from sopaudit.findings.rules.hearing import Hearing

MOVES = (
    "move_id, move_type, at, site_from, site_to, part_no, serial, qty, status_from, status_to, "
    "ticket_no"
)
TODAY = np.datetime64(NOW, "D")


def store(lines: Sequence[tuple[str, str, int, int]], *, more: Sequence[str] = ()) -> Hearing:
    """Ask for parts at 09:00: lines of order, part, wanted, and how many there are.

    What is there came the day before and is issued at once; the rest comes two days later.
    """
    requests, moves = [], []
    for n, (order, part, wanted, there) in enumerate(lines):
        ticket = f"CD-{order}"
        requests.append(f"{order}, 2026-10-12 09:00, {ticket}, {part}, {wanted}")
        for sort, day, pieces in (("now", 11, there), ("later", 14, wanted - there)):
            if pieces:
                come = (
                    f"{n}{sort}r, RECV, 2026-10-{day} 08:00, PC, CD, {part}, , {pieces}, , good, "
                )
                gone = f"2026-10-{max(day, 12)} 10:00, CD, CD, {part}, , {pieces}, good"
                moves += [come, f"{n}{sort}i, ISSUE, {gone}, with_engineer, {ticket}"]
    tickets = "\n".join(f"CD-{order}, x" for order in {order for order, *_ in lines})
    return office(
        tickets=f"ticket_no, product_line\n{tickets}",
        requests="request_no, at, ticket_no, part_no, qty\n" + "\n".join(requests),
        moves="\n".join([MOVES, *moves, *more]),
    )


def rate(hearing: Hearing, by: str) -> Counted:
    return count(
        "fill_rate", hearing, asked="requests.at", order="requests.request_no",
        filled_by="ISSUE", by=by,
    )  # fmt: skip


S46 = [
    *((f"A{n}", f"P{n}{k}", 1, 1) for n in range(8) for k in range(3)),
    *((f"B{n}", f"Q{n}{k}", 1, 1) for n in range(2) for k in range(2)),
    ("B0", "Q0x", 1, 0),
    ("B1", "Q1x", 1, 0),
]


def test_one_case_has_three_fill_rates() -> None:
    """S46: of 10 requests with 30 part numbers 8 are filled whole, and 28 lines: 80 % and 93 %."""
    hearing = store(S46)
    assert rate(hearing, "order") == share(8, 10)
    assert rate(hearing, "line") == share(28, 30)


SIX_LINES = [
    ("1", "P1", 20, 20), ("1", "P2", 50, 50), ("1", "P3", 30, 15),
    ("2", "P4", 40, 40), ("2", "P5", 30, 30), ("2", "P6", 30, 15),
]  # fmt: skip


def test_the_published_six_lines_are_85_67_and_0_percent() -> None:
    """Of two orders, six lines and 200 units, 170 units, 4 lines and no whole order are filled.

    Source: the worked example of unit, line and order fill rate, RightChain, Fill Rate (units of
    the single lines are ours; the published sums are theirs).
    """
    hearing = store(SIX_LINES)
    assert rate(hearing, "piece").value == Fraction(170, 200)
    assert rate(hearing, "line") == share(4, 6)
    assert rate(hearing, "order") == share(0, 2)


def test_what_came_after_it_was_asked_for_does_not_fill_it_though_it_is_issued_later() -> None:
    assert rate(store([("1", "P1", 1, 0)]), "line") == share(0, 1)


def test_a_part_reserved_meanwhile_was_in_stock_all_the_same() -> None:
    more = [
        "r, RECV, 2026-10-11 08:00, PC, CD, P1, S1, 1, , good, ",
        "v, RESERVE, 2026-10-12 09:30, CD, CD, P1, S1, 1, good, reserved, CD-1",
        "i, ISSUE, 2026-10-13 08:30, CD, CD, P1, S1, 1, reserved, with_engineer, CD-1",
    ]
    hearing = store([("1", "P0", 1, 1)], more=more)
    asked = hearing.records.of("requests")
    assert len(asked) == 1
    both = office(
        tickets="ticket_no, product_line\nCD-1, x",
        requests="request_no, at, ticket_no, part_no, qty\n1, 2026-10-12 09:00, CD-1, P1, 1",
        moves="\n".join([MOVES, *more]),
    )
    assert rate(both, "line") == share(1, 1)


def test_what_nobody_issued_is_open_for_a_working_day_and_then_not_filled() -> None:
    words = "request_no, at, ticket_no, part_no, qty\n"
    late = f"{TODAY} 09:00"
    tables = {
        "tickets": "ticket_no, product_line\nCD-1, x\nCD-2, x",
        "requests": f"{words}1, 2026-10-12 09:00, CD-1, P1, 1\n2, {late}, CD-2, P1, 1",
        "moves": f"{MOVES}\nm, RECV, 2026-10-11 08:00, PC, CD, P1, , 9, , good, ",
    }
    assert rate(office(**tables), "line") == share(0, 1, pending=1)


def test_what_was_issued_before_does_not_fill_what_is_asked_for_later() -> None:
    early = "e, ISSUE, 2026-10-12 08:30, CD, CD, P1, , 1, good, with_engineer, CD-1"
    hearing = office(
        tickets="ticket_no, product_line\nCD-1, x",
        requests="request_no, at, ticket_no, part_no, qty\n1, 2026-10-12 09:00, CD-1, P1, 1",
        moves=f"{MOVES}\nr, RECV, 2026-10-11 08:00, PC, CD, P1, , 9, , good,\n{early}",
    )
    assert rate(hearing, "line") == share(0, 1)


def test_a_request_with_one_line_still_open_is_open() -> None:
    hearing = office(
        tickets="ticket_no, product_line\nCD-1, x",
        requests=f"""request_no, at, ticket_no, part_no, qty
            1, 2026-10-12 09:00, CD-1, P1, 1
            1, {TODAY} 09:00, CD-1, P2, 1""",
        moves=f"{MOVES}\nr, RECV, 2026-10-11 08:00, PC, CD, P1, , 9, , good,",
    )
    assert rate(hearing, "line") == share(0, 1, pending=1)
    assert rate(hearing, "order") == share(0, 0, pending=1)


LEDGER = "site, part_no, unit_price, qty, status\nCD, P1, 10, 6, good"


def test_turns_are_the_value_issued_in_a_year_over_the_mean_value_of_stock() -> None:
    """Ten pieces of 10 lie there from the first day; 4 leave on the fifth of ten days.

    Closings: four days of 100, six of 60: a mean of 76. In ten days 40 are issued, in 365 1,460.
    """
    hearing = office(
        ledger=LEDGER,
        moves=f"""{MOVES}
            a, RECV, {TODAY - 9} 00:00, PC, CD, P1, , 10, , good,
            b, ISSUE, {TODAY - 5} 10:00, CD, CD, P1, , 4, good, with_engineer, CD-1""",
    )
    found = count("turns", hearing, issued="ISSUE", places=("shelf",))
    assert found.value == Fraction(40 * 365, 10) / 76
    assert found.of == 40
    assert found.others == (("days_of_stock", 365 / found.value),)


def test_turns_of_an_office_without_moves_are_none() -> None:
    found = count("turns", office(ledger=LEDGER, moves=MOVES), issued="ISSUE", places=("shelf",))
    assert found.value is None


ORDERS = """
    order_no, at, urgent
    1, 2026-10-12 09:00, yes
    2, 2026-10-12 09:00, no
    3, 2026-10-12 09:00, no
    4, 2026-10-12 09:00, 是
"""


def test_a_ratio_may_count_only_some_above_the_line() -> None:
    found = count(
        "ratio", office(orders=ORDERS), of="orders.at", over="orders.at", of_only="urgent_order"
    )
    assert found == share(2, 4)


def test_what_nobody_says_is_on_neither_side_of_a_ratio() -> None:
    told = "order_no, at, urgent\n1, 2026-10-12 09:00, yes\n2, 2026-10-12 09:00, no\n"
    found = count(
        "ratio", office(orders=told + "3, 2026-10-12 09:00,"), of="orders.at", over="orders.at",
        of_only="urgent_order",
    )  # fmt: skip
    assert found == share(1, 2, unknown=1)


@pytest.mark.parametrize(("counts", "found"), [("conforming", 1), ("done", 2)])
def test_in_time_and_in_total_are_two_numbers(counts: str, found: int) -> None:
    """Of three defective parts one was sent in time, one late and one never."""
    lines = [
        f"{n}, RETURN_DEF, 2026-10-12 10:00, CD, CD, P{n}, , 1, consumed, defective, CD-{n}"
        for n in (1, 2, 3)
    ]
    sent = [
        f"s{n}, SHIP_DEF, 2026-10-{day} 10:00, CD, PC, P{n}, , 1, defective, in_transit, CD-{n}"
        for n, day in ((1, 13), (2, 30))
    ]
    events = "\n".join(f"CD-{n}, repair_done, 2026-10-12 09:00" for n in (1, 2, 3))
    hearing = office(
        tickets="ticket_no, product_line\nCD-1, x\nCD-2, x\nCD-3, x",
        events=f"ticket_no, event, at\n{events}",
        moves="\n".join([MOVES, *lines, *sent]),
    )
    told = count("rate", hearing, "PR-19", counts=counts)
    assert told == share(found, 3)
