"""A table of answers from file to scores and grades: sopaudit, polars, DuckDB."""

from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import handbook
from measure import PYTHON, ROOT, Run, rounds, spawn
from table import Table

_TIMES: Final = 7
_BENCH: Final = ROOT / "bench"


def measure(number: int) -> Table:
    """Score so many answers; every side in its own fresh process."""
    with TemporaryDirectory(prefix="sopaudit-bench-") as name:
        folder = Path(name)
        answers = folder / "answers.parquet"
        handbook.write(folder)
        spawn(PYTHON, _BENCH / "answers.py", str(number), answers)
        agreed = _agreement(folder, answers)
        sides = {
            f"sopaudit {version('sopaudit')}": partial(_run, "sopaudit", answers),
            "  read at once": partial(_run, "sopaudit", answers, rows=number),
            f"polars {version('polars')}": partial(_run, "polars", answers),
            f"DuckDB {version('duckdb')}": partial(_run, "duckdb", answers),
        }
        runs = rounds(sides, _TIMES)
        size = answers.stat().st_size / 1e6
    figures = {name: _figures(side) for name, side in runs.items()}
    ours = next(iter(figures.values()))
    return Table(
        title=f"scoring: {number:,} answers",
        did=f"From a Parquet file ({size:.1f} MB, 60 answers an audit, in order) to a table of "
        "audit, score and grade. Wall and CPU: the work after imports; whole: the process from "
        f"start to end, and its peak. Medians of {_TIMES} rounds in turn, every run a fresh "
        "process. Ratios: to sopaudit, which reads the table as a stream.",
        columns=("wall s", "CPU s", "whole s", "peak MB", "wall ×", "CPU ×"),
        rows=[
            (name, (*side, side[0] / ours[0], side[1] / ours[1])) for name, side in figures.items()
        ],
        target="at least 2 for polars and for DuckDB; memory bounded when streamed.",
        notes=[agreed],
    )


def _run(side: str, answers: Path, *, rows: int | None = None) -> Run:
    chunks = () if rows is None else ("env", f"BENCH_CHUNK_ROWS={rows}")
    return spawn(*chunks, PYTHON, _BENCH / f"with_{side}.py", answers)


def _figures(runs: list[Run]) -> tuple[float, float, float, float]:
    return (
        median(run.told["wall"] for run in runs),
        median(run.told["cpu"] for run in runs),
        median(run.cost.wall for run in runs),
        median(run.cost.peak for run in runs),
    )


def _agreement(folder: Path, answers: Path) -> str:
    """Compare the results of all sides; raise where they differ for no good reason."""
    files = []
    for side in ("sopaudit", "polars", "duckdb"):
        files.append(folder / f"{side}.parquet")
        spawn(PYTHON, _BENCH / f"with_{side}.py", answers, files[-1])
    told = spawn(PYTHON, _BENCH / "agreement.py", answers, *files).told
    polars, duckdb = told["differing"]
    flipped = sum(told["graded differently"])
    return (
        f"Agreed before timing: {told['audits']:,} audits, scores and grades equal but for "
        f"rounding points, where floats fell to the other side: polars {polars}, DuckDB {duckdb} "
        f"rows, {flipped} with another grade. sopaudit's were right each time "
        f"({told['recomputed']:,} audits worked out again in fractions)."
    )
