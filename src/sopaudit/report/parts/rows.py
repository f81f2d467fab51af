"""Rows on parts and money that the terminal and the report share: both say the same numbers."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from sopaudit.findings.figures.figure import KpiResult
from sopaudit.findings.parts_evidence import Holder, InPlace
from sopaudit.report.parts.count import Counted
from sopaudit.report.parts.model import CashRow, FigureRow, HolderRow, PlaceRow
from sopaudit.report.parts.saying import PartSayer, number
from sopaudit.report.tickets.kpi import FigureTeller

NAMED: Final = 3
"""So many people are named in the first sentence."""


def headline(say: PartSayer, count: Counted) -> str:
    """Say in one sentence how things stand: what is overdue and with whom, missing, and short."""
    told = [*_held(say), *_overdue(say), *count.told(), *_short(say)]
    wrong = len(told) > 1
    if say.evidence.losses:
        told.append(say.fill("sum", "findings", n=f"{len(say.evidence.losses):,}"))
    elif not wrong:
        told.append(say.words["sum"]["nothing"])
    zh = say.speaker.lang == "zh"
    text = ("；" if zh else "; ").join(told) + ("。" if zh else ".")
    return say.fill("sum", "as_of", day=say.day(say.custody.now)) + text


def _held(say: PartSayer) -> Iterator[str]:
    places = say.evidence.places
    if not places:
        yield say.words["sum"]["no_moves"]
        return
    ours = [one for one in places if one.ours]
    units, value = sum(one.units for one in ours), sum(one.value for one in ours)
    yield say.fill("sum", "held", units=say.units(units), value=say.value(value))


def _overdue(say: PartSayer) -> Iterator[str]:
    late = [one for one in say.evidence.holders if one.overdue]
    if not late:
        return
    people = [_owes(say, one) for one in late[:NAMED]]
    alone, most = len(late) == 1 and late[0].person, len(late) > NAMED
    yield say.fill(
        "sum",
        "overdue_one" if alone else "overdue_most" if most else "overdue",
        units=say.units(sum(one.overdue for one in late)),
        value=say.value(sum(one.overdue_value for one in late)),
        people=len(late),
        person=say.person(late[0].person),
        # Of some that are followed by others none is the last.
        names=say.words["sum"]["sign"].join(people) if most else say.speaker.listed(people),
    )


def _owes(say: PartSayer, one: Holder) -> str:
    who = say.person(one.person) or say.words["owed"]["nobody"]
    return say.fill("sum", "owes", person=who, units=say.units(one.overdue))


def _short(say: PartSayer) -> Iterator[str]:
    shorts = say.evidence.money.shorts if say.evidence.money else ()
    if shorts:
        amount = number(sum((one.amount for one in shorts), Fraction(0)))
        names = [say.person(one.person) or say.words["owed"]["nobody"] for one in shorts]
        alone = len(names) == 1 and shorts[0].person
        yield say.fill(
            "sum",
            "cash_one" if alone else "cash",
            people=len(names),
            amount=amount,
            person=names[0],
        )


# --- what is where -------------------------------------------------------------------------------


def place_rows(say: PartSayer) -> Iterator[PlaceRow]:
    """Tell each place, ours first and summed up, and at last that all are zero."""
    found = say.evidence.places
    ours = [one for one in found if one.ours]
    whole = sum(max(one.value, 0) for one in ours)
    for one in ours:
        share = Fraction(max(one.value, 0), whole) if whole else None
        yield _place(say, one, share)
    if ours:
        yield _place_sum(say, "ours", ours, "sum")
    for one in found:
        if not one.ours:
            yield _place(say, one, None)
    if found:
        yield _place_sum(say, "total", found, "total")


def _place(say: PartSayer, one: InPlace, share: Fraction | None) -> PlaceRow:
    told = "" if share is None else say.rules.percent(share)
    return PlaceRow(
        id=one.place,
        label=say.place(one.place),
        units=say.units(one.units),
        value=say.value(one.value),
        oldest=say.day(one.oldest),
        share=share,
        spoken=say.fill("where", "share", share=told) if told else "",
        tone="ours" if one.ours else "outside",
    )


def _place_sum(say: PartSayer, key: str, places: Sequence[InPlace], tone: str) -> PlaceRow:
    units, value = sum(one.units for one in places), sum(one.value for one in places)
    label = say.words["where"][key]
    return PlaceRow(key, label, say.units(units), say.value(value), "", None, "", tone)


# --- who owes what -------------------------------------------------------------------------------


def holder_rows(say: PartSayer) -> Iterator[HolderRow]:
    """Tell what each person has in hand and owes, first whose are late."""
    for one in say.evidence.holders:
        days = say.days_since(one.due)
        yield HolderRow(
            person=say.person(one.person) or say.words["owed"]["nobody"],
            owed=say.units(one.owed) if one.owed else "",
            unused=say.units(one.unused) if one.unused else "",
            overdue=say.units(one.overdue) if one.overdue else "",
            days=f"{days:,}" if one.overdue else "",
            value=say.value(one.value),
            tickets=say.tickets(one.tickets),
            tone="late" if one.overdue else "",
        )


def cash_rows(say: PartSayer) -> Iterator[CashRow]:
    """Tell who is short of cash."""
    money = say.evidence.money
    for one in money.shorts if money else ():
        yield CashRow(
            person=say.person(one.person) or say.words["owed"]["nobody"],
            amount=number(one.amount),
            since=say.day(one.since),
            tickets=say.tickets(one.tickets),
            rows=one.rows,
        )


# --- key figures ---------------------------------------------------------------------------------


def figure_rows(say: PartSayer) -> Iterator[FigureRow]:
    """Tell the key figures on parts, each with the further figures that stand beside it."""
    teller = FigureTeller(say.evidence.handbook, say.speaker.lang)
    for result in say.evidence.figures:
        yield _figure(teller, result)


def _figure(teller: FigureTeller, result: KpiResult) -> FigureRow:
    also = [
        f"{teller.title(figure)} {teller.value(found)}"
        for figure, found in result.also
        if found.counted is not None
    ]
    return FigureRow(
        id=result.kpi.id,
        title=teller.title(result.kpi),
        value=teller.told(result.kpi, result.figure),
        over=teller.over(result.figure),
        target=teller.target(result.kpi),
        state=result.figure.state,
        state_title=teller.state(result.figure),
        note=teller.joined([*also, *teller.notes(result.kpi, result.figure), *teller.late(result)]),
    )
