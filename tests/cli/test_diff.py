"""`sopaudit diff`: folders, ZIP files and revisions, and how it ends."""

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sopaudit.cli import main

TINY = Path(__file__).parents[1] / "handbooks" / "tiny"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Stand in a folder with the handbook `book`; what is run is run there."""
    shutil.copytree(TINY, tmp_path / "book")
    monkeypatch.chdir(tmp_path / "book")

    def ran(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["sopaudit", "diff", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        told = capsysbinary.readouterr()
        return int(ended.value.code or 0), told.out.decode(), told.err.decode()

    return ran


def change(name: str, old: str, new: str) -> None:
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def git(*words: str) -> None:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    person = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *person, *words], check=True, capture_output=True, env=env)


def test_a_revision_is_the_handbook_of_this_folder_at_that_commit(run: Run) -> None:
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    assert run("HEAD")[1] == "修订对照  HEAD → .\n内容没有变化。\n"
    change("checklists/mec.yaml", "points: 3,", "points: 2,")
    code, out, err = run("HEAD")
    assert (code, err) == (0, "")
    assert "  CK-MEC-A2：分值 3 → 2" in out
    assert "CK-MEC-A2: points 2 → 3" in run(".", "HEAD", "--lang", "en")[1]


def test_two_folders_and_a_zip_need_no_repository(run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for file in TINY.rglob("*.yaml"):
            archive.write(file, f"book/{file.relative_to(TINY).as_posix()}")
    change("sops/posts/mec.yaml", "below 1 mm", "below 2 mm")
    for old in ("../old.zip", str(TINY)):
        assert (
            "MEC-01-2: limit (English) below 1 mm → below 2 mm" in run(old, ".", "--lang", "en")[1]
        )
    assert json.loads(run(str(TINY), ".", "--format", "json")[1])["new"] == "."
    assert run(str(TINY), "-o", "d.html")[1] == "d.html\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 0),
        (("--fail-on", "any"), 1),
        (("--fail-on", "suspect"), 1),
        (("--fail-on", "edition"), 1),
        (("--fail-on", "nothing"), 2),
    ],
)
def test_the_exit_code_says_what_was_asked(run: Run, words: tuple[str, ...], code: int) -> None:
    change("sops/posts/mec.yaml", "below 1 mm", "below 2 mm")
    assert run(str(TINY), ".", *words)[0] == code
    if words[:1] and code == 1:
        assert run(str(TINY), str(TINY), *words)[0] == 0


def test_what_is_no_copy_of_a_handbook_is_told_in_both_languages(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = run("nowhere", ".")
    assert code == 2
    assert "no git revision" in err
    assert "不是手册" in run("../empty", ".")[2]
    (tmp_path / "x.zip").write_bytes(b"no zip")
    assert "no sound ZIP" in run("../x.zip", ".")[2]


def test_a_file_that_cannot_be_read_is_told_and_the_rest_compared(run: Run) -> None:
    change("checklists/mec.yaml", "points: 3,", "points: 2,")
    Path("sops/rules.yaml").write_bytes(b"\x00\x01\x02")
    code, out, err = run(str(TINY), ".")
    assert code == 1
    assert "CK-MEC-A2：分值 3 → 2" in out
    assert "没有读全，对照不完整：sops/rules.yaml。" in out
    assert "AC-" not in out
    assert err.startswith("sops/rules.yaml:")


def test_where_a_file_cannot_be_read_nobody_says_that_nothing_changed(run: Run) -> None:
    change("sops/rules.yaml", "title: {", "title：{")
    code, out, _ = run(str(TINY), ".")
    assert code == 1
    assert out.splitlines()[1] == "没有读全，对照不完整：sops/rules.yaml。读到的内容没有变化。"
    code, out, _ = run(str(TINY), ".", "--lang", "en")
    assert "not all of it is compared: sops/rules.yaml. What was read has not changed." in (
        " ".join(out.split())
    )
    code, out, _ = run(str(TINY), ".", "--format", "json")
    assert json.loads(out)["unread"] == ["sops/rules.yaml"]
