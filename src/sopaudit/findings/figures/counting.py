"""What figures are counted with: the hearing, and rules heard once for all that count them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sopaudit.criteria.kind import RULE_KINDS
from sopaudit.criteria.rule import Given, Rule
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import Flags, Times
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.rules.engine import KINDS, RuleResult, heard
from sopaudit.findings.rules.hearing import Hearing, Moments, Truth

DAY = np.timedelta64(1, "D")
MICRO = np.timedelta64(1, "us")


@dataclass(frozen=True, eq=False)
class Counting:
    """One count of all figures."""

    hearing: Hearing

    @cached_property
    def _heard(self) -> dict[tuple[str, str], RuleResult]:
        return {}

    @cached_property
    def custody(self) -> Custody:
        """Where every part is; LookupError where the handbook does not say where they can be."""
        return custody_of(self.hearing.records, self.hearing.handbook, self.hearing.now)

    def unheard(self, rules: tuple[str, ...]) -> tuple[str, ...]:
        """List those of the rules that nothing can hear yet."""
        named = self.hearing.handbook.rules
        return tuple(
            rule
            for rule in rules
            if not named[rule].kinds or any(kind not in KINDS for kind in named[rule].kinds)
        )

    def result(self, rule: str, given: Mapping[str, Given]) -> RuleResult:
        """Hear a rule; of promises the first or the last, where the figure says which."""
        in_force = str(given.get("in_force", ""))
        if (rule, in_force) not in self._heard:
            found = self.hearing.handbook.rules[rule]
            used = _in_force(found, in_force) if in_force else found
            self._heard[rule, in_force] = heard(self.hearing, used)
        return self._heard[rule, in_force]

    def until_now(self, moments: Moments) -> Moments:
        """Leave out what has not happened yet; what happened nobody knows when stays."""
        return moments.take(np.flatnonzero(~(moments.at > self.hearing.now)))


def _in_force(rule: Rule, which: str) -> Rule:
    """Give a rule that asks for the first or last promise, in every part that can."""

    def changed(kind: str | None, given: dict[str, Given]) -> dict[str, Given]:
        takes = kind in RULE_KINDS and RULE_KINDS[str(kind)].parameter("in_force") is not None
        return {**given, "in_force": which} if takes else given

    parts = tuple(
        part.model_copy(update={"given": changed(part.kind, part.given)}) for part in rule.all_of
    )
    return rule.model_copy(update={"given": changed(rule.kind, rule.given), "all_of": parts})


@dataclass(frozen=True, eq=False)
class Pairs:
    """Two moments of each case: of each ticket, or of each line where both are fields of one."""

    applies: Truth
    start: Times
    started: Flags
    """It happened, even where nobody knows when."""

    end: Times
    ended: Flags

    @property
    def known(self) -> Flags:
        """Cases in which both are known."""
        found: Flags = (self.applies == 1) & ~np.isnat(self.start) & ~np.isnat(self.end)
        return found

    @property
    def open(self) -> Flags:
        """Cases that have begun and not ended."""
        found: Flags = (self.applies == 1) & ~np.isnat(self.start) & ~self.ended
        return found

    @property
    def unknown(self) -> Flags:
        """Cases of which something must be known that is not."""
        timeless = (self.started & np.isnat(self.start)) | (self.ended & np.isnat(self.end))
        unbegun = self.ended & ~self.started
        here = self.started | self.ended
        lacking = (self.applies == 1) & (timeless | unbegun)
        found: Flags = lacking | ((self.applies < 0) & here)
        return found


def pairs(counting: Counting, given: Mapping[str, Given]) -> Pairs:
    """Pair the first `from` with the first `to`; what lies in the future has not happened."""
    hearing = counting.hearing
    first, second = str(given["from"]), str(given["to"])
    record = first.partition(".")[0]
    if "." in first and "." in second and second.partition(".")[0] == record:
        lines = hearing.lines(record)
        applies = hearing.applies(given, record, np.arange(len(lines)))
        ends = []
        for name in (first, second):
            at = lines.times(name.partition(".")[2])
            later = at > hearing.now
            ends += [np.where(later, np.datetime64("NaT", "us"), at)]
            ends += [~lines.blank(name.partition(".")[2]) & ~later]
        return Pairs(applies, ends[0], ends[1], ends[2], ends[3])
    start, started = _first(counting, first)
    end, ended = _first(counting, second)
    return Pairs(hearing.applies_to_tickets(given), start, started, end, ended)


def _first(counting: Counting, name: str) -> tuple[Times, Flags]:
    moments = counting.until_now(counting.hearing.moments(name))
    if "." in name:
        # A line whose field is empty is not the moment of anything.
        blank = counting.hearing.lines(moments.record).blank(name.partition(".")[2])
        moments = moments.take(np.flatnonzero(~blank[moments.line]))
    place = moments.first(counting.hearing.size)
    return at_places(moments.at, place), place >= 0


def at_places(at: Times, place: Places) -> Times:
    """Give the moments at places; NaT at -1."""
    padded: Times = np.append(at, np.datetime64("NaT", "us"))[place]
    return padded


def day_end(at: Times) -> Times:
    """Give the end of the day where a moment is only a day, which it is at midnight."""
    only = at == at.astype("datetime64[D]")
    ends: Times = np.where(only, at + DAY - MICRO, at)
    return ends
