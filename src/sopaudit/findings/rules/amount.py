"""The kind `amounts_agree`: two numbers, or two sums, that must be the same to the last cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import duration
from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.evidence.records import AT
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    NOT_APPLICABLE,
    TYPES,
    UNKNOWN,
    Cases,
    Measure,
    Verdicts,
    decided,
)
from sopaudit.findings.rules.hearing import NO, YES, Hearing, Truth
from sopaudit.findings.rules.key import (
    NONE,
    Ids,
    alike,
    chosen,
    columns,
    conforming_only,
    figures,
    totals,
)

_PERIODS: Final = {"day": "datetime64[D]", "month": "datetime64[M]"}


@dataclass(frozen=True, eq=False)
class _Side:
    """One side: the lines that count, the group each belongs to, and what they say."""

    lines: Lines
    line: Places
    group: Ids
    """Per line that counts; -1 for one of no group."""

    units: npt.NDArray[np.int64]
    known: Flags
    decimals: int

    def total(self, size: int, decimals: int) -> npt.NDArray[np.int64]:
        """Add up by group, in units of so many decimals."""
        mine = self.group >= 0
        return totals(self.group[mine], self.units[mine] * 10 ** (decimals - self.decimals), size)

    def unknown(self, size: int) -> Flags:
        """Say of each group whether one of its lines says nothing that could be read."""
        wrong = self.group[~self.known & (self.group >= 0)]
        return np.bincount(wrong, minlength=size) > 0

    def first(self, size: int) -> Places:
        """Give the first line of each group; -1 for none."""
        found = np.full(size, NONE, np.intp)
        mine = np.flatnonzero(self.group >= 0)[::-1]
        found[self.group[mine]] = self.line[mine]
        return found


@dataclass(frozen=True, eq=False)
class _Groups:
    """What is compared: lines, tickets, days or months."""

    applies: Truth
    ticket: Ints
    names: Sequence[str] | None


def amounts_agree(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold two amounts against each other, by line, ticket, day or month.

    A blank in a field that may stay empty is nothing, so 0; in one that must be filled it makes the
    amount unknown. Days and months are those of the lines' `at`. A difference that is approved or
    explained in time conforms and is told; one that may still be explained is no case yet. With
    `times` the right side is a price, to be taken so many times; with `apart` tickets are split by
    further fields, such as the part, so that nothing is made up for by something else.
    """
    groups, left, right = _sides(hearing, given)
    size, decimals = len(groups.applies), max(left.decimals, right.decimals)
    one, other = left.total(size, decimals), right.total(size, decimals)
    limit = number(str(given.get("tolerance", "0"))) or number("0")
    assert limit is not None  # noqa: S101 -- 0 is a number
    agree = np.abs(one - other) * limit.denominator <= limit.numerator * 10**decimals
    approved = _approved(hearing, given, groups, left)
    verdict = decided(groups.applies, ~left.unknown(size) & ~right.unknown(size), agree | approved)
    first = left.first(size)
    kind = np.full(size, TYPES.index("amount differs"), np.int8)
    due = _explained(hearing, given, left, verdict, kind)
    keep = np.flatnonzero((first >= 0) | (right.first(size) >= 0))
    return Cases(
        verdict[keep],
        groups.ticket[keep],
        lines=(
            (left.lines.record, first[keep]),
            (right.lines.record, right.first(size)[keep]),
        ),
        names=None if groups.names is None else [groups.names[n] for n in keep.tolist()],
        type=kind[keep],
        due=due[keep],
        measure=Measure(one[keep], "number", decimals),
        late=(one - other)[keep],
        expected=figures(other[keep], decimals),
        excused=conforming_only(verdict, ~agree)[keep],
    )


def _sides(hearing: Hearing, given: Mapping[str, Given]) -> tuple[_Groups, _Side, _Side]:
    per = str(given["per"])
    records = [str(given[name]).partition(".")[0] for name in ("left", "right")]
    counted = [
        np.flatnonzero(chosen(hearing, given, f"{name}_only", record))
        for name, record in zip(("left", "right"), records, strict=True)
    ]
    groups, keys = _grouped(hearing, given, per, records)
    left, right = (
        _side(hearing, str(given[name]), line, key[line])
        for name, line, key in zip(("left", "right"), counted, keys, strict=True)
    )
    return groups, left, _multiplied(hearing, given, right)


def _multiplied(hearing: Hearing, given: Mapping[str, Given], side: _Side) -> _Side:
    """Take each line of a side as often as another of its fields says."""
    if "times" not in given:
        return side
    other = _side(hearing, str(given["times"]), side.line, side.group)
    return replace(
        side,
        units=side.units * other.units,
        known=side.known & other.known,
        decimals=side.decimals + other.decimals,
    )


def _side(hearing: Hearing, field: str, line: Places, group: Ids) -> _Side:
    record, _, name = field.partition(".")
    lines = hearing.lines(record)
    numbers = lines.numbers(name)
    nothing = lines.blank(name) & (not hearing.required(field))
    known = numbers.known | nothing
    return _Side(lines, line, group, numbers.units[line], known[line], numbers.decimals)


def _grouped(
    hearing: Hearing, given: Mapping[str, Given], per: str, records: Sequence[str]
) -> tuple[_Groups, list[Ids]]:
    """Give the groups, and for every line of both records the group it belongs to."""
    record = records[0]
    if per == "line":
        every = np.arange(len(hearing.lines(record)))
        applies = hearing.applies(given, record, every)
        groups = _Groups(applies, hearing.records.ticket(record), None)
        return groups, [np.arange(len(hearing.lines(name))) for name in records]
    if per == "ticket":
        keys = [hearing.records.ticket(name).astype(np.int64) for name in records]
        if "apart" in given:
            return _split(hearing, given, records, keys)
        tickets = np.arange(hearing.size, dtype=np.int32)
        return _Groups(hearing.applies_to_tickets(given), tickets, None), keys
    times = [hearing.lines(name).times(AT).astype(_PERIODS[per]) for name in records]
    periods = np.unique(np.concatenate([t[~np.isnat(t)] for t in times]))
    keys = [np.where(np.isnat(t), NONE, np.searchsorted(periods, t)) for t in times]
    nobody = np.full(len(periods), NONE, np.int32)
    names = [str(period) for period in periods]
    return _Groups(np.full(len(periods), YES, np.int8), nobody, names), keys


def _split(
    hearing: Hearing, given: Mapping[str, Given], records: Sequence[str], keys: list[Ids]
) -> tuple[_Groups, list[Ids]]:
    """Split the lines of each ticket by further fields, which both records have."""
    names = listed(given["apart"])
    sides = alike(*(columns(hearing.lines(record), names) for record in records))
    pairs = np.concatenate([np.column_stack(side) for side in zip(keys, sides, strict=True)])
    found, group = np.unique(pairs, axis=0, return_inverse=True)
    ticket = found[:, 0].astype(np.int32)
    applies = np.append(hearing.applies_to_tickets(given), NO)[ticket]
    group = np.where(pairs[:, 0] >= 0, group.reshape(-1), NONE)
    return _Groups(applies, ticket, None), np.split(group, [len(keys[0])])


def _approved(hearing: Hearing, given: Mapping[str, Given], groups: _Groups, left: _Side) -> Flags:
    """Say of each group whether an approval stands on one of its lines, or on its ticket's."""
    size = len(groups.applies)
    found = np.zeros(size, np.bool_)
    if "excused_by" not in given:
        return found
    record, _, name = str(given["excused_by"]).partition(".")
    lines = hearing.lines(record)
    said = ~lines.blank(name)
    if record == left.lines.record:
        mine = said[left.line] & (left.group >= 0)
        found[left.group[mine]] = True
    elif groups.names is None:
        tickets = np.zeros(hearing.size + 1, np.bool_)
        tickets[hearing.records.ticket(record)[said]] = True
        tickets[NONE] = False
        found = tickets[groups.ticket]
    return found


def _explained(
    hearing: Hearing, given: Mapping[str, Given], left: _Side, verdict: Verdicts, kind: Verdicts
) -> Times:
    """Judge differences that may be explained, in place; say until when each may be."""
    lines, line = left.lines, left.first(len(verdict))
    due: Times = np.full(len(line), NEVER)
    if "explained" not in given:
        return due
    name = str(given["explained"]).partition(".")[2]
    at = np.append(lines.times(name), NEVER)[line]
    said = ~np.append(lines.blank(name), True)[line]
    within = duration(given["explained_within"]) if "explained_within" in given else None
    if within is not None and "since" in given:
        since = _ends(lines, str(given["since"]).partition(".")[2])
        due = hearing.clock().due(np.append(since, NEVER)[line], within)
    differs = verdict == NONCONFORMING
    late = said & (at > due)
    verdict[differs & said & ~late] = CONFORMING
    verdict[differs & ~said & (due > hearing.now)] = NOT_APPLICABLE
    if within is not None and "since" in given:
        # Nobody knows by when it had to be explained.
        verdict[differs & np.isnat(due)] = UNKNOWN
    kind[late] = TYPES.index("late")
    return due


def _ends(lines: Lines, name: str) -> Times:
    """Read a field as moments; a month, written `2026-10`, ends with its last day."""
    cells = lines.coded(name)
    table = np.full(max(cells.size, 1), NEVER)
    for code, text in cells.distinct().items():
        try:
            month = np.array([text], "datetime64[M]") + 1
        except ValueError:
            continue
        table[code] = (month.astype("datetime64[D]") - 1)[0]
    months = table[cells.codes]
    written = lines.times(name)
    return np.where(np.isnat(written), months, written)
