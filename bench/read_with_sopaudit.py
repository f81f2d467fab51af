"""Read a table of answers with sopaudit, chunk after chunk, and count them by item and answer."""

from collections import Counter
from pathlib import Path

import numpy as np

import stopwatch
from reading import Counts, keep
from sopaudit import load_handbook
from sopaudit.evidence.mapping import read_mapping
from sopaudit.evidence.tables import read_tables


def read(answers: Path) -> Counts:
    """Read handbook, mapping and table; what is read by habit is noted, row by row."""
    handbook, problems = load_handbook(answers.parent)
    mapping, wrong = read_mapping(answers.parent / "table.yaml")
    if handbook is None or mapping is None or problems or wrong:
        raise RuntimeError(f"the handbook of the bench is wrong: {[*problems, *wrong]}")
    frames = read_tables(mapping, {"answers": answers}, handbook)
    counts: Counter[tuple[str, str]] = Counter()
    for frame in frames:
        pairs = frame.item.astype(np.int64) * len(frame.kinds) + frame.answer
        for pair, count in enumerate(np.bincount(pairs).tolist()):
            item, kind = divmod(pair, len(frame.kinds))
            counts[frame.items[item], frame.kinds[kind].result or ""] += count
    if frames.problems:
        raise RuntimeError(f"the table of the bench is wrong: {frames.problems}")
    return counts


if __name__ == "__main__":
    stopwatch.main(read, keep)
