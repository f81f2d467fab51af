"""What of a table was not taken literally: every cell of it, what it was taken for, and why.

A column of a million `√` is one text and a million row numbers: five bytes a cell, whatever the
cell says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.column import Coded
from sopaudit.evidence.habits import Habits, Taken, habits
from sopaudit.evidence.unreadable import Origins, Spot, Unreadable

Rows = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Block:
    """The same habit in some rows of a column."""

    habit: str
    spot: Spot
    rows: Rows
    codes: Rows
    """Per row: index into `texts`."""

    texts: Sequence[tuple[str, str]]
    """What stood there, and what it was taken for."""


@dataclass
class Readings:
    """Gathers cells while a table passes."""

    blocks: list[Block] = field(default_factory=list)

    def add(self, habit: str, spot: Spot, cells: Iterable[tuple[int, str, str]]) -> None:
        """Note single cells: row (counted from 1), text, and what it was taken for."""
        cells = list(cells)
        rows = np.array([row for row, _, _ in cells], np.int32)
        texts = [(text, taken) for _, text, taken in cells]
        self.note(habit, spot, rows, np.arange(len(cells)), texts)

    def note(
        self, habit: str, spot: Spot, rows: Rows, codes: Rows, texts: Sequence[tuple[str, str]]
    ) -> None:
        """Note many cells that say few different things: `codes` are indexes into `texts`."""
        if len(rows):
            small = codes.astype(np.min_scalar_type(len(texts)))
            self.blocks.append(Block(habit, spot, _narrow(rows), small, texts))

    def __len__(self) -> int:
        """Count the cells."""
        return sum(len(block.rows) for block in self.blocks)

    def located(self, known: Mapping[str, Origins]) -> "Readings":
        """Say where the rows of tables in several files stood."""
        return Readings([part for block in self.blocks for part in _located(block, known)])

    def counts(self) -> Mapping[str, int]:
        """Count the cells of each habit, the most frequent first."""
        counts: dict[str, int] = {}
        for block in self.blocks:
            counts[block.habit] = counts.get(block.habit, 0) + len(block.rows)
        return dict(sorted(counts.items(), key=lambda pair: -pair[1]))

    def table(self, lang: str) -> pd.DataFrame:
        """List all cells in file order: `file, sheet, row, column, text, read_as, habit, reason`.

        `column` is the name in the header, empty where a row or the file as a whole is meant.
        """
        blocks, why = self.blocks, habits()
        counts = [len(block.rows) for block in blocks]
        columns: dict[str, list[str]] = {
            "file": [b.spot.file for b in blocks],
            "sheet": [b.spot.sheet for b in blocks],
            "column": [b.spot.column for b in blocks],
            "habit": [b.habit for b in blocks],
            "reason": [why.reason(b.habit, lang) for b in blocks],
        }
        spread = {name: np.repeat(np.array(c, dtype=object), counts) for name, c in columns.items()}
        frame = pd.DataFrame(spread, dtype="str")
        frame["row"] = np.concatenate([np.empty(0, np.int32), *(b.rows for b in blocks)])
        for n, name in enumerate(("text", "read_as")):
            frame[name] = [b.texts[code][n] for b in blocks for code in b.codes.tolist()]
        frame["number"] = np.repeat([b.spot.number for b in blocks], counts)
        frame = frame.sort_values(
            ["file", "sheet", "row", "number"], ignore_index=True, kind="stable"
        )
        return frame[["file", "sheet", "row", "column", "text", "read_as", "habit", "reason"]]


def _narrow(rows: Rows) -> Rows:
    """Keep row numbers in four bytes where they fit: there may be one for every cell."""
    return rows.astype(np.int32) if int(rows.max()) < 1 << 31 else rows


def _located(block: Block, known: Mapping[str, Origins]) -> Iterator[Block]:
    if block.spot.file not in known:
        yield block
        return
    files = known[block.spot.file]
    for place, mine, rows in files.parted(block.rows):
        spot = files.spot(place, block.spot.column)
        yield Block(block.habit, spot, _narrow(rows), block.codes[mine], block.texts)


class Notes:
    """The margin of the tables: what could not be read, and what was read by habit."""

    def __init__(self, known: Habits | None = None) -> None:
        self.habits = known or habits()
        self.unreadable = Unreadable()
        self.readings = Readings()

    def located(self, known: Mapping[str, Origins]) -> "Notes":
        """Say where the rows of tables in several files stood; see `Origins`."""
        told = Notes(self.habits)
        told.unreadable = self.unreadable.located(known)
        told.readings = self.readings.located(known)
        return told

    def taken(
        self, cells: Coded, spot: Spot, rows: Rows, taken: Mapping[int, Taken]
    ) -> dict[int, str]:
        """Note what codes of a column were taken for; give the texts that go on in their place."""
        reasons = {(each.habit, each.code) for each in taken.values()}
        for habit, problem in sorted(reasons - {("", "")}):
            mine = [code for code, t in taken.items() if (t.habit, t.code) == (habit, problem)]
            where = cells.where(mine)
            if problem:
                texts = cells.rows(where).spelled()
                self.unreadable.add(problem, spot, rows[where], texts)
                continue
            stood = dict(zip(mine, map(str.strip, cells.texts(mine)), strict=True))
            order = cells.table({code: n for n, code in enumerate(mine)})
            pairs = [(stood[code], taken[code].text) for code in mine]
            self.readings.note(habit, spot, rows[where], order[cells.codes[where]], pairs)
        return {code: each.text for code, each in taken.items()}
