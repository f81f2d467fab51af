"""`sopaudit editions`: which editions there are, and which ruled on a day."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sopaudit.cli import main

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"
POST = "sops/posts/mec.yaml"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Stand in the tiny handbook, whose post had an edition before, in git and in an audit."""
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    def ran(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["sopaudit", "editions", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        told = capsysbinary.readouterr()
        return int(ended.value.code or 0), told.out.decode(), told.err.decode()

    return ran


def newer() -> None:
    """Give the post a new edition, which begins in 2027."""
    text = Path(POST).read_text(encoding="utf-8")
    text = text.replace('"2026.1"', '"2027.1"').replace("2026-01-01", "2027-01-01")
    Path(POST).write_text(text, encoding="utf-8")


def git(*words: str) -> None:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    env |= {"GIT_AUTHOR_DATE": "2026-02-01T08:00Z", "GIT_COMMITTER_DATE": "2026-02-01T08:00Z"}
    person = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *person, *words], check=True, capture_output=True, env=env)


def test_editions_of_the_past_are_found_in_git_and_in_audits(run: Run) -> None:
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    newer()
    code, out, _ = run("MEC", "--on", "2026-06-01", "--lang", "en")
    (line,) = out.splitlines()[1:]
    assert code == 0
    assert line.split()[:4] == ["MEC", "2026.1", "2026-01-01", "in"]
    assert line.endswith("2026-02-01")
    shutil.rmtree(".git")
    (Path("audits/a/frozen/sops/posts")).mkdir(parents=True)
    Path("audits/a/audit.yaml").write_text("id: a\n", encoding="utf-8")
    shutil.copy(TINY / POST, Path("audits/a/frozen") / POST)
    rows = json.loads(run("MEC", "--format", "json")[1])["editions"]
    assert [(row["edition"], row["where"]) for row in rows] == [
        ("2026.1", "audits/a/frozen"),
        ("2027.1", None),
    ]


def test_what_rules_what_waits_and_what_was_replaced_is_said(run: Run) -> None:
    shutil.copytree(TINY, "audits/a/frozen")
    Path("audits/a/audit.yaml").write_text("id: a\n", encoding="utf-8")
    newer()
    told = {}
    for day in ("2025-06-01", "2026-06-01", "2027-06-01"):
        code, out, err = run("MEC", "--on", day, "--format", "json")
        told[day] = [row["edition"] for row in json.loads(out)["editions"]]
        assert (code, err) == (0, "")
    assert told == {"2025-06-01": [], "2026-06-01": ["2026.1"], "2027-06-01": ["2027.1"]}
    code, out, err = run("MEC", "--on", "2025-06-01")
    assert (code, out) == (1, "")
    assert "2025-06-01" in err


def test_without_a_word_all_sheets_are_listed(run: Run) -> None:
    code, out, _ = run()
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[1:]] == [
        "MEC",
        "BILL",
        "FIX",
        "CK-BRANCH",
        "CK-MEC",
        "shop",
        "whole",
    ]


def test_a_day_and_an_id_that_are_none_are_told(run: Run) -> None:
    code, _, err = run("--on", "1.3.2026")
    assert code == 2
    assert "2026-03-01" in err
    code, _, err = run("CK-MEX")
    assert code == 2
    assert "CK-MEC" in err
