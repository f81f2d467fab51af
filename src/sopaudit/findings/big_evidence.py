"""What is where and who owes what in a ledger kept in parts: told by each, and added up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.counted import CountLine
from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.partial import Found
from sopaudit.findings.figures.figure import KpiResult
from sopaudit.findings.loss_summary import Total
from sopaudit.findings.money.short import MoneyEvidence
from sopaudit.findings.parts_evidence import Holder, InPlace, PartsEvidence, ranked

_NEVER = np.datetime64("NaT", "us")


@dataclass(frozen=True, eq=False)
class BigEvidence:
    """What a report on a ledger in parts rests on; see `PartsEvidence`.

    Tickets of a person are not told: there may be millions.
    """

    custody: Custody
    """One without moves: it names places and the moment."""

    decimals: int
    value_decimals: int
    places: tuple[InPlace, ...]
    holders: tuple[Holder, ...]
    losses: tuple[Found, ...]
    counted: tuple[CountLine, ...] = ()
    figures: tuple[KpiResult, ...] = ()
    money: MoneyEvidence | None = None

    @property
    def handbook(self) -> Handbook:
        """The handbook it is held against."""
        return self.custody.handbook

    @property
    def sorts(self) -> tuple[Total, ...]:
        """The findings summed up by sort, in the order of the handbook."""
        groups: dict[str, list[Found]] = {}
        for found in self.losses:
            groups.setdefault(found.sort, []).append(found)
        return tuple(
            Total(
                sort,
                len(own),
                sum(abs(one.qty) for one in own),
                sum(abs(one.value) for one in own),
                _first(np.datetime64(one.since or one.at or one.due or "NaT", "us") for one in own),
            )
            for sort, own in groups.items()
        )


def told_of(evidence: PartsEvidence) -> dict[str, list[list[Any]]]:
    """Tell what is where and who owes what in one part of a ledger, so that it can be stored."""
    return {
        "places": [
            [one.place, one.units, one.value, _stored(one.oldest), one.ours]
            for one in evidence.places
        ],
        "holders": [
            [
                one.person, one.owed, one.unused, one.overdue, _stored(one.due),
                _stored(one.since), one.value, one.overdue_value,
            ]
            for one in evidence.holders
        ],
    }  # fmt: skip


def added_places(
    parts: Iterable[tuple[Mapping[str, Any], int, int]], order: Sequence[str]
) -> tuple[InPlace, ...]:
    """Add up what parts have in each place; beside each stand its factors of units and values."""
    found: dict[str, InPlace] = {}
    for told, units, value in parts:
        for name, own, worth, oldest, ours in told["places"]:
            one = found.get(name, InPlace(name, 0, 0, _NEVER, ours))
            first = _first((one.oldest, _read(oldest)))
            found[name] = InPlace(
                name, one.units + own * units, one.value + worth * value, first, ours
            )
    listed = sorted(found.values(), key=lambda one: order.index(one.place))
    return tuple(sorted(listed, key=lambda one: not one.ours))


def added_holders(parts: Iterable[tuple[Mapping[str, Any], int, int]]) -> tuple[Holder, ...]:
    """Add up what each person has in hand and owes, alike."""
    found: dict[str, Holder] = {}
    for told, units, value in parts:
        for person, owed, unused, overdue, due, since, worth, late in told["holders"]:
            one = found.get(person, Holder(person, 0, 0, 0, _NEVER, _NEVER, 0, 0, ()))
            found[person] = Holder(
                person,
                one.owed + owed * units,
                one.unused + unused * units,
                one.overdue + overdue * units,
                _first((one.due, _read(due))),
                _first((one.since, _read(since))),
                one.value + worth * value,
                one.overdue_value + late * value,
                (),
            )
    return ranked(found.values())


def _first(times: Iterable[np.datetime64]) -> np.datetime64:
    return min((at for at in times if not np.isnat(at)), default=_NEVER)


def _stored(at: np.datetime64) -> int | None:
    return None if np.isnat(at) else int(at.astype("datetime64[us]").astype(np.int64))


def _read(stored: int | None) -> np.datetime64:
    return _NEVER if stored is None else np.datetime64(stored, "us")
