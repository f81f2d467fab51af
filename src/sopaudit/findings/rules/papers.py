"""Kinds about what stands behind a move: `papers` it must have, and what it was `preceded` by."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import duration
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Lines, Times
from sopaudit.evidence.records import AT, MOVES
from sopaudit.findings.rules.case import NOTHING, Cases, Measure, decided, of_type
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, Ids, alike, called, columns, empty, totals
from sopaudit.findings.rules.lookup import joined_by
from sopaudit.findings.rules.pair import Dated, any_of, latest
from sopaudit.findings.rules.part import MOVE_ID, PART, QUANTITY, SERIAL, moved


def papers(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether each move has its line in another record (PR-20, PR-28, PR-32).

    A line that says in `first_on` which move it is of belongs to that move alone. The rest go
    together by the columns of `on`, the earliest move first, and no line covers more pieces than
    it says; where its record keeps no quantities, one. A move that says nothing of them is unknown.
    """
    lines, there = hearing.lines(MOVES), hearing.lines(str(given["in"]))
    line = moved(lines, given, "move")
    paper, free = _numbered(given, lines, line, there)
    mine, theirs, said = joined_by(listed(given["on"]), lines, line, there)
    rest = np.flatnonzero((paper < 0) & said)
    spare = np.flatnonzero(free)
    paper[rest] = _covering(lines, line[rest], mine[rest], there, spare, theirs[spare])
    ticket = hearing.records.ticket(MOVES)[line]
    return Cases(
        decided(hearing.applies(given, MOVES, line), (paper >= 0) | said, paper >= 0),
        ticket,
        lines=((MOVES, line), (there.record, paper)),
        names=called(hearing, ticket, lines.coded(MOVE_ID).rows(line)),
        type=of_type("no counterpart", len(line)),
        at=lines.times(AT)[line],
    )


def _numbered(
    given: Mapping[str, Given], lines: Lines, line: Places, there: Lines
) -> tuple[Places, Flags]:
    """Give the paper that names each move, and say which papers are still free."""
    names = listed(given.get("first_on", ()))
    if not names:
        return np.full(len(line), NONE, np.intp), np.ones(len(there), np.bool_)
    mine, theirs = alike(columns(lines, names, line), columns(there, names))
    theirs = np.where(empty(there, names), NONE, theirs)
    paper = np.where(empty(lines, names)[line], NONE, any_of(mine, theirs))
    return paper.astype(np.intp), ~np.isin(theirs, mine)


def _covering(  # noqa: PLR0913, PLR0917 -- both sides: their lines, which of them, and their keys
    lines: Lines, line: Places, mine: Ids, there: Lines, spare: Places, theirs: Ids
) -> Places:
    """Find for each move a paper of its key, while there are pieces left on them."""
    if not len(line) or not len(spare):
        return np.full(len(line), NONE, np.intp)
    size = int(max(mine.max(initial=0), theirs.max(initial=0))) + 1
    decimals = max(each.numbers(QUANTITY).decimals for each in (lines, there))
    asked = _pieces(lines, decimals)[line]
    offered = totals(theirs, _pieces(there, decimals)[spare], size)
    order = np.lexsort((line, lines.times(AT)[line], mine))
    key, running = mine[order], np.cumsum(asked[order])
    first = np.searchsorted(key, key, "left")
    so_far = np.empty(len(line), np.int64)
    so_far[order] = running - (running - asked[order])[first]
    found = np.append(spare, NONE)[any_of(mine, theirs)]
    return np.where(so_far <= offered[mine], found, NONE).astype(np.intp)


def _pieces(lines: Lines, decimals: int) -> npt.NDArray[np.int64]:
    """Give how much each line is about, one piece where it does not say."""
    numbers = lines.numbers(QUANTITY)
    return np.where(numbers.known, numbers.at(decimals), 10**decimals)


def preceded(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether each move came within so long of another of the same piece (PR-22).

    Where no such move is on record, the day `since` counts; without either, and for parts without
    serial numbers, nothing is known.
    """
    lines = hearing.lines(MOVES)
    line, by = moved(lines, given, "move"), moved(lines, given, "by")
    at, piece = lines.times(AT), alike(columns(lines, (PART, SERIAL)))[0]
    before = latest(Dated(piece[line], at[line]), Dated(piece[by], at[by]))
    proof = [(MOVES, line), (MOVES, np.append(by, NONE)[before])]
    begun: Times = np.append(at[by], NEVER)[before]
    if "since" in given:
        record, _, name = str(given["since"]).partition(".")
        there = hearing.lines(record)
        mine, theirs = alike(columns(lines, (PART, SERIAL), line), columns(there, (PART, SERIAL)))
        row = any_of(mine, theirs)
        since = np.append(there.times(name), NEVER)[row]
        proof.append((record, np.where(np.isnat(begun), row, NONE)))
        begun = np.where(np.isnat(begun), since, begun)
    length = duration(given["at_most"])
    assert length is not None  # noqa: S101 -- the setting is required
    due = hearing.clock().due(begun, length)
    known = ~lines.blank(SERIAL)[line] & ~np.isnat(at[line]) & ~np.isnat(begun)
    took, late = ((at[line] - t).astype(np.int64) for t in (begun, due))
    ticket = hearing.records.ticket(MOVES)[line]
    return Cases(
        decided(hearing.applies(given, MOVES, line), known, at[line] <= due),
        ticket,
        lines=tuple(proof),
        names=called(hearing, ticket, lines.coded(MOVE_ID).rows(line)),
        type=of_type("late", len(line)),
        at=at[line],
        due=due,
        measure=Measure(np.where(known, took, NOTHING), "us"),
        late=np.where(known & (late > 0), late, NOTHING),
        found=lines.coded(SERIAL).rows(line),
    )
