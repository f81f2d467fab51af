"""Photos handed in as they are: one, a folder, an archive."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.evidence.photo_samples import camera, photo
from tests.sheets.photos.conftest import CHINA

from sopaudit.problems import Problem
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled, Shot
from sopaudit.sheets.photos import back

PLAIN = photo(exif=camera(taken=""))


def laid(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def packed(path: Path, files: Mapping[str, bytes]) -> Path:
    with ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def read(path: Path, blank: Blank) -> tuple[dict[str, Shot], list[Problem]]:
    filled, problems = back.read(path, blank, CHINA)
    shots = filled.shots if filled else ()
    return {shot.name: shot for shot in shots}, problems


FILES = {
    "CK-MEC-A1_1.jpg": photo(),
    "CK-MEC-A2/微信图片_20261106093012.jpg": PLAIN,
    "CK-MEC-B1_N1-261013-010.png": photo("png"),
    "Thumbs.db": b"litter",
    "CK-MEC-A2/.DS_Store": b"litter",
    "__MACOSX/CK-MEC-A1_1.jpg": b"litter",
}


def shown(shots: Mapping[str, Shot], above: str) -> dict[str, tuple[str, str]]:
    return {name.removeprefix(f"{above}/"): (shot.item, shot.case) for name, shot in shots.items()}


def test_a_folder_and_an_archive_of_it_say_the_same(tmp_path: Path, blank: Blank) -> None:
    folder = laid(tmp_path / "photos", FILES)
    archive = packed(tmp_path / "photos.zip", FILES)
    expected = {
        "CK-MEC-A1_1.jpg": ("CK-MEC-A1", ""),
        "CK-MEC-A2/微信图片_20261106093012.jpg": ("CK-MEC-A2", ""),
        "CK-MEC-B1_N1-261013-010.png": ("CK-MEC-B1", "N1-261013-010"),
    }
    for path in (folder, archive):
        assert back.audit_named(path) == ""
        shots, problems = read(path, blank)
        assert problems == []
        assert shown(shots, "photos") == expected
        read_again = {name.removeprefix("photos/"): shot.read() for name, shot in shots.items()}
        assert read_again == {name: FILES[name] for name in expected}
    one, other = (back.read(path, blank, CHINA)[0] for path in (folder, archive))
    assert isinstance(one, Filled)
    assert isinstance(other, Filled)
    assert one.source.digest == other.source.digest
    assert (one.audit, one.source.channel) == ("", "photos")


def test_a_camera_proves_the_time_and_a_name_does_not(tmp_path: Path, blank: Blank) -> None:
    shots, _ = read(laid(tmp_path / "photos", FILES), blank)
    at = datetime(2026, 11, 6, 9, 30, 12, tzinfo=CHINA)
    sent = shots["photos/CK-MEC-A2/微信图片_20261106093012.jpg"]
    assert (sent.taken, sent.unproven) == (at, True)
    own = shots["photos/CK-MEC-A1_1.jpg"]
    assert (own.taken, own.unproven) == (at, False)


def test_one_photo_is_enough(tmp_path: Path, blank: Blank) -> None:
    path = laid(tmp_path, {"CK-MEC-A1.JPG": photo()}) / "CK-MEC-A1.JPG"
    assert back.audit_named(path) == ""
    shots, problems = read(path, blank)
    assert (problems, [shot.item for shot in shots.values()]) == ([], ["CK-MEC-A1"])


def test_a_folder_named_after_an_item_ties_its_photos(tmp_path: Path, blank: Blank) -> None:
    folder = laid(tmp_path / "CK-MEC-A1", {"IMG_1.jpg": photo(), "2/IMG_2.jpg": photo()})
    shots, problems = read(folder, blank)
    assert (problems, {shot.item for shot in shots.values()}) == ([], {"CK-MEC-A1"})


def test_a_photo_by_itself_is_tied_by_the_folder_it_lies_in(tmp_path: Path, blank: Blank) -> None:
    folder = laid(tmp_path / "CK-MEC-A1", {"IMG_1.jpg": photo(), "CK-MEC-B1.jpg": photo()})
    shots, problems = read(folder / "IMG_1.jpg", blank)
    assert (problems, shots["IMG_1.jpg"].item) == ([], "CK-MEC-A1")
    assert read(folder / "CK-MEC-B1.jpg", blank)[0]["CK-MEC-B1.jpg"].item == "CK-MEC-B1"


def test_what_nobody_can_tie_is_kept_and_told_once(tmp_path: Path, blank: Blank) -> None:
    folder = laid(tmp_path / "photos", {f"mmexport179392861234{n}.jpg": PLAIN for n in range(9)})
    shots, problems = read(folder, blank)
    assert [problem.code for problem in problems] == ["F095"]
    assert problems[0].values["number"] == "9"
    assert [(shot.item, shot.unproven) for shot in shots.values()] == [("", True)] * 9


def test_what_is_no_photo_is_told_and_the_photos_beside_it_are_read(
    tmp_path: Path, blank: Blank
) -> None:
    files = {"CK-MEC-A1.jpg": photo(), "note.txt": b"hello", "a.svg": b"<svg/>", "b.jpg": b""}
    shots, problems = read(laid(tmp_path / "photos", files), blank)
    assert len(shots) == 1
    told = sorted((Path(problem.place.path).name, problem.code) for problem in problems)
    assert told == [("a.svg", "F084"), ("b.jpg", "F083"), ("note.txt", "F080")]


def test_nothing_is_followed_out_of_the_folder(tmp_path: Path, blank: Blank) -> None:
    outside = laid(tmp_path / "outside", {"CK-MEC-A1.jpg": photo()})
    folder = laid(tmp_path / "photos", {"CK-MEC-A2.jpg": photo()})
    (folder / "link").symlink_to(outside)
    (folder / "CK-MEC-B1.jpg").symlink_to(outside / "CK-MEC-A1.jpg")
    shots, problems = read(folder, blank)
    assert [shot.item for shot in shots.values()] == ["CK-MEC-A2"]
    assert [problem.code for problem in problems] == ["F092", "F092"]


def test_an_archive_that_leads_out_is_read_not_at_all(tmp_path: Path, blank: Blank) -> None:
    path = packed(tmp_path / "a.zip", {"../CK-MEC-A1.jpg": photo()})
    filled, problems = back.read(path, blank, CHINA)
    assert (filled, [problem.code for problem in problems]) == (None, ["F011"])


def test_an_empty_folder_is_told(tmp_path: Path, blank: Blank) -> None:
    filled, problems = back.read(laid(tmp_path / "photos", {".gitkeep": b""}), blank, CHINA)
    assert (filled, [problem.code for problem in problems]) == (None, ["F090"])


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", b"hello"), ("answers.json", b"{}"), ("a.svg", b"<svg/>"), ("a.zip", b"PK")],
)
def test_other_files_are_left_to_others(tmp_path: Path, name: str, content: bytes) -> None:
    assert back.audit_named(laid(tmp_path, {name: content}) / name) is None


def test_an_archive_with_answers_is_left_to_others(tmp_path: Path) -> None:
    files = {"answers.json": b"{}", "photos/CK-MEC-A1_1.jpg": photo()}
    assert back.audit_named(packed(tmp_path / "form.zip", files)) is None


def test_too_many_photos_are_told(
    tmp_path: Path, blank: Blank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(back, "MOST", 2)
    files = {f"CK-MEC-A1_{n}.jpg": PLAIN for n in range(4)}
    for path in (laid(tmp_path / "photos", files), packed(tmp_path / "photos.zip", files)):
        shots, problems = read(path, blank)
        assert (len(shots), [problem.code for problem in problems]) == (2, ["F091"])
