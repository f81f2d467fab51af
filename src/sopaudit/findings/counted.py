"""The lines of a stock count as the rule on counts sees them: book, count, what is allowed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import Final

import numpy as np

from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.lines import Flags, Lines
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.rules.book import booked
from sopaudit.findings.rules.case import CONFORMING, NONCONFORMING, UNKNOWN, Cases
from sopaudit.findings.rules.engine import Heard, RuleResult
from sopaudit.findings.rules.hearing import Hearing

COUNT: Final = "count_tolerance"
"""The kind of rule that holds a count against the book."""

_PART: Final = "part_no"
_SERIAL: Final = "serial"


@dataclass(frozen=True)
class CountLine:
    """One line of a count against the book."""

    rule: str
    part: str
    serial: str
    sort: str
    """Class of the part."""

    book: Fraction | None
    counted: Fraction | None
    """None where nobody knows."""

    price: Fraction
    tolerance: tuple[str, str]
    """Upwards and downwards, as it is written."""

    state: int
    """Its verdict."""

    rows: str

    @property
    def difference(self) -> Fraction:
        """What was found too much; below zero what is missing."""
        if self.counted is None or self.book is None:
            return Fraction(0)
        return self.counted - self.book

    @property
    def value(self) -> Fraction:
        """What the difference is worth."""
        return self.difference * self.price


def heard_count(results: Mapping[str, RuleResult]) -> tuple[str, Heard] | None:
    """Find the first part of a rule that holds counts against the book, with the rule's name."""
    found = (
        (name, heard)
        for name, result in results.items()
        for heard in result.parts
        if heard.part.kind == COUNT
    )
    return next(found, None)


def booked_lines(hearing: Hearing, given: Mapping[str, Given]) -> Flags:
    """Say of each line a rule counts whether anybody knows what the book said of it."""
    record = str(given["counted"]).partition(".")[0]
    return booked(hearing, given, record, str(given["book"])).known


class Counted:
    """A count, held against the book of a custody."""

    def __init__(self, custody: Custody, found: tuple[str, Heard] | None) -> None:
        self.custody = custody
        self.records = custody.records
        self.found = found

    @cached_property
    def sorts(self) -> Mapping[str, str]:
        """The class of each part, in the field the rule names."""
        if self.found is None:
            return {}
        record, _, name = str(self.found[1].part.given.get("class", "")).partition(".")
        lines = self.records.of(record)
        told = zip(lines.texts(_PART), lines.texts(name), strict=True)
        return {part: sort for part, sort in told if part and sort}

    @cached_property
    def lines(self) -> tuple[CountLine, ...]:
        """Every line that applies, in the order of its record."""
        return tuple(self._lines(*self.found)) if self.found else ()

    def _lines(self, rule: str, heard: Heard) -> Iterator[CountLine]:
        cases = heard.cases
        (record, line), *rest = cases.lines
        lines = self.records.of(record)
        name = str(heard.part.given["counted"]).partition(".")[2]
        number = lines.numbers(name)
        exact = str(heard.part.given.get("serialised", "0"))
        known = self._booked(heard)
        other, places = rest[0] if rest else (record, np.full(len(line), -1))
        for n in np.flatnonzero(np.isin(cases.verdict, (CONFORMING, NONCONFORMING, UNKNOWN))):
            at, book = int(line[n]), int(places[n])
            own = partial(self._field, line=book)
            part = _text(lines, _PART, at)
            serial = _text(lines, _SERIAL, at)
            sort = self.sorts.get(part, "")
            counted = Fraction(int(number.units[at]), 10**number.decimals)
            sure = cases.verdict[n] != UNKNOWN
            said = [f"{record}:{lines.row[at]}"]
            said += [f"{other}:{self.records.of(other).row[book]}"] if book >= 0 else []
            yield CountLine(
                rule,
                part,
                serial,
                sort,
                counted - _late(cases, int(n)) if sure or (book >= 0 and known[at]) else None,
                counted if number.known[at] else None,
                self._price(part),
                (exact, exact) if serial else tolerance(heard.part.given, sort, own),
                int(cases.verdict[n]),
                " ".join(said),
            )

    def _booked(self, heard: Heard) -> Flags:
        """Say of each line whether the book is known; asked only where some case is not."""
        if not (heard.cases.verdict == UNKNOWN).any():
            return np.ones(len(heard.cases), np.bool_)
        hearing = Hearing(self.custody.handbook, self.records, self.custody.now)
        return booked_lines(hearing, heard.part.given)

    def _field(self, field: str, line: int) -> str:
        record, _, name = field.partition(".")
        return _text(self.records.of(record), name, line) if line >= 0 else ""

    def _price(self, part: str) -> Fraction:
        custody = self.custody
        # Prices first: they bring in parts that are in the ledger alone.
        prices = custody.prices
        code = custody.entries.slots.dimensions[_PART].find(part)
        decimals = custody.value_decimals - custody.entries.decimals
        return Fraction(int(prices[code]), 10**decimals) if code >= 0 else Fraction(0)


def tolerance(given: Mapping[str, Given], sort: str, own: Callable[[str], str]) -> tuple[str, str]:
    """Say what a rule on counts allows a loose part upwards and downwards, as it is written.

    `own` reads a field of the part itself, which goes before its class. Empty where nobody says.
    """
    return _side(given, sort, own, ""), _side(given, sort, own, "_down")


def _side(given: Mapping[str, Given], sort: str, own: Callable[[str], str], side: str) -> str:
    for field in ("own" + side, "own"):
        said = own(str(given[field])) if field in given else ""
        if said:
            return said
    names = [name.casefold() for name in listed(given.get("classes", ()))]
    shares = listed(given.get("tolerances" + side, given.get("tolerances", ())))
    if sort.casefold() in names:
        return shares[names.index(sort.casefold())]
    return str(given.get("otherwise" + side, given.get("otherwise", "")))


def _late(cases: Cases, case: int) -> Fraction:
    """Give by how much a count is off, in pieces."""
    if cases.late is None or cases.measure is None:
        return Fraction(0)
    return Fraction(int(cases.late[case]), 10**cases.measure.decimals)


def _text(lines: Lines, name: str, line: int) -> str:
    return lines.coded(name).rows(np.array([line])).spelled()[0]
