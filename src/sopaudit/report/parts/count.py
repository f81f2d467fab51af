"""The count against the book: how many lines are right, and each that differs."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Final

from sopaudit.findings.counted import CountLine
from sopaudit.findings.rules.case import CONFORMING, NONCONFORMING, UNKNOWN
from sopaudit.report.parts.model import CountRow, CountSum
from sopaudit.report.parts.saying import PartSayer, number, signed

SHOWN: Final = 40
"""Lines on the page; the workbook has all."""

_TONES: Final = {CONFORMING: "within", NONCONFORMING: "missed", UNKNOWN: "out"}


class Counted:
    """Tells a count."""

    def __init__(self, say: PartSayer) -> None:
        self.say = say
        self.lines = say.evidence.counted
        self.words = say.words["count"]

    @cached_property
    def rows(self) -> tuple[CountRow, ...]:
        """Every line, in the order of its record."""
        return tuple(map(self._row, self.lines))

    @cached_property
    def _differing(self) -> tuple[CountLine, ...]:
        """Lines that differ or cannot be told: first what is not allowed, the dearest first."""
        found = [line for line in self.lines if line.difference or line.state == UNKNOWN]
        ranks = (NONCONFORMING, UNKNOWN, CONFORMING)
        return tuple(
            sorted(found, key=lambda x: (ranks.index(x.state), -abs(x.value), x.part, x.serial))
        )

    @property
    def shown(self) -> tuple[CountRow, ...]:
        """Lines the page has room for."""
        return tuple(map(self._row, self._differing[:SHOWN]))

    @property
    def more(self) -> str:
        """Say how many it has not."""
        left = len(self._differing) - SHOWN
        return self.say.fill("count", "more", n=f"{left:,}") if left > 0 else ""

    @property
    def note(self) -> str:
        """Say how the table is read."""
        if not self.lines:
            return ""
        unknown = sum(line.state == UNKNOWN for line in self.lines)
        first = self.words["note"]
        if not self._differing:
            first = self.say.fill("count", "none", n=f"{len(self.lines):,}")
        told = (first, self.say.fill("count", "unknown", n=unknown) if unknown else "")
        return self.say.speaker.joined(told)

    def told(self) -> Iterator[str]:
        """Say in the first sentence what is missing, and apart from it what is too much."""
        for key, sign in (("missing", -1), ("extra", 1)):
            own = [line for line in self.lines if sign * line.difference > 0]
            if own:
                units = abs(sum((line.difference for line in own), Fraction(0)))
                value = abs(sum((line.value for line in own), Fraction(0)))
                yield self.say.fill("sum", key, units=number(units), value=number(value))

    def said(self, rows: str) -> str:
        """Say book and count of the line a finding rests on; nothing where it is another."""
        line = next((x for x in self.lines if x.rows == rows), None)
        if line is None or line.counted is None or line.book is None:
            return ""
        return self.say.fill("worst", "count", book=number(line.book), counted=number(line.counted))

    def sums(self) -> Iterator[CountSum]:
        """Add lines up: loose parts and pieces with a serial number apart, then all."""
        groups = {
            "bulk": [line for line in self.lines if not line.serial],
            "single": [line for line in self.lines if line.serial],
        }
        there = {key: own for key, own in groups.items() if own}
        for key, own in there.items():
            yield self._sum(key, own)
        if len(there) > 1:
            yield self._sum("all", self.lines)

    def _sum(self, key: str, own: Sequence[CountLine]) -> CountSum:
        right = sum(line.state == CONFORMING for line in own)
        decided = right + sum(line.state == NONCONFORMING for line in own)
        share = self.say.rules.percent(Fraction(right, decided)) if decided else ""
        plus = [line for line in own if line.difference > 0]
        minus = [line for line in own if line.difference < 0]
        units = [sum((x.difference for x in each), Fraction(0)) for each in (plus, minus)]
        value = [sum((x.value for x in each), Fraction(0)) for each in (plus, minus)]
        return CountSum(
            label=self.words[key],
            lines=f"{decided:,}",
            right=f"{right:,}",
            accuracy=share,
            plus=signed(units[0]),
            plus_value=signed(value[0]),
            minus=signed(units[1]),
            minus_value=signed(value[1]),
        )

    def _allowed(self, up: str, down: str) -> str:
        if up == down:
            return self.words["exact"] if up == "0" else f"±{up}" if up else ""
        return f"+{up} \u2212{down}"

    def _row(self, line: CountLine) -> CountRow:
        tone = _TONES[line.state]
        known = line.counted is not None and line.book is not None
        return CountRow(
            part=line.part,
            serial=line.serial,
            sort=line.sort,
            book="" if line.book is None else number(line.book),
            counted="" if line.counted is None else number(line.counted),
            difference=(signed(line.difference) or "0") if known else "",
            tolerance=self._allowed(*line.tolerance),
            value=signed(line.value) if known else "",
            verdict=self.words[tone if line.difference or tone != "within" else "same"],
            tone=tone,
            rows=line.rows,
        )
