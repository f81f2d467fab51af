"""Photos handed in as they are: one, a folder of them, an archive of them, or a contact sheet.

What each shows its name says, or the folder it lies in. What says nothing is kept all the same and
told, so that somebody can tie it by a contact sheet. Nothing is followed out of the folder.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final

from sopaudit.evidence.archive import NotSoundError, archive
from sopaudit.evidence.photos import BYTES, HEAD, kind_of, taken_at
from sopaudit.evidence.record import Source
from sopaudit.problems import Place, Problem
from sopaudit.reading.folder import nameable
from sopaudit.sheets.blank import Blank
from sopaudit.sheets.filled import Filled, Shot, source_id
from sopaudit.sheets.photos.naming import Known, Tie, known_of, moment_in
from sopaudit.sheets.photos.tying import contact_named, read_contact

MOST: Final = 2_000
"""Photos that may come at once; a branch audit has some dozens."""

DEEP: Final = 8
"""Folders within folders that are looked into."""

_ENDINGS: Final = frozenset(
    {
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".webp",
        ".gif",
        ".heic",
        ".heif",
        ".hif",
        ".pdf",
        ".bmp",
        ".tif",
        ".tiff",
    }
)
"""What photos and papers are called, also those that are refused later with a reason."""

_LITTER: Final = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "@eadir"})
"""What systems leave in folders; so are names that begin with a dot."""

_NAMED: Final = 6
"""Photos that are told by name; of more the number is enough."""


def audit_named(path: Path) -> str | None:
    """Say which audit a file is for: of loose photos none; None where it is neither."""
    if path.is_dir():
        return ""
    named = contact_named(path)
    if named is not None:
        return named
    return "" if _photo(path) or _photos_packed(path) else None


def _photo(path: Path) -> bool:
    if path.suffix.casefold() in _ENDINGS:
        return True
    try:
        with path.open("rb") as file:
            return kind_of(file.read(HEAD)) not in {"", "svg"}
    except OSError:
        return False


def _photos_packed(path: Path) -> bool:
    """Say whether an archive holds photos and nothing else."""
    try:
        names = [name for name in archive(path).parts if not _litter(name)]
    except (NotSoundError, OSError):
        return False
    return bool(names) and all(PurePosixPath(n).suffix.casefold() in _ENDINGS for n in names)


def read(path: Path, blank: Blank, zone: tzinfo) -> tuple[Filled | None, list[Problem]]:
    """Read photos, or a contact sheet of them.

    `zone` has the clock of cameras and programs that tell no offset.
    """
    if path.is_file() and contact_named(path) is not None:
        return read_contact(path, blank)
    reading = _Reading(path, known_of(blank), zone)
    return reading.filled(), reading.problems


Content = Callable[[], bytes]


@dataclass
class _Reading:
    """Goes through one file or folder."""

    path: Path
    known: Known
    zone: tzinfo
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._shown = self.path.as_posix()
        self._loose: list[str] = []

    def filled(self) -> Filled | None:
        """Read it all; None where there is no photo."""
        shots: list[Shot] = []
        told = []
        for name, place, content in self._listed():
            try:
                held = content()
            except NotSoundError as no:
                self._problem(place, no.code, no.values)
                continue
            except OSError as error:
                self._problem(place, "T001", {"reason": error.strerror or type(error).__name__})
                continue
            told.append(f"{name}\t{sha256(held).hexdigest()}")
            shot = self._shot(name, place, content, held)
            if shot is not None:
                shots.append(shot)
        if not shots:
            if not self.problems:
                self._problem(self._shown, "F090")
            return None
        self._tell_loose()
        digest = sha256("\n".join(sorted(told)).encode()).hexdigest()
        name = self.path.resolve().name or self._shown
        source = Source(
            id=source_id(digest), channel="photos", file=name, digest=f"sha256:{digest}"
        )
        return Filled(source, "", shots=tuple(shots))

    def _problem(self, place: str, code: str, values: dict[str, str] | None = None) -> None:
        self.problems.append(Problem(Place(place), code, values or {}))

    def _listed(self) -> Iterator[tuple[str, str, Content]]:
        """List what is there: its name with the folders it lies in, its place, and its content."""
        if self.path.is_dir():
            yield from self._folder()
        elif kind_of(_head(self.path)) or self.path.suffix.casefold() in _ENDINGS:
            yield self.path.name, self._shown, partial(_content, self.path)
        else:
            yield from self._archive()

    def _folder(self) -> Iterator[tuple[str, str, Content]]:
        top = self.path.resolve().name
        for number, (name, file) in enumerate(self._files(self.path, "", 0)):
            if number == MOST:
                self._too_many()
                return
            yield f"{top}/{name}", file.as_posix(), partial(_content, file)

    def _files(self, folder: Path, above: str, depth: int) -> Iterator[tuple[str, Path]]:
        """List the files of a folder and those below; links are not followed."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._problem(folder.as_posix(), "T001", {"reason": reason})
            return
        for entry in entries:
            if _litter(entry.name):
                continue
            if not nameable(entry.name):
                told = {"name": entry.name}
                self._problem(Path(entry.path).as_posix(), "Y066", told)
            elif entry.is_symlink():
                self._problem(Path(entry.path).as_posix(), "F092")
            elif entry.is_dir(follow_symlinks=False):
                if depth + 1 < DEEP:
                    yield from self._files(Path(entry.path), f"{above}{entry.name}/", depth + 1)
                else:
                    self._problem(Path(entry.path).as_posix(), "F093", {"most": str(DEEP)})
            elif entry.is_file(follow_symlinks=False):
                yield f"{above}{entry.name}", Path(entry.path)

    def _archive(self) -> Iterator[tuple[str, str, Content]]:
        try:
            packed = archive(self.path)
        except NotSoundError as no:
            self._problem(self._shown, no.code, no.values)
            return
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._problem(self._shown, "T001", {"reason": reason})
            return
        names = sorted(name for name in packed.parts if not _litter(name))
        if len(names) > MOST:
            self._too_many()
        for name in names[:MOST]:
            # The archive itself may be called after an item, as a folder may.
            inner = f"{self.path.stem}/{name}"
            yield inner, f"{self._shown}[{name}]", partial(packed.read, name)

    def _too_many(self) -> None:
        self._problem(self._shown, "F091", {"most": str(MOST)})

    def _shot(self, name: str, place: str, content: Content, held: bytes) -> Shot | None:
        """Say what a file shows; None where it is no photo."""
        if kind_of(held) in {"", "svg"}:
            # A name that promises a photo is told by whoever keeps it: empty, broken, or no photo.
            file = PurePosixPath(name).name
            code = "F083" if not held else "F084" if kind_of(held) else "F080"
            self._problem(place, code, {"name": file})
            return None
        tie = self._tie(name)
        if tie.choices:
            told = {"name": PurePosixPath(name).name, "choices": ", ".join(tie.choices)}
            self._problem(place, "F094", told)
        elif not tie.item:
            self._loose.append(PurePosixPath(name).name)
        taken = taken_at(held, self.zone)
        at = taken or moment_in(name, self.zone)
        return Shot(
            name, content, Place(place), tie.checklist, tie.item, tie.case, at, taken is None
        )

    def _tie(self, name: str) -> Tie:
        """Say what a photo shows; one that came by itself may lie in a folder that says it."""
        tie = self.known.tie(name)
        if name != self.path.name or tie.item or tie.choices:
            return tie
        return self.known.tie(f"{self.path.resolve().parent.name}/{name}")

    def _tell_loose(self) -> None:
        """Tell in one sentence which photos nobody can tie to an item."""
        if self._loose:
            shown = ", ".join(self._loose[:_NAMED]) + (" …" if len(self._loose) > _NAMED else "")
            told = {"number": str(len(self._loose)), "names": shown}
            self._problem(self._shown, "F095", told)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def _content(path: Path) -> bytes:
    """Read a file, and no more of it than a photo may have; what is larger is refused by that."""
    with path.open("rb") as file:
        return file.read(BYTES + 1)


def _litter(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith(".") or part.casefold() in _LITTER for part in parts)
