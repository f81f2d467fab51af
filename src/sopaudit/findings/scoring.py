"""Scores: one engine for a single audit with its whole derivation and for millions of answers.

The order is fixed: answers (`marking`), items, sections and coverage (`rollup`), total, round,
grade, limits (`grading`). Here stand its two ends: frames of answers and a table of scores.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sopaudit.criteria.checklist import Checklist
from sopaudit.criteria.scheme import Scheme
from sopaudit.evidence.answers import AnswerFrame
from sopaudit.findings.grading import Run, limit_id
from sopaudit.findings.grid import Grid, Ints
from sopaudit.findings.marking import Marking
from sopaudit.findings.rollup import Flags
from sopaudit.findings.rounding import PERCENT, decimal_text
from sopaudit.findings.score import STATES

COLUMNS: Final = (
    "audit",
    "checklist",
    "score",
    "possible",
    "percent",
    "grade",
    "state",
    "limits",
)
"""The columns of a score table, all text; `audit` and `checklist` together are unique."""

_Texts = NDArray[np.object_]


class Scorer:
    """A checklist under its scheme, ready to score."""

    def __init__(self, checklist: Checklist, scheme: Scheme) -> None:
        self.checklist = checklist
        self.scheme = scheme

    def table(self, frames: Iterable[AnswerFrame]) -> pd.DataFrame:
        """Score every audit of `frames`: one row each, `COLUMNS`, in order of first appearance.

        Frames are read one at a time; what is kept is a byte or two for each audit and item.
        Raises KeyError for an item the checklist does not have.
        """
        return self.tabulate(self.grid(frames))

    def tabulate(self, grid: Grid) -> pd.DataFrame:
        """Score every audit of `grid`; see `table`."""
        texts = {name: np.full(len(grid.audits), "", object) for name in COLUMNS}
        texts["audit"][:] = list(grid.audits)
        texts["checklist"][:] = self.checklist.id
        for rows, run in self.runs(grid):
            for name, column in zip(COLUMNS[2:], self._texts(run), strict=True):
                texts[name][rows] = column
        return pd.DataFrame(texts, dtype="str")

    def grid(self, frames: Iterable[AnswerFrame]) -> Grid:
        """Collect the answers of `frames`."""
        grid = Grid([item.id for item in self.checklist.items], self.facts)
        for frame in frames:
            grid.add(frame)
        return grid

    def runs(self, grid: Grid) -> Iterator[tuple[Ints, Run]]:
        """Split audits by what decides their points: their rows and what scores them.

        That is the day, where items or points have changed, and the facts surcharges ask for. An
        audit without a day has the latest, one before all changes the oldest.
        """
        turns = self.checklist.turns
        epochs = np.zeros(len(grid.audits), np.int64)
        if turns:
            epochs = np.searchsorted(np.array(turns, "datetime64[D]"), grid.days, side="right")
            epochs = np.where(np.isnat(grid.days), len(turns) + 1, epochs)
        told = self._told(grid)
        if not turns and not told:
            yield np.arange(len(grid.audits)), Run(Marking(self.checklist, self.scheme), grid)
            return
        alike = pd.DataFrame({"epoch": epochs, **told})
        kind = alike.groupby([*alike], sort=True).ngroup().to_numpy()
        for number in range(kind.max(initial=-1) + 1):
            rows = np.flatnonzero(kind == number)
            day = _day(turns, int(epochs[rows[0]])) if turns else None
            facts = {fact: words[rows[0]] for fact, words in told.items()}
            yield rows, Run(Marking(self.checklist, self.scheme, day, facts), grid, rows)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts of an audit its scheme asks for."""
        rules = (rule.surcharge for rule in self.scheme.sections)
        return tuple(dict.fromkeys(charge.fact for charge in rules if charge is not None))

    def _told(self, grid: Grid) -> dict[str, list[str]]:
        return {
            fact: [known.get(row, "") for row in range(len(grid.audits))]
            for fact, known in grid.facts.items()
        }

    @property
    def printed(self) -> Fraction | None:
        """The unit whose decimals a score shows; None for as many as it needs."""
        return self.scheme.round.to if self.scheme.round else None

    def _texts(self, run: Run) -> Iterator[_Texts]:
        """Write score, possible, percent, grade, state and limits of every audit."""
        scored = run.scored
        given = scored.state != STATES.index("not scored")
        grades = np.array([*(band.grade for band in self.scheme.grades), ""], object)
        yield _written(scored.steps, run.rounding.to, self.printed, given)
        if scored.possible is None:
            yield from (np.full(len(run), "", object), np.full(len(run), "", object))
        else:
            unit = Fraction(1, scored.possible.denominator)
            yield _written(scored.possible.numerators, unit, None, given)
            something = np.asarray(scored.possible.numerators > 0, bool)
            yield _written(scored.percent_steps, PERCENT.to, None, given & something)
        yield np.where(given, grades[scored.grade], "")
        yield np.array(STATES, object)[scored.state]
        yield self._limits(run, given)

    def _limits(self, run: Run, given: Flags) -> _Texts:
        """Name the limits that bit each audit, joined by semicolons; pending ones say so."""
        text = np.full(len(given), "", object)
        for n, limit in enumerate(self.scheme.every_limit):
            name = limit_id(limit, n)
            for where, told in ((run.bit(n), name), (run.scored.waits[n], f"{name} (pending)")):
                rows = np.flatnonzero(where & given)
                text[rows] = [f"{before};{told}" if before else told for before in text[rows]]
        return text


def _day(turns: Sequence[date], epoch: int) -> date | None:
    """Give a day of an epoch: 0 is before all `turns`; after the last stand those without a day."""
    if epoch > len(turns):
        return None
    return turns[epoch - 1] if epoch else turns[0] - timedelta(1)


def _written(whole: Ints, unit: Fraction, printed: Fraction | None, given: Flags) -> _Texts:
    """Write whole numbers of `unit` with the decimals of `printed`; equal ones only once."""
    distinct, index = np.unique(whole, return_inverse=True)
    texts = np.array([*(decimal_text(int(n) * unit, printed) for n in distinct), ""], object)
    return np.where(given, texts[index], "")
