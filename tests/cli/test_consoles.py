"""Consoles and pipes of other encodings, simulated by streams that know no others.

A Chinese Windows hands a program code page 936 for whatever is redirected, a Western one 1252. No
sign may stop a command; data for programs is UTF-8 everywhere, and files do not ask the system.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from sopaudit.cli import main

HERE = Path(__file__).parents[1]
KITCHEN = HERE / "evidence" / "kitchen"
CODE = "from sopaudit.cli.main import main; main()"
ENCODINGS = ["gbk", "cp936", "cp1252", "ascii", "utf-8"]


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a kitchen below a folder with a name no code page has whole, and a problem in it."""
    folder = tmp_path_factory.mktemp("x") / "厨房 ☑𪚥🙂 Łucja [1] & 100%"
    shutil.copytree(KITCHEN, folder)
    record = folder / "audits/a/answers/COOK.json"
    text = record.read_text(encoding="utf-8")
    given = json.loads(text)
    given["answers"][0]["note"] = "☑ 𪚥🙂 Łucja €"
    record.write_text(json.dumps(given), encoding="utf-8")
    (folder / "坏的").mkdir()
    (folder / "坏的/sopaudit.yaml").write_text("标题☑🙂: x\n", encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Told:
    """What a command said, as the bytes that reached the pipe."""

    code: int
    out: bytes
    err: bytes


Run = Callable[..., Told]


@pytest.fixture(params=ENCODINGS)
def run(request: pytest.FixtureRequest, kitchen: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line beside the kitchen, on a console of one encoding."""
    monkeypatch.chdir(kitchen.parent)
    return lambda *words: told(monkeypatch, request.param, *words)


def told(monkeypatch: pytest.MonkeyPatch, encoding: str, *words: str) -> Told:
    streams = BytesIO(), BytesIO()
    for name, stream in zip(("stdout", "stderr"), streams, strict=True):
        monkeypatch.setattr(sys, name, TextIOWrapper(stream, encoding, "strict"))
    monkeypatch.setattr(sys, "argv", ["sopaudit", *words])
    with pytest.raises(SystemExit) as ended:
        main.main()
    sys.stderr.flush()
    assert isinstance(ended.value.code, int)
    return Told(ended.value.code, *(stream.getvalue() for stream in streams))


NOT_TEXT = os.fsdecode(b"none\xff")


def test_no_sign_stops_a_command(kitchen: Path, run: Run, tmp_path: Path) -> None:
    name = kitchen.name
    calls = [
        (("check", name), 0),
        (("check", f"{name}/坏的", "--lang", "zh"), 1),
        (("check", f"{name}/坏的", "--format", "json"), 1),
        (("check", NOT_TEXT), 1),
        (("check", NOT_TEXT, "--format", "json"), 1),
        (("explain", f"{name}/audits/a", "--lang", "zh"), 0),
        (("explain", "H020", "--lang", "zh"), 0),
        (("explain", "没有☑🙂", "--handbook", name), 2),
        (("score", f"{name}/audits/a", "-o", f"{name}/分数 ☑🙂.csv"), 0),
        (("score", "没有☑🙂", "--handbook", name), 2),
        (("report", f"{name}/audits/a", "-o", f"{name}/报告 ☑🙂.pdf"), 0),
        (("report", f"{name}/audits/a", "-o", "-"), 0),
        (("new", f"{tmp_path}/新 ☑🙂"), 0),
        (("--help",), 0),
    ]
    for words, code in calls:
        done = run(*words)
        assert done.code == code, (words, done)
        assert b"Traceback" not in done.err
        assert b"codec" not in done.err
    assert (kitchen / "分数 ☑🙂.csv").read_bytes().startswith(b"audit,")
    assert (kitchen / "报告 ☑🙂.pdf").read_bytes().startswith(b"%PDF")


def test_data_for_programs_is_utf_8_on_every_console(kitchen: Path, run: Run) -> None:
    audit = f"{kitchen.name}/audits/a"
    assert json.loads(run("report", audit, "-o", "-").out.decode())["audit"] == "2026-10-n1"
    assert "☑ 𪚥🙂 Łucja €" in run("report", audit, "-o", "-", "--format", "html").out.decode()
    assert run("score", audit, "--format", "csv").out.decode().startswith("audit,")
    problems = json.loads(run("check", f"{kitchen.name}/坏的", "--format", "json").out.decode())
    assert {problem["path"] for problem in problems} == {f"{kitchen.name}/坏的/sopaudit.yaml"}
    (problem,) = json.loads(run("check", NOT_TEXT, "--format", "json").out.decode())
    assert problem["path"] == "none�/sopaudit.yaml"


def test_what_a_code_page_has_is_shown_in_it_and_what_it_lacks_is_a_question_mark(
    kitchen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kitchen.parent)
    done = told(monkeypatch, "cp936", "check", f"{kitchen.name}/坏的", "--lang", "zh")
    assert "标题??" in done.out.decode("cp936")
    assert "个问题" in done.err.decode("cp936")


def test_the_poorest_locale_there_is_reads_paths_and_files_all_the_same(kitchen: Path) -> None:
    poor = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    poor.pop("PYTHONIOENCODING", None)

    def run(*words: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [sys.executable, "-c", CODE, *words],
            cwd=kitchen.parent,
            env=poor,
            capture_output=True,
            check=False,
        )

    audit = f"{kitchen.name}/audits/a"
    assert run("check", kitchen.name).returncode == 0
    done = run("check", f"{kitchen.name}/坏的", "--format", "json")
    assert {p["path"] for p in json.loads(done.stdout)} == {f"{kitchen.name}/坏的/sopaudit.yaml"}
    assert run("score", audit, "-o", f"{kitchen.name}/贫 ☑.csv").returncode == 0
    assert (kitchen / "贫 ☑.csv").is_file()


PROGRAM = """
import sys, warnings
warnings.filterwarnings("error", category=EncodingWarning, module="sopaudit")
from sopaudit.cli.main import main
for words in sys.argv[1:]:
    sys.argv = ["sopaudit", *words.split()]
    try:
        main()
    except SystemExit as ended:
        assert ended.code == 0, words
"""


def test_no_file_is_read_or_written_in_the_encoding_of_the_machine(tmp_path: Path) -> None:
    shutil.copytree(KITCHEN, tmp_path, dirs_exist_ok=True)
    calls = (
        "check",
        "explain H020",
        "explain coverage",
        "explain a",
        "score a -o a.csv",
        "score --table answers=answers.csv -o b.csv --unreadable c.csv",
        "report a -o a.html",
        "new handbook",
    )
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-c", PROGRAM, *calls],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"EncodingWarning" in done.stderr) == (0, False), done.stderr.decode()


def test_files_saved_on_windows_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line ends of two signs and a mark at the beginning change neither digest nor score."""
    from sopaudit.criteria.handbook import load_handbook

    shutil.copytree(KITCHEN, tmp_path / "a")
    shutil.copytree(KITCHEN, tmp_path / "b")
    for path in (tmp_path / "b").rglob("*.*"):
        if path.suffix in (".yaml", ".json", ".csv"):
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    first, second = (load_handbook(tmp_path / name)[0] for name in "ab")
    assert first is not None
    assert second is not None
    assert first.digests == second.digests
    for words in (("score", "a"), ("score", "--table", "answers=answers.csv")):
        said = []
        for name in "ab":
            monkeypatch.chdir(tmp_path / name)
            said.append(told(monkeypatch, "utf-8", *words))
        assert said[0] == said[1]
        assert said[0].code == 0
        assert said[0].out
