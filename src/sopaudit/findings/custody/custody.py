"""Where every part is, since when and with whom, and how it came to be there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.column import coded
from sopaudit.evidence.lines import Numbers
from sopaudit.evidence.records import MOVE, Records
from sopaudit.findings.custody.bonds import bonded
from sopaudit.findings.custody.entries import EARLIEST, KEYS, LEDGER, RECORDS, Entries
from sopaudit.findings.custody.lots import NOTHING, Lots, Sides
from sopaudit.findings.custody.posting import entries_of
from sopaudit.findings.rules.price import Prices


@dataclass(frozen=True, eq=False)
class Step:
    """One move in the life of a part."""

    at: np.datetime64
    """NaT where nobody says."""

    move: str
    """The kind of move; empty for an opening balance."""

    record: str
    row: int
    """The line it stands in: its record, and the row of the source; 0 where none says it."""

    qty: int
    """In units of `10 ** -decimals` of the custody."""

    source: Mapping[str, str]
    target: Mapping[str, str]
    """The two slots, by `KEYS`."""

    owed: bool
    """Whether it is the old part that a move takes out, and not what it moves."""

    actor: str
    document: str
    note: str


@dataclass(frozen=True, eq=False)
class Custody:
    """The parts of an office up to one moment."""

    records: Records
    handbook: Handbook
    now: np.datetime64
    entries: Entries
    lots: Lots

    # --- balances ------------------------------------------------------------------------------

    def balances(self, by: Sequence[str] = KEYS, *, ours: bool = False) -> pd.DataFrame:
        """Add up what is where, by some of `KEYS`: columns `by` and `units`, without those of zero.

        With `ours` only places in our custody count; without it the units always add up to zero.
        Rows are in the order of their keys.
        """
        slots, closing = self.entries.slots, self.entries.closing()
        wanted = np.flatnonzero(slots.ours if ours else np.ones(len(slots), np.bool_))
        columns = {key: slots.spelled(key, wanted) for key in by}
        frame = pd.DataFrame(columns, dtype=str).assign(units=closing[wanted])
        added: pd.DataFrame = frame.groupby([*by], sort=True)[["units"]].sum().reset_index()
        return added[added["units"] != 0].reset_index(drop=True)

    def holdings(self) -> pd.DataFrame:
        """List what is in our custody, a lot a row: `KEYS`, `units`, `since`, `value`, `side`.

        `since` is when it came there (`EARLIEST` where nobody says), `value` what it is worth in
        units of `value_decimals`, `side` the entry that put it there. Rows are in the order of
        their keys, then the oldest first.
        """
        here = np.flatnonzero(self.lots.left > 0)
        slot = self.entries.slot[here]
        ours = self.entries.slots.ours[slot]
        here, slot = here[ours], slot[ours]
        left = self.lots.left[here]
        columns = {key: self.entries.slots.spelled(key, slot) for key in KEYS}
        frame = pd.DataFrame(columns, dtype=str)
        frame["units"] = left
        frame["since"] = self.entries.times[here]
        frame["value"] = left * self.prices[self.entries.slots.codes["part_no"][slot]]
        frame["side"] = here
        return frame.sort_values([*KEYS, "since", "side"], kind="stable", ignore_index=True)

    @property
    def value_decimals(self) -> int:
        """How many decimals values have: those of quantities and those of prices."""
        return self.entries.decimals + self._price_decimals

    @cached_property
    def prices(self) -> npt.NDArray[np.int64]:
        """Per part: what one is worth, in units of the decimals of prices; 0 where nobody says.

        The ledger says it, else the table the handbook names, in its edition of the day.
        """
        parts = self.entries.slots.dimensions["part_no"]
        lines = self.records.of(LEDGER)
        codes, price = parts.codes(lines.coded("part_no")), lines.numbers("unit_price")
        listed = self._listed
        found = np.zeros(len(parts), np.int64)
        if listed is not None:
            found[:] = np.where(listed.known, listed.at(self._price_decimals), 0)[: len(parts)]
        found[codes[price.known][::-1]] = price.at(self._price_decimals)[price.known][::-1]
        return found

    @cached_property
    def _listed(self) -> Numbers | None:
        """Give the price of each part as the table has it; None where the handbook names none."""
        worth = self.handbook.parts.worth if self.handbook.parts is not None else None
        tables = {**self.handbook.tables, **self.records.tables}
        table = tables.get(worth.table) if worth is not None else None
        if worth is None or table is None:
            return None
        prices = Prices(table, {"key": worth.key, "column": worth.column})
        parts = self.entries.slots.dimensions["part_no"]
        parts.codes(self.records.of(LEDGER).coded("part_no"))
        named = coded(parts.texts)
        return prices.look_up(named, prices.edition(np.full(len(parts), self.now)))[0]

    @cached_property
    def _price_decimals(self) -> int:
        listed = self._listed
        said = self.records.of(LEDGER).numbers("unit_price").decimals
        return said if listed is None else max(said, listed.decimals)

    # --- chains --------------------------------------------------------------------------------

    def life(self, **keys: str) -> Sides:
        """Find the postings of a part, serial, ticket or holder, as sides that take, in time."""
        slots = self.entries.slots
        wanted = np.ones(len(slots), np.bool_)
        for key, text in keys.items():
            wanted &= slots.codes[key] == slots.dimensions[key].find(text)
        sides = np.flatnonzero(wanted[self.entries.slot])
        return self.in_time(np.unique(sides & ~1))

    def chain(self, side: int) -> Sides:
        """Follow a lot, or a taking, back to where it came from and on to where it went."""
        found = {side & ~1}
        back = side & ~1
        while (lot := int(self.lots.lot[back])) != NOTHING and (lot & ~1) not in found:
            back = lot & ~1
            found.add(back)
        on = side | 1
        while (taker := int(self.lots.emptied[on])) != NOTHING and (taker & ~1) not in found:
            found.add(taker & ~1)
            on = taker | 1
        return self.in_time(np.array(sorted(found), np.int64))

    def in_time(self, sides: Sides) -> Sides:
        """Bring postings into the order of time, then of rows."""
        order = np.lexsort((sides, self.entries.line[sides], self.entries.times[sides]))
        return sides[order]

    def steps(self, sides: Sides) -> list[Step]:
        """Tell postings, each by the side that takes."""
        return [self._step(int(side)) for side in sides]

    def _step(self, side: int) -> Step:
        entries, slots = self.entries, self.entries.slots
        record = RECORDS[int(entries.record[side])]
        lines, line = self.records.of(record), int(entries.line[side])
        place = np.array([line])

        def said(name: str) -> str:
            if line < 0:
                return ""
            return lines.coded(name).rows(place).spelled()[0]

        ends = [
            {key: slots.spelled(key, entries.slot[[end]])[0] for key in KEYS}
            for end in (side, side | 1)
        ]
        at = entries.times[side]
        return Step(
            np.datetime64("NaT", "us") if at == EARLIEST else at,
            said(MOVE),
            record,
            int(lines.row[line]) if line >= 0 else 0,
            int(entries.units[side | 1]),
            ends[0],
            ends[1],
            bool(entries.owed[side]),
            said("actor"),
            said("doc_no"),
            said("note"),
        )


def custody_of(records: Records, handbook: Handbook, now: np.datetime64) -> Custody:
    """Post everything up to `now` and match what was taken with what was put in.

    Raises LookupError where the handbook has no parts rules, or they name no places.
    """
    entries = entries_of(records, handbook, now)
    return Custody(records, handbook, now, entries, bonded(entries, records))
