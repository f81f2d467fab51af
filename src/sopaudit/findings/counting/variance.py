"""A count held against the books, line by line; plus is never set against minus.

Which lines are right is decided by the rule of the handbook; here is only the arithmetic.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.habits import key
from sopaudit.evidence.lines import Flags
from sopaudit.findings.counted import booked_lines
from sopaudit.findings.counting.stock import KIND, NoCountingError, StockLine, counting_of
from sopaudit.findings.counting.taken import COUNTS, Taken
from sopaudit.findings.custody.accuracy import Accuracy
from sopaudit.findings.rules.case import CONFORMING, NONCONFORMING, UNKNOWN, Cases
from sopaudit.findings.rules.engine import RuleResult, hear
from sopaudit.findings.rules.hearing import Hearing

_NOTHING: Final = Fraction(0)


@dataclass(frozen=True)
class Variance:
    """One line of the record of a count, beside the book."""

    location: str
    part_no: str
    title: str
    serial: str
    class_: str
    book: Fraction | None
    """None where nobody knows."""

    counted: Fraction
    price: Fraction | None
    """Of one piece; None where nobody says."""

    verdict: int
    """Of the rule: one of `rules.case.VERDICTS`."""

    remark: str = ""
    first: Fraction | None = None
    """The number before it was counted again."""

    @property
    def difference(self) -> Fraction | None:
        """Counted less book; None where nobody knows the book."""
        return None if self.book is None else self.counted - self.book

    @property
    def share(self) -> Fraction | None:
        """The difference as a share of the book; None where the book says none."""
        return self.off / self.book if self.book else None

    @property
    def off(self) -> Fraction:
        """The difference, where anybody knows it; a line without one adds nothing."""
        return self.difference or _NOTHING

    @property
    def value(self) -> Fraction | None:
        """What the difference is worth."""
        known = self.difference is not None and self.price is not None
        return self.off * self.price if known and self.price is not None else None


@dataclass(frozen=True)
class Side:
    """All lines on which too much was counted, or all on which too little was."""

    lines: int
    number: Fraction
    value: Fraction
    unpriced: int
    """Lines among them whose value nobody knows."""


@dataclass(frozen=True)
class Variances:
    """A count beside the book."""

    taken: Taken
    rule: str
    given: Mapping[str, Given]
    """The settings of the rule that judges."""

    rows: tuple[Variance, ...]

    @cached_property
    def accuracy(self) -> Accuracy:
        """Lines right over lines counted; a line nobody can judge is neither."""
        return _accuracy(self.rows)

    @cached_property
    def of_serials(self) -> Accuracy:
        """The same for pieces with a serial number alone."""
        return _accuracy(row for row in self.rows if row.serial)

    @property
    def exact(self) -> int:
        """How many lines do not differ at all."""
        return sum(row.difference == 0 for row in self.rows)

    @property
    def unknown(self) -> tuple[Variance, ...]:
        """The lines the rule cannot judge."""
        return tuple(row for row in self.rows if row.verdict == UNKNOWN)

    @property
    def bookless(self) -> int:
        """How many of these have no book to be held against."""
        return sum(row.book is None for row in self.unknown)

    @property
    def outside(self) -> tuple[Variance, ...]:
        """The lines that are not right."""
        return tuple(row for row in self.rows if row.verdict == NONCONFORMING)

    @cached_property
    def plus(self) -> Side:
        """What is there too much."""
        return _side(row for row in self.rows if row.off > 0)

    @cached_property
    def minus(self) -> Side:
        """What is missing."""
        return _side(row for row in self.rows if row.off < 0)

    def allowed(self, row: Variance) -> str:
        """Say how much the rule allows to a line, as the handbook writes it.

        `±3 %`, or `+5 % −10 %` where the sides differ, and what is allowed of value. Empty where a
        part may have a limit of its own, or nobody says one.
        """
        if row.serial:
            return str(self.given.get("serialised", "0"))
        if "own" in self.given or "own_down" in self.given:
            return ""
        up = self._limit("tolerances", row) or str(self.given.get("otherwise", ""))
        down = self._limit("tolerances_down", row) or str(self.given.get("otherwise_down", up))
        told = [f"±{up}" if up == down else f"+{up} −{down}"] if up and down else []
        for word, sign in (("value_up", "+"), ("value_down", "−")):
            limit = self._limit(word, row)
            told += [sign + limit] if limit else []
        return " ".join(told)

    def _limit(self, word: str, row: Variance) -> str:
        """Give the limit of a line's class; empty where the setting has none for it."""
        names = [key(name) for name in listed(self.given["classes"])]
        limits = listed(self.given.get(word, ()))
        place = names.index(key(row.class_)) if key(row.class_) in names else len(limits)
        return limits[place] if place < len(limits) else ""


def variances(hearing: Hearing, taken: Taken) -> Variances:
    """Hear the rule on a count alone, whatever other counts the records hold.

    Raises NoCountingError with the records the rule needs besides, where they are not there.
    """
    counting, given = counting_of(hearing.handbook)
    lines = {**hearing.records.lines, COUNTS: taken.lines()}
    records = replace(hearing.records, lines=lines)
    result = hear(hearing.handbook, records, hearing.now, rules={counting.rule})[counting.rule]
    if not result.assessable:
        raise NoCountingError(", ".join(result.missing))
    known = booked_lines(replace(hearing, records=records), given)
    return Variances(taken, counting.rule, given, tuple(_rows(taken, _cases(result), known)))


def _cases(result: RuleResult) -> Cases:
    return next(heard.cases for heard in result.parts if heard.part.kind == KIND)


def _rows(taken: Taken, cases: Cases, known: Flags) -> Iterable[Variance]:
    assert cases.measure is not None  # noqa: S101 -- the kind measures what was counted
    assert cases.late is not None  # noqa: S101 -- and by how much it differs
    unit = 10**cases.measure.decimals
    place = {int(line): n for n, line in enumerate(cases.lines[0][1].tolist())}
    firsts = {(key(seen.location), key(seen.part_no)): seen.first for seen in taken.seen}
    for n, row in enumerate(taken.rows):
        case = place[n]
        counted = Fraction(int(cases.measure.values[case]), unit)
        name = (key(row["location"]), key(row["part_no"]))
        line = taken.blank.stock.known.get(name) or _same_part(taken, row["part_no"])
        yield Variance(
            row["location"],
            row["part_no"],
            line.title if line else "",
            row["serial"],
            line.class_ if line else "",
            counted - Fraction(int(cases.late[case]), unit) if known[n] else None,
            counted,
            line.price if line else None,
            int(cases.verdict[case]),
            row["reason"],
            None if row["serial"] else firsts.get(name),
        )


def _same_part(taken: Taken, part: str) -> StockLine | None:
    """Find the part elsewhere in the store: what it is called and costs is the same there."""
    lines = taken.blank.stock.lines
    return next((line for line in lines if key(line.part_no) == key(part)), None)


def _accuracy(rows: Iterable[Variance]) -> Accuracy:
    judged = [row for row in rows if row.verdict in (CONFORMING, NONCONFORMING)]
    return Accuracy(sum(row.verdict == CONFORMING for row in judged), len(judged))


def _side(rows: Iterable[Variance]) -> Side:
    found = list(rows)
    values = [row.value for row in found if row.value is not None]
    total = sum((abs(row.off) for row in found), _NOTHING)
    worth = sum((abs(value) for value in values), _NOTHING)
    return Side(len(found), total, worth, len(found) - len(values))
