"""A copy of a handbook in a folder, a ZIP file, or git."""

import zipfile
from pathlib import Path

import pytest

from sopaudit.reading import copy as copies
from sopaudit.reading.copy import NoCopyError, beside, copy

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"


def zipped(path: Path, folder: str = "", extra: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(TINY.rglob("*.yaml")):
            archive.write(file, folder + file.relative_to(TINY).as_posix())
        for name, raw in (extra or {}).items():
            archive.writestr(name, raw)
    return path


def test_a_folder_and_a_zip_of_it_hold_the_same(tmp_path: Path) -> None:
    folder = copy(str(TINY), tmp_path)
    packed = copy(str(zipped(tmp_path / "old.zip")), tmp_path)
    assert dict(packed.files) == dict(folder.files)
    assert set(folder.files) >= {"sopaudit.yaml", "sops/posts/mec.yaml", "checklists/mec.yaml"}
    assert (folder.folder, packed.folder) == (TINY, None)


def test_the_handbook_may_lie_some_folders_down_in_a_zip(tmp_path: Path) -> None:
    extra = {"other/readme.yaml": b"x", "a/b/audits/x/frozen/sopaudit.yaml": b"y"}
    packed = copy(str(zipped(tmp_path / "old.zip", "a/b/", extra)), tmp_path)
    assert dict(packed.files) == dict(copy(str(TINY), tmp_path).files)


def reason(word: str, folder: Path) -> str:
    with pytest.raises(NoCopyError) as told:
        copy(word, folder)
    return told.value.reason


def test_what_holds_no_handbook_is_told_by_what_it_is(tmp_path: Path) -> None:
    assert reason("nothing", tmp_path) == "nothing"
    assert reason(str(tmp_path), tmp_path) == "no handbook"
    (tmp_path / "text.zip").write_text("no zip", encoding="utf-8")
    assert reason(str(tmp_path / "text.zip"), tmp_path) == "damaged"
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert reason(str(tmp_path / "empty.zip"), tmp_path) == "no handbook"


def test_a_zip_that_was_cut_off_or_changed_is_damaged(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    assert reason(str(tmp_path / "cut.zip"), tmp_path) == "damaged"
    at = whole.index(b"edition")
    (tmp_path / "changed.zip").write_bytes(whole[:at] + b"EDITION" + whole[at + 7 :])
    assert reason(str(tmp_path / "changed.zip"), tmp_path) == "damaged"


def test_a_zip_that_would_fill_the_memory_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = str(zipped(tmp_path / "big.zip", extra={"sops/posts/big.yaml": bytes(100_000)}))
    monkeypatch.setattr(copies, "SIZE_LIMIT", 50_000)
    assert reason(packed, tmp_path) == "large"
    monkeypatch.setattr(copies, "FILES_LIMIT", 3)
    assert reason(packed, tmp_path) == "large"


def test_names_in_a_zip_that_lead_out_of_it_are_passed_over(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "out.zip", extra={"../sops/posts/evil.yaml": b"x"})
    assert all(".." not in name for name in copy(str(packed), tmp_path).files)


def test_a_picture_of_a_copy_is_found_and_no_link_leads_out(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "logo.svg").write_bytes(b"logo")
    (tmp_path / "secret").write_bytes(b"secret")
    (book / "link.svg").symlink_to(tmp_path / "secret")
    assert beside(str(book), book, "logo.svg") == b"logo"
    for name in ("link.svg", "../secret", "none.svg", str(tmp_path / "secret")):
        assert beside(str(book), book, name) is None
