"""`sopaudit whatif` as a manager and a program call it."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from sopaudit.cli import main, whatif

ROOT = Path(__file__).parents[2]
Run = Any


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give the function that runs the command line and gives code, output and errors."""

    def ran(*words: str) -> tuple[Any, str, str]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr("sys.argv", ["sopaudit", *words])
        with pytest.raises(SystemExit) as ended:
            main.main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return ran


def examples() -> list[str]:
    lines = (whatif.whatif.__doc__ or "").partition("Examples:")[2].splitlines()
    return [line.strip() for line in lines if line.strip()]


@pytest.mark.parametrize("line", examples())
def test_an_example_runs(line: str, run: Run) -> None:
    code, said, wrong = run(*shlex.split(line)[1:])
    assert (code, wrong) == (0, "")
    assert said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--to 等级 或 --open"),
        (("--to", "A", "--open"), "--to 等级 或 --open"),
        (("--to", "F"), "没有等级“F”。有的是：A, B, C, D, E。"),
        (("CK-HTX", "--open"), "是不是：CK-HTL？"),
        (("--open", "--format", "pdf"), "--format 不能是“pdf”"),
    ],
)
def test_a_question_that_makes_no_sense_is_a_wrong_call(
    words: tuple[str, ...], told: str, run: Run
) -> None:
    code, said, wrong = run("whatif", "2026-10-cd", *words)
    assert (code, said) == (2, "")
    assert told in wrong


def test_data_stands_alone_and_is_exact(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "if.json"
    code, said, _ = run("whatif", "2026-10-cd", "CK-HTL", "--to", "A", "-o", str(file))
    assert (code, said) == (0, f"{file.as_posix()}\n")
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["schema"], told["question"]) == ("sopaudit.whatif/1", {"to": "A"})
    (answer,) = told["answers"]
    first = answer["sets"][0]
    assert [one["brings"] for one in first["corrections"]] == ["20/9", "20/9"]
    assert first["after"]["score"] == "95.6"
    assert answer["proven"]


def test_a_table_can_be_asked_too(run: Run) -> None:
    """An establishment of FHRS: demerits, where fewer are better."""
    table = ROOT / "tests/tables/fhrs/establishments.csv"
    ids = [line.split(",")[0] for line in table.read_text(encoding="utf-8").splitlines()[1:40]]
    words = ("--handbook", "examples/fhrs", "--table", f"establishments={table}", "--lang", "en")
    told = [run("whatif", audit, "--to", "5", *words) for audit in ids[6:8]]
    assert {code for code, _, _ in told} == {0}
    assert any("is reached already" in said or "corrections" in said for _, said, _ in told)
