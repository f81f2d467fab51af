"""Big logs cut by ticket: their moments are read as they are cut, and a part reads like a log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sopaudit.evidence.cut import AT_ONCE, ROWS, Cutting, Part
from sopaudit.evidence.logsource import Columns, How, Moved, joined, moved, stored
from sopaudit.evidence.parquet import Parquet
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.source import Chunk, Table, data
from sopaudit.problems import Problem


@dataclass(frozen=True)
class LogCutting(Cutting):
    """Cuts pieces of a log; goes to every worker."""

    times: tuple[str, ...] = ()
    """The columns that hold moments."""

    how: How | None = None

    def chunks(
        self, table: Table, name: str, notes: Notes
    ) -> Iterator[tuple[Chunk, dict[str, Any]]]:
        """Read a log in blocks, with what of its moments could not be read."""
        if self.how is None:
            raise ValueError("it must be known how moments are to be read")
        given = stored(table, self.times, self.how)
        before = table.before if isinstance(table, Parquet) else 0
        asked = [n for n in self.times if n not in given]
        for chunk in data(table, [*self.columns[name], *asked], ROWS, notes):
            read = {n: moved([chunk.columns[n]], self.how) for n in asked}
            values = {n: at[chunk.rows - 1 - before] for n, at in given.items()}
            values |= {n: found.at for n, found in read.items()}
            odd = {
                n: [(int(chunk.rows[line]), text) for line, text in found.unreadable]
                for n, found in read.items()
            }
            columns = {n: chunk.columns[n] for n in self.columns[name]}
            yield Chunk(chunk.rows, columns, values), {"odd": odd}


class PartSource:
    """One part of a log that was cut: a `Source`."""

    def __init__(self, part: Part, odd: dict[str, list[tuple[int, str]]]) -> None:
        self.header = part.header
        self._part = part
        self._odd = odd
        """By column: rows whose moment could not be read, and what stood there."""

    def read(
        self,
        columns: Sequence[str],
        times: Sequence[str],
        how: How,  # noqa: ARG002 -- they were read when the log was cut
    ) -> tuple[Columns, list[Problem]]:
        """See `Source`."""
        chunks = list(self._part.chunks(columns, AT_ONCE, Notes()))
        rows = np.concatenate([np.empty(0, np.int64), *(chunk.rows for chunk in chunks)])
        coded = {name: joined(chunk.columns[name] for chunk in chunks) for name in columns}
        line = {int(row): n for n, row in enumerate(rows)} if any(self._odd.values()) else {}
        read = {
            name: Moved(
                np.concatenate(
                    [np.empty(0, "datetime64[us]"), *(chunk.times[name] for chunk in chunks)]
                ),
                [(line[row], text) for row, text in self._odd.get(name, ()) if row in line],
            )
            for name in times
        }
        return Columns(rows, coded, read), []
