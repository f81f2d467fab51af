"""What ODK Central and KoboToolbox export, read back: every submission is a filled sheet.

Columns are known by the names of questions, wherever they stand and whichever groups are named
before them. A submission that was rejected, one of another audit or of another edition is left out
and told. What a form worked out while it was filled in is not read, but for one thing: the lines
in which it repeats its cases serve where an export leaves out repeats, as Kobo's CSV does.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from sopaudit.evidence.archive import SHARED, NotSoundError, archive
from sopaudit.evidence.content import kind_of
from sopaudit.evidence.source import NoTableError
from sopaudit.problems import Place, Problem
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.identity import Identity, identity_of, refused
from sopaudit.sheets.xlsform import kobo_json, tables
from sopaudit.sheets.xlsform.names import IDENTITY, Names
from sopaudit.sheets.xlsform.reading import Reading
from sopaudit.sheets.xlsform.submission import REJECTED, Export, Sent, named

Made = Callable[[frozenset[str], tzinfo], Export]
"""Reads an export once the names of its questions are known, and the clock of the audit."""


def audit_named(path: Path) -> str | None:
    """Say which audit an export is of: empty where of none, None where it is no export of ours."""
    try:
        found = _opened(path)
    except NoTableError as no:
        return "" if no.code == "F076" else None
    except (NotSoundError, OSError):
        return None
    if found is None:
        return None
    for sent in found(frozenset({IDENTITY}), UTC).sent:
        told = _told(sent)
        if told is not None:
            return str(told.get("audit", ""))
    return ""


def read(path: Path, blank: Blank, zone: tzinfo) -> tuple[list[Filled], list[Problem]]:
    """Read the submissions of an export into the audit of `blank`, each as one filled sheet."""
    place = Place(path.as_posix())
    try:
        found = _opened(path)
    except NoTableError as no:
        return [], [Problem(Place(place.path, no.line), no.code, no.values)]
    except NotSoundError as no:
        return [], [Problem(place, no.code, no.values)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return [], [Problem(place, "T001", {"reason": reason})]
    if found is None:
        return [], [Problem(place, "F040")]
    names = Names(blank)
    export = found(frozenset(names.all()), zone)
    problems = list(export.problems)
    filled = []
    if _labelled(export, names):
        return [], [Problem(place, "F041", {"text": _strange(export, names)})]
    for sent in export.sent:
        identity, wrong = _identified(sent, blank)
        problems.extend(wrong)
        if identity is None:
            continue
        reading = Reading(export, sent, identity, blank, names, zone, path.name)
        filled.append(reading.filled())
        problems.extend(reading.problems)
    return filled, problems


def _opened(path: Path) -> Made | None:
    """Open an export by what it is, not by what it is called; None where it is none of ours."""
    found: tables.Tables | None
    if kind_of(path) == "zip":
        found = tables.central_zip(path) if not _is_book(path) else tables.book(path)
    elif path.suffix.casefold() == ".json":
        told = kobo_json.submissions(path)
        if told is None:
            return None
        return lambda known, zone: kobo_json.export_of(path, told, known, zone)
    elif path.suffix.casefold() in (".csv", ".tsv", ".txt"):
        found = tables.table_file(path)
    else:
        return None
    if found is None:
        return None
    opened = found
    return lambda known, zone: tables.export_of(opened, known, zone)


def _is_book(path: Path) -> bool:
    """Say whether a ZIP is a workbook: these have a list of their parts at the top."""
    return "[Content_Types].xml" in archive(path, shared=SHARED).parts


def _told(sent: Sent) -> dict[str, Any] | None:
    """Give what a submission says of itself; None where it does not."""
    try:
        told = json.loads(sent.text(IDENTITY))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _identified(sent: Sent, blank: Blank) -> tuple[Identity | None, list[Problem]]:
    """Say which form a submission is of; None with the reason where it is not to be read."""
    told = _told(sent)
    if sent.locked or told is None:
        code = "F048" if sent.locked else "F046"
        return None, [Problem(sent.place, code, {"key": sent.key})]
    place = sent.cells[IDENTITY].place
    try:
        identity, problems = identity_of(told, place)
    except (KeyError, TypeError, ValueError):
        return None, [Problem(place, "F017")]
    if identity is not None:
        problems = list(refused(identity, blank, place))
        if not problems and sent.state in REJECTED:
            problems = [Problem(sent.place, "F042", {"key": sent.key})]
    return None if problems else identity, problems


def _labelled(export: Export, names: Names) -> bool:
    """Say whether an export has the words of questions for columns, instead of their names.

    What a form works out has no words, so those columns keep their names all the same.
    """
    kinds = ("answer", "value", "note", "photo1")
    asked = {names.of(kind, *asked) for asked in names.blank.asks for kind in kinds}
    return bool(export.headers) and not any(named(h, frozenset(asked)) for h in export.headers)


def _strange(export: Export, names: Names) -> str:
    """Give a column that is the words of a question, of several lines the first."""
    known = frozenset(names.all())
    found = next((header for header in export.headers if _words(header, known)), "")
    return found.partition("\n")[0].strip()


def _words(header: str, known: frozenset[str]) -> bool:
    return bool(header) and not named(header, known) and not re.fullmatch(r"\w+", header, re.ASCII)
