"""What kinds about lines of records decide at their limits, and where data is missing."""

import pytest
from tests.findings.rules.desk import book, cases, hearing, say, verdicts

from sopaudit.criteria.rule import Rule
from sopaudit.findings.rules.engine import heard, needed

NUMBERS = {"field": "tickets.form_no", "gaps": "no"}
SIGNED = {
    "signed": "signatures.signed_at", "role_in": "signatures.role", "role": "customer",
    "after": ["arrived", "unit_received"], "before": "completed",
    "not_staff": "signatures.signer", "image_once": "signatures.file_sha256",
}  # fmt: skip
WARRANTY = {
    "decided": "tickets.warranty_status", "bought": "tickets.purchase_date",
    "product": "tickets.product_line", "table": "warranty", "months": "months_parts",
    "on": "tickets.opened_at", "covered": "in", "uncovered": "out",
    "machine": "tickets.serial", "repair_from": "unit_received", "repair_to": "repair_done",
    "repair_days_out": "yes", "holiday_extends": "yes", "override": "tickets.warranty_reason",
}  # fmt: skip
NO_EVENTS = "ticket_no,event,at\nX,note,2026-10-09 09:00"
GOOD, BAD, NONE, UNKNOWN = "conforming", "nonconforming", "not applicable", "unknown"


def table(header: str, *rows: str) -> str:
    return "\n".join((header, *rows))


# --- filled --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opinion", "action", "expected"),
    [
        ("无", "换硬盘", GOOD),  # 客户意见 may be 无
        ("好", "无", "missing"),
        ("好", "  ", "missing"),
        ("好", "/", "missing"),
        ("好", "－", "missing"),
        ("", "换硬盘", "missing"),
    ],
)
def test_a_form_is_full_where_blanks_are_those_it_allows(
    opinion: str, action: str, expected: str
) -> None:
    fields = [f.id for f in book().forms["dispatch_form"].fields if f.required]
    said = {**dict.fromkeys(fields, "x"), "opinion": opinion, "action": action}
    text = table(",".join(said), ",".join(said.values()))
    given = {"forms": "dispatch_form", "blank": ["无", "/", "-"]}
    assert say("filled", given, {"dispatch_form": text}) == [expected]


def test_a_form_nobody_handed_in_is_told_and_the_others_are_heard() -> None:
    text = "form_no,engineer,promised,outcome,mark\nPG-1,1006,2026-10-12,done,ok"
    rule = book().rules["AC-06"]
    result = heard(hearing({"onsite_status": text, "events": NO_EVENTS}), rule)
    assert result.assessable
    assert "intake_form" in result.absent
    assert "onsite_status" not in result.absent
    assert verdicts(result.parts[0].cases) == [GOOD]


def test_without_any_record_it_names_a_rule_is_not_assessable() -> None:
    result = heard(hearing({"events": NO_EVENTS}), book().rules["AC-06"])
    assert result.assessable
    assert {"tickets", "dispatch_form"} <= set(result.absent)
    assert heard(hearing({}), book().rules["AC-06"]).missing == ("events",)
    papers = Rule.model_validate(
        {"id": "R", "title": "t", "passes": "p", "kind": "filled", "with": {"forms": "intake_form"}}
    )
    assert heard(hearing({"events": NO_EVENTS}), papers).missing == ("intake_form",)
    # What is written on a sheet need not be there for the rest to be heard.
    assert needed(book().rules["AC-25"], book()) == ["events"]


def test_a_column_the_file_lacks_is_missing_data_not_a_blank() -> None:
    given = {"fields": ["loans.borrower", "loans.due"]}
    assert say("filled", given, {"loans": "loan_no,borrower\nJ-1,1006\nJ-2,"}) == [
        UNKNOWN,
        "missing",
    ]


def test_a_mandatory_time_nobody_can_read_fails_and_a_ticket_counts_once() -> None:
    given = {"fields": "events.at", "times": "events.at", "per": "ticket"}
    events = table(
        "ticket_no,event,at",
        "CD-1,arrived,2026-10-12 09:00",
        "CD-1,repair_done,下午",
        "CD-1,completed,",
        "CD-2,arrived,2026-10-12 09:00",
    )
    found = cases("filled", given, {"events": events})
    assert verdicts(found) == ["missing", GOOD]
    assert found.lines[0][1].tolist() == [1, 3]


def test_a_ticket_without_the_form_it_needs_lacks_it() -> None:
    given = {"fields": "complaint.root_cause", "each_ticket": "yes", "when": "complaint"}
    records = {
        "tickets": "ticket_no,service_type\nCD-1,complaint\nCD-2,complaint\nCD-3,on_site",
        "complaint": "ticket,root_cause\nCD-1,排班",
        "events": NO_EVENTS,
    }
    # A complaint sheet names its ticket as all forms do.
    assert say("filled", given, records) == [GOOD, "missing"]


# --- unique, numbering ---------------------------------------------------------------------------


def test_the_second_of_a_pair_fails_unless_the_manager_approved_it() -> None:
    given = {
        "fields": ["requests.ticket_no", "requests.part_no"],
        "approved": "requests.approver",
        "roles": "MGR",
    }
    rows = "ticket_no,part_no,approver\nCD-1,P04,1011\nCD-1,P04,1011\nCD-1,P04,周敏\nCD-2,P04,"
    found = cases("unique", given, {"requests": rows})
    assert verdicts(found) == [GOOD, "repeated", GOOD, GOOD]
    assert found.excused is not None
    assert found.excused.tolist() == [False, False, True, False]
    assert found.lines[1][1].tolist() == [0, 0, 0, 3]


def test_a_run_of_missing_numbers_is_one_case_and_a_prefix_has_its_own_run() -> None:
    numbers = ["PG-0001", "PG-0002", "PG-0002", "PG-0006", "XS-0009", "", "旧表"]
    rows = [f"CD-{n},{number}" for n, number in enumerate(numbers)]
    found = cases("numbering", NUMBERS, {"tickets": table("ticket_no,form_no", *rows)})
    assert verdicts(found) == [GOOD, GOOD, "repeated", GOOD, GOOD, NONE, GOOD, "missing"]
    assert found.names is not None
    assert found.names[7] == "PG-0003 … PG-0005"
    assert found.lines[0][1].tolist()[-1] == 3


@pytest.mark.parametrize(("mode", "count"), [("e", 2), ("paper", 3)])
def test_electronic_invoices_know_no_gap(mode: str, count: int) -> None:
    given = {"field": "tickets.invoice_no", "invoice_mode": mode}
    rows = {"tickets": "ticket_no,invoice_no\nCD-1,1001\nCD-2,1003"}
    assert len(say("numbering", given, rows)) == count


# --- matched, repeat -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-10-12 00:00", GOOD),
        ("2026-10-12 23:59", GOOD),
        ("2026-10-13 00:00", "no counterpart"),
        ("", UNKNOWN),
    ],
)
def test_the_same_day_is_until_midnight(at: str, expected: str) -> None:
    given = {
        "each": "callback_done", "in": "calls", "on": "ticket_no",
        "time": "calls.ringing_at", "within": "0 days",
    }  # fmt: skip
    records = {
        "events": "ticket_no,event,at\nCD-1,callback_done,2026-10-12 15:00",
        "calls": f"call_id,ticket_no,ringing_at\nC1,CD-1,{at}\nC2,CD-9,2026-10-12 15:00",
    }
    assert say("matched", given, records) == [expected]


def test_a_partner_must_be_one_that_counts_and_may_be_called_otherwise() -> None:
    records = {
        "calls": table(
            "call_id,ticket_no,direction,ended_at,caller",
            "C1,CD-1,in,2026-10-12 09:10,13800001111",
            "C2,CD-2,in,2026-10-12 09:20,１３８００００２２２２",
            "C3,CD-3,in,2026-10-12 09:30,",
            "C4,,in,2026-10-12 09:30,13800003333",
        ),
        "consultations": table(
            "number,at,phone", "1,2026-10-12 09:12,138 0000 1111", "2,2026-10-13 09:12,13800002222"
        ),
        "events": table(
            "ticket_no,event,at", *(f"CD-{n},phone_resolved,2026-10-12 09:40" for n in (1, 2, 3))
        ),
    }
    result = heard(hearing(records), book().rules["AC-34"])
    # The last belongs to no ticket, so nobody classed it.
    assert verdicts(result.parts[0].cases) == [GOOD, "no counterpart", UNKNOWN, NONE]


@pytest.mark.parametrize(
    ("opened", "expected", "told"),
    [
        ("2026-10-02 23:59", "repeated", False),
        ("2026-10-03 00:00", GOOD, True),
        ("2026-12-01 23:59", GOOD, True),
        ("2026-12-02 00:00", GOOD, False),
        ("2026-09-02 09:59", GOOD, False),
    ],
)
def test_a_repeat_is_within_30_days_and_told_within_90(
    opened: str,
    expected: str,
    told: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    given = {
        "same": "tickets.serial", "from": "tickets.opened_at", "done": "completed",
        "within": "30 days", "told_within": "90 days",
    }  # fmt: skip
    records = {
        "tickets": f"ticket_no,serial,opened_at\nCD-1,SN1,2026-09-01 09:00\nCD-2,sn1,{opened}",
        "events": "ticket_no,event,at\nCD-1,completed,2026-09-02 10:00",
    }
    found = cases("repeat", given, records)
    assert verdicts(found) == [GOOD, expected]
    assert found.excused is not None
    assert found.excused.tolist() == [False, told]


@pytest.mark.parametrize(("charge", "expected"), [("0", GOOD), ("", GOOD), ("0.01", "wrong value")])
def test_a_repeat_may_be_where_it_costs_nothing(charge: str, expected: str) -> None:
    records = {
        "tickets": table(
            "ticket_no,serial,cause_code,opened_at,charge_amount",
            "CD-1,SN1,hw_part,2026-09-01 09:00,120",
            f"CD-2,SN1,hw_part,2026-09-20 09:00,{charge}",
        ),
        "events": "ticket_no,event,at\nCD-1,completed,2026-09-02 10:00",
    }
    given = {
        "same": ["tickets.serial", "tickets.cause_code"], "from": "tickets.opened_at",
        "done": "completed", "within": "30 days", "free": "tickets.charge_amount",
    }  # fmt: skip
    assert say("repeat", given, records) == [NONE, expected]


# --- signature, not_same_person ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("CD-1,customer,a1,2026-10-12 10:00,王芳", GOOD),
        ("CD-1,customer,a1,2026-10-12 09:59,王芳", "too early"),
        ("CD-1,customer,a1,2026-10-12 11:00,Deng Kai", "wrong person"),
        ("CD-1,customer,zz,2026-10-12 11:00,王芳", "repeated"),
        ("CD-1,engineer,a1,2026-10-12 11:00,邓凯", "missing"),
        ("CD-1,customer,a1,,王芳", UNKNOWN),
        ("CD-1,customer,,2026-10-12 11:00,", UNKNOWN),
        ("CD-1,customer,a1,2026-10-12 11:00,", GOOD),
    ],
)
def test_a_signature_is_genuine_in_four_ways(line: str, expected: str) -> None:
    records = {
        "signatures": table(
            "ticket_no,role,file_sha256,signed_at,signer",
            line,
            "CD-9,customer,zz,2026-10-11 11:00,李强",
        ),
        "events": table(
            "ticket_no,event,at",
            "CD-1,arrived,2026-10-12 10:00",
            "CD-1,completed,2026-10-12 12:00",
            "CD-2,arrived,2026-10-12 10:00",
        ),
    }
    # CD-2 is not completed yet, nobody went to CD-9.
    assert say("signature", SIGNED, records) == [expected, NONE, NONE]


def test_a_blank_name_is_nobody_and_a_ticket_nobody_knows_is_unknown() -> None:
    given = {"person": "callback_done", "not_among": ["tickets.engineer", "tickets.receptionist"]}
    records = {
        "tickets": "ticket_no,engineer,receptionist\nCD-1,,\nCD-2,何倩,彭丽\nCD-3,1006,",
        "events": table(
            "ticket_no,event,at,actor",
            "CD-1,callback_done,2026-10-12 09:00,1002",
            "CD-2,callback_done,2026-10-12 09:00,1009",
            "CD-3,callback_done,2026-10-12 09:00,",
            "CD-4,callback_done,2026-10-12 09:00,1002",
        ),
    }
    assert say("not_same_person", given, records) == [GOOD, "wrong person", UNKNOWN, UNKNOWN]


# --- amounts_agree, priced, approved -------------------------------------------------------------


def test_cents_decide_and_an_approval_excuses() -> None:
    given = {
        "left": "tickets.charge_amount", "right": "tickets.quote_amount", "per": "ticket",
        "tolerance": "0.10", "excused_by": "charges.approval", "when": "charged",
    }  # fmt: skip
    rows = ["CD-1,100.10,100", "CD-2,100.11,100", "CD-3,150,", "CD-4,0,80", "CD-5,150,100"]
    records = {
        "tickets": table("ticket_no,charge_amount,quote_amount", *rows),
        "charges": "ticket_no,code,approval\nCD-5,D01,LW-3\nCD-2,D01,无",
    }
    found = cases("amounts_agree", given, records)
    assert verdicts(found) == [GOOD, "amount differs", "amount differs", NONE, GOOD]
    assert found.excused is not None
    assert found.excused.tolist() == [False] * 4 + [True]
    assert found.late is not None
    assert found.late.tolist()[1] == 11
    assert found.expected is not None
    assert found.expected.spelled()[1] == "100"


def test_a_day_of_the_cash_book_is_held_against_the_charges_of_the_day() -> None:
    records = {
        "cash_book": table(
            "at,kind,amount",
            "2026-10-12 09:00,collected,100.10",
            "2026-10-12 18:00,handed_in,150.30",
            "2026-10-12 17:00,collected,50.20",
            "2026-10-13 09:00,collected,80",
        ),
        "charges": table(
            "ticket_no,at,amount",
            "CD-1,2026-10-12 09:00,150.30",
            "CD-2,2026-10-14 09:00,80",
        ),
        "machine_counts": "at,machines,open_forms\n2026-10-12 17:30,3,3\n2026-10-13 17:30,3,4",
    }
    sums, machines, *_ = heard(hearing(records), book().rules["AC-35"]).parts
    assert verdicts(sums.cases) == [GOOD, "amount differs", "amount differs"]
    assert sums.cases.names == ["2026-10-12", "2026-10-13", "2026-10-14"]
    assert verdicts(machines.cases) == [GOOD, "amount differs"]


@pytest.mark.parametrize(
    ("explained", "now", "expected"),
    [
        ("2026-11-04 17:30", "2026-11-20T23:59:59", GOOD),
        ("2026-11-05 08:30", "2026-11-20T23:59:59", "late"),
        ("", "2026-11-20T23:59:59", "amount differs"),
        ("", "2026-11-03T23:59:59", NONE),
    ],
)
def test_a_difference_may_be_explained_within_three_working_days(
    explained: str, now: str, expected: str
) -> None:
    rule = book().rules["PR-26"]
    text = table(
        "month,part_no,qty_centre,qty_branch,received_at,explained_at",
        f"2026-10,P04,5,4,2026-10-31 09:00,{explained}",
    )
    found = heard(hearing({"centre_statement": text}, now=now), rule).parts[0].cases
    assert verdicts(found) == [expected]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026-10-12,D01,50.00,", GOOD),
        ("2026-10-12,D01,50.01,", "amount differs"),
        ("2026-10-12,D01,50.01,LW-1", GOOD),
        ("2026-10-12,D99,50,", "no counterpart"),
        ("2026-10-12,L03,777,", GOOD),
        ("2025-12-31,D01,50,", UNKNOWN),
        ("2026-10-12,D01,,", UNKNOWN),
        ("2026-10-12,,50,", UNKNOWN),
        (",D01,50,", UNKNOWN),
    ],
)
def test_a_price_is_that_of_the_edition_of_its_day(line: str, expected: str) -> None:
    given = {
        "code": "charges.code", "price": "charges.price", "table": "price_list", "key": "code",
        "column": "price", "on": "charges.at", "excused_by": "charges.approval",
    }  # fmt: skip
    text = table("ticket_no,at,code,price,approval", f"CD-1,{line}")
    assert say("priced", given, {"charges": text}) == [expected]


@pytest.mark.parametrize(
    ("amount", "expected"), [("150", GOOD), ("149.99", "amount differs"), ("151", GOOD)]
)
def test_damage_is_charged_at_least_as_the_table_says(amount: str, expected: str) -> None:
    records = {
        "ledger": table(
            "part_no,serial,status,damage_code,ticket_no,received_at",
            "P04,S1,abnormal,AD02,CD-1,2026-10-12",
        ),
        "charges": f"ticket_no,at,code,amount\nCD-1,2026-10-12,P04,{amount}",
    }
    found = heard(hearing(records), book().rules["PR-24"]).parts[1].cases
    assert verdicts(found) == [expected]


@pytest.mark.parametrize(
    ("price", "approver", "expected"),
    [
        ("500", "1011", GOOD),
        ("500.01", "1011", "wrong person"),
        ("500.01", "周敏", GOOD),
        ("500", "", "missing"),
        ("500", "1006", "wrong person"),
        ("", "1011", UNKNOWN),
        ("", "1001", GOOD),
    ],
)
def test_larger_amounts_are_approved_further_up(price: str, approver: str, expected: str) -> None:
    records = {
        "requests": f"request_no,ticket_no,part_no,approver\nS1,CD-1,P04,{approver}",
        "ledger": f"part_no,unit_price,status\nP04,{price},good",
    }
    found = heard(hearing(records), book().rules["PR-03"]).parts[0].cases
    assert verdicts(found) == [expected]


def test_an_adjustment_above_200_yuan_is_for_the_region() -> None:
    counts = "count_id,at,part_no,serial,counted,approved_by,reason"
    day = "K1,2026-10-30 17:00"
    records = {
        "counts": table(
            counts, f"{day},P05,,1,1001,破损", f"{day},P11,,1,1001,破损", f"{day},P13,,1,9001,丢失",
            "K2,2026-11-02 17:00,P05,,1,9001,破损",
        ),
        "moves": table(
            "move_id,move_type,at,part_no,qty,ticket_no",
            "M1,ADJ_MINUS,2026-10-31 18:00,P05,1,",
            "M2,ADJ_MINUS,2026-10-31 18:00,P13,4,",
            "M3,ISSUE,2026-10-31 18:00,P11,4,CD-1",
        ),
        "ledger": "part_no,unit_price\nP05,200.01\nP11,30\nP13,55",
    }  # fmt: skip
    found = heard(hearing(records), book().rules["PR-27"]).parts[0].cases
    # What is no adjustment is no case, and a later count approves nothing made before it.
    assert verdicts(found) == ["wrong person", GOOD]


@pytest.mark.parametrize(
    ("counted", "moved", "expected"),
    [
        ("CD", "CD,CD", GOOD),
        ("CD", ",CD", GOOD),
        ("CQ", "CD,CD", "no counterpart"),
        ("", "CD,CD", UNKNOWN),
        ("CQ", ",", UNKNOWN),
    ],
)
def test_the_count_of_another_office_approves_nothing(
    counted: str, moved: str, expected: str
) -> None:
    """Where nobody says at which site one of the two was made, nobody can tell."""
    records = {
        "counts": f"count_id,at,site,part_no,serial,counted,approved_by,reason\n"
        f"K1,2026-10-30 17:00,{counted},P05,,1,1001,破损\nK2,2026-10-30,HZ,P06,,1,1001,破损",
        "moves": f"move_id,move_type,at,site_from,site_to,part_no,qty\n"
        f"M1,ADJ_MINUS,2026-10-31 18:00,{moved},P05,1",
        "ledger": "part_no,unit_price\nP05,100",
    }
    found = heard(hearing(records), book().rules["PR-27"]).parts[0].cases
    assert verdicts(found) == [expected]


# --- warranty ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "bought", "opened", "status", "reason", "expected"),
    [
        ("notebook", "2025-10-12", "2026-10-12 23:00", "in", "", GOOD),
        ("notebook", "2025-10-12", "2026-10-13 00:00", "in", "", "wrong value"),
        ("notebook", "2025-10-12", "2026-10-13 00:00", "out", "", GOOD),
        ("notebook", "2025-10-12", "2026-10-12 09:00", "out", "", "wrong value"),
        ("notebook", "2025-10-12", "2026-10-12 09:00", "out", "damage", GOOD),
        ("notebook", "2025-10-12", "2026-10-12 09:00", "override", "", "wrong value"),
        ("notebook", "2025-10-12", "2026-10-12 09:00", "override", "goodwill", GOOD),
        # The last day falls into the holiday of 1 to 7 October, so it moves to the 8th.
        ("notebook", "2025-10-03", "2026-10-08 17:00", "in", "", GOOD),
        ("notebook", "2025-10-03", "2026-10-09 08:30", "in", "", "wrong value"),
        ("notebook", "", "2026-10-12 09:00", "in", "", UNKNOWN),
        ("typewriter", "2025-10-12", "2026-10-12 09:00", "in", "", UNKNOWN),
    ],
)
def test_a_warranty_ends_with_its_last_day(  # noqa: PLR0913, PLR0917 -- the fields of a ticket
    product: str, bought: str, opened: str, status: str, reason: str, expected: str
) -> None:
    text = table(
        "ticket_no,serial,product_line,purchase_date,opened_at,warranty_status,warranty_reason",
        f"CD-1,SN1,{product},{bought},{opened},{status},{reason}",
    )
    assert say("warranty", WARRANTY, {"tickets": text, "events": NO_EVENTS}) == [expected]


@pytest.mark.parametrize(("opened", "expected"), [("2025-02-28", "in"), ("2025-03-01", "out")])
def test_a_year_from_29_february_ends_on_the_28th(opened: str, expected: str) -> None:
    text = table(
        "ticket_no,serial,product_line,purchase_date,opened_at,warranty_status,warranty_reason",
        f"CD-1,SN1,desktop,2024-02-29,{opened},{expected},",
    )
    assert say("warranty", WARRANTY, {"tickets": text, "events": NO_EVENTS}) == [GOOD]


@pytest.mark.parametrize(
    ("opened", "expected"), [("2026-10-16", GOOD), ("2026-10-17", "wrong value")]
)
def test_days_under_repair_move_the_end_of_the_warranty(opened: str, expected: str) -> None:
    fields = "ticket_no,serial,product_line,purchase_date,opened_at,warranty_status,warranty_reason"
    records = {
        "tickets": table(
            fields,
            "CD-1,SN1,desktop,2025-10-12,2026-06-01,in,",
            "CD-2,SN2,desktop,2025-10-12,2026-06-01,in,",
            f"CD-3,SN1,desktop,2025-10-12,{opened},in,",
        ),
        "events": table(
            "ticket_no,event,at",
            "CD-1,unit_received,2026-06-01 09:00",
            "CD-1,repair_done,2026-06-05 16:00",
            "CD-2,unit_received,2026-06-01 09:00",
            "CD-2,repair_done,2026-06-20 16:00",
        ),
    }
    assert say("warranty", WARRANTY, records) == [GOOD, GOOD, expected]


# --- texts ---------------------------------------------------------------------------------------


def test_a_call_without_a_transcript_is_unknown_and_one_that_does_not_greet_lacks_it() -> None:
    records = {
        "calls": table(
            "call_id,ticket_no,direction,abandoned",
            "C1,CD-1,in,", "C2,CD-2,in,", "C3,CD-3,in,", "C4,,out,", "C5,,in,yes",
        ),
        "transcripts": table(
            "call_id,at,speaker,text",
            "C1,2026-10-12 09:00,agent,您 好，明澜 服务。",
            "C2,2026-10-12 09:00,agent,您好。",
            "C2,2026-10-12 09:00,customer,明澜服务吗？",
        ),
    }  # fmt: skip
    found = heard(hearing(records), book().rules["AC-33"]).parts[0].cases
    assert verdicts(found) == [GOOD, "missing", UNKNOWN, NONE, NONE]
    assert found.expected is not None
    assert found.expected.spelled()[1] == "明澜服务"


def test_what_rules_need_is_read_from_their_settings() -> None:
    rule = Rule.model_validate(
        {"id": "R", "title": "t", "passes": "p", "kind": "tied", "with": {"moves": "ISSUE"}}
    )
    assert heard(hearing({}), rule).missing == ("moves", "tickets")
    assert heard(hearing({}), book().rules["AC-34"]).missing == ("calls", "consultations")


def test_every_rule_about_lines_is_heard_over_empty_records() -> None:
    header = {name: ",".join(f.id for f in r.fields) for name, r in book().records_kept.items()}
    forms = {name: ",".join(f.id for f in r.fields) for name, r in book().forms.items()}
    office = hearing({**forms, **header})
    from sopaudit.findings.rules.engine import runs

    for rule in book().rules.values():
        if runs(rule):
            result = heard(office, rule)
            assert result.assessable, (rule.id, result.missing)
            said = {v for part in result.parts for v in verdicts(part.cases)}
            assert said <= {NONE}, rule.id
