"""The chapter on parts and money: it adds up, names who owes, and tells no rule twice."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.findings.kind_samples import handbook, table
from tests.report.conftest import Laundry

from sopaudit.evidence.records import Records
from sopaudit.findings.custody.entries import EARLIEST
from sopaudit.findings.gathering import ticket_evidence
from sopaudit.findings.loss_summary import worst
from sopaudit.findings.money.short import MoneyEvidence, Short
from sopaudit.findings.parts_evidence import PartsEvidence, part_rules, parts_evidence
from sopaudit.press.charts import SIGNAL
from sopaudit.press.pdf import Job, render
from sopaudit.report.json import told as as_data
from sopaudit.report.model import Chapter
from sopaudit.report.page import inspection_html
from sopaudit.report.parts.model import PartsSection
from sopaudit.report.parts.section import FIRST, WORST, section
from sopaudit.report.seen import Seen, Speaker
from sopaudit.report.summary import BLOCK, LINE, Room
from sopaudit.report.tickets.section import section as ticket_section
from sopaudit.report.xlsx import workbook

DAY: Final = date(2026, 11, 5)
MOVES: Final = """
move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to,ticket_no,return_required,holder,actor
M1,RECV,2026-10-08 09:00,PC,CD,P04,S1,1,,good,,,,1007
M2,RECV,2026-10-08 09:00,PC,CD,P09,,10,,good,,,,1007
M3,ISSUE,2026-10-09 09:00,CD,CD,P04,S1,1,good,with_engineer,CD-1,,1006,1007
M4,CONSUME,2026-10-09 14:00,CD,CD,P04,S1,1,with_engineer,consumed,CD-1,yes,1006,1006
M5,ISSUE,2026-10-09 10:00,CD,CD,P09,,2,good,with_engineer,CD-2,,王小明,1007
M6,RETURN_GOOD,2026-10-10 10:00,CD,CD,P09,,1,with_engineer,good,CD-2,,王小明,1007
"""
TICKETS: Final = (
    "ticket_no,opened_at,engineer\nCD-1,2026-10-09 08:30,1006\nCD-2,2026-10-09 08:30,1006"
)
EVENTS: Final = """
ticket_no,event,at,actor,post,value,note
CD-1,created,2026-10-09 08:30,1001,HTL,,
CD-1,repair_done,2026-10-09 15:00,1006,OSE,,
CD-1,left_site,2026-10-09 15:30,1006,OSE,,
CD-2,created,2026-10-09 08:30,1001,HTL,,
CD-2,left_site,2026-10-09 15:30,1006,OSE,,
"""
STOCK: Final = """
site,part_no,serial,abc_class,unit_price,status,qty,location
CD,P04,,A,500,good,0,A-01
CD,P09,,C,20,good,9,A-02
"""
"""What the moves leave in store, so that nothing was there before them."""

LEDGER: Final = f"""{STOCK.strip()}
CD,K01,,A,10,good,100,A-03
CD,K02,,A,10,good,100,A-04
CD,K03,K03-1,A,70,good,1,A-05
"""
COUNTS: Final = """
count_id,at,site,location,part_no,serial,counted,counter,checker
C1,2026-11-05 18:00,CD,A-03,K01,,95,1007,1002
C2,2026-11-05 18:00,CD,A-04,K02,,105,1007,1002
C3,2026-11-05 18:00,CD,A-05,K03,K03-1,0,1007,1002
"""
ALL: Final[Mapping[str, str]] = {
    "moves": MOVES, "tickets": TICKETS, "events": EVENTS, "ledger": LEDGER, "counts": COUNTS
}  # fmt: skip

MOVED: Final[Mapping[str, str]] = {**ALL, "ledger": STOCK}


def records(**tables: str) -> Records:
    return Records({name: table(name, text) for name, text in tables.items()}, "CD")


def evidence(tables: Mapping[str, str] = ALL, money: MoneyEvidence | None = None) -> PartsEvidence:
    found = parts_evidence(handbook(), records(**tables), DAY, money=money)
    assert found is not None
    return found


@cache
def made() -> PartsEvidence:
    return evidence()


def speaker(lang: str = "zh", *, circulating: bool = False) -> Speaker:
    return Speaker(Seen(handbook(), "2026-10-cd", None, None, {}, circulating=circulating), lang)


def written(told: PartsEvidence | None = None, lang: str = "zh") -> PartsSection:
    return section(told or made(), speaker(lang))


# --- what is where -------------------------------------------------------------------------------


def test_all_places_together_are_zero_and_the_table_says_so() -> None:
    rows = written(evidence(MOVED)).places
    assert [row.tone for row in rows if row.tone in ("sum", "total")] == ["sum", "total"]
    assert (rows[-1].label, rows[-1].units, rows[-1].value) == ("各处合计", "0", "0")
    ours = {row.id: (row.units, row.value) for row in rows if row.tone == "ours"}
    # One P09 is with somebody, nine lie in store; the old P04 is owed.
    assert ours == {"shelf": ("9", "180"), "engineer": ("1", "20"), "owed": ("1", "500")}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 27)), min_size=1, max_size=12))
def test_whatever_moves_there_are_places_add_up_to_zero_and_ages_to_what_lies_in_store(
    made_: list[tuple[int, int]],
) -> None:
    rows = [
        f"R{n},RECV,2026-10-{day + 1:02d} 09:00,PC,CD,P{n % 3},,{qty},,good"
        for n, (qty, day) in enumerate(made_)
    ] + [f"I{n},ISSUE,2026-10-29 09:00,CD,CD,P{n % 3},,1,good,with_engineer" for n in range(4)]
    head = "move_id,move_type,at,site_from,site_to,part_no,serial,qty,status_from,status_to\n"
    found = evidence({"moves": head + "\n".join(rows)})
    assert sum(one.units for one in found.places) == 0
    assert sum(one.value for one in found.places) == 0
    store = found.holdings[found.holdings["kind"] == "store"]["units"].sum()
    assert sum(sum(one.units) for one in found.ageing) == store


def test_a_place_that_gave_more_than_it_got_is_told() -> None:
    head = "move_id,move_type,at,site_from,site_to,part_no,qty,status_from,status_to\n"
    ship = evidence(
        {"moves": f"{head}S1,SHIP_DEF,2026-10-09 09:00,CD,PC,P04,1,defective,in_transit"}
    )
    (note,) = written(ship).places_notes
    assert note.startswith("库房（坏件、待检区）是负数")
    assert not written().places_notes


# --- who owes what -------------------------------------------------------------------------------


def test_who_owes_an_old_part_is_named_with_days_value_and_ticket() -> None:
    row = next(one for one in written().holders if "1006" in one.person)
    # Repaired on Friday 9 October, a working Saturday follows: due on the 10th, 26 days before.
    assert (row.owed, row.unused, row.overdue, row.value) == ("1", "", "1", "500")
    assert (row.tickets, row.tone) == ("CD-1", "late")
    late = next(loss for loss in made().losses if loss.rule == "PR-18")
    assert row.days == str((DAY - late.due.astype("datetime64[D]").astype(date)).days)


def test_what_no_rule_calls_late_is_not_overdue() -> None:
    early = MOVES.replace("2026-10-09 14:00", "2026-11-05 16:00")
    events = EVENTS.replace("2026-10-09 15:00", "2026-11-05 16:30")
    told = written(evidence({**ALL, "moves": early, "events": events}))
    row = next(one for one in told.holders if "1006" in one.person)
    assert (row.owed, row.overdue, row.days, row.tone) == ("1", "", "", "")


def test_pieces_of_all_people_are_those_in_hand_and_owed() -> None:
    rows = {one.place: one.units for one in made().places}
    held = sum(one.owed + one.unused for one in made().holders)
    assert held == rows["engineer"] + rows["owed"]


def test_who_is_late_comes_first_and_then_who_has_most() -> None:
    late = [(one.person, one.overdue_value) for one in made().holders]
    assert late == [("1006", 500), ("王小明", 20)]
    more = MOVES + "M7,ISSUE,2026-11-05 16:00,CD,CD,P04,S7,1,good,with_engineer,CD-3,,1008,1007\n"
    more += "M8,ISSUE,2026-11-05 16:00,CD,CD,P04,S8,1,good,with_engineer,CD-3,,1008,1007"
    held = evidence({**ALL, "moves": more}).holders
    # What is not late comes last, whatever it is worth.
    assert [(one.person, one.value) for one in held][-1] == ("1008", 1000)


# --- how old -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "band"), [(0, 0), (29, 0), (30, 1), (89, 1), (90, 2), (179, 2), (180, 3), (999, 3)]
)
def test_a_band_begins_on_its_day(days: int, band: int) -> None:
    at = np.datetime64(DAY) - days
    head = "move_id,move_type,at,site_from,site_to,part_no,qty,status_from,status_to\n"
    stock = STOCK.partition("CD,P09")[0].replace("good,0,", "good,3,")
    found = evidence(
        {
            "moves": f"{head}R1,RECV,{at} 09:00,PC,CD,P04,3,,good",
            "ledger": stock,
        }
    )
    (aged,) = found.ageing
    assert aged.units.index(3) == band
    assert sum(aged.units) == 3
    assert len(aged.units) == len(made().bands) + 2


def test_good_parts_are_told_by_class_and_defective_ones_apart() -> None:
    more = MOVES + "M7,RETURN_DEF,2026-11-01 10:00,CD,CD,P04,,1,consumed,defective,CD-1,,1006,1007"
    stock = f"{STOCK}CD,P04,S9,A,500,good,1,A-01\nCD,P04,,A,500,defective,1,B-01"
    moves = more + "\nM8,RECV,,PC,CD,P04,S9,1,,good,,,,1007"
    counts = {**MOVED, "moves": moves, "ledger": stock}
    told = written(evidence(counts))
    assert [row.label for row in told.ageing] == ["好件 A 类", "好件 C 类", "坏件、待检件"]
    # What nobody dates is no age.
    assert told.bands[-1].label == "日期不明"
    assert told.ageing[0].bands[-1] == "1"
    assert len(written(evidence(MOVED)).bands) == len(made().bands) + 1


@pytest.mark.parametrize("ages", [(), (90,), (30, 60, 90, 180, 365)])
def test_a_handbook_may_have_as_many_ages_as_it_likes(ages: tuple[int, ...]) -> None:
    rules = handbook().parts
    assert rules is not None
    book = replace(handbook(), parts=rules.model_copy(update={"ageing": ages}))
    found = parts_evidence(book, records(**MOVED), DAY)
    assert found is not None
    told = written(found)
    assert len(told.bands) == len(ages) + 1
    fills = [fill for _, fill in told.ageing[0].parts]
    assert len(fills) == len(ages) + 2
    assert fills[-2] == SIGNAL


# --- the count -----------------------------------------------------------------------------------


def test_ninety_five_and_a_hundred_and_five_for_two_hundred_are_no_accuracy_at_all() -> None:
    bulk, single, all_ = written().count_sums
    assert (bulk.lines, bulk.right, bulk.accuracy) == ("2", "0", "0%")
    assert (bulk.plus, bulk.plus_value, bulk.minus, bulk.minus_value) == (
        "+5", "+50", "−5", "−50",
    )  # fmt: skip
    assert (single.lines, single.accuracy, single.minus_value) == ("1", "0%", "−70")
    assert (all_.lines, all_.plus, all_.minus) == ("3", "+5", "−6")


def test_every_line_that_differs_is_told_the_dearest_first() -> None:
    told = written()
    rows = [(x.part, x.book, x.counted, x.difference, x.tolerance, x.value) for x in told.count]
    assert rows == [
        ("K03", "1", "0", "−1", "不许有", "−70"),
        ("K01", "100", "95", "−5", "±1 %", "−50"),
        ("K02", "100", "105", "+5", "±1 %", "+50"),
    ]
    assert all(x.tone == "missed" for x in told.count)
    assert "盘点少了 6 件，值 120；盘点多出 5 件，值 50" in told.sentence


def test_a_difference_within_tolerance_is_right_and_grey_and_a_blank_is_not_counted() -> None:
    counts = COUNTS.replace(",95,", ",99,").replace(",105,", ",,")
    told = written(evidence({**ALL, "counts": counts}))
    assert [(x.part, x.tone) for x in told.count] == [
        ("K03", "missed"), ("K02", "out"), ("K01", "within"),
    ]  # fmt: skip
    assert (told.count_sums[0].lines, told.count_sums[0].right) == ("1", "1")
    assert "1 行" in told.count_note
    assert told.count[1].book == "100"


def test_parts_no_move_names_have_their_price_whatever_is_asked_first() -> None:
    found = evidence({"ledger": LEDGER, "counts": COUNTS})
    assert [line.price for line in found.counted] == [10, 10, 70]


def test_a_finding_of_a_count_is_worth_what_differs() -> None:
    worth = {loss.part: loss.value for loss in made().losses if loss.rule == "PR-25"}
    assert worth == {"K01": 50, "K02": 50, "K03": 70}


# --- findings ------------------------------------------------------------------------------------


def test_three_things_come_first_with_staff_numbers() -> None:
    told = written()
    assert 0 < len(told.first) <= FIRST
    assert any("1006" in row.who for row in told.first)
    assert all(row.severity_title and row.rules for row in told.first)
    assert sum(int(row.number) for row in told.sorts) == len(made().losses)
    assert f"共有 {len(made().losses)} 例问题" in told.sentence


def test_the_gravest_come_first_and_a_chain_is_told_once() -> None:
    told = written()
    assert 0 < len(told.worst) <= WORST
    ranks = [("critical", "major", "minor", "").index(x.loss.severity) for x in told.worst]
    assert ranks == sorted(ranks)
    chains = [loss.chain for loss in worst(made().losses, WORST) if loss.chain]
    assert len(chains) == len(set(chains))
    owed = next(row for row in told.worst if row.loss.rule == "PR-18")
    assert "拆下未交的旧件" in owed.picture
    assert "moves:5" in owed.proof[-1]


def test_a_rule_on_parts_is_told_in_one_chapter_and_none_is_lost() -> None:
    found = ticket_evidence(handbook(), records(**ALL), DAY)
    parts = parts_evidence(handbook(), records(**ALL), DAY, found.checked.rules)
    assert parts is not None
    own = written(parts)
    told = ticket_section(found, speaker(), "", frozenset(parts.own), "4")
    here, there = ({row.id for row in x.all_rules} for x in (own, told))
    assert here == set(found.checked.rules) & part_rules(handbook())
    assert not here & there
    assert here | there == set(found.checked.rules)
    assert told.elsewhere == f"另有备件规则 {len(here)} 条，见第 4 章。"
    assert not {row.id for row in told.first} & part_rules(handbook())
    # Each of them is told: broken, or in a sentence that says why it is not.
    text = "".join(own.rules_rest) + "".join(row.id for row in own.rules)
    assert handbook().parts is not None
    assert all(rule.id in text for rule in handbook().parts.rules)  # type: ignore[union-attr]
    assert "没有交来" in text
    assert ticket_section(found, speaker()).elsewhere == ""


def test_rules_heard_before_or_here_come_to_the_same() -> None:
    found = ticket_evidence(handbook(), records(**ALL), DAY)
    parts = parts_evidence(handbook(), records(**ALL), DAY, found.checked.rules)
    assert parts is not None
    assert [(x.id, x.rows, x.chain) for x in parts.losses] == [
        (x.id, x.rows, x.chain) for x in made().losses
    ]


def test_without_records_of_parts_there_is_nothing_to_tell() -> None:
    few = records(tickets=TICKETS, events=EVENTS)
    assert parts_evidence(handbook(), few, DAY) is None
    assert parts_evidence(replace(handbook(), parts=None), records(**ALL), DAY) is None


def test_without_moves_a_count_is_told_all_the_same() -> None:
    told = written(evidence({"ledger": LEDGER, "counts": COUNTS}))
    assert "看不出件在哪里" in told.sentence or told.places
    assert told.count
    assert not told.holders


# --- money ---------------------------------------------------------------------------------------


def test_who_is_short_of_cash_is_told_since_when() -> None:
    since = np.datetime64("2026-10-12T16:30", "us")
    short = Short("1006", Fraction(3505, 10), since, ("CD-1",), "cash_book:7")
    told = written(evidence(money=MoneyEvidence((short,))))
    (row,) = told.cash
    assert (row.amount, row.since, row.rows) == ("350.5", "2026-10-12", "cash_book:7")
    assert "1006" in row.person
    assert "短现金 350.5，在邓凯（1006）手里" in told.sentence
    assert not written().cash
    silent = written(evidence(money=MoneyEvidence(missing=("cash_book",))))
    assert silent.cash_note == "没有交来收款账，现金无法评价。"


# --- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_copy_that_circulates_has_staff_numbers_and_no_names(lang: str) -> None:
    filed, copy = (
        str(section(made(), speaker(lang, circulating=circulating)))
        for circulating in (False, True)
    )
    names = {handbook().say(person.name, lang) for person in handbook().roster} | {"王小明"}
    assert [name for name in names if name in copy] == []
    assert "1006" in copy
    assert "王小明" in filed
    assert any(name in filed for name in names - {"王小明"})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_workbook_and_data_hold_it(laundry: Laundry, lang: str) -> None:
    short = Short("1006", Fraction(350), EARLIEST, ("CD-1",), "cash_book:7")
    told = written(evidence(money=MoneyEvidence((short,))), lang)
    chapters = (Chapter("parts", "1", "Parts", annex=False),)
    report = replace(laundry.report(lang), key=(), parts=told, chapters=chapters)
    html = inspection_html(report)
    assert html.count("<svg") == len(re.findall(r"<svg[^>]*>\s*<title>[^<]", html))
    for said in (told.sentence, told.worst[0].loss.text, told.holders[0].tickets):
        assert said in html.replace("&#39;", "'")
    sheets = CalamineWorkbook.from_filelike(BytesIO(workbook(report))).sheet_names
    assert len(set(sheets)) == len(sheets)
    bare = CalamineWorkbook.from_filelike(BytesIO(workbook(replace(report, parts=None))))
    assert len(sheets) - len(bare.sheet_names) == 8
    data = json.dumps(as_data(report), ensure_ascii=False)
    assert told.count[0].value in data
    assert "<svg" not in data
    assert '"parts"' not in json.dumps(as_data(laundry.report(lang)))
    if lang == "en":
        printed = render(Job(html, date(2026, 11, 6)))
        assert printed.complaints == ()
        assert printed.uncovered == ()


def test_the_first_page_says_how_parts_stand_and_has_the_room() -> None:
    told = written()
    bare, full = Room("成都", ()), Room("成都", ())
    full.parts(told)
    full.parts(None)
    assert bare.left - full.left >= BLOCK + LINE


def test_where_the_first_page_is_full_what_to_do_about_tickets_leaves_it() -> None:
    found = ticket_evidence(handbook(), records(**ALL), DAY)
    told = ticket_section(found, speaker())
    assert told.first
    full = Room("成都", ())
    assert full.firsts(told)
    full.left = 0.0
    left = full.left
    assert full.firsts(told)  # The page is set closer first.
    full.left = -30.0
    left = full.left
    assert not full.firsts(told)
    assert full.left > left


def test_a_first_page_without_room_for_its_last_line_is_set_closer() -> None:
    full = Room("成都", ())
    full.left = BLOCK + LINE
    assert not full.share([], []).close
    full.left -= 1
    assert full.share([], []).close
