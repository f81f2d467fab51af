"""What a kind of rule finds: one row a case, four verdicts, and the lines that prove each.

A case is conforming, nonconforming, not applicable or unknown; unknown is missing data, and never
counts as conforming (domain c.11).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.lines import Flags, Times

Verdicts = npt.NDArray[np.int8]

CONFORMING: Final = 0
NONCONFORMING: Final = 1
NOT_APPLICABLE: Final = 2
UNKNOWN: Final = 3

VERDICTS: Final = ("conforming", "nonconforming", "not applicable", "unknown")
"""In the order of their codes."""

TYPES: Final = (
    "late",
    "too early",
    "never done",
    "missing",
    "wrong value",
    "repeated",
    "wrong order",
    "wrong person",
    "amount differs",
    "too many",
    "too few",
    "outside hours",
    "no counterpart",
    "suspicious",
)
"""In what way a case does not conform; a kind says which."""

NOTHING: Final = np.iinfo(np.int64).min
"""A measure nobody knows."""


@dataclass(frozen=True, eq=False)
class Measure:
    """How much was found, where a rule sets a limit to something that can be measured."""

    values: npt.NDArray[np.int64]
    """Per case, in `unit`; NOTHING where it is not known."""

    unit: str
    """`us` microseconds, `working us` those of working time, `working d`, `d`, or `number`."""

    decimals: int = 0
    """Of a `number`: a value is so many tenths of tenths."""


@dataclass(frozen=True, eq=False)
class Cases:
    """The cases of one part of a rule; all arrays have one entry a case."""

    verdict: Verdicts
    ticket: Ints
    """Index into `Records.tickets`; -1 for a case that belongs to no ticket."""

    lines: tuple[tuple[str, Places], ...] = ()
    """What proves it: a record, and per case the line of it; -1 where there is none.

    The first is the line whose doing decides, so its person and post are the case's where nothing
    else is said.
    """

    names: Sequence[str] | None = None
    """What cases are called that are no tickets: a call, a person, a part, a minute."""

    type: npt.NDArray[np.int8] | None = None
    """Index into `TYPES`; read where the case does not conform. None: `missing` for all."""

    at: Times | None = None
    """When it happened, or where it never did, should have."""

    due: Times | None = None
    """When it was due."""

    measure: Measure | None = None
    late: npt.NDArray[np.int64] | None = None
    """By how much, in the unit of `measure` (else in `us`); NOTHING where that says nothing."""

    first_late: npt.NDArray[np.int64] | None = None
    """By how many `us` it was late against the first promise, though a later one may be kept; 0
    where it was not."""

    found: Coded | None = None
    """What stood there instead of what should."""

    expected: Coded | None = None
    """What should have stood there, where each case has its own."""

    person: Coded | None = None
    """Whose doing it was; the empty text for nobody in particular."""

    excused: Flags | None = None
    """Cases that conform only because of an approval, an explanation or a grace; they are told."""

    def __len__(self) -> int:
        return len(self.verdict)


def decided(applies: npt.NDArray[np.int8], known: Flags, holds: Flags) -> Verdicts:
    """Give the verdicts of cases: whether the rule applies, can be told, and holds.

    `applies` is 1, 0, or -1 where that is not known.
    """
    return np.select(
        [applies == 0, (applies < 0) | ~known, holds],
        [NOT_APPLICABLE, UNKNOWN, CONFORMING],
        NONCONFORMING,
    ).astype(np.int8)


def of_type(name: str, count: int) -> npt.NDArray[np.int8]:
    """Give one type for so many cases."""
    return np.full(count, TYPES.index(name), np.int8)
