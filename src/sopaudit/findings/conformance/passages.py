"""How often tickets passed the boxes and moves of charts, and which moves they made besides.

Worked out once for each sequence of events, and weighed by the tickets that share it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.answers import Ints
from sopaudit.findings.conformance.alignment import EXTRA, FITS, SKIPPED, Moves
from sopaudit.findings.conformance.automaton import Automaton, Path
from sopaudit.findings.conformance.deviations import SURPLUS, UNKNOWN, done_before
from sopaudit.findings.conformance.result import Passage, Step
from sopaudit.findings.conformance.rows import Rows

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Passages:
    """What charts are drawn with."""

    boxes: Mapping[str, Passage]
    moves: Mapping[Step, Passage]
    jumps: Mapping[Step, int]


@dataclass(frozen=True, eq=False)
class Walked:
    """How sequences of events went through the workflows."""

    moves: Moves
    event: Ints
    """Per move: which event it read, or of a skipped step the one that is missing."""

    cost: Ints
    last: Ints
    """Per sequence: the state it stopped in."""

    open: npt.NDArray[np.bool_]
    """Per sequence: whether it is judged without an end."""

    tickets: Longs
    """Per sequence: how many share it."""


def passages(walked: Walked, rows: Rows, model: Automaton, names: Sequence[str]) -> Passages:
    """Count for charts; `names` are those of events, by number."""
    counting = _Counting(walked, model, names)
    deviating = _deviating(rows, model)
    return Passages(counting.boxes(deviating), counting.moves_made(), counting.jumps())


def _deviating(rows: Rows, model: Automaton) -> dict[str, int]:
    """Count per box the tickets that deviated there: at the step due, else at the one before."""
    boxes = sorted({step.box for step in model.steps})
    code = np.array([boxes.index(step.box) for step in model.steps], np.int64)
    own = np.where((rows.type == SURPLUS) | (rows.type == UNKNOWN), -1, rows.step)
    step = np.where(own >= 0, own, rows.near)
    known = step >= 0
    pairs = np.unique(rows.ticket[known] * len(boxes) + code[step[known]])
    counts = np.bincount(pairs % len(boxes), minlength=len(boxes)).tolist()
    return dict(zip(boxes, counts, strict=True))


class _Counting:
    """Sums over sequences."""

    def __init__(self, walked: Walked, model: Automaton, names: Sequence[str]) -> None:
        self.moves = walked.moves
        self.event = walked.event
        self.tickets = walked.tickets
        self.model = model
        self.names = names
        self.last = done_before(walked.moves)
        paths = dict.fromkeys((*model.path, *model.ends.values()))
        self.paths: tuple[Path, ...] = tuple(paths)
        code = {path: n for n, path in enumerate(self.paths)}
        self.path_of = np.array([code[path] for path in model.path], np.int64)
        ended = np.flatnonzero(~walked.open)
        self.sequence, self.path = self._ways(ended, walked.last[ended], code)

    def _ways(self, ended: Longs, last: Ints, code: Mapping[Path, int]) -> tuple[Longs, Longs]:
        """Give the silent ways tickets went: those before events that fit, after one that did."""
        moves = self.moves
        real = np.flatnonzero((moves.kind == FITS) & ~self._skipping())
        ways = [code[self.model.ends[state]] for state in last.tolist()]
        final = np.stack([ended, np.array(ways, np.int64)], axis=1)
        lost = np.zeros(len(self.tickets), np.bool_)
        lost[moves.sequence[self._final_skips()]] = True
        final = final[~lost[final[:, 0]]]
        sequence = np.concatenate([moves.sequence[real].astype(np.int64), final[:, 0]])
        return sequence, np.concatenate([self.path_of[moves.edge[real]], final[:, 1]])

    def _skipping(self) -> npt.NDArray[np.bool_]:
        """Say of each move whether a step was skipped since the last that fits."""
        skips = np.cumsum(self.moves.kind == SKIPPED)
        first = np.searchsorted(self.moves.sequence, self.moves.sequence)
        before = np.where(first > 0, skips[np.maximum(first - 1, 0)], 0) if len(skips) else skips
        return skips > np.where(self.last >= 0, skips[self.last], before)

    def _final_skips(self) -> npt.NDArray[np.intp]:
        """Find the skipped steps after which nothing fits any more."""
        count = len(self.moves.kind)
        fits = np.zeros(len(self.tickets), np.int64) - 1
        at = np.flatnonzero(self.moves.kind == FITS)
        fits[self.moves.sequence[at]] = at
        skipped = np.flatnonzero(self.moves.kind == SKIPPED) if count else np.empty(0, np.intp)
        return skipped[skipped > fits[self.moves.sequence[skipped]]]

    def boxes(self, deviating: Mapping[str, int]) -> dict[str, Passage]:
        """Count per box: a visit is as many of its events as came most often."""
        steps = self.model.steps
        ids = sorted({box for step in steps for box in (step.box, *step.passed)})
        code = {box: n for n, box in enumerate(ids)}
        shown = sorted({(step.box, step.number) for step in steps if step.event is not None})
        kind = {key: n for n, key in enumerate(shown)}
        of_step = np.array([kind.get((s.box, s.number), -1) for s in steps], np.int64)
        box_of = np.array([code[box] for box, _ in shown], np.int64)
        fits = self.moves.kind == FITS
        seen = of_step[self.model.step[self.moves.edge[fits]]]
        sequence, which, times = _counts(
            self.moves.sequence[fits].astype(np.int64), seen, len(kind)
        )
        passed = [tuple(code[b] for n in path for b in steps[n].passed) for path in self.paths]
        silent, box, often = _counts(*_expanded(self.sequence, self.path, passed), len(ids))
        key = np.concatenate([sequence * len(ids) + box_of[which], silent * len(ids) + box])
        most = np.concatenate([times, often])
        distinct, place = np.unique(key, return_inverse=True)
        highest = np.zeros(len(distinct), np.int64)
        np.maximum.at(highest, place, most)
        return {
            ids[n]: Passage(times, tickets, deviating.get(ids[n], 0))
            for n, (times, tickets) in enumerate(self._sums(distinct, highest, len(ids)))
            if times or deviating.get(ids[n], 0)
        }

    def moves_made(self) -> dict[Step, Passage]:
        """Count per move of a chart."""
        steps = self.model.steps
        made = sorted({move for step in steps for move in step.moves})
        code = {move: n for n, move in enumerate(made)}
        over = [tuple(code[m] for n in path for m in steps[n].moves) for path in self.paths]
        sequence, move, times = _counts(*_expanded(self.sequence, self.path, over), len(made))
        sums = self._sums(sequence * len(made) + move, times, len(made))
        return {made[n]: Passage(*found) for n, found in enumerate(sums) if found[0]}

    def _sums(self, key: Longs, times: Longs, width: int) -> list[tuple[int, int]]:
        """Weigh counts by tickets: how often, and by how many tickets."""
        if not width:
            return []
        sequence, which = np.divmod(key, width)
        weight = self.tickets[sequence]
        often, many = np.zeros(width, np.int64), np.zeros(width, np.int64)
        np.add.at(often, which, times * weight)
        np.add.at(many, which, weight)
        return list(zip(often.tolist(), many.tolist(), strict=True))

    def jumps(self) -> dict[Step, int]:
        """Count moves no chart has: past steps that were skipped, and to events out of place."""
        moves, model = self.moves, self.model
        past = (moves.kind == FITS) & self._skipping()
        beside = (moves.kind == EXTRA) & (self.event < len(model.events))
        chosen = np.flatnonzero((past | beside) & (self.last >= 0))
        places = _places(model)
        found: dict[tuple[int, Step], None] = {}
        for n in chosen.tolist():
            source = model.steps[model.step[moves.edge[self.last[n]]]]
            if moves.kind[n] == FITS:
                target = model.steps[model.step[moves.edge[n]]].box
            else:
                boxes = places[self.names[self.event[n]]]
                target = boxes.get(source.flow) or next(iter(boxes.values()))
            found[int(moves.sequence[n]), (source.box, target)] = None
        counts: dict[Step, int] = {}
        for sequence, jump in found:
            counts[jump] = counts.get(jump, 0) + int(self.tickets[sequence])
        return dict(sorted(counts.items()))


def _places(model: Automaton) -> dict[str, dict[str, str]]:
    """Say of each event in which box of each workflow it comes first."""
    found: dict[str, dict[str, str]] = {}
    for step in model.steps:
        if step.event is not None:
            found.setdefault(step.event, {}).setdefault(step.flow, step.box)
    return found


def _counts(sequence: Longs, which: Longs, width: int) -> tuple[Longs, Longs, Longs]:
    """Count pairs."""
    key, times = np.unique(sequence * max(width, 1) + which, return_counts=True)
    return (*np.divmod(key, max(width, 1)), times.astype(np.int64))


def _expanded(
    sequence: Longs, path: Longs, inside: Sequence[tuple[int, ...]]
) -> tuple[Longs, Longs]:
    """Spell ways out: one entry for each thing that lies on one."""
    many = np.array([len(found) for found in inside], np.int64)
    flat = np.array([n for found in inside for n in found], np.int64)
    first = np.cumsum(many) - many
    count = many[path]
    begin = np.repeat(first[path], count)
    nth = np.arange(len(begin)) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(sequence, count), flat[begin + nth] if len(flat) else begin
