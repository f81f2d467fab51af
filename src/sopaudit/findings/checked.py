"""Tickets checked: against the workflows, and against every rule that their records can answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sopaudit.findings.conformance.big_log import BigConformance
from sopaudit.findings.conformance.result import Conformance
from sopaudit.findings.deviation import COLUMNS, digest, lines, ordered, pieces
from sopaudit.findings.rules.engine import RuleResult
from sopaudit.findings.rules.suppression import LetBe


@dataclass(frozen=True, eq=False)
class Checked:
    """What tickets came to."""

    now: np.datetime64
    """The moment of the check, `datetime64[us]`; NaT where every ticket counts as complete."""

    events: int
    """So many were read."""

    conformance: Conformance | None
    """None where there is no log of events, or nothing could be said of it."""

    rules: Mapping[str, RuleResult] = field(default_factory=dict)
    """By rule, in the order of the handbook."""

    rule_deviations: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(COLUMNS), dtype="str")
    )

    let_be: LetBe = field(default_factory=LetBe)
    """What suppressions leave out of the rules."""

    @property
    def deviations(self) -> pd.DataFrame:
        """All of them in one table, those from the workflows and those from the rules."""
        if self.conformance is None:
            return self.rule_deviations
        if not len(self.rule_deviations):
            return self.conformance.deviations
        both = [self.conformance.deviations, self.rule_deviations]
        return ordered(pd.concat(both, ignore_index=True))

    def totals(self) -> dict[str, int | str]:
        """Give the totals of design §7; the digest is that of all deviations."""
        told = {} if self.conformance is None else self.conformance.totals()
        return {**told, "digest": digest(self.deviations)}

    def written(self) -> Iterator[bytes]:
        """Write all deviations as one CSV, some thousand lines at a time."""
        return pieces(lines(self.deviations))


@dataclass(frozen=True, eq=False)
class BigChecked:
    """What the tickets of a log larger than memory came to; no rules are held against it."""

    now: np.datetime64
    held: BigConformance
    """What the parts came to, whether the data is to be trusted or not."""

    unruled: bool = False
    """The whole journey was asked for, and rules would have been heard of a smaller log."""

    rules: Mapping[str, RuleResult] = field(default_factory=dict)
    let_be: LetBe = field(default_factory=LetBe)

    @property
    def events(self) -> int:
        """So many were read."""
        return self.held.events

    @property
    def conformance(self) -> BigConformance | None:
        """None where nothing can be said, because the data is not to be trusted."""
        return self.held if self.held.quality.assessable else None

    def totals(self) -> dict[str, int | str]:
        """Give the totals of design §7; the digest is that of all deviations."""
        if self.conformance is None:
            return {"digest": digest(pd.DataFrame(columns=list(COLUMNS), dtype="str"))}
        return self.conformance.totals()

    def written(self) -> Iterator[bytes]:
        """Write all deviations as one CSV, some thousand lines at a time."""
        return pieces([]) if self.conformance is None else self.conformance.written()
