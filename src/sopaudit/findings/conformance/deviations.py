"""From the moves of alignments to what deviates, once for each sequence of events."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.answers import Ints
from sopaudit.findings.conformance.alignment import FITS, SKIPPED, Moves
from sopaudit.findings.conformance.automaton import Automaton
from sopaudit.findings.deviation import STEP_TYPES

Flags = npt.NDArray[np.bool_]

SKIP, SURPLUS, MIXED, UNKNOWN, ROLE = range(len(STEP_TYPES))
"""Indexes into `STEP_TYPES`."""


@dataclass(frozen=True, eq=False)
class Told:
    """What deviates in sequences; those of one sequence together, in order."""

    sequence: Ints
    type: npt.NDArray[np.int8]
    position: Ints
    """The event it is about, -1 for a skipped step."""

    due: Ints
    """The event before which a step should stand; -1 where none is missing."""

    step: Ints
    """The step that is skipped or out of order, else the one that was to come next; -1 for none."""

    event: Ints
    """The event, by its number in the sequences."""

    near: Ints
    """The step that says which workflow it is of: its own, else the one before; -1 for none."""


def told(moves: Moves, event_of_move: Ints, model: Automaton, unknown: int) -> Told:
    """Give what deviates; events from number `unknown` on are known to nobody.

    A step that is skipped and an event that is extra become one deviation where they are of one
    event: the first with the first, and so on.
    """
    chosen = np.flatnonzero(moves.kind >= SKIPPED)
    sequence, kind = moves.sequence[chosen], moves.kind[chosen]
    event = event_of_move[chosen]
    step = np.where(kind == SKIPPED, _steps(moves, model)[chosen], _next(moves, model)[chosen])
    near = np.where(kind == SKIPPED, step, _last(moves, model)[chosen])
    near = np.where(near >= 0, near, step)
    skipped = kind == SKIPPED
    type_ = np.where(skipped, SKIP, np.where(event >= unknown, UNKNOWN, SURPLUS)).astype(np.int8)
    position = np.where(skipped, -1, moves.position[chosen])
    due = np.where(skipped, moves.position[chosen], -1)
    missing, extra = _pairs(sequence, event, skipped)
    type_[extra] = MIXED
    due[extra], step[extra], near[extra] = due[missing], step[missing], step[missing]
    kept = np.ones(len(chosen), np.bool_)
    kept[missing] = False
    made = (sequence, type_, position, due, step, event, near)
    columns = [column[kept].astype(np.int32, copy=False) for column in made]
    return Told(columns[0], columns[1].astype(np.int8), *columns[2:])


def _pairs(
    sequence: Ints, event: Ints, skipped: Flags
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pair what is missing with what is extra: within a sequence, the n-th of one event."""
    order = np.lexsort((np.arange(len(event)), skipped, event, sequence))
    s, e, k = sequence[order], event[order], skipped[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (s[1:] != s[:-1]) | (e[1:] != e[:-1]) | (k[1:] != k[:-1])
    first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    nth = np.arange(len(order)) - first
    width = int(event.max(initial=0)) + 1
    deep = int(nth.max(initial=0)) + 1
    key = (s.astype(np.int64) * width + e) * deep + nth
    _, lost, found = np.intersect1d(key[k], key[~k], assume_unique=True, return_indices=True)
    return order[k][lost], order[~k][found]


def _steps(moves: Moves, model: Automaton) -> Ints:
    """Per move: what happened or should have, an index into the steps; -1 for neither."""
    return np.where(moves.edge >= 0, model.step[moves.edge], -1).astype(np.int32)


def _last(moves: Moves, model: Automaton) -> Ints:
    """Per move: the step that was done or skipped last before it; -1 at the start."""
    steps = _steps(moves, model)
    last = _before(moves, steps >= 0)
    return np.where(last >= 0, steps[last], -1).astype(np.int32) if len(last) else steps


def _next(moves: Moves, model: Automaton) -> Ints:
    """Per move: the step that comes next in the workflow; -1 at the end."""
    steps = _steps(moves, model)
    count = len(steps)
    at = np.where(steps >= 0, np.arange(count), count)
    ahead = np.minimum.accumulate(at[::-1])[::-1]
    inside = np.minimum(ahead, max(count - 1, 0))
    same = (ahead < count) & (moves.sequence[inside] == moves.sequence) if count else ahead < count
    return np.where(same, steps[inside], -1).astype(np.int32) if count else steps


def done_before(moves: Moves) -> npt.NDArray[np.intp]:
    """Per move: the last one before it, of the same sequence, that fits; -1 for none."""
    return _before(moves, moves.kind == FITS)


def _before(moves: Moves, wanted: Flags) -> npt.NDArray[np.intp]:
    """Per move: the last wanted one before it, of the same sequence; -1 for none."""
    count = len(wanted)
    at = np.where(wanted, np.arange(count), -1)
    last = np.concatenate([np.full(min(count, 1), -1), np.maximum.accumulate(at)[:-1]])
    same = (last >= 0) & (moves.sequence[last] == moves.sequence)
    return np.where(same, last, -1).astype(np.intp)
