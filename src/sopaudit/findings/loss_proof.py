"""What proves a finding about parts: of how many pieces it is, who answers, since when, by what.

Which of these a case says depends on the kind of its rule, and on nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.habits import key as folded
from sopaudit.evidence.lines import NEVER, Flags, Lines
from sopaudit.evidence.records import AT, MOVES, TICKET
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import EARLIEST, LEDGER, RECORDS
from sopaudit.findings.custody.lots import NOTHING, Sides
from sopaudit.findings.rules.case import NOTHING as UNMEASURED
from sopaudit.findings.rules.case import TYPES, Cases

MOVE_ID: Final = "move_id"
PART: Final = "part_no"
SERIAL: Final = "serial"
SITE: Final = "site"
SITE_FROM: Final = "site_from"
HOLDER: Final = "holder"

_DIFFERING: Final = frozenset(("amounts_agree", "count_tolerance"))
"""Kinds whose measure says by how much something differs."""

_ACCOUNTS: Final = frozenset(("never_below", "stock_equation"))
"""Kinds about what an account comes to."""

_WAITING: Final = frozenset(("followed", "stays"))
"""Kinds about what should have gone on."""

ACROSS: Final = frozenset(("tied", "waits"))
"""The first words of things that are one loss in whatever sort they are found."""

_OPEN: Final = TYPES.index("never done")

Thing = tuple[str, ...]
"""What a finding is about, so that two of one thing are known to be."""


@dataclass(frozen=True, eq=False)
class Proving:
    """Finds the proof of cases."""

    custody: Custody

    def of(self, kind: str, cases: Cases, case: int) -> "Proof":
        """Give the proof of one case of a rule of some kind."""
        lines = [(r, int(line[case])) for r, line in cases.lines if line[case] >= 0]
        return Proof(self, kind, cases, case, tuple(dict.fromkeys(lines)))

    @cached_property
    def _posted(self) -> Mapping[str, tuple[Sides, npt.NDArray[np.intp]]]:
        """Per record: the sides that take, by the line they were posted from."""
        entries = self.custody.entries
        found = {}
        for n, record in enumerate(RECORDS):
            sides = np.flatnonzero(entries.record == n)[::2]
            order = np.argsort(entries.line[sides], kind="stable")
            found[record] = sides[order], entries.line[sides][order]
        return found

    def sides(self, record: str, line: int) -> Sides:
        """Give the postings of a line, the old part it took out included."""
        if record not in self._posted:
            return self._named(record, line)
        sides, of = self._posted[record]
        return sides[np.searchsorted(of, line, "left") : np.searchsorted(of, line, "right")]

    def _named(self, record: str, line: int) -> Sides:
        """Give the postings of the move a paper names."""
        wanted = folded(text(self.custody.records.of(record), MOVE_ID, line))
        found = [self.sides(MOVES, move) for move in self._moves.get(wanted, ())]
        return np.concatenate([np.empty(0, np.int64), *found])

    @cached_property
    def _moves(self) -> Mapping[str, list[int]]:
        """Per number of a move that a paper may name: the lines that have it."""
        found: dict[str, list[int]] = {}
        for line, said in enumerate(self.custody.records.of(MOVES).texts(MOVE_ID)):
            if said:
                found.setdefault(folded(said), []).append(line)
        return found


@dataclass(frozen=True, eq=False)
class Proof:
    """What proves one case."""

    proving: Proving
    kind: str
    cases: Cases
    case: int
    lines: tuple[tuple[str, int], ...]
    """Records and lines of them; the one that decides comes first."""

    @property
    def custody(self) -> Custody:
        """The parts it is about."""
        return self.proving.custody

    @cached_property
    def about(self) -> Mapping[str, str]:
        """Which part it is, as the first line with the number of one says; else empty texts."""
        records = self.custody.records
        names = (PART, SERIAL, SITE, SITE_FROM, HOLDER, TICKET)
        for record, line in self.lines:
            if records.of(record).has(PART):
                return {name: text(records.of(record), name, line) for name in names}
        return dict.fromkeys(names, "")

    @cached_property
    def sides(self) -> Sides:
        """The postings of its lines."""
        found = [self.proving.sides(record, line) for record, line in self.lines]
        return np.concatenate([np.empty(0, np.int64), *found])

    @cached_property
    def deciding(self) -> Sides:
        """The postings of the line that decides."""
        return self.proving.sides(*self.lines[0]) if self.lines else self.sides

    # --- of how much, and whose ------------------------------------------------------------------

    def qty(self) -> int:
        """Say of how much it is: short, over, owed or still there; else what the line moves."""
        entries, lots = self.custody.entries, self.custody.lots
        measured = self._measured()
        if measured is not None:
            return measured
        if self.kind in _WAITING and self._type == _OPEN:
            left = int(lots.left[self._awaited | 1].sum())
            if left:
                return left
        if self.kind == "stays" and self._type == TYPES.index("no counterpart"):
            return int(lots.short[self.deciding].sum())
        decimals = entries.decimals
        for record, line in self.lines:
            numbers = self.custody.records.of(record).numbers("qty")
            if numbers.known[line] and numbers.decimals <= decimals:
                return abs(int(numbers.at(decimals)[line]))
        return int(10**decimals)

    def _measured(self) -> int | None:
        cases, decimals = self.cases, self.custody.entries.decimals
        if cases.measure is None or cases.measure.unit != "number":
            return None
        if self.kind in _DIFFERING and cases.late is not None:
            found = int(cases.late[self.case])
        elif self.kind in _ACCOUNTS:
            found = int(cases.measure.values[self.case])
        else:
            return None
        if found == UNMEASURED:
            return None
        shift = decimals - cases.measure.decimals
        # Finer than the ledger counts: a part of a unit is a unit.
        return int(abs(found) * 10**shift if shift >= 0 else -(-abs(found) // 10**-shift))

    @property
    def _type(self) -> int:
        return NOTHING if self.cases.type is None else int(self.cases.type[self.case])

    @cached_property
    def _awaited(self) -> Sides:
        """Give of the postings that decide those that are waited for: old parts owed go first."""
        entries = self.custody.entries
        owed = self.deciding[entries.owed[self.deciding]]
        return owed if len(owed) else self.deciding

    def holder(self) -> str:
        """Say who answers for it: with whom it lies, else who keeps the account or was lent it.

        For what an account lacks nobody answers to whom something was handed.
        """
        slots, entries = self.custody.entries.slots, self.custody.entries
        held = self.deciding if self.kind in _ACCOUNTS else self._awaited | 1
        named = slots.spelled(HOLDER, entries.slot[held]) if len(held) else []
        parts = self.custody.handbook.parts
        for field in parts.holder if parts is not None else ():
            of, _, name = field.partition(".")
            lines = self.custody.records.of(of)
            named += [text(lines, name, n) for r, n in self.lines if r == of != MOVES]
        return next((name for name in named if name), "")

    def handed_by(self) -> str:
        """Say from whom it was taken."""
        slots, slot = self.custody.entries.slots, self.custody.entries.slot
        named = slots.spelled(HOLDER, slot[self.sides]) if len(self.sides) else []
        return next((name for name in named if name), "")

    def since(self) -> np.datetime64:
        """Say when it began."""
        if self.kind in _WAITING and len(self.deciding):
            found = self.custody.entries.times[self.deciding[0]]
            return NEVER if found == EARLIEST else found
        happened = at(self.cases.at, self.case)
        if not np.isnat(happened):
            return happened
        for record, line in self.lines:
            lines = self.custody.records.of(record)
            if lines.has(AT) and not np.isnat(lines.times(AT)[line]):
                return at(lines.times(AT), line)
        return at(self.cases.due, self.case)

    def site(self) -> str:
        """Say at which site: as the line says, else where what it moves lies, with us."""
        slots, slot = self.custody.entries.slots, self.custody.entries.slot
        sides = np.concatenate([self.deciding | 1, self.deciding])
        sides = sides[slots.ours[slot[sides]]]
        lies = slots.spelled(SITE, slot[sides])
        named = (self.about[SITE], *lies, self.about[SITE_FROM], self.custody.records.office)
        return next((name for name in named if name), "")

    def waits(self) -> set[Thing]:
        """Give the move that is waited for or belongs to no ticket: of all sorts, one loss."""
        name = "tied" if self.kind == "tied" else "waits" if self.kind in _WAITING else ""
        return {(name, r, str(n)) for r, n in self.lines[:1]} if name else set()

    def things(self, site: str) -> set[Thing]:
        """Give what it is about: the line that decides, and of accounts the piece or the part."""
        found: set[Thing] = {("line", r, str(n)) for r, n in self.lines[:1]}
        if self.kind in (*_ACCOUNTS, "one_place") or LEDGER in {r for r, _ in self.lines[:1]}:
            found.add(("part", self.about[PART], self.about[SERIAL] or f"@{site}"))
        return found

    # --- how it came to be -----------------------------------------------------------------------

    def chain(self) -> Sides:
        """Give the postings that prove it, each by the side that takes, in the order of time."""
        if self.kind == "count_tolerance":
            found = self._counted()
        elif self.kind in _ACCOUNTS or (self._of_account and not self.about[SERIAL]):
            found = self._account()
        elif self.kind in (*_ACCOUNTS, "one_place") or not len(self.sides):
            found = self._life()
        else:
            found = self._job()
        return self.custody.in_time(np.unique(np.concatenate([found, self.sides])))

    @property
    def _of_account(self) -> bool:
        """Whether it is about what an account comes to, or what is written of it that differs."""
        return self.kind in _ACCOUNTS or (self.kind in _DIFFERING and not len(self.sides))

    def _life(self) -> Sides:
        """Give the life of the piece; nothing where there is no serial number."""
        if not self.about[SERIAL]:
            return np.empty(0, np.int64)
        return self.custody.life(part_no=self.about[PART], serial=self.about[SERIAL])

    def _account(self) -> Sides:
        """Give what moved the account up to the end of the day it is about."""
        entries = self.custody.entries
        taken = self._own_sides()
        slots = np.unique(entries.slot[taken]) if len(taken) else self._stock()
        sides = np.flatnonzero(np.isin(entries.slot, slots))
        until = at(self.cases.at, self.case)
        if not np.isnat(until):
            end = until.astype("datetime64[D]") + np.timedelta64(1, "D")
            sides = sides[entries.times[sides] < end]
        found: Sides = np.unique(sides & ~1)
        return found

    def _stock(self) -> Sides:
        """Give the slots of the part in store at its site, for a line nothing was posted from."""
        slots = self.custody.entries.slots
        wanted = self._store.copy()
        for key in (PART, SITE):
            wanted &= slots.codes[key] == slots.dimensions[key].find(self.about[key])
        return np.flatnonzero(wanted)

    @cached_property
    def _store(self) -> Flags:
        """Say of each slot whether it is in store."""
        slots = self.custody.entries.slots
        kinds = slots.places.known
        store = np.array([i in kinds and kinds[i].kind == "store" for i in slots.places.ids])
        found: Flags = store[slots.codes["place"]]
        return found

    def _own_sides(self) -> Sides:
        """Give the sides of the account itself: those that lie in a place that is ours."""
        entries = self.custody.entries
        both = np.concatenate([self.deciding, self.deciding | 1])
        mine: Sides = both[entries.slots.ours[entries.slot[both]]]
        below: Sides = mine[entries.units[mine] < 0]
        return below if len(below) else mine

    def _counted(self) -> Sides:
        """Give the last count before, and what moved in the store of the site since."""
        entries, slots = self.custody.entries, self.custody.entries.slots
        line, lines = self.lines[0][1], self.custody.records.of(self.lines[0][0])
        until = lines.times(AT)[line]
        keys = (PART, SERIAL, SITE)
        same = np.ones(len(lines), np.bool_)
        wanted = self._store.copy()
        for key in keys:
            said = text(lines, key, line)
            same &= lines.coded(key).codes == lines.coded(key).codes[line]
            if said or key == PART:
                wanted &= slots.codes[key] == slots.dimensions[key].find(said)
        earlier = lines.times(AT)[same & (lines.times(AT) < until)]
        begin = earlier.max() if len(earlier) else EARLIEST
        inside = (entries.times >= begin) & (np.isnat(until) | (entries.times <= until))
        found: Sides = np.unique(np.flatnonzero(wanted[entries.slot] & inside) & ~1)
        return found

    def _job(self) -> Sides:
        """Give what moved the part under the ticket, and where each of it came from.

        Without a ticket, follow the lots.
        """
        entries = self.custody.entries
        ticket = self.about[TICKET]
        if not ticket or self.kind == "stays":
            return np.concatenate([self.custody.chain(int(side)) for side in self.sides])
        moves = self.custody.records.of(MOVES)
        mine = np.ones(len(moves), np.bool_)
        for name in (TICKET, PART):
            cells = moves.coded(name)
            said = self.about[name]
            codes = [code for code, each in cells.distinct().items() if each == said]
            mine &= np.isin(cells.codes, codes)
        moved = np.flatnonzero(entries.record == RECORDS.index(MOVES))[::2]
        job = moved[mine[entries.line[moved]]]
        came = self.custody.lots.lot[job]
        return np.union1d(job, came[came >= 0] & ~1)


def text(lines: Lines, name: str, line: int) -> str:
    """Give what a field of a line says; the empty text for line -1."""
    return lines.coded(name).rows(np.array([line])).spelled()[0] if line >= 0 else ""


def at(times: npt.NDArray[np.datetime64] | None, case: int) -> np.datetime64:
    """Give the time of a case; NaT where there is none."""
    if times is None:
        return NEVER
    found: np.datetime64 = times[case]
    return found
