"""Work in several processes: in order, whole, and over when somebody ends it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.patience import PATIENCE

from sopaudit.crew import WorkerLostError, shared

BIG = 4_000_000
"""Bytes that no pipe takes at once."""


def double(number: int) -> int:
    time.sleep(0.02 if number % 3 == 0 else 0)
    return 2 * number


def refuse(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def fall(number: int) -> bytes:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return b"x" * BIG


@pytest.mark.parametrize("workers", [1, 2, 5, 40])
def test_results_come_in_the_order_of_the_jobs(workers: int) -> None:
    assert list(shared(double, range(20), workers)) == [2 * n for n in range(20)]


def test_nothing_to_do_is_done_at_once() -> None:
    assert list(shared(double, [], 2)) == []


def test_jobs_and_results_may_be_larger_than_a_pipe() -> None:
    jobs = [bytes([n]) * BIG for n in range(4)]
    assert list(shared(bytes.upper, jobs, 2)) == [job.upper() for job in jobs]


def test_what_goes_wrong_in_a_worker_is_raised_where_its_result_is_wanted() -> None:
    with pytest.raises(ValueError, match="three"):
        list(shared(refuse, range(6), 2))


def test_a_worker_that_is_ended_is_told_and_nobody_waits() -> None:
    with pytest.raises(WorkerLostError):
        list(shared(fall, range(6), 2))


def fall_once(job: tuple[Path, int]) -> int:
    mark, number = job
    if number % 3 == 2 and not (mark / str(number)).exists():
        (mark / str(number)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_the_job_of_a_worker_that_is_ended_goes_to_a_new_one(tmp_path: Path) -> None:
    jobs = [(tmp_path, number) for number in range(9)]
    assert list(shared(fall_once, jobs, 2, tries=2)) == list(range(9))
    assert len(list(tmp_path.iterdir())) == 3


def test_a_job_that_ends_every_worker_is_given_up_after_so_many_tries(tmp_path: Path) -> None:
    def fall_always(number: int) -> int:
        (tmp_path / f"{number}-{os.getpid()}").touch()
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(WorkerLostError):
        list(shared(fall_always, range(4), 2, tries=3))
    assert len(list(tmp_path.glob("2-*"))) == 3


def test_whoever_stops_listening_ends_the_workers() -> None:
    before = _children()  # other tests of this process may have left a helper of theirs
    results = shared(os.getpgid, [0] * 4, 2)
    assert next(results) == os.getpgid(0)
    assert len(_children() - before) == 2
    results.close()
    assert not _children() - before


def _children() -> set[str]:
    told = subprocess.run(
        ["ps", "-o", "pid=,stat=,comm=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    listed = [line.split() for line in told.stdout.splitlines()]
    return {pid for pid, state, name in listed if "python" in name and "Z" not in state}


STOPPED = """
import os, signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from sopaudit.crew import shared
def work(n):
    return b"x" * {big}
try:
    threading.Timer({after}, os.killpg, (0, signal.SIGINT)).start()
    for _ in shared(work, [b"y" * {big}] * 4000, 2):
        pass
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.parametrize("after", [0.3, 0.41, 0.52, 0.63, 0.74])
def test_ctrl_c_at_any_moment_ends_it_without_a_word(after: float, tmp_path: Path) -> None:
    program = tmp_path / "stopped.py"
    program.write_text(STOPPED.format(after=after, big=BIG), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=PATIENCE,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("stopped\n", "", 0)
