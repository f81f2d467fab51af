"""A ledger of parts checked: what is where, what the rules on parts found, and how counts agree."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.records import Records
from sopaudit.findings.custody.accuracy import Accuracy
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.loss import Loss
from sopaudit.findings.money.short import money_evidence
from sopaudit.findings.parts_evidence import PartsEvidence, gathered, heard_parts
from sopaudit.findings.rules.case import CONFORMING, NONCONFORMING
from sopaudit.findings.rules.engine import RuleResult, runs
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.suppression import LetBe


@dataclass(frozen=True, eq=False)
class PartsCheck:
    """What a ledger came to."""

    evidence: PartsEvidence
    """What a report rests on too, so that it and the terminal say the same."""

    let_be: LetBe = field(default_factory=LetBe)
    by_hand: int = 0
    """So many rules of the chapter are looked at by people, and no code decides them."""

    @property
    def custody(self) -> Custody:
        """Where everything is."""
        return self.evidence.custody

    @property
    def rules(self) -> Mapping[str, RuleResult]:
        """By rule, in the order of the handbook: those on parts, and all that losses come from."""
        return self.evidence.results

    @property
    def losses(self) -> tuple[Loss, ...]:
        """In the order of the handbook's sorts, then of time."""
        return self.evidence.losses

    @property
    def heard(self) -> tuple[RuleResult, ...]:
        """The rules that could be heard."""
        return tuple(result for result in self.rules.values() if result.assessable)

    @property
    def unheard(self) -> tuple[RuleResult, ...]:
        """Those whose records were not handed in."""
        return tuple(result for result in self.rules.values() if not result.assessable)

    @property
    def accuracy(self) -> Accuracy:
        """How many lines of the stock counts are right."""
        states = [line.state for line in self.evidence.counted]
        right = states.count(CONFORMING)
        return Accuracy(right, right + states.count(NONCONFORMING))


def check_parts(
    records: Records, handbook: Handbook, now: np.datetime64, last: np.datetime64 | None = None
) -> PartsCheck:
    """Post the moves of an office up to `now`, and hold its records against the rules on parts.

    `last` is the last day of the period, where somebody says. Raises LookupError where the handbook
    has no parts rules, or they name no places.
    """
    rules = handbook.parts
    if rules is None:
        raise LookupError
    results, let_be = heard_parts(handbook, records, now)
    money = money_evidence(handbook, records, now)
    evidence = gathered(Hearing(handbook, records, now), results, money, last)
    return PartsCheck(evidence, let_be, sum(not runs(r) for r in rules.rules))
