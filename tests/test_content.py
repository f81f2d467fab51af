"""The handbook of this repository is complete: every row its authors were given is found here.

Expected numbers and names are literals, so that a row that is lost, or one that slips in, is told.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook, load_handbook

ROOT: Final = Path(__file__).parents[1]
POSTS: Final = ("HTL", "COO", "OSE", "RCP", "INS", "SPS", "CBS", "MGR", "ADM")


@pytest.fixture(scope="module")
def book() -> Handbook:
    handbook, problems = load_handbook(ROOT, strict=True)
    assert problems == []
    assert handbook is not None
    return handbook


# --- posts ---------------------------------------------------------------------------------------

SHEETS: Final = {
    "HTL": (8, 30, 16, {"H": 17, "F": 12, "H*": 1}),
    "COO": (7, 25, 20, {"H*": 18, "F": 7}),
    "OSE": (10, 34, 22, {"P": 12, "F": 16, "H": 5, "H*": 1}),
    "RCP": (10, 30, 19, {"F": 19, "P": 6, "H": 5}),
    "INS": (8, 20, 14, {"P": 3, "F": 16, "H": 1}),
    "SPS": (9, 28, 24, {"F": 19, "P": 6, "H": 2, "H*": 1}),
    "CBS": (7, 20, 15, {"F": 14, "H": 4, "H*": 1, "P": 1}),
    "MGR": (8, 20, 16, {"F": 17, "P": 2, "H": 1}),
    "ADM": (7, 15, 11, {"F": 13, "P": 1, "H": 1}),
}
"""Steps, standards, standards with an automatic check, and where the standards come from."""

UNSCORED: Final = """
    HTL-04-1 HTL-05-3 HTL-06-3 HTL-07-1 OSE-06-2 OSE-09-1 OSE-09-4 RCP-10-2 INS-04-1 INS-08-2
    SPS-02-3 CBS-01-2 MGR-03-2
"""


def test_nine_posts_have_seventy_four_steps_and_two_hundred_and_twenty_two_standards(
    book: Handbook,
) -> None:
    assert set(book.posts) == set(POSTS)
    assert sum(len(post.steps) for post in book.posts.values()) == 74
    assert len(book.standards) == 222
    marks = Counter((s.provenance or "").split()[0] for s in book.standards.values())
    assert marks == {"H": 36, "H*": 22, "P": 31, "F": 133}
    assert sum(bool(s.checks) for s in book.standards.values()) == 157


@pytest.mark.parametrize("post", POSTS)
def test_a_sheet_has_the_steps_and_standards_it_was_given(book: Handbook, post: str) -> None:
    sheet = book.posts[post]
    marks = Counter((s.provenance or "").split()[0] for s in sheet.standards.values())
    checked = sum(bool(s.checks) for s in sheet.standards.values())
    assert (len(sheet.steps), len(sheet.standards), checked, marks) == SHEETS[post]
    assert [step.id for step in sheet.steps] == [f"{post}-{n:02}" for n in numbered(sheet.steps)]
    for step in sheet.steps:
        assert [s.id for s in step.standards] == [
            f"{step.id}-{n}" for n in numbered(step.standards)
        ]


def numbered(things: tuple[object, ...]) -> range:
    return range(1, len(things) + 1)


def test_the_hotline_has_nine_forbidden_phrases_and_no_other_post_has_any(book: Handbook) -> None:
    forbidden = {p.id: [f.id for f in p.forbidden] for p in book.posts.values() if p.forbidden}
    assert forbidden == {"HTL": [f"HF-{n}" for n in range(1, 10)]}
    assert {f.step for f in book.posts["HTL"].forbidden} == {"HTL-03"}


# --- checklists ----------------------------------------------------------------------------------

ITEMS: Final = {
    "HTL": """
        A1 5 minor D1 01-1 01-2
        A2 5 minor D1 01-3 01-4
        B1 10 major R 02-1
        B2 8 major R 02-2
        B3 6 minor D2 02-3 03-1 03-9
        C1 6 minor R 03-1 06-1
        C2 10 major R 03-2 03-3
        C3 10 major R 03-5 03-6 03-7
        D1 12 major R 03-4
        D2 8 major R 05-1 05-2
        D3 8 minor R 03-8 04-2
        E1 7 major D2 07-3 04-3
        E2 5 minor H 06-2 08-1 08-2
        V1 0 critical V 03-9
        V2 0 critical V 07-2
    """,
    "COO": """
        A1 5 minor D1 01-1
        B1 10 major R 01-2 01-3 01-4
        B2 15 major R 03-1
        B3 12 major R 03-2 03-3 03-5
        B4 6 minor R 03-4
        C1 8 major R 02-1 02-2 02-3
        C2 10 major R 04-1 04-2 04-3
        C3 6 minor H 04-4 04-5
        C4 10 major D2 05-2
        D1 6 minor R 06-2
        D2 7 major D1 06-1 06-3 05-3
        D3 5 minor H 07-1 07-2
        V1 0 critical V 05-1
    """,
    "OSE": """
        A1 8 minor D1 01-1 01-2 01-3
        A2 5 minor R 02-1 02-2 02-3
        B1 8 major D2 03-1 03-2
        B2 12 major R 04-1
        B3 8 minor R 04-2 04-3 04-4
        C1 10 major R 05-1 05-2
        C2 5 minor R 05-3 05-4
        C3 10 major R 06-1
        C4 8 major R 06-4 01-3
        C5 8 major R 07-1 07-2 07-3
        D1 10 major D3 08-1 08-2 08-3
        D2 8 major R 09-2 09-3 06-3
        V1 0 critical V 10-1
        V2 0 critical V 10-2
        V3 0 critical V 10-3
        V4 0 critical V 10-4
    """,
    "RCP": """
        A1 10 minor D1 01-1 01-2 01-3
        B1 10 minor H 02-1 02-2 02-3
        B2 8 minor R 03-1 03-2
        C1 12 major R 04-1 04-4
        C2 8 major D2 04-2 04-3
        C3 10 major R 05-1 05-2
        C4 8 major R 05-3 05-4
        D1 8 major R 06-1 06-2 06-3
        D2 6 minor R 07-1 07-2
        D3 6 minor R 08-1 08-2 08-3
        E1 8 major R 09-1 09-2 09-4
        E2 6 major D3 09-3
        V1 0 critical V 10-1 09-1
        V2 0 critical V 05-3
    """,
    "INS": """
        A1 12 minor D2 01-1 01-2
        B1 8 minor R 02-1 02-2
        B2 12 major R 03-1
        B3 8 major R 03-2 03-3
        C1 12 major D3 05-1 05-2
        C2 6 major D3 05-3
        C3 12 major R 06-1 06-2
        D1 14 major R 07-3
        D2 8 major R 06-3
        D3 8 minor R 07-1 07-2 08-1 04-2
        V1 0 critical V 05-3
        V2 0 critical V 05-2
    """,
    "SPS": """
        A1 8 minor D1 01-1 01-2 01-3
        B1 8 minor R 02-1 02-2
        B2 8 major R 03-1 03-2 03-3
        C1 8 major R 04-1 04-2 04-3
        C2 12 major D2 05-1 05-2
        D1 6 minor R 06-1
        D2 8 major R 06-2 05-3
        D3 12 major R 07-1 07-2 07-3
        D4 4 minor D2 06-3
        E1 16 major R 08-2 08-4
        E2 6 major R 08-1 08-3
        E3 4 minor H 09-1 09-2 09-3
        V1 0 critical V 08-4
        V2 0 critical V 05-2
    """,
    "CBS": """
        A1 15 major R 02-1 01-1
        A2 12 major R 02-4
        A3 8 minor R 02-2 02-3
        B1 10 minor R 03-1 03-2
        B2 15 major R 04-1 04-3
        B3 5 minor R 06-1 06-2
        C1 15 major R 04-2 07-1
        C2 5 minor B 07-2 07-3
        D1 15 major R 05-1 05-2 05-3
        V1 0 critical V 07-4
    """,
    "MGR": """
        A1 10 minor R 01-1 01-2
        A2 10 major R 03-1
        B1 15 major R 02-1 02-2
        B2 8 minor R 02-3 02-4
        C1 12 major R 04-1
        C2 13 major R 04-2 04-3
        D1 10 major B 05-1 05-2 05-3
        E1 7 minor R 06-1 06-2
        F1 10 major R 07-1 07-2
        F2 5 minor D1 08-1 08-2
        V1 0 critical V 02-1 07-2
        V2 0 critical V 04-1
    """,
    "ADM": """
        A1 10 minor D2 01-1 01-2
        B1 15 major D3 02-1 02-2
        C1 20 major R 03-1
        C2 15 major R 03-2 03-3
        D1 20 major D4 04-1 04-2
        D2 5 minor B 05-1 05-2
        E1 10 minor R 06-1 06-2
        E2 5 minor H 07-1 07-2
        V1 0 critical V 04-1
    """,
}
"""Item, points, severity, scoring, and the standards it verifies."""

ANSWERED: Final = """
    CK-ADM-C2 AC-14
    CK-CBS-A1 AC-22
    CK-CBS-A2 AC-23
    CK-CBS-A3 AC-24 AC-46
    CK-COO-B1 AC-03 AC-06
    CK-COO-B2 AC-04
    CK-COO-B3 AC-05
    CK-COO-C3 AC-39 AC-17
    CK-COO-C4 AC-08
    CK-COO-D1 AC-43
    CK-COO-D2 AC-31
    CK-HTL-B1 AC-01
    CK-HTL-C2 AC-15
    CK-HTL-D1 AC-02 AC-06
    CK-HTL-D2 AC-03
    CK-HTL-E1 AC-32
    CK-INS-B2 AC-28
    CK-INS-C1 AC-20
    CK-INS-D1 AC-27
    CK-INS-D2 AC-30
    CK-MGR-C1 AC-25
    CK-OSE-B1 AC-08
    CK-OSE-B2 AC-07
    CK-OSE-C4 AC-30 AC-44
    CK-OSE-D2 AC-18 AC-19 AC-20
    CK-RCP-C3 AC-15
    CK-RCP-D2 AC-45
    CK-RCP-D3 AC-08 AC-29
    CK-RCP-V2 AC-12
    CK-SPS-B1 PR-01 PR-05
    CK-SPS-B2 PR-06 AC-37
    CK-SPS-C2 PR-14 PR-15 AC-20
    CK-SPS-D1 AC-18
    CK-SPS-D2 PR-18 AC-20
    CK-SPS-D3 AC-19 PR-19
    CK-SPS-D4 PR-22 PR-23
    CK-SPS-V2 PR-15
"""
"""Items that the records answer, and by which checks."""


def test_nine_checklists_have_a_hundred_and_fifteen_items_and_seventeen_vetoes(
    book: Handbook,
) -> None:
    assert list(book.checklists) == [f"CK-{post}" for post in POSTS]
    items = [item for checklist in book.checklists.values() for item in checklist.items]
    assert len(items) == 115
    assert sum(item.scoring == "V" for item in items) == 17


@pytest.mark.parametrize("post", POSTS)
def test_a_checklist_has_the_items_it_was_given_and_a_hundred_points(
    book: Handbook, post: str
) -> None:
    checklist = book.checklists[f"CK-{post}"]
    assert checklist.points == 100
    assert sum(item.points_on(None) or 0 for item in checklist.items) == 100
    found = [
        " ".join(
            [
                item.id.removeprefix(f"CK-{post}-"),
                "0" if item.points is None else plain(item.points),
                item.severity or "",
                item.scoring or "",
                *(standard.removeprefix(f"{post}-") for standard in item.standards),
            ]
        )
        for item in checklist.items
    ]
    assert found == [line.strip() for line in ITEMS[post].strip().splitlines()]


def test_the_records_answer_the_items_they_were_said_to_answer(book: Handbook) -> None:
    found = {
        item.id: list(item.answer_from)
        for checklist in book.checklists.values()
        for item in checklist.items
        if item.answer_from
    }
    rows = [line.split() for line in ANSWERED.strip().splitlines()]
    assert found == {name: checks for name, *checks in rows}


def test_the_weights_of_the_posts_add_up_to_a_hundred(book: Handbook) -> None:
    (branch,) = book.branches.values()
    weights = {part.checklist.removeprefix("CK-"): int(part.weight) for part in branch.of}
    assert weights == dict(zip(POSTS, [12, 12, 20, 12, 12, 14, 8, 6, 4], strict=True))
    assert sum(part.weight for part in branch.of) == 100


def test_thirteen_standards_are_scored_by_no_item_and_all_others_are(book: Handbook) -> None:
    scored = {
        standard
        for checklist in book.checklists.values()
        for item in checklist.items
        for standard in item.standards
    }
    assert set(book.standards) - scored == set(UNSCORED.split())
    assert len(UNSCORED.split()) == 13


# --- workflows and events ------------------------------------------------------------------------

FIVE: Final = "A1 A2 A3 A4 B1 B2 B3 C1 C2 C3 C4"
CHARTS: Final = {
    "F0": ([f"F0.{n}" for n in range(1, 13)], 0),
    "F1": ([f"F1.{n}" for n in range(1, 13)], 4),
    "F2": ([f"F2.{n}" for n in range(1, 18)], 3),
    "F3": ([f"F3.{n}" for n in range(1, 14)], 2),
    "F4": ([f"F4.{n}" for n in range(1, 11)], 2),
    "F5": ([f"F5.{n}" for n in FIVE.split()], 2),
}
"""Boxes, and how many of them are decisions where the chart of one service names them."""

EVENTS: Final = """
    call_received call_answered need_classified ticket_opened warranty_checked phone_resolved
    carry_in_guided dispatch_form_filled dispatch_received customer_contacted visit_promised
    engineer_assigned parts_requested parts_answered parts_ordered parts_received parts_issued
    departed arrived diagnosed repair_started repair_done customer_signed left_site rescheduled
    visit_failed parts_returned defective_returned completed visit_received unit_inspected
    unit_received handed_to_bench burn_in_passed handed_to_reception customer_notified
    reminder_sent unit_collected quote_given quote_accepted quote_declined payment_collected
    invoice_issued payment_handed_in callback_queued callback_attempted callback_done
    callback_unreachable dissatisfaction_reported manager_contacted root_cause_set improvement_set
    second_callback closed reopened cancelled complaint_logged escalated note
"""


@pytest.mark.parametrize("flow", CHARTS)
def test_a_workflow_has_every_box_and_decision_it_was_given(book: Handbook, flow: str) -> None:
    assert list(book.workflows) == list(CHARTS)
    boxes, decisions = CHARTS[flow]
    nodes = book.workflows[flow].by_id
    assert [name for name in nodes if name in boxes] == boxes
    if decisions:
        assert sum(nodes[name].kind == "decision" for name in boxes) == decisions


def test_every_event_stands_in_the_register(book: Handbook) -> None:
    assert set(EVENTS.split()) <= set(book.events)


# --- rules and key figures -----------------------------------------------------------------------


def test_there_are_forty_six_checks_thirty_four_parts_rules_and_twenty_three_key_figures(
    book: Handbook,
) -> None:
    assert sorted(book.rules) == [
        *(f"AC-{n:02}" for n in range(1, 47)),
        *(f"PR-{n:02}" for n in range(1, 35)),
    ]
    assert sorted(book.kpis) == [f"K-{n:02}" for n in range(1, 26)]
    assert book.parts is not None
    assert [rule.id for rule in book.parts.rules] == [f"PR-{n:02}" for n in range(1, 35)]


# --- forms and records ---------------------------------------------------------------------------

FORMS: Final = """
    dispatch_form number received_at receiver customer contact phone address zone model serial
        purchase_date warranty_status onsite_period fault_reported fault_class paid promised_window
        engineer arrival fault_found action leave opinion customer_signature
        engineer_signature
    consult_log number at phone question answer kind agent
    onsite_status form_no engineer promised outcome mark
    price_list edition valid_from valid_to code name price
    intake_form number intake_at customer phone phone2 model serial purchase_date warranty
        appearance accessories fault reproduced data_note_signature promised_date signatures
    repair_record ticket diagnosis cause action burn_in_hours tester times
    part_request ticket part_no description qty serial symptom applicant
    stock_move number type part_no qty status from to signatures
    return_list list_no part_no serial ticket symptom date_out waybill
    late_return_note parts reason new_date manager_signature
    ledger site part_no part_name product_line abc_class unit_price status qty received_at
        source_doc
    count_sheet date counter checker part_no counted
    callback_record ticket attempts reached agent q1 q2 q3 q4 q5 q6 q7 score
    complaint ticket source received_at facts root_cause measure owner due customer_answer
    invoice number ticket items amount date issuer
    cash_sheet date receipts closing signatures
    sop purpose tools number step standard
    checklist id section question points severity method scoring standards answer
    action finding item severity requirement owner due result
    report previous_score score findings actions records_checked signatures
"""
"""Every form, with the fields that must be filled."""

RECORDS: Final = """
    tickets ticket_no form_no branch channel service_type opened_at opened_by customer_name
        customer_type phone phone2 address zone distance_km product_line model serial purchase_date
        invoice_seen warranty_status onsite_eligible warranty_reason fault_reported fault_class
        fault_found action cause_code priority promised_start promised_end negotiated
        negotiated_note coordinator engineer bench_engineer receptionist parent_ticket quote_amount
        quote_edition charge_amount invoice_no payment_method status completed_at closed_at
        customer_score customer_words reason_code
    events ticket_no event at actor post value note
    calls call_id ringing_at answered_at ended_at direction agent caller rings ticket_no
        recording_id abandoned
    transcripts call_id at speaker text
    signatures ticket_no role file_sha256 signed_at
    charges ticket_no code amount
    cash_book at site ticket_no kind amount method receipt_no handed_by received_by
    consultations number at customer phone model question answer kind follow_up_due agent
    ledger site part_no part_name product_line revision serial abc_class unit_price status qty
        location min_qty max_qty received_at source_doc ticket_no holder reserved_for warranty_until
        last_move_at last_count_at
    moves move_id move_type at site_from site_to part_no serial qty status_from status_to ticket_no
        doc_no actor checker note
    orders order_no at site part_no qty urgent ticket_no approved_by shipped_at arrived_at booked_at
    centre_statement month site part_no serial qty_centre qty_branch explained_at explanation
    counts count_id at site location part_no serial counted counter checker
    returns list_no part_no serial ticket_no symptom waybill box late_note
    loans borrower ticket_no due signed
    audits audit_id kind office post planned_on done_on
    actions finding_id severity owner due done verified_by
    plan audit_id kind office post planned_on done_on
    roster staff_id name posts office from to
"""
"""Every record, with the columns it has at least."""


def told(table: str) -> dict[str, list[str]]:
    """Read lines of a name and what belongs to it; what is further in goes on."""
    joined = table.strip("\n").replace("\n        ", " ")
    return {name: rest for name, *rest in (line.split() for line in joined.splitlines())}


def test_every_form_has_the_fields_that_must_be_filled(book: Handbook) -> None:
    found = {
        form.id: sorted(field.id for field in form.fields if field.required)
        for form in book.forms.values()
    }
    assert found == {name: sorted(fields) for name, fields in told(FORMS).items()}


def test_every_record_has_its_columns(book: Handbook) -> None:
    for name, columns in told(RECORDS).items():
        assert set(columns) <= {field.id for field in book.records_kept[name].fields}, name


def test_the_callback_asks_all_seven_questions_in_full_in_both_languages(book: Handbook) -> None:
    asked = [f.title for f in book.forms["callback_record"].fields if f.group == "questions"]
    assert len(asked) == 9  # two more where the score is 3 or less
    assert all(title.to("zh").endswith("？") and title.to("en").endswith("?") for title in asked)


# --- codes, tables, calendar, glossary -----------------------------------------------------------

CODES: Final = """
    ticket_status new consulting quoted declined to_dispatch assigned promised waiting_part on_site
        received diagnosing repairing testing ready completed to_callback unreachable dissatisfied
        closed cancelled reopened
    part_status good good_new good_refurb reserved in_transit with_engineer consumed to_test
        defective doa abnormal at_repair returned scrapped lost
    move_type RECV RESERVE UNRESERVE ISSUE CONSUME RETURN_GOOD RETURN_DEF DOA_REPORT SHIP_DEF
        CENTRE_ACCEPT CENTRE_REJECT TRANSFER_OUT TRANSFER_IN LOAN_OUT LOAN_BACK SCRAP ADJ_PLUS
        ADJ_MINUS
    unfinished_visit part part_wrong absent cust_delay eng_late tech escalate site other
    dissatisfaction late no_call attitude not_fixed repeat wait_part price no_invoice explain dirty
        policy product data_loss other
    attribution ours product policy unclear
    cause hw_part hw_contact sw_os sw_virus sw_driver user third_party environment nff liquid impact
    damage AD01 AD02 AD03 AD04 AD05 AD06 AD07
    cancelled declined_quote solved_self duplicate out_of_region not_ours no_contact
    zone in_area outside
    distance_zone city suburb county
    channel hotline walk_in web dealer
    service_type consult on_site walk_in complaint
    warranty_status in out override
    fault_class hw sw user accessory_non_xx unknown
    priority normal same_day vip
    customer_type individual company dealer
    payment_method cash merchant transfer
    part_class whole main other
"""

PRICES: Final = """
    V01 50 V02 100 D01 50 L01 100 L02 80 L03 - P01 680 P02 760 P03 210 P04 420 P05 160 P06 890
    P07 120 P08 150 P09 45 P10 260 P11 30 P12 980 P13 55 P14 1250
"""

DAYS_OFF: Final = """
    01-01 01-03 02-15 02-23 04-04 04-06 05-01 05-05 06-19 06-21 09-25 09-27 10-01 10-07
"""
MADE_UP: Final = "01-04 02-14 02-28 05-09 09-20 10-10"

WARRANTY: Final = {
    ("desktop", "whole"): ("12", "12"),
    ("desktop", "main"): ("36", "12"),
    ("notebook", "whole"): ("12", "0"),
    ("notebook", "main"): ("24", "0"),
    ("printer", "whole"): ("12", "12"),
    ("instrument", "whole"): ("12", "12"),
}

TERMS: Final = """
    办事处 服务站 维修站 大区 区域 总部 客户服务部 备件中心 热线工程师 协调员 上门维修工程师
    接待工程师 站内工程师 备件运作专员 电话回访专员 站长 行政专员 兼岗 检查员 稽核员 神秘顾客 暗访
    首问负责制 师傅带徒弟 上门派工单 客户咨询记录表 上门服务状态记录表 价目单 接修单 送修单
    取机凭证 维修记录单 备件申请单 备件出库单 入库单 坏件返还清单 备件未按时返还说明 备件台账
    盘点表 电话回访记录表 不满意处理单 投诉处理单 收据 发票 收款日报 岗位操作规范表 岗位规范检查表
    整改通知单 检查报告 好件 新件 良品翻新件 预留 在途 借出 随车 已用 待检 坏件 到货即损
    非正常损坏件 返修在外 已返还 报废 遗失 保内 保外 上门期 有偿服务 应收费 三包 三包有效期
    主要部件 修理后保证 三包凭证 修理时限 人为损坏 重复报修 二次维修 周转机 备用机 检查项 标准分
    分值 实得分 扣分 扣完为止 不适用 合理缺项 标化得分 未检查 观察项 一票否决 抽查 自查 互查 复查
    整改 整改期限 通报 排名 星级 红线 不符合项 亮点 飞行检查 盲盘 网点 受检人 检查人 签字确认
    绩效扣分
"""


def test_every_code_is_there(book: Handbook) -> None:
    expected = told(CODES)
    found = {name: [code.id for code in book.codes[name].codes] for name in expected}
    assert found == expected


def test_the_price_list_has_every_line_and_price(book: Handbook) -> None:
    rows = book.tables["price_list"].rows
    found = [(row["code"].plain, row["price"].plain if "price" in row else "-") for row in rows]
    assert found == list(two_by_two(PRICES))


def test_the_warranty_table_has_the_sample_and_every_product_line(book: Handbook) -> None:
    found = {
        (row["product_line"].plain, row["part_class"].plain): (
            row["months_parts"].plain,
            row["months_onsite"].plain,
        )
        for row in book.tables["warranty"].rows
    }
    assert {key: found[key] for key in WARRANTY} == WARRANTY
    assert len(found) == 12


def test_each_way_of_checking_and_each_severity_has_its_row(book: Handbook) -> None:
    plan = [row["kind"].plain for row in book.tables["inspection_plan"].rows]
    assert plan == ["self", "station", "regional", "hq", "mystery", "callback", "deep"]
    days = {r["severity"].plain: r["fix_days"].plain for r in book.tables["action_limits"].rows}
    assert days == {"critical": "7", "major": "7", "minor": "30"}
    damage = [row["code"].plain for row in book.tables["damage_codes"].rows]
    assert damage == [f"AD{n:02}" for n in range(1, 8)]


def test_the_calendar_of_2026_has_its_holidays_and_make_up_days(book: Handbook) -> None:
    calendar = book.calendar
    assert calendar is not None
    off = [(f"{day.from_:%m-%d}", f"{day.last:%m-%d}") for day in calendar.days_off]
    assert off == list(two_by_two(DAYS_OFF))
    made_up = [f"{day.date:%m-%d}" for day in calendar.make_up_days]
    assert made_up == MADE_UP.split()
    assert [str(hours) for hours in calendar.hours] == ["08:30-12:00", "13:00-17:30"]
    october = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]
    assert sum(map(calendar.works_on, october)) == 18
    callback = next(opening for opening in calendar.openings if opening.post == "CBS")
    assert str(callback.hours[-1]) == "14:00-20:00"


def two_by_two(words: str) -> Iterator[tuple[str, str]]:
    """Take a word and the next one together."""
    return zip(words.split()[::2], words.split()[1::2], strict=True)


def test_every_word_of_the_trade_is_in_the_glossary(book: Handbook) -> None:
    assert book.glossary is not None
    words = {word for term in book.glossary.terms for word in term.term.to("zh").split("、")}
    assert [term for term in TERMS.split() if not any(term in word for word in words)] == []
    assert all({"zh", "en"} <= set(term.term.languages) for term in book.glossary.terms)


def test_the_book_says_who_made_and_approved_it(book: Handbook) -> None:
    control = book.document
    assert control is not None
    assert control.number == "ML-SC-03"
    assert control.effective_on == date(2026, 1, 1)
    signed = [control.prepared_by, control.reviewed_by, control.approved_by]
    assert len(set(signed)) == 3
    assert all(book.person(who or "") for who in signed)


# --- references ----------------------------------------------------------------------------------


def test_every_reference_resolves(book: Handbook) -> None:
    """Apart from what loading looks at, so that a check nobody wrote is missed by none."""
    checks = [c for s in book.standards.values() for c in s.checks]
    items = [item for checklist in book.checklists.values() for item in checklist.items]
    answers = [c for item in items for c in item.answer_from]
    assert {*checks, *answers} <= set(book.rules)
    assert {s for item in items for s in item.standards} <= set(book.standards)
    assert {checklist.post for checklist in book.checklists.values()} == set(POSTS)
    nodes = [node for flow in book.workflows.values() for node in flow.nodes]
    assert {form for node in nodes for form in node.forms} <= set(book.forms)
    steps = {step.id for post in book.posts.values() for step in post.steps}
    assert {s for node in nodes for s in node.standards} <= steps | set(book.standards)
    assert {node.flow for node in nodes if node.flow} <= set(book.workflows)
    assert {e for node in nodes for e in node.events} <= set(book.events)
    assert book.parts is not None
    assert {paper for move in book.parts.moves for paper in move.papers} <= set(book.forms)
    kept = {*book.records_kept, *book.forms}
    assert {name for rule in book.rules.values() for name in rule.data} <= kept | {"calendar"}
    assert {name for kpi in book.kpis.values() for name in kpi.data} <= kept | {"calendar"}
    assert {name for rule in book.rules.values() for name in rule.uses} <= set(book.tables)
    assert {name for kpi in book.kpis.values() for name in kpi.uses} <= set(book.tables)
    assert {rule for kpi in book.kpis.values() for rule in kpi.rules} <= set(book.rules)
    fields = [
        field
        for form in (*book.forms.values(), *book.records_kept.values())
        for field in form.fields
    ]
    assert {field.codes for field in fields if field.codes} <= set(book.codes)
