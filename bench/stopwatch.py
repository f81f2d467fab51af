"""One side of the scoring bench: `python bench/with_NAME.py ANSWERS [RESULTS]`.

Imports stand before the watch starts. Without RESULTS the seconds are printed as JSON; with it the
scores are written there instead, as a table of `audit, score, grade`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def main(score: Callable[[Path], T], write: Callable[[T, Path], None]) -> None:
    """Score what the command line names."""
    answers, *results = map(Path, sys.argv[1:])
    wall, cpu = time.perf_counter(), _cpu()
    scores = score(answers)
    told = {"wall": time.perf_counter() - wall, "cpu": _cpu() - cpu}
    for file in results:
        write(scores, file)
    print(json.dumps(told))


def _cpu() -> float:
    """Give the processor time of this process and of those it has started and seen the end of."""
    return sum(os.times()[:4])
