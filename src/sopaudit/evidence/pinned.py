"""Where the edition is that an audit was answered with: git, or what another audit keeps frozen."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.record import Record
from sopaudit.reading.events import read_bytes
from sopaudit.reading.past import Past

UNKNOWN: Final = "OLD"
"""Stands for the revision, ZIP file or folder where none is known that has the edition."""

_SHORT: Final = 7
"""So many signs of a commit are enough to name it."""


def pins_of(records: Iterable[Record]) -> set[tuple[str, str]]:
    """Give each checklist and scheme that records were made with, and its digest."""
    used = [one for record in records for one in (record.checklist, record.checklist.scheme)]
    return {(one.id, one.digest) for one in used if one is not None}


def revision(handbook: Handbook, pins: AbstractSet[tuple[str, str]]) -> str | None:
    """Find what has all of `pins`, ids and digests: a commit, or a folder; None where nothing has.

    Of commits it is the newest. A file is looked for under the name it has today.
    """
    wanted = {_inside(handbook.files[id_]): digest for id_, digest in pins if id_ in handbook.files}
    if len(wanted) < len(pins):
        return None
    known: dict[bytes, str] = {}
    for where, files in _copies(handbook, [*wanted]):
        for name, raw in files.items():
            if raw not in known:
                known[raw] = read_bytes(raw, name).digest
        if all(name in files and known[files[name]] == wanted[name] for name in wanted):
            return where
    return None


def _inside(file: Path) -> str:
    """Give the path of a checklist or scheme inside its handbook, wherever that was laid out."""
    parts = file.parts
    return "/".join(parts[len(parts) - 1 - parts[::-1].index("checklists") :])


def _copies(handbook: Handbook, names: list[str]) -> Iterator[tuple[str, dict[str, bytes]]]:
    past = Past(handbook.folder)
    for commit, files in past.history(names):
        yield commit[:_SHORT], files
    frozen: dict[str, dict[str, bytes]] = {}
    for one in past.frozen():
        frozen.setdefault(one.where, {})[one.name] = one.raw
    for where, files in frozen.items():
        yield (handbook.folder / where).as_posix(), {n: files[n] for n in names if n in files}
