"""A sort of losses takes cases of its own rules only."""

import shutil
from pathlib import Path

from sopaudit.criteria.handbook import load_handbook

TINY = Path(__file__).parents[1] / "handbooks/tiny"
SAMPLE = Path(__file__).parents[1] / "errors/H195"


def test_types_of_a_rule_the_sort_does_not_name_are_a_mistake(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "sops/parts.yaml"
    text = file.read_text(encoding="utf-8").replace("PR-01/2", "PR-01")
    file.write_text(text, encoding="utf-8")
    assert "H195" not in {problem.code for problem in load_handbook(tmp_path)[1]}
    wrong = "[PR-01]\n    types: {PR-01/1: [too few]}"
    file.write_text(text.replace("[PR-01]", wrong), encoding="utf-8")
    found = load_handbook(tmp_path)[1]
    assert "H195" in {problem.code for problem in found}, found
