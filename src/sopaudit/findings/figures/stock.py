"""Figures of stock: how much of what is asked for is there at once, and how often stock turns."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import Duration, duration
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import Flags, Times
from sopaudit.evidence.records import MOVE, MOVES
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.draws import draws_of, in_store_since
from sopaudit.findings.custody.entries import RECORDS
from sopaudit.findings.figures.counting import Counting
from sopaudit.findings.figures.figure import Counted, share
from sopaudit.findings.rules.hearing import YES
from sopaudit.findings.rules.key import alike, columns

_PART: Final = "part_no"
_QUANTITY: Final = "qty"
_DAYS: Final = 365
_NEXT_DAY: Final = Duration(Fraction(1), "working d")

Units = npt.NDArray[np.int64]


def fill_rate(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Count what was asked for and came from what was in stock when it was asked for.

    Three rates of the same case (domain e.3, S46): by `order`, filled where all its lines are; by
    `line`, filled where all its pieces are; by `piece`. A piece is filled where it was issued to
    the ticket after it was asked for, and had been on a shelf before. What nobody has issued yet is
    open until `within` has passed, and then not filled. A line without a ticket or time is unknown.
    """
    asked = _Asked(counting, given)
    by = str(given["by"])
    settled = asked.settled & (asked.applies == YES)
    unknown, pending = asked.unknown, int((asked.known & ~asked.settled).sum())
    if by == "piece":
        part, pieces = (int(each[settled].sum()) for each in (asked.filled, asked.wanted))
        unit = 10**asked.decimals
        value = Fraction(part, pieces) if pieces else None
        return Counted("share", value, Fraction(part, unit), pieces // unit, unknown, pending)
    full = asked.filled >= asked.wanted
    if by == "line":
        return share(int((settled & full).sum()), int(settled.sum()), unknown=unknown,
                     pending=pending)  # fmt: skip
    order = asked.orders
    every, failed = np.unique(order[settled]), np.unique(order[settled & ~full])
    open_ = np.unique(order[asked.known & ~asked.settled])
    whole = every[~np.isin(every, open_)]
    good = int((~np.isin(whole, failed)).sum())
    return share(good, len(whole), unknown=unknown, pending=len(open_))


class _Asked:
    """The lines that ask for parts, and what of each was filled from stock."""

    def __init__(self, counting: Counting, given: Mapping[str, Given]) -> None:
        hearing = counting.hearing
        moments = counting.until_now(hearing.moments(str(given["asked"])))
        self.lines, self.line = hearing.lines(moments.record), moments.line
        self.applies = hearing.applies(given, moments.record, self.line)
        self.orders = alike([self.lines.coded(str(given["order"]).partition(".")[2])])[0][self.line]
        self.known: Flags = (moments.ticket >= 0) & ~np.isnat(moments.at)
        lost = (self.applies != 0) & ~self.known
        self.unknown = int(lost.sum()) + int(((self.applies < 0) & self.known).sum())
        custody = counting.custody
        moved = hearing.lines(MOVES)
        numbers = self.lines.numbers(_QUANTITY)
        self.decimals = max(numbers.decimals, custody.entries.decimals)
        one = np.int64(10**self.decimals)
        self.wanted: Units = np.where(numbers.known, numbers.at(self.decimals), one)[self.line]
        mine, theirs = alike(
            columns(self.lines, ("ticket_no", _PART), self.line),
            columns(moved, ("ticket_no", _PART)),
        )
        issues = _Issues(custody, frozenset(listed(given["filled_by"])), theirs, self.decimals)
        self.filled, came = issues.shared(mine, moments.at, self.wanted, self.known)
        limit = duration(given["within"]) if "within" in given else _NEXT_DAY
        due = hearing.clock().due(moments.at, limit or _NEXT_DAY)
        self.settled: Flags = self.known & ((came >= self.wanted) | (due < hearing.now))


class _Issues:
    """What was issued, lot by lot: for whom, when, and since when it had been in stock."""

    def __init__(
        self, custody: Custody, kinds: frozenset[str], key: npt.NDArray[np.int64], decimals: int
    ) -> None:
        entries = custody.entries
        draws = draws_of(entries)
        line = entries.line[draws.taking]
        mine = (entries.record[draws.taking] == RECORDS.index(MOVES)) & ~entries.owed[draws.taking]
        mine[mine] = custody.records.of(MOVES).is_any(MOVE, kinds)[line[mine]]
        taking, lot = draws.taking[mine], draws.lot[mine]
        self.key = key[line[mine]]
        self.at = entries.times[taking]
        self.since = in_store_since(entries, custody.lots, lot)
        self.units: Units = draws.units[mine] * np.int64(10 ** (decimals - entries.decimals))

    def shared(
        self, key: npt.NDArray[np.int64], at: Times, wanted: Units, known: Flags
    ) -> tuple[Units, Units]:
        """Give each line what was issued to it: pieces that were in stock, and pieces at all.

        What is issued goes to the first line of its key that still wants some of it.
        """
        filled, came = np.zeros(len(key), np.int64), np.zeros(len(key), np.int64)
        for n, where in _grouped(self.key, self.at, key[known]):
            lines = np.flatnonzero(known & (key == n))
            lines = lines[np.argsort(at[lines], kind="stable")]
            for place in where.tolist():
                left = int(self.units[place])
                for line in lines.tolist():
                    takes = min(left, int(wanted[line] - came[line]))
                    if takes > 0 and self.at[place] >= at[line]:
                        came[line] += takes
                        filled[line] += takes if self.since[place] <= at[line] else 0
                        left -= takes
        return filled, came


def _grouped(
    key: npt.NDArray[np.int64], at: Times, wanted: npt.NDArray[np.int64]
) -> "list[tuple[int, Places]]":
    """Give the places of each wanted key, in the order of time."""
    order = np.lexsort((at, key))
    names = np.unique(wanted)
    first = np.searchsorted(key[order], names, "left")
    last = np.searchsorted(key[order], names, "right")
    return [
        (int(name), order[begin:end])
        for name, begin, end in zip(names.tolist(), first.tolist(), last.tolist(), strict=True)
        if end > begin
    ]


def turns(counting: Counting, given: Mapping[str, Given], _: Sequence[str]) -> Counted:
    """Give how often stock turns in a year: value issued in 12 months over mean value of stock.

    The mean is that of the closing value of every day. Where moves go back less than 12 months,
    what was issued since their first is scaled up to them. Days of stock, 365 over the turns, stand
    beside it. Source: domain e.3, S46.
    """
    custody = counting.custody
    entries, slots = custody.entries, custody.entries.slots
    price = custody.prices[slots.codes[_PART]]
    today = counting.hearing.now.astype("datetime64[D]")
    moved = entries.record == RECORDS.index(MOVES)
    timed = moved & (entries.times >= _FIRST)
    if not timed.any():
        return Counted("mean", None)
    begun = entries.times[timed].min().astype("datetime64[D]")
    first = max(begun, today - np.timedelta64(_DAYS - 1, "D"))
    days = int((today - first).astype(np.int64)) + 1
    day = entries.times.astype("datetime64[D]")
    issued = moved & (entries.units > 0) & ~entries.owed & (day >= first)
    issued[issued] = custody.records.of(MOVES).is_any(MOVE, frozenset(listed(given["issued"])))[
        entries.line[issued]
    ]
    places = np.array([id_ in listed(given["places"]) for id_ in slots.places.ids])
    here = places[slots.codes["place"][entries.slot]]
    value = entries.units * price[entries.slot]
    # What is put in on a day is part of the closing of that day and of all that follow.
    stays = np.clip((today - np.maximum(day, first)).astype(np.int64) + 1, 0, days)
    stock = Fraction(int((value[here] * stays[here]).sum()), days)
    gone = int(value[issued].sum())
    unpriced = int((issued & (price[entries.slot] == 0)).sum())
    unit = 10**custody.value_decimals
    found = Fraction(gone * _DAYS, days) / stock if stock > 0 else None
    beside = Fraction(_DAYS) / found if found else None
    return Counted(
        "mean", found, Fraction(gone, unit), int(issued.sum()), unpriced,
        others=(("days_of_stock", beside),),
    )  # fmt: skip


_FIRST: Final = np.datetime64("1901-01-01", "us")
