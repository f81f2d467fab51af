"""The kind `count_tolerance`: each line of a count against the book (AC-36, PR-25).

Every line stands alone: plus is never set against minus (schemes 2.14). Quantity and value have
limits of their own, and each of them one up and one down; what a part says of itself goes before
what its class says, and that before what the count says (domain e.3, S44).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Coded, Places
from sopaudit.evidence.lines import Flags
from sopaudit.findings.rules.book import booked
from sopaudit.findings.rules.case import TYPES, Cases, Measure, decided
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, Ids, called, figures, shown, switched
from sopaudit.findings.rules.part import PART, SERIAL

_UP: Final = ""
_DOWN: Final = "_down"
"""How settings of the two sides end."""


def count_tolerance(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold each line of a count against the book as it was then, by quantity and by value.

    A share of the book quantity is allowed, and nothing where the book says none; pieces with a
    serial number have a limit of their own.
    """
    record, _, name = str(given["counted"]).partition(".")
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    counted = lines.numbers(name)
    book = booked(hearing, given, record, str(given["book"]))
    shift = max(counted.decimals, book.decimals)
    found, right = counted.at(shift), book.units * 10 ** (shift - book.decimals)
    far, over = np.abs(found - right), found > right
    tolerance = _Tolerance(hearing, given, book.line)
    share, stated = tolerance.share(over=over)
    within = far * share.below <= share.above * np.maximum(right, 0)
    dear, priced = tolerance.dear(far, shift, over=over)
    single = ~lines.blank(SERIAL)
    pieces = number(str(given.get("serialised", "0"))) or Fraction(0)
    exact = far * pieces.denominator <= pieces.numerator * 10**shift
    quantity = np.where(single, exact, within)
    known = counted.known & book.known & (single | stated | (far == 0) | (right == 0))
    wrong = np.where(over, TYPES.index("too many"), TYPES.index("too few"))
    return Cases(
        decided(
            hearing.applies(given, record, line), known & (priced | ~quantity), quantity & ~dear
        ),
        hearing.records.ticket(record),
        lines=((record, line), (str(given["class"]).partition(".")[0], book.line)),
        names=called(hearing, hearing.records.ticket(record), lines.coded(PART)),
        type=wrong.astype(np.int8),
        measure=Measure(found, "number", shift),
        late=found - right,
        expected=figures(right, shift),
        found=_told(found, shift, quantity, dear) if tolerance.of_value else None,
    )


def _told(found: Ids, shift: int, quantity: Flags, dear: Flags) -> Coded:
    """Say what was counted, and that its value is over the limit, where that alone is."""
    if not bool((dear & quantity).any()):
        return figures(found, shift)
    return switched(dear & quantity, "value")


@dataclass(frozen=True, eq=False)
class _Tolerance:
    """What is allowed to each line of a count."""

    hearing: Hearing
    given: Mapping[str, Given]
    line: Places
    """The line of the book that each goes with; -1 for none."""

    @property
    def of_value(self) -> bool:
        """Whether the value is limited besides the quantity."""
        return "value_up" in self.given or "value_down" in self.given

    def _row(self) -> Ids:
        """Give the place of the class of each line in `classes`; -1 for one that is not there."""
        names = [word.casefold() for word in listed(self.given["classes"])]
        of, _, kind = str(self.given["class"]).partition(".")
        classes = shown(self.hearing.lines(of).coded(kind), self.line)
        place = {
            code: names.index(text.casefold()) if text.casefold() in names else NONE
            for code, text in classes.distinct().items()
        }
        found: Ids = classes.table(place)[classes.codes].astype(np.int64)
        return found

    def share(self, *, over: Flags) -> tuple["_Shares", Flags]:
        """Give the share allowed to each line, and whether anybody says one."""
        row = self._row()
        up, down = (self._side(row, side) for side in (_UP, _DOWN))
        above, below, stated = (
            np.where(over, one, other) for one, other in zip(up, down, strict=True)
        )
        return _Shares(above, below), stated.astype(np.bool_)

    def _side(self, row: Ids, side: str) -> tuple[Ids, Ids, Flags]:
        """Give numerator and denominator of one side, and where they are stated."""
        word = "tolerances" + side if "tolerances" + side in self.given else "tolerances"
        shares = [number(share) or Fraction(0) for share in listed(self.given[word])]
        rest = number(str(self.given.get("otherwise" + side, self.given.get("otherwise", ""))))
        every = [*shares, rest or Fraction(0)]
        above = np.array([share.numerator for share in every], np.int64)[row]
        below = np.array([share.denominator for share in every], np.int64)[row]
        stated = (row >= 0) | (rest is not None)
        for field in ("own", "own" + side):
            if field in self.given:
                own = self._own(str(self.given[field]))
                said = own.below > 0
                above, below = (
                    np.where(said, mine, other)
                    for mine, other in ((own.above, above), (own.below, below))
                )
                stated |= said
        return above, below, stated

    def _own(self, field: str) -> "_Shares":
        """Give what a field of the book says of each line; a denominator of 0 where nothing."""
        record, _, name = field.partition(".")
        cells = shown(self.hearing.lines(record).coded(name), self.line)
        said = {code: number(text) for code, text in cells.distinct().items()}
        above = cells.table({c: f.numerator for c, f in said.items() if f is not None}, 0)
        below = cells.table({c: f.denominator for c, f in said.items() if f is not None}, 0)
        return _Shares(above[cells.codes].astype(np.int64), below[cells.codes].astype(np.int64))

    def dear(self, far: Ids, shift: int, *, over: Flags) -> tuple[Flags, Flags]:
        """Say of each line whether its difference is worth too much, and whether that is known."""
        if not self.of_value:
            return np.zeros(len(far), np.bool_), np.ones(len(far), np.bool_)
        record, _, name = str(self.given["price"]).partition(".")
        prices = self.hearing.lines(record).numbers(name)
        price = np.append(prices.units, 0)[self.line]
        known = np.append(prices.known, False)[self.line] | (far == 0)
        row = self._row()
        worth = far * price
        dear = np.zeros(len(far), np.bool_)
        for word, side in (("value_up", over), ("value_down", ~over)):
            if word not in self.given:
                continue
            limits = [number(limit) or Fraction(0) for limit in listed(self.given[word])]
            most = _Shares(
                np.array([limit.numerator for limit in limits] + [0], np.int64)[row],
                np.array([limit.denominator for limit in limits] + [1], np.int64)[row],
            )
            unit = 10 ** (shift + prices.decimals)
            dear |= side & (row >= 0) & (worth * most.below > most.above * unit)
        return dear, known


@dataclass(frozen=True, eq=False)
class _Shares:
    """Exact fractions, one a line."""

    above: npt.NDArray[np.int64]
    below: npt.NDArray[np.int64]
