"""The records of an office: tickets, events, calls and the rest, joined by ticket number.

What they are called and which fields they have stands in `sops/records.yaml`; of the fields, those
of the event log are the program's own words: `ticket_no, event, at, actor, post, value, note`.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from sopaudit.criteria.form import FormField
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.table import Table as ReferenceTable
from sopaudit.evidence.answers import Ints
from sopaudit.evidence.column import Coded, from_distinct
from sopaudit.evidence.habits import Taken
from sopaudit.evidence.lines import Lines
from sopaudit.evidence.moment import Form
from sopaudit.evidence.readings import Notes
from sopaudit.evidence.recordfiles import origins_of
from sopaudit.evidence.recordmapping import (
    FILE,
    RecordColumns,
    RecordsMappingFile,
    fields_of,
    meanings,
    read_records_mapping,
)
from sopaudit.evidence.recordtables import extended
from sopaudit.evidence.source import Chunk, Table, at, data
from sopaudit.evidence.tables import open_table
from sopaudit.evidence.unreadable import Spot
from sopaudit.problems import Place, Problem, choices

TICKETS: Final = "tickets"
EVENTS: Final = "events"
MOVES: Final = "moves"
"""The records whose lines are cases, things that happened to them, and moves of parts."""

TICKET: Final = "ticket_no"
FORM_TICKET: Final = "ticket"
EVENT: Final = "event"
AT: Final = "at"
ACTOR: Final = "actor"
POST: Final = "post"
VALUE: Final = "value"
NOTE: Final = "note"
MOVE: Final = "move_type"
"""Fields by which lines are joined, ordered and counted; on forms, `ticket` names the ticket."""

DATA: Final = "data"
"""The folder of an audit that holds its records."""

_ROWS: Final = 1 << 18


@dataclass(frozen=True, eq=False)
class Records:
    """All records that were handed in."""

    lines: Mapping[str, Lines]
    """By id; a record nobody handed in is not here."""

    office: str = ""
    """Whose they are; empty where they are of several offices or nobody says."""

    zone: str = ""
    """Of the office's clock, such as `Asia/Shanghai`; empty where nobody says."""

    missing: Mapping[str, str] = field(default_factory=dict)
    """Records that were handed in but could not be read, and why."""

    tables: Mapping[str, ReferenceTable] = field(default_factory=dict)
    """Reference tables to which rows were handed in, with these rows; the others are as the
    handbook has them."""

    def __contains__(self, record: str) -> bool:
        return record in self.lines

    def of(self, record: str) -> Lines:
        """Give a record; one that is not there has no lines."""
        found = self.lines.get(record)
        # One that has no lines is a record all the same: it says which columns there are.
        return Lines(record, {}, np.empty(0, np.int64)) if found is None else found

    @cached_property
    def tickets(self) -> tuple[str, ...]:
        """All ticket numbers any record names, in the order of their text."""
        named = {
            text
            for lines in self.lines.values()
            for name in ((TICKET,) if lines.has(TICKET) else (FORM_TICKET,))
            if lines.has(name)
            for text in lines.coded(name).distinct().values()
        }
        return tuple(sorted(named - {""}))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {ticket: n for n, ticket in enumerate(self.tickets)}

    def ticket(self, record: str) -> Ints:
        """Per line of a record: index into `tickets`; -1 where it names none."""
        return self._ticket[record] if record in self._ticket else self._ticket_of(record)

    @cached_property
    def _ticket(self) -> dict[str, Ints]:
        return {}

    def _ticket_of(self, record: str) -> Ints:
        lines = self.of(record)
        cells = lines.coded(TICKET if lines.has(TICKET) else FORM_TICKET)
        known = {code: self._places.get(text, -1) for code, text in cells.distinct().items()}
        self._ticket[record] = cells.table(known)[cells.codes] if cells.size else cells.codes
        return self._ticket[record]

    @cached_property
    def home(self) -> npt.NDArray[np.intp]:
        """Per ticket: its line in the record of tickets, the first of several; -1 for none."""
        found = np.full(len(self.tickets), -1, np.intp)
        ticket = self.ticket(TICKETS)
        places = np.flatnonzero(ticket >= 0)[::-1]
        found[ticket[places]] = places
        return found


def read_records(
    folder: Path, handbook: Handbook, *, office: str = "", shown: str | None = None
) -> tuple[Records, list[Problem]]:
    """Read every record in a folder; a file is called by the id of its record.

    Columns are known by the id of their field or by its title in any language; `mapping.yaml` in
    the folder says what is otherwise. A record that cannot be read is a problem and left out, and
    a mapping with mistakes leaves nothing.
    """
    place = folder.as_posix() if shown is None else shown
    said: RecordsMappingFile | None = None
    problems: list[Problem] = []
    if (folder / FILE).is_file():
        said, problems = read_records_mapping(folder / FILE, handbook, f"{place}/{FILE}")
        if problems:
            return Records({}, office), problems
    lines: dict[str, Lines] = {}
    tables: dict[str, ReferenceTable] = {}
    origins, unplaced = origins_of(folder, handbook, said, place)
    problems += unplaced.values()
    missing = {record: problem.message("en") for record, problem in unplaced.items()}
    for origin in origins:
        record, file = origin.record, f"{place}/{origin.path.name}"
        found, wrong = read_lines(
            origin.path, record, handbook, said, shown=file, sheet=origin.sheet
        )
        problems += wrong
        if found is None:
            missing[record] = wrong[0].message("en")
        elif record in handbook.tables:
            tables[record], wrong = extended(handbook.tables[record], found, handbook)
            problems += wrong
        else:
            lines[record] = found
    zone = (said.mapping.zone or "") if said is not None else ""
    return Records(lines, office, zone, missing, tables), problems


@dataclass(frozen=True)
class OpenedRecord:
    """A table that is known to hold a record, and how it is read."""

    table: Table | None
    """None where it goes to workers that are handed its parts."""

    record: str
    handbook: Handbook
    said: RecordsMappingFile | None
    columns: Mapping[str, str]
    """Field to column, of the fields the table has."""

    file: str
    """As people know it."""

    sheet: str = ""

    @property
    def zone(self) -> str:
        """The zone of its times; empty where nobody says."""
        return "" if self.said is None else self.said.mapping.zone or ""

    @property
    def form(self) -> Form:
        """How its dates are written."""
        return "auto" if self.said is None else self.said.dates(self.record)

    @property
    def blank(self) -> frozenset[str]:
        """The words that say nothing, besides those of habit."""
        return frozenset(() if self.said is None else self.said.mapping.blank) | _NOTHING

    def read(self, table: Table | None = None) -> tuple[Lines, list[Problem]]:
        """Read the lines of its table, or of a part of it; moments that come as such stay so."""
        table = self.table if table is None else table
        if table is None:
            raise ValueError("there is no table to read")
        notes = Notes()
        # What is read as moments is not read as text.
        own = [c for c in self.columns.values() if c not in getattr(table, "times", ())]
        chunks = list(data(table, own, _ROWS, notes))
        rows = np.concatenate([np.empty(0, np.int64), *(chunk.rows for chunk in chunks)])
        cells: dict[str, Coded] = {}
        for each in fields_of(self.handbook, self.record):
            column = self.columns.get(each.id)
            if column in own:
                spot = replace(at(table, column), file=self.file)
                words = dict(meanings(self.handbook, each, EVENT))
                if self.said is not None:
                    words |= self.said.of(self.record).words.get(each.id, {})
                blanks = self.blank - set(each.blank)
                taken = _Cells(spot, rows, words, blanks, notes, floats=table.floats)
                cells[each.id] = taken.of(_joined(chunks, column))
        known = f"{self.file}[{self.sheet}]" if self.sheet else self.file
        lines = Lines(self.record, cells, rows.astype(np.int64), known, self.zone, self.form)
        for name, column in self.columns.items():
            if column not in own:
                parts = [np.empty(0, "datetime64[us]"), *(c.times[column] for c in chunks)]
                lines = lines.timed(name, np.concatenate(parts))
        return lines, notes.unreadable.problems()


def read_lines(  # noqa: PLR0913 -- what it is called, and where it stands
    path: Path,
    record: str,
    handbook: Handbook,
    said: RecordsMappingFile | None = None,
    *,
    shown: str | None = None,
    sheet: str = "",
) -> tuple[Lines | None, list[Problem]]:
    """Read one record from a table; there is none where the file cannot be opened as one.

    `sheet` is that of a workbook; without it one called by the record, or the one that fits best.
    """
    opened = open_record(path, record, handbook, said, shown=shown, sheet=sheet)
    return opened.read() if isinstance(opened, OpenedRecord) else (None, opened)


def open_record(  # noqa: PLR0913 -- as `read_lines`
    path: Path,
    record: str,
    handbook: Handbook,
    said: RecordsMappingFile | None = None,
    *,
    shown: str | None = None,
    sheet: str = "",
) -> OpenedRecord | list[Problem]:
    """Open the table of a record and find its columns; see `read_lines`."""
    fields = fields_of(handbook, record)
    own = said.of(record) if said is not None else RecordColumns()
    named = {name: f.id for f in fields for name in (f.id, *titles(f)) if f.id not in own.columns}
    named |= {column: id_ for id_, column in own.columns.items()}
    # A record or form without a field for it may still say which ticket a line belongs to.
    named.setdefault(TICKET, TICKET)
    table = open_table(path, sheet or record, list(named))
    if isinstance(table, Problem):
        return [table]
    lost = [(id_, c) for id_, c in own.columns.items() if c not in table.header]
    if lost and said is not None:
        return [
            said.document.problem(
                "L011",
                ("records", record, "columns", id_),
                word=column,
                choices=choices(column, table.header),
            )
            for id_, column in lost
        ]
    columns = {named[name]: name for name in reversed(table.header) if name in named}
    file = path.as_posix() if shown is None else shown
    if not columns and table.header:
        # Read as a table without lines it would be a month in which nothing happened.
        told = {"record": record, "header": ", ".join(table.header)}
        return [Problem(Place(file, 1), "L030", told)]
    return OpenedRecord(table, record, handbook, said, columns, file, sheet)


_NOTHING: Final = frozenset({"?", "？"})


@dataclass(frozen=True)
class _Cells:
    """How the cells of one column are taken."""

    spot: Spot
    rows: npt.NDArray[np.integer]
    words: Mapping[str, str]
    blank: frozenset[str]
    notes: Notes
    floats: bool

    def of(self, cells: Coded) -> Coded:
        """Give the column as the handbook says it; cells that cannot be read are told and empty.

        Texts stay texts: a serial number keeps its zeros. Only `="0012"` and `'0012`, by which
        programs keep Excel from making a number of it, lose their wrapping, and numbers the tails
        that programs give to floats: `10200300.0`, `0.30000000000000004`.
        """
        said = cells.distinct()
        odd = {text: taken for text in _odd(said.values()) if (taken := self._odd(text))}
        wanted = {*odd, *self.blank, *self.words}
        instead: dict[int, str] = {}
        for code in [code for code, text in said.items() if text in wanted]:
            text = said[code]
            taken = odd.get(text)
            if taken is not None and taken.code:
                lines = np.flatnonzero(cells.codes == code)
                self.notes.unreadable.add(taken.code, self.spot, self.rows[lines], [text])
                instead[code] = ""
            elif text in self.blank:
                instead[code] = ""
            elif taken is not None and taken.habit in {"guard", "float"}:
                instead[code] = self.words.get(taken.text, taken.text)
            elif text in self.words:
                instead[code] = self.words[text]
        if not instead:
            return cells
        texts = {**said, **instead}
        known: dict[str, int] = {}
        table = {code: known.setdefault(text, len(known)) for code, text in texts.items()}
        return from_distinct(cells.table(table, 0)[cells.codes], list(known))

    def _odd(self, text: str) -> Taken | None:
        """Say what a text is that is not simply what stands there; None of nearly all."""
        if (quoted := _QUOTED.fullmatch(text)) is not None:
            return Taken(quoted[1].strip(), "guard")
        if text[:1] in {"#", "="} or "E+" in text or _TAIL.fullmatch(text):
            return self.notes.habits.prose(text, floats=self.floats)
        return None


_MARKS: Final = ("\0#", "\0=", "\0'", "E+", ".")


def _odd(texts: Collection[str]) -> Collection[str]:
    """Leave out what needs no look: a million plain texts are looked at as one string."""
    joined = "\0" + "\0".join(texts)
    return texts if any(mark in joined for mark in _MARKS) else ()


_QUOTED: Final = re.compile(r"'([^']+)")
_TAIL: Final = re.compile(r"-?\d+\.\d*?(?:0|\d{15,})")

_REMARK: Final = re.compile(r"\s*[（(].*[)）]$")


def titles(of: FormField) -> Iterator[str]:
    """Give what a column may be called in words; a remark in brackets may be left out."""
    for _, title in of.title.wordings:
        yield title
        yield _REMARK.sub("", title)


def _joined(chunks: Sequence[Chunk], column: str) -> Coded:
    if len(chunks) == 1:
        return chunks[0].columns[column]
    known: dict[str, int] = {}
    codes = [np.empty(0, np.int32)]
    for chunk in chunks:
        cells = chunk.columns[column]
        places = {c: known.setdefault(t, len(known)) for c, t in cells.distinct().items()}
        codes.append(cells.table(places, 0)[cells.codes])
    return from_distinct(np.concatenate(codes), list(known))
