"""Costs of alignments, held against a slow second reading that knows nothing of ours."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from tests.findings.conformance.charts import (
    Petri,
    chart,
    disturbed,
    slow_cost,
    walk,
    workflow,
)

from sopaudit.findings.conformance import alignment
from sopaudit.findings.conformance.alignment import EXTRA, FITS, PASSED, SKIPPED, align, codes
from sopaudit.findings.conformance.automaton import (
    Automaton,
    NoWayError,
    TooManyStatesError,
    automaton,
)
from sopaudit.findings.conformance.variants import Ints, Tree, tree


def grown(sequences: Sequence[Sequence[str]], model: Automaton) -> tuple[Tree, Ints]:
    number = codes(model)
    kept = [[e for e in events if e not in model.ignored] for events in sequences]
    flat = np.array([number.get(e, len(number)) for events in kept for e in events], np.int32)
    lengths = np.array([len(events) for events in kept], np.int64)
    return tree(flat, np.cumsum(lengths), lengths, len(number) + 1)


def costs(sequences: Sequence[Sequence[str]], model: Automaton, *, whole: bool = True) -> list[int]:
    of, node = grown(sequences, model)
    distinct = np.unique(node)
    found = align(of, distinct, model, whole=whole)
    spent = np.bincount(found.moves.sequence[found.moves.kind >= SKIPPED], minlength=len(distinct))
    assert spent.tolist() == found.cost.tolist()
    return [int(found.cost[n]) for n in np.searchsorted(distinct, node).tolist()]


def logged(seed: int, count: int = 6) -> tuple[Petri, Automaton, list[list[str]]]:
    dice = Random(seed)  # noqa: S311 -- no secret, but repeatable
    flow = chart(seed)
    net = Petri(flow)
    sequences = [disturbed(walk(net, dice), dice) for _ in range(count)]
    return net, automaton({"W": flow}, "W" if seed % 2 else None), sequences


@pytest.mark.parametrize("seed", range(24))
def test_costs_are_those_of_the_slow_reading(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "_DENSE", (0, 8, 1000)[seed % 3])
    net, model, sequences = logged(seed)
    monkeypatch.setattr(alignment, "_CELLS", 30 * model.states if seed % 4 == 0 else 1 << 25)
    for whole in (True, False):
        slow = [slow_cost(net, events, whole=whole) for events in sequences]
        assert costs(sequences, model, whole=whole) == slow


@pytest.mark.parametrize("seed", range(100, 112))
def test_a_beginning_of_what_fits_costs_nothing_without_an_end(seed: int) -> None:
    dice = Random(seed)  # noqa: S311 -- no secret, but repeatable
    flow = chart(seed)
    events = walk(Petri(flow), dice)
    begun = [events[:n] for n in range(len(events) + 1)]
    assert set(costs(begun, automaton({"W": flow}), whole=False)) == {0}


def moves(flow_events: str, seen: str) -> list[tuple[str, str]]:
    """Align with a chain of steps; what happened in words."""
    boxes = [{"id": f"{n}", "events": [e], "next": str(n + 1)} for n, e in enumerate(flow_events)]
    nodes = [{"id": "s", "kind": "start", "next": "0"}, *boxes]
    flow = workflow({"id": "W", "nodes": [*nodes, {"id": str(len(boxes)), "kind": "end"}]})
    model = automaton({"W": flow})
    of, node = grown([seen], model)
    found = align(of, node, model, whole=True).moves
    said = {FITS: "fits", PASSED: "passed", SKIPPED: "skipped", EXTRA: "extra"}
    events = [
        seen[p] if edge < 0 else model.events[model.label[edge]]
        for edge, p in zip(found.edge.tolist(), found.position.tolist(), strict=True)
    ]
    return list(zip(map(said.__getitem__, found.kind.tolist()), events, strict=True))


def test_of_two_that_would_fit_the_first_does() -> None:
    assert moves("abc", "abbc") == [("fits", "a"), ("fits", "b"), ("extra", "b"), ("fits", "c")]


def test_a_step_is_skipped_rather_than_an_event_called_extra_where_both_cost_the_same() -> None:
    found = moves("abc", "acb")
    assert found == [("fits", "a"), ("skipped", "b"), ("fits", "c"), ("extra", "b")]


def test_no_event_at_all_skips_every_step() -> None:
    assert moves("ab", "") == [("skipped", "a"), ("skipped", "b")]


def test_a_long_sequence_is_counted_exactly() -> None:
    flow = workflow(
        {
            "id": "W",
            "nodes": [
                {"id": "s", "kind": "start", "events": ["a"], "next": "e"},
                {"id": "e", "kind": "end"},
            ],
        }
    )
    assert costs([["a"] * 33_000], automaton({"W": flow})) == [32_999]


def parallel(branches: int, steps: int) -> dict[str, object]:
    nodes: list[dict[str, object]] = [
        {"id": "s", "kind": "start", "next": "f"},
        {"id": "f", "kind": "fork", "parallel": [f"{b}.0" for b in range(branches)]},
        {"id": "j", "kind": "join", "next": "e"},
        {"id": "e", "kind": "end"},
    ]
    for b in range(branches):
        for k in range(steps):
            onward = f"{b}.{k + 1}" if k + 1 < steps else "j"
            nodes.append({"id": f"{b}.{k}", "events": [f"{b}.{k}"], "next": onward})
    return {"id": "W", "nodes": nodes}


def test_parallel_branches_are_the_product_of_their_positions() -> None:
    assert automaton({"W": workflow(parallel(3, 2))}).states == 3**3
    assert automaton({"W": workflow(parallel(2, 3))}).states == 4**2


def test_more_states_than_tickets_can_be_held_against_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sopaudit.findings.conformance.automaton.TOO_MANY", 27)
    assert automaton({"W": workflow(parallel(3, 2))}).states == 27
    monkeypatch.setattr("sopaudit.findings.conformance.automaton.TOO_MANY", 26)
    with pytest.raises(TooManyStatesError):
        automaton({"W": workflow(parallel(3, 2))})


def test_a_workflow_without_a_way_to_an_end_is_refused() -> None:
    nodes = [
        {"id": "s", "kind": "start", "next": "a"},
        {"id": "a", "events": ["a"], "next": "a"},
        {"id": "e", "kind": "end"},
    ]
    with pytest.raises(NoWayError):
        automaton({"W": workflow({"id": "W", "nodes": nodes})})


@pytest.mark.parametrize("dense", [0, 1000])
def test_steps_are_skipped_around_a_loop_where_that_costs_less(
    dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alignment, "_DENSE", dense)
    boxes = [{"id": e, "events": [e], "next": n} for e, n in zip("abcde", "bcdex", strict=True)]
    again = [{"label": "again", "to": "a"}, {"label": "on", "to": "end"}]
    nodes = [
        {"id": "s", "kind": "start", "next": "a"},
        *boxes,
        {"id": "x", "kind": "decision", "choices": again},
        {"id": "end", "kind": "end"},
    ]
    model = automaton({"W": workflow({"id": "W", "nodes": nodes})})
    assert costs(["abcdecde", "abcdecdecde"], model) == [2, 4]
