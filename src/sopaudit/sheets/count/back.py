"""The count sheet read back: what people wrote, wherever its rows are now.

Nothing is guessed: a blank is a line nobody counted, never zero; what cannot be read is a problem
with its cell; and a sheet of another ledger, or whose hidden facts were changed, is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell

from sopaudit.criteria import field as fields
from sopaudit.criteria.handbook import Handbook
from sopaudit.criteria.organisation import Person
from sopaudit.criteria.parts import Counting
from sopaudit.evidence.habits import key, narrow
from sopaudit.evidence.lines import exact, moment
from sopaudit.evidence.source import NoTableError
from sopaudit.evidence.unreadable import Spot
from sopaudit.evidence.workbook import sheets_of
from sopaudit.findings.counting.drawing import Asked, Blank, blank_of
from sopaudit.findings.counting.stock import Name, Stock, StockLine
from sopaudit.findings.counting.taken import Seen, Taken
from sopaudit.press.words import catalogue
from sopaudit.problems import Place, Problem
from sopaudit.sheets.count.marks import (
    EXTRA,
    FIELDS,
    FOUND,
    HEAD,
    HIDDEN,
    INPUTS,
    MARK,
    SCHEMA,
    SIGNATURE,
    SIGNED,
    VALUE,
    bare,
    facts,
    seal,
)

Cells = Sequence[Sequence[str]]

_WIDTH: Final = 4
"""Columns of the hidden sheet."""

_BETWEEN: Final = re.compile(r"[\s,，、;；]+")
"""What parts serial numbers in one cell."""

_DASH: Final = "–"
"""Stands where a part without serial numbers has nothing to be written."""

_POWER: Final = re.compile(r"[0-9.]+E\+?[0-9]+", re.IGNORECASE)
"""A serial number that a spreadsheet has made a number of, and lost digits of."""


def read_count(
    path: Path, stock: Stock, counting: Counting, handbook: Handbook
) -> tuple[Taken | None, list[Problem]]:
    """Read a filled sheet of the count of a store.

    There is no count where the file is none, or one of another ledger; where there are other
    problems, what could be read is given with them.
    """
    shown = path.as_posix()
    try:
        sheets = sheets_of(path)
    except NoTableError as no:
        return None, [Problem(Place(shown, no.line), no.code, no.values)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, [Problem(Place(shown), "T001", {"reason": reason})]
    name = next((n for n, rows in sheets.items() if n != HIDDEN and _head(rows) is not None), "")
    if HIDDEN not in sheets or not name:
        return None, [Problem(Place(shown), "A160")]
    blank, wrong = _asked(sheets[HIDDEN], stock, counting, Spot(shown, HIDDEN).path)
    if blank is None:
        return None, wrong
    reading = _Reading(Spot(shown, name).path, sheets[name], blank, counting, handbook)
    return reading.taken(), reading.problems


def _asked(
    rows: Cells, stock: Stock, counting: Counting, shown: str
) -> tuple[Blank | None, list[Problem]]:
    """Make the count anew that the hidden sheet speaks of."""
    kept = [[*row, *[""] * _WIDTH][:_WIDTH] for row in rows if any(row)]
    said = {row[0]: row[1] for row in reversed(kept)}
    as_of = fields.day(said.get("as_of", ""))
    whole = said.get("schema") == SCHEMA and as_of is not None and kept[0][0] == "seal"
    if not whole or kept[0][1] != seal(kept[1:]):
        return None, [Problem(Place(shown), "A161")]
    if said.get("ledger") != stock.digest:
        told = {"as_of": said["as_of"], "count": said.get("count", "")}
        return None, [Problem(Place(shown), "A162", told)]
    also = tuple(row[1] for row in kept if row[0] == "also")
    asked = Asked(said.get("start", ""), also, said.get("everything") == "yes")
    blank = blank_of(stock, counting, as_of or date.min, asked, said.get("count"))
    # A line nobody likes to count may be missing from the hidden list, well sealed all the same.
    if facts(blank) != kept[1:]:
        return None, [Problem(Place(shown), "A161")]
    return blank, []


def _head(rows: Cells) -> int | None:
    """Find the row that names the columns."""
    return next((n for n, row in enumerate(rows) if FIELDS in row), None)


@dataclass
class _Reading:
    """Reads one sheet; what is wrong with it is gathered on the way."""

    shown: str
    rows: Cells
    blank: Blank
    counting: Counting
    handbook: Handbook
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        head = self.rows[_head(self.rows) or 0]
        self.at = {"id" if name == FIELDS else name: n for n, name in enumerate(head) if name}
        self.by_id = {self.blank.id_of(line): line for line in self.blank.lines}
        self.seen: dict[Name, Seen] = {}
        self.serials: set[str] = set()

    def taken(self) -> Taken:
        """Read head and lines."""
        people = {name: self._person(name) for name in SIGNED}
        if people["counter"] and people["counter"] == people["checker"]:
            self._problem("A167", self._row(MARK + "checker"), VALUE, **self._who("checker"))
        at = self._moment()
        for n, row in enumerate(self.rows):
            self._line(n, row)
        uncounted = tuple(line for line in self.blank.lines if line.name not in self.seen)
        counter, checker = people["counter"], people["checker"]
        return Taken(self.blank, at, counter, checker, tuple(self.seen.values()), uncounted)

    # --- cells ---------------------------------------------------------------------------------

    def _cell(self, row: int, name: str) -> str:
        place = self.at.get(name, -1)
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return narrow(cells[place]).strip() if 0 <= place < len(cells) else ""

    def _row(self, mark: str) -> int:
        """Find the row of a fact; -1 where somebody deleted it."""
        rows = range(len(self.rows))
        return next((n for n in rows if self._cell(n, "id") == mark), -1)

    def _problem(self, code: str, row: int, name: str, **told: str) -> None:
        column = self.at.get(name, 0)
        cell = xl_rowcol_to_cell(max(row, 0), column)
        place = Place(self.shown, max(row, 0) + 1, column + 1)
        self.problems.append(Problem(place, code, {"cell": cell, **told}))

    # --- who and when --------------------------------------------------------------------------

    def _person(self, name: str) -> str:
        row = self._row(MARK + name)
        said = self._cell(row, VALUE)
        if not said:
            self._problem("A163", row, VALUE, what=self._label(row, name), text=said)
        if not self._cell(row, SIGNATURE):
            what = f"{self._label(row, name)} · {self._cell(row, 'unit')}"
            self._problem("A163", row, SIGNATURE, what=what, text="")
        if not said or not self.handbook.roster:
            return said
        found = self._found(said)
        if found is None:
            self._problem("A168", row, VALUE, text=said)
            return ""
        keeps = self.counting.keepers_may != {"counter": "count", "checker": "check"}[name]
        if keeps and set(found.posts) & set(self.counting.keepers):
            self._problem("A167", row, VALUE, **self._who(name))
        return found.id

    def _found(self, said: str) -> Person | None:
        named = [p for p in self.handbook.roster if key(said) in _names(p)]
        return named[0] if len({p.id for p in named}) == 1 else None

    def _who(self, name: str) -> dict[str, str]:
        row = self._row(MARK + name)
        return {"text": self._cell(row, VALUE), "role": bare(self._label(row, name))}

    def _label(self, row: int, name: str) -> str:
        return self._cell(row, "no") or name

    def _moment(self) -> str:
        row = self._row(MARK + HEAD[-1])
        said = self._cell(row, VALUE)
        read = moment(said)
        if np.isnat(read):
            self._problem("A163", row, VALUE, what=self._label(row, HEAD[-1]), text=said)
            return ""
        # Spreadsheets make a number of a day, so how it was typed says nothing of the hour.
        minute = str(read.astype("datetime64[m]")).replace("T", " ")
        return minute.removesuffix(" 00:00")

    # --- lines ---------------------------------------------------------------------------------

    def _line(self, n: int, row: Sequence[str]) -> None:
        mark = self._cell(n, "id")
        if not any(row) or mark[:1] == MARK or self._is_header(n):
            return
        inputs = INPUTS if mark and mark != EXTRA else FOUND
        said = {name: self._cell(n, name) for name in inputs}
        if not any(text not in ("", _DASH) for text in said.values()):
            return
        if mark in self.by_id:
            line = self.by_id[mark]
            if line.name != (key(self._cell(n, "location")), key(self._cell(n, "part_no"))):
                self._problem("A169", n, "part_no", text=self._cell(n, "part_no"))
                return
            self._take(n, line.location, line.part_no, line)
            return
        location, part = self._cell(n, "location"), self._cell(n, "part_no")
        placed = location or not any(line.location for line in self.blank.stock.lines)
        if (mark and mark != EXTRA) or not part or not placed:
            self._problem("A169", n, "part_no", text=part or mark)
            return
        known = self.blank.stock.known.get((key(location), key(part)))
        if known is not None:
            location, part = known.location, known.part_no
        self._take(n, location, part, known)

    def _is_header(self, n: int) -> bool:
        return self._cell(n, "counted") in _titles("counted")

    def _take(self, n: int, location: str, part: str, line: StockLine | None) -> None:
        numbers = [self._number(n, name) for name in ("counted", "recount")]
        serials = self._serials(n)
        if _WRONG in numbers or serials is None:
            return
        first, again = numbers
        number = first if again is None else again
        if number is None and serials:
            number = Fraction(len(serials))
        if number is None:
            return
        name = (key(location), key(part))
        if name in self.seen:
            self._problem("A165", n, "part_no", text=f"{location} {part}".strip())
            return
        bulk = line is None or line.bulk or not line.serialised
        loose = number - len(serials)
        if loose < 0 or (loose and serials and not bulk) or (loose and not serials and not bulk):
            self._problem(
                "A166", n, "serials", number=fields.plain(number), serials=str(len(serials))
            )
            return
        remark = self._cell(n, "remark")
        told = first if again is not None else None
        self.seen[name] = Seen(location, part, number, serials, remark, told, line)

    def _number(self, n: int, name: str) -> Fraction | None:
        """Read a number of pieces; None where nothing is written."""
        said = self._cell(n, name)
        if not said:
            return None
        bare = _unit().sub("", said)
        read = exact(bare)
        if read is None or read < 0 or bare[:1] in "¥￥" or bare.endswith("元"):
            self._problem("A164", n, name, text=said)
            return _WRONG
        return Fraction(read)

    def _serials(self, n: int) -> tuple[str, ...] | None:
        """Read the serial numbers of a row; None where they cannot be used."""
        said = self._cell(n, "serials")
        found = [text for text in _BETWEEN.split(said) if text and text != _DASH]
        for text in found:
            if _POWER.fullmatch(text):
                self._problem("A164", n, "serials", text=text)
                return None
            if key(text) in self.serials:
                self._problem("A165", n, "serials", text=text)
                return None
            self.serials.add(key(text))
        return tuple(found)


_WRONG: Final = Fraction(-1)
"""Stands for a number that could not be read; nobody counts fewer than none."""


def _names(person: Person) -> Iterator[str]:
    yield key(person.id)
    for _, name in person.name.wordings:
        yield key(name)


@cache
def _titles(name: str) -> frozenset[str]:
    return frozenset(catalogue("count")["table"][name].values())


@cache
def _unit() -> re.Pattern[str]:
    """Match what may stand behind a number: 件, pcs."""
    said = {word for text in catalogue("count")["units"]["words"].values() for word in text.split()}
    either = "|".join(sorted(map(re.escape, said), key=len, reverse=True))
    return re.compile(rf"\s*(?:{either})\.?$", re.IGNORECASE)
