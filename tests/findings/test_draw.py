"""Tickets are drawn so that anybody draws the same ones again, and nobody is favoured."""

import hashlib
import zlib
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.findings.office import office

from sopaudit.criteria.drawing import SamplePlan, Sampling
from sopaudit.findings.draw import Population, Size, draw, size_by_plan, size_by_rate, spread
from sopaudit.findings.population import population


def tickets(**sizes: int) -> Population:
    """Make so many tickets of each stratum."""
    rest = {f"{name}-{n:03}": (name,) for name, size in sizes.items() for n in range(size)}
    return Population(rest)


def test_the_rank_of_a_ticket_is_what_sha256sum_says() -> None:
    """`printf '7:CD-1' | sha256sum` and its like; written here from the docs, not from the code."""
    names = [f"CD-{n}" for n in range(40)]
    by_hand = sorted(names, key=lambda name: hashlib.sha256(f"7:{name}".encode()).hexdigest())
    found = draw(Population(dict.fromkeys(names, ("x",))), Size(6), "7")
    assert found.drawn == tuple(by_hand[:6])


def test_this_draw_stays_what_it_is() -> None:
    """What was drawn in an audit must be drawn in ten years, on any machine."""
    found = draw(tickets(a=30, b=9, c=1), Size(6), "20261104")
    assert [(s.values, s.drawn) for s in found.strata] == [
        (("a",), ("a-003", "a-011", "a-021", "a-012")),
        (("b",), ("b-003",)),
        (("c",), ("c-000",)),
    ]


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=8),
    number=st.integers(0, 80),
    seed=st.integers(0, 10**8),
)
def test_shuffled_rows_are_drawn_alike_and_as_many_as_asked(
    sizes: list[int], number: int, seed: int
) -> None:
    given_ = tickets(**{f"s{n}": size for n, size in enumerate(sizes)})
    number = min(number, len(given_.rest))
    found = draw(given_, Size(number), str(seed))
    rows = sorted(given_.rest.items(), key=lambda row: zlib.crc32(f"{row[0]}{seed}".encode()))
    assert draw(Population(dict(rows)), Size(number), str(seed)).drawn == found.drawn
    assert len(set(found.drawn)) == len(found.drawn) == number
    assert all(len(s.drawn) <= s.size for s in found.strata)
    if number >= len(sizes):
        assert all(s.drawn for s in found.strata)


def test_shares_are_proportional_with_one_each_at_least() -> None:
    ties = [b"a", b"b", b"c", b"d"]
    assert spread([50, 30, 20], 10, ties[:3]) == [5, 3, 2]
    # 7 x 60/100 = 4.2, 2.1, 0.7: the smallest gets its one, 6 are shared 4 : 2.
    assert spread([60, 30, 10], 7, ties[:3]) == [4, 2, 1]
    # Quotas 4.5 and 4.5: the lower tie has the odd one.
    assert spread([10, 10], 9, [b"b", b"a"]) == [4, 5]
    assert spread([97, 1, 1, 1], 4, ties) == [1, 1, 1, 1]
    assert spread([97, 1, 1, 1], 100, ties) == [97, 1, 1, 1]


def test_the_chance_of_a_ticket_does_not_depend_on_its_name() -> None:
    """Over 4,000 start numbers each of 20 tickets is drawn about 1,000 times: within five sigma."""
    names = ["CD-1", "CD-2", "重庆-3", "0", "ZZZ", *(f"x{n:04}" for n in range(15))]
    given_ = Population(dict.fromkeys(names, ("one",)))
    drawn = Counter(t for seed in range(4000) for t in draw(given_, Size(5), str(seed)).drawn)
    sigma = (4000 * Fraction(1, 4) * Fraction(3, 4)) ** Fraction(1, 2)
    assert set(drawn) == set(names)
    assert max(abs(count - 1000) for count in drawn.values()) < 5 * sigma


def test_a_further_ticket_changes_only_its_own_stratum() -> None:
    before = draw(tickets(a=40, b=40), Size(8), "11")
    more = Population({**tickets(a=40, b=40).rest, "a-new": ("a",)})
    after = draw(more, Size(8), "11")
    one, other = ({s.values: s.drawn for s in told.strata} for told in (before, after))
    assert other["b",] == one["b",]
    assert set(other["a",]) - set(one["a",]) <= {"a-new"}


def test_where_strata_are_more_than_tickets_nobody_is_out_of_reach() -> None:
    """Largest remainders would draw from the largest stratum each time."""
    given_ = tickets(large=20, **{f"s{n}": 1 for n in range(9)})
    drawn = [draw(given_, Size(3), str(seed)) for seed in range(300)]
    assert all(one.whole and len(one.drawn) == 3 for one in drawn)
    assert {t for one in drawn for t in one.drawn} == set(given_.rest)


def test_so_many_are_drawn_as_the_rule_says() -> None:
    sampling = Sampling.model_validate({"rate": "10 %", "minimum": "5"})
    found = [size_by_rate(sampling, n).number for n in (0, 3, 5, 50, 51, 389)]
    assert found == [0, 3, 5, 5, 6, 39]


def plan(**numbers: str) -> SamplePlan:
    return SamplePlan.model_validate({"id": "p", "title": "p", **numbers})


def test_sizes_by_risk_are_those_of_the_tables() -> None:
    zero = plan(risk="5 %", tolerable="5 %")
    assert [size_by_plan(zero, n).number for n in (0, 10, 100, 100_000)] == [0, 10, 45, 59]
    expected = plan(risk="5 %", tolerable="10 %", expected="2 %")
    assert (size_by_plan(expected, 500).number, size_by_plan(expected, 500).accept) == (46, 1)
    lot = size_by_plan(plan(aql="4.0 %"), 400)
    assert (lot.number, lot.accept) == (50, 5)


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {"risk": "5 %"},
        {"risk": "5 %", "tolerable": "5 %", "expected": "5 %"},
        {"risk": "0", "tolerable": "5 %"},
        {"aql": "4 %", "risk": "5 %"},
    ],
)
def test_numbers_that_make_no_plan_are_told(numbers: dict[str, str]) -> None:
    assert not plan(**numbers).sound
    assert plan(risk="5 %", tolerable="5 %").sound
    assert plan(aql="4 %").sound


TICKETS = """
    ticket_no, service_type, engineer, charge_amount, parent_ticket
    CD-1, on_site, 1006, 0,
    CD-2, on_site, 1006, 499.99,
    CD-3, on_site, 1007, 500,
    CD-4, complaint, , ,
    CD-5, walk_in, -, 0, CD-1
    CD-6, walk_in, , ?,
"""
EVENTS = """
    ticket_no, event, at
    CD-2, complaint_logged, 2026-10-12 09:00
    CD-9, complaint_logged, 2026-10-12 09:00
"""
DRAWN = Sampling.model_validate(
    {
        "rate": "10 %",
        "by": ["tickets.service_type", "tickets.engineer"],
        "always": ["complaint", "repeat_repair", "large_charge"],
    }
)


def test_complaints_repeats_and_large_charges_are_kept_apart() -> None:
    found = population(office(tickets=TICKETS, events=EVENTS), DRAWN)
    assert {one.ticket: one.why for one in found.certain} == {
        "CD-2": ("complaint",),
        "CD-3": ("large_charge",),
        "CD-4": ("complaint",),
        "CD-5": ("repeat_repair",),
    }
    # What only an event names is no ticket yet; a blank, and what counts as one, is a stratum.
    assert found.rest == {"CD-1": ("on_site", "1006"), "CD-6": ("walk_in", "")}
    assert found.unsettled == {"large_charge": 1}


def test_without_the_events_nobody_knows_all_complaints() -> None:
    found = population(office(tickets=TICKETS), DRAWN)
    assert found.unsettled["complaint"] == 5


def test_a_rule_that_cannot_be_heard_is_told() -> None:
    sampling = DRAWN.model_copy(update={"failing": ("AC-33",)})
    assert population(office(tickets=TICKETS, events=EVENTS), sampling).unheard == ("AC-33",)
