"""What the ledger must say at the close, and where each piece lies: halves of `stock_equation`.

Where opening balances were handed in, what they and the moves come to is what the ledger must say:
of every stock and of every piece, those it has no line of included, for nothing vanishes (AC-21).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.evidence.records import AT
from sopaudit.findings.custody.entries import OPENED
from sopaudit.findings.rules.case import NOTHING, TYPES
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, Ids, alike, columns, empty, shown, totals
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

STOCK: Final = (SITE, PART, STATUS)
"""What tells stocks of parts without serial numbers apart."""

_PIECE: Final = (PART, SERIAL)
_LIES: Final = (PART, SERIAL, SITE, STATUS)
_DIFFERS: Final = TYPES.index("amount differs")


@dataclass(frozen=True, eq=False)
class Half:
    """The cases of stocks, or those of pieces; all arrays have one entry a case."""

    holds: Flags
    known: Flags
    ledger: Places
    """The line of the ledger; -1 where there is none."""

    move: Places
    opening: Places
    """The line of the opening balances; -1 where there is none."""

    kind: int
    """In what way those that do not hold are wrong."""

    at: Times
    balance: Ids
    """What the equation comes to; NOTHING where nothing is counted."""

    name: Callable[[int], str]


def closings(hearing: Hearing, ledger: Lines, moves: Lines, decimals: int) -> Half:
    """Hold the ledger against what the opening and the moves come to, where both were handed in.

    A case is a stock of parts without serial numbers that the ledger has a line of, and one of
    which there must be something, in a site and a status the ledger keeps, and it has none. What
    has left our hands it need not keep. A line of the ledger that does not say its status may be of
    any stock of its part, so of these nothing is known.
    """
    opening = hearing.lines(OPENED)
    loose, begun = (np.flatnonzero(lines.blank(SERIAL)) for lines in (ledger, opening))
    line = np.flatnonzero(moves.blank(SERIAL) & ~(moves.times(AT) > hearing.now))
    sides = ways_of(moves)
    stock, first, into, out = alike(
        columns(ledger, STOCK, loose),
        columns(opening, STOCK, begun),
        *([c.rows(line) for c in side] for side in sides),
    )
    size = int(max(each.max(initial=-1) for each in (stock, first, into, out))) + 1
    there, was, moved = (lines.numbers(QUANTITY) for lines in (ledger, opening, moves))
    net = totals(first, was.at(decimals)[begun], size)
    net += totals(into, moved.at(decimals)[line], size)
    net -= totals(out, moved.at(decimals)[line], size)
    said = totals(stock, there.at(decimals)[loose], size)
    gaps = np.bincount(stock[~there.known[loose]], minlength=size) > 0
    gaps |= np.bincount(first[~was.known[begun]], minlength=size) > 0
    for way in (into, out):
        gaps |= np.bincount(way[~moved.known[line]], minlength=size) > 0

    here, opened, entered = (
        _first(of, lines, size) for of, lines in ((stock, loose), (first, begun), (into, line))
    )
    every = _Stocks(ledger, opening, moves, here, opened, entered)
    gaps |= every.vague(loose)
    kept = every.kept(loose) & (net > 0)
    named = np.flatnonzero(((here >= 0) | kept) & ~every.any_status(_gone(hearing)))
    move = np.where(here[named] < 0, entered[named], NONE)
    never = np.full(len(named), NEVER)
    return Half(
        net[named] == said[named],
        ~gaps[named],
        here[named],
        move,
        opened[named],
        _DIFFERS,
        never,
        (net - said)[named],
        lambda case: every.name(int(named[case])),
    )


def ways_of(moves: Lines) -> list[list[Coded]]:
    """Give the columns of the stock each move puts into, and of that it takes from."""
    return [
        [either(moves.coded(site), moves.coded(other)), moves.coded(PART), moves.coded(status)]
        for site, other, status in (
            (SITE_TO, SITE_FROM, STATUS_TO),
            (SITE_FROM, SITE_TO, STATUS_FROM),
        )
    ]


def _first(group: Ids, lines: Places, size: int) -> Places:
    """Give the first line of each group; -1 for none."""
    found = np.full(size, NONE, np.intp)
    found[group[::-1]] = lines[::-1]
    return found


def _gone(hearing: Hearing) -> frozenset[str]:
    """Give the statuses of what is in no place of ours any more."""
    parts = hearing.handbook.parts
    places = parts.places if parts is not None else ()
    return frozenset(s for place in places if not place.ours for s in place.statuses)


@dataclass(frozen=True, eq=False)
class _Stocks:
    """Stocks by number: the first line each has in the ledger, the opening and the moves."""

    ledger: Lines
    opening: Lines
    moves: Lines
    here: Places
    opened: Places
    entered: Places

    @cached_property
    def _columns(self) -> list[Coded]:
        """Say what each stock is: its site, part and status."""
        into = ways_of(self.moves)[0]
        found = []
        for n, name in enumerate(STOCK):
            said = [
                shown(cells, line)
                for cells, line in (
                    (self.ledger.coded(name), self.here),
                    (self.opening.coded(name), self.opened),
                    (into[n], self.entered),
                )
            ]
            found.append(either(either(said[0], said[1]), said[2]))
        return found

    def kept(self, loose: Places) -> Flags:
        """Say of each stock whether the ledger keeps its site and its status."""
        found = np.ones(len(self.here), np.bool_)
        site, _, status = self._columns
        for cells, name in ((site, SITE), (status, STATUS)):
            filled = loose[~self.ledger.blank(name)[loose]]
            mine, theirs = alike([cells], [self.ledger.coded(name).rows(filled)])
            found &= np.isin(mine, theirs)
        return found

    def vague(self, loose: Places) -> Flags:
        """Say of each stock whether a line that may be of it does not say of which it is."""
        blank = loose[empty(self.ledger, STOCK)[loose]]
        mine, theirs = alike(self._columns[:2], columns(self.ledger, (SITE, PART), blank))
        return np.isin(mine, theirs) | (empty(self.ledger, STOCK)[self.here] & (self.here >= 0))

    def any_status(self, words: frozenset[str]) -> Flags:
        """Say of each stock whether its status is one of some."""
        cells = self._columns[2]
        wanted = {code: text in words for code, text in cells.distinct().items()}
        found: Flags = cells.table(wanted)[cells.codes].astype(np.bool_)
        return found

    def name(self, stock: int) -> str:
        """Call a stock by its site, part and status."""
        place = np.array([stock])
        return " ".join(w for cells in self._columns if (w := cells.rows(place).spelled()[0]))


# --- pieces ---------------------------------------------------------------------------------------


def pieces(hearing: Hearing, ledger: Lines, moves: Lines, transit: frozenset[str]) -> list[Half]:
    """Give each step of every piece from one status to the next, and where each lies now."""
    happened = ~(moves.times(AT) > hearing.now) & ~moves.blank(SERIAL)
    counted = np.flatnonzero(happened & ~np.isnat(moves.times(AT)))
    piece, there = alike(columns(moves, _PIECE, counted), columns(ledger, _PIECE))
    order = np.lexsort((counted, moves.times(AT)[counted], piece))
    line, piece = counted[order], piece[order]
    same = piece[1:] == piece[:-1]
    last = np.ones(len(line), np.bool_)
    last[:-1] = ~same
    found = [
        _steps(moves, line[:-1][same], line[1:][same], transit),
        _ends(ledger, moves, line[last], (piece[last], there)),
    ]
    if OPENED in hearing.records:
        opening = hearing.lines(OPENED)
        found += [
            _untouched(opening, ledger, moves, np.flatnonzero(happened)),
            _unheard_of(hearing, opening, ledger, moves),
        ]
    return found


def _steps(moves: Lines, before: Places, after: Places, transit: frozenset[str]) -> Half:
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
    line = after[asked]
    nothing = np.full(len(line), NONE, np.intp)
    holds, known = ~wrong[asked], np.ones(len(line), np.bool_)
    return _half(moves, line, (holds, known), (nothing, line, nothing), "wrong value")


def _ends(ledger: Lines, moves: Lines, line: Places, piece: tuple[Ids, Ids]) -> Half:
    """Hold what the ledger says of each piece against its last move.

    `piece` numbers those of the moves and of all lines of the ledger.
    """
    mine, theirs = alike([moves.coded(STATUS_TO)], [ledger.coded(STATUS)])
    wide = int(max(mine.max(initial=0), theirs.max(initial=0))) + 1
    single = np.flatnonzero(~ledger.blank(SERIAL))
    there = piece[1][single]
    right = any_of(piece[0] * wide + mine[line], there * wide + theirs[single])
    any_ = any_of(piece[0], there)
    here = np.append(single, NONE)[np.where(right >= 0, right, any_)]
    kept = np.isin(mine[line], theirs[~ledger.blank(SERIAL)])
    sites, homes = alike([moves.coded(SITE_TO)], [ledger.coded(SITE)])
    # What another office has got stands in its ledger.
    kept &= moves.blank(SITE_TO)[line] | np.isin(sites[line], homes)
    asked = ~moves.blank(STATUS_TO)[line] & ((here >= 0) | kept)
    holds = right >= 0
    known = holds | ~np.append(ledger.blank(STATUS), False)[here]
    line, here = line[asked], here[asked]
    proof = here, line, np.full(len(line), NONE, np.intp)
    return _half(moves, line, (holds[asked], known[asked]), proof, "amount differs")


def _untouched(opening: Lines, ledger: Lines, moves: Lines, moved: Places) -> Half:
    """Hold the ledger against each piece of the opening that nobody moved: it lies where it lay."""
    quantity = opening.numbers(QUANTITY)
    there = ~opening.blank(SERIAL) & ~(quantity.known & (quantity.units <= 0))
    line = np.flatnonzero(there & ~empty(opening, (SITE, STATUS)))
    single = np.flatnonzero(~ledger.blank(SERIAL))
    piece, found, others = alike(
        columns(opening, _PIECE, line),
        columns(ledger, _PIECE, single),
        columns(moves, _PIECE, moved),
    )
    still = ~np.isin(piece, others)
    line, piece = line[still], piece[still]
    lies, lie = alike(columns(opening, _LIES, line), columns(ledger, _LIES, single))
    right, any_ = any_of(lies, lie), any_of(piece, found)
    kept = np.ones(len(line), np.bool_)
    for name in (SITE, STATUS):
        mine, theirs = alike([opening.coded(name)], [ledger.coded(name).rows(single)])
        kept &= np.isin(mine[line], theirs)
    asked = (any_ >= 0) | kept
    line, right = line[asked], right[asked]
    here = np.append(single, NONE)[np.where(right >= 0, right, any_[asked])]
    known = (right >= 0) | ~np.append(empty(ledger, (SITE, STATUS)), False)[here]
    proof = here, np.full(len(line), NONE, np.intp), line
    return _half(opening, line, (right >= 0, known), proof, "amount differs")


def _unheard_of(hearing: Hearing, opening: Lines, ledger: Lines, moves: Lines) -> Half:
    """Find the pieces of the ledger that neither were there nor ever moved.

    Only of sites that have an opening, and of what lies in our hands.
    """
    single = ~ledger.blank(SERIAL) & ~ledger.is_any(STATUS, _gone(hearing))
    sites, known = alike([ledger.coded(SITE)], [opening.coded(SITE)])
    line = np.flatnonzero(single & np.isin(sites, known))
    piece, was, moved = alike(
        columns(ledger, _PIECE, line), columns(opening, _PIECE), columns(moves, _PIECE)
    )
    line = line[~np.isin(piece, was) & ~np.isin(piece, moved)]
    quantity = ledger.numbers(QUANTITY)
    line = line[~(quantity.known & (quantity.units == 0))[line]]
    nothing = np.full(len(line), NONE, np.intp)
    truth = np.zeros(len(line), np.bool_), np.ones(len(line), np.bool_)
    return _half(ledger, line, truth, (line, nothing, nothing), "amount differs")


def _half(
    lines: Lines,
    line: Places,
    truth: tuple[Flags, Flags],
    proof: tuple[Places, Places, Places],
    kind: str,
) -> Half:
    """Make cases of lines that name pieces; `truth` is whether they hold, and if that is known."""

    def name(case: int) -> str:
        place = line[case : case + 1]
        return " ".join(lines.coded(field).rows(place).spelled()[0] for field in _PIECE)

    at = lines.times(AT)[line] if lines.has(AT) else np.full(len(line), NEVER)
    return Half(*truth, *proof, TYPES.index(kind), at, np.full(len(line), NOTHING), name)


def either(cells: Coded, other: Coded) -> Coded:
    """Give a column, and another's text where it says nothing."""
    empty = cells.table({code: 1 for code, text in cells.distinct().items() if not text}, 0)
    silent = empty[cells.codes].astype(np.bool_)
    codes = np.where(silent, cells.size + other.codes, cells.codes)

    def texts(used: "list[int] | tuple[int, ...]") -> list[str]:
        mine = [code for code in used if code < cells.size]
        return [*cells.texts(mine), *other.texts([c - cells.size for c in used if c >= cells.size])]

    return Coded(codes.astype(np.int32), cells.size + other.size, texts)  # type: ignore[arg-type]
