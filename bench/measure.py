"""What a process costs, and rounds in which every side takes its turn.

Only the standard library is imported here: a child inherits the peak memory of who starts it.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, Final, TypeVar

ROOT: Final = Path(__file__).parents[1]
PYTHON: Final = sys.executable
_LOOK: Final = 0.1
"""Seconds between two looks at the memory of a session."""

T = TypeVar("T")


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    wall: float
    """Seconds by the clock."""

    cpu: float
    """Seconds of processor time, of all threads and processes."""

    peak: float = 0
    """Most memory held at once, in MB; of a process with children, that of the largest."""


@dataclass(frozen=True)
class Run:
    """A process that ended well."""

    cost: Cost
    said: str

    @property
    def told(self) -> Any:  # noqa: ANN401 -- what our own scripts print
        """What it printed, read as JSON."""
        return json.loads(self.said)


def spawn(*command: str | Path, watch: Callable[[int], None] = lambda _: None) -> Run:
    """Run a command from the root of the repository to its end; raise if it fails or complains.

    It is in a session of its own, whose number `watch` is told as soon as it runs.
    """
    surroundings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        began = time.perf_counter()
        child = subprocess.Popen(
            [*map(str, command)],
            cwd=ROOT,
            env=surroundings,
            stdout=said,
            stderr=complained,
            start_new_session=True,
        )
        watch(child.pid)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (said, complained):
            stream.seek(0)
            texts.append(stream.read().decode())
    if child.returncode or texts[1]:
        raise RuntimeError(f"{command} ended with {child.returncode}: {texts[1] or texts[0]}")
    return Run(Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024), texts[0])


def spawn_group(*command: str | Path) -> Run:
    """Run a command as `spawn` does; its peak is the most that it and its processes held at once.

    Each shared page counts once. They are looked at ten times a second, so where one process alone
    had more for a moment, that is the peak.
    """
    ended = threading.Event()
    peaks = [0.0]

    def watch(session: int) -> None:
        while not ended.wait(_LOOK):
            peaks.append(held(session))

    run = spawn(*command, watch=lambda pid: threading.Thread(target=watch, args=(pid,)).start())
    ended.set()
    return Run(replace(run.cost, peak=max(run.cost.peak, *peaks)), run.said)


def rounds(
    sides: Mapping[str, Callable[[], T]], times: int, *, warm: bool = False
) -> dict[str, list[T]]:
    """Run all sides in turn, A B A B, so that noise hits them alike.

    Unless they are `warm`, each runs once before, unmeasured.
    """
    for side in () if warm else sides.values():
        side()
    runs: dict[str, list[T]] = {name: [] for name in sides}
    for _ in range(times):
        for name, side in sides.items():
            runs[name].append(side())
    return runs


def middle(costs: Sequence[Cost]) -> Cost:
    """Take the median of each part."""
    return Cost(
        median(cost.wall for cost in costs),
        median(cost.cpu for cost in costs),
        median(cost.peak for cost in costs),
    )


def used(session: int) -> float:
    """Add up the processor time of every process of a session, and of those they outlived."""
    ticks = sum(sum(map(int, fields[11:15])) for fields in _session(session))
    return ticks / os.sysconf("SC_CLK_TCK")


def held(session: int) -> float:
    """Add up the memory of every process of a session in MB, each shared page counted once."""
    total = 0
    for fields in _session(session):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            rollup = Path("/proc", fields[-1], "smaps_rollup").read_text(encoding="ascii")
            total += next(int(line.split()[1]) for line in rollup.splitlines() if "Pss:" in line)
    return total / 1024


def _session(session: int) -> list[list[str]]:
    """Read what the kernel says of each process of a session: the fields after its name, its id."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == session:
                found.append([*fields, stat.parent.name])
    return found
