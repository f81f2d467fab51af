"""What a report on parts and money rests on: what is where, who owes what, how old it is.

Nothing is decided here: whether something is late or wrong is said by the rules of the handbook,
and where it is by custody. Here it is added up by place, by person, by age and by line of a count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.parts import PlaceKind
from sopaudit.evidence.lines import NEVER
from sopaudit.evidence.records import Records
from sopaudit.findings.counted import Counted, CountLine, heard_count
from sopaudit.findings.custody.ageing import CLASS, ageing, ages
from sopaudit.findings.custody.custody import Custody, custody_of
from sopaudit.findings.custody.entries import EARLIEST, RECORDS
from sopaudit.findings.figures.engine import key_figures
from sopaudit.findings.figures.figure import KpiResult
from sopaudit.findings.loss import Loss, losses
from sopaudit.findings.loss_summary import Total, by_sort
from sopaudit.findings.money.short import MoneyEvidence
from sopaudit.findings.rules.engine import RuleResult, hear
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.findings.rules.suppression import LetBe, counting

_PART: Final = "part_no"
_SERIAL: Final = "serial"


@dataclass(frozen=True)
class InPlace:
    """What is in one place."""

    place: str
    units: int
    """In units of the custody; below zero where more was taken out than ever came."""

    value: int
    """In units of its `value_decimals`."""

    oldest: np.datetime64
    """Since when what has been there longest is there; NaT where nothing is, or nobody says."""

    ours: bool


@dataclass(frozen=True)
class Holder:
    """What one person has in hand or owes."""

    person: str
    owed: int
    """Old parts taken out and not yet back."""

    unused: int
    """Good parts in hand."""

    overdue: int
    """Of both together: those a rule calls late."""

    due: np.datetime64
    """When the first of these was due; NaT for none."""

    since: np.datetime64
    """Since when they have had the first of all."""

    value: int
    overdue_value: int
    tickets: tuple[str, ...]


@dataclass(frozen=True)
class Aged:
    """What lies in store, of one sort, by age."""

    usable: bool
    """It can be issued."""

    sort: str
    """Class of the parts; empty for what cannot be issued, and where nobody says."""

    units: tuple[int, ...]
    """By band, the youngest first; last what nobody dates."""

    value: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class PartsEvidence:
    """The parts of an office up to one moment, with what rules say of them."""

    custody: Custody
    results: Mapping[str, RuleResult]
    """Every rule that was heard, suppressed cases left out."""

    losses: tuple[Loss, ...]
    """In the order of the handbook's sorts, then of time."""

    money: MoneyEvidence | None = None
    figures: tuple[KpiResult, ...] = ()
    """The key figures that the equations of the chapter on parts name."""

    @property
    def records(self) -> Records:
        """The records it rests on."""
        return self.custody.records

    @property
    def handbook(self) -> Handbook:
        """The handbook it is held against."""
        return self.custody.handbook

    @property
    def decimals(self) -> int:
        """Those of all quantities."""
        return self.custody.entries.decimals

    @property
    def value_decimals(self) -> int:
        """Those of all values."""
        return self.custody.value_decimals

    @cached_property
    def own(self) -> dict[str, RuleResult]:
        """The rules on parts, in the order of the handbook; all others have a chapter elsewhere."""
        named = part_rules(self.handbook)
        return {name: result for name, result in self.results.items() if name in named}

    # --- what is where -------------------------------------------------------------------------

    @cached_property
    def holdings(self) -> pd.DataFrame:
        """What is in our custody, a lot a row, with the `kind` of its place."""
        frame = self.custody.holdings()
        kinds = {id_: one.kind for id_, one in self.custody.entries.slots.places.known.items()}
        frame["kind"] = frame["place"].map(lambda place: kinds.get(place, ""))
        return frame

    @cached_property
    def places(self) -> tuple[InPlace, ...]:
        """What is in each place, ours first and in the order of the handbook; they add up to 0."""
        custody, entries = self.custody, self.custody.entries
        codes, closing = entries.slots.codes, entries.closing()
        names = entries.slots.places.ids
        units, value = np.zeros(len(names), np.int64), np.zeros(len(names), np.int64)
        np.add.at(units, codes["place"], closing)
        np.add.at(value, codes["place"], closing * custody.prices[codes[_PART]])
        known = self.holdings[self.holdings["since"] != EARLIEST]
        oldest = known.groupby("place")["since"].min().to_dict()
        used = np.bincount(codes["place"], minlength=len(names)) > 0
        found = [
            InPlace(
                name,
                int(units[n]),
                int(value[n]),
                _moment(oldest.get(name)),
                entries.slots.places.ours(name),
            )
            for n, name in enumerate(names)
            if used[n]
        ]
        return tuple(sorted(found, key=lambda one: not one.ours))

    def _of_kind(self, *kinds: PlaceKind) -> pd.DataFrame:
        return self.holdings[self.holdings["kind"].isin(kinds)]

    # --- who owes what -------------------------------------------------------------------------

    @cached_property
    def holders(self) -> tuple[Holder, ...]:
        """Who has parts in hand or owes old ones, first whose are late, then by value."""
        frame = self._of_kind("holder", "owed")
        late = self._late
        found = []
        for person, own in frame.groupby("holder", sort=True):
            due = [late.get(self.row(side), NEVER) for side in own["side"].tolist()]
            over = ~np.isnat(np.array(due, "datetime64[us]"))
            units, value = own["units"].to_numpy(), own["value"].to_numpy()
            tickets = dict.fromkeys(name for name in own["ticket_no"] if name)
            told = own["since"][own["since"] != EARLIEST]
            found.append(
                Holder(
                    str(person),
                    int(units[(own["kind"] == "owed").to_numpy()].sum()),
                    int(units[(own["kind"] == "holder").to_numpy()].sum()),
                    int(units[over].sum()),
                    min((at for at in due if not np.isnat(at)), default=NEVER),
                    _moment(told.min() if len(told) else None),
                    int(value.sum()),
                    int(value[over].sum()),
                    tuple(tickets),
                )
            )
        return ranked(found)

    @cached_property
    def _late(self) -> dict[str, np.datetime64]:
        """When each move was to be followed by another that a rule says is late.

        It is the move that proves it, or the last one that led to it where a paper proves it: a
        loan, a request.
        """
        found: dict[str, np.datetime64] = {}
        for loss in self.losses:
            if np.isnat(loss.due) or loss.due >= self.custody.now:
                continue
            last = self.row(loss.chain[-1]) if loss.chain else ""
            for row in {loss.rows.split(" ")[0], last} - {""}:
                found[row] = min(loss.due, found.get(row, loss.due))
        return found

    def row(self, side: int) -> str:
        """Name the line of a posting: `moves:12`; nothing for what stands in no line."""
        entries = self.custody.entries
        record, line = RECORDS[int(entries.record[side])], int(entries.line[side])
        return f"{record}:{self.records.of(record).row[line]}" if line >= 0 else ""

    # --- how old -------------------------------------------------------------------------------

    @property
    def bands(self) -> tuple[int, ...]:
        """Days at which what lies in store grows a band older, as the handbook sets them."""
        return ages(self.custody)[1:]

    @cached_property
    def ageing(self) -> tuple[Aged, ...]:
        """What lies in store by age: what can be issued by class, what cannot by itself."""
        kinds = {id_: one.kind for id_, one in self.custody.entries.slots.places.known.items()}
        sums: dict[tuple[bool, str], tuple[list[int], list[int]]] = {}
        for row in ageing(self.custody).to_dict("records"):
            if kinds.get(row["place"]) != "store":
                continue
            can = row["place"] in self._usable
            key = (can, row[CLASS] if can else "")
            own = sums.setdefault(key, ([0] * (len(self.bands) + 2), [0] * (len(self.bands) + 2)))
            # What nobody dates has the age -1, and its band is the last.
            own[0][row["age"]] += row["units"]
            own[1][row["age"]] += row["value"]
        order = sorted(sums, key=lambda key: (not key[0], not key[1], key[1]))
        return tuple(Aged(*key, *map(tuple, sums[key])) for key in order)

    @cached_property
    def below(self) -> int:
        """How many pieces more left the store than ever came into it: of these nothing has an age.

        It is what `ageing` adds up to beyond what the places of the kind `store` hold.
        """
        known = self.custody.entries.slots.places.known
        stores = {id_ for id_, one in known.items() if one.kind == "store"}
        held = sum(one.units for one in self.places if one.place in stores)
        return sum(sum(one.units) for one in self.ageing) - held

    @cached_property
    def _usable(self) -> frozenset[str]:
        """Places of what can be handed to a person: the statuses moves to one start from."""
        places = self.custody.entries.slots.places
        holders = {id_ for id_, place in places.known.items() if place.kind == "holder"}
        return frozenset(
            places.of(status, move.id)
            for move in places.moves.values()
            if any(places.of(status, move.id) in holders for status in move.to)
            for status in move.from_
        )

    # --- what was found ------------------------------------------------------------------------

    @cached_property
    def sorts(self) -> tuple[Total, ...]:
        """The findings summed up by sort, in the order of the handbook; those of none left out."""
        return tuple(by_sort([replace(loss, since=began(loss)) for loss in self.losses]))

    # --- counts --------------------------------------------------------------------------------

    @cached_property
    def _count(self) -> Counted:
        """The count, by the rule that holds it against the book: one on parts before any other."""
        return Counted(self.custody, heard_count(self.own) or heard_count(self.results))

    @property
    def counted(self) -> tuple[CountLine, ...]:
        """Every line of the counts that applies, in the order of its record."""
        return self._count.lines


def ranked(holders: Iterable[Holder]) -> tuple[Holder, ...]:
    """Put first whose parts are late, then who has the most in value."""
    order = sorted(holders, key=lambda one: (-one.overdue_value, -one.value, one.person))
    return tuple(sorted(order, key=lambda one: not one.overdue))


def began(loss: Loss) -> np.datetime64:
    """Say since when something is wrong, else when it happened, else when it was due."""
    known = [at for at in (loss.since, loss.at, loss.due) if not np.isnat(at) and at != EARLIEST]
    return known[0] if known else NEVER


def part_rules(handbook: Handbook) -> frozenset[str]:
    """Name the rules on parts."""
    return frozenset(rule.id for rule in handbook.parts.rules) if handbook.parts else frozenset()


def heard_parts(
    handbook: Handbook, records: Records, now: np.datetime64
) -> tuple[dict[str, RuleResult], LetBe]:
    """Hear the rules on parts, and all that findings about them come from."""
    rules = handbook.parts
    sorts = rules.losses if rules is not None else ()
    named = {name.partition("/")[0] for sort in sorts for name in sort.rules}
    results = hear(handbook, records, now, rules=named | part_rules(handbook))
    day: date = now.astype("datetime64[D]").astype(date)
    return counting(results, Hearing(handbook, records, now), day)


def gathered(
    hearing: Hearing,
    results: Mapping[str, RuleResult],
    money: MoneyEvidence | None,
    last: np.datetime64 | None = None,
) -> PartsEvidence:
    """Put together what was heard; `last` is the last day of the period, where somebody says.

    Raises LookupError where the handbook has no parts rules, or they name no places.
    """
    handbook, records = hearing.handbook, hearing.records
    custody = custody_of(records, handbook, hearing.now)
    equations = handbook.parts.equations if handbook.parts is not None else ()
    wanted = {name for equation in equations for name in equation.kpis}
    figures = tuple(key_figures(hearing, last, wanted))
    return PartsEvidence(custody, results, losses(custody, results, handbook), money, figures)


def parts_evidence(  # noqa: PLR0913 -- what was looked at already
    handbook: Handbook,
    records: Records,
    as_of: date,
    results: Mapping[str, RuleResult] | None = None,
    money: MoneyEvidence | None = None,
    *,
    last: date | None = None,
) -> PartsEvidence | None:
    """Look at the parts of an office up to the end of a day; None where no record is about any.

    `results` are rules that were heard already, suppressed cases left out; else they are heard
    here. `money` is who is short of cash, where somebody looked; `last` as in `gathered`.
    """
    rules = handbook.parts
    if rules is None or not rules.places or not any(name in records for name in rules.ledger):
        return None
    now = (np.datetime64(as_of, "D") + 1).astype("datetime64[us]") - np.timedelta64(1, "us")
    if results is None:
        results = heard_parts(handbook, records, now)[0]
    day = None if last is None else np.datetime64(last, "D")
    return gathered(Hearing(handbook, records, now), results, money, day)


def _moment(at: object) -> np.datetime64:
    """Take a moment out of a frame; NaT for none."""
    return NEVER if at is None else np.datetime64(at, "us")  # type: ignore[call-overload]
