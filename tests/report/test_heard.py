"""What the report says of records: k of n, the tickets, which answer counts, and contradictions."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import pytest
from python_calamine import CalamineWorkbook
from tests.findings.garage import Seen, answer, book, hear, shop, ticket
from tests.findings.test_from_records import let_be

from sopaudit.evidence.standing import Standing
from sopaudit.evidence.testimony import Why
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.findings.rules.case import TYPES
from sopaudit.press.words import words
from sopaudit.report.circulation import circulating, mask_for
from sopaudit.report.heard import CASES, FILES
from sopaudit.report.inspection import inspection
from sopaudit.report.json import result_json
from sopaudit.report.model import InspectionReport
from sopaudit.report.page import attachments, inspection_html
from sopaudit.report.proof.explained import explained
from sopaudit.report.proof.text import proof_text
from sopaudit.report.proof.tree import PLAIN
from sopaudit.report.seen import Speaker, seen_in_folder
from sopaudit.report.xlsx import workbook

LATE = {"minutes": "90"}


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    return shop(tmp_path)


def report(seen: Seen, lang: str = "en") -> InspectionReport:
    return inspection(seen.folder, seen.conclusion, lang)


def many(late: int, of: int = 40) -> list[dict[str, str]]:
    return [ticket(n, **(LATE if n <= late else {})) for n in range(1, of + 1)]


def card(told: InspectionReport, item: str) -> Any:  # noqa: ANN401 -- a card
    return next(c for group in told.groups for c in group.findings if c.item == item)


def test_an_item_says_that_it_is_from_the_records(audit: Path) -> None:
    seen = hear(audit, many(3))
    for lang, said in (
        ("en", "from the records: 3 of 40, 0 unknown"),
        ("zh", "由记录得出：40 件中不符合 3 件，数据缺失 0 件"),
    ):
        told = report(seen, lang)
        row = next(r for sheet in told.sheets for r in sheet.rows if r.id == "R1")
        assert row.sampled == said
        assert said in inspection_html(told)


def test_nothing_calls_the_whole_a_sample(audit: Path) -> None:
    seen = hear(audit, many(3))
    told = report(seen, "zh")
    assert told.samples == ()
    assert told.samples_note == ""
    proof = "".join(line for sheet in told.proofs for row in sheet.rows for line in row.how)
    for text in (card(told, "R1").evidence, *card(told, "R1").why, proof):
        assert "个样本" not in text
    assert seen.conclusion.uncertainty["CK-MEC"].samples == {}


def test_the_page_names_twelve_tickets_and_workbook_and_data_all(audit: Path) -> None:
    seen = hear(audit, many(15))
    told = report(seen)
    assert len(card(told, "R1").cases) == CASES
    assert card(told, "R1").more_cases == "… and 3 more; workbook and data list them all."
    html = inspection_html(told)
    assert "G-012" in html
    assert "G-013" not in html
    book_ = CalamineWorkbook.from_filelike(BytesIO(workbook(told)))
    rows = book_.get_sheet_by_name("Cases in the records").to_python()
    assert sum(row[0] == "R1" for row in rows) == 15
    data = json.loads(result_json(book(audit), seen.conclusion, told, seen.folder))
    item = next(one for one in data["records"]["items"] if one["item"] == "R1")
    assert len(item["from_records"]["offences"]) == 15
    assert data["records"]["files"][0]["file"] == "tickets.csv"


def test_an_item_that_stays_open_says_why(audit: Path) -> None:
    told = report(hear(audit, many(0)))
    left = {one.id: one.note for sheet in told.sheets for one in sheet.left_out}
    assert left["K1"] == "no record was handed in of Test rides"
    assert left["D1"] == "there was no such case in the period"


def test_both_answers_and_the_reason_stand_in_the_report(audit: Path) -> None:
    over = {"by": "91", "why": "the clock was wrong"}
    answer(audit, {"item": "R1", "sample": {"failed": 1, "checked": 2}, "override": over})
    seen = hear(audit, many(0))
    told = report(seen)
    said = card(told, "R1").evidence
    assert "From the records: 0 of all 40 cases fail." in said
    assert "The auditor answered “1 of 2”" in said
    assert "the clock was wrong" in said
    row = next(r for r in told.records if r.item == "R1")
    assert row.standing == "auditor, with a reason"
    assert told.contradictions == ()


def test_a_contradiction_has_a_chapter_and_stands_on_the_first_page(audit: Path) -> None:
    answer(audit, {"item": "R1", "result": "yes"})
    seen = hear(audit, [*many(1), ticket(41, phoned="yes")])
    told = report(seen)
    assert [row.name for row in told.contradictions] == ["R1", "CX-1"]
    first, second = told.contradictions
    assert [case.id for case in first.cases] == ["G-001"]
    assert "tickets:2" in first.cases[0].note
    assert "which differs, and gave no reason; the records count" in first.said
    assert [case.id for case in second.cases] == ["G-041"]
    assert told.contradicted.startswith("Contradictions between answers or records: 2.")
    assert told.contradicted in inspection_html(told)
    assert "contradictions" in [chapter.id for chapter in told.chapters]
    data = json.loads(result_json(book(audit), seen.conclusion, told, seen.folder))
    assert [one["rule"] for one in data["contradictions"]] == [None, "CX-1"]


def test_a_pending_veto_prints_both_grades(audit: Path) -> None:
    seen = hear(audit, [ticket(1, cash="-5"), *many(0)[1:]])
    told = report(seen)
    sheet = told.sheets[0].result
    assert sheet.grade == "A"
    assert "C" in sheet.pending


def test_explain_tells_the_rules_and_every_case(audit: Path) -> None:
    seen = hear(audit, many(15))
    looked = explained(
        seen_in_folder(seen.folder), seen.conclusion, tuple(seen.folder.frames.values())
    )
    text = proof_text(looked, "en", item="R1", every=False, signs=PLAIN)
    assert "AC-1 One hour: 15 of 40 fail, 0 unknown" in text
    assert all(f"G-{n:03}" in text for n in range(1, 16))


def test_the_report_rests_on_rules_and_records(audit: Path) -> None:
    told = report(hear(audit, many(1)))
    kinds = {row.kind: row.digest for row in told.editions}
    assert kinds["Automatic checks"].startswith("sha256:")
    assert kinds["Records"].startswith("sha256:")
    assert told.records_facts[0].value == "2026-11-02"


def test_the_pdf_carries_what_the_records_said(audit: Path) -> None:
    answer(audit, {"item": "R1", "result": "yes"})
    seen = hear(audit, many(1))
    carried = {file.name: file.content for file in attachments(seen.folder)}
    answers = json.loads(carried["CK-MEC.json"])["answers"]
    assert (answers[0]["result"], answers[0]["from_records"]["failed"]) == ("yes", 1)


def test_the_circulating_copy_masks_what_records_hold(audit: Path) -> None:
    answer(audit, {"item": "R1", "result": "yes"})
    seen = hear(audit, [ticket(1, phoned="13812345678"), *many(2)[1:]])
    copy = circulating(seen.folder, mask_for([seen.folder.handbook], seen.folder))
    masked = Seen(copy.folder, conclude_folder(copy.folder), [])
    exact = [[s.exact for s in one.conclusion.all] for one in (seen, masked)]
    assert exact[0] == exact[1]
    assert [s.standing for s in copy.folder.said.values()] == [
        s.standing for s in seen.folder.said.values()
    ]
    told = inspection(copy.folder, masked.conclusion, "zh", circulating=True)
    data = result_json(copy.folder.handbook, masked.conclusion, told, copy.folder)
    carried = b"".join(file.content for file in attachments(copy.folder, copy.files))
    assert "13812345678" in result_json(
        seen.folder.handbook, seen.conclusion, report(seen), seen.folder
    )
    for text in (inspection_html(told), data, carried.decode()):
        assert "13812345678" not in text
    assert len(told.contradictions) == len(seen.conclusion.contradictions)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("working 2 h 1 min", "工作时间 2小时1分", "2 h 1 min of working time"),
        ("2 working hours", "2个工作小时", "2 working hours"),
        ("4 working d", "4个工作日", "4 working days"),
        ("15 s", "15秒", "15 s"),
        ("30", "30", "30"),
    ],
)
def test_lengths_of_time_are_said_in_the_language_of_the_page(
    audit: Path, text: str, zh: str, en: str
) -> None:
    folder = hear(audit, many(0)).folder
    for lang, said in (("zh", zh), ("en", en)):
        assert Speaker(seen_in_folder(folder), lang).length(text) == said


def test_a_desk_audit_says_once_what_nobody_answered(audit: Path) -> None:
    told = report(hear(audit, many(1)))
    assert [gap.title for gap in told.gaps] == ["Records alone", "The garage"]
    assert told.gaps[0].text.endswith("2 of 10 items have no answer.")
    assert "M1" not in [left.id for sheet in told.sheets for left in sheet.left_out]


def test_every_code_of_the_records_has_a_word() -> None:
    for lang in ("zh", "en"):
        said = words(lang)
        assert set(said["offence"]) == set(TYPES)
        heard = said["heard"]
        assert {f"standing_{name}" for name in get_args(Standing)} <= set(heard)
        assert {f"why_{name}" for name in get_args(Why)} <= set(heard)


def test_a_drawn_sample_is_listed_although_all_records_count(audit: Path) -> None:
    cases = [
        {"id": "G-001", "result": "no", "person": "11", "note": "late"},
        {"id": "G-030", "result": "yes", "person": "11"},
    ]
    drawn = {"drawn": 2, "seed": 7, "population": 40, "cases": cases}
    answer(audit, {"item": "R1", "sample": drawn})
    seen = hear(audit, many(3))
    assert seen.said("R1").standing == "confirmed"
    told = inspection(seen.folder, seen.conclusion, "en", ["11"])
    assert [(row.item, row.start) for row in told.samples] == [("R1", "7")]
    (page,) = told.persons
    assert (page.checked, page.nonconforming) == (2, 1)
    assert len(card(told, "R1").cases) == 3


def test_what_is_let_be_is_told_with_the_item_and_its_rule(audit: Path) -> None:
    let_be(audit, tickets=["G-001"])
    told = report(hear(audit, many(3)))
    assert "1 more are let be by a suppression" in card(told, "R1").evidence
    row = next(r for r in told.records if r.item == "R1")
    assert row.rules[0].endswith("2 of 39 fail, 0 unknown, 1 let be")


def test_many_files_of_records_are_counted_and_few_are_named(audit: Path) -> None:
    few = report(hear(audit, many(1), tests="car,km\nA1,5\n")).records_facts
    assert [fact.label for fact in few][1:] == ["tests.csv", "tickets.csv"]
    more = {f"other{n}": "a\n1\n" for n in range(FILES)}
    told = report(hear(audit, many(1), None, **more)).records_facts
    assert [fact.label for fact in told][1:] == ["Files of records"]
    assert told[-1].value.startswith(f"{FILES + 2};")
