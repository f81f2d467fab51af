"""`sopaudit fill` in a real terminal and behind a pipe: keys, colours, a kill, the codes."""

import io
import json
import re
import shutil
import signal
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.sheets.terminal.seat import Seat

from sopaudit.cli.bringing import bringing
from sopaudit.cli.fill import fill
from sopaudit.cli.score import score
from sopaudit.cli.stop import PROBLEMS, USAGE, Stop
from sopaudit.terminal import COLUMNS, width

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "handbooks" / "tiny"
AUDIT = """\
id: a
office: N1
period: {from: 2026-10-01, to: 2026-10-31}
date: 2026-11-02
kind: hq
team: [{person: "9001", role: leader}]
auditees: ["1001"]
"""
PHOTO = next((ROOT / "tests" / "errors" / "F093" / "CK-MEC-A1").glob("*.jpg"))
COLOUR = re.compile(r"\x1b\[\d+m")


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path / "book")
    place = tmp_path / "book" / "audits" / "a"
    place.mkdir(parents=True)
    (place / "audit.yaml").write_text(AUDIT, encoding="utf-8")
    return place


def piped(audit: Path, patch: pytest.MonkeyPatch, *lines: str, **more: str) -> int:
    """Pipe answers in, and give the exit code."""
    patch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    try:
        fill(str(audit), [], more.get("item"), None, more.get("lang", "en"))
    except Stop as stop:
        return stop.code
    return 0


def answers(audit: Path) -> list[tuple[str, str, str]]:
    told = json.loads((audit / "answers" / "CK-MEC.json").read_text(encoding="utf-8"))
    assert told["channel"] == "terminal"
    return [(a["item"], a["result"], a["note"]) for a in told["answers"]]


def test_answers_may_be_piped_in_and_the_code_says_whether_anything_is_open(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The end of what is piped in is as good as q.
    assert piped(audit, monkeypatch, "y", "n", "", "") == PROBLEMS
    told = capsys.readouterr().out
    assert "Written: CK-MEC.json" in told
    assert "2 items are still open" in told
    assert answers(audit) == [("CK-MEC-A1", "yes", ""), ("CK-MEC-A2", "no", "")]
    # The next one begins with what nobody answered; b goes back to what lacks a remark.
    assert piped(audit, monkeypatch, "p", "", "told half", "b", "b", "r", "worn", "q") == PROBLEMS
    photo = audit.parent / "worn.jpg"
    photo.write_bytes(PHOTO.read_bytes())
    assert piped(audit, monkeypatch, "f", str(photo), "q", item="A2") == 0
    told = capsys.readouterr().out
    written = [line for line in told.splitlines() if "Written: " in line][-1]
    assert "….jpg" in written
    assert width(written.removeprefix("> ")) <= COLUMNS
    assert answers(audit) == [
        ("CK-MEC-A1", "yes", ""),
        ("CK-MEC-A2", "no", "worn"),
        ("CK-MEC-B1", "partial", "told half"),
    ]
    assert len([*(audit / "evidence").glob("*.jpg")]) == 1
    assert len([*(audit / "journal").glob("fill-*.jsonl")]) == 3
    assert piped(audit, monkeypatch, "q") == 0
    assert "nothing was changed" in capsys.readouterr().out
    # What is there already is no news either.
    assert piped(audit, monkeypatch, "n", "", "q", item="A2") == 0
    told = capsys.readouterr().out
    assert "Written:" not in told
    assert "nothing was changed" in told


def test_a_name_nobody_knows_and_an_audit_that_is_final_are_told_at_once(
    audit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert piped(audit, monkeypatch, item="CK-MEC-Z9") == USAGE
    with pytest.raises(Stop, match="CK-MEC"):
        fill(str(audit), ["CK-MECH"], None, None, "zh")
    (audit / "audit.yaml").write_text(f"{AUDIT}state: final\n", encoding="utf-8")
    with pytest.raises(Stop, match="final") as told:
        fill(str(audit), [], None, None, "zh")
    assert told.value.code == PROBLEMS


def test_what_the_answers_of_a_session_lack_is_told_at_places_that_are_there(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = audit.parent / "lost.jpg"
    photo.write_bytes(b"no picture at all")
    assert piped(audit, monkeypatch, "f", str(photo), "", "n", "", "", "q", item="A2") == PROBLEMS
    told = capsys.readouterr().err
    places = dict(re.findall(r"^(\S+):(\d+):\d+: [A-Z]\d{3}", told, re.MULTILINE))
    record, kept = audit / "answers/CK-MEC.json", next(audit.glob("journal/fill-*.jsonl"))
    assert {*places} == {record.as_posix(), kept.as_posix()}
    lines = record.read_text(encoding="utf-8").splitlines()
    assert "CK-MEC-A2" in "".join(lines[int(places[record.as_posix()]) - 1 :][:2])


def test_answers_a_killed_session_left_are_told_by_score_and_import_and_only_those(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(call: Callable[[], None]) -> tuple[int, list[str]]:
        code = 0
        try:
            call()
        except Stop as stop:
            code = stop.code
        err = capsys.readouterr().err
        return code, re.findall(r"fill\.jsonl.*(F055.*)", err)

    def scored() -> tuple[int, list[str]]:
        return told(lambda: score([str(audit)], lang="en"))

    def imported() -> tuple[int, list[str]]:
        sheet = audit.parent / "CK-MEC.json"
        shutil.copy(audit / "answers" / "CK-MEC.json", sheet)
        return told(lambda: bringing([sheet], audit, replace=False, handbook=None, lang="en"))

    piped(audit, monkeypatch, "y", "y")
    capsys.readouterr()
    code, none = scored()
    assert none == []
    left = audit / "journal" / "fill.jsonl"
    [saved] = audit.glob("journal/fill-*.jsonl")
    whole = saved.read_bytes()
    # Cut off after the record was written: it is all there.
    left.write_bytes(whole)
    assert scored() == (code, [])
    # A remark without an answer waits for it, and goes into no record; another answer would.
    head = whole.decode().splitlines()[0]
    remark = {"at": "2026-11-02T12:00:00+08:00", "checklist": "CK-MEC", "item": "CK-MEC-B1"}
    remark |= {"field": "note", "text": "later"}
    left.write_text(f"{head}\n{json.dumps(remark)}\n", encoding="utf-8")
    assert scored() == (code, [])
    left.write_text(f"{head}\n{json.dumps({**remark, 'item': 'CK-MEC-A1'})}\n", encoding="utf-8")
    hint = ["F055 hint: what was answered in sopaudit fill is not in the audit yet (items: 1)."]
    assert scored() == (code, hint)
    kept = left.read_bytes()
    assert imported() == (code, hint)
    assert left.read_bytes() == kept
    taken = {**remark, "item": "CK-MEC-A1", "field": "clear", "text": ""}
    left.write_bytes(kept + json.dumps(taken).encode() + b"\n")
    assert scored() == (code, [])
    # The command that writes it says nothing of it.
    left.write_bytes(kept)
    piped(audit, monkeypatch)
    assert "F055" not in capsys.readouterr().err
    assert scored() == (code, [])


def test_in_a_real_terminal_a_kill_loses_nothing_and_ctrl_c_saves(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Seat("fill", str(audit), "--lang", "zh")
    assert "CK-MEC-A1" in first.screen()
    assert COLOUR.search(first.raw)
    first.type("1")  # no Enter
    assert first.screen().startswith("符合")
    # Somebody else cannot get in.
    assert piped(audit, monkeypatch, "y") == PROBLEMS
    assert "F051" in capsys.readouterr().err
    first.kill()
    assert first.code() == -signal.SIGKILL
    second = Seat("fill", str(audit), "--lang", "zh", env={"NO_COLOR": "1"})
    screen = second.screen()
    assert "日志里已有 1 步" in screen
    assert "CK-MEC-A2" in screen
    assert not termios.tcgetattr(second.file)[3] & termios.ECHO
    second.size(10, 40)
    second.type("\x1b[A3")  # an arrow key is no answer
    assert "责任人" in second.screen()
    second.type("\r")
    assert "问题描述" in second.screen()
    second.type("磨平了\x7f\r")
    assert "附件" in second.screen() or "证据" in second.raw
    assert not COLOUR.search(second.raw)
    second.interrupt()
    # The terminal is put back as it was.
    assert termios.tcgetattr(second.file)[3] & termios.ECHO
    assert second.code() == PROBLEMS
    assert answers(audit) == [("CK-MEC-A1", "yes", ""), ("CK-MEC-A2", "no", "磨平")]
