"""What must hold of where money can be: moves lead from one place to another, all of them named."""

from collections.abc import Iterator

from sopaudit.criteria.draft import Draft, shaped
from sopaudit.criteria.money import MoneyRules
from sopaudit.criteria.ruling import events_known, fields_and_codes, inside, looked_up
from sopaudit.problems import Problem
from sopaudit.reading.document import Loc


def cash_flows(draft: Draft) -> Iterator[Problem]:
    """Look whether the rules on money name places, fields, codes and events that exist."""
    places = inside(draft.money, "places")
    records = inside(draft.records, "records") if draft.records else None
    events = events_known(draft)
    for money, file in shaped(draft.money):
        yield from fields_and_codes(draft, file, list(_fields(money)), list(_codes(money)))
        if money.opening is not None:
            yield from looked_up(file, "H128", ("opening",), money.opening, records)
        for loc, place in _ends(money):
            yield from looked_up(file, "H205", loc, place, places)
        for n, move in enumerate(money.moves):
            if move.event is not None:
                yield from looked_up(file, "H127", ("moves", n, "event"), move.event, events)
        for n, method in enumerate(money.direct):
            if method in money.carried:
                yield file.problem("H206", ("direct", n), word=method)


def _fields(money: MoneyRules) -> Iterator[tuple[Loc, str]]:
    for name in ("kind", "amount", "method", "receipt", "charged"):
        word = getattr(money, name)
        if word is not None:
            yield (name,), word
    for n, word in enumerate(money.person):
        yield ("person", n), word


def _codes(money: MoneyRules) -> Iterator[tuple[str, Loc, str]]:
    """Give each word that must be a code of a field: the field, where it stands, the word."""
    for n, move in enumerate(money.moves):
        yield money.kind, ("moves", n, "id"), move.id
    for name, words in (("carried", money.carried), ("direct", money.direct)):
        for n, word in enumerate(words):
            yield money.method, (name, n), word


def _ends(money: MoneyRules) -> Iterator[tuple[Loc, str]]:
    for n, move in enumerate(money.moves):
        yield ("moves", n, "from"), move.from_
        yield ("moves", n, "to"), move.to
        if move.direct is not None:
            yield ("moves", n, "direct", "from"), move.direct.from_
            yield ("moves", n, "direct", "to"), move.direct.to
