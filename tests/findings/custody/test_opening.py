"""What lay in store before the first move is worked back from the ledger where nobody wrote it."""

from tests.findings.kind_samples import NOW, handbook, hearing, table

from sopaudit.criteria.rule import Rule
from sopaudit.evidence.records import Records
from sopaudit.findings.custody.ageing import UNDATED, ageing
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.rules.case import VERDICTS
from sopaudit.findings.rules.engine import heard

MOVES = """
move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to,ticket_no,holder
M1,RECV,2026-10-08 09:00,PC,CD,P09,,5,,good,,
M2,ISSUE,2026-10-09 09:00,CD,CD,P09,,4,good,with_engineer,CD-1,1006
M3,ISSUE,2026-10-10 09:00,CD,CD,P04,S1,1,good,with_engineer,CD-2,1006
"""
LEDGER = """
site,part_no,serial,status,qty,unit_price,abc_class,received_at,holder
CD,P09,,good,3,45,C,2026-08-01,1011
CD,P04,S2,good,1,420,A,2026-09-01,1011
CD,P11,,good,7,30,C,2026-03-01,1011
"""


def custody(ledger: str = LEDGER, moves: str = MOVES, **more: str) -> Custody:
    tables = {"moves": moves, "ledger": ledger, **more}
    found = Records({name: table(name, text) for name, text in tables.items()}, "CD")
    return custody_of(found, handbook(), NOW)


def shelf(found: Custody) -> dict[tuple[str, str], int]:
    held = found.balances(("place", "part_no", "serial"), ours=True)
    mine = held[held["place"] == "shelf"]
    names = zip(mine["part_no"], mine["serial"], strict=True)
    return dict(zip(names, mine["units"].tolist(), strict=True))


def test_the_closing_is_what_the_ledger_says() -> None:
    assert shelf(custody()) == {("P04", "S2"): 1, ("P09", ""): 3, ("P11", ""): 7}


def test_a_piece_was_where_its_first_move_takes_it_from() -> None:
    found = custody()
    steps = found.steps(found.life(part_no="P04", serial="S1"))
    assert [(s.record, s.row, s.target["place"]) for s in steps] == [
        ("ledger", 0, "shelf"),
        ("moves", 4, "engineer"),
    ]


def test_an_opening_that_was_handed_in_goes_before_the_ledger() -> None:
    found = custody(opening="site,part_no,serial,status,qty,since\nCD,P09,,good,1,2026-09-01")
    assert shelf(found) == {("P04", "S1"): -1, ("P09", ""): 2}


def below(**tables: str) -> list[str]:
    """Hear `never_below` and say what each case is that does not conform."""
    words = {"id": "R-1", "title": "A title", "passes": "It holds.", "kind": "never_below"}
    rule = Rule.model_validate({**words, "with": {"places": "shelf"}})
    found = heard(hearing(tables), rule).parts[0].cases
    assert found.measure is not None
    return [VERDICTS[v] for v in found.verdict.tolist() if v != VERDICTS.index("conforming")]


def test_below_zero_is_unknown_where_nothing_says_what_there_was() -> None:
    assert below(moves=MOVES) == ["unknown"]
    assert below(moves=MOVES, ledger=LEDGER) == []
    assert below(moves=MOVES, opening="site,part_no,status,qty\nCD,P09,good,1") == ["nonconforming"]


SENT = """
move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to,ticket_no,holder
T1,TRANSFER_OUT,2026-10-12 09:00,{0},{1},P09,,2,good,in_transit,,
"""


def test_what_another_site_sends_us_is_not_below_zero_here() -> None:
    """Its books were not handed in: the office of the records is CD, and CQ is the other end."""
    opening = "site,part_no,status,qty\nCD,P09,good,1"
    assert below(moves=SENT.format("CQ", "CD"), opening=opening) == []
    assert below(moves=SENT.format("CD", "CQ"), opening=opening) == ["nonconforming"]


def test_of_several_offices_those_are_judged_that_opening_or_ledger_name() -> None:
    both = "site,part_no,status,qty\nXA,P09,good,1\nXB,P09,good,1"
    assert below(moves=SENT.format("XB", "XA"), opening=both) == ["nonconforming"]
    assert below(moves=SENT.format("XC", "XA"), opening=both) == []
    assert below(moves=SENT.format("XC", "XA")) == ["unknown"]


def test_an_opening_of_less_than_nothing_is_below_zero() -> None:
    less = LEDGER.replace("CD,P09,,good,3", "CD,P09,,good,0")
    more = MOVES.replace("P09,,4,good", "P09,,1,good")
    # Five came and one went: the ledger lacks four.
    assert below(moves=more, ledger=less) == ["nonconforming"]


def test_a_day_that_stays_below_is_told_once() -> None:
    more = MOVES + "M4,ISSUE,2026-10-12 09:00,CD,CD,P09,,4,good,with_engineer,CD-3,1006\n"
    more += "M5,ISSUE,2026-10-13 09:00,CD,CD,P09,,1,good,with_engineer,CD-3,1006\n"
    opening = "site,part_no,serial,status,qty\nCD,P04,S1,good,1"
    assert below(moves=more, opening=opening) == ["nonconforming", "not applicable"]


def test_a_move_without_a_time_leaves_its_account_unknown() -> None:
    more = MOVES.replace("M2,ISSUE,2026-10-09 09:00", "M2,ISSUE,")
    assert "unknown" in below(
        moves=more, opening="site,part_no,serial,status,qty\nCD,P04,S1,good,1"
    )


def test_stock_is_told_by_place_class_and_age() -> None:
    found = ageing(custody())
    told = [tuple(row) for row in found.itertuples(index=False)]
    assert told == [
        ("shelf", "A", 1, 1, 420),
        ("shelf", "C", 0, 3, 135),
        ("shelf", "C", 3, 7, 210),
        ("engineer", "A", 0, 1, 420),
        ("engineer", "C", 0, 4, 180),
    ]
    assert UNDATED not in found["age"].tolist()
    assert found["units"].sum() == custody().holdings()["units"].sum()


def test_a_part_the_ledger_has_no_price_of_is_worth_what_the_list_says() -> None:
    found = custody("site,part_no,serial,status,qty\nCD,P11,,good,2")
    held = found.holdings().set_index("part_no")["value"]
    assert int(held["P11"]) == 2 * 30 * 10 ** (found.value_decimals - found.entries.decimals)


def closing(opening: str) -> list[str]:
    """Hear the stock equation beside an opening and say what does not conform."""
    words = {"id": "R-1", "title": "A title", "passes": "It holds.", "kind": "stock_equation"}
    given = {"record": "ledger", "moves": "moves"}
    rule = Rule.model_validate({**words, "with": given})
    tables = {"moves": MOVES, "ledger": LEDGER, "opening": opening}
    found = heard(hearing(tables), rule).parts[0].cases
    assert found.names is not None
    wrong = found.verdict == VERDICTS.index("nonconforming")
    return [found.names[n] for n in range(len(found)) if wrong[n]]


def test_the_ledger_is_held_against_what_opening_and_moves_come_to() -> None:
    start = "site,part_no,serial,status,qty\nCD,P04,S1,good,1\nCD,P04,S2,good,1\nCD,P11,,good,7\n"
    assert closing(start + "CD,P09,,good,2") == []
    assert closing(start + "CD,P09,,good,3") == ["CD P09 good"]
