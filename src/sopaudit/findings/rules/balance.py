"""The kind `stock_equation`: closing is opening plus in minus out, and never negative (AC-21).

The ledger says what is there now, so that is the closing of today; the closing of a day before is
that less what came in since and plus what went out, and what was there before the first move is the
opening. None of them is below zero. Where opening balances were handed in, the closing is held
against them too. A piece with a serial number is a stock of one: it leaves the status it was put
into, and lies today where its last move put it. What must be there and what the ledger has no line
of is missing from it (`closing`).
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.lines import Flags, Lines, Times
from sopaudit.evidence.records import AT
from sopaudit.findings.custody.entries import OPENED
from sopaudit.findings.rules.case import (
    TYPES,
    Cases,
    Measure,
    decided,
)
from sopaudit.findings.rules.closing import STOCK, Half, closings, pieces, ways_of
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, Called, Ids, alike, columns, empty, totals
from sopaudit.findings.rules.part import (
    QUANTITY,
    SERIAL,
    SITE,
    STATUS,
)


def stock_equation(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Work stocks through the moves, day by day, and follow pieces through their statuses.

    They begin with the opening balances, or are worked back from the ledger where none were handed
    in. A status or a site the ledger has no line of is not kept in it, so nothing is said of it;
    nor of a piece in a status in which the ledger keeps quantities only.
    """
    ledger, moves = hearing.lines(str(given["record"])), hearing.lines(str(given["moves"]))
    opening = hearing.lines(OPENED)
    decimals = max(lines.numbers(QUANTITY).decimals for lines in (ledger, moves, opening))
    happened = ~np.isnat(moves.times(AT)) & (moves.times(AT) <= hearing.now)
    timeless = np.flatnonzero(np.isnat(moves.times(AT)))
    parts = hearing.handbook.parts
    transit = frozenset(
        status
        for place in (parts.places if parts is not None else ())
        if place.kind == "transit"
        for status in place.statuses
    )
    opened = OPENED in hearing.records
    halves = pieces(hearing, ledger, moves, transit)
    if given.get("never_negative") is True:
        begun = opening if opened else None
        flow = np.flatnonzero(happened)
        halves.append(_stocks(ledger, moves, begun, (flow, timeless), decimals))
    if opened:
        halves.append(closings(hearing, ledger, moves, decimals))
    here, move, was = (
        np.concatenate([getattr(h, n) for h in halves]) for n in ("ledger", "move", "opening")
    )
    applies = np.append(hearing.applies(given, ledger.record, np.arange(len(ledger))), 1)[here]
    ticket = np.append(hearing.records.ticket(moves.record), np.int32(NONE))[move]
    starts = np.cumsum([0, *(len(half.holds) for half in halves)]).tolist()

    def name(case: int) -> str:
        n = max(n for n in range(len(halves)) if starts[n] <= case)
        return halves[n].name(case - starts[n])

    return Cases(
        decided(applies, *(np.concatenate([getattr(h, n) for h in halves]) for n in _TRUTHS)),
        ticket,
        lines=((moves.record, move), (ledger.record, here), (opening.record, was)),
        names=Called(hearing, ticket, name),
        type=np.concatenate([np.full(len(half.holds), half.kind, np.int8) for half in halves]),
        at=np.concatenate([half.at for half in halves]),
        measure=Measure(np.concatenate([half.balance for half in halves]), "number", decimals),
    )


_TRUTHS: Final = ("known", "holds")


def _stocks(
    ledger: Lines,
    moves: Lines,
    opening: Lines | None,
    moved: tuple[Places, Places],
    decimals: int,
) -> Half:
    """Give the opening and each day's closing of every stock of parts without serial numbers.

    Where one of the moves does not say when, the days of its stock are not known; `moved` are those
    that do, and those that do not. Nor are those of a line of the ledger without its status.
    """
    loose = np.flatnonzero(ledger.blank(SERIAL))
    flow, dateless = (line[moves.blank(SERIAL)[line]] for line in moved)
    sides = ways_of(moves)
    begun = opening if opening is not None else ledger
    first_of = np.flatnonzero(begun.blank(SERIAL))
    stock, was, *ways = alike(
        columns(ledger, STOCK, loose),
        columns(begun, STOCK, first_of),
        *([c.rows(flow) for c in side] for side in sides),
        *([c.rows(dateless) for c in side] for side in sides),
    )
    ways, lost = ways[:2], ways[2:]
    kept = [_kept(ledger, [c.rows(flow) for c in side]) for side in sides]
    quantity, there = moves.numbers(QUANTITY), begun.numbers(QUANTITY)
    amount = quantity.at(decimals)[flow]
    key = np.concatenate([way[keep] for way, keep in zip(ways, kept, strict=True)])
    net = np.concatenate([amount[kept[0]], -amount[kept[1]]])
    line = np.concatenate([flow[keep] for keep in kept])
    size = int(max(each.max(initial=-1) for each in (stock, was, key, *lost))) + 1
    start = totals(was, there.at(decimals)[first_of], size)
    if opening is None:
        # What the ledger says is the closing.
        start -= totals(key, net, size)
    gaps = np.bincount(was[~there.known[first_of]], minlength=size) > 0
    gaps |= np.bincount(key[~quantity.known[line]], minlength=size) > 0
    gaps |= np.bincount(stock[empty(ledger, STOCK)[loose]], minlength=size) > 0
    gaps[np.concatenate(lost)] = True
    first = np.full(size, NONE, np.intp)
    first[stock[::-1]] = loose[::-1]
    of, last, total = _days(key, moves.times(AT)[line], net, line)
    named = np.unique(np.concatenate([stock, key]))
    every = np.concatenate([named, of])
    balance = np.concatenate([start[named], start[of] + total])
    entered = np.full(size, NONE, np.intp)
    entered[key[::-1]] = line[::-1]
    # An opening is the ledger's line; of a stock it has none of, the first move of it.
    move = np.concatenate([np.where(first[named] < 0, entered[named], NONE), last])
    at = np.append(moves.times(AT), np.datetime64("NaT", "us"))[move]
    return Half(
        balance >= 0,
        ~gaps[every],
        first[every],
        move,
        np.full(len(every), NONE, np.intp),
        TYPES.index("too few"),
        at,
        balance,
        _stock_name(ledger, moves, first[every], move, at),
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
        # What comes from nowhere has no status, and is of no line that does not say its own.
        filled = np.flatnonzero(~ledger.blank(name))
        here, there = alike([mine], [ledger.coded(name).rows(filled)])
        found &= np.isin(here, there)
    return found


def _stock_name(
    ledger: Lines, moves: Lines, here: Places, move: Places, at: Times
) -> Callable[[int], str]:
    def name(case: int) -> str:
        lines, place = (ledger, here[case]) if here[case] >= 0 else (moves, move[case])
        said = [lines.coded(field).rows(np.array([place])).spelled()[0] for field in STOCK]
        day = "" if np.isnat(at[case]) else str(at[case].astype("datetime64[D]"))
        return " ".join(word for word in (*said, day) if word)

    return name
