"""Costs of our alignments beside those of r4pm, another program's, variant by variant."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from r4pm.bindings.conformance.case_centric.alignments import align_trace
from tests.findings.conformance.charts import Petri, as_r4pm, chart, disturbed, walk
from tests.findings.conformance.logs import LOGS, handbook, log_of_sequences, xes
from tests.findings.conformance.test_examples import REQUEST

from sopaudit.criteria.workflow import Workflow
from sopaudit.findings.conformance.conform import conform

BOOK = handbook("examples/repair")


def held(flow: Workflow, sequences: Sequence[Sequence[str]]) -> list[tuple[tuple[str, ...], int]]:
    """Give the distinct sequences that have an event, and what each costs."""
    plain = flow.model_copy(update={"ignored": ()})
    tickets = {f"T{n}": events for n, events in enumerate(sequences)}
    known = {e for node in plain.nodes for e in node.events}
    known |= {e for node in plain.nodes for choice in node.choices for e in choice.events}
    usual = {t: events for t, events in tickets.items() if known.intersection(events)}
    found = conform(log_of_sequences(usual), replace(BOOK, workflows={plain.id: plain}))
    return [(variant.events, variant.cost) for variant in found.variants]


def theirs(flow: Workflow, sequences: Sequence[Sequence[str]]) -> list[int]:
    net: Any = dict(as_r4pm(Petri(flow)))
    return [align_trace(net, list(events))["cost"] for events in sequences]


@pytest.mark.parametrize("seed", range(50))
def test_costs_on_a_random_net_are_those_of_r4pm(seed: int) -> None:
    dice = Random(seed)  # noqa: S311 -- no secret, but repeatable
    flow = chart(1000 + seed)
    net = Petri(flow)
    found = held(flow, [disturbed(walk(net, dice), dice) for _ in range(12)])
    assert [cost for _, cost in found] == theirs(flow, [events for events, _ in found])


@pytest.mark.skipif(not LOGS.is_dir(), reason="the public logs are not here")
@pytest.mark.parametrize(
    ("name", "flow", "variants"),
    [
        ("repairExample.xes.gz", BOOK.workflows["REPAIR"], 62),
        ("running-example.xes", REQUEST, 6),
    ],
)
def test_costs_on_a_public_log_are_those_of_r4pm(name: str, flow: Workflow, variants: int) -> None:
    found = held(flow, list(xes(name).values()))
    assert len(found) == variants
    assert [cost for _, cost in found] == theirs(flow, [events for events, _ in found])
