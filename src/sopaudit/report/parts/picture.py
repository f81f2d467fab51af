"""What is where and who owes what, added up from the holdings of a custody."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sopaudit.findings.custody.custody import Custody
from sopaudit.findings.custody.entries import EARLIEST
from sopaudit.findings.loss import Loss
from sopaudit.report.parts.table import since_of

PERSONAL = ("holder", "owed")
"""Kinds of places where a person answers for what lies there."""


@dataclass(frozen=True)
class Heap:
    """What lies in one place."""

    place: str
    units: int
    value: int
    """0 for places that are not ours: what is there is not valued."""

    ours: bool


@dataclass(frozen=True)
class Debt:
    """What one person has or owes in one place."""

    person: str
    place: str
    units: int
    value: int
    since: np.datetime64
    """Of the oldest; NaT where nobody says."""


@dataclass(frozen=True)
class Sum:
    """The findings of one sort."""

    sort: str
    count: int
    units: int
    value: int
    oldest: np.datetime64
    """NaT where nobody dates them."""

    worst: tuple[Loss, ...]
    """The dearest first, then those of most pieces, then the oldest."""


def heaps(custody: Custody) -> list[Heap]:
    """Add up every place that holds something or lacks it, in the order of the handbook."""
    places = custody.entries.slots.places
    frame = custody.balances(("place",))
    units = dict(zip(frame["place"], frame["units"].tolist(), strict=True))
    held = custody.holdings().groupby("place")["value"].sum()
    values = {place: int(value) for place, value in held.items()}
    return [
        Heap(id_, int(units[id_]), values.get(id_, 0), places.ours(id_))
        for id_ in places.ids
        if id_ in units
    ]


def debts(custody: Custody, holdings: pd.DataFrame | None = None) -> list[Debt]:
    """Add up by person what lies with people or is owed by them, the dearest first."""
    known = custody.entries.slots.places.known
    held = custody.holdings() if holdings is None else holdings
    mine = held[[id_ in known and known[id_].kind in PERSONAL for id_ in held["place"]]]
    found = []
    for (person, place), lots in mine.groupby(["holder", "place"], sort=True):
        dated = [at for at in lots["since"].to_numpy("datetime64[us]") if at != EARLIEST]
        found.append(
            Debt(
                str(person),
                str(place),
                int(lots["units"].sum()),
                int(lots["value"].sum()),
                min(dated, default=np.datetime64("NaT", "us")),
            )
        )
    return sorted(found, key=lambda debt: (-debt.value, -debt.units, debt.person, debt.place))


def sums(losses: Iterable[Loss], most: int) -> list[Sum]:
    """Add findings up by sort, each with its `most` worst ones; sorts keep their order."""
    by_sort: dict[str, list[Loss]] = {}
    for loss in losses:
        by_sort.setdefault(loss.sort, []).append(loss)
    return [
        Sum(
            sort,
            len(found),
            sum(loss.qty for loss in found),
            sum(loss.value for loss in found),
            min((at for at in map(began, found) if not np.isnat(at)), default=_NEVER),
            tuple(sorted(found, key=_badness)[:most]),
        )
        for sort, found in by_sort.items()
    ]


_NEVER = np.datetime64("NaT", "us")


def began(loss: Loss) -> np.datetime64:
    """Say since when it is so, else when it was."""
    since = since_of(loss)
    return loss.at if np.isnat(since) else since


def _badness(loss: Loss) -> tuple[int, int, int, str]:
    told = began(loss)
    at = 0 if np.isnat(told) else int(told.astype(np.int64))
    return -loss.value, -loss.qty, at, loss.id
