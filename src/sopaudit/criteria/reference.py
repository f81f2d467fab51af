"""What must hold of reference data: fields and tables keep to their codes, days and hours fit.

Each check is a function from the draft to problems, as in `consistency`.
"""

from collections.abc import Collection, Iterator, Mapping

from sopaudit.criteria.calendar import WEEKDAYS, Calendar, DaysOff, HoursOfDay
from sopaudit.criteria.draft import Draft, ids, ids_inside, opened, shaped, unknown
from sopaudit.criteria.field import Text, day, number
from sopaudit.criteria.form import Form, Record
from sopaudit.criteria.mending import STAND_IN
from sopaudit.criteria.organisation import DocumentControl
from sopaudit.criteria.table import Column, Table
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document, Loc


def forms(draft: Draft) -> Iterator[Problem]:
    """Look whether forms and records name posts, parts of themselves and codes that exist."""
    posts, lists = ids(draft.posts), ids_inside(draft.codes, "lists")
    for register, file in shaped(draft.forms):
        for n, form in enumerate(register.forms):
            yield from _form(form, file, n, posts)
            yield from _fields(form, file, ("forms", n, "fields"), lists)
    for kept, file in shaped(draft.records):
        for n, record in enumerate(kept.records):
            yield from _fields(record, file, ("records", n, "fields"), lists)


def _form(form: Form, file: Document, n: int, posts: Collection[str]) -> Iterator[Problem]:
    for m, post in enumerate(form.posts):
        yield from unknown(file, "H015", ("forms", n, "posts", m), post, posts)
    groups = opened(group.id for group in form.groups)
    for m, field in enumerate(form.fields):
        yield from unknown(file, "H141", ("forms", n, "fields", m, "group"), field.group, groups)


def _fields(record: Record, file: Document, loc: Loc, lists: Collection[str]) -> Iterator[Problem]:
    for m, field in enumerate(record.fields):
        yield from unknown(file, "H140", (*loc, m, "codes"), field.codes, lists)


def headings(draft: Draft) -> Iterator[Problem]:
    """Look whether events and terms stand under headings their register declares."""
    for register, file in shaped(draft.events):
        groups = opened(group.id for group in register.groups)
        for n, event in enumerate(register.events):
            yield from unknown(file, "H141", ("events", n, "group"), event.group, groups)
    for glossary, file in shaped(draft.glossaries):
        groups = opened(group.id for group in glossary.groups)
        for n, term in enumerate(glossary.terms):
            yield from unknown(file, "H141", ("terms", n, "group"), term.group, groups)


def tables(draft: Draft) -> Iterator[Problem]:
    """Look whether tables and their rows keep to the columns and codes they name."""
    lists = ids_inside(draft.codes, "lists")
    codes = {
        codes.id: opened(code.id for code in codes.codes)
        for register, _ in shaped(draft.codes)
        for codes in register.lists
    }
    for table, file in shaped(draft.tables):
        columns = {column.id: column for column in table.columns}
        named = opened(columns)
        for n, column in enumerate(table.columns):
            yield from unknown(file, "H140", ("columns", n, "codes"), column.codes, lists)
        for n, name in enumerate(table.key):
            yield from unknown(file, "H148", ("key", n), name, named)
        for n, row in enumerate(table.rows):
            for name, value in row.items():
                loc: Loc = ("rows", n, name)
                if name not in named and name != STAND_IN:
                    near = choices(name, columns)
                    yield file.problem("H142", loc, key=True, word=name, choices=near)
                elif name in columns:
                    yield from _code(file, loc, value, columns[name], codes)
    for table, file in shaped(draft.tables, whole=True):
        yield from _kept(table, file)


def _code(
    file: Document, loc: Loc, value: Text, column: Column, codes: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    known = codes.get(column.codes or "", (value.plain,))
    if value.plain not in known and value.plain != STAND_IN:
        near = choices(value.plain, [code for code in known if code != STAND_IN])
        yield file.problem("H146", loc, word=value.plain, name=column.codes, choices=near)


def _kept(table: Table, file: Document) -> Iterator[Problem]:
    """Look at what only a table without a mistake in it can tell: its values, keys and days."""
    first, last = table.valid_from, table.valid_until
    if first is not None and last is not None and last < first:
        yield file.problem("H041", ("valid_until",), word=table.id, first=first)
    for n, column in enumerate(table.columns):
        if (column.kind == "code") != (column.codes is not None):
            yield file.problem("H149", ("columns", n, "id"), word=column.id)
    columns = {column.id: column for column in table.columns}
    key = [name for name in table.key if name in columns]
    seen: dict[tuple[object, ...], int] = {}
    for n, row in enumerate(table.rows):
        for name, column in columns.items():
            if name in row:
                yield from _value(file, ("rows", n, name), row[name], column)
            elif column.required:
                yield file.problem("H143", ("rows", n), word=name)
        values = tuple(_same(row.get(name), columns[name]) for name in key)
        if key and values in seen:
            line = file.place(("rows", seen[values])).line
            said = ", ".join(row[name].plain for name in key if name in row)
            yield file.problem("H147", ("rows", n), word=said, name=", ".join(key), first=line)
        seen.setdefault(values, n)


def _value(file: Document, loc: Loc, value: Text, column: Column) -> Iterator[Problem]:
    if column.kind == "number" and number(value.plain) is None:
        yield file.problem("H144", loc, word=value.plain, name=column.id)
    if column.kind == "day" and day(value.plain) is None:
        yield file.problem("H145", loc, word=value.plain, name=column.id)


def _same(value: Text | None, column: Column) -> object:
    """Give what is equal for equal values: 1.0 is 1 in a column of numbers."""
    if value is None:
        return None
    found = number(value.plain) if column.kind == "number" else None
    return value.plain if found is None else found


def calendars(draft: Draft) -> Iterator[Problem]:
    """Look whether hours, holidays and make-up days of the calendar go together."""
    posts = ids(draft.posts)
    offices = ids_inside(draft.settings, "offices")
    for calendar, file in shaped(draft.calendars):
        for n, opening in enumerate(calendar.openings):
            loc: Loc = ("openings", n)
            yield from unknown(file, "H015", (*loc, "post"), opening.post, posts)
            yield from unknown(file, "H022", (*loc, "office"), opening.office, offices)
    for calendar, file in shaped(draft.calendars, whole=True):
        yield from _hours(calendar.hours, file, ("hours",))
        for n, opening in enumerate(calendar.openings):
            yield from _hours(opening.hours, file, ("openings", n, "hours"))
            if opening.post is None and opening.office is None:
                yield file.problem("H154", ("openings", n))
        yield from _holidays(calendar.days_off, file)
        yield from _made_up(calendar, file)


def _hours(hours: tuple[HoursOfDay, ...], file: Document, loc: Loc) -> Iterator[Problem]:
    for n, one in enumerate(hours):
        for other in hours[:n]:
            if one.opens < other.closes and other.opens < one.closes:
                yield file.problem("H150", (*loc, n), word=one, first=other)


def _holidays(days_off: tuple[DaysOff, ...], file: Document) -> Iterator[Problem]:
    for n, one in enumerate(days_off):
        if one.last < one.from_:
            title = one.title.plain
            yield file.problem("H041", ("days_off", n, "to"), word=title, first=one.from_)
        for m, other in enumerate(days_off[:n]):
            if one.from_ <= other.last and other.from_ <= one.last:
                first = file.place(("days_off", m)).line
                yield file.problem("H153", ("days_off", n, "from"), word=one.from_, first=first)


def _made_up(calendar: Calendar, file: Document) -> Iterator[Problem]:
    for n, made in enumerate(calendar.make_up_days):
        loc: Loc = ("make_up_days", n, "date")
        if any(off.from_ <= made.date <= off.last for off in calendar.days_off):
            yield file.problem("H152", loc, word=made.date)
        elif WEEKDAYS[made.date.weekday()] in calendar.workdays:
            yield file.problem("H151", loc, word=made.date)


def signatures(draft: Draft) -> Iterator[Problem]:
    """Look whether those who made and approved the handbook are on the roster, and in order."""
    people = ids_inside(draft.settings, "roster")
    for settings, file in shaped(draft.settings):
        if settings.document is not None:
            for loc, who in _signing(settings.document):
                yield from unknown(file, "H155", ("document", *loc), who, people)
    for settings, file in shaped(draft.settings, whole=True):
        revisions = settings.document.revisions if settings.document else ()
        for n in range(1, len(revisions)):
            if revisions[n].date < revisions[n - 1].date:
                loc = ("document", "revisions", n, "date")
                word, first = revisions[n].date, revisions[n - 1].date
                yield file.problem("H156", loc, word=word, first=first)


def _signing(document: DocumentControl) -> Iterator[tuple[Loc, str | None]]:
    yield ("prepared_by",), document.prepared_by
    yield ("reviewed_by",), document.reviewed_by
    yield ("approved_by",), document.approved_by
    for n, revision in enumerate(document.revisions):
        yield ("revisions", n, "by"), revision.by
