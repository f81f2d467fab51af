"""The trace of a word: what it names, the pieces it leads to, and what was found about them.

A piece is what hangs together: the postings of one serial number, or of one part on a ticket, with
the old part that came out for it, and the chain of lots each of them stands in.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import RECORDS
from sopaudit.findings.custody.lots import Sides
from sopaudit.findings.loss import Loss

SORTS: Final = ("serial", "part_no", "ticket_no")
"""What a word may be, the first that knows it."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One piece, or one part on a ticket, and how it got where it is."""

    part: str
    serial: str
    """Empty where it has none."""

    sides: tuple[int, ...]
    """Its postings, as sides that take, in the order of time."""

    losses: Mapping[int, tuple[Loss, ...]]
    """What was found, by the posting that proves it."""

    others: tuple[Loss, ...] = ()
    """What was found about it otherwise, as by a count."""

    ticket: str = ""
    """Where one part of several tickets is told ticket by ticket: which."""

    @property
    def found(self) -> tuple[Loss, ...]:
        """All that was found about it."""
        return (*(loss for told in self.losses.values() for loss in told), *self.others)


@dataclass(frozen=True)
class Replay:
    """What came into our custody and what left it, played again from the moves."""

    plus: int
    minus: int
    balance: int
    """As the books say."""

    @property
    def left(self) -> int:
        """What must be there."""
        return self.plus - self.minus


@dataclass(frozen=True, eq=False)
class Trace:
    """Where a word leads."""

    word: str
    """As the records write it."""

    sort: str
    """One of `SORTS`."""

    pieces: tuple[Piece, ...]
    replay: Replay


def taken_as(custody: Custody, word: str) -> str:
    """Say which of `SORTS` a word is; empty where no move names it."""
    dimensions = custody.entries.slots.dimensions
    return next((sort for sort in SORTS if word and dimensions[sort].find(word) > 0), "")


def known_words(custody: Custody, like: str, most: int = 5000) -> list[str]:
    """List serials, parts and tickets that may be meant; of very many those that begin alike."""
    dimensions = custody.entries.slots.dimensions
    texts = [text for sort in SORTS for text in dimensions[sort].texts if text]
    if len(texts) > most:
        start = like[:3].casefold()
        texts = [text for text in texts if text.casefold().startswith(start)][:most]
    return texts


def trace(custody: Custody, losses: Sequence[Loss], word: str) -> Trace:
    """Follow a word, which some move names."""
    return _Trace(custody, losses, word).whole()


class _Trace:
    def __init__(self, custody: Custody, losses: Sequence[Loss], word: str, sort: str = "") -> None:
        self.custody = custody
        self.entries = custody.entries
        self.losses = losses
        self.sort = sort or taken_as(custody, word)
        dimension = self.entries.slots.dimensions[self.sort]
        self.code = dimension.find(word)
        self.word = dimension.texts[self.code]

    def whole(self) -> Trace:
        own = self.custody.life(**{self.sort: self.word})
        grouped = self._of_part(own) if self.sort == "part_no" else self._joined(own)
        pieces = sorted((self._piece(sides) for sides in grouped), key=_order)
        return Trace(self.word, self.sort, tuple(pieces), self._replay(own))

    # --- what hangs together -------------------------------------------------------------------

    def _of_part(self, own: Sides) -> list[list[int]]:
        """Group the postings of a part by its serial numbers; those without one are one group."""
        serial = self.entries.slots.codes["serial"]
        named = np.maximum(serial[self.entries.slot[own]], serial[self.entries.slot[own | 1]])
        found: dict[int, list[int]] = defaultdict(list)
        for side, code in zip(own.tolist(), named.tolist(), strict=True):
            found[code].append(side)
        return list(found.values())

    def _joined(self, own: Sides) -> list[list[int]]:
        """Join each posting with its chain and with the old part its line took out."""
        groups: list[set[int]] = []
        for side in own.tolist():
            here = {side, *self._siblings(side)}
            chained = {n for each in here for n in self.custody.chain(each).tolist()}
            joined = here | chained
            apart = []
            for group in groups:
                if group & joined or self._same(group, joined):
                    joined |= group
                else:
                    apart.append(group)
            groups = [*apart, joined]
        return [
            self.custody.in_time(np.array(sorted(group), np.int64)).tolist() for group in groups
        ]

    def _same(self, one: set[int], other: set[int]) -> bool:
        """Say whether two groups are of the part whose serial number is followed."""
        if self.sort != "serial":
            return False
        part = self.entries.slots.codes["part_no"]
        return bool(part[self.entries.slot[min(one)]] == part[self.entries.slot[min(other)]])

    def _siblings(self, side: int) -> list[int]:
        """Find the other postings of the line of one."""
        sides, line = self._by_line
        low, high = (np.searchsorted(line, self.entries.line[side], d) for d in ("left", "right"))
        record = self.entries.record
        return [int(n) for n in sides[low:high] if record[n] == record[side] and n != side]

    @cached_property
    def _by_line(self) -> tuple[Sides, Sides]:
        sides = np.arange(0, len(self.entries), 2)
        order = np.argsort(self.entries.line[sides], kind="stable")
        return sides[order], self.entries.line[sides][order].astype(np.int64)

    def _piece(self, sides: Sequence[int]) -> Piece:
        part, serial = self._called(sides)
        attached, rest = self._found(sides, part, serial)
        return Piece(part, serial, tuple(sides), attached, rest)

    def _called(self, sides: Sequence[int]) -> tuple[str, str]:
        """Name a piece: by the word, else by the serial it had before an old part came out."""
        slots = self.entries.slots
        old = next((n for n, side in enumerate(sides) if n and self.entries.owed[side]), len(sides))
        sides = sides[:old]
        ends = self.entries.slot[np.array([n for side in sides for n in (side, side | 1)], np.intp)]
        parts = [text for text in slots.spelled("part_no", ends) if text]
        serials = [text for text in slots.spelled("serial", ends) if text]
        if self.sort == "serial":
            return (parts or [""])[0], self.word
        return (parts or [""])[0], (serials or [""])[0]

    # --- what was found ------------------------------------------------------------------------

    def _found(
        self, sides: Sequence[int], part: str, serial: str
    ) -> tuple[dict[int, tuple[Loss, ...]], tuple[Loss, ...]]:
        """Lay findings beside the postings that prove them; the rest is told at the end."""
        here: dict[str, int] = {}
        for side in sides:
            # Of a line with an old part, that one comes last and is what may still be owed.
            here[self._line(side)] = side
        attached: dict[int, list[Loss]] = defaultdict(list)
        others: list[Loss] = []
        for loss in self.losses:
            proven = [here[row] for row in loss.rows.split() if row in here]
            if proven:
                attached[proven[0]].append(loss)
            elif loss.part == part and loss.serial == serial and self._meant(loss):
                others.append(loss)
        return {side: tuple(found) for side, found in attached.items()}, tuple(others)

    def _meant(self, loss: Loss) -> bool:
        """Say whether a finding that no posting here proves is of what the word names."""
        of = {"serial": loss.serial, "part_no": loss.part, "ticket_no": loss.ticket}[self.sort]
        return self.entries.slots.dimensions[self.sort].find(of) == self.code

    def _line(self, side: int) -> str:
        """Name the source row of a posting, as the table of deviations does; empty for none."""
        record, line = RECORDS[int(self.entries.record[side])], int(self.entries.line[side])
        return f"{record}:{self.custody.records.of(record).row[line]}" if line >= 0 else ""

    # --- the replay ----------------------------------------------------------------------------

    def _replay(self, own: Sides) -> Replay:
        """Play what the word names forward, and hold it against the balance."""
        slots, entries = self.entries.slots, self.entries
        mine = slots.ours & (slots.codes[self.sort] == self.code)
        source, target = mine[entries.slot[own]], mine[entries.slot[own | 1]]
        units = entries.units[own | 1]
        frame = self.custody.balances((self.sort,), ours=True)
        balance = frame.loc[frame[self.sort] == self.word, "units"]
        # What only moves within is neither.
        plus, minus = units[target & ~source].sum(), units[source & ~target].sum()
        return Replay(int(plus), int(minus), int(balance.sum()))


def by_ticket(custody: Custody, losses: Sequence[Loss], piece: Piece) -> list[Piece]:
    """Follow a part without serial numbers ticket by ticket; what names none is not followed."""
    slots, sides = custody.entries.slots, np.array(piece.sides, np.int64)
    codes = slots.codes["ticket_no"][custody.entries.slot[np.concatenate([sides, sides | 1])]]
    tickets = slots.dimensions["ticket_no"].spelled(np.unique(codes[codes > 0]))
    return [
        replace(each, ticket=ticket)
        for ticket in sorted(tickets)
        for each in _Trace(custody, losses, ticket, "ticket_no").whole().pieces
        if each.part == piece.part and not each.serial
    ]


def _order(piece: Piece) -> tuple[bool, str, str, tuple[int, ...]]:
    """Put pieces with a serial number first, in the order of their names."""
    return not piece.serial, piece.part, piece.serial, piece.sides
