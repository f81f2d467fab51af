"""What a report on checked tickets rests on: what is alike put together, and what comes first.

What touches most comes first: a deviation weighs by the severity of its rule, and a finding by the
tickets it touches.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

import numpy as np
import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.eventlog import log_of
from sopaudit.evidence.records import Records
from sopaudit.findings.breakdown import Facets, facets_of_log, facets_of_rules
from sopaudit.findings.checked import Checked
from sopaudit.findings.conformance.conform import conform
from sopaudit.findings.deviation import STEP_TYPES
from sopaudit.findings.rules.deviations import rule_deviations
from sopaudit.findings.rules.engine import hear
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.suppression import counting

WEIGHTS: Final[Mapping[str, int]] = {"critical": 9, "major": 3}
"""What a deviation weighs where tickets and findings are put in order; any other weighs 1. It
decides what is read first, and no score."""


class Trust(Protocol):
    """How far the data of a log can be trusted: its data-quality block."""

    @property
    def assessable(self) -> bool:
        """Whether figures may be made of it."""

    def reasons(self, lang: str) -> list[str]:
        """Say why not."""

    def rows(self, lang: str) -> list[dict[str, str]]:
        """Give the block as text: `title, meaning, count, of, share, limit, state, examples`.

        `state` is `ok`, `told` or `stops`.
        """


@dataclass(frozen=True, eq=False)
class TicketEvidence:
    """Checked tickets, with what else a report on them says."""

    checked: Checked
    facets: Facets
    quality: Trust | None = None


def ticket_evidence(
    handbook: Handbook, records: Records, as_of: date, quality: Trust | None = None
) -> TicketEvidence:
    """Hold the records of an office against workflows and rules, up to the end of a day.

    Raises TooManyStatesError and NoWayError for workflows no log can be held against.
    """
    now = (np.datetime64(as_of, "D") + 1).astype("datetime64[us]") - np.timedelta64(1, "us")
    log = log_of(records)
    told = conform(log, handbook, as_of=as_of, office=records.office) if len(log) else None
    results, let_be = counting(hear(handbook, records, now), Hearing(handbook, records, now), as_of)
    ruled = rule_deviations(results.values(), records, handbook)
    checked = Checked(now, len(log), told, results, ruled, let_be)
    heard = any(result.parts for result in results.values())
    facets = (
        facets_of_rules(results.values(), records)
        if heard
        else facets_of_log(log, checked.deviations, records.office)
    )
    return TicketEvidence(checked, facets, quality)


@dataclass(frozen=True)
class Gathered:
    """Deviations that are alike: of one rule, or of one sort at one step of a workflow."""

    rule: str
    type: str
    """One of `STEP_TYPES`; empty where the deviations are those of a rule."""

    step: str
    """The step or event it is about; empty for a rule."""

    severity: str
    deviations: int
    tickets: int
    post: str
    """Who mostly did it, or should have; empty where nobody knows."""

    @property
    def weight(self) -> int:
        """What comes first is what weighs most."""
        return WEIGHTS.get(self.severity, 1) * self.tickets


def gathered(deviations: pd.DataFrame) -> list[Gathered]:
    """Put deviations that are alike together, the weightiest first; of equals by their ids."""
    found: dict[tuple[str, str, str], list[int]] = {}
    texts = (deviations[name].tolist() for name in ("rule", "type", "expected", "found"))
    for n, (rule, type_, expected, other) in enumerate(zip(*texts, strict=True)):
        of_step = type_ in STEP_TYPES
        key = (rule, type_, _step(type_, expected, other)) if of_step else (rule, "", "")
        found.setdefault(key, []).append(n)
    alike = [_gathered(*key, deviations.iloc[places]) for key, places in found.items()]
    return sorted(alike, key=lambda one: (-one.weight, one.rule, one.type, one.step))


def _step(type_: str, expected: str, found: str) -> str:
    """Say what a deviation is about: what was left out, else what happened."""
    return (expected or found) if type_ == "skipped" else (found or expected)


def _gathered(rule: str, type_: str, step: str, own: pd.DataFrame) -> Gathered:
    posts = Counter(post for post in own["post"] if post)
    post = min(posts, key=lambda name: (-posts[name], name), default="")
    severity = str(own["severity"].iloc[0])
    tickets = own["ticket"][own["ticket"] != ""].nunique()
    return Gathered(rule, type_, step, severity, len(own), tickets, post)


def worst(deviations: pd.DataFrame, most: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the tickets whose deviations weigh most, each with these; of equals by their ids."""
    own = deviations[deviations["ticket"] != ""]
    weight = own["severity"].map(lambda severity: WEIGHTS.get(severity, 1)).astype("int64")
    totals = weight.groupby(own["ticket"]).sum().to_dict()
    order = sorted(totals, key=lambda ticket: (-totals[ticket], ticket))
    for ticket in order[:most]:
        yield str(ticket), own[own["ticket"] == ticket]


def types(deviations: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Count deviations by type, for each rule or workflow."""
    found: dict[str, Counter[str]] = {}
    for rule, type_ in zip(deviations["rule"].tolist(), deviations["type"].tolist(), strict=True):
        found.setdefault(rule, Counter())[type_] += 1
    return {rule: dict(counts) for rule, counts in found.items()}
