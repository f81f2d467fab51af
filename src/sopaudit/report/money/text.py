"""What is said of the money of an office, on a terminal of 80 columns."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from sopaudit.findings.money.money import Money, rows
from sopaudit.press.words import words
from sopaudit.report.tickets.naming import Namer
from sopaudit.terminal import COLUMNS, GAP, padded, width, wrapped

SHOWN: Final = 10
"""Lines told of each sort; a table has them all."""

_INDENT: Final = "  "
_AMOUNT: Final = 14
"""Columns an amount takes."""

_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


def money_text(money: Money, office: str, lang: str) -> str:
    """Tell who is short, where the money is, and where the book differs from the rest."""
    return "\n".join(_Teller(money, office, lang).lines()) + "\n"


def amount(money: Money, units: int) -> str:
    """Write an amount as people read it: `1,250.00`."""
    whole, _, cents = money.written(units).partition(".")
    return f"{int(whole):,}.{cents}" if int(whole) else f"{whole}.{cents}"


class _Teller:
    def __init__(self, money: Money, office: str, lang: str) -> None:
        self.money = money
        self.office = office
        self.lang = lang
        self.namer = Namer(money.handbook, lang)
        self.words = words(lang, "money")

    def lines(self) -> Iterator[str]:
        page = self.words["page"]
        day = page["now"].format(day=str(self.money.now.astype("datetime64[D]")))
        yield GAP.join(filter(None, (page["title"], self.office, day)))
        yield "─" * COLUMNS
        book = self.money.flow.rules.book
        if book not in self.money.records:
            yield from wrapped(page["no_book"].format(record=self.namer.record(book)), "")
            return
        yield from self._part("shorts", self._shorts(), self.words["line"]["no_shorts"])
        yield from self._part("places", self._places())
        yield from self._part("tills", self._tills())
        yield from self._part("surplus", self._surplus())
        yield from self._part("differences", self._differences())
        yield from self._part("days", self._days())
        yield from self._part("events", self._events())
        yield from self._part("doubts", self._doubts())

    def _part(self, head: str, told: Iterable[list[str]], nothing: str = "") -> Iterator[str]:
        """Tell one sort of things under its heading; nothing where there is none to tell."""
        entries = list(told)
        if not entries and not nothing:
            return
        yield ""
        yield self.words["head"][head]
        if not entries:
            yield f"{_INDENT}{nothing}"
        for first, *rest in entries[:SHOWN]:
            yield from _whole(first, _INDENT)
            for line in rest:
                yield from wrapped(line, _INDENT * 2)
        if len(entries) > SHOWN:
            yield _INDENT + self.words["page"]["more"].format(n=len(entries) - SHOWN)

    # --- each sort -----------------------------------------------------------------------------

    def _shorts(self) -> Iterator[list[str]]:
        line = self.words["line"]
        for row in rows(self.money.shorts()):
            n = row["payments"]
            said = line["one_short" if n == 1 else "short"]
            yield [
                said.format(person=self._person(row["person"]), amount=self._sum(row), n=n),
                line["oldest"].format(**self._words_of(row), days=self._days_since(row["since"])),
            ]

    def _places(self) -> Iterator[list[str]]:
        balances = self.money.balances()
        sums = balances.groupby("place")["units"].sum().to_dict()
        titles = {p.id: p.title for p in self.money.flow.rules.places}
        lines = [
            (self.money.handbook.say(title, self.lang), int(sums.get(id_, 0)))
            for id_, title in titles.items()
        ]
        if "opening" in sums:
            lines.append((self.namer.record(self.money.flow.records_read[1]), int(sums["opening"])))
        lines.append((self.words["page"]["sum"], sum(units for _, units in lines)))
        room = max(width(name) for name, _ in lines)
        for name, units in lines:
            told = padded(amount(self.money, units), _AMOUNT, right=True)
            yield [f"{padded(name, room)}{GAP}{told}"]
        yield from self._took()

    def _took(self) -> Iterator[list[str]]:
        """Tell how long money stays in each place of ours."""
        payments = self.money.payments()
        payments = payments[payments["since"].notna() & payments["until"].notna()]
        for place, mine in payments.groupby("place", sort=False):
            minutes = (mine["until"] - mine["since"]).dt.total_seconds() // 60
            longest = mine.iloc[int(minutes.to_numpy().argmax())]
            yield [
                self.words["line"]["took"].format(
                    place=self._place(str(place)),
                    n=len(mine),
                    median=self._length(int(minutes.median())),
                    longest=self._length(int(minutes.max())),
                ),
                self.words["line"]["longest"].format(which=self._which(longest)),
            ]

    def _which(self, payment: "pd.Series[Any]") -> str:
        """Name a payment as papers do: by its ticket, else its receipt; else by its line."""
        for name in ("ticket_no", "receipt_no"):
            if payment[name]:
                return self.words["line"][name].format(number=payment[name])
        return str(payment["row"])

    def _tills(self) -> Iterator[list[str]]:
        positions, lots = self.money.positions(), self.money.lots()
        for (place, site), mine in positions.groupby(["place", "site"], sort=False):
            most = mine.iloc[int(mine["closing"].to_numpy().argmax())]
            told = self.words["line"]["till"].format(
                site=self._site(str(site)),
                amount=amount(self.money, int(most["closing"])),
                day=_day(most["day"]) or self.words["line"]["none"],
                now=amount(self.money, int(mine["closing"].iloc[-1])),
            )
            open_ = lots[(lots["place"] == place) & (lots["site"] == site)]
            yield [told, *self._oldest(open_)]

    def _oldest(self, lots: pd.DataFrame) -> Iterator[str]:
        if len(lots):
            row = rows(lots[:1])[0]
            yield self.words["line"]["oldest_lot"].format(
                **self._words_of(row), amount=self._sum(row)
            )

    def _surplus(self) -> Iterator[list[str]]:
        for row in rows(self.money.surplus()):
            place, person = self._place(row["place"]), row["person"]
            who = self.words["page"]["by"].format(title=place, person=self.namer.person(person))
            yield [
                self.words["line"]["surplus"].format(
                    place=who if person else place,
                    amount=self._sum(row),
                    sort=self.words["sort"][row["sort"]],
                ),
                self.words["line"]["surplus_of"].format(
                    at=_moment(row["at"]) or self.words["line"]["none"],
                    ticket=self._or_none(row["ticket_no"]),
                    row=row["row"],
                ),
            ]

    def _differences(self) -> Iterator[list[str]]:
        for row in rows(self.money.differences()):
            # Of what cannot be read nothing is known, which is not that nothing was paid.
            known = {
                side: "–"
                if row["sort"] == "unknown" and not row[side]
                else amount(self.money, row[side])
                for side in ("charged", "booked")
            }
            told = {
                "ticket": row["ticket_no"],
                **known,
                "sort": self.words["sort"][row["sort"]],
            }
            yield [self.words["line"]["difference"].format(**told), row["rows"]]

    def _days(self) -> Iterator[list[str]]:
        days, doubtful = self.money.by_day(), self.money.doubtful_days()
        for row in rows(days):
            unknown = np.datetime64(row["day"], "D") in doubtful
            if not row["differs"] and not unknown:
                continue
            sums = {n: amount(self.money, row[n]) for n in ("charged", "booked", "differs")}
            line = self.words["line"]["day_unknown" if unknown else "day"]
            told = line.format(day=_day(row["day"]), sort=self.words["sort"]["unknown"], **sums)
            yield [told]

    def _events(self) -> Iterator[list[str]]:
        known = self.money.handbook.events
        for row in rows(self.money.events()):
            event = known.get(row["event"])
            name = self.money.handbook.say(event.title, self.lang) if event else row["event"]
            told = {"ticket": row["ticket_no"], "event": name}
            yield [self.words["line"]["event"].format(**told, sort=self.words["sort"][row["sort"]])]

    def _doubts(self) -> Iterator[list[str]]:
        rules = self.money.flow.rules
        book = self.money.flow.book
        for doubt in self.money.doubts():
            reason = self.words["reason"][doubt.reason]
            if doubt.said:
                field = {"kind": rules.kind, "method": rules.method}.get(doubt.reason, rules.amount)
                said = self.namer.value(field, doubt.said)
                reason = self.words["line"]["said"].format(reason=reason, said=said)
            row = f"{rules.book}:{book.row[doubt.line]}"
            yield [self.words["line"]["doubt"].format(row=row, reason=reason)]

    # --- words ---------------------------------------------------------------------------------

    def _words_of(self, row: dict[str, Any]) -> dict[str, str]:
        return {
            "since": _moment(row["since"]) or self.words["line"]["none"],
            "ticket": self._or_none(row["ticket_no"]),
            "receipt": self._or_none(row["receipt_no"]),
            "row": row["row"],
        }

    def _or_none(self, text: str) -> str:
        return text or self.words["line"]["none"]

    def _sum(self, row: dict[str, Any]) -> str:
        return amount(self.money, int(row["units"]))

    def _person(self, staff: str) -> str:
        name = self.namer.person(staff)
        if not staff:
            return self.words["page"]["nobody"]
        return staff if name == staff else f"{name} {staff}"

    def _place(self, id_: str) -> str:
        titles = {p.id: p.title for p in self.money.flow.rules.places}
        return self.money.handbook.say(titles[id_], self.lang)

    def _site(self, id_: str) -> str:
        office = self.money.handbook.offices.get(id_)
        return self.money.handbook.say(office.title, self.lang) if office else self._or_none(id_)

    def _days_since(self, since: pd.Timestamp | None) -> str:
        if since is None or pd.isna(since):
            return "–"
        days = pd.Timestamp(self.money.now).normalize() - since.normalize()
        return str(days.days)

    def _length(self, minutes: int) -> str:
        """Say a length of time in the largest unit that leaves at least two of it."""
        length = self.words["length"]
        if minutes >= 2 * _DAY:
            return length["day"].format(n=minutes // _DAY)
        if minutes >= 2 * _HOUR:
            return length["hour"].format(n=minutes // _HOUR)
        return length["minute"].format(n=minutes)


def _moment(at: pd.Timestamp | None) -> str:
    return "" if at is None or pd.isna(at) else f"{at:%Y-%m-%d %H:%M}"


def _day(at: pd.Timestamp | None) -> str:
    return "" if at is None or pd.isna(at) else f"{at:%Y-%m-%d}"


def _whole(text: str, indent: str) -> Iterable[str]:
    """Break a line where it is too long; one with columns that fits stays as it is."""
    return [indent + text] if width(indent + text) <= COLUMNS else wrapped(text, indent)
