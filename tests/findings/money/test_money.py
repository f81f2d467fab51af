"""Money is somewhere, and under a name: double entry, first in first out, the books beside it."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.findings.kind_samples import handbook, table

from sopaudit.criteria.handbook import bare
from sopaudit.evidence.records import Records
from sopaudit.findings.money.fifo import NOTHING, Side, fifo
from sopaudit.findings.money.money import Money, money_of, rows

HEAD = "at,site,ticket_no,kind,amount,method,receipt_no,handed_by,received_by"
BOOK = f"""{HEAD}
2026-10-09 10:35,CD,CD-1,collected,130,cash,R1,1006,1012
2026-10-09 15:04,CD,CD-2,collected,150,transfer,R2,1007,1012
2026-10-09 16:00,CD,CD-3,collected,200,cash,R3,1006,1012
2026-10-09 17:00,CD,CD-3,handed_in,200,cash,R4,1006,1012
2026-10-10 09:00,CD,,banked,150,cash,B1,,1012
"""
LAST = "2026-10-31T23:59:59"


def money(book: str = BOOK, now: str = LAST, **more: str) -> Money:
    tables = {"cash_book": table("cash_book", book)}
    tables |= {name: table(name, text) for name, text in more.items()}
    return money_of(Records(tables, "CD"), handbook(), np.datetime64(now, "us"))


def test_who_is_short_is_named_with_the_oldest_payment() -> None:
    (found,) = rows(money().shorts())
    assert (found["person"], found["units"], found["payments"]) == ("1006", 13000, 1)
    assert (found["ticket_no"], found["receipt_no"], found["row"]) == ("CD-1", "R1", "cash_book:2")
    assert f"{found['since']:%m-%d %H:%M}" == "10-09 10:35"


def test_money_of_a_ticket_is_handed_in_for_that_ticket_and_not_for_the_oldest() -> None:
    assert [row["ticket_no"] for row in rows(money().payments())] == ["CD-3", "CD-3"]


def test_what_names_no_ticket_is_the_oldest_there_is() -> None:
    book = BOOK.replace("CD-3,handed_in,200", ",handed_in,200")
    (short,) = rows(money(book).shorts())
    assert (short["ticket_no"], short["units"]) == ("CD-3", 13000)


def test_only_cash_can_be_short_in_somebodys_hands() -> None:
    assert set(money().lots()["person"]) <= {"1006", ""}
    balances = {row["place"]: row["units"] for row in rows(money().balances())}
    assert balances == {
        "customer": -48000, "collector": 13000, "cashier": 5000, "account": 15000, "bank": 15000,
    }  # fmt: skip


def test_a_private_collection_code_is_told_and_is_no_money_of_ours() -> None:
    found = money(BOOK.replace("150,transfer", "150,private_code"))
    assert [(d.reason, d.said) for d in found.doubts()] == [("method", "private_code")]
    assert "account" not in set(found.balances()["place"])


def test_amounts_are_read_as_they_are_typed() -> None:
    book = f"{HEAD}\n" + "\n".join(
        f"2026-10-09 10:00,CD,CD-{n},collected,{text},cash,R,1006,1012"
        for n, text in enumerate(("¥80", "80元", "0.01", "80.10", "见发票"))
    )
    found = money(book)
    assert sorted(found.lots()["units"].tolist()) == [1, 8000, 8000, 8010]
    assert [d.reason for d in found.doubts()] == ["amount"]


def test_what_is_handed_in_too_much_and_what_was_never_collected_are_two_things() -> None:
    found = money(f"""{HEAD}
2026-10-09 10:00,CD,CD-1,collected,100,cash,R1,1006,1012
2026-10-09 11:00,CD,CD-1,handed_in,120,cash,R2,1006,1012
2026-10-09 12:00,CD,CD-9,handed_in,50,cash,R3,1007,1012
""").surplus()
    assert [(row["sort"], row["units"], row["ticket_no"]) for row in rows(found)] == [
        ("over", 2000, "CD-1"),
        ("without", 5000, "CD-9"),
    ]


def test_a_refund_goes_back_the_way_money_came() -> None:
    found = money(f"""{HEAD}
2026-10-09 10:00,CD,CD-1,collected,100,merchant,R1,1006,
2026-10-10 10:00,CD,CD-1,refund,40,merchant,R2,,
""")
    assert {r["place"]: r["units"] for r in rows(found.balances())} == {
        "customer": -6000,
        "account": 6000,
    }


def test_the_till_is_told_for_the_close_of_each_day() -> None:
    found = rows(money().positions())
    assert [(f"{r['day']:%m-%d}", r["opening"], r["closing"]) for r in found] == [
        ("10-09", 0, 20000),
        ("10-10", 20000, 5000),
    ]  # fmt: skip


CHARGES = """ticket_no,at,edition,code,qty,price,amount
CD-1,2026-10-09 10:30,2026-1,V01,1,50,50
CD-1,2026-10-09 10:30,2026-1,L02,1,80,80
CD-2,2026-10-09 15:00,2026-1,V01,1,50,50
CD-5,2026-10-09 15:00,2026-1,V01,1,50,50
"""


def test_the_book_is_held_against_the_charges_by_ticket() -> None:
    found = rows(money(charges=CHARGES).differences())
    assert [(r["ticket_no"], r["sort"], r["charged"], r["booked"]) for r in found] == [
        ("CD-2", "differs", 5000, 15000),
        ("CD-3", "not charged", 0, 20000),
        ("CD-5", "not collected", 5000, 0),
    ]
    assert found[0]["rows"] == "cash_book:3 charges:4"


def test_the_book_is_held_against_the_charges_by_day() -> None:
    (day,) = rows(money(charges=CHARGES).by_day())
    assert (day["charged"], day["cash"], day["transfer"], day["differs"]) == (
        23000, 33000, 15000, 25000,
    )  # fmt: skip


def test_an_event_without_a_line_and_a_line_without_an_event_are_told() -> None:
    events = """ticket_no,event,at,actor,post
CD-1,payment_collected,2026-10-09 10:35,1006,OSE
CD-1,payment_handed_in,2026-10-09 11:00,1006,OSE
CD-2,payment_collected,2026-10-09 15:04,1007,OSE
CD-2,payment_handed_in,2026-10-09 16:00,1007,OSE
CD-3,payment_collected,2026-10-09 16:00,1006,OSE
"""
    assert [tuple(r.values()) for r in rows(money(events=events).events())] == [
        ("CD-1", "payment_handed_in", "no line"),
        ("CD-3", "payment_handed_in", "no event"),
    ]


def test_what_lies_after_the_day_has_not_happened() -> None:
    found = money(now="2026-10-09T16:30").lots()
    assert [(r["ticket_no"], r["place"], r["units"]) for r in rows(found)] == [
        ("CD-1", "collector", 13000),
        ("CD-3", "collector", 20000),
    ]


def test_an_amount_below_zero_goes_back_the_way_it_came() -> None:
    undone = "2026-10-09 10:40,CD,CD-1,collected,-30,cash,R9,1006,1012\n"
    (found,) = rows(money(BOOK + undone).shorts())
    assert (found["ticket_no"], found["units"]) == ("CD-1", 10000)


def test_without_a_book_there_is_nothing_to_tell_and_no_mistake() -> None:
    found = money_of(Records({}, "CD"), handbook(), np.datetime64(LAST, "us"))
    assert found.shorts().empty
    assert found.balances().empty
    assert found.by_day().empty
    assert found.differences().empty


def test_a_handbook_without_places_says_so() -> None:
    with pytest.raises(LookupError):
        money_of(Records({}), bare(), np.datetime64(LAST, "us"))


# --- laws --------------------------------------------------------------------------------------

PEOPLE, TICKETS = ("1006", "1007"), ("", "CD-1", "CD-2", "CD-3")
LINES = st.tuples(
    st.integers(0, 9),
    st.sampled_from(("collected", "handed_in", "banked", "refund", "float", "")),
    st.sampled_from(("cash", "cash", "merchant", "private_code", "")),
    st.sampled_from(TICKETS),
    st.sampled_from(PEOPLE),
    st.sampled_from(("10", "20.5", "0.01", "-10", "0", "x", "")),
)


def written(lines: list[tuple[int, str, str, str, str, str]]) -> str:
    """Write lines of a book; every line is of an hour of its own and has its own receipt."""
    told = [
        f"2026-10-{1 + day:02d} {8 + n % 10:02d}:{n:02d},CD,"
        f"{ticket},{kind},{amount},{method},R{n},{person},"
        for n, (day, kind, method, ticket, person, amount) in enumerate(lines)
    ]
    return "\n".join([HEAD, *told])


@settings(max_examples=15, deadline=None)
@given(st.lists(LINES, max_size=12), st.randoms(use_true_random=False))
def test_all_places_are_zero_together_and_the_order_of_lines_is_all_one(
    lines: list[tuple[int, str, str, str, str, str]], order: random.Random
) -> None:
    book = written(lines)
    found = money(book)
    balances = found.balances()
    assert balances["units"].sum() == 0
    head, *body = book.splitlines()
    order.shuffle(body)
    other = money("\n".join([head, *body]))
    assert rows(other.balances()) == rows(balances)
    for name in ("lots", "surplus", "payments", "shorts"):
        one, two = getattr(found, name)(), getattr(other, name)()
        drop = [column for column in ("row", "row_on") if column in one]
        assert rows(one.drop(columns=drop)) == rows(two.drop(columns=drop)), name
    # What is open less what was never there is the balance: nothing is lost in the matching.
    left = Counter({r["place"]: 0 for r in rows(balances)})
    left.update({p: int(u) for p, u in found.lots().groupby("place")["units"].sum().items()})
    left.subtract({p: int(u) for p, u in found.surplus().groupby("place")["units"].sum().items()})
    ours = balances[balances["place"].isin(["collector", "cashier"])]
    sums = {str(p): int(u) for p, u in ours.groupby("place")["units"].sum().items()}
    assert {p: left[p] for p in sums} == sums
    assert all(v == 0 for p, v in left.items() if p in ("collector", "cashier") and p not in sums)


@settings(max_examples=15, deadline=None)
@given(st.lists(LINES, max_size=10), st.integers(0, 9), st.sampled_from(TICKETS[:2]))
def test_a_period_split_in_two_says_in_the_end_what_the_whole_says(
    lines: list[tuple[int, str, str, str, str, str]], day: int, named: str
) -> None:
    lines = [(*line[:3], line[3] if named else "", *line[4:]) for line in lines if line[5] != "-10"]
    head, *body = written(lines).splitlines()
    cut = f"2026-10-{1 + day:02d} 99"
    first = money("\n".join([head, *(b for b in body if b < cut)]))
    if not first.surplus().empty:
        # Handed on before it was there: the whole month makes up for it later, its first part not.
        return
    carried = first.carried()
    opening = carried.assign(since=[f"{at:%Y-%m-%d %H:%M}" for at in carried["since"]])
    rest = "\n".join([head, *(b for b in body if b >= cut)])
    second = money(rest, cash_opening=opening.to_csv(index=False)).lots()
    whole = money("\n".join([head, *body])).lots()
    keys = ["place", "site", "person"]
    sums = [each.groupby(keys)["units"].sum().to_dict() for each in (second, whole)]
    assert sums[0] == sums[1]
    if not named:
        # A ticket that is named goes before the oldest, so which lot is left may hang on the cut.
        assert rows(second.drop(columns="row")) == rows(whole.drop(columns="row"))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), max_size=8),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), max_size=8),
)
def test_first_in_is_first_out_as_one_counts_on_fingers(
    came: list[tuple[int, int]], went: list[tuple[int, int]]
) -> None:
    sides = [
        Side(np.array([g for g, _ in side], np.int64), np.array([a for _, a in side], np.int64))
        for side in (came, went)
    ]
    pieces = fifo(*sides)
    found = Counter[tuple[int, int]]()
    for one, other, amount in zip(pieces.came, pieces.went, pieces.amount, strict=True):
        found[int(one), int(other)] += int(amount)
    expected = Counter[tuple[int, int]]()
    for group in range(3):
        units = [
            [n for n, (g, amount) in enumerate(side) if g == group for _ in range(amount)]
            for side in (came, went)
        ]
        longest = max(map(len, units))
        one, other = (side + [NOTHING] * (longest - len(side)) for side in units)
        expected.update(zip(one, other, strict=True))
    assert found == expected
