"""Finds the header of a table: below titles and notes, in one row or in two.

A mapping says what the columns are called, so the header is the row in which most of those names
stand. Names are matched as people write them: blanks, line ends, case and full-width brackets
do not matter where only one column fits.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sopaudit.evidence.habits import key
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.unreadable import Spot

LOOK: Final = 50
"""Rows that are searched."""

_JOINTS: Final = re.compile(r"[/\\|·:：._\-]")


@dataclass(frozen=True)
class Header:
    """The names of the columns, and what was passed over to find them."""

    names: tuple[str, ...]
    row: int
    """Its last row, counted from 1."""

    fits: int
    """So many of the wanted names stand in it."""

    titles: tuple[tuple[int, str], ...] = ()
    """Rows above that say something."""

    upper: tuple[str, ...] = ()
    """The upper of two rows."""

    renamed: Mapping[int, str] = field(default_factory=dict)
    """Per column, what stood there, where the mapping writes it differently."""

    def note(self, notes: Notes, spot: Spot) -> None:
        """Note what was not taken literally."""
        readings = notes.readings
        readings.add("title", spot, [(row, text, "") for row, text in self.titles])
        if self.upper:
            told = (self.row - 1, " | ".join(self.upper), " | ".join(self.names))
            readings.add("two-headers", spot, [told])
        for column, text in self.renamed.items():
            name = self.names[column]
            here = Spot(spot.file, spot.sheet, name, column + 1)
            readings.add("header", here, [(self.row, text, name)])


def find(records: Sequence[Sequence[str]], wanted: Sequence[str]) -> Header | None:
    """Find the header among the first rows of a table; None where every row is empty.

    Where no row has any wanted name, it is the first that has two cells, as a title has not.
    """
    rows = [[" ".join(cell.split()) for cell in record] for record in records]
    filled = [n for n, row in enumerate(rows) if any(row)]
    if not filled:
        return None
    sought = _Sought(wanted)
    tried = {n: _one(n, rows[n], sought) for n in filled}
    pairs = {n + 1: _two(n, rows[n], rows[n + 1], sought) for n in filled if n + 1 in tried}
    best = max(tried.values(), key=lambda header: header.fits)
    # A name above, merged downwards, stands in both rows; a title stands in none of the columns.
    above = tried.get(best.row - 2)
    if above and above.fits and pairs[best.row - 1].fits >= best.fits:
        best = pairs[best.row - 1]
    best = max([best, *pairs.values()], key=lambda header: header.fits)
    if not best.fits:
        names = (header for header in tried.values() if sum(map(bool, header.names)) > 1)
        best = next(names, tried[filled[0]])
    last = best.row - (2 if best.upper else 1)
    titles = tuple((n + 1, _text(rows[n])) for n in filled if n < last)
    return Header(best.names, best.row, best.fits, titles, best.upper, best.renamed)


def _text(row: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, row)))


class _Sought:
    """The names a mapping has for columns."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.names = frozenset(wanted)
        keys: dict[str, set[str]] = {}
        for name in self.names:
            keys.setdefault(_joined(name), set()).add(name)
        self._keys = {k: names.pop() for k, names in keys.items() if len(names) == 1}

    def meant(self, text: str) -> str | None:
        """Give the name `text` is another writing of."""
        return text if text in self.names else self._keys.get(_joined(text)) if text else None


def _joined(text: str) -> str:
    """Make names equal that differ in blanks, width, case and in what joins two levels."""
    return _JOINTS.sub("", key(text))


def _one(n: int, row: Sequence[str], sought: _Sought) -> Header:
    names, renamed = list(row), {}
    for column, text in enumerate(row):
        meant = sought.meant(text)
        if meant and meant != text and meant not in row:
            names[column], renamed[column] = meant, text
    return Header(tuple(names), n + 1, len(sought.names & set(names)), renamed=renamed)


def _two(n: int, upper: Sequence[str], lower: Sequence[str], sought: _Sought) -> Header:
    """Read two rows as one: what stands above holds for all columns below it."""
    above, names = "", []
    for column in range(max(len(upper), len(lower))):
        top = upper[column] if column < len(upper) else ""
        low = lower[column] if column < len(lower) else ""
        above = top or above if low else top
        both = sought.meant(f"{above}/{low}") if low and above else None
        names.append(both or sought.meant(low) or low or sought.meant(top) or top)
    return Header(tuple(names), n + 2, len(sought.names & set(names)), upper=tuple(upper))
