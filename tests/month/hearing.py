"""The month as the engine hears it, and whether a case is what the truth means.

A subject of the truth is a ticket, or any words that stand together in what proves a case: its
name, its ticket, its office, its record, or a cell of one of its lines.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Final

import numpy as np
from tests.month.truth import OFFICES, ROOT

from sopaudit.criteria.handbook import Handbook, load_handbook
from sopaudit.evidence.eventlog import log_of
from sopaudit.evidence.lines import Flags
from sopaudit.evidence.records import Records, read_records
from sopaudit.findings.conformance.conform import conform
from sopaudit.findings.conformance.result import Conformance
from sopaudit.findings.rules.case import VERDICTS, Cases
from sopaudit.findings.rules.engine import RuleResult, hear

AS_OF: Final = date(2026, 11, 5)
NOW: Final = np.datetime64("2026-11-06", "us") - np.timedelta64(1, "us")


@cache
def handbook() -> Handbook:
    """Load the handbook of the repository."""
    loaded, problems = load_handbook(ROOT)
    assert loaded is not None, problems
    return loaded


@cache
def records(office: str) -> Records:
    """Read what an office handed in."""
    read, problems = read_records(
        ROOT / "audits" / OFFICES[office] / "data", handbook(), office=office
    )
    assert not problems
    return read


@cache
def heard(office: str) -> dict[str, RuleResult]:
    """Hear every rule about an office."""
    found = hear(handbook(), records(office), NOW)
    assert [name for name, result in found.items() if result.missing and name[:3] == "AC-"] == []
    return found


@cache
def walked(office: str) -> Conformance:
    """Hold the log of an office against the workflows."""
    return conform(log_of(records(office)), handbook(), None, AS_OF, office=office)


@dataclass(frozen=True, eq=False)
class Part:
    """The cases of one part of a rule in one office."""

    rule: str
    number: int
    """Counted from 1."""

    office: str
    cases: Cases

    def of(self, verdict: str) -> Flags:
        """Say of each case whether that is its verdict."""
        return np.asarray(self.cases.verdict == VERDICTS.index(verdict), np.bool_)

    def about(self, subject: str) -> Flags:
        """Say of each case whether it is what a subject of the truth means."""
        known = records(self.office)
        if subject in known.tickets:
            mine = self.cases.ticket == known.tickets.index(subject)
            if mine.any():
                return np.asarray(mine, np.bool_)
        found = np.ones(len(self.cases), np.bool_)
        for word in subject.split():
            found &= self._says(word)
        return found

    def told(self, chosen: Flags) -> list[str]:
        """Name some cases, for whoever reads why a test fails."""
        return [self._name(n) for n in np.flatnonzero(chosen)[:8].tolist()]

    def _name(self, case: int) -> str:
        cases = self.cases
        ticket = records(self.office).tickets[cases.ticket[case]] if cases.ticket[case] >= 0 else ""
        named = cases.names[case] if cases.names is not None else ""
        rows = [
            f"{r}:{records(self.office).of(r).row[p[case]]}" for r, p in cases.lines if p[case] >= 0
        ]
        return " ".join(dict.fromkeys((self.office, ticket, named, *rows)))

    def _says(self, word: str) -> Flags:
        if word == self.office:
            return np.ones(len(self.cases), np.bool_)
        found = np.array([word in name for name in self._names], np.bool_)
        known = records(self.office)
        if word in known.tickets:
            found |= self.cases.ticket == known.tickets.index(word)
        for record, place in self.cases.lines:
            there = place >= 0
            if word == record:
                found |= there
            elif there.any():
                said = _said(self.office, record, word)
                found |= there & said[np.where(there, place, 0)]
        return found

    @cached_property
    def _names(self) -> list[frozenset[str]]:
        if self.cases.names is None:
            return [frozenset()] * len(self.cases)
        return [frozenset((str(name), *str(name).split())) for name in self.cases.names]


def parts(rule: str, office: str, results: dict[str, RuleResult] | None = None) -> list[Part]:
    """Give the parts of a rule as heard about an office."""
    result = (heard(office) if results is None else results).get(rule)
    # A rule that is seen on the spot has no parts to hear.
    return (
        []
        if result is None
        else [Part(rule, n, office, each.cases) for n, each in enumerate(result.parts, 1)]
    )


@cache
def _said(office: str, record: str, word: str) -> Flags:
    """Say of each line of a record whether a cell says a word, alone or among others."""
    lines = records(office).of(record)
    found = np.zeros(len(lines), np.bool_)
    for name in lines.columns:
        codes = _words(office, record, name).get(word)
        if codes is not None:
            found |= np.isin(lines.coded(name).codes, codes)
    return found


@cache
def _words(office: str, record: str, column: str) -> dict[str, list[int]]:
    known: dict[str, list[int]] = {}
    for code, text in records(office).of(record).coded(column).distinct().items():
        for word in {text, *text.split()}:
            known.setdefault(word, []).append(code)
    return known


def any_of(part: Part, subjects: Iterable[str]) -> Flags:
    """Say of each case whether one of some subjects means it."""
    found = np.zeros(len(part.cases), np.bool_)
    for subject in subjects:
        found |= part.about(subject)
    return found
