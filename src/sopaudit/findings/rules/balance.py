"""The kind `stock_equation`: closing is opening plus in minus out, and never negative (AC-21).

The ledger says what is there now, so that is the closing of today; the closing of a day before is
that less what came in since and plus what went out, and what was there before the first move is the
opening. None of them is below zero. Where opening balances were handed in, the closing is held
against them too. A piece with a serial number is a stock of one: it leaves the status it was put
into, and lies today where its last move put it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.evidence.records import AT
from sopaudit.findings.custody.entries import OPENED
from sopaudit.findings.rules.case import (
    NOTHING,
    TYPES,
    Cases,
    Measure,
    decided,
)
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, Called, Ids, alike, columns, totals
from sopaudit.findings.rules.pair import any_of
from sopaudit.findings.rules.part import (
    PART,
    QUANTITY,
    SERIAL,
    SITE,
    SITE_FROM,
    SITE_TO,
    STATUS,
    STATUS_FROM,
    STATUS_TO,
)

_STOCK: Final = (SITE, PART, STATUS)


@dataclass(frozen=True, eq=False)
class _Half:
    """The cases of stocks, or those of pieces; all arrays have one entry a case."""

    holds: Flags
    known: Flags
    ledger: Places
    """The line of the ledger; -1 where there is none."""

    move: Places
    kind: int
    """In what way those that do not hold are wrong."""

    at: Times
    balance: Ids
    """What the equation comes to; NOTHING where nothing is counted."""

    name: Callable[[int], str]


def stock_equation(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Work stocks back through the moves, day by day, and follow pieces through their statuses.

    A status or a site the ledger has no line of is not kept in it, so nothing is said of it; nor of
    a piece in a status in which the ledger keeps quantities only.
    """
    ledger, moves = hearing.lines(str(given["record"])), hearing.lines(str(given["moves"]))
    decimals = max(lines.numbers(QUANTITY).decimals for lines in (ledger, moves))
    happened = ~np.isnat(moves.times(AT)) & (moves.times(AT) <= hearing.now)
    timeless = np.flatnonzero(np.isnat(moves.times(AT)))
    parts = hearing.handbook.parts
    transit = frozenset(
        status
        for place in (parts.places if parts is not None else ())
        if place.kind == "transit"
        for status in place.statuses
    )
    halves = _pieces(ledger, moves, np.flatnonzero(happened & ~moves.blank(SERIAL)), transit)
    if given.get("never_negative") is True:
        halves.append(_stocks(ledger, moves, np.flatnonzero(happened), timeless, decimals))
    if OPENED in hearing.records:
        halves.append(_closings(hearing, ledger, moves, decimals))
    here, move = (np.concatenate([getattr(h, n) for h in halves]) for n in ("ledger", "move"))
    applies = np.append(hearing.applies(given, ledger.record, np.arange(len(ledger))), 1)[here]
    ticket = np.append(hearing.records.ticket(moves.record), np.int32(NONE))[move]
    starts = np.cumsum([0, *(len(half.holds) for half in halves)]).tolist()

    def name(case: int) -> str:
        n = max(n for n in range(len(halves)) if starts[n] <= case)
        return halves[n].name(case - starts[n])

    return Cases(
        decided(applies, *(np.concatenate([getattr(h, n) for h in halves]) for n in _TRUTHS)),
        ticket,
        lines=((moves.record, move), (ledger.record, here)),
        names=Called(hearing, ticket, name),
        type=np.concatenate([np.full(len(half.holds), half.kind, np.int8) for half in halves]),
        at=np.concatenate([half.at for half in halves]),
        measure=Measure(np.concatenate([half.balance for half in halves]), "number", decimals),
    )


_TRUTHS: Final = ("known", "holds")


def _stocks(ledger: Lines, moves: Lines, counted: Places, timeless: Places, decimals: int) -> _Half:
    """Give the opening and each day's closing of every stock of parts without serial numbers.

    Where a move does not say when, the days of its stock are not known.
    """
    loose = np.flatnonzero(ledger.blank(SERIAL))
    flow = counted[moves.blank(SERIAL)[counted]]
    sides = [
        [either(moves.coded(site), moves.coded(other)), moves.coded(PART), moves.coded(status)]
        for site, other, status in (
            (SITE_TO, SITE_FROM, STATUS_TO),
            (SITE_FROM, SITE_TO, STATUS_FROM),
        )
    ]
    dateless = timeless[moves.blank(SERIAL)[timeless]]
    stock, *ways = alike(
        columns(ledger, _STOCK, loose),
        *([c.rows(flow) for c in side] for side in sides),
        *([c.rows(dateless) for c in side] for side in sides),
    )
    ways, lost = ways[:2], ways[2:]
    kept = [_kept(ledger, [c.rows(flow) for c in side]) for side in sides]
    quantity, there = moves.numbers(QUANTITY), ledger.numbers(QUANTITY)
    amount = quantity.at(decimals)[flow]
    key = np.concatenate([way[keep] for way, keep in zip(ways, kept, strict=True)])
    net = np.concatenate([amount[kept[0]], -amount[kept[1]]])
    line = np.concatenate([flow[keep] for keep in kept])
    size = int(max(each.max(initial=-1) for each in (stock, key, *lost))) + 1
    closing = totals(stock, there.at(decimals)[loose], size)
    opening = closing - totals(key, net, size)
    gaps = np.bincount(stock[~there.known[loose]], minlength=size) > 0
    gaps |= np.bincount(key[~quantity.known[line]], minlength=size) > 0
    gaps[np.concatenate(lost)] = True
    first = np.full(size, NONE, np.intp)
    first[stock[::-1]] = loose[::-1]
    of, last, total = _days(key, moves.times(AT)[line], net, line)
    named = np.unique(np.concatenate([stock, key]))
    every = np.concatenate([named, of])
    balance = np.concatenate([opening[named], opening[of] + total])
    begun = np.full(size, NONE, np.intp)
    begun[key[::-1]] = line[::-1]
    # An opening is the ledger's line; of a stock it has none of, the first move of it.
    move = np.concatenate([np.where(first[named] < 0, begun[named], NONE), last])
    at = np.append(moves.times(AT), np.datetime64("NaT", "us"))[move]
    return _Half(
        balance >= 0,
        ~gaps[every],
        first[every],
        move,
        TYPES.index("too few"),
        at,
        balance,
        _stock_name(ledger, moves, first[every], move, at),
    )


def _closings(hearing: Hearing, ledger: Lines, moves: Lines, decimals: int) -> _Half:
    """Hold the ledger against what the opening and the moves come to, where both were handed in.

    A case is a stock of parts without serial numbers that the ledger has a line of.
    """
    opening = hearing.lines(OPENED)
    loose, begun = (np.flatnonzero(lines.blank(SERIAL)) for lines in (ledger, opening))
    line = np.flatnonzero(moves.blank(SERIAL) & ~(moves.times(AT) > hearing.now))
    sides = [
        [either(moves.coded(site), moves.coded(other)), moves.coded(PART), moves.coded(status)]
        for site, other, status in (
            (SITE_TO, SITE_FROM, STATUS_TO),
            (SITE_FROM, SITE_TO, STATUS_FROM),
        )
    ]
    stock, first, *ways = alike(
        columns(ledger, _STOCK, loose),
        columns(opening, _STOCK, begun),
        *([c.rows(line) for c in side] for side in sides),
    )
    size = int(max(each.max(initial=-1) for each in (stock, first, *ways))) + 1
    there, was, moved = (lines.numbers(QUANTITY) for lines in (ledger, opening, moves))
    fine = max(decimals, was.decimals)
    net = totals(first, was.at(fine)[begun], size)
    for way, sign in zip(ways, (1, -1), strict=True):
        net += sign * totals(way, moved.at(fine)[line], size)
    said = totals(stock, there.at(fine)[loose], size)
    gaps = np.bincount(stock[~there.known[loose]], minlength=size) > 0
    gaps |= np.bincount(first[~was.known[begun]], minlength=size) > 0
    for way in ways:
        gaps |= np.bincount(way[~moved.known[line]], minlength=size) > 0
    named, place = np.unique(stock, return_index=True)
    move = np.full(len(named), NONE, np.intp)
    return _Half(
        net[named] == said[named],
        ~gaps[named],
        loose[place],
        move,
        TYPES.index("amount differs"),
        np.full(len(named), NEVER),
        (net - said)[named] // 10 ** (fine - decimals),
        _stock_name(ledger, moves, loose[place], move, np.full(len(named), NEVER)),
    )


def _days(key: Ids, at: Times, net: Ids, line: Places) -> tuple[Ids, Places, Ids]:
    """Give for each stock and day with moves: the stock, its last move, the net of all so far."""
    order = np.lexsort((line, at, key))
    key, net, line, day = key[order], net[order], line[order], at[order].astype("datetime64[D]")
    total = np.cumsum(net)
    first = np.searchsorted(key, key, "left")
    so_far = total - (total - net)[first]
    ends = np.ones(len(key), np.bool_)
    ends[:-1] = (key[1:] != key[:-1]) | (day[1:] != day[:-1])
    return key[ends], line[ends], so_far[ends]


def _kept(ledger: Lines, side: list[Coded]) -> Flags:
    """Say of each move whether one of its ends is kept in the ledger: its site and its status."""
    site, _, status = side
    found = np.ones(len(site.codes), np.bool_)
    for mine, name in ((site, SITE), (status, STATUS)):
        here, there = alike([mine], [ledger.coded(name)])
        found &= np.isin(here, there)
    return found


def _stock_name(
    ledger: Lines, moves: Lines, here: Places, move: Places, at: Times
) -> Callable[[int], str]:
    def name(case: int) -> str:
        lines, place = (ledger, here[case]) if here[case] >= 0 else (moves, move[case])
        said = [lines.coded(field).rows(np.array([place])).spelled()[0] for field in _STOCK]
        day = "" if np.isnat(at[case]) else str(at[case].astype("datetime64[D]"))
        return " ".join(word for word in (*said, day) if word)

    return name


def _pieces(ledger: Lines, moves: Lines, counted: Places, transit: frozenset[str]) -> list[_Half]:
    """Give each step of every piece from one status to the next, and where each lies now."""
    piece, there = alike(columns(moves, (PART, SERIAL), counted), columns(ledger, (PART, SERIAL)))
    order = np.lexsort((counted, moves.times(AT)[counted], piece))
    line, piece = counted[order], piece[order]
    same = piece[1:] == piece[:-1]
    last = np.ones(len(line), np.bool_)
    last[:-1] = ~same
    here = any_of(piece[last], np.where(ledger.blank(SERIAL), NONE, there))
    return [
        _steps(moves, line[:-1][same], line[1:][same], transit),
        _ends(ledger, moves, line[last], here),
    ]


def _steps(moves: Lines, before: Places, after: Places, transit: frozenset[str]) -> _Half:
    """Hold the status and site each move starts from against those the one before ended in."""
    wrong = np.zeros(len(after), np.bool_)
    asked = np.zeros(len(after), np.bool_)
    for start, end in ((STATUS_FROM, STATUS_TO), (SITE_FROM, SITE_TO)):
        one, other = alike([moves.coded(start)], [moves.coded(end)])
        both = ~moves.blank(start)[after] & ~moves.blank(end)[before]
        fits = one[after] == other[before]
        if start == SITE_FROM:
            # On its way it is at neither end, so the next move may name the one it came from.
            on_way = moves.is_any(STATUS_TO, transit)[before]
            fits |= on_way & (one[after] == one[before])
        wrong |= both & ~fits
        asked |= both
    return _half(moves, ~wrong[asked], np.full(asked.sum(), NONE), after[asked], "wrong value")


def _ends(ledger: Lines, moves: Lines, line: Places, here: Places) -> _Half:
    """Hold what the ledger says of each piece against its last move."""
    mine, theirs = alike([moves.coded(STATUS_TO)], [ledger.coded(STATUS)])
    kept = np.isin(mine[line], theirs[~ledger.blank(SERIAL)])
    sites, homes = alike([moves.coded(SITE_TO)], [ledger.coded(SITE)])
    # What another office has got stands in its ledger.
    kept &= moves.blank(SITE_TO)[line] | np.isin(sites[line], homes)
    asked = ~moves.blank(STATUS_TO)[line] & ((here >= 0) | kept)
    holds = (here >= 0) & (np.append(theirs, NONE)[here] == mine[line])
    return _half(moves, holds[asked], here[asked], line[asked], "amount differs")


def _half(moves: Lines, holds: Flags, here: Places, line: Places, kind: str) -> _Half:
    def name(case: int) -> str:
        place = line[case : case + 1]
        return " ".join(moves.coded(field).rows(place).spelled()[0] for field in (PART, SERIAL))

    return _Half(
        holds,
        np.ones(len(holds), np.bool_),
        here,
        line,
        TYPES.index(kind),
        moves.times(AT)[line],
        np.full(len(holds), NOTHING),
        name,
    )


def either(cells: Coded, other: Coded) -> Coded:
    """Give a column, and another's text where it says nothing."""
    empty = cells.table({code: 1 for code, text in cells.distinct().items() if not text}, 0)
    silent = empty[cells.codes].astype(np.bool_)
    codes = np.where(silent, cells.size + other.codes, cells.codes)

    def texts(used: "list[int] | tuple[int, ...]") -> list[str]:
        mine = [code for code in used if code < cells.size]
        return [*cells.texts(mine), *other.texts([c - cells.size for c in used if c >= cells.size])]

    return Coded(codes.astype(np.int32), cells.size + other.size, texts)  # type: ignore[arg-type]
