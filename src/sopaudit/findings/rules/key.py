"""What is alike in several records: columns of texts as numbers, equal where the texts are.

Two writings of one number that differ in width, case or blanks are one (domain, trap 6), and all
that says nothing by habit is one blank.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.criteria.field import plain
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Coded, Places, from_distinct
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.evidence.records import AT
from sopaudit.findings.rules.case import CONFORMING
from sopaudit.findings.rules.hearing import YES, Hearing, Moments

Ids = npt.NDArray[np.int64]
"""Equal numbers mean equal texts; they say nothing else."""

NONE: Final = -1


def alike(*sides: Sequence[Coded]) -> list[Ids]:
    """Give the rows of several tables numbers: the same to two whose columns all agree."""
    sizes = [len(side[0].codes) for side in sides]
    found, size = np.zeros(sum(sizes), np.int64), 1
    for columns in zip(*sides, strict=True):
        tables, width = _tables(columns)
        if size * width >= _WIDEST:
            found, distinct = pd.factorize(found)
            size = len(distinct)
        parts = [table[cells.codes] for table, cells in zip(tables, columns, strict=True)]
        found, size = found * width + np.concatenate(parts), size * width
    found = pd.factorize(found)[0].astype(np.int64)
    return np.split(found, np.cumsum(sizes)[:-1])


_WIDEST: Final = 1 << 62
"""Combinations that one number tells apart."""


def _tables(columns: Sequence[Coded]) -> tuple[list[Ids], int]:
    """Give the texts of columns of several tables one numbering."""
    if len(columns) == 1:
        table, width = columns[0].alike
        return [table], width
    known: dict[str, int] = {}
    tables = []
    for cells in columns:
        table = np.zeros(max(cells.size, 1), np.int64)
        folded = cells.folded
        table[list(folded)] = [known.setdefault(text, len(known)) for text in folded.values()]
        tables.append(table)
    return tables, max(len(known), 1)


def columns(lines: Lines, names: Sequence[str], places: Places | None = None) -> list[Coded]:
    """Give some columns of a record, of all its lines or of some."""
    found = [lines.coded(name) for name in names]
    return found if places is None else [cells.rows(places) for cells in found]


def empty(lines: Lines, names: Sequence[str]) -> Flags:
    """Say of each line whether one of some fields says nothing."""
    found = np.zeros(len(lines), np.bool_)
    for name in names:
        found |= lines.blank(name)
    return found


def named(given: Mapping[str, Given], name: str) -> list[tuple[str, str]]:
    """Give record and field of each `record.field` of a setting; none where it is not given."""
    return [(w.partition(".")[0], w.partition(".")[2]) for w in listed(given.get(name, ()))]


def chosen(hearing: Hearing, given: Mapping[str, Given], name: str, record: str) -> Flags:
    """Say of each line of a record whether the conditions of a setting hold for it."""
    when = {"when": given[name]} if name in given else {}
    found: Flags = hearing.applies(when, record, np.arange(len(hearing.lines(record)))) == YES
    return found


def moment_of(hearing: Hearing, names: Sequence[str], record: str) -> Times:
    """Give for each line of a record when a thing happened: in its own field, or to its ticket.

    Of several occurrences the first counts.
    """
    own = [name for name in names if name.partition(".")[0] == record]
    if own:
        return hearing.lines(record).times(own[0].partition(".")[2])
    return by_ticket(hearing, hearing.moments(*names), record)[0]


def by_ticket(hearing: Hearing, moments: Moments, record: str) -> tuple[Times, Places]:
    """Give for each line of a record the first of some moments of its ticket, and its line."""
    first = np.append(moments.first(hearing.size), NONE)[hearing.records.ticket(record)]
    at = np.append(moments.at, NEVER)[first]
    return at, np.append(moments.line, NONE)[first]


def at_column(lines: Lines, given: Mapping[str, Given], name: str) -> Times:
    """Give the times of the field a setting names, or those of `at`."""
    return lines.times(str(given[name]).partition(".")[2] if name in given else AT)


def totals(
    group: npt.NDArray[np.integer], values: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.int64]:
    """Add whole numbers up by group, exactly."""
    found = np.zeros(size, np.int64)
    np.add.at(found, group, values)
    return found


def told(texts: Sequence[str]) -> Coded:
    """Make a column of texts, one a case; written for the few that need words of their own."""
    distinct = list(dict.fromkeys(texts))
    places = {text: n for n, text in enumerate(distinct)}
    return from_distinct(np.array([places[text] for text in texts], np.int32), distinct or [""])


def switched(wanted: Flags, text: str, otherwise: str = "") -> Coded:
    """Say one text in the lines wanted, another in the rest."""
    return from_distinct(wanted.astype(np.int32), [otherwise, text])


def shown(cells: Coded, places: npt.NDArray[np.integer]) -> Coded:
    """Give a column at some places; at place -1 it says nothing."""
    codes = np.append(cells.codes + 1, 0)[places]

    def texts(used: Sequence[int]) -> list[str]:
        said = iter(cells.texts([code - 1 for code in used if code]))
        return [next(said) if code else "" for code in used]

    return Coded(codes.astype(np.int32), cells.size + 1, texts)


def figures(units: npt.NDArray[np.int64], decimals: int) -> Coded:
    """Make a column that spells exact numbers out, in units of so many decimals."""
    distinct, codes = np.unique(units, return_inverse=True)

    def texts(used: Sequence[int]) -> list[str]:
        return [plain(Fraction(int(distinct[code]), 10**decimals)) for code in used]

    return Coded(codes.reshape(-1).astype(np.int32), len(distinct), texts)


class Called(Sequence[str]):
    """What cases are called, worked out for those somebody asks for: by ticket, else by name."""

    def __init__(
        self, hearing: Hearing, ticket: npt.NDArray[np.integer], name: Callable[[int], str]
    ) -> None:
        self._tickets = hearing.records.tickets
        self._ticket = ticket
        self._name = name

    def __len__(self) -> int:
        return len(self._ticket)

    @overload
    def __getitem__(self, case: int) -> str: ...
    @overload
    def __getitem__(self, case: slice) -> list[str]: ...
    def __getitem__(self, case: int | slice) -> str | list[str]:
        if isinstance(case, slice):
            return [self[n] for n in range(*case.indices(len(self)))]
        ticket = int(self._ticket[case])
        return self._tickets[ticket] if ticket >= 0 else self._name(case)


def called(hearing: Hearing, ticket: npt.NDArray[np.integer], cells: Coded) -> Called:
    """Call cases by their ticket, and those of none by a column, which has one row a case."""
    return Called(hearing, ticket, lambda case: cells.texts([int(cells.codes[case])])[0].strip())


def conforming_only(verdict: npt.NDArray[np.int8], excuse: Flags) -> Flags:
    """Keep of an excuse what made a case conform."""
    kept: Flags = excuse & (verdict == CONFORMING)
    return kept
