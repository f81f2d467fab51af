"""`sopaudit import` of filled sheets: which audit, what is told, how it ends."""

import hashlib
import json
import shutil
import time
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

import pytest
from tests.sheets.counter import Desk, kitchen, opened, photo, shot, snapshot
from tests.sheets.filling import typed
from tests.sheets.xlsx.desk import Typist, resaved
from tests.zoo.animals import told

from sopaudit.cli import main, stop
from sopaudit.evidence.record import Record, Source
from sopaudit.problems import Place, Problem
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.intake import plain, reading
from sopaudit.sheets.intake.reading import Channel, Sheet, gather, read_sheets
from sopaudit.sheets.xlsx.blank import workbook
from sopaudit.sheets.xlsx.marks import HIDDEN
from sopaudit.terminal import COLUMNS, width

NO: Final = {
    "item": "0100",
    "result": "no",
    "note": "两个水池边都没有皂液，已当场补上；上午巡查时也没有，问了当班的人说是前一天用完的",
}
YES: Final = {"item": "0100", "result": "yes"}

CLOCK: Final = ', zone: "+08:00"'


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a kitchen whose audit lies where it is called."""
    kitchen(tmp_path)
    (tmp_path / "audits/a").rename(tmp_path / "audits/2026-10-n1")
    replaced(tmp_path / "sopaudit.yaml", "name: Kitchen", f"name: Kitchen{CLOCK}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sheet(shop: Path, name: str, *answers: dict[str, Any], at: str = "10:00", **more: Any) -> Path:  # noqa: ANN401
    """Write a record of the audit into a file."""
    desk = Desk(opened(shop / "audits/2026-10-n1"))
    moment = f"2026-11-06T{at}:00+08:00"
    said = told(desk, *({"at": moment, **answer} for answer in answers), **more)
    (shop / name).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return shop / name


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["sopaudit", "import", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_run_tells_files_differences_what_is_open_and_what_was_written(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], lang: str
) -> None:
    sheet(shop, "early.json", NO, {"item": "0400", "value": "2", "note": "late"}, at="09:00")
    sheet(shop, "a-name-that-is-far-too-long-for-one-line.json", YES, at="11:00")
    names = ("early.json", "a-name-that-is-far-too-long-for-one-line.json")
    assert run(monkeypatch, *names, "--lang", lang) == stop.CLEAN
    said = capfd.readouterr()
    assert said.err == ""
    lines = said.out.splitlines()
    assert max(map(width, lines)) <= COLUMNS
    assert lines[0].split() == (
        ["文件", "来源", "检查项"] if lang == "zh" else ["file", "channel", "items"]
    )
    assert lines[1].split() == ["early.json", "Excel", "2"]
    counts = next(line for line in lines if "→" in line and "11:00" in line)
    assert ("符合" if lang == "zh" else "Conforming") in counts
    assert any("09:00" in line for line in lines)
    assert any("COOK" in line and "0200, 0300" in line for line in lines)
    assert lines[-1] == "  audits/2026-10-n1/answers/COOK.json"


def test_the_audit_is_the_one_the_files_name(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet(shop, "a.json", YES)
    assert run(monkeypatch, "a.json") == stop.CLEAN
    assert (shop / "audits/2026-10-n1/answers/COOK.json").is_file()
    capfd.readouterr()
    assert run(monkeypatch, "a.json", "--lang", "en") == stop.CLEAN
    assert "nothing was changed" in capfd.readouterr().out


def test_files_of_two_audits_are_refused_and_nothing_is_written(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet(shop, "a.json", YES)
    sheet(shop, "b.json", YES, audit="2026-09-n1")
    before = snapshot(shop)
    assert run(monkeypatch, "a.json", "b.json", "--lang", "en") == stop.PROBLEMS
    assert capfd.readouterr().err.count("F063") == 2
    assert snapshot(shop) == before


def test_what_names_no_audit_needs_one_to_go_into(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet(shop, "a.json", YES)
    known = Channel("json", lambda _: "", lambda *_: (None, []))
    monkeypatch.setattr(reading, "channels", lambda: (known,))
    assert run(monkeypatch, "a.json", "--lang", "en") == stop.USAGE
    assert "--into" in capfd.readouterr().err


def test_an_audit_there_is_none_of_is_told(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet(shop, "a.json", YES)
    assert run(monkeypatch, "a.json", "--into", "audits/2026-11-n1") == stop.USAGE
    assert "2026-10-n1" in capfd.readouterr().err


def test_an_answer_that_is_there_needs_replace(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet(shop, "a.json", NO, at="09:00")
    sheet(shop, "b.json", YES, at="10:00")
    run(monkeypatch, "a.json")
    capfd.readouterr()
    assert run(monkeypatch, "b.json", "--lang", "zh") == stop.PROBLEMS
    said = capfd.readouterr()
    assert "F064" in said.err
    assert "请加 --replace" in said.out
    assert "都已经在" not in said.out
    assert run(monkeypatch, "b.json", "--replace") == stop.CLEAN
    assert "no soap" not in said.out


def test_who_an_answer_is_about_is_told_where_that_is_the_difference(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet(shop, "a.json", {**NO, "note": "no soap", "person": "1001"}, at="09:00")
    sheet(shop, "b.json", {**NO, "note": "no soap"}, at="10:00")
    run(monkeypatch, "a.json", "b.json", "--lang", "en")
    counts, kept = (line for line in capfd.readouterr().out.splitlines() if "no soap" in line)
    assert "1001" in kept
    assert "1001" not in counts


def test_a_disk_that_will_not_be_written_is_told_and_the_audit_is_whole(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from sopaudit.evidence import transaction

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "audits/2026-10-n1/journal")

    sheet(shop, "a.json", YES)
    before = snapshot(shop)
    monkeypatch.setattr(transaction, "_put", full)
    assert run(monkeypatch, "a.json") == stop.PROBLEMS
    assert "disk is full" in capfd.readouterr().err
    assert snapshot(shop) == before
    assert not (shop / "audits/2026-10-n1/journal").exists()


# --- channels ------------------------------------------------------------------------------------


def fake(desk: Desk, name: str, ending: str) -> Channel:
    """Make a channel that knows its files by what they begin with."""

    def audit_named(path: Path) -> str | None:
        return (
            desk.folder.audit.id if path.is_file() and path.read_text().startswith(ending) else None
        )

    def read(path: Path, blank: Blank, zone: tzinfo) -> tuple[list[Filled], list[Problem]]:
        del zone
        assert blank.audit is not None
        one = desk.filled(path.name, YES, shots=(shot("0100_1.jpg", item="0100"),))
        return [one, desk.filled("more", {"item": "0400", "value": "1"})], [
            Problem(Place("photos/x.json"), "F019")
        ]

    return Channel(name, audit_named, read)


def test_a_folder_is_looked_through_and_what_is_no_sheet_is_left_to_the_photos(
    tmp_path: Path,
) -> None:
    desk = Desk(opened(kitchen(tmp_path)))
    stick = tmp_path / "photos"
    (stick / "deep").mkdir(parents=True)
    (stick / "x.json").write_text("SHEET")
    (stick / "deep/y.json").write_text("SHEET")
    (stick / "deep/.hidden").write_text("SHEET")
    (stick / "a.txt").write_text("other")
    (stick / "link").symlink_to("x.json")
    photos = Channel(
        "photos", lambda path: "" if path.suffix == ".txt" else None, lambda *_: (None, [])
    )
    known = (fake(desk, "form", "SHEET"), photos)
    found = gather([stick, stick], known)
    assert [one.path.name for one in found.sheets] == ["y.json", "x.json", "photos"]
    assert found.audits == (desk.folder.audit.id,)
    read, problems = read_sheets(found.sheets, desk.blank, desk_zone())
    assert [len(several) for _, several in read] == [2, 2, 0]
    assert len(problems) == 2


def test_what_photos_tell_of_a_sheet_in_their_folder_is_not_told(tmp_path: Path) -> None:
    desk = Desk(opened(kitchen(tmp_path)))
    own = Problem(Place("photos/x.json"), "F019")
    other = Problem(Place("photos/y.mov"), "F019")
    known = Channel("photos", lambda _: "", lambda *_: (None, [own, other]))
    sheets = [
        Sheet(Path("photos/x.json"), fake(desk, "form", ""), ""),
        Sheet(Path("photos"), known, ""),
    ]
    _, problems = read_sheets(sheets[1:], desk.blank, desk_zone())
    assert problems == [own, other]
    silent = Channel("form", lambda _: "", lambda *_: (None, []))
    _, problems = read_sheets(
        [Sheet(sheets[0].path, silent, ""), sheets[1]], desk.blank, desk_zone()
    )
    assert problems == [other]


def desk_zone() -> tzinfo:
    from datetime import UTC

    return UTC


def test_a_file_that_holds_a_record_is_none(tmp_path: Path) -> None:
    """A form holds records, and an archive that is not packed shows them at its beginning."""
    record = b'{"schema": "sopaudit.answers/1", "audit": "a"}'
    path = tmp_path / "a"
    for text, audit in (
        (record, "a"),
        (b"\xef\xbb\xbf\n" + record, "a"),
        (b'{"schema": "sopaudit.filled/1", "records": [' + record + b"]}", None),
        (b"PK\x03\x04 answers.json" + record, None),
    ):
        path.write_bytes(text)
        assert plain.audit_named(path) == audit


def test_a_record_of_another_folder_brings_its_photos_along(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = photo("soap")
    digest = hashlib.sha256(taken).hexdigest()
    home = shop / "elsewhere"
    (home / "answers").mkdir(parents=True)
    (home / "evidence").mkdir()
    (home / "evidence/1.jpg").write_bytes(taken)
    named = {"file": "evidence/1.jpg", "sha256": digest, "taken": "2026-11-06T08:00:00+08:00"}
    path = sheet(shop, "x.json", {**NO, "evidence": [named]})
    path.rename(home / "answers/COOK.json")
    assert run(monkeypatch, "elsewhere/answers/COOK.json") == stop.CLEAN
    audit = shop / "audits/2026-10-n1"
    record = Record.model_validate(json.loads((audit / "answers/COOK.json").read_text("utf-8")))
    assert record.answers[0].evidence[0].sha256 == digest
    assert not record.answers[0].evidence[0].unproven
    shutil.rmtree(home)
    assert (audit / record.answers[0].evidence[0].file).read_bytes() == taken
    assert isinstance(record.sources[0], Source)


# --- photos a chat program renamed ---------------------------------------------------------------

CHAT: Final = (
    "微信图片_20261106093012.jpg",
    "mmexport1793928612345.jpg",
    "IMG-20261106-WA0001.jpg",
)


def test_photos_tied_to_nothing_go_onto_a_contact_sheet_which_ties_them(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet(shop, "a.json", NO)
    (shop / "chat").mkdir()
    for name in CHAT:
        (shop / "chat" / name).write_bytes(photo(name))
    words = ("a.json", "chat", "--into", "audits/2026-10-n1", "--lang", "zh")
    # That photos are not tied yet is told, once, and is no failure.
    assert run(monkeypatch, *words) == stop.CLEAN
    said = capfd.readouterr()
    assert said.err.count("提示：") == said.err.count("F095") == 1
    assert "照片清单：2026-10-n1-photos.xlsx" in said.out
    made = shop / "2026-10-n1-photos.xlsx"
    blank = made.read_bytes()
    # Photos are listed as people count: IMG, mmexport, 微信图片.
    made.write_bytes(typed(blank, {"D5": "0100", "D6": "0100"}))
    filled_in = made.read_bytes()
    assert run(monkeypatch, *words) == stop.CLEAN
    assert "2026-10-n1-photos-2.xlsx" in capfd.readouterr().out
    assert made.read_bytes() == filled_in
    assert (shop / "2026-10-n1-photos-2.xlsx").is_file()
    assert run(monkeypatch, made.name, "--lang", "zh") == stop.CLEAN
    said = capfd.readouterr()
    assert "照片清单：" not in said.out, said
    audit = opened(shop / "audits/2026-10-n1")
    files = audit.records["COOK"].answers[0].evidence
    digests = {hashlib.sha256(photo(name)).hexdigest() for name in CHAT[:2]}
    assert {file.sha256 for file in files} == digests
    assert all(file.unproven and file.taken for file in files)
    page = "report audits/2026-10-n1 --lang zh --format html -o r.html"
    monkeypatch.setattr("sys.argv", ["sopaudit", *page.split()])
    with pytest.raises(SystemExit):
        main.main()
    assert (shop / "r.html").read_text("utf-8").count("时间未证实") >= 2


def test_where_no_photo_is_loose_no_contact_sheet_is_written(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet(shop, "a.json", NO)
    (shop / "0100_1.jpg").write_bytes(photo("0100"))
    words = ("a.json", "0100_1.jpg", "--into", "audits/2026-10-n1")
    assert run(monkeypatch, *words) == stop.CLEAN
    assert not list(shop.glob("*.xlsx"))


# --- the clock of the organisation ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("computer", "said"), [("UTC", True), ("Asia/Shanghai", True), ("UTC", False)]
)
def test_which_answer_counts_is_the_same_on_every_computer_once_the_handbook_has_a_clock(
    shop: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    computer: str,
    *,
    said: bool,
) -> None:
    """The workbook was filled at 10:30, and tells no offset; the record half an hour later."""
    if not said:
        replaced(shop / "sopaudit.yaml", CLOCK, "")
    sheet(shop, "a.json", {**NO, "at": "2026-11-06T03:00:00+00:00"})
    desk = Desk(opened(shop / "audits/2026-10-n1"))
    typist = Typist(workbook(desk.blank, "zh")).item("0100", result="符合")
    (shop / "b.xlsx").write_bytes(typist.type("@at", "note", "2026-11-06 10:30").done())
    monkeypatch.setenv("TZ", computer)
    time.tzset()
    try:
        assert run(monkeypatch, "a.json", "b.xlsx", "--lang", "zh") == stop.CLEAN
    finally:
        monkeypatch.undo()
        time.tzset()
    lines = capfd.readouterr().out.splitlines()
    first, second = (line.removeprefix("  → ").split()[:3] for line in lines if "11-06" in line)
    if said:
        assert (first, second) == (["a.json", "11-06", "11:00"], ["b.xlsx", "11-06", "10:30"])
    else:
        assert (first, second) == (["b.xlsx", "11-06", "10:30"], ["a.json", "11-06", "03:00"])


# --- nothing to import ---------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_no_file_could_be_used_it_is_said_that_nothing_was_imported(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], lang: str
) -> None:
    desk = Desk(opened(shop / "audits/2026-10-n1"))
    (shop / "empty.xlsx").write_bytes(workbook(desk.blank, "zh"))
    sheet(shop, "of another.json", YES, audit="2026-09-n1")
    (shop / "notes.txt").write_text("nothing")
    alone = ("empty.xlsx", "F020"), ("of another.json", "F008"), ("notes.txt", "F019")
    nothing = (
        "什么都没有导入，原因如下。\n" if lang == "zh" else "Nothing was imported; this is why:\n"
    )
    for name, code in alone:
        assert run(monkeypatch, name, "--into", "audits/2026-10-n1", "--lang", lang) == 1
        said = capfd.readouterr()
        assert (said.out, code in said.err) == (nothing, True), name


def test_of_a_workbook_without_its_hidden_sheet_it_is_said_that_it_lacks_it(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(opened(shop / "audits/2026-10-n1"))
    whole = workbook(desk.blank, "zh")
    (shop / "a.xlsx").write_bytes(resaved(whole, lambda n, rows: [] if n == HIDDEN else rows))
    assert run(monkeypatch, "a.xlsx", "--lang", "en") == stop.PROBLEMS
    said = capfd.readouterr().err
    assert "a.xlsx:1:1: F017" in said
    assert "No file says which audit" not in said


def test_beside_what_was_there_already_a_file_that_could_not_be_used_is_not_called_known(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet(shop, "a.json", YES)
    sheet(shop, "b.json", YES, audit="2026-09-n1")
    run(monkeypatch, "a.json")
    capfd.readouterr()
    words = ("a.json", "b.json", "--into", "audits/2026-10-n1", "--lang", "en")
    assert run(monkeypatch, *words) == stop.PROBLEMS
    said = capfd.readouterr().out
    assert "What could be used was there already" in said


def test_of_a_final_audit_no_photo_is_counted(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet(shop, "a.json", YES)
    replaced(shop / "audits/2026-10-n1/audit.yaml", "kind: region", "kind: region\nstate: final")
    (shop / "chat").mkdir()
    for name in ("0100_1.jpg", *CHAT):
        (shop / "chat" / name).write_bytes(photo(name))
    words = ("a.json", "chat", "--into", "audits/2026-10-n1", "--lang", "zh")
    assert run(monkeypatch, *words) == stop.PROBLEMS
    said = capfd.readouterr()
    assert "提示" not in said.err
    assert said.out == "什么都没有导入，原因如下。\n"
    assert said.err.count("F062") == 1


# --- edited by hand ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"), [('"no"', '"partial"'), ("no soap", ""), ("no soap", "no towel")]
)
def test_a_record_somebody_edited_is_not_taken_for_what_its_sheet_says(
    shop: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    old: str,
    new: str,
) -> None:
    sheet(shop, "a.json", {**NO, "note": "no soap"})
    run(monkeypatch, "a.json")
    home = shop / "audits/2026-10-n1/answers/COOK.json"
    replaced(home, old, new)
    before = home.read_bytes()
    for lang, name in (("zh", "已有的答案（改过）"), ("en", "there already (edited)")):
        capfd.readouterr()
        assert run(monkeypatch, "a.json", "--lang", lang) == stop.PROBLEMS
        said = capfd.readouterr()
        assert f"  → {name}" in said.out
        assert "\n    a.json" in said.out
        assert "F064" in said.err
    assert home.read_bytes() == before


def test_an_empty_name_is_not_this_folder(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(shop)
    assert run(monkeypatch, "", "--into", "audits/2026-10-n1") == stop.USAGE
    assert "One of the names is empty" in capfd.readouterr().err
    assert snapshot(shop) == before
