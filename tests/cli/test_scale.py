"""Big tables from the command line: any engine, stopped and gone on with, written as asked."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pandas as pd
import pytest
from tests.patience import PATIENCE

from sopaudit.cli import main, progress, scale, stop
from sopaudit.evidence import cut
from sopaudit.findings.parts import Engine

KITCHEN = Path(__file__).parents[1] / "evidence/kitchen"
ITEMS = ("0100", "0200", "0400")

HELD = """
import pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from sopaudit.evidence import cut
work, gate = cut.Cutting.__call__, pathlib.Path(sys.argv.pop(1))
def held(self, piece):
    try:
        (gate / "first").touch(exist_ok=False)
    except FileExistsError:
        while not (gate / "open").exists():
            time.sleep(0.01)
    return work(self, piece)
cut.Cutting.__call__ = held
from sopaudit.cli.main import main
main()
"""
"""The program, which does one piece, and no more until its gate is open."""


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """Write a table of six files, in which every audit is spread over several."""
    folder = tmp_path / "months"
    folder.mkdir()
    rows = [(f"A{n % 37}", ITEMS[n % 3], "yes" if n % 5 else "no", n % 4) for n in range(111)]
    for month in range(6):
        lines = [",".join(map(str, row)) for row in rows[month::6]]
        text = "\n".join(["audit,item,result,value,failed,checked", *(f"{x},," for x in lines)])
        (folder / f"{month}.csv").write_text(text, encoding="utf-8")
    return folder


def words(months: Path, *more: str) -> list[str]:
    """Give the words of a command line that scores them."""
    book = ("--handbook", str(KITCHEN), "--lang", "en")
    return ["score", *book, "--table", f"answers={months}", *more]


@pytest.fixture
def sopaudit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Give the function that runs a command line in this process."""

    def run(*said: str) -> int:
        monkeypatch.setattr("sys.argv", ["sopaudit", *said])
        with pytest.raises(SystemExit) as ended:
            main.main()
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return run


@contextmanager
def begun(said: list[str], parts: Path, gate: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the program as a terminal does, and wait until one piece is done and others are not."""
    gate.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HELD, str(gate), *said],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        try:
            waited_for(lambda: len(cut_pieces(parts)) == 1)
            yield running
        finally:
            (gate / "open").touch()


def waited_for(happened: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


def cut_pieces(parts: Path) -> list[Path]:
    """List the pieces that are done; a block has one more hyphen, what is being written a dot."""
    return [file for file in parts.glob("cut-*") if file.name.count("-") == 1 and not file.suffix]


def workers(master: int) -> list[int]:
    """List the processes a process has started."""
    return [int(n) for n in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(
    months: Path, tmp_path: Path, sopaudit: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, parts = tmp_path / "scores.csv", tmp_path / "scores.csv.parts"
    said = words(months, "--engine", "pool", "--workers", "2", "-o", str(out))
    assert sopaudit(*said) == stop.PROBLEMS  # some answers contradict themselves
    expected = out.read_bytes()
    out.unlink()
    assert not parts.exists()

    with begun(said, parts, tmp_path / "gate") as running:
        os.killpg(running.pid, signal.SIGINT)
        told = running.communicate(timeout=PATIENCE)[1].decode()
    assert running.returncode == stop.INTERRUPTED
    blank, line = told.splitlines()
    assert (blank, line.endswith(f" {parts.as_posix()}; the same command goes on from there.")) == (
        *("", True),
    )
    assert not out.exists()
    assert not list(parts.glob("*.waiting"))
    done = cut_pieces(parts)

    cuts: list[Path] = []
    work = cut.Cutting.__call__

    def noted(cutting: cut.Cutting, piece: cut.Piece) -> str:
        cuts.append(piece.path)
        return work(cutting, piece)

    monkeypatch.setattr(cut.Cutting, "__call__", noted)
    monkeypatch.setattr(scale, "clear", lambda _: None)
    assert sopaudit(*words(months, "--engine", "serial", "-o", str(out))) == stop.PROBLEMS
    assert out.read_bytes() == expected
    assert 6 - len(cuts) == len(done) == 1


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux to find a worker")
def test_a_worker_killed_by_its_id_costs_a_retry_and_no_result(
    months: Path, tmp_path: Path, sopaudit: Callable[..., int]
) -> None:
    out = tmp_path / "scores.csv"
    assert sopaudit(*words(months, "--engine", "serial", "-o", str(out))) == stop.PROBLEMS
    expected = out.read_bytes()
    out.unlink()
    said = words(months, "--engine", "pool", "--workers", "2", "-o", str(out))
    gate = tmp_path / "gate"
    with begun(said, tmp_path / "scores.csv.parts", gate) as running:
        before = workers(running.pid)
        os.kill(before[0], signal.SIGKILL)
        waited_for(lambda: before[0] not in workers(running.pid))
        (gate / "open").touch()
        running.communicate(timeout=PATIENCE)
    assert running.returncode == stop.PROBLEMS
    assert out.read_bytes() == expected


def test_every_format_says_the_same(
    months: Path,
    tmp_path: Path,
    sopaudit: Callable[..., int],
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    said = words(months, "--engine", "serial", "--work", str(tmp_path / "work"))
    for name in ("s.csv", "s.json", "s.parquet", "s.txt"):
        assert sopaudit(*said, "-o", str(tmp_path / name)) == stop.PROBLEMS
    table = pd.read_csv(tmp_path / "s.csv", dtype=str, keep_default_na=False)
    assert len(table) == 37
    assert table.equals(pd.read_json(tmp_path / "s.json", dtype=False).astype(table.dtypes))
    assert table.equals(pd.read_parquet(tmp_path / "s.parquet").astype(table.dtypes))
    # The text leaves out columns without content, and its cells stand apart.
    read = pd.read_csv(tmp_path / "s.txt", sep=r"\s{2,}", engine="python", dtype=str)
    assert read["audit"].tolist() == table["audit"].tolist()
    capsysbinary.readouterr()
    assert sopaudit(*said, "--format", "csv") == stop.PROBLEMS
    assert capsysbinary.readouterr().out == (tmp_path / "s.csv").read_bytes()


def test_a_table_that_does_not_fit_is_told_and_nothing_is_begun(
    months: Path, tmp_path: Path, sopaudit: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (months / "3.csv").write_text("audit,item,outcome\nA1,0100,yes\n", encoding="utf-8")
    said = words(months, "--engine", "serial", "-o", str(tmp_path / "a.csv"))
    assert sopaudit(*said) == stop.PROBLEMS
    assert f"{months.as_posix()}/3.csv:1:1: T113" in capsys.readouterr().err
    assert (tmp_path / "a.csv").read_text("utf-8").count("\n") == 1
    assert not (tmp_path / "a.csv.parts").exists()


def test_parts_that_were_asked_for_stay_and_those_beside_the_output_go(
    months: Path, tmp_path: Path, sopaudit: Callable[..., int]
) -> None:
    sopaudit(*words(months, "--engine", "serial", "-o", str(tmp_path / "a.csv")))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.csv", "months"]
    sopaudit(*words(months, "--work", str(tmp_path / "work"), "-o", str(tmp_path / "b.csv")))
    assert list((tmp_path / "work").glob("scores-*"))
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_only_the_audits_named_are_given(
    months: Path, sopaudit: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    said = words(months, "--engine", "serial", "--format", "csv")
    sopaudit(*said, "A30", "A7")
    assert [row.split(",")[0] for row in capsys.readouterr().out.splitlines()[1:]] == ["A30", "A7"]
    assert sopaudit(*said, "B7") == stop.USAGE


def test_what_cannot_be_read_and_what_was_read_by_habit_is_listed_with_its_file(
    months: Path, tmp_path: Path, sopaudit: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (months / "5.csv").write_text(
        "audit,item,result,value,failed,checked\nA1,0100,√,,,\nA1,0200,maybe,,,\n", "utf-8"
    )
    lists = ("--unreadable", str(tmp_path / "u.csv"), "--readings", str(tmp_path / "r.csv"))
    assert sopaudit(*words(months, "--engine", "serial", *lists)) == stop.PROBLEMS
    told = capsys.readouterr().err
    assert f"{months.as_posix()}/5.csv:3:3: T101" in told
    assert told.startswith("1 read by habit")
    columns = ["file", "row", "text"]
    file = f"{months.as_posix()}/5.csv"
    unreadable = pd.read_csv(tmp_path / "u.csv", dtype=str)[columns].to_numpy().tolist()
    assert [file, "3", "maybe"] in unreadable
    read = pd.read_csv(tmp_path / "r.csv", dtype=str)[columns].to_numpy().tolist()
    assert read == [[file, "2", "√"]]


class Screen(io.StringIO):
    """An error stream somebody looks at."""

    def isatty(self) -> bool:
        """Say that somebody looks."""
        return True


def test_a_bar_says_how_far_it_has_come(
    months: Path, sopaudit: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    sopaudit(*words(months, "--engine", "serial", "--format", "csv"))
    shown = [line for line in screen.getvalue().split("\r") if line.startswith("scoring")]
    assert shown[0] == f"scoring [{'.' * 40}] 0/7"
    assert shown[3] == f"scoring [{'#' * 17}{'.' * 23}] 3/7"
    assert shown[-1] == f"scoring [{'#' * 40}] 7/7"


@pytest.mark.parametrize(
    "more",
    [
        ("--engine", "spark"),
        ("--engine", "dask", "--scheduler", "nowhere"),
        ("--engine", "pool", "--scheduler", "tcp://127.0.0.1:1"),
        ("--workers", "0"),
    ],
)
def test_what_cannot_be_is_a_wrong_call(
    months: Path, sopaudit: Callable[..., int], more: tuple[str, ...]
) -> None:
    assert sopaudit(*words(months, *more)) == stop.USAGE


@pytest.mark.parametrize(
    ("module", "more", "told"),
    [
        ("distributed", ("--engine", "dask"), "sopaudit[dask]"),
        ("pyarrow", ("--format", "parquet"), "sopaudit[parquet]"),
    ],
)
def test_an_extra_that_is_missing_is_named(  # noqa: PLR0913, PLR0917 -- fixtures
    months: Path,
    sopaudit: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: str,
    more: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert sopaudit(*words(months, *more)) == stop.USAGE
    zh, en = capsys.readouterr().err.splitlines()
    assert told in zh
    assert told in en


def test_a_large_table_is_scored_in_parts_without_being_asked(
    months: Path, tmp_path: Path, sopaudit: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str | None] = []
    engine = scale._engine

    def noted(way: scale.Way) -> AbstractContextManager[Engine]:
        made.append(way.engine)
        return engine(way)

    monkeypatch.setattr(scale, "_engine", noted)
    sopaudit(*words(months, "-o", str(tmp_path / "small.csv")))
    assert not made
    monkeypatch.setattr(scale, "LARGE", 50)
    sopaudit(*words(months, "-o", str(tmp_path / "large.csv")))
    assert made == [None]
    assert (tmp_path / "large.csv").read_bytes() == (tmp_path / "small.csv").read_bytes()
