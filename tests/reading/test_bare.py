"""A text that other programs would not keep is better quoted; a number or a day is not told."""

import shutil
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook
from sopaudit.problems import Problem
from sopaudit.reading.typed import edited

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    return tmp_path


def hints(folder: Path, name: str, old: str, new: str) -> list[Problem]:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    handbook, found = load_handbook(folder, strict=True, shown="")
    assert handbook is not None
    return found


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("no", "S020"),
        ("On", "S020"),
        ("~", "S020"),
        ("17:30", "S021"),
        ("8:30:00", "S021"),
        ("010", "S022"),
        ("0500", "S022"),
        ("1.10", "S023"),
        ("1_000", "S024"),
        ("1e3", "S024"),
        ("0x1F", "S024"),
        ("2026-10-01", "S025"),
        ("“好”", "S019"),
    ],
)
@pytest.mark.parametrize("loc", ["edition", "zh", "post"])
def test_a_text_that_others_read_otherwise_is_a_hint(
    typed: str, code: str, loc: str, tiny: Path
) -> None:
    post = "sops/posts/mec.yaml"
    old, new = {
        "edition": ('edition: "2026.1"', f"edition: {typed}"),
        "zh": ("zh: 扭力扳手", f"zh: {typed}"),
        "post": ("effective_from:", f"source: {typed}\neffective_from:"),
    }[loc]
    (hint,) = hints(tiny, post, old, new)
    assert (hint.code, hint.hint, hint.place.path) == (code, True, post)
    text = (tiny / post).read_text(encoding="utf-8")
    mended = edited(text, hint.edits)
    assert mended == (
        text if code == "S019" else text.replace(new, new.replace(typed, f'"{typed}"'))
    )


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("sops/posts/mec.yaml", "2026-01-01", "2026-02-01"),
        ("sops/posts/mec.yaml", 'edition: "2026.1"', 'edition: "010"'),
        ("checklists/mec.yaml", "points: 5", "points: 5.0"),
        ("checklists/mec.yaml", "severity: major", "severity: major, na_allowed: no"),
        ("checklists/branch.yaml", "weight: 1", "weight: 1.10"),
        ("checklists/schemes/shop.yaml", "is: no", "is: yes"),
    ],
)
def test_what_a_field_reads_as_it_is_meant_is_no_hint(
    name: str, old: str, new: str, tiny: Path
) -> None:
    assert hints(tiny, name, old, new) == []


@pytest.mark.parametrize("typed", ["Done?", "Done? Well done", "Done ?"])
def test_a_question_mark_between_braces_is_a_hint_with_quotes(typed: str, tiny: Path) -> None:
    post, old = "sops/posts/mec.yaml", "title: {zh: 技师, en: mechanic}"
    (hint,) = hints(tiny, post, old, f"title: {{zh: 技师, en: {typed}}}")
    text = (tiny / post).read_text(encoding="utf-8")
    assert (hint.code, hint.hint) == ("S026", True)
    assert edited(text, hint.edits) == text.replace(typed, f'"{typed}"')


@pytest.mark.parametrize(
    "title", ["{zh: 技师？, en: x}", '{zh: 技师, en: "x?"}', "\n  zh: 技师\n  en: x?"]
)
def test_any_other_question_mark_is_none(title: str, tiny: Path) -> None:
    old = "title: {zh: 技师, en: mechanic}"
    assert hints(tiny, "sops/posts/mec.yaml", old, f"title: {title}") == []
