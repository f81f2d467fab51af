"""What a rule allows is told as the handbook writes it; who decides is the rule."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.findings.kind_samples import handbook, hearing

from sopaudit.findings.counting.drawing import Asked, blank_of
from sopaudit.findings.counting.stock import NoCountingError, counting_of, sites, stock_of
from sopaudit.findings.counting.taken import Seen, Taken
from sopaudit.findings.counting.variance import Variances, variances

LEDGER = """
site,part_no,serial,abc_class,unit_price,status,qty,location
CD,K01,,A,10,good,100,A-01
CD,K02,,A,10,good,0,A-02
CD,P01,X1,A,10,good,1,B-01
CD,P01,,A,10,good,3,B-01
"""


def of(*seen: Seen, ledger: str = LEDGER) -> Variances:
    heard = hearing({"ledger": ledger})
    counting, _ = counting_of(handbook())
    stock = stock_of(heard, "CD")
    asked = Asked("1", everything=True)
    blank = blank_of(stock, counting, date(2026, 11, 5), asked)
    lines = tuple(
        replace(s, line=stock.known.get((s.location.casefold(), s.part_no.casefold())))
        for s in seen
    )
    return variances(heard, Taken(blank, "2026-11-05", "1011", "1004", lines, ()))


def seen(location: str, part: str, number: int, *serials: str) -> Seen:
    return Seen(location, part, Fraction(number), serials, "")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "±1 %"),
        ({"tolerances_down": ["2 %", "3 %", "5 %"]}, "+1 % −2 %"),
        ({"value_up": ["200", "1", "1"], "value_down": ["250", "1", "1"]}, "±1 % +200 −250"),
        ({"classes": ["B"], "tolerances": ["3 %"]}, ""),
        ({"classes": ["B"], "tolerances": ["3 %"], "otherwise": "4 %"}, "±4 %"),
        ({"own": "ledger.tolerance"}, ""),
    ],
)
def test_what_is_allowed_is_told_as_the_handbook_writes_it(
    given: dict[str, Any], expected: str
) -> None:
    found = of(seen("A-01", "K01", 99))
    told = replace(found, given={**found.given, **given})
    assert told.allowed(told.rows[0]) == expected


def test_where_the_book_says_none_nothing_may_be_there() -> None:
    rows = of(seen("A-02", "K02", 1), seen("A-01", "K01", 99)).rows
    assert [(row.share, row.verdict) for row in rows] == [(None, 1), (Fraction(-1, 100), 0)]


def test_where_nobody_knows_the_book_nothing_is_too_much() -> None:
    blank = LEDGER.replace(",good,0,A-02", ",good,,A-02")
    found = of(seen("A-02", "K02", 1), seen("A-01", "K01", 99), ledger=blank)
    (row,) = found.unknown
    assert (row.part_no, row.book, row.difference, row.value) == ("K02", None, None, None)
    assert (found.bookless, found.plus.lines, str(found.minus.number)) == (1, 0, "1")
    assert found.exact == 0


def test_pieces_without_a_serial_number_lie_beside_those_that_have_one() -> None:
    rows = of(seen("B-01", "P01", 4, "X1")).rows
    assert [(row.serial, int(row.book or 0), int(row.counted)) for row in rows] == [
        ("X1", 1, 1),
        ("", 3, 3),
    ]


def test_a_ledger_without_stock_and_a_handbook_without_counting_say_so() -> None:
    with pytest.raises(NoCountingError):
        stock_of(hearing({"ledger": LEDGER}), "XX")
    assert sites(hearing({"ledger": LEDGER})) == ("CD",)


def test_a_rule_that_needs_more_records_says_which() -> None:
    found = of(seen("A-01", "K01", 99))
    known = handbook().rules[found.rule]
    rule = known.model_copy(update={"given": {**known.given, "own": "orders.qty"}})
    heard = hearing({"ledger": LEDGER})
    needing = replace(handbook(), rules={**handbook().rules, found.rule: rule})
    with pytest.raises(NoCountingError, match="orders"):
        variances(replace(heard, handbook=needing), found.taken)
