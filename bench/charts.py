"""Swimlane charts: what laying one out takes, and how often its lines cross.

The random charts are those of the property test. Graphviz is no peer here, because it does not keep
lanes in order; where `dot` is installed it lays out the same boxes and moves without lanes, to say
what the time means.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import TYPE_CHECKING, Final

from measure import ROOT
from table import Table

if TYPE_CHECKING:
    from sopaudit.criteria.workflow import Workflow

_RANDOM: Final = 300


def measure() -> Table:
    """Lay out random charts and those of this repository's handbook, in one process."""
    sys.path.insert(0, str(ROOT))  # the charts and the count of crossings belong to the tests
    from tests.swimlane.charts import chart

    from sopaudit.criteria.handbook import load_handbook

    random = [chart(seed) for seed in range(_RANDOM)]
    book, _ = load_handbook(ROOT)
    rows: list[tuple[str, Sequence[float | None]]] = [
        (f"{_RANDOM} random, top to bottom", _row(random)),
        (f"{_RANDOM} random, left to right", _row(random, upright=False)),
        *((flow.id, _row([flow])) for flow in (book.workflows.values() if book else ())),
    ]
    if shutil.which("dot"):
        rows.append((f"{_RANDOM} random, Graphviz dot without lanes", _dot_row(random)))
    return Table(
        title="charts: workflows laid out as swimlanes",
        did="10 to 40 boxes in 3 to 6 lanes; one process, warmed up by a first run of all. "
        "Crossings are those of lines that do not lead to the same box.",
        columns=("ms", "ms most", "lines", "crossed"),
        rows=rows,
        target="20 ms for the median chart.",
        notes=("“crossed” is crossings per line; lines are those of the median chart.",),
    )


def _row(flows: Sequence["Workflow"], *, upright: bool = True) -> tuple[float, ...]:
    from tests.swimlane.laws import crossings

    from sopaudit.swimlane.layout import lay_out

    drawings = [lay_out(flow, lang="zh", upright=upright) for flow in flows]
    spent = [_spent(lambda f=flow: lay_out(f, lang="zh", upright=upright)) for flow in flows]  # type: ignore[misc]
    lines = [len(drawing.lines) for drawing in drawings]
    crossed = sum(crossings(drawing) for drawing in drawings) / sum(lines)
    return (median(spent), max(spent), median(lines), crossed)


def _spent(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1e3


def _dot_row(flows: Sequence["Workflow"]) -> tuple[float | None, ...]:
    spent = []
    for flow in flows[::10]:
        moves = "".join(f'"{e.source}"->"{e.target}";' for e in flow.edges)
        text = f"digraph {{splines=ortho;node[shape=box];{moves}}}"
        began = time.perf_counter()
        subprocess.run(["dot", "-Tsvg"], input=text, text=True, capture_output=True, check=True)
        spent.append((time.perf_counter() - began) * 1e3)
    return (median(spent), max(spent), None, None)
