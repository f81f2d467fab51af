"""Columns as codes: distinct texts, and an index into them for each row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.habits import habits, keys

Places = npt.NDArray[np.intp]
"""Indexes of rows."""


@dataclass(frozen=True, eq=False)
class Coded:
    """A column: per row, the code of its text."""

    codes: Ints
    size: int
    """Codes lie below it; not every one of them need occur."""

    texts: Callable[[Sequence[int]], list[str]]
    """Gives the texts of codes, which must come in ascending order."""

    def first(self) -> Places:
        """Find the first row of each code; of a code that does not occur, the number of rows."""
        first = np.full(self.size, len(self.codes), np.intp)
        # Of several values for one place the last one stays, so rows are gone through backwards.
        first[self.codes[::-1]] = np.arange(len(self.codes), dtype=np.intp)[::-1]
        return first

    def distinct(self) -> dict[int, str]:
        """Give the text of each code that occurs, blanks around it removed, in order of codes.

        It is worked out once and given to everybody who asks; nobody may change it.
        """
        return self._distinct

    @cached_property
    def _distinct(self) -> dict[int, str]:
        used = np.flatnonzero(np.bincount(self.codes, minlength=self.size)).tolist()
        return dict(zip(used, map(str.strip, self.texts(used)), strict=True))

    @cached_property
    def folded(self) -> dict[int, str]:
        """The text of each code that occurs, as `habits.key` folds it; one that says nothing is ''.

        Two writings of one number that differ in width, case or blanks are one.
        """
        said, blank, blanks = self._distinct, habits().blank, habits().blanks
        texts = list(said.values())
        return {
            code: "" if fold in blanks and blank(text) else fold
            for (code, text), fold in zip(said.items(), keys(texts), strict=True)
        }

    @cached_property
    def alike(self) -> tuple[npt.NDArray[np.int64], int]:
        """Per code a number, equal where `folded` is, and how many numbers there are."""
        known: dict[str, int] = {}
        table = np.zeros(max(self.size, 1), np.int64)
        table[list(self.folded)] = [known.setdefault(t, len(known)) for t in self.folded.values()]
        return table, max(len(known), 1)

    def table(self, values: Mapping[int, int], default: int = -1) -> Ints:
        """Make an array that turns codes into `values`."""
        table = np.full(self.size, default, np.int32)
        table[list(values)] = list(values.values())
        return table

    def spelled(self) -> list[str]:
        """Give the text of each row."""
        texts = self.distinct()
        return [texts[code] for code in self.codes.tolist()]

    def rows(self, places: Places) -> "Coded":
        """Give the same column for some rows only."""
        return Coded(self.codes[places], self.size, self.texts)

    def where(self, wanted: Iterable[int]) -> Places:
        """Find the rows that have one of the `wanted` codes."""
        wanted = list(wanted)
        if not wanted:
            return np.empty(0, np.intp)
        chosen = np.zeros(self.size, np.bool_)
        chosen[wanted] = True
        return np.flatnonzero(chosen[self.codes])


def coded(texts: Sequence[str]) -> Coded:
    """Code a column of texts."""
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    return from_distinct(codes, distinct.tolist())


def from_distinct(codes: npt.NDArray[np.integer], distinct: list[str]) -> Coded:
    """Make a column of codes and what they stand for."""
    return Coded(
        codes.astype(np.int32, copy=False),
        len(distinct),
        lambda used: [distinct[code] for code in used],
    )


def constant(text: str, rows: int) -> Coded:
    """Make a column that says the same in every row."""
    return from_distinct(np.zeros(rows, np.int32), [text])
