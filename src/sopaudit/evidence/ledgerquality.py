"""What is odd in moves and openings, counted before any balance is worked out from them."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.column import Coded
from sopaudit.evidence.habits import key
from sopaudit.evidence.lines import Flags, Lines
from sopaudit.evidence.records import MOVES, Records

OPENING: Final = "opening"
"""The record of what parts were where when the period began."""

PLACE: Final = "place"
"""The field of an opening that says where."""

Oddity = tuple[str, str, Flags]
"""The measure, the field it is about, and the lines that are odd."""


def oddities(records: Records, handbook: Handbook) -> Iterator[Oddity]:
    """Look at moves by what they say of themselves and of the other records of the ledger."""
    lines = records.of(MOVES)
    if MOVES not in records:
        return
    numbers = lines.numbers("qty")
    yield "move_twice", "move_id", _twice(lines, "move_id")
    yield "negative", "qty", numbers.known & (numbers.units < 0)
    one = numbers.units == 10**numbers.decimals
    yield "pieces", "qty", ~lines.blank("serial") & numbers.known & ~one
    others = [records.of(name) for name in _ledger(handbook) if name != MOVES and name in records]
    parts = _named(others, ("part_no",))
    if parts:
        yield "stranger_part", "part_no", ~lines.blank("part_no") & ~_in(lines, "part_no", parts)
    if handbook.offices:
        places = handbook.parts.places if handbook.parts is not None else ()
        told = [*handbook.offices, *(site for place in places for site in place.sites)]
        sites = {*map(key, told), *_named(others, ("site",))}
        named = [~lines.blank(name) for name in ("site_from", "site_to")]
        known = [_in(lines, name, sites) for name in ("site_from", "site_to")]
        yield "stranger_site", "site_from", (named[0] | named[1]) & ~known[0] & ~known[1]


def misplaced(lines: Lines, handbook: Handbook) -> Iterator[Oddity]:
    """Look at lines of an opening, of parts or money, for places the handbook does not know.

    Places are told apart as they are where the opening is read, letter by letter.
    """
    parts, money = handbook.parts, handbook.money
    known: dict[str, set[str]] = {}
    if parts is not None and parts.places:
        known[OPENING] = {place.id for place in parts.places}
    if money is not None and money.opening is not None:
        known[money.opening] = {place.id for place in money.places}
    if lines.record not in known or not lines.has(PLACE):
        return
    cells = lines.coded(PLACE)
    here = {c for c, text in cells.distinct().items() if text in known[lines.record]}
    yield "stranger_place", PLACE, ~lines.blank(PLACE) & ~_flags(cells, here)


def _ledger(handbook: Handbook) -> tuple[str, ...]:
    return handbook.parts.ledger if handbook.parts is not None else ()


def _named(records: list[Lines], fields: tuple[str, ...]) -> set[str]:
    texts = (
        text
        for lines in records
        for field in fields
        if lines.has(field)
        for text in lines.coded(field).distinct().values()
    )
    return {key(text) for text in texts} - {""}


def _in(lines: Lines, field: str, known: set[str]) -> Flags:
    cells = lines.coded(field)
    return _flags(cells, {c for c, text in cells.distinct().items() if key(text) in known})


def _twice(lines: Lines, field: str) -> Flags:
    """Say of each line whether one above it has the same, whatever its width and case."""
    cells = lines.coded(field)
    first: dict[str, int] = {}
    table = {code: first.setdefault(key(text), code) for code, text in cells.distinct().items()}
    alike = cells.table(table, 0)[cells.codes]
    order = np.argsort(alike, kind="stable")
    again = np.zeros(len(lines), np.bool_)
    again[order[1:]] = alike[order[1:]] == alike[order[:-1]]
    return again & ~lines.blank(field)


def _flags(cells: Coded, wanted: set[int]) -> Flags:
    table = np.zeros(max(cells.size, 1), np.bool_)
    table[list(wanted)] = True
    found: Flags = table[cells.codes]
    return found
