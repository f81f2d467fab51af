"""Kinds about money that lies somewhere: `kept_at_most` and `passed_on` (ADM-04-2).

Where it lies is told by the double entry of `findings.money`. A book that never lets money out of
the place does not say what became of it, so there are no cases.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.duration import duration
from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Places
from sopaudit.evidence.lines import NEVER, Times
from sopaudit.findings.money.fifo import NOTHING
from sopaudit.findings.money.flow import EARLIEST, Postings
from sopaudit.findings.money.money import Held, Money, money_of
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    NOT_APPLICABLE,
    TYPES,
    UNKNOWN,
    Cases,
    Measure,
    of_type,
)
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.key import NONE
from sopaudit.findings.rules.limit import time_of_day


def kept_at_most(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold what lies in a place at the close of each day with a move against a limit."""
    money = money_of(hearing.records, hearing.handbook, hearing.now)
    held = money.held(str(given["place"]))
    if not len(held.went):
        return _none()
    limit = number(str(given["at_most"]))
    assert limit is not None  # noqa: S101 -- the handbook is read with it
    posted, net = _joined(held)
    order = np.lexsort((posted.line, posted.at, posted.person, posted.site))
    posted, net = posted.take(order), net[order]
    account = posted.site.astype(np.int64) * (int(posted.person.max(initial=0)) + 1) + posted.person
    day = posted.at.astype("datetime64[D]")
    total = np.cumsum(net)
    begins = np.searchsorted(account, account, "left")
    total = total - (total - net)[begins]
    last = np.ones(len(posted), np.bool_)
    last[:-1] = (account[1:] != account[:-1]) | (day[1:] != day[:-1])
    here = np.flatnonzero(last)
    closing = total[here]
    over = closing * limit.denominator > limit.numerator * 10**money.decimals
    bound = limit.numerator * 10**money.decimals // limit.denominator
    verdict = np.where(over, NONCONFORMING, CONFORMING).astype(np.int8)
    verdict[posted.at[here] == EARLIEST] = UNKNOWN
    names = [
        f"{site} {_day(at)}".strip()
        for site, at in zip(
            money.flow.names["site"].spelled(posted.site[here]), posted.at[here], strict=True
        )
    ]
    return Cases(
        verdict,
        np.full(len(here), NONE, np.int32),
        lines=_lines(money, posted.take(here)),
        names=names,
        type=of_type("too many", len(here)),
        at=posted.at[here],
        measure=Measure(closing, "number", money.decimals),
        late=np.where(over, closing - bound, 0),
    )


def passed_on(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Look whether all money put into a place has left it in time, first in, first out.

    A case is a line that put some in; it is judged by the last of it to leave, and where some never
    did, once its time has passed. What nobody dates is unknown.
    """
    money = money_of(hearing.records, hearing.handbook, hearing.now)
    held = money.held(str(given["place"]))
    if not len(held.went):
        return _none()
    came, pieces = held.came, held.pieces
    within = duration(given["within"])
    assert within is not None  # noqa: S101 -- the handbook is read with it
    clock = hearing.clock()
    start = np.where(came.at == EARLIEST, NEVER, came.at)
    due = clock.due(start, within)
    if "by" in given:
        day: Times = due.astype("datetime64[D]").astype("datetime64[us]")
        due = np.where(np.isnat(due), NEVER, day + _micros(str(given["by"])))
    here = np.flatnonzero(pieces.came != NOTHING)
    gone = np.append(held.went.at, NEVER)[pieces.went[here]]
    last = np.full(len(came), EARLIEST)
    left = ~np.isnat(gone)
    np.maximum.at(last, pieces.came[here][left], gone[left])
    stays = np.zeros(len(came), np.bool_)
    stays[pieces.came[here][pieces.went[here] == NOTHING]] = True
    by = np.full(len(came), NONE, np.intp)
    for piece in (last[pieces.came[here]] == gone).nonzero()[0].tolist():
        by[pieces.came[here][piece]] = held.went.line[pieces.went[here][piece]]
    done: Times = np.where(stays, NEVER, last)
    verdict = np.select(
        [np.isnat(due), stays & (due >= hearing.now), stays | (done > due)],
        [UNKNOWN, NOT_APPLICABLE, NONCONFORMING],
        CONFORMING,
    ).astype(np.int8)
    kept = np.flatnonzero(came.amount > 0)
    kind = np.where(stays, TYPES.index("never done"), TYPES.index("late")).astype(np.int8)
    verdict, kind, by = verdict[kept], kind[kept], by[kept]
    done, due = done[kept], due[kept]
    posted = came.take(kept)
    lines = (*_lines(money, posted), (money.flow.rules.book, np.where(stays[kept], NONE, by)))
    end = np.where(np.isnat(done), hearing.now, done)
    return Cases(
        verdict,
        _ticket(money, posted),
        lines=lines,
        names=money.flow.names["receipt"].spelled(posted.receipt),
        type=kind,
        at=np.where(np.isnat(done), due, done),
        due=due,
        late=np.where(np.isnat(due), 0, (end - due).astype(np.int64)),
    )


def _joined(held: Held) -> tuple[Postings, npt.NDArray[np.int64]]:
    """Put what came and what went together; what went is negative."""
    both = {
        name: np.concatenate([getattr(held.came, name), getattr(held.went, name)])
        for name in Postings.__dataclass_fields__
    }
    return Postings(**both), np.concatenate([held.came.amount, -held.went.amount])


def _lines(money: Money, posted: Postings) -> tuple[tuple[str, Places], ...]:
    """Give the line of the book, or of the openings, each posting comes from."""
    book, opening = money.flow.records_read
    found = [(book, np.where(posted.record == 0, posted.line, NONE))]
    if opening:
        found.append((opening, np.where(posted.record == 1, posted.line, NONE)))
    return tuple(found)


def _ticket(money: Money, posted: Postings) -> npt.NDArray[np.int32]:
    book, opening = money.flow.records_read
    found = np.full(len(posted), NONE, np.int32)
    for record, index in ((book, 0), (opening, 1)):
        mine = posted.record == index
        if mine.any():
            found[mine] = money.records.ticket(record)[posted.line[mine]]
    return found


def _micros(by: str) -> np.timedelta64:
    return np.timedelta64(time_of_day(by), "us")


def _none() -> Cases:
    return Cases(np.empty(0, np.int8), np.empty(0, np.int32))


def _day(at: np.datetime64) -> str:
    return "" if at == EARLIEST else str(at.astype("datetime64[D]"))
