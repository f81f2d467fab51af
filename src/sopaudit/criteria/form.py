"""Forms and records: which fields each has, and which of them must be filled."""

from pydantic import Field as Declared

from sopaudit.criteria.field import Entry, Flag, Id, Text, Word


class FormField(Entry):
    """One field of a form, or one column of a record."""

    id: Id
    title: Text
    required: Flag = False
    group: Word | None = None
    """The part of the form it stands in."""

    codes: Word | None = None
    """The list of codes its value comes from."""

    blank: tuple[Word, ...] = ()
    """Words such as “无” which here are an answer and no blank."""

    note: Text | None = None
    provenance: Word | None = None


class FormGroup(Entry):
    """A part of a form."""

    id: Id
    title: Text


class Record(Entry):
    """A kind of record a system keeps; its columns are the least that is needed."""

    id: Id
    title: Text
    purpose: Text | None = None
    fields: tuple[FormField, ...] = Declared(min_length=1)
    provenance: Word | None = None


class Form(Record):
    """A paper or an electronic form."""

    number: Word | None = None
    """The number printed on it."""

    posts: tuple[Word, ...] = ()
    """Who fills it; none where another office issues it."""

    groups: tuple[FormGroup, ...] = ()


class FormRegister(Entry):
    """`sops/forms.yaml`."""

    edition: Word
    source: Word | None = None
    forms: tuple[Form, ...] = Declared(min_length=1)


class RecordRegister(Entry):
    """`sops/records.yaml`: the records that systems keep, column by column."""

    edition: Word
    source: Word | None = None
    records: tuple[Record, ...] = Declared(min_length=1)
