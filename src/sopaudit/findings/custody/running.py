"""What accounts come to at the close of each day, and with which move they went below zero.

An account is what lies in one place: a part or a piece, its status and the person it is with. For
which ticket it lies there is left out, because papers of one job come under different tickets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.lines import Flags, Times
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import EARLIEST
from sopaudit.findings.custody.lots import NOTHING, Sides

ACCOUNT: Final = ("place", "site", "status", "part_no", "serial", "holder")
"""What tells accounts apart."""

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Running:
    """The sides of some accounts in the order of account and time, and what each comes to."""

    side: Sides
    account: Whole
    """Per side: its account, in ascending order."""

    balance: Whole
    """Per side: what the account comes to with it; of one moment, what is put in comes first."""

    day: npt.NDArray[np.datetime64]

    @cached_property
    def closes(self) -> Sides:
        """The last side of each account and day, as an index here."""
        ends = np.ones(len(self.side), np.bool_)
        ends[:-1] = (self.account[1:] != self.account[:-1]) | (self.day[1:] != self.day[:-1])
        return np.flatnonzero(ends)

    @cached_property
    def before(self) -> Whole:
        """Per close: what the account came to the day before; 0 on its first."""
        account, balance = self.account[self.closes], self.balance[self.closes]
        found = np.zeros(len(balance), np.int64)
        found[1:] = np.where(account[1:] == account[:-1], balance[:-1], 0)
        return found

    @cached_property
    def took_below(self) -> Sides:
        """Per close: the last side so far that took the account below zero; -1 for none."""
        last = np.full(len(self.side), NOTHING, np.int64)
        previous = np.zeros(len(self.side), np.int64)
        same = self.account[1:] == self.account[:-1]
        previous[1:] = np.where(same, self.balance[:-1], 0)
        crossed = (self.balance < 0) & (previous >= 0)
        last[crossed] = np.flatnonzero(crossed)
        last = np.maximum.accumulate(last)
        found = last[self.closes]
        here = (found >= 0) & (self.account[found] == self.account[self.closes])
        return np.where(here, self.side[found], NOTHING)


def running(custody: Custody, sides: Sides, group: Whole) -> Running:
    """Add up some sides in the order of time, by accounts; `group` numbers that of each slot."""
    entries = custody.entries
    mine = group[entries.slot[sides]]
    taken = entries.units[sides] < 0
    order = np.lexsort((entries.line[sides], taken, entries.times[sides], mine))
    side, account = sides[order], mine[order]
    total = np.cumsum(entries.units[side])
    first = np.searchsorted(account, account, "left")
    balance = total - (total - entries.units[side])[first] if len(side) else total
    return Running(side, account, balance, entries.times[side].astype("datetime64[D]"))


def grouped(custody: Custody, keys: Sequence[str]) -> Whole:
    """Per slot: a number, the same to slots that some keys do not tell apart."""
    codes = custody.entries.slots.codes
    found = np.zeros(len(custody.entries.slots), np.int64)
    for key in keys:
        both = found * (int(codes[key].max(initial=0)) + 1) + codes[key]
        found = pd.factorize(both)[0].astype(np.int64)
    return found


def any_in(group: Whole, flags: Flags) -> Flags:
    """Say of each member of a group whether a flag is up for one of them."""
    found = np.zeros(int(group.max(initial=-1)) + 1, np.bool_)
    found[group[flags]] = True
    return found[group]


def dated(times: Times) -> Times:
    """Give times with NaT where nobody says when."""
    return np.where(times == EARLIEST, np.datetime64("NaT", "us"), times)
