"""Moves of an earlier period that are still open, where rules on chains of moves need them.

An opening balance that names the move it came by stands for that move: what was issued last month
and is not back yet is waited for this month too. Rules that follow a move to the next judge such a
line as the move itself; to rules about single moves it is something that happened before, and no
case, because it was judged when it was made. A line of less than nothing stands for the move that
took from an account what was not in it: it may be what another was waited for, and waits for none.
A line of something is the other way round: what its move settled is no longer open. So a move that
is carried at both its ends is one debt and one payment, and not two of each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Coded, Places, from_distinct
from sopaudit.evidence.lines import Flags, Lines
from sopaudit.evidence.records import AT, MOVE, MOVES, Records
from sopaudit.findings.custody.entries import OPENED
from sopaudit.findings.rules.case import NOT_APPLICABLE, Cases
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE
from sopaudit.findings.rules.part import QUANTITY, STATUS, STATUS_FROM, STATUS_TO

Decide = Callable[[Hearing, Mapping[str, Given]], Cases]

_FROM: Final = {
    "site_from": "site",
    "site_to": "site",
    AT: "since",
}
"""Fields of a move, and those of the opening that say the same; the others have one name."""


@dataclass(frozen=True, eq=False)
class _Wide:
    """A hearing whose moves are followed by the open moves of the opening."""

    hearing: Hearing
    own: int
    """How many moves there are without them."""

    opened: Places
    """The lines of the opening the others stand for."""


def carrying(decide: Decide, *, judged: bool) -> Decide:
    """Let a kind of rule see the open moves of the opening; say whether they are cases of it."""

    def decided(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
        wide = _wide(hearing)
        if wide is None:
            return decide(hearing, given)
        cases = decide(wide.hearing, given)
        if cases.lines and not judged:
            silent = cases.lines[0][1] >= wide.own
            verdict = np.where(silent, np.int8(NOT_APPLICABLE), cases.verdict)
            cases = replace(cases, verdict=verdict)
        return replace(cases, lines=tuple(_lines(wide, cases)))

    return decided


def waiting(hearing: Hearing, moves: Places) -> Places:
    """Choose of some moves those another may be waited for: all but what only took."""
    return moves[~_told(hearing, _TOOK)[moves]]


def settling(hearing: Hearing, moves: Places) -> Places:
    """Choose of some moves those that may settle another: all but what only put."""
    return moves[~_told(hearing, _PUT)[moves]]


_TOOK: Final = "carried, took"
_PUT: Final = "carried, put"


def _told(hearing: Hearing, name: str) -> Flags:
    nothing = np.zeros(len(hearing.lines(MOVES)), np.bool_)
    found = hearing.kept.get(name, nothing)
    return found if isinstance(found, np.ndarray) else nothing


def _lines(wide: _Wide, cases: Cases) -> list[tuple[str, Places]]:
    """Name the line of the opening where a case names the move it stands for."""
    found: list[tuple[str, Places]] = []
    for record, line in cases.lines:
        if record != MOVES:
            found.append((record, line))
            continue
        found.append((MOVES, np.where(line < wide.own, line, NONE)))
        if (line >= wide.own).any():
            place = np.append(wide.opened, NONE)[np.where(line < wide.own, -1, line - wide.own)]
            found.append((OPENED, place))
    return found


def _wide(hearing: Hearing) -> _Wide | None:
    if "carried" not in hearing.kept:
        hearing.kept["carried"] = _widened(hearing)
    found = hearing.kept["carried"]
    return found if isinstance(found, _Wide) else None


def _widened(hearing: Hearing) -> _Wide | None:
    opening, moves = hearing.lines(OPENED), hearing.lines(MOVES)
    opened = np.flatnonzero(~opening.blank(MOVE))
    if not len(opened):
        return None
    open_ = opening.take(opened)
    names = {*moves.columns, *(name for name in open_.columns if name != "since"), *_FROM}
    columns = {n: _joined(moves.coded(n), _of(open_, n)) for n in sorted(names)}
    columns |= _owed(hearing, moves, open_)
    took = _below(open_)
    for name, says in ((STATUS_FROM, took), (STATUS_TO, ~took)):
        columns[name] = _joined(moves.coded(name), _where(says, open_.coded(STATUS)))
    columns[QUANTITY] = _joined(moves.coded(QUANTITY), _unsigned(open_.coded(QUANTITY)))
    row = np.concatenate([moves.row, open_.row])
    lines = Lines(MOVES, columns, row, moves.file, moves.zone, moves.form)
    at = np.concatenate([moves.times(AT), open_.times("since")])
    records = Records(
        {**hearing.records.lines, MOVES: lines.timed(AT, at)},
        hearing.records.office,
        hearing.records.zone,
        hearing.records.missing,
    )
    wide = Hearing(hearing.handbook, records, hearing.now)
    own = np.zeros(len(moves), np.bool_)
    wide.kept[_TOOK] = np.concatenate([own, took])
    wide.kept[_PUT] = np.concatenate([own, ~took])
    return _Wide(wide, len(moves), opened)


def _unsigned(cells: Coded) -> Coded:
    """Say how much an account is below zero as what was taken from it."""
    said = cells.distinct()
    texts = list(dict.fromkeys(text.lstrip("-") for text in said.values())) or [""]
    table = {code: texts.index(text.lstrip("-")) for code, text in said.items()}
    return from_distinct(cells.table(table, 0)[cells.codes], texts)


def _where(says: Flags, cells: Coded) -> Coded:
    """Leave out what some lines say."""
    texts = list(dict.fromkeys(["", *cells.distinct().values()]))
    table = {code: texts.index(text) for code, text in cells.distinct().items()}
    return from_distinct(np.where(says, cells.table(table, 0)[cells.codes], 0), texts)


def _below(opening: Lines) -> Flags:
    quantity = opening.numbers("qty")
    found: Flags = quantity.known & (quantity.units <= 0)
    return found


def _of(opening: Lines, name: str) -> Coded:
    return opening.coded(_FROM.get(name, name))


def _owed(hearing: Hearing, moves: Lines, opening: Lines) -> dict[str, Coded]:
    """Say of what is owed back that it is: the field that makes a move owe it is filled."""
    parts = hearing.handbook.parts
    found: dict[str, Coded] = {}
    for owes in (move.owes for move in (parts.moves if parts is not None else ())):
        if owes is not None:
            there = opening.is_any("place", frozenset((owes.place,))).astype(np.int32)
            found[owes.when] = _joined(moves.coded(owes.when), from_distinct(there, ["", "yes"]))
    return found


def _joined(one: Coded, other: Coded) -> Coded:
    """Put two columns one after the other."""
    known: dict[str, int] = {}
    parts = []
    for cells in (one, other):
        table = {c: known.setdefault(text, len(known)) for c, text in cells.distinct().items()}
        parts.append(cells.table(table, 0)[cells.codes] if cells.size else cells.codes)
    return from_distinct(np.concatenate(parts), list(known) or [""])
