"""Score a table of answers with sopaudit, as a program that uses the library would."""

import os
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import stopwatch
from sopaudit import Scorer, load_handbook
from sopaudit.evidence.mapping import read_mapping
from sopaudit.evidence.tables import CHUNK, read_tables

ROWS: Final = int(os.environ.get("BENCH_CHUNK_ROWS", CHUNK))
"""Rows read at a time; the usual number unless the bench asks for another."""


def score(answers: Path) -> pd.DataFrame:
    """Read handbook, mapping and table, and score; all columns of `sopaudit score` come with it."""
    folder = answers.parent
    handbook, problems = load_handbook(folder)
    mapping, wrong = read_mapping(folder / "mapping.yaml")
    if handbook is None or mapping is None or problems or wrong:
        raise RuntimeError(f"the handbook of the bench is wrong: {[*problems, *wrong]}")
    frames = read_tables(mapping, {"answers": answers}, handbook, chunk_rows=ROWS)
    scores = Scorer(handbook.checklists["BENCH"], handbook.schemes["bench"]).table(frames)
    if frames.problems:
        raise RuntimeError(f"the table of the bench is wrong: {frames.problems}")
    return scores


def write(scores: pd.DataFrame, file: Path) -> None:
    """Keep what the sides are compared by."""
    kept = scores[["audit", "score", "grade"]].astype({"score": "float64"})
    pq.write_table(pa.Table.from_pandas(kept), file)


if __name__ == "__main__":
    stopwatch.main(score, write)
