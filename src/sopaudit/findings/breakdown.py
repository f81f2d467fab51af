"""Where cases go wrong more often than elsewhere: by office, post, person, weekday and hour.

A case is what a rule decided, conforming or not; where no rule was heard, it is an event of the
log, or a step that was left out. Each case counts once in every dimension, under the empty key
where nobody knows, so the cases of any dimension add up to all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.evidence.column import Coded, Places, constant, from_distinct
from sopaudit.evidence.eventlog import EventLog
from sopaudit.evidence.lines import NEVER, Flags, Times
from sopaudit.evidence.records import ACTOR, AT, POST, TICKETS, Records
from sopaudit.findings.deviation import STEP_TYPES
from sopaudit.findings.intervals import wilson
from sopaudit.findings.rules.case import NONCONFORMING, Cases
from sopaudit.findings.rules.engine import RuleResult

OFFICE: Final = "office"
PERSON: Final = "person"
WEEKDAY: Final = "weekday"
HOUR: Final = "hour"
DIMENSIONS: Final = (OFFICE, POST, PERSON, WEEKDAY, HOUR)
"""Keys of the last two are `1` (Monday) to `7` and `00` to `23`."""

LEAST: Final = 20
"""With fewer cases here or elsewhere no lift is told: one case more would move the share by more
than five percent."""


@dataclass(frozen=True, eq=False)
class Facets:
    """Decided cases, and whose, when and where each was."""

    bad: Flags
    """Per case: it does not conform."""

    of: Mapping[str, Coded]
    """Per dimension: the key of each case."""

    def __len__(self) -> int:
        return len(self.bad)


@dataclass(frozen=True)
class Slice:
    """The cases of one key of a dimension, beside those of all other keys.

    Cases of which nobody knows the key are a slice too, so that sums come out; they are compared
    with nothing, and nothing is with them.
    """

    key: str
    cases: int
    bad: int
    cases_elsewhere: int
    bad_elsewhere: int
    least: int = LEAST

    @property
    def rate(self) -> Fraction:
        """The share that does not conform; a slice has at least one case."""
        return Fraction(self.bad, self.cases)

    @property
    def guarded(self) -> bool:
        """Whether there are too few cases here, or elsewhere, to compare them."""
        return not self.key or min(self.cases, self.cases_elsewhere) < self.least

    @property
    def lift(self) -> Fraction | None:
        """The rate here over the rate elsewhere; None where guarded, or where all is well there."""
        if self.guarded or not self.bad_elsewhere:
            return None
        return self.rate / Fraction(self.bad_elsewhere, self.cases_elsewhere)

    @property
    def apart(self) -> int:
        """Say whether this is more than chance may bring: 1 worse, -1 better, 0 neither.

        It is where the 95 % intervals (Wilson) of here and elsewhere do not meet. That asks more
        than a test of the difference at 95 % would, on purpose: dozens of slices are looked at, and
        one in twenty would stand out by chance alone.
        """
        if self.guarded:
            return 0
        here = wilson(self.bad, self.cases)
        there = wilson(self.bad_elsewhere, self.cases_elsewhere)
        return (here.low > there.high) - (here.high < there.low)


def breakdown(facets: Facets, dimension: str, least: int = LEAST) -> tuple[Slice, ...]:
    """Count the cases of one dimension by key, in the order of the keys."""
    cells = facets.of[dimension]
    cases = np.bincount(cells.codes, minlength=cells.size).tolist()
    bad = np.bincount(cells.codes[facets.bad], minlength=cells.size).tolist()
    counts: dict[str, tuple[int, int]] = {}
    for code, key in cells.distinct().items():
        before = counts.get(key, (0, 0))
        counts[key] = before[0] + cases[code], before[1] + bad[code]
    total = sum(n for key, (n, _) in counts.items() if key)
    bad_total = sum(k for key, (_, k) in counts.items() if key)
    return tuple(
        Slice(key, n, k, total - n if key else 0, bad_total - k if key else 0, least)
        for key, (n, k) in sorted(counts.items())
    )


# --- cases of rules -------------------------------------------------------------------------------


def facets_of_rules(results: Iterable[RuleResult], records: Records) -> Facets:
    """Lay out the decided cases of rules; who did what is the doing that decides each case."""
    parts = [_of_part(h.cases, records) for result in results for h in result.parts]
    return joined(parts)


def _of_part(cases: Cases, records: Records) -> Facets:
    decided = np.flatnonzero(cases.verdict <= NONCONFORMING)
    record, places = cases.lines[0] if cases.lines else ("", np.full(len(cases), -1, np.intp))
    lines, place = records.of(record), places[decided]
    at = _taken(lines.times(AT), place)
    if cases.at is not None:
        own = np.take(cases.at, decided)
        at = np.where(np.isnat(own), at, own)
    person = _at(lines.coded(ACTOR), place)
    if cases.person is not None:
        person = _first(cases.person.rows(decided), person)
    return Facets(
        cases.verdict[decided] == NONCONFORMING,
        {
            OFFICE: _office(records, cases.ticket[decided]),
            POST: _at(lines.coded(POST), place),
            PERSON: person,
            **_clock(at),
        },
    )


def _office(records: Records, ticket: npt.NDArray[np.integer]) -> Coded:
    """Give whose a case is: that of all records, or of its ticket where it says so itself."""
    tickets = records.of(TICKETS)
    if records.office or not tickets.has(OFFICE) or not records.tickets:
        return constant(records.office, len(ticket))
    return _at(tickets.coded(OFFICE), np.where(ticket < 0, -1, records.home[ticket]))


# --- events of a log ------------------------------------------------------------------------------


def facets_of_log(log: EventLog, deviations: pd.DataFrame, office: str = "") -> Facets:
    """Lay out the events of a log; those that deviated do not conform, nor do steps left out.

    `office` is whose log it is, where the log does not say.
    """
    steps = deviations[deviations["type"].isin(STEP_TYPES)]
    left_out = steps[steps["type"] == "skipped"]
    named = {int(row) for rows in steps["rows"][steps["type"] != "skipped"] for row in _rows(rows)}
    bad = np.isin(log.row, np.array(sorted(named), np.int64))
    whose = log.attributes.get(OFFICE)
    done = Facets(
        bad,
        {
            OFFICE: constant(office, len(log)) if whose is None else whose,
            POST: _named(log.posts, log.post, len(log)),
            PERSON: _named(log.actors, log.actor, len(log)),
            **_clock(log.at),
        },
    )
    return joined([done, _skipped(left_out)])


def _rows(told: str) -> Iterator[str]:
    return (row for row in told.split() if row.isdigit())


def _skipped(left_out: pd.DataFrame) -> Facets:
    """Lay out steps nobody did: whose they would have been is known, but no person."""
    told = [np.datetime64(at.replace(" ", "T") or "NaT", "us") for at in left_out["at"]]
    at = np.array(told, "datetime64[us]")
    of = {PERSON: constant("", len(left_out)), **_clock(at)}
    for name in (OFFICE, POST):
        codes, keys = pd.factorize(left_out[name].to_numpy(dtype=object))
        of[name] = from_distinct(codes, [str(key) for key in keys])
    return Facets(np.ones(len(left_out), np.bool_), of)


def _named(names: Sequence[str], codes: npt.NDArray[np.integer] | None, rows: int) -> Coded:
    if codes is None:
        return constant("", rows)
    return from_distinct(codes + 1, ["", *names])


# --- columns --------------------------------------------------------------------------------------


def joined(parts: Sequence[Facets]) -> Facets:
    """Put cases after one another."""
    if not parts:
        return Facets(np.empty(0, np.bool_), {name: constant("", 0) for name in DIMENSIONS})
    of = {name: _joined([part.of[name] for part in parts]) for name in DIMENSIONS}
    return Facets(np.concatenate([part.bad for part in parts]), of)


def _joined(columns: Sequence[Coded]) -> Coded:
    known: dict[str, int] = {}
    codes = []
    for cells in columns:
        places = {code: known.setdefault(t, len(known)) for code, t in cells.distinct().items()}
        codes.append(cells.table(places, 0)[cells.codes])
    return from_distinct(np.concatenate(codes), list(known))


def _at(cells: Coded, places: Places) -> Coded:
    """Give what a column says at each place; the empty text at -1."""
    said = cells.distinct()
    table = cells.table({code: n for n, code in enumerate(said, 1)}, 0)
    codes = np.zeros(len(places), np.int32)
    there = places >= 0
    codes[there] = table[cells.codes[places[there]]]
    return from_distinct(codes, ["", *said.values()])


def _first(one: Coded, other: Coded) -> Coded:
    """Give the first column, and the other where that says nothing."""
    mine, yours = one.distinct(), other.distinct()
    keys = ["", *dict.fromkeys(t for t in (*mine.values(), *yours.values()) if t)]
    codes = [
        cells.table({code: keys.index(text) for code, text in said.items()}, 0)[cells.codes]
        for cells, said in ((one, mine), (other, yours))
    ]
    return from_distinct(np.where(codes[0] > 0, codes[0], codes[1]), keys)


def _taken(times: Times, places: Places) -> Times:
    found = np.full(len(places), NEVER)
    there = places >= 0
    found[there] = times[places[there]]
    return found


_DAYS: Final = 7
_THURSDAY: Final = 3
"""The weekday of the first day of 1970, counted from Monday as 0."""


def _clock(at: Times) -> dict[str, Coded]:
    known = ~np.isnat(at)
    hours = np.zeros(len(at), np.int64)
    hours[known] = at[known].astype("datetime64[h]").astype(np.int64)
    weekday = np.where(known, (hours // 24 + _THURSDAY) % _DAYS + 1, 0)
    hour = np.where(known, hours % 24 + 1, 0)
    return {
        WEEKDAY: from_distinct(weekday, ["", *map(str, range(1, _DAYS + 1))]),
        HOUR: from_distinct(hour, ["", *(f"{n:02}" for n in range(24))]),
    }
