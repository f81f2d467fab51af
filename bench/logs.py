"""An event log from Parquet to the written table of deviations: sopaudit, r4pm, DuckDB."""

from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from measure import PYTHON, ROOT, Run, rounds, spawn, spawn_group
from table import Table

_BENCH: Final = ROOT / "bench"
_TIMES: Final = 3
_MANY: Final = 10**8
"""So many events are checked once, and not in one go."""

_FEW: Final = 10**6
"""Up to so many events r4pm is asked, which holds a log as objects."""


def measure(number: int) -> Table:
    """Check so many events; every side in its own fresh process."""
    rounded = "One round" if number >= _MANY else f"Medians of {_TIMES} rounds in turn"
    with TemporaryDirectory(prefix="sopaudit-bench-") as name:
        log = Path(name) / "log.parquet"
        spawn(PYTHON, _BENCH / "log.py", str(number), log)
        sides = _sides(number, log)
        agreed = _agreement(sides, log)
        runs = rounds(sides, 1 if number >= _MANY else _TIMES, warm=True)
        size = log.stat().st_size / 1e6
    figures = {name: _figures(side, number) for name, side in runs.items()}
    return Table(
        title=f"tickets: {number:,} events",
        did=f"From a Parquet file ({size:.0f} MB, some 17 events a ticket, in order of time) to "
        "the CSV of deviations from workflow F2, quality block included. Scan: the least anybody "
        "must do, reading and one sort. r4pm: costs alone, no table. A rule: from one event to "
        "another at most two hours. Wall and CPU leave out imports; events/s by the wall; peak: "
        f"of all processes at once. {rounded}.",
        columns=("wall s", "CPU s", "M ev/s", "peak MB"),
        rows=[*figures.items()],
        target="2 M events/s in parts on two cores; under 1 GB at 10⁸.",
        notes=[agreed],
    )


_BRANCHES: Final = (3, 4, 5, 6)
_THEIRS: Final = 4
"""Up to so many branches r4pm is asked; five would take it minutes."""


def measure_wide() -> Table:
    """Align 2,000 ways through parallel branches of three steps, which multiply the states."""
    rows: list[tuple[str, tuple[float | None, ...]]] = []
    for branches in _BRANCHES:
        found = [_wide("sopaudit", branches) for _ in range(_TIMES)]
        build, align = (median(run[key] for run in found) for key in ("build", "align"))
        name = f"{branches} branches, {found[0]['states']:,} states"
        rows.append((name, (build, align, 1.0)))
        if branches <= _THEIRS:
            theirs = _wide("r4pm", branches)
            if theirs["cost"] != found[0]["cost"]:
                raise RuntimeError("the sides do not agree")
            ratio = theirs["align"] / align
            rows.append((f"  r4pm {version('r4pm')}, the same", (None, theirs["align"], ratio)))
    return Table(
        title="wide: many states, many variants",
        did="2,000 tickets, each of a way of its own through parallel branches of three steps, "
        "every other one disturbed; ours with states built and the table of deviations written, "
        f"medians of {_TIMES}; r4pm once, over the same states, costs alone.",
        columns=("build s", "align s", "align ×"),
        rows=rows,
        target="1,000 states within a second.",
        notes=["Agreed: the costs of all tickets together are the same."],
    )


def _wide(side: str, branches: int) -> dict[str, float]:
    told: dict[str, float] = spawn(PYTHON, _BENCH / "wide.py", side, str(branches)).told
    return told


def _sides(number: int, log: Path) -> dict[str, partial[Run]]:
    ours = f"sopaudit {version('sopaudit')}, in one go"
    sides = {"Parquet scan and sort": partial(_run, "scan", log)} if number < _MANY else {}
    sides |= {ours: partial(_run, "sopaudit", log)} if number < _MANY else {}
    for told, engine in (("one process", "serial"), ("pool of 2", "pool"), ("Dask, 2", "dask")):
        sides[f"  in parts, {told}"] = partial(_run, "sopaudit", log, engine)
    if number <= _FEW:
        sides[f"r4pm {version('r4pm')}, costs alone"] = partial(_run, "r4pm", log)
    if number < _MANY:
        sides["one rule, sopaudit"] = partial(_run, "rule", log)
        sides[f"one rule, DuckDB {version('duckdb')}"] = partial(_run, "duckdb", log)
    return sides


def _run(side: str, log: Path, engine: str = "", *results: Path) -> Run:
    script = _BENCH / f"tickets_{side}.py"
    return spawn_group("env", f"BENCH_ENGINE={engine}", PYTHON, script, log, *results)


def _agreement(sides: dict[str, partial[Run]], log: Path) -> str:
    """Compare what all sides come to, which also warms the cache; raise where they differ."""
    files = {name: log.with_name(f"{n}.out") for n, name in enumerate(sides)}
    for name, side in sides.items():
        side(*([""] if len(side.args) == 2 else []), files[name])  # noqa: PLR2004 -- side and log
    tables = {files[n].read_bytes() for n in sides if n.startswith(("sopaudit", "  in parts"))}
    rules = {files[n].read_text(encoding="utf-8") for n in sides if n.startswith("one rule")}
    if len(tables) > 1 or len(rules) > 1:
        raise RuntimeError("the sides do not agree")
    told = "every way of ours writes the same bytes"
    return f"Agreed before timing: {told}; the rule finds the same tickets in both."


def _figures(runs: list[Run], number: int) -> tuple[float, float, float, float]:
    wall = median(run.told["wall"] for run in runs)
    return (
        wall,
        median(run.told["cpu"] for run in runs),
        number / wall / 1e6,
        median(run.cost.peak for run in runs),
    )
