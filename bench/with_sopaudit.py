"""Score a table of answers with sopaudit, as a program that uses the library would.

BENCH_ENGINE says how: in one go where it is empty, else in parts by `serial`, `pool` or `dask`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import stopwatch
from sopaudit import Scorer, __version__, load_handbook
from sopaudit.cluster import cluster
from sopaudit.crew import shared
from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.mapping import MappingFile, read_mapping
from sopaudit.evidence.tables import read_tables
from sopaudit.findings.big_tables import BigTables
from sopaudit.findings.parts import Engine, serial

ENGINE: Final = os.environ.get("BENCH_ENGINE", "")
WORKERS: Final = 2
if ENGINE == "dask":
    import distributed  # noqa: F401 -- before the watch starts


def score(answers: Path) -> pa.Table:
    """Read handbook, mapping and table, and score; all columns of `sopaudit score` are made."""
    folder = answers.parent
    handbook, problems = load_handbook(folder)
    mapping, wrong = read_mapping(folder / "mapping.yaml")
    if handbook is None or mapping is None or problems or wrong:
        raise RuntimeError(f"the handbook of the bench is wrong: {[*problems, *wrong]}")
    if not ENGINE:
        return _kept(_in_one_go(handbook, mapping, answers))
    tables = BigTables(mapping, {"answers": answers}, handbook, version=__version__)
    with TemporaryDirectory(dir=folder) as work, _engine() as engine:
        for _ in tables.work(engine, Path(work)):
            pass
        scores = pa.concat_tables(map(_kept, tables.frames()))
        if tables.problems:
            raise RuntimeError(f"the table of the bench is wrong: {tables.problems}")
    return scores


def _in_one_go(handbook: Handbook, mapping: MappingFile, answers: Path) -> pd.DataFrame:
    frames = read_tables(mapping, {"answers": answers}, handbook)
    scores = Scorer(handbook.checklists["BENCH"], handbook.schemes["bench"]).table(frames)
    if frames.problems:
        raise RuntimeError(f"the table of the bench is wrong: {frames.problems}")
    return scores


@contextmanager
def _engine() -> Iterator[Engine]:
    if ENGINE == "dask":
        with cluster(WORKERS) as dask:
            yield dask
    else:
        yield serial if ENGINE == "serial" else partial(shared, workers=WORKERS, tries=3)


def _kept(scores: pd.DataFrame) -> pa.Table:
    """Keep what the peers have too; scores are text here, which is exact."""
    kept = scores[["audit", "score", "grade"]]
    return pa.Table.from_pandas(kept, preserve_index=False).replace_schema_metadata(None)


def write(scores: pa.Table, file: Path) -> None:
    """Keep what the sides are compared by."""
    place = scores.schema.get_field_index("score")
    numbers = scores["score"].cast(pa.float64())
    # However many tables it came in, it is one now, so that equal scores are equal bytes.
    pq.write_table(scores.set_column(place, "score", numbers).combine_chunks(), file)


if __name__ == "__main__":
    stopwatch.main(score, write)
