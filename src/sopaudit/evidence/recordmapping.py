"""How the files of a `data` folder say what the records of the handbook say (`mapping.yaml`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field

from sopaudit.criteria.field import Entry, Word
from sopaudit.criteria.form import FormField
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.table import Column
from sopaudit.criteria.zone import known_zone
from sopaudit.evidence.moment import Form
from sopaudit.problems import Problem, choices
from sopaudit.reading.document import Document
from sopaudit.reading.events import read
from sopaudit.reading.shape import validated

FILE: Final = "mapping.yaml"
"""What it is called in a `data` folder."""


class RecordColumns(Entry):
    """One record."""

    file: Word | None = None
    """The file it is in, where that is not called by its id."""

    sheet: Word | None = None
    """The sheet of a workbook it is, where that is not called by its id or title."""

    columns: dict[Word, Word] = Field(default_factory=dict)
    """Field to column; the others are known by their ids and titles."""

    words: dict[Word, dict[str, Word]] = Field(default_factory=dict)
    """By field: what the file writes, and the code it means."""

    dates: Form | None = None


class RecordsMapping(Entry):
    """The whole of `data/mapping.yaml`."""

    records: dict[Word, RecordColumns] = Field(default_factory=dict)
    dates: Form = "auto"
    zone: Word | None = None
    blank: tuple[str, ...] = ()
    """Words that say nothing, besides the empty cell, `?` and those of habit."""


@dataclass(frozen=True)
class RecordsMappingFile:
    """A mapping and the file it stands in."""

    mapping: RecordsMapping
    document: Document

    def of(self, record: str) -> RecordColumns:
        """Give what is said of a record."""
        return self.mapping.records.get(record) or RecordColumns()

    def dates(self, record: str) -> Form:
        """Say how the dates of a record are written."""
        return self.of(record).dates or self.mapping.dates


def read_records_mapping(
    path: Path, handbook: Handbook, shown: str | None = None
) -> tuple[RecordsMappingFile | None, list[Problem]]:
    """Read a mapping and hold it against the handbook; its columns are looked up in the files."""
    document = read(path, shown)
    mapping, problems = validated(document, RecordsMapping)
    if mapping is None:
        return None, problems
    said = RecordsMappingFile(mapping, document)
    return said, [*problems, *_strange(said, handbook)]


def fields_of(handbook: Handbook, record: str) -> tuple[FormField, ...]:
    """Give the fields of a record or a form, or the columns of a reference table.

    A table may also be a form, on which people read it; what is handed in of it are its rows. There
    are none for one the handbook does not know.
    """
    if record in handbook.tables:
        return tuple(map(_as_field, handbook.tables[record].columns))
    kept = handbook.records_kept.get(record) or handbook.forms.get(record)
    return kept.fields if kept is not None else ()


def _as_field(column: Column) -> FormField:
    about = {"id": column.id, "title": column.title, "required": column.required}
    return FormField.model_validate({**about, "codes": column.codes})


def meanings(handbook: Handbook, record: FormField, event: str = "") -> Mapping[str, str]:
    """Give what titles of codes mean in a field, where a title is that of one code alone.

    `event` is the id of the field that holds ids of events.
    """
    if record.id == event:
        entries = [(each.id, each.title) for each in handbook.events.values()]
    else:
        known = handbook.codes.get(record.codes or "")
        entries = [(each.id, each.title) for each in known.codes] if known is not None else []
    means: dict[str, set[str]] = {}
    for id_, title in entries:
        for _, text in title.wordings:
            means.setdefault(text, set()).add(id_)
    ids = {id_ for id_, _ in entries}
    return {text: min(of) for text, of in means.items() if len(of) == 1 and text not in ids}


def _strange(said: RecordsMappingFile, handbook: Handbook) -> Iterator[Problem]:
    mapping, document = said.mapping, said.document
    if mapping.zone is not None and not known_zone(mapping.zone):
        yield document.problem("L012", ("zone",), zone=mapping.zone)
    known = [*handbook.records_kept, *handbook.forms, *handbook.tables]
    for record, columns in mapping.records.items():
        if record not in known:
            loc = ("records", record)
            near = choices(record, known)
            yield document.problem("L021", loc, key=True, word=record, choices=near)
            continue
        ids = [each.id for each in fields_of(handbook, record)]
        for part, named in (("columns", columns.columns), ("words", columns.words)):
            for name in named:
                if name not in ids:
                    place = ("records", record, part, name)
                    near = choices(name, ids)
                    yield document.problem("L022", place, key=True, word=name, choices=near)
