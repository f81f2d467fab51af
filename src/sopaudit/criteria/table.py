"""Reference tables: prices, warranties, damage codes; rules look things up in them."""

from typing import Literal

from pydantic import Field

from sopaudit.criteria.field import Day, Entry, Flag, Id, Text, Word


class Column(Entry):
    """One column of a table."""

    id: Id
    title: Text
    kind: Literal["text", "number", "day", "code"] = "text"
    required: Flag = True
    codes: Word | None = None
    """The list of codes its values come from."""


class Table(Entry):
    """One file of `sops/tables`."""

    id: Id
    edition: Word
    valid_from: Day | None = None
    valid_until: Day | None = None
    title: Text
    note: Text | None = None
    source: Word | None = None
    provenance: Word | None = None
    columns: tuple[Column, ...] = Field(min_length=1)
    key: tuple[Word, ...] = ()
    """The columns that together name a row; no two rows share them."""

    rows: tuple[dict[Word, Text], ...] = ()
