"""Hears every rule of a handbook that code can decide, and puts its parts together.

A ticket fails a rule where one part that applies to it fails; else it is unknown where one part is,
conforming where one is, and not applicable where none applies.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.kind import RUNS
from sopaudit.criteria.rule import Given, Rule, RulePart, listed
from sopaudit.evidence.records import Records
from sopaudit.findings.rules import limits
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    NOT_APPLICABLE,
    UNKNOWN,
    VERDICTS,
    Cases,
    Verdicts,
)
from sopaudit.findings.rules.hearing import Hearing

Decide = Callable[[Hearing, Mapping[str, Given]], Cases]

KINDS: Final[Mapping[str, Decide]] = {
    "in_range": limits.in_range,
    "value_in": limits.value_in,
}
"""What decides each kind; a test holds it to `criteria.kind.RUNS`."""


@dataclass(frozen=True, eq=False)
class Heard:
    """One part of a rule, and its cases."""

    part: RulePart
    cases: Cases


@dataclass(frozen=True, eq=False)
class RuleResult:
    """What a rule found in the records."""

    rule: Rule
    parts: tuple[Heard, ...]
    """In the order of the rule; empty where it could not be heard."""

    missing: tuple[str, ...] = ()
    """Records it needs that were not handed in: nothing can be said."""

    @property
    def assessable(self) -> bool:
        """Whether it could be heard at all."""
        return not self.missing

    def counts(self) -> dict[str, int]:
        """Count the cases of all parts by verdict."""
        total = sum(
            (np.bincount(h.cases.verdict, minlength=len(VERDICTS)) for h in self.parts),
            start=np.zeros(len(VERDICTS), np.int64),
        )
        return dict(zip(VERDICTS, total.tolist(), strict=True))

    def by_ticket(self, tickets: int) -> Verdicts:
        """Give one verdict a ticket: failing before unknown, before conforming, before none."""
        found = np.full(tickets, NOT_APPLICABLE, np.int8)
        for verdict in (CONFORMING, UNKNOWN, NONCONFORMING):
            for heard in self.parts:
                mine = (heard.cases.ticket >= 0) & (heard.cases.verdict == verdict)
                found[heard.cases.ticket[mine]] = verdict
        return found


def runs(rule: Rule) -> bool:
    """Say whether code decides every part of a rule."""
    return bool(rule.kinds) and all(kind in RUNS for kind in rule.kinds)


def hear(
    handbook: Handbook,
    records: Records,
    now: np.datetime64,
    *,
    rules: Collection[str] | None = None,
) -> dict[str, RuleResult]:
    """Hold records against the rules that code can decide, all or some; in handbook order."""
    hearing = Hearing(handbook, records, now)
    return {
        name: heard(hearing, rule)
        for name, rule in handbook.rules.items()
        if runs(rule) and (rules is None or name in rules)
    }


def heard(hearing: Hearing, rule: Rule) -> RuleResult:
    """Hear one rule."""
    parts = rule.all_of or (_alone(rule),)
    missing = [name for name in needed(rule, hearing.handbook) if name not in hearing.records]
    if missing:
        return RuleResult(rule, (), tuple(missing))
    found = (Heard(part, KINDS[part.kind](hearing, part.given)) for part in parts)
    return RuleResult(rule, tuple(found))


def _alone(rule: Rule) -> RulePart:
    return RulePart.model_validate({"kind": rule.kind, "with": rule.given})


def needed(rule: Rule, handbook: Handbook) -> list[str]:
    """List the records without which a rule cannot be heard: those its settings name."""
    words = [w for part in (rule.all_of or (rule,)) for v in part.given.values() for w in listed(v)]
    named = [word.partition(".")[0] for word in words if "." in word]
    kept = [name for name in named if name in handbook.records_kept]
    events = [word for word in words if word in handbook.events]
    return list(dict.fromkeys([*kept, *(["events"] if events else [])]))
