"""The book of money held against what was charged, and against the events that tell of the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.criteria.money import MoneyMove
from sopaudit.evidence.lines import Times
from sopaudit.evidence.records import AT, EVENT, EVENTS, Records
from sopaudit.findings.money.flow import Flow

Sides = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Taken:
    """What was taken from customers, line by line."""

    ticket: npt.NDArray[np.int32]
    units: npt.NDArray[np.int64]
    at: Times
    method: list[str]
    line: Sides


@dataclass(frozen=True, eq=False)
class Books:
    """The book, the charges and the events of an office; amounts are units of the flow."""

    records: Records
    flow: Flow

    def by_day(self) -> pd.DataFrame:
        """Hold the book against the charges, by day: columns day, charged, booked, differs.

        One more column a method of payment, as the book writes it.
        """
        taken = self._taken
        frame = pd.DataFrame({
            "day": taken.at.astype("datetime64[D]"), "method": taken.method, "units": taken.units,
        })  # fmt: skip
        booked = frame.pivot_table(
            index="day", columns="method", values="units", aggfunc="sum", fill_value=0
        )
        record = self.flow.rules.charged.partition(".")[0]
        at = self.records.of(record).times(AT)
        here = self._charged_here
        days = pd.DataFrame({
            "day": at[here].astype("datetime64[D]"),
            "charged": self.flow.charges.at(self.flow.decimals)[here],
        })  # fmt: skip
        charged = days.groupby("day")["charged"].sum()
        found = booked.join(charged, how="outer").fillna(0).astype(np.int64)
        methods = [name for name in found.columns if name != "charged"]
        found["booked"] = found[methods].sum(axis=1).astype(np.int64)
        found["differs"] = found["booked"] - found["charged"]
        found = found[["charged", *methods, "booked", "differs"]]
        found.columns.name = None
        return found.sort_index().rename_axis("day").reset_index()

    def doubtful_days(self) -> frozenset[np.datetime64]:
        """Name the days of which an amount cannot be read, so that nobody can say they differ."""
        flow, record = self.flow, self.flow.rules.charged.partition(".")[0]
        charged = self.records.of(record).times(AT)[~flow.charges.known]
        unread = [each.line for each in flow.doubts() if each.reason == "amount"]
        booked = flow.book.times(AT)[np.array(unread, np.intp)]
        days = np.concatenate([charged, booked]).astype("datetime64[D]")
        return frozenset(days[~np.isnat(days) & (days <= flow.now.astype("datetime64[D]"))])

    def differences(self) -> pd.DataFrame:
        """Hold the book against the charges, by ticket; columns ticket_no, charged, booked, sort.

        Only tickets that differ: `not collected` (charged, and nothing in the book), `not charged`
        (in the book, and nothing charged), `differs`; `unknown` where an amount cannot be read.
        `rows` names the lines of both, `cash_book:12 charges:7`.
        """
        taken, size = self._taken, len(self.records.tickets)
        record = self.flow.rules.charged.partition(".")[0]
        ticket, here = self.records.ticket(record), self._charged_here
        charged = _sums(ticket[here], self.flow.charges.at(self.flow.decimals)[here], size)
        booked = _sums(taken.ticket, taken.units, size)
        doubtful = self._doubtful(size)
        wrong = np.flatnonzero((charged != booked) | doubtful)
        sort = np.select(
            [doubtful[wrong], booked[wrong] == 0, charged[wrong] == 0],
            ["unknown", "not collected", "not charged"],
            "differs",
        )
        return pd.DataFrame({
            "ticket_no": [self.records.tickets[n] for n in wrong.tolist()],
            "charged": charged[wrong], "booked": booked[wrong], "sort": sort,
            "rows": self._lines_of(wrong),
        })  # fmt: skip

    @property
    def _charged_here(self) -> Sides:
        """The lines charged up to now whose amount is known."""
        at = self.records.of(self.flow.rules.charged.partition(".")[0]).times(AT)
        return np.flatnonzero(self.flow.charges.known & (np.isnat(at) | (at <= self.flow.now)))

    @cached_property
    def _taken(self) -> "_Taken":
        """What was taken from customers, by whatever method; what went back to them is negative."""
        rules, flow = self.flow.rules, self.flow
        sign = flow.taken.astype(np.int64) - flow.given_back
        here = np.flatnonzero((sign != 0) & flow.amounts.known & flow.happened)
        return _Taken(
            self.records.ticket(rules.book)[here],
            (flow.amounts.at(self.flow.decimals) * sign)[here],
            flow.book.times(AT)[here],
            flow.said(rules.method).rows(here).spelled(),
            here,
        )

    def _doubtful(self, size: int) -> npt.NDArray[np.bool_]:
        """Say of each ticket whether one of its amounts cannot be read."""
        found = np.zeros(size + 1, np.bool_)
        record = self.flow.rules.charged.partition(".")[0]
        found[self.records.ticket(record)[~self.flow.charges.known]] = True
        ticket = self.records.ticket(self.flow.rules.book)
        found[[ticket[each.line] for each in self.flow.doubts() if each.reason == "amount"]] = True
        return found[:size]

    def _lines_of(self, tickets: Sides) -> list[str]:
        record = self.flow.rules.charged.partition(".")[0]
        here = self._charged_here
        rows: dict[int, list[str]] = {int(n): [] for n in tickets}
        for name, ticket, line in (
            (self.flow.rules.book, self._taken.ticket, self._taken.line),
            (record, self.records.ticket(record)[here], here),
        ):
            row = self.records.of(name).row[line]
            for place in np.flatnonzero(np.isin(ticket, tickets)).tolist():
                rows[int(ticket[place])].append(f"{name}:{row[place]}")
        return [" ".join(rows[int(n)]) for n in tickets]

    def events(self) -> pd.DataFrame:
        """Hold the book against the events that tell of the same thing, by ticket.

        Columns ticket_no, event and sort: `no line` (an event, and no line in the book) or `no
        event`. A paper that is handed in for money nobody carried needs no line. Nothing where no
        events were handed in.
        """
        found: list[tuple[str, str, str]] = []
        if EVENTS in self.records:
            for move in self.flow.rules.moves:
                found += self._told_twice(move)
        return pd.DataFrame(sorted(found), columns=["ticket_no", "event", "sort"])

    def _told_twice(self, move: MoneyMove) -> Iterator[tuple[str, str, str]]:
        if move.event is None:
            return
        rules, flow, told = self.flow.rules, self.flow, self.records.of(EVENTS)
        here = told.is_any(EVENT, frozenset((move.event,))) & ~(told.times(AT) > self.flow.now)
        event = self._tickets(EVENTS, here)
        mine = flow.happened & flow.book.is_any(rules.kind.partition(".")[2], frozenset((move.id,)))
        ways = (*rules.carried, *(rules.direct if move.direct else ()))
        line = self._tickets(rules.book, mine)
        sure = self._tickets(rules.book, mine & flow.paid_by(ways))
        if move.direct is None:
            taken = self._tickets(rules.book, flow.taken)
            event &= ~taken | self._tickets(rules.book, flow.taken & flow.paid_by(rules.carried))
        for sort, flags in (("no line", event & ~line), ("no event", sure & ~event)):
            for n in np.flatnonzero(flags).tolist():
                yield self.records.tickets[n], move.event, sort

    def _tickets(self, record: str, lines: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Say of each ticket whether one of some lines is its own."""
        found = np.zeros(len(self.records.tickets) + 1, np.bool_)
        found[self.records.ticket(record)[lines]] = True
        return found[:-1]


def _sums(
    ticket: npt.NDArray[np.int32], units: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.int64]:
    found = np.zeros(size + 1, np.int64)
    np.add.at(found, ticket, units)
    return found[:size]
