"""Every animal of the zoo ends in the Problem it should, and never in anything else."""

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.sheets.counter import ZONE, Desk, kitchen, opened, snapshot
from tests.zoo.animals import ANSWERED, YES, ZOO, told

from sopaudit.cli import stop
from sopaudit.cli.bringing import bringing
from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.audit import read_audit
from sopaudit.evidence.tables import open_table
from sopaudit.problems import LANGUAGES, Problem
from sopaudit.sheets.intake.bringing import bring
from sopaudit.sheets.intake.reading import gather, read_sheets


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Handbook:
    home = tmp_path_factory.mktemp("book")
    kitchen(home)
    handbook, problems = load_handbook(home)
    assert handbook is not None, problems
    return handbook


@pytest.fixture
def desk(tmp_path: Path, handbook: Handbook) -> Desk:
    return Desk(opened(kitchen(tmp_path / "book"), replace(handbook, folder=tmp_path / "book")))


def codes(desk: Desk, paths: list[Path]) -> list[str]:
    """Import files, and give the codes of what is told; each is said in both languages."""
    gathered = gather(paths)
    read, problems = read_sheets(gathered.sheets, desk.blank, ZONE)
    brought = bring(desk.folder, [one for _, several in read for one in several])
    found = [*gathered.problems, *problems, *brought.problems]
    said = [problem.text(lang) for problem in found for lang in LANGUAGES]
    assert all(said)
    assert all(sign.isprintable() or sign == "\n" for text in said for sign in text)
    return [problem.code for problem in found]


def imported(
    desk: Desk, paths: list[Path], patch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> tuple[int, list[str]]:
    """Run the command on a handbook that is read already; give how it ends and what it tells."""
    patch.setattr("sopaudit.cli.session.opened", lambda *_: (desk.folder.handbook, "en"))
    try:
        bringing(paths, desk.folder.folder, replace=False, handbook=None, lang="en")
    except stop.Stop as ended:
        code = ended.code
    else:
        code = stop.CLEAN
    return code, re.findall(r"^\S.*?: ([A-Z]\d{3}) ", capfd.readouterr().err, re.MULTILINE)


@pytest.mark.parametrize("name", ZOO)
def test_a_bad_file_ends_in_its_problem_and_changes_nothing_it_should_not(
    name: str,
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    built, expected = ZOO[name]
    cage = tmp_path / "cage"
    cage.mkdir()
    paths = built(cage, desk)
    before = {path: path.read_bytes() for path in cage.rglob("*") if path.is_file()}
    around = snapshot(tmp_path / "book")
    ended = imported(desk, paths, monkeypatch, capfd)
    assert ended == (stop.PROBLEMS if expected else stop.CLEAN, [*expected])
    assert {path: path.read_bytes() for path in cage.rglob("*") if path.is_file()} == before
    after = snapshot(tmp_path / "book")
    assert {name: after[name] for name in around} == around
    new = set(after) - set(around)
    assert bool(new) == (name in ANSWERED or not expected), new
    assert all(name.startswith(("audits/a/answers/", "audits/a/evidence/")) for name in new)
    assert not any(b"PK\x03\x04" in after[name] for name in new)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "cage"]


def test_the_zoo_is_large_enough() -> None:
    assert len(ZOO) >= 30


@pytest.mark.parametrize("room", ["answers", "evidence"])
def test_a_folder_that_is_a_link_out_of_the_audit_is_told_and_not_written_to(
    room: str, desk: Desk, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (desk.folder.folder / room).symlink_to(outside)
    paths = ZOO["a photo called .zip"][0](tmp_path, desk)
    paths += ZOO["a script in a remark"][0](tmp_path, desk)
    assert codes(desk, paths) == ["A042"]
    assert not [*outside.iterdir()]


def test_a_list_of_evidence_that_is_a_pipe_is_told(desk: Desk, tmp_path: Path) -> None:
    (desk.folder.folder / "evidence").mkdir()
    os.mkfifo(desk.folder.folder / "evidence/index.json")
    assert codes(desk, ZOO["a photo called .zip"][0](tmp_path, desk)) == ["F060"]


def test_a_record_or_a_table_that_is_a_pipe_is_told_and_not_waited_for(
    desk: Desk, tmp_path: Path
) -> None:
    home = desk.folder.folder
    (home / "answers").mkdir(exist_ok=True)
    (home / "answers/COOK.json").unlink(missing_ok=True)
    os.mkfifo(home / "answers/COOK.json")
    os.mkfifo(tmp_path / "log.csv")
    assert [problem.code for problem in read_audit(home, desk.folder.handbook)[1]] == ["A043"]
    assert codes(desk, ZOO["a script in a remark"][0](tmp_path, desk)) == ["Y067"]
    table = open_table(tmp_path / "log.csv", "log")
    assert isinstance(table, Problem)
    assert table.code == "Y067"


def test_an_interrupted_change_nested_without_end_is_told(desk: Desk, tmp_path: Path) -> None:
    left = desk.folder.folder / "journal/1.committed"
    left.mkdir(parents=True)
    (left / "list.json").write_text("[" * 100_000, encoding="utf-8")
    assert codes(desk, ZOO["a photo called .zip"][0](tmp_path, desk)) == ["F071"]


@pytest.mark.parametrize("ending", ["staged", "committed"])
def test_what_somebody_put_among_interrupted_changes_is_told_and_not_deleted(
    ending: str, desk: Desk, tmp_path: Path
) -> None:
    left = desk.folder.folder / f"journal/1.{ending}"
    (left / "mine").mkdir(parents=True)
    (left / "mine/notes.txt").write_text("kept", encoding="utf-8")
    assert codes(desk, ZOO["a photo called .zip"][0](tmp_path, desk)) == ["F071"]
    assert (left / "mine/notes.txt").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("ending", ["staged", "committed"])
def test_a_link_among_interrupted_changes_is_told_and_not_followed(
    ending: str, desk: Desk, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "0").write_text("kept", encoding="utf-8")
    (desk.folder.folder / "journal").mkdir()
    (desk.folder.folder / f"journal/1.{ending}").symlink_to(mine)
    assert codes(desk, ZOO["a photo called .zip"][0](tmp_path, desk)) == ["F071"]
    assert (mine / "0").read_text(encoding="utf-8") == "kept"


def test_a_bad_file_holds_up_no_good_one(desk: Desk, tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    good.write_text(json.dumps(told(desk, YES)), encoding="utf-8")
    bad = ZOO["a bomb"][0](tmp_path, desk)
    assert codes(desk, [*bad, good]) == ["F012"]
    found, _ = read_audit(desk.folder.folder, desk.folder.handbook)
    assert found is not None
    assert [one.item for one in found.records["COOK"].answers] == ["0100"]


def test_signs_nobody_sees_do_not_reach_the_record(desk: Desk, tmp_path: Path) -> None:
    assert codes(desk, ZOO["a remark that steers the screen"][0](tmp_path, desk)) == []
    found, _ = read_audit(desk.folder.folder, desk.folder.handbook)
    assert found is not None
    assert found.records["COOK"].answers[0].note == "[2Jgood"


def test_a_file_the_system_will_not_open_is_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "COOK.json"
    path.write_bytes(b"{}")
    real = Path.open

    def refusing(self: Path, *args: Any) -> Any:  # noqa: ANN401 -- as the real one
        if self == path:
            raise PermissionError(13, "Permission denied", str(path))
        return real(self, *args)

    monkeypatch.setattr(Path, "open", refusing)
    assert codes(desk, [path]) == ["Y061"]
    shutil.rmtree(tmp_path / "book")
