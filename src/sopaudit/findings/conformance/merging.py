"""Results of the parts of a log put together: nothing is worked out anew, all is sums and order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from sopaudit.findings.conformance.result import Conformance, Passage, Step, Variant
from sopaudit.findings.deviation import ordered, table

Key = TypeVar("Key", str, Step)


def merged(parts: Sequence[Conformance]) -> Conformance:
    """Put results together that were held against the same; no ticket is in two of them."""
    tickets = [ticket for part in parts for ticket in part.tickets]
    order = sorted(range(len(tickets)), key=tickets.__getitem__)
    variants = counted(variant for part in parts for variant in part.variants)
    place = {found.events: n for n, found in enumerate(variants)}
    variant = [
        np.array([*(place[v.events] for v in part.variants), -1], np.int32)[part.variant]
        for part in parts
    ]
    tables = [part.deviations for part in parts if len(part.deviations)]
    return Conformance(
        tuple(tickets[n] for n in order),
        np.concatenate([np.empty(0, np.int8), *(part.state for part in parts)])[order],
        np.concatenate([np.empty(0, np.int32), *(part.cost for part in parts)])[order],
        ordered(pd.concat(tables, ignore_index=True)) if tables else table(()),
        variants,
        np.concatenate([np.empty(0, np.int32), *variant])[order],
        summed(part.boxes for part in parts),
        summed(part.moves for part in parts),
        added(part.jumps for part in parts),
    )


def counted(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    """Add up tickets of the same variant, the most frequent first."""
    first: dict[tuple[str, ...], Variant] = {}
    tickets: dict[tuple[str, ...], int] = {}
    for found in variants:
        first.setdefault(found.events, found)
        tickets[found.events] = tickets.get(found.events, 0) + found.tickets
    many = (
        found if found.tickets == tickets[events] else replace(found, tickets=tickets[events])
        for events, found in first.items()
    )
    return tuple(sorted(many, key=lambda v: (-v.tickets, v.events)))


def summed(parts: Iterable[Mapping[Key, Passage]]) -> dict[Key, Passage]:
    """Add up how often boxes or moves were passed."""
    found: dict[Key, Passage] = {}
    for part in parts:
        for key, one in part.items():
            other = found.get(key, Passage(0, 0))
            found[key] = Passage(
                one.times + other.times,
                one.tickets + other.tickets,
                one.deviating + other.deviating,
            )
    return dict(sorted(found.items()))


def added(parts: Iterable[Mapping[Step, int]]) -> dict[Step, int]:
    """Add up jumps."""
    found: dict[Step, int] = {}
    for part in parts:
        for key, count in part.items():
            found[key] = found.get(key, 0) + count
    return dict(sorted(found.items()))
