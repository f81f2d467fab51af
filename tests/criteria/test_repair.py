"""Mending what is certain, laid over every sample of the gallery."""

import shutil
from pathlib import Path

import pytest
from tests.memory import Memory

from sopaudit.criteria.handbook import drafted, problems_in
from sopaudit.criteria.repair import Repair, repaired
from sopaudit.problems import Edit, Place, Problem
from sopaudit.reading.edits import applied, compatible
from sopaudit.reading.events import read_bytes

HERE = Path(__file__).parents[1]
TINY, ERRORS = HERE / "handbooks" / "tiny", HERE / "errors"
SAMPLES = sorted(folder.name for folder in ERRORS.iterdir() if folder.name[0] in "YS")
POST = "sops/posts/mec.yaml"


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory.of(TINY)


@pytest.fixture
def tiny(tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the tiny handbook; files of it that stay as they are, are read once."""
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    memory.serve(monkeypatch)
    return tmp_path


def written(folder: Path, repairs: list[Repair]) -> None:
    for repair in repairs:
        (folder / repair.name).write_bytes(repair.after)


def fixable(folder: Path, *, strict: bool) -> list[Problem]:
    found = problems_in(drafted(folder, shown=""), strict=strict)
    return [problem for problem in found if problem.edits]


def leaves(data: object) -> list[object]:
    if isinstance(data, dict):
        return [leaf for key, value in data.items() for leaf in (key, *leaves(value))]
    if isinstance(data, list):
        return [leaf for value in data for leaf in leaves(value)]
    return [data]


@pytest.mark.parametrize("code", SAMPLES)
def test_after_mending_nothing_certain_is_left_and_all_else_reads_as_before(
    code: str, tiny: Path
) -> None:
    shutil.copytree(ERRORS / code, tiny, dirs_exist_ok=True)
    before = {file.name: file.document for file in drafted(tiny, shown="").files}
    repairs = repaired(tiny, shown="")
    for repair in repairs:
        assert repair.mended > 0
        assert repair.after.count(b"\r\n") == repair.text.count("\r\n")
        old, new = before[repair.name].data, read_bytes(repair.after, repair.shown).data
        if old is not None:
            pairs = zip(leaves(old), leaves(new), strict=True)
            # Reading goes on behind a mistake of writing, so there mending changes nothing at all.
            assert sum(one != two for one, two in pairs) == code.startswith("S")
    for strict in (False, True):
        written(tiny, repaired(tiny, strict=strict, shown=""))
        assert fixable(tiny, strict=strict) == []
        assert repaired(tiny, strict=strict, shown="") == []


def test_a_clean_handbook_has_nothing_to_mend() -> None:
    assert repaired(TINY, strict=True) == []
    assert repaired(HERE.parent, strict=True) == []


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_encoding_becomes_utf8_and_line_ends_stay(encoding: str, end: str, tiny: Path) -> None:
    text = (TINY / POST).read_text(encoding="utf-8").replace("\n", end)
    (tiny / POST).write_bytes(text.encode(encoding))
    (repair,) = repaired(tiny)
    assert repair.name == POST
    assert repair.mended == 1
    assert repair.after == text.encode()


def test_a_file_that_is_no_text_is_left_alone(tiny: Path) -> None:
    (tiny / POST).write_bytes(b"PK\x03\x04" + bytes(range(256)) * 8)
    assert repaired(tiny) == []


def test_mistakes_behind_one_another_are_all_mended(tiny: Path) -> None:
    text = (TINY / POST).read_text(encoding="utf-8")
    wrong = text.replace("edition:", "edition：").replace("id: MEC-01-2", "id：MEC-01-2")
    (tiny / POST).write_text(wrong, encoding="utf-8")
    (repair,) = repaired(tiny)
    assert repair.after.decode() == text
    assert repair.mended == 2


def test_edits_that_touch_wait_for_each_other() -> None:
    one, two, three = (
        Problem(Place("f"), "Y007", edits=(Edit(start, end, "x"),))
        for start, end in ((0, 2), (1, 3), (5, 6))
    )
    assert compatible([one, two, three]) == [one, three]
    assert applied("abcdefg", [Edit(5, 6, "x"), Edit(0, 2, "")]) == "cdexg"
    assert applied("ab", [Edit(1, 1, "x"), Edit(1, 1, "y")]) == "axyb"
