"""An event log held against workflows: every ticket, by optimal alignment.

A part of a log is held by itself, and results of parts with different tickets are put together by
sums (`merging.merged`), so the whole may be cut by tickets in any way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.eventlog import EventLog
from sopaudit.findings.conformance.alignment import (
    SKIPPED,
    Aligned,
    Moves,
    align,
    codes,
)
from sopaudit.findings.conformance.automaton import Automaton, automaton
from sopaudit.findings.conformance.deviations import MIXED, SKIP, Told, told
from sopaudit.findings.conformance.passages import Walked, passages
from sopaudit.findings.conformance.result import (
    CONFORMING,
    NONCONFORMING,
    NOT_ASSESSABLE,
    OPEN,
    Conformance,
    Variant,
)
from sopaudit.findings.conformance.roles import wrong_roles
from sopaudit.findings.conformance.rows import frame, joined, of_roles, spread
from sopaudit.findings.conformance.sequence import Holding, Sequences, sequences
from sopaudit.findings.conformance.variants import Tree, tree
from sopaudit.findings.deviation import STEP_TYPES

Flags = npt.NDArray[np.bool_]


def conform(
    log: EventLog,
    handbook: Handbook,
    workflow: str | None = None,
    as_of: date | None = None,
    *,
    office: str = "",
) -> Conformance:
    """Hold a log against one workflow, or each ticket's whole journey against all of them.

    With `as_of` what came after that day has not happened yet, and tickets that have not come to an
    end are judged as far as they are; without it every ticket counts as complete. `office` is whose
    log it is, where the log does not say. Raises TooManyStatesError and NoWayError.
    """
    return held(log, automaton(handbook.workflows, workflow), handbook, as_of, office=office)


def held(
    log: EventLog,
    model: Automaton,
    handbook: Handbook,
    as_of: date | None = None,
    *,
    office: str = "",
) -> Conformance:
    """Hold a log, or a part of one, against workflows that were made an automaton before."""
    known = sequences(log, model, as_of)
    grown, node = tree(known.event, known.ends, known.lengths, max(len(known.names), 1))
    assessable = (known.lengths > 0) & ~known.untimed & _any(grown, known, model.scope)[node]
    chosen = np.zeros(len(grown), np.bool_)
    chosen[node[assessable]] = True
    nodes = np.flatnonzero(chosen).astype(np.int32)
    place = np.full(len(grown), -1, np.int32)
    place[nodes] = np.arange(len(nodes), dtype=np.int32)
    variant = np.where(assessable, place[node], -1).astype(np.int32)
    holding = Holding(log, known, model, handbook, office)
    ways, open_ = _aligned(grown, nodes, holding, judged_open=as_of is not None)
    spelled = _spelled(grown, nodes)
    event = _events(ways.moves, spelled, model)
    tickets = np.bincount(variant[variant >= 0], minlength=len(nodes)).astype(np.int64)
    walked = Walked(ways.moves, event, ways.cost, ways.last, open_, tickets)
    found = told(ways.moves, event, model, len(codes(model)))
    wrong = of_roles(
        *wrong_roles(_steps_done(ways.moves, variant, spelled, holding), holding), known
    )
    rows = joined(spread(found, variant, known, model), wrong)
    counted = passages(walked, rows, model, known.names)
    state = np.where(ways.cost > 0, NONCONFORMING, np.where(open_, OPEN, CONFORMING))
    of_ticket = np.append(state, NOT_ASSESSABLE)[variant].astype(np.int8)
    of_ticket[wrong.ticket] = NONCONFORMING
    order, variants = _variants(spelled, walked, state, _said(found, known.names, model), known)
    return Conformance(
        known.tickets,
        of_ticket,
        np.append(ways.cost, 0)[variant].astype(np.int32),
        frame(rows, holding),
        variants,
        np.append(order, -1)[variant].astype(np.int32),
        counted.boxes,
        counted.moves,
        counted.jumps,
    )


def _any(grown: Tree, known: Sequences, wanted: frozenset[str]) -> Flags:
    """Say of each node whether one of its events is wanted."""
    hit = np.array([*(name in wanted for name in known.names), False], np.bool_)
    found = hit[grown.event]
    for low, high in zip(grown.levels[1:-1].tolist(), grown.levels[2:].tolist(), strict=True):
        found[low:high] |= found[grown.parent[low:high]]
    return found


def _aligned(
    grown: Tree, nodes: Ints, holding: Holding, *, judged_open: bool
) -> tuple[Aligned, Flags]:
    """Align sequences, and say which are open: of those not ended, that cost less without an end.

    An event after which nothing more can happen ends a ticket, whatever else is missing.
    """
    model = holding.model
    whole = align(grown, nodes, model, whole=True)
    open_ = np.zeros(len(nodes), np.bool_)
    if not judged_open:
        return whole, open_
    ended = _any(grown, holding.known, model.ending)[nodes]
    asked = np.flatnonzero((whole.cost > 0) & ~ended).astype(np.int32)
    so_far = align(grown, nodes[asked], model, whole=False)
    less = so_far.cost < whole.cost[asked]
    open_[asked[less]] = True
    cost, last = whole.cost.copy(), whole.last.copy()
    cost[asked[less]], last[asked[less]] = so_far.cost[less], so_far.last[less]
    moves = _either(whole.moves, so_far.moves, asked, open_)
    return Aligned(cost, moves, last), open_


def _either(whole: Moves, so_far: Moves, asked: Ints, open_: Flags) -> Moves:
    """Take the moves of open sequences from the second, all others from the first."""
    first = ~open_[whole.sequence]
    sequence = asked[so_far.sequence]
    second = open_[sequence]
    columns = [
        np.concatenate([whole.sequence[first], sequence[second]]),
        *(
            np.concatenate([getattr(whole, name)[first], getattr(so_far, name)[second]])
            for name in ("kind", "edge", "position")
        ),
    ]
    order = np.argsort(columns[0], kind="stable")
    return Moves(*(column[order] for column in columns))


@dataclass(frozen=True, eq=False)
class _Spelled:
    """Sequences of events, one after the other."""

    event: Ints
    starts: npt.NDArray[np.int64]
    """Where each begins, and one more entry: the number of all events."""


def _spelled(grown: Tree, nodes: Ints) -> _Spelled:
    length = grown.length[nodes].astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(length)])
    event = np.empty(int(starts[-1]), np.int32)
    node, at = nodes.copy(), starts[:-1].copy()
    left = np.flatnonzero(node > 0)
    while len(left):
        event[at[left]] = grown.event[node[left]]
        node[left] = grown.parent[node[left]]
        at[left] += 1
        left = left[node[left] > 0]
    return _Spelled(event, starts)


def _events(moves: Moves, spelled: _Spelled, model: Automaton) -> Ints:
    """Per move: the event it reads, or of a skipped step the one that is missing."""
    if not len(moves.kind):
        return np.empty(0, np.int32)
    read = moves.kind != SKIPPED
    at = np.where(read, spelled.starts[moves.sequence] + moves.position, 0)
    missing = model.label[moves.edge] if len(model.label) else np.full(len(read), -1, np.int32)
    said = spelled.event[at] if len(spelled.event) else np.full(len(read), -1, np.int32)
    return np.where(read, said, missing).astype(np.int32, copy=False)


def _steps_done(moves: Moves, variant: Ints, spelled: _Spelled, holding: Holding) -> Ints:
    """Per event that counts: which step it was; -1 where it was none."""
    known, model = holding.known, holding.model
    step = np.full(len(spelled.event) + 1, -1, np.int32)
    fits = (moves.edge >= 0) & (moves.kind != SKIPPED)
    at = spelled.starts[moves.sequence[fits]] + moves.position[fits]
    step[at] = model.step[moves.edge[fits]]
    first = np.where(variant >= 0, spelled.starts[variant], 0) - known.starts
    inside = np.repeat(first, known.lengths) + np.arange(len(known.event))
    inside[np.repeat(variant < 0, known.lengths)] = len(spelled.event)
    done: Ints = step[inside]
    return done


def _variants(
    spelled: _Spelled,
    walked: Walked,
    state: npt.NDArray[np.integer],
    said: Mapping[int, list[tuple[str, str]]],
    known: Sequences,
) -> tuple[Ints, tuple[Variant, ...]]:
    """List the sequences, the most frequent first, and give the place of each in the list."""
    names = np.array(known.names, dtype=object)
    events = names[spelled.event].tolist() if len(spelled.event) else []
    starts = spelled.starts.tolist()
    numbers = (walked.tickets.tolist(), walked.cost.tolist(), state.tolist())
    made = [
        Variant(tuple(events[low:high]), tickets, cost, what, tuple(said.get(n, ())))
        for n, ((low, high), tickets, cost, what) in enumerate(
            zip(pairwise(starts), *numbers, strict=True)
        )
    ]
    order = sorted(range(len(made)), key=lambda n: (-made[n].tickets, made[n].events))
    place = np.empty(len(made), np.int32)
    place[order] = np.arange(len(made), dtype=np.int32)
    return place, tuple(made[n] for n in order)


def _said(
    found: Told, names: tuple[str, ...], model: Automaton
) -> Mapping[int, list[tuple[str, str]]]:
    """Name the deviations of each sequence: by box where a step is missing, else by event."""
    said: dict[int, list[tuple[str, str]]] = {}
    columns = (found.sequence, found.type, found.step, found.event)
    for sequence, type_, step, event in zip(*(c.tolist() for c in columns), strict=True):
        about = model.steps[step].box if type_ in {SKIP, MIXED} else names[event]
        said.setdefault(sequence, []).append((STEP_TYPES[type_], about))
    return said
