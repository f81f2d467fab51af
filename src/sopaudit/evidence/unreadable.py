"""What of a table could not be read: every cell of it, told as Problems and as a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.problems import Place, Problem, choices, in_file_order

SHOWN: Final = 20
"""So many problems of one code in one file are told one by one."""

REST: Final = "T099"
"""Counts the others."""

_LENGTH: Final = 40
"""Of a text inside a sentence; the table has all of it."""


@dataclass(frozen=True)
class Spot:
    """A table, and a column of it."""

    file: str
    sheet: str = ""
    column: str = ""
    """Its name; empty where the row as a whole is meant."""

    number: int = 1
    """Its place in the header, counted from 1."""

    @property
    def path(self) -> str:
        """The file, and the sheet in brackets, as problems show them."""
        return f"{self.file}[{self.sheet}]" if self.sheet else self.file


SHIFT: Final = 40
"""Of a table in several files, the bits of a row number that say the row; others say the file."""


@dataclass(frozen=True)
class Origins:
    """The files of a table, by which its rows are told to people."""

    name: str
    """Stands for the table wherever a file does."""

    spots: tuple[Spot, ...]
    headers: tuple[tuple[str, ...], ...]

    def spot(self, place: int, column: str) -> Spot:
        """Point at a column of a file, or at the file where no column is meant."""
        file, header = self.spots[place], self.headers[place]
        if column not in header:
            return file
        return Spot(file.file, file.sheet, column, header.index(column) + 1)

    def parted(
        self, rows: npt.NDArray[np.integer]
    ) -> Iterator[tuple[int, npt.NDArray[np.intp], npt.NDArray[np.int64]]]:
        """Part rows by file: its place, which of the rows are its own, and where they stand."""
        wide = rows.astype(np.int64)
        files = wide >> SHIFT
        for place in np.unique(files).tolist():
            mine = np.flatnonzero(files == place)
            yield place, mine, row_in_file(wide[mine])


def numbered(place: int, rows: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Give rows of the file at `place` numbers that no row of another file has."""
    return rows.astype(np.int64) + (place << SHIFT)


def row_in_file(rows: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Give the row within its file, whichever it is."""
    return rows.astype(np.int64) & ((1 << SHIFT) - 1)


@dataclass(frozen=True)
class Block:
    """The same mistake in some rows."""

    code: str
    spot: Spot
    rows: npt.NDArray[np.int64]
    texts: Sequence[str]
    """One for each row, or one for all of them."""

    near: Sequence[str]
    """What the author may have meant; compared only when the problem is told."""

    words: Mapping[str, str]
    """What else fills the sentence."""

    def text(self, n: int) -> str:
        """Give what stood in the `n`-th of the rows."""
        return self.texts[n if len(self.texts) > 1 else 0]


@dataclass
class Unreadable:
    """Gathers cells while a table passes; the same mistake on many rows is kept once."""

    blocks: list[Block] = field(default_factory=list)

    def add(
        self,
        code: str,
        spot: Spot,
        rows: npt.NDArray[np.integer],
        texts: Sequence[str],
        near: Sequence[str] = (),
        **words: str,
    ) -> None:
        """Note that what stood in `rows` (counted from 1 with the header) cannot be used.

        `texts` says what stood there: one text for each row, or a single one for all.
        """
        if len(rows):
            self.blocks.append(Block(code, spot, rows.astype(np.int64), texts, near, words))

    def __len__(self) -> int:
        """Count the cells."""
        return sum(len(block.rows) for block in self.blocks)

    def located(self, known: Mapping[str, Origins]) -> "Unreadable":
        """Say where the rows of tables in several files stood."""
        return Unreadable([part for block in self.blocks for part in _located(block, known)])

    def problems(self) -> list[Problem]:
        """Tell the first cells of each code and file one by one, and count the rest."""
        groups: dict[tuple[str, str], list[Block]] = {}
        for block in self.blocks:
            groups.setdefault((block.spot.path, block.code), []).append(block)
        return in_file_order(problem for group in groups.values() for problem in _told(group))

    def table(self, lang: str) -> pd.DataFrame:
        """List all cells: `file, sheet, row, column, text, code, reason`, in file order.

        `column` is the name in the header, empty where the row as a whole could not be read.
        """
        blocks = self.blocks
        counts = [len(block.rows) for block in blocks]
        columns: dict[str, list[str]] = {
            "file": [b.spot.file for b in blocks],
            "sheet": [b.spot.sheet for b in blocks],
            "column": [b.spot.column for b in blocks],
            "code": [b.code for b in blocks],
        }
        spread = {name: np.repeat(np.array(c, dtype=object), counts) for name, c in columns.items()}
        frame = pd.DataFrame(spread, dtype="str")
        frame["row"] = _joined(blocks)
        frame["text"] = [b.text(n) for b in blocks for n in range(len(b.rows))]
        frame["reason"] = [r for b in blocks for r in _reasons(b, lang)]
        frame["number"] = np.repeat([b.spot.number for b in blocks], counts)
        by = ["file", "sheet", "row", "number", "code"]
        frame = frame.sort_values(by, ignore_index=True, kind="stable")
        return frame[["file", "sheet", "row", "column", "text", "code", "reason"]]


def _located(block: Block, known: Mapping[str, Origins]) -> Iterator[Block]:
    if block.spot.file not in known:
        yield block
        return
    files = known[block.spot.file]
    for place, mine, rows in files.parted(block.rows):
        each = len(block.texts) > 1
        texts = [block.texts[n] for n in mine.tolist()] if each else block.texts
        yield replace(block, spot=files.spot(place, block.spot.column), rows=rows, texts=texts)


def _joined(blocks: Iterable[Block]) -> npt.NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *(block.rows for block in blocks)])


def _reasons(block: Block, lang: str) -> Iterator[str]:
    """Say for each row what is wrong; equal texts are thought about once."""
    said: dict[str, str] = {}
    for n in range(len(block.rows)):
        text = block.text(n)
        if text not in said:
            said[text] = _problem(block, n, compare=False).message(lang)
        yield said[text]


def _problem(block: Block, n: int, *, compare: bool = True) -> Problem:
    """Make the problem of a row; without `compare`, near words for its remedy are not sought."""
    place = Place(block.spot.path, int(block.rows[n]), block.spot.number)
    text = block.text(n)
    text = text if len(text) <= _LENGTH else text[: _LENGTH - 1] + "…"
    told = {"text": text, "column": block.spot.column, **block.words}
    if block.near and compare:
        told["choices"] = choices(text, block.near)
    return Problem(place, block.code, told)


def _told(blocks: list[Block]) -> Iterable[Problem]:
    rows = _joined(blocks)
    counts = [len(block.rows) for block in blocks]
    owner = np.repeat(np.arange(len(blocks)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum([0, *counts[:-1]]), counts)
    order = np.argsort(rows, kind="stable")
    yield from (_problem(blocks[owner[at]], int(within[at])) for at in order[:SHOWN])
    if len(rows) > SHOWN:
        place = _problem(blocks[owner[order[SHOWN]]], int(within[order[SHOWN]])).place
        count = str(len(rows) - SHOWN)
        yield Problem(place, REST, {"code": blocks[0].code, "count": count})
