"""One side of the bench of YAML files: `python bench/with_yaml.py SIDE FOLDER`.

Reads every YAML file of the folder and keeps what it read. Imports stand before the watch starts;
the seconds are printed as JSON, with a hash of the data where the side keeps text as it was typed.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import yaml


def sopaudit_read() -> Callable[[Path], object]:
    """Read data and places, every mistake gathered."""
    from sopaudit.reading.events import read

    return read


def pyyaml_load() -> Callable[[Path], object]:
    """Read data, its types guessed, with the C loader."""
    return lambda path: yaml.load(path.read_bytes(), yaml.CSafeLoader)


def pyyaml_text() -> Callable[[Path], object]:
    """Read data as text, with the C loader."""
    return lambda path: yaml.load(path.read_bytes(), yaml.CBaseLoader)  # noqa: S506 -- text alone


def pyyaml_nodes() -> Callable[[Path], object]:
    """Read nodes, which know their places, with the C loader."""
    return lambda path: yaml.compose(path.read_bytes(), yaml.CSafeLoader)


def ruamel() -> Callable[[Path], object]:
    """Read data that knows its places, guessed types and comments included."""
    from ruamel.yaml import YAML

    reader: Callable[[Path], object] = YAML(typ="rt").load
    return reader


SIDES: Final[dict[str, Callable[[], Callable[[Path], object]]]] = {
    "sopaudit": sopaudit_read,
    "load": pyyaml_load,
    "text": pyyaml_text,
    "nodes": pyyaml_nodes,
    "ruamel": ruamel,
}


def handbook(folder: Path) -> object:
    """Read, shape and cross-check a whole handbook."""
    from sopaudit import load_handbook

    made, problems = load_handbook(folder)
    if made is None:
        raise RuntimeError(f"the handbook of the bench is wrong: {problems[:3]}")
    return made


def digest(side: str, kept: Iterable[Any]) -> str:
    """Hash the data of sides that keep text."""
    data = [file.data if side == "sopaudit" else file for file in kept]
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def main(side: str, folder: Path) -> None:
    """Read with one side."""
    files = sorted(folder.rglob("*.yaml"))
    if side == "handbook":
        import sopaudit.criteria.handbook  # noqa: F401 -- before the watch starts
    reader = SIDES[side]() if side in SIDES else None
    wall, cpu = time.perf_counter(), time.process_time()
    kept = [handbook(folder)] if reader is None else [reader(path) for path in files]
    told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    same = digest(side, kept) if side in ("sopaudit", "text") else ""
    print(json.dumps({**told, "digest": same, "files": len(files)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
