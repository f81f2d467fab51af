"""Which lines are counted: by class, from a start number, whoever would like others."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import ceil

from hypothesis import given
from hypothesis import strategies as st
from tests.findings.kind_samples import handbook

from sopaudit.findings.counting.drawing import Asked, blank_of, number, unknown_parts
from sopaudit.findings.counting.stock import Stock, StockLine, counting_of

COUNTING = counting_of(handbook())[0]
DAY = date(2026, 11, 5)


def line(n: int, class_: str, price: int = 10) -> StockLine:
    return StockLine("CD", f"A-{n:03}", f"K{n}", "", class_, (), bulk=True, price=Fraction(price))


classes = st.lists(st.sampled_from("ABC"), min_size=1, max_size=150)
starts = st.integers(0, 10**8).map(str)


def chosen(lines: list[StockLine], asked: Asked) -> set[str]:
    blank = blank_of(Stock("CD", tuple(lines), "sha256:x"), COUNTING, DAY, asked)
    return {each.part_no for each in blank.lines}


@given(classes, starts, st.randoms(use_true_random=False))
def test_the_order_of_the_ledger_changes_nothing(kinds: list[str], start: str, chance) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    lines = [line(n, kind) for n, kind in enumerate(kinds)]
    before = chosen(lines, Asked(start))
    chance.shuffle(lines)
    assert chosen(lines, Asked(start)) == before


@given(classes, starts)
def test_every_class_gets_its_share_and_all_together_the_least(
    kinds: list[str], start: str
) -> None:
    lines = [line(n, kind) for n, kind in enumerate(kinds)]
    found = chosen(lines, Asked(start))
    for class_, share in COUNTING.shares.items():
        mine = {each.part_no for each in lines if each.class_ == class_}
        assert len(found & mine) >= ceil(share * len(mine))
    assert len(found) >= min(len(lines), max(20, ceil(Fraction(1, 5) * len(lines))))


@given(starts)
def test_dear_lines_and_those_asked_for_are_always_counted(start: str) -> None:
    lines = [line(n, "C", 800 if n == 90 else 10) for n in range(200)]
    assert {"K90", "K7"} <= chosen(lines, Asked(start, ("k7",)))


def test_another_start_number_draws_others() -> None:
    lines = [line(n, "C") for n in range(200)]
    draws = {frozenset(chosen(lines, Asked(str(n)))) for n in range(20)}
    assert len(draws) == 20


def test_quantity_says_nothing_about_what_is_drawn() -> None:
    # Lines carry no quantity at all, so a draw cannot hint at it.
    assert "qty" not in StockLine.__dataclass_fields__


def test_everything_is_everything_and_a_class_nobody_knows_is_counted_whole() -> None:
    lines = [line(n, "D" if n < 30 else "C") for n in range(200)]
    assert len(chosen(lines, Asked("1", everything=True))) == 200
    assert {f"K{n}" for n in range(30)} <= chosen(lines, Asked("1"))


def test_the_larger_of_number_and_rate_is_asked_for() -> None:
    assert [number(COUNTING, n) for n in (7, 50, 100, 101, 500)] == [7, 20, 20, 21, 100]
    assert number(replace_least(0), 101) == 21


def replace_least(least: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return COUNTING.model_copy(update={"at_least": least})


def test_ids_of_lines_hold_for_one_count_only() -> None:
    stock = Stock("CD", (line(1, "A"),), "sha256:x")
    one = blank_of(stock, COUNTING, DAY, Asked("1"))
    other = replace(one, id="C2")
    assert one.id_of(stock.lines[0]) != other.id_of(stock.lines[0])


def test_a_part_the_store_does_not_have_is_named() -> None:
    assert unknown_parts(Stock("CD", (line(1, "A"),), "x"), ["k1", "K9"]) == ["K9"]
