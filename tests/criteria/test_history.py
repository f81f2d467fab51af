"""Ids that changed though the text did not."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import drafted, problems_in
from sopaudit.problems import Problem
from sopaudit.reading import past

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"
CHECKLIST = "checklists/mec.yaml"
B1 = 'id: CK-MEC-B1, section: B, question: {zh: 向顾客交代了吗？, en: "Was the customer told?"}'


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Lay out the tiny handbook, with an audit that keeps it as it was."""
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    shutil.copytree(TINY, tmp_path / "audits/a/frozen")
    (tmp_path / "audits/a/audit.yaml").write_text("id: a\n", encoding="utf-8")
    return tmp_path


def problems(folder: Path, *changes: tuple[str, str]) -> list[Problem]:
    path = folder / CHECKLIST
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return problems_in(drafted(folder, shown=""), past=past.Past(folder))


def test_another_id_for_the_same_text_is_told_at_the_new_id(tiny: Path) -> None:
    (problem,) = problems(tiny, ("id: CK-MEC-B1", "id: CK-MEC-C1"))
    assert problem.code == "H061"
    assert problem.values["old"] == "CK-MEC-B1"
    assert problem.values["word"] == "CK-MEC-C1"
    assert problem.values["where"] == "audits/a/frozen"
    assert "CK-MEC-C1" in problem.line[problem.place.column - 1 :]


def test_another_text_or_another_edition_is_meant(tiny: Path) -> None:
    assert (
        problems(tiny, ("id: CK-MEC-B1", "id: CK-MEC-C1"), ("向顾客交代了吗？", "交代了？")) == []
    )
    shutil.copy(TINY / CHECKLIST, tiny / CHECKLIST)
    changes = (("id: CK-MEC-B1", "id: CK-MEC-C1"), ('edition: "2026.1"', 'edition: "2026.2"'))
    assert problems(tiny, *changes) == []


def test_an_added_item_and_one_that_moved_are_no_change(tiny: Path) -> None:
    text = (tiny / CHECKLIST).read_text(encoding="utf-8")
    first, last = text.index("  - {id: CK-MEC-A1"), text.index("  - {id: CK-MEC-B1")
    moved = text[:first] + text[last:] + text[first:last]
    (tiny / CHECKLIST).write_text(moved, encoding="utf-8")
    added = (B1, "id: CK-MEC-B2, section: B, question: 新的, points: 0}\n  - {" + B1)
    assert problems(tiny, added) == []


def test_a_text_that_stands_twice_says_nothing(tiny: Path) -> None:
    both = (B1, B1.replace("B1", "C1") + ", points: 0}\n  - {" + B1.replace("B1", "C2"))
    assert problems(tiny, both) == []


def test_audits_that_name_the_old_id_are_told(tiny: Path) -> None:
    records = tiny / "audits/a/answers"
    records.mkdir()
    (records / "CK-MEC.json").write_text('{"item": "CK-MEC-B1"}', encoding="utf-8")
    (problem,) = problems(tiny, ("id: CK-MEC-B1", "id: CK-MEC-C1"))
    assert (problem.code, problem.values["users"]) == ("H060", "audits/a")


def test_a_machine_without_git_and_a_git_that_does_not_answer_have_no_past(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(tiny / "audits")
    (tiny / ".git").mkdir()
    change = ("id: CK-MEC-B1", "id: CK-MEC-C1")
    assert problems(tiny, change) == []
    monkeypatch.setenv("PATH", str(tiny))
    assert problems(tiny) == []

    def slow(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("git", past.PATIENCE)

    monkeypatch.setattr(subprocess, "run", slow)
    assert problems(tiny) == []


def test_a_box_with_another_id_is_told_once_and_not_by_what_leads_to_it(tiny: Path) -> None:
    sample = Path(__file__).parents[1] / "errors/H116/sops/workflows/fix.yaml"
    text = sample.read_text(encoding="utf-8").replace("next: FIX.3}", "next: FIX.2}", 1)
    for folder in (tiny, tiny / "audits/a/frozen"):
        (folder / "sops/workflows/fix.yaml").write_text(text, encoding="utf-8")
    renamed = text.replace("id: FIX.2", "id: FIX.9")
    (tiny / "sops/workflows/fix.yaml").write_text(renamed, encoding="utf-8")
    (problem,) = problems_in(drafted(tiny, shown=""), past=past.Past(tiny))
    assert (problem.code, problem.values["old"]) == ("H060", "FIX.2")
