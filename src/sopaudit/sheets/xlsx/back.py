"""The filled workbook read back: what people wrote, wherever its rows and sheets are now.

Nothing is guessed and nothing a formula came to is believed. A workbook of another audit or another
edition of its checklist is refused; whatever cannot be read is told with its cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sopaudit.evidence.archive import Archive, NotSoundError, archive
from sopaudit.evidence.content import kind_of
from sopaudit.evidence.extent import bounded
from sopaudit.evidence.record import Source
from sopaudit.evidence.source import NoTableError
from sopaudit.evidence.workbook import sheets_of
from sopaudit.problems import Place, Problem
from sopaudit.sheets.answering import when
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled, source_id
from sopaudit.sheets.identity import identity_of, refused
from sopaudit.sheets.xlsx.inside import Inside, inside
from sopaudit.sheets.xlsx.marks import CASES, ITEMS, read_facts
from sopaudit.sheets.xlsx.reading import Reading
from sopaudit.sheets.xlsx.shots import shots

Cells = Sequence[Sequence[str]]

SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods"})
"""Files that are workbooks by their name."""

_BOOKS: Final = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})


@dataclass(frozen=True)
class _Book:
    """A workbook that could be opened."""

    sheets: dict[str, list[list[str]]]
    inside: Inside
    archive: Archive | None
    """None for the binary files of old."""

    @property
    def facts(self) -> dict[str, Any] | None:
        """What its hidden sheet says, whatever that is called now; None without one."""
        found = (read_facts(rows) for rows in self.sheets.values())
        return next((facts for facts in found if facts is not None), None)

    @property
    def ours(self) -> bool:
        """Whether its sheets are marked as ours are."""
        return any(
            cell == ITEMS or cell.startswith(CASES)
            for rows in self.sheets.values()
            for row in rows
            for cell in row[:1]
        )


def audit_named(path: Path) -> str | None:
    """Say which audit a workbook is of: empty for none, None where it is no filled checklist.

    A workbook by its name that cannot be opened is taken for one, so that somebody says why.
    """
    try:
        if kind_of(path) not in ("zip", "ole"):
            return None
        book = _opened(path)
    except (NotSoundError, NoTableError, OSError):
        return "" if path.suffix.casefold() in SUFFIXES else None
    if book is None:
        return None
    facts = book.facts
    if facts is None:
        return "" if book.ours else None
    return str(facts["identity"].get("audit", ""))


def unnamed(path: Path) -> list[Problem]:
    """Say why a workbook names no audit; nothing where it is sound, and of no audit."""
    place = Place(path.as_posix())
    book, problems = _opening(path, place)
    if book is None:
        return problems
    facts = book.facts
    return [Problem(place, "F017")] if facts is None else identity_of(facts["identity"], place)[1]


def _opened(path: Path) -> _Book | None:
    """Open a workbook; None where an archive holds none.

    Raises NotSoundError or NoTableError where it cannot be used, and OSError.
    """
    if kind_of(path) != "zip":
        return _Book(sheets_of(path), Inside(), None)
    # Nothing else looks into the file before it is known to mean no harm.
    packed = archive(path)
    if not _BOOKS & packed.parts.keys():
        return None
    bounded(path)
    found = Inside() if "xl/workbook.bin" in packed.parts else inside(packed)
    return _Book(sheets_of(path), found, packed)


def read(path: Path, blank: Blank, zone: tzinfo) -> tuple[Filled | None, list[Problem]]:
    """Read a filled workbook into the audit of `blank`, which holds all it asks.

    Times are on the clock of `zone`. There is nothing filled where the file cannot be used, is of
    another audit or edition, or says nothing; of other problems, the rest is given beside them.
    """
    place = Place(path.as_posix())
    book, problems = _opening(path, place)
    facts = book.facts if book else None
    if book is None or facts is None:
        return None, problems or [Problem(place, "F017")]
    found, problems = identity_of(facts["identity"], place)
    if found is not None:
        problems = list(refused(found, blank, place))
    if found is None or problems:
        return None, problems
    reading = Reading(place.path, blank, zone, book.inside, facts)
    records = reading.records(book.sheets)
    pictures, lost = shots(book.archive, book.inside.pictures, reading)
    problems = [*reading.problems, *lost]
    if not records and not pictures:
        known = reading.items or reading.cases
        return None, problems or [Problem(place, "F020" if known else "F017")]
    digest = sha256(path.read_bytes()).hexdigest()
    saved = when(book.inside.saved, zone) if book.inside.saved else None
    at = reading.at or saved
    by = {one.person for record in records for one in record.signatures if one.role == "auditor"}
    source = Source.model_validate(
        {
            "id": source_id(digest),
            "channel": "excel",
            "file": path.name,
            "digest": f"sha256:{digest}",
            "at": at.isoformat() if at else None,
            "by": by.pop() if len(by) == 1 else None,
        }
    )
    filled = Filled(
        source, found.audit, tuple(records), pictures, reading.places, found.part, reading.seconds
    )
    return filled, problems


def _opening(path: Path, place: Place) -> tuple[_Book | None, list[Problem]]:
    """Open a workbook, and say what keeps it shut."""
    try:
        return _opened(path), []
    except NotSoundError as no:
        return None, [Problem(place, no.code, no.values)]
    except NoTableError as no:
        return None, [Problem(Place(place.path, no.line), no.code, no.values)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, [Problem(place, "T001", {"reason": reason})]
