"""Hold a log against a workflow with sopaudit, up to the table of deviations as a file.

BENCH_ENGINE says how: in one go where it is empty, else in parts by `serial`, `pool` or `dask`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import stopwatch
from sopaudit import __version__, load_handbook
from sopaudit.cluster import cluster
from sopaudit.crew import shared
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.log import OpenedLog, open_log, read_log
from sopaudit.findings.conformance.big_log import BigLog
from sopaudit.findings.conformance.conform import conform
from sopaudit.findings.deviation import written
from sopaudit.findings.parts import Engine, serial

ENGINE: Final = os.environ.get("BENCH_ENGINE", "")
WORKFLOW: Final = os.environ.get("BENCH_WORKFLOW", "F2")
HOME: Final = Path(os.environ.get("BENCH_HANDBOOK", "."))
WORKERS: Final = 2
if ENGINE == "dask":
    import distributed  # noqa: F401 -- before the watch starts


def check(log: Path) -> Path:
    """Read the handbook and the log, align every ticket, write the table."""
    handbook, problems = load_handbook(HOME)
    if handbook is None:
        raise RuntimeError(f"the handbook of the bench is wrong: {problems}")
    table = log.with_name(f"{log.stem}-{ENGINE or 'one'}.csv")
    if not ENGINE:
        read, wrong, _ = read_log(log, handbook)
        if read is None:
            raise RuntimeError(f"the log of the bench is wrong: {wrong}")
        table.write_bytes(written(conform(read, handbook, WORKFLOW).deviations))
        return table
    _in_parts(log, handbook, table)
    return table


def _in_parts(log: Path, handbook: Handbook, table: Path) -> None:
    opened = open_log(log, handbook)
    if not isinstance(opened, OpenedLog):
        raise TypeError(f"the log of the bench is wrong: {opened}")
    big = BigLog(opened, handbook, WORKFLOW, version=__version__)
    with TemporaryDirectory(dir=log.parent) as work, _engine() as engine:
        for _ in big.work(engine, Path(work)):
            pass
        with table.open("wb") as file:
            for piece in big.result.written():
                file.write(piece)


@contextmanager
def _engine() -> Iterator[Engine]:
    if ENGINE == "dask":
        with cluster(WORKERS) as dask:
            yield dask
    else:
        yield serial if ENGINE == "serial" else partial(shared, workers=WORKERS, tries=3)


def write(table: Path, file: Path) -> None:
    """Keep what the sides are compared by."""
    file.write_bytes(table.read_bytes())


if __name__ == "__main__":
    stopwatch.main(check, write)
