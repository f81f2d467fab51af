"""Vague words are hints only where nothing beside them can be measured."""

import shutil
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"
STANDARD = "{zh: 试车前检查刹车, en: The brakes are checked before the test ride}"
LIMIT = "{zh: 厚度不足 1 毫米, en: below 1 mm}"


def codes(folder: Path, old: str, new: str) -> list[str]:
    shutil.copytree(TINY, folder, dirs_exist_ok=True)
    post = folder / "sops/posts/mec.yaml"
    text = post.read_text(encoding="utf-8")
    assert old in text
    post.write_text(text.replace(old, new), encoding="utf-8")
    handbook, problems = load_handbook(folder, strict=True)
    assert handbook is not None
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    "words",
    [
        "及时检查刹车",
        "必要时检查",
        "Checked Promptly",
        "check in time, as needed",
        "分三步适当检查",
    ],
)
def test_a_vague_word_without_a_measure_is_a_hint(words: str, tmp_path: Path) -> None:
    text = f"{{zh: {words!r}, en: {words!r}}}"
    assert codes(tmp_path, STANDARD, text) == ["H062"]
    assert codes(tmp_path, LIMIT, text) == ["H063"]


@pytest.mark.parametrize(
    "words",
    [
        "30分钟内及时检查",
        "及时检查，不晚于三十分钟",
        "每２小时定期检查",
        "检查以及时间都记下",
        "Promptly, within 30 minutes",
        "Regularly: two times a day",
        "Improperly is another word",
        "试车前检查",
    ],
)
def test_a_measure_or_a_plain_fact_is_none(words: str, tmp_path: Path) -> None:
    assert codes(tmp_path, STANDARD, f"{{zh: {words!r}, en: {words!r}}}") == []
