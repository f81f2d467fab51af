"""A new handbook: complete, without mistakes, and ready for an editor."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest

from sopaudit.cli.new import STARTER, new
from sopaudit.criteria.handbook import load_handbook
from sopaudit.problems import LANGUAGES, Problem, catalogue

ROOT: Final = Path(__file__).parents[2]
BAD: Final = ROOT / "tests/handbooks/bad"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "手册 1"
    new(folder, lang="zh")
    return folder


def test_a_new_handbook_has_no_problems_and_no_hints(made: Path) -> None:
    handbook, problems = load_handbook(made, strict=True)
    assert problems == []
    assert handbook is not None


def test_what_is_new_says_how_to_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for lang in LANGUAGES:
        new(tmp_path / lang, lang=lang)
        told = capsys.readouterr().out
        assert "sopaudit report audits/2026-10-cd" in told
        assert "VS Code" in told


def test_it_brings_settings_and_schemas(made: Path) -> None:
    for name in (".vscode/settings.json", ".vscode/extensions.json", ".vscode/tasks.json"):
        assert (made / name).read_bytes() == (ROOT / name).read_bytes()
    schemas = json_of(made / ".vscode/settings.json")["yaml.schemas"]
    assert schemas
    assert all((made / place).is_file() for place in schemas)


def test_every_file_of_it_is_found_by_the_line_at_its_top(made: Path) -> None:
    files = [path for path in made.rglob("*.yaml") if "frozen" not in path.parts]
    assert files
    for path in files:
        place = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
        assert (path.parent / place).is_file(), path


def test_the_wheel_brings_the_same_starter(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    for name in STARTER:
        parts = [ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*")
        for path in parts:
            place = path.relative_to(ROOT).as_posix()
            assert path.is_dir() or f"sopaudit/starter/{place}" in inside


def json_of(path: Path) -> Any:  # noqa: ANN401 -- whatever stands in JSON
    return json.loads(path.read_text(encoding="utf-8"))


# --- the task `check` ----------------------------------------------------------------------------

(TASK,) = json_of(ROOT / ".vscode/tasks.json")["tasks"]


def seen(output: str) -> list[tuple[str, str, int, int, str, str]]:
    """Read output as VS Code does: line by line, the first pattern that fits.

    Gives severity, file, line, column, code and message.
    """
    found = []
    for line in output.splitlines():
        for matcher in TASK["problemMatcher"]:
            pattern = matcher["pattern"]
            if hit := re.search(pattern["regexp"], line):
                file, row, column = (hit[pattern[key]] for key in ("file", "line", "column"))
                code, message = hit[pattern["code"]], hit[pattern["message"]]
                found.append((matcher["severity"], file, int(row), int(column), code, message))
                break
    return found


def expected(problem: Problem, lang: str) -> tuple[str, str, int, int, str, str]:
    place = problem.place
    severity = "info" if problem.hint else "error"
    message = problem.message(lang)
    return severity, place.path, place.line, place.column, problem.code, message


def test_the_task_runs_check_with_hints() -> None:
    assert (TASK["label"], TASK["command"], TASK["args"]) == (
        "check",
        "sopaudit",
        ["check", "--strict"],
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_editor_finds_every_problem_in_what_check_says(lang: str) -> None:
    program = "from sopaudit.cli.main import main; main()"
    command = (sys.executable, "-c", program, *TASK["args"], "--lang", lang)
    done = subprocess.run(
        command, cwd=BAD, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    problems = load_handbook(BAD, strict=True, shown="")[1]
    assert {problem.hint for problem in problems} == {False, True}
    assert seen(done.stdout) == [expected(problem, lang) for problem in problems]


def test_an_editor_tells_every_hint_from_a_problem() -> None:
    hint, _ = TASK["problemMatcher"]
    for code in catalogue():
        (told,) = seen(f"checklists/甲 乙.yaml:3:14: {code} x: 1:2")
        severity = "info" if code in HINTS else "error"
        assert told == (severity, "checklists/甲 乙.yaml", 3, 14, code, "x: 1:2")
    assert hint["pattern"]["regexp"].count("|") == len(HINTS) - 1


HINTS: Final = [code for code, entry in catalogue().items() if entry.get("level") == "hint"]


def test_a_place_on_another_drive_is_found() -> None:
    (told,) = seen(r"C:\手册\sops\rules.yaml:3:14: H020 x")
    assert told[1:4] == (r"C:\手册\sops\rules.yaml", 3, 14)


def test_lines_below_a_problem_are_no_problems() -> None:
    assert seen("    note: htl.yaml:14:9: H020 x\n           ^\n    Adjust the points.") == []
