"""Cases that are let be for a time: they leave k and n, and are listed with their reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.register import Suppression
from sopaudit.evidence.lines import Flags
from sopaudit.findings.rules.case import NONCONFORMING, NOT_APPLICABLE, UNKNOWN, Cases
from sopaudit.findings.rules.deviations import offices
from sopaudit.findings.rules.engine import RuleResult
from sopaudit.findings.rules.hearing import Hearing

_NOBODY = -1


@dataclass(frozen=True, eq=False)
class Suppressed:
    """What of a rule's result is let be."""

    entries: tuple[Suppression, ...]
    """The suppressions of the rule that hold, in the order of the handbook."""

    by: tuple[npt.NDArray[np.int32], ...]
    """Per part, and there per case: which of `entries` lets it be; -1 for a case that counts."""

    expired: tuple[tuple[Suppression, int], ...] = ()
    """Those whose last day is over, with how many cases count again."""

    @property
    def masks(self) -> tuple[Flags, ...]:
        """Say of each case of each part whether it is let be."""
        return tuple(part >= 0 for part in self.by)


def suppressed(result: RuleResult, hearing: Hearing, day: date) -> Suppressed:
    """Find the cases of a rule that suppressions let be on `day`; of several the first counts.

    Only what does not conform, or is unknown, needs to be let be: the rest counts as ever.
    """
    own = [s for s in hearing.handbook.suppressions if s.rule == result.rule.id]
    held = tuple(s for s in own if s.from_ <= day <= s.until)
    over = [s for s in own if s.until < day]
    parts = [heard.cases for heard in result.parts]
    by = tuple(_first(_matching(cases, hearing, held), len(cases)) for cases in parts)
    again = [sum(int(_matching(cases, hearing, [s]).sum()) for cases in parts) for s in over]
    told = ((s, count) for s, count in zip(over, again, strict=True) if count)
    return Suppressed(held, by, tuple(told))


def without(result: RuleResult, found: Suppressed) -> RuleResult:
    """Give a result in which the cases let be do not apply, so that they count nowhere."""
    parts = (
        replace(
            heard,
            cases=replace(heard.cases, verdict=np.where(mask, NOT_APPLICABLE, heard.cases.verdict)),
        )
        for heard, mask in zip(result.parts, found.masks, strict=True)
    )
    return replace(result, parts=tuple(parts))


@dataclass(frozen=True)
class LetBe:
    """What is let be of the results of many rules."""

    held: tuple[tuple[Suppression, int], ...] = ()
    """Suppressions that let cases be, and how many."""

    expired: tuple[tuple[Suppression, int], ...] = ()
    """Those whose last day is over, and how many cases count again."""


def counting(
    results: Mapping[str, RuleResult], hearing: Hearing, day: date
) -> tuple[dict[str, RuleResult], LetBe]:
    """Give results without the cases let be on `day`, and tell which those were."""
    kept: dict[str, RuleResult] = {}
    held: list[tuple[Suppression, int]] = []
    expired: list[tuple[Suppression, int]] = []
    for name, result in results.items():
        found = suppressed(result, hearing, day)
        kept[name] = without(result, found)
        for n, entry in enumerate(found.entries):
            count = sum(int((part == n).sum()) for part in found.by)
            held += [(entry, count)] if count else []
        expired += found.expired
    return kept, LetBe(tuple(held), tuple(expired))


def _matching(
    cases: Cases, hearing: Hearing, entries: Sequence[Suppression]
) -> npt.NDArray[np.bool_]:
    """Say of each suppression and case whether it lets it be."""
    wrong = (cases.verdict == NONCONFORMING) | (cases.verdict == UNKNOWN)
    found = np.zeros((len(entries), len(cases)), np.bool_)
    for n, entry in enumerate(entries):
        found[n] = wrong & _of_tickets(cases, hearing, entry) & _of_office(cases, hearing, entry)
    return found


def _of_tickets(cases: Cases, hearing: Hearing, entry: Suppression) -> Flags:
    if not entry.tickets:
        return np.ones(len(cases), np.bool_)
    named = np.isin(np.array([*hearing.records.tickets, ""]), entry.tickets)
    found: Flags = named[cases.ticket]
    return found


def _of_office(cases: Cases, hearing: Hearing, entry: Suppression) -> Flags:
    if entry.office is None:
        return np.ones(len(cases), np.bool_)
    if hearing.records.office:
        return np.full(len(cases), hearing.records.office == entry.office)
    every = np.arange(len(hearing.records.tickets), dtype=np.int32)
    told = np.array([*offices(hearing.records, hearing.handbook, every), ""])
    found: Flags = told[cases.ticket] == entry.office
    return found


def _first(matching: npt.NDArray[np.bool_], count: int) -> npt.NDArray[np.int32]:
    """Give the first suppression of each case; -1 for none."""
    if not len(matching):
        return np.full(count, _NOBODY, np.int32)
    return np.where(matching.any(axis=0), matching.argmax(axis=0), _NOBODY).astype(np.int32)
