"""A ledger of parts from Parquet to all balances and findings: sopaudit, and DuckDB's balances."""

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
_MANY: Final = 10**7
"""So many moves are kept in parts only, and measured in the one run whose result is compared."""


def measure(number: int) -> Table:
    """Keep the custody of so many moves; every side in its own fresh process."""
    times = 1 if number >= _MANY else _TIMES
    with TemporaryDirectory(prefix="sopaudit-bench-") as name:
        ledger = Path(name) / "moves.parquet"
        spawn(PYTHON, _BENCH / "ledger.py", str(number), ledger)
        sides = _sides(number, ledger)
        agreed, compared = _agreement(sides, ledger)
        once = {name: [run] for name, run in compared.items()}
        runs = once if number >= _MANY else rounds(sides, times, warm=True)
        size = ledger.stat().st_size / 1e6
    figures = {name: _figures(side, number) for name, side in runs.items()}
    peer = figures[_PEER]
    ratios = [
        f"{name.strip()}: {found[0] / peer[0]:.1f} × the time, {found[3] / peer[3]:.2f} × the peak"
        for name, found in figures.items()
        if name != _PEER
    ]
    return Table(
        title=f"moves: {number:,} moves of parts",
        did=f"From a Parquet file ({size:.0f} MB; 6,000 parts, a third with serial numbers, 40 "
        "sites, 400 people) to what is where by place, site, status, part, serial, holder and "
        "ticket. Ours also has first in first out, since when each lot lies where it is, chains, "
        "and the rules moves alone decide; DuckDB adds the balances up and no more. Wall and CPU "
        f"leave out imports; peak: of all processes at once. Rounds: {times}.",
        columns=("wall s", "CPU s", "M mv/s", "peak MB"),
        rows=[*figures.items()],
        target="10⁷ moves in bounded memory; no time was set.",
        notes=[agreed, f"Against DuckDB: {'; '.join(ratios)}."],
    )


_PEER: Final = f"DuckDB {version('duckdb')}, balances alone"


def _sides(number: int, ledger: Path) -> dict[str, partial[Run]]:
    ours = f"sopaudit {version('sopaudit')}, in one go"
    sides = {ours: partial(_run, "sopaudit", ledger)} if number < _MANY else {}
    for told, engine in (("one process", "serial"), ("pool of 2", "pool")):
        sides[f"  in parts, {told}"] = partial(_run, "sopaudit", ledger, engine)
    return {**sides, _PEER: partial(_run, "duckdb", ledger)}


def _run(side: str, ledger: Path, engine: str = "", *results: Path) -> Run:
    script = _BENCH / f"moves_{side}.py"
    return spawn_group("env", f"BENCH_ENGINE={engine}", PYTHON, script, ledger, *results)


def _agreement(sides: dict[str, partial[Run]], ledger: Path) -> tuple[str, dict[str, Run]]:
    """Compare what all sides come to; raise where they differ. Writing it down is not timed."""
    balances, findings, runs = set(), set(), {}
    lines = 0
    for n, (name, side) in enumerate(sides.items()):
        file = ledger.with_name(f"{n}.out")
        runs[name] = side(*([""] if len(side.args) == 2 else []), file)  # noqa: PLR2004 -- side and ledger
        told = file.read_bytes()
        balances.add(told)
        lines = told.count(b"\n") - 1
        file.unlink()
        if (found := file.with_suffix(".findings")).exists():
            findings.add(found.read_text(encoding="utf-8"))
    if len(balances) > 1 or len(findings) > 1:
        raise RuntimeError("the sides do not agree")
    said = (
        f"Agreed: {lines:,} balances are the same to the byte on all sides, and every way of ours "
        f"finds the same {int(findings.pop()):,} losses."
    )
    return said, runs


def _figures(runs: list[Run], number: int) -> tuple[float, float, float, float]:
    wall = median(run.told["wall"] for run in runs)
    return (
        wall,
        median(run.told["cpu"] for run in runs),
        number / wall / 1e6,
        median(run.cost.peak for run in runs),
    )
