"""`sopaudit diff --replay`: which audits, which copies, and how it ends."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sopaudit.cli import main
from sopaudit.cli.option import spread
from sopaudit.terminal import COLUMNS, width

KITCHEN = Path(__file__).parents[1] / "evidence" / "kitchen"
SCHEME = "checklists/schemes/words.yaml"
GRADES = "grades: [{grade: A, at_least: 35}, {grade: B, at_least: 30}, {grade: C}]\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Commit a kitchen that gives grades, with two audits: a 30 and a 25."""
    folder = tmp_path_factory.mktemp("book")
    shutil.copytree(KITCHEN, folder, dirs_exist_ok=True)
    scheme = folder / SCHEME
    scheme.write_text(scheme.read_text(encoding="utf-8") + GRADES, encoding="utf-8")
    shutil.copytree(folder / "audits/a", folder / "audits/b")
    for name in ("audit.yaml", "answers/COOK.json"):
        path = folder / "audits/b" / name
        text = path.read_text(encoding="utf-8").replace("2026-10-n1", "2026-10-n2")
        path.write_text(text.replace('"value": "2"', '"value": "3"'), encoding="utf-8")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        git(folder, *words)
    return folder


def git(folder: Path, *words: str) -> None:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    person = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", *person, *words]
    subprocess.run(command, check=True, capture_output=True, env=env, cwd=folder)


@pytest.fixture
def run(
    kept: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Run:
    """Stand in a copy of it, in which a B begins at 31."""
    shutil.copytree(kept, tmp_path / "book")
    monkeypatch.chdir(tmp_path / "book")
    change(SCHEME, "at_least: 30", "at_least: 31")
    change(SCHEME, 'edition: "1"', 'edition: "2"')

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


def test_it_names_the_grade_that_would_change_and_why(run: Run) -> None:
    audits = sorted(str(path) for path in Path("audits").iterdir())
    code, out, err = run("HEAD", "--replay", *audits)
    assert (code, err) == (0, "")
    told = out.split("Past audits, replayed (2)\n")[1]
    assert "  1 of 2 audits would be graded otherwise: 2026-10-n1 COOK 30 B → 30 C.\n" in told
    assert "    scheme words: grades B ≥ 30 → ≥ 31  score stays → 30 C; this alone" in told
    assert max(map(width, out.splitlines())) <= COLUMNS
    told = run("HEAD", "--replay", "a", "--lang", "zh")[1]
    assert "    评分办法 words：等级 B ≥ 30 → ≥ 31  得分不变 → 30 C；单凭这一项" in told
    assert max(map(width, told.splitlines())) <= COLUMNS


def test_audits_are_named_by_folder_by_id_or_by_a_pattern(run: Run) -> None:
    def audits(*words: str) -> list[str]:
        data = json.loads(run("HEAD", "--replay", *words, "--format", "json")[1])
        return [one["audit"] for one in data["replay"]]

    assert audits("a") == ["2026-10-n1"]
    assert audits("audits/b", "a") == ["2026-10-n2", "2026-10-n1"]
    for pattern in ("audits/*", "../book/audits/*", f"{Path.cwd()}/audits/?"):
        assert audits(pattern) == ["2026-10-n1", "2026-10-n2"]
    assert audits("audits/x*") == []
    assert audits("a", "audits/a") == ["2026-10-n1"]
    code, _, err = run("HEAD", "--replay", "c")
    assert code == 2
    assert "There is: a, b." in err


def test_copies_may_be_folders_zip_files_and_revisions(
    run: Run, tmp_path: Path, kept: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for file in kept.rglob("*.yaml"):
            archive.write(file, f"x/{file.relative_to(kept).as_posix()}")
    told = [
        run(old, *new, "--replay", "a", "--format", "json")[1]
        for old, *new in (("HEAD",), ("../old.zip",), (str(kept), "."))
    ]
    results = [json.loads(one)["replay"][0]["results"] for one in told]
    assert results[0] == results[1] == results[2]
    assert results[0][0]["old"]["exact"] == "30"
    back = json.loads(run(".", "HEAD", "--replay", "a", "--format", "json")[1])["replay"]
    first = back[0]["results"][0]
    assert (first["old"]["grade"], first["new"]["grade"]) == ("C", "B")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--replay", "a", "--fail-on", "grade"), 1),
        (("--replay", "b", "--fail-on", "grade"), 0),
        (("--fail-on", "grade"), 2),
        (("--replay",), 2),
        (("--replay", "--fail-on", "grade"), 2),
    ],
)
def test_the_exit_code_says_whether_a_grade_would_change(
    run: Run, words: tuple[str, ...], code: int
) -> None:
    assert run("HEAD", *words)[0] == code


def test_a_proposed_edition_with_mistakes_is_told_and_not_replayed(run: Run) -> None:
    change(SCHEME, "at_least: 35", "at_least: thirty")
    code, out, err = run("HEAD", "--replay", "a")
    assert (code, out) == (1, "")
    assert SCHEME in err
    assert "nothing was replayed" in err


def test_an_audit_that_cannot_be_read_whole_is_told(run: Run) -> None:
    Path("audits/b/answers/COOK.json").write_text("{", encoding="utf-8")
    code, out, err = run("HEAD", "--replay", "a", "b")
    assert code == 1
    assert "2026-10-n1 COOK 30 B → 30 C" in out
    assert "audits/b/answers/COOK.json" in err


def test_the_page_draws_each_result_and_says_it_in_words(run: Run) -> None:
    assert run("HEAD", "--replay", "a", "-o", "r.html")[1] == "r.html\n"
    page = Path("r.html").read_text(encoding="utf-8")
    (title,) = re.findall(r"<svg [^>]*><title>([^<]*)</title>", page)
    assert title == "COOK: 30 B by the old edition, 30 C by the new, grade goes down"
    assert page.index("Past audits, replayed") < page.index(SCHEME)


def test_markdown_gives_the_verdict_first_and_then_a_table(run: Run) -> None:
    code, out, _ = run("HEAD", "--replay", "audits/*", "--format", "markdown")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "## Past audits, replayed"
    assert lines[2] == ("**1 of 2 audits would be graded otherwise: 2026-10-n1 COOK 30 B → 30 C.**")
    assert "| **2026-10-n1** | **COOK** | **30 B** | **30 C** | **grade goes down** |" in lines
    assert run("HEAD", "-o", "d.md")[1] == "d.md\n"
    told = Path("d.md").read_text(encoding="utf-8")
    assert told.startswith("## What changed  HEAD → .\n\n```text\n")


def test_nothing_in_a_handbook_becomes_markup_of_the_summary() -> None:
    from sopaudit.report.replay.markdown import escaped

    told = escaped("a|b <img> @team `x` [l](u)\nc")
    assert told == "a\\|b \\<img\\> @\u200bteam \\`x\\` \\[l\\](u) c"


@pytest.mark.parametrize(
    ("words", "spelled"),
    [
        (["a", "--replay", "b", "c"], ["a", "--replay", "b", "--replay", "c"]),
        (["--replay", "b", "--lang", "en"], ["--replay", "b", "--lang", "en"]),
        (["--replay"], ["--replay"]),
        (["--replay", "--lang", "en"], ["--replay", "--lang", "en"]),
        (["--replay", "b", "--replay", "c"], ["--replay", "b", "--replay", "c"]),
        (["--replay", "--replay", "c"], ["--replay", "--replay", "c"]),
        (["a", "b"], ["a", "b"]),
    ],
)
def test_the_option_takes_all_words_up_to_the_next(words: list[str], spelled: list[str]) -> None:
    assert spread(words, "--replay") == spelled
