"""A table of answers from file to scores and grades: sopaudit, polars, DuckDB."""

from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import handbook
from measure import PYTHON, ROOT, Run, rounds, spawn, spawn_group
from table import Table

_BENCH: Final = ROOT / "bench"
_ENGINES: Final = ("", "serial", "pool", "dask")
_MANY: Final = 10**8
"""So many answers are scored once."""


def measure(number: int) -> Table:
    """Score so many answers; every side in its own fresh process."""
    times = 1 if number >= _MANY else 5
    with TemporaryDirectory(prefix="sopaudit-bench-") as name:
        folder = Path(name)
        answers = folder / "answers.parquet"
        handbook.write(folder)
        spawn(PYTHON, _BENCH / "answers.py", str(number), answers)
        # Every side has run once then, so that no file is read from the disk.
        agreed = _agreement(folder, answers)
        sides = {
            f"sopaudit {version('sopaudit')}, in one go": partial(_run, "sopaudit", answers),
            "  in parts, one process": partial(_run, "sopaudit", answers, engine="serial"),
            "  in parts, pool of 2": partial(_run, "sopaudit", answers, engine="pool"),
            "  in parts, Dask, 2": partial(_run, "sopaudit", answers, engine="dask"),
            f"polars {version('polars')}": partial(_run, "polars", answers),
            f"DuckDB {version('duckdb')}": partial(_run, "duckdb", answers),
        }
        runs = rounds(sides, times, warm=True)
        size = answers.stat().st_size / 1e6
    figures = {name: _figures(side) for name, side in runs.items()}
    ours = next(iter(figures.values()))
    return Table(
        title=f"scoring: {number:,} answers",
        did=f"From a Parquet file ({size:.1f} MB, 60 answers an audit, in order) to a table of "
        "audit, score and grade: weighted sections, a veto, a cap on points, five bands. Wall and "
        "CPU: the work after imports, with all processes; whole: the process from start to end; "
        "peak: the most all its processes held at once. Medians of "
        f"{times} rounds in turn, every run a fresh process. Ratios: to the first row.",
        columns=("wall s", "CPU s", "whole s", "peak MB", "wall ×", "CPU ×"),
        rows=[
            (name, (*side, side[0] / ours[0], side[1] / ours[1])) for name, side in figures.items()
        ],
        target="in parts, a peak that does not grow with the answers.",
        notes=[agreed],
    )


def _run(side: str, answers: Path, *, engine: str = "") -> Run:
    return spawn_group("env", f"BENCH_ENGINE={engine}", PYTHON, _BENCH / f"with_{side}.py", answers)


def _figures(runs: list[Run]) -> tuple[float, float, float, float]:
    return (
        median(run.told["wall"] for run in runs),
        median(run.told["cpu"] for run in runs),
        median(run.cost.wall for run in runs),
        median(run.cost.peak for run in runs),
    )


def _agreement(folder: Path, answers: Path) -> str:
    """Compare the results of all sides; raise where they differ for no good reason."""
    ours = []
    for engine in _ENGINES:
        ours.append(folder / f"sopaudit-{engine}.parquet")
        said = ("env", f"BENCH_ENGINE={engine}", PYTHON, _BENCH / "with_sopaudit.py")
        spawn(*said, answers, ours[-1])
    if len({file.read_bytes() for file in ours}) > 1:
        raise RuntimeError("the engines of sopaudit do not agree")
    files = [ours[0]]
    for side in ("polars", "duckdb"):
        files.append(folder / f"{side}.parquet")
        spawn(PYTHON, _BENCH / f"with_{side}.py", answers, files[-1])
    told = spawn(PYTHON, _BENCH / "agreement.py", answers, *files).told
    polars, duckdb = told["differing"]
    flipped = sum(told["graded differently"])
    return (
        f"Agreed before timing: {told['audits']:,} audits; sopaudit's four ways give the same "
        "bytes; the peers' scores and grades are equal but for rounding points, where floats fell "
        f"to the other side: polars {polars}, DuckDB {duckdb} rows, {flipped} with another grade. "
        f"sopaudit's were right each time ({told['recomputed']:,} audits worked out again in "
        "fractions)."
    )
