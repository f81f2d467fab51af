"""Numbers of another record, looked up by the columns both have alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.rule import Condition, Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import Flags, Lines
from sopaudit.evidence.records import TICKET
from sopaudit.findings.rules.hearing import YES, Hearing
from sopaudit.findings.rules.key import NONE, Ids, alike, columns, totals
from sopaudit.findings.rules.pair import any_of


@dataclass(frozen=True, eq=False)
class Found:
    """A number for each line of a record."""

    units: npt.NDArray[np.int64]
    decimals: int
    known: Flags
    """Where lines were found, all of them say a number."""

    line: Places
    """The first line it comes from; -1 where none was found."""


def looked_up(
    hearing: Hearing, given: Mapping[str, Given], record: str, field: str, *, add: bool
) -> Found:
    """Look a number up for each line of a record: the sum of all that fit, or the largest.

    `on` says by which columns, the ticket where it says nothing; those one of the two records does
    not fill at all are left out. Conditions of `only` that speak of the other record choose there.
    """
    of, _, name = field.partition(".")
    own, there = hearing.lines(record), hearing.lines(of)
    numbers = there.numbers(name)
    if of == record:
        every = np.arange(len(own))
        return Found(numbers.units, numbers.decimals, numbers.known, every)
    counts = np.flatnonzero(counted(hearing, given, of))
    mine, theirs = keys(given, own, there, counts)
    line = np.append(counts, NONE)[any_of(mine, theirs)]
    size = int(max(mine.max(initial=0), theirs.max(initial=0))) + 1
    # A line that says nothing of a column it is joined by goes with no other.
    joined = np.flatnonzero(theirs >= 0)
    theirs, counts = theirs[joined], counts[joined]
    if add:
        total = totals(theirs, numbers.units[counts], size)
    else:
        total = np.zeros(size, np.int64)
        np.maximum.at(total, theirs, np.abs(numbers.units[counts]))
    gaps = np.bincount(theirs[~numbers.known[counts]], minlength=size) > 0
    return Found(total[mine], numbers.decimals, ~gaps[mine], line)


def keys(given: Mapping[str, Given], own: Lines, there: Lines, counts: Places) -> tuple[Ids, Ids]:
    """Give the lines of two records numbers by the columns they are joined by."""
    names = joining(given, own, there)
    if not names:
        return np.arange(len(own)), np.full(len(counts), NONE, np.int64)
    mine, theirs = alike(columns(own, names), columns(there, names, counts))
    return mine, theirs


def joining(given: Mapping[str, Given], own: Lines, there: Lines) -> Sequence[str]:
    """Name the columns two records are joined by: those of `on` that both fill."""
    asked = listed(given.get("on", TICKET))
    return [name for name in asked if _filled(own, name) and _filled(there, name)]


def joined_by(
    names: Sequence[str], own: Lines, line: Places, there: Lines
) -> tuple[Ids, Ids, Flags]:
    """Give lines of two records numbers by the columns both have, where own lines say something.

    Unlike `keys`, a column only one of them fills tells them apart; that two leave it empty does
    not. The flags say of each own line whether it says anything to join it by.
    """
    both = [name for name in names if own.has(name) and there.has(name)]
    said = np.zeros(len(line), np.bool_)
    for name in both:
        said |= ~own.blank(name)[line]
    if not both:
        return np.arange(len(line)), np.full(len(there), NONE, np.int64), said
    mine, theirs = alike(columns(own, both, line), columns(there, both))
    return mine, theirs, said


def _filled(lines: Lines, name: str) -> bool:
    return lines.has(name) and not bool(lines.blank(name).all())


def counted(hearing: Hearing, given: Mapping[str, Given], record: str) -> Flags:
    """Say of each line of a record whether the conditions of `only` that speak of it hold."""
    named = listed(given.get("only", ()))
    conditions = hearing.handbook.conditions
    about = tuple(name for name in named if _speaks_of(conditions[name], record))
    every = np.arange(len(hearing.lines(record)))
    found: Flags = hearing.applies({"when": about} if about else {}, record, every) == YES
    return found


def _speaks_of(condition: Condition, record: str) -> bool:
    clauses = (*condition.all_of, *condition.any_of)
    return any((clause.field or "").partition(".")[0] == record for clause in clauses)
