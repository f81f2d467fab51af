"""The same log against the same workflow with r4pm's aligner (Rust): costs, and no table."""

from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np
import polars as pl
import r4pm
from r4pm.bindings import align_variants, log_to_activity_projection

import stopwatch
from sopaudit import load_handbook
from sopaudit.findings.conformance.automaton import Automaton, automaton


def net() -> dict[str, Any]:
    """Give workflow F2 as a net."""
    handbook, _ = load_handbook(Path())
    if handbook is None:
        raise RuntimeError("the handbook of the bench is wrong")
    return net_of(automaton(handbook.workflows, "F2"))


def net_of(model: Automaton) -> dict[str, Any]:
    """Give an automaton as a net: a place for each state, a transition for each edge."""
    labels = [model.steps[step].event for step in model.step.tolist()]
    edges = list(zip(labels, model.source.tolist(), model.target.tolist(), strict=True))
    edges += [(None, state, model.states) for state in model.ends]
    # What a flow ignores may happen in its states at no cost.
    for event, states in model.passes.items():
        edges += [(event, state, state) for state in np.flatnonzero(states).tolist()]
    arcs = []
    for n, (_, source, target) in enumerate(edges):
        arcs.append(("PlaceTransition", _key(f"p{source}"), _key(f"t{n}")))
        arcs.append(("TransitionPlace", _key(f"t{n}"), _key(f"p{target}")))
    places = [_key(f"p{n}") for n in range(model.states + 1)]
    return {
        "places": {key: {"id": key} for key in places},
        "transitions": {
            _key(f"t{n}"): {"id": _key(f"t{n}"), "label": label}
            for n, (label, _, _) in enumerate(edges)
        },
        "arcs": [
            {"from_to": {"type": kind, "nodes": [one, other]}, "weight": 1}
            for kind, one, other in arcs
        ],
        "initial_marking": {places[model.initial]: 1},
        "final_markings": [{places[-1]: 1}],
    }


def _key(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))


NET: Any = net()  # r4pm types it as its own


NET = net() if __name__ == "__main__" else {}
"""Made before the watch starts."""


def align(log: Path) -> int:
    """Read the log, group it into variants, align each; give the cost of all tickets."""
    names = {"ticket_no": "case:concept:name", "event": "concept:name", "at": "time:timestamp"}
    frame = pl.read_parquet(log, columns=list(names)).rename(names)
    item = r4pm.import_item_from_df("EventLog", frame)
    projection = log_to_activity_projection(item)
    found: Any = align_variants(NET, projection)
    return sum(_cost(one) for one in found)


def _cost(one: Any) -> int:  # noqa: ANN401 -- r4pm ships no types
    result = one["result"]
    if "Ok" not in result:
        raise RuntimeError(f"r4pm gives up: {result}")
    return int(result["Ok"]["cost"]) * int(one["frequency"])


def write(found: object, file: Path) -> None:
    """Keep what the sides are compared by."""
    file.write_text(str(found), encoding="utf-8")


if __name__ == "__main__":
    stopwatch.main(align, write)
