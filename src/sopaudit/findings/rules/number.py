"""The kind `unique`: what some fields say comes once."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.evidence.records import TICKET
from sopaudit.findings.rules.case import (
    NOT_APPLICABLE,
    Cases,
    decided,
    of_type,
)
from sopaudit.findings.rules.hearing import YES, Hearing
from sopaudit.findings.rules.key import (
    NONE,
    Ids,
    alike,
    columns,
    conforming_only,
    empty,
    named,
)
from sopaudit.findings.rules.pair import Dated, soonest
from sopaudit.findings.rules.person import may_approve


def unique(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look for lines that say in some fields what an earlier line says; the earlier one conforms.

    A blank where the field may stay empty is nothing that could come twice. Where `at` says when
    each line was made, the earlier is that of the earlier time, and one that was settled before
    the later was made (`until`) does not stand in its way.
    """
    record, names = _fields(given)
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    applies = hearing.applies(given, record, line)
    key, known = alike(columns(lines, names))[0], np.ones(len(lines), np.bool_)
    if "at" in given:
        first, known = _open_before(hearing, given, lines, key, applies == YES)
    else:
        first = _first(key, applies == YES)
    holds = (first == line) | (first == NONE)
    excuse = _approved(hearing, given, lines)
    blank = empty(lines, names)
    must = any(hearing.required(f"{record}.{name}") and _any_blank(lines, name) for name in names)
    verdict = decided(applies, ~blank & (known | excuse), holds | excuse)
    if not must:
        verdict[blank & (applies == YES)] = NOT_APPLICABLE
    return Cases(
        verdict,
        hearing.records.ticket(record),
        lines=((record, line), (record, first)),
        type=of_type("repeated", len(lines)),
        found=lines.coded(names[0]),
        excused=conforming_only(verdict, excuse & ~holds),
    )


def _open_before(
    hearing: Hearing, given: Mapping[str, Given], lines: Lines, key: Ids, counted: Flags
) -> tuple[Places, Flags]:
    """Find for each line the one of its key before it that is still open; -1 for none.

    Of two of one moment the earlier row came first. A line whose own time, or that of another of
    its key, nobody knows is not sure.
    """
    at = lines.times(str(given["at"]).partition(".")[2])
    found = np.full(len(lines), NONE, np.intp)
    alone = np.bincount(key[counted], minlength=int(key.max(initial=0)) + 1)[key] < 2  # noqa: PLR2004
    known = alone | ~np.isin(key, key[counted & np.isnat(at)])
    there = np.flatnonzero(counted & known)
    order = there[np.lexsort((there, at[there], key[there]))]
    earlier, later = order[:-1], order[1:]
    same = key[earlier] == key[later]
    earlier, later = earlier[same], later[same]
    settled = np.zeros(len(later), np.bool_)
    for name in listed(given.get("until", ())):
        ended = _ends(hearing, name, lines, _fields(given)[1])
        until = soonest(Dated(ended.mine[earlier], at[earlier]), Dated(ended.key, ended.at))
        settled |= np.append(ended.at, NEVER)[until] <= at[later]
    found[later] = np.where(settled, NONE, earlier)
    return found, known | ~counted


class _Ended(NamedTuple):
    """What ends lines of a record: the key of each line, and key and time of each end."""

    mine: Ids
    key: Ids
    at: Times


def _ends(hearing: Hearing, name: str, lines: Lines, names: list[str]) -> _Ended:
    """Give what ends lines: by all the columns its record has too, of which the ticket is one."""
    moments = hearing.moments(name)
    there = hearing.lines(moments.record)
    by = [field for field in names if there.has(field)] or [TICKET]
    mine, theirs = alike(columns(lines, by), columns(there, by, moments.line))
    return _Ended(mine, theirs, moments.at)


def _any_blank(lines: Lines, name: str) -> bool:
    return bool(lines.blank(name).any())


def _fields(given: Mapping[str, Given]) -> tuple[str, list[str]]:
    asked = named(given, "fields")
    return asked[0][0], [name for _, name in asked]


def _first(key: Ids, counted: Flags) -> Places:
    """Find for each line the first of its key among those that count; -1 for none."""
    places = np.flatnonzero(counted)[::-1]
    table = np.full(int(key.max(initial=0)) + 1, NONE, np.intp)
    table[key[places]] = places
    return table[key]


def _approved(hearing: Hearing, given: Mapping[str, Given], lines: Lines) -> Flags:
    """Say of each line whether it has an approval, by someone who may where roles are named."""
    if "approved" not in given:
        return np.zeros(len(lines), np.bool_)
    name = str(given["approved"]).partition(".")[2]
    said = ~lines.blank(name)
    if "roles" not in given:
        return said
    return said & (may_approve(hearing, lines.coded(name), listed(given["roles"])) >= 0)
