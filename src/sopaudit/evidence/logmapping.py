"""How a log that is not ours says what an event log says (a mapping of the kind `log`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Discriminator, Field, Tag

from sopaudit.criteria.field import Entry, Points, Word
from sopaudit.criteria.zone import known_zone
from sopaudit.evidence.moment import Form
from sopaudit.problems import Problem
from sopaudit.reading.document import Document
from sopaudit.reading.events import read
from sopaudit.reading.shape import validated


class Span(Entry):
    """Where an event began and ended, for logs with both in one row."""

    start: Word
    end: Word


def _time_kind(value: object) -> str:
    return "span" if isinstance(value, Mapping | Span) else "column"


TimeColumns = Annotated[
    Annotated[Word, Tag("column")] | Annotated[Span, Tag("span")], Discriminator(_time_kind)
]


class Lifecycle(Entry):
    """Which of several lines on one piece of work is the event."""

    column: Word
    keep: tuple[Word, ...] = ("complete",)
    """What the column says of lines that are events; case does not matter, blank is one too."""

    start: tuple[Word, ...] = ("start",)
    """What it says of lines that tell when such an event began."""


class Limits(Entry):
    """Shares above which a log is not assessed."""

    ties: Points | None = None
    missing_times: Points | None = None
    missing_persons: Points | None = None
    unknown_activities: Points | None = None
    future: Points | None = None
    epoch: Points | None = None
    no_start: Points | None = None
    no_end: Points | None = None
    backwards: Points | None = None
    duplicates: Points | None = None
    no_case: Points | None = None
    no_activity: Points | None = None
    unfinished: Points | None = None


class LogMapping(Entry):
    """The whole of a mapping for a log."""

    case: Word
    activity: Word
    time: TimeColumns
    resource: Word | None = None
    post: Word | None = None
    office: Word | None = None
    order: Word | None = None
    """A column that numbers the lines, for files whose rows were moved."""

    attributes: dict[Word, Word] = Field(default_factory=dict)
    """What else is kept of each event: the name it goes by, and its column."""

    dates: Form = "auto"
    zone: Word | None = None
    lifecycle: Lifecycle | None = None
    words: dict[str, Word] = Field(default_factory=dict)
    """What the log calls an event, and its id in the handbook."""

    blank: tuple[str, ...] = ()
    """Words that say nothing, besides the empty cell, `?` and those of habit."""

    limits: Limits = Limits()


COLUMNS: Final = ("case", "activity", "resource", "post", "office", "order")
"""Keys that each name one column."""


@dataclass(frozen=True)
class LogMappingFile:
    """A mapping and the file it stands in."""

    mapping: LogMapping
    document: Document

    def columns(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield every column the mapping names, and where in the mapping."""
        mapping = self.mapping
        for key in COLUMNS:
            if (name := getattr(mapping, key)) is not None:
                yield (key,), name
        if isinstance(mapping.time, str):
            yield ("time",), mapping.time
        else:
            yield ("time", "start"), mapping.time.start
            yield ("time", "end"), mapping.time.end
        if mapping.lifecycle is not None:
            yield ("lifecycle", "column"), mapping.lifecycle.column
        for name, column in mapping.attributes.items():
            yield ("attributes", name), column


def read_log_mapping(
    path: Path, shown: str | None = None
) -> tuple[LogMappingFile | None, list[Problem]]:
    """Read a mapping by itself; its columns are looked up where the log is read."""
    document = read(path, shown)
    mapping, problems = validated(document, LogMapping)
    if mapping is None:
        return None, problems
    if mapping.zone is not None and not known_zone(mapping.zone):
        problems.append(document.problem("L012", ("zone",), zone=mapping.zone))
    return LogMappingFile(mapping, document), problems
