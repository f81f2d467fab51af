"""Reading a table of answers as offices write them: sopaudit beside pandas and polars."""

import json
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import handbook
from measure import PYTHON, ROOT, Run, rounds, spawn
from table import Table

_TIMES: Final = 5
_BENCH: Final = ROOT / "bench"

Counts = Mapping[tuple[str, str], int]
"""How often an item was given an answer."""

_MAPPING: Final = {
    "tables": ["answers"],
    "audit": "audit",
    "date": "day",
    "checklist": {"always": "BENCH"},
    "answers": {"item": "item", "result": "result", "person": "person"},
}


def measure(kind: str, number: int = 10**6) -> Table:
    """Read so many answers from a `csv` or an `xlsx`; every side in its own fresh process."""
    peers = ("pandas", "polars") if kind == "csv" else ("pandas",)
    with TemporaryDirectory(prefix="sopaudit-bench-") as name:
        folder = Path(name)
        answers = folder / f"answers.{kind}"
        handbook.write(folder)
        (folder / "table.yaml").write_text(json.dumps(_MAPPING), encoding="utf-8")
        spawn(PYTHON, _BENCH / "sheets.py", str(number), answers)
        _agree(folder, answers, peers)
        sides = {
            f"{side} {version(side)}": partial(_run, side, answers) for side in ("sopaudit", *peers)
        }
        runs = rounds(sides, _TIMES)
        size = answers.stat().st_size / 1e6
    figures = {name: _figures(side) for name, side in runs.items()}
    ours = next(iter(figures.values()))
    return Table(
        title=f"reading: {kind.upper()}, {number:,} answers",
        did=f"One row an answer, five columns ({size:.0f} MB), results written √ × 部分 不适用, "
        "days 2026/10/20. sopaudit gives answers held against handbook and mapping, days as days, "
        "and notes every cell it read by habit; the others give columns of text. All count answers "
        "by item. Wall and CPU: the work after imports; peak: the process. Medians of "
        f"{_TIMES} rounds in turn, every run a fresh process. Ratios: to sopaudit.",
        columns=("wall s", "CPU s", "peak MB", "wall ×", "CPU ×", "peak ×"),
        rows=[
            (name, (*side, *(part / own for part, own in zip(side, ours, strict=True))))
            for name, side in figures.items()
        ],
        target="none by number; memory of a CSV bounded, that of a sheet by its 1,048,576 rows.",
        notes=["Agreed before timing: every side counts the same answers."],
    )


def _run(side: str, answers: Path) -> Run:
    return spawn(PYTHON, _BENCH / f"read_with_{side}.py", answers)


def _figures(runs: list[Run]) -> tuple[float, float, float]:
    return (
        median(run.told["wall"] for run in runs),
        median(run.told["cpu"] for run in runs),
        median(run.cost.peak for run in runs),
    )


def _agree(folder: Path, answers: Path, peers: tuple[str, ...]) -> None:
    """Compare what all sides count; raise where they differ."""
    told = []
    for side in ("sopaudit", *peers):
        file = folder / f"{side}.json"
        spawn(PYTHON, _BENCH / f"read_with_{side}.py", answers, file)
        told.append(file.read_text(encoding="utf-8"))
    if len(set(told)) > 1:
        raise RuntimeError("the sides did not read the same answers")


def meant(counts: Counts) -> Counts:
    """Put the answers of a table into our words, for sides that read text as it stands."""
    from sheets import SIGNS

    words = {sign: word for word, sign in SIGNS.items()}
    return {(item, words[sign]): count for (item, sign), count in counts.items()}


def keep(counts: Counts, file: Path) -> None:
    """Write what the sides are compared by."""
    told = sorted([item, word, count] for (item, word), count in counts.items() if count)
    file.write_text(json.dumps(told), encoding="utf-8")
