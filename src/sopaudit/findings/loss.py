"""Findings about parts: what rules found, by sort, with who, how much, since when and the proof.

A loss is a case that does not conform to a rule the handbook lists under `losses`; nothing is
decided here a second time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.parts import Loss as Sort
from sopaudit.evidence.lines import NEVER, Lines
from sopaudit.evidence.records import MOVES, TICKET, Records
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.lots import Sides
from sopaudit.findings.deviation import COLUMNS
from sopaudit.findings.rules.case import Cases
from sopaudit.findings.rules.deviations import deviating
from sopaudit.findings.rules.engine import RuleResult

_PART: Final = "part_no"


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
    """The postings that led to it, as sides of the custody that take; in the order of time."""


def losses(
    custody: Custody, results: Mapping[str, RuleResult], handbook: Handbook
) -> tuple[Loss, ...]:
    """Gather the findings of all sorts, in the order of the handbook's `losses`, then of time."""
    sorts = handbook.parts.losses if handbook.parts is not None else ()
    gathering = _Gathering(custody, handbook)
    return tuple(loss for sort in sorts for loss in sorted(gathering.of(sort, results), key=_order))


def _order(loss: Loss) -> tuple[int, str]:
    """Bring losses into the order of time; what nobody dates comes first."""
    return int(loss.at.astype(np.int64)), loss.id


@dataclass(frozen=True, eq=False)
class _Gathering:
    custody: Custody
    handbook: Handbook

    def of(self, sort: Sort, results: Mapping[str, RuleResult]) -> Iterator[Loss]:
        for named in sort.rules:
            rule, _, part = named.partition("/")
            result = results.get(rule)
            if result is None:
                continue
            numbers = [int(part) - 1] if part else range(len(result.parts))
            for n in numbers:
                if n < len(result.parts):
                    told = deviating(result, n, self.records, self.handbook)
                    cases = result.parts[n].cases
                    yield from (self._loss(sort.id, cases, case, row) for case, row in told)

    @property
    def records(self) -> Records:
        return self.custody.records

    def _loss(self, sort: str, cases: Cases, case: int, row: tuple[str, ...]) -> Loss:
        said = dict(zip(COLUMNS, row, strict=True))
        proof = [(r, int(line[case])) for r, line in cases.lines if line[case] >= 0]
        sides = self._sides([line for record, line in proof if record == MOVES])
        lines, line = self._thing(proof)
        told = {
            name: self._text(lines, name, line)
            for name in (_PART, "serial", "site", "site_from", "holder", TICKET)
        }
        qty = self._qty(lines, line)
        part = self.custody.entries.slots.dimensions[_PART].find(told[_PART])
        price = int(self.custody.prices[part]) if part >= 0 else 0
        return Loss(
            said["id"],
            sort,
            said["rule"],
            said["severity"],
            said["type"],
            said["ticket"],
            told[_PART],
            told["serial"],
            told["site"] or told["site_from"] or self.records.office,
            self._holder(sides) or said["who"],
            told[TICKET],
            qty,
            qty * price,
            _at(cases.at, case),
            _at(cases.due, case),
            said["expected"],
            said["found"],
            said["late"],
            said["rows"],
            self._chain(sides, told),
        )

    def _thing(self, proof: list[tuple[str, int]]) -> tuple[Lines, int]:
        """Choose the line that says which part it is: the first that has a number of one."""
        for record, line in proof:
            if self.records.of(record).has(_PART):
                return self.records.of(record), line
        return self.records.of(MOVES), -1

    @staticmethod
    def _text(lines: Lines, name: str, line: int) -> str:
        return lines.coded(name).rows(np.array([line])).spelled()[0] if line >= 0 else ""

    def _qty(self, lines: Lines, line: int) -> int:
        """Say of how many pieces it is: what the line moves; one where it does not say."""
        decimals = self.custody.entries.decimals
        numbers = lines.numbers("qty")
        if line < 0 or not numbers.known[line] or numbers.decimals > decimals:
            return int(10**decimals)
        return int(numbers.at(decimals)[line])

    # --- how it came to be ---------------------------------------------------------------------

    @cached_property
    def _first(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
        """Sides that take, by the line of the moves they post; for looking lines up."""
        entries = self.custody.entries
        sides = np.flatnonzero(entries.record == 0)[::2]
        order = np.argsort(entries.line[sides], kind="stable")
        return sides[order], entries.line[sides][order]

    def _sides(self, lines: list[int]) -> Sides:
        """Find the postings of some moves, the old parts they took out included."""
        sides, of = self._first
        found = [
            sides[np.searchsorted(of, line, "left") : np.searchsorted(of, line, "right")]
            for line in lines
        ]
        return np.concatenate([np.empty(0, np.int64), *found])

    def _holder(self, sides: Sides) -> str:
        """Say who held it last: the person of the last posting that names one."""
        slots, entries = self.custody.entries.slots, self.custody.entries
        named = slots.spelled("holder", entries.slot[np.ravel(np.column_stack([sides, sides | 1]))])
        return next((name for name in reversed(named) if name), "")

    def _chain(self, sides: Sides, told: Mapping[str, str]) -> tuple[int, ...]:
        """Join the chains of all moves that prove it; without one, the life of the piece."""
        if len(sides):
            chains = [self.custody.chain(int(side)) for side in sides]
            found = np.unique(np.concatenate(chains))
        elif told["serial"]:
            found = self.custody.life(part_no=told[_PART], serial=told["serial"])
        else:
            return ()
        return tuple(self.custody.in_time(found).tolist())


def _at(times: npt.NDArray[np.datetime64] | None, case: int) -> np.datetime64:
    if times is None:
        return NEVER
    found: np.datetime64 = times[case]
    return found
