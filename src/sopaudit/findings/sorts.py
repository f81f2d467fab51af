"""Deviations counted by what they are: type, and the step of the workflow they are about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd


@dataclass(frozen=True)
class Sort:
    """Deviations of one type from one step of a workflow, or from one rule."""

    type: str
    rule: str
    step: str
    """What was expected; where nothing was, what was found."""

    count: int
    ticket: str
    """The first of them, in the order of tickets."""


def sorts(deviations: pd.DataFrame) -> list[Sort]:
    """Count deviations by type and step, the most frequent first."""
    counts: dict[tuple[str, str, str, str], int] = {}
    first: dict[tuple[str, str, str, str], str] = {}
    names = ("type", "rule", "expected", "found", "ticket")
    columns = (deviations[name].tolist() for name in names)
    for *name, ticket in zip(*columns, strict=True):
        said = tuple(name)
        counts[said] = counts.get(said, 0) + 1
        first.setdefault(said, ticket)
    return merged(
        Sort(kind, rule, expected or found, count, first[kind, rule, expected, found])
        for (kind, rule, expected, found), count in counts.items()
    )


def merged(found: Iterable[Sort]) -> list[Sort]:
    """Add up counts of the same sort."""
    known: dict[tuple[str, str, str], Sort] = {}
    for one in found:
        name = (one.type, one.rule, one.step)
        other = known.get(name)
        if other is None:
            known[name] = one
        else:
            first = min(one.ticket, other.ticket)
            known[name] = replace(other, count=other.count + one.count, ticket=first)
    return sorted(known.values(), key=lambda s: (-s.count, s.type, s.rule, s.step))
