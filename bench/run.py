"""Measure sopaudit side by side with named peers: `python bench/run.py [NAME ...]`.

Names: startup, check, yaml, csv, xlsx, million, ten-million, hundred-million, tickets-5 to
tickets-8 (10⁵ to 10⁸ events), wide, moves-6, moves-7 (10⁶ and 10⁷ moves of parts), charts, report,
book, batch; all where none is given. Results of both sides are compared before anything is timed;
the figures are printed and nothing is judged by them, so the exit code is 0 also where a target is
missed.
"""

import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

import charts
import check
import logs
import moves
import pages
import reading
import scoring
import startup
import yaml_files
from table import Table

MEASUREMENTS: Final[dict[str, Callable[[], Table]]] = {
    "startup": startup.measure,
    "check": check.measure,
    "yaml": yaml_files.measure,
    "csv": partial(reading.measure, "csv"),
    "xlsx": partial(reading.measure, "xlsx"),
    "million": partial(scoring.measure, 10**6),
    "ten-million": partial(scoring.measure, 10**7),
    "hundred-million": partial(scoring.measure, 10**8),
    **{f"tickets-{n}": partial(logs.measure, 10**n) for n in (5, 6, 7, 8)},
    "wide": logs.measure_wide,
    **{f"moves-{n}": partial(moves.measure, 10**n) for n in (6, 7)},
    "charts": charts.measure,
    "report": partial(pages.measure, 1),
    "book": pages.measure_book,
    "batch": partial(pages.measure, 16),
}


def main(names: list[str]) -> None:
    """Print a table for each measurement."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        sys.exit(f"bench: unknown: {' '.join(unknown)} (one of: {' '.join(MEASUREMENTS)})")
    today = datetime.now(UTC).date()
    print(f"{today}, {platform.platform()}, {os.cpu_count()} cores\n")
    for name in names or MEASUREMENTS:
        print(MEASUREMENTS[name]().text(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
