"""A ledger of parts checked: what is where, what the rules on parts found, and how counts agree."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.parts import PartsRules
from sopaudit.evidence.records import Records
from sopaudit.findings.custody.accuracy import Accuracy
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.loss import Loss, losses
from sopaudit.findings.rules.engine import RuleResult, hear, runs
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.suppression import LetBe, counting

COUNTED = "count_tolerance"
"""The kind of rule that holds a stock count against the books, a case a line."""


@dataclass(frozen=True, eq=False)
class PartsCheck:
    """What a ledger came to."""

    custody: Custody
    rules: dict[str, RuleResult]
    """By rule, in the order of the handbook: those of the chapter on parts, and all that losses
    come from."""

    losses: tuple[Loss, ...]
    """In the order of the handbook's sorts, then of time."""

    let_be: LetBe = field(default_factory=LetBe)
    by_hand: int = 0
    """So many rules of the chapter are looked at by people, and no code decides them."""

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
        """How many lines of stock counts are right, by the rules that hold them to the books."""
        right = wrong = 0
        for result in self.heard:
            if any(heard.part.kind == COUNTED for heard in result.parts):
                counts = result.counts()
                right += counts["conforming"]
                wrong += counts["nonconforming"]
        return Accuracy(right, right + wrong)


def check_parts(records: Records, handbook: Handbook, now: np.datetime64) -> PartsCheck:
    """Post the moves of an office up to `now`, and hold its records against the rules on parts.

    Raises LookupError where the handbook has no parts rules, or they name no places.
    """
    custody = custody_of(records, handbook, now)
    rules = handbook.parts
    if rules is None:  # custody has said so already
        raise LookupError
    results = hear(handbook, records, now, rules=_named(rules))
    day: date = now.astype("datetime64[D]").astype(date)
    heard, let_be = counting(results, Hearing(handbook, records, now), day)
    found = losses(custody, heard, handbook)
    return PartsCheck(custody, heard, found, let_be, sum(not runs(r) for r in rules.rules))


def _named(rules: PartsRules) -> frozenset[str]:
    """Name the rules of the chapter, and those its losses come from."""
    found = {named.partition("/")[0] for sort in rules.losses for named in sort.rules}
    return frozenset(found | {rule.id for rule in rules.rules})
