"""Which lines of a store are counted: drawn by class from a start number, as tickets are.

The line with the lowest sha256 of START:PLACE/PART comes first, so neither the order of the ledger
nor anybody's wish matters, and anybody can draw the same lines again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256
from math import ceil

from sopaudit.criteria.parts import Counting
from sopaudit.evidence.habits import key
from sopaudit.findings.counting.stock import Stock, StockLine
from sopaudit.findings.draw import rank


@dataclass(frozen=True)
class Asked:
    """What is asked for besides the handbook."""

    start: str
    """The start number."""

    also: tuple[str, ...] = ()
    """Parts that are counted whatever is drawn."""

    everything: bool = False
    """All lines, instead of a draw."""


@dataclass(frozen=True)
class Blank:
    """A count that is to be made: which lines, how they were chosen, and of which ledger."""

    id: str
    stock: Stock
    as_of: date
    asked: Asked
    lines: tuple[StockLine, ...]
    """Those to be counted, in the order of the store."""

    def id_of(self, line: StockLine) -> str:
        """Give the id of a line, by which it is known again wherever its row has gone."""
        said = f"{self.id}:{line.site}:{line.location}:{line.part_no}"
        return sha256(said.encode()).hexdigest()[:12]


def blank_of(
    stock: Stock, counting: Counting, as_of: date, asked: Asked, id_: str | None = None
) -> Blank:
    """Choose the lines of a count."""
    chosen = stock.lines if asked.everything else _drawn(stock.lines, counting, asked)
    made = f"{stock.site}-{as_of:%Y%m%d}-{rank(asked.start, stock.digest).hex()[:4]}"
    return Blank(id_ or made, stock, as_of, asked, tuple(chosen))


def number(counting: Counting, lines: int) -> int:
    """Give how many of so many lines are counted at least: the larger of number and rate."""
    return min(lines, max(counting.at_least, ceil((counting.rate or Fraction(0)) * lines)))


def _drawn(lines: Sequence[StockLine], counting: Counting, asked: Asked) -> list[StockLine]:
    also = {key(part) for part in asked.also}
    certain = {line.name for line in lines if key(line.part_no) in also or _dear(line, counting)}
    rest = [line for line in lines if line.name not in certain]
    ranked = sorted(rest, key=lambda line: (_rank(line, asked.start), line.name))
    drawn: set[tuple[str, str]] = set()
    for class_ in sorted({key(line.class_) for line in rest}):
        mine = [line for line in ranked if key(line.class_) == class_]
        share = _share(counting, class_)
        drawn |= {line.name for line in mine[: min(len(mine), ceil(share * len(mine)))]}
    left = number(counting, len(lines)) - len(certain) - len(drawn)
    # What the shares leave short of the least is filled up from all classes together.
    others = [line.name for line in ranked if line.name not in drawn]
    drawn |= set(others[: max(left, 0)])
    return [line for line in lines if line.name in drawn | certain]


def _dear(line: StockLine, counting: Counting) -> bool:
    """Say whether one piece costs so much that the line is always counted."""
    least = counting.always_from
    return least is not None and line.price is not None and line.price >= least


def _share(counting: Counting, class_: str) -> Fraction:
    """Give the share of a class that is drawn; all where the handbook does not know the class."""
    if not counting.shares:
        return Fraction(0)
    known = {key(name): share for name, share in counting.shares.items()}
    return known.get(class_, Fraction(1))


def _rank(line: StockLine, start: str) -> bytes:
    return rank(start, "/".join(line.name))


def unknown_parts(stock: Stock, also: Collection[str]) -> list[str]:
    """List the parts asked for of which the store has no line."""
    known = {key(line.part_no) for line in stock.lines}
    return [part for part in also if key(part) not in known]
