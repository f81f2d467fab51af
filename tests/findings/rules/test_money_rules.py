"""The rules on money, held against the domain with one line over and one inside."""

from dataclasses import replace

import numpy as np
from tests.findings.rules.desk import book, hearing, records, say, verdicts

from sopaudit.criteria.table import Table
from sopaudit.findings.rules.engine import heard
from sopaudit.findings.rules.hearing import Hearing

CHARGES = "ticket_no,at,edition,code,qty,price,amount,part_no,approval"
TICKETS = "ticket_no,charge_amount,quote_amount,warranty_status,fault_class"
TAKEN = "at,site,ticket_no,kind,amount,method,receipt_no,handed_by,received_by,payee,settled_at"


def part(rule: str, number: int, texts: dict[str, str]) -> list[str]:
    found = heard(hearing(texts), book().rules[rule])
    assert not found.missing, found.missing
    return verdicts(found.parts[number - 1].cases)


# --- AC-12 -------------------------------------------------------------------------------------


def charged(*lines: str, charge: str = "300") -> dict[str, str]:
    return {
        "tickets": f"{TICKETS}\nCD-1,{charge},300,out,hw",
        "charges": "\n".join([CHARGES, *lines]),
    }


def test_a_line_is_its_quantity_times_its_price_to_the_cent() -> None:
    line = "CD-1,2026-10-12 09:00,2026-1,L01,{},{},{},,"
    told = [("3", "100", "300"), ("3", "33.33", "99.99"), ("3", "33.33", "100"), ("", "1", "1")]
    texts = charged(*(line.format(*each) for each in told))
    assert part("AC-12", 4, texts) == ["conforming", "conforming", "amount differs", "unknown"]


def test_lines_add_up_to_the_charge_of_their_ticket() -> None:
    lines = ("CD-1,2026-10-12 09:00,2026-1,L01,1,100,100,,",
             "CD-1,2026-10-12 09:00,2026-1,P06,1,200,200,P06,")  # fmt: skip
    assert part("AC-12", 5, charged(*lines)) == ["conforming"]
    assert part("AC-12", 5, charged(*lines, charge="300.01")) == ["amount differs"]
    assert part("AC-12", 5, charged(*lines, charge="0")) == ["amount differs"]
    assert part("AC-12", 5, charged(*(f"{line}TP-1" for line in lines), charge="280")) == [
        "conforming"
    ]


def two_editions() -> Table:
    """Give the price list with labour that costs 20 more from 15 October on."""
    old = book().tables["price_list"]
    rows = [{column: value.plain for column, value in row.items()} for row in old.rows]
    new = {"edition": "2026-2", "valid_from": "2026-10-15", "price": "120"}
    rows += [{**row, **new} for row in rows if row["code"] == "L01"]
    columns = [{"id": column.id, "title": column.id, "required": False} for column in old.columns]
    data = {"id": "price_list", "edition": "1", "title": "t", "key": ["edition", "code"]}
    return Table.model_validate({**data, "columns": columns, "rows": rows})


def test_a_price_that_changes_within_the_month_holds_from_its_day_on() -> None:
    line = "CD-1,{},{},L01,1,{},{},,"
    lines = [
        line.format("2026-10-14 23:59", "2026-1", "100", "100"),
        line.format("2026-10-15 00:00", "2026-2", "120", "120"),
        line.format("2026-10-14 23:59", "2026-2", "120", "120"),
        line.format("2026-10-15 00:00", "2026-1", "100", "100"),
        line.format("2026-10-16 10:00", "2026-1", "120", "120"),
        line.format("2026-10-16 10:00", "2026-1", "100", "100") + "TP-1",
    ]
    handbook = replace(book(), tables={**book().tables, "price_list": two_editions()})
    found = heard(
        Hearing(handbook, records(charged(*lines)), np.datetime64("2026-11-05T23:59")),
        handbook.rules["AC-12"],
    )
    assert verdicts(found.parts[1].cases) == [
        "conforming", "conforming", "amount differs", "amount differs",
        # The right price by the wrong list: a line names the edition in force.
        "wrong value", "conforming",
    ]  # fmt: skip


# --- AC-13 -------------------------------------------------------------------------------------

WITH = {"field": "tickets.invoice_no", "range_from": "invoice_ranges.first",
        "range_to": "invoice_ranges.last", "others": "invoices.invoice_no",
        "voided": "invoice_voided", "kept": "invoices.copy_kept",
        "undoing": "red_letter", "undone": "invoices.red_of"}  # fmt: skip
RANGES = """site,first,last,issued_to,issued_at,signed
CD,00100,00199,1012,2026-10-08,yes
CD,00100,00109,1006,2026-10-08,yes
CD,00110,00119,1007,2026-10-08,yes"""
HEAD = "invoice_no,at,site,ticket_no,amount,issued_by,state,red_of,copy_kept"


def numbered(mode: str, *numbers: str, **more: str) -> list[str]:
    rows = [f"CD-{n},{number}" for n, number in enumerate(numbers)]
    tickets = "\n".join(["ticket_no,invoice_no", *rows])
    return say("numbering", {**WITH, "invoice_mode": mode}, {"tickets": tickets, **more})


def test_a_paper_number_lies_in_a_range_that_was_issued() -> None:
    assert numbered("paper", "00100", "00099", "00200", invoice_ranges=RANGES) == [
        "conforming", "wrong value", "wrong value",
    ]  # fmt: skip
    # Where nobody keeps ranges, nothing is said of them; gaps are looked for all the same.
    assert numbered("paper", "00100", "00102") == ["conforming", "conforming", "missing"]


def test_a_gap_is_one_within_a_book_and_not_between_two() -> None:
    found = numbered("paper", "00101", "00103", "00110", "00111", invoice_ranges=RANGES)
    assert found == ["conforming"] * 4 + ["missing"]


def test_a_range_nobody_can_read_makes_numbers_outside_the_others_unknown() -> None:
    ranges = f"{RANGES}\nCD,見单,,1008,2026-10-08,yes"
    assert numbered("paper", "00100", "00300", invoice_ranges=ranges) == ["conforming", "unknown"]


def test_a_voided_paper_number_is_no_gap_and_its_copy_is_kept() -> None:
    void = f"{HEAD}\n00102,2026-10-12,CD,,0,1006,void,,{{}}"
    for kept, said in (("yes", "conforming"), ("", "missing"), ("no", "missing")):
        more = {"invoice_ranges": RANGES, "invoices": void.format(kept)}
        assert numbered("paper", "00101", "00103", **more) == ["conforming", "conforming", said]


def test_an_electronic_invoice_has_no_range_and_no_gap_and_is_never_voided() -> None:
    invoices = f"{HEAD}\n26000000000000000002,2026-10-12,CD,CD-1,-80,1012,red,26000000000000000001,"
    numbers = ("26000000000000000001", "26000000000000000009")
    assert numbered("e", *numbers, invoice_ranges=RANGES, invoices=invoices) == ["conforming"] * 3
    no_name = invoices.replace(",26000000000000000001,", ",,")
    assert numbered("e", *numbers, invoices=no_name)[-1] == "missing"
    assert numbered("e", *numbers, invoices=no_name.replace(",red,", ",void,"))[-1] == "wrong value"
    assert numbered("e", numbers[0], numbers[0]) == ["conforming", "repeated"]


# --- AC-14 -------------------------------------------------------------------------------------


def taken(*lines: str) -> dict[str, str]:
    return {
        "cash_book": "\n".join([TAKEN, *lines]),
        "events": "ticket_no,event,at,actor,post\nCD-1,payment_collected,2026-10-12 09:00,1006,OSE",
    }


LINE = "2026-{},CD,CD-1,collected,80,{},R1,1006,1012,{},{}"


def test_the_account_is_one_of_the_company() -> None:
    texts = taken(
        LINE.format("10-12 09:00", "merchant", "merchant_account", "2026-10-13"),
        LINE.format("10-12 09:00", "merchant", "张三", "2026-10-13"),
        LINE.format("10-12 09:00", "merchant", "", "2026-10-13"),
        LINE.format("10-12 09:00", "cash", "", ""),
    )
    told = ["conforming", "wrong value", "not applicable", "not applicable"]
    assert part("AC-14", 4, texts) == told


def test_a_payment_is_settled_once_its_time_has_passed() -> None:
    settled = LINE.format("10-12 09:00", "merchant", "", "2026-10-13 09:00")
    lines = [
        settled,
        LINE.format("11-03 09:00", "merchant", "", ""),
        LINE.format("11-04 09:00", "merchant", "", ""),
        LINE.format("10-12 09:00", "cash", "", ""),
    ]
    assert part("AC-14", 5, taken(*lines)) == [
        "conforming", "missing", "not applicable", "not applicable",
    ]  # fmt: skip
    # Nobody keeps it: nothing is said of it, and the rule is heard all the same.
    assert part("AC-14", 5, taken(*lines[1:])) == []


def test_a_private_code_is_a_contradiction_a_person_looks_into() -> None:
    texts = taken(LINE.format("10-12 09:00", "private_code", "", ""))
    found = heard(hearing(texts), book().contradictions["CX-03"])
    assert verdicts(found.parts[0].cases) == ["wrong value"]


# --- AC-35, PR-34 ------------------------------------------------------------------------------

BOOK = "at,site,ticket_no,kind,amount,method,receipt_no,handed_by,received_by"


def till(*lines: str) -> dict[str, str]:
    return {
        "cash_book": "\n".join([BOOK, *lines]),
        "charges": f"{CHARGES}\nCD-1,2026-10-12 09:00,2026-1,L01,1,100,100,,",
        "machine_counts": "at,machines,open_forms\n2026-10-12 17:30,3,3",
    }


def test_a_cash_book_that_never_says_what_was_banked_is_heard_as_far_as_it_goes() -> None:
    texts = till("2026-10-12 09:00,CD,CD-1,handed_in,5000,cash,R1,1006,1012")
    assert part("AC-35", 2, texts) == ["conforming"]
    assert part("AC-35", 4, texts) == part("AC-35", 5, texts) == []


def test_money_is_banked_first_in_first_out_by_the_next_working_day() -> None:
    texts = till(
        "2026-10-16 16:00,CD,CD-1,handed_in,600,cash,R1,1006,1012",
        "2026-10-16 16:30,CD,CD-2,handed_in,300,cash,R2,1006,1012",
        "2026-10-19 17:30,CD,,banked,600,cash,B1,,",
        "2026-10-20 09:00,CD,,banked,300,cash,B2,,",
        "2026-11-05 09:00,CD,CD-3,handed_in,100,cash,R3,1006,1012",
    )
    assert part("AC-35", 5, texts) == ["conforming", "late", "not applicable"]
    # A Friday's 900 lie there over the week-end, and that is within the limit.
    assert part("AC-35", 4, texts) == ["conforming"] * 4


def test_parts_that_were_paid_are_the_parts_that_were_fitted_and_not_as_many_others() -> None:
    moves = "move_id,move_type,at,part_no,qty,ticket_no\nM1,CONSUME,2026-10-12 09:00,{},1,CD-1"
    texts = charged("CD-1,2026-10-12 09:00,2026-1,P06,1,890,890,P06,")
    assert part("PR-34", 1, {**texts, "moves": moves.format("P06")}) == ["conforming"]
    assert part("PR-34", 1, {**texts, "moves": moves.format("P04")}) == ["amount differs"] * 2
