"""`sopaudit coverage`: what it prints and writes, and how it ends."""

import json
import shutil
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
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    def ran(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["sopaudit", "coverage", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        told = capsysbinary.readouterr()
        return int(ended.value.code or 0), told.out.decode(), told.err.decode()

    return ran


def test_it_is_information_and_ends_well(run: Run) -> None:
    code, out, err = run()
    assert (code, err) == (0, "")
    assert "CK-MEC-B1  向顾客交代了吗？" in out
    assert run("--lang", "en")[1].startswith("Coverage  Bicycle workshop handbook")


def test_data_and_page_go_to_standard_output_or_to_a_file(run: Run, tmp_path: Path) -> None:
    assert json.loads(run("--format", "json")[1])["schema"] == "sopaudit.coverage/1"
    assert run("-o", "c.html")[1] == "c.html\n"
    assert (tmp_path / "c.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert run("-o", "c.txt")[0] == 0
    assert "CK-MEC-B1" in (tmp_path / "c.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--fail-on", "any"), 1),
        (("--fail-on", "items_without_standard"), 1),
        (("--fail-on", "standards_unchecked"), 0),
        (("--fail-on", "standards_unchecked", "--fail-on", "rules_not_run"), 1),
        (("--fail-on", "everything"), 2),
        (("--format", "pdf"), 2),
        (("-o", "c.pdf"), 2),
        (("nowhere",), 1),
    ],
)
def test_the_exit_code_says_what_was_asked(run: Run, words: tuple[str, ...], code: int) -> None:
    assert run(*words)[0] == code


def test_a_handbook_with_problems_is_told_and_not_judged(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "checklists/mec.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[MEC-01-1]", "[MEC-01-9]"), encoding="utf-8")
    code, out, err = run("--lang", "en")
    assert (code, out) == (1, "")
    assert "H012" in err


def test_a_retired_item_checks_nothing_any_more(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "checklists/mec.yaml"
    text = sheet.read_text(encoding="utf-8")
    retired = text.replace("severity: minor}", "severity: minor, effective_until: 2020-01-01}")
    sheet.write_text(retired.replace("points: 10\n", ""), encoding="utf-8")
    assert run("--fail-on", "items_without_standard")[0] == 0
    assert "CK-MEC-B1" not in run()[1]
