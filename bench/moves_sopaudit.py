"""Keep the custody of a ledger with sopaudit: all balances, lots, and what rules find, in parts.

BENCH_ENGINE says how: in one go where it is empty, else in parts by `serial` or `pool`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd

import stopwatch
from sopaudit import __version__, load_handbook
from sopaudit.crew import shared
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.records import MOVES, OpenedRecord, Records, open_record
from sopaudit.findings.big_custody import BigCustody
from sopaudit.findings.custody.custody import custody_of
from sopaudit.findings.loss import losses
from sopaudit.findings.parts import Engine, serial
from sopaudit.findings.partwise import partwise
from sopaudit.findings.rules.engine import hear

ENGINE: Final = os.environ.get("BENCH_ENGINE", "")
WORKERS: Final = 2
NOW: Final = np.datetime64("2030-01-01", "us")
BY: Final = ("place", "site", "status", "part_no", "serial", "holder", "ticket_no")


def keep(ledger: Path) -> tuple[pd.DataFrame, int]:
    """Read the handbook and the ledger, keep custody, hear rules; balances and findings."""
    handbook, problems = load_handbook(Path())
    if handbook is None:
        raise RuntimeError(f"the handbook of the bench is wrong: {problems}")
    opened = open_record(ledger, MOVES, handbook)
    if not isinstance(opened, OpenedRecord):
        raise TypeError(f"the ledger of the bench is wrong: {opened}")
    if ENGINE:
        return _in_parts(ledger, opened)
    return _in_one_go(opened, handbook)


def _in_one_go(opened: OpenedRecord, handbook: Handbook) -> tuple[pd.DataFrame, int]:
    lines, _ = opened.read()
    records = Records({MOVES: lines})
    custody = custody_of(records, handbook, NOW)
    results = hear(handbook, records, NOW, rules=partwise(handbook, {MOVES})[0])
    return custody.balances(BY, ours=True), len(losses(custody, results, handbook))


def _in_parts(ledger: Path, opened: OpenedRecord) -> tuple[pd.DataFrame, int]:
    big = BigCustody(opened, Records({}), NOW, version=__version__)
    with TemporaryDirectory(dir=ledger.parent) as work, _engine() as engine:
        for _ in big.work(engine, Path(work)):
            pass
        found = big.result
        return found.balances(BY, ours=True), len(found.findings)


@contextmanager
def _engine() -> Iterator[Engine]:
    yield serial if ENGINE == "serial" else partial(shared, workers=WORKERS, tries=3)


def write(found: tuple[pd.DataFrame, int], file: Path) -> None:
    """Keep what the sides are compared by: the balances in our custody, line by line."""
    balances, _ = found
    balances.to_csv(file, index=False)
    file.with_suffix(".findings").write_text(str(found[1]), encoding="utf-8")


if __name__ == "__main__":
    stopwatch.main(keep, write)
