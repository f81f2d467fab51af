"""Which editions a checklist was last held against."""

import shutil
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"


def codes(folder: Path, reviewed: str) -> list[str]:
    """Say so in the checklist of the tiny handbook, and list what is told with --strict."""
    shutil.copytree(TINY, folder, dirs_exist_ok=True)
    path = folder / "checklists/mec.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("post: MEC\n", f"post: MEC\nreviewed: {reviewed}\n"), "utf-8")
    return [problem.code for problem in load_handbook(folder, strict=True)[1]]


@pytest.mark.parametrize(
    ("reviewed", "told"),
    [
        ('{MEC: "2026.1"}', []),
        ('{MEC: "2026.1", rules: "2026.1"}', []),
        ('{rules: "2025.9"}', ["H161"]),
        ('{MEC: "2025.9"}', ["H161"]),
        ('{MEC-01-1: "2026.1"}', ["H160"]),
        ('{kpis: "2026.1"}', ["H160"]),
    ],
)
def test_posts_and_the_rules_may_be_named_each_in_its_edition_of_today(
    tmp_path: Path, reviewed: str, told: list[str]
) -> None:
    assert codes(tmp_path, reviewed) == told


def test_a_post_that_cannot_be_read_may_be_any(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "sops/posts/other.yaml").write_text("edition: '1'\n", encoding="utf-8")
    assert "H160" not in codes(tmp_path, '{OTH: "1"}')
