"""A count against the book: line by line, up and down, by quantity and by value."""

from collections.abc import Mapping

import pytest
from tests.findings.kind_samples import cases

from sopaudit.findings.rules.case import TYPES, VERDICTS, Cases

OURS = {
    "counted": "counts.counted",
    "book": "ledger.qty",
    "class": "ledger.abc_class",
    "classes": ["A", "B", "C"],
    "tolerances": ["1 %", "3 %", "5 %"],
    "on": ["site", "part_no", "serial"],
}
PUBLISHED = {
    **OURS,
    "classes": ["A"],
    "tolerances": ["5 %"],
    "tolerances_down": ["10 %"],
    "price": "ledger.unit_price",
    "value_up": ["200"],
    "value_down": ["250"],
}


def counted(
    given: Mapping[str, object], *lines: tuple[str, str, str, str], more: str = ""
) -> Cases:
    """Hear lines of part, class, book and count."""
    counts = "\n".join(f"CD,{part},,{found}" for part, _, _, found in lines)
    ledger = "\n".join(f"CD,{part},,{kind},good,{book},10{more}" for part, kind, book, _ in lines)
    return cases(
        "count_tolerance",
        given,
        {
            "counts": f"site,part_no,serial,counted\n{counts}",
            "ledger": f"site,part_no,serial,abc_class,status,qty,unit_price,tolerance\n{ledger}",
        },
    )


def told(found: Cases) -> list[str]:
    return [VERDICTS[verdict] for verdict in found.verdict]


def test_a_part_too_many_does_not_make_up_for_one_too_few() -> None:
    """Schemes 2.14 and domain S44: 95 and 105 where the book says 100 each are two wrong lines."""
    found = counted(OURS, ("P1", "A", "100", "95"), ("P2", "A", "100", "105"))
    assert told(found) == ["nonconforming", "nonconforming"]


@pytest.mark.parametrize(
    ("count", "verdict", "type_", "value"),
    [
        ("105", "conforming", "", "kept"),
        ("106", "nonconforming", "too many", "kept"),
        ("90", "conforming", "", "kept"),
        ("88", "nonconforming", "too few", "kept"),
        ("122", "nonconforming", "too many", "exceeded"),
        ("73", "nonconforming", "too few", "exceeded"),
    ],
)
def test_quantity_and_value_are_limited_up_and_down(
    count: str, verdict: str, type_: str, value: str
) -> None:
    """The published scenarios (S44): 100 at 10 each, +5 %, −10 %, +200 and −250 of value."""
    found = counted(PUBLISHED, ("P1", "A", "100", count))
    assert told(found) == [verdict]
    if type_:
        assert found.type is not None
        assert TYPES[found.type[0]] == type_
    # With quantity alone unlimited, only the scenarios whose value is exceeded still fail.
    loose = {**PUBLISHED, "tolerances": ["100 %"], "tolerances_down": ["100 %"]}
    dear = counted(loose, ("P1", "A", "100", count))
    assert told(dear) == ["nonconforming" if value == "exceeded" else "conforming"]


def test_what_a_part_says_of_itself_goes_before_its_class_and_that_before_the_count() -> None:
    given = {**OURS, "own": "ledger.tolerance", "otherwise": "20 %"}
    strict = counted(given, ("P1", "C", "100", "96"), more=",2 %")
    usual = counted(given, ("P1", "C", "100", "96"), more=",")
    listless = counted(given, ("P1", "X", "100", "80"), ("P2", "X", "100", "79"), more=",")
    unlisted = counted({**OURS, "own": "ledger.tolerance"}, ("P1", "X", "100", "99"), more=",2 %")
    assert told(unlisted) == ["conforming"]
    assert told(strict) == ["nonconforming"]
    assert told(usual) == ["conforming"]
    assert told(listless) == ["conforming", "nonconforming"]


def test_without_a_class_or_a_price_nothing_can_be_said() -> None:
    assert told(counted(OURS, ("P1", "X", "100", "99"))) == ["unknown"]
    given = {**PUBLISHED, "price": "ledger.tolerance"}
    assert told(counted(given, ("P1", "A", "100", "99"), more=",")) == ["unknown"]


def test_where_the_book_says_none_none_must_be_counted() -> None:
    found = counted(OURS, ("P1", "A", "0", "0"), ("P2", "A", "0", "1"))
    assert told(found) == ["conforming", "nonconforming"]


def test_a_share_of_few_pieces_allows_none() -> None:
    found = counted(OURS, ("P1", "C", "10", "11"), ("P2", "C", "20", "21"))
    assert told(found) == ["nonconforming", "conforming"]
