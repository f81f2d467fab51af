"""Figures that count events, lines and cells."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.lines import Flags
from sopaudit.evidence.records import EVENTS
from sopaudit.findings.figures.counting import Counting
from sopaudit.findings.figures.figure import Counted, share
from sopaudit.findings.rules.case import CONFORMING, NONCONFORMING, UNKNOWN
from sopaudit.findings.rules.hearing import DONT_KNOW, YES, Truth
from sopaudit.findings.rules.limits import in_range


def ratio(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Count so many of one over so many of another: tickets of events, lines of all else.

    The conditions of `of_only` hold beside those of `when`, for what is above the line alone; of
    what nobody can say whether they hold, nothing is counted on either side.
    """
    part, whole, unknown = 0, 0, 0
    both = [*listed(given.get("when", ())), *listed(given.get("of_only", ()))]
    above = {**given, "when": tuple(both)} if both else given
    for name in listed(given["of"]):
        found = _happened(counting, name, above)
        count, open_ = int((found == YES).sum()), int((found < 0).sum())
        part, unknown = part + count, max(unknown, open_)
    for name in listed(given["over"]):
        found = _happened(counting, name, given)
        if name in listed(given["of"]) and "of_only" in given:
            vague = (found == YES) & (_happened(counting, name, above) < 0)
            found = np.where(vague, np.int8(DONT_KNOW), found)
        count, open_ = int((found == YES).sum()), int((found < 0).sum())
        whole, unknown = whole + count, max(unknown, open_)
    return share(part, whole, unknown=unknown)


def _happened(counting: Counting, name: str, given: Mapping[str, Given]) -> Truth:
    """Say of what happened until now whether it counts."""
    hearing = counting.hearing
    moments = counting.until_now(hearing.moments(name))
    if "." in name:
        blank = hearing.lines(moments.record).blank(name.partition(".")[2])
        moments = moments.take(np.flatnonzero(~blank[moments.line]))
    if moments.record == EVENTS:
        return hearing.applies_to_tickets(given)[np.unique(moments.ticket[moments.ticket >= 0])]
    return hearing.applies(given, moments.record, moments.line)


def share_in_range(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Count lines whose number lies within limits over those with a number.

    A line that says nothing is no case; one that says something else is unknown.
    """
    cases = in_range(counting.hearing, given)
    record, _dot, name = str(given["field"]).partition(".")
    said = ~counting.hearing.lines(record).blank(name)
    good, bad, open_ = (
        int(((cases.verdict == wanted) & said).sum())
        for wanted in (CONFORMING, NONCONFORMING, UNKNOWN)
    )
    return share(good, good + bad, unknown=open_)


def mean(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Give the mean of a field over the lines that have a number there."""
    record, _dot, name = str(given["field"]).partition(".")
    lines = counting.hearing.lines(record)
    applies = counting.hearing.applies(given, record, np.arange(len(lines)))
    numbers = lines.numbers(name)
    here = (applies == YES) & numbers.known
    total = Fraction(int(numbers.units[here].sum()), 10**numbers.decimals)
    count = int(here.sum())
    unknown = int(((applies != 0) & ~here & ~lines.blank(name)).sum())
    return Counted("mean", total / count if count else None, total, count, unknown)


def agreement(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Count cases in which two fields agree over those in which both can be read.

    With a `tolerance` they are numbers, without one words. Cases are lines where both are fields of
    one record, else tickets, each with its first line; where neither says anything there is none.
    """
    hearing = counting.hearing
    left, right = str(given["left"]), str(given["right"])
    record = left.partition(".")[0]
    by_line = right.partition(".")[0] == record
    if by_line:
        applies = hearing.applies(given, record, np.arange(len(hearing.lines(record))))
    else:
        applies = hearing.applies_to_tickets(given)
    sides = [_Side(counting, field, by_line=by_line) for field in (left, right)]
    numeric = "tolerance" in given
    known = sides[0].known(numeric=numeric) & sides[1].known(numeric=numeric)
    if numeric:
        equal = _near(sides[0], sides[1], Fraction(str(given["tolerance"])))
    else:
        equal = np.array(
            [a == b for a, b in zip(sides[0].words, sides[1].words, strict=True)], bool
        )
    here = (applies == YES) & known
    said = sides[0].said | sides[1].said
    unknown = int(((applies != 0) & said & ~here).sum())
    return share(int((here & equal).sum()), int(here.sum()), unknown=unknown)


class _Side:
    """One of two fields, by case."""

    def __init__(self, counting: Counting, field: str, *, by_line: bool) -> None:
        hearing = counting.hearing
        record, _, self.name = field.partition(".")
        self.lines = hearing.lines(record)
        if by_line:
            self.place = np.arange(len(self.lines))
        else:
            self.place = np.full(hearing.size, -1, np.intp)
            ticket = hearing.records.ticket(record)
            lines = np.flatnonzero(ticket >= 0)[::-1]
            self.place[ticket[lines]] = lines
        self.there = self.place >= 0
        self.said = self.there & ~self._taken(self.lines.blank(self.name))

    def _taken(self, flags: Flags) -> Flags:
        """Give a flag of each case; False where it has no line."""
        taken: Flags = np.append(flags, np.False_)[self.place]
        return taken

    def known(self, *, numeric: bool) -> Flags:
        """Say of each case whether it can be read."""
        return self._taken(self.lines.numbers(self.name).known) if numeric else self.said

    @property
    def words(self) -> list[str]:
        """Spell each case out, in small letters."""
        told = [*map(str.casefold, self.lines.texts(self.name)), ""]
        return [told[place] for place in self.place.tolist()]

    def units(self, decimals: int) -> np.ndarray:
        """Give the numbers in units of so many decimals."""
        return np.append(self.lines.numbers(self.name).at(decimals), 0)[self.place]

    @property
    def decimals(self) -> int:
        """How fine its numbers are."""
        return self.lines.numbers(self.name).decimals


def _near(left: _Side, right: _Side, tolerance: Fraction) -> Flags:
    decimals = max(left.decimals, right.decimals)
    apart = np.abs(left.units(decimals) - right.units(decimals))
    # Compared as whole numbers: both sides times the denominator of the tolerance.
    near: Flags = apart * tolerance.denominator <= tolerance.numerator * 10**decimals
    return near


def filled_share(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Count mandatory fields that say something over all mandatory fields, of all forms.

    A word the handbook lets a field hold, such as 无, is no blank there.
    """
    hearing = counting.hearing
    forms = listed(given["forms"])
    filled = asked = unknown = 0
    for form in forms:
        lines = hearing.lines(form)
        applies = hearing.applies(given, form, np.arange(len(lines)))
        for field in hearing.handbook.forms[form].fields:
            if not field.required:
                continue
            blank = lines.blank(field.id)
            if field.blank:
                blank = blank & ~lines.is_any(field.id, frozenset(field.blank))
            asked += int((applies == YES).sum())
            filled += int(((applies == YES) & ~blank).sum())
            unknown += int((applies < 0).sum())
    absent = tuple(form for form in forms if form not in hearing.records)
    found = share(filled, asked, unknown=unknown)
    return Counted(found.sort, found.value, found.of, found.over, found.unknown, absent=absent)
