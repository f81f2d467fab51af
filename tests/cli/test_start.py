"""Light commands stay light, and every exit says what it means."""

import subprocess
import sys
from pathlib import Path

import pytest

import sopaudit

ROOT = Path(__file__).parents[2]
NEVER = ("email", "importlib.metadata", "shutil", "socket", "tempfile", "zipfile")
"""What a clean check has no use for and would pay for; pydantic's search for plugins brings all."""

WHEN_WRONG = (
    "difflib",
    "json",
    "tomllib",
    "sopaudit.reading.bare",
    "sopaudit.reading.diagnosis",
    "sopaudit.reading.slipped",
    "sopaudit.reading.stopping",
    "sopaudit.reading.typed",
    "sopaudit.reading.unquoted",
    "sopaudit.report.problems.text",
)
"""What tells and mends mistakes; where there are none it would make everybody wait."""

HEAVY = ("pandas", "numpy", "weasyprint", "jinja2", "typer", "sopaudit.criteria.handbook")


def run(*words: str, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    program = "from sopaudit.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def imported(*words: str, cwd: Path = ROOT) -> set[str]:
    """List what a command imports of `HEAVY`, `NEVER` and `WHEN_WRONG`."""
    watched = (*HEAVY, *NEVER, *WHEN_WRONG)
    program = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print(*[m for m in {watched!r} if m in sys.modules],"
        " file=sys.stderr))\n"
        "from sopaudit.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    return set(done.stderr.split("\n")[-2].split())


def test_the_version_is_answered_before_typer_is_imported() -> None:
    assert run("--version").stdout == f"sopaudit {sopaudit.__version__}\n"
    assert imported("--version") == set()


def test_check_of_this_handbook_is_silent_and_light() -> None:
    done = run("check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert imported("check") == {"sopaudit.criteria.handbook"}


def test_check_meets_what_tells_mistakes_only_where_there_are_some() -> None:
    wrong = ROOT / "tests" / "handbooks" / "bad"
    assert set(WHEN_WRONG) - imported("check", cwd=wrong) == {"json", "sopaudit.reading.bare"}


@pytest.mark.parametrize("words", [("check",), ("check", "--strict")])
def test_check_says_the_same_whether_or_not_its_words_need_a_parser(words: tuple[str, ...]) -> None:
    wrong = ROOT / "tests" / "handbooks" / "bad"
    short, long = (run(*words, *more, cwd=wrong) for more in ((), (".",)))
    assert (short.returncode, short.stdout, short.stderr) == (
        long.returncode,
        long.stdout,
        long.stderr,
    )
    assert short.returncode == 1


def test_check_finds_the_handbook_from_a_folder_below_it() -> None:
    assert run("check", cwd=ROOT / "sops" / "posts").returncode == 0


@pytest.mark.parametrize(
    "command", ["new", "check", "explain", "score", "report", "draw", "import", "schema"]
)
def test_help_of_every_command_shows_examples(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert "Examples:" in done.stdout
    assert f"  sopaudit {command} " in done.stdout or f"  sopaudit {command}\n" in done.stdout
    assert imported(command, "--help") & set(HEAVY) == {"typer"}
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_help_lists_every_command() -> None:
    listed = run("--help").stdout
    names = ("new", "check", "explain", "score", "report", "draw", "import", "schema")
    assert all(f"  {name} " in listed for name in names)


def test_a_wrong_option_exits_2() -> None:
    assert run("check", "--colour").returncode == 2
    assert run("check", "--format", "xml").returncode == 2


def test_a_folder_without_a_handbook_says_how_to_get_one(tmp_path: Path) -> None:
    done = run("check", cwd=tmp_path)
    assert done.returncode == 2
    assert "sopaudit new" in done.stderr
    assert "手册" in done.stderr


def test_a_bug_exits_3_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sopaudit.cli import main, stop

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("sopaudit.cli.checking.found", broken)
    monkeypatch.setattr(sys, "argv", ["sopaudit", "check"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == stop.BUG
    assert "bug" in capsys.readouterr().err
