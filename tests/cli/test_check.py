"""`sopaudit check`: what it prints, what it writes, and what it leaves alone."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sopaudit.cli import main
from sopaudit.file import rewrite, write

HERE = Path(__file__).parents[1]
TINY = HERE / "handbooks" / "tiny"
POST, CHECKLIST = "sops/posts/mec.yaml", "checklists/mec.yaml"
Run = Callable[..., tuple[int, str, str]]


class Terminal(io.StringIO):
    """Where a person types."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*words: str, typed: str | None = None) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["sopaudit", "check", *words])
        monkeypatch.setattr("sys.stdin", io.StringIO() if typed is None else Terminal(typed))
        with pytest.raises(SystemExit) as ended:
            main.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return ran


def change(folder: Path, name: str, old: str, new: str) -> bytes:
    """Plant a mistake and give the bytes the file then has."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_bytes(text.replace(old, new).encode())
    return (folder / name).read_bytes()


def test_mending_shows_a_diff_asks_keeps_the_old_file_and_is_done(tiny: Path, run: Run) -> None:
    wrong = change(tiny, POST, "edition:", "edition：")
    code, out, err = run("--fix", typed="y\n")
    assert code == 0
    assert f"-edition：{' '}" in out
    assert '+edition: "2026.1"' in out
    assert "[y/N]" in err
    assert f"{POST} 原来的样子在 mec.yaml.bak" in err
    assert (tiny / POST).read_bytes() == (TINY / POST).read_bytes()
    assert (tiny / f"{POST}.bak").read_bytes() == wrong
    assert run() == (0, "", "")


@pytest.mark.parametrize("typed", ["n\n", "\n", "", None])
def test_without_consent_nothing_is_written(typed: str | None, tiny: Path, run: Run) -> None:
    wrong = change(tiny, POST, "edition:", "edition：")
    code, out, err = run("--fix", typed=typed)
    assert code == 1
    assert "Y024" in out
    assert "没有改动任何文件" in err
    assert (tiny / POST).read_bytes() == wrong
    assert not list(tiny.rglob("*.bak*"))


def test_with_yes_nobody_is_asked_and_an_older_copy_is_never_written_over(
    tiny: Path, run: Run
) -> None:
    first = change(tiny, POST, "edition:", "edition：")
    assert run("--fix", "--yes")[0] == 0
    second = change(tiny, POST, "purpose:", "purpose：")
    assert run("--fix", "--yes")[0] == 0
    assert (tiny / f"{POST}.bak").read_bytes() == first
    assert (tiny / f"{POST}.bak2").read_bytes() == second


def test_a_clean_handbook_is_not_touched(tiny: Path, run: Run) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tiny.rglob("*.yaml")}
    assert run("--fix", "--yes", "--strict") == (0, "", "")
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tiny.rglob("*.yaml")}
    assert after == before


def test_what_cannot_be_mended_is_told_afterwards(tiny: Path, run: Run) -> None:
    change(tiny, POST, "edition:", "edition：")
    change(tiny, CHECKLIST, "points: 5", "points: 4")
    code, out, err = run("--fix", "--yes")
    assert code == 1
    assert "H020" in out
    assert "Y024" not in out
    assert "改好了 1 处" in err


def test_a_crash_between_two_files_leaves_each_of_them_whole(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {name: change(tiny, name, "edition:", "edition：") for name in (POST, CHECKLIST)}
    for calls in range(1, 5):
        left = calls

        def failing(path: Path, content: bytes) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
            (rewrite if path.suffix == ".yaml" else write)(path, content)

        monkeypatch.setattr("sopaudit.cli.fix.write", failing)
        monkeypatch.setattr("sopaudit.cli.fix.rewrite", failing)
        assert run("--fix", "--yes")[0] == 130
        for name, raw in wrong.items():
            assert (tiny / name).read_bytes() in {raw, (TINY / name).read_bytes()}
            if (tiny / name).read_bytes() != raw:
                assert raw in {path.read_bytes() for path in tiny.rglob("*.bak*")}
            (tiny / name).write_bytes(raw)


def test_a_file_changed_while_the_question_stood_is_left_alone(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(tiny, POST, "edition:", "edition：")

    def edited(_: str) -> bool:
        (tiny / POST).write_bytes(b"id: MEC\n")
        return True

    monkeypatch.setattr("sopaudit.cli.fix._asked", edited)
    code, _, err = run("--fix", typed="y\n")
    assert code == 1
    assert "别的程序" in err
    assert (tiny / POST).read_bytes() == b"id: MEC\n"


def test_a_file_open_elsewhere_is_named_and_left_alone(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = change(tiny, POST, "edition:", "edition：")

    def refusing(waiting: Path, path: Path) -> None:
        if path.suffix == ".yaml":
            raise PermissionError(13, "Permission denied")
        waiting.rename(path)

    monkeypatch.setattr("sopaudit.file.Path.replace", refusing)
    code, _, err = run("--fix", "--yes")
    assert code == 1
    assert "请先关闭" in err
    assert (tiny / POST).read_bytes() == wrong
    assert not list(tiny.rglob("*(2)*"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_mended_file_keeps_its_rights(tiny: Path, run: Run) -> None:
    change(tiny, POST, "edition:", "edition：")
    (tiny / POST).chmod(0o640)
    run("--fix", "--yes")
    assert (tiny / POST).stat().st_mode & 0o777 == 0o640


def test_a_copied_file_is_told_in_a_few_lines(tiny: Path, run: Run) -> None:
    items = "".join(
        f"  - {{id: CK-MEC-X{n}, section: B, question: {{zh: 问{n}, en: Q{n}}}, points: 0}}\n"
        for n in range(40)
    )
    with (tiny / CHECKLIST).open("a", encoding="utf-8") as file:
        file.write(items)
    shutil.copy(tiny / CHECKLIST, tiny / "checklists/mec-copy.yaml")
    code, out, err = run()
    assert code == 1
    assert len(re.findall(r": H002 编号", out)) == 3
    assert "H002 还有" in out
    told = json.loads(run("--format", "json")[1])
    assert f"{len(told)} 个问题" in err


def test_the_language_is_the_handbooks_and_not_the_systems(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(tiny, POST, "id: MEC-01-2", "id: MEC-01-1")
    for name in ("LC_ALL", "LANG"):
        monkeypatch.setenv(name, "en_US.UTF-8")
    assert "编号" in run()[1]
    change(tiny, "sopaudit.yaml", "languages: [zh, en]", "languages: [en, zh]")
    for name in ("LC_ALL", "LANG"):
        monkeypatch.setenv(name, "zh_CN.UTF-8")
    assert "the id" in run()[1]


def test_where_settings_cannot_be_read_the_language_they_declare_still_holds(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    text = (tiny / "sopaudit.yaml").read_text(encoding="utf-8")
    broken = text.replace("[zh, en]", "[en, zh]") + "\n}{\n"
    (tiny / "sopaudit.yaml").write_text(broken, encoding="utf-8")
    assert not re.search("[\u4e00-\u9fff]个问题", run()[2])


@pytest.mark.parametrize("system", ["C", "POSIX", "C.UTF-8"])
def test_where_nobody_says_chinese_comes_first(
    system: str, tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", system)
    monkeypatch.setenv("LANG", system)
    (tiny / "sopaudit.yaml").write_bytes(b"")
    assert "文件是空的" in run()[1]


def test_an_id_changed_since_the_last_commit_is_one_problem_at_its_new_id(
    tiny: Path, run: Run
) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", *who, *words], cwd=tiny, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "as it was")
    assert run() == (0, "", "")
    change(tiny, POST, "id: MEC-01-2", "id: MEC-01-3")
    code, out, _ = run()
    assert code == 1
    assert len(re.findall(r"[A-Z]\d{3} ", out)) == 1
    assert f"{POST}:17:13: H060" in out
    assert "“MEC-01-2”变成了“MEC-01-3”" in out
    assert "CK-MEC-A2" in out
    # A new edition says that it is meant; then the item that names the old id is told instead.
    change(tiny, POST, 'edition: "2026.1"', 'edition: "2026.2"')
    assert "H012" in run()[1]


CASES = """worked:
  - title: {zh: 两题, en: Two questions}
    items: [{id: a, points: 3}, {id: b, points: 1}]
    cases: [{id: W-1, answers: {a: yes, b: no}, expect: {score: 75, grade: GRADE}}]
"""


@pytest.mark.parametrize("grade", ["A", "B"])
def test_strict_works_out_the_cases_of_schemes(grade: str, tiny: Path, run: Run) -> None:
    with (tiny / "checklists/schemes/shop.yaml").open("a", encoding="utf-8") as file:
        file.write(CASES.replace("GRADE", grade))
    assert run() == (0, "", "")
    code, out, _ = run("--strict", "--lang", "en")
    wrong = "H170 case W-1 of scheme shop expects grade A, but it comes to B (score 75.0)."
    assert (code, wrong in out) == ((0, False) if grade == "B" else (1, True))


def test_scoring_is_loaded_only_where_there_are_cases_to_work_out(tiny: Path) -> None:
    """An editor checks at every save."""
    look = (
        "import sys; from pathlib import Path; from sopaudit.cli.checking import tell_problems; "
        "tell_problems(Path(), strict=STRICT); print('pandas' in sys.modules)"
    )

    def loaded(*, strict: bool) -> str:
        call = [sys.executable, "-c", look.replace("STRICT", str(strict))]
        return subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()

    assert loaded(strict=True) == "False"
    with (tiny / "checklists/schemes/shop.yaml").open("a", encoding="utf-8") as file:
        file.write(CASES.replace("GRADE", "B"))
    assert loaded(strict=False) == "False"
    assert loaded(strict=True) == "True"
