"""Double entry for money: every line of the book takes from one place and puts into another.

A line that moves nothing, because its kind, method or amount cannot be read or is not one of ours,
is kept apart with its reason; nothing is left out without a word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.money import MoneyMove, MoneyRules
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.habits import habits, key
from sopaudit.evidence.lines import Flags, Lines, Numbers, Times
from sopaudit.evidence.records import AT, TICKET, TICKETS, Records

OPENING: Final = "opening"
"""Where what was not settled when the period began is taken from."""

EARLIEST: Final = np.datetime64("1900-01-01", "us")
"""When a line was booked that does not say: before all others."""

CENTS: Final = 2
"""The decimals of amounts, at least."""

Reason = Literal["kind", "method", "amount", "person", "ticket"]
"""What of a line cannot be read, or is not one of ours."""


class Names:
    """Texts of one sort as numbers; those that differ in width, case or blanks only are one."""

    def __init__(self) -> None:
        self.texts: list[str] = [""]
        self._known: dict[str, int] = {"": 0}

    def codes(self, cells: Coded) -> Ints:
        """Give the numbers of a column; 0 where it says nothing."""
        if not cells.size:
            return np.zeros(len(cells.codes), np.int32)
        table = {code: self._number(text) for code, text in cells.distinct().items()}
        return cells.table(table, 0)[cells.codes]

    def _number(self, text: str) -> int:
        said = "" if habits().blank(text) else key(text)
        found = self._known.setdefault(said, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found

    @property
    def rank(self) -> npt.NDArray[np.int64]:
        """Per number: its place in the order of texts."""
        return np.argsort(np.argsort(np.array(self.texts, object), kind="stable"), kind="stable")

    def spelled(self, codes: npt.NDArray[np.integer]) -> list[str]:
        """Spell numbers out."""
        return [self.texts[code] for code in codes.tolist()]


@dataclass(frozen=True, eq=False)
class Postings:
    """What was moved; one entry a posting in each array."""

    from_: Ints
    """Index into `Flow.places`, as `to`."""

    to: Ints
    amount: npt.NDArray[np.int64]
    """In units of `10 ** -decimals`; never below 0."""

    at: Times
    """`EARLIEST` where nobody says."""

    site: Ints
    person: Ints
    ticket: Ints
    receipt: Ints
    """Numbers of `Flow.names`."""

    record: npt.NDArray[np.int8]
    """Index into `Flow.records_read`."""

    line: Places

    def __len__(self) -> int:
        return len(self.amount)

    def take(self, places: npt.NDArray[np.integer]) -> "Postings":
        """Give some of them."""
        return Postings(**{name: value[places] for name, value in vars(self).items()})


@dataclass(frozen=True)
class Doubt:
    """A line of the book that moves nothing, or money of nobody in particular."""

    line: int
    reason: Reason
    said: str
    """What stands in the field."""


@dataclass(frozen=True, eq=False)
class Flow:
    """Posts the book of an office, up to a moment."""

    records: Records
    rules: MoneyRules
    now: np.datetime64
    names: dict[str, Names]

    @property
    def places(self) -> tuple[str, ...]:
        """All places, by number; where openings are taken from comes last."""
        return (*(place.id for place in self.rules.places), OPENING)

    @property
    def records_read(self) -> tuple[str, str]:
        """The records postings come from: the book, and the openings."""
        return self.rules.book, self.rules.opening or ""

    @property
    def book(self) -> Lines:
        """The lines of the book."""
        return self.records.of(self.rules.book)

    def said(self, field: str | None) -> Coded:
        """Give a column of the book; an empty one where there is none."""
        return self.book.coded((field or ".").partition(".")[2])

    @cached_property
    def amounts(self) -> Numbers:
        """What each line of the book says."""
        return self.book.numbers(self.rules.amount.partition(".")[2])

    @cached_property
    def charges(self) -> Numbers:
        """What each line charged says."""
        record, _, name = self.rules.charged.partition(".")
        return self.records.of(record).numbers(name)

    @cached_property
    def decimals(self) -> int:
        """Of all amounts: cents, or finer where somebody wrote finer ones."""
        opened = self.records.of(self.records_read[1]).numbers("amount")
        each = (self.amounts.decimals, self.charges.decimals, opened.decimals)
        return max(CENTS, *each)

    @cached_property
    def person(self) -> Ints:
        """Per line of the book: who carries the money, by the first field that says something."""
        names = self.names["person"]
        found = np.zeros(len(self.book), np.int32)
        for field in self.rules.person:
            record, _, name = field.partition(".")
            codes = names.codes(self.records.of(record).coded(name))
            if record != self.rules.book:
                codes = self._of_ticket(record, codes)
            found = np.where(found > 0, found, codes)
        return found

    def _of_ticket(self, record: str, codes: Ints) -> Ints:
        """Bring what a record says to the lines of the book, by ticket."""
        ticket = self.records.ticket(record)
        table = np.zeros(len(self.records.tickets) + 1, np.int32)
        places = np.flatnonzero((ticket >= 0) & (codes > 0))[::-1]
        table[ticket[places]] = codes[places]
        if record == TICKETS:
            home = self.records.home
            table[:-1][home >= 0] = codes[home[home >= 0]]
        return table[self.records.ticket(self.rules.book)]

    # --- posting -------------------------------------------------------------------------------

    @cached_property
    def postings(self) -> Postings:
        """All postings of carried and direct money, in the order of the book."""
        found = [*self._opened(), *(self._moved(move) for move in self.rules.moves)]
        return Postings(
            **{
                name: np.concatenate([getattr(each, name) for each in found])
                for name in Postings.__dataclass_fields__
            }
        )

    @cached_property
    def happened(self) -> Flags:
        """Per line of the book: whether it lies at or before the moment of the check."""
        at = self.book.times(AT)
        return np.isnat(at) | (at <= self.now)

    def _is(self, field: str, words: tuple[str, ...]) -> Flags:
        return self.book.is_any(field.partition(".")[2], frozenset(words))

    def _moved(self, move: MoneyMove) -> Postings:
        """Post the lines of one kind; what nobody carries goes where `direct` says."""
        numbers = {id_: n for n, id_ in enumerate(self.places)}
        carried = self._is(self.rules.method, self.rules.carried)
        ends = [(carried, move.from_, move.to)]
        if move.direct is not None:
            there = self._is(self.rules.method, self.rules.direct)
            ends.append((there, move.direct.from_, move.direct.to))
        mine = self._is(self.rules.kind, (move.id,)) & self.happened & self.amounts.known
        found = []
        for flags, from_, to in ends:
            line = np.flatnonzero(mine & flags)
            pair = np.array([[numbers[from_], numbers[to]]], np.int32).repeat(len(line), 0)
            found.append(self._posted(line, pair))
        if len(found) == 1:
            return found[0]
        one, other = found
        return Postings(
            **{
                name: np.concatenate([value, getattr(other, name)])
                for name, value in vars(one).items()
            }
        )

    def _posted(self, line: Places, pair: Ints) -> Postings:
        book = self.book
        amount = self.amounts.at(self.decimals)[line]
        # An amount below zero undoes: it goes back the way it came.
        back = amount < 0
        at = book.times(AT)[line]
        return Postings(
            np.where(back, pair[:, 1], pair[:, 0]).astype(np.int32),
            np.where(back, pair[:, 0], pair[:, 1]).astype(np.int32),
            np.abs(amount),
            np.where(np.isnat(at), EARLIEST, at),
            self.names["site"].codes(book.coded("site"))[line],
            self.person[line],
            self.names["ticket"].codes(book.coded(TICKET))[line],
            self.names["receipt"].codes(self.said(self.rules.receipt))[line],
            np.zeros(len(line), np.int8),
            line,
        )

    def _opened(self) -> Iterator[Postings]:
        lines = self.records.of(self.records_read[1])
        numbers = {id_: n for n, id_ in enumerate(self.places)}
        known = lines.coded("place")
        table = {code: numbers.get(text, -1) for code, text in known.distinct().items()}
        place = known.table(table)[known.codes] if known.size else known.codes
        amount = lines.numbers("amount")
        line = np.flatnonzero((place >= 0) & amount.known)
        if not len(line):
            return
        at = lines.times("since")[line]
        yield Postings(
            np.full(len(line), numbers[OPENING], np.int32),
            place[line].astype(np.int32),
            np.maximum(amount.at(self.decimals)[line], 0),
            np.where(np.isnat(at), EARLIEST, at),
            self.names["site"].codes(lines.coded("site"))[line],
            self.names["person"].codes(lines.coded("person"))[line],
            self.names["ticket"].codes(lines.coded(TICKET))[line],
            self.names["receipt"].codes(lines.coded("receipt_no"))[line],
            np.ones(len(line), np.int8),
            line,
        )

    # --- what cannot be read --------------------------------------------------------------------

    def doubts(self) -> list[Doubt]:
        """List the lines that cannot be read, or are not of ours, in their order."""
        rules = self.rules
        kinds = self._is(rules.kind, tuple(move.id for move in rules.moves))
        ways = self._is(rules.method, (*rules.carried, *rules.direct))
        silent = self.book.blank(rules.kind.partition(".")[2])
        wrong: list[tuple[Flags, Reason, str]] = [
            (silent & self.happened, "kind", rules.kind),
            (kinds & self.happened & ~ways, "method", rules.method),
            (kinds & self.happened & ways & ~self.amounts.known, "amount", rules.amount),
            (kinds & self.happened & ways & self.amounts.known & self._nobody, "person", ""),
            (self.taken & self.happened & self.book.blank(TICKET), "ticket", ""),
        ]
        found = []
        for flags, reason, field in wrong:
            line = np.flatnonzero(flags)
            said = self.said(field).rows(line).spelled()
            found += [Doubt(n, reason, text) for n, text in zip(line.tolist(), said, strict=True)]
        return sorted(found, key=lambda each: each.line)

    @property
    def customer(self) -> str:
        """Where money comes from: the first place moves take from that is not in our hands."""
        outside = {place.id for place in self.rules.places if place.kind == "outside"}
        return next((move.from_ for move in self.rules.moves if move.from_ in outside), "")

    @property
    def taken(self) -> Flags:
        """Per line of the book: whether it is money a customer gave."""
        return self._is(self.rules.kind, self._moving(self.customer))

    @property
    def given_back(self) -> Flags:
        """Per line of the book: whether it is money a customer got back."""
        kinds = tuple(move.id for move in self.rules.moves if move.to == self.customer)
        return self._is(self.rules.kind, kinds)

    def paid_by(self, methods: tuple[str, ...]) -> Flags:
        """Per line of the book: whether it was paid by one of some methods."""
        return self._is(self.rules.method, methods)

    def _moving(self, from_: str) -> tuple[str, ...]:
        return tuple(move.id for move in self.rules.moves if move.from_ == from_)

    @property
    def _nobody(self) -> Flags:
        """Whether a line moves carried money of a person whom nobody names."""
        by_person = {place.id for place in self.rules.places if place.kind == "person"}
        kinds = tuple(m.id for m in self.rules.moves if {m.from_, m.to} & by_person)
        mine = self._is(self.rules.kind, kinds) & self._is(self.rules.method, self.rules.carried)
        nobody: Flags = mine & (self.person == 0)
        return nobody


def flow_of(records: Records, handbook: Handbook, now: np.datetime64) -> Flow:
    """Make the postings of an office.

    Raises LookupError where the handbook does not say where money can be.
    """
    if handbook.money is None:
        raise LookupError("the handbook does not say where money can be")
    names = {name: Names() for name in ("site", "person", "ticket", "receipt")}
    return Flow(records, handbook.money, now, names)
