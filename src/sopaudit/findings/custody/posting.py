"""Posts opening balances and moves: what each line of a record takes out, and what it puts in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.parts import PartsRules
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded
from sopaudit.evidence.column import Places as Rows
from sopaudit.evidence.lines import Flags, Lines, Times
from sopaudit.evidence.records import AT, MOVE, MOVES, TICKET, TICKETS, Records
from sopaudit.findings.custody.dimension import Dimension
from sopaudit.findings.custody.entries import (
    EARLIEST,
    KEYS,
    LEDGER,
    OPENED,
    RECORDS,
    Entries,
    Slots,
    Units,
)
from sopaudit.findings.custody.opening import Kept, Standing, known_slots, worked_back
from sopaudit.findings.custody.places import OPENING, Places
from sopaudit.findings.rules.hearing import spoken

_YES: Final = spoken(("yes",))

End = Literal["from", "to"]
ENDS: Final[tuple[End, ...]] = ("from", "to")
"""The two ends of a move, as its fields name them."""

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, eq=False)
class _Sides:
    """Postings before they have slots; each pair of arrays is (from, to)."""

    keys: dict[str, tuple[Ints, Ints]]
    units: Units
    known: Flags
    at: Times
    record: int
    line: Rows
    owed: bool


def entries_of(records: Records, handbook: Handbook, now: np.datetime64) -> Entries:
    """Post the opening balances and every move made up to `now`.

    Where no opening balances were handed in, those of places in store are worked back from the
    ledger (see `opening`); where they were, they are all there was, and the ledger is not asked.

    A move that does not say when is posted before all others; one that does not say how much moves
    one piece, and where it names no serial number either the balances of its slots are unsure.

    Raises LookupError where the handbook has no parts rules, or they name no places.
    """
    rules = handbook.parts
    if rules is None or not rules.places:
        raise LookupError("the handbook does not say where parts can be")
    return _Posting(records, rules, now).entries()


class _Posting:
    """Posts the lines of records; texts of all of them share their numbers."""

    def __init__(self, records: Records, rules: PartsRules, now: np.datetime64) -> None:
        self.records = records
        self.rules = rules
        self.now = now
        self.places = Places(rules)
        self.dimensions = {key: Dimension() for key in KEYS if key != "place"}
        self._coded: dict[tuple[str, str, str], Ints] = {}
        self.opened = next((r for r in (OPENED, LEDGER) if r in records), "")
        self.decimals = max(
            records.of(record).numbers("qty").decimals for record in (MOVES, self.opened or OPENED)
        )

    def entries(self) -> Entries:
        moved = [*self._moves()]
        posted = [*self._opening(moved), *moved]
        count = sum(len(each.line) for each in posted)
        keys = {key: _woven([each.keys[key] for each in posted]) for key in KEYS}
        slot, codes = _numbered(keys)
        slots = Slots(codes, self.dimensions, self.places)
        units = np.concatenate([np.empty(0, np.int64), *(each.units for each in posted)])
        known = np.concatenate([np.empty(0, np.bool_), *(each.known for each in posted)])
        unsure = np.zeros(len(slots), np.bool_)
        unsure[slot[~np.repeat(known, 2)]] = True
        # Less than nothing is a booking taken back: as much the other way round.
        back = np.flatnonzero(units < 0)
        slot[2 * back], slot[2 * back + 1] = slot[2 * back + 1], slot[2 * back]
        units = np.abs(units)
        signed = np.empty(2 * count, np.int64)
        signed[0::2], signed[1::2] = -units, units
        at = np.concatenate([np.empty(0, "datetime64[us]"), *(each.at for each in posted)])
        return Entries(
            slot,
            signed,
            np.repeat(at, 2),
            _spread([np.full(len(e.line), e.record, np.int8) for e in posted], np.int8),
            _spread([e.line for e in posted], np.intp),
            _spread([np.full(len(e.line), e.owed) for e in posted], np.bool_),
            self.decimals,
            slots,
            unsure,
            self._known(codes),
        )

    # --- what was there ------------------------------------------------------------------------

    def _opening(self, moved: Sequence[_Sides]) -> Iterator[_Sides]:
        there = self._standing
        if self.opened == LEDGER:
            signed = [np.repeat(each.units, 2) for each in moved]
            for units in signed:
                units[0::2] *= -1
            at, line = ([np.repeat(getattr(each, n), 2) for each in moved] for n in ("at", "line"))
            nothing = there.take(np.empty(0, np.intp))
            sides = Standing(
                {key: _woven([each.keys[key] for each in moved]) for key in KEYS},
                np.concatenate([nothing.units, *signed]),
                np.ones(sum(map(len, line)), np.bool_),
                np.concatenate([nothing.since, *at]),
                np.concatenate([nothing.line, *line]),
            )
            there = worked_back(there, sides, self._kinds, EARLIEST)
        if not len(there):
            return
        nobody = np.zeros(len(there), np.int32)
        beyond = np.full(len(there), self.places.numbers[OPENING], np.int32)
        # Less than nothing is taken from the slot, as if the opening had been owed to it.
        less = there.units < 0
        other = dict.fromkeys(KEYS, nobody) | {
            "place": beyond,
            "part_no": there.keys["part_no"],
        }
        keys = {
            key: (np.where(less, mine, other[key]), np.where(less, other[key], mine))
            for key, mine in there.keys.items()
        }
        yield _Sides(
            keys,
            np.abs(there.units),
            there.known,
            _told(there.since),
            RECORDS.index(self.opened),
            there.line,
            owed=False,
        )

    @cached_property
    def _standing(self) -> Standing:
        """Give the opening balances, or the lines of the ledger, as slots."""
        lines = self.records.of(self.opened or OPENED)
        line = np.arange(len(lines))
        units, known = self._units(lines, line)
        place = self._stated(lines, line)
        names = {key: key for key in KEYS if key != "place"}
        here = {key: self._codes(key, lines, name, line) for key, name in names.items()}
        if lines.has("reserved_for"):
            waits = self._codes("ticket_no", lines, "reserved_for", line)
            here["ticket_no"] = np.where(waits > 0, waits, here["ticket_no"])
        kept = {key: self._kept(key, codes, place) for key, codes in here.items()}
        since = next((name for name in ("since", "received_at", AT) if lines.has(name)), AT)
        return Standing({"place": place, **kept}, units, known, lines.times(since), line)

    @cached_property
    def _kinds(self) -> Kept:
        known = [self.places.known.get(id_) for id_ in self.places.ids]
        return Kept(
            np.array([place is not None and place.kind == "store" for place in known]),
            np.array([place is not None and place.ours for place in known]),
            np.array([place is not None and {"holder", "ticket"} & {*place.by} != set()
                      for place in known]),
        )  # fmt: skip

    def _known(self, slots: dict[str, Ints]) -> Flags:
        if self.opened == LEDGER:
            return known_slots(slots, self._standing, self._kinds)
        return np.full(len(slots["place"]), self.opened == OPENED)

    def _stated(self, lines: Lines, line: Rows) -> Ints:
        """Give the place each line names, else the one its status lies in."""
        named, status = lines.coded("place"), lines.coded("status")
        told = {code: self.places.numbers.get(text, -1) for code, text in named.distinct().items()}
        usual = {
            code: self.places.numbers[self.places.of(text)]
            for code, text in status.distinct().items()
        }
        one, other = named.table(told)[named.codes], status.table(usual)[status.codes]
        return np.where(one >= 0, one, other)[line]

    # --- what happened -------------------------------------------------------------------------

    def _moves(self) -> Iterator[_Sides]:
        lines = self.records.of(MOVES)
        at = lines.times(AT)
        line = np.flatnonzero(np.isnat(at) | (at <= self.now))
        if not len(line):
            return
        yield self._posted(lines, line, self._places(lines, line))
        for id_, move in self.places.moves.items():
            owes = move.owes
            if owes is None:
                continue
            here = line[
                lines.is_any(MOVE, frozenset((id_,)))[line] & lines.is_any(owes.when, _YES)[line]
            ]
            ends = tuple(
                np.full(len(here), self.places.numbers[place], np.int32)
                for place in (owes.from_, owes.place)
            )
            yield self._posted(lines, here, (ends[0], ends[1]), owed=True)

    def _places(self, lines: Lines, line: Rows) -> tuple[Ints, Ints]:
        """Say where each move takes from and puts into; by kind of move and status."""
        numbers, of = self.places.numbers, self.places.of
        one, other = (
            self._by_status(lines, line, end, lambda status, kind: numbers[of(status, kind)])
            for end in ENDS
        )
        return one, other

    def _by_status(
        self, lines: Lines, line: Rows, end: End, number: Callable[[str, str], int]
    ) -> Ints:
        """Give each move what its status at one end means, by the kind of move."""
        kinds, status = lines.coded(MOVE), lines.coded(f"status_{end}")
        table = np.array(
            [
                [number(self.places.meant(text, kind, end), kind) for text in _texts(status)]
                for kind in _texts(kinds)
            ],
            np.int32,
        )
        found: Ints = table[kinds.codes[line], status.codes[line]]
        return found

    def _posted(
        self, lines: Lines, line: Rows, places: tuple[Ints, Ints], *, owed: bool = False
    ) -> _Sides:
        units, known = self._units(lines, line)
        from_, to = (self._codes("site", lines, n, line) for n in ("site_from", "site_to"))
        known_as = self.dimensions["status"].number
        before, after = (
            self._by_status(lines, line, end, lambda status, _: known_as(status)) for end in ENDS
        )
        sites = (np.where(from_ > 0, from_, to), np.where(to > 0, to, from_))
        transit = np.array(
            [self.places.known[p].kind == "transit" if p in self.places.known else False
             for p in self.places.ids]
        )  # fmt: skip
        # What is on its way belongs to the site it goes to, at both ends of the way.
        sites = (np.where(transit[places[0]], sites[1], sites[0]), sites[1])
        part = self._codes("part_no", lines, "part_no", line)
        serial = self._codes("serial", lines, "serial", line)
        holder, ticket = self._holder(lines, line), self._codes("ticket_no", lines, TICKET, line)
        if owed:
            # What comes out is the old part, in a status and with a serial that nobody wrote down.
            before = after = serial = np.zeros(len(line), np.int32)
        same = {"part_no": part, "serial": serial, "holder": holder, "ticket_no": ticket}
        sides = {"site": sites, "status": (before, after), **{k: (v, v) for k, v in same.items()}}
        kept = {
            key: (self._kept(key, one, places[0]), self._kept(key, other, places[1]))
            for key, (one, other) in sides.items()
        }
        return _Sides(
            {"place": places, **kept},
            units,
            known,
            _told(lines.times(AT)[line]),
            RECORDS.index(MOVES),
            line,
            owed,
        )

    def _kept(self, key: str, codes: Ints, place: Ints) -> Ints:
        """Leave out what a place is not kept by."""
        if key == "part_no":
            return codes
        if key in ("serial", "status"):
            table = [i not in self.places.known or self.places.known[i].serials
                     for i in self.places.ids]  # fmt: skip
        else:
            table = [self.places.keyed(id_, key.removesuffix("_no")) for id_ in self.places.ids]
        found: Ints = np.where(np.array(table)[place], codes, 0).astype(np.int32)
        return found

    def _holder(self, lines: Lines, line: Rows) -> Ints:
        """Say who holds what each move hands over: the first field that names somebody."""
        found = np.zeros(len(line), np.int32)
        for field in reversed(self.rules.holder):
            record, _, name = field.partition(".")
            if record == MOVES:
                said = self._codes("holder", lines, name, line)
            elif record != TICKETS:
                continue
            else:
                # Looked up by ticket, which only the record of tickets has one line of.
                home = np.append(self.records.home, -1)[self.records.ticket(MOVES)[line]]
                known = self.dimensions["holder"].codes(self.records.of(TICKETS).coded(name))
                said = np.append(known, np.int32(0))[home]
            found = np.where(said > 0, said, found).astype(np.int32)
        return found

    def _codes(self, key: str, lines: Lines, name: str, line: Rows) -> Ints:
        asked = key, lines.record, name
        if asked not in self._coded:
            self._coded[asked] = self.dimensions[key].codes(lines.coded(name))
        return self._coded[asked][line]

    def _units(self, lines: Lines, line: Rows) -> tuple[Units, Flags]:
        numbers = lines.numbers("qty")
        one = np.int64(10**self.decimals)
        units = np.where(numbers.known, numbers.at(self.decimals), one)[line]
        return units, (numbers.known | ~lines.blank("serial"))[line]


def _texts(cells: Coded) -> Sequence[str]:
    said = cells.distinct()
    return [said.get(code, "") for code in range(max(cells.size, 1))]


def _told(at: Times) -> Times:
    return np.where(np.isnat(at), EARLIEST, at)


def _woven(pairs: Sequence[tuple[Ints, Ints]]) -> Ints:
    """Put what is taken and what is put in next to each other."""
    parts = [np.empty(0, np.int32)]
    for one, other in pairs:
        both = np.empty(2 * len(one), np.int32)
        both[0::2], both[1::2] = one, other
        parts.append(both)
    return np.concatenate(parts)


def _spread(parts: Sequence[npt.NDArray[Kind]], kind: type[Kind]) -> npt.NDArray[Kind]:
    return np.repeat(np.concatenate([np.empty(0, kind), *parts]), 2)


_WIDEST: Final = 1 << 62
"""Combinations that one number tells apart."""


def _numbered(keys: dict[str, Ints]) -> tuple[npt.NDArray[np.int64], dict[str, Ints]]:
    """Give the slot of each side, and what each slot is; slots are numbered as they turn up."""
    count = len(keys["place"])
    slot, size = np.zeros(count, np.int64), 1
    for codes in keys.values():
        width = int(codes.max(initial=0)) + 1
        if size * width >= _WIDEST:
            slot, distinct = pd.factorize(slot)
            size = len(distinct)
        slot, size = slot * width + codes, size * width
    slot = pd.factorize(slot)[0].astype(np.int64)
    first = np.full(int(slot.max(initial=-1)) + 1, count, np.int64)
    first[slot[::-1]] = np.arange(count)[::-1]
    return slot, {key: codes[first] for key, codes in keys.items()}
