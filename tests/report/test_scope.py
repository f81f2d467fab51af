"""An audit that covers some posts says which, and which not, wherever its result stands."""

import io
import json
from typing import Any

import pypdf
import pytest
import python_calamine

from sopaudit.evidence.audit import read_audit
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.findings.score import Score
from sopaudit.press.pdf import Job, render
from sopaudit.report.json import result_json
from sopaudit.report.model import InspectionReport, Result
from sopaudit.report.page import inspection_html
from sopaudit.report.proof.text import proof_text
from sopaudit.report.xlsx import workbook
from sopaudit.terminal import COLUMNS, width

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

SOUND = {"CK-IRON-B1": "yes", "CK-IRON-V1": "yes"}
"""What is left open, and what waits for a second person."""


@pytest.fixture
def shop(laundry: Laundry) -> Laundry:
    """Give the laundry a second post, which its audit did not look at, and nothing else open."""
    laundry.open_post()
    for item, result in SOUND.items():
        laundry.change_answer(item, result=result, confirmed=None)
    laundry.change_audit(scope={"posts": ["IRON"]})
    return laundry


def branch(laundry: Laundry) -> Score:
    (told,) = laundry.concluded()[1].branches
    return told  # type: ignore[no-any-return]


def headline(report: InspectionReport) -> Result:
    assert report.headline is not None
    return report.headline


def test_the_scope_decides_between_incomplete_and_limited(shop: Laundry) -> None:
    limited = branch(shop)
    shop.change_audit(scope=None)
    missing = branch(shop)
    shop.change_audit(scope={"posts": ["IRON", "WASH"]})
    both = branch(shop)
    assert (limited.state, missing.state, both.state) == (
        "limited scope", "incomplete", "incomplete",
    )  # fmt: skip
    assert limited.score == missing.score == both.score
    assert (missing.outside, both.outside) == ((), ())


def test_nothing_is_rolled_up_where_no_record_is_of_the_scope(shop: Laundry) -> None:
    shop.change_audit(scope={"posts": ["WASH"]})
    folder, problems = read_audit(shop.audit, shop.handbook())
    assert [problem.code for problem in problems] == ["A101"]
    assert folder is not None
    told = conclude_folder(folder)
    assert [score.checklist for score in told.all] == ["CK-IRON"]


@pytest.mark.parametrize(
    ("lang", "state", "scope"),
    [
        ("zh", "范围受限", [("本次范围", "熨烫工"), ("未检查岗位", "洗涤工")]),
        ("en", "limited scope", [("In scope", "presser"), ("Not looked at", "washer")]),
    ],
)
def test_the_summary_names_what_was_looked_at_and_what_not(
    shop: Laundry, lang: str, state: str, scope: list[tuple[str, str]]
) -> None:
    report = shop.report(lang)
    told = headline(report)
    assert (told.state, told.sound, told.state_note) == (state, False, "")
    assert [(fact.label, fact.value) for fact in told.scope] == scope
    assert report.gaps == ()
    assert report.state_note == ""
    assert all(result.scope == () for result in report.results)


def test_what_is_missing_stands_beside_the_scope(shop: Laundry) -> None:
    shop.change_answer("CK-IRON-B1", result="unchecked")
    report = shop.report("zh")
    assert headline(report).state == "结果不完整"
    assert [fact.value for fact in headline(report).scope] == ["熨烫工", "洗涤工"]
    assert [gap.title for gap in report.gaps] == ["熨烫工检查表"]


def test_the_overview_says_the_scope_in_a_sentence(shop: Laundry) -> None:
    facts = {fact.label: fact.value for fact in shop.report("zh").overview}
    period = "2026-05-01 – 2026-05-31"
    told = f"熨烫工；{period} 期间的记录和检查当日所见。"
    assert facts["检查范围"] == f"{told}未检查岗位：洗涤工。"
    shop.change_audit(scope={"posts": ["WASH", "IRON"]})
    facts = {fact.label: fact.value for fact in shop.report("zh").overview}
    assert facts["检查范围"] == told.replace("熨烫工", "洗涤工、熨烫工")


def test_an_audit_of_every_post_says_nothing_of_scope(laundry: Laundry) -> None:
    laundry.change_audit(scope={"posts": ["IRON"]})
    assert headline(laundry.report("zh")).scope == ()
    html = inspection_html(laundry.report("zh"))
    assert "未检查岗位" not in html


def test_the_derivation_leaves_it_out_by_name(shop: Laundry) -> None:
    assert shop.report("zh").overall[0] == "不在本次范围，不计入：CK-WASH"


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        ("zh", ["  本次范围  熨烫工", "  未检查岗位  洗涤工", "├─ 1 项不在本次范围：CK-WASH"]),
        (
            "en",
            [
                "  In scope  presser",
                "  Not looked at  washer",
                "├─ 1 not in scope: CK-WASH",
            ],
        ),
    ],
)
def test_a_terminal_shows_it(shop: Laundry, lang: str, lines: list[str]) -> None:
    shown = proof_text(shop.explained(), lang, item="CK-SHOP").splitlines()
    assert [line for line in lines if line in shown] == lines
    assert max(map(width, shown)) <= COLUMNS


def test_the_workbook_shows_it(shop: Laundry) -> None:
    report = shop.report("zh")
    book = python_calamine.load_workbook(io.BytesIO(workbook(report)))
    rows = [row for row in book.get_sheet_by_index(0).to_python() if row[0]]
    assert ["未检查岗位", "洗涤工"] in rows
    assert any("范围受限" in str(row[1]) for row in rows if row[0] == "得分")


def test_the_first_page_shows_it(shop: Laundry) -> None:
    report = shop.report("zh")
    made = render(Job(inspection_html(report), shop.concluded()[0].audit.date))
    first = pypdf.PdfReader(io.BytesIO(made.pdf)).pages[0].extract_text()
    assert all(text in first for text in ("范围受限", "未检查岗位", "洗涤工"))


def test_the_summary_and_the_chapter_of_scores_show_it(shop: Laundry) -> None:
    html = inspection_html(shop.report("zh"))
    summary, _, chapters = html.partition('<section class="chapter')
    label = "<dt>未检查岗位</dt>"
    assert (summary.count(label), chapters.count(label)) == (1, 1)


def test_the_result_has_a_code_for_it(shop: Laundry) -> None:
    folder, told = shop.concluded()
    data = json.loads(result_json(folder.handbook, told, shop.report("zh")))
    assert data["scores"][-1]["state"] == "limited scope"
    assert data["scores"][-1]["left_out"] == [{"item": "CK-WASH", "why": "out_of_scope"}]
    (item,) = (i for i in data["scores"][-1]["items"] if i["item"] == "CK-WASH")
    assert (item["result"], item["earned"], item["possible"]) == (None, None, None)


def test_branches_of_other_posts_are_compared_with_care(shop: Laundry) -> None:
    def note() -> str:
        previous = shop.report("zh").previous
        return next(str(row.note) for row in previous.scores if row.title == "门店总评")

    assert note() == ""
    answers = shop.audit / "answers"
    record = json.loads((answers / "CK-IRON.json").read_text(encoding="utf-8"))
    record["checklist"] = {
        "id": "CK-WASH", "edition": "3", "digest": shop.handbook().digests["CK-WASH"],
    }  # fmt: skip
    record["answers"] = [{"item": "CK-WASH-A1", "result": "yes"}]
    record["signatures"] = []
    (answers / "CK-WASH.json").write_text(json.dumps(record), encoding="utf-8")
    shop.change_audit(scope=None)
    assert note() == "两次计入的岗位不同，对比仅供参考。"
