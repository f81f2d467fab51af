"""Big ledgers cut by part number: all moves of a part end up in one piece of work."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sopaudit.evidence.column import Coded, from_distinct
from sopaudit.evidence.cut import AT_ONCE, Part, PartedTable, homes
from sopaudit.evidence.lines import Lines
from sopaudit.evidence.logcut import LogCutting
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.records import Records
from sopaudit.evidence.source import Chunk, Table

PART: Final = "part_no"
"""The field a ledger is cut by, in every record that has it."""


@dataclass(frozen=True)
class LedgerCutting(LogCutting):
    """Cuts pieces of a ledger; goes to every worker."""

    blank: frozenset[str] = frozenset()
    """Words that say nothing: moves of no part are all in one piece of work."""

    def chunks(
        self, table: Table, name: str, notes: Notes
    ) -> Iterator[tuple[Chunk, dict[str, Any]]]:
        """Read a ledger in blocks."""
        for chunk, told in super().chunks(table, name, notes):
            column = self.by[name]
            cells = chunk.columns[column]
            columns = {**chunk.columns, column: _silenced(cells, self.blank)}
            yield Chunk(chunk.rows, columns, chunk.times), told


def _silenced(cells: Coded, blank: frozenset[str]) -> Coded:
    said = cells.distinct()
    if blank.isdisjoint(said.values()):
        return cells
    known: dict[str, int] = {}
    texts = {code: "" if text in blank else text for code, text in said.items()}
    table = {code: known.setdefault(text, len(known)) for code, text in texts.items()}
    return from_distinct(cells.table(table, 0)[cells.codes], list(known))


class LedgerPart(Part):
    """One part of a ledger that was cut: a `Table` whose moments are moments."""

    def __init__(self, of: PartedTable, number: int, times: tuple[str, ...]) -> None:
        super().__init__(of, number)
        self.times = times

    def chunks(self, columns: Any, rows: int, notes: Notes) -> Iterator[Chunk]:  # noqa: ANN401, ARG002 -- as `Part`
        """See `Table`; a part is read at once."""
        return super().chunks(columns, AT_ONCE, notes)


def of_part(records: Records, number: int, parts: int, *, floats: bool) -> dict[str, Lines]:
    """Give the lines of other records that belong to a part; those without part numbers whole."""
    found = {}
    for name, lines in records.lines.items():
        if not lines.has(PART):
            found[name] = lines
            continue
        cells = lines.coded(PART)
        said = cells.distinct()
        home = homes(said.values(), parts, floats=floats)
        mine = cells.where(code for code, where in zip(said, home, strict=True) if where == number)
        found[name] = lines.take(np.sort(mine))
    return found
