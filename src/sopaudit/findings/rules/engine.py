"""Hears every rule of a handbook that code can decide, and puts its parts together.

A ticket fails a rule where one part that applies to it fails; else it is unknown where one part is,
conforming where one is, and not applicable where none applies.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sopaudit.criteria.duration import Duration
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.kind import RULE_KINDS, RUNS
from sopaudit.criteria.parameter import Sort
from sopaudit.criteria.rule import Given, Rule, RulePart, listed
from sopaudit.evidence.lines import NEVER
from sopaudit.evidence.records import EVENTS, MOVES, TICKETS, Records
from sopaudit.findings.rules import (
    amount,
    approval,
    balance,
    blank,
    chain,
    count,
    custody,
    due,
    issue,
    limit,
    limits,
    match,
    money,
    number,
    numbering,
    order,
    papers,
    part,
    person,
    piece,
    price,
    promise,
    share,
    signature,
    stock,
    tally,
    text,
    warranty,
)
from sopaudit.findings.rules.carried import carrying
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    NOT_APPLICABLE,
    TYPES,
    UNKNOWN,
    VERDICTS,
    Cases,
    Verdicts,
)
from sopaudit.findings.rules.clock import Clock
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.limit import clock_of

Decide = Callable[[Hearing, Mapping[str, Given]], Cases]

KINDS: Final[Mapping[str, Decide]] = {
    "amounts_agree": amount.amounts_agree,
    "approved": approval.approved,
    "blocked": carrying(issue.blocked, judged=False),
    "count_tolerance": tally.count_tolerance,
    "fifo": carrying(issue.fifo, judged=False),
    "filled": blank.filled,
    "followed": carrying(chain.followed, judged=True),
    "in_range": limits.in_range,
    "kept_at_most": money.kept_at_most,
    "late_explained": carrying(chain.late_explained, judged=True),
    "matched": match.matched,
    "never_before": carrying(part.never_before, judged=False),
    "never_below": custody.never_below,
    "not_same_person": person.not_same_person,
    "one_place": piece.one_place,
    "papers": papers.papers,
    "numbering": numbering.numbering,
    "passed_on": money.passed_on,
    "phrases": text.phrases,
    "preceded": papers.preceded,
    "priced": price.priced,
    "repeat": match.repeat,
    "repeated_text": text.repeated_text,
    "serials_agree": carrying(part.serials_agree, judged=False),
    "signature": signature.signature,
    "stays": custody.stays,
    "stock_equation": balance.stock_equation,
    "stock_level": stock.stock_level,
    "tied": carrying(part.tied, judged=False),
    "unique": number.unique,
    "value_in": limits.value_in,
    "warranty": warranty.warranty,
    # Times and events.
    "attempts": count.attempts,
    "burst": count.burst,
    "deadline": limit.deadline,
    "elapsed": limit.elapsed,
    "hours": count.hours,
    "load_spread": share.load_spread,
    "notice_before": promise.notice_before,
    "occurrences": count.occurrences,
    "overdue": due.overdue,
    "promise_kept": promise.promise_kept,
    "queue_order": order.queue_order,
    "reminders": due.reminders,
    "second_call": due.second_call,
    "sequence": order.sequence,
    "share_reached": share.share_reached,
    "timeline": order.timeline,
    "value_limit": share.value_limit,
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

    absent: tuple[str, ...] = ()
    """Forms it looks at that nobody handed in: nothing is said of them, the others are heard."""

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

    @property
    def excused(self) -> int:
        """Count the cases that conform only by an approval, an explanation or a grace."""
        told = (h.cases.excused for h in self.parts)
        return sum(int(flags.sum()) for flags in told if flags is not None)

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
    papers = optional(rule, hearing.handbook)
    absent = [name for name in papers if name not in hearing.records]
    if papers == absent and not needed(rule, hearing.handbook):
        missing = absent
    if missing:
        return RuleResult(rule, (), tuple(missing))
    found = (Heard(part, _decided(hearing, rule, part)) for part in parts)
    return RuleResult(rule, tuple(found), absent=tuple(absent))


def _decided(hearing: Hearing, rule: Rule, part: RulePart) -> Cases:
    cases = KINDS[part.kind](hearing, part.given)
    if rule.grace is None:
        return cases
    return graced(cases, rule.grace, clock_of(hearing, part.given), hearing.now)


def graced(cases: Cases, grace: Duration, clock: Clock, now: np.datetime64) -> Cases:
    """Let what is late by no more than a grace conform, excused; what is still due is no case yet.

    The grace runs on the clock of the rule, from the moment each case was due.
    """
    if cases.due is None or cases.type is None:
        return cases
    last = clock.due(cases.due, grace)
    failing = cases.verdict == NONCONFORMING
    late = failing & (cases.type == TYPES.index("late"))
    at = cases.at if cases.at is not None else np.full(len(cases), NEVER)
    # What is open and past its day has no moment of its own: it is late by now.
    at = np.where(at == cases.due, now, at)
    saved = late & (at <= last)
    owed = failing & (cases.type == TYPES.index("never done")) & (now <= last)
    excused = saved if cases.excused is None else cases.excused | saved
    verdict = np.where(saved, CONFORMING, np.where(owed, NOT_APPLICABLE, cases.verdict))
    return replace(cases, verdict=verdict.astype(np.int8), excused=excused)


def _alone(rule: Rule) -> RulePart:
    return RulePart.model_validate({"kind": rule.kind, "with": rule.given})


def needed(rule: Rule, handbook: Handbook) -> list[str]:
    """List the records without which a rule cannot be heard: those its settings name."""
    return [name for name, must in _named(rule, handbook).items() if must]


def optional(rule: Rule, handbook: Handbook) -> list[str]:
    """List the forms and records that are heard where they are there, and told where not."""
    return [name for name, must in _named(rule, handbook).items() if not must]


_OPTIONAL: Final = ("forms", "records", "times")
"""Settings that name what need not all be there."""

_QUIET: Final[Mapping[str, tuple[str, ...]]] = {
    "numbering": ("range_from", "range_to", "others", "kept", "undone"),
}
"""Settings of kinds that name what is looked at where it is there, and never missed."""

_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "never_below": (MOVES,),
    "one_place": (MOVES,),
    "stays": (MOVES,),
    "tied": (MOVES, TICKETS),
    "timeline": (EVENTS,),
}
"""What kinds read besides what their settings name."""


def _named(rule: Rule, handbook: Handbook) -> dict[str, bool]:
    """Give the records and forms a rule names, and whether it cannot do without; forms it can."""
    found: dict[str, bool] = {}
    kept = {*handbook.records_kept, EVENTS, MOVES, TICKETS}
    for one in (rule.all_of or (_alone(rule),)) if rule.kinds else ():
        kind = RULE_KINDS[one.kind]
        found |= dict.fromkeys(_ALSO.get(kind.name, ()), True)
        for parameter in kind.parameters:
            if parameter.name in _QUIET.get(kind.name, ()):
                continue
            for word in listed(one.given.get(parameter.name, ())):
                name = _record(parameter.sort, word, handbook)
                must = parameter.name not in _OPTIONAL and name in kept
                found[name] = found.get(name, False) or must
    found.pop("", None)
    return found


def _record(sort: Sort, word: str, handbook: Handbook) -> str:
    """Give the record a setting of some sort names; the empty text for none."""
    known = {*handbook.records_kept, *handbook.forms}
    if sort in ("field", "moment") and "." in word:
        return word.partition(".")[0] if word.partition(".")[0] in known else ""
    if sort in ("record", "form"):
        return word
    moves = {move.id for move in handbook.parts.moves} if handbook.parts is not None else set()
    if sort == "move" or (sort == "moment" and word not in handbook.events and word in moves):
        return MOVES
    return EVENTS if sort in ("event", "moment") else ""
