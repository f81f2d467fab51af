"""Read a table of answers with polars, as text, and count them by item and answer."""

from pathlib import Path

import polars as pl

import stopwatch
from reading import Counts, keep, meant


def read(answers: Path) -> Counts:
    """Read as one would write it down; every cell stays text."""
    table = pl.read_csv(answers, infer_schema=False)
    counts = table.group_by("item", "result").len()
    return meant({(item, word): number for item, word, number in counts.iter_rows()})


if __name__ == "__main__":
    stopwatch.main(read, keep)
