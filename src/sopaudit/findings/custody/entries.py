"""Double entry: every move takes from one slot and puts the same into another.

A slot is one sort of thing in one place: a part, its serial number where there is one, its status,
the place, and what the place is kept by: site, holder, ticket. Whatever happens, all entries
together are zero; what a place lacks another one has, under somebody's name.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Places as Rows
from sopaudit.evidence.lines import Flags, Times
from sopaudit.evidence.records import MOVES
from sopaudit.findings.custody.dimension import Dimension
from sopaudit.findings.custody.places import Places

OPENED: Final = "opening"
"""The record of opening balances."""

LEDGER: Final = "ledger"
"""The record that says what is in stock now."""

KEYS: Final = ("place", "site", "status", "part_no", "serial", "holder", "ticket_no")
"""What tells slots apart."""

EARLIEST: Final = np.datetime64("1900-01-01", "us")
"""When a move was made that does not say: before all others."""

Units = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Slots:
    """Where things are; one entry a slot in each array."""

    codes: dict[str, Ints]
    """Of each of `KEYS`: numbers of its dimension; of `place`, those of `Places`."""

    dimensions: dict[str, Dimension]
    places: Places

    def __len__(self) -> int:
        return len(self.codes["place"])

    def spelled(self, key: str, slots: npt.NDArray[np.integer]) -> list[str]:
        """Say what one of `KEYS` is in some slots."""
        codes = self.codes[key][slots]
        if key == "place":
            return [self.places.ids[code] for code in codes.tolist()]
        return self.dimensions[key].spelled(codes)

    @property
    def ours(self) -> Flags:
        """Whether what lies in each is in our custody."""
        table = np.array([self.places.ours(id_) for id_ in self.places.ids])
        found: Flags = table[self.codes["place"]]
        return found


@dataclass(frozen=True, eq=False)
class Entries:
    """Both sides of every posting; all arrays have one entry a side.

    Side 2k takes out and side 2k + 1 puts in, so the other side of `n` is `n ^ 1`.
    """

    slot: npt.NDArray[np.int64]
    units: Units
    """What it adds to its slot, in units of `10 ** -decimals`; what is taken is negative."""

    times: Times
    """`EARLIEST` where nobody says."""

    record: npt.NDArray[np.int8]
    """Index into `RECORDS`."""

    line: Rows
    """Into the lines of that record; -1 for what the moves alone say was there."""

    owed: Flags
    """Whether it is what a move takes out besides what it moves."""

    decimals: int
    slots: Slots
    unsure: Flags
    """Per slot: whether one of its moves does not say how much; its balance is not known."""

    opened: Flags
    """Per slot: whether what was there before the first move is known; where it is not, there was
    that much more in it, or nothing."""

    def __len__(self) -> int:
        return len(self.slot)

    def closing(self) -> Units:
        """Give what is in each slot in the end."""
        found = np.zeros(len(self.slots), np.int64)
        np.add.at(found, self.slot, self.units)
        return found


RECORDS: Final = (MOVES, OPENED, LEDGER)
"""The records entries come from; the ledger where no opening balances were handed in."""
