"""Kinds about single moves of parts: `tied`, `never_before`, `serials_agree`."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.evidence.records import AT, MOVE, MOVES, TICKET, TICKETS
from sopaudit.findings.rules.case import (
    NONCONFORMING,
    NOT_APPLICABLE,
    TYPES,
    UNKNOWN,
    Cases,
    decided,
    of_type,
)
from sopaudit.findings.rules.hearing import YES, Hearing, Truth
from sopaudit.findings.rules.key import (
    NONE,
    Ids,
    alike,
    called,
    columns,
    moment_of,
    named,
    shown,
)
from sopaudit.findings.rules.pair import Dated, any_of, latest

PART: Final = "part_no"
SERIAL: Final = "serial"
QUANTITY: Final = "qty"
MOVE_ID: Final = "move_id"
SITE_FROM: Final = "site_from"
SITE_TO: Final = "site_to"
STATUS_FROM: Final = "status_from"
STATUS_TO: Final = "status_to"
SITE: Final = "site"
STATUS: Final = "status"
"""Fields of a move of a part, and of the ledger it is booked in (design 8, domain e.2)."""


def moved(lines: Lines, given: Mapping[str, Given], name: str) -> Places:
    """Find the moves a setting names; none where it is not given."""
    return np.flatnonzero(lines.is_any(MOVE, frozenset(listed(given.get(name, ())))))


def tied(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether moves belong to a ticket that is there and open (AC-17, PR-15).

    It is open from `since` until one of `until` happens to it, and again once it is `reopened`.
    With `reserved_by`, a piece that was last reserved goes to that ticket only, and of parts
    without serial numbers what lies reserved goes to a ticket something was reserved for.
    """
    lines = hearing.lines(MOVES)
    line = moved(lines, given, "moves")
    ticket, at = hearing.records.ticket(MOVES)[line], lines.times(AT)[line]
    home = np.append(hearing.records.home, NONE)[ticket]
    ended, ender = _ended(hearing, given, ticket)
    over = ~np.isnat(ended) & (at > ended) & ~_reopened(hearing, given, ticket, at)
    opened = np.full(len(line), NEVER)
    if "since" in given:
        opened = np.append(moment_of(hearing, listed(given["since"]), TICKETS), NEVER)[home]
    reserved, holder = _reserved(hearing, given, lines, line)
    kinds = ("missing", "no counterpart", "too early", "wrong order", "wrong value")
    wrong = np.select(
        [lines.blank(TICKET)[line], home < 0, at < opened, over, reserved],
        [TYPES.index(kind) for kind in kinds],
        NONE,
    ).astype(np.int8)
    known = ~np.isnat(at) | (home < 0) | (np.isnat(ended) & ("since" not in given))
    known &= (home < 0) | over | ~np.isnat(opened) | ("since" not in given)
    record = hearing.moments(*listed(given["until"])).record if "until" in given else TICKETS
    return Cases(
        decided(hearing.applies(given, MOVES, line), known, wrong == NONE),
        ticket,
        lines=((MOVES, line), (TICKETS, home), (record, ender), (MOVES, holder)),
        names=called(hearing, ticket, lines.coded(MOVE_ID).rows(line)),
        type=wrong,
        at=at,
        found=lines.coded(TICKET).rows(line),
    )


def _ended(
    hearing: Hearing, given: Mapping[str, Given], ticket: npt.NDArray[np.int32]
) -> tuple[Times, Places]:
    """Say when the ticket of each move ended, and by which line."""
    if "until" not in given:
        return np.full(len(ticket), NEVER), np.full(len(ticket), NONE, np.intp)
    ends = hearing.moments(*listed(given["until"]))
    first = np.append(ends.first(hearing.size), NONE)[ticket]
    return np.append(ends.at, NEVER)[first], np.append(ends.line, NONE)[first]


def _reopened(
    hearing: Hearing, given: Mapping[str, Given], ticket: npt.NDArray[np.int32], at: Times
) -> Flags:
    """Say of each move whether its ticket was opened again after it had last ended."""
    if "reopened" not in given or "until" not in given:
        return np.zeros(len(ticket), np.bool_)
    mine = Dated(ticket.astype(np.int64), at)
    ends, again = (hearing.moments(*listed(given[name])) for name in ("until", "reopened"))
    last, back = (
        np.append(each.at, NEVER)[latest(mine, Dated(each.ticket.astype(np.int64), each.at))]
        for each in (ends, again)
    )
    return ~np.isnat(back) & (back >= last)


def _reserved(
    hearing: Hearing, given: Mapping[str, Given], lines: Lines, line: Places
) -> tuple[Flags, Places]:
    """Say of each move whether its part was reserved for another ticket, and by which line."""
    nothing = np.zeros(len(line), np.bool_), np.full(len(line), NONE, np.intp)
    kept = moved(lines, given, "reserved_by")
    if not len(kept):
        return nothing
    ticket, at = hearing.records.ticket(MOVES), lines.times(AT)
    others = np.setdiff1d(np.arange(len(lines)), line)
    piece = alike(columns(lines, (PART, SERIAL)))[0]
    before = latest(Dated(piece[line], at[line]), Dated(piece[others], at[others]))
    holder = np.append(others, NONE)[before]
    single = ~lines.blank(SERIAL)[line]
    booked = np.isin(holder, kept) & single
    taken = booked & (np.append(ticket, NONE)[holder] != ticket[line])
    own = alike(columns(lines, (TICKET, PART)))[0]
    loose = ~single & lines.is_any(STATUS_FROM, _statuses(hearing, given))[line]
    taken |= loose & (any_of(own[line], own[kept]) < 0)
    return taken, np.where(booked, holder, NONE)


def _statuses(hearing: Hearing, given: Mapping[str, Given]) -> frozenset[str]:
    """Give the statuses that reserving a part puts it into."""
    parts = hearing.handbook.parts
    names = listed(given["reserved_by"])
    return frozenset(
        status for move in (parts.moves if parts else ()) if move.id in names for status in move.to
    )


def never_before(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether a piece had seen a move before that rules this one out (PR-23).

    A move that names no serial number is unknown.
    """
    lines = hearing.lines(MOVES)
    line, earlier = moved(lines, given, "move"), moved(lines, given, "earlier")
    at, piece = lines.times(AT), alike(columns(lines, (PART, SERIAL)))[0]
    found = latest(Dated(piece[line], at[line]), Dated(piece[earlier], at[earlier]))
    known = ~lines.blank(SERIAL)[line] & ~np.isnat(at[line])
    return Cases(
        decided(hearing.applies(given, MOVES, line), known, found < 0),
        hearing.records.ticket(MOVES)[line],
        lines=((MOVES, line), (MOVES, np.append(earlier, NONE)[found])),
        names=called(hearing, hearing.records.ticket(MOVES)[line], lines.coded(MOVE_ID).rows(line)),
        type=of_type("wrong order", len(line)),
        at=at[line],
        found=lines.coded(SERIAL).rows(line),
    )


def serials_agree(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold serial numbers of parts fitted and removed against what is known of them (AC-20).

    A piece fitted is one issued to the ticket. A piece removed is the one last fitted into the
    machine on an earlier ticket, where that is known; else there is nothing to hold it against.
    """
    lines = hearing.lines(MOVES)
    parts = [_fitted(given, lines), _removed(hearing, given, lines)]
    line, verdict, kind, other = (np.concatenate(found) for found in zip(*parts, strict=True))
    applies: Truth = hearing.applies(given, MOVES, line)
    verdict = np.select([applies == YES, applies == 0], [verdict, NOT_APPLICABLE], UNKNOWN)
    return Cases(
        verdict.astype(np.int8),
        hearing.records.ticket(MOVES)[line],
        lines=((MOVES, line), (MOVES, other)),
        names=called(hearing, hearing.records.ticket(MOVES)[line], lines.coded(MOVE_ID).rows(line)),
        type=kind,
        at=lines.times(AT)[line],
        found=lines.coded(SERIAL).rows(line),
        expected=shown(lines.coded(SERIAL), other),
    )


_Part = tuple[Places, npt.NDArray[np.int8], npt.NDArray[np.int8], Places]


def _fitted(given: Mapping[str, Given], lines: Lines) -> _Part:
    """Judge the pieces that were fitted; the line of an issue that stands against each."""
    line, issued = moved(lines, given, "fitted"), moved(lines, given, "issued")
    job = alike(columns(lines, (TICKET, PART)))[0]
    piece = alike(columns(lines, (TICKET, PART, SERIAL)))[0]
    blank = lines.blank(SERIAL)
    same, any_issue = any_of(piece[line], piece[issued]), any_of(job[line], job[issued])
    numbered = issued[~blank[issued]]
    named_issue = any_of(job[line], job[numbered])
    loose = blank[line] & (any_issue >= 0) & (named_issue < 0)
    nameless = blank[line] & (named_issue >= 0)
    verdict = np.select(
        [loose, lines.blank(TICKET)[line], (same >= 0) & ~nameless],
        [NOT_APPLICABLE, UNKNOWN, 0],
        NONCONFORMING,
    ).astype(np.int8)
    kind = np.select(
        [nameless, any_issue < 0],
        [TYPES.index("missing"), TYPES.index("no counterpart")],
        TYPES.index("wrong value"),
    ).astype(np.int8)
    other = np.where(named_issue >= 0, np.append(numbered, NONE)[named_issue], NONE)
    return line, verdict, kind, other


def _removed(hearing: Hearing, given: Mapping[str, Given], lines: Lines) -> _Part:
    """Judge the pieces that were taken out; the line that last fitted one into the machine."""
    line, fitted = moved(lines, given, "removed"), moved(lines, given, "fitted")
    if "machine" not in given:
        line = line[:0]
    at, place = lines.times(AT), _machines(hearing, given, lines)
    job = alike(columns(lines, (TICKET, PART)))[0]
    own = _first_at(job, at, fitted)[job[line]]
    begin = np.where(np.isnat(own), at[line], np.minimum(own, at[line]))
    known = latest(Dated(place[line], begin), Dated(place[fitted], at[fitted]), before=True)
    other = np.append(fitted, NONE)[known]
    serial = np.append(alike(columns(lines, (SERIAL,)))[0], NONE)
    blank = np.append(lines.blank(SERIAL), True)
    nothing = blank[other] | (place[line] == NONE)
    verdict = np.select(
        [nothing, blank[line], serial[other] == serial[line]],
        [NOT_APPLICABLE, UNKNOWN, 0],
        NONCONFORMING,
    ).astype(np.int8)
    return line, verdict, of_type("wrong value", len(line)), np.where(nothing, NONE, other)


def _first_at(group: Ids, at: Times, places: Places) -> Times:
    """Give per group the first time of some lines; NaT for none."""
    order = places[np.lexsort((at[places],))][::-1]
    first = np.full(int(group.max(initial=0)) + 1, NEVER)
    first[group[order]] = at[order]
    return first


def _machines(hearing: Hearing, given: Mapping[str, Given], lines: Lines) -> Ids:
    """Give a number for machine and part of each move; -1 where the machine is not known."""
    if "machine" not in given:
        return np.full(len(lines), NONE, np.int64)
    record, name = named(given, "machine")[0]
    tickets = hearing.lines(record)
    machine = np.where(tickets.blank(name), NONE, alike([tickets.coded(name)])[0])
    home = np.append(hearing.records.home, NONE)[hearing.records.ticket(MOVES)]
    own = np.append(machine, NONE)[home]
    part = alike([lines.coded(PART)])[0]
    return np.where(own < 0, NONE, own * (int(part.max(initial=0)) + 1) + part)
