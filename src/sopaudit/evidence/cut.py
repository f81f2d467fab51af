"""Big tables cut by a key: whatever order rows are in, an audit or a ticket ends up in one part.

A piece is what one worker reads: some row groups of a Parquet file, or another file whole. It is
read in blocks, and the rows of each are sorted by part, so that a part is a short run in each
block. A part then is a `Table` like any other, and is read by the same reader.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sopaudit.evidence import margin, store
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded, from_distinct
from sopaudit.evidence.habits import habits, keys
from sopaudit.evidence.parquet import Parquet
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.source import Chunk, Table, data
from sopaudit.evidence.store import Store
from sopaudit.evidence.tables import note_content, open_table
from sopaudit.evidence.unreadable import Spot, numbered
from sopaudit.problems import Problem

ROWS: Final = 1 << 20
"""Rows of a block, and about as many of a part: whole columns pay, and memory stays small."""

AT_ONCE: Final = 1 << 22
"""Rows of a part that are read as one chunk; only a part of few huge audits has more."""

_SHARED: Final = 1 << 8
"""A column that says no more different texts keeps them once a block, not once a part."""

_LOOKED_UP: Final = 1 << 22
"""Combinations of part and text up to here are found in a table; beyond it they are hashed."""

_TAIL: Final = 1 << 16
"""Bytes at the end of a file that tell it from another; Parquet keeps its statistics there."""


@dataclass(frozen=True)
class Piece:
    """What one worker reads of a table."""

    table: str
    place: int
    """Of its file among the files of the table."""

    path: Path
    groups: tuple[int, int] | None
    """The row groups of a Parquet file (from, up to but not with); None for a file as a whole."""

    key: str
    """Changes with everything the cut depends on."""

    @property
    def first(self) -> bool:
        """Whether it begins its file."""
        return self.groups is None or self.groups[0] == 0

    @property
    def name(self) -> str:
        """What it is called on disk."""
        return f"cut-{self.key[:24]}"


@dataclass(frozen=True)
class Cutting:
    """Cuts pieces; goes to every worker."""

    folder: Path
    parts: int
    columns: Mapping[str, tuple[str, ...]]
    """Per table, the columns that are needed."""

    by: Mapping[str, str]
    """Per table, the column of the ids by which it is cut: of audits, or of tickets."""

    wanted: Mapping[str, tuple[str, ...]]
    """Per table, the names by which its header is found."""

    version: str
    """Of the engine."""

    def pieces(self, name: str, tables: Sequence[Table]) -> Iterator[Piece]:
        """Plan the pieces of the files of a table."""
        for place, table in enumerate(tables):
            path = Path(table.spot.file)
            told = [store.FORMAT, self.version, self.parts, self.columns[name], self.by[name]]
            about = [*told, self.wanted[name], name, place, path.as_posix(), *_identity(path)]
            for groups in _groups(table):
                said = json.dumps([*about, groups]).encode()
                yield Piece(name, place, path, groups, hashlib.sha256(said).hexdigest())

    def blocks(self, piece: Piece) -> list[Path]:
        """List the files a piece was cut into."""
        with Store(self.folder / piece.name) as cut:
            count = cut.about["blocks"]
        return [self.folder / f"{piece.name}-{n}" for n in range(count)]

    def done(self, piece: Piece) -> bool:
        """Say whether a piece was cut before, and all of it is there and whole."""
        return store.sound(self.folder / piece.name, piece.key) and all(
            store.sound(block, piece.key) for block in self.blocks(piece)
        )

    def __call__(self, piece: Piece) -> str:
        """Cut a piece, and give its name."""
        name, notes = piece.table, Notes()
        table = _opened(piece, self.wanted[name])
        if piece.first:
            note_content(table, notes)
            table.opening(notes)
        count = 0
        for chunk, told in self.chunks(table, name, notes):
            about, arrays = _cut(chunk, self.by[name], self.parts, floats=table.floats)
            about |= {"key": piece.key, **told}
            store.write(self.folder / f"{piece.name}-{count}", about, arrays)
            count += 1
        noted, arrays = margin.stored(notes)
        about = {"key": piece.key, "blocks": count, "notes": noted}
        store.write(self.folder / piece.name, about, arrays)
        return piece.name

    def chunks(
        self, table: Table, name: str, notes: Notes
    ) -> Iterator[tuple[Chunk, dict[str, Any]]]:
        """Read a table in blocks, each with what else is to be kept of it."""
        for chunk in data(table, self.columns[name], ROWS, notes):
            yield chunk, {}


def _identity(path: Path) -> tuple[int, int, int]:
    """Tell a file from an earlier one of its name: size, time of the last change, its end."""
    about = path.stat()
    with path.open("rb") as file:
        file.seek(max(0, about.st_size - _TAIL))
        return about.st_size, about.st_mtime_ns, zlib.crc32(file.read(_TAIL))


def _groups(table: Table) -> Iterator[tuple[int, int] | None]:
    """Share a Parquet file out: row groups together have about `ROWS` rows."""
    if not isinstance(table, Parquet):
        yield None
        return
    first, rows = 0, 0
    for n, size in enumerate(table.sizes):
        if rows and rows + size > ROWS:
            yield first, n
            first, rows = n, 0
        rows += size
    yield first, len(table.sizes)


def _opened(piece: Piece, wanted: Sequence[str]) -> Table:
    if piece.groups is not None:
        return Parquet(piece.path, piece.groups)
    table = open_table(piece.path, piece.table, wanted)
    if isinstance(table, Problem):  # it was opened a moment ago
        raise OSError(None, table.message("en"), piece.path.as_posix())
    return table


def part_keys(texts: Iterable[str], *, floats: bool) -> list[str]:
    """Give what all writings of an id have in common, by which it finds its part.

    `007`, `7` and `7.0` may mean one audit where a table lists them, `a-1` and `Ａ－1` as well.
    """
    listed = list(texts)
    taken = habits().ids(dict(enumerate(listed)), None, floats=floats)
    for n, each in taken.items():
        listed[n] = each.text
    folded = (text.removesuffix(".0") for text in keys(listed))
    return [text.lstrip("0") if text.isdecimal() else text for text in folded]


def homes(texts: Iterable[str], parts: int, *, floats: bool) -> list[int]:
    """Say in which part each id lies."""
    alike = part_keys(texts, floats=floats)
    return [zlib.crc32(name.encode("utf-8", "surrogatepass")) % parts for name in alike]


def _cut(
    chunk: Chunk, by: str, parts: int, *, floats: bool
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Sort the rows of a chunk by part; see `_run` for how they are read back."""
    cells = chunk.columns[by]
    names = cells.distinct()
    found = homes(names.values(), parts, floats=floats)
    part = cells.table(dict(zip(names, found, strict=True)), 0)[cells.codes]
    order = np.argsort(part.astype(np.min_scalar_type(parts)), kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(part, minlength=parts))])
    arrays: dict[str, NDArray[Any]] = {"starts": starts, "rows": _small(chunk.rows[order])}
    shared: dict[str, list[str]] = {}
    part = part[order]
    for name, column in chunk.columns.items():
        texts = column.distinct()
        if len(texts) <= _SHARED:
            codes = column.table({code: n for n, code in enumerate(texts)}, 0)
            arrays[f"codes {name}"] = codes.astype(np.uint8)[column.codes][order]
            shared[name] = list(texts.values())
        else:
            own = _Own(column.codes[order], part, column.size, parts)
            arrays[f"codes {name}"] = own.codes
            arrays[f"ends {name}"], arrays[f"texts {name}"] = own.texts(texts)
    for name, values in chunk.times.items():
        arrays[f"values {name}"] = values.view(np.int64)[order]
    about = {"shared": shared, "values": [*chunk.times]}
    return {**about, "marks": _marks(arrays, starts, shared)}, arrays


def _marks(
    arrays: Mapping[str, NDArray[Any]],
    starts: NDArray[np.int64],
    shared: Mapping[str, Sequence[str]],
) -> list[str]:
    """Give a digest of each part's rows, by which it is known whether they have changed.

    It depends on what the rows of a part say and on nothing in others, so the codes of columns
    whose texts all parts share are made anew, in the order of the texts.
    """
    ranked = {name: np.argsort(np.argsort(np.array(texts))) for name, texts in shared.items()}
    marks = []
    for part, (start, stop) in enumerate(pairwise(starts.tolist())):
        digest = hashlib.blake2b(digest_size=16)
        for name, array in arrays.items():
            kind, _, column = name.partition(" ")
            if kind == "texts":
                a, b = arrays[f"ends {column}"][part : part + 2].tolist()
                digest.update(array[a:b].tobytes())
            elif kind in {"rows", "values"} or (kind == "codes" and column not in shared):
                digest.update(array[start:stop].tobytes())
            elif kind == "codes":
                codes, texts = ranked[column][array[start:stop]], sorted(shared[column])
                there = np.bincount(codes, minlength=len(texts)) > 0
                said = [texts[n] for n in np.flatnonzero(there).tolist()]
                own = (np.cumsum(there) - 1).astype(np.uint8)
                digest.update(json.dumps(said).encode())
                digest.update(own[codes].tobytes())
        marks.append(digest.hexdigest() if stop > start else "")
    return marks


def _small(numbers: NDArray[Any]) -> NDArray[Any]:
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


class _Own:
    """A column in which every part has codes of its own, counted from 0."""

    def __init__(self, codes: Ints, part: Ints, size: int, parts: int) -> None:
        both = part.astype(np.int64) * size + codes
        if parts * size <= _LOOKED_UP:
            there = np.zeros(parts * size, np.bool_)
            there[both] = True
            used = np.flatnonzero(there)
            place = np.cumsum(there)[both] - 1
        else:
            # Rows are sorted by part, so what is met first in turn stands together by part.
            place, used = pd.factorize(both)
        self._codes = used % size
        self._ends = np.searchsorted(used // size, np.arange(parts + 1))
        self.codes = _small(place - self._ends[part])

    def texts(self, said: Mapping[int, str]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Pack the texts of each part, one part after the other, and say where each begins."""
        spelled = [said[code] for code in self._codes.tolist()]
        ends = self._ends.tolist()
        packed = [store.packed(spelled[a:b]) for a, b in pairwise(ends)]
        return np.cumsum([0, *map(len, packed)]), np.concatenate(packed)


@dataclass(frozen=True)
class PartedTable:
    """A table whose pieces have been cut."""

    name: str
    """What stands for its file until rows are located; see `Origins`."""

    header: tuple[str, ...]
    floats: bool
    epoch: date
    blocks: tuple[tuple[int, Path], ...]
    """In the order of the rows: the place of the file, and the block."""

    def part(self, number: int) -> "Part":
        """Give one part of it."""
        return Part(self, number)


class Part:
    """One part of a table: a `Table`."""

    def __init__(self, of: PartedTable, number: int) -> None:
        self.header: tuple[str, ...] = of.header
        self.spot = Spot(of.name)
        self.floats: bool = of.floats
        self.epoch: date = of.epoch
        self._blocks = of.blocks
        self._number = number

    def opening(self, notes: Notes) -> None:
        """See `Table`; that was noted when the pieces were cut."""

    def chunks(self, columns: Sequence[str], rows: int, notes: Notes) -> Iterator[Chunk]:  # noqa: ARG002 -- every table is asked alike
        """See `Table`."""
        gathered: list[Chunk] = []
        for place, path in self._blocks:
            gathered.append(_run(path, self._number, place, columns))
            if sum(len(chunk.rows) for chunk in gathered) >= rows:
                yield _together(gathered)
                gathered = []
        if any(len(chunk.rows) for chunk in gathered):
            yield _together(gathered)


def _run(path: Path, part: int, place: int, columns: Sequence[str]) -> Chunk:
    """Read the rows of a part from a block."""
    with Store(path) as block:
        start, stop = block.array("starts", part, part + 2).tolist()
        found = {}
        for name in columns:
            texts = block.about["shared"].get(name)
            if texts is None:
                a, b = block.array(f"ends {name}", part, part + 2).tolist()
                texts = store.unpacked(block.array(f"texts {name}", a, b))
            found[name] = from_distinct(block.array(f"codes {name}", start, stop), texts)
        values = {
            name: block.array(f"values {name}", start, stop).view("datetime64[us]")
            for name in block.about["values"]
        }
        return Chunk(numbered(place, block.array("rows", start, stop)), found, values)


def _together(chunks: Sequence[Chunk]) -> Chunk:
    """Put chunks one below the other."""
    columns = {name: [chunk.columns[name] for chunk in chunks] for name in chunks[0].columns}
    rows = np.concatenate([chunk.rows for chunk in chunks])
    values = {n: np.concatenate([chunk.times[n] for chunk in chunks]) for n in chunks[0].times}
    return Chunk(rows, {name: _below(cells) for name, cells in columns.items()}, values)


def _below(columns: Sequence[Coded]) -> Coded:
    known: dict[str, int] = {}
    codes = []
    for column in columns:
        places = [known.setdefault(text, len(known)) for text in column.texts(range(column.size))]
        codes.append(np.array(places, np.int32)[column.codes])
    return from_distinct(np.concatenate(codes), list(known))
