"""Which rules about moves hold of a ledger that is cut by part number."""

from collections.abc import Iterator, Mapping
from typing import Final

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.rule import Given, Rule, listed
from sopaudit.evidence.records import MOVES
from sopaudit.findings.rules.engine import needed, runs

PARTWISE: Final = frozenset(
    (
        "followed",
        "late_explained",
        "never_before",
        "never_below",
        "one_place",
        "serials_agree",
        "stays",
        "tied",
    )
)
"""Kinds whose cases never join moves of two part numbers. `blocked` counts what a person owes of
all parts, and `fifo`, `stock_level` and counts are about the ledger of today."""

_CHOOSING: Final = ("when", "unless", "only", "highest_when")
"""Settings that name conditions."""


def partwise(
    handbook: Handbook, records: set[str]
) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """Choose the rules about moves that hold part by part; of the others say what they lack.

    The second value has, by rule, the records that were not handed in; empty where it is the rule
    that joins moves of several part numbers.
    """
    heard, unheard = [], {}
    for name, rule in handbook.rules.items():
        asks = needed(rule, handbook) if runs(rule) else []
        if MOVES not in asks:
            continue
        missing = tuple(record for record in asks if record not in records)
        if missing or not _local(rule, handbook):
            unheard[name] = missing
        else:
            heard.append(name)
    return tuple(heard), unheard


def _local(rule: Rule, handbook: Handbook) -> bool:
    """Say whether no case of a rule depends on moves of another part number."""
    given = [part.given for part in rule.all_of] or [rule.given]
    return set(rule.kinds) <= PARTWISE and not any(
        _asks_of_tickets(name, handbook) for one in given for name in _conditions(one)
    )


def _conditions(given: Mapping[str, Given]) -> Iterator[str]:
    for setting in _CHOOSING:
        yield from listed(given.get(setting, ()))


def _asks_of_tickets(name: str, handbook: Handbook) -> bool:
    """Say whether a condition looks at all moves of a ticket, whatever their part numbers."""
    condition = handbook.conditions.get(name)
    for clause in (*condition.all_of, *condition.any_of) if condition is not None else ():
        if clause.condition is not None and _asks_of_tickets(clause.condition, handbook):
            return True
        if clause.event is not None and clause.event not in handbook.events:
            return True
    return False
