"""`sopaudit check` of this repository's own handbook."""

from platform import python_version
from typing import Final

from measure import PYTHON, ROOT, middle, rounds, spawn
from table import Table

_TIMES: Final = 11


def measure() -> Table:
    """Time a handbook that is well."""
    program = ROOT / ".venv/bin/sopaudit"
    if said := spawn(program, "check").said:
        raise RuntimeError(f"sopaudit check is not silent: {said}")
    files = [ROOT / "sopaudit.yaml"]
    files += [*ROOT.glob("sops/**/*.yaml"), *ROOT.glob("checklists/**/*.yaml")]
    size = sum(file.stat().st_size for file in files) / 1024
    starts = {
        f"python -c pass, {python_version()}": lambda: spawn(PYTHON, "-c", "pass"),
        "sopaudit check": lambda: spawn(program, "check"),
        "sopaudit check --strict": lambda: spawn(program, "check", "--strict"),
    }
    costs = {name: middle([r.cost for r in runs]) for name, runs in rounds(starts, _TIMES).items()}
    bare = next(iter(costs.values()))
    return Table(
        title="check: the handbook of this repository",
        did=f"{len(files)} files, {size:.0f} kB of YAML, every reference resolved, nothing wrong; "
        f"whole processes, medians of {_TIMES} rounds in turn. Ratios: to bare Python.",
        columns=("wall ms", "CPU ms", "wall ×", "CPU ×"),
        rows=[
            (name, (c.wall * 1e3, c.cpu * 1e3, c.wall / bare.wall, c.cpu / bare.cpu))
            for name, c in costs.items()
        ],
        target="within 30 × the CPU of a bare start; editors run it at every save.",
    )
