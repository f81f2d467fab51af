"""The kind `numbering`: running numbers come once, lie in a range issued, and none is missing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.lines import Flags, Lines
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    NOT_APPLICABLE,
    TYPES,
    UNKNOWN,
    Cases,
    Verdicts,
    decided,
    of_type,
)
from sopaudit.findings.rules.hearing import Hearing, spoken
from sopaudit.findings.rules.key import NONE, Called, alike, chosen, told

_NUMBER: Final = re.compile(r"(.*?)(\d+)\D*")


class _Number(NamedTuple):
    """A running number: the text before it, how many digits it has, and which it is."""

    text: str
    width: int
    number: int


class _Range(NamedTuple):
    """Numbers that were issued, the last included."""

    first: _Number
    last: int

    def holds(self, number: _Number) -> bool:
        """Say whether a number is one of these."""
        return number[:2] == self.first[:2] and self.first.number <= number.number <= self.last


def numbering(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look for numbers that come twice, and where none may be missing, for gaps.

    Numbers are a text and a running number at its end, such as `CD-2610-` and `0042`; gaps are
    looked for among those with one text. Of each run of missing numbers there is one case, which
    points at the line after it. Where ranges were issued, a number lies in one, and gaps are those
    within one range; a number found among `others`, such as a voided copy, is not missing. On
    paper, a voided number has its copy. Electronic invoices have neither ranges nor gaps and cannot
    be voided; what undoes one names it.
    """
    asked = _Asked(hearing, given)
    lines, line = asked.lines, np.arange(len(asked.lines))
    applies = hearing.applies(given, asked.record, line)
    blank = lines.blank(asked.name)
    first = asked.first(~blank)
    outside, known = asked.outside(), asked.ranges_known
    twice = first != line
    verdict = decided(applies, twice | ~outside | known, ~twice & ~outside)
    verdict[blank] = NOT_APPLICABLE
    type_ = np.where(twice, TYPES.index("repeated"), TYPES.index("wrong value")).astype(np.int8)
    after, missing = asked.gaps() if asked.gaps_matter else (line[:0], [])
    more = asked.papers()
    nobody = np.full(len(after) + len(more.line), NONE, np.intp)
    ticket = np.concatenate([
        hearing.records.ticket(asked.record),
        np.full(len(after), NONE, np.int32),
        hearing.records.ticket(asked.other)[more.line] if len(more.line) else nobody[:0],
    ]).astype(np.int32)  # fmt: skip
    called = [*missing, *more.names]
    others = (asked.other, np.append(np.full(len(lines) + len(after), NONE), more.line))
    return Cases(
        np.concatenate([verdict, np.full(len(after), NONCONFORMING, np.int8), more.verdict]),
        ticket,
        lines=(
            (asked.record, np.concatenate([line, after, nobody[len(after) :]])),
            (asked.record, np.concatenate([first, after, nobody[len(after) :]])),
            *([others] if asked.other else []),
        ),
        names=Called(
            hearing, ticket, lambda case: called[case - len(lines)] if case >= len(lines) else ""
        ),
        type=np.concatenate([type_, of_type("missing", len(after)), more.type]),
        found=told([*lines.texts(asked.name), *[""] * len(after), *more.names]),
        expected=told([""] * len(lines) + missing + [""] * len(more.names)),
    )


class _Papers(NamedTuple):
    """Cases of lines that void a number, or undo it."""

    line: Places
    verdict: Verdicts
    type: Verdicts
    names: Sequence[str]


@dataclass(frozen=True, eq=False)
class _Asked:
    """What the settings name, looked up."""

    hearing: Hearing
    given: Mapping[str, Given]

    @property
    def record(self) -> str:
        return str(self.given["field"]).partition(".")[0]

    @property
    def name(self) -> str:
        return str(self.given["field"]).partition(".")[2]

    @property
    def lines(self) -> Lines:
        return self.hearing.lines(self.record)

    @property
    def other(self) -> str:
        """The record of other numbers that were used; empty for none."""
        named = str(self.given.get("others", "")).partition(".")[0]
        return named if named in self.hearing.records else ""

    @property
    def others(self) -> Coded:
        lines = self.hearing.lines(self.other)
        return lines.coded(str(self.given.get("others", ".")).partition(".")[2])

    @property
    def electronic(self) -> bool:
        return self.given.get("invoice_mode") == "e"

    @property
    def gaps_matter(self) -> bool:
        if self.electronic or self.given.get("gaps") is True:
            return False
        return self.given.get("gaps") is False or self.given.get("invoice_mode") == "paper"

    def first(self, counted: Flags) -> Places:
        """Find for each line the first with its number; -1 for none."""
        key = alike([self.lines.coded(self.name)])[0]
        places = np.flatnonzero(counted)[::-1]
        table = np.full(int(key.max(initial=0)) + 1, NONE, np.intp)
        table[key[places]] = places
        return table[key]

    # --- ranges --------------------------------------------------------------------------------

    @cached_property
    def _bounds(self) -> tuple[list[_Range], bool]:
        """Give the ranges issued, the narrowest first, and whether all could be read."""
        record = str(self.given.get("range_from", "")).partition(".")[0]
        if self.electronic or record not in self.hearing.records:
            return [], True
        lines = self.hearing.lines(record)
        texts = (
            lines.texts(str(self.given[key]).partition(".")[2])
            for key in ("range_from", "range_to")
        )
        read = [(_read(one), _read(other)) for one, other in zip(*texts, strict=True)]
        found = [
            _Range(one, other.number)
            for one, other in read
            if one is not None and other is not None and one[:2] == other[:2]
        ]
        found.sort(key=lambda each: each.last - each.first.number)
        return found, len(found) == len(read)

    @property
    def ranges_known(self) -> bool:
        return self._bounds[1]

    def _range(self, number: _Number | None) -> _Range | None:
        """Find the narrowest range a number lies in."""
        if number is None:
            return None
        return next((each for each in self._bounds[0] if each.holds(number)), None)

    def outside(self) -> Flags:
        """Say of each line whether its number lies in no range; of none where none was issued."""
        cells = self.lines.coded(self.name)
        if not self._bounds[0] and self.ranges_known:
            return np.zeros(len(self.lines), np.bool_)
        table = {
            code: int(self._range(_read(text)) is None) for code, text in cells.distinct().items()
        }
        return cells.table(table, 0)[cells.codes].astype(np.bool_)

    def gaps(self) -> tuple[Places, list[str]]:
        """Find runs of numbers that are missing: the line after each, and the numbers in words."""
        cells = self.lines.coded(self.name)
        place = cells.first()
        found = {
            number: int(place[code])
            for code, text in cells.distinct().items()
            if (number := _read(text)) is not None
        }
        used = set(found)
        if self.other:
            used |= {n for t in self.others.distinct().values() if (n := _read(t)) is not None}
        after, missing = [], []
        for last, next_ in pairwise(sorted(used)):
            if last[:2] != next_[:2] or next_.number == last.number + 1:
                continue
            if self._bounds[0] and self._range(last) is not self._range(next_):
                # The rest of a book that is not used up yet, and the beginning of another.
                continue
            after.append(found.get(next_, NONE))
            missing.append(_said(last, next_))
        return np.array(after, np.intp), missing

    # --- voided and undone ---------------------------------------------------------------------

    def papers(self) -> _Papers:
        """Judge the lines that void a number or undo one."""
        if not self.other:
            return _Papers(np.empty(0, np.intp), np.empty(0, np.int8), np.empty(0, np.int8), [])
        lines = self.hearing.lines(self.other)
        voided, undoing = (
            chosen(self.hearing, self.given, name, self.other)
            if name in self.given
            else np.zeros(len(lines), np.bool_)
            for name in ("voided", "undoing")
        )
        holds, known, kind = self._voided(lines)
        found = _named(self.given, "undone")
        says = ~lines.blank(found) if found else np.ones(len(lines), np.bool_)
        holds = np.where(undoing, says, holds)
        known = known | undoing
        kind = np.where(undoing, TYPES.index("missing"), kind)
        line = np.flatnonzero(voided | undoing)
        verdict = np.select([~known, holds], [UNKNOWN, CONFORMING], NONCONFORMING).astype(np.int8)
        names = self.others.rows(line).spelled()
        return _Papers(line, verdict[line], kind.astype(np.int8)[line], names)

    def _voided(self, lines: Lines) -> tuple[Flags, Flags, Verdicts]:
        """Say of each line, were it voided, whether that holds, can be told, and what is wrong."""
        count = len(lines)
        if self.electronic:
            never = np.zeros(count, np.bool_)
            return never, ~never, of_type("wrong value", count)
        kept = _named(self.given, "kept")
        if not kept or not lines.has(kept):
            return np.ones(count, np.bool_), np.full(count, not kept), of_type("missing", count)
        return lines.is_any(kept, _YES), np.ones(count, np.bool_), of_type("missing", count)


_YES: Final = spoken(("yes",))


def _named(given: Mapping[str, Given], key: str) -> str:
    return str(given.get(key, "")).partition(".")[2]


def _read(text: str) -> _Number | None:
    match = _NUMBER.fullmatch(text)
    return _Number(match[1], len(match[2]), int(match[2])) if match is not None else None


def _said(last: _Number, following: _Number) -> str:
    low = f"{last.text}{last.number + 1:0{last.width}}"
    high = f"{last.text}{following.number - 1:0{last.width}}"
    return low if following.number == last.number + 2 else f"{low} … {high}"
