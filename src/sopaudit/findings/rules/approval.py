"""The kind `approved`: by someone who may, up to the amount he may, with a reason."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given, listed
from sopaudit.evidence.column import Coded, Places, from_distinct
from sopaudit.evidence.lines import Flags, Lines
from sopaudit.evidence.records import AT, MOVES
from sopaudit.findings.rules.book import booked
from sopaudit.findings.rules.case import NOT_APPLICABLE, TYPES, UNKNOWN, Cases, decided
from sopaudit.findings.rules.closing import either
from sopaudit.findings.rules.hearing import DONT_KNOW, YES, Hearing
from sopaudit.findings.rules.key import called, shown
from sopaudit.findings.rules.lookup import joined_by, looked_up
from sopaudit.findings.rules.occasion import end_of_day
from sopaudit.findings.rules.pair import Dated, any_of, latest
from sopaudit.findings.rules.part import MOVE_ID, SITE, SITE_FROM, SITE_TO, moved
from sopaudit.findings.rules.person import may_approve


def approved(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look who approved each line, and whether he may (AC-36, PR-03, PR-27).

    The amount, or the product of several, says how high up it must be; where `highest_when` holds
    only the last of the roles may. A line whose two `differs` are the same needs no approval, and
    neither does one to which nothing belongs that `only` chooses. With `moves` each of these moves
    is a case, and what approves it is the last line before it that is alike in the columns of `on`.
    """
    if "moves" in given:
        return _of_moves(hearing, given)
    record, _, name = str(given["by"]).partition(".")
    lines = hearing.lines(record)
    line = np.arange(len(lines))
    roles = listed(given["roles"])
    level = may_approve(hearing, lines.coded(name), roles)
    needed, sure, there = _needed(hearing, given, record, len(roles))
    blank = lines.blank(name)
    reason = _reason(hearing, given, record)
    highest = level == len(roles) - 1
    allowed = highest | (sure & (level >= needed))
    known = sure | highest | (level < 0)
    if hearing.required(f"{record}.{name}"):
        known &= ~blank
    verdict = decided(hearing.applies(given, record, line), known, allowed & ~blank & reason)
    needless, unsure = _needless(hearing, given, record)
    verdict[unsure & (verdict != NOT_APPLICABLE)] = UNKNOWN
    verdict[needless | ~there] = NOT_APPLICABLE
    lacking = blank | ~reason
    kind = np.where(lacking, TYPES.index("missing"), TYPES.index("wrong person"))
    return Cases(
        verdict,
        hearing.records.ticket(record),
        lines=((record, line),),
        type=kind.astype(np.int8),
        found=lines.coded(name),
        expected=_role(roles, needed),
        person=lines.coded(name),
    )


def _of_moves(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hear it of moves: a line of the day of the move still counts as before it."""
    lines, (record, _, name) = hearing.lines(MOVES), str(given["by"]).partition(".")
    there, line = hearing.lines(record), moved(lines, given, "moves")
    mine, theirs, said = joined_by(listed(given["on"]), _sited(lines), line, there)
    at, when = lines.times(AT)[line], there.times(AT)
    paper = latest(Dated(mine, end_of_day(at)), Dated(theirs, when))
    dark = np.isnat(at) | ~said | (any_of(mine, theirs[np.isnat(when)]) >= 0)
    dark |= _anywhere(given, lines, line, there)
    blank = np.append(there.blank(name), True)[paper]
    lacking = blank | ~np.append(_reason(hearing, given, record), False)[paper]
    roles = listed(given["roles"])
    approver = shown(there.coded(name), paper)
    level = may_approve(hearing, approver, roles)
    priced = {**given, "on": given.get("amount_on", given["on"])}
    height, known_height, _ = _needed(hearing, priced, MOVES, len(roles))
    needed, sure = height[line], known_height[line]
    highest = level == len(roles) - 1
    known = np.where(paper < 0, ~dark, lacking | sure | highest | (level < 0))
    allowed = ~lacking & (highest | (sure & (level >= needed)))
    kind = np.where(lacking, TYPES.index("missing"), TYPES.index("wrong person"))
    kind[paper < 0] = TYPES.index("no counterpart")
    ticket = hearing.records.ticket(MOVES)[line]
    return Cases(
        decided(hearing.applies(given, MOVES, line), known, allowed),
        ticket,
        lines=((MOVES, line), (record, paper)),
        names=called(hearing, ticket, lines.coded(MOVE_ID).rows(line)),
        type=kind.astype(np.int8),
        at=at,
        found=approver,
        expected=_role(roles, needed),
        person=approver,
    )


def _sited(lines: Lines) -> Lines:
    """Give moves with the site they are made at: where they take from, else where they put."""
    if not (lines.has(SITE_FROM) or lines.has(SITE_TO)):
        return lines
    site = either(lines.coded(SITE_FROM), lines.coded(SITE_TO))
    columns = {**lines.columns, SITE: site}
    return Lines(lines.record, columns, lines.row, lines.file, lines.zone, lines.form)


def _anywhere(given: Mapping[str, Given], lines: Lines, line: Places, there: Lines) -> Flags:
    """Say of each move whether it might belong to a line, were it known at which site one is.

    Nor is anything known of one that says nothing but its site.
    """
    names, own = listed(given["on"]), _sited(lines)
    if SITE not in names or not (own.has(SITE) and there.has(SITE)):
        return np.zeros(len(line), np.bool_)
    mine, theirs, said = joined_by([n for n in names if n != SITE], own, line, there)
    nowhere = any_of(mine, theirs[there.blank(SITE)]) >= 0
    return ~said | nowhere | (own.blank(SITE)[line] & (any_of(mine, theirs) >= 0))


def _needed(
    hearing: Hearing, given: Mapping[str, Given], record: str, roles: int
) -> tuple[npt.NDArray[np.int64], Flags, Flags]:
    """Say of each line how far up its approval must be, whether that is sure, and if it is due."""
    size = len(hearing.lines(record))
    needed, sure = np.zeros(size, np.int64), np.ones(size, np.bool_)
    there = np.ones(size, np.bool_)
    units, decimals = np.ones(size, np.int64), 0
    for field in listed(given.get("amount", ())):
        found = looked_up(hearing, given, record, field, add=False)
        units, decimals = units * np.abs(found.units), decimals + found.decimals
        sure &= found.known & (found.line >= 0)
        if "only" in given:
            there &= found.line >= 0
    bounds = [number(word) for word in listed(given.get("up_to", ()))]
    for bound in bounds if "amount" in given else ():
        if bound is not None:
            needed += units * bound.denominator > bound.numerator * 10**decimals
    needed = np.minimum(needed, roles - 1)
    for condition in listed(given.get("highest_when", ())):
        held = hearing.holds(condition, record)
        needed[held == YES] = roles - 1
        sure = (sure & (held != DONT_KNOW)) | (held == YES)
    return needed, sure, there


def _needless(hearing: Hearing, given: Mapping[str, Given], record: str) -> tuple[Flags, Flags]:
    """Say of each line whether two numbers are the same, and whether that cannot be told."""
    size = len(hearing.lines(record))
    nothing = np.zeros(size, np.bool_)
    if "differs" not in given:
        return nothing, nothing
    one, other = (booked(hearing, given, record, field) for field in listed(given["differs"]))
    shift = max(one.decimals, other.decimals)
    left, right = (x.units * 10 ** (shift - x.decimals) for x in (one, other))
    known = one.known & other.known
    return known & (left == right), ~known


def _reason(hearing: Hearing, given: Mapping[str, Given], record: str) -> Flags:
    if "reason" not in given:
        return np.ones(len(hearing.lines(record)), np.bool_)
    return ~hearing.lines(record).blank(str(given["reason"]).partition(".")[2])


def _role(roles: tuple[str, ...], needed: npt.NDArray[np.int64]) -> Coded:
    return from_distinct(needed.astype(np.int32), list(roles))
