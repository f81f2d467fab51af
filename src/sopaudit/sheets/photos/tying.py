"""The contact sheet read back: which photo of the audit shows which item."""

import json
import re
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sopaudit.evidence.habits import habits, key, narrow
from sopaudit.evidence.record import Source
from sopaudit.evidence.source import NoTableError
from sopaudit.evidence.unreadable import Spot
from sopaudit.press.words import catalogue
from sopaudit.problems import Place, Problem, choices
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled, Shot, source_id
from sopaudit.sheets.identity import Identity, identity_of, refused
from sopaudit.sheets.photos.contact import COLUMNS, HIDDEN, SCHEMA, seal
from sopaudit.sheets.photos.naming import Known, known_of

_BETWEEN: Final = re.compile(r"[\s,，、;；]+")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_SUFFIXES: Final = ("jpg", "png", "webp", "gif", "pdf", "svg")
_BOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})

Sheets = dict[str, list[list[str]]]


def contact_named(path: Path) -> str | None:
    """Say of which audit a contact sheet is; None where the file is none."""
    if path.suffix.casefold() not in _BOOKS:
        return None
    facts = _facts(_sheets(path) or {})
    if facts is None:
        return None
    told = _told(facts)
    return str(told.get("audit", ""))


def _sheets(path: Path) -> Sheets | None:
    from sopaudit.evidence.workbook import sheets_of  # noqa: PLC0415 -- reads no workbook to write

    try:
        return sheets_of(path)
    except (NoTableError, OSError):
        return None


def _facts(sheets: Sheets) -> list[list[str]] | None:
    """Give what the hidden sheet says, its seal first; None where this is no contact sheet."""
    rows = [[cell for cell in row if cell] for row in sheets.get(HIDDEN, ()) if any(row)]
    return rows[1:] if rows and rows[0] == ["schema", SCHEMA] else None


def _told(facts: list[list[str]]) -> dict[str, Any]:
    text = next((row[1] for row in facts if row[0] == "identity" and len(row) > 1), "")
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def read_contact(path: Path, blank: Blank) -> tuple[Filled | None, list[Problem]]:
    """Read a filled contact sheet: the photos of the audit it ties to items.

    A photo without an item stays as it is. Each shot gives the content from `evidence/`.
    """
    shown = path.as_posix()
    sheets = _sheets(path) or {}
    facts = _facts(sheets)
    place = Place(shown)
    if facts is None or facts[0] != ["seal", seal(facts[1:])]:
        return None, [Problem(place, "F017")]
    found, problems = identity_of(_told(facts), place)
    problems += list(refused(found, blank, place)) if found else []
    name = next((n for n, rows in sheets.items() if n != HIDDEN and _head(rows)), "")
    if not name and not problems:
        problems = [Problem(place, "F017")]
    if found is None or problems:
        return None, problems
    photos = {row[1]: (row[2], row[3]) for row in facts if row[0] == "photo"}
    reading = _Reading(Spot(shown, name).path, blank, known_of(blank), photos)
    shots = reading.shots(sheets[name])
    return _filled(path, found, shots), reading.problems


def _filled(path: Path, found: Identity, shots: list[Shot]) -> Filled:
    digest = sha256(path.read_bytes()).hexdigest()
    source = Source(
        id=source_id(digest), channel="photos", file=path.name, digest=f"sha256:{digest}"
    )
    return Filled(source, found.audit, shots=tuple(shots))


def _head(rows: list[list[str]]) -> tuple[int, dict[str, int]] | None:
    """Find the row with the names of the columns, in either language; None where there is none."""
    columns = catalogue("contact")["column"]
    names = {key(said): name for name in dict(COLUMNS) for said in columns[name].values()}
    for number, row in enumerate(rows):
        found = {names[key(cell)]: n for n, cell in enumerate(row) if key(cell) in names}
        if {"number", "item", "case"} <= set(found):
            return number, found
    return None


class _Reading:
    """Reads the rows of a sheet."""

    def __init__(
        self, shown: str, blank: Blank, known: Known, photos: dict[str, tuple[str, str]]
    ) -> None:
        self.shown, self.blank, self.known, self.photos = shown, blank, known, photos
        self.problems: list[Problem] = []

    def shots(self, rows: list[list[str]]) -> list[Shot]:
        """Give the photos that are tied to an item."""
        head = _head(rows)
        if head is None:
            return []
        first, at = head
        found: list[Shot] = []
        for row, cells in enumerate(rows[first + 1 :], first + 2):
            said = {name: narrow(cells[n]).strip() for name, n in at.items() if n < len(cells)}
            item = said.get("item", "")
            if item and not habits().blank(item):
                found += self._photo(row, at["item"] + 1, said)
        return list(dict.fromkeys(found))

    def _photo(self, row: int, column: int, said: dict[str, str]) -> list[Shot]:
        place, number = Place(self.shown, row, column), said.get("number", "")
        if number not in self.photos:
            self.problems.append(Problem(place, "F097", {"number": number or "–"}))
            return []
        digest, name = self.photos[number]
        path = self._path(digest)
        if path is None:
            self.problems.append(Problem(place, "F098", {"number": number, "name": name}))
            return []
        case = "" if habits().blank(said.get("case", "")) else said.get("case", "")
        return [
            Shot(
                name, partial(Path.read_bytes, path), place, self.known.items[item], item,
                self._case(case), sha256=digest,
            )
            for item in self._items(place, said["item"])
        ]  # fmt: skip

    def _case(self, said: str) -> str:
        return self.known.case(said) or said

    def _items(self, place: Place, said: str) -> list[str]:
        """Read the ids in a cell; one that is none is told."""
        found = []
        for text in filter(None, [said] if self.known.meant(said) else _BETWEEN.split(said)):
            meant = self.known.meant(text)
            if meant:
                found.append(meant)
            else:
                near = choices(text, list(self.known.items))
                self.problems.append(Problem(place, "F096", {"text": text, "choices": near}))
        return found

    def _path(self, digest: str) -> Path | None:
        """Find a photo among the evidence of the audit."""
        folder = self.blank.folder
        if folder is None or not _SHA256.fullmatch(digest):
            return None
        paths = (folder.folder / "evidence" / f"{digest}.{suffix}" for suffix in _SUFFIXES)
        return next((path for path in paths if path.is_file()), None)
