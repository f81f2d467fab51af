"""What a log held against workflows comes to: tickets, deviations, variants, numbers of charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.answers import Ints
from sopaudit.findings.deviation import digest
from sopaudit.findings.sorts import Sort, sorts

CONFORMING: Final = 0
NONCONFORMING: Final = 1
OPEN: Final = 2
NOT_ASSESSABLE: Final = 3

STATES: Final = ("conforming", "nonconforming", "open", "not assessable")
"""What a ticket is, in the order of the codes. Open: conforming so far, and not at an end."""

Step = tuple[str, str]
"""From one box to the next, by their ids."""


@dataclass(frozen=True)
class Variant:
    """A sequence of events that tickets share."""

    events: tuple[str, ...]
    tickets: int
    cost: int
    """Of its best alignment: steps skipped and events that had no place."""

    state: int
    """Index into `STATES`."""

    deviations: tuple[tuple[str, str], ...] = ()
    """In order: type, and the event or box it is about."""


@dataclass(frozen=True)
class Passage:
    """How often tickets passed a box or a move of a chart."""

    times: int
    tickets: int
    deviating: int = 0
    """Tickets that deviated there."""


@dataclass(frozen=True, eq=False)
class Conformance:
    """A log held against one workflow, or against a ticket's whole journey through several."""

    tickets: tuple[str, ...]
    """In the order of their text."""

    state: npt.NDArray[np.int8]
    """Per ticket: index into `STATES`."""

    cost: npt.NDArray[np.int32]
    """Per ticket: of its best alignment; 0 where nothing could be assessed."""

    deviations: pd.DataFrame
    """`deviation.COLUMNS`, in their one order."""

    variants: tuple[Variant, ...]
    """The most frequent first; of equal numbers by their events."""

    variant: Ints
    """Per ticket: index into `variants`; -1 where nothing could be assessed."""

    boxes: Mapping[str, Passage]
    """By id of the box."""

    moves: Mapping[Step, Passage]
    """Moves of the chart that tickets made."""

    jumps: Mapping[Step, int]
    """Moves tickets made that the chart does not have, and how many tickets did: from the last box
    that was done as it should be to the box of the event that came instead."""

    @property
    def count(self) -> int:
        """How many tickets there are."""
        return len(self.tickets)

    @property
    def sorts(self) -> list[Sort]:
        """The deviations by what they are, the most frequent first."""
        return sorts(self.deviations)

    def totals(self) -> dict[str, int | str]:
        """Give the totals of design §7: tickets by state, the cost of all, the digest."""
        counts = np.bincount(self.state, minlength=len(STATES)).tolist()
        named = dict(zip((s.replace(" ", "_") for s in STATES), counts, strict=True))
        total = int(self.cost.sum(dtype=np.int64))
        return {
            "tickets": len(self.tickets),
            **named,
            "total_cost": total,
            "digest": digest(self.deviations),
        }
