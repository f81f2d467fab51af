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
_TIMES: Final = 5
_MANY: Final = 10**8
"""So many answers are scored once."""


def measure(number: int) -> Table:
    """Score so many answers; every side in its own fresh process."""
    rounded = "One round" if number >= _MANY else f"Medians of {_TIMES} rounds in turn"
    with TemporaryDirectory(prefix="sopaudit-bench-") as name:
        folder = Path(name)
        answers = folder / "answers.parquet"
        handbook.write(folder)
        spawn(PYTHON, _BENCH / "answers.py", str(number), answers)
        engines = {
            f"sopaudit {version('sopaudit')}, in one go": "",
            "  in parts, one process": "serial",
            "  in parts, pool of 2": "pool",
            "  in parts, Dask, 2": "dask",
        }
        peers = {f"polars {version('polars')}": "polars", f"DuckDB {version('duckdb')}": "duckdb"}
        sides = {
            **{name: partial(_run, "sopaudit", answers, way) for name, way in engines.items()},
            **{name: partial(_run, side, answers, "") for name, side in peers.items()},
        }
        files = [folder / f"{n}.parquet" for n in range(len(sides))]
        first = {name: side(file) for (name, side), file in zip(sides.items(), files, strict=True)}
        agreed = _agreement(answers, files[: len(engines)], files[len(engines) :])
        once = {name: [run] for name, run in first.items()}
        # What wrote its results for comparison has also warmed the disk's cache.
        runs = once if number >= _MANY else rounds(sides, _TIMES, warm=True)
        size = answers.stat().st_size / 1e6
    figures = {name: _figures(side) for name, side in runs.items()}
    ours = next(iter(figures.values()))
    return Table(
        title=f"scoring: {number:,} answers",
        did=f"From a Parquet file ({size:.1f} MB, 60 answers an audit, in order) to a table of "
        "audit, score and grade: weighted sections, a veto, a cap on points, five bands. Wall and "
        "CPU: the work after imports, with all processes; whole: the process from start to end; "
        f"peak: the most all its processes held at once. {rounded}, every run a fresh process. "
        "Ratios: to the first row.",
        columns=("wall s", "CPU s", "whole s", "peak MB", "wall ×", "CPU ×"),
        rows=[
            (name, (*side, side[0] / ours[0], side[1] / ours[1])) for name, side in figures.items()
        ],
        target="in parts, a peak that does not grow with the answers.",
        notes=[agreed],
    )


def _run(side: str, answers: Path, engine: str, *results: Path) -> Run:
    script = _BENCH / f"with_{side}.py"
    return spawn_group("env", f"BENCH_ENGINE={engine}", PYTHON, script, answers, *results)


def _figures(runs: list[Run]) -> tuple[float, float, float, float]:
    return (
        median(run.told["wall"] for run in runs),
        median(run.told["cpu"] for run in runs),
        median(run.cost.wall for run in runs),
        median(run.cost.peak for run in runs),
    )


def _agreement(answers: Path, ours: list[Path], peers: list[Path]) -> str:
    """Compare the results of all sides; raise where they differ for no good reason."""
    if len({file.read_bytes() for file in ours}) > 1:
        raise RuntimeError("the engines of sopaudit do not agree")
    told = spawn(PYTHON, _BENCH / "agreement.py", answers, ours[0], *peers).told
    polars, duckdb = told["differing"]
    flipped = sum(told["graded differently"])
    return (
        f"Agreed before timing: {told['audits']:,} audits; sopaudit's four ways give the same "
        "bytes; the peers' scores and grades are equal but for rounding points, where floats fell "
        f"to the other side: polars {polars}, DuckDB {duckdb} rows, {flipped} with another grade. "
        f"sopaudit's were right each time ({told['recomputed']:,} audits worked out again in "
        "fractions)."
    )
