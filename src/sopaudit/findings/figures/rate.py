"""Figures that count what rules found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sopaudit.criteria.rule import Given
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import Flags
from sopaudit.evidence.records import EVENTS
from sopaudit.findings.figures.counting import Counting
from sopaudit.findings.figures.figure import Counted, share
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    NOT_APPLICABLE,
    TYPES,
    UNKNOWN,
    Cases,
    Verdicts,
)
from sopaudit.findings.rules.engine import RuleResult

_FROM_BEST: Final = (CONFORMING, UNKNOWN, NONCONFORMING)
"""Of the parts of a case the last of these counts."""


def rate(counting: Counting, given: Mapping[str, Given], rules: Sequence[str]) -> Counted:
    """Count cases that conform to all `rules` over those that conform or do not.

    Of one rule its cases are counted: where all its parts look at lines of one record these lines,
    else tickets, as the engine does. Of several rules tickets are counted, those the first rule
    applies to; a rule that does not apply to one of them says nothing against it.
    """
    results = [counting.result(rule, given) for rule in rules]
    hearing = counting.hearing
    never = np.zeros(0, np.bool_)
    if len(results) > 1:
        verdict = _of_all(results, hearing.size)
        applies = hearing.applies_to_tickets(given)
    else:
        found = joined(results[0], hearing.size)
        verdict, never = found.verdict, found.never
        if found.record:
            applies = hearing.applies(given, found.record, found.line)
        else:
            # A case of no ticket meets no condition on tickets.
            asked = "when" in given or "unless" in given
            applies = np.append(hearing.applies_to_tickets(given), np.int8(0 if asked else 1))
            applies = applies[found.ticket]
    here = verdict[applies == 1]
    good, bad = (int((here == wanted).sum()) for wanted in (CONFORMING, NONCONFORMING))
    undone = int((never & (verdict == NONCONFORMING) & (applies == 1)).sum()) if len(never) else 0
    open_ = int((here == UNKNOWN).sum()) + int((verdict[applies < 0] != NOT_APPLICABLE).sum())
    part = {"nonconforming": bad, "done": good + bad - undone}.get(str(given.get("counts")), good)
    return share(part, good + bad, unknown=open_)


@dataclass(frozen=True, eq=False)
class Joined:
    """The cases of a rule, those of its parts put together."""

    verdict: Verdicts
    ticket: Ints
    never: Flags
    """What does not conform because it was never done, and not because it was late."""

    record: str = ""
    """Whose lines the cases are; empty where they are tickets."""

    line: Places = field(default_factory=lambda: np.empty(0, np.intp))


def joined(result: RuleResult, tickets: int) -> Joined:
    """Put the parts of a rule together: by line where all look at one record, else by ticket."""
    parts = [heard.cases for heard in result.parts]
    record = _shared(parts)
    if len(parts) == 1:
        line = _lines(parts[0], record)
        return Joined(parts[0].verdict, parts[0].ticket, _never(parts[0]), record, line)
    if record:
        lines = [_lines(cases, record) for cases in parts]
        every, place = np.unique(np.concatenate(lines), return_inverse=True)
        verdict = np.full(len(every), NOT_APPLICABLE, np.int8)
        both = np.concatenate([cases.verdict for cases in parts])
        for wanted in _FROM_BEST:
            verdict[place[both == wanted]] = wanted
        never = np.zeros(len(every), np.bool_)
        never[place[np.concatenate([_never(cases) for cases in parts])]] = True
        return Joined(verdict, np.full(len(every), -1, np.int32), never, record, every)
    stray = [cases.verdict[cases.ticket < 0] for cases in parts]
    verdict = np.concatenate([result.by_ticket(tickets), *stray])
    ticket = np.append(np.arange(tickets), np.full(sum(map(len, stray)), -1)).astype(np.int32)
    undone = np.zeros(tickets + 1, np.bool_)
    for cases in parts:
        undone[cases.ticket[_never(cases)]] = True
    loose = [_never(cases)[cases.ticket < 0] for cases in parts]
    return Joined(verdict, ticket, np.concatenate([undone[:tickets], *loose]))


def _never(cases: Cases) -> Flags:
    undone = cases.verdict == NONCONFORMING
    if cases.type is None:
        return np.zeros(len(cases), np.bool_)
    found: Flags = undone & (cases.type == TYPES.index("never done"))
    return found


def _shared(parts: Sequence[Cases]) -> str:
    """Name the record whose lines the cases of all parts are; empty for none.

    Events are not such a record where there are several parts: each looks at its own.
    """
    for record, _ in parts[0].lines if parts else ():
        if record == EVENTS and len(parts) > 1:
            continue
        found = [_lines(cases, record) for cases in parts]
        if all(len(line) == len(cases) for line, cases in zip(found, parts, strict=True)) and all(
            bool((line >= 0).all()) for line in found
        ):
            return record
    return ""


def _lines(cases: Cases, record: str) -> Places:
    """Give the line of a record of each case, the first it has; none where it names no such."""
    named = [line for name, line in cases.lines if name == record]
    if not named:
        return np.empty(0, np.intp)
    found = named[0].astype(np.intp)
    for line in named[1:]:
        found = np.where(found >= 0, found, line)
    return found


def _of_all(results: Sequence[RuleResult], tickets: int) -> Verdicts:
    first, *others = [result.by_ticket(tickets) for result in results]
    verdict = first.copy()
    for wanted in (UNKNOWN, NONCONFORMING):
        for other in others:
            verdict[(first != NOT_APPLICABLE) & (other == wanted)] = wanted
        verdict[first == wanted] = wanted
    return verdict
