"""What is in a folder: all of it, in one order on every system."""

import errno
import os
from pathlib import Path

import pytest

from sopaudit.criteria.handbook import load_handbook
from sopaudit.reading.folder import listed, unportable

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert listed(tmp_path / "none", "none") == ([], [])
    (tmp_path / "file").touch()
    assert listed(tmp_path / "file" / "below", "below") == ([], [])


def test_a_folder_is_listed_by_name(tmp_path: Path) -> None:
    for name in ("b", "a", "B", "一"):
        (tmp_path / name).touch()
    assert [path.name for path in listed(tmp_path, "x")[0]] == ["B", "a", "b", "一"]


def test_a_refusal_without_a_sentence_of_its_own_is_told_in_the_words_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(Path, "iterdir", failing)
    (problem,) = listed(tmp_path, "x")[1]
    assert (problem.code, str(problem.place)) == ("Y014", "x:1:1")


def test_what_nobody_could_see_is_told_once_and_not_missed_in_a_hundred_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listing = Path.iterdir

    def refusing(path: Path) -> object:
        if path == TINY / "sops" / "posts":
            raise PermissionError(errno.EACCES, "", str(path))
        return listing(path)

    monkeypatch.setattr(Path, "iterdir", refusing)
    handbook, problems = load_handbook(TINY, shown="")
    assert handbook is None
    assert [str(p.place) + p.code for p in problems] == ["sops/posts:1:1Y063"]


def test_an_unreadable_handbook_is_not_taken_for_one_without_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refusing(path: Path) -> None:
        raise PermissionError(errno.EACCES, "", str(path))

    monkeypatch.setattr(Path, "iterdir", refusing)
    assert [p.code for p in load_handbook(TINY, shown="")[1]] == ["Y063"]
    assert [str(p.place) for p in load_handbook(TINY, shown="t")[1]] == ["t:1:1"]


def test_three_names_that_are_one_on_windows_are_two_problems() -> None:
    names = [Path(name) for name in ("A.yaml", "a.YAML", "a.yaml", "b.yaml")]
    problems = list(unportable(names, "sops"))
    assert [(p.code, p.values["name"]) for p in problems] == [
        ("Y065", "a.YAML"),
        ("Y065", "a.yaml"),
    ]
    assert {p.values["other"] for p in problems} == {"A.yaml"}


def test_the_case_of_an_ending_does_not_hide_a_file(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "sops/posts/mec.yaml").rename(tmp_path / "sops/posts/MEC.YAML")
    (tmp_path / "sops/old.YML").touch()
    handbook, problems = load_handbook(tmp_path, shown="")
    assert [str(p.place) + p.code for p in problems] == ["sops/old.YML:1:1H003"]
    (tmp_path / "sops/old.YML").unlink()
    handbook, _ = load_handbook(tmp_path)
    assert handbook is not None
    assert list(handbook.posts) == ["MEC"]
