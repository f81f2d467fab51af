"""Findings about parts: what rules found, by sort, with who, how much, since when and the proof.

A loss is a case that does not conform to a rule the handbook lists under `losses`; nothing is
decided here a second time. What two rules of one sort find about one thing is one loss, told by
the rule that the sort names first.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.parts import Loss as Sort
from sopaudit.evidence.lines import NEVER
from sopaudit.evidence.records import TICKET
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.deviation import COLUMNS
from sopaudit.findings.loss_proof import ACROSS, PART, Proving, Thing, at
from sopaudit.findings.rules.deviations import deviating
from sopaudit.findings.rules.engine import Heard, RuleResult


@dataclass(frozen=True, eq=False)
class Loss:
    """One finding about parts."""

    id: str
    """That of its row in the table of deviations."""

    sort: str
    """Id of one of the handbook's `losses`."""

    rule: str
    severity: str
    type: str
    """One of `rules.case.TYPES`."""

    subject: str
    """What the case is called: its ticket, its part, its person."""

    part: str
    serial: str
    site: str
    holder: str
    """Who answers for it; empty for nobody in particular."""

    ticket: str
    qty: int
    """In units of the custody."""

    value: int
    """In units of the custody's `value_decimals`; 0 where no price is known."""

    at: np.datetime64
    due: np.datetime64
    """When it happened or should have; NaT where nobody says."""

    expected: str
    found: str
    late: str
    rows: str
    """The lines that prove it, as in the table of deviations: `moves:12 counts:3`."""

    chain: tuple[int, ...]
    """The postings that prove it, as sides of the custody that take; in the order of time."""

    since: np.datetime64 = NEVER
    """When it began: when the part came where it should not have stayed, when the account went
    below zero; NaT where nobody says."""


def losses(
    custody: Custody, results: Mapping[str, RuleResult], handbook: Handbook
) -> tuple[Loss, ...]:
    """Gather the findings of all sorts, in the order of the handbook's `losses`, then of time.

    Of a thing that a rule has told, later rules and parts of the same sort are silent: of the line
    that decides, and of what is said of an account or a line of the ledger, of the piece, or the
    part at its site where there is no serial number. A move that waits too long for the next one,
    or belongs to no ticket, is one loss whatever sorts find it.
    """
    sorts = handbook.parts.losses if handbook.parts is not None else ()
    gathering = _Gathering(custody, handbook)
    return tuple(loss for sort in sorts for loss in sorted(gathering.of(sort, results), key=_order))


def _order(loss: Loss) -> tuple[int, str]:
    """Bring losses into the order of time; what nobody dates comes first."""
    when = loss.since if np.isnat(loss.at) else loss.at
    return int(when.astype(np.int64)), loss.id


@dataclass(frozen=True, eq=False)
class _Gathering:
    custody: Custody
    handbook: Handbook

    def of(self, sort: Sort, results: Mapping[str, RuleResult]) -> Iterator[Loss]:
        told = set(self._waiting)
        for heard, rows in self._heard(sort, results):
            mine: set[Thing] = set()
            for case, row in rows:
                loss, things = self._loss(sort.id, heard, case, row)
                if not told & things:
                    yield loss
                mine |= things
            told |= mine
        self._waiting.update(thing for thing in told if thing[0] in ACROSS)

    @cached_property
    def _waiting(self) -> set[Thing]:
        """What all sorts so far have told that is one loss whatever the sort."""
        return set()

    def _heard(
        self, sort: Sort, results: Mapping[str, RuleResult]
    ) -> Iterator[tuple[Heard, Iterator[tuple[int, tuple[str, ...]]]]]:
        for named in sort.rules:
            rule, _, part = named.partition("/")
            result = results.get(rule)
            if result is None:
                continue
            numbers = [int(part) - 1] if part else range(len(result.parts))
            for n in numbers:
                if n < len(result.parts):
                    rows = deviating(result, n, self.custody.records, self.handbook)
                    yield result.parts[n], _of_types(rows, sort.types.get(named, ()))

    @cached_property
    def _proving(self) -> Proving:
        return Proving(self.custody)

    def _loss(
        self, sort: str, heard: Heard, case: int, row: tuple[str, ...]
    ) -> tuple[Loss, set[Thing]]:
        said = dict(zip(COLUMNS, row, strict=True))
        proof = self._proving.of(heard.part.kind, heard.cases, case)
        about = proof.about
        site = proof.site()
        qty, chain = proof.qty(), proof.chain()
        part = self.custody.entries.slots.dimensions[PART].find(about[PART])
        price = int(self.custody.prices[part]) if part >= 0 else 0
        loss = Loss(
            said["id"],
            sort,
            said["rule"],
            said["severity"],
            said["type"],
            said["ticket"],
            about[PART],
            about["serial"],
            site,
            proof.holder() or said["who"] or proof.handed_by(),
            about[TICKET],
            qty,
            qty * price,
            at(heard.cases.at, case),
            at(heard.cases.due, case),
            said["expected"],
            said["found"],
            said["late"],
            said["rows"],
            tuple(chain.tolist()),
            proof.since(),
        )
        return loss, proof.things(site) | proof.waits()


def _of_types(
    rows: Iterator[tuple[int, tuple[str, ...]]], types: Collection[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Keep the cases that fail in one of some ways; all where none is named."""
    kind = COLUMNS.index("type")
    return (each for each in rows if not types or each[1][kind] in types)
