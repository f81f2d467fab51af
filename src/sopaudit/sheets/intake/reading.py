"""Which channel a file came through, told by what is in it and never by how its name ends.

What no channel should have to fear is looked for before any of them sees the file: pipes, archives
that lead out of their folder or grow without end, workbooks with macros or a password.
"""

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from importlib import import_module
from pathlib import Path
from typing import Final

from sopaudit.evidence.archive import SHARED, NotSoundError, archive
from sopaudit.problems import Place, Problem
from sopaudit.reading.folder import nameable, refused
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled
from sopaudit.sheets.intake import plain

Read = tuple[Filled | Sequence[Filled] | None, list[Problem]]


@dataclass(frozen=True)
class Channel:
    """One way a sheet is filled in, as its reader knows it."""

    name: str
    audit_named: Callable[[Path], str | None]
    """Says the audit of a file; empty for one of no audit; None for a file it does not know."""

    read: Callable[[Path, Blank, tzinfo], Read]


PHOTOS: Final = "photos"
"""Takes what the others leave: pictures, and folders of them."""

_ROOMS: Final = ("form", "xlsx", "xlsform", PHOTOS)
"""The channels that have rooms of their own, in the order they are asked."""

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of Office before 2007 begin, and newer ones that are locked with a password."""

_MACROS: Final = "vbaproject.bin"


@dataclass(frozen=True)
class Sheet:
    """A file or folder a channel knows."""

    path: Path
    channel: Channel
    audit: str
    """Empty for one of no audit in particular."""


@dataclass
class Gathered:
    """What was named on the command line, looked through."""

    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def audits(self) -> tuple[str, ...]:
        """The audits the files name."""
        return tuple(dict.fromkeys(sheet.audit for sheet in self.sheets if sheet.audit))

    @property
    def of_several(self) -> list[Problem]:
        """Say of each file that names an audit that others name another."""
        named = ", ".join(self.audits)
        return [
            Problem(Place(one.path.as_posix()), "F063", {"audit": one.audit, "audits": named})
            for one in self.sheets
            if one.audit and len(self.audits) > 1
        ]


def channels() -> tuple[Channel, ...]:
    """Give the channels in the order they are asked; photos last, for they take any picture."""
    rooms = ((name, import_module(f"sopaudit.sheets.{name}.back")) for name in _ROOMS)
    known = (Channel(name, back.audit_named, back.read) for name, back in rooms)
    return (Channel("json", plain.audit_named, plain.read), *known)


def gather(paths: Sequence[Path], known: Sequence[Channel] | None = None) -> Gathered:
    """Look which channel each file is of; a folder no channel knows is looked through."""
    known = channels() if known is None else known
    found = Gathered()
    for path in dict.fromkeys(paths):
        _gather(path, known, found)
    return found


def _gather(path: Path, known: Sequence[Channel], found: Gathered) -> None:
    problem = mistrusted(path)
    if problem is not None:
        found.problems.append(problem)
    elif path.is_dir():
        _folder(path, known, found)
    else:
        sheet = _sheet(path, known, found)
        if sheet is None:
            found.problems.append(Problem(Place(path.as_posix()), "F019"))
        elif isinstance(sheet, Sheet):
            found.sheets.append(sheet)


def _folder(path: Path, known: Sequence[Channel], found: Gathered) -> None:
    """Take a folder as a whole; else the sheets in it one by one, and what is left as photos."""
    sheets = [channel for channel in known if channel.name != PHOTOS]
    whole = _sheet(path, sheets, found)
    if isinstance(whole, Sheet):
        found.sheets.append(whole)
    if whole is not None:
        return
    sheets_before, pictures = len(found.sheets), False
    for inner in sorted(path.rglob("*")):
        if inner.is_file() and not inner.is_symlink() and not inner.name.startswith("."):
            pictures |= _inner(inner, known, found)
    photos = [channel for channel in known if channel.name == PHOTOS]
    if pictures:
        found.sheets += [Sheet(path, channel, "") for channel in photos]
    elif len(found.sheets) == sheets_before:
        found.problems.append(Problem(Place(path.as_posix()), "F061"))


def _inner(path: Path, known: Sequence[Channel], found: Gathered) -> bool:
    """Take a sheet that lies in a folder; say whether it is a picture, which goes with the rest."""
    if mistrusted(path) is not None:
        return False
    sheet = _sheet(path, known, found)
    if not isinstance(sheet, Sheet):
        return False
    # A picture is of no audit; a list of pictures names its own.
    if sheet.channel.name == PHOTOS and not sheet.audit:
        return True
    found.sheets.append(sheet)
    return False


def _sheet(path: Path, known: Sequence[Channel], found: Gathered) -> Sheet | Problem | None:
    """Ask the channels; a Problem where the system would not let one look."""
    try:
        for channel in known:
            audit = channel.audit_named(path)
            if audit is not None:
                return Sheet(path, channel, audit)
    except OSError as error:
        problem = refused(error, path.as_posix())
        found.problems.append(problem)
        return problem
    return None


def mistrusted(path: Path) -> Problem | None:
    """Say why no channel is to see a file; None where it may be looked at."""
    place = Place(path.as_posix())
    if not nameable(path.name):
        return Problem(place, "Y066", {"name": path.name})
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            return None
        code = _unlike_a_file(path, about)
    except FileNotFoundError:
        return Problem(place, "Y001")
    except OSError as error:
        return refused(error, place.path)
    return Problem(place, code) if code else _unsound(path, place)


def _unlike_a_file(path: Path, about: os.stat_result) -> str:
    """Give the code of what is no file, is empty, or is locked; empty where all is well."""
    if not stat.S_ISREG(about.st_mode):
        return "F060"
    if not about.st_size:
        return "F061"
    return "F070" if _begins(path, (_OLE,)) else ""


def _begins(path: Path, starts: tuple[bytes, ...]) -> bool:
    with path.open("rb") as file:
        return file.read(len(_OLE)).startswith(starts)


def _unsound(path: Path, place: Place) -> Problem | None:
    """Look through an archive before anybody unpacks it."""
    try:
        if not _begins(path, _ZIP):
            return None
        # Which of two parts of one name is meant, a channel asks that reads them.
        parts = archive(path, shared=SHARED).parts
    except NotSoundError as error:
        return Problem(place, error.code, error.values)
    except OSError as error:
        return refused(error, place.path)
    macros = any(name.casefold().endswith(_MACROS) for name in parts)
    return Problem(place, "F069") if macros else None


def read_sheets(
    sheets: Sequence[Sheet], blank: Blank, zone: tzinfo
) -> tuple[list[tuple[Sheet, list[Filled]]], list[Problem]]:
    """Read what was gathered; a sheet that cannot be used does not hold up the others."""
    found: list[tuple[Sheet, list[Filled]]] = []
    problems: list[Problem] = []
    own = {sheet.path.as_posix() for sheet in sheets}
    for sheet in sheets:
        read, told = sheet.channel.read(sheet.path, blank, zone)
        filled = [read] if isinstance(read, Filled) else list(read or ())
        if sheet.channel.name == PHOTOS:
            # A folder of photos may hold the sheets too, which are no photos.
            beside = own - {sheet.path.as_posix()}
            told = [problem for problem in told if problem.place.path not in beside]
        found.append((sheet, filled))
        problems += told
    return found, problems
