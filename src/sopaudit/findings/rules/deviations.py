"""From cases that do not conform to rows of the table of deviations.

Only nonconforming cases become rows, so this is the one place where cases are looked at one by one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.criteria.duration import duration
from sopaudit.criteria.field import plain
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.rule import Rule, listed
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.lines import Times
from sopaudit.evidence.records import ACTOR, EVENTS, POST, TICKETS, Records
from sopaudit.findings.deviation import identity, table
from sopaudit.findings.rules.case import NONCONFORMING, NOTHING, TYPES, Measure
from sopaudit.findings.rules.engine import Heard, RuleResult

_SECOND: Final = 1_000_000
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_HOURS_OF_WORK: Final = _UNITS[1:]
"""Working time is not added up to days, because days of work differ in length."""


def rule_deviations(
    results: Iterable[RuleResult], records: Records, handbook: Handbook
) -> pd.DataFrame:
    """List what does not conform to rules, in the shape of `deviation.COLUMNS`."""
    return table(row for result in results for row in _rows(result, records, handbook))


def _rows(result: RuleResult, records: Records, handbook: Handbook) -> Iterator[tuple[str, ...]]:
    for n in range(len(result.parts)):
        yield from (row for _, row in deviating(result, n, records, handbook))


def deviating(
    result: RuleResult, part: int, records: Records, handbook: Handbook
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the cases of one part of a rule that do not conform, and the row of each.

    Cases are indexes into those of the part; rows have the shape of `deviation.COLUMNS`.
    """
    return _Part(result.rule, part, result.parts[part], records, handbook).rows()


@dataclass(frozen=True, eq=False)
class _Part:
    """One part of a rule, whose cases are told."""

    rule: Rule
    number: int
    heard: Heard
    records: Records
    handbook: Handbook

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        cases = self.heard.cases
        wrong = np.flatnonzero(cases.verdict == NONCONFORMING)
        subjects = self._subjects(wrong)
        sources = self._sources(wrong)
        found, expected = _spelled(cases.found, wrong), _spelled(cases.expected, wrong)
        measured, late = self._taken(wrong), self._late(wrong)
        who, post = self._who(wrong)
        at = spelled_times(cases.at, wrong)
        office = self._office(wrong)
        limit = self._limit()
        # Within one subject the moment and the source row count cases, whatever order they came in.
        order = sorted(range(len(wrong)), key=lambda n: (subjects[n], at[n], sources[n]))
        seen: dict[str, int] = {}
        for n in order:
            subject = subjects[n]
            nth = seen[subject] = seen.get(subject, -1) + 1
            row = (
                identity(self.rule.id, subject, str(self.number), nth),
                self.rule.id,
                self.rule.severity or "",
                self._type(int(wrong[n])),
                subject,
                sources[n],
                expected[n] or limit,
                found[n] or measured[n],
                who[n],
                at[n],
                late[n],
                office[n],
                post[n],
            )
            yield int(wrong[n]), row

    def _subjects(self, wrong: Places) -> list[str]:
        """Say what each case is called: its name, else its ticket."""
        cases = self.heard.cases
        if cases.names is not None:
            return [cases.names[n] for n in wrong.tolist()]
        tickets = self.records.tickets
        return [tickets[n] if n >= 0 else "" for n in cases.ticket[wrong].tolist()]

    def _sources(self, wrong: Places) -> list[str]:
        """Give the source rows of each case, those of the log without the name of its record."""
        parts: list[list[str]] = [[] for _ in wrong]
        for record, lines in self.heard.cases.lines:
            rows, named = self.records.of(record).row, "" if record == EVENTS else f"{record}:"
            for n, line in enumerate(lines[wrong].tolist()):
                told = f"{named}{rows[line]}" if line >= 0 else ""
                if told and told not in parts[n]:
                    parts[n].append(told)
        return [" ".join(found) for found in parts]

    def _type(self, case: int) -> str:
        types = self.heard.cases.type
        return "missing" if types is None else TYPES[int(types[case])]

    def _taken(self, wrong: Places) -> list[str]:
        """Say the measure of each case; of working days that are all it may take, what is beyond.

        Such a case was late within the last day, after work: `3 working d 20 min` of 3.
        """
        cases, told = self.heard.cases, _measured(self.heard.cases.measure, wrong)
        days = self._days()
        if days is None or cases.measure is None or cases.at is None or cases.due is None:
            return told
        # An unknown moment is later than none; what comes out of it is read of no such case.
        at, due = cases.at[wrong], cases.due[wrong]  # noqa: PD008 -- no frame
        over = (at - due).astype("timedelta64[us]").astype(np.int64)
        beyond = (at > due) & (cases.measure.values[wrong] == days)  # noqa: PD011 -- no frame
        for n in np.flatnonzero(beyond).tolist():
            told[n] += f" {_length(int(over[n]), _UNITS)}"
        return told

    def _days(self) -> int | None:
        """How many working days it may take; None where the limit is another."""
        cases, most = self.heard.cases, duration(self.heard.part.given.get("at_most"))
        counted = cases.measure is not None and cases.measure.unit == "working d"
        return int(most.amount) if counted and most is not None else None

    def _late(self, wrong: Places) -> list[str]:
        cases = self.heard.cases
        if cases.late is None:
            return [""] * len(wrong)
        unit = cases.measure.unit if cases.measure is not None else "us"
        decimals = cases.measure.decimals if cases.measure is not None else 0
        return _measured(Measure(cases.late, unit, decimals), wrong)

    def _who(self, wrong: Places) -> tuple[list[str], list[str]]:
        """Give person and post of each case: as it says, else those of the line that decides."""
        cases = self.heard.cases
        record, lines = cases.lines[0] if cases.lines else ("", np.full(len(cases), -1))
        kept = self.records.of(record)
        who = _at(kept.coded(ACTOR), lines[wrong])
        if cases.person is not None:
            who = [
                said or seen for said, seen in zip(_spelled(cases.person, wrong), who, strict=True)
            ]
        return who, _at(kept.coded(POST), lines[wrong])

    def _office(self, wrong: Places) -> list[str]:
        """Give the office of each case: that of its ticket, else that of the records."""
        if self.records.office:
            return [self.records.office] * len(wrong)
        return offices(self.records, self.handbook, self.heard.cases.ticket[wrong])

    def _limit(self) -> str:
        """Give what the part asks in the words of its settings: `at_most 2 working hours`."""
        said = (
            f"{name} {' '.join(listed(value))}"
            for name, value in self.heard.part.given.items()
            if name in _LIMITS
        )
        return ", ".join(said)


_LIMITS: Final = ("at_least", "at_most", "within", "by", "times", "is")


def offices(records: Records, handbook: Handbook, ticket: npt.NDArray[np.integer]) -> list[str]:
    """Give the office of tickets, from the field of their record that says nothing but offices."""
    tickets = records.of(TICKETS)
    known = {*handbook.offices, ""}
    named = (
        cells
        for _, cells in sorted(tickets.columns.items())
        if known.issuperset(cells.distinct().values()) and any(cells.distinct().values())
    )
    cells = next(named, None)
    if cells is None:
        return [""] * len(ticket)
    return _at(cells, np.append(records.home, -1)[ticket])


def _at(cells: Coded, lines: npt.NDArray[np.integer]) -> list[str]:
    """Spell some lines of a column out; line -1 says nothing."""
    texts = cells.distinct()
    return ["" if n < 0 else texts[int(cells.codes[n])] for n in lines.tolist()]


def _spelled(cells: Coded | None, places: Places) -> list[str]:
    return [""] * len(places) if cells is None else _at(cells, places)


def spelled_times(times: Times | None, places: Places) -> list[str]:
    """Write moments as `2026-10-12 09:30:00`; the empty text for none."""
    if times is None:
        return [""] * len(places)
    chosen = times[places].astype("datetime64[s]")
    told = np.datetime_as_string(chosen).tolist()
    return ["" if text == "NaT" else text.replace("T", " ") for text in told]


def _measured(measure: Measure | None, places: Places) -> list[str]:
    if measure is None:
        return [""] * len(places)
    values = measure.values[places].tolist()  # noqa: PD011 -- no frame
    return ["" if value == NOTHING else said(value, measure) for value in values]


def said(value: int, measure: Measure) -> str:
    """Say a measure: `3 h 12 min`, `4 working d`, `12.50`."""
    if measure.unit in ("us", "working us"):
        working = "working " if measure.unit.startswith("working") else ""
        units: Sequence[tuple[int, str]] = _HOURS_OF_WORK if working else _UNITS
        return f"{working}{_length(value, units)}"
    if measure.unit == "number":
        from fractions import Fraction  # noqa: PLC0415 -- few rules measure numbers

        return plain(Fraction(value, 10**measure.decimals))
    return f"{value} {measure.unit}"


def _length(micros: int, units: Sequence[tuple[int, str]]) -> str:
    """Say a length of time in its two largest units; what is left of the second one is cut off."""
    left = abs(micros) // _SECOND
    parts = []
    for size, name in units:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return ("-" if micros < 0 else "") + (" ".join(parts[:2]) or "0 s")
