"""Read a table of answers with pandas, as text, and count them by item and answer."""

from pathlib import Path

import pandas as pd

import stopwatch
from reading import Counts, keep, meant


def read(answers: Path) -> Counts:
    """Read as one would write it down; every cell stays text."""
    if answers.suffix == ".csv":
        table = pd.read_csv(answers, dtype=str, keep_default_na=False)
    else:
        table = pd.read_excel(answers, engine="calamine", dtype=str, keep_default_na=False)
    counts = table.groupby(["item", "result"]).size().reset_index()
    return meant({(item, word): count for item, word, count in counts.to_numpy().tolist()})


if __name__ == "__main__":
    stopwatch.main(read, keep)
