"""Public logs held against hand-written workflows."""

from collections import Counter
from dataclasses import replace

import pytest
from tests.findings.conformance.charts import Petri, slow_cost, workflow
from tests.findings.conformance.logs import LOGS, handbook, log_of_sequences, xes

from sopaudit.findings.conformance.conform import conform

pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason="the public logs are not here")


def test_895_of_1104_repairs_fit() -> None:
    """As a prototype and another program counted, before this was written."""
    book = handbook("examples/repair")
    cases = xes("repairExample.xes.gz")
    found = conform(log_of_sequences(cases), book)
    assert found.totals() | {"digest": ""} == {
        "tickets": 1104, "conforming": 895, "nonconforming": 209, "open": 0, "not_assessable": 0,
        "total_cost": 343, "digest": "",
    }  # fmt: skip
    assert Counter(found.deviations["type"]) == {"out of order": 117, "skipped": 109}
    net = Petri(book.workflows["REPAIR"])
    for variant in found.variants:
        assert variant.cost == slow_cost(net, variant.events)


REQUEST = workflow({
    "id": "REQUEST",
    "nodes": [
        {"id": "s", "kind": "start", "events": ["register request"], "next": "f"},
        {"id": "f", "kind": "fork", "parallel": ["x", "c"]},
        {"id": "x", "kind": "decision", "choices": [
            {"label": "thoroughly", "to": "j", "events": ["examine thoroughly"]},
            {"label": "casually", "to": "j", "events": ["examine casually"]},
        ]},
        {"id": "c", "events": ["check ticket"], "next": "j"},
        {"id": "j", "kind": "join", "next": "d"},
        {"id": "d", "kind": "decision", "events": ["decide"], "choices": [
            {"label": "again", "to": "f", "events": ["reinitiate request"]},
            {"label": "pay", "to": "e", "events": ["pay compensation"]},
            {"label": "reject", "to": "e", "events": ["reject request"]},
        ]},
        {"id": "e", "kind": "end"},
    ],
})  # fmt: skip


def test_the_running_example_fits_its_workflow() -> None:
    book = replace(handbook("examples/repair"), workflows={"REQUEST": REQUEST})
    found = conform(log_of_sequences(xes("running-example.xes")), book)
    assert found.totals()["conforming"] == 6
    short = {case: events[:-1] for case, events in xes("running-example.xes").items()}
    assert conform(log_of_sequences(short), book).cost.tolist() == [1] * 6
