"""Tables on parts for a terminal, the same of a ledger read in one go and of one in parts."""

from collections.abc import Iterator, Sequence
from typing import Final

from sopaudit.findings.loss_summary import Total
from sopaudit.report.parts.columns import fitted
from sopaudit.report.parts.rows import holder_rows, place_rows
from sopaudit.report.parts.saying import PartSayer
from sopaudit.terminal import COLUMNS, width

_PEOPLE: Final = 12
"""So many rows of people are told."""


def titled(head: str, file: str) -> Iterator[str]:
    """Name what is told and of which file; a long path has a line of its own, and loses its head.

    `head` has a place for `file`.
    """
    whole = head.format(file=file)
    if width(whole) <= COLUMNS:
        yield whole
        return
    yield head.format(file="").rstrip(" \u3000·")
    while width(file) > COLUMNS:
        file = "…" + file.removeprefix("…")[1:]
    yield file


def plain(text: str) -> str:
    """Give a number as it can be copied from a terminal: with the minus of a keyboard."""
    return text.replace("\u2212", "-")


def where(say: PartSayer) -> Iterator[str]:
    """Tell what is in each place."""
    words = say.teller.words["check"]
    yield words["where"]
    rows = [tuple(map(plain, (r.label, r.units, r.value, r.oldest))) for r in place_rows(say)]
    head = tuple(words[key] for key in ("place", "pieces", "value", "since"))
    yield from fitted(head, rows, head[1:3], "  ")


def people(say: PartSayer) -> Iterator[str]:
    """Tell what people have in hand and owe, the first dozen of them."""
    words, found = say.teller.words["check"], [*holder_rows(say)]
    if not found:
        yield words["nothing_owed"]
        return
    yield words["owed"]
    keys = ("person", "old", "unused", "overdue", "days", "value", "tickets")
    head = tuple(words[key] for key in keys)
    rows = [
        tuple(map(plain, (r.person, r.owed, r.unused, r.overdue, r.days, r.value, r.tickets)))
        for r in found[:_PEOPLE]
    ]
    yield from fitted(head, rows, head[1:6], "  ")
    if len(found) > _PEOPLE:
        yield "  " + say.teller.fill("check", "more", number=len(found) - _PEOPLE)


def summed(say: PartSayer, found: Sequence[Total]) -> Iterator[str]:
    """Tell findings summed up by sort."""
    words, titles = say.teller.words["check"], sort_titles(say)
    yield words["findings"]
    head = tuple(words[key] for key in ("sort", "cases", "pieces", "value", "oldest"))
    rows = [
        (
            titles.get(one.name, one.name),
            f"{one.count:,}",
            plain(say.units(one.qty)),
            plain(say.value(one.value)) if one.value else "",
            say.day(one.oldest),
        )
        for one in found
    ]
    yield from fitted(head, rows, head[1:4], "  ")


def sort_titles(say: PartSayer) -> dict[str, str]:
    """Name the sorts of findings as the handbook does."""
    rules = say.evidence.handbook.parts
    return {sort.id: say.speaker.say(sort.title) for sort in (rules.losses if rules else ())}
