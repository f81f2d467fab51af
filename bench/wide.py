"""A workflow of parallel branches, which multiply its states, and tickets in any order of them.

    python bench/wide.py SIDE BRANCHES

SIDE is `sopaudit` or `r4pm`. 2,000 tickets, each of a way of its own, every other one with an event
moved, left out or repeated; prints the seconds to build the states and to align, and the cost.
"""

import json
import sys
import time
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np

from sopaudit.criteria.handbook import Handbook, bare
from sopaudit.criteria.workflow import Workflow
from sopaudit.evidence.eventlog import EventLog
from sopaudit.findings.conformance.automaton import automaton
from sopaudit.findings.conformance.conform import held

_STEPS = 3
_TICKETS = 2_000


def workflow(branches: int) -> Workflow:
    """Make a fork into so many branches of three steps each."""
    starts = [f"S{n}0" for n in range(branches)]
    nodes: list[dict[str, Any]] = [
        {"id": "B", "kind": "start", "title": "begin", "events": ["begin"], "next": "F"},
        {"id": "F", "kind": "fork", "parallel": starts},
        *(
            {
                "id": f"S{n}{k}",
                "title": "step",
                "events": [f"{n}{k}"],
                "next": f"S{n}{k + 1}" if k + 1 < _STEPS else "J",
            }
            for n in range(branches)
            for k in range(_STEPS)
        ),
        {"id": "J", "kind": "join", "next": "E"},
        {"id": "E", "kind": "end", "title": "end", "events": ["end"]},
    ]
    return Workflow.model_validate(
        {
            "id": "WIDE",
            "edition": "1",
            "title": "wide",
            "lanes": [{"id": "L", "kind": "system", "title": "lane"}],
            "nodes": [{"lane": "L", **node} for node in nodes],
        }
    )


def walks(branches: int) -> list[list[str]]:
    """Take the steps of all branches in any order that keeps each branch's own."""
    dice = Random(20261126)  # noqa: S311 -- no secret, but repeatable
    found = []
    for ticket in range(_TICKETS):
        turns = [n for n in range(branches) for _ in range(_STEPS)]
        dice.shuffle(turns)
        done = [0] * branches
        steps = ["begin"]
        for n in turns:
            steps.append(f"{n}{done[n]}")
            done[n] += 1
        steps.append("end")
        if ticket % 2:
            steps.insert(dice.randrange(len(steps)), steps.pop(dice.randrange(len(steps))))
            steps.pop(dice.randrange(len(steps)))
        found.append(steps)
    return found


def with_sopaudit(book: Handbook, branches: int) -> dict[str, float]:
    """Build the states, align all tickets, write the rows of the table."""
    sequences = walks(branches)
    names = sorted({event for steps in sequences for event in steps})
    code = {name: n for n, name in enumerate(names)}
    lengths = [len(steps) for steps in sequences]
    events = np.array([code[event] for steps in sequences for event in steps], np.int32)
    at = np.datetime64("2026-01-05", "us") + np.arange(len(events)).astype("m8[m]")
    log = EventLog(
        tuple(f"T{n:05d}" for n in range(_TICKETS)),
        np.repeat(np.arange(_TICKETS, dtype=np.int32), lengths),
        tuple(names),
        events,
        at,
        np.arange(len(events), dtype=np.int64),
    )
    began = time.perf_counter()
    model = automaton(book.workflows, "WIDE")
    built = time.perf_counter()
    found = held(log, model, book)
    ended = time.perf_counter()
    told = {"states": model.states, "build": built - began, "align": ended - built}
    return {**told, "cost": int(found.cost.sum())}


def with_r4pm(book: Handbook, branches: int) -> dict[str, float]:
    """Align the same tickets over the same states."""
    from r4pm.bindings import align_trace

    from tickets_r4pm import net_of

    net: Any = net_of(automaton(book.workflows, "WIDE"))
    aligned: Any = align_trace
    sequences = walks(branches)
    began = time.perf_counter()
    cost = sum(int(aligned(net, steps)["cost"]) for steps in sequences)
    return {"align": time.perf_counter() - began, "cost": cost}


def main(side: str, branches: int) -> None:
    """Print what a side took."""
    flow = workflow(branches)
    book = replace(bare(), workflows={flow.id: flow})
    run = with_sopaudit if side == "sopaudit" else with_r4pm
    print(json.dumps(run(book, branches)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
