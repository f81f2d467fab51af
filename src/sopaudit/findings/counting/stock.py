"""What lies in a store, line by line: a line is one part in one place of the store.

Which lines of the ledger lie there, and what tells them apart, is said by the rule that judges the
count, so that what is counted is what is judged.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.parts import Counting
from sopaudit.criteria.rule import Given
from sopaudit.evidence.habits import key
from sopaudit.evidence.lines import Lines
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.lookup import counted

KIND: Final = "count_tolerance"
"""The kind of rule that holds a count against the book."""

SITE: Final = "site"
LOCATION: Final = "location"
PART: Final = "part_no"
SERIAL: Final = "serial"

Name = tuple[str, str]
"""Place in the store and part number, as `key` writes them."""


class NoCountingError(LookupError):
    """The handbook does not say how stock is counted, or the records hold no stock."""


@dataclass(frozen=True)
class StockLine:
    """One part in one place of the store."""

    site: str
    location: str
    part_no: str
    title: str
    """What the part is called; empty where the ledger does not say."""

    class_: str
    serials: tuple[str, ...]
    """Those in the book; a part that has any is counted piece by piece."""

    bulk: bool
    """Whether some of it lies there without serial numbers."""

    price: Fraction | None
    """Of one piece."""

    @property
    def name(self) -> Name:
        """What tells it from the other lines of its site."""
        return key(self.location), key(self.part_no)

    @property
    def serialised(self) -> bool:
        """Whether its pieces have serial numbers."""
        return bool(self.serials)


@dataclass(frozen=True, eq=False)
class Stock:
    """All lines of one store."""

    site: str
    lines: tuple[StockLine, ...]
    """In the order one walks by: place, then part."""

    digest: str
    """Of what the ledger says of them, by which another ledger is told from this one."""

    @cached_property
    def known(self) -> Mapping[Name, StockLine]:
        """The lines by name."""
        return {line.name: line for line in self.lines}

    @cached_property
    def places(self) -> Mapping[str, Name]:
        """Where each serial number of the book lies, by its `key`."""
        return {key(serial): line.name for line in self.lines for serial in line.serials}


def counting_of(handbook: Handbook) -> tuple[Counting, Mapping[str, Given]]:
    """Give how stock is counted, and the settings of the rule that judges it.

    Raises NoCountingError where the handbook does not say.
    """
    counting = handbook.parts.counting if handbook.parts is not None else None
    rule = handbook.rules.get(counting.rule) if counting is not None else None
    if counting is None or rule is None:
        raise NoCountingError("counting")
    if rule.kind == KIND:
        return counting, rule.given
    for part in rule.all_of:
        if part.kind == KIND:
            return counting, part.given
    raise NoCountingError("counting")


def sites(hearing: Hearing) -> tuple[str, ...]:
    """List the sites whose stores the ledger speaks of."""
    _, given = counting_of(hearing.handbook)
    record = str(given["book"]).partition(".")[0]
    lines = hearing.lines(record)
    here = np.flatnonzero(counted(hearing, given, record))
    return tuple(sorted(set(lines.coded(SITE).rows(here).spelled()) - {""}))


def stock_of(hearing: Hearing, site: str) -> Stock:
    """Gather what lies in the store of a site; lines that name no site are its own.

    Raises NoCountingError where the handbook or the ledger says nothing of it.
    """
    _, given = counting_of(hearing.handbook)
    record, _, book = str(given["book"]).partition(".")
    lines = hearing.lines(record)
    here = np.flatnonzero(counted(hearing, given, record))
    at = [key(text) for text in lines.coded(SITE).rows(here).spelled()]
    here = here[[said in ("", key(site)) for said in at]] if len(here) else here
    if not len(here):
        raise NoCountingError("stock")
    class_ = str(given["class"]).partition(".")[2]
    names = (LOCATION, PART, SERIAL, "part_name", class_, "unit_price", book, "status")
    table = [lines.coded(name).rows(here).spelled() for name in names]
    rows = sorted("\x1f".join(map(key, row)) for row in zip(*table, strict=True))
    digest = "sha256:" + hashlib.sha256("\x1e".join([key(site), *rows]).encode()).hexdigest()
    return Stock(site, _grouped(lines, here, site, class_), digest)


def _grouped(
    lines: Lines, here: np.typing.NDArray[np.intp], site: str, class_: str
) -> tuple[StockLine, ...]:
    """Put the lines of the ledger together that are one line of a count."""
    texts = {
        name: lines.coded(name).rows(here).spelled()
        for name in (LOCATION, PART, SERIAL, "part_name", class_)
    }
    blank = lines.blank(SERIAL)[here]
    price = lines.numbers("unit_price")
    groups: dict[Name, list[int]] = {}
    for n, (location, part) in enumerate(zip(texts[LOCATION], texts[PART], strict=True)):
        groups.setdefault((key(location), key(part)), []).append(n)
    found = []
    for members in groups.values():
        first = members[0]
        cost = next((int(here[n]) for n in members if price.known[here[n]]), None)
        found.append(
            StockLine(
                site,
                texts[LOCATION][first],
                texts[PART][first],
                next((texts["part_name"][n] for n in members if texts["part_name"][n]), ""),
                next((texts[class_][n] for n in members if texts[class_][n]), ""),
                tuple(sorted({texts[SERIAL][n] for n in members if not blank[n]})),
                any(bool(blank[n]) for n in members),
                None if cost is None else Fraction(int(price.units[cost]), 10**price.decimals),
            )
        )
    return tuple(sorted(found, key=lambda line: (line.location, line.part_no)))
