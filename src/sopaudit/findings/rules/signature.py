"""The kind `signature`: a ticket is signed, in time, not by staff, with an image of its own."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Flags, Lines
from sopaudit.findings.rules.case import NOT_APPLICABLE, TYPES, Cases, decided
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE, Ids, alike, shown
from sopaudit.findings.rules.person import on_staff


def signature(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look at the signatures of tickets to which one of `after` happened (AC-09).

    A ticket that has none yet is looked at once one of `before` has happened to it. Of several
    signatures all must be genuine; the first that is not is told.
    """
    record, _, name = str(given["signed"]).partition(".")
    lines = hearing.lines(record)
    begun = hearing.moments(*listed(given["after"]))
    first = begun.first(hearing.size)
    role = str(given["role_in"]).partition(".")[2]
    mine = np.flatnonzero(lines.is_any(role, frozenset(listed(given["role"]))))
    ticket = hearing.records.ticket(record)
    wrong, known = _wrong(hearing, given, lines, np.append(begun.at, NEVER)[
        np.append(first, NONE)[ticket]
    ])  # fmt: skip
    line = np.full(hearing.size, NONE, np.intp)
    chosen = _told(mine, ticket, wrong, known)
    line[: len(chosen)] = chosen
    there = line >= 0
    kind = np.where(there, np.append(wrong, _MISSING)[line], _MISSING)
    holds = there & (kind == _GENUINE)
    surely = ~there | np.append(known, True)[line]
    verdict = decided(hearing.applies_to_tickets(given), surely | (kind != _GENUINE), holds)
    verdict[(first < 0) | (~there & ~_due(hearing, given))] = NOT_APPLICABLE
    at = np.append(lines.times(name), NEVER)[line]
    return Cases(
        verdict,
        np.arange(hearing.size, dtype=np.int32),
        lines=((record, line), (begun.record, np.append(begun.line, NONE)[first])),
        type=_TYPE[kind],
        at=at,
        due=np.append(begun.at, NEVER)[first],
        found=shown(lines.coded(_field(given, "not_staff")), line),
    )


_GENUINE, _TOO_EARLY, _STAFF, _REUSED, _MISSING = range(5)
_TYPE = np.array(
    [TYPES.index(name) for name in ("missing", "too early", "wrong person", "repeated", "missing")],
    np.int8,
)
"""In what way a signature is not genuine."""


def _field(given: Mapping[str, Given], name: str) -> str:
    return str(given[name]).partition(".")[2] if name in given else ""


def _wrong(
    hearing: Hearing, given: Mapping[str, Given], lines: Lines, begun: npt.NDArray[np.datetime64]
) -> tuple[npt.NDArray[np.int8], Flags]:
    """Say of each line what is wrong with it, and whether all that was asked of it is known."""
    at = lines.times(str(given["signed"]).partition(".")[2])
    wrong = np.full(len(lines), _GENUINE, np.int8)
    known = ~np.isnat(at) & ~np.isnat(begun)
    if "image_once" in given:
        image = _field(given, "image_once")
        again = _used_twice(alike([lines.coded(image)])[0], hearing.records.ticket(lines.record))
        wrong[again & ~lines.blank(image)] = _REUSED
        known &= ~lines.blank(image)
    if "not_staff" in given:
        wrong[on_staff(hearing, lines.coded(_field(given, "not_staff")))] = _STAFF
    wrong[known & (at < begun)] = _TOO_EARLY
    return wrong, known


def _used_twice(image: Ids, ticket: npt.NDArray[np.int32]) -> Flags:
    """Say of each line whether its image stands on another ticket as well."""
    pairs = np.unique(np.stack([image, ticket.astype(np.int64)]), axis=1)
    count = np.bincount(pairs[0], minlength=int(image.max(initial=0)) + 1)
    return count[image] > 1


def _told(
    lines: Places, ticket: npt.NDArray[np.int32], wrong: npt.NDArray[np.int8], known: Flags
) -> Places:
    """Choose a line a ticket: a wrong one, else one of which not all is known, else the first."""
    mine = lines[ticket[lines] >= 0]
    rank = np.select([wrong[mine] != _GENUINE, ~known[mine]], [0, 1], 2)
    order = mine[np.lexsort((mine, rank))][::-1]
    line = np.full(int(ticket.max(initial=-1)) + 1, NONE, np.intp)
    line[ticket[order]] = order
    return line


def _due(hearing: Hearing, given: Mapping[str, Given]) -> Flags:
    """Say of each ticket whether its signature must be there by now."""
    if "before" not in given:
        return np.ones(hearing.size, np.bool_)
    ended = hearing.moments(*listed(given["before"]))
    return ended.count(hearing.size) > 0
