"""Several files that are one table, as exports of many months are: a folder, or a pattern.

A row of such a table has one number: the place of its file, and its row there. Whoever reads the
table need not know of files; where a row is told to people, `Origins` says where it stood.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from glob import glob
from pathlib import Path
from typing import Final

from sopaudit.evidence.readings import Notes
from sopaudit.evidence.source import Chunk, Table
from sopaudit.evidence.unreadable import Origins, Spot, numbered

_PATTERN: Final = frozenset("*?[")


def is_set(path: Path) -> bool:
    """Say whether a path stands for several files."""
    return path.is_dir() or (bool(_PATTERN & set(str(path))) and not path.exists())


def members(path: Path, suffixes: Sequence[str]) -> list[Path]:
    """List the tables in a folder, or those a pattern fits, by name; hidden ones are none."""
    # A pattern that makes no sense to pathlib is an error there, and fits nothing here.
    pattern = str(path)
    found = path.iterdir() if path.is_dir() else map(Path, glob(pattern))  # noqa: PTH207
    return sorted(
        file
        for file in found
        if file.suffix.lower() in suffixes and file.name[0] not in "._~" and file.is_file()
    )


def origins(name: str, tables: Sequence[Table]) -> Origins:
    """Gather what people need to know of the files of a table."""
    spots = tuple(table.spot for table in tables)
    return Origins(f"\0{name}", spots, tuple(tuple(table.header) for table in tables))


class FileSet:
    """Files of the same columns, one after the other."""

    def __init__(self, name: str, tables: Sequence[Table]) -> None:
        self.tables = tables
        self.origins = origins(name, tables)
        self.header: tuple[str, ...] = tables[0].header
        self.spot = Spot(self.origins.name)
        self.floats: bool = tables[0].floats
        self.epoch: date = tables[0].epoch

    def opening(self, notes: Notes) -> None:
        """See `Table`."""
        for table in self.tables:
            table.opening(notes)

    def chunks(self, columns: Sequence[str], rows: int, notes: Notes) -> Iterator[Chunk]:
        """See `Table`."""
        for place, table in enumerate(self.tables):
            for chunk in table.chunks(columns, rows, notes):
                yield Chunk(numbered(place, chunk.rows), chunk.columns)
