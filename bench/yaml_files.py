"""Two thousand YAML files: sopaudit, PyYAML with its C loader, ruamel.yaml."""

from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import handbook
from measure import PYTHON, ROOT, Run, rounds, spawn
from table import Table

_FILES: Final = 2000
_TIMES: Final = 3
_SLOW: Final = 1
"""Rounds of ruamel.yaml, which takes a minute each."""


def measure() -> Table:
    """Read them; every side in its own fresh process, which keeps all it read."""
    pyyaml = f"PyYAML {version('pyyaml')} C"
    with TemporaryDirectory(prefix="sopaudit-bench-") as name:
        folder = Path(name)
        handbook.write_large(folder, _FILES)
        files = list(folder.rglob("*.yaml"))
        size = sum(file.stat().st_size for file in files) / 1e6
        ours, peers = (_run(side, folder).told for side in ("sopaudit", "text"))
        if ours["digest"] != peers["digest"]:
            raise RuntimeError("sopaudit and PyYAML read different texts")
        sides = {
            f"sopaudit {version('sopaudit')}, data and places": "sopaudit",
            "  whole handbook, checked": "handbook",
            f"{pyyaml}, safe_load": "load",
            "  nodes and places": "nodes",
        }
        slow = {f"ruamel.yaml {version('ruamel.yaml')}, data and places": "ruamel"}
        runs = {
            **rounds({name: partial(_run, side, folder) for name, side in sides.items()}, _TIMES),
            **rounds(
                {name: partial(_run, side, folder) for name, side in slow.items()},
                _SLOW,
                warm=True,
            ),
        }
    figures = {name: _figures(side) for name, side in runs.items()}
    first = next(iter(figures.values()))
    return Table(
        title=f"reading: {len(files):,} YAML files",
        did=f"{size:.1f} MB of posts and checklists, two languages, kept in memory. Wall and CPU: "
        f"the work after imports; peak: of the process. Medians of {_TIMES} rounds in turn, of "
        f"{_SLOW} for ruamel.yaml, every run a fresh process. Ratios: to sopaudit.",
        columns=("wall s", "CPU s", "peak MB", "CPU ×", "peak ×"),
        rows=[(name, (*f, f[1] / first[1], f[2] / first[2])) for name, f in figures.items()],
        target="no slower than safe_load of the C loader, which knows no places.",
        notes=["Agreed before timing: sopaudit and PyYAML read the same texts in every file."],
    )


def _run(side: str, folder: Path) -> Run:
    return spawn(PYTHON, ROOT / "bench/with_yaml.py", side, folder)


def _figures(runs: list[Run]) -> tuple[float, float, float]:
    return (
        median(run.told["wall"] for run in runs),
        median(run.told["cpu"] for run in runs),
        median(run.cost.peak for run in runs),
    )
