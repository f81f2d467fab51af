"""The list of the day: for a chat, for one sheet of paper, and as a workbook."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np

from sopaudit.criteria.handbook import Handbook
from sopaudit.findings.agenda import Agenda, Due, holders
from sopaudit.findings.rules.hearing import Hearing
from sopaudit.press.html import page
from sopaudit.press.words import words
from sopaudit.report.tickets.naming import Namer
from sopaudit.report.workbook import Column, Page, Row
from sopaudit.report.xlsx import About, book
from sopaudit.terminal import hanging

SCHEMA: Final = "sopaudit.today/1"

PAGE_ROWS: Final = 46
"""Rows a sheet of A4 has room for, below its title; the name of a person takes one and a half."""

_NAME: Final = 1.5
_PEOPLE: Final = 12
"""So many have a heading on it."""

_MINUTE: Final = np.timedelta64(1, "m")
_HOURS: Final = 24
_MINUTES: Final = 60


@dataclass(frozen=True)
class Line:
    """One thing to do, in words."""

    overdue: bool
    due: str
    """`10-14 12:00`."""

    length: str
    """How long ago that was, or how long there is."""

    ticket: str
    heading: str
    what: str
    rule: str


@dataclass(frozen=True)
class Person:
    """What one person has to do: what is overdue first, the oldest at the head."""

    name: str
    counts: str
    lines: tuple[Line, ...]
    more: str = ""
    """How many are left out here; empty where none is."""

    @property
    def late(self) -> int:
        """How many are overdue."""
        return sum(line.overdue for line in self.lines)


@dataclass(frozen=True)
class Today:
    """The whole list."""

    title: str
    heading: str
    office: str
    day: date
    counts: str
    persons: tuple[Person, ...]
    notes: tuple[str, ...]
    lang: str


def today(handbook: Handbook, hearing: Hearing, told: Agenda, office: str, lang: str) -> Today:
    """Say the list in words, by person; who has most overdue comes first."""
    return _Writer(handbook, hearing, told, office, lang).whole()


def today_text(told: Today) -> str:
    """Write it to be pasted into a chat: short lines, no table, nothing wider than a phone."""
    return "\n".join(_chat(told)) + "\n"


def today_html(told: Today) -> str:
    """Lay it out as a page for a screen or a phone, with everything on it."""
    return page("desk/today.html.j2", told.lang, "today", page=told, printed=False)


def today_sheet(told: Today) -> str:
    """Lay it out to be printed on one sheet of A4; what has no room is counted."""
    return page("desk/today.html.j2", told.lang, "today", page=on_one_sheet(told), printed=True)


def today_xlsx(told: Today) -> bytes:
    """Lay it out as a workbook: a line a thing, which can be filtered and sorted."""
    table = words(told.lang, "today")["table"]
    columns = tuple(
        Column(table[key], size)
        for key, size in (
            ("person", 18), ("state", 10), ("due", 14), ("length", 16), ("ticket", 20),
            ("heading", 12), ("what", 44), ("rule", 10),
        )
    )  # fmt: skip
    rows = tuple(
        Row(
            (
                person.name,
                table["late" if line.overdue else "soon"],
                line.due,
                line.length,
                line.ticket,
                line.heading,
                line.what,
                line.rule,
            )
        )
        for person in told.persons
        for line in person.lines
    )
    sheets = [Page(told.title, columns, rows)]
    return book(sheets, About.plain(told.heading, told.lang, told.day))


def today_json(told: Agenda) -> str:
    """Write it as data."""
    whole = {
        "schema": SCHEMA,
        "now": _iso(told.now),
        "until": _iso(told.until),
        "entries": [
            {
                "heading": one.heading,
                "rule": one.rule,
                "ticket": one.ticket,
                "due": _iso(one.due),
                "overdue": one.overdue,
                "person": one.person or None,
                "posts": list(one.posts),
            }
            for one in told.entries
        ],
        "unheard": list(told.unheard),
        "missing": {rule: list(records) for rule, records in told.missing},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


class _Writer:
    def __init__(
        self, handbook: Handbook, hearing: Hearing, told: Agenda, office: str, lang: str
    ) -> None:
        self.handbook = handbook
        self.hearing = hearing
        self.told = told
        self.office = office
        self.lang = lang
        self.namer = Namer(handbook, lang)
        self.words = words(lang, "today")
        self.page = self.words["page"]

    def whole(self) -> Today:
        told, page = self.told, self.page
        entries = told.entries
        late = sum(one.overdue for one in entries)
        counts = {"late": late, "soon": len(entries) - late, "until": self._when(told.until)}
        silent = told.unheard or told.missing
        key = "counts" if entries else "nothing_known" if silent else "nothing"
        now: datetime = told.now.astype(datetime)
        weekday = self.words["weekday"][str(now.weekday())]
        when = f"{now:%m-%d} {weekday} {now:%H:%M}"
        head = page["head"].format(office=self.office, when=when)
        return Today(
            page["title"],
            head,
            self.office,
            now.date(),
            page[key].format(**counts),
            tuple(self._persons()),
            tuple(self._notes()),
            self.lang,
        )

    def _persons(self) -> Iterator[Person]:
        mine: dict[str, list[Due]] = {}
        for one in self.told.entries:
            mine.setdefault(self._whose(one), []).append(one)
        found = [(name, sorted(own, key=lambda one: not one.overdue)) for name, own in mine.items()]
        found.sort(key=lambda pair: (-sum(one.overdue for one in pair[1]), -len(pair[1]), pair[0]))
        for name, own in found:
            yield Person(name, self._counts(own), tuple(map(self._line, own)))

    def _whose(self, one: Due) -> str:
        """Name who has to do it: whom the ticket names, else the one who holds the post there."""
        if one.person:
            return self.namer.person(one.person)
        people = holders(self.hearing, one.posts)
        if len(people) == 1:
            return self.namer.person(people[0])
        titles = [self.handbook.posts[post].title for post in one.posts]
        listed = "、" if self.lang == "zh" else ", "
        named = listed.join(self.handbook.say(title, self.lang) for title in titles)
        return self.page["of_post"].format(post=named) if named else self.page["nobody"]

    def _counts(self, own: Sequence[Due]) -> str:
        late = sum(one.overdue for one in own)
        counts = (("late", late), ("soon", len(own) - late))
        listed = "，" if self.lang == "zh" else ", "
        return listed.join(self.page[key].format(n=n) for key, n in counts if n)

    def _line(self, one: Due) -> Line:
        say = self.handbook.say
        rule = say(self.handbook.rules[one.rule].title, self.lang)
        what = f"{rule} · {say(one.part, self.lang)}" if one.part else rule
        heading = next(h.title for h in self.handbook.today if h.id == one.heading)
        length = self._length(abs(one.due - self.told.now))
        told = self.page["past" if one.overdue else "left"].format(length=length)
        title = say(heading, self.lang)
        return Line(one.overdue, self._when(one.due), told, one.ticket, title, what, one.rule)

    def _when(self, at: np.datetime64) -> str:
        # The last microsecond of a day is shown as its last minute.
        moment: datetime = at.astype("datetime64[us]").astype(datetime)
        return f"{moment:%m-%d %H:%M}"

    def _length(self, length: np.timedelta64) -> str:
        """Write a length of time in its two largest units."""
        say = self.words["length"]
        minutes = int(length // _MINUTE)
        days, rest = divmod(minutes, _HOURS * _MINUTES)
        hours, left = divmod(rest, _MINUTES)
        parts = [("day", days), ("hour", hours), ("minute", left)]
        told = [say[key].format(n=n) for key, n in parts if n][:2]
        between = "" if self.lang == "zh" else " "
        return between.join(told) or say["minute"].format(n=0)

    def _notes(self) -> Iterator[str]:
        listed = "、" if self.lang == "zh" else ", "
        if self.told.unheard:
            yield self.page["unheard"].format(rules=listed.join(self.told.unheard))
        if self.told.missing:
            rules = [rule for rule, _ in self.told.missing]
            yield self.page["missing"].format(rules=listed.join(dict.fromkeys(rules)))


def on_one_sheet(told: Today) -> Today:
    """Leave out what a sheet has no room for, and say so.

    Everybody keeps about as many lines: first what can still be done in time, then what has waited
    longest.
    """
    people = told.persons[:_PEOPLE]
    ranked = [
        (rank, n, m)
        for n, person in enumerate(people)
        for rank, (_, _, m) in enumerate(
            sorted((line.overdue, line.due, m) for m, line in enumerate(person.lines))
        )
    ]
    room = int(PAGE_ROWS - _NAME * len(people))
    if len(ranked) > room:
        # Who has more than is shown takes a row to say so.
        ranked = sorted(ranked)[: max(room - len(people), 0)]
    chosen = {(n, m) for _, n, m in ranked}
    say = words(told.lang, "today")["page"]["more"]
    persons = []
    for n, person in enumerate(people):
        lines = tuple(line for m, line in enumerate(person.lines) if (n, m) in chosen)
        left = len(person.lines) - len(lines)
        more = say.format(n=left) if left else ""
        persons.append(Person(person.name, person.counts, lines, more))
    others = sum(len(person.lines) for person in told.persons[_PEOPLE:])
    notes = (*told.notes, say.format(n=others)) if others else told.notes
    return Today(**{**vars(told), "persons": tuple(persons), "notes": notes})


def _chat(told: Today) -> Iterator[str]:
    say = words(told.lang, "today")["page"]
    yield from _broken(told.heading)
    yield from _broken(told.counts)
    for person in told.persons:
        yield ""
        yield from _broken(say["person"].format(name=person.name, counts=person.counts))
        for line in person.lines:
            sign = "●" if line.overdue else "○"
            yield from _broken(f"{sign} {line.ticket} {line.heading}")
            yield from _broken(f"  {line.what}")
            when = say["due" if line.overdue else "by"].format(when=line.due)
            comma = "，" if told.lang == "zh" else ", "
            yield from _broken(f"  {when}{comma}{line.length}")
    if told.notes:
        yield ""
        for note in told.notes:
            yield from _broken(note)


def _broken(text: str) -> Iterator[str]:
    """Break a text into lines a phone shows whole."""
    said = text.lstrip()
    return hanging(said, text[: len(text) - len(said)])


def _iso(at: np.datetime64) -> str:
    return str(at.astype("datetime64[s]")).replace("T", " ")
