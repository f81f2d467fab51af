"""Kinds that look at many tickets together: `share_reached`, `value_limit`, `load_spread`."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.field import number
from sopaudit.criteria.rule import Given
from sopaudit.evidence.column import Places, constant, from_distinct
from sopaudit.evidence.lines import NEVER, Lines
from sopaudit.evidence.records import ACTOR, AT, EVENTS
from sopaudit.findings.rules.case import (
    CONFORMING,
    NONCONFORMING,
    NOT_APPLICABLE,
    NOTHING,
    TYPES,
    UNKNOWN,
    Cases,
    Measure,
    of_type,
)
from sopaudit.findings.rules.clock import EARLIEST
from sopaudit.findings.rules.count import count_of
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.limit import clock_of, length_of
from sopaudit.findings.rules.occasion import happened, once


def exactly(given: Mapping[str, Given], key: str) -> Fraction:
    """Read a setting as a number or a share, exactly."""
    found = number(str(given[key]))
    assert found is not None  # noqa: S101 -- a handbook with other words is not loaded
    return found


def _office(
    hearing: Hearing, verdict: int, name: str, lines: tuple[tuple[str, Places], ...], said: str
) -> dict[str, object]:
    return {
        "verdict": np.array([verdict], np.int8),
        "ticket": np.array([-1], np.int32),
        "names": [hearing.records.office],
        "type": of_type(name, 1),
        "lines": lines,
        "found": constant(said, 1),
    }


# --- share_reached --------------------------------------------------------------------------------


def share_reached(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Count for how many of the tickets something was done; the case is the office.

    `found` tells k and n. With `within`, a ticket counts once so long has passed, or it is done.
    Tickets of which it is not known whether they count leave the case unknown where they could
    decide it.
    """
    whole, done = once(hearing, [str(given["of"])]), once(hearing, [str(given["done"])])
    applies = hearing.applies_to_tickets(given)
    ripe = whole.there
    length = length_of(given, "within")
    if length is not None:
        due = clock_of(hearing, given).due(whole.at, length)
        ripe = ripe & (done.there | ~(due >= hearing.now))
    sure = ripe & (applies == 1)
    k, n = int((sure & done.there).sum()), int(sure.sum())
    doubt = ripe & (applies < 0)
    good, bad = int((doubt & done.there).sum()), int((doubt & ~done.there).sum())
    share = exactly(given, "at_least")
    outcomes = {_reached(k + good, n + good, share), _reached(k, n + bad, share)}
    verdict = outcomes.pop() if len(outcomes) == 1 else UNKNOWN
    missed = np.flatnonzero(sure & ~done.there)[:1]
    record, line = whole.lines[0]
    shown = line[missed] if len(missed) else np.array([-1], np.intp)
    short = -(-(share * n - k) // 1)
    return Cases(
        **_office(hearing, verdict, "too few", ((record, shown),), f"{k}/{n}"),  # type: ignore[arg-type]
        measure=Measure(np.array([k], np.int64), "number"),
        late=np.array([short if verdict == NONCONFORMING else NOTHING], np.int64),
    )


def _reached(k: int, n: int, share: Fraction) -> int:
    if not n:
        return NOT_APPLICABLE
    return CONFORMING if k >= share * n else NONCONFORMING


# --- value_limit ----------------------------------------------------------------------------------


def value_limit(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold the sum of a field over all lines that count against a limit; the case is the office.

    `found` tells the sum and the limit. A line without a number leaves it unknown, unless the limit
    is passed all the same. With `from`, and `until` where it ends, the sum is that of the moment at
    which most was out; a line that does not say since when was always out.
    """
    record, _, name = str(given["value"]).partition(".")
    lines = hearing.lines(record)
    applies = hearing.applies(given, record, np.arange(len(lines)))
    numbers = lines.numbers(name)
    counts = (applies == 1) & numbers.known
    units = numbers.units[counts].sum()
    if "from" in given:
        units = _most(hearing, given, lines, np.flatnonzero(counts), numbers.units)
    total = Fraction(int(units), 10**numbers.decimals)
    limit = exactly(given, "of") * exactly(given, "at_most")
    hidden = ((applies == 1) & ~numbers.known).any() or (applies < 0).any()
    verdict = NONCONFORMING if total > limit else UNKNOWN if hidden else CONFORMING
    if not (applies != 0).any():
        verdict = NOT_APPLICABLE
    largest = np.argmax(np.where(counts, numbers.units, -1)) if len(lines) else -1
    shown = np.array([largest], np.intp)
    over = -(-((total - limit) * 10**numbers.decimals) // 1)
    said = f"{_plain(total)}/{_plain(limit)}"
    return Cases(
        **_office(hearing, verdict, "too many", ((record, shown),), said),  # type: ignore[arg-type]
        measure=Measure(np.array([units], np.int64), "number", numbers.decimals),
        late=np.array([over if verdict == NONCONFORMING else NOTHING], np.int64),
    )


def _most(
    hearing: Hearing,
    given: Mapping[str, Given],
    lines: Lines,
    line: Places,
    units: npt.NDArray[np.int64],
) -> np.int64:
    """Give the largest sum of what was out at one time, up to now; what comes back goes first."""
    begun, ended = (
        lines.times(str(given[name]).partition(".")[2])[line]
        if name in given
        else np.full(len(line), NEVER)
        for name in ("from", "until")
    )
    begun = np.where(np.isnat(begun), EARLIEST.astype("datetime64[us]"), begun)
    out, back = begun <= hearing.now, ended <= hearing.now
    at = np.concatenate([begun[out], ended[out & back]])
    change = np.concatenate([units[line[out]], -units[line[out & back]]])
    order = np.lexsort((change, at))
    return np.int64(np.cumsum(change[order]).max(initial=0))


def _plain(value: Fraction) -> str:
    whole = value.numerator // value.denominator
    return str(whole) if value == whole else f"{float(value):.2f}"


# --- load_spread ----------------------------------------------------------------------------------


def load_spread(hearing: Hearing, given: Mapping[str, Given]) -> Cases:
    """Hold what each person does in a day of work against the mean of all; a case is a person.

    The mean is that of the team: all that was done over all days worked, of those who worked enough
    days. A day is worked by whoever has an event of any sort on it. `found` tells both per day.
    """
    lines = hearing.lines(EVENTS)
    people, names = _people(hearing)
    at = lines.times(AT)
    seen = (people >= 0) & ~np.isnat(at) & ~(at > hearing.now)
    days = _days_worked(people[seen], at[seen], len(names))
    done = happened(hearing, str(given["event"]))
    ruled = hearing.applies(given, EVENTS, done.line) == 1
    whose = people[done.line]
    whose = whose[ruled & (whose >= 0)]
    visits = np.bincount(whose, minlength=len(names))
    doing = np.flatnonzero(visits > 0)
    names, visits, days = [names[n] for n in doing.tolist()], visits[doing], days[doing]
    enough = days >= (count_of(given, "days_at_least") or 1)
    total, whole = int(visits[enough].sum()), int(days[enough].sum())
    share = exactly(given, "within")
    # |visits/days - total/whole| <= share * total/whole, in whole numbers.
    apart = visits * whole - total * days
    over = np.abs(apart) * share.denominator > share.numerator * total * days
    verdict = np.select([~enough, over], [NOT_APPLICABLE, NONCONFORMING], CONFORMING).astype(
        np.int8
    )
    texts = [
        f"{v}/{d} : {total}/{whole}" for v, d in zip(visits.tolist(), days.tolist(), strict=True)
    ]
    first = _first_line(people[done.line], done.line, doing)
    return Cases(
        verdict,
        np.full(len(names), -1, np.int32),
        lines=((EVENTS, first),),
        names=names,
        type=np.where(apart > 0, TYPES.index("too many"), TYPES.index("too few")).astype(np.int8),
        measure=Measure(visits.astype(np.int64), "number"),
        late=np.full(len(names), NOTHING),
        found=from_distinct(np.arange(len(names)), texts),
        person=from_distinct(np.arange(len(names)), names),
    )


def _people(hearing: Hearing) -> tuple[npt.NDArray[np.int32], list[str]]:
    """Give who did each event, as an index into names; -1 for nobody."""
    cells = hearing.lines(EVENTS).coded(ACTOR)
    blank = hearing.lines(EVENTS).blank(ACTOR)
    names = sorted(set(cells.distinct().values()))
    place = {name: n for n, name in enumerate(names)}
    codes = cells.table({code: place[text] for code, text in cells.distinct().items()})
    found: npt.NDArray[np.int32] = np.where(blank, -1, codes[cells.codes]).astype(np.int32)
    return found, names


def _days_worked(
    people: npt.NDArray[np.int32], at: npt.NDArray[np.datetime64], count: int
) -> npt.NDArray[np.int64]:
    day = at.astype("datetime64[D]").astype(np.int64)
    order = np.lexsort((day, people))
    people, day = people[order], day[order]
    new = np.ones(len(people), np.bool_)
    new[1:] = (people[1:] != people[:-1]) | (day[1:] != day[:-1])
    return np.bincount(people[new], minlength=count)


def _first_line(people: npt.NDArray[np.int32], line: Places, doing: Places) -> Places:
    found = np.full(int(max(doing.max(initial=-1), people.max(initial=-1))) + 1, -1, np.intp)
    mine = people >= 0
    found[people[mine][::-1]] = line[mine][::-1]
    return found[doing]
