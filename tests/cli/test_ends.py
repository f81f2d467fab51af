"""However a command ends, it says so in words, with the exit code that belongs to it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sopaudit.cli import stop
from sopaudit.cli.main import expanded

ROOT = Path(__file__).parents[2]
MANY = 12
PROGRAM = (sys.executable, "-c", "from sopaudit.cli.main import main; main()")


def run(*words: str, into: str | int = subprocess.PIPE) -> "subprocess.CompletedProcess[bytes]":
    """Run the program; `into` is a device its standard output goes to."""
    target = os.open(into, os.O_WRONLY) if isinstance(into, str) else into
    # What is said waits in a buffer until the end, as it does for everybody.
    usual = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    return subprocess.run(
        [*PROGRAM, *words],
        cwd=ROOT,
        env=usual,
        stdout=target,
        stderr=subprocess.PIPE,
        check=False,
    )


OUTPUTS = [
    ("--version",),
    ("--help",),
    ("explain", "H020"),
    ("check", "--format", "json"),
    ("check", "tests/handbooks/bad"),
    ("check", "docs"),
    ("report", "2026-10-cd", "-o", "-"),
]


@pytest.mark.parametrize("words", OUTPUTS, ids=" ".join)
def test_a_reader_that_has_gone_ends_it_without_a_complaint(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run(*words, into=writing)
    os.close(writing)
    assert done.returncode == stop.CLOSED
    assert done.stderr.count(b"\n") == (words == ("check", "docs"))  # how many problems there are


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", OUTPUTS, ids=" ".join)
def test_a_full_disk_behind_standard_output_is_told_in_one_line_of_each_language(
    words: tuple[str, ...],
) -> None:
    done = run(*words, into="/dev/full")
    assert done.returncode == stop.PROBLEMS
    zh, en = done.stderr.decode().splitlines()[-2:]
    assert zh.startswith("stdout 写不进去：磁盘已满")
    assert en.startswith("stdout cannot be written: the disk is full")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize(
    ("words", "code"), [("explain H020", 0), ("check --lang nothing", 2), ("--version", 0)]
)
def test_without_a_console_it_works_all_the_same(closed: str, words: str, code: int) -> None:
    program = f"'{PROGRAM[0]}' -c '{PROGRAM[2]}' {words} {closed}"
    done = subprocess.run(["sh", "-c", program], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    if "2>" in closed:
        assert b"nothing" not in done.stdout


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a handbook with so many audits that no machine prints them before it is stopped."""
    folder = tmp_path_factory.mktemp("many") / "kitchen"
    shutil.copytree(ROOT / "tests/evidence/kitchen", folder)
    for n in range(MANY):
        audit = folder / "audits" / f"a{n}"
        shutil.copytree(folder / "audits/a", audit)
        for file in (audit / "audit.yaml", *audit.glob("answers/*.json")):
            text = file.read_text(encoding="utf-8").replace("2026-10-n1", audit.name)
            file.write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.mark.parametrize(
    ("sent", "to_all", "code"),
    [
        (signal.SIGINT, True, stop.INTERRUPTED),
        (signal.SIGINT, False, stop.INTERRUPTED),
        (signal.SIGTERM, False, stop.TERMINATED),
    ],
)
def test_stopped_while_workers_print_it_says_so_once_and_leaves_whole_files(
    many: Path, tmp_path: Path, sent: signal.Signals, code: int, *, to_all: bool
) -> None:
    words = ["report", *(f"a{n}" for n in range(MANY)), "-o", str(tmp_path / "out")]
    # A job in the background is born deaf to Ctrl-C; the one in a terminal hears it.
    hearing = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    with subprocess.Popen(
        [sys.executable, "-c", hearing + PROGRAM[-1], *words],
        cwd=many,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        start_new_session=True,  # as a terminal has it: Ctrl-C reaches the workers too
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()  # the first file is written, others are on their way
        (os.killpg if to_all else os.kill)(running.pid, sent)
        said = running.communicate()[1].decode()
    assert running.returncode == code
    blank, zh, en = said.splitlines()
    assert (blank, zh[:3], en[:11]) == ("", "已中断", "Interrupted")
    written = list((tmp_path / "out").iterdir())
    assert written
    assert all(file.suffix == ".pdf" for file in written)
    assert all(file.read_bytes().rstrip().endswith(b"%%EOF") for file in written)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_worker_the_system_ends_is_no_bug_of_ours(many: Path, tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from sopaudit.press import pdf\n"
        "pdf.render = lambda job: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from sopaudit.cli.main import main; main()"
    )
    words = ["report", "a0", "a1", "-o", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=many, capture_output=True, check=False
    )
    assert done.returncode == stop.PROBLEMS
    assert "内存不够" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_on_windows_a_star_stands_for_files_and_nothing_else_for_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a 1.csv", "a 2.csv", "b[1].csv", "b1.csv"):
        Path(name).touch()
    words = ["score", "a*.csv", "b[1].csv", "b[1]*", "%TEMP%", "~", "x?.csv", "--table=a*", "100%"]
    assert expanded(words, system="posix") == words
    assert expanded(words, system="nt") == [
        *("score", "a 1.csv", "a 2.csv", "b[1].csv", "b[1].csv"),
        *("%TEMP%", "~", "x?.csv", "--table=a*", "100%"),
    ]
