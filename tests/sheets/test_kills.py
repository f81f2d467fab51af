"""An import killed at any operation on a file leaves the audit as it was, or as it was to be."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.sheets.counter import kitchen, opened, snapshot
from tests.sheets.killing import Disk, KilledError, at_home, in_memory, killed, sheets, whole

from sopaudit import file
from sopaudit.evidence import transaction
from sopaudit.evidence.audit import AuditFolder, read_audit
from sopaudit.evidence.transaction import COMMITTED, JOURNAL, settle, waiting
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
