"""Where the money of customers is: who is short, by how much, since when, and what was booked.

Nothing here decides whether that is right: limits are those of the rules of the handbook.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from sopaudit.criteria.handbook import Handbook
from sopaudit.evidence.lines import NEVER, Times
from sopaudit.evidence.records import Records
from sopaudit.findings.money.books import Books
from sopaudit.findings.money.fifo import NOTHING, Pieces, Side, fifo
from sopaudit.findings.money.flow import EARLIEST, Doubt, Flow, Postings, flow_of

Sides = npt.NDArray[np.int64]

LOT: Final = ("place", "site", "person", "ticket_no", "receipt_no", "units", "since", "row")
"""What is told of money that is still where it was put."""


@dataclass(frozen=True, eq=False)
class Held:
    """What came into one place and went out again, first in, first out within a person.

    Money of a ticket is that of its ticket first; what is handed on without naming one is the
    oldest there is.
    """

    place: int
    came: Postings
    went: Postings
    pieces: Pieces

    @property
    def open(self) -> Sides:
        """The pieces that are still there."""
        return np.flatnonzero(self.pieces.went == NOTHING)

    @property
    def surplus(self) -> Sides:
        """The pieces that were handed on and had never come in."""
        return np.flatnonzero(self.pieces.came == NOTHING)

    @property
    def settled(self) -> Sides:
        """The pieces that came in and were handed on."""
        return np.flatnonzero((self.pieces.came != NOTHING) & (self.pieces.went != NOTHING))


@dataclass(frozen=True, eq=False)
class Money:
    """The money of an office at a moment; amounts are `units` of `10 ** -decimals`."""

    records: Records
    handbook: Handbook
    now: np.datetime64
    flow: Flow

    @property
    def decimals(self) -> int:
        """The decimals of all amounts."""
        return self.flow.decimals

    @property
    def postings(self) -> Postings:
        """Everything that was moved, in the order of the book."""
        return self.flow.postings

    def doubts(self) -> list[Doubt]:
        """List the lines of the book that cannot be read, or whose method is none of ours."""
        return self.flow.doubts()

    # --- balances ------------------------------------------------------------------------------

    def balances(self) -> pd.DataFrame:
        """Sum up what is in each place: columns place, site, person, units.

        Places that are not ours have one line; of the others only lines that are not 0. The sum of
        all is 0.
        """
        posted = self.postings
        sides = [(posted.from_, -posted.amount), (posted.to, posted.amount)]
        frame = pd.concat(
            pd.DataFrame({
                "place": place,
                "site": np.where(self._kept["site"][place], posted.site, 0),
                "person": np.where(self._kept["person"][place], posted.person, 0),
                "units": units,
            })
            for place, units in sides
        )  # fmt: skip
        found = frame.groupby(["place", "site", "person"], as_index=False)["units"].sum()
        ours = self._kept["site"][found["place"]]
        found = found[~ours | (found["units"] != 0)]
        found["site"] = self._texts("site", found["site"].to_numpy())
        found["person"] = self._texts("person", found["person"].to_numpy())
        found["place"] = [self.flow.places[n] for n in found["place"]]
        order = {place: n for n, place in enumerate(self.flow.places)}
        found["_"] = found["place"].map(order)
        found = found.sort_values(["_", "site", "person"], kind="stable", ignore_index=True)
        told: pd.DataFrame = found[["place", "site", "person", "units"]]
        return told

    @cached_property
    def _kept(self) -> Mapping[str, npt.NDArray[np.bool_]]:
        """Per place: whether its accounts are kept apart by site, and by person."""
        kinds = [place.kind for place in self.flow.rules.places] + ["outside"]
        return {
            "site": np.array([kind != "outside" for kind in kinds]),
            "person": np.array([kind == "person" for kind in kinds]),
        }

    def held(self, place: str) -> Held:
        """Match what came into a place with what went out of it."""
        if place not in self._held:
            self._held[place] = self._matched(self.flow.places.index(place))
        return self._held[place]

    @cached_property
    def _held(self) -> dict[str, Held]:
        return {}

    def _matched(self, place: int) -> Held:
        came, went = (
            self._in_order(self.postings.take(np.flatnonzero(end == place)))
            for end in (self.postings.to, self.postings.from_)
        )
        # In a till money is nobody's in particular.
        came, went = (
            replace(each, person=each.person * self._kept["person"][place]) for each in (came, went)
        )
        account = _numbered([(each.site, each.person) for each in (came, went)])
        exact = _numbered([(a, e.ticket) for a, e in zip(account, (came, went), strict=True)])
        one = fifo(
            *(
                Side(group, np.where(each.ticket > 0, each.amount, 0))
                for group, each in zip(exact, (came, went), strict=True)
            )
        )
        pair = (one.came != NOTHING) & (one.went != NOTHING)
        rest = fifo(
            Side(account[0], _left(came, one.came[pair], one.amount[pair])),
            Side(account[1], _left(went, one.went[pair], one.amount[pair])),
        )
        pieces = Pieces(
            np.concatenate([one.came[pair], rest.came]),
            np.concatenate([one.went[pair], rest.went]),
            np.concatenate([one.amount[pair], rest.amount]),
        )
        return Held(place, came, went, pieces)

    def _in_order(self, posted: Postings) -> Postings:
        """Order by time, then by what the lines say, so that their order in the file is all one."""
        ranks = [self.flow.names[n].rank[getattr(posted, n)] for n in ("receipt", "ticket")]
        return posted.take(
            np.lexsort((posted.line, posted.record, posted.amount, *ranks, posted.at))
        )

    # --- who is short --------------------------------------------------------------------------

    def shorts(self) -> pd.DataFrame:
        """Tell who has money that was not handed on, the largest sum first.

        Columns place, site, person, units, since, ticket_no, receipt_no, row (of the oldest line
        that was not handed on) and payments (how many lines).
        """
        lots = self.lots()
        lots = lots[lots["place"].isin(self._places("person"))]
        keys = ["place", "site", "person"]
        oldest = lots.groupby(keys, sort=False, as_index=False).first()
        sums = lots.groupby(keys, sort=False).agg(
            total=("units", "sum"), payments=("units", "size")
        )
        found = oldest.merge(sums, on=keys, validate="one_to_one")
        found["units"] = found.pop("total")
        order = found.assign(_=-found["units"]).sort_values(["_", *keys], kind="stable")
        return order.drop(columns="_").reset_index(drop=True)

    def lots(self) -> pd.DataFrame:
        """List all money that is still in a place of ours, the oldest first; columns `LOT`."""
        found = [self._lots(self.held(place)) for place in self._places("person", "till")]
        frame = pd.concat([_empty(LOT), *found], ignore_index=True)
        keys = ["since", "place", "site", "person", "ticket_no", "receipt_no", "row"]
        return frame.sort_values(keys, kind="stable", ignore_index=True)

    def _lots(self, held: Held) -> pd.DataFrame:
        open_ = held.open
        posted = held.came.take(held.pieces.came[open_])
        frame = self._told(posted, held.place)
        frame["units"] = held.pieces.amount[open_]
        frame["since"] = _known(posted.at)
        frame["row"] = self._rows(posted)
        # What is left of one line is one lot, though it was matched in two goes.
        one = frame.groupby([*LOT[:5], *LOT[6:]], sort=False, dropna=False)
        return one.agg(units=("units", "sum")).reset_index()[list(LOT)]

    def payments(self) -> pd.DataFrame:
        """Tell how long each payment took to be handed on.

        Columns place, site, person, ticket_no, receipt_no, units, since, until, row, row_on; of
        each place of ours, by time.
        """
        found = []
        for place in self._places("person", "till"):
            held = self.held(place)
            here = held.settled
            came = held.came.take(held.pieces.came[here])
            went = held.went.take(held.pieces.went[here])
            frame = self._told(came, held.place)
            frame["units"] = held.pieces.amount[here]
            frame["since"], frame["until"] = _known(came.at), _known(went.at)
            frame["row"], frame["row_on"] = self._rows(came), self._rows(went)
            found.append(frame)
        columns = (*LOT[:6], "since", "until", "row", "row_on")
        frame = pd.concat([_empty(columns), *found], ignore_index=True)
        return frame.sort_values(["since", *LOT[:5], "until"], kind="stable", ignore_index=True)

    def surplus(self) -> pd.DataFrame:
        """List what was handed on and had never come in.

        Columns place, site, person, ticket_no, receipt_no, units, at, row and sort: `over` where
        the ticket had money there with the same person, only less, `others` where it was another
        who had it, else `without`.
        """
        found = []
        for place in self._places("person", "till"):
            held = self.held(place)
            here = held.surplus
            went = held.went.take(held.pieces.went[here])
            frame = self._told(went, held.place)
            frame["units"] = held.pieces.amount[here]
            frame["at"] = _known(went.at)
            frame["row"] = self._rows(went)
            known = np.isin(went.ticket, held.came.ticket) & (went.ticket > 0)
            had = set(_paired(held.came))
            own = np.array([each in had for each in _paired(went)], np.bool_)
            frame["sort"] = np.select([known & own, known], ["over", "others"], "without")
            found.append(frame)
        columns = (*LOT[:6], "at", "row", "sort")
        frame = pd.concat([_empty(columns), *found], ignore_index=True)
        return frame.sort_values(["at", *LOT[:5]], kind="stable", ignore_index=True)

    def carried(self) -> pd.DataFrame:
        """Give what is open as openings of the next period: columns of that record."""
        lots = self.lots().rename(columns={"units": "amount"})
        lots["amount"] = [self.written(units) for units in lots["amount"]]
        columns = ["site", "place", "person", "ticket_no", "amount", "since", "receipt_no"]
        return lots[columns]

    # --- by day --------------------------------------------------------------------------------

    def positions(self, kind: str = "till") -> pd.DataFrame:
        """Tell what was in each till, or with each person, at the close of every day with a move.

        Columns place, site, person, day, opening, came, went, closing.
        """
        posted = self.postings
        found = [
            pd.DataFrame({
                "place": place, "site": posted.site, "person": posted.person,
                "day": posted.at.astype("datetime64[D]"), "came": came, "went": went,
            })
            for place, came, went in (
                (posted.to, posted.amount, np.zeros(len(posted), np.int64)),
                (posted.from_, np.zeros(len(posted), np.int64), posted.amount),
            )
        ]  # fmt: skip
        frame = pd.concat(found, ignore_index=True)
        wanted = [self.flow.places.index(place) for place in self._places(kind)]
        frame = frame[frame["place"].isin(wanted)]
        frame["person"] = np.where(self._kept["person"][frame["place"]], frame["person"], 0)
        frame["day"] = frame["day"].to_numpy().astype("datetime64[D]")
        keys = ["place", "site", "person", "day"]
        days = frame.groupby(keys, as_index=False)[["came", "went"]].sum()
        net = (days["came"] - days["went"]).groupby([days[key] for key in keys[:3]]).cumsum()
        days["closing"] = net
        days["opening"] = net - days["came"] + days["went"]
        days["place"] = [self.flow.places[n] for n in days["place"]]
        for name in ("site", "person"):
            days[name] = self._texts(name, days[name].to_numpy())
        days["day"] = _known(days["day"].to_numpy().astype("datetime64[us]"))
        days = days[[*keys, "opening", "came", "went", "closing"]]
        return days.sort_values(keys, kind="stable", ignore_index=True)

    # --- the book and what else was written down ------------------------------------------------

    @cached_property
    def books(self) -> Books:
        """The book beside the charges and the events."""
        return Books(self.records, self.flow)

    def by_day(self) -> pd.DataFrame:
        """Hold the book against the charges, by day; see `Books.by_day`."""
        return self.books.by_day()

    def doubtful_days(self) -> frozenset[np.datetime64]:
        """Name the days of which an amount cannot be read; see `Books.doubtful_days`."""
        return self.books.doubtful_days()

    def differences(self) -> pd.DataFrame:
        """Hold the book against the charges, by ticket; see `Books.differences`."""
        return self.books.differences()

    def events(self) -> pd.DataFrame:
        """Hold the book against the events, by ticket; see `Books.events`."""
        return self.books.events()

    # --- words ---------------------------------------------------------------------------------

    def _places(self, *kinds: str) -> list[str]:
        return [place.id for place in self.flow.rules.places if place.kind in kinds]

    def _texts(self, name: str, codes: npt.NDArray[np.integer]) -> list[str]:
        return self.flow.names[name].spelled(codes)

    def _told(self, posted: Postings, place: int) -> pd.DataFrame:
        by_person = self._kept["person"][place]
        return pd.DataFrame({
            "place": self.flow.places[place],
            "site": self._texts("site", posted.site),
            "person": self._texts("person", posted.person * by_person),
            "ticket_no": self._texts("ticket", posted.ticket),
            "receipt_no": self._texts("receipt", posted.receipt),
        })  # fmt: skip

    def _rows(self, posted: Postings) -> list[str]:
        names = self.flow.records_read
        return [
            f"{names[record]}:{self.records.of(names[record]).row[line]}"
            for record, line in zip(posted.record.tolist(), posted.line.tolist(), strict=True)
        ]

    def written(self, units: int) -> str:
        """Write an amount out, exactly: `1250.00`."""
        sign, whole = "-" if units < 0 else "", f"{abs(units):0{self.decimals + 1}d}"
        return f"{sign}{whole[: -self.decimals]}.{whole[-self.decimals :]}"


def money_of(records: Records, handbook: Handbook, now: np.datetime64) -> Money:
    """Post the book up to `now` and match what came in with what was handed on.

    Raises LookupError where the handbook does not say where money can be.
    """
    return Money(records, handbook, now, flow_of(records, handbook, now))


def _left(posted: Postings, used: Sides, amount: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Give what is left of amounts once pieces of them were matched."""
    found = posted.amount.copy()
    np.subtract.at(found, used, amount)
    return found


def _paired(posted: Postings) -> list[tuple[int, int]]:
    """Give ticket and person of each posting."""
    return list(zip(posted.ticket.tolist(), posted.person.tolist(), strict=True))


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a frame, by column."""
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def _numbered(
    sides: Sequence[tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]],
) -> list[npt.NDArray[np.int64]]:
    """Give pairs of numbers one number each, the same on all sides."""
    rows = np.concatenate([np.column_stack(side) for side in sides])
    number = np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
    return np.split(number, np.cumsum([len(side[0]) for side in sides])[:-1])


def _known(at: Times) -> Times:
    """Give times as they were told; NaT in place of those nobody told."""
    return np.where(at == EARLIEST, NEVER, at).astype("datetime64[us]")


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    types = {"units": "int64", "since": _TIME, "until": _TIME, "at": _TIME}
    return pd.DataFrame({name: np.array([], types.get(name, "O")) for name in columns})


_TIME: Final = "datetime64[us]"
