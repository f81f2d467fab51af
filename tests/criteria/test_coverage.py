"""What a handbook leaves open."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sopaudit.criteria.coverage import GAPS, Coverage, coverage
from sopaudit.criteria.handbook import load_handbook

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests/handbooks/tiny"
POST, CHECKLIST, RULES = "sops/posts/mec.yaml", "checklists/mec.yaml", "sops/rules.yaml"
FORMS = """edition: "1"
forms:
  - {id: slip, title: 维修单, fields: [{id: a, title: 甲}]}
  - {id: receipt, title: 收据, fields: [{id: a, title: 甲}]}
"""
RECORDS = """edition: "1"
records:
  - {id: jobs, title: 工单, fields: [{id: a, title: 甲}]}
  - {id: calls, title: 电话, fields: [{id: a, title: 甲}]}
"""
EVENTS = """edition: "1"
events:
  - {id: came, title: 来了}
  - {id: agreed, title: 同意了}
  - {id: rang, title: 打过电话}
  - {id: left, title: 走了}
"""
TABLES = "id: prices\nedition: '1'\ntitle: 价目表\ncolumns: [{id: part, title: 配件}]\n"
FLOW = """id: F1
edition: "1"
title: 维修
lanes:
  - {id: shop, kind: system, title: 店里}
  - {id: customer, kind: customer, title: 顾客}
ignored: [rang]
nodes:
  - {id: F1.1, kind: start, lane: customer, title: 来店, events: [came], forms: [slip], next: F1.2}
  - id: F1.2
    kind: decision
    lane: shop
    title: 修吗
    choices:
      - {label: 修, to: F1.3, events: [agreed]}
      - {label: 不修, to: F1.3}
  - {id: F1.3, kind: end, lane: customer, title: 取车}
"""
KPIS = """edition: "1"
kpis:
  - {id: K-1, title: 返修率, formula: 返修除以完工, kind: rate, rules: [AC-01]}
  - {id: K-2, title: 心情, formula: 问一问, kind: filled_share, with: {forms: [slip]}}
"""
FULL = {
    "sops/forms.yaml": FORMS,
    "sops/records.yaml": RECORDS,
    "sops/events.yaml": EVENTS,
    "sops/tables/prices.yaml": TABLES,
    "sops/workflows/f1.yaml": FLOW,
    "sops/kpis.yaml": KPIS,
}


def seen(
    folder: Path, *changes: tuple[str, str, str], more: dict[str, str] | None = None
) -> Coverage:
    """Lay out the tiny handbook with changes and further files, and look what it leaves open."""
    shutil.copytree(TINY, folder, dirs_exist_ok=True)
    # The registers that are looked at are brought along.
    shutil.rmtree(folder / "sops/workflows")
    (folder / "sops/events.yaml").unlink()
    for name, old, new in changes:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    for name, text in (more or {}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    handbook, problems = load_handbook(folder)
    assert problems == []
    assert handbook is not None
    return coverage(handbook, {"filled"})


def left_open(found: Coverage) -> dict[str, list[str]]:
    return {gap.kind: [entry.id for entry in gap.entries] for gap in found.gaps if gap.entries}


def test_every_gap_is_told_also_where_nothing_is_open(tmp_path: Path) -> None:
    found = seen(tmp_path)
    assert tuple(gap.kind for gap in found.gaps) == GAPS
    assert {gap.kind: gap.of for gap in found.gaps}["standards_unchecked"] == 2
    assert left_open(found) == {
        "items_without_standard": ["CK-MEC-B1"],
        "items_unanswered": ["CK-MEC-A1"],
        "rules_not_run": ["AC-01"],
    }


def test_a_standard_no_item_names_is_open_whatever_checks_it(tmp_path: Path) -> None:
    found = seen(tmp_path, (CHECKLIST, "standards: [MEC-01-1], ", ""))
    assert left_open(found)["standards_unchecked"] == ["MEC-01-1"]
    rows = {row.standard.id: row.seen_by for row in found.sheets[0].rows}
    assert rows == {"MEC-01-1": "check", "MEC-01-2": "item"}
    bare = seen(
        tmp_path,
        (POST, "        checks: [AC-01]\n", ""),
        (CHECKLIST, "standards: [MEC-01-1], ", ""),
    )
    assert bare.sheets[0].rows[0].seen_by == "nobody"


def test_an_item_is_answered_once_code_runs_one_of_its_rules(tmp_path: Path) -> None:
    kind = "kind: filled\n    with: {forms: [slip]}\n    data: [jobs]"
    found = seen(tmp_path, (RULES, "data: [jobs]", kind), more={"sops/forms.yaml": FORMS})
    assert "items_unanswered" not in left_open(found)
    assert "rules_not_run" not in left_open(found)
    assert found.runs == {"AC-01"}


def test_a_rule_of_several_parts_runs_once_code_runs_all_of_them(tmp_path: Path) -> None:
    parts = (
        "all_of:\n      - {kind: filled, with: {forms: [slip]}}\n"
        "      - {kind: timeline, with: {no_future: yes}}\n    data: [jobs]"
    )
    found = seen(tmp_path, (RULES, "data: [jobs]", parts), more={"sops/forms.yaml": FORMS})
    (gap,) = (gap for gap in found.gaps if gap.kind == "rules_not_run")
    assert [(entry.id, entry.note) for entry in gap.entries] == [("AC-01", "filled, timeline")]


def test_a_rule_nobody_names_is_unused(tmp_path: Path) -> None:
    found = seen(
        tmp_path,
        (POST, "        checks: [AC-01]\n", ""),
        (CHECKLIST, ", answer_from: [AC-01]", ""),
    )
    assert left_open(found)["rules_unused"] == ["AC-01"]
    named = seen(
        tmp_path,
        (POST, "        checks: [AC-01]\n", ""),
        (CHECKLIST, ", answer_from: [AC-01]", ""),
        more={"sops/kpis.yaml": KPIS, "sops/forms.yaml": FORMS},
    )
    assert "rules_unused" not in left_open(named)


def test_forms_records_events_tables_lanes_and_figures(tmp_path: Path) -> None:
    found = left_open(seen(tmp_path, more=FULL))
    assert found["forms_unfilled"] == ["receipt"]
    assert found["records_unread"] == ["calls"]
    assert found["events_unused"] == ["left"]
    assert found["tables_unused"] == ["prices"]
    assert found["posts_without_lane"] == ["MEC"]
    assert found["kpis_unfed"] == ["K-2"]


def test_a_lane_nobody_answers_for_is_open() -> None:
    """The reader refuses such a lane; who makes a handbook in other ways is told here."""
    handbook, _ = load_handbook(TINY)
    assert handbook is not None
    flow = handbook.workflows["FIX"]
    lanes = tuple(lane.model_copy(update={"post": None}) for lane in flow.lanes)
    odd = replace(handbook, workflows={"FIX": flow.model_copy(update={"lanes": lanes})})
    assert left_open(coverage(odd))["lanes_without_post"] == ["DESK", "BENCH"]


def test_what_is_used_is_not_open(tmp_path: Path) -> None:
    full = {
        **FULL,
        "sops/workflows/f1.yaml": FLOW.replace("id: shop, kind: system", "id: shop, post: MEC")
        .replace("forms: [slip]", "forms: [slip, receipt]")
        .replace("ignored: [rang]", "ignored: [rang, left]"),
        "sops/kpis.yaml": KPIS.replace(
            "formula: 问一问,", "formula: 问一问, data: [calls], uses: [prices],"
        ),
    }
    found = left_open(seen(tmp_path, more=full))
    assert set(found) == {"items_without_standard", "items_unanswered", "rules_not_run"}


def test_a_post_without_a_checklist_and_a_checklist_in_no_branch(tmp_path: Path) -> None:
    found = seen(tmp_path, (CHECKLIST, "post: MEC\n", ""))
    assert left_open(found)["posts_without_checklist"] == ["MEC"]
    extra = (
        'id: CK-X\nedition: "1"\ntitle: 另一张\nscheme: shop\n'
        "items: [{id: CK-X-1, question: 有吗}]\n"
    )
    found = seen(tmp_path, more={"checklists/x.yaml": extra})
    assert left_open(found)["checklists_without_branch"] == ["CK-X"]


def test_where_nothing_is_added_up_nothing_is_missing_from_it(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "checklists/branch.yaml").unlink()
    handbook, _ = load_handbook(tmp_path)
    assert handbook is not None
    assert "checklists_without_branch" not in left_open(coverage(handbook))


@pytest.mark.parametrize(("edition", "open_"), [("2026.1", False), ("2025.9", True)])
def test_a_checklist_held_against_an_older_edition_is_to_be_reviewed(
    tmp_path: Path,
    edition: str,
    open_: bool,  # noqa: FBT001 -- a parameter of pytest
) -> None:
    said = (CHECKLIST, "post: MEC\n", f'post: MEC\nreviewed: {{MEC: "{edition}"}}\n')
    found = seen(tmp_path, said)
    assert ("checklists_to_review" in left_open(found)) is open_
    if open_:
        (gap,) = (gap for gap in found.gaps if gap.kind == "checklists_to_review")
        assert gap.entries[0].note == "MEC 2025.9 → 2026.1"


def test_a_matrix_has_the_items_of_every_checklist_that_verify_a_standard(tmp_path: Path) -> None:
    extra = (
        'id: CK-X\nedition: "1"\ntitle: 另一张\nscheme: shop\nitems:\n'
        "  - {id: CK-X-1, question: 有吗, standards: [MEC-01-2]}\n"
    )
    (sheet,) = seen(tmp_path, more={"checklists/x.yaml": extra}).sheets
    assert [item.id for item in sheet.items] == ["CK-MEC-A1", "CK-MEC-A2", "CK-X-1"]
    assert [row.items for row in sheet.rows] == [("CK-MEC-A1",), ("CK-MEC-A2", "CK-X-1")]


LEFT_ON_PURPOSE = [
    "HTL-04-1",
    "HTL-05-3",
    "HTL-06-3",
    "HTL-07-1",
    "OSE-06-2",
    "OSE-09-1",
    "OSE-09-4",
    "RCP-10-2",
    "INS-04-1",
    "INS-08-2",
    "SPS-02-3",
    "CBS-01-2",
    "MGR-03-2",
]
"""The standards of the branch-office handbook that no item checks."""


def test_the_handbook_leaves_thirteen_standards_unchecked_on_purpose_and_no_other() -> None:
    handbook, _ = load_handbook(ROOT)
    assert handbook is not None
    assert sorted(left_open(coverage(handbook))["standards_unchecked"]) == sorted(LEFT_ON_PURPOSE)
