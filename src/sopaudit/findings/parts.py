"""Work on tables larger than memory: cut them by one column, do a job for each part, and go on.

Both steps are one pure function each, from a job to a file in a folder. Whoever runs them, in
whatever order, and how often a job is begun anew, the files come out the same; so they also stand
for work that need not be done twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

from sopaudit.evidence import store
from sopaudit.evidence.cut import ROWS, Cutting, Piece
from sopaudit.evidence.parquet import Parquet
from sopaudit.evidence.tables import table_files

Job = TypeVar("Job")
Done = TypeVar("Done")

_BYTES: Final = 32
"""Of text a row of a CSV has at least, more or less; it only says how many parts to make."""

_KEPT: Final = ("cut-*", "scores-*", "checks-*")
"""What files of ours are called."""


class Engine(Protocol):
    """Whoever does the jobs: gives the result of each, in any order."""

    def __call__(self, work: Callable[[Job], Done], jobs: Sequence[Job]) -> Iterator[Done]:
        """Do `work` for each of `jobs`."""


def serial(work: Callable[[Job], Done], jobs: Sequence[Job]) -> Iterator[Done]:
    """Do one job after the other, in this process."""
    return map(work, jobs)


class PartWork(Protocol):
    """What is done with a part; goes to every worker."""

    @property
    def stem(self) -> str:
        """How the names of all its files begin; it changes with everything they depend on."""

    def done(self, part: int) -> bool:
        """Say whether a part was done before."""

    def __call__(self, part: int) -> int:
        """Do a part, and give its number."""


class Big(Protocol):
    """Tables whose work is done in parts."""

    jobs: int
    """How many pieces and parts there are; known when the work has begun."""

    def work(self, engine: Engine, folder: Path) -> Iterator[int]:
        """Say how many of the `jobs` were done before, and 1 for each that is done."""


@dataclass(frozen=True)
class Shared:
    """Work that can be shared out: pieces to cut, then parts to do."""

    cutting: Cutting
    pieces: Sequence[Piece]
    parts: int
    work: PartWork
    ready: Callable[[], PartWork]
    """Gives the work once the pieces are cut, told where they are."""

    @property
    def jobs(self) -> int:
        """How many pieces and parts there are."""
        return len(self.pieces) + self.parts

    def run(self, engine: Engine, folder: Path) -> Iterator[int]:
        """Cut and work; say how many jobs were done before, and 1 for each that is done.

        What stands in `folder` from an earlier run and still holds is used again.
        """
        try:
            parts = [part for part in range(self.parts) if not self.work.done(part)]
            to_cut = [p for p in self.pieces if not self.cutting.done(p)] if parts else []
            yield self.jobs - len(to_cut) - len(parts)
            for _ in engine(self.cutting, to_cut):
                yield 1
            work = self.ready() if parts else self.work
            left = [part for part in parts if not work.done(part)]
            yield len(parts) - len(left)
            for _ in engine(work, left):
                yield 1
            _sweep(folder, {self.work.stem, *(piece.name for piece in self.pieces)})
        finally:
            for waiting in folder.glob(f"*{store.WAITING}"):
                with suppress(OSError):
                    waiting.unlink()


def parts_for(rows: int) -> int:
    """Say in how many parts so many rows are done.

    Doubled and not counted, so that a month on top seldom changes the cut of all others.
    """
    return 1 << max(-(-rows // ROWS) - 1, 0).bit_length()


def rows_about(paths: Iterable[Path]) -> int:
    """Guess how many rows the files of a table have; a Parquet file says it."""
    files = [file for path in paths for file in table_files(path)]
    return sum(_rows(file) for file in files if file.is_file())


def _rows(file: Path) -> int:
    if file.suffix.lower() == ".parquet":
        with suppress(Exception):  # it is none, or pyarrow is not here; opening it will tell
            rows: int = Parquet(file).rows
            return rows
    return file.stat().st_size // _BYTES


def clear(folder: Path) -> None:
    """Remove what `work` left in a folder, and the folder if nothing else is in it."""
    _sweep(folder, set())
    with suppress(OSError):
        folder.rmdir()


def _sweep(folder: Path, stems: set[str]) -> None:
    """Remove files of ours whose names do not begin so: they belong to what has changed since."""
    for pattern in _KEPT:
        for file in folder.glob(pattern):
            if "-".join(file.name.split("-")[:2]) not in stems:
                file.unlink()
