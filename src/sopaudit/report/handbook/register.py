"""Forms, tables, codes, the calendar and the glossary, as the book shows them."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date

from sopaudit.criteria.calendar import WEEKDAYS, Calendar, Hours, Opening
from sopaudit.criteria.field import Text
from sopaudit.criteria.form import Form, Record
from sopaudit.criteria.register import CodeList, Glossary
from sopaudit.criteria.table import Table
from sopaudit.report.handbook.model import (
    CalendarMonth,
    CalendarSheet,
    Fact,
    FieldGroup,
    FieldRow,
    FormBlock,
    FormSheet,
    GlossarySheet,
    Grid,
    GridSheet,
    Named,
    Said,
    TermGroup,
    TermRow,
)
from sopaudit.report.handbook.speaker import Speaker


def form_sheet(speaker: Speaker, name: str, forms: Iterable[Record], intro: str) -> FormSheet:
    """Write all forms, or all records."""
    return FormSheet(
        id=name,
        title=speaker.word("chapter", name),
        intro=speaker.word("form", intro),
        forms=tuple(_form(speaker, form) for form in forms),
    )


def _form(speaker: Speaker, form: Record) -> FormBlock:
    flows = speaker.handbook.workflows.values()
    titles = {group.id: group.title for group in form.groups} if isinstance(form, Form) else {}
    posts = form.posts if isinstance(form, Form) else ()
    groups = list(dict.fromkeys(field.group for field in form.fields))
    return FormBlock(
        id=form.id,
        title=speaker.say(form.title),
        purpose=speaker.say(form.purpose),
        posts=tuple(Named(post, speaker.post(post)) for post in posts),
        used_in=tuple(node.id for flow in flows for node in flow.nodes if form.id in node.forms),
        groups=tuple(
            FieldGroup(
                speaker.say(titles.get(group or "")),
                tuple(
                    FieldRow(speaker.say(f.title), f.id, f.required, speaker.say(f.note))
                    for f in form.fields
                    if f.group == group
                ),
            )
            for group in groups
        ),
        mark=form.provenance or "",
    )


def table_sheet(speaker: Speaker) -> GridSheet:
    """Write all reference tables."""
    tables = speaker.handbook.tables.values()
    return GridSheet(
        "tables", speaker.word("chapter", "tables"), (), tuple(_table(speaker, t) for t in tables)
    )


def _table(speaker: Speaker, table: Table) -> Grid:
    codes = {
        column.id: {code.id: code.title for code in known.codes}
        for column in table.columns
        if (known := speaker.handbook.codes.get(column.codes or "")) is not None
    }
    return Grid(
        id=table.id,
        title=speaker.say(table.title),
        note=speaker.say(table.note),
        facts=speaker.facts(
            "flow",
            edition=speaker.plain(table.edition),
            **{"from": speaker.plain(table.valid_from), "until": speaker.plain(table.valid_until)},
        ),
        head=tuple(speaker.say(column.title) for column in table.columns),
        rows=tuple(
            tuple(_cell(speaker, row.get(c.id), codes.get(c.id, {})) for c in table.columns)
            for row in table.rows
        ),
        right=tuple(column.kind == "number" for column in table.columns),
    )


def _cell(speaker: Speaker, value: Text | None, codes: dict[str, Text]) -> Said:
    if value is not None and not value.languages and value.to("") in codes:
        return speaker.say(codes[value.to("")])
    return speaker.say(value)


def code_sheet(speaker: Speaker) -> GridSheet:
    """Write all lists of codes."""
    lists = speaker.handbook.codes.values()
    return GridSheet(
        "codes", speaker.word("chapter", "codes"), (), tuple(_codes(speaker, c) for c in lists)
    )


def _codes(speaker: Speaker, codes: CodeList) -> Grid:
    noted = any(code.note is not None for code in codes.codes)
    head = (
        speaker.word("index", "id"),
        speaker.word("index", "title"),
        speaker.word("post", "explanation"),
    )
    return Grid(
        id=codes.id,
        title=speaker.say(codes.title),
        note=speaker.say(codes.note),
        facts=(),
        head=head if noted else head[:2],
        paired=not noted,
        rows=tuple(
            (speaker.plain(code.id), speaker.say(code.title))
            + ((speaker.say(code.note),) if noted else ())
            for code in codes.codes
        ),
    )


def event_sheet(speaker: Speaker) -> GridSheet:
    """Write what the records show, with the boxes of charts that are recorded so."""
    flows = speaker.handbook.workflows.values()
    shown: dict[str, list[str]] = {}
    for flow in flows:
        for node in flow.nodes:
            for event in (*node.events, *(e for choice in node.choices for e in choice.events)):
                shown.setdefault(event, []).append(node.id)
    return GridSheet(
        "event-ids",
        speaker.word("chapter", "events"),
        speaker.word("event", "intro"),
        (
            Grid(
                id="event",
                title=(),
                note=(),
                facts=(),
                head=(
                    speaker.word("index", "id"),
                    speaker.word("index", "title"),
                    speaker.word("event", "note"),
                    speaker.word("event", "boxes"),
                ),
                rows=tuple(
                    (
                        speaker.plain(event.id),
                        speaker.say(event.title),
                        speaker.say(event.note),
                        speaker.plain(" ".join(dict.fromkeys(shown.get(event.id, ())))),
                    )
                    for event in speaker.handbook.events.values()
                ),
            ),
        ),
    )


def calendar_sheet(speaker: Speaker, working: Calendar) -> CalendarSheet:
    """Write the working calendar, with a small chart of each year it speaks of."""
    return CalendarSheet(
        id="calendar",
        title=speaker.word("chapter", "calendar"),
        note=speaker.say(working.note),
        facts=(
            *speaker.facts(
                "calendar",
                workdays=_weekdays(speaker, working.workdays),
                hours=_hours(speaker, working.hours),
            ),
            *(_opening(speaker, opening) for opening in working.openings),
        ),
        weekdays=tuple(speaker.word("calendar", day) for day in WEEKDAYS),
        months=tuple(_months(speaker, working)),
        days_off=tuple(
            Fact(
                speaker.say(off.title),
                speaker.plain(off.from_)
                if off.to is None
                else speaker.word("calendar", "to", first=off.from_, last=off.to),
            )
            for off in working.days_off
        ),
        make_up=tuple(
            Fact(speaker.plain(made.date), speaker.say(made.title)) for made in working.make_up_days
        ),
    )


def _weekdays(speaker: Speaker, days: Sequence[str]) -> Said:
    return speaker.joined((speaker.word("calendar", day) for day in days), " ")


def _hours(speaker: Speaker, hours: Iterable[Hours]) -> Said:
    return speaker.plain(", ".join(map(str, hours)))


def _opening(speaker: Speaker, opening: Opening) -> Fact:
    offices = speaker.handbook.offices
    whose = speaker.joined(
        (
            () if opening.post is None else speaker.post(opening.post),
            () if opening.office is None else speaker.say(offices[opening.office].title),
        ),
        " / ",
    )
    told = (
        _weekdays(speaker, opening.workdays) if opening.workdays else (),
        _hours(speaker, opening.hours) if opening.hours else (),
        speaker.say(opening.note),
    )
    return Fact(whose, speaker.joined(told, " · "))


def _months(speaker: Speaker, working: Calendar) -> Iterable[CalendarMonth]:
    days = [off.from_ for off in working.days_off] + [made.date for made in working.make_up_days]
    for year in sorted({day.year for day in days}):
        for month in range(1, 13):
            weeks = calendar.Calendar().monthdatescalendar(year, month)
            title = speaker.word(
                "calendar", "month", year=year, month=month, name=calendar.month_abbr[month]
            )
            told = tuple(tuple(_day(working, day, month) for day in week) for week in weeks)
            yield CalendarMonth(title, told)


def _day(working: Calendar, day: date, month: int) -> tuple[str, str]:
    if day.month != month:
        return "", "none"
    works = working.works_on(day)
    usual = WEEKDAYS[day.weekday()] in working.workdays
    kind = {(True, True): "work", (True, False): "makeup", (False, True): "off"}.get(
        (works, usual), "rest"
    )
    holiday = any(off.from_ <= day <= off.last for off in working.days_off)
    return str(day.day), "off" if holiday else kind


def glossary_sheet(speaker: Speaker, glossary: Glossary) -> GlossarySheet:
    """Write the glossary, group by group."""
    titles = {group.id: group.title for group in glossary.groups}
    groups = list(dict.fromkeys(term.group for term in glossary.terms))
    return GlossarySheet(
        id="glossary",
        title=speaker.word("chapter", "glossary"),
        groups=tuple(
            TermGroup(
                speaker.say(titles.get(group or "")),
                tuple(
                    TermRow(
                        term.id,
                        _term(speaker, term.term),
                        speaker.say(term.note),
                        term.provenance or "",
                    )
                    for term in glossary.terms
                    if term.group == group
                ),
            )
            for group in groups
        ),
    )


def _term(speaker: Speaker, term: Text) -> Said:
    """Say a term with its word in the other languages, whichever the book is in."""
    here = speaker.say(term)
    if len(speaker.languages) > 1:
        return here
    others = [words for lang, words in term.wordings if lang != speaker.languages[0]]
    return speaker.joined((here, *((word,) for word in others if word not in here)), "  ")
