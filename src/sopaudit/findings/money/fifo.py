"""First in, first out: which amount that came in is the one that went out, group by group."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Amounts = npt.NDArray[np.int64]

NOTHING: Final = -1
"""In place of what came in, or of what went out, where there is none."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Amounts that came in and went out again; each array has one entry a piece, in groups."""

    came: npt.NDArray[np.int64]
    """Which of those that came in; `NOTHING` where more went out than ever came in."""

    went: npt.NDArray[np.int64]
    """Which of those that went out; `NOTHING` for what is still there."""

    amount: Amounts
    """How much of it; above 0."""


@dataclass(frozen=True, eq=False)
class Side:
    """Amounts on one side, in the order they count within their group."""

    group: npt.NDArray[np.int64]
    """Numbers from 0, the same on both sides."""

    amount: Amounts
    """None below 0."""


def fifo(came: Side, went: Side) -> Pieces:
    """Let each amount that went out be the first ones of its group that are still there.

    All groups lie on one line, one behind the other and each as long as the larger of its two
    sums. Amounts are stretches of that line; where both sides have one, they are the same money.
    """
    size = int(max(came.group.max(initial=-1), went.group.max(initial=-1))) + 1
    sums = [_summed(side, size) for side in (came, went)]
    length = np.maximum(sums[0], sums[1])
    start = np.cumsum(length) - length
    lines = [_laid(side, total, start) for side, total in zip((came, went), sums, strict=True)]
    cuts = np.unique(np.concatenate([edge for line in lines for edge in line[1:]]))
    here = cuts[:-1]
    found = [_at(line, here) for line in lines]
    kept = (found[0] != NOTHING) | (found[1] != NOTHING)
    return Pieces(found[0][kept], found[1][kept], np.diff(cuts)[kept])


_Laid = tuple[npt.NDArray[np.int64], Amounts, Amounts]
"""Which amounts lie on the line, in its order; where each begins and ends."""


def _summed(side: Side, size: int) -> Amounts:
    found = np.zeros(size, np.int64)
    np.add.at(found, side.group, side.amount)
    return found


def _laid(side: Side, sums: Amounts, start: Amounts) -> _Laid:
    order = np.argsort(side.group, kind="stable")
    order = order[side.amount[order] > 0]
    group, amount = side.group[order], side.amount[order]
    before = np.cumsum(sums) - sums
    end = np.cumsum(amount) - before[group] + start[group]
    return order.astype(np.int64), end - amount, end


def _at(line: _Laid, here: Amounts) -> npt.NDArray[np.int64]:
    """Say whose stretch begins at or before each point and ends behind it."""
    which, begins, ends = line
    place = np.searchsorted(ends, here, "right")
    there = np.append(begins, np.iinfo(np.int64).max)[place] <= here
    return np.where(there, np.append(which, NOTHING)[place], NOTHING)
