"""`sopaudit --version` and `--help` as whole processes."""

from importlib.metadata import version
from platform import python_version
from typing import Final

from measure import PYTHON, ROOT, middle, rounds, spawn
from table import Table

_TIMES: Final = 21


def measure() -> Table:
    """Time the program's first breath."""
    program = ROOT / ".venv/bin/sopaudit"
    if spawn(program, "--version").said.split() != ["sopaudit", version("sopaudit")]:
        raise RuntimeError("sopaudit --version does not tell its version")
    if "check" not in spawn(program, "--help").said:
        raise RuntimeError("sopaudit --help does not name its commands")
    sides = {
        f"python -c pass, {python_version()}": (PYTHON, "-c", "pass"),
        f'"import typer", {version("typer")}': (PYTHON, "-c", "import typer"),
        "sopaudit --version": (program, "--version"),
        "sopaudit --help": (program, "--help"),
    }
    starts = {name: lambda command=command: spawn(*command) for name, command in sides.items()}
    costs = {name: middle([r.cost for r in runs]) for name, runs in rounds(starts, _TIMES).items()}
    bare = next(iter(costs.values()))
    return Table(
        title="startup: --version and --help",
        did=f"Whole processes, from start to end; medians of {_TIMES} rounds in turn. "
        "Ratios: to bare Python.",
        columns=("wall ms", "CPU ms", "wall ×", "CPU ×"),
        rows=[
            (name, (c.wall * 1e3, c.cpu * 1e3, c.wall / bare.wall, c.cpu / bare.cpu))
            for name, c in costs.items()
        ],
        target="--version near bare Python; --help near what typer alone costs.",
    )
