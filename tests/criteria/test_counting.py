"""What a handbook may say of stock counts."""

import shutil
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"
PARTS = """id: PARTS
edition: "1"
title: 配件规定
stages:
  - id: store
    title: 在库
rules:
  - id: PR-01
    title: 盘点
    passes: 账实相符。
    stage: store
  - id: PR-02
    title: 盘点差异
    passes: 差异在允许范围内。
    kind: count_tolerance
    with:
      counted: counts.counted
      book: ledger.qty
      class: ledger.abc_class
      classes: [A]
      tolerances: [1 %]
      "on": [site]
    stage: store
counting:
"""


@pytest.mark.parametrize(
    ("counting", "expected"),
    [
        ("  rule: PR-02\n  keepers: [MEC]", []),
        ("  rule: PR-01\n  keepers: [MEC]", ["H199"]),
        ("  rule: PR-09", ["H013"]),
        ("  rule: PR-02\n  keepers: [XYZ]", ["H015"]),
        ("  rule: PR-02\n  keepers_may: sleep", ["S008"]),
        ("  shares: {A: 1/3}", ["S002"]),
    ],
)
def test_a_count_names_a_rule_and_posts_that_exist(
    tmp_path: Path, counting: str, expected: list[str]
) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "sops/parts.yaml").write_text(PARTS + counting + "\n", "utf-8")
    assert [problem.code for problem in load_handbook(tmp_path)[1]] == expected
