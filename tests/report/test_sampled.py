"""What a sample says of the rest, wherever a person meets the item or the score."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from sopaudit.criteria.handbook import load_handbook
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.findings.conclusion import conclude_folder
from sopaudit.findings.intervals import reach_of_sum
from sopaudit.report.circulation import circulating, mask_for
from sopaudit.report.inspection import inspection
from sopaudit.report.json import result_json
from sopaudit.report.model import InspectionReport, ItemRow
from sopaudit.report.page import inspection_html
from sopaudit.report.proof.text import proof_text
from sopaudit.report.sampled import chance

Laundry = Any
"""The class in conftest.py, which tests cannot import."""

ITEM = "CK-IRON-A1"
ROOT: Final = Path(__file__).parents[2]


def seen(laundry: Laundry, failed: int, checked: int, **told: object) -> None:
    """Put another sample in the place of the item's."""
    words = ["no"] * failed + ["yes"] * (checked - failed)
    cases = [{"id": f"E-{n:03}", "result": word, "note": "x"} for n, word in enumerate(words)]
    laundry.change_answer(ITEM, sample={**told, "cases": cases})


def row(report: InspectionReport) -> ItemRow:
    return next(row for sheet in report.sheets for row in sheet.rows if row.id == ITEM)


TREE = " │├└─"
"""What stands before the words of a tree."""


def explained(laundry: Laundry, lang: str) -> str:
    text = proof_text(laundry.explained(), lang, item=ITEM).replace("\u00a0", " ")
    return "".join(
        line.strip(TREE) if lang == "zh" else f"{line.strip(TREE)} " for line in text.split("\n")
    )


def test_a_sample_without_a_failure_says_what_it_may_have_missed(laundry: Laundry) -> None:
    seen(laundry, 0, 30, drawn=30, seed=42)
    assert row(laundry.report("zh")).sampled == "不符合至多 9.5\u00a0% · 漏检风险 4\u00a0%"
    told = explained(laundry, "zh")
    assert "30 个样本中 0 个不符合" in told
    assert "不符合率上限 9.5 %（95 % 单侧）。" in told
    assert "若实际有 10 % 不符合，这个样本有 4 % 的可能一个也碰不到。" in told
    told = explained(laundry, "en")
    assert "At most 9.5 % nonconforming (95 %, one-sided)." in told
    assert "the chance that this sample shows none is 4 %." in told


def test_a_sample_with_failures_gives_rate_and_interval(laundry: Laundry) -> None:
    seen(laundry, 1, 20, drawn=20, seed=42)
    report = laundry.report("zh")
    assert row(report).answer == "19/20 符合"
    assert row(report).sampled == "不符合 5\u00a0%（0.9–23.6\u00a0%）· 漏检风险 12\u00a0%"
    card = next(card for group in report.groups for card in group.findings if card.item == ITEM)
    assert "不符合率 5\u00a0%，95\u00a0% 区间 0.9\u00a0% – 23.6\u00a0%。" in card.evidence
    assert "这个样本有 12\u00a0% 的可能一个也碰不到。" in card.evidence
    assert [sample.told for sample in report.samples] == [row(report).sampled]
    assert "漏检" in report.samples_note


def test_a_known_population_is_said_and_counts(laundry: Laundry) -> None:
    seen(laundry, 1, 20, drawn=20, seed=42, population=25)
    told = explained(laundry, "zh")
    assert "从 25 个中抽取。" in told
    assert "95 % 区间 4 % – 12 %" in told


@pytest.mark.parametrize(
    ("said", "brief", "zh", "en"),
    [
        ({"selection": "judgement"}, "判断抽样，不外推", "判断抽样，不外推。",
         "A judgement sample, which says nothing about the rest."),
        ({}, "判断抽样（没有随机抽样的记录），不外推",
         "没有随机抽样的记录，按判断抽样处理，不外推。",
         "No random draw is on record: taken for a judgement sample,"),
        ({"selection": "all"}, "全部检查", "全部 20 个都已检查，没有抽样误差。",
         "All 20 were looked at, so there is no sampling error."),
    ],
    ids=["judgement", "untold", "all"],
)  # fmt: skip
def test_what_was_not_drawn_gets_no_interval(
    laundry: Laundry, said: dict[str, str], brief: str, zh: str, en: str
) -> None:
    seen(laundry, 1, 20, **said)
    report = laundry.report("zh")
    assert row(report).sampled == brief
    assert zh in explained(laundry, "zh")
    assert en in explained(laundry, "en")
    whole = report.sheets[0].result
    assert (whole.reach, whole.error, whole.reach_note) == ("", "", "")
    assert "抽样误差 " not in inspection_html(report)
    picked = "判断抽样 1 项（CK-IRON-A1）按所见计分，不外推，不在误差之内。"
    assert whole.picked_note == ("" if said == {"selection": "all"} else picked)
    assert report.samples_note == ""


def test_a_score_stands_beside_how_far_chance_may_have_moved_it(laundry: Laundry) -> None:
    seen(laundry, 1, 20, drawn=20, seed=42)
    report, (folder, conclusion) = laundry.report("zh"), laundry.concluded()
    result = report.sheets[0].result
    assert result.error == f"抽样误差 {result.reach}"
    low, high = map(float, result.reach.split(" – "))
    assert low < float(result.score) < high
    assert inspection_html(report).count(result.error) == 2
    assert report.headline is not None
    assert "几项看同一批样本的" in report.headline.reach_note
    told = json.loads(result_json(folder.handbook, conclusion, report))["scores"][0]
    assert (told["sampling"]["drawn"], told["sampling"]["picked"]) == ([ITEM], [])
    assert round(float(told["sampling"]["low"]), 1) == low
    sample = next(item["sample"] for item in told["items"] if item["item"] == ITEM)
    assert (sample["rate"], sample["chosen"], sample["told"]) == ("1/20", "random", True)
    assert (sample["low"], sample["high"], sample["at_most"]) == ("0.008881", "0.236131", None)


def test_a_circulating_copy_says_the_same_of_its_samples(laundry: Laundry) -> None:
    seen(laundry, 1, 20, drawn=20, seed=42, population=400)
    folder, _ = laundry.concluded()
    copy = circulating(folder, mask_for([folder.handbook], folder))
    kept = next(a for a in copy.folder.records["CK-IRON"].answers if a.item == ITEM).sample
    assert kept is not None
    assert (kept.population, kept.seed, kept.counts) == (400, 42, (1, 20))


@pytest.fixture(scope="module")
def october() -> AuditFolder:
    """Read the sample audit."""
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    folder, _ = read_audit(ROOT / "audits" / "2026-10-cd", handbook)
    assert folder is not None
    return folder


def test_a_branch_is_moved_by_the_samples_of_its_posts_by_their_weight(
    october: AuditFolder,
) -> None:
    told = conclude_folder(october)
    whole = told.uncertainty["CK-BRANCH"]
    posts = [told.uncertainty[name] for name in ("CK-HTL", "CK-COO")]
    # Both posts that were looked at weigh 12.
    halves = [replace(t, weight=t.weight / 2) for post in posts for t in post.terms]
    assert list(whole.terms) == halves
    reach, exact = reach_of_sum(halves), told.branches[0].exact
    assert whole.interval is not None
    assert exact is not None
    assert whole.interval.low == pytest.approx(float(exact) - reach.low)
    assert whole.interval.high == pytest.approx(float(exact) + reach.high)


def test_a_branch_says_in_which_posts_cases_were_picked(laundry: Laundry) -> None:
    seen(laundry, 1, 20)
    headline = laundry.report("zh").headline
    assert headline.picked_note == "熨烫工中的判断抽样按所见计分，不在误差之内。"
    assert headline.reach == ""


def test_what_the_page_on_samples_says_of_the_sample_audit_is_true(october: AuditFolder) -> None:
    report = inspection(october, conclude_folder(october), "zh")
    said = (ROOT / "docs" / "samples.md").read_text(encoding="utf-8").replace(" %", "\u00a0%")
    assert report.headline is not None
    assert f"comes to {report.headline.score}, sampling error {report.headline.reach}" in said
    cards = {card.item: card for group in report.groups for card in group.findings}
    told = "不符合率 13.3\u00a0%，95\u00a0% 区间 3.7\u00a0% – 37.9\u00a0%。"
    assert told in said
    assert told in cards["CK-HTL-B2"].evidence
    rows = {row.id: row for sheet in report.sheets for row in sheet.rows}
    assert rows["CK-HTL-B1"].sampled == "不符合至多 25.9\u00a0% · 漏检风险 35\u00a0%"
    assert "不符合率上限 25.9\u00a0%（95\u00a0% 单侧）。" in said


def test_a_small_chance_is_not_rounded_to_none() -> None:
    told = [chance(Fraction(n, 1000)) for n in (0, 4, 5, 214, 994, 996, 1000)]
    plain = [text.replace("\u00a0", " ") for text in told]
    assert plain == ["0 %", "< 1 %", "1 %", "21 %", "99 %", "> 99 %", "100 %"]
