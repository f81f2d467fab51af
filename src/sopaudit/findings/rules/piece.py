"""The kind `one_place`: a piece with a serial number is in one place at a time (PR-13, AC-20)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Coded, from_distinct
from sopaudit.evidence.lines import Flags
from sopaudit.evidence.records import MOVE
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import OPENED, RECORDS
from sopaudit.findings.custody.lots import NOTHING, Sides
from sopaudit.findings.custody.running import Running, any_in, dated, grouped, running
from sopaudit.findings.rules.case import NOT_APPLICABLE, Cases, decided, of_type
from sopaudit.findings.rules.custody import (
    applied,
    called,
    carried_over,
    custody,
    no_cases,
    posted,
    undated,
)
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE
from sopaudit.findings.rules.occasion import end_of_day
from sopaudit.findings.rules.pair import Dated, latest

Days = npt.NDArray[np.datetime64]

_PIECE = ("part_no", "serial")
_SPOT = ("site", "place", "holder")


def one_place(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether each piece is in one place at the close of each day.

    A piece is in two where more of it comes in than there can be, and where a move takes it from
    somewhere while it lies, untouched that day, somewhere else. The store of a site is one place
    whatever the status of what lies in it, and so is a person. What has left our hands, for a
    machine, the centre or the scrap, is there until it comes back to us, from wherever: an old part
    comes under the number on its tag. A case is a piece; it is told with the move by which it first
    was in two places, and the one that put it in the other. Moves that do not say when leave it
    unknown.
    """
    parts = custody(hearing)
    if parts is None:
        return no_cases()
    entries, slots = parts.entries, parts.entries.slots
    single = slots.ours & (slots.codes["serial"] > 0)
    sides = np.flatnonzero(single[entries.slot])
    piece = grouped(parts, _PIECE)
    pieces, first = np.unique(piece[entries.slot[sides]], return_index=True)
    found = _doubled(parts, sides, piece)
    by, other = (np.full(len(slots) + 1, NOTHING, np.int64) for _ in range(2))
    by[found.piece], other[found.piece] = found.side, found.other
    twice = by[pieces] >= 0
    mine, theirs = np.where(twice, by[pieces], sides[first]), other[pieces]
    vague = np.zeros(len(slots) + 1, np.bool_)
    vague[piece] = any_in(piece, undated(parts))
    verdict = decided(applied(hearing, given, parts, mine), ~(twice & vague[pieces]), ~twice)
    # What was in two places when the period began was told in the period before.
    verdict[twice & carried_over(hearing, parts, mine)] = NOT_APPLICABLE
    ticket = np.full(len(pieces), NONE, np.int32)
    return Cases(
        verdict,
        ticket,
        lines=(*posted(parts, mine), *posted(parts, theirs)),
        names=called(hearing, parts, ticket, mine, _PIECE),
        type=of_type("repeated", len(pieces)),
        at=dated(entries.times[mine]),
        found=_spots(parts, np.where(twice, theirs, NOTHING)),
    )


@dataclass(frozen=True, eq=False)
class _Doubled:
    """Pieces that were in two places: by which side, and the side that put each in the other."""

    piece: npt.NDArray[np.int64]
    side: Sides
    other: Sides


@dataclass(frozen=True, eq=False)
class _Away:
    """When pieces left our hands, and when they came back; of one moment, coming goes first."""

    moved: Dated
    """By piece."""

    side: Sides
    """The side that puts it where it is then."""

    left: Flags
    """Whether it left."""

    def out(self, whose: npt.NDArray[np.int64], day: Days) -> tuple[Sides, Sides]:
        """Find the sides that put pieces where they are at the close of a day, and the day before.

        -1 for those that are with us.
        """
        now, before = (
            latest(Dated(whose, end_of_day(each)), self.moved)
            for each in (day, day - np.timedelta64(1, "D"))
        )
        sides = np.where(self.left, self.side, NOTHING)
        return np.append(sides, NOTHING)[now], np.append(sides, NOTHING)[before]


def _away(parts: Custody, piece: npt.NDArray[np.int64]) -> _Away:
    entries, slots = parts.entries, parts.entries.slots
    known = slots.places.known
    kinds = [known[id_].kind if id_ in known else "" for id_ in slots.places.ids]
    gone = np.array([kind in ("outside", "gone") for kind in kinds])[slots.codes["place"]]
    named = slots.codes["serial"] > 0
    put = entries.units > 0
    of = entries.slot[np.arange(len(entries)) ^ 1]
    leaves = (put & (gone & named)[entries.slot]) | _left_before(parts, named)
    comes = put & (slots.ours & named)[entries.slot] & ~(slots.ours & named)[of]
    side = np.concatenate([np.flatnonzero(comes), np.flatnonzero(leaves)])
    left = np.arange(len(side)) >= np.count_nonzero(comes)
    return _Away(Dated(piece[entries.slot[side]], entries.times[side]), side, left)


def _left_before(parts: Custody, named: Flags) -> Flags:
    """Say of each side whether an opening tells by it that its move put a piece out of our hands.

    It is what the move took from where the piece was not; where it put it is not carried.
    """
    entries, places = parts.entries, parts.entries.slots.places
    out = {id_ for id_, place in places.known.items() if place.kind in ("outside", "gone")}
    away = {
        id_ for id_, move in places.moves.items() if {places.of(to, id_) for to in move.to} & out
    }
    words = np.append(parts.records.of(OPENED).is_any(MOVE, frozenset(away)), False)
    told = (entries.record == RECORDS.index(OPENED)) & (entries.units < 0) & named[entries.slot]
    found: Flags = told & words[np.where(told, entries.line, -1)]
    return found


def _doubled(parts: Custody, sides: Sides, piece: npt.NDArray[np.int64]) -> _Doubled:
    """Find the pieces that are in two places at the close of a day, and how they came to be."""
    spot = _spot(parts)
    sides = _open(parts, sides, spot)
    run = running(parts, sides, spot)
    whose = piece[parts.entries.slot[run.side[run.closes]]]
    day = run.day[run.closes]
    away = _away(parts, piece)
    bad = _days(parts, run, away, whose, day)
    pieces, first = np.unique(whose[bad], return_index=True)
    first = bad[first]
    mine = piece[parts.entries.slot[sides]]
    # Few pieces are in two places, so these are looked at one by one.
    now, before = away.out(pieces, day[first])
    out = np.where(before >= 0, before, now)
    told = [
        _both(parts, sides[mine == who], spot, day[n], gone)
        for who, n, gone in zip(pieces.tolist(), first.tolist(), out.tolist(), strict=True)
    ]
    side, other = (np.array([each[n] for each in told], np.int64) for n in (0, 1))
    return _Doubled(pieces, side, other)


def _open(parts: Custody, sides: Sides, spot: npt.NDArray[np.int64]) -> Sides:
    """Leave out what an opening tells of one place twice: once as more, and once as less.

    In a period before, a piece came there and left under different names. It was not there between
    the two times, nor is it now; of each pair the oldest go.
    """
    entries = parts.entries
    told = sides[entries.record[sides] == RECORDS.index(OPENED)]
    told = told[np.lexsort((told, entries.times[told]))]
    where, less = spot[entries.slot[told]], entries.units[told] < 0
    both = np.intersect1d(where[less], where[~less])
    gone: list[int] = []
    for each in both.tolist():
        pairs = (told[(where == each) & (less == way)].tolist() for way in (True, False))
        for pair in zip(*pairs, strict=False):
            gone += pair if not entries.units[[*pair]].sum() else ()
    found: Sides = sides[~np.isin(sides, gone)]
    return found


def _spot(parts: Custody) -> npt.NDArray[np.int64]:
    """Per slot: a number for its piece and where it is: the kind of place, the site, the person."""
    slots = parts.entries.slots
    known = slots.places.known
    kinds = [known[id_].kind if id_ in known else id_ for id_ in slots.places.ids]
    names = {kind: n for n, kind in enumerate(dict.fromkeys(kinds))}
    kind = np.array([names[each] for each in kinds])[slots.codes["place"]]
    both = grouped(parts, (*_PIECE, "site", "holder")) * len(names) + kind
    return np.unique(both, return_inverse=True)[1].reshape(-1)


def _days(
    parts: Custody,
    run: Running,
    away: _Away,
    whose: npt.NDArray[np.int64],
    day: Days,
) -> npt.NDArray[np.intp]:
    """Find the closes of days at which a piece is in two places, by piece and day."""
    if not len(whose):
        return np.empty(0, np.intp)
    one = np.int64(10**parts.entries.decimals)
    balance = run.balance[run.closes]
    held, had = np.clip(balance, 0, None), np.clip(run.before, 0, None)
    walk = np.lexsort((day, whose))
    new = np.ones(len(walk), np.bool_)
    new[1:] = (whose[walk][1:] != whose[walk][:-1]) | (day[walk][1:] != day[walk][:-1])
    group = np.cumsum(new) - 1
    starts = np.flatnonzero(new)
    gained, moved = (np.add.reduceat(each[walk], starts) for each in (held - had, held))
    owner = whose[walk][starts]
    total = np.cumsum(gained)
    total = total - (total - gained)[np.searchsorted(owner, owner, "left")]
    out, before = (side >= 0 for side in away.out(whose[walk], day[walk]))
    # What lies where nothing was moved that day.
    resting = ((total - moved)[group] >= one) | before
    taken = (balance[walk] < 0) & (run.before[walk] >= 0) & resting
    found: npt.NDArray[np.intp] = walk[(total[group] + out * one > one) | taken]
    return found


def _both(
    parts: Custody, sides: Sides, spot: npt.NDArray[np.int64], day: np.datetime64, away: int
) -> tuple[int, int]:
    """Give the side by which a piece came to be in two places, and that which put it in the other.

    It is taken from where it is not, or else put where it is besides. `away` is the side that put
    it out of our hands, where it is not back; else -1.
    """
    entries = parts.entries
    dates = entries.times[sides].astype("datetime64[D]")
    until = sides[dates <= day]
    until = until[np.lexsort((entries.line[until], entries.times[until]))].tolist()
    at = [int(spot[entries.slot[side]]) for side in until]
    balance: dict[int, int] = {}
    for side, where in zip(until, at, strict=True):
        balance[where] = balance.get(where, 0) + int(entries.units[side])
    here = [*zip(until, at, strict=True)]
    today = [s for s, _ in here if entries.times[s].astype("datetime64[D]") == day]
    took = [s for s, where in here if entries.units[s] < 0 and balance[where] < 0 and s in today]
    puts = [s for s, where in here if entries.units[s] > 0 and balance[where] > 0]
    puts += [away] if away >= 0 else []
    puts.sort(key=lambda side: int(entries.times[side].astype(np.int64)))
    by = took[-1] if took else puts[-1]
    rest = [s for s in puts if s // 2 != by // 2]
    return by, rest[-1] if rest else NOTHING


def _spots(parts: Custody, side: Sides) -> Coded:
    """Spell out where each side put a piece; nothing for -1."""
    slots, slot = parts.entries.slots, parts.entries.slot
    known: dict[str, int] = {"": 0}
    codes = np.zeros(len(side), np.int32)
    for n in np.flatnonzero(side >= 0).tolist():
        where = slot[side[n : n + 1]]
        said = " ".join(word for key in _SPOT if (word := slots.spelled(key, where)[0]))
        codes[n] = known.setdefault(said, len(known))
    return from_distinct(codes, list(known))
