"""The inspection report: what it says, and what it leaves out when there is nothing to say."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sopaudit import __version__
from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.mapping import read_mapping
from sopaudit.evidence.tables import read_tables
from sopaudit.findings.conclusion import conclude
from sopaudit.report.inspection import table_inspection
from sopaudit.report.model import InspectionReport

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "inspection"


def spelled(value: Any, indent: str = "") -> Iterator[str]:  # noqa: ANN401 -- any part of a report
    """Write a model one value a line; what is empty is left out, as on the page."""
    for field in fields(value):
        part = getattr(value, field.name)
        if is_dataclass(part):
            yield f"{indent}{field.name}:"
            yield from spelled(part, f"{indent}  ")
        elif isinstance(part, tuple) and part and is_dataclass(part[0]):
            for row in part:
                yield f"{indent}{field.name} -"
                yield from spelled(row, f"{indent}  ")
        elif part not in ("", (), None):
            text = str(part) if isinstance(part, Fraction) else part
            yield f"{indent}{field.name}: {text}".replace(__version__, "VERSION")


def text(report: InspectionReport) -> str:
    return "\n".join(spelled(report)) + "\n"


@pytest.fixture
def report(laundry: Laundry) -> InspectionReport:
    return laundry.report()  # type: ignore[no-any-return]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_of_the_laundry(
    laundry: Laundry,
    lang: str,
    golden: Callable[[Path, str], None],
) -> None:
    golden(GOLDEN / f"laundry.{lang}.expected.txt", text(laundry.report(lang)))


def of_table(handbook: str, audit: str, lang: str, **tables: str) -> InspectionReport:
    folder = ROOT / "examples" / handbook
    book, problems = load_handbook(folder)
    assert book is not None, problems
    mapping, problems = read_mapping(folder / "mapping.yaml")
    assert mapping is not None, problems
    here = ROOT / "tests" / "tables" / handbook
    files = {name: here / file for name, file in tables.items()}
    frames = tuple(read_tables(mapping, files, book))
    return table_inspection(book, frames, conclude(book, frames, audit), lang)


KING_COUNTY = {"inspections": "inspections.csv", "findings": "findings.csv"}


def test_the_report_of_a_foreign_inspection(golden: Callable[[Path, str], None]) -> None:
    told = of_table("king-county", "T012", "en", **KING_COUNTY)
    golden(GOLDEN / "king-county.en.expected.txt", text(told))


def test_an_authority_without_people_has_no_signatures_actions_or_samples() -> None:
    told = of_table("fhrs", "T009", "en", establishments="establishments.csv")
    assert (told.people, told.actions, told.samples, told.good) == ((), (), (), ())
    assert told.previous is None
    assert [(chapter.number, chapter.id) for chapter in told.chapters] == [
        ("1", "overview"),
        ("2", "scores"),
        ("3", "nonconformities"),
        ("Annex 1", "all_items"),
        ("Annex 2", "proof"),
        ("Annex 3", "editions"),
    ]
    assert not told.sheets[0].sections
    assert told.headline is not None
    assert (told.headline.score, told.headline.grade, told.headline.out_of) == ("35", "2", "")
    assert told.headline.grade_title == "Improvement necessary"


def test_an_inspection_without_a_finding_is_no_empty_report() -> None:
    told = of_table("king-county", "T007", "en", **KING_COUNTY)
    assert told.headline is not None
    assert (told.headline.score, told.number, told.key) == ("0", 0, ())


def test_an_audit_that_could_not_be_scored_says_so() -> None:
    told = of_table("fhrs", "T018", "en", establishments="establishments.csv")
    assert told.headline is not None
    assert (told.headline.score, told.headline.grade, told.headline.sound) == (
        "not scored",
        "",
        False,
    )


def test_a_veto_that_waits_shows_both_grades(report: InspectionReport) -> None:
    result = report.sheets[0].result
    assert (result.grade, result.pending) == ("C", "")
    assert [limit.pending for limit in result.limits] == [True]


def test_a_confirmed_veto_is_in_force_and_names_its_item(laundry: Laundry) -> None:
    laundry.change_answer("CK-IRON-A1", sample={"failed": 0, "checked": 3})
    laundry.change_answer("CK-IRON-A2", value="0")
    laundry.change_answer("CK-IRON-V1", confirmed={"by": "91"})
    laundry.add_photo("CK-IRON-V1")
    result = laundry.report().sheets[0].result
    assert (result.score, result.grade, result.band) == ("93.3", "C", "按得分应为 A")
    assert "CK-IRON-V1" in result.limits[0].items
    assert (result.limits[0].pending, result.limits[0].changed) == (False, True)


def test_a_draft_is_marked_and_a_final_report_is_not(laundry: Laundry) -> None:
    assert laundry.report().watermark == "草稿"
    laundry.change_audit(state="provisional")
    provisional = laundry.report()
    assert (provisional.watermark, "申诉期" in provisional.notice) == ("", True)
    laundry.change_audit(state="final")
    assert (laundry.report().watermark, laundry.report().notice) == ("", "")


def test_the_day_until_which_a_result_may_be_contested_is_named(laundry: Laundry) -> None:
    laundry.change_audit(state="provisional", appeal_until="2026-06-13")
    told = laundry.report()
    assert "2026-06-13" in told.notice
    assert told.standing == "申诉期"


def test_the_chapters_stand_in_the_order_a_reader_expects(report: InspectionReport) -> None:
    assert [f"{chapter.number} {chapter.title}" for chapter in report.chapters] == [
        "1 检查概况",
        "2 得分与等级",
        "3 上次问题整改情况",
        "4 亮点",
        "5 不符合项",
        "6 观察项与改进建议",
        "7 整改要求",
        "8 受检方意见及签字",
        "附件 1 全部检查项",
        "附件 2 评分计算",
        "附件 3 抽样记录",
        "附件 4 版本",
    ]


def test_an_empty_chapter_vanishes_and_the_numbers_close_up(laundry: Laundry) -> None:
    laundry.change_audit(follows=None, good_practice=None)
    told = laundry.report()
    numbers = {chapter.id: chapter.number for chapter in told.chapters}
    assert (numbers["nonconformities"], numbers["signatures"]) == ("3", "6")
    assert told.groups[0].number == "3.1"


def overview(report: InspectionReport) -> dict[str, str]:
    return {fact.label: fact.value for fact in report.overview}


def test_purpose_basis_and_sampling_are_made_from_what_is_known(report: InspectionReport) -> None:
    told = overview(report)
    assert "东门店" in told["检查目的"]
    assert told["检查依据"] == "《洗衣店手册》（版次 3）、《熨烫工检查表》（版次 3）"
    assert told["检查范围"].startswith("熨烫工；2026-05-01 – 2026-05-31")
    assert (
        told["抽样方法"] == "随机抽取样本 1 组，共 3 个。随机起始号 42，可重复抽样。清单见附件 3。"
    )


def test_what_the_audit_says_itself_stands_instead(laundry: Laundry) -> None:
    laundry.change_audit(purpose="查投诉", basis="合同", sampling="全部")
    told = overview(laundry.report())
    assert (told["检查目的"], told["检查依据"], told["抽样方法"]) == ("查投诉", "合同", "全部")


def test_a_due_date_counts_from_the_visit_and_only_where_a_term_is_set(
    report: InspectionReport,
) -> None:
    assert [(row.severity, row.due) for row in report.actions] == [
        ("critical", "2026-06-04"),
        ("major", "2026-06-13"),
        ("minor", ""),
    ]


def test_what_is_missing_from_a_score_is_named_on_the_first_page(report: InspectionReport) -> None:
    assert [(gap.title, gap.text) for gap in report.gaps] == [
        ("熨烫工检查表", "未检查 1 项：CK-IRON-B1。")
    ]
    assert report.state_note == ""


def test_the_letterhead_is_what_the_handbook_says(report: InspectionReport) -> None:
    head = report.letterhead
    assert head.logo.startswith("data:image/svg+xml;base64,")
    assert (head.number, head.confidentiality) == ("LA-EAST-2026-05-east", "内部")
    assert (head.accent, head.signal) == ("#345b2f", "#b3261e")


def test_observations_are_no_nonconformities(report: InspectionReport) -> None:
    assert report.number == 3
    assert "CK-IRON-B3" in [row.item for row in report.observations]


def test_nonconformities_stand_by_severity_and_each_tells_its_whole_story(
    report: InspectionReport,
) -> None:
    groups = report.groups
    assert [(group.number, group.severity) for group in groups] == [
        ("5.1", "critical"),
        ("5.2", "major"),
        ("5.3", "minor"),
    ]
    for group in groups:
        for card in group.findings:
            assert card.question
            assert card.post == "熨烫工"
            assert card.note
            assert card.verdict[0] == "不符合"


def test_what_was_not_checked_is_named_with_its_reason(report: InspectionReport) -> None:
    assert [(row.id, row.reason) for row in report.sheets[0].left_out] == [("CK-IRON-B1", "未检查")]


def test_samples_can_be_drawn_again(report: InspectionReport) -> None:
    sample = report.samples[0]
    assert (sample.item, sample.drawn, sample.start) == ("CK-IRON-A1", "3", "42")
    assert sample.cases == "E-001\u00a0√、E-002\u00a0×、E-003\u00a0√"


def test_folding_in_yaml_leaves_no_blank_between_chinese_words(laundry: Laundry) -> None:
    laundry.change_audit(remarks={"zh": "第一句。 第二句， 2026 年 5 月 第三"})
    assert laundry.report().overview[-1].value == "第一句。第二句，2026 年 5 月第三"
