"""What forms, records, codes, tables and terms of a handbook mean, by id or by word.

One word may mean several things: `AD02` is a code and a row of a table, `part` a reason and a
charge. All of them are told.
"""

import re
from collections.abc import Iterator
from typing import Final

from sopaudit.criteria.field import Text
from sopaudit.criteria.form import Form, Record
from sopaudit.criteria.handbook import (
    CODES,
    FORMS,
    GLOSSARY,
    RECORDS,
    Handbook,
)
from sopaudit.criteria.meaning import Facts, Meaning, meanings
from sopaudit.criteria.register import CodeList
from sopaudit.criteria.table import Table


def looked_up(handbook: Handbook, word: str) -> list[Meaning]:
    """List what `word` means: an id as it is written, or a title or a term in any language.

    A row of a table is found by each part of its key. A term without a note is left out where
    something else has its id.
    """
    known = meanings(handbook)
    found = [known[word]] if word in known else []
    found += [entry for entry in _entries(handbook) if _means(entry, word)]
    told = {entry.id for entry in found}
    terms = (term for term in _terms(handbook) if _means(term, word))
    return [*found, *(term for term in terms if term.facts["note"] or term.id not in told)]


def lexicon(handbook: Handbook) -> Iterator[Meaning]:
    """Tell all entries of the registers and tables, and all terms."""
    yield from _entries(handbook)
    yield from _terms(handbook)


def _entries(handbook: Handbook) -> Iterator[Meaning]:
    for form in handbook.forms.values():
        yield _form(handbook, form)
    for record in handbook.records_kept.values():
        yield _record(handbook, record)
    yield from _tables(handbook)
    yield from _codes(handbook)


def _means(entry: Meaning, word: str) -> bool:
    return word in entry.id.split() or word.casefold() in _words(entry.title)


_PARTING: Final = re.compile(r"[、，,；（）()]")


def _words(title: Text) -> set[str]:
    """List the words a title gives, in every language: 接修单、送修单 gives two and the whole."""
    parts = (part for _, words in title.wordings for part in (words, *_PARTING.split(words)))
    return {part.strip().casefold() for part in parts}


def _form(handbook: Handbook, form: Form) -> Meaning:
    facts: Facts = {
        "purpose": form.purpose,
        "number": form.number,
        "posts": ", ".join(form.posts),
        "provenance": form.provenance,
    }
    return Meaning(form.id, form.title, facts, _fields(form), handbook.folder / FORMS)


def _record(handbook: Handbook, record: Record) -> Meaning:
    facts: Facts = {"purpose": record.purpose, "provenance": record.provenance}
    return Meaning(record.id, record.title, facts, _fields(record), handbook.folder / RECORDS)


def _fields(record: Record) -> tuple[tuple[str, Text], ...]:
    """List the fields; a star stands at those that must be filled."""
    return tuple(
        (f"{field.id}*" if field.required else field.id, field.title) for field in record.fields
    )


def _codes(handbook: Handbook) -> Iterator[Meaning]:
    file = handbook.folder / CODES
    for codes in handbook.codes.values():
        inside = tuple((code.id, code.title) for code in codes.codes)
        facts: Facts = {"note": codes.note, "provenance": codes.provenance}
        yield Meaning(codes.id, codes.title, facts, inside, file)
        for code in codes.codes:
            of: Facts = {"codes": codes.id, "note": code.note, "provenance": code.provenance}
            yield Meaning(code.id, code.title, of, (), file)


def _terms(handbook: Handbook) -> Iterator[Meaning]:
    for term in handbook.glossary.terms if handbook.glossary else ():
        facts: Facts = {"note": term.note, "group": term.group, "provenance": term.provenance}
        yield Meaning(term.id, term.term, facts, (), handbook.folder / GLOSSARY)


def _tables(handbook: Handbook) -> Iterator[Meaning]:
    for table in handbook.tables.values():
        file = handbook.files[table.id]
        facts: Facts = {
            "note": table.note,
            "edition": table.edition,
            "valid_from": None if table.valid_from is None else str(table.valid_from),
            "valid_until": None if table.valid_until is None else str(table.valid_until),
            "source": table.source,
            "provenance": table.provenance,
        }
        rows = tuple(_row(handbook, table, n) for n in range(len(table.rows)))
        yield Meaning(table.id, table.title, facts, rows, file)
        for row, (name, line) in zip(table.rows, rows, strict=True):
            cells: Facts = {"table": table.id}
            cells |= {column: value for column, value in row.items() if column not in table.key}
            yield Meaning(name, row.get("name", line), cells, (), file)


def _row(handbook: Handbook, table: Table, n: int) -> tuple[str, Text]:
    """Give what names a row of a table, and the rest of it in one line for each language."""
    row = table.rows[n]
    key = " ".join(row[name].plain for name in table.key if name in row)
    lists = {column.id: handbook.codes.get(column.codes or "") for column in table.columns}
    rest = {name: row[name] for name in lists if name in row and name not in table.key}
    words = tuple(
        (lang, " · ".join(_cell(value, lists[name], lang) for name, value in rest.items()) or key)
        for lang in handbook.languages
    )
    return key or str(n + 1), Text(words)


def _cell(value: Text, codes: CodeList | None, lang: str) -> str:
    """Give the words of a cell; a code has those of its list."""
    found = (code.title for code in codes.codes if code.id == value.plain) if codes else ()
    return next(iter(found), value).to(lang)
