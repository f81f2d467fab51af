"""The same rule heard by sopaudit, every ticket with its verdict and lines."""

from pathlib import Path

import numpy as np

import stopwatch
from sopaudit import load_handbook
from sopaudit.evidence.eventlog import records_of
from sopaudit.evidence.log import read_log
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.limit import elapsed

_GIVEN = {"from": "dispatch_received", "to": "customer_contacted", "at_most": "2 h"}


def rule(log: Path) -> tuple[int, int, int]:
    """Count tickets, those contacted late, and those never contacted."""
    handbook, _ = load_handbook(Path())
    read, _, _ = read_log(log, handbook)
    if handbook is None or read is None:
        raise RuntimeError("the handbook or the log of the bench is wrong")
    records = records_of(read)
    cases = elapsed(Hearing(handbook, records, read.at.max()), _GIVEN)
    wrong = cases.verdict == 1
    late = wrong & (cases.type == 0) if cases.type is not None else wrong
    return len(records.tickets), int(np.count_nonzero(late)), int(np.count_nonzero(wrong & ~late))


def write(found: object, file: Path) -> None:
    """Keep what the sides are compared by."""
    file.write_text(str(found), encoding="utf-8")


if __name__ == "__main__":
    stopwatch.main(rule, write)
