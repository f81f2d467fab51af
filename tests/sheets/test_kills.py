"""An import killed at any operation on a file leaves the audit as it was, or as it was to be."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from tests.sheets.counter import kitchen, opened, snapshot
from tests.sheets.killing import Disk, KilledError, at_home, in_memory, killed, sheets, whole

from sopaudit import file
from sopaudit.evidence import transaction
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.transaction import (
    COMMITTED,
    JOURNAL,
    BrokenJournalError,
    OvertakenError,
    settle,
    waiting,
)
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.intake.bringing import bring


class Before(NamedTuple):
    """An audit and what is to go into it."""

    folder: AuditFolder
    filled: list[Filled]
    files: dict[str, bytes]
    after: dict[str, bytes]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", in_memory)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    home = tmp_path_factory.mktemp("kills")
    folder = opened(kitchen(home, bare=False))
    filled = sheets(folder)
    done = home / "audits/done"
    shutil.copytree(folder.folder, done)
    bring(at_home(folder, done), filled, replace=True)
    return Before(folder, filled, snapshot(folder.folder), snapshot(done))


def brought(before: Before, home: Path, at: int, *, after: bool) -> Disk:
    """Bring the sheets into a copy, and be killed on the way."""
    shutil.copytree(before.folder.folder, home)
    disk = Disk(at, killed, after=after)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "os", disk)
        patch.setattr(file, "os", disk)
        try:
            bring(at_home(before.folder, home), before.filled, replace=True)
        except KilledError:
            assert disk.over
    return disk


@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_operation_leaves_all_or_nothing(
    before: Before, tmp_path: Path, *, after: bool
) -> None:
    seen = set[str]()
    # After one operation is before the next: every other of each leaves no state out.
    for at in range(1, 200, 2):
        home = tmp_path / str(at)
        disk = brought(before, home, at, after=after)
        committed = bool(waiting(home))
        settle(home)
        found = snapshot(home)
        assert found in (before.files, before.after), (at, disk.done[-1])
        assert not committed or found == before.after, (at, disk.done[-1])
        assert not (home / JOURNAL).exists(), (at, disk.done[-1])
        if not disk.over:
            break
        seen.add("after" if found == before.after else "before")
    assert seen == {"before", "after"}
    assert at > 50  # twice, before an operation and after it
    assert set(disk.done) == {
        "open",
        "write",
        "fsync",
        "replace",
        "rename",
        "unlink",
        "mkdir",
        "rmdir",
    }


def test_a_file_is_never_half_of_another_even_before_the_next_run(
    before: Before, tmp_path: Path
) -> None:
    for at in range(1, 100, 3):
        home = tmp_path / str(at)
        brought(before, home, at, after=True)
        for name, text in whole(home).items():
            assert text in (before.files.get(name), before.after[name])


def test_an_interrupted_import_is_told_and_the_next_one_finishes_it(
    before: Before, tmp_path: Path
) -> None:
    home = tmp_path / "a"
    for at in range(20, 60):
        shutil.rmtree(home, ignore_errors=True)
        brought(before, home, at, after=True)
        if waiting(home):
            break
    problems = read_audit(home, before.folder.handbook)[1]
    assert "F073" in {problem.code for problem in problems}
    assert [path.suffix for path in waiting(home)] == [COMMITTED]
    found = bring(at_home(before.folder, home), [])
    assert found.files == ()
    assert snapshot(home) == before.after
    assert read_audit(home, before.folder.handbook)[1] == []


def test_an_import_killed_while_it_finishes_another_is_finished_by_the_third(
    before: Before, tmp_path: Path
) -> None:
    for again in range(1, 20):
        home = tmp_path / str(again)
        brought(before, home, 45, after=True)
        disk = Disk(again, killed, after=False)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(transaction, "os", disk)
            patch.setattr(file, "os", disk)
            try:
                settle(home)
            except KilledError:
                assert disk.over
        settle(home)
        assert snapshot(home) in (before.files, before.after)


# --- somebody else writes meanwhile --------------------------------------------------------------

RECORD: Final = "answers/COOK.json"


def interrupted(before: Before, home: Path) -> None:
    """Leave a committed change whose record is not in its place yet."""
    for at in range(20, 60):
        shutil.rmtree(home, ignore_errors=True)
        brought(before, home, at, after=True)
        if waiting(home) and whole(home).get(RECORD) == before.files[RECORD]:
            return
    pytest.fail("the record is in its place at once")


def test_what_is_written_between_a_crash_and_the_next_command_is_never_overwritten(
    before: Before, tmp_path: Path
) -> None:
    kept = set[str]()
    for at in range(1, 200, 2):
        home = tmp_path / str(at)
        disk = brought(before, home, at, after=True)
        if not disk.over:
            break
        if not waiting(home):
            continue
        mine = (home / RECORD).read_bytes() + b"\n"
        (home / RECORD).write_bytes(mine)
        there = snapshot(home)
        told = ""
        try:
            settle(home)
        except OvertakenError as error:
            told = f"{error.code} {error.place.name}"
        # Else the other was in its place before somebody changed it there.
        assert told in {"", "F074 COOK.json"}
        assert not told or snapshot(home) == there
        kept.add(told)
        assert (home / RECORD).read_bytes() == mine
    assert len(kept) == 2


def test_the_way_out_that_is_told_keeps_both(before: Before, tmp_path: Path) -> None:
    home = tmp_path / "a"
    interrupted(before, home)
    document = json.loads((home / RECORD).read_text(encoding="utf-8"))
    document["answers"][-1]["note"] = "written by hand"
    (home / RECORD).write_text(json.dumps(document), encoding="utf-8")
    folder = at_home(before.folder, home)
    assert [one.code for one in bring(folder, before.filled).problems] == ["F074"]
    [left] = waiting(home)
    assert bring(folder, before.filled).problems[0].values == {"journal": left.as_posix()}
    shutil.move(left, tmp_path / "elsewhere")
    bring(folder, before.filled, replace=True)
    told = json.loads((home / RECORD).read_text(encoding="utf-8"))["answers"]
    assert "written by hand" in {one.get("note") for one in told}
    done = {one["item"]: one for one in json.loads(before.after[RECORD])["answers"]}
    assert {one["item"] for one in told} == {*done}


def test_a_file_that_is_not_there_yet_is_not_taken_for_one_in_its_place(
    before: Before, tmp_path: Path
) -> None:
    """A folder that is kept the same on two machines may bring the list before the files."""
    home = tmp_path / "a"
    interrupted(before, home)
    listed = json.loads((waiting(home)[0] / transaction.LIST).read_bytes())
    number = [one["name"] for one in listed].index(RECORD)
    late = waiting(home)[0] / str(number)
    content = late.read_bytes()
    late.unlink()
    there = snapshot(home)
    with pytest.raises(BrokenJournalError) as caught:
        settle(home)
    assert (caught.value.code, snapshot(home)) == ("F071", there)
    late.write_bytes(content)
    settle(home)
    assert snapshot(home) == before.after


def test_what_an_older_edition_left_is_finished(before: Before, tmp_path: Path) -> None:
    home = tmp_path / "a"
    interrupted(before, home)
    path = waiting(home)[0] / transaction.LIST
    listed = json.loads(path.read_bytes())
    path.write_text(json.dumps([{n: one[n] for n in ("name", "sha256")} for one in listed]))
    settle(home)
    assert snapshot(home) == before.after


def busy(folder: AuditFolder, filled: list[Filled], times: int) -> list[Filled]:
    """Let somebody save a record while the photos of a sheet are read, so many times."""
    left = [times]

    def read() -> bytes:
        if left[0]:
            left[0] -= 1
            path = folder.folder / RECORD
            document = json.loads(path.read_bytes())
            document["answers"][-1]["note"] = f"saved meanwhile, {left[0]} to go"
            path.write_text(json.dumps(document), encoding="utf-8")
        return filled[0].shots[0].read()

    shots = (replace(filled[0].shots[0], read=read), *filled[0].shots[1:])
    return [replace(filled[0], shots=shots), *filled[1:]]


def test_a_record_somebody_saves_during_an_import_is_merged_as_it_is_then(
    before: Before, tmp_path: Path
) -> None:
    home = shutil.copytree(before.folder.folder, tmp_path / "a")
    folder = at_home(before.folder, home)
    assert bring(folder, busy(folder, before.filled, 2), replace=True).saved
    told = json.loads((home / RECORD).read_bytes())["answers"]
    assert "saved meanwhile, 0 to go" in {one.get("note") for one in told}
    assert not (home / JOURNAL).exists()


def test_a_record_somebody_saves_again_and_again_is_told_and_nothing_is_written(
    before: Before, tmp_path: Path
) -> None:
    home = shutil.copytree(before.folder.folder, tmp_path / "a")
    folder = at_home(before.folder, home)
    with pytest.raises(OSError, match="busy") as caught:
        bring(folder, busy(folder, before.filled, 9), replace=True)
    assert caught.value.filename == (home / RECORD).as_posix()
    files = {name: text for name, text in snapshot(home).items() if name != RECORD}
    assert files == {name: text for name, text in before.files.items() if name != RECORD}


# --- folders nobody can write into ---------------------------------------------------------------


def denied(path: Path) -> Callable[..., bool]:
    """Stand in for `os.access`, which lets root do anything: this path may not be written to."""
    return lambda asked, mode, **_: Path(asked) != path or not mode & os.W_OK


@pytest.mark.parametrize("room", ["answers", "evidence", "journal"])
def test_a_file_in_the_place_of_a_folder_is_told_and_nothing_is_committed(
    room: str, before: Before, tmp_path: Path
) -> None:
    home = shutil.copytree(before.folder.folder, tmp_path / "a")
    shutil.rmtree(home / room, ignore_errors=True)
    (home / room).write_text("mine", encoding="utf-8")
    there = snapshot(home)
    with pytest.raises(NotADirectoryError) as caught:
        bring(at_home(before.folder, home), before.filled, replace=True)
    assert caught.value.filename == (home / room).as_posix()
    assert snapshot(home) == there
    assert waiting(home) == []


@pytest.mark.parametrize("name", ["", "answers", RECORD])
def test_what_may_not_be_written_is_told_before_anything_is_committed(
    name: str, before: Before, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(before.folder.folder, tmp_path / "a")
    monkeypatch.setattr(os, "access", denied(home / name))
    with pytest.raises(PermissionError) as caught:
        bring(at_home(before.folder, home), before.filled, replace=True)
    assert caught.value.filename == (home / name).as_posix()
    assert snapshot(home) == before.files
    assert not (home / JOURNAL).exists()


def test_a_place_that_cannot_be_filled_any_more_is_told_by_its_own_name(
    before: Before, tmp_path: Path
) -> None:
    home = tmp_path / "a"
    interrupted(before, home)
    shutil.rmtree(home / "answers")
    (home / "answers").mkdir()
    (home / RECORD).mkdir()
    path = waiting(home)[0] / transaction.LIST
    listed = json.loads(path.read_bytes())
    path.write_text(json.dumps([{n: one[n] for n in ("name", "sha256")} for one in listed]))
    with pytest.raises(OSError, match="directory") as caught:
        settle(home)
    assert caught.value.filename == (home / RECORD).as_posix()
